package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

type priceJSON struct {
	SKU      string         `json:"sku_id"`
	Plan     catalog.Plan   `json:"plan"`
	Currency money.Currency `json:"currency"`
	From     string         `json:"from"`
	Price    string         `json:"price"`
}

func newPriceJSON(s catalog.Step) priceJSON {
	return priceJSON{s.SKUID, s.Plan, s.Currency, s.From.String(), s.Price.In(s.Currency)}
}

type priceEffectJSON struct {
	priceJSON

	Was           string `json:"was"`
	AtRenewal     bool   `json:"at_renewal"`
	Subscriptions int64  `json:"subscriptions"`
	Consoles      int64  `json:"consoles"`
	DryRun        bool   `json:"dry_run"`
}

func priceCommand(t *Terminal) *cobra.Command {
	return t.slice("price", t.verb("price", "list", outside, cobra.NoArgs, listPrices), setPrice(t))
}

func listPrices(ctx context.Context, s *session, _ []string) error {
	list, err := s.PriceSteps(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"sku_id", "plan", "currency", "from", "unit_price"}}
	for _, p := range list {
		tab.add(p.SKUID, word(s.Terminal, "plan", p.Plan), string(p.Currency), s.date(p.From), p.Price.In(p.Currency))
	}
	return s.Table(collected(list, newPriceJSON), tab)
}

// setPrice tells whom a new price concerns, and sets it unless it is only to be tried.
func setPrice(t *Terminal) *cobra.Command {
	var from string
	var dry bool
	cmd := t.verb("price", "set SKU_ID PLAN CURRENCY PRICE", outside, cobra.ExactArgs(4), func(ctx context.Context, s *session, args []string) error {
		step, err := readPrice(args, from)
		if err != nil {
			return err
		}
		do, said := s.SetPrice, "cli.price.done"
		if dry {
			do, said = s.PreviewPrice, "cli.price.dry"
		}
		e, err := do(ctx, s.actor, step)
		if err != nil {
			return err
		}
		when := "cli.price.at_once"
		if e.AtRenewal() {
			when = "cli.price.at_renewal"
		}
		return s.Write(priceEffectJSON{newPriceJSON(e.Step), e.Was.In(e.Currency), e.AtRenewal(), e.Subscriptions, e.Consoles, dry},
			s.Say.T(said, "SKU", e.SKUID, "Plan", string(e.Plan), "Date", e.From, "Price", e.Price.In(e.Currency), "Was", e.Was.In(e.Currency),
				"Currency", string(e.Currency)),
			s.Say.T(when, "Count", e.Subscriptions, "Consoles", e.Consoles))
	})
	t.text(cmd, &from, "from", "")
	t.yes(cmd, &dry, "dry-run")
	return cmd
}

// readPrice reads the arguments of a new price.
func readPrice(args []string, from string) (s catalog.Step, err error) {
	s.SKUID, s.Plan, s.Currency = args[0], catalog.Plan(args[1]), money.Currency(args[2])
	if !s.Currency.Valid() {
		return s, fault.InvalidField("currency", "catalog.currency", fault.Args{"Value": args[2]})
	}
	if s.Price, err = money.ParsePrice(args[3], s.Currency); errors.Is(err, money.ErrDecimals) {
		return s, fault.InvalidField("price", "catalog.decimals", fault.Args{"Value": args[3], "Currency": args[2]})
	} else if err != nil {
		return s, fault.InvalidField("price", "catalog.price", fault.Args{"Value": args[3]})
	}
	if s.From, err = civil.Parse(from); err != nil {
		return s, fault.InvalidField("from", "cli.date", fault.Args{"Value": from})
	}
	return s, nil
}
