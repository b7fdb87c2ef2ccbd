package resellerv1_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
)

// fuzzed is a console with a customer on each kind of plan, and somebody who may do everything in it.
func fuzzed(f *testing.F) (w *world, token string) {
	f.Helper()
	w = newWorld(f)
	w.AddCustomers(w.A, 4, func(i int, _ *customer.Customer, s *customer.Subscription) {
		switch i {
		case 1:
			s.Plan, s.Renewal, s.TermStart, s.TermEnd = catalog.AnnualMonthlyPay, customer.RenewMonthly, civil.NewDate(2026, 9, 1), civil.NewDate(2027, 9, 1)
		case 2:
			s.SKUID, s.State, s.TrialEnd = plus, customer.SubTrial, civil.NewDate(2026, 10, 15)
		case 3:
			s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
		}
	})
	token = w.token(w.A, console.RoleSuperAdmin)
	w.ask(token, "GET", "/apps/reseller/v1/subscriptions", "") // when a token was used first is written
	return w, token
}

// FuzzReseller sends anything to the handler: it never fails, and what it refuses it has not half done.
func FuzzReseller(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "customers/cus_000001", ""},
		{"GET", "customers/c000002.example?fields=kind&alt=json", ""},
		{"GET", "customers/%00", ""},
		{"POST", "customers", insert("", "")},
		{"POST", "customers", insert(`"O"`, `"\ud800"`)},
		{"POST", "customers", insert(`new.example`, `xn--zckzah.example`)},
		{"PATCH", "customers/cus_000001", `{"postalAddress":{"locality":"Kyoto","addressLine1":"1"},"phoneNumber":null}`},
		{"PUT", "customers/cus_000001", `{"postalAddress":{"organizationName":"O","countryCode":"US"}}`},
		{"GET", "subscriptions?maxResults=2&customerNamePrefix=c", ""},
		{"GET", "subscriptions?pageToken=eyJsIjoiICIsImEiOnsiRG9tYWluIjoiYSJ9fQ", ""},
		{"GET", "customers/cus_000001/subscriptions/sub_000001", ""},
		{"POST", "customers/cus_000001/subscriptions", order("", "")},
		{"POST", "customers/cus_000001/subscriptions", strings.Replace(order("sku_seats", plus), "FLEXIBLE", "TRIAL", 1)},
		{"POST", "customers/cus_000001/subscriptions?action=switch&sourceSkuId=sku_seats", order("sku_seats", plus)},
		{"POST", "customers/cus_000001/subscriptions/sub_000001/suspend", ""},
		{"POST", "customers/cus_000001/subscriptions/sub_000001/activate", ""},
		{"POST", "customers/cus_000003/subscriptions/sub_000003/startPaidService", ""},
		{"POST", "customers/cus_000001/subscriptions/sub_000001/changePlan", `{"planName":"ANNUAL_YEARLY_PAY","seats":{"numberOfSeats":1000000}}`},
		{"POST", "customers/cus_000002/subscriptions/sub_000002/changeSeats", `{"numberOfSeats":"3"}`},
		{"POST", "customers/cus_000002/subscriptions/sub_000002/changeRenewalSettings", `{"renewalType":"SWITCH_TO_PAY_AS_YOU_GO"}`},
		{"DELETE", "customers/cus_000001/subscriptions/sub_000001?deletionType=cancel", ""},
		{"DELETE", "customers/cus_000004/subscriptions/sub_000004?deletionType=transfer_to_direct", ""},
		{"POST", "resellernotify/register?serviceAccountEmailAddress=a@b.example", ""},
		{"HEAD", "customers//", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	w, token := fuzzed(f)
	f.Fuzz(func(t *testing.T, method, path, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://psc.example/apps/reseller/v1/"+path, strings.NewReader(body))
		if err != nil {
			return // no server is given it
		}
		r.Header.Set("Authorization", "Bearer "+token)
		w.T = t
		before := w.everything()
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, r)
		switch {
		case rec.Code == http.StatusInternalServerError:
			t.Errorf("%s %s %s: %s", method, path, body, rec.Body)
		case rec.Code >= 300 && !slices.Equal(w.everything(), before):
			t.Errorf("%s %s %s: %d, and something was written", method, path, body, rec.Code)
		case rec.Code < 300 && method != http.MethodGet:
			w.CheckInvariants()
		}
		if text := rec.Body.Bytes(); len(text) > 0 && rec.Code/100 != 3 && !json.Valid(text) {
			t.Errorf("%s %s: %s is no JSON", method, path, text)
		}
	})
}
