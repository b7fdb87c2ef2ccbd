package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"psc/internal/app"
	"psc/internal/web/view"
)

// listQuery is what the address of a list says: what is searched for, and which page of it.
type listQuery struct {
	Search string
	Page   app.Page
}

// maxSearch is how much of a search is read.
const maxSearch = 200

// readList reads q, size, after and before. What is not understood is as if it were not there.
func readList(r *http.Request) listQuery {
	q := listQuery{Search: clip(strings.TrimSpace(r.FormValue("q")), maxSearch), Page: app.Page{Limit: app.PageSize}}
	if n, err := strconv.Atoi(r.FormValue("size")); err == nil && slices.Contains(app.PageSizes, n) {
		q.Page.Limit = n
	}
	q.Page.After, q.Page.Before = readCursor(r.FormValue("after")), readCursor(r.FormValue("before"))
	return q
}

func clip(s string, most int) string {
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most])
	}
	return s
}

// writeCursor writes a place in a list for an address; empty for the beginning.
func writeCursor(c app.Cursor) string {
	if c == (app.Cursor{}) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(c.SortName + "\x00" + c.ID))
}

func readCursor(text string) app.Cursor {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	name, id, ok := strings.Cut(string(raw), "\x00")
	if err != nil || !ok || !readable(name) || !readable(id) {
		return app.Cursor{}
	}
	return app.Cursor{SortName: name, ID: id}
}

// walk is one page of a list, and what is around it.
type walk struct {
	Path        string     // of the list, without query
	Keep        url.Values // what else the address says: tab, search
	List        string     // the id of the list that the answer replaces
	First, Last app.Cursor // of the rows shown
	Previous    bool
	Next        bool
	Shown       int
	Total       int // up to app.CountLimit
}

// pages returns the pager of the list.
func (q listQuery) pages(p *view.Page, k walk) view.Pages {
	size := strconv.Itoa(q.Page.Limit)
	at := func(name string, c app.Cursor) string {
		query := url.Values{"size": {size}}
		for key, values := range k.Keep {
			query[key] = values
		}
		if name != "" {
			query.Set(name, writeCursor(c))
		}
		return k.Path + "?" + query.Encode()
	}
	pages := view.Pages{
		Action: k.Path, Keep: hidden(k.Keep), Size: q.Page.Limit, List: k.List,
		Range: p.T("list.range", "Shown", k.Shown, "Total", p.AtMost(int64(k.Total), app.CountLimit-1)),
	}
	if k.Total > app.PageSizes[0] {
		pages.Sizes = app.PageSizes
	}
	if k.Previous {
		pages.First, pages.Previous = at("", app.Cursor{}), at("before", k.First)
	}
	if k.Next {
		pages.Next = at("after", k.Last)
	}
	return pages
}

// hidden writes a query as hidden fields, in the order of their names.
func hidden(values url.Values) []view.Hidden {
	var fields []view.Hidden
	for name, all := range values {
		for _, value := range all {
			fields = append(fields, view.Hidden{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(fields, func(a, b view.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return fields
}
