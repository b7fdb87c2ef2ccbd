package web

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
)

func (s *Server) setupRoutes(mux *routes) {
	mux.Handle("GET /setup/{secret}", s.anybody(s.setupForm))
	mux.Handle("POST /setup/{secret}", s.anybody(s.setUp))
	mux.Handle("GET /reset/{secret}", s.anybody(s.resetForm))
	mux.Handle("POST /reset/{secret}", s.anybody(s.resetPassword))
}

// setupForm asks for the first operator.
func (s *Server) setupForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.CheckSetup(r.Context(), r.PathValue("secret")); err != nil {
		return s.setupOver(w, r, v, err)
	}
	v.Page.Title = v.Page.T("setup.title")
	return s.show(w, r, setupPage(v.Page, console.Person{}, refusal{}))
}

func (s *Server) setUp(w http.ResponseWriter, r *http.Request, v *Visit) error {
	asked := console.Person{
		Name: r.PostFormValue("name"), Email: r.PostFormValue("email"), Language: v.Page.Lang(),
	}
	p, err := s.app.SetUp(r.Context(), r.PathValue("secret"), asked, r.PostFormValue("password"))
	if fault.Is(err, "setup.over") {
		return s.setupOver(w, r, v, err)
	}
	if err != nil {
		v.Page.Title = v.Page.T("setup.title")
		return s.again(w, r, v, err, func(f refusal) templ.Component { return setupPage(v.Page, asked, f) })
	}
	if err := s.signIn(r, p); err != nil {
		return err
	}
	return s.done(w, r, "/", v.Page.T("setup.done"))
}

// setupOver leads who comes with a set-up link when somebody is there already to where one signs in.
func (s *Server) setupOver(w http.ResponseWriter, r *http.Request, v *Visit, err error) error {
	if !fault.Is(err, "setup.over") {
		return err
	}
	v.Page.Title = v.Page.T("setup.over_title")
	return s.render(w, r, statuses[fault.Conflict], setupOverPage(v.Page, v.Page.Fault(fault.As(err))))
}

// resetForm asks for a new password.
func (s *Server) resetForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := s.app.CheckPasswordReset(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("reset.title")
	return s.show(w, r, resetPage(v.Page, p, refusal{}))
}

func (s *Server) resetPassword(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := s.app.ResetPassword(r.Context(), r.PathValue("secret"), r.PostFormValue("password"))
	if err != nil {
		v.Page.Title = v.Page.T("reset.title")
		return s.again(w, r, v, err, func(f refusal) templ.Component { return resetPage(v.Page, p, f) })
	}
	if err := s.signIn(r, p); err != nil {
		return err
	}
	return s.done(w, r, "/", v.Page.T("reset.done"))
}

// newPassword are the attributes of a field in which a password is chosen.
func newPassword() templ.Attributes {
	return templ.Attributes{"autocomplete": "new-password", "minlength": strconv.Itoa(app.MinPassword), "maxlength": strconv.Itoa(app.MaxPassword)}
}
