package app_test

import (
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// lastEvent returns the newest event of a console's trail.
func lastEvent(t *testing.T, w *apptest.World, consoleID string) (e app.Event) {
	t.Helper()
	w.Read(func(tx *store.Tx) error {
		list, err := tx.Events(t.Context(), consoleID, store.EventFilter{}, 1)
		if len(list) == 1 {
			e = list[0]
		}
		return err
	})
	return e
}

func TestOperatorCreatesConsolesAndLegalEntities(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), console.Actor{Name: "Operator", Operator: true}
		first, err := w.CreateConsole(ctx, operator, " Northwind ", "Tokyo")
		w.Must(err)
		second, err := w.CreateConsole(ctx, operator, "Northwind", "Seattle")
		w.Must(err)
		if first.ResellerID != second.ResellerID || first.AccountID == second.AccountID || first.ID == second.ID {
			t.Errorf("%+v, %+v", first, second)
		}
		if _, err := console.ParseAccountID(string(first.AccountID)); err != nil {
			t.Error(err)
		}
		if e := lastEvent(t, w, first.ID); e.Action != "console.created" || e.Side != store.SideOperator {
			t.Errorf("%+v", e)
		}

		in := apptest.Operator(first)
		e, err := w.CreateLegalEntity(ctx, in, "Northwind KK", "jp")
		w.Must(err)
		_, err = w.CreateLegalEntity(ctx, apptest.Operator(second), "northwind kk ", "JP")
		wantFault(t, err, "legal_entity.exists")
		for _, c := range []console.Console{first, second} {
			list, err := w.LegalEntities(ctx, apptest.Admin(c))
			w.Must(err)
			if len(list) != 1 || list[0] != e || e.Country != "JP" {
				t.Errorf("%+v", list)
			}
		}
		one, two := lastEvent(t, w, first.ID), lastEvent(t, w, second.ID)
		if one.ID != two.ID || one.Action != "legal_entity.created" {
			t.Errorf("%+v, %+v", one, two)
		}
		if foreign := lastEvent(t, w, w.A.ID); foreign.Action == "legal_entity.created" {
			t.Errorf("another reseller's console was told: %+v", foreign)
		}

		_, err = w.CreateLegalEntity(ctx, in, "Other", "Japan")
		wantFault(t, err, "legal_entity.country")
		_, err = w.CreateConsole(ctx, operator, "Northwind", "  ")
		wantFault(t, err, "name.missing")
		_, err = w.CreateConsole(ctx, apptest.Admin(w.A), "Northwind", "Berlin")
		wantFault(t, err, "forbidden_operator")
		_, err = w.CreateLegalEntity(ctx, apptest.Admin(w.A), "Own", "JP")
		wantFault(t, err, "forbidden_operator")
	})
}

func TestOperatorLoadsTheCatalogue(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), console.Actor{Name: "Operator", Operator: true}
		item := catalog.Item{
			SKU:    catalog.SKU{ID: "sku_new", Product: "Workspace", Name: "New", Group: catalog.GoogleWorkspace},
			Offers: []catalog.Offer{{Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 800, Den: 1}}},
		}
		w.Must(w.LoadCatalog(ctx, operator, []catalog.Item{item}))
		item.Name, item.Offers[0].Price.Num = "Newer", 900
		w.Must(w.LoadCatalog(ctx, operator, []catalog.Item{item}))
		list, err := w.Catalog(ctx, operator)
		w.Must(err)
		if len(list) != 4 {
			t.Fatalf("%d SKUs, want the world's and the new one", len(list))
		}
		for _, got := range list {
			if got.ID == item.ID && (got.Name != "Newer" || len(got.Offers) != 1 || got.Offers[0].Price.Num != 900) {
				t.Errorf("%+v", got)
			}
		}
		if e := lastEvent(t, w, w.B.ID); e.Action != "catalog.loaded" || e.ID != lastEvent(t, w, w.A.ID).ID {
			t.Errorf("%+v", e)
		}

		moved, bad := item, item
		moved.Group, bad.ID, bad.Name = catalog.GoogleCloud, "sku_bad", ""
		err = w.LoadCatalog(ctx, operator, []catalog.Item{moved, bad})
		if f := fault.As(err); f == nil || f.Key != "catalog.invalid" || len(f.Fields) != 2 {
			t.Errorf("%+v", err)
		}
		if list, err = w.Catalog(ctx, operator); err != nil || len(list) != 4 {
			t.Errorf("%d SKUs after a bad load, %v", len(list), err)
		}
		wantFault(t, w.LoadCatalog(ctx, apptest.Admin(w.A), []catalog.Item{item}), "forbidden_operator")
		_, err = w.Catalog(ctx, apptest.Admin(w.A))
		wantFault(t, err, "forbidden_operator")
	})
}

func TestOperatorChangesSettings(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), console.Actor{Name: "Operator", Operator: true}
		for key, value := range map[string]string{
			store.SettingBillingZone: "Asia/Tokyo", store.SettingWaiting: "3d", store.SettingInviteLife: "36h",
			store.SettingSandbox: "on", store.SettingAccountApproval: "on", store.SettingAPIRate: "600",
		} {
			w.Must(w.ChangeSetting(ctx, operator, key, value))
		}
		config, _, err := app.LoadConfig(ctx, w.DB)
		w.Must(err)
		if config.BillingZone.String() != "Asia/Tokyo" || config.Terms.Waiting.Hours() != 72 ||
			config.Terms.InviteLife.Hours() != 36 || !config.Sandbox || !config.AccountApproval || config.APIRate != 600 {
			t.Errorf("%+v", config)
		}
		list, err := w.Settings(ctx, operator)
		w.Must(err)
		if len(list) != 7 || list[0] != (app.Setting{Key: store.SettingBillingZone, Value: "Asia/Tokyo", Holds: "Asia/Tokyo"}) {
			t.Errorf("%+v", list)
		}
		if list[1].Holds != "72h0m0s" || !list[1].Waits || !list[3].Waits || list[4].Waits {
			t.Errorf("what waits for the next start: %+v", list)
		}
		if e := lastEvent(t, w, w.C.ID); e.Action != "setting.changed" {
			t.Errorf("%+v", e)
		}
		for key, value := range map[string]string{
			store.SettingBillingZone: "Tokyo", store.SettingWaiting: "-1h", store.SettingInviteLife: "400d", store.SettingSandbox: "1", store.SettingAPIRate: "0",
		} {
			wantFault(t, w.ChangeSetting(ctx, operator, key, value), "setting.invalid")
		}
		wantFault(t, w.ChangeSetting(ctx, operator, store.SettingClockAhead, "1h"), "setting.unknown")
		wantFault(t, w.ChangeSetting(ctx, apptest.Admin(w.A), store.SettingSandbox, "on"), "forbidden_operator")
		w.Update(func(tx *store.Tx) error { return tx.SetSetting(ctx, store.SettingClockAhead, "24h") })
		wantFault(t, w.ChangeSetting(ctx, operator, store.SettingSandbox, "off"), "setting.sandbox_moved")
	})
}

func TestActingAsSomebody(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.Update(func(tx *store.Tx) error {
			if err := tx.InsertPerson(ctx, console.Person{ID: "per_1", Email: "sato@example.com", Name: "Sato"}); err != nil {
				return err
			}
			return tx.SetMembership(ctx, console.Membership{ConsoleID: w.A.ID, PersonID: "per_1", Role: console.RoleBilling}, apptest.Start)
		})
		actor, c, err := w.ActAs(ctx, " SATO@example.com", string(w.A.AccountID))
		w.Must(err)
		if actor.PersonID != "per_1" || actor.Role != console.RoleBilling || actor.Operator || c.ID != w.A.ID {
			t.Errorf("%+v in %+v", actor, c)
		}
		_, _, err = w.ActAs(ctx, "sato@example.com", string(w.B.AccountID))
		wantFault(t, err, "console.not_found")
		_, _, err = w.ActAs(ctx, "nobody@example.com", string(w.A.AccountID))
		wantFault(t, err, "person.not_found")
		actor, _, err = w.ActAs(ctx, "sato@example.com", "")
		w.Must(err)
		wantFault(t, actor.MayOperate(), "forbidden_operator")

		actor, c, err = w.OperateAs(ctx, "root", string(w.B.AccountID))
		w.Must(err)
		if !actor.Operator || actor.Name != "root" || actor.ConsoleID != w.B.ID || c.ID != w.B.ID {
			t.Errorf("%+v in %+v", actor, c)
		}
		_, _, err = w.OperateAs(ctx, "root", "C22222222x")
		wantFault(t, err, "console.not_found")
	})
}

// TestJobsFollowTheClockOfOtherProcesses has one process move the clock and another work a job.
func TestJobsFollowTheClockOfOtherProcesses(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		other := *w.App
		other.Clock = clock.NewOffset(clock.Fixed(apptest.Start), 0)
		now, err := w.AdvanceClock(t.Context(), apptest.Operator(w.A), app.ClockWeek)
		w.Must(err)
		w.Must(other.Workers()[store.KindDue](t.Context(), []byte("{}")))
		if got := other.Clock.Now(); !got.Equal(now) {
			t.Errorf("the job ran at %v, after the clock was moved to %v", got, now)
		}
	})
}
