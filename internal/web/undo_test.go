package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/console"
)

func TestAnUndoOnItsPages(t *testing.T) {
	s := newSite(t)
	s.Config.Terms.Waiting = 0
	ids := s.AddCustomers(s.B, 2, nil)
	c := s.Connect(s.A, s.B)
	run := s.Move(c, s.A, s.B)
	source := s.as(s.person("susan", s.B, console.RoleSuperAdmin))
	viewer := s.as(s.person("vera", s.B, console.RoleViewer))
	operator := s.as(s.person("oscar", s.A, ""))

	record := at(s.B, "/customers/"+ids[0])
	if viewer.get(record).has("Ask to undo the migration") {
		t.Error("a viewer is offered an undo")
	}
	viewer.get(record + "/undo").want(http.StatusForbidden)
	page := source.open(source.get(record).want(http.StatusOK), "Ask to undo the migration").want(http.StatusOK).shows("went to “Console A”")
	source.submit(page, "Send to the operator", url.Values{"text": {" "}}).want(http.StatusUnprocessableEntity).shows("Write what it is about")
	page = source.follow(source.submit(page, "Send to the operator", url.Values{"text": {"The wrong customer."}})).
		shows("Undo the migration of Customer 000001", "The wrong customer.")
	path := page.path()
	if page.has("Preview and decide") {
		t.Error("the console is offered to decide")
	}
	source.get(path + "/undo").want(http.StatusNotFound)
	source.post(path+"/undo", url.Values{"consent": {"AGREED"}, "reason": {"R"}}).want(http.StatusNotFound)
	source.post(path+"/undo/reject", url.Values{"reason": {"R"}}).want(http.StatusNotFound)

	operator.get("/operator/cases").shows("Undo the migration of Customer 000001")
	page = operator.open(operator.get(path), "Preview and decide").want(http.StatusOK).
		shows("Effect on the invoices", "the former one", "Console A, without the undo", "The customer’s story in both consoles")
	operator.get(path + "/undo?date=2025-01-01").want(http.StatusOK).shows("the former one")
	operator.get(path + "/undo?date=never").want(http.StatusOK).shows("the former one")
	sub := "account:sub_" + ids[0][4:]
	other := apptest.Account(s.B, "JPY", "le_2")
	approval := url.Values{"consent": {"WITHOUT"}, "reason": {"Nobody answers."}}
	changed := url.Values{sub: {other}, "consent": {"WITHOUT"}, "reason": {"Nobody answers."}}
	page = operator.submit(page, "Approve the undo", changed).want(http.StatusConflict).shows("are other ones than those you have seen", "The legal entity changes", "Nobody answers.")
	page = operator.submit(page, "Approve the undo", approval).want(http.StatusUnprocessableEntity).shows("Confirm it, or choose other accounts")
	approval.Set("entities", "1")
	asked := operator.submit(page, "Approve the undo", approval).want(http.StatusOK).
		shows("Undo the migration of Customer 000001?", "back to “Console B” at once, with 1 subscription", "Without the agreement")
	if got := s.Texts(`SELECT state FROM customers WHERE console_id = 'cns_B' AND id = '` + ids[0] + `'`); got[0] != "MOVED" {
		t.Error("it was done before the question was answered")
	}
	operator.open(asked, "Go back").want(http.StatusOK).shows("Nobody answers.")
	operator.follow(operator.submit(asked, "Approve the undo", nil)).shows("The migration is undone", "Resolved")
	source.get(path).shows("The migration was undone, with the billing date", "Nobody answers.")
	source.get(at(s.B, "/notices")).shows("“Undo the migration of Customer 000001”")
	source.get(at(s.B, "/migrations?tab=done&connection="+c.ID)).shows("Undone")
	operator.get(path+"/undo").shows("Had the customer", "the customer is back in “Console B”", "Without the agreement of the other side", "Nobody answers.")
	if got := s.Texts(`SELECT billing_account_id FROM subscriptions WHERE console_id = 'cns_B' AND moved = 0`); len(got) != 1 || got[0] != other {
		t.Errorf("paid by %v", got)
	}
	source.get(record).want(http.StatusOK).shows("Undo of a migration")
	page = source.get(at(s.B, "/migrations/"+c.ID+"/runs/"+run.ID+"/report")).want(http.StatusOK).shows("1 customer of this run has been brought back since", "Everything fits")
	report := source.open(page, "Undone").want(http.StatusOK).shows("A customer went back from “Console A” to “Console B”", "Everything fits", "Customer 000001")
	operator.get(at(s.A, strings.TrimPrefix(report.path(), at(s.B, "")))).want(http.StatusOK).shows("Everything fits")
	source.get(strings.TrimSuffix(report.path(), "/report")).want(http.StatusOK).shows("Undo of a migration", "Reconciliation report")
	source.get(at(s.B, "/migrations/"+c.ID+"/runs")).want(http.StatusOK).shows("Undo of a migration")
	source.get(report.path() + ".csv").want(http.StatusOK).shows("MOVED")
	gone := source.get(at(s.B, "/customers/"+ids[1])).want(http.StatusOK)
	if !gone.has("Ask to undo the migration") || strings.Contains(gone.Body, "Undo of a migration") {
		t.Error("the other customer's page is wrong")
	}
	operator.get(at(s.A, "/customers/"+ids[0])).want(http.StatusOK).shows("Moved")

	page = source.follow(source.submit(source.get(at(s.B, "/customers/"+ids[1]+"/undo")), "Send to the operator", url.Values{"text": {"Too."}}))
	path = page.path()
	for _, entity := range []string{"le_1", "le_2"} {
		s.Must(s.SetBillingAccountState(t.Context(), apptest.Operator(s.B), apptest.Account(s.B, "JPY", entity), billing.RestrictAccount))
	}
	page = operator.get(path+"/undo").want(http.StatusOK).shows("The customer cannot migrate now", "Billing account not active")
	if page.has("Approve the undo") {
		t.Error("what is refused can be approved")
	}
	operator.submit(page, "Reject", url.Values{"reason": {""}}).want(http.StatusUnprocessableEntity).shows("Give a reason")
	operator.follow(operator.submit(page, "Reject", url.Values{"reason": {"Not now."}})).shows("Resolved")
	source.get(path).shows("Not now.", "Rejected")
	source.get(at(s.B, "/notices")).shows("The operator has rejected what the support case", "Not now.")
}
