package web

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

func (s *Server) signInRoutes(mux *routes) {
	mux.Handle("GET /sign-in", s.anybody(s.signInForm))
	mux.Handle("POST /sign-in", s.anybody(s.signInByPassword))
	mux.Handle("POST /sign-in/as", s.anybody(s.signInAs))
	mux.Handle("POST /sign-out", s.anybody(s.signOut))
}

// signInModel is what the sign-in page shows.
type signInModel struct {
	Email  string
	Return string
	Groups []demoGroup // in the demo: whom one can be
	refusal
}

// demoGroup are the demo's people of one console, or its operators.
type demoGroup struct {
	Title  string
	People []app.DemoPerson
}

// demoGroups puts the demo's people in groups: those of several consoles, those of each console with the mightiest
// first, and the operators.
func demoGroups(p *view.Page, people []app.DemoPerson) []demoGroup {
	groups := map[string][]app.DemoPerson{}
	var consoles []string
	several, operators := p.T("sign_in.several"), p.T("sign_in.operators")
	for _, d := range people {
		title := operators
		switch len(d.Consoles) {
		case 0:
		case 1:
			title = d.Consoles[0].Console.Name
			if groups[title] == nil {
				consoles = append(consoles, title)
			}
		default:
			title = several
		}
		groups[title] = append(groups[title], d)
	}
	var list []demoGroup
	for _, title := range append(append([]string{several}, consoles...), operators) {
		if group := groups[title]; len(group) > 0 {
			slices.SortStableFunc(group, func(a, b app.DemoPerson) int { return rank(a) - rank(b) })
			list = append(list, demoGroup{Title: title, People: group})
		}
	}
	return list
}

// rank orders people of one console by role, the mightiest first.
func rank(d app.DemoPerson) int {
	if len(d.Consoles) == 0 {
		return len(console.Roles)
	}
	return slices.Index(console.Roles, d.Consoles[0].Role)
}

func (s *Server) signInForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	page, err := s.signInPage(r, v)
	if err != nil {
		return err
	}
	if r.FormValue("ended") != "" {
		v.Page.Flash = &view.Flash{Tone: view.Warn, Title: v.Page.T("sign_in.needed")}
	}
	return s.show(w, r, page(refusal{}))
}

func (s *Server) signInPage(r *http.Request, v *Visit) (func(refusal) templ.Component, error) {
	people, err := s.app.DemoPeople(r.Context())
	if err != nil {
		return nil, err
	}
	v.Page.Title = v.Page.T("sign_in.title")
	model := signInModel{
		Email: r.PostFormValue("email"), Return: returnPath(r), Groups: demoGroups(v.Page, people),
	}
	return func(f refusal) templ.Component {
		model.refusal = f
		return signInPage(v.Page, model)
	}, nil
}

func (s *Server) signInByPassword(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := s.app.SignIn(r.Context(), r.PostFormValue("email"), r.PostFormValue("password"), s.clientAddress(r))
	if err != nil {
		page, pageErr := s.signInPage(r, v)
		if pageErr != nil {
			return pageErr
		}
		return s.again(w, r, v, err, page)
	}
	return s.welcome(w, r, p)
}

func (s *Server) signInAs(w http.ResponseWriter, r *http.Request, _ *Visit) error {
	p, err := s.app.SignInAs(r.Context(), r.PostFormValue("person"))
	if err != nil {
		return err
	}
	return s.welcome(w, r, p)
}

// welcome begins the person's session and leads to where it wanted to go, or in the demo to the console it was chosen in.
func (s *Server) welcome(w http.ResponseWriter, r *http.Request, p console.Person) error {
	if err := s.signIn(r, p); err != nil {
		return err
	}
	return s.to(w, r, returnPath(r))
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request, _ *Visit) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return s.to(w, r, "/sign-in")
}

// clientAddress is where a request comes from.
func (s *Server) clientAddress(r *http.Request) string {
	return ClientAddress(r, s.config.ClientIPHeader)
}

// ClientAddress is where a request comes from: the connection, or what the proxy in front says in the header.
func ClientAddress(r *http.Request, header string) string {
	if header != "" {
		// Of a list, the last entry is the one that our own proxy wrote; some write it into a line of its own.
		list := strings.Split(strings.Join(r.Header.Values(header), ","), ",")
		return strings.TrimSpace(list[len(list)-1])
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
