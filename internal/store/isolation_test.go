package store_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// The consoles of the test: B is the source of A, C is invited, and the stranger has nothing to do with any of them.
const (
	mainConsole, sourceConsole, invitedConsole = "cns_A", "cns_B", "cns_C"
	stranger                                   = "cns_stranger"
)

// everybodys are the methods that ask for no console, each with why that is right.
var everybodys = map[string]string{
	"AcceptConnection": system, "EndConnection": system, "TouchConnected": system, "RequestEvaluation": system, "BeginEvaluation": system, "EndEvaluation": system,
	"SetReminders": system, "SetWaitNoticed": system, "DueConnections": system, "ConnectionsToSweep": system,
	"ConsolesToClose": system, "ConsolesToCount": system, "DueSchedules": system, "ConsolesWithDueTerms": system, "CheckLedger": system, "Breaches": system, "CountLedger": system, "LockConsoles": system,
	"StartedCustomers": system, "MovableCustomers": system, "InsertConnection": system,
	"OpenTransferToken": "whoever has the customer's token may know whose it is",
	"Standing":          "inviting may tell what is unknown from what is not possible (spec C2)",
	"Console":           shared, "ConsoleByAccountID": shared, "Consoles": shared, "ConsolePage": shared, "SetConsoleState": vendors, "InsertConsole": shared, "InsertReseller": shared,
	"ResellerByName": shared, "InsertLegalEntity": shared, "Issuers": shared, "IssuerOf": shared, "InsertIssuer": shared, "UpdateIssuer": shared,
	"SKUs": shared, "PutSKUs": shared, "Offers": shared, "PutOffers": shared, "Prices": shared, "PutPriceStep": shared, "PricedConsoles": system, "PricedTo": system, "SetPricedTo": system, "Settings": shared, "SetSetting": shared,
	"AnyPeople": people, "People": people, "Person": people, "PersonByEmail": people, "InsertPerson": people,
	"ConsolesToTellRenewals": system, "SetRenewalsTold": system, "InsertMail": system, "Mail": system, "Mails": vendors, "SettleMail": system, "DeleteMails": system, "WebhooksWithDue": system, "DeleteWebhookMessages": system, "DeleteRequests": system,
	"NoticeChoices": people, "SetNoticeChoice": people, "SetPassword": people, "SetPreferences": people, "MembershipsOf": people, "InsertLink": people, "OpenLink": people,
	"UseLinksOf": people, "Session": people, "SaveSession": people, "SessionsOf": people, "EndSessionOf": people, "EndSessionsOf": people, "GrantOfLink": people, "TokenOfHash": people, "KeyOfID": people, "TokensOf": people, "DeleteSession": people, "DeleteEnded": people,
	"CaseQueue": "operators read the cases of all consoles", "OrderQueue": vendors, "AccountQueue": vendors, "CountVendorWork": vendors, "VendorWorkOf": vendors, "GrantsOf": people, "Stories": vendors, "MarksOfCustomers": vendors, "InsertOperatorEvent": vendors,
	"PersonPage": people, "EndOperator": people, "Attempts": people, "SaveAttempts": people, "DeleteAttempts": people, "ForgiveAttempt": people,
	"Duplicate": "it is about an error", "Enqueue": "jobs are nobody's", "CompleteJob": "jobs are nobody's",
}

// ownAffairs are the methods that tell a console of what it has done to itself only.
var ownAffairs = map[string]bool{"BeginRequest": true, "BeginClose": true, "InsertCase": true, "InsertNotice": true, "GrantSKUs": true, "SignAgreement": true}

const (
	system  = "it serves what has loaded the connection as its console, or what time does to all"
	shared  = "it is about what all consoles share"
	people  = "people belong to no console"
	vendors = "it is the vendor's own: its trail, what waits for it, and whether a console goes on"
)

// storeMethod is a method of a transaction, with the names that its source gives to its parameters.
type storeMethod struct {
	name   string
	params []string // without the context
	fn     reflect.Method
}

// storeMethods reads the exported methods of a transaction.
func storeMethods(t *testing.T) (list []storeMethod) {
	t.Helper()
	params := map[string][]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !ofTransaction(f) {
				continue
			}
			for _, field := range f.Type.Params.List {
				for _, name := range field.Names {
					if name.Name != "ctx" {
						params[f.Name.Name] = append(params[f.Name.Name], name.Name)
					}
				}
			}
		}
	}
	tx := reflect.TypeFor[*store.Tx]()
	for fn := range tx.Methods() {
		list = append(list, storeMethod{fn.Name, params[fn.Name], fn})
	}
	return list
}

// ofTransaction reports whether a function is a method of *Tx.
func ofTransaction(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return false
	}
	star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := star.X.(*ast.Ident)
	return ok && name.Name == "Tx"
}

// askers are the parameters that say which console asks, as the first of them in a method does.
var askers = []string{"consoleID", "mainID", "sourceID"}

// asks returns which console's right the method is about: that of a parameter or of what a parameter belongs to.
func (m storeMethod) asks() string {
	for _, p := range m.params {
		if slices.Contains(askers, p) {
			return p
		}
	}
	for i := range m.params {
		t := m.fn.Type.In(i + 2)
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct && ownerField(t) != "" {
			return "owner"
		}
	}
	return ""
}

func ownerField(t reflect.Type) string {
	for _, name := range []string{"ConsoleID", "FromID"} {
		if _, ok := t.FieldByName(name); ok {
			return name
		}
	}
	return ""
}

// TestIsolation calls every method that asks for a console once as a console that may, which must see or change
// something, and once as a stranger with everything else the same, which must see nothing, and change nothing of others.
func TestIsolation(t *testing.T) {
	methods := storeMethods(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		var before []string
		h.Read(func(tx *store.Tx) (err error) {
			before, err = h.rows(t.Context(), store.ConnOf(tx))
			return err
		})
		for _, m := range methods {
			if everybodys[m.name] != "" {
				continue
			}
			asks := m.asks()
			if asks == "" {
				t.Errorf("%s asks for no console: name it in everybodys with the reason, or let it ask", m.name)
				continue
			}
			h.try(t, m, asks, before)
		}
	})
}

// try calls one method as both.
func (h *house) try(t *testing.T, m storeMethod, asks string, before []string) {
	t.Helper()
	rightful := map[string]string{"consoleID": sourceConsole, "mainID": mainConsole, "sourceID": sourceConsole, "owner": sourceConsole}[asks]
	if r := h.rightful[m.name]; r != "" {
		rightful = r
	}
	saw, after, err := h.call(t, m, rightful)
	if !saw && slices.Equal(before, after) {
		t.Errorf("%s does nothing for %s, so that this test shows nothing: %v", m.name, rightful, err)
	}
	saw, after, _ = h.call(t, m, stranger)
	if saw && !ownAffairs[m.name] {
		t.Errorf("%s lets a stranger see something", m.name)
	}
	if after != nil && !slices.Equal(before, after) {
		t.Errorf("%s lets a stranger change something of others", m.name)
	}
}

// errBack takes back what a method did.
var errBack = errors.New("back")

// call calls the method in a transaction that is taken back, and returns whether it gave anything, and all rows afterwards.
func (h *house) call(t *testing.T, m storeMethod, asker string) (saw bool, after []string, failed error) {
	t.Helper()
	err := h.DB.Update(t.Context(), func(tx *store.Tx) error {
		args := []reflect.Value{reflect.ValueOf(tx), reflect.ValueOf(t.Context())}
		first := true
		for i, name := range m.params {
			args = append(args, h.value(t, m, name, m.fn.Type.In(i+2), asker, first))
			first = first && !slices.Contains(askers, name)
		}
		do := m.fn.Func.Call
		if m.fn.Type.IsVariadic() {
			do = m.fn.Func.CallSlice
		}
		for _, result := range do(args) {
			if err, ok := reflect.TypeAssert[error](result); ok {
				failed = err
			} else if result.Type() != reflect.TypeFor[error]() {
				saw = saw || !empty(result)
			}
		}
		if failed == nil || errors.Is(failed, store.ErrNone) {
			var err error
			after, err = h.rows(t.Context(), store.ConnOf(tx))
			return errors.Join(err, errBack)
		}
		saw = false
		return errBack
	})
	if !errors.Is(err, errBack) {
		t.Fatal(err)
	}
	return saw, after, failed
}

// empty reports whether a result has nothing in it.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		if amount, ok := reflect.TypeAssert[money.Amount](v); ok {
			return amount.Minor == 0
		}
		if rows := v.FieldByName("Rows"); rows.IsValid() {
			return rows.Len() == 0
		}
		for _, field := range v.Fields() {
			if !empty(field) {
				return false
			}
		}
		return true
	default:
		return v.IsZero()
	}
}
