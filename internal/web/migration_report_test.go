package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"psc/internal/console"
)

func TestTheReportOnBothSides(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 2, reference)
	c := s.Connect(s.A, s.B)
	s.Clock.Advance(s.Clock.Ahead() + 7*24*time.Hour)
	run := s.Move(c, s.A, s.B)
	main, source := s.sides()
	path := "/migrations/" + c.ID + "/runs/" + run.ID
	page := main.open(main.get(at(s.A, path)), "Reconciliation report").want(http.StatusOK)
	page.shows(
		"Everything fits", "-¥45,070", "¥45,070", "Oct 14, 2026", "Oct 15, 2026", "14 + 17", "of 31 days", "168 of 365",
		"Customer 000001", "Entity One",
	)
	list := source.open(source.get(at(s.B, "/migrations?connection="+c.ID+"&tab=done")), "Runs and reports").want(http.StatusOK)
	source.open(list, "Reconciliation report").want(http.StatusOK).shows("Everything fits", "14 + 17", "-¥45,070").lacks("ba_cns_A")
	record := source.get(at(s.B, "/customers?state=MOVED")).want(http.StatusOK)
	source.open(source.open(record, "Customer 000001"), "Reconciliation report").want(http.StatusOK).shows("Everything fits")

	file := source.get(at(s.B, path+"/report.csv")).want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(file.Body)).ReadAll()
	s.Must(err)
	if len(rows) != 3 || rows[2][15] != "2026-10-14" || rows[2][16] != "2026-10-15" || rows[2][24] != "168" || rows[2][26] != "-45070" || rows[2][27] != "45070" {
		t.Errorf("%v", rows)
	}
	if bom := source.get(at(s.B, path+"/report.csv?bom=1")); bom.Body != "\uFEFF"+file.Body {
		t.Error("the byte order mark is not all that differs")
	}
	s.Exec(`UPDATE charges SET amount = amount + 1 WHERE line_type = 'TRANSFER_CHARGE'`)
	main.get(at(s.A, path+"/report")).want(http.StatusOK).shows("Something does not fit", "Amounts differ", "¥45,071").lacks("Everything fits")
	viewer := s.as(s.person("vi", s.B, console.RoleViewer))
	viewer.get(at(s.B, path)).want(http.StatusOK).lacks("Reconciliation report")
	viewer.get(at(s.B, path+"/report")).want(http.StatusForbidden)
	viewer.get(at(s.B, path+"/report.csv")).want(http.StatusForbidden)
	third := s.as(s.person("cee", s.C, console.RoleSuperAdmin))
	for _, p := range []string{path + "/report", path + "/report.csv", "/migrations/" + c.ID + "/runs"} {
		third.get(at(s.C, p)).want(http.StatusNotFound)
	}
	main.get(at(s.A, path+"/report?after=x")).want(http.StatusOK).shows("Customer 000001")
	source.post("/preferences", map[string][]string{"language": {"ja"}, "return": {"/me"}})
	source.get(at(s.B, path+"/report")).want(http.StatusOK).shows("照合レポート", "ソースの最終日", "2026年10月14日")
}
