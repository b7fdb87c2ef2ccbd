package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

func TestCustomersAreSearchedAndPaged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.A, 60, nil)
	b := s.as(s.person("viewer", s.A, console.RoleViewer))
	first := b.get(at(s.A, "/customers?size=25")).want(http.StatusOK).shows("Customer 000001", "Customer 000025", "60").lacks("Customer 000026")
	next := href(t, first.Body, "after=")
	b.get(at(s.A, "/customers?size=25&"+next)).want(http.StatusOK).shows("Customer 000026").lacks("Customer 000025", "Customer 000051")
	b.get(at(s.A, "/customers?q=c000042")).want(http.StatusOK).shows("Customer 000042").lacks("Customer 000041")
	b.get(at(s.A, "/customers?q=nobody")).want(http.StatusOK).shows("No customer matches")
	b.get(at(s.A, "/customers?state=MOVED")).want(http.StatusOK).shows("No customer has moved")
	first.lacks("Import customers", "Download all customers")
	b.header.Set("Accept-Language", "ja")
	b.get(at(s.A, "/customers")).want(http.StatusOK).shows("顧客", "移行済み").lacks("お客様の一覧")
}

// href returns from where in the page's source a link goes on with start, up to its end.
func href(t *testing.T, page, start string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, start)
	if !ok {
		t.Fatalf("no link with %s", start)
	}
	rest, _, _ = strings.Cut(rest, `"`)
	return start + strings.ReplaceAll(rest, "&amp;", "&")
}

func TestCustomerPageOffersWhatTheRoleMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.AddCustomers(s.A, 1, func(_ int, c *customer.Customer, _ *customer.Subscription) { c.TOSAcceptedAt = c.MovedAt })[0]
	openOrder(s, id)
	path, sub := at(s.A, "/customers/"+id), "sub_"+id[4:]
	actions := map[string]string{
		"edit": "Edit contact data", "tos": "Record acceptance", "subscriptions/" + sub + "/suspend": "Suspend",
		"subscriptions/" + sub + "/seats": "Change seats", "subscriptions/" + sub + "/end": "Cancel subscription",
		"subscriptions/" + sub + "/renewal": "Change", "buy": "Order subscription", "orders/ord_1/cancel": "Cancel order",
	}
	for _, role := range []console.Role{console.RoleViewer, console.RoleBilling} {
		b := s.as(s.person(string(role), s.A, role))
		page := b.get(path).want(http.StatusOK).shows("Customer 000001", "Seats", "¥1,360", "Entity One")
		for action, label := range actions {
			page.lacks(label)
			b.post(path+"/"+action, url.Values{"org_display_name": {"X"}}).want(http.StatusForbidden)
		}
		for _, asked := range []string{"/edit", "/buy", "/subscriptions/" + sub + "/seats", "/subscriptions/" + sub + "/end"} {
			b.get(path + asked).want(http.StatusForbidden)
		}
		b.get(path + "/subscriptions/" + sub + "/suspend").want(http.StatusForbidden)
	}
	b := s.as(s.person("admin", s.A, console.RoleResellerAdmin))
	page := b.get(path).want(http.StatusOK).shows("Terms not accepted", "Open")
	for _, label := range actions {
		page.shows(label)
	}
	page.lacks("Fulfil order", "for the vendor")
	b.post(path+"/subscriptions/"+sub+"/vendor-suspend", nil).want(http.StatusForbidden)
	b.post(path+"/orders/ord_1/fulfil", nil).want(http.StatusForbidden)

	b.get(path + "/subscriptions/" + sub + "/suspend").want(http.StatusOK).shows("Suspend Seats?")
	b.post(path+"/subscriptions/"+sub+"/suspend", nil).leadsTo(path)
	b.get(path).shows("The subscription is suspended.", "Suspended by the reseller", "Reactivate", "Seats of Customer 000001 suspended")
	b.post(path+"/subscriptions/"+sub+"/suspend", nil).want(http.StatusConflict)
	b.post(path+"/orders/ord_1/cancel", nil).leadsTo(path)
	b.get(path + "/tos").want(http.StatusOK).shows("Record that Customer 000001 accepted the terms?")
	b.post(path+"/tos", nil).leadsTo(path)
	b.get(path).shows("Acceptance of the terms of service is recorded.").lacks("Terms not accepted", "Cancel order")
	b.get(at(s.A, "/customers/cus_none")).want(http.StatusNotFound)
	b.get(path + "/subscriptions/sub_none/suspend").want(http.StatusNotFound)
}

func openOrder(s *site, id string) {
	s.T.Helper()
	s.Update(func(tx *store.Tx) error {
		return tx.InsertOrders(s.T.Context(), []customer.Order{{
			ConsoleID: s.A.ID, ID: "ord_1", CustomerID: id, SubscriptionID: "sub_" + id[4:], At: s.Clock.Now(),
			By: customer.ByReseller, Action: customer.OrderSeatsChanged, SKUID: apptest.Seats, Plan: "FLEXIBLE", SeatsBefore: 10,
			SeatsAfter: 12, State: customer.OrderOpen,
		}})
	})
}

func TestContactDataIsEdited(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.AddCustomers(s.A, 1, nil)[0]
	path := at(s.A, "/customers/"+id)
	b := s.as(s.person("admin", s.A, console.RoleIndirectResellerAdmin))
	b.get(path+"/edit").want(http.StatusOK).shows("Customer 000001", "Postal code")
	b.post(path+"/edit", url.Values{"org_display_name": {""}, "primary_contact_email": {"nobody"}, "phone": {"03-1"}}).
		want(http.StatusUnprocessableEntity).shows("This must not be empty", "is not an e-mail address").shows("2 things to put right")
	b.post(path+"/edit", url.Values{"org_display_name": {"株式会社 みなと"}, "region_code": {"jp"}, "address": {"<b>東京</b>"}}).leadsTo(path)
	b.get(path).want(http.StatusOK).shows("株式会社 みなと", "&lt;b&gt;東京")
}

func TestMovedCustomerIsOnlyRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.AddCustomers(s.B, 1, nil)[0]
	c := s.Connect(s.A, s.B)
	b := s.as(s.person("source", s.B, console.RoleSuperAdmin))
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, app.Scope{All: true})
	s.Must(err)
	path := at(s.B, "/customers/"+id)
	b.get(path).want(http.StatusOK).shows("This customer is in migration", "Edit contact data").lacks("/suspend")
	b.post(path+"/subscriptions/sub_"+id[4:]+"/suspend", nil).want(http.StatusConflict).shows("is in migration")

	op, err := s.CompleteMigrations(t.Context(), apptest.Admin(s.A), s.Confirm(s.A, app.Completion{
		ConnectionID: c.ID, Scope: app.Scope{All: true},
		Choices: app.Choices{Groups: []app.GroupChoice{apptest.Choose(s.A, "JPY", "le_1", "le_2")}},
	}))
	s.Must(err)
	s.Finish(op)
	b.get(path).want(http.StatusOK).shows("Moved to Console A", "Legal entity: Entity One → Entity Two", "Asia/Tokyo").
		lacks("Edit contact data", "/suspend")
	b.get(path + "/edit").want(http.StatusConflict)
	b.get(at(s.B, "/customers?state=MOVED")).want(http.StatusOK).shows("Customer 000001")
	s.as(s.person("main", s.A, console.RoleViewer)).get(at(s.A, "/customers/"+id)).want(http.StatusOK).shows("Entity Two").lacks("Moved to")
}

func TestFileIsImportedFromThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	viewer := s.as(s.person("viewer", s.A, console.RoleViewer))
	viewer.get(at(s.A, "/customers/import")).want(http.StatusForbidden)
	viewer.uploadFile(at(s.A, "/customers/import"), "x.csv", "x", nil).want(http.StatusForbidden)

	b := s.as(s.person("admin", s.A, console.RoleResellerAdmin))
	b.get(at(s.A, "/customers/import")).want(http.StatusOK).shows("org_display_name", "renewal_settings", apptest.Account(s.A, "JPY", "le_1"))
	template := b.get(at(s.A, "/customers/import/template")).want(http.StatusOK)
	if !strings.Contains(template.Body, "customer_id,org_display_name,domain") || template.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("template: %s %q", template.Header.Get("Content-Type"), template.Body)
	}
	b.uploadFile(at(s.A, "/customers/import"), "empty.csv", "", nil).want(http.StatusUnprocessableEntity).shows("No file was chosen")
	b.post(at(s.A, "/customers/import"), url.Values{}).want(http.StatusUnprocessableEntity)
	photo := "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
	b.uploadFile(at(s.A, "/customers/import"), "customers.csv", photo, nil).want(http.StatusUnprocessableEntity).shows("This is not a CSV file")
	b.header.Set("Accept-Language", "ja")
	b.uploadFile(at(s.A, "/customers/import"), "customers.csv", photo, nil).want(http.StatusUnprocessableEntity).shows("CSV ファイルではありません")
	b.header.Set("Accept-Language", "en")

	file := "org_display_name,domain\nGood,good.example\nBad,not a domain\n"
	bad := b.uploadFile(at(s.A, "/customers/import"), "顧客.csv", file, nil).want(http.StatusSeeOther)
	path := bad.Header.Get("Location")
	b.get(path).want(http.StatusOK).shows("顧客.csv", "Checking the file: 0%. Nothing has been written yet.")
	s.runImport(path)
	b.get(path).want(http.StatusOK).shows("nothing was imported", "is not a domain name", "domain", "3")
	viewer.get(path).want(http.StatusForbidden)

	good := b.uploadFile(at(s.A, "/customers/import"), "customers.csv", file, url.Values{"skip_bad": {"1"}}).want(http.StatusSeeOther)
	path = good.Header.Get("Location")
	s.runImport(path)
	b.get(path).want(http.StatusOK).shows("Customers added 1", "is not a domain name", "Finished")
	b.get(at(s.A, "/customers")).shows("good.example")
	b.get(at(s.A, "/customers/import")).shows("customers.csv", "Errors, nothing imported")
	s.as(s.person("other", s.C, console.RoleSuperAdmin)).get(at(s.C, "/customers/import/runs/"+path[strings.LastIndex(path, "/")+1:])).want(http.StatusNotFound)
}

// runImport does what the job of an import would.
func (s *site) runImport(path string) {
	s.T.Helper()
	s.Must(s.RunImport(s.T.Context(), app.ImportJob{ConsoleID: s.A.ID, OperationID: path[strings.LastIndex(path, "/")+1:]}))
}

func (b *browser) uploadFile(path, name, file string, form url.Values) response {
	b.site.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, values := range form {
		b.site.Must(w.WriteField(key, values[0]))
	}
	part, err := w.CreateFormFile("file", name)
	b.site.Must(err)
	_, err = part.Write([]byte(file))
	b.site.Must(err)
	b.site.Must(w.Close())
	return b.do(http.MethodPost, path, w.FormDataContentType(), &body)
}

func TestManyProblemsAreTurnedPageByPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("admin", s.A, console.RoleResellerAdmin))
	var file strings.Builder
	file.WriteString("org_display_name,domain\n")
	for i := range 130 {
		fmt.Fprintf(&file, "Bad,not a domain %d\n", i)
	}
	path := b.uploadFile(at(s.A, "/customers/import"), "customers.csv", file.String(), nil).want(http.StatusSeeOther).Header.Get("Location")
	s.runImport(path)
	b.get(path).want(http.StatusOK).shows("not a domain 99").lacks("not a domain 100")
	b.get(path+"?from=100").want(http.StatusOK).shows("not a domain 100", "not a domain 129").lacks("not a domain 99”")
}

func TestAllThatIsWrongInAFileIsDownloaded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("admin", s.A, console.RoleResellerAdmin))
	load := func(rows int) (path string) {
		var file strings.Builder
		file.WriteString("org_display_name,domain\n")
		for i := range rows {
			fmt.Fprintf(&file, "Bad,not a domain %d\n", i)
		}
		path = b.uploadFile(at(s.A, "/customers/import"), "customers.csv", file.String(), nil).want(http.StatusSeeOther).Header.Get("Location")
		s.runImport(path)
		return path
	}
	wrong := func(path string) int {
		file := b.get(path + "/problems").want(http.StatusOK)
		if kind := file.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") {
			t.Errorf("type %s", kind)
		}
		return strings.Count(file.Body, "is not a domain name")
	}
	many := load(1_234)
	b.get(many).shows("The first 1,000 are listed, and there are 234 more.", "Download all as CSV")
	if n := wrong(many); n != 1_234 {
		t.Errorf("%d problems are downloaded", n)
	}
	s.as(s.person("viewer", s.A, console.RoleViewer)).get(many + "/problems").want(http.StatusForbidden)
	other := strings.Replace(many, string(s.A.AccountID), string(s.C.AccountID), 1)
	s.as(s.person("chi", s.C, console.RoleSuperAdmin)).get(other + "/problems").want(http.StatusNotFound)
	few := load(3)
	b.get(few).shows("Download all as CSV").lacks("more.")
	if n := wrong(few); n != 3 {
		t.Errorf("%d of 3 problems are downloaded", n)
	}
	// The next import has dropped the file: the list is no longer whole, and nobody says that it is.
	b.get(many).shows("and there are 234 more.").lacks("Download all as CSV")
}

func TestAllCustomersAreDownloadedBySuperAdminsOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.A, 3, nil)
	s.as(s.person("staff", s.A, console.RoleResellerAdmin)).post(at(s.A, "/customers/export"), nil).want(http.StatusForbidden)
	b := s.as(s.person("admin", s.A, console.RoleSuperAdmin))
	b.get(at(s.A, "/customers")).shows("Download all customers")
	file := b.post(at(s.A, "/customers/export"), nil).want(http.StatusOK)
	if strings.Count(file.Body, "\n") != 4 || !strings.Contains(file.Header.Get("Content-Disposition"), "customers.csv") {
		t.Errorf("%s\n%s", file.Header.Get("Content-Disposition"), file.Body)
	}
}

func TestACustomersHistoryIsWalkedToItsEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.AddCustomers(s.A, 1, nil)[0]
	s.Update(func(tx *store.Tx) error {
		for range 60 {
			if err := errors.Join(
				tx.InsertEvent(t.Context(), store.Event{
					ConsoleID: s.A.ID, ID: s.IDs.New("evt", s.Clock.Now()), At: s.Clock.Now(), Side: store.SideOwn,
					PersonName: "Aoi", Action: "customer.exported", CustomerID: id,
				}),
				tx.InsertOrders(t.Context(), []customer.Order{{
					ConsoleID: s.A.ID, ID: s.IDs.New("ord", s.Clock.Now()), CustomerID: id, SubscriptionID: "sub_" + id[4:], At: s.Clock.Now(),
					By: customer.ByReseller, ByName: "Somebody", Action: customer.OrderCreated, SKUID: apptest.Seats, Plan: catalog.Flexible,
					State: customer.OrderOpen,
				}}),
			); err != nil {
				return err
			}
		}
		return nil
	})
	b := s.as(s.person("aoi", s.A, console.RoleSuperAdmin))
	page := b.get(at(s.A, "/customers/"+id))
	count := func(orders, events int) {
		t.Helper()
		if o, e := strings.Count(page.Body, `id="order-`), strings.Count(page.Body, `id="event-`); o != orders || e != events {
			t.Errorf("%s shows %d orders and %d events, want %d and %d", page.asked, o, e, orders, events)
		}
	}
	count(50, 50)
	page = b.open(page, "Next page")
	count(10, 50)
	oldest := b.open(page, "Cancel order").want(http.StatusOK) // of an order that the first page does not show
	b.follow(b.submit(oldest, "Cancel order", nil))
	page = b.open(page, "Next page")
	count(10, 10)
	page = b.open(page, "First page")
	count(50, 10)
}
