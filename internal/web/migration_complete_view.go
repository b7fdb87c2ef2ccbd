package web

import (
	"slices"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/web/view"
)

func completePath(p *view.Page, m choicesModel, verb string) string {
	return p.At("/migrations/" + m.Connection.ID + "/complete" + verb)
}

// live keeps totals and warnings up to date while accounts are chosen, where scripts run. Fields that change neither are
// left alone: the form would be replaced under the mouse that goes from the field to the button.
func (m choicesModel) live(p *view.Page) templ.Attributes {
	return templ.Attributes{
		"hx-post": completePath(p, m, ""), "hx-trigger": "change from:(#choices select)", "hx-target": "#choices", "hx-select": "#choices", "hx-swap": "outerHTML",
		"hx-sync": "this:replace",
	}
}

// hidden carries the scope, the place, and what was chosen for customers on other pages.
func (m choicesModel) hidden() []view.Hidden {
	fields := append(hiddenScope(m.Scope), view.Hidden{Name: "after", Value: m.After})
	for _, place := range m.Trail {
		fields = append(fields, view.Hidden{Name: "trail", Value: place})
	}
	for id, account := range m.Choices.Own {
		if !slices.ContainsFunc(m.Rows, func(row app.ChoiceRow) bool { return row.ID == id }) {
			fields = append(fields, view.Hidden{Name: ownField + id, Value: account})
		}
	}
	return fields
}

func (m choicesModel) more() bool { return m.Next != (app.Cursor{}) }

// options are the accounts that can pay for a currency and product group, the legal entity beside the name.
func (m choicesModel) options(p *view.Page, currency money.Currency, group catalog.ProductGroup) []view.Option {
	var options []view.Option
	for _, a := range m.Accounts {
		if a.Fits(currency, group) {
			options = append(options, view.Option{Value: a.ID, Label: p.T("complete.account", "Name", a.Name, "Entity", a.LegalEntity)})
		}
	}
	return options
}

func groupSize(p *view.Page, g app.ChoiceGroup) string {
	return p.T("complete.of_customers", "Subscriptions", p.T("migrations.subscriptions_of", "Count", g.Subscriptions), "Customers", p.T("unification.customers", "Count", g.Customers))
}

// ownChoice is the account of one subscription that differs from its group's by choice: of this form, or stored before.
func (m choicesModel) ownChoice(row app.ChoiceRow) string {
	if own := m.Choices.Own[row.ID]; own != "" {
		return own
	}
	return row.AccountID
}

// asGroup names the choice of no account of its own; a subscription with a stored one has that until it is cleared.
func (m choicesModel) asGroup(p *view.Page, row app.ChoiceRow) string {
	if row.AccountID != "" && !m.lost(row) {
		return ""
	}
	return p.T("complete.as_group")
}

// lost reports whether the account that was stored or sent for a subscription cannot be chosen any more.
func (m choicesModel) lost(row app.ChoiceRow) bool {
	own := m.ownChoice(row)
	a, ok := m.account(own)
	return own != "" && (!ok || !a.Fits(row.Currency, row.Group))
}

// lostText says what takes the place of an account that was lost: its group's, if there is one.
func (m choicesModel) lostText(p *view.Page, row app.ChoiceRow) string {
	for i, g := range m.Groups {
		if a, ok := m.account(m.Suggested[i]); ok && g.Currency == row.Currency && g.Group == row.Group && g.LegalEntityID == row.LegalEntityID {
			return p.T("complete.not_usable_group", "Account", a.Name)
		}
	}
	return p.T("complete.not_usable")
}

// stored counts the subscriptions with an account stored before that is used.
func (m choicesModel) stored() int64 {
	n := int64(0)
	for _, g := range m.Groups {
		n += g.Chosen
	}
	return n
}

// rowTerms are a subscription's seats, its price, and the last day of its term.
func rowTerms(p *view.Page, row app.ChoiceRow) string {
	text := p.T("migrations.seats", "Count", row.Seats)
	if row.Price.Den == 1 {
		text = p.T("complete.price", "Seats", text, "Price", p.Money(row.Price.Num, string(row.Currency)))
	}
	if row.TermEnd != 0 {
		text = p.T("complete.term", "Terms", text, "Date", row.TermEnd-1)
	}
	if row.Channel == customer.Offline {
		text = p.T("complete.offline", "Terms", text, "Offline", p.T("channel.OFFLINE"))
	}
	return text
}
