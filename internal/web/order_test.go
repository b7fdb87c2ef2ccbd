package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/store"
)

// TestOrdersByPage asks what orders cost, has some refused, and orders.
func TestOrdersByPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Update(func(tx *store.Tx) error {
		return tx.PutOffers(t.Context(), []catalog.Offer{
			{SKUID: apptest.Seats, Plan: catalog.AnnualYearlyPay, Currency: "JPY", Price: money.Price{Num: 13600, Den: 1}},
			{SKUID: apptest.Seats, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 1360, Den: 1}},
		})
	})
	b := s.as(s.person("admin", s.A, console.RoleResellerAdmin))
	made := url.Values{"org_display_name": {"Kita"}, "domain": {"kita.example"}, "alternate_email": {"a@kita.example"}}
	b.post(at(s.A, "/customers/new"), made).want(http.StatusUnprocessableEntity).shows("own domain")
	made.Set("alternate_email", "a@mail.example")
	b.post(at(s.A, "/customers/new"), made).want(http.StatusSeeOther)
	b.post(at(s.A, "/customers/new"), made).want(http.StatusUnprocessableEntity).shows("kita.example is the domain of Kita")
	list := b.get(at(s.A, "/customers?q=kita")).want(http.StatusOK)
	path, _, _ := strings.Cut(href(t, list.Body, at(s.A, "/customers/cus_")), "?")

	order := url.Values{"sku": {apptest.Seats}, "plan": {"ANNUAL_YEARLY_PAY"}, "seats": {"5"}, "account": {apptest.Account(s.A, "JPY", "le_1")}, "key": {"k"}}
	b.get(path + "/buy").want(http.StatusOK).shows("Show what it costs").lacks("Order now")
	b.get(path+"/buy?"+order.Encode()).want(http.StatusOK).shows("¥0 → ¥68,000 (+¥68,000)", "Order now")
	b.get(path + "/buy?seats=5").want(http.StatusUnprocessableEntity).shows("Choose a product from the list.").lacks("Order now")
	b.post(path+"/buy", order).leadsTo(path)
	b.post(path+"/buy", order).leadsTo(path) // sent twice
	page := b.get(path).want(http.StatusOK).shows("Seats ordered for Kita: 5 seats", "Subscription created")
	seats := href(t, page.Body, path+"/subscriptions/sub_")
	b.get(seats+"?seats=3").want(http.StatusOK).shows("3, removed 2", "renewal; billing date")
	b.get(seats + "?seats=many").want(http.StatusUnprocessableEntity).shows("Enter a whole number")
	b.post(seats, url.Values{"seats": {"7"}, "seen": {"4"}}).want(http.StatusConflict).shows("there are 5 now")
	b.post(seats, url.Values{"seats": {"7"}, "seen": {"5"}}).leadsTo(path)
	b.get(path).shows("7, added 2")
	b.post(seats, url.Values{"seats": {"3"}}).leadsTo(path)
	b.get(path).shows("3 from the renewal on").lacks("Cancel subscription")
	end := strings.TrimSuffix(seats, "seats") + "end"
	b.get(end).want(http.StatusConflict).shows("An annual plan ends only at its renewal")
	operator := s.as(s.person("oscar", s.A, ""))
	operator.open(operator.get(path), "Cancel subscription").want(http.StatusOK).shows("The vendor ends it earlier; nothing is given back")
	renewal := href(t, b.get(path).Body, path+"/subscriptions/"+seats[len(path+"/subscriptions/"):len(seats)-len("/seats")]+"/renewal")
	b.get(renewal + "?renewal=CANCEL").want(http.StatusOK).shows("Ends")
	b.post(renewal, url.Values{"renewal": {"SOMETIMES"}}).want(http.StatusUnprocessableEntity).shows("Choose from the list")
	b.post(renewal, url.Values{"renewal": {"CANCEL"}}).leadsTo(path)
	offer := seats[:len(seats)-len("seats")] + "offer"
	b.get(offer).want(http.StatusOK).shows("the difference of the prices is charged").lacks("Pays by the month", "Flexible")
	b.get(offer + "?sku=" + apptest.Voice).want(http.StatusUnprocessableEntity).shows("that is another product").lacks("Order now")
	b.post(offer, url.Values{"sku": {apptest.Seats}, "plan": {"FLEXIBLE"}}).want(http.StatusUnprocessableEntity).shows("binds until its renewal")
	b.post(offer, url.Values{"sku": {apptest.Seats}}).leadsTo(path)
	b.get(renewal[:len(renewal)-len("renewal")] + "end").want(http.StatusConflict).shows("ends only at its renewal")
	offline := url.Values{"sku": {apptest.Seats}, "plan": {"FLEXIBLE"}, "seats": {"5"}, "account": {apptest.Account(s.A, "JPY", "le_1")}, "begin": {"OFFLINE"}, "key": {"o"}}
	b.get(path+"/buy?"+offline.Encode()).want(http.StatusOK).shows("As soon as the vendor has done it", "Order now")
	b.post(path+"/buy", offline).leadsTo(path)
	offline.Set("begin", "TRIAL")
	b.get(path + "/buy?" + offline.Encode()).want(http.StatusUnprocessableEntity).shows("There is no trial of Seats")
	vendor := s.operates()
	queue := vendor.get(operating(s.A, "")).want(http.StatusOK).shows("Kita", "Reject order", "Fulfil order")
	reject := href(t, queue.Body, path+"/orders/ord_")
	reject = reject[:len(path+"/orders/ord_")+strings.IndexByte(reject[len(path+"/orders/ord_"):], '/')] + "/reject"
	vendor.post(reject, url.Values{"reason": {" "}}).want(http.StatusUnprocessableEntity).shows("Enter a reason")
	b.post(reject, url.Values{"reason": {"x"}}).want(http.StatusForbidden)
	vendor.post(reject, url.Values{"reason": {"not sold any more"}}).leadsTo(path)
	b.get(path).shows("Rejected", "not sold any more")
	b.get(path).shows("Transfer to the vendor")
	b.get(path+"/transfer-out").want(http.StatusOK).shows("Transfer all subscriptions of Kita to the vendor?", "Credit for what is left")
	viewer := s.as(s.person("viewer", s.A, console.RoleViewer))
	viewer.get(path).want(http.StatusOK).lacks("Transfer to the vendor")
	viewer.post(path+"/transfer-out", nil).want(http.StatusForbidden)
	viewer.get(path + "/transfer-tokens").want(http.StatusForbidden)
	viewer.post(path+"/transfer-tokens", nil).want(http.StatusForbidden)
	tokens := path + "/transfer-tokens"
	b.get(tokens).want(http.StatusOK).shows("Transfer tokens of Kita", "No tokens yet")
	b.post(tokens, nil).want(http.StatusOK).shows("psct_", "shown this once")
	listed := b.get(tokens).want(http.StatusOK).shows("Until ").lacks("psct_")
	revoke := href(t, listed.Body, tokens+"/trt_")
	b.get(revoke).want(http.StatusOK).shows("Nobody can take the subscriptions over")
	viewer.post(revoke, nil).want(http.StatusForbidden)
	b.post(revoke, nil).leadsTo(tokens)
	b.get(tokens).shows("Revoked on").lacks("/revoke")
	b.post(revoke, nil).want(http.StatusNotFound)
	b.header.Set("Accept-Language", "ja")
	b.get(seats+"?seats=9").want(http.StatusOK).shows("シート数の変更", "9、2 追加", "注文する")
	b.post(path+"/transfer-out", nil).leadsTo(path)
	b.get(path).want(http.StatusOK).shows("提供元への移管")
	b.get(path + "/transfer-out").want(http.StatusConflict).shows("移管できるサブスクリプションがありません")
	viewer.get(path).lacks("/delete")
	viewer.post(path+"/delete", nil).want(http.StatusForbidden)
	b.open(b.get(path), "顧客を削除").want(http.StatusOK).shows("Kita を削除しますか?")
	b.post(path+"/delete", nil).leadsTo(at(s.A, "/customers"))
	b.get(path).want(http.StatusOK).lacks("/delete", "/edit").shows("削除済み")
	b.post(path+"/delete", nil).want(http.StatusConflict)
}
