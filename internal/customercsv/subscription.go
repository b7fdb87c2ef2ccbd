package customercsv

import (
	"cmp"
	"slices"
	"strings"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
)

func (r *row) subscription() customer.Subscription {
	s := customer.Subscription{
		ExternalID:       r.text("subscription_external_id"),
		Plan:             catalog.Plan(r.word("plan")),
		State:            customer.SubscriptionState(cmp.Or(r.word("status"), string(customer.SubActive))),
		SuspensionReason: customer.SuspensionReason(r.word("suspension_reason")),
		Channel:          customer.Channel(cmp.Or(r.word("channel"), string(customer.Online))),
		Seats:            r.seats("num_units"),
		MaxSeats:         r.seats("max_units"),
		PurchaseOrderID:  r.text("purchase_order_id"),
		Renewal:          customer.RenewalKind(r.word("renewal_settings")),
		StartDate:        r.date("start_date"),
		TermStart:        r.date("term_start"),
		TermEnd:          r.date("term_end"),
		TrialEnd:         r.date("trial_end"),
	}
	oneOf(r, "plan", s.Plan, catalog.Plans)
	oneOf(r, "status", s.State, []customer.SubscriptionState{
		customer.SubActive, customer.SubSuspended, customer.SubTrial, customer.SubCancelled,
	})
	oneOf(r, "channel", s.Channel, []customer.Channel{customer.Online, customer.Offline})
	r.suspension(s)
	r.term(s)
	if s.MaxSeats != 0 && s.Plan.Annual() {
		r.fail("max_units", "import.max_units.annual", nil)
	}
	if s.MaxSeats != 0 && s.MaxSeats < s.Seats {
		r.fail("max_units", "import.max_units.less", fault.Args{"Seats": s.Seats})
	}
	r.whatAndWhere(&s)
	return s
}

// namesake reports a subscription of the customer that stood in the file before, and returns whether another customer's of
// the same name did.
func (r *row) namesake(domain, externalID string) bool {
	if externalID == "" {
		return false // reported already
	}
	line, again, namesake := r.seen.subscription(domain, externalID, r.line)
	if again {
		r.fail("subscription_external_id", "import.subscription.duplicate", fault.Args{"Value": externalID, "Line": line})
	}
	return namesake
}

// oneOf reports a word that is none of those the column knows; an empty required cell is reported already.
func oneOf[T ~string](r *row, column string, word T, words []T) {
	if word != "" && !slices.Contains(words, word) {
		r.fail(column, "import.choice", fault.Args{"Value": clip(string(word)), "Choices": joined(words)})
	}
}

func joined[T ~string](words []T) string {
	plain := make([]string, len(words))
	for i, w := range words {
		plain[i] = string(w)
	}
	return strings.Join(plain, ", ")
}

// suspension checks that a reason stands exactly where a suspension is, and a trial's end where a trial is.
func (r *row) suspension(s customer.Subscription) {
	reasons := []customer.SuspensionReason{
		customer.SuspendedByReseller, customer.SuspendedByVendor, customer.SuspendedTrialEnded,
	}
	oneOf(r, "suspension_reason", s.SuspensionReason, reasons)
	switch suspended := s.State == customer.SubSuspended; {
	case suspended && s.SuspensionReason == "":
		r.fail("suspension_reason", "import.suspension.missing", fault.Args{"Choices": joined(reasons)})
	case !suspended && s.SuspensionReason != "":
		r.fail("suspension_reason", "import.suspension.unexpected", nil)
	}
	switch {
	case s.State == customer.SubTrial && s.TrialEnd == 0:
		r.fail("trial_end", "import.trial.missing", nil)
	case s.TrialEnd != 0 && s.TrialEnd <= s.StartDate:
		r.fail("trial_end", "import.trial.order", nil)
	case s.State == customer.SubTrial && s.TermEnd != 0 && (s.TrialEnd < s.TermStart || s.TrialEnd >= s.TermEnd):
		r.fail("trial_end", "import.trial.term", nil) // what is bought at its end is the rest of the term
	}
}

// mostYears is how long a term may be: what is left of a lot is reckoned exactly on each of its days.
const mostYears = 10

// term checks that an annual plan has a term and says what happens at its end, and that a flexible one does not.
func (r *row) term(s customer.Subscription) {
	kinds := []customer.RenewalKind{
		customer.RenewYearly, customer.RenewMonthly, customer.RenewFlexible, customer.RenewCancel,
	}
	oneOf(r, "renewal_settings", s.Renewal, kinds)
	for _, column := range []string{"term_start", "term_end", "renewal_settings"} {
		filled := strings.TrimSpace(r.cells[column].text) != ""
		switch {
		case s.Plan.Annual() && !filled:
			r.fail(column, "import.term.missing", nil)
		case s.Plan == catalog.Flexible && filled:
			r.fail(column, "import.term.flexible", nil)
		}
	}
	if s.TermStart != 0 && s.TermEnd != 0 && s.TermEnd <= s.TermStart {
		r.fail("term_end", "import.term.order", nil)
	}
	if s.TermStart != 0 && s.TermEnd > s.TermStart.AddMonths(12*mostYears) {
		r.fail("term_end", "import.term.long", fault.Args{"Years": mostYears})
	}
	if s.TermStart != 0 && s.StartDate > s.TermStart {
		r.fail("term_start", "import.term.start", nil)
	}
}

// whatAndWhere fills in what is sold, at which price, and the account that pays.
func (r *row) whatAndWhere(s *customer.Subscription) {
	s.SKUID = r.text("sku_id")
	sku, known := r.ref.SKUs[s.SKUID]
	if s.Group = sku.Group; s.SKUID != "" && !known {
		r.failValue("sku_id", "import.sku", s.SKUID)
	}
	s.Currency = money.Currency(r.word("currency"))
	if s.Currency != "" && !s.Currency.Valid() {
		r.failValue("currency", "import.currency", string(s.Currency))
	}
	if s.Currency.Valid() {
		s.Price = r.unitPrice(*s)
	}
	if billing.TooDear(*s) {
		r.fail("unit_price", "import.price.too_dear", nil)
	}
	s.BillingAccountID = r.text("billing_account_id")
	if s.BillingAccountID != "" && known && s.Currency.Valid() {
		r.account(*s)
	}
}

// unitPrice is the row's own price or, without one, the catalogue's.
func (r *row) unitPrice(s customer.Subscription) money.Price {
	if typed := r.word("unit_price"); typed != "" {
		return r.price("unit_price", typed, s.Currency)
	}
	price, ok := r.ref.Prices[Offer{SKUID: s.SKUID, Plan: s.Plan, Currency: s.Currency}]
	if _, known := r.ref.SKUs[s.SKUID]; !ok && known && s.Plan.Valid() {
		r.fail("unit_price", "import.price.no_offer", fault.Args{
			"SKU": s.SKUID, "Plan": string(s.Plan), "Currency": string(s.Currency),
		})
	}
	return price
}

// account checks that the account is the console's, fits, and can pay. One on probation keeps what it has
// (spec M3), and an import states what is: it is taken. What has ended may have ended with its account. A foreign account
// and an unknown one are one answer.
func (r *row) account(s customer.Subscription) {
	const column = "billing_account_id"
	a, known := r.ref.Accounts[s.BillingAccountID]
	switch {
	case !known:
		r.failValue(column, "import.account.unknown", s.BillingAccountID)
	case a.Currency != s.Currency:
		r.fail(column, "import.account.currency", fault.Args{
			"Account": a.Name, "AccountCurrency": string(a.Currency), "Currency": string(s.Currency),
		})
	case a.Group != s.Group:
		r.fail(column, "import.account.group", fault.Args{
			"Account": a.Name, "AccountGroup": string(a.Group), "Group": string(s.Group),
		})
	case !a.State.Pays() && s.State != customer.SubCancelled:
		r.fail(column, "import.account.state", fault.Args{"Account": a.Name, "State": string(a.State)})
	}
}
