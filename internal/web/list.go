package web

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"psc/internal/app"
	"psc/internal/web/view"
)

// listing is what the address of a list says: what is searched for, which page of it, and how long a page is. What
// else the address carries (a tab, a filter) is kept when pages are turned.
type listing struct {
	ID     string // of the view.ListCard
	Search string
	Page   app.Page

	path string
	keep url.Values // q, size and the named others, where they are set
}

// readListing reads the address of a page's list; keep names what else its query may carry.
func readListing(r *http.Request, keep ...string) listing {
	query := r.URL.Query()
	l := listing{ID: "list", Search: strings.TrimSpace(query.Get("q")), path: r.URL.Path, keep: url.Values{}}
	for _, name := range append(keep, "q", "size") {
		if value := query.Get(name); value != "" {
			l.keep.Set(name, value)
		}
	}
	l.Page = app.Page{After: readCursor(query.Get("after")), Before: readCursor(query.Get("before")), Limit: app.PageSize}
	if n, err := strconv.Atoi(query.Get("size")); err == nil && slices.Contains(app.PageSizes, n) {
		l.Page.Limit = n
	}
	return l
}

// with returns the address of the list's first page with one value of its query changed; empty removes it.
func (l listing) with(name, value string) string {
	query := url.Values{}
	maps.Copy(query, l.keep)
	query.Set(name, value)
	if value == "" {
		query.Del(name)
	}
	if len(query) == 0 {
		return l.path
	}
	return l.path + "?" + query.Encode()
}

// without returns the address of the list's first page without these values of its query.
func (l listing) without(names ...string) string {
	kept := l
	kept.keep = maps.Clone(l.keep)
	for _, name := range names {
		kept.keep.Del(name)
	}
	return kept.with("", "")
}

// hidden are the kept values as form fields, but for those that the form has itself.
func (l listing) hidden(but ...string) []view.Hidden {
	var fields []view.Hidden
	for name, values := range l.keep {
		if !slices.Contains(but, name) {
			fields = append(fields, view.Hidden{Name: name, Value: values[0]})
		}
	}
	slices.SortFunc(fields, func(a, b view.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// search is the list's search box.
func (l listing) search(label, hint string) view.SearchBox {
	return view.SearchBox{Action: l.path, Value: l.Search, Label: label, Hint: hint, Keep: l.hidden("q"), List: l.ID}
}

// pager turns the pages of the list; place returns where a row stands in its order.
func pager[T any](p *view.Page, l listing, list app.List[T], place func(T) app.Cursor) view.Pages {
	g := view.Pages{
		Action: l.path, Keep: l.hidden("size"), Size: l.Page.Limit, Sizes: app.PageSizes, List: l.ID,
		Range: p.T("shell.rows", "Count", len(list.Rows)),
	}
	if n := len(list.Rows); n > 0 {
		if list.HasPrevious {
			g.First = l.with("after", "")
			g.Previous = l.with("before", writeCursor(place(list.Rows[0])))
		}
		if list.HasNext {
			g.Next = l.with("after", writeCursor(place(list.Rows[n-1])))
		}
	}
	return g
}

// A cursor stands in an address as its ID and sort name. One that nobody of us wrote is the start of the list.
func writeCursor(c app.Cursor) string {
	return c.ID + "." + base64.RawURLEncoding.EncodeToString([]byte(c.SortName))
}

func readCursor(s string) app.Cursor {
	id, name, _ := strings.Cut(s, ".")
	b, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil || id == "" || !readable(string(b)) {
		return app.Cursor{}
	}
	return app.Cursor{SortName: string(b), ID: id}
}
