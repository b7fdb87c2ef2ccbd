package web

import (
	"cmp"
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

func (s *Server) userRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/users", s.console(s.users))
	mux.Handle("GET /c/{account}/users/invite", s.console(s.inviteUserForm))
	mux.Handle("POST /c/{account}/users/invite", s.console(s.inviteUser))
	mux.Handle("POST /c/{account}/users/invite/withdraw", s.console(s.withdrawInvite))
	mux.Handle("GET /c/{account}/users/{person}", s.console(s.user))
	mux.Handle("POST /c/{account}/users/{person}/role", s.console(s.setRole))
	mux.Handle("POST /c/{account}/users/{person}/reactivate", s.console(s.reactivateUser))
	mux.Handle("GET /c/{account}/users/{person}/suspend", s.console(s.userQuestion("suspend")))
	mux.Handle("POST /c/{account}/users/{person}/suspend", s.console(s.suspendUser))
	mux.Handle("GET /c/{account}/users/{person}/remove", s.console(s.userQuestion("remove")))
	mux.Handle("POST /c/{account}/users/{person}/remove", s.console(s.removeUser))
	mux.Handle("GET /join/{secret}", s.anybody(s.joinForm))
	mux.Handle("POST /join/{secret}", s.anybody(s.join))
	mux.Handle("POST /join/{secret}/accept", s.person(s.acceptInvitation))
}

// users shows the people of the console and their roles.
func (s *Server) users(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Members(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.users")
	return s.show(w, r, usersPage(v.Page, list, v.May(console.ManageUsers)))
}

func usersTable(p *view.Page, list []app.Member, may bool) view.Table {
	t := view.Table{ID: "user", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("user_page.name")},
		{Kind: view.TextColumn, Label: p.T("sign_in.email")},
		{Kind: view.TextColumn, Label: p.T("shell.role")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	if may {
		t.Columns = append(t.Columns, view.Column{Kind: view.ActionColumn, Label: p.T("people.actions")})
	}
	for _, m := range list {
		name := cmp.Or(m.Person.Name, p.T("user_page.not_come"))
		row := view.Row{ID: cmp.Or(m.PersonID, m.Person.Email), Name: cmp.Or(m.Person.Name, m.Person.Email), Cells: []templ.Component{
			userName(p, m, name, may), view.Words(m.Person.Email, ""), view.Words(placeOf(p, m.Membership), ""), memberChip(p, m.State),
		}}
		if may {
			row.Cells = append(row.Cells, userActions(p, m))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func userName(p *view.Page, m app.Member, name string, may bool) templ.Component {
	switch {
	case m.State == console.MemberInvited && !m.InvitedUntil.IsZero():
		return view.Words(name, p.T("people.link_until", "At", p.When(m.InvitedUntil)))
	case m.State == console.MemberInvited || !may:
		return view.Words(name, "")
	default:
		return view.NameLink(p.At("/users/"+m.PersonID), name, "")
	}
}

func memberChip(p *view.Page, state console.MemberState) templ.Component {
	tone, icon := view.OK, ""
	switch state {
	case console.MemberSuspended:
		tone, icon = view.Warn, "pause"
	case console.MemberInvited:
		tone, icon = view.Info, "mail"
	case console.MemberActive, console.MemberRemoved:
	}
	return view.Chip(p, tone, icon, p.T("people.state."+string(state)))
}

// roleOptions are the roles that may be given.
func roleOptions(p *view.Page, roles []app.RoleView) (list []view.Option) {
	for _, r := range roles {
		if r.MayGive {
			list = append(list, view.Option{Value: string(r.Role), Label: placeOf(p, r.Membership), Note: roleSays(p, r)})
		}
	}
	return list
}

// inviting is the form of an invitation, and once it is sent its link.
type inviting struct {
	Email    string
	Role     console.Role
	RoleName string
	refusal

	Mailed bool // the link goes by mail too
}

func (s *Server) inviteUserForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.ManageUsers); err != nil {
		return err
	}
	roles, err := s.app.Roles(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("people.invite_title")
	return s.show(w, r, inviteUserPage(v.Page, inviting{Role: console.RoleViewer}, roles))
}

// inviteUser shows the invitation's link, which nobody can see again.
func (s *Server) inviteUser(w http.ResponseWriter, r *http.Request, v *Visit) error {
	roles, err := s.app.Roles(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	m := inviting{Email: r.PostFormValue("email"), Role: console.Role(r.PostFormValue("role"))}
	m.RoleName = nameOf(v.Page, roles, m.Role)
	secret, until, err := s.app.Invite(r.Context(), v.Actor, m.Email, m.Role)
	if err != nil {
		v.Page.Title = v.Page.T("people.invite_title")
		return s.again(w, r, v, err, func(f refusal) templ.Component {
			m.refusal = f
			return inviteUserPage(v.Page, m, roles)
		})
	}
	v.Page.Title = v.Page.T("people.invited_title")
	if m.Mailed, err = s.app.SendsMail(r.Context()); err != nil {
		return err
	}
	return s.show(w, r, invitedPage(v.Page, m, s.config.BaseURL.JoinPath("join", secret).String(), v.Page.When(until)))
}

func (s *Server) withdrawInvite(w http.ResponseWriter, r *http.Request, v *Visit) error {
	email := r.PostFormValue("email")
	if err := s.app.WithdrawInvite(r.Context(), v.Actor, email); err != nil {
		return err
	}
	return s.done(w, r, v.Page.At("/users"), v.Page.T("people.withdrawn", "Email", email))
}

// user shows one person's place in the console.
func (s *Server) user(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, roles, err := s.place(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = m.Person.Name
	return s.show(w, r, userPage(v.Page, m, roles, refusal{}))
}

// place returns the person of the address, and the roles that the console has.
func (s *Server) place(r *http.Request, v *Visit) (m app.Member, roles []app.RoleView, err error) {
	if m, err = s.app.Member(r.Context(), v.Actor, r.PathValue("person")); err != nil {
		return m, nil, err
	}
	roles, err = s.app.Roles(r.Context(), v.Actor)
	return m, roles, err
}

func (s *Server) setRole(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, roles, err := s.place(r, v)
	if err != nil {
		return err
	}
	role := console.Role(r.PostFormValue("role"))
	if own := m.PersonID == v.Actor.PersonID && m.Role == console.RoleSuperAdmin; own && role != m.Role && r.PostFormValue(confirmedField) == "" {
		return s.show(w, r, ownRolePage(v.Page, m, nameOf(v.Page, roles, role), sentAgain(r)))
	}
	if err := s.app.SetRole(r.Context(), v.Actor, m.Person.Email, role); err != nil {
		v.Page.Title = m.Person.Name
		return s.again(w, r, v, err, func(f refusal) templ.Component { return userPage(v.Page, m, roles, f) })
	}
	return s.done(w, r, v.Page.At("/users"), v.Page.T("people.role_set", "Name", m.Person.Name, "Role", nameOf(v.Page, roles, role)))
}

func (s *Server) userQuestion(act string) handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		m, err := s.app.Member(r.Context(), v.Actor, r.PathValue("person"))
		if err != nil {
			return err
		}
		v.Page.Title = v.Page.T("people."+act+"_title", "Name", m.Person.Name)
		return s.show(w, r, userQuestionPage(v.Page, m, act))
	}
}

func (s *Server) suspendUser(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.changeUser(w, r, v, "people.suspended", s.app.SuspendMember)
}

func (s *Server) reactivateUser(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.changeUser(w, r, v, "people.reactivated", s.app.ReactivateMember)
}

func (s *Server) removeUser(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.changeUser(w, r, v, "people.removed", s.app.RemoveMember)
}

// changeUser does something about a person's place, and leads back to the people; who has just left leads to the own consoles.
func (s *Server) changeUser(w http.ResponseWriter, r *http.Request, v *Visit, done string, change memberChange) error {
	m, roles, err := s.place(r, v)
	if err == nil {
		err = change(r.Context(), v.Actor, m.PersonID)
	}
	if err != nil {
		v.Page.Title = m.Person.Name
		return s.again(w, r, v, err, func(f refusal) templ.Component { return userPage(v.Page, m, roles, f) })
	}
	path := v.Page.At("/users")
	if m.PersonID == v.Person.ID {
		path = "/consoles"
	}
	return s.done(w, r, path, v.Page.T(done, "Name", m.Person.Name))
}
