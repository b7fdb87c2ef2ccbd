package cli_test

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBillingAccountsAgreementsAndSKUs(t *testing.T) {
	w := newTerminal(t)
	tokyo := w.id("console", "create", "--reseller", "Northwind", "--name", "Tokyo")
	entity := w.id("legal-entity", "create", "--console", tokyo, "--name", "Northwind KK", "--country", "JP")
	account := w.id("billing-account", "create", "--console", tokyo, "--name", "Yen", "--currency", "JPY", "--legal-entity", entity)
	w.refused("billing_account.invalid", 2, "billing-account", "create", "--console", tokyo, "--name", "Yen", "--currency", "XXX", "--legal-entity", entity)

	type accountJSON struct {
		ID, State, Currency string
		Group               string `json:"product_group"`
		Signed              bool   `json:"agreement_signed"`
	}
	accounts := func() accountJSON {
		list := into[[]accountJSON](w, "billing-account", "list", "--console", tokyo)
		if len(list) != 1 {
			t.Fatalf("%+v", list)
		}
		return list[0]
	}
	if got := accounts(); got != (accountJSON{account, "ACTIVE", "JPY", "GOOGLE_WORKSPACE", false}) {
		t.Errorf("%+v", got)
	}
	w.run("agreement", "sign", entity, "--console", tokyo)
	w.run("billing-account", "set-state", account, "restrict", "--console", tokyo)
	if got := accounts(); got.State != "PROBATION" || !got.Signed {
		t.Errorf("%+v", got)
	}
	w.refused("billing_account.state", 5, "billing-account", "set-state", account, "approve", "--console", tokyo)
	w.refused("billing_account.not_found", 3, in(w.A, "billing-account", "set-state", account, "close")...)
	type agreement struct {
		LegalEntityID string `json:"legal_entity_id"`
		SignedBy      string `json:"signed_by"`
	}
	if list := into[[]agreement](w, "agreement", "list", "--console", tokyo); len(list) != 1 || list[0] != (agreement{entity, "Operator"}) {
		t.Errorf("%+v", list)
	}

	type grant struct {
		SKUID     string `json:"sku_id"`
		GrantedAt string `json:"granted_at"`
	}
	w.refused("cli.scope", 2, "sku-authorization", "grant", "--console", tokyo)
	w.run("sku-authorization", "grant", "sku_seats", "--console", tokyo)
	granted := func() (n int) {
		for _, g := range into[[]grant](w, "sku-authorization", "list", "--console", tokyo) {
			if g.GrantedAt != "" {
				n++
			}
		}
		return n
	}
	if n := granted(); n != 1 {
		t.Errorf("%d SKUs granted", n)
	}
	w.run("sku-authorization", "grant", "--all", "--console", tokyo)
	if n := granted(); n != 3 {
		t.Errorf("%d SKUs granted", n)
	}
}

func TestCatalogue(t *testing.T) {
	w := newTerminal(t)
	file := filepath.Join(t.TempDir(), "catalog.json")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("\ufeff" + `{"skus": [{"sku_id": "s1", "product": "P", "name": "N", "product_group": "GOOGLE_CLOUD",
		"cannot_migrate": [{"plan": "FLEXIBLE", "reason": "HAS_GOOGLE_CLOUD"}],
		"offers": [{"plan": "FLEXIBLE", "currency": "USD", "price": "12.5"}, {"plan": "FLEXIBLE", "currency": "JPY", "price": "16320/12"}]}]}`)
	w.run("catalog", "load", file)

	type offer struct{ Plan, Currency, Price string }
	type catalogue struct {
		SKUs []struct {
			ID     string `json:"sku_id"`
			Offers []offer
		}
	}
	find := func() []offer {
		for _, s := range into[catalogue](w, "catalog", "list").SKUs {
			if s.ID == "s1" {
				return s.Offers
			}
		}
		return nil
	}
	if got := find(); len(got) != 2 || got[0].Price != "16320/12" || got[1].Price != "12.50" {
		t.Errorf("%+v", got)
	}
	// What is listed can be loaded.
	write(w.run("catalog", "list", "--json"))
	w.run("catalog", "load", file)

	write(`{"skus": [{"sku_id": "s2", "product": "P", "name": "", "product_group": "X",
		"offers": [{"plan": "FLEXIBLE", "currency": "JPY", "price": "1.5"}]}]}`)
	w.refused("catalog.invalid", 2, "catalog", "load", file)
	_, errs, _ := w.try("catalog", "load", file)
	for _, place := range []string{"skus[0].name: ", "skus[0].product_group: ", "skus[0].offers[0].price: "} {
		if !contains(errs, place) {
			t.Errorf("%q is missing in\n%s", place, errs)
		}
	}
	for _, bad := range []string{`{"skus": [{"colour": "blue"}]}`, `{"skus": []} {}`, `nonsense`} {
		write(bad)
		w.refused("catalog.unreadable", 2, "catalog", "load", file)
	}
	w.refused("cli.file", 2, "catalog", "load", file+".missing")
}
