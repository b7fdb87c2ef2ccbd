package web

import (
	"net/http"
	"net/url"
	"time"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/i18n"
	"psc/internal/web/view"
)

// Visit is what a handler is given: who acts, in which console, and the page to draw.
type Visit struct {
	app.Visit // Person, Actor, Console, Consoles

	Page *view.Page
}

// May reports whether the person has one of the privileges here: what a page asks before it shows a button.
func (v *Visit) May(oneOf ...console.Privilege) bool { return v.Actor.May(oneOf...) == nil }

// handler handles one route. What it returns as an error is shown as a page; a fault that belongs to a form is
// answered by the handler itself, with Server.again.
type handler func(w http.ResponseWriter, r *http.Request, v *Visit) error

// console wraps the handler of a page below /c/{account}: the person is signed in and may enter the console. For one
// that it may not enter the answer is that of one that does not exist.
func (s *Server) console(h handler) http.Handler { return s.signedIn(wholeForm, h) }

// consoleUpload is console for a form with a file: the handler reads the body itself, up to maxUpload.
func (s *Server) consoleUpload(h handler) http.Handler { return s.signedIn(fileForm, h) }

// person wraps the handler of a page that belongs to no console.
func (s *Server) person(h handler) http.Handler { return s.signedIn(wholeForm, h) }

// operator wraps the handler of a page that is the operators' alone. For everybody else the answer is that of a page that does not
// exist, whether or not the address names a console.
func (s *Server) operator(h handler) http.Handler { return s.operators(wholeForm, h) }

func (s *Server) operators(form readForm, h handler) http.Handler {
	pages := s.signedIn(form, func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		v.Page.Nav = operatorNav(v.Page)
		return h(w, r, v)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visit, err := s.visit(r, "")
		if err == nil && visit.Actor.MayOperate() != nil {
			r.SetPathValue("account", "")
			s.nowhere(w, r)
			return
		}
		pages.ServeHTTP(w, r) // who is not signed in is asked to
	})
}

// anybody wraps the handler of a page for which nobody needs to be signed in; v has only its Page.
func (s *Server) anybody(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &Visit{Page: s.publicPage(r)}
		v.Page.Flash = s.flashed(r.Context())
		s.handle(w, r, wholeForm, v, h)
	})
}

func (s *Server) signedIn(form readForm, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		account := r.PathValue("account")
		visit, err := s.visit(r, account)
		v := &Visit{Visit: visit, Page: s.personPage(r, visit)}
		if err != nil {
			s.fail(w, r, v.Page, err)
			return
		}
		if refused := v.Actor.MayChange(); refused != nil && account != "" && r.Method == http.MethodGet && s.closed(r.Method, r.URL.Path) {
			s.fail(w, r, v.Page, refused)
			return
		}
		if last := string(v.Console.AccountID); account != "" && s.sessions.GetString(ctx, sessionLast) != last {
			s.sessions.Put(ctx, sessionLast, last)
		}
		if r.Method == http.MethodGet && !partial(r) {
			v.Page.Flash = s.flashed(ctx)
		}
		s.handle(w, r, form, v, h)
	})
}

// visit asks who is signed in, and whether the console may be entered.
func (s *Server) visit(r *http.Request, account string) (app.Visit, error) {
	ctx := r.Context()
	return s.app.Visit(ctx, s.sessions.GetString(ctx, sessionPerson), s.sessions.GetString(ctx, sessionMark), account)
}

func (s *Server) handle(w http.ResponseWriter, r *http.Request, form readForm, v *Visit, h handler) {
	err := form(w, r)
	if err == nil {
		err = h(w, r, v)
	}
	if err != nil {
		s.fail(w, r, v.Page, err)
	}
}

// publicPage is the frame of a page for somebody who is not signed in.
func (s *Server) publicPage(r *http.Request) *view.Page {
	lang := s.cookie(r, langCookie)
	if lang != i18n.Japanese && lang != i18n.English {
		lang = i18n.Match(r.Header.Get("Accept-Language"))
	}
	return s.page(r, lang, s.cookie(r, zoneCookie), s.cookie(r, themeCookie))
}

// personPage is the frame of a page for a person, in a console if the visit has one.
func (s *Server) personPage(r *http.Request, v app.Visit) *view.Page {
	if v.Person.ID == "" {
		return s.publicPage(r)
	}
	lang := v.Person.Language
	if lang == "" {
		lang = i18n.Match(r.Header.Get("Accept-Language"))
	}
	p := s.page(r, lang, v.Person.TimeZone, v.Person.Theme)
	p.Person = &view.Person{
		Name: v.Person.Name, Initials: initials(v.Person.Name), Email: v.Person.Email, Operator: v.Person.Operator,
	}
	if p.Clock != nil {
		p.Clock.Move = s.app.MayMoveClock(console.Actor{Operator: v.Person.Operator})
	}
	for _, m := range v.Consoles {
		p.Consoles = append(p.Consoles, viewConsole(m.Console))
	}
	if v.Actor.ConsoleID == "" {
		return p
	}
	here := viewConsole(v.Console)
	p.Console, p.Notices = &here, v.Unread
	if v.Actor.Role != "" {
		p.Person.Role = roleOf(p, v.Actor.Role, v.Actor.Custom.Name)
	}
	p.Nav = s.nav(p, v.Actor)
	if v.Actor.MayChange() != nil {
		p.Closed = s.closed
	}
	return p
}

func (s *Server) page(r *http.Request, lang, zone, theme string) *view.Page {
	location := s.app.Config.BillingZone
	if z, err := time.LoadLocation(zone); err == nil && zone != "" {
		location = z
	}
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	p := &view.Page{
		Speaker: s.catalog.For(lang).In(location), Path: here(r), Theme: theme,
		Assets: s.assets.url, BillingZone: s.app.Config.BillingZone.String(),
	}
	if s.app.Config.Sandbox {
		p.Clock = &view.Clock{Now: s.app.Clock.Now()}
	}
	return p
}

// here is the page that the person sees: this one, or the one whose form was sent.
func here(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return "/"
	}
	return ownPath(from.RequestURI())
}

func viewConsole(c console.Console) view.Console {
	return view.Console{
		Name: c.Name, AccountID: string(c.AccountID), Href: "/c/" + string(c.AccountID), Suspended: c.State == console.Suspended,
	}
}

// initials are the first letters of the first two words of a name; of a Japanese name, its first character.
func initials(name string) string {
	var letters []rune
	start := true
	for _, c := range name {
		if c == ' ' || c == '\u3000' {
			start = true
			continue
		}
		if start {
			letters = append(letters, c)
			start = false
		}
		if len(letters) == 2 || c > 0x2e7f {
			break
		}
	}
	return string(letters)
}
