package cli

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/money"
)

type customerJSON struct {
	ID             string         `json:"id"`
	Domain         string         `json:"domain"`
	Name           string         `json:"name"`
	State          customer.State `json:"state"`
	ContactName    string         `json:"primary_contact_name,omitempty"`
	ContactEmail   string         `json:"primary_contact_email,omitempty"`
	AlternateEmail string         `json:"alternate_email,omitempty"`
	Country        string         `json:"region_code,omitempty"`
	CRMID          string         `json:"crm_id,omitempty"`
	TOSAcceptedAt  time.Time      `json:"tos_accepted_at,omitzero"`
	CreatedAt      time.Time      `json:"created_at"`
	MigrationID    string         `json:"migration_id,omitempty"` // the open one, or the one that moved it
	MovedAt        time.Time      `json:"moved_at,omitzero"`
	Subscriptions  int            `json:"subscription_count"` // that have not ended
	Seats          int64          `json:"num_units"`          // of these
	NextRenewal    string         `json:"next_renewal,omitempty"`
}

func newCustomerJSON(c customer.Customer, subscriptions int) customerJSON {
	return customerJSON{
		c.ID, c.Domain, c.Name, c.State, c.ContactName, c.ContactEmail, c.AlternateEmail, c.Country, c.CRMID, c.TOSAcceptedAt, c.CreatedAt,
		cmp.Or(c.MigrationID, c.MovedBy), c.MovedAt, subscriptions, c.Seats, nextRenewal(c),
	}
}

// nextRenewal is the nearest end of a term; empty: there is none.
func nextRenewal(c customer.Customer) string {
	if c.NextRenewal == civil.Forever {
		return ""
	}
	return isoDate(c.NextRenewal)
}

type subscriptionJSON struct {
	ID               string                     `json:"id"`
	ExternalID       string                     `json:"external_id,omitempty"`
	SKUID            string                     `json:"sku_id"`
	SKU              string                     `json:"sku_name"`
	Plan             catalog.Plan               `json:"plan"`
	State            customer.SubscriptionState `json:"status"`
	SuspensionReason customer.SuspensionReason  `json:"suspension_reason,omitempty"`
	Channel          customer.Channel           `json:"channel"`
	Seats            int64                      `json:"num_units"`
	Currency         money.Currency             `json:"currency"`
	UnitPrice        string                     `json:"unit_price_minor"` // minor units, or a fraction such as 16320/12
	BillingAccountID string                     `json:"billing_account_id"`
	PurchaseOrderID  string                     `json:"purchase_order_id,omitempty"`
	Renewal          customer.RenewalKind       `json:"renewal_settings,omitempty"`
	RenewalSeats     int64                      `json:"renewal_num_units,omitempty"`
	RenewalSKUID     string                     `json:"renewal_sku_id,omitempty"`
	StartDate        string                     `json:"start_date"`
	TermEnd          string                     `json:"term_end,omitempty"`
}

func newSubscriptionJSON(l app.SubscriptionLine) subscriptionJSON {
	return subscriptionJSON{
		l.ID, l.ExternalID, l.SKUID, l.SKU.Name, l.Plan, l.State, l.SuspensionReason, l.Channel, l.Seats, l.Currency,
		l.Price.String(), l.BillingAccountID, l.PurchaseOrderID, l.Renewal, l.RenewalSeats, l.RenewalSKUID, isoDate(l.StartDate), isoDate(l.TermEnd),
	}
}

type customerRecordJSON struct {
	customerJSON

	MovedTo       string             `json:"moved_to,omitempty"`
	BillingDate   string             `json:"moved_billing_date,omitempty"`
	Subscriptions []subscriptionJSON `json:"subscriptions"`
	Orders        []orderJSON        `json:"orders"`
	Earlier       []orderJSON        `json:"earlier_orders,omitempty"` // from where it came, if that console shares them
}

func customerCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"customer",
		listCustomers(t), createCustomer(t), editCustomer(t),
		ofCustomer(t, "show", showCustomer), ofCustomer(t, "check", checkCustomer),
		ofCustomer(t, "accept-tos", acceptTOS), ofCustomer(t, "delete", deleteCustomer),
		transferOutCommand(t), ofCustomer(t, "transfer-token", createTransferToken), takeOverCommand(t),
		ofCustomer(t, "transfer-tokens", listTransferTokens), revokeTransferToken(t),
		suspension(t, "customer", "suspend SUBSCRIPTION_ID", (*app.App).SuspendSubscription, (*app.App).VendorSuspend, "cli.customer.suspended"),
		suspension(t, "customer", "reactivate SUBSCRIPTION_ID", (*app.App).ReactivateSubscription, (*app.App).LiftVendorSuspension, "cli.customer.reactivated"),
	)
}

// ofCustomer returns a verb that is about one customer, named by ID or, as people know it, by domain.
func ofCustomer(t *Terminal, name string, run func(ctx context.Context, s *session, id string) error) *cobra.Command {
	return t.verb("customer", name+" ID|DOMAIN", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id := args[0]
		if strings.Contains(id, ".") { // which no ID does
			c, err := s.CustomerOfDomain(ctx, s.actor, id)
			if err != nil {
				return err
			}
			id = c.ID
		}
		return run(ctx, s, id)
	})
}

func showCustomer(ctx context.Context, s *session, id string) error {
	r, err := s.Customer(ctx, s.actor, id)
	if err != nil {
		return err
	}
	out := customerRecordJSON{
		customerJSON:  newCustomerJSON(r.Customer, len(r.Subscriptions)),
		Subscriptions: collected(r.Subscriptions, newSubscriptionJSON), Orders: collected(r.Orders, newOrderJSON),
	}
	earlier, err := s.EarlierOrders(ctx, s.actor, id, defaultLimit)
	if err != nil {
		return err
	}
	if len(earlier) > 0 {
		out.Earlier = collected(earlier, newOrderJSON)
	}
	if r.Move != nil {
		out.MovedTo, out.BillingDate = r.Move.Console, isoDate(r.Move.BillingDate)
	}
	if s.JSON || s.Quiet {
		return s.Result(out, r.Customer.ID, "")
	}
	s.showCustomer(r, out)
	return nil
}

func (s *session) showCustomer(r app.CustomerRecord, out customerRecordJSON) {
	c := r.Customer
	s.record(
		"ident", c.ID, "name", c.Name, "domain", c.Domain, "state", word(s.Terminal, "customer_state", c.State), "contact", c.ContactName,
		"email", c.ContactEmail, "country", c.Country, "crm_id", c.CRMID, "tos", s.when(c.TOSAcceptedAt),
		"created", s.when(c.CreatedAt), "migration_id", out.MigrationID, "moved", s.when(c.MovedAt), "moved_to", out.MovedTo,
	)
	tab := table{columns: []string{"subscription_id", "name", "plan", "state", "seats", "unit_price", "billing_account"}}
	for _, l := range r.Subscriptions {
		price := s.Say.Money(l.Price.Num, string(l.Currency))
		if l.Price.Den > 1 {
			price += "/" + strconv.FormatInt(l.Price.Den, 10)
		}
		tab.add(l.ID, l.SKU.Name, word(s.Terminal, "plan", l.Plan), word(s.Terminal, "subscription_state", l.State), s.Say.Num(l.Seats), price, l.Account.Name)
	}
	if len(tab.rows) > 0 {
		s.lines(tab)
	}
	if len(out.Orders) > 0 {
		s.lines(s.orders(out.Orders))
	}
}

type readinessJSON struct {
	CustomerID string        `json:"customer_id"`
	Ready      bool          `json:"ready"`
	At         time.Time     `json:"evaluated_at"`
	Findings   []findingJSON `json:"findings"`
}

type findingJSON struct {
	Code         migration.Code       `json:"code"`
	Message      string               `json:"message"`
	Clearer      migration.Clearer    `json:"who_can_act"`
	SKUID        string               `json:"sku_id,omitempty"`
	Currency     money.Currency       `json:"currency,omitempty"`
	ProductGroup catalog.ProductGroup `json:"product_group,omitempty"`
}

func checkCustomer(ctx context.Context, s *session, id string) error {
	r, err := s.CheckCustomer(ctx, s.actor, id)
	if err != nil {
		return err
	}
	out := readinessJSON{CustomerID: id, Ready: len(r.Findings) == 0, At: r.At, Findings: []findingJSON{}}
	lines := []string{s.Say.T("cli.customer.not_ready")}
	for _, f := range r.Findings {
		message := s.Say.T("readiness.long."+string(f.Code), "SKU", f.SKUID, "Currency", string(f.Currency), "Group", f.Group.Name())
		out.Findings = append(out.Findings, findingJSON{f.Code, message, f.Code.Clearer(), f.SKUID, f.Currency, f.Group})
		lines = append(lines, "- "+message+" "+s.Say.T("readiness.who."+string(f.Code.Clearer())))
	}
	if out.Ready {
		lines = []string{s.Say.T("cli.customer.ready")}
	}
	return s.Result(out, id, strings.Join(lines, "\n"))
}

func deleteCustomer(ctx context.Context, s *session, id string) error {
	if err := s.DeleteCustomer(ctx, s.actor, id); err != nil {
		return err
	}
	return s.said(id, "cli.customer.deleted")
}

func acceptTOS(ctx context.Context, s *session, id string) error {
	if err := s.RecordTOS(ctx, s.actor, id); err != nil {
		return err
	}
	return s.said(id, "cli.customer.tos_accepted")
}
