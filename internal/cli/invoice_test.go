package cli_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/store"
)

func TestClosingAMonthFromTheCommandLine(t *testing.T) {
	w := newTerminal(t)
	w.AddCustomers(w.B, 2, nil)
	b := id(w.B)
	w.refused("invoice.month_text", 2, "invoice", "close", "October", "--console", b)
	w.refused("invoice.month_not_over", 6, "invoice", "close", "2026-10", "--console", b)
	type monthly struct {
		AccountID string `json:"billing_account_id"`
		State     string
		Net       int64 `json:"net_minor"`
		Items     []struct {
			Amount int64 `json:"amount_minor"`
		}
	}
	account := apptest.Account(w.B, "JPY", "le_1")
	ofMonth := func() (m monthly) {
		for _, m = range into[[]monthly](w, "invoice", "month", "2026-10", "--console", b) {
			if m.AccountID == account {
				break
			}
		}
		return m
	}
	if m := ofMonth(); m.State != "DRAFT" || m.Net != 27_200 {
		t.Errorf("%+v", m)
	}
	if m := into[monthly](w, "invoice", "draft", account, "2026-10", "--console", b); m.Net != 27_200 || len(m.Items) != 2 || m.Items[1].Amount != 13_600 {
		t.Errorf("%+v", m)
	}
	w.refused("invoice.month_text", 2, "invoice", "month", "October", "--console", b)
	w.refused("billing_account.not_found", 3, "invoice", "draft", account, "2026-10", "--console", id(w.A))

	w.Clock.Advance(31 * 24 * time.Hour)
	w.refused("invoice.no_issuer", 6, "invoice", "close", "2026-10", "--console", b)
	w.refused("issuer.code", 2, "issuer", "create", "--code", "two words", "--name", "Vendor")
	w.refused("issuer.currency", 2, "issuer", "create", "--code", "JP", "--name", "Vendor", "--currency", "YEN")
	w.refused("issuer.registration_number", 2, "issuer", "create", "--code", "JP", "--name", "Vendor", "--registration-number", "T1")
	w.refused("issuer.tax_rounding", 2, "issuer", "create", "--code", "JP", "--name", "Vendor", "--tax-rounding", "UP")
	made := w.id("issuer", "create", "--code", "jp", "--name", "Vendor Japan", "--registration-number", "T1234567890123")
	w.refused("issuer.exists", 5, "issuer", "create", "--code", "JP", "--name", "Another")
	w.refused("issuer.not_found", 3, "issuer", "edit", "iss_none", "--name", "Another")
	w.refused("issuer.tax_rounding", 2, "issuer", "edit", made, "--tax-rounding", "UP")
	w.run("issuer", "edit", made, "--name", "Vendor KK")
	if i := into[[]struct {
		Name   string
		Number string `json:"registration_number"`
	}](w, "issuer", "list")[0]; i.Name != "Vendor KK" || i.Number != "T1234567890123" {
		t.Errorf("%+v", i)
	}
	w.run("issuer", "edit", made, "--name", "Vendor Japan")
	type issuer struct{ ID, Code, Name string }
	if list := into[[]issuer](w, "issuer", "list"); len(list) != 1 || list[0] != (issuer{made, "JP", "Vendor Japan"}) {
		t.Errorf("%+v", list)
	}

	w.id("invoice", "close", "2026-10", "--console", b)
	w.refused("invoice.closing_already", 5, "invoice", "close", "2026-10", "--console", b)
	w.RunJobs("close_month")
	if m := ofMonth(); m.State != "ISSUED" || m.Net != 27_200 {
		t.Errorf("%+v", m)
	}
	w.refused("invoice.closed_already", 5, "invoice", "close", "2026-10", "--console", b)
	type invoice struct {
		Number, Month string
		Net           int64 `json:"net_minor"`
		Due           int64 `json:"due_minor"`
		Items         []struct {
			Type   string `json:"line_type"`
			Amount int64  `json:"amount_minor"`
		}
	}
	list := into[[]invoice](w, "invoice", "list", "--console", b)
	if len(list) != 1 || list[0].Number != "JP-2026-000001" || list[0].Net != 27_200 || list[0].Due != 29_920 {
		t.Errorf("%+v", list)
	}
	if got := into[invoice](w, "invoice", "show", "JP-2026-000001", "--console", b); len(got.Items) != 2 || got.Items[0].Amount != 13_600 {
		t.Errorf("%+v", got)
	}
	if out := w.run("invoice", "show", "JP-2026-000001", "--console", b); !strings.Contains(out, "¥29,920") {
		t.Errorf("%q", out)
	}
	rows, err := csv.NewReader(strings.NewReader(w.run("invoice", "export", "JP-2026-000001", "--console", b))).ReadAll()
	w.Must(err)
	if len(rows) != 3 || rows[1][10] != "13600" || rows[1][24] != "JP-2026-000001" || rows[1][25] != "2026-10" {
		t.Errorf("%q", rows)
	}
	w.refused("invoice.not_found", 3, "invoice", "export", "JP-2026-000002", "--console", b)
	w.refused("invoice.not_found", 3, "invoice", "show", "JP-2026-000001", "--console", id(w.A))
	if out := w.run("ledger", "check"); !strings.Contains(out, "Everything agrees") {
		t.Errorf("%q", out)
	}
	w.Must(w.DB.Engine().Update(t.Context(), func(c store.Conn) error { // behind the product's back
		_, err := c.Exec(t.Context(), `UPDATE invoices SET net = net + 1`)
		return err
	}))
	if out, errs, code := w.try("ledger", "check"); code != 6 || !strings.Contains(out, "JP-2026-000001") || !strings.Contains(errs, "do not agree") {
		t.Errorf("%d %q %q", code, out, errs)
	}
}
