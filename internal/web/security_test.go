package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEveryAnswerIsProtected(t *testing.T) {
	t.Parallel()
	h := secured(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }), true)
	w := get(h, "/", "")
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy lacks %q: %s", part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the policy lets something in: %s", policy)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
		"Strict-Transport-Security": "max-age=31536000",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestPlainHTTPPromisesNoHTTPS(t *testing.T) {
	t.Parallel()
	h := secured(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), false)
	if got := get(h, "/", "").Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("Strict-Transport-Security: %q", got)
	}
}

func TestStaticFilesAreKeptAllTheSame(t *testing.T) {
	t.Parallel()
	a, mux := testAssets(t)
	if got := get(secured(mux, false), a.url("app.css"), "").Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control: %q", got)
	}
	r := httptest.NewRequest(http.MethodHead, a.url("app.css"), nil)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if w.Code != http.StatusOK || w.Header().Get("Content-Length") != "6" {
		t.Errorf("HEAD: %d %v", w.Code, w.Header())
	}
}
