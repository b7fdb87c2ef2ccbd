package web

import (
	"net/http"
	"net/url"
	"strings"
)

// open are the addresses below a console that stay of use while it is suspended, though something is sent to them: reading, asking
// the vendor, what is one's own, and the pages that list besides having a form.
var open = map[string]bool{
	"POST /customers/columns": true, "POST /customers/export": true, "POST /customers/list": true,
	"POST /customers/filters": true, "POST /customers/filters/delete": true,
	"GET /customers/import": true, "GET /users/access": true, "GET /users/access/webhooks": true, "GET /users/access/webhooks/{webhook}": true,
	"GET /customers/{customer}/transfer-tokens": true, "GET /users/roles": true, "GET /unification": true, "GET /users/roles/{role}/edit": true,
	"GET /cases/new": true, "POST /cases/new": true, "POST /cases/{case}/act": true, "POST /cases/{case}/note": true, "POST /cases/{case}/reply": true,
	"GET /cases/{case}/undo": true, "POST /cases/{case}/undo": true, "POST /cases/{case}/undo/reject": true,
	"GET /migrations/{con}/preview": true, "POST /migrations/{con}/preview": true, "POST /migrations/{con}/complete/download": true,
	"GET /users/access/webhooks/{webhook}/remove": true, "POST /users/access/webhooks/{webhook}/remove": true,
	"GET /users/access/tokens/{token}/revoke": true, "POST /users/access/tokens/{token}/revoke": true,
	"POST /notices/read": true, "POST /notices/{notice}/read": true, "GET /help": true, "POST /help": true,
}

// forms are pages that are nothing but a form which is sent elsewhere.
var forms = map[string]bool{"GET /unification/add": true, "GET /users/access/new": true, "GET /users/roles/new": true, "GET /tokens/new": true}

// closing returns what of the routes a suspended console refuses: what is sent to it, and the pages that ask for it.
func closing(patterns []string) *http.ServeMux {
	const below = " /c/{account}"
	sent := map[string]bool{}
	for _, p := range patterns {
		if path, ok := strings.CutPrefix(p, "POST"+below); ok {
			sent[path] = true
		}
	}
	mux := http.NewServeMux()
	for _, p := range patterns {
		method, path, ok := strings.Cut(p, below)
		if name := method + " " + path; ok && path != "" && !open[name] && (forms[name] || sent[path]) {
			mux.Handle(p, http.NotFoundHandler())
		}
	}
	return mux
}

// closed reports whether a suspended console refuses what is sent to an address, or asked for there.
func (s *Server) closed(method, address string) bool {
	u, err := url.Parse(address)
	if err != nil || s.closing == nil {
		return false
	}
	_, pattern := s.closing.Handler(&http.Request{Method: method, URL: u, Host: u.Host})
	return pattern != ""
}
