package web

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/fault"
	"psc/internal/web/view"
)

// statuses is how a failure of each kind is answered.
var statuses = map[fault.Kind]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.NotFound:        http.StatusNotFound,
	fault.Forbidden:       http.StatusForbidden,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Conflict:        http.StatusConflict,
	fault.Precondition:    http.StatusConflict,
	fault.Limited:         http.StatusTooManyRequests,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Internal:        http.StatusInternalServerError,
}

// statusGone is what the log says of a request whose client did not wait.
const statusGone = 499

// show answers with a page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, page templ.Component) error {
	return s.render(w, r, http.StatusOK, page)
}

// render draws the page whole before anything is sent, so that one that cannot be drawn is still answered.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(r.Context(), &b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "HX-Request")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // fails if the client did not wait; the answer has begun and cannot be another
	return nil
}

// to answers a form with the page that comes next.
func (s *Server) to(w http.ResponseWriter, r *http.Request, path string) error {
	//nolint:gosec,nolintlint // path is ours, or what returnPath lets through; the linter does not find it each time
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// done is to, with a message of success on that page.
func (s *Server) done(w http.ResponseWriter, r *http.Request, path, message string) error {
	s.flash(r, view.OK, message, "")
	return s.to(w, r, path)
}

// confirmedField says that the question about a form was answered.
const confirmedField = "confirmed"

// sentAgain are the fields of a form that was posted, for the answer to the question about it.
func sentAgain(r *http.Request) (fields []view.Hidden) {
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, value := range r.PostForm[name] {
			fields = append(fields, view.Hidden{Name: name, Value: value})
		}
	}
	return append(fields, view.Hidden{Name: confirmedField, Value: "1"})
}

// again draws the page of a refused form again, with what was wrong. A defect, and what is no matter of the form,
// goes on to the page about errors.
func (s *Server) again(
	w http.ResponseWriter, r *http.Request, v *Visit, err error, page func(refusal) templ.Component,
) error {
	f := fault.As(err)
	if f == nil || f.Kind == fault.Internal || f.Kind == fault.NotFound || f.Kind == fault.Forbidden {
		return err
	}
	return s.render(w, r, statuses[f.Kind], page(newRefusal(v.Page, f)))
}

// fail answers with the page about an error. Of a defect it tells only the number under which the log has it.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, p *view.Page, err error) {
	ctx := r.Context()
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		w.WriteHeader(statusGone)
		return
	}
	f := fault.As(err)
	if f == nil && tooLarge(err) {
		f = fault.New(fault.TooLarge, "fault.too_large", nil)
	}
	kind := fault.Internal
	if f != nil {
		kind = f.Kind
	}
	if kind == fault.Unauthenticated {
		s.askToSignIn(w, r)
		return
	}
	reference := ""
	if kind == fault.Internal {
		reference = number(r)
		s.log.ErrorContext(ctx, "request failed", "number", reference, "method", r.Method, "path", loggable(r.URL.Path), "error", err)
	}
	if partial(r) { // the part that was asked for becomes the whole page about the error
		h := w.Header()
		h.Set("HX-Retarget", "#main")
		h.Set("HX-Reselect", "#main")
		h.Set("HX-Reswap", "outerHTML")
		h.Set("HX-Push-Url", "false")
	}
	p.Title = p.T("fault_title." + strings.ToLower(string(kind)))
	if err := s.render(w, r, statuses[kind], errorPage(p, p.Fault(f), reference, cameFrom(r))); err != nil {
		s.log.ErrorContext(ctx, "page about an error failed", "number", number(r), "error", err)
		plain(w, http.StatusInternalServerError, http.StatusText(http.StatusInternalServerError))
	}
}

// cameFrom is the page of ours from which something was asked for that cannot be shown; empty: none, or the browser does not tell.
func cameFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || from.Path == "" || r.Method == http.MethodGet && from.RequestURI() == r.URL.RequestURI() {
		return ""
	}
	return ownPath(from.RequestURI())
}

// partial reports whether a script of the page asks, for a part of it.
func partial(r *http.Request) bool { return r.Header.Get("HX-Request") != "" }

// askToSignIn leads to the sign-in page, and from there back to a page that was asked for.
func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request) {
	path := "/sign-in"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		path += "?" + url.Values{"return": {r.URL.RequestURI()}}.Encode()
	}
	if r.Method != http.MethodGet { // no session for it: anybody can send forms
		path += "?ended=1"
	}
	if partial(r) {
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
}

// nowhere answers for a path that no page has.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request) {
	h := s.person(func(http.ResponseWriter, *http.Request, *Visit) error {
		return fault.New(fault.NotFound, "fault.not_found", nil)
	})
	h.ServeHTTP(w, r)
}
