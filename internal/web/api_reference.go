package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"psc/internal/apidoc"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) apiReferenceRoutes(mux *routes) {
	mux.Handle("GET /api", s.anybody(s.apiReference))
	mux.Handle("GET /api/{service}", s.anybody(s.apiService))
}

// apiReference tells how programs call the product, and with what.
func (s *Server) apiReference(w http.ResponseWriter, r *http.Request, v *Visit) error {
	services, err := apidoc.Services()
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("api_page.title")
	return s.show(w, r, apiReferencePage(v.Page, s.config.BaseURL.String(), services))
}

// apiService lists the methods of one service, and what they take and give.
func (s *Server) apiService(w http.ResponseWriter, r *http.Request, v *Visit) error {
	services, err := apidoc.Services()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(services, func(service apidoc.Service) bool { return service.Name == r.PathValue("service") })
	if i < 0 {
		return fault.New(fault.NotFound, "fault.not_found", nil)
	}
	v.Page.Title = services[i].Name
	return s.show(w, r, apiServicePage(v.Page, services[i]))
}

// apiFailures are the kinds of failures, as programs are told them.
var apiFailures = []struct {
	kind   string
	status int
}{
	{"INVALID_ARGUMENT", http.StatusBadRequest},
	{"UNAUTHENTICATED", http.StatusUnauthorized},
	{"PERMISSION_DENIED", http.StatusForbidden},
	{"NOT_FOUND", http.StatusNotFound},
	{"ABORTED", http.StatusConflict},
	{"FAILED_PRECONDITION", http.StatusBadRequest},
	{"RESOURCE_EXHAUSTED", http.StatusTooManyRequests},
	{"INTERNAL", http.StatusInternalServerError},
}

func apiFailureTable(p *view.Page) view.Table {
	t := view.Table{ID: "failure", Caption: p.T("api_page.errors"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("api_page.status")}, {Label: "HTTP"}, {Label: p.T("api_page.meaning")},
	}}
	for _, f := range apiFailures {
		t.Rows = append(t.Rows, view.Row{ID: f.kind, Name: f.kind, Cells: []templ.Component{
			apiCode(f.kind), view.Words(strconv.Itoa(f.status), ""), view.Words(p.T("api_page.failure."+f.kind), ""),
		}})
	}
	return t
}

func apiServiceTable(p *view.Page, services []apidoc.Service) view.Table {
	t := view.Table{ID: "service", Caption: p.T("api_page.services"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("api_page.service")}, {Label: p.T("api_page.does")},
	}}
	for _, s := range services {
		t.Rows = append(t.Rows, view.Row{ID: s.Name, Name: s.Name, Cells: []templ.Component{
			view.NameLink("/api/"+s.Name, s.Name, ""), apiEnglish(s.Text),
		}})
	}
	return t
}

func apiFieldTable(p *view.Page, id, caption string, fields []apidoc.Field) view.Table {
	t := view.Table{ID: id, Caption: caption, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("api_page.field")}, {Label: p.T("api_page.type")}, {Label: p.T("api_page.meaning")},
	}}
	for _, f := range fields {
		t.Rows = append(t.Rows, view.Row{ID: f.Name, Name: f.Name, Cells: []templ.Component{
			apiCode(f.Name), apiType(f), apiFieldText(p, f),
		}})
	}
	return t
}
