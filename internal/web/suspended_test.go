package web_test

import (
	"net/http"
	"net/url"
	"testing"
)

// TestASuspendedConsoleSaysSoOnEveryPage shows its pages, says what they are, and refuses what is sent to them.
func TestASuspendedConsoleSaysSoOnEveryPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.A, 1, nil)
	main, source := s.sides()
	s.Exec(`UPDATE consoles SET state = 'SUSPENDED' WHERE id = '` + s.A.ID + `'`)
	const says = "This console is suspended"
	for _, path := range []string{"/customers", "/billing", "/unification", "/audit"} {
		main.get(at(s.A, path)).want(http.StatusOK).shows(says)
	}
	source.get(at(s.B, "/customers")).want(http.StatusOK).lacks(says)
	form := url.Values{"name": {"Late"}, "currency": {"JPY"}, "product_group": {"GOOGLE_WORKSPACE"}, "legal_entity": {"le_1"}}
	main.post(at(s.A, "/billing/new"), form).want(http.StatusConflict).shows("nothing was changed")
	main.get(at(s.A, "/billing")).lacks("Late")
	main.post(at(s.A, "/unification"), url.Values{"account_id": {string(s.B.AccountID)}}).shows("is suspended")
}
