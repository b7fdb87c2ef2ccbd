package app_test

import (
	"slices"
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

const (
	operators = "operators may"
	toVendor  = "how the vendor is asked"
)

// goesOn are the acts that a suspended console does not end, each with why.
var goesOn = map[string]string{
	"RunDue": "time", "ExportCustomers": "reading", "ExportCustomerList": "reading",
	"ResetPassword": "one's own", "ChangePassword": "one's own", "SetUp": "one's own",
	"VendorSuspend": operators, "LiftVendorSuspension": operators, "FulfilOrder": operators, "RejectOrder": operators, "GrantSKUs": operators,
	"SetBillingAccountState": operators, "SetPaymentDays": operators, "UseBalance": operators, "CloseMonth": operators,
	"CreateConsole": operators, "CreateLegalEntity": operators, "CreateIssuer": operators, "EditIssuer": operators, "NoteJobs": operators, "LoadCatalog": operators,
	"CreatePerson": operators, "EndOperator": operators, "OfferPasswordReset": operators, "ReactivateConsole": operators, "ChangeSetting": operators, "AdvanceClock": operators,
	"RevokeToken": "it only takes", "RevokeTransferToken": "it only takes", "RemoveWebhook": "it only takes", "OpenCase": toVendor, "ReplyCase": toVendor, "ActOnCase": toVendor, "NoteCase": operators, "ApproveUndo": operators, "RejectUndo": operators, "SetPrice": operators, "TellHelp": "an opinion for the vendor changes nothing in the console",
}

func suspend(w *apptest.World, list ...*console.Console) {
	for _, c := range list {
		w.Exec(`UPDATE consoles SET state = 'SUSPENDED' WHERE id = '` + c.ID + `'`)
		c.State = console.Suspended
	}
}

// TestASuspendedConsoleIsReadOnly has people do everything that leaves an event, after all consoles have been suspended.
func TestASuspendedConsoleIsReadOnly(t *testing.T) {
	t.Parallel()
	for name, ready := range everyAct() {
		w := apptest.New(t, storetest.SQLite(t))
		w.Config.Terms.Waiting, w.Config.Demo = 0, true
		do := ready(w)
		suspend(w, &w.A, &w.B, &w.C)
		before := w.Texts(w.DumpSQL(""))
		err := do()
		switch f := fault.As(err); {
		case goesOn[name] != "":
			w.Must(err)
		case err == nil:
			t.Errorf("%s is done in a suspended console", name)
		case f == nil || f.Kind != fault.Precondition || !strings.HasSuffix(f.Key, "suspended"):
			t.Errorf("%s: %v", name, err)
		case !slices.Equal(before, w.Texts(w.DumpSQL(""))):
			t.Errorf("%s is refused and changes something", name)
		}
	}
}

// TestASuspendedConsoleAtTheOtherEnd refuses what would change it, and lets the one end go its way.
func TestASuspendedConsoleAtTheOtherEnd(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.Config.Terms.Waiting = 0
		invited, err := w.InviteConsole(ctx, apptest.Admin(w.A), string(w.C.AccountID))
		w.Must(err)
		c, _ := connected(w, 2)
		suspend(w, &w.A)
		_, err = w.AcceptConnection(ctx, apptest.Admin(w.C), invited.ID)
		wantFault(t, err, "connection.invite.main_suspended")
		wantFault(t, startAll(ctx, w, c)(), "migration.other_suspended")

		w.Exec(`UPDATE consoles SET state = 'ACTIVE'`)
		w.A.State = console.Active
		w.Must(startAll(ctx, w, c)())
		suspend(w, &w.B)
		wantFault(t, completeAll(ctx, w, c)(), "migration.other_suspended")
		_, err = w.ScheduleMigrations(ctx, apptest.Admin(w.A), completion(w, c.ID), today(w)+1)
		wantFault(t, err, "migration.other_suspended")
		w.Must(w.CloseConnection(ctx, apptest.Admin(w.A), c.ID, false))
	})
}

// TestPeopleEnterASuspendedConsole read there as ever; what their role lets them change is refused, an operator's is not.
func TestPeopleEnterASuspendedConsole(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		p, err := w.CreatePerson(ctx, apptest.Operator(w.A), console.Person{Name: "P", Email: "p@x.example"})
		w.Must(err)
		w.Update(func(tx *store.Tx) error {
			m := console.Membership{ConsoleID: w.A.ID, PersonID: p.ID, Role: console.RoleSuperAdmin, State: console.MemberActive}
			return tx.SetMembership(ctx, m, apptest.Start)
		})
		suspend(w, &w.A)
		actor, _, err := w.Actor(ctx, p.ID, string(w.A.AccountID))
		w.Must(err)
		list, err := w.BillingAccounts(ctx, actor)
		if err != nil || len(list) == 0 {
			t.Errorf("%v, %v", list, err)
		}
		_, err = w.CreateBillingAccount(ctx, actor, newAccount("le_1"))
		wantFault(t, err, "console.suspended")
		_, err = w.StartImport(ctx, actor, "file.csv", strings.NewReader(header+row("N", "n.example", "S", 1, "ACTIVE")), false)
		wantFault(t, err, "console.suspended")
		operator, _, err := w.OperateAs(ctx, "Operator", string(w.A.AccountID))
		w.Must(err)
		_, err = w.CreateBillingAccount(ctx, operator, newAccount("le_1"))
		w.Must(err)
	})
}
