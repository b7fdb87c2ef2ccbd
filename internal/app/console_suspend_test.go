package app_test

import (
	"slices"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/store"
)

func TestOperatorSuspendsAConsole(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), apptest.Operator(w.A)
		wantFault(t, w.SuspendConsole(ctx, operator, " "), "console_state.reason_missing")
		wantFault(t, w.SuspendConsole(ctx, operator, strings.Repeat("x", 501)), "console_state.reason_long")
		wantFault(t, w.SuspendConsole(ctx, apptest.Admin(w.A), "why"), "forbidden_operator")
		wantFault(t, w.ReactivateConsole(ctx, operator, "why"), "console_state.already_active")
		w.Must(w.SuspendConsole(ctx, operator, " unpaid since July "))
		wantFault(t, w.SuspendConsole(ctx, operator, "again"), "console_state.already_suspended")

		work, err := w.VendorWork(ctx, operator)
		w.Must(err)
		if e := work.Suspended; e.Data["Reason"] != "unpaid since July" || e.PersonName != "Operator" || e.ID != lastEvent(t, w, w.A.ID).ID {
			t.Errorf("%+v", e)
		}
		other, err := w.VendorWork(ctx, apptest.Operator(w.B))
		w.Must(err)
		if other.Suspended.ID != "" {
			t.Errorf("B is active: %+v", other.Suspended)
		}
		_, c, err := w.OperateAs(ctx, "Operator", string(w.A.AccountID))
		w.Must(err)
		if c.State != console.Suspended {
			t.Error(c.State)
		}
		wantFault(t, w.ReactivateConsole(ctx, apptest.Admin(w.A), "why"), "forbidden_operator")
		w.Must(w.ReactivateConsole(ctx, operator, "paid"))
		if e := lastEvent(t, w, w.A.ID); e.Action != "console.reactivated" || e.Side != store.SideOperator {
			t.Errorf("%+v", e)
		}
		work, err = w.VendorWork(ctx, operator)
		w.Must(err)
		if work.Suspended.ID != "" {
			t.Errorf("A is active: %+v", work.Suspended)
		}
	})
}

func TestOperatorSearchesConsoles(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), console.Actor{Name: "Operator", Operator: true}
		for _, name := range []string{"東京 ＡＢＣ", "Zürich ÖST", "Osaka"} {
			_, err := w.CreateConsole(ctx, operator, "Reseller Süd", name)
			w.Must(err)
		}
		found := func(search string, page app.Page) (names []string, list app.List[app.ConsoleLine]) {
			if page.Limit == 0 {
				page.Limit = 10
			}
			list, err := w.ConsoleList(ctx, operator, search, page)
			w.Must(err)
			for _, c := range list.Rows {
				names = append(names, c.Name)
			}
			return names, list
		}
		all := []string{"Console A", "Console B", "Console C", "Osaka", "Zürich ÖST", "東京 ＡＢＣ"}
		for search, want := range map[string][]string{
			"": all, "abc": all[5:], "öst": all[4:5], "SÜD": all[3:], strings.ToUpper(string(w.B.AccountID)): all[1:2], "100%": nil,
		} {
			if names, _ := found(search, app.Page{}); !slices.Equal(names, want) {
				t.Errorf("%q: %q, want %q", search, names, want)
			}
		}
		names, first := found("", app.Page{Limit: 4})
		last := first.Rows[3]
		rest, second := found("", app.Page{Limit: 4, After: app.Cursor{SortName: last.Name, ID: last.ID}})
		if !slices.Equal(append(names, rest...), all) || !first.HasNext || first.HasPrevious || second.HasNext || !second.HasPrevious {
			t.Errorf("%q, %q", names, rest)
		}
		_, err := w.ConsoleList(ctx, apptest.Admin(w.A), "", app.Page{Limit: 1})
		wantFault(t, err, "forbidden_operator")
	})
}
