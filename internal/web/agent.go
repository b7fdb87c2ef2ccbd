package web

import (
	"strings"

	"psc/internal/web/view"
)

// What browsers and systems call themselves, and how people know them. The first that occurs counts: most browsers name
// those before them too.
var (
	browsers = []struct{ mark, name string }{
		{"Edg", "Microsoft Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = []struct{ mark, name string }{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"CrOS", "ChromeOS"},
		{"Windows", "Windows"},
		{"Mac OS", "macOS"},
		{"Linux", "Linux"},
	}
)

// agentName names a browser and its system by what the browser calls itself.
func agentName(p *view.Page, agent string) string {
	var names []string
	for _, list := range [][]struct{ mark, name string }{browsers, systems} {
		for _, of := range list {
			if strings.Contains(agent, of.mark) {
				names = append(names, of.name)
				break
			}
		}
	}
	if len(names) == 0 {
		return p.T("session.unknown")
	}
	return strings.Join(names, ", ")
}
