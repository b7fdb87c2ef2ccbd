package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/support"
)

// message sends the form of a message with files.
func (b *browser) message(path string, fields url.Values, files map[string]string) response {
	b.site.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range fields {
		b.site.Must(form.WriteField(name, values[0]))
	}
	for name, content := range files {
		part, err := form.CreateFormFile("files", name)
		b.site.Must(err)
		_, err = part.Write([]byte(content))
		b.site.Must(err)
	}
	b.site.Must(form.Close())
	return b.do(http.MethodPost, path, form.FormDataContentType(), &body)
}

func TestACaseOnItsPages(t *testing.T) {
	s := newSite(t)
	id := s.AddCustomers(s.A, 1, nil)[0]
	admin := s.as(s.person("admin", s.A, console.RoleSuperAdmin))
	operator := s.as(s.person("oscar", s.A, ""))
	viewer := s.as(s.person("vera", s.A, console.RoleViewer))
	stranger := s.as(s.person("sam", s.B, console.RoleSuperAdmin))

	admin.get(at(s.A, "/cases")).want(http.StatusOK).shows("No support cases here")
	fields := url.Values{"kind": {"PROBLEM"}, "title": {"It fails"}, "text": {"<script>alert(1)</script>"}, "customer": {"c000001.example"}}
	admin.message(at(s.A, "/cases/new"), fields, map[string]string{"page.html": "<p>"}).want(http.StatusUnprocessableEntity).
		shows("“page.html” is not a PNG, JPEG, PDF, TXT or CSV file")
	admin.message(at(s.A, "/cases/new"), fields, map[string]string{"large.txt": strings.Repeat("x", support.FilesLimit*support.FileLimit+2<<20)}).
		want(http.StatusUnprocessableEntity).shows("is larger than 5 MB")
	page := admin.follow(admin.message(at(s.A, "/cases/new"), fields, map[string]string{"注文.csv": "a,b\n"}))
	page.shows("It fails", "&lt;script&gt;alert(1)&lt;/script&gt;", "Customer 000001", "注文.csv", string(s.A.AccountID)+"-1", "Open")
	path := page.path()
	admin.get(at(s.A, "/customers/"+id)).want(http.StatusOK)

	_, link, _ := strings.Cut(page.Body, `href="`+path+`/files/`)
	link, _, _ = strings.Cut(link, `"`)
	file := admin.get(path + "/files/" + link).want(http.StatusOK)
	for header, want := range map[string]string{
		"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff",
		"Content-Disposition": "attachment; filename*=utf-8''%E6%B3%A8%E6%96%87.csv",
	} {
		if got := file.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if file.Body != "a,b\n" {
		t.Errorf("the file is %q", file.Body)
	}

	for _, foreign := range []string{strings.Replace(path, string(s.A.AccountID), string(s.B.AccountID), 1), path, path + "/files/" + link} {
		stranger.get(foreign).want(http.StatusNotFound)
	}
	viewer.get(path).want(http.StatusForbidden)
	viewer.get(at(s.A, "")).want(http.StatusOK)
	admin.get("/operator/cases").want(http.StatusNotFound)

	operator.get("/operator/cases").want(http.StatusOK).shows("It fails", "Console A")
	seen := operator.get(path).want(http.StatusOK)
	operator.follow(operator.submit(seen, "Take the case", nil)).shows("You are in charge", "oscar")
	operator.message(path+"/note", url.Values{"form": {"note"}, "text": {"A secret."}}, nil).want(http.StatusSeeOther)
	operator.message(path+"/reply", url.Values{"form": {"reply"}, "text": {""}}, nil).want(http.StatusUnprocessableEntity).shows("Write what it is about")
	operator.message(path+"/reply", url.Values{"form": {"reply"}, "text": {"Try again."}}, nil).want(http.StatusSeeOther)
	page = admin.get(path).want(http.StatusOK).shows("Try again.", "Waiting for the reseller")
	if strings.Contains(page.Body, "A secret.") || strings.Contains(page.Body, "oscar") {
		t.Error("the console reads what is for operators")
	}
	admin.get(at(s.A, "/notices")).shows("The operator has replied in the support case")
	admin.follow(admin.submit(page, "Close case", nil)).shows("Closed")
	admin.get(at(s.A, "/cases?tab=closed")).shows("It fails")
	admin.message(path+"/reply", url.Values{"form": {"reply"}, "text": {"More."}}, nil).want(http.StatusConflict).shows("does not allow that")
}

// TestTheQueueIsPaged from the oldest to the newest, without losing a case.
func TestTheQueueIsPaged(t *testing.T) {
	s := newSite(t)
	for range 55 {
		_, err := s.OpenCase(t.Context(), apptest.Admin(s.A), newQuestion())
		s.Must(err)
	}
	operator := s.as(s.person("oscar", s.A, ""))
	admin := s.as(s.person("admin", s.A, console.RoleSuperAdmin))
	for path, b := range map[string]*browser{"/operator/cases": operator, at(s.A, "/cases"): admin} {
		page := b.get(path).want(http.StatusOK)
		first := strings.Count(page.Body, `<tr role="row" id="case-`)
		next := b.open(page, "Next page").want(http.StatusOK)
		if second := strings.Count(next.Body, `<tr role="row" id="case-`); first != 50 || second != 5 {
			t.Errorf("%s has pages of %d and %d rows", path, first, second)
		}
	}
}

func newQuestion() app.NewCase {
	return app.NewCase{Kind: support.Question, Title: "T", Text: "T"}
}
