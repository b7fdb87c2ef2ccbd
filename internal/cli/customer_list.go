package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
)

// customerRowJSON is a customer as a list has it.
type customerRowJSON struct {
	customerJSON

	Products   []string                     `json:"products"`
	States     []customer.SubscriptionState `json:"subscription_states"`
	MaxSeats   int64                        `json:"max_units,omitempty"` // of all; 0: there is no cap
	Currencies []money.Currency             `json:"currencies"`
}

// customerCells are the columns of the list after the ID, by their names.
var customerCells = map[string]func(*Terminal, customerRowJSON) string{
	"name":          func(_ *Terminal, c customerRowJSON) string { return c.Name },
	"domain":        func(_ *Terminal, c customerRowJSON) string { return c.Domain },
	"state":         func(t *Terminal, c customerRowJSON) string { return word(t, "customer_state", c.State) },
	"contact":       func(_ *Terminal, c customerRowJSON) string { return c.ContactName },
	"products":      func(_ *Terminal, c customerRowJSON) string { return strings.Join(c.Products, ", ") },
	"subscriptions": func(_ *Terminal, c customerRowJSON) string { return strconv.Itoa(c.Subscriptions) },
	"seats":         func(_ *Terminal, c customerRowJSON) string { return strconv.FormatInt(c.Seats, 10) },
	"max_seats":     func(_ *Terminal, c customerRowJSON) string { return strconv.FormatInt(c.MaxSeats, 10) },
	"renewal":       func(_ *Terminal, c customerRowJSON) string { return c.NextRenewal },
	"currencies":    func(_ *Terminal, c customerRowJSON) string { return strings.Join(texts(c.Currencies), ", ") },
	"created":       func(_ *Terminal, c customerRowJSON) string { return c.CreatedAt.Format("2006-01-02") },
	"migration_id":  func(_ *Terminal, c customerRowJSON) string { return c.MigrationID },
}

// usualCells are the columns of the list if none are named.
const usualCells = "name,domain,state,subscriptions,seats,renewal,migration_id"

func texts[T ~string](list []T) []string {
	return collected(list, func(v T) string { return string(v) })
}

// listCustomers lists the customers of a console that its flags ask for.
func listCustomers(t *Terminal) *cobra.Command {
	var state, search, sku, plan, status, reason, currency, migrating, sort, columns, termsFrom, termsTo string
	var limit, renews, from, to int64
	var asCSV bool
	cmd := t.verb("customer", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		key, down := strings.CutPrefix(sort, "-")
		q := app.CustomerQuery{CustomerFilter: app.CustomerFilter{
			State: customer.State(state), Search: search, SKUID: sku, Plan: catalog.Plan(plan), Status: customer.SubscriptionState(status),
			Reason: customer.SuspensionReason(reason), Currency: money.Currency(strings.ToUpper(currency)), SeatsFrom: from, SeatsTo: to,
			Migration: app.MigrationPlace(migrating),
		}, RenewsWithin: renews, Order: app.CustomerOrder{Key: app.CustomerKey(key), Down: down}}
		for _, day := range []struct {
			flag, typed string
			set         *civil.Date
		}{{"terms-from", termsFrom, &q.TermsFrom}, {"terms-to", termsTo, &q.TermsTo}} {
			var err error
			if *day.set, err = civil.Parse(day.typed); day.typed != "" && err != nil {
				return fault.InvalidField(day.flag, "cli.date", fault.Args{"Value": day.typed})
			}
		}
		if asCSV {
			return s.ExportCustomerList(ctx, s.actor, q, t.Out)
		}
		names := strings.Split(columns, ",")
		for _, name := range names {
			if customerCells[name] == nil {
				return fault.InvalidField("columns", "cli.customer.column", fault.Args{"Value": name})
			}
		}
		list, more, err := s.listCustomers(ctx, q, limit)
		if err != nil {
			return err
		}
		s.more(more)
		tab := table{columns: append([]string{"ident"}, names...)}
		for _, c := range list {
			cells := []string{c.ID}
			for _, name := range names {
				cells = append(cells, customerCells[name](s.Terminal, c))
			}
			tab.add(cells...)
		}
		return s.Table(list, tab)
	})
	t.text(cmd, &state, "state", string(customer.Live))
	t.text(cmd, &search, "search", "")
	t.text(cmd, &sku, "sku", "")
	t.text(cmd, &plan, "plan", "")
	t.text(cmd, &status, "status", "")
	t.text(cmd, &reason, "suspension", "")
	t.text(cmd, &currency, "currency", "")
	t.number(cmd, &renews, "renews-within", 0)
	t.text(cmd, &termsFrom, "terms-from", "")
	t.text(cmd, &termsTo, "terms-to", "")
	t.number(cmd, &from, "seats-from", 0)
	t.number(cmd, &to, "seats-to", 0)
	t.text(cmd, &migrating, "readiness", "")
	t.text(cmd, &sort, "sort", string(app.ByName))
	t.text(cmd, &columns, "columns", usualCells)
	t.number(cmd, &limit, "limit", defaultLimit)
	t.yes(cmd, &asCSV, "csv")
	return cmd
}

// listCustomers returns up to limit customers, and whether there are more.
func (s *session) listCustomers(ctx context.Context, q app.CustomerQuery, limit int64) ([]customerRowJSON, bool, error) {
	list := []customerRowJSON{}
	for {
		q.Page.Limit = int(min(limit-int64(len(list)), pageOf))
		p, err := s.Customers(ctx, s.actor, q)
		if err != nil {
			return nil, false, err
		}
		for _, c := range p.Rows {
			m := p.Summaries[c.ID]
			list = append(list, customerRowJSON{
				newCustomerJSON(c, m.Subscriptions), slices.Concat([]string{}, m.Products),
				slices.Concat([]customer.SubscriptionState{}, m.States), m.Cap, slices.Concat([]money.Currency{}, m.Currencies),
			})
		}
		if !p.HasNext || int64(len(list)) >= limit {
			return list, p.HasNext, nil
		}
		q.Page.After = q.Order.Place(p.Rows[len(p.Rows)-1])
	}
}
