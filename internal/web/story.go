package web

import (
	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

// tellEvent says what an event of the audit trail is about.
func tellEvent(p *view.Page, e app.Event) string { return p.Tell("audit."+e.Action, e.Data) }

// tellNotice says what a notice is about.
func tellNotice(p *view.Page, n app.Notice) string { return p.Tell("notice."+n.Kind, n.Data) }

// who names who did it, as this console may know: own people by name, the other side as such (spec section 7).
func who(p *view.Page, e app.Event) string {
	if e.Side == app.SideOwn {
		return e.PersonName
	}
	return p.T("side." + string(e.Side))
}

// roleOf names a role; own is the name of one that a console has made, and an empty role that of an operator, who needs none.
func roleOf(p *view.Page, role console.Role, own string) string {
	return p.RoleName(string(role), own)
}

// placeOf names the role of somebody's place in a console.
func placeOf(p *view.Page, m console.Membership) string { return roleOf(p, m.Role, m.Custom.Name) }
