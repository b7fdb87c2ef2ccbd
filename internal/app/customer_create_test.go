package app_test

import (
	"testing"

	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
)

func TestNewCustomer(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, source := t.Context(), apptest.Admin(w.B)
		w.Connect(w.A, w.B)
		typed := customer.Customer{
			Name: " Kita ", Domain: "ＫＩＴＡ.example", ContactName: "Aoi", ContactEmail: "aoi@kita.example",
			AlternateEmail: "kita@mail.example", Phone: "03-1", Country: "jp", PostalCode: "100", Address: "Tokyo", Language: "ja", CRMID: "7",
		}
		made, err := w.CreateCustomer(ctx, source, typed)
		w.Must(err)
		record, err := w.Customer(ctx, source, made.ID)
		w.Must(err)
		got := record.Customer
		if got.Name != "Kita" || got.Domain != "kita.example" || got.AlternateEmail != "kita@mail.example" || got.Country != "JP" ||
			got.CRMID != "7" || got.State != customer.Live || !got.CreatedAt.Equal(w.Clock.Now()) {
			t.Errorf("stored %+v", got)
		}
		if codes := migration.CodesOf(got.Blockers); len(codes) != 1 || codes[0] != migration.PendingTOS || got.EvaluatedAt.IsZero() {
			t.Errorf("it is evaluated as %v", codes)
		}
		if len(record.Events) != 1 || record.Events[0].Action != "customer.created" {
			t.Errorf("events %+v", record.Events)
		}

		if _, err := w.CreateCustomer(ctx, source, typed); !fault.Is(err, "customer.domain_taken") {
			t.Errorf("the same domain again: %v", err)
		}
		if _, err := w.CreateCustomer(ctx, apptest.Admin(w.A), typed); err != nil {
			t.Errorf("the domain in another console: %v", err)
		}
		for name, c := range map[string]customer.Customer{
			"domain":           {Name: "N", Domain: "no domain"},
			"org_display_name": {Domain: "n.example"},
			"alternate_email":  {Name: "N", Domain: "n.example", AlternateEmail: "a@sub.N.example"},
		} {
			_, err := w.CreateCustomer(ctx, source, c)
			if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, role := range []console.Role{console.RoleViewer, console.RoleBilling} {
			if _, err := w.CreateCustomer(ctx, apptest.As(w.B, role), customer.Customer{Name: "N", Domain: "n.example"}); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: %v", role, err)
			}
		}
	})
}
