package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/console"
)

func TestAnAccountWithWhatIsDueAndItsStatement(t *testing.T) {
	t.Parallel()
	s := moved(t)
	s.AddIssuer()
	s.Clock.Advance(s.Clock.Ahead() + 17*24*time.Hour)
	for _, c := range []console.Console{s.A, s.B} {
		s.CloseMonthOf(c, civil.NewDate(2026, time.October, 1).Month())
	}
	main, source := s.sides()
	due := main.open(main.get(at(s.A, "/billing")).want(http.StatusOK).shows("¥49,545", "Dec 1, 2026"), "JPY").want(http.StatusOK)
	due.shows("30 days after the date of issue", "V-2026-", "October 2026", "Dec 1, 2026", "¥49,545").lacks("Use credit balance")
	left := at(s.B, "/billing/accounts/"+apptest.Account(s.B, "JPY", "le_1"))
	source.get(left).want(http.StatusOK).shows("Nothing is due", "Credit balance ¥41,385", "-¥41,385").lacks("Use credit balance")
	source.get(at(s.B, "/billing/accounts/"+apptest.Account(s.A, "JPY", "le_1"))).want(http.StatusNotFound)
	viewer := s.as(s.person("vi", s.B, console.RoleViewer))
	viewer.get(left).want(http.StatusForbidden)

	path := "/operator/consoles/" + string(s.B.AccountID) + "/accounts/" + apptest.Account(s.B, "JPY", "le_1") + "/balance"
	source.get(path).want(http.StatusNotFound)
	source.post(path, url.Values{"amount": {"1"}}).want(http.StatusNotFound)
	b := s.as(s.person("operator", console.Console{}, ""))
	form := b.open(b.get(left), "Use credit balance").want(http.StatusOK).shows("At most ¥41,385", "Pay out")
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(form.Body)[1]
	pay := url.Values{"amount": {"385"}, "to": {"-"}, "reason": {"bank transfer"}, "key": {key}}
	b.post(path, url.Values{"amount": {"50,000"}, "to": {"-"}, "reason": {"x"}}).want(http.StatusConflict).shows("has a credit balance of ¥41,385, which is not enough")
	b.post(path, url.Values{"amount": {"5,00"}, "to": {"-"}, "reason": {"x"}}).want(http.StatusUnprocessableEntity).shows("Enter an amount")
	b.post(path, url.Values{"amount": {"1"}, "to": {"-"}}).want(http.StatusUnprocessableEntity).shows("Enter a reason")
	asked := b.post(path, pay).want(http.StatusOK).shows("Pay out ¥385 of “JPY”?", "cannot be taken back", "bank transfer")
	source.get(left).shows("Credit balance ¥41,385")
	for range 2 { // the button pressed twice
		b.submit(asked, "Book it", nil).leadsTo("/operator/consoles/" + string(s.B.AccountID))
	}
	b.get("/operator/consoles/" + string(s.B.AccountID)).shows("¥385 booked.")
	source.get(left).lacks("Oct 31, 2026").shows("Credit balance ¥41,000", "Invoice · October 2026 Nov 1, 2026", "Credit balance paid out", "¥385")
	source.get(at(s.B, "/audit")).shows("bank transfer")

	terms := strings.TrimSuffix(path, "balance") + "terms"
	source.get(terms).want(http.StatusNotFound)
	source.post(terms, url.Values{"days": {"45"}}).want(http.StatusNotFound)
	source.get(left).lacks("Set payment terms")
	b.open(b.get(left), "Set payment terms").want(http.StatusOK).shows("Days after the date of issue")
	for _, wrong := range []string{"", "soon", "-1", "366"} {
		b.post(terms, url.Values{"days": {wrong}}).want(http.StatusUnprocessableEntity).shows("Payment terms are 0 to 365 days")
	}
	b.post(terms, url.Values{"days": {"45"}}).leadsTo(left)
	b.get(left).shows("45 days after the date of issue")
	b.post(terms, url.Values{"days": {"30"}}).leadsTo(left)
	source.post("/preferences", map[string][]string{"language": {"ja"}, "return": {"/me"}})
	source.get(left).want(http.StatusOK).shows("取引明細", "クレジット残高の払い出し", "発行日から 30 日以内")
}
