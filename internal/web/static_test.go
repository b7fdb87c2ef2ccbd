package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func testAssets(t *testing.T) (*assets, http.Handler) {
	t.Helper()
	a, err := readAssets(fstest.MapFS{
		"static/app.css":              {Data: []byte("body{}")},
		"static/app.css.gz":           {Data: []byte("zipped")},
		"static/vendor/.gitkeep":      {Data: []byte{}},
		"static/vendor/htmx.js":       {Data: []byte("htmx")},
		"static/vendor/lonely.css.gz": {Data: []byte("zipped")},
		"static/notes.txt":            {Data: []byte("not served")},
	}, "static")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /static/{hash}/{name...}", a)
	return a, mux
}

func get(h http.Handler, target, encoding string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnAssetIsServedUnderItsHashForGood(t *testing.T) {
	t.Parallel()
	a, mux := testAssets(t)
	w := get(mux, a.url("app.css"), "br, gzip;q=0.8")
	if w.Code != http.StatusOK || w.Body.String() != "zipped" || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("got %d %q %v", w.Code, w.Body, w.Header())
	}
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control %q", got)
	}
	if got := w.Header().Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	w = get(mux, a.url("vendor/htmx.js"), "gzip")
	if w.Body.String() != "htmx" || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("without a variant: %q %v", w.Body, w.Header())
	}
}

func TestAPageOfAnotherBuildGetsTheFileButDoesNotKeepIt(t *testing.T) {
	t.Parallel()
	_, mux := testAssets(t)
	w := get(mux, "/static/000000000000/app.css", "")
	if w.Code != http.StatusOK || w.Body.String() != "body{}" || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("got %d %q %v", w.Code, w.Body, w.Header())
	}
}

func TestWhatIsNoAssetIsNotServed(t *testing.T) {
	t.Parallel()
	a, mux := testAssets(t)
	for _, name := range []string{"notes.txt", "vendor/.gitkeep", "vendor", "", "app.css.gz", "vendor/lonely.css", "../server.go"} {
		if url := a.url(name); url != "" {
			t.Errorf("%q has a URL: %s", name, url)
		}
		if w := get(mux, "/static/"+a.hash+"/"+name, "gzip"); w.Code == http.StatusOK {
			t.Errorf("%q is served: %q", name, w.Body)
		}
	}
}

func TestTheHashFollowsTheContent(t *testing.T) {
	t.Parallel()
	hash := func(content string) string {
		a, err := readAssets(fstest.MapFS{"static/app.css": {Data: []byte(content)}}, "static")
		if err != nil {
			t.Fatal(err)
		}
		return a.hash
	}
	first, again := hash("a"), hash("a")
	if first != again || first == hash("b") {
		t.Error("the hash does not follow the content")
	}
}

func TestOurOwnFilesAreInTheBinary(t *testing.T) {
	t.Parallel()
	a, err := newAssets()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"app.css", "app.js", "icon.svg"} {
		if a.url(name) == "" {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestTakesGzip(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"": false, "gzip": true, "deflate, gzip;q=1.0": true, "gzip; q=0.5": true, "gzip;q=0": false, "gzip;q=0.000": false, "br": false,
	} {
		if got := takesGzip(header); got != want {
			t.Errorf("takesGzip(%q) = %v", header, got)
		}
	}
}
