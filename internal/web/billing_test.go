package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

func TestBillingAccountIsOpenedOrAskedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := url.Values{"name": {"Tokyo EUR"}, "currency": {"EUR"}, "product_group": {"GOOGLE_WORKSPACE"}, "legal_entity": {"le_1"}}
	staff := s.as(s.person("staff", s.A, console.RoleIndirectResellerAdmin))
	staff.get(at(s.A, "/billing")).want(http.StatusForbidden)
	staff.get(at(s.A, "/billing/new?currency=EUR")).want(http.StatusOK).shows("Request").lacks(`name="legal_entity"`)
	staff.post(at(s.A, "/billing/new"), form).want(http.StatusForbidden)
	staff.post(at(s.A, "/billing/request"), url.Values{"currency": {"XXX"}, "product_group": {"GOOGLE_WORKSPACE"}}).want(http.StatusUnprocessableEntity)
	staff.post(at(s.A, "/billing/request"), form).leadsTo(at(s.A, "/billing/new"))

	b := s.as(s.person("billing", s.A, console.RoleBilling))
	b.get(at(s.A, "/notices")).want(http.StatusOK).shows("staff asks for a new billing account in EUR for Google Workspace.")
	b.get(at(s.A, "/billing")).want(http.StatusOK).shows("JPY", "Entity One", "New Google Workspace billing account")
	b.get(at(s.A, "/billing/new?currency=EUR&product_group=GOOGLE_CLOUD")).want(http.StatusOK).
		shows("Legal entity", "JPY – Japanese Yen USD – US Dollar EUR – Euro AED – United Arab Emirates Dirham").lacks(`value="CHE"`)
	b.header.Set("Accept-Language", "ja")
	b.get(at(s.A, "/billing/new")).shows("JPY – 日本円", "ZWG – ") // every one has its name
	b.header.Set("Accept-Language", "en")
	b.post(at(s.A, "/billing/new"), url.Values{"currency": {"EUR"}}).want(http.StatusUnprocessableEntity).shows("Enter a name.", "Choose a product group")
	b.post(at(s.A, "/billing/new"), form).leadsTo(at(s.A, "/billing"))
	b.get(at(s.A, "/billing")).shows("Tokyo EUR", "is created and active")
	s.as(s.person("viewer", s.A, console.RoleViewer)).get(at(s.A, "/billing/new")).want(http.StatusForbidden)
}

func TestAgreementsAreSignedBySuperAdmins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Update(func(tx *store.Tx) error {
		if err := tx.InsertReseller(t.Context(), "res_2", "Another", apptest.Start); err != nil {
			return err
		}
		return tx.InsertConsole(t.Context(), console.Console{
			ID: "cns_D", AccountID: console.NewAccountID([7]byte{9}), Name: "D", ResellerID: "res_1", State: console.Active, CreatedAt: apptest.Start,
		})
	})
	d := console.Console{ID: "cns_D", AccountID: console.NewAccountID([7]byte{9})}
	staff := s.as(s.person("staff", d, console.RoleResellerAdmin))
	staff.get(at(d, "/agreements")).want(http.StatusOK).shows("Entity One", "Not signed").lacks("Sign agreement")
	staff.get(at(d, "/agreements/le_1/sign")).want(http.StatusForbidden)
	staff.post(at(d, "/agreements/le_1/sign"), nil).want(http.StatusForbidden)
	b := s.as(s.person("admin", d, console.RoleSuperAdmin))
	b.get(at(d, "/agreements/le_none/sign")).want(http.StatusNotFound)
	b.get(at(d, "/agreements/le_1/sign")).want(http.StatusOK).shows("Sign the agreement for Entity One?")
	b.post(at(d, "/agreements/le_1/sign"), nil).leadsTo(at(d, "/agreements"))
	b.get(at(d, "/agreements")).shows("The agreement is signed.", "admin", "Signed")
	b.get(at(d, "/sku-authorizations")).want(http.StatusOK).shows("Seats", "Not authorised")
}

func TestOperatorClearsWhatOnlyTheVendorCan(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ids := s.AddCustomers(s.A, 2, func(i int, _ *customer.Customer, sub *customer.Subscription) {
		if i == 1 {
			sub.State, sub.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
		}
	})
	openOrder(s, ids[0])
	s.Update(func(tx *store.Tx) error {
		return tx.PutSKUs(t.Context(), []catalog.SKU{{ID: "sku_new", Name: "Newest", Product: "Workspace", Group: catalog.GoogleWorkspace}})
	})
	path := "/operator/consoles/" + string(s.A.AccountID)
	account := apptest.Account(s.A, "USD", "le_2")
	b := s.as(s.person("operator", console.Console{}, ""))
	b.get("/operator/consoles").want(http.StatusOK).shows("Console A", "Console B")
	b.get(path).want(http.StatusOK).shows("Customer 000001", "Fulfil order", "Customer 000002", "Lift suspension", "Newest", "Put on probation")
	b.get("/").leadsTo("/operator")
	b.get("/operator").want(http.StatusOK).shows("operator, this is what needs an operator in all", "Order to fulfil or reject 1").lacks("Month to close")
	waiting := b.get("/operator/waiting").want(http.StatusOK).shows("Customer 000001", "Console A", "Fulfil order")
	for _, act := range []string{"Fulfil order", "Reject order"} { // who thinks better of it is back in the queue
		if back := b.open(b.open(waiting, act).want(http.StatusOK), "Go back"); back.path() != "/operator/waiting" {
			t.Errorf("%s leads back to %s", act, back.path())
		}
	}
	b.get("/operator/consoles").shows("Waiting for the vendor", "JST 1 Active", "JST – Active")
	b.get("/operator/waiting?tab=accounts").shows("No billing account waits")
	pending := s.NewAccount(s.A, "EUR", "le_1")
	s.Exec(`UPDATE billing_accounts SET state = 'PENDING' WHERE id = '` + pending + `'`)
	b.get("/operator/waiting?tab=accounts").shows("EUR", "Console A", "Approve")
	b.get(path + "/accounts/" + pending + "/approve?return=/operator/waiting").want(http.StatusOK)
	b.post(path+"/accounts/"+pending+"/approve", url.Values{"return": {"/operator/waiting?tab=accounts"}}).leadsTo("/operator/waiting?tab=accounts")
	b.post(path+"/skus", nil).want(http.StatusUnprocessableEntity)
	b.post(path+"/skus", url.Values{"id": {"sku_new"}}).leadsTo(path)
	b.get(path + "/accounts/" + account + "/restrict").want(http.StatusOK).shows("Put “USD” on probation?")
	b.get(path + "/accounts/" + account + "/approve").want(http.StatusNotFound)
	b.post(path+"/accounts/"+account+"/restrict", nil).leadsTo(path)
	b.post(path+"/accounts/"+account+"/approve", nil).want(http.StatusConflict)
	b.post(path+"/accounts/"+account+"/explode", nil).want(http.StatusConflict)
	order := at(s.A, "/customers/"+ids[0]+"/orders/ord_1/fulfil")
	b.get(order + "?return=" + path).want(http.StatusOK).shows("Fulfil the open order for Seats?")
	b.post(order, url.Values{"return": {path}}).leadsTo(path)
	b.post(at(s.A, "/customers/"+ids[1]+"/subscriptions/sub_"+ids[1][4:]+"/vendor-lift"), url.Values{"return": {path}}).leadsTo(path)
	b.get(path).shows("No open orders", "Nothing is suspended by the vendor", "Probation", "End probation")
	b.get(at(s.A, "/customers/"+ids[0])).shows("12", "for the vendor")
	b.get(at(s.A, "/audit")).shows("SKUs authorised: Newest")
}
