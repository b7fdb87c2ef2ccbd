package web

import (
	"cmp"
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/web/view"
)

func (s *Server) userRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/users", s.console(s.users))
}

// users shows the people of the console and their roles.
func (s *Server) users(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Members(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.users")
	return s.show(w, r, usersPage(v.Page, list))
}

func usersTable(p *view.Page, list []app.Member) view.Table {
	t := view.Table{ID: "user", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("user_page.name")},
		{Kind: view.TextColumn, Label: p.T("sign_in.email")},
		{Kind: view.TextColumn, Label: p.T("shell.role")},
	}}
	for _, m := range list {
		name := m.Person.Name
		if name == "" {
			name = p.T("user_page.not_come")
		}
		t.Rows = append(t.Rows, view.Row{ID: cmp.Or(m.PersonID, m.Person.Email), Name: name, Cells: []templ.Component{
			view.Words(name, ""), view.Words(m.Person.Email, ""), view.Words(roleOf(p, m.Role), ""),
		}})
	}
	return t
}
