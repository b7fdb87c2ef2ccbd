package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// noTime is the instant of what has not happened.
var noTime time.Time

func TestBillingAccountFromRequestToClosing(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, staff := t.Context(), apptest.As(w.A, console.RoleIndirectResellerAdmin)
		for range 2 {
			w.Must(w.RequestBillingAccount(ctx, staff, "EUR", catalog.GoogleWorkspace))
		}
		w.Read(func(tx *store.Tx) error {
			list, err := tx.Notices(ctx, w.A.ID, "per", []console.Privilege{console.Billing}, store.NoticeQuery{}, 10)
			if len(list) != 1 || list[0].Data["Path"] != "/billing/new?currency=EUR&product_group=GOOGLE_WORKSPACE" {
				t.Errorf("notices %+v", list)
			}
			return err
		})

		w.Config.AccountApproval = true
		a, err := w.CreateBillingAccount(ctx, apptest.As(w.A, console.RoleBilling), newAccount("le_2"))
		w.Must(err)
		if a.State != billing.AccountPending || a.LegalEntity != "Entity Two" || !a.Signed {
			t.Errorf("created %+v", a)
		}
		operator := apptest.Operator(w.A)
		queue, _, err := w.AccountQueue(ctx, operator, "", 10)
		w.Must(err)
		if len(queue) != 1 || queue[0].ID != a.ID || queue[0].Console != w.A.Name || queue[0].LegalEntity != "Entity Two" {
			t.Errorf("queue: %+v", queue)
		}
		home, err := w.VendorHome(ctx, operator)
		w.Must(err)
		if !slices.Equal(home, []app.VendorLine{{Task: app.VendorAccounts, Count: 1}}) {
			t.Errorf("home: %+v", home)
		}
		_, err = w.VendorHome(ctx, apptest.Admin(w.A))
		wantFault(t, err, "forbidden_operator")
		w.Must(w.SetBillingAccountState(ctx, operator, a.ID, billing.ApproveAccount))
		w.Must(w.SetBillingAccountState(ctx, operator, a.ID, billing.RestrictAccount))
		wantFault(t, w.SetBillingAccountState(ctx, operator, a.ID, billing.ApproveAccount), "billing_account.state")
		w.Must(w.SetBillingAccountState(ctx, operator, a.ID, billing.CloseAccount))
		w.AddCustomers(w.A, 1, nil)
		used := apptest.Account(w.A, "JPY", "le_1")
		wantFault(t, w.SetBillingAccountState(ctx, operator, used, billing.CloseAccount), "billing_account.in_use")
		wantFault(t, w.SetBillingAccountState(ctx, apptest.Operator(w.B), used, billing.CloseAccount), "billing_account.not_found")
	})
}

func TestNewBillingAccountMustBeRight(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.Update(func(tx *store.Tx) error {
			if err := tx.InsertReseller(t.Context(), "res_2", "Another", apptest.Start); err != nil {
				return err
			}
			return tx.InsertLegalEntity(t.Context(), billing.LegalEntity{ID: "le_3", ResellerID: "res_2", Name: "Foreign"}, apptest.Start)
		})
		for want, n := range map[string]app.NewBillingAccount{
			"name":          {Name: "  ", Currency: "EUR", Group: catalog.GoogleCloud, LegalEntityID: "le_1"},
			"currency":      {Name: "A", Currency: "XXX", Group: catalog.GoogleCloud, LegalEntityID: "le_1"},
			"product_group": {Name: "A", Currency: "EUR", Group: "MAPS", LegalEntityID: "le_1"},
			"legal_entity":  {Name: "A", Currency: "EUR", Group: catalog.GoogleCloud, LegalEntityID: "le_3"},
		} {
			_, err := w.CreateBillingAccount(t.Context(), apptest.Admin(w.A), n)
			if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != want {
				t.Errorf("%s: %v", want, err)
			}
		}
	})
}

// TestMainGetsAnAccount opens what the main lacks and has the sources evaluated.
func TestMainGetsAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		ids := w.AddCustomers(w.B, 1, nil)
		c := w.Connect(w.A, w.B)
		for _, account := range []string{apptest.Account(w.A, "JPY", "le_1"), apptest.Account(w.A, "JPY", "le_2")} {
			w.Must(w.SetBillingAccountState(ctx, apptest.Operator(w.A), account, billing.CloseAccount))
		}
		blockers := func() int64 {
			w.Evaluate(c)
			record, err := w.Customer(ctx, apptest.Admin(w.B), ids[0])
			w.Must(err)
			return record.Customer.Blockers
		}
		if blockers() == 0 {
			t.Error("ready although the main has no account")
		}
		n := newAccount("le_1")
		n.Currency = "JPY"
		_, err := w.CreateBillingAccount(ctx, apptest.Admin(w.A), n)
		w.Must(err)
		if got := blockers(); got != 0 {
			t.Errorf("blockers %b", got)
		}
	})
}

func TestSKUsAreGrantedAndAgreementsSigned(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		wantFault(t, w.GrantSKUs(ctx, apptest.Operator(w.A), []string{"sku_none"}), "sku.not_found")
		w.Update(func(tx *store.Tx) error {
			return tx.PutSKUs(ctx, []catalog.SKU{{ID: "sku_new", Name: "New", Product: "Workspace", Group: catalog.GoogleWorkspace}})
		})
		w.Must(w.GrantSKUs(ctx, apptest.Operator(w.A), []string{"sku_new"}))
		list, err := w.SKUAuthorizations(ctx, apptest.As(w.A, console.RoleViewer))
		w.Must(err)
		for _, s := range list {
			if s.GrantedAt.IsZero() {
				t.Errorf("%s is not granted", s.ID)
			}
		}
		wantFault(t, w.SignAgreement(ctx, apptest.Admin(w.A), "le_none"), "legal_entity.not_found")
		agreements, err := w.Agreements(ctx, apptest.As(w.A, console.RoleViewer))
		w.Must(err)
		if len(agreements) != 2 || agreements[0].SignedBy != "Tester" {
			t.Errorf("%+v", agreements)
		}
	})
}
