package web

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"psc/internal/app"
)

func TestAListSurvivesAnyAddress(t *testing.T) {
	t.Parallel()
	place := app.Cursor{SortName: "株式会社 a&b", ID: "cus_1"}
	for name, c := range map[string]struct {
		query url.Values
		want  app.Page
	}{
		"nothing":      {nil, app.Page{Limit: app.PageSize}},
		"a page":       {url.Values{"size": {"200"}, "after": {writeCursor(place)}}, app.Page{Limit: 200, After: place}},
		"the way back": {url.Values{"before": {writeCursor(place)}}, app.Page{Limit: app.PageSize, Before: place}},
		"nonsense":     {url.Values{"size": {"1000000"}, "after": {"%%"}, "before": {"YWJj"}}, app.Page{Limit: app.PageSize}},
	} {
		r := httptest.NewRequest("GET", "/?"+c.query.Encode(), nil)
		if got := readList(r).Page; got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	r := httptest.NewRequest("GET", "/?q="+strings.Repeat("x", 5000), nil)
	if got := readList(r).Search; len(got) != maxSearch {
		t.Errorf("a search of %d characters is read", len(got))
	}
}
