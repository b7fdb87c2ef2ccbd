package web

import "net/http"

func (s *Server) accountRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/account", s.console(s.account))
}

// account shows what names the console, its account ID above all (spec C1).
func (s *Server) account(w http.ResponseWriter, r *http.Request, v *Visit) error {
	v.Page.Title = v.Page.T("nav.account")
	return s.show(w, r, accountPage(v))
}
