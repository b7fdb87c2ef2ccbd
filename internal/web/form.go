package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"psc/internal/fault"
	"psc/internal/web/view"
)

// How much of a body is read.
const (
	maxForm   = 1 << 20
	maxUpload = 128 << 20
)

// readForm reads the form of a request, or leaves it to the handler.
type readForm func(http.ResponseWriter, *http.Request) error

// fileForm leaves a form with a file to the handler, and limits its length.
func fileForm(w http.ResponseWriter, r *http.Request) error {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
		return nil
	}
	return wholeForm(w, r)
}

// wholeForm reads the form, and refuses text that no database takes.
func wholeForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if tooLarge(err) {
			return fault.New(fault.TooLarge, "fault.too_large", nil)
		}
		return fault.Wrap(err, fault.Invalid, "web.unreadable", nil)
	}
	return readableForm(r)
}

// readableForm refuses a parsed form with text that no database takes.
func readableForm(r *http.Request) error {
	if !readable(r.URL.Path) {
		return fault.New(fault.NotFound, "fault.not_found", nil)
	}
	for _, values := range r.Form {
		for _, value := range values {
			if !readable(value) {
				return fault.New(fault.Invalid, "web.unreadable", nil)
			}
		}
	}
	return nil
}

func readable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func tooLarge(err error) bool {
	var e *http.MaxBytesError
	return errors.As(err, &e)
}

// refusal is what a form that was refused shows: all that is wrong, and what is wrong with each field. The zero value
// is a form that nobody has sent yet.
type refusal struct {
	Problems []view.Problem
	fields   map[string]string
}

// Of returns what is wrong with the field of that name; empty if nothing is.
func (f refusal) Of(field string) string { return f.fields[field] }

// named puts the fields' labels before what is wrong with them, for messages that do not say which field they mean.
func (f refusal) named(fields []view.Input) refusal {
	for i, problem := range f.Problems {
		for _, field := range fields {
			if field.Name == problem.Field {
				f.Problems[i].Text = field.Label + ": " + problem.Text
			}
		}
	}
	return f
}

func newRefusal(p *view.Page, e *fault.Error) refusal {
	f := refusal{fields: map[string]string{}}
	for _, field := range e.Fields {
		text := p.Field(field)
		f.fields[field.Name] = text
		f.Problems = append(f.Problems, view.Problem{Field: field.Name, Text: text})
	}
	if len(f.Problems) == 0 {
		f.Problems = []view.Problem{{Text: p.Fault(e)}}
	}
	return f
}

// returnPath is where a form asks to go back to: a path of ours, or else the start page.
func returnPath(r *http.Request) string { return ownPath(r.FormValue("return")) }

// backOr is where a form that was asked to go back somewhere does, else the usual place.
func backOr(r *http.Request, usual string) string {
	if r.FormValue("return") == "" {
		return usual
	}
	return returnPath(r)
}

// ownPath returns path if it leads to a page of ours, else the start page.
func ownPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n") {
		return "/"
	}
	return path
}
