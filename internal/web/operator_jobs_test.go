package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"psc/internal/console"
)

// The job queue's own pages are the operators' alone, have a policy of their own, and change nothing without an event, or for another
// site's page.
func TestThePagesOfTheJobQueue(t *testing.T) {
	t.Parallel()
	var asked []string
	s := newSiteWith(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.Method+" "+r.URL.Path+" "+string(body))
		_, _ = io.WriteString(w, "the queue")
	}))
	b := s.operates()
	page := b.get("/operator/jobs/jobs?state=completed").want(http.StatusOK).shows("the queue")
	policy := page.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "style-src 'self' 'unsafe-inline';") || !strings.Contains(policy, "script-src 'self';") {
		t.Error(policy)
	}
	if other := b.get("/operator").shows("Jobs (English, new tab)").Header.Get("Content-Security-Policy"); strings.Contains(other, "unsafe") {
		t.Error(other)
	}
	retry := func() response {
		return b.do(http.MethodPost, "/operator/jobs/api/jobs/retry", "application/json", strings.NewReader(`{"ids":["1"]}`))
	}
	retry().want(http.StatusOK)
	if len(asked) != 2 || asked[1] != `POST /operator/jobs/api/jobs/retry {"ids":["1"]}` {
		t.Error(asked)
	}
	b.get("/operator/audit").shows("Asked of the job queue: POST /api/jobs/retry")
	b.header.Set("Sec-Fetch-Site", "cross-site")
	retry().want(http.StatusForbidden)
	admin := s.as(s.person("admin", s.A, console.RoleSuperAdmin))
	admin.get("/operator/jobs/").want(http.StatusNotFound)
	admin.do(http.MethodPost, "/operator/jobs/api/jobs/retry", "application/json", strings.NewReader(`{}`)).want(http.StatusNotFound)
	s.browser().get("/operator/jobs/").leadsTo("/sign-in?return=%2Foperator%2Fjobs%2F")
	if len(asked) != 2 {
		t.Error(asked)
	}
}
