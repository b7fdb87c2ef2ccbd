package web

import (
	"cmp"
	"context"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/support"
	"psc/internal/web/view"
)

// caseWriter is a use case that adds a message.
type caseWriter = func(a *app.App, ctx context.Context, actor console.Actor, id, text string, files []support.File) error

func caseChip(p *view.Page, state support.State) templ.Component {
	text := p.T("case_state." + string(state))
	switch state {
	case support.Open:
		return view.Chip(p, view.Info, "inbox", text)
	case support.Partner:
		return view.Chip(p, view.Warn, "person", text)
	case support.Operator:
		return view.Chip(p, view.Info, "schedule", text)
	case support.Resolved:
		return view.Chip(p, view.OK, "", text)
	case support.Closed:
		return view.Chip(p, view.Muted, "lock", text)
	}
	return view.Words(text, "")
}

func (m casesModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "case", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("case_page.title")},
		{Kind: view.TextColumn, Label: p.T("case_page.kind")},
		{Kind: view.TextColumn, Label: p.T("case_page.customer")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.DateColumn, Label: p.T("case_page.changed")},
	}}
	account := console.AccountID(p.Console.AccountID)
	for _, c := range m.Cases {
		t.Rows = append(t.Rows, view.Row{ID: c.ID, Name: c.Title, Cells: []templ.Component{
			view.NameLink(casePath(p, c.ID), caseTitle(p, c), c.Reference(account)), view.Words(p.T("case_kind."+string(c.Kind)), ""),
			view.Words(cmp.Or(c.CustomerName, "–"), ""), caseChip(p, c.State), view.When(p, c.ChangedAt),
		}})
	}
	return t
}

func (m queueModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "case", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("case_page.title")},
		{Kind: view.TextColumn, Label: p.T("shell.console")},
		{Kind: view.TextColumn, Label: p.T("case_page.kind")},
		{Kind: view.TextColumn, Label: p.T("case_page.assignee")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.DateColumn, Label: p.T("case_page.changed")},
	}}
	for _, c := range m.Queue {
		path := "/c/" + string(c.AccountID) + "/cases/" + c.ID
		t.Rows = append(t.Rows, view.Row{ID: c.ID, Name: c.Title, Cells: []templ.Component{
			view.NameLink(path, caseTitle(p, c.Case), c.Reference(c.AccountID)), view.Words(c.Console, c.Reseller),
			view.Words(p.T("case_kind."+string(c.Kind)), c.CustomerName), view.Words(cmp.Or(c.Assignee, "–"), ""), caseChip(p, c.State),
			view.When(p, c.ChangedAt),
		}})
	}
	return t
}

func (m caseModel) facts(p *view.Page) []view.Fact {
	by := m.OpenedBy
	if m.ByOperator {
		by = operatorName(p, by)
	}
	facts := []view.Fact{
		{Label: p.T("case_page.number"), Value: view.CopyText(p, m.reference())},
		{Label: p.T("case_page.kind"), Value: view.Words(p.T("case_kind."+string(m.Kind)), "")},
		{Label: p.T("case_page.opened_by"), Value: view.Words(by, "")},
		{Label: p.T("case_page.opened_at"), Value: view.When(p, m.OpenedAt)},
	}
	if m.CustomerID != "" {
		facts = append(facts, view.Fact{
			Label: p.T("case_page.customer"), Value: view.NameLink(customerPath(p, m.CustomerID), m.CustomerName, ""),
		})
	}
	if m.Assignee != "" {
		facts = append(facts, view.Fact{Label: p.T("case_page.assignee"), Value: view.Words(m.Assignee, "")})
	}
	return facts
}

// operatorName names one of the vendor's people where that is allowed.
func operatorName(p *view.Page, name string) string {
	if name == "" {
		return p.T("side.OPERATOR")
	}
	return p.T("case_page.operator_name", "Name", name)
}

func (m caseModel) by(p *view.Page, e app.CaseEntry) string {
	if e.ByOperator {
		return operatorName(p, e.By)
	}
	return e.By
}

// buttons are what may be done to the case besides writing in it.
func (m caseModel) buttons(p *view.Page) (list []view.Button) {
	for _, act := range []struct {
		action support.Action
		icon   string
	}{
		{support.Assign, "person"},
		{support.Release, "undo"},
		{support.Resolve, "task_alt"},
		{support.Close, "lock"},
		{support.Reopen, "refresh"},
	} {
		if m.May(act.action) {
			list = append(list, view.Button{
				Text: p.T("case_page." + string(act.action)), Icon: act.icon, Name: "action", Value: string(act.action),
			})
		}
	}
	return list
}

// said returns what a form says that was refused, so that nobody types it twice.
func (m caseModel) said(form string) string {
	if m.Form == form {
		return m.Text
	}
	return ""
}

func (m caseModel) wrong(form, field string) string {
	if m.Form == form {
		return m.Of(field)
	}
	return ""
}

func caseKinds(p *view.Page) (options []view.Option) {
	for _, k := range support.Kinds {
		options = append(options, view.Option{Value: string(k), Label: p.T("case_kind." + string(k))})
	}
	return options
}

// caseFilesID is the id of the field of files beside a text's.
func caseFilesID(text string) string {
	if text == "text" {
		return "files"
	}
	return text + "-files"
}

// back is the list from which the reader comes: an operator's is the queue of all consoles.
func (m caseModel) back(p *view.Page) string {
	if m.Decides {
		return "/operator/cases"
	}
	return p.At("/cases")
}

func (m caseModel) backTo() string {
	if m.Decides {
		return "case_page.queue"
	}
	return "nav.cases"
}

// decision says what was decided about the undo that the case asks for.
func (m caseModel) decision(p *view.Page) string {
	if m.Undo.Decision == support.Approved {
		return p.T("undo_page.case_approved", "Date", m.Undo.BillingDate)
	}
	return p.T("undo_page.was_rejected")
}

// caseTitle is the title of a case: of one that asks for an undo, what it asks for and whose.
func caseTitle(p *view.Page, c support.Case) string {
	if c.Kind == support.UndoMigration {
		return p.T("undo_page.case_title", "Customer", c.Title)
	}
	return c.Title
}

func (m caseModel) title(p *view.Page) string { return caseTitle(p, m.Case) }
