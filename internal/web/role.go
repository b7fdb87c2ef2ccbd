package web

import (
	"psc/internal/app"
	"psc/internal/web/view"
)

// roleName names what the demo's person is.
func roleName(p *view.Page, d app.DemoPerson) string {
	if d.Role == "" {
		return p.T("me.operator")
	}
	return p.T("role." + string(d.Role))
}

// roleMay says in a sentence what the demo's person may do.
func roleMay(p *view.Page, d app.DemoPerson) string {
	if d.Role == "" {
		return p.T("role_may.OPERATOR")
	}
	return p.T("role_may." + string(d.Role))
}

// demoStart is where the demo's person begins: the console it was chosen in.
func demoStart(d app.DemoPerson) string {
	if d.Console.ID == "" {
		return "/consoles"
	}
	return viewConsole(d.Console).Href
}
