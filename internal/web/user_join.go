package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

// memberChange is a use case about a member of the actor's console.
type memberChange func(ctx context.Context, actor console.Actor, personID string) error

// joining is the page that an invitation's link leads to.
type joining struct {
	app.Invitation
	refusal

	Name   string
	Path   string
	SignIn string // where one signs in and comes back from
	Email  string // of who is signed in
}

// Own reports whether the person is signed in whom the invitation is for.
func (m joining) Own() bool { return m.Email == m.Invitation.Email }

// joinForm asks who comes with an invitation for a name and a password, or who is signed in to accept it.
func (s *Server) joinForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	in, err := s.app.CheckInvitation(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	m := joining{Invitation: in}
	if visit, err := s.visit(r, ""); err == nil { // with which a person whose address is vouched for has taken the role
		m.Email = visit.Person.Email
		for _, c := range visit.Consoles {
			if c.ConsoleID == in.Console.ID && m.Own() {
				return s.to(w, r, viewConsole(in.Console).Href)
			}
		}
	}
	return s.show(w, r, s.joinPage(r, v.Page, m))
}

func (s *Server) joinPage(r *http.Request, p *view.Page, m joining) templ.Component {
	p.Title = p.T("invitation.title", "Console", m.Console.Name)
	m.Path = "/join/" + r.PathValue("secret")
	m.SignIn = "/sign-in?return=" + m.Path
	return joinPage(p, m)
}

// join makes a person of who comes with an invitation.
func (s *Server) join(w http.ResponseWriter, r *http.Request, v *Visit) error {
	secret := r.PathValue("secret")
	in, err := s.app.CheckInvitation(r.Context(), secret)
	if err != nil {
		return err
	}
	asked := console.Person{Name: r.PostFormValue("name"), Language: v.Page.Lang()}
	p, err := s.app.JoinByInvitation(r.Context(), secret, asked, r.PostFormValue("password"))
	if err != nil {
		return s.again(w, r, v, err, func(f refusal) templ.Component {
			return s.joinPage(r, v.Page, joining{Invitation: in, refusal: f, Name: asked.Name})
		})
	}
	if err := s.signIn(r, p); err != nil {
		return err
	}
	return s.done(w, r, viewConsole(in.Console).Href, v.Page.T("invitation.done", "Console", in.Console.Name))
}

// acceptInvitation takes the role of an invitation for the person who is signed in.
func (s *Server) acceptInvitation(w http.ResponseWriter, r *http.Request, v *Visit) error {
	in, err := s.app.AcceptInvitation(r.Context(), v.Person.ID, r.PathValue("secret"))
	if err != nil {
		return err
	}
	return s.done(w, r, viewConsole(in.Console).Href, v.Page.T("invitation.done", "Console", in.Console.Name))
}
