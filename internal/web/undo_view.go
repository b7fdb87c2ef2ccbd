package web

import (
	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/support"
	"psc/internal/web/view"
)

func (m undoModel) facts(p *view.Page) []view.Fact {
	then := ""
	if m.Decision == support.Approved {
		then = "_then"
	}
	return []view.Fact{
		{Label: p.T("case_page.customer"), Value: view.NameLink("/c/"+string(m.Holder.AccountID)+"/customers/"+m.Answers.CustomerID, m.Answers.CustomerName, m.Answers.Domain)},
		{Label: p.T("undo_page.holder" + then), Value: view.Words(m.Holder.Name, string(m.Holder.AccountID))},
		{Label: p.T("undo_page.receiver" + then), Value: view.Words(m.Receiver.Name, string(m.Receiver.AccountID))},
		{Label: p.T("undo_page.moved_on"), Value: view.Words(p.Date(m.Answers.BillingDate), p.T("zone.billing", "Zone", p.BillingZone))},
		{Label: p.T("undo_page.asked_by"), Value: view.Words(m.asker(), m.Case.OpenedBy)},
	}
}

// asker is the console that asks.
func (m undoModel) asker() string {
	if m.ConsoleID == m.Holder.ID {
		return m.Holder.Name
	}
	return m.Receiver.Name
}

func undoMoney(p *view.Page, minor int64, currency money.Currency) templ.Component {
	return view.Words(p.Money(minor, string(currency)), "")
}

// amountColumns are those of what both consoles' invoices would be.
func (m undoModel) amountColumns(p *view.Page, first view.Column) []view.Column {
	return []view.Column{
		first,
		{Kind: view.NumColumn, Label: p.T("undo_page.without", "Console", m.Holder.Name)},
		{Kind: view.NumColumn, Label: p.T("undo_page.with", "Console", m.Holder.Name)},
		{Kind: view.NumColumn, Label: p.T("undo_page.more", "Console", m.Receiver.Name)},
	}
}

func amounts(p *view.Page, e app.Effect) []templ.Component {
	return []templ.Component{
		undoMoney(p, e.SourceWithout, e.Currency), undoMoney(p, e.SourceWith, e.Currency), undoMoney(p, e.MainWith, e.Currency),
	}
}

func (m undoModel) totalTable(p *view.Page) view.Table {
	t := view.Table{ID: "total", Caption: p.T("undo_page.money")}
	t.Columns = m.amountColumns(p, view.Column{Kind: view.NameColumn, Label: p.T("billing_page.currency")})
	for _, e := range m.Totals {
		cells := append([]templ.Component{view.Words(string(e.Currency), p.T("migrations.subscriptions_of", "Count", e.Subscriptions))}, amounts(p, e)...)
		t.Rows = append(t.Rows, view.Row{ID: string(e.Currency), Cells: cells})
	}
	return t
}

func (m undoModel) effectTable(p *view.Page) view.Table {
	t := view.Table{ID: "effect", Caption: p.T("preview.each")}
	t.Columns = m.amountColumns(p, view.Column{Kind: view.NameColumn, Label: p.T("preview.subscription")})
	for _, e := range m.Effects {
		cells := append([]templ.Component{view.Words(e.SKUName, p.T("plan."+string(e.Plan)))}, amounts(p, e.Effect)...)
		t.Rows = append(t.Rows, view.Row{ID: e.SubscriptionID, Cells: cells})
	}
	return t
}

// accountField chooses what pays for a subscription that goes back.
func (m undoModel) accountField(p *view.Page, r app.UndoRow) view.Input {
	name := accountPrefix + r.ID
	f := view.Input{
		Name: name, Type: view.SelectField, Label: p.T("undo_page.account_of", "SKU", r.SKU.Name, "Seats", r.Seats),
		Value: r.Chosen.ID, Error: m.Of(name), Required: true, Hint: p.T("undo_page.present", "Account", r.Account.Name, "Entity", r.Account.LegalEntity),
	}
	if r.Since {
		f.Hint += " " + p.T("undo_page.since")
	}
	if r.Changes() {
		f.Hint += " " + p.T("undo_page.entity_changes", "From", r.Account.LegalEntity, "To", r.Chosen.LegalEntity)
	}
	for _, a := range r.Fitting {
		label := p.T("undo_page.account", "Account", a.Name, "Entity", a.LegalEntity)
		if a.ID == r.Former.ID {
			label = p.T("undo_page.former", "Account", a.Name, "Entity", a.LegalEntity)
		}
		f.Options = append(f.Options, view.Option{Value: a.ID, Label: label})
	}
	return f
}

func consents(p *view.Page) (options []view.Option) {
	for _, c := range support.Consents {
		options = append(options, view.Option{Value: string(c), Label: p.T("undo_consent." + string(c))})
	}
	return options
}

// decision says what was decided.
func (m undoModel) decision(p *view.Page) (tone view.Tone, text string) {
	if m.Decision == support.Rejected {
		return view.Info, p.T("undo_page.was_rejected")
	}
	return view.OK, p.T("undo_page.was_approved", "Date", m.BillingDate, "Console", m.Receiver.Name)
}

// undoButton leads to the request to undo the customer's latest move.
func undoButton(p *view.Page, customerID string) view.Button {
	return view.Button{Text: p.T("undo_page.ask"), Icon: "undo", Href: customerPath(p, customerID) + "/undo"}
}

func (m undoModel) reference(p *view.Page) string {
	return m.Case.Reference(console.AccountID(p.Console.AccountID))
}

// undoNote marks a passage that answers another one.
func undoNote(p *view.Page, one app.Passage) string {
	if one.Kind == migration.Undo {
		return p.T("undo_page.is_undo")
	}
	return ""
}
