package web

import (
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/i18n"
	"psc/internal/web/view"
)

// Kinds that are put together from states and codes have their sentences too: an unknown key panics in tests.
func TestWhatIsPutTogetherHasItsSentence(t *testing.T) {
	t.Parallel()
	catalog, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	data := map[string]string{"Main": "A", "MainID": "Ca", "Source": "B", "SourceID": "Cb", "Currency": "JPY", "Group": "Google Workspace", "SKU": "Seats"}
	for _, lang := range i18n.Languages {
		p := &view.Page{Speaker: catalog.For(lang)}
		tellEvent(p, app.Event{Action: "connection.closed", Data: data})
		run := map[string]string{"Main": "A", "MainID": "Ca", "Source": "B", "SourceID": "Cb", "Done": "1", "Total": "3", "Returned": "2"}
		renewals := map[string]string{"Count": "2", "Days": "30", "From": "2026-10-02", "Date": "2026-10-31"}
		for kind, data := range map[string]map[string]string{
			"migration.run_finished": run, "migration.run_returned": run, "subscription.renewals": renewals, "subscription.renewals_between": renewals,
		} {
			tellNotice(p, app.Notice{Kind: kind, Data: data})
			if console.TopicOf(kind) == "" {
				t.Errorf("%s has no topic", kind)
			}
		}
		for _, side := range []connection.Side{connection.Main, connection.Source} {
			tellNotice(p, app.Notice{Kind: "connection.closed_by_" + string(side), Data: data})
		}
		var kinds []string
		for _, s := range []connection.State{connection.Cancelled, connection.Declined, connection.Expired} {
			kinds = append(kinds, "connection."+strings.ToLower(string(s)))
		}
		for _, code := range app.AskedCodes() {
			kinds = append(kinds, "migration.asked."+string(code))
		}
		for _, kind := range kinds {
			tellEvent(p, app.Event{Action: kind, Data: data})
			tellNotice(p, app.Notice{Kind: kind, Data: data})
		}
	}
}

// Values are stored as text and told by the reader's custom.
func TestStoredValuesAreToldByTheReadersCustom(t *testing.T) {
	t.Parallel()
	catalog, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	p := &view.Page{Speaker: catalog.For(i18n.English)}
	started := func(n string) map[string]string {
		return map[string]string{"Count": n, "Main": "A", "MainID": "Ca", "Source": "B", "SourceID": "Cb"}
	}
	for _, c := range []struct {
		key  string
		data map[string]string
		want string
	}{
		{"audit.migration.started", started("1"), "Migration of 1 customer started: “B” (Cb) → “A” (Ca)"},
		{"audit.migration.started", started("1200"), "Migration of 1,200 customers started"},
		{"audit.person.role_set", map[string]string{"Person": "2026", "Role": "BILLING"}, "2026 is now Billing"},
		{
			"notice.subscription.renewals",
			map[string]string{"Count": "2", "Days": "3", "From": "2026-11-05", "Date": "2026-11-05"},
			"2 subscriptions come up for renewal in 3 days, on Nov 5, 2026: their terms end the day before.",
		},
		{"notice.connection.reminder", map[string]string{"Main": "A", "MainID": "Ca", "ExpiresAt": "2026-10-31T00:00:00Z"}, "Oct 31, 2026, 12:00 AM UTC"},
	} {
		if got := p.Tell(c.key, c.data); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.key, got, c.want)
		}
	}
}
