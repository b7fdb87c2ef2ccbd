package cli_test

import "testing"

// TestAPreviewAddsUpToWhatIsBilledAnyway previews a move in the middle of the month from either side.
func TestAPreviewAddsUpToWhatIsBilledAnyway(t *testing.T) {
	w := newTerminal(t)
	ids := w.AddCustomers(w.B, 3, nil)
	connect(w)
	type preview struct {
		BillingDate string `json:"billing_date"`
		Customers   int
		Totals      []struct {
			Currency      string
			Subscriptions int
			Without       int64 `json:"source_without_minor,string"`
			With          int64 `json:"source_with_minor,string"`
			Main          int64 `json:"main_with_minor,string"`
		}
	}
	check := func(p preview, customers int) {
		t.Helper()
		if p.Customers != customers || p.BillingDate != "2026-10-16" || len(p.Totals) != 1 || p.Totals[0].Subscriptions != customers {
			t.Fatalf("%+v", p)
		}
		if sum := p.Totals[0]; sum.Currency != "JPY" || sum.With == 0 || sum.Main == 0 || sum.With+sum.Main != sum.Without {
			t.Errorf("%+v", sum)
		}
	}
	check(into[preview](w, in(w.B, "migration", "preview", "--all", "--on", "2026-10-16")...), 3)
	check(into[preview](w, in(w.B, "migration", "preview", ids[1], "--on", "2026-10-16")...), 1)
	w.run(in(w.B, "migration", "start", ids[0], ids[2])...)
	check(into[preview](w, in(w.A, "migration", "preview", "--all", "--on", "2026-10-16")...), 2)
	w.refused("migration.preview_date", 2, in(w.B, "migration", "preview", "--all", "--on", "2026-01-01")...)
	w.refused("cli.date", 2, in(w.B, "migration", "preview", "--all", "--on", "soon")...)
	w.refused("cli.scope", 2, in(w.B, "migration", "preview")...)
}

// TestAskingTheMain has the main's people find what the source asks for among their notices.
func TestAskingTheMain(t *testing.T) {
	w := newTerminal(t)
	w.AddCustomers(w.B, 1, nil)
	connect(w)
	w.refused("migration.ask_unknown", 2, in(w.B, "migration", "ask", "OPEN_ORDER")...)
	w.refused("migration.wrong_side", 6, in(w.A, "migration", "ask", "ALREADY_CUSTOMER_OF_MAIN")...)
	w.run(in(w.B, "migration", "ask", "ALREADY_CUSTOMER_OF_MAIN")...)
	w.run(in(w.B, "migration", "check-again")...)
	if out := w.run(in(w.A, "audit", "list")...); !contains(out, "was asked about customers that it has too") {
		t.Error(out)
	}
}
