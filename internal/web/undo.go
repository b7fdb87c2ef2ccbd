package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/support"
	"psc/internal/web/view"
)

func (s *Server) undoRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/customers/{customer}/undo", s.console(s.askUndo))
	mux.Handle("POST /c/{account}/customers/{customer}/undo", s.console(s.openUndo))
	mux.Handle("GET /c/{account}/cases/{case}/undo", s.console(forOperators(s.showUndo)))
	mux.Handle("POST /c/{account}/cases/{case}/undo", s.console(forOperators(s.approveUndo)))
	mux.Handle("POST /c/{account}/cases/{case}/undo/reject", s.console(forOperators(s.rejectUndo)))
}

// forOperators wraps the handler of an operators' page of a console. For everybody else there is no such page.
func forOperators(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		if v.Actor.MayOperate() != nil {
			return fault.New(fault.NotFound, "fault.not_found", nil)
		}
		return h(w, r, v)
	}
}

// askUndoModel is the form of a request to undo a customer's latest move.
type askUndoModel struct {
	refusal

	Customer app.CustomerRecord
	Passage  app.Passage
	Text     string
}

func (s *Server) askUndoModel(r *http.Request, v *Visit) (m askUndoModel, err error) {
	if m.Customer, err = s.app.Customer(r.Context(), v.Actor, r.PathValue("customer")); err != nil {
		return m, err
	}
	m.Passage, err = m.Customer.CanAskUndo(v.Actor)
	v.Page.Title = v.Page.T("undo_page.ask_title", "Customer", m.Customer.Customer.Name)
	return m, err
}

func (s *Server) askUndo(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.askUndoModel(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, askUndoPage(v.Page, m))
}

func (s *Server) openUndo(w http.ResponseWriter, r *http.Request, v *Visit) error {
	text := r.PostFormValue("text")
	c, err := s.app.AskUndo(r.Context(), v.Actor, r.PathValue("customer"), text)
	if err != nil {
		m, gone := s.askUndoModel(r, v)
		if gone != nil {
			return gone
		}
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal, m.Text = bad, text
			return askUndoPage(v.Page, m)
		})
	}
	return s.done(w, r, casePath(v.Page, c.ID), v.Page.T("case_page.opened", "Case", c.Reference(v.Console.AccountID)))
}

// undoModel is what the operator sees of an undo, with the form as it was filled in.
type undoModel struct {
	refusal
	app.UndoView

	Typed string // the date
	By    support.Consent
	Why   string // the reason
}

func (m undoModel) path(p *view.Page) string { return casePath(p, m.Case.ID) + "/undo" }

// accountPrefix begins the name of the field of a subscription's account.
const accountPrefix = "account:"

func undoAccounts(r *http.Request) map[string]string {
	chosen := map[string]string{}
	for name, values := range r.Form {
		if sub, ok := strings.CutPrefix(name, accountPrefix); ok {
			chosen[sub] = values[0]
		}
	}
	return chosen
}

func (s *Server) undoModel(r *http.Request, v *Visit) (m undoModel, err error) {
	m.Typed, m.By, m.Why = r.FormValue("date"), support.Consent(r.FormValue("consent")), r.FormValue("reason")
	var d civil.Date
	if m.Typed != "" {
		if d, err = civil.Parse(m.Typed); err != nil {
			err = fault.InvalidField("date", "preview.no_date", nil)
		}
	}
	var wrong error
	if err == nil {
		m.UndoView, wrong = s.app.Undo(r.Context(), v.Actor, r.PathValue("case"), d, undoAccounts(r))
	}
	if fault.Is(wrong, "migration.preview_date") {
		err, wrong = wrong, nil
	}
	if err != nil { // the date alone is wrong
		m.UndoView, wrong = s.app.Undo(r.Context(), v.Actor, r.PathValue("case"), 0, undoAccounts(r))
		m.refusal = newRefusal(v.Page, fault.As(err))
	}
	if m.Typed == "" {
		m.Typed = m.Today.String()
	}
	v.Page.Title = v.Page.T("undo_page.title", "Customer", m.Answers.CustomerName)
	return m, wrong
}

func (s *Server) showUndo(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.undoModel(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, undoPage(v.Page, m))
}

func (s *Server) approveUndo(w http.ResponseWriter, r *http.Request, v *Visit) error {
	in := app.UndoApproval{
		Accounts: undoAccounts(r), Consent: support.Consent(r.PostFormValue("consent")), Reason: r.PostFormValue("reason"),
		Entities: r.PostFormValue("entities") != "", Seen: r.PostFormValue("seen"), Check: r.PostFormValue(confirmedField) == "",
	}
	if err := s.app.ApproveUndo(r.Context(), v.Actor, r.PathValue("case"), in); err != nil {
		return s.undoAgain(w, r, v, err)
	}
	if in.Check {
		m, err := s.undoModel(r, v)
		if err != nil {
			return err
		}
		return s.show(w, r, undoQuestionPage(v.Page, m, sentAgain(r), m.path(v.Page)+"?"+r.PostForm.Encode()))
	}
	return s.done(w, r, casePath(v.Page, r.PathValue("case")), v.Page.T("undo_page.approved"))
}

func (s *Server) rejectUndo(w http.ResponseWriter, r *http.Request, v *Visit) error {
	reason := r.PostFormValue("reason")
	if err := s.app.RejectUndo(r.Context(), v.Actor, r.PathValue("case"), reason); err != nil {
		return s.undoAgain(w, r, v, err)
	}
	return s.done(w, r, casePath(v.Page, r.PathValue("case")), v.Page.T("undo_page.rejected"))
}

// undoAgain shows the page as it is now, with what was wrong.
func (s *Server) undoAgain(w http.ResponseWriter, r *http.Request, v *Visit, err error) error {
	m, gone := s.undoModel(r, v)
	if gone != nil {
		return gone
	}
	return s.again(w, r, v, err, func(bad refusal) templ.Component {
		m.refusal = bad
		return undoPage(v.Page, m)
	})
}
