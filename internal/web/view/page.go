// Package view draws pages: the frame around every page, and the parts that pages are made of. It shows
// what it is given, in words of the catalogue; it decides nothing and loads nothing.
//
// A page is a templ component that calls Layout with a *Page and puts its parts inside:
//
//	@view.Layout(p) {
//		@view.Head(p, view.Heading{Title: p.Title, Lead: p.T("customer.lead")}) {
//			@view.Action(p, view.Button{Text: p.T("button.add"), Icon: "add", Look: view.Filled, Href: p.At("/customers/new")})
//		}
//		@view.ListCard("list", p.T("nav.customers")) { tabs, toolbar, DataTable, Pages }
//	}
//
// Everything works without JavaScript, without the icon sprite and without the webfont. With htmx, links
// and forms that carry Into(href, id) replace the element of that id by the same element of the page that
// the server answers with, so a handler always renders the whole page and need not know who asks.
package view

import (
	"time"

	"github.com/a-h/templ"

	"psc/internal/i18n"
)

// Page is what the frame needs to know about the request. Its Speaker puts T, Num, Date, When and Money at
// every page's hand, with instants in the person's zone.
type Page struct {
	*i18n.Speaker

	Title  string              // names the page in the browser's tab; Head shows the same words
	Path   string              // path and query of this page: where preferences and the clock return to
	Theme  string              // "light", "dark", or "" for the device's choice
	Assets func(string) string // the URL of a static file; "" if the build does not have it

	Person      *Person                           // who is signed in; nil on public pages
	Console     *Console                          // whose pages these are; nil outside a console
	Consoles    []Console                         // those the person may switch to, the present one included
	Nav         []NavItem                         // what the person's privileges open
	Notices     int                               // how many are unread
	Clock       *Clock                            // the sandbox's; nil in production
	Closed      func(method, address string) bool // what the console refuses while it is suspended; nil: nothing
	Flash       *Flash                            // what the last request has to say
	BillingZone string                            // the zone of billing dates, as the installation names it
}

// At returns the path of a page of the present console: At("/customers") is /c/C1234abcd/customers.
func (p *Page) At(path string) string {
	if p.Console == nil {
		return path
	}
	return p.Console.Href + path
}

// has reports whether the build has a static file.
func (p *Page) has(asset string) bool { return p.Assets(asset) != "" }

// Person is the one who is signed in.
type Person struct {
	Name     string
	Initials string // one or two characters for the avatar
	Email    string
	Role     string // in words; "" outside a console
	Operator bool
}

// Console is a console as the frame names it.
type Console struct {
	Name      string
	AccountID string
	Href      string // the prefix of its pages: /c/C1234abcd
	Suspended bool   // it can be read only
}

// NavItem is one entry of the main navigation.
type NavItem struct {
	Href    string
	Icon    string
	Label   string
	Count   int // shown when not zero
	Current bool
	Away    bool // opens beside: pages that do not lead back
}

// Clock is the sandbox's clock. The strip posts to /sandbox/clock with "to" (day, week, month) and "return".
type Clock struct {
	Now  time.Time
	Move bool // whether the person may move it
}

// Flash is a message that is shown once.
type Flash struct {
	Tone  Tone
	Title string
	Text  string
}

// Tone is what a chip or a banner wants to say before it is read.
type Tone string

// The tones.
const (
	OK    Tone = "ok"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
	Info  Tone = "info"
	Muted Tone = "muted"
)

// icon returns the tone's own icon, so that no meaning hangs on colour alone.
func (t Tone) icon() string {
	switch t {
	case OK:
		return "check_circle"
	case Warn:
		return "warning"
	case Bad:
		return "error"
	case Info:
		return "info"
	case Muted:
		return "remove"
	}
	return ""
}

// Hidden is a hidden form field.
type Hidden struct{ Name, Value string }

// Into makes a link or a form replace the element with the id by that of the answer, and put href into the
// address bar. Spread it over a link that has the same href, or over a form.
func Into(href, id string) templ.Attributes {
	return templ.Attributes{
		"hx-get": href, "hx-target": "#" + id, "hx-select": "#" + id, "hx-swap": "outerHTML", "hx-push-url": "true",
	}
}

// htmxConfig keeps htmx within the content security policy, its history out of local storage, and shows
// what the server says when it refuses.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,` +
	`"scrollBehavior":"auto","timeout":20000,"responseHandling":[{"code":"204","swap":false},{"code":"[2345]..","swap":true}]}`

// themes lists the choices of appearance: the form's value and the message that names it.
var themes = []struct{ value, key string }{
	{"", "me.theme_auto"},
	{"light", "me.theme_light"},
	{"dark", "me.theme_dark"},
}

// zoneNames are the zones that the person menu offers; a person's own zone is offered too.
var zoneNames = []string{
	"Asia/Tokyo", "Asia/Singapore", "Asia/Kolkata", "Europe/Berlin", "Europe/London", "America/New_York",
	"America/Chicago", "America/Los_Angeles", "Australia/Sydney", "UTC",
}

// Zones returns the names to choose from, the present one first if it is none of ours.
func (p *Page) Zones() []string {
	for _, name := range zoneNames {
		if name == p.Zone().String() {
			return zoneNames
		}
	}
	return append([]string{p.Zone().String()}, zoneNames...)
}
