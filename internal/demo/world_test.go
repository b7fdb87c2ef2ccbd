package demo_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/demo"
)

func tokyoTime(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func build(t *testing.T, seed uint64, n demo.Sizes) demo.World {
	t.Helper()
	zone := tokyoTime(t)
	return demo.Build(seed, n, time.Date(2026, 10, 1, 9, 0, 0, 0, zone), zone)
}

func dump(t *testing.T, w demo.World) string {
	t.Helper()
	b, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSameSeedSameWorld(t *testing.T) {
	one := dump(t, build(t, 7, demo.Default))
	if again := dump(t, build(t, 7, demo.Default)); again != one {
		t.Error("the same seed made another world")
	}
	if other := dump(t, build(t, 8, demo.Default)); other == one {
		t.Error("another seed made the same world")
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		total int
		want  demo.Sizes
	}{
		{1660, demo.Default},
		{16600, demo.Sizes{Tokyo: 12000, Seattle: 4000, Berlin: 600}},
		{0, demo.Sizes{Tokyo: 25, Seattle: 25, Berlin: 25}},
		{300, demo.Sizes{Tokyo: 203, Seattle: 72, Berlin: 25}},
	} {
		got := demo.SizesFor(c.total)
		if got != c.want {
			t.Errorf("SizesFor(%d) = %+v, want %+v", c.total, got, c.want)
		}
		w := build(t, 1, got)
		count := map[string]int{}
		for _, cu := range w.Customers {
			count[cu.ConsoleID]++
		}
		for i, n := range []int{got.Tokyo, got.Seattle, got.Berlin} {
			if count[w.Consoles[i].ID] != n {
				t.Errorf("%s has %d customers, want %d", w.Consoles[i].Name, count[w.Consoles[i].ID], n)
			}
		}
	}
}

var idForm = regexp.MustCompile(`^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$`)

func TestIDs(t *testing.T) {
	w := build(t, 1, demo.Default)
	seen := map[string]bool{}
	check := func(id string) {
		if !idForm.MatchString(id) || seen[id] {
			t.Errorf("ID %q is no ID, or not the first of its kind", id)
		}
		seen[id] = true
	}
	for _, c := range w.Consoles {
		check(c.ID)
		if id, err := console.ParseAccountID(string(c.AccountID)); err != nil || id != c.AccountID {
			t.Errorf("account ID %q: %v", c.AccountID, err)
		}
	}
	for _, e := range w.LegalEntities {
		check(e.ID)
	}
	for _, p := range w.People {
		check(p.ID)
	}
	for _, a := range w.Accounts {
		check(a.ID)
	}
	for _, c := range w.Customers {
		check(c.ID)
	}
	for _, s := range w.Subscriptions {
		check(s.ID)
	}
	for _, o := range w.Orders {
		check(o.ID)
	}
}

func TestPeople(t *testing.T) {
	w := build(t, 1, demo.Default)
	roles, of := map[string]map[console.Role]int{}, map[string][]console.Membership{}
	for _, m := range w.Memberships {
		if roles[m.ConsoleID] == nil {
			roles[m.ConsoleID] = make(map[console.Role]int)
		}
		roles[m.ConsoleID][m.Role]++
		of[m.PersonID] = append(of[m.PersonID], m)
	}
	for _, c := range w.Consoles {
		for _, r := range console.Roles {
			if roles[c.ID][r] == 0 {
				t.Errorf("%s has nobody as %s", c.Name, r)
			}
		}
	}
	may := map[string]int{}
	for _, p := range w.People {
		if !reserved(p.Email) {
			t.Errorf("%s has the address %s", p.Name, p.Email)
		}
		may[demo.MayKey(p, of[p.ID])]++
	}
	want := map[string]int{
		"demo.may.operator": 1, "demo.may.several_consoles": 1, "demo.may.super_admin": 3, "demo.may.reseller_admin": 3,
		"demo.may.indirect_reseller_admin": 3, "demo.may.billing": 3, "demo.may.viewer": 3,
	}
	if !maps.Equal(may, want) {
		t.Errorf("the people may %v, want %v", may, want)
	}
	if got := demo.MayKey(console.Person{}, nil); got != "demo.may.nothing" {
		t.Errorf("somebody without a console may %s", got)
	}
}

// reserved reports whether the address or domain can belong to nobody (RFC 2606).
func reserved(s string) bool {
	return strings.HasSuffix(s, ".example") || strings.HasSuffix(s, ".test")
}

func TestCustomers(t *testing.T) {
	w := build(t, 1, demo.Default)
	label := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*\.(example|test)$`)
	domains, names := map[[2]string]bool{}, map[string]int{}
	var all strings.Builder
	for _, c := range w.Customers {
		key := [2]string{c.ConsoleID, c.Domain}
		if domains[key] || !label.MatchString(c.Domain) {
			t.Errorf("domain %q of %s", c.Domain, c.Name)
		}
		domains[key] = true
		names[c.Name]++
		all.WriteString(c.Name + "\n")
		if _, err := mail.ParseAddress(c.ContactEmail); err != nil || !reserved(c.ContactEmail) {
			t.Errorf("%s: %q: %v", c.Name, c.ContactEmail, err)
		}
		if c.Address == "" || c.PostalCode == "" || c.Phone == "" || c.ContactName == "" {
			t.Errorf("%+v lacks something", c)
		}
	}
	if len(names) < len(w.Customers)*99/100 {
		t.Errorf("%d customers share %d names", len(w.Customers), len(names))
	}
	for _, part := range []string{
		"髙", "﨑", "𠮷", "\n株式会社", "株式会社\n", "医療法人", "学校法人", "市役所", "有限会社", "一般社団法人",
		" Inc.\n", " LLC\n", "Co-op\n", "County Schools\n", " GmbH\n", " AG\n", " e.V.\n", "Stadtwerke ", " Ltd\n", " Pte. Ltd.\n",
	} {
		if !strings.Contains(all.String(), part) {
			t.Errorf("no customer is called like %q", part)
		}
	}
}

func TestSubscriptions(t *testing.T) {
	w := build(t, 1, demo.Default)
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	today := civil.DateOf(at, tokyoTime(t))
	customers, accounts := map[string]customer.Customer{}, map[string]billing.Account{}
	offered := map[catalog.Offer]bool{}
	for _, c := range w.Customers {
		customers[c.ID] = c
	}
	for _, a := range w.Accounts {
		accounts[a.ID] = a
	}
	for _, o := range w.Offers {
		o.Price.Num, o.Price.Den = 0, 0
		offered[o] = true
	}
	sells := map[demo.Authorization]bool{}
	for _, a := range w.Authorizations {
		sells[a] = true
	}
	seen := map[string]int{}
	for _, s := range w.Subscriptions {
		c, a := customers[s.CustomerID], accounts[s.BillingAccountID]
		if c.ConsoleID != s.ConsoleID || a.ConsoleID != s.ConsoleID || !a.Fits(s.Currency, s.Group) || !a.Signed {
			t.Errorf("%s: customer %s or account %s does not fit", s.ID, c.ID, a.ID)
		}
		if s.CreatedAt.Before(c.CreatedAt) || s.StartDate > today || s.Seats < 1 || (s.MaxSeats != 0 && s.MaxSeats < s.Seats) {
			t.Errorf("%s: created %s, starts %s, %d of %d seats", s.ID, s.CreatedAt, s.StartDate, s.Seats, s.MaxSeats)
		}
		if !offered[catalog.Offer{SKUID: s.SKUID, Plan: s.Plan, Currency: s.Currency}] || !sells[demo.Authorization{ConsoleID: s.ConsoleID, SKUID: s.SKUID}] {
			t.Errorf("%s: %s on %s in %s is not sold there", s.ID, s.SKUID, s.Plan, s.Currency)
		}
		if s.Plan.Annual() != (s.TermEnd != 0) || s.Plan.Annual() != (s.Renewal != "") {
			t.Errorf("%s: plan %s, term %s to %s, renewal %q", s.ID, s.Plan, s.TermStart, s.TermEnd, s.Renewal)
		}
		ended := s.State == customer.SubCancelled
		if s.Plan.Annual() && (s.TermStart > today || (s.TermEnd > today) == ended) {
			t.Errorf("%s: %s with the term %s to %s", s.ID, s.State, s.TermStart, s.TermEnd)
		}
		if (s.State == customer.SubSuspended) != (s.SuspensionReason != "") || (s.State == customer.SubTrial && s.TrialEnd <= today) {
			t.Errorf("%s: %s, %q, trial to %s", s.ID, s.State, s.SuspensionReason, s.TrialEnd)
		}
		seen[string(s.Plan)]++
		seen[string(s.State)]++
		seen[string(s.SuspensionReason)]++
		seen[string(s.Channel)]++
		seen[string(s.Renewal)]++
		seen[s.SKUID]++
		seen[a.ID]++
		_, m, day := s.StartDate.Civil()
		seen[time.Date(0, m, day, 0, 0, 0, 0, time.UTC).Format("01-02")]++
		if s.PurchaseOrderID != "" {
			seen["po"]++
		}
	}
	kinds := []string{
		"TRIAL", "SUSPENDED", "CANCELLED", "RESELLER_INITIATED", "VENDOR_INITIATED", "TRIAL_ENDED", "OFFLINE", "ONLINE", "po",
		"AUTO_RENEW_YEARLY_PAY", "AUTO_RENEW_MONTHLY_PAY", "SWITCH_TO_PAY_AS_YOU_GO", "CANCEL", "01-31", "02-29",
	}
	for _, p := range catalog.Plans {
		kinds = append(kinds, string(p))
	}
	for _, s := range w.SKUs {
		kinds = append(kinds, s.ID)
	}
	for _, kind := range kinds {
		if seen[kind] == 0 {
			t.Errorf("no subscription is %s", kind)
		}
	}
}

func TestOrders(t *testing.T) {
	w := build(t, 1, demo.Default)
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	subs := map[string]customer.Subscription{}
	for _, s := range w.Subscriptions {
		subs[s.ID] = s
	}
	last := map[string]customer.Order{}
	seats := map[string]int64{}
	seen := map[string]int{}
	for _, o := range w.Orders {
		s, before := subs[o.SubscriptionID], last[o.SubscriptionID]
		if s.CustomerID != o.CustomerID || s.ConsoleID != o.ConsoleID || s.SKUID != o.SKUID {
			t.Errorf("%s is not of %s", o.ID, s.ID)
		}
		if !o.At.After(before.At) || !o.At.Before(at) || o.ID <= before.ID {
			t.Errorf("%s at %s follows %s at %s", o.ID, o.At, before.ID, before.At)
		}
		if (before.ID == "") != (o.Action == customer.OrderCreated) || o.SeatsBefore != seats[s.ID] {
			t.Errorf("%s: %s from %d seats where there were %d", o.ID, o.Action, o.SeatsBefore, seats[s.ID])
		}
		if o.Plan.Annual() && o.SeatsAfter < o.SeatsBefore && o.Action != customer.OrderRenewed {
			t.Errorf("%s: seats of an annual plan fall from %d to %d by %s", o.ID, o.SeatsBefore, o.SeatsAfter, o.Action)
		}
		if o.State == customer.OrderFulfilled {
			seats[s.ID] = o.SeatsAfter
		}
		last[s.ID] = o
		seen[string(o.Action)]++
		seen[string(o.State)]++
		seen[string(o.By)]++
	}
	ends := map[customer.SubscriptionState]customer.OrderAction{
		customer.SubCancelled: customer.OrderEnded, customer.SubSuspended: customer.OrderSuspended,
		customer.SubTrial: customer.OrderCreated, customer.SubActive: "", // anything
	}
	for id, s := range subs {
		if seats[id] != s.Seats || last[id].Plan != s.Plan {
			t.Errorf("%s: %d seats on %s, by its orders %d on %s", id, s.Seats, s.Plan, seats[id], last[id].Plan)
		}
		if want := ends[s.State]; want != "" && last[id].Action != want {
			t.Errorf("%s is %s after %s", id, s.State, last[id].Action)
		}
	}
	for _, kind := range []customer.OrderAction{
		customer.OrderCreated, customer.OrderSeatsChanged, customer.OrderPlanChanged, customer.OrderSuspended,
		customer.OrderActivated, customer.OrderRenewed, customer.OrderEnded,
	} {
		if seen[string(kind)] == 0 {
			t.Errorf("no order is %s", kind)
		}
	}
	for _, kind := range []string{"OPEN", "FULFILLED", "CANCELLED", "RESELLER", "CUSTOMER", "SYSTEM", "CUSTOMER_SERVICE_REPRESENTATIVE"} {
		if seen[kind] == 0 {
			t.Errorf("no order is %s", kind)
		}
	}
}

// The customers of the help page's examples are there once, whatever the seed and the size, and just as the page has them.
func TestExamples(t *testing.T) {
	for seed, n := range map[uint64]demo.Sizes{1: demo.Default, 2: demo.SizesFor(0), 3: demo.SizesFor(10_000)} {
		w := build(t, seed, n)
		want := map[string]string{
			"mihon-monthly.example": "FLEXIBLE 10 JPY 816", "mihon-yearly.example": "ANNUAL_YEARLY_PAY 25 JPY 8160 2026-04-01 2027-04-01",
		}
		for _, c := range w.Customers {
			text, ok := want[c.Domain]
			if !ok {
				continue
			}
			delete(want, c.Domain)
			for _, s := range w.Subscriptions {
				got := fmt.Sprint(s.Plan, " ", s.Seats, " ", s.Currency, " ", s.Price.Num)
				if s.TermEnd != 0 {
					got += fmt.Sprint(" ", s.TermStart, " ", s.TermEnd)
				}
				if s.CustomerID == c.ID && got != text {
					t.Errorf("seed %d: %s has %s, want %s", seed, c.Name, got, text)
				}
			}
		}
		if len(want) != 0 {
			t.Errorf("seed %d: nobody has the domains %v", seed, want)
		}
	}
}

// Nobody in the demo world has what could not be ordered: more of an edition than its cap, or an add-on to nothing.
func TestProductLimits(t *testing.T) {
	w := build(t, 1, demo.Default)
	skus, of := map[string]catalog.SKU{}, map[string][]customer.Subscription{}
	for _, s := range w.SKUs {
		skus[s.ID] = s
	}
	for _, s := range w.Subscriptions {
		of[s.CustomerID] = append(of[s.CustomerID], s)
	}
	for id, list := range of {
		if err := customer.CheckLimitsNow(skus, nil, list); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}
