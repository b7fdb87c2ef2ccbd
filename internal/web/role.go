package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) roleRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/users/roles", s.console(s.roles))
	mux.Handle("POST /c/{account}/users/roles", s.console(s.makeRole))
	mux.Handle("GET /c/{account}/users/roles/new", s.console(s.newRole))
	mux.Handle("GET /c/{account}/users/roles/{role}/edit", s.console(s.role))
	mux.Handle("POST /c/{account}/users/roles/{role}/edit", s.console(s.changeRole))
	mux.Handle("GET /c/{account}/users/roles/{role}/archive", s.console(s.archiveRoleQuestion))
	mux.Handle("POST /c/{account}/users/roles/{role}/archive", s.console(s.archiveRole))
}

// roleSays says what a role may: of a built-in one in a sentence, of a console's own its privileges.
func roleSays(p *view.Page, r app.RoleView) string {
	if !r.Own() {
		return p.T("people.may." + string(r.Role))
	}
	words := make([]string, 0, len(r.Custom.Privileges))
	for _, privilege := range r.Custom.Privileges {
		words = append(words, p.T("privilege."+string(privilege)))
	}
	return strings.Join(words, " · ")
}

// nameOf names one of a console's roles; of what is none of them, nothing.
func nameOf(p *view.Page, roles []app.RoleView, role console.Role) string {
	for _, r := range roles {
		if r.Role == role {
			return placeOf(p, r.Membership)
		}
	}
	return ""
}

// roles shows the roles that people of the console can have.
func (s *Server) roles(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Roles(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("role_page.title")
	return s.show(w, r, rolesPage(v.Page, list, v.May(console.ManageUsers)))
}

func rolesTable(p *view.Page, list []app.RoleView) view.Table {
	t := view.Table{ID: "role", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("shell.role")},
		{Kind: view.TextColumn, Label: p.T("role_page.may")},
		{Kind: view.NumColumn, Label: p.T("role_page.held")},
		{Kind: view.ActionColumn, Label: p.T("people.actions")},
	}}
	for _, r := range list {
		name, kind := placeOf(p, r.Membership), p.T("role_page.built_in")
		if r.Own() {
			kind = p.T("role_page.own")
		}
		t.Rows = append(t.Rows, view.Row{ID: string(r.Role), Name: name, Cells: []templ.Component{
			view.Words(name, kind), view.Words(roleSays(p, r), ""), view.Words(p.Num(int64(r.Held)), ""), roleActions(p, r),
		}})
	}
	return t
}

// roleForm is a role while it is made or changed.
type roleForm struct {
	Action     string
	Name       string
	Privileges []console.Privilege
	MayGive    []console.Privilege // those that the person has
	refusal
}

func (s *Server) newRole(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.ManageUsers); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("role_page.new")
	return s.show(w, r, rolePage(v.Page, newRoleForm(v, "/users/roles", "", nil)))
}

func newRoleForm(v *Visit, path, name string, privileges []console.Privilege) roleForm {
	return roleForm{Action: v.Page.At(path), Name: name, Privileges: privileges, MayGive: v.Actor.Privileges()}
}

// typedRole is the role as the form has it.
func typedRole(r *http.Request, v *Visit, path string) roleForm {
	f := newRoleForm(v, path, r.PostFormValue("name"), nil)
	for _, p := range r.PostForm["privilege"] {
		f.Privileges = append(f.Privileges, console.Privilege(p))
	}
	return f
}

func (s *Server) makeRole(w http.ResponseWriter, r *http.Request, v *Visit) error {
	form := typedRole(r, v, "/users/roles")
	role, err := s.app.MakeRole(r.Context(), v.Actor, form.Name, form.Privileges)
	if err != nil {
		v.Page.Title = v.Page.T("role_page.new")
		return s.roleAgain(w, r, v, err, form)
	}
	return s.done(w, r, v.Page.At("/users/roles"), v.Page.T("role_page.made", "Name", role.Name))
}

func (s *Server) roleAgain(w http.ResponseWriter, r *http.Request, v *Visit, err error, form roleForm) error {
	return s.again(w, r, v, err, func(f refusal) templ.Component {
		form.refusal = f
		return rolePage(v.Page, form)
	})
}

// ownRole returns the role of the address, which the console has made and the person may change.
func (s *Server) ownRole(r *http.Request, v *Visit) (app.RoleView, error) {
	if err := v.Actor.May(console.ManageUsers); err != nil {
		return app.RoleView{}, err
	}
	list, err := s.app.Roles(r.Context(), v.Actor)
	at := slices.IndexFunc(list, func(o app.RoleView) bool { return o.Own() && string(o.Role) == r.PathValue("role") })
	if err == nil && at < 0 {
		err = fault.New(fault.NotFound, "role.not_found", nil)
	}
	if err != nil {
		return app.RoleView{}, err
	}
	return list[at], v.Actor.MayGive(list[at].Privileges())
}

func rolePath(role app.RoleView, act string) string { return "/users/roles/" + string(role.Role) + act }

func (s *Server) role(w http.ResponseWriter, r *http.Request, v *Visit) error {
	role, err := s.ownRole(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = role.Custom.Name
	return s.show(w, r, rolePage(v.Page, newRoleForm(v, rolePath(role, "/edit"), role.Custom.Name, role.Custom.Privileges)))
}

func (s *Server) changeRole(w http.ResponseWriter, r *http.Request, v *Visit) error {
	role, err := s.ownRole(r, v)
	if err != nil {
		return err
	}
	form := typedRole(r, v, rolePath(role, "/edit"))
	changed, err := s.app.ChangeRole(r.Context(), v.Actor, role.Role, form.Name, form.Privileges)
	if err != nil {
		v.Page.Title = role.Custom.Name
		return s.roleAgain(w, r, v, err, form)
	}
	return s.done(w, r, v.Page.At("/users/roles"), v.Page.T("role_page.changed", "Name", changed.Name))
}

func (s *Server) archiveRoleQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	role, err := s.ownRole(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("role_page.archive_title", "Name", role.Custom.Name)
	return s.show(w, r, archiveRolePage(v.Page, role))
}

func (s *Server) archiveRole(w http.ResponseWriter, r *http.Request, v *Visit) error {
	role, err := s.ownRole(r, v)
	if err != nil {
		return err
	}
	if err := s.app.ArchiveRole(r.Context(), v.Actor, role.Role); err != nil {
		return err
	}
	return s.done(w, r, v.Page.At("/users/roles"), v.Page.T("role_page.archived", "Name", role.Custom.Name))
}
