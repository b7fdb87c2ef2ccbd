package channelv1_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"psc/internal/api"
	"psc/internal/api/apitest"
	"psc/internal/api/channelv1"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
)

// everyWay are the ways to the methods of Google's services over REST: a verb, and a path in which names are patterns.
func everyWay() (ways [][2]string) {
	for _, file := range []protoreflect.FileDescriptor{channelpb.File_google_cloud_channel_v1_service_proto, longrunningpb.File_google_longrunning_operations_proto} {
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				rule, ok := proto.GetExtension(methods.Get(j).Options(), annotations.E_Http).(*annotations.HttpRule)
				if !ok {
					continue
				}
				for verb, path := range map[string]string{
					http.MethodGet: rule.GetGet(), http.MethodPost: rule.GetPost(), http.MethodPatch: rule.GetPatch(), http.MethodDelete: rule.GetDelete(),
				} {
					if path != "" {
						ways = append(ways, [2]string{verb, path})
					}
				}
			}
		}
	}
	slices.SortFunc(ways, func(x, y [2]string) int { return strings.Compare(x[0]+x[1], y[0]+y[1]) })
	return ways
}

// named fills a path in with what there is.
func named(path, accountID string) string {
	path = strings.NewReplacer(
		"accounts/*", "accounts/"+accountID, "customers/*", "customers/cus_000001", "entitlements/*", "entitlements/sub_000001",
		"{parent=", "", "{name=", "", "{customer=", "", "{entitlement=", "", "{account=", "", "{customer.name=", "", "}", "", "**", "x",
	).Replace(path)
	return strings.ReplaceAll(path, "*", "any")
}

// FuzzChannel sends anything over REST: it is answered, never with a defect of ours, and what is refused has written nothing.
func FuzzChannel(f *testing.F) {
	w := newWorld(f)
	w.AddCustomers(w.A, 3, func(i int, _ *customer.Customer, s *customer.Subscription) {
		switch i {
		case 1:
			s.Plan, s.Renewal, s.TermStart, s.TermEnd = catalog.AnnualMonthlyPay, customer.RenewMonthly, civil.NewDate(2026, 9, 1), civil.NewDate(2027, 9, 1)
		case 2:
			s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
		}
	})
	handler, _ := apitest.Serve(w.World, api.Config{Parts: []api.Part{channelv1.Part(w.App)}})
	for _, way := range everyWay() {
		path := named(way[1], string(w.A.AccountID))
		f.Add(way[0], path, `{}`)
		f.Add(way[0], path+"?pageSize=-1&pageToken=x&filter=a%3D", `{"entitlement":{"offer":"accounts/a/offers/b","commitmentSettings":{"startTime":"9999-12-31T23:59:59Z"}},"parameters":[{"name":"num_units","value":{"int64Value":"-1"}}]}`)
	}
	customers, entitlement := "/v1/accounts/"+string(w.A.AccountID)+"/customers", "/v1/accounts/"+string(w.A.AccountID)+"/customers/cus_000001/entitlements/sub_000001"
	for _, seed := range [][3]string{
		{"POST", customers, `{"orgDisplayName":"O","domain":"new.example","orgPostalAddress":{"regionCode":"JP","addressLines":["1"]}}`},
		{"POST", customers, `{"orgDisplayName":"\u0000","domain":"..","orgPostalAddress":{"regionCode":"\ud83d"}}`},
		{"POST", customers + ":import", `{"domain":"new.example","authToken":"psct_x","channelPartnerId":"1"}`},
		{"PATCH", customers + "/cus_000001?updateMask=orgDisplayName", `{"orgDisplayName":"New"}`},
		{"PATCH", customers + "/cus_000001?updateMask=*,a..b", `{"orgDisplayName":"New"}`},
		{"POST", customers + "/cus_000001:provisionCloudIdentity", `{"validateOnly":true,"user":{"email":"a@c000001.example"}}`},
		{"POST", customers + "/cus_000001/entitlements", `{"entitlement":{"offer":"accounts/a/offers/sku_seats-FLEXIBLE-JPY","parameters":[{"name":"num_units","value":{"int64Value":"9223372036854775807"}}]},"requestId":"r"}`},
		{"POST", entitlement + ":changeParameters", `{"parameters":[{"name":"num_units","value":{"int64Value":5}},{"name":"num_units","value":{"stringValue":"6"}}]}`},
		{"POST", entitlement + ":changeRenewalSettings", `{"renewalSettings":{"enableRenewal":true,"paymentPlan":"FLEXIBLE","paymentCycle":{"periodType":3,"duration":-1}}}`},
		{"POST", entitlement + ":suspend", ``},
		{"POST", entitlement + ":activate", `[]`},
		{"POST", entitlement + ":cancel", `{"requestId":"r"}`},
		{"POST", "/v1/operations/" + strings.Repeat("%2e", 50) + ":cancel", `{}`},
		{"GET", customers + "/cus_000001:listTransferableSkus?transferToken=psct_%00", ``},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, verb, path, body string) {
		if !strings.HasPrefix(path, "/v1/") || strings.Contains(path, ":wait") {
			return // not of this API, or told to wait
		}
		r, err := http.NewRequestWithContext(t.Context(), verb, "http://psc.example"+path, strings.NewReader(body))
		if err != nil {
			return // no server is given it
		}
		r.Header.Set("Authorization", "Bearer Console A")
		asked := *w.World
		asked.T = t
		before := asked.Texts(asked.DumpSQL(""))
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, r)
		switch {
		case rec.Code >= 500 && rec.Code != http.StatusNotImplemented:
			t.Errorf("%s %s %s: %d %s", verb, path, body, rec.Code, rec.Body)
		case rec.Code >= 300 && !slices.Equal(asked.Texts(asked.DumpSQL("")), before):
			t.Errorf("%s %s %s: %d, and something was written", verb, path, body, rec.Code)
		}
	})
}
