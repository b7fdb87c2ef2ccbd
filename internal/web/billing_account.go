package web

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/money"
	"psc/internal/web/view"
)

// statementModel is the page of one billing account.
type statementModel struct {
	app.AccountStatement

	Operate string // where the operator uses the credit balance; empty: who looks is no operator, or there is none
	Terms   string // where the operator sets the payment terms; empty: who looks is no operator
}

func accountPath(p *view.Page, id string) string { return p.At("/billing/accounts/" + id) }

func (s *Server) billingAccount(w http.ResponseWriter, r *http.Request, v *Visit) error {
	var m statementModel
	var err error
	if m.AccountStatement, err = s.app.AccountStatement(r.Context(), v.Actor, r.PathValue("bac")); err != nil {
		return err
	}
	if v.Actor.Operator {
		m.Terms = operatorPath(v) + "/accounts/" + m.ID + "/terms"
	}
	if v.Actor.Operator && m.Credit().Minor > 0 {
		m.Operate = operatorPath(v) + "/accounts/" + m.ID + "/balance"
	}
	v.Page.Title = m.Name
	return s.show(w, r, statementPage(v.Page, m))
}

// overviewTable lists accounts with what is due and what they have.
func overviewTable(p *view.Page, list []app.AccountOverview) view.Table {
	t := view.Table{ID: "account", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("billing_page.name")},
		{Kind: view.TextColumn, Label: p.T("billing_page.currency")},
		{Kind: view.TextColumn, Label: p.T("billing_page.legal_entity")},
		{Kind: view.NumColumn, Label: p.T("statement.due")},
		{Kind: view.DateColumn, Label: p.T("statement.next_due")},
		{Kind: view.NumColumn, Label: p.T("statement.credit")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for _, a := range list {
		unsigned := ""
		if !a.Signed {
			unsigned = p.T("billing_page.unsigned")
		}
		next := p.T("report.no_day")
		if a.NextDue != 0 {
			next = p.Date(a.NextDue)
		}
		t.Rows = append(t.Rows, view.Row{ID: a.ID, Name: a.Name, Cells: []templ.Component{
			view.NameLink(accountPath(p, a.ID), a.Name, a.ID), view.Words(string(a.Currency), a.Group.Name()),
			view.Words(a.LegalEntity, unsigned), view.Words(amount(p, a.DueAmount()), ""), view.Words(next, ""),
			view.Words(amount(p, a.Credit()), ""), accountChip(p, a.State),
		}})
	}
	return t
}

func (m statementModel) facts(p *view.Page) []view.Fact {
	entity := ""
	if !m.Signed {
		entity = p.T("billing_page.unsigned")
	}
	return []view.Fact{
		{Label: p.T("billing_page.currency"), Value: view.Words(string(m.Currency), "")},
		{Label: p.T("billing_page.group"), Value: view.Words(m.Group.Name(), "")},
		{Label: p.T("billing_page.legal_entity"), Value: view.Words(m.LegalEntity, entity)},
		{Label: p.T("statement.terms"), Value: view.Words(p.T("statement.terms_days", "Count", m.PaymentDays), "")},
		{Label: p.T("billing_page.created"), Value: view.When(p, m.CreatedAt)},
		{Label: p.T("billing_page.account_id"), Value: view.CopyText(p, m.ID)},
	}
}

func (m statementModel) dueTable(p *view.Page) view.Table {
	t := view.Table{ID: "due", Caption: p.T("statement.due"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("invoices.number")},
		{Kind: view.DateColumn, Label: p.T("invoices.month")},
		{Kind: view.DateColumn, Label: p.T("invoices.issued_on")},
		{Kind: view.DateColumn, Label: p.T("statement.due_on")},
		{Kind: view.NumColumn, Label: p.T("invoices.due")},
	}}
	for _, i := range m.DueInvoices {
		t.Rows = append(t.Rows, view.Row{ID: i.ID, Name: i.Number, Cells: []templ.Component{
			view.NameLink(invoicePath(p, m.ID, i.Month), i.Number, ""), view.Words(p.Month(i.Month), ""),
			view.Words(p.Date(i.IssuedOn), ""), view.Words(p.Date(i.DueOn), ""), view.Words(amount(p, i.Due), ""),
		}})
	}
	return t
}

func (m statementModel) lineTable(p *view.Page) view.Table {
	t := view.Table{ID: "line", Caption: p.T("statement.lines"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("statement.document")},
		{Kind: view.DateColumn, Label: p.T("statement.date")},
		{Kind: view.NumColumn, Label: p.T("invoices.amount")},
		{Kind: view.NumColumn, Label: p.T("statement.balance")},
	}}
	for _, l := range m.Lines {
		name := view.Words(p.T("statement.kind."+string(l.Kind)), cmp.Or(l.Note, l.Document))
		if l.Invoice {
			name = view.NameLink(invoicePath(p, m.ID, l.Month), l.Document, p.T("statement.kind."+string(l.Kind))+" · "+p.Month(l.Month))
		}
		t.Rows = append(t.Rows, view.Row{ID: l.Document, Name: l.Document, Cells: []templ.Component{
			name, view.Words(p.Date(l.Date), ""), view.Words(amount(p, l.Amount), ""), view.Words(amount(p, l.Balance), ""),
		}})
	}
	return t
}

// payOut is the choice to send the balance to no account.
const payOut = "-"

// balanceModel is the form by which the operator pays a credit balance out, or transfers it.
type balanceModel struct {
	refusal
	app.BalanceUse

	Account app.AccountStatement
	Others  []app.AccountOverview // that it can go to
	Path    string
	Back    string
}

func (s *Server) balanceModel(r *http.Request, v *Visit) (m balanceModel, err error) {
	m.Back = operatorPath(v)
	if err := v.Actor.MayOperate(); err != nil {
		return m, err
	}
	if m.Account, err = s.app.AccountStatement(r.Context(), v.Actor, r.PathValue("bac")); err != nil {
		return m, err
	}
	all, err := s.app.AccountOverviews(r.Context(), v.Actor)
	for _, o := range all {
		if o.ID != m.Account.ID && o.State != billing.AccountClosed && o.Currency == m.Account.Currency && o.LegalEntityID == m.Account.LegalEntityID {
			m.Others = append(m.Others, o)
		}
	}
	m.Path = m.Back + "/accounts/" + m.Account.ID + "/balance"
	m.BalanceUse = app.BalanceUse{
		AccountID: m.Account.ID, ToID: strings.TrimPrefix(r.FormValue("to"), payOut), Amount: r.FormValue("amount"), Reason: r.FormValue("reason"), Key: r.FormValue("key"),
	}
	v.Page.Title = v.Page.T("balance_page.title", "Account", m.Account.Name)
	return m, err
}

func (s *Server) askBalance(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.balanceModel(r, v)
	if err != nil {
		return err
	}
	m.Amount = m.Account.Credit().Decimal()
	m.Key = s.app.IDs.New("key", s.app.Clock.Now()) // sent twice, the form does nothing twice
	return s.show(w, r, balancePage(v.Page, m))
}

func (s *Server) useBalance(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.balanceModel(r, v)
	if err != nil {
		return err
	}
	m.Check = r.PostFormValue(confirmedField) == ""
	use, err := s.app.UseBalance(r.Context(), v.Actor, m.BalanceUse)
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return balancePage(v.Page, m)
		})
	}
	if m.Check {
		return s.show(w, r, balanceQuestionPage(v.Page, m, use.Amount, sentAgain(r)))
	}
	return s.done(w, r, m.Back, v.Page.T("balance_page.done", "Amount", amount(v.Page, use.Amount)))
}

// question says what is about to happen to how much.
func (m balanceModel) question(p *view.Page, sum money.Amount) string {
	for _, o := range m.Others {
		if o.ID == m.ToID {
			return p.T("balance_page.sure_transfer", "Amount", amount(p, sum), "From", m.Account.Name, "To", o.Name)
		}
	}
	return p.T("balance_page.sure_pay_out", "Amount", amount(p, sum), "From", m.Account.Name)
}

func (m balanceModel) fields(p *view.Page) []view.Input {
	to := []view.Option{{Value: payOut, Label: p.T("balance_page.pay_out")}}
	for _, o := range m.Others {
		to = append(to, view.Option{Value: o.ID, Label: o.Name + " · " + o.ID})
	}
	chosen := m.ToID
	if chosen == "" {
		chosen = payOut
	}
	return []view.Input{
		{
			Name: "amount", Label: p.T("balance_page.amount", "Currency", string(m.Account.Currency)), Hint: p.T("balance_page.amount_hint", "Balance", amount(p, m.Account.Credit())),
			Value: m.Amount, Error: m.Of("amount"), Required: true, Attrs: templ.Attributes{"inputmode": "decimal", "autocomplete": "off"},
		},
		{
			Name: "to", Type: view.SelectField, Label: p.T("balance_page.to"), Hint: p.T("balance_page.to_hint"), Value: chosen, Options: to,
			Error: m.Of("to"), Required: true,
		},
		{
			Name: "reason", Type: view.AreaField, Label: p.T("balance_page.reason"), Hint: p.T("balance_page.reason_hint"), Value: m.Reason,
			Error: m.Of("reason"), Required: true,
		},
	}
}

// termsModel is the form by which the operator sets when invoices of an account are due.
type termsModel struct {
	refusal

	Days string // as it is typed
	Path string
	Back string
}

func (s *Server) termsModel(r *http.Request, v *Visit) (m termsModel, a app.AccountStatement, err error) {
	if err := v.Actor.MayOperate(); err != nil {
		return m, a, err
	}
	a, err = s.app.AccountStatement(r.Context(), v.Actor, r.PathValue("bac"))
	m.Days, m.Back = r.FormValue("days"), accountPath(v.Page, a.ID)
	m.Path = operatorPath(v) + "/accounts/" + a.ID + "/terms"
	v.Page.Title = v.Page.T("terms_page.title", "Account", a.Name)
	return m, a, err
}

func (s *Server) askTerms(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, a, err := s.termsModel(r, v)
	if err != nil {
		return err
	}
	m.Days = strconv.FormatInt(a.PaymentDays, 10)
	return s.show(w, r, termsPage(v.Page, m))
}

func (s *Server) setTerms(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, a, err := s.termsModel(r, v)
	if err != nil {
		return err
	}
	days, err := strconv.ParseInt(strings.TrimSpace(m.Days), 10, 64)
	if err != nil {
		days = -1 // no number of days, which is refused as such
	}
	if err := s.app.SetPaymentDays(r.Context(), v.Actor, a.ID, days); err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return termsPage(v.Page, m)
		})
	}
	return s.done(w, r, m.Back, v.Page.T("terms_page.done", "Count", days))
}

func (m termsModel) field(p *view.Page) view.Input {
	return view.Input{
		Name: "days", Label: p.T("terms_page.days"), Hint: p.T("terms_page.days_hint", "Limit", app.PaymentDaysLimit), Value: m.Days,
		Error: m.Of("days"), Required: true, Attrs: templ.Attributes{"inputmode": "numeric", "autocomplete": "off"},
	}
}
