package web

import (
	"encoding/csv"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) auditRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/audit", s.console(s.audit))
	mux.Handle("GET /c/{account}/audit/download", s.console(s.downloadAudit))
}

// auditModel is one page of the trail, and what it is asked for.
type auditModel struct {
	refusal

	People []app.Member
	Asked  url.Values // the fields of the filter that are filled
	Events []app.Event
	Pages  view.Pages
}

// auditFields are the fields of the filter.
var auditFields = []string{"topic", "by", "customer", "from", "until"}

// audit shows what happened in the console, the newest first.
func (s *Server) audit(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p := v.Page
	p.Title = p.T("nav.audit")
	m := auditModel{Asked: url.Values{}}
	for _, name := range auditFields {
		if value := r.FormValue(name); value != "" {
			m.Asked.Set(name, value)
		}
	}
	var err error
	if m.People, err = s.app.Members(r.Context(), v.Actor); err != nil {
		return err
	}
	var more bool
	q, err := auditQuery(r, p)
	if err == nil {
		m.Events, more, err = s.app.AuditTrail(r.Context(), v.Actor, q, app.PageSize)
	}
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return auditPage(p, m)
		})
	}
	m.Pages = view.Pages{Action: p.At("/audit"), List: "list", Range: p.T("shell.rows", "Count", len(m.Events))}
	if q.Before != "" {
		m.Pages.First = m.at(p, "/audit", "")
	}
	if more {
		m.Pages.Next = m.at(p, "/audit", m.Events[len(m.Events)-1].ID)
	}
	return s.show(w, r, auditPage(p, m))
}

// at is the address of a page about what is asked for.
func (m auditModel) at(p *view.Page, path, before string) string {
	query := url.Values{}
	maps.Copy(query, m.Asked)
	if before != "" {
		query.Set("before", before)
	}
	if len(query) == 0 {
		return p.At(path)
	}
	return p.At(path) + "?" + query.Encode()
}

// auditQuery reads the filter. Its dates, both inclusive, are days in the time zone in which the person reads.
func auditQuery(r *http.Request, p *view.Page) (app.AuditQuery, error) {
	q := app.AuditQuery{
		Topic: r.FormValue("topic"), By: r.FormValue("by"), Customer: r.FormValue("customer"), Before: r.FormValue("before"),
	}
	for name, set := range map[string]func(civil.Date){
		"from":  func(d civil.Date) { q.From = d.Start(p.Zone()) },
		"until": func(d civil.Date) { q.Until = (d + 1).Start(p.Zone()) },
	} {
		typed := r.FormValue(name)
		if typed == "" {
			continue
		}
		d, err := civil.Parse(typed)
		if err != nil {
			return q, fault.InvalidField(name, "audit_filter.date", nil)
		}
		set(d)
	}
	return q, nil
}

func auditTable(p *view.Page, list []app.Event) view.Table {
	t := view.Table{ID: "event", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("audit_page.what")},
		{Kind: view.TextColumn, Label: p.T("audit_page.who")},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
	}}
	for _, e := range list {
		t.Rows = append(t.Rows, view.Row{ID: e.ID, Name: tellEvent(p, e), Cells: []templ.Component{
			view.Words(tellEvent(p, e), ""), view.Words(who(p, e), ""), view.When(p, e.At),
		}})
	}
	return t
}

// downloadAudit writes all events that are asked for as CSV. Instants are ISO 8601 in the time zone in which the person reads.
func (s *Server) downloadAudit(w http.ResponseWriter, r *http.Request, v *Visit) error {
	q, err := auditQuery(r, v.Page)
	if err != nil {
		return err
	}
	file := &download{w: w, name: "audit.csv"}
	return s.downloaded(r, file, s.writeAudit(r, v, q, file))
}

// writeAudit begins the file when there is something for it, so that a refusal is a page.
func (s *Server) writeAudit(r *http.Request, v *Visit, q app.AuditQuery, file *download) error {
	var out *csv.Writer
	begin := func() (err error) {
		if out != nil {
			return nil
		}
		if out, err = customercsv.NewWriter(file); err != nil {
			return err
		}
		return out.Write([]string{"event_id", "time", "by", "action", "event", "subject_id", "customer_id"})
	}
	for e, err := range s.app.AuditEvents(r.Context(), v.Actor, q) {
		if err == nil {
			err = begin()
		}
		if err != nil {
			return err
		}
		if err := out.Write([]string{
			e.ID, e.At.In(v.Page.Zone()).Format(time.RFC3339), customercsv.Guard(who(v.Page, e)), e.Action,
			customercsv.Guard(tellEvent(v.Page, e)), e.Subject, e.CustomerID,
		}); err != nil {
			return err
		}
	}
	if err := begin(); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
