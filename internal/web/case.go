package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/support"
	"psc/internal/web/view"
)

func (s *Server) caseRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/cases", s.console(s.cases))
	mux.Handle("GET /c/{account}/cases/new", s.console(s.newCase))
	mux.Handle("POST /c/{account}/cases/new", s.consoleUpload(s.openCase))
	mux.Handle("GET /c/{account}/cases/{case}", s.console(s.showCase))
	mux.Handle("POST /c/{account}/cases/{case}/reply", s.consoleUpload(s.writeCase((*app.App).ReplyCase)))
	mux.Handle("POST /c/{account}/cases/{case}/note", s.consoleUpload(s.writeCase((*app.App).NoteCase)))
	mux.Handle("POST /c/{account}/cases/{case}/act", s.console(s.actOnCase))
	mux.Handle("GET /c/{account}/cases/{case}/files/{file}", s.console(s.caseFile))
	mux.Handle("GET /operator/cases", s.operator(s.caseQueue))
}

// casesModel is a page of the console's cases.
type casesModel struct {
	Tab   app.CaseTab
	Cases []support.Case
	Pages view.Pages
	path  string
	all   []app.CaseTab
}

// caseTab reads which part of a list is asked for: the first unless another.
func caseTab(r *http.Request, tabs []app.CaseTab) app.CaseTab {
	if tab := app.CaseTab(r.FormValue("tab")); slices.Contains(tabs, tab) {
		return tab
	}
	return tabs[0]
}

func (s *Server) cases(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := casesModel{Tab: caseTab(r, app.CaseTabs), path: v.Page.At("/cases"), all: app.CaseTabs}
	before := r.FormValue("before")
	list, more, err := s.app.Cases(r.Context(), v.Actor, m.Tab, "", before, app.PageSize)
	if err != nil {
		return err
	}
	m.Cases = list
	m.Pages = m.pages(v.Page, "before", before, more, func() string { return list[len(list)-1].ID }, len(list))
	v.Page.Title = v.Page.T("nav.cases")
	return s.show(w, r, casesPage(v.Page, m))
}

// pages turns the pages of a list that goes on behind an ID.
func (m casesModel) pages(p *view.Page, name, place string, more bool, last func() string, n int) view.Pages {
	g := view.Pages{Action: m.path, List: "list", Range: p.T("shell.rows", "Count", n)}
	if place != "" {
		g.First = m.at(m.Tab)
	}
	if more {
		g.Next = m.at(m.Tab) + "&" + url.Values{name: {last()}}.Encode()
	}
	return g
}

func (m casesModel) at(tab app.CaseTab) string { return m.path + "?tab=" + string(tab) }

func (m casesModel) tabs(p *view.Page) (tabs []view.Tab) {
	for _, tab := range m.all {
		tabs = append(tabs, view.Tab{Href: m.at(tab), Label: p.T("case_tab." + string(tab)), Current: tab == m.Tab})
	}
	return tabs
}

// queueModel is a page of the operators' queue.
type queueModel struct {
	casesModel

	Queue []app.QueuedCase
}

func (s *Server) caseQueue(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := queueModel{casesModel: casesModel{Tab: caseTab(r, app.QueueTabs), path: "/operator/cases", all: app.QueueTabs}}
	after := r.FormValue("after")
	list, more, err := s.app.CaseQueue(r.Context(), v.Actor, m.Tab, after, app.PageSize)
	if err != nil {
		return err
	}
	m.Queue = list
	m.Pages = m.pages(v.Page, "after", after, more, func() string { return list[len(list)-1].ID }, len(list))
	v.Page.Title = v.Page.T("case_page.queue")
	return s.show(w, r, caseQueuePage(v.Page, m))
}

// newCaseModel is the form of a new case.
type newCaseModel struct {
	refusal

	app.NewCase
}

func (s *Server) newCase(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.SupportCases); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("case_page.new")
	m := newCaseModel{NewCase: app.NewCase{Customer: r.FormValue("customer"), Kind: support.Question}}
	return s.show(w, r, newCasePage(v.Page, m))
}

func (s *Server) openCase(w http.ResponseWriter, r *http.Request, v *Visit) error {
	files, err := caseFiles(w, r)
	in := app.NewCase{
		Kind: support.Kind(r.PostFormValue("kind")), Title: r.PostFormValue("title"), Customer: r.PostFormValue("customer"),
		Text: r.PostFormValue("text"), Files: files,
	}
	var c support.Case
	if err == nil {
		c, err = s.app.OpenCase(r.Context(), v.Actor, in)
	}
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			v.Page.Title = v.Page.T("case_page.new")
			return newCasePage(v.Page, newCaseModel{bad, in})
		})
	}
	return s.done(w, r, casePath(v.Page, c.ID), v.Page.T("case_page.opened", "Case", c.Reference(v.Console.AccountID)))
}

func casePath(p *view.Page, id string) string { return p.At("/cases/" + id) }

// maxCase is how much of a message with its files is read.
const maxCase = support.FilesLimit*support.FileLimit + maxForm

// caseFiles reads the form of a message, and its files into memory.
func caseFiles(w http.ResponseWriter, r *http.Request) (files []support.File, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxCase)
	if err := r.ParseMultipartForm(uploadInMemory); err != nil && !errors.Is(err, http.ErrNotMultipart) { //nolint:gosec // it is limited above
		if tooLarge(err) {
			return nil, fault.InvalidField("files", "case.file_large", fault.Args{"File": "–", "Megabytes": support.FileLimit >> 20})
		}
		return nil, fault.Wrap(err, fault.Invalid, "web.unreadable", nil)
	}
	if err := readableForm(r); err != nil || r.MultipartForm == nil {
		return nil, err
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // what stays behind is in the folder for temporary files
	for _, head := range r.MultipartForm.File["files"] {
		if head.Size == 0 && head.Filename == "" {
			continue
		}
		file, err := head.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(io.LimitReader(file, support.FileLimit+1))
		_ = file.Close() // it was only read
		if err != nil {
			return nil, err
		}
		files = append(files, support.File{Name: head.Filename, Bytes: content})
	}
	return files, nil
}

// caseModel is one case, with the form of a reply that was refused.
type caseModel struct {
	refusal
	app.CaseThread

	Decides bool   // an operator, who decides what the case asks for
	Form    string // which form was refused
	Text    string // what it said
}

func (m caseModel) reference() string { return m.Reference(m.Console.AccountID) }

func (s *Server) caseModel(r *http.Request, v *Visit) (m caseModel, err error) {
	if m.CaseThread, err = s.app.Case(r.Context(), v.Actor, r.PathValue("case")); err != nil {
		return m, err
	}
	m.Decides = v.Actor.Operator
	v.Page.Title = m.title(v.Page)
	return m, nil
}

func (s *Server) showCase(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.caseModel(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, casePage(v.Page, m))
}

// writeCase adds a message to a case by the use case.
func (s *Server) writeCase(write caseWriter) handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		files, err := caseFiles(w, r)
		id, text := r.PathValue("case"), r.PostFormValue("text")
		if err == nil {
			err = write(s.app, r.Context(), v.Actor, id, text, files)
		}
		if err != nil {
			m, unknown := s.caseModel(r, v)
			if unknown != nil {
				return unknown
			}
			m.Text, m.Form = text, r.PostFormValue("form")
			return s.again(w, r, v, err, func(bad refusal) templ.Component {
				m.refusal = bad
				return casePage(v.Page, m)
			})
		}
		return s.done(w, r, casePath(v.Page, id), v.Page.T("case_page.sent"))
	}
}

func (s *Server) actOnCase(w http.ResponseWriter, r *http.Request, v *Visit) error {
	id, action := r.PathValue("case"), support.Action(r.PostFormValue("action"))
	if err := s.app.ActOnCase(r.Context(), v.Actor, id, action); err != nil {
		return err
	}
	return s.done(w, r, casePath(v.Page, id), v.Page.T("case_page."+string(action)+"_done"))
}

// caseFile hands a file out as a file: a browser that shows it instead would run in our name what is in it.
func (s *Server) caseFile(w http.ResponseWriter, r *http.Request, v *Visit) error {
	f, err := s.app.CaseFile(r.Context(), v.Actor, r.PathValue("case"), r.PathValue("file"))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Length", strconv.Itoa(len(f.Bytes)))
	_, _ = w.Write(f.Bytes) // fails if the client did not wait
	return nil
}
