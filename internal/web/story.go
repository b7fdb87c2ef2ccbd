package web

import (
	"strconv"
	"time"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/web/view"
)

// tell says in a sentence what a notice or an event of the audit trail holds. Instants, counts and roles, which are
// stored as text, are written by the reader's custom.
func tell(p *view.Page, key string, data map[string]string) string {
	args := make([]any, 0, 2*len(data))
	for name, text := range data {
		var value any = text
		switch name {
		case "Role":
			value = roleOf(p, console.Role(text), data["RoleName"])
		case "ExpiresAt", "Until":
			if t, err := time.Parse(time.RFC3339, text); err == nil {
				value = t
			}
		case "Date":
			if d, err := civil.Parse(text); err == nil {
				value = d
			}
		case "Count", "Done", "Returned", "Total":
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				value = n
			}
		}
		args = append(args, name, value)
	}
	return p.T(key, args...)
}

// tellEvent says what an event of the audit trail is about.
func tellEvent(p *view.Page, e app.Event) string { return tell(p, "audit."+e.Action, e.Data) }

// tellNotice says what a notice is about.
func tellNotice(p *view.Page, n app.Notice) string { return tell(p, "notice."+n.Kind, n.Data) }

// who names who did it, as this console may know: own people by name, the other side as such (spec section 7).
func who(p *view.Page, e app.Event) string {
	if e.Side == app.SideOwn {
		return e.PersonName
	}
	return p.T("side." + string(e.Side))
}

// roleOf names a role; own is the name of one that a console has made, and an empty role that of an operator, who needs none.
func roleOf(p *view.Page, role console.Role, own string) string {
	switch {
	case own != "":
		return own
	case role == "":
		return p.T("me.operator")
	}
	return p.T("role." + string(role))
}

// placeOf names the role of somebody's place in a console.
func placeOf(p *view.Page, m console.Membership) string { return roleOf(p, m.Role, m.Custom.Name) }
