package web

import (
	"cmp"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/web/view"
)

// seatsLead says from when more and fewer seats hold.
func seatsLead(p *view.Page, name string, l app.SubscriptionLine) string {
	kind := "FLEXIBLE"
	switch {
	case l.Channel == customer.Offline:
		kind = "OFFLINE"
	case l.Plan.Annual() && l.State != customer.SubTrial:
		kind = "annual"
	}
	return p.T("order_page.seats_lead_"+kind, "Customer", name, "Seats", l.Seats, "Date", l.TermEnd)
}

func seatsField(p *view.Page, l app.SubscriptionLine, typed string, bad refusal) view.Input {
	f := view.Input{
		Name: "seats", Type: view.NumberField, Label: p.T("order_page.seats_field"), Value: typed, Error: bad.Of("seats"), Required: true,
		Attrs: templ.Attributes{"min": 1, "max": cmp.Or(l.MaxSeats, customer.MostSeats), "inputmode": "numeric", "autocomplete": "off"},
	}
	switch {
	case l.RenewalSeats > 0:
		f.Hint = p.T("order_page.seats_planned", "Seats", l.RenewalSeats)
	case l.MaxSeats > 0:
		f.Hint = p.T("order_page.seats_cap", "Cap", l.MaxSeats)
	}
	return f
}

func renewalField(p *view.Page, chosen string, bad refusal) view.Input {
	f := view.Input{
		Name: "renewal", Type: view.RadioField, Label: p.T("order_page.renewal_field"), Value: chosen, Error: bad.Of("renewal"), Required: true,
	}
	for _, kind := range customer.RenewalKinds {
		f.Options = append(f.Options, view.Option{Value: string(kind), Label: p.T("renewal." + string(kind))})
	}
	return f
}

// fields are the fields of the form of a new subscription.
func (m buyModel) fields(p *view.Page, bad refusal) []view.Input {
	sku := view.Input{
		Name: "sku", Type: view.SelectField, Label: p.T("order_page.product"), Value: m.SKUID, Error: bad.Of("sku"), Required: true,
	}
	for _, s := range m.SKUs {
		sku.Options = append(sku.Options, view.Option{Value: s.ID, Label: s.Name})
	}
	account := view.Input{
		Name: "account", Type: view.SelectField, Label: p.T("order_page.account"), Value: m.AccountID, Error: bad.Of("account"), Required: true,
	}
	for _, a := range m.Accounts {
		account.Options = append(account.Options, view.Option{
			Value: a.ID, Label: a.Name + " · " + string(a.Currency) + " · " + a.Group.Name() + " · " + a.LegalEntity,
		})
	}
	if len(m.Accounts) == 1 {
		account.Value = m.Accounts[0].ID
	}
	plan := planField(p, cmp.Or(string(m.Plan), string(catalog.Flexible)), bad)
	renewal := renewalField(p, string(m.Renewal), bad)
	renewal.Type, renewal.Hint, renewal.Required, renewal.Optional = view.SelectField, p.T("order_page.renewal_hint"), false, true
	begin := view.Input{
		Name: "begin", Type: view.RadioField, Label: p.T("order_page.begin"), Value: cmp.Or(m.Begin, beginPaid), Error: bad.Of("trial"), Required: true,
	}
	for _, how := range []string{beginPaid, beginTrial, beginOffline} {
		begin.Options = append(begin.Options, view.Option{Value: how, Label: p.T("order_page.begin_" + how), Note: p.T("order_page.begin_" + how + "_note")})
	}
	whole := templ.Attributes{"min": 1, "max": customer.MostSeats, "inputmode": "numeric", "autocomplete": "off"}
	return []view.Input{
		sku, plan, begin,
		{Name: "seats", Type: view.NumberField, Label: p.T("order_page.seats_field"), Value: m.Seats, Error: bad.Of("seats"), Required: true, Attrs: whole},
		account, renewal,
		{Name: "max_seats", Type: view.NumberField, Label: p.T("order_page.max_seats"), Hint: p.T("order_page.max_seats_hint"), Value: m.MaxSeats, Error: bad.Of("max_seats"), Optional: true, Attrs: whole},
		{
			Name: "purchase_order", Label: p.T("order_page.purchase_order"), Hint: p.T("order_page.purchase_order_hint"), Value: m.PurchaseOrderID,
			Error: bad.Of("purchase_order"), Optional: true, Attrs: templ.Attributes{"maxlength": 100, "autocomplete": "off"},
		},
	}
}

// hidden are the fields that order what was quoted.
func (m buyModel) hidden() []view.Hidden {
	return []view.Hidden{
		{Name: "sku", Value: m.SKUID},
		{Name: "plan", Value: string(m.Plan)},
		{Name: "seats", Value: m.Seats},
		{Name: "max_seats", Value: m.MaxSeats},
		{Name: "account", Value: m.AccountID},
		{Name: "renewal", Value: string(m.Renewal)},
		{Name: "purchase_order", Value: m.PurchaseOrderID},
		{Name: "begin", Value: m.Begin},
		{Name: "key", Value: m.Key},
	}
}

// quoteRow is a line of what an order means.
type quoteRow struct{ Label, Value string }

// quoteRows say from when an order holds, and what it makes of the subscription.
func quoteRows(p *view.Page, q app.Quote) []quoteRow {
	rows := []quoteRow{{p.T(quoteDateLabel(q)), quoteDate(p, q)}}
	fresh := q.Was.ID == ""
	switch {
	case fresh:
		rows = append(
			rows, quoteRow{p.T("order_page.product"), q.SKU.Name}, quoteRow{p.T("quote.plan"), p.T("plan." + string(q.Now.Plan))},
			quoteRow{p.T("quote.seats"), p.Num(q.Now.Seats)}, quoteRow{p.T("quote.account"), q.Account.Name},
		)
	case q.Now.RenewalSeats > 0 && q.Now.RenewalSeats != q.Was.RenewalSeats:
		rows = append(rows, quoteRow{p.T("quote.seats"), seatsText(p, q.Was.Seats, q.Now.RenewalSeats)})
	default:
		rows = append(rows, quoteRow{p.T("quote.seats"), seatsText(p, q.Was.Seats, q.Now.Seats)})
	}
	if !fresh && q.To.ID != q.Was.SKUID {
		rows = append(rows, quoteRow{p.T("order_page.product"), q.SKU.Name + " → " + q.To.Name})
	}
	if !fresh && q.Now.Plan != q.Was.Plan {
		rows = append(rows, quoteRow{p.T("quote.plan"), p.T("plan."+string(q.Was.Plan)) + " → " + p.T("plan."+string(q.Now.Plan))})
	}
	if fresh && q.Now.TrialEnd != 0 {
		rows = append(rows, quoteRow{p.T("quote.trial"), p.T("quote.trial_until", "Date", q.Now.TrialEnd-1)})
	}
	if q.Now.State == customer.SubCancelled && billing.Committed(q.Was, q.Date) { // as only the operator can
		rows = append(rows, quoteRow{p.T("quote.term"), p.T("quote.ends_early", "Date", q.Was.TermEnd)})
	}
	if q.Now.TermEnd != q.Was.TermEnd && q.Now.TermEnd != 0 {
		rows = append(rows, quoteRow{p.T("quote.term"), term(p, q.Now)})
	}
	if q.Now.Renewal != q.Was.Renewal {
		rows = append(rows, quoteRow{p.T("quote.renewal"), p.T("renewal." + string(q.Now.Renewal))})
	}
	return rows
}

// quoteDateLabel names what quoteDate says.
func quoteDateLabel(q app.Quote) string {
	if q.Now.State == customer.SubCancelled {
		return "quote.last_day"
	}
	return "quote.date"
}

// quoteDate says from when an order holds.
func quoteDate(p *view.Page, q app.Quote) string {
	switch {
	case q.Waits():
		return p.T("quote.waits")
	case q.Was.ID != "" && q.Now.SKUID == q.Was.SKUID && q.Now.Plan == q.Was.Plan && (q.Now.RenewalSKUID != q.Was.RenewalSKUID || q.Now.Renewal != q.Was.Renewal || q.Now.RenewalSeats != q.Was.RenewalSeats && q.Now.Seats == q.Was.Seats):
		return p.T("quote.renewal_date", "Date", q.Now.TermEnd, "Zone", q.Zone)
	case q.Now.State == customer.SubCancelled:
		return p.T("quote.ends", "Date", q.Date, "Zone", q.Zone)
	case q.Now.Seats < q.Was.Seats:
		return p.T("quote.date_zone", "Date", q.Date+1, "Zone", q.Zone) // today's seats are billed
	default:
		return p.T("quote.date_zone", "Date", q.Date, "Zone", q.Zone)
	}
}

// seatsText writes a number of seats with how it came about: "50, added 12".
func seatsText(p *view.Page, before, after int64) string {
	switch {
	case after > before:
		return p.T("seats.added", "Seats", after, "Count", after-before)
	case after < before:
		return p.T("seats.removed", "Seats", after, "Count", before-after)
	default:
		return p.Num(after)
	}
}

// monthText says what a month's invoice bears without and with an order.
func monthText(p *view.Page, q app.Quote, m app.MonthQuote) string {
	currency := string(q.Now.Currency)
	change := p.Money(m.With-m.Without, currency)
	switch {
	case m.With == m.Without:
		return p.T("quote.same", "With", p.Money(m.With, currency))
	case m.With > m.Without:
		change = "+" + change
	}
	return p.T("quote.changes", "Without", p.Money(m.Without, currency), "With", p.Money(m.With, currency), "Change", change)
}
