package web

import (
	"encoding/csv"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/customercsv"
	"psc/internal/web/view"
)

func (s *Server) operatorAuditRoutes(mux *routes) {
	mux.Handle("GET "+storiesPath, s.operator(s.stories))
	mux.Handle("GET "+storiesPath+"/download", s.operator(s.downloadStories))
}

const storiesPath = "/operator/audit"

// storyFields are the fields of the filter over all trails.
var storyFields = append([]string{"console", "event"}, auditFields...)

// storiesModel is one page of what happened everywhere, and what is asked for.
type storiesModel struct {
	refusal

	Asked   url.Values // the fields of the filter that are filled
	Stories []app.Story
	Pages   view.Pages
}

// stories shows what happened in all consoles, and to the vendor itself, the newest first.
func (s *Server) stories(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p := v.Page
	p.Title = p.T("nav.operator_audit")
	m := storiesModel{Asked: url.Values{}}
	for _, name := range storyFields {
		if value := r.FormValue(name); value != "" {
			m.Asked.Set(name, value)
		}
	}
	var more bool
	q, err := storyQuery(r, p)
	if err == nil {
		m.Stories, more, err = s.app.Stories(r.Context(), v.Actor, q, app.PageSize)
	}
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return storiesPage(p, m)
		})
	}
	m.Pages = view.Pages{Action: storiesPath, List: "list", Range: p.T("shell.rows", "Count", len(m.Stories))}
	if q.Before != "" {
		m.Pages.First = m.at(storiesPath, "")
	}
	if more {
		m.Pages.Next = m.at(storiesPath, m.Stories[len(m.Stories)-1].ID)
	}
	return s.show(w, r, storiesPage(p, m))
}

// at is the address of a page about what is asked for.
func (m storiesModel) at(path, before string) string {
	query := url.Values{}
	maps.Copy(query, m.Asked)
	if before != "" {
		query.Set("before", before)
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

func storyQuery(r *http.Request, p *view.Page) (q app.StoryQuery, err error) {
	q.AuditQuery, err = auditQuery(r, p)
	q.Console, q.Event = strings.TrimSpace(r.FormValue("console")), strings.TrimSpace(r.FormValue("event"))
	q.By, q.Customer = strings.TrimSpace(q.By), strings.TrimSpace(q.Customer)
	return q, err
}

// doer names who did it: people by name, whichever console they are of.
func doer(p *view.Page, e app.Event) string {
	if e.PersonName != "" {
		return e.PersonName
	}
	return who(p, e)
}

func storyTable(p *view.Page, list []app.Story) view.Table {
	t := view.Table{ID: "story", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("audit_page.what")},
		{Kind: view.TextColumn, Label: p.T("audit_page.who")},
		{Kind: view.TextColumn, Label: p.T("story_page.consoles")},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
	}}
	for _, s := range list {
		t.Rows = append(t.Rows, view.Row{ID: s.ID, Name: tellEvent(p, s.Event), Cells: []templ.Component{
			view.Words(tellEvent(p, s.Event), s.ID), view.Words(doer(p, s.Event), ""), storyConsoles(p, s), view.When(p, s.At),
		}})
	}
	return t
}

// downloadStories writes all events that are asked for as CSV. Instants are ISO 8601 in the time zone in which the person reads.
func (s *Server) downloadStories(w http.ResponseWriter, r *http.Request, v *Visit) error {
	q, err := storyQuery(r, v.Page)
	if err != nil {
		return err
	}
	file := &download{w: w, name: "audit.csv"}
	return s.downloaded(r, file, s.writeStories(r, v, q, file))
}

// writeStories begins the file when there is something for it, so that a refusal is a page.
func (s *Server) writeStories(r *http.Request, v *Visit, q app.StoryQuery, file *download) error {
	var out *csv.Writer
	begin := func() (err error) {
		if out != nil {
			return nil
		}
		if out, err = customercsv.NewWriter(file); err != nil {
			return err
		}
		return out.Write([]string{"event_id", "time", "by", "action", "event", "subject_id", "customer_id", "consoles", "console_count"})
	}
	for story, err := range s.app.AllStories(r.Context(), v.Actor, q) {
		if err == nil {
			err = begin()
		}
		if err != nil {
			return err
		}
		ids := make([]string, len(story.Consoles))
		for i, c := range story.Consoles {
			ids[i] = string(c.AccountID)
		}
		if err := out.Write([]string{
			story.ID, story.At.In(v.Page.Zone()).Format(time.RFC3339), customercsv.Guard(doer(v.Page, story.Event)), story.Action,
			customercsv.Guard(tellEvent(v.Page, story.Event)), story.Subject, story.CustomerID, strings.Join(ids, " "), strconv.FormatInt(story.Trails, 10),
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
