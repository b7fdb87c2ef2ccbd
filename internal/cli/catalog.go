package cli

import (
	"context"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/catalogfile"
	"psc/internal/money"
)

func catalogCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"catalog",
		t.verb("catalog", "list", outside, cobra.NoArgs, listCatalog),
		loadCatalog(t),
		priceCommand(t),
	)
}

func listCatalog(ctx context.Context, s *session, _ []string) error {
	items, err := s.Catalog(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"sku_id", "product", "name", "product_group", "offers"}}
	for _, item := range items {
		tab.add(item.ID, item.Product, item.Name, string(item.Group), strconv.Itoa(len(item.Offers)))
	}
	return s.Table(catalogfile.Of(items), tab)
}

type catalogChangeJSON struct {
	New     []string          `json:"new_skus"`
	Changed []string          `json:"changed_skus"`
	Same    int               `json:"same_skus"`
	Prices  []priceChangeJSON `json:"prices"`
}

type priceChangeJSON struct {
	SKU      string         `json:"sku_id"`
	Plan     catalog.Plan   `json:"plan"`
	Currency money.Currency `json:"currency"`
	Was      string         `json:"was,omitempty"`
	Price    string         `json:"price"`
}

func newCatalogChangeJSON(c app.CatalogChange) catalogChangeJSON {
	id := func(s catalog.SKU) string { return s.ID }
	return catalogChangeJSON{collected(c.New, id), collected(c.Changed, id), c.Same, collected(c.Prices, func(p app.PriceChange) priceChangeJSON {
		j := priceChangeJSON{SKU: p.SKUID, Plan: p.Plan, Currency: p.Currency, Price: p.Price.In(p.Currency)}
		if !p.New {
			j.Was = p.Was.In(p.Currency)
		}
		return j
	})}
}

// loadCatalog lists everything that is wrong in the file, in its form and in what it says, and loads it unless it is only to be tried.
func loadCatalog(t *Terminal) *cobra.Command {
	var dry bool
	cmd := t.verb("catalog", "load FILE", outside, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		text, err := os.ReadFile(args[0])
		if err != nil {
			return unusable(err)
		}
		items, wrong, err := catalogfile.Read(text)
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			return app.InvalidCatalog(slices.Concat(wrong, catalog.Check(items)))
		}
		if dry {
			c, err := s.PreviewCatalog(ctx, s.actor, items)
			if err != nil {
				return err
			}
			return s.Write(newCatalogChangeJSON(c), s.Say.T("cli.catalog.dry", "New", len(c.New), "Changed", len(c.Changed), "Same", c.Same, "Prices", len(c.Prices)))
		}
		if err := s.LoadCatalog(ctx, s.actor, items); err != nil {
			return err
		}
		return s.Result(map[string]int{"skus": len(items)}, args[0], s.Say.T("cli.catalog.loaded", "Count", len(items)))
	})
	t.yes(cmd, &dry, "dry-run")
	return cmd
}
