package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/i18n"
	"psc/internal/web/view"
)

const peoplePath = "/operator/people"

func (s *Server) operatorPersonRoutes(mux *routes) {
	mux.Handle("GET "+peoplePath, s.operator(s.everybody))
	mux.Handle("GET "+peoplePath+"/new", s.operator(s.newOperator))
	mux.Handle("POST "+peoplePath+"/new", s.operator(s.createOperator))
	mux.Handle("GET "+peoplePath+"/{email}/link", s.operator(s.passwordLinkQuestion))
	mux.Handle("POST "+peoplePath+"/{email}/link", s.operator(s.offerPasswordLink))
	mux.Handle("GET "+peoplePath+"/{email}/end", s.operator(s.endOperatorQuestion))
	mux.Handle("POST "+peoplePath+"/{email}/end", s.operator(s.endOperator))
}

// everybody lists the people of the installation.
func (s *Server) everybody(w http.ResponseWriter, r *http.Request, v *Visit) error {
	l := readListing(r)
	list, err := s.app.PersonList(r.Context(), v.Actor, l.Search, l.Page)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.operator_people")
	return s.show(w, r, everybodyPage(v.Page, l, list))
}

func everybodyTable(p *view.Page, list []console.Person) view.Table {
	t := view.Table{ID: "person", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("operator_person.name")},
		{Kind: view.TextColumn, Label: p.T("operator_person.email")},
		{Kind: view.TextColumn, Label: p.T("operator_person.operates")},
		{Kind: view.DateColumn, Label: p.T("operator_page.created"), Wide: true},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, c := range list {
		operates, buttons := p.T("operator_person.no"), []view.Button{ask(p, "operator_person.link", linkPath(c.Email), c.Name)}
		if c.Operator {
			operates = p.T("operator_person.yes")
			buttons = append(buttons, ask(p, "operator_person.end", endPath(c.Email), c.Name))
		}
		t.Rows = append(t.Rows, view.Row{ID: c.ID, Name: c.Name, Cells: []templ.Component{
			view.Words(c.Name, ""), view.Words(c.Email, ""), view.Words(operates, ""), view.When(p, c.CreatedAt),
			actionButtons(p, buttons),
		}})
	}
	return t
}

func personPlace(c console.Person) app.Cursor { return app.Cursor{SortName: c.Email, ID: c.ID} }

func linkPath(email string) string { return peoplePath + "/" + email + "/link" }
func endPath(email string) string  { return peoplePath + "/" + email + "/end" }

// operatorPersonForm is the form of a new operator. People of consoles are invited there.
func operatorPersonForm(p *view.Page, typed console.Person, bad refusal) operatorForm {
	p.Title = p.T("operator_person.new")
	return operatorForm{
		refusal: bad, Lead: p.T("operator_person.new_lead"), Path: peoplePath + "/new", Back: peoplePath, BackTo: p.T("nav.operator_people"),
		Does: p.T("operator_person.create"),
		Fields: []view.Input{
			{
				Name: "email", Type: "email", Label: p.T("operator_person.email"), Value: typed.Email, Error: bad.Of("email"), Required: true,
				Attrs: templ.Attributes{"maxlength": 254, "autocomplete": "off"},
			},
			{
				Name: "name", Label: p.T("operator_person.name"), Hint: p.T("operator_person.name_hint"), Value: typed.Name, Error: bad.Of("name"),
				Required: true, Attrs: templ.Attributes{"maxlength": 100, "autocomplete": "off"},
			},
			{
				Name: "language", Type: view.SelectField, Label: p.T("me.language"), Value: typed.Language, Error: bad.Of("language"),
				Options: []view.Option{{Value: i18n.English, Label: p.T("language.en")}, {Value: i18n.Japanese, Label: p.T("language.ja")}},
			},
		},
	}
}

func (s *Server) newOperator(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.show(w, r, operatorFormPage(v.Page, operatorPersonForm(v.Page, console.Person{Language: v.Page.Lang()}, refusal{})))
}

// createOperator adds an operator, and hands out the link with which the operator chooses a password.
func (s *Server) createOperator(w http.ResponseWriter, r *http.Request, v *Visit) error {
	typed := console.Person{
		Email: r.PostFormValue("email"), Name: r.PostFormValue("name"), Language: r.PostFormValue("language"), Operator: true,
	}
	p, err := s.app.CreatePerson(r.Context(), v.Actor, typed)
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			return operatorFormPage(v.Page, operatorPersonForm(v.Page, typed, bad))
		})
	}
	return s.showPasswordLink(w, r, v, p.Email)
}

func (s *Server) passwordLinkQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	email := r.PathValue("email")
	v.Page.Title = v.Page.T("operator_person.link_title", "Email", email)
	return s.show(w, r, passwordLinkQuestionPage(v.Page, linkPath(email)))
}

func (s *Server) offerPasswordLink(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.showPasswordLink(w, r, v, r.PathValue("email"))
}

func (s *Server) showPasswordLink(w http.ResponseWriter, r *http.Request, v *Visit, email string) error {
	secret, err := s.app.OfferPasswordReset(r.Context(), v.Actor, email)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("operator_person.link_of", "Email", email)
	return s.show(w, r, passwordLinkPage(v.Page, s.config.BaseURL.JoinPath("reset", secret).String()))
}

func (s *Server) endOperatorQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	email := r.PathValue("email")
	v.Page.Title = v.Page.T("operator_person.end_title", "Email", email)
	return s.show(w, r, endOperatorPage(v.Page, endPath(email)))
}

func (s *Server) endOperator(w http.ResponseWriter, r *http.Request, v *Visit) error {
	email := r.PathValue("email")
	if err := s.app.EndOperator(r.Context(), v.Actor, email); err != nil {
		return err
	}
	return s.done(w, r, peoplePath, v.Page.T("operator_person.ended", "Email", email))
}
