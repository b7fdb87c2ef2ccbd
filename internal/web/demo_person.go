package web

import (
	"strings"

	"psc/internal/app"
	"psc/internal/web/view"
)

// roleName names what the demo's person is.
func roleName(p *view.Page, d app.DemoPerson) string {
	if d.Operator || len(d.Consoles) == 0 {
		return p.T("me.operator")
	}
	return placeOf(p, d.Consoles[0].Membership)
}

// roleMay says in a sentence what the demo's person may do.
func roleMay(p *view.Page, d app.DemoPerson) string {
	switch {
	case d.Operator:
		return p.T("demo.may.operator")
	case len(d.Consoles) == 0:
		return p.T("demo.may.nothing")
	case len(d.Consoles) > 1:
		return p.T("demo.may.several_consoles")
	}
	return p.T("demo.may." + strings.ToLower(string(d.Consoles[0].Role)))
}

// demoStart is where the demo's person begins: its console, or the list of them.
func demoStart(d app.DemoPerson, back string) string {
	if back != "/" {
		return back
	}
	if len(d.Consoles) != 1 {
		return "/consoles"
	}
	return viewConsole(d.Consoles[0].Console).Href
}
