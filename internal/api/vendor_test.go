package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	moneyrules "psc/internal/money"
	"psc/internal/store"
	pscv1 "psc/proto/psc/v1"
)

// vendorMethods are those of the vendor's operators.
func vendorMethods(tb testing.TB) []method {
	tb.Helper()
	list := slices.DeleteFunc(everyMethod(tb), func(m method) bool { return !strings.HasPrefix(m.path, "/v1/vendor/") })
	if len(list) < 40 {
		tb.Fatal("this test looks for the wrong thing")
	}
	return list
}

// TestVendorIsForOperators: a reseller's token, and an operator's that lets nothing of it through, are told the same of every name,
// and nothing is written.
func TestVendorIsForOperators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.Texts(w.DumpSQL(""))
	for _, m := range vendorMethods(t) {
		for _, accountID := range []string{string(w.A.AccountID), string(w.B.AccountID), string(console.NewAccountID([7]byte{77})), "garbage"} {
			for _, token := range []string{"Console A", "VIEWER Console A", "Operator without"} {
				code, body := w.rest(token, m.verb, m.restPath(accountID), restBody(m.verb), "Idempotency-Key", m.full)
				if code != http.StatusForbidden || reasonOf(body) != "FORBIDDEN_OPERATOR" {
					t.Errorf("%s: %s %s: %d %v", token, m.verb, m.restPath(accountID), code, body)
				}
			}
		}
	}
	if after := w.Texts(w.DumpSQL("")); !slices.Equal(before, after) {
		t.Error("something was written")
	}
}

// TestOperatorsFindEveryConsole and none that is not there.
func TestOperatorsFindEveryConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, m := range vendorMethods(t) {
		if !strings.HasPrefix(m.name, "consoles/*") {
			continue
		}
		err := w.conn.Invoke(w.as("Operator"), m.full, m.request(m.nameIn(string(console.NewAccountID([7]byte{77})))), m.reply.New().Interface())
		if s := status.Convert(err); s.Code() != codes.NotFound || s.Message() != status.Convert(w.conn.Invoke(
			w.as("Operator"), m.full, m.request(m.nameIn("garbage")), m.reply.New().Interface())).Message() {
			t.Errorf("%s of no console: %v", m.full, err)
		}
		if err := w.conn.Invoke(w.as("Operator"), m.full, m.request("nonsense"), m.reply.New().Interface()); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s of nonsense: %v", m.full, err)
		}
	}
}

// TestAnOperatorKeepsConsolesByAPI makes a console with all it needs, suspends it and lets it work again.
func TestAnOperatorKeepsConsolesByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client, ctx := pscv1.NewVendorConsoleServiceClient(w.conn), w.as("Operator")
	made, err := client.CreateConsole(ctx, &pscv1.CreateConsoleRequest{
		Console: &pscv1.Console{Reseller: "Northwind", DisplayName: "Tokyo"}, RequestId: "first",
	})
	w.Must(err)
	again, err := client.CreateConsole(ctx, &pscv1.CreateConsoleRequest{
		Console: &pscv1.Console{Reseller: "Northwind", DisplayName: "Tokyo"}, RequestId: "first",
	})
	w.Must(err)
	if !proto.Equal(made, again) || made.GetReseller() != "Northwind" || made.GetDisplayName() != "Tokyo" || made.GetState() != pscv1.Console_STATE_ACTIVE {
		t.Errorf("%v\n%v", made, again)
	}
	found, err := client.ListVendorConsoles(ctx, &pscv1.ListVendorConsolesRequest{Filter: `search = "north"`})
	w.Must(err)
	if len(found.GetConsoles()) != 1 || !proto.Equal(found.GetConsoles()[0], made) {
		t.Errorf("%v", found)
	}
	var names []string
	for token := ""; ; {
		page, err := client.ListVendorConsoles(ctx, &pscv1.ListVendorConsolesRequest{PageSize: 1, PageToken: token})
		w.Must(err)
		names = append(names, page.GetConsoles()[0].GetDisplayName())
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	if !slices.Equal(names, []string{"Console A", "Console B", "Console C", "Tokyo"}) {
		t.Errorf("page by page: %v", names)
	}

	entity, err := client.CreateLegalEntity(ctx, &pscv1.CreateLegalEntityRequest{
		Parent: made.GetName(), LegalEntity: &pscv1.LegalEntity{DisplayName: "Northwind KK", RegionCode: "jp"},
	})
	w.Must(err)
	granted, err := client.GrantSkus(ctx, &pscv1.GrantSkusRequest{Name: made.GetName(), SkuIds: []string{apptest.Seats}})
	w.Must(err)
	for _, s := range granted.GetSkus() {
		if (s.GetAuthorizeTime() != nil) != (s.GetId() == apptest.Seats) {
			t.Errorf("%v", s)
		}
	}
	suspended, err := client.SuspendConsole(ctx, &pscv1.SuspendConsoleRequest{Name: made.GetName(), Reason: "Unpaid."})
	w.Must(err)
	work, err := client.GetVendorWork(ctx, &pscv1.GetVendorWorkRequest{Name: made.GetName()})
	w.Must(err)
	if suspended.GetState() != pscv1.Console_STATE_SUSPENDED || work.GetSuspendReason() != "Unpaid." || work.GetSuspendTime() == nil ||
		len(work.GetAgreements()) != 1 || work.GetAgreements()[0].GetLegalEntityId() != entity.GetId() {
		t.Errorf("%v", work)
	}
	_, err = client.SuspendConsole(ctx, &pscv1.SuspendConsoleRequest{Name: made.GetName(), Reason: "Unpaid."})
	if status.Code(err) != codes.FailedPrecondition {
		t.Errorf("suspended twice: %v", err)
	}
	active, err := client.ReactivateConsole(ctx, &pscv1.ReactivateConsoleRequest{Name: made.GetName(), Reason: "Paid."})
	w.Must(err)
	if !proto.Equal(active, made) {
		t.Errorf("%v", active)
	}
	told, err := pscv1.NewVendorAuditServiceClient(w.conn).ListStories(ctx, &pscv1.ListStoriesRequest{Filter: "console = " + made.GetAccountId()})
	w.Must(err)
	var actions []string
	for _, s := range told.GetStories() {
		actions = append(actions, s.GetEvent().GetAction())
	}
	want := []string{"console.reactivated", "console.suspended", "sku.granted", "legal_entity.created", "console.created"}
	if !slices.Equal(actions, want) {
		t.Errorf("%v", actions)
	}
}

// TestAnOperatorSettlesOrdersByAPI: what waits stands in the queue with its console, and leaves it.
func TestAnOperatorSettlesOrdersByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.AddCustomers(w.B, 3, nil)
	w.Must(w.LoadCatalog(t.Context(), apptest.Operator(w.A), []catalog.Item{{
		SKU:    catalog.SKU{ID: apptest.Seats, Product: "Workspace", Name: "Seats", Group: catalog.GoogleWorkspace},
		Offers: []catalog.Offer{{Plan: catalog.Flexible, Currency: "JPY", Price: moneyrules.Price{Num: 1360, Den: 1}}},
	}}))
	for _, id := range ids {
		_, err := w.Buy(t.Context(), apptest.Admin(w.B), app.Purchase{
			CustomerID: id, SKUID: apptest.Seats, Plan: catalog.Flexible, Seats: 3, AccountID: apptest.Account(w.B, "JPY", "le_1"), Offline: true,
		})
		w.Must(err)
	}
	client, ctx := pscv1.NewVendorOrderServiceClient(w.conn), w.as("Operator")
	first, err := client.ListOpenOrders(ctx, &pscv1.ListOpenOrdersRequest{PageSize: 2})
	w.Must(err)
	rest, err := client.ListOpenOrders(ctx, &pscv1.ListOpenOrdersRequest{PageSize: 2, PageToken: first.GetNextPageToken()})
	w.Must(err)
	waiting := slices.Concat(first.GetOpenOrders(), rest.GetOpenOrders())
	if len(waiting) != 3 || waiting[0].GetConsole() != in(w.B, "") || waiting[0].GetConsoleDisplayName() != w.B.Name ||
		waiting[0].GetOrder().GetState() != pscv1.Order_STATE_OPEN || rest.GetNextPageToken() != "" {
		t.Fatalf("%v", waiting)
	}
	_, err = client.FulfilOrder(ctx, &pscv1.FulfilOrderRequest{Name: waiting[0].GetOrder().GetName()})
	w.Must(err)
	_, err = client.RejectOrder(ctx, &pscv1.RejectOrderRequest{Name: waiting[1].GetOrder().GetName()})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("rejected without a reason: %v", err)
	}
	_, err = client.RejectOrder(ctx, &pscv1.RejectOrderRequest{Name: waiting[1].GetOrder().GetName(), Reason: "Unknown."})
	w.Must(err)
	_, err = client.FulfilOrder(ctx, &pscv1.FulfilOrderRequest{Name: waiting[1].GetOrder().GetName()})
	if status.Code(err) != codes.FailedPrecondition && status.Code(err) != codes.Aborted {
		t.Errorf("fulfilled what was rejected: %v", err)
	}
	work, err := pscv1.NewVendorConsoleServiceClient(w.conn).GetVendorWork(ctx, &pscv1.GetVendorWorkRequest{Name: in(w.B, "")})
	w.Must(err)
	if len(work.GetOpenOrders()) != 1 || !proto.Equal(work.GetOpenOrders()[0].GetOrder(), waiting[2].GetOrder()) {
		t.Errorf("%v", work.GetOpenOrders())
	}

	subs, err := pscv1.NewSubscriptionServiceClient(w.conn).ListSubscriptions(w.as("Console B"), &pscv1.ListSubscriptionsRequest{Parent: in(w.B, "/customers/"+ids[2])})
	w.Must(err)
	name := subs.GetSubscriptions()[0].GetName()
	stopped, err := client.VendorSuspendSubscription(ctx, &pscv1.VendorSuspendSubscriptionRequest{Name: name})
	w.Must(err)
	if stopped.GetState() != pscv1.Subscription_STATE_SUSPENDED {
		t.Errorf("%v", stopped)
	}
	_, err = client.VendorSuspendSubscription(ctx, &pscv1.VendorSuspendSubscriptionRequest{Name: strings.Replace(name, ids[2], ids[0], 1)})
	if status.Code(err) != codes.NotFound {
		t.Errorf("of another customer: %v", err)
	}
	lifted, err := client.LiftVendorSuspension(ctx, &pscv1.LiftVendorSuspensionRequest{Name: name})
	w.Must(err)
	if lifted.GetState() != pscv1.Subscription_STATE_ACTIVE {
		t.Errorf("%v", lifted)
	}
}

// TestAnOperatorKeepsAccountsByAPI approves an account, sets its terms and pays a credit balance out once.
func TestAnOperatorKeepsAccountsByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Config.AccountApproval = true
	asked, err := w.CreateBillingAccount(t.Context(), apptest.Admin(w.B), app.NewBillingAccount{
		Name: "New", Currency: "JPY", Group: catalog.GoogleWorkspace, LegalEntityID: "le_1",
	})
	w.Must(err)
	client, ctx := pscv1.NewVendorAccountServiceClient(w.conn), w.as("Operator")
	waiting, err := client.ListPendingAccounts(ctx, &pscv1.ListPendingAccountsRequest{})
	w.Must(err)
	if list := waiting.GetPendingAccounts(); len(list) != 1 || list[0].GetBillingAccount().GetId() != asked.ID || list[0].GetConsoleDisplayName() != w.B.Name {
		t.Fatalf("%v", waiting)
	}
	name := waiting.GetPendingAccounts()[0].GetBillingAccount().GetName()
	approved, err := client.SetAccountState(ctx, &pscv1.SetAccountStateRequest{Name: name, Action: string(billing.ApproveAccount)})
	w.Must(err)
	if approved.GetState() != pscv1.BillingAccount_STATE_ACTIVE {
		t.Errorf("%v", approved)
	}
	_, err = client.SetAccountState(ctx, &pscv1.SetAccountStateRequest{Name: name, Action: "explode"})
	if c := status.Code(err); c != codes.InvalidArgument {
		t.Errorf("an action that there is not: %v", err)
	}
	later, err := client.SetPaymentDays(ctx, &pscv1.SetPaymentDaysRequest{Name: name, PaymentDays: 45})
	w.Must(err)
	if later.GetPaymentDays() != 45 {
		t.Errorf("%v", later)
	}
	for wrong, sum := range map[string]*money.Money{
		"nothing": nil, "another currency": {CurrencyCode: "USD", Units: 1}, "less than nothing": {CurrencyCode: "JPY", Units: -1},
		"part of a yen": {CurrencyCode: "JPY", Nanos: 5}, "too many parts": {CurrencyCode: "JPY", Units: 1, Nanos: 2_000_000_000},
	} {
		_, err = client.UseBalance(ctx, &pscv1.UseBalanceRequest{Name: name, Amount: sum, Reason: "Paid by bank."})
		if status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	_, err = client.UseBalance(ctx, &pscv1.UseBalanceRequest{Name: name, Amount: &money.Money{CurrencyCode: "JPY", Units: 1}, Reason: "Paid by bank."})
	if status.Code(err) != codes.FailedPrecondition {
		t.Errorf("more than there is: %v", err)
	}
}

// TestAnOperatorKeepsTheCatalogueByAPI loads what it has listed, changed, and sets a price from a date on.
func TestAnOperatorKeepsTheCatalogueByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddCustomers(w.B, 2, nil)
	client, ctx := pscv1.NewVendorCatalogServiceClient(w.conn), w.as("Operator")
	was, err := client.ListCatalogItems(ctx, &pscv1.ListCatalogItemsRequest{})
	w.Must(err)
	same, err := client.LoadCatalog(ctx, &pscv1.LoadCatalogRequest{CatalogItems: was.GetCatalogItems()})
	w.Must(err)
	if same.GetSameCount() != int64(len(was.GetCatalogItems())) || len(same.GetPrices())+len(same.GetNewSkuIds())+len(same.GetChangedSkuIds()) != 0 {
		t.Errorf("what is listed is what is there: %v", same)
	}
	item := &pscv1.CatalogItem{Id: "sku_new", Product: "Workspace", DisplayName: "New", ProductGroup: "GOOGLE_WORKSPACE", Offers: []*pscv1.CatalogOffer{
		{Plan: pscv1.Plan_PLAN_FLEXIBLE, Price: &pscv1.Price{CurrencyCode: "JPY", Numerator: 800}},
	}}
	for _, only := range []bool{true, false} {
		change, err := client.LoadCatalog(ctx, &pscv1.LoadCatalogRequest{CatalogItems: []*pscv1.CatalogItem{item}, ValidateOnly: only})
		w.Must(err)
		if !slices.Equal(change.GetNewSkuIds(), []string{"sku_new"}) || len(change.GetPrices()) != 1 || change.GetPrices()[0].GetFormerPrice() != nil {
			t.Errorf("only %v: %v", only, change)
		}
	}
	item.DisplayName = ""
	_, err = client.LoadCatalog(ctx, &pscv1.LoadCatalogRequest{CatalogItems: []*pscv1.CatalogItem{item, nil}})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("with what is wrong: %v", err)
	}
	now, err := client.ListCatalogItems(ctx, &pscv1.ListCatalogItemsRequest{})
	w.Must(err)
	if len(now.GetCatalogItems()) != len(was.GetCatalogItems())+1 {
		t.Errorf("%d products", len(now.GetCatalogItems()))
	}

	offer := &pscv1.CatalogOffer{Plan: pscv1.Plan_PLAN_FLEXIBLE, Price: &pscv1.Price{CurrencyCode: "JPY", Numerator: 1360, Denominator: 1}}
	seats := was.GetCatalogItems()[slices.IndexFunc(was.GetCatalogItems(), func(i *pscv1.CatalogItem) bool { return i.GetId() == apptest.Seats })]
	seats.Offers = []*pscv1.CatalogOffer{offer}
	_, err = client.LoadCatalog(ctx, &pscv1.LoadCatalogRequest{CatalogItems: []*pscv1.CatalogItem{seats}})
	w.Must(err)
	step := &pscv1.PriceStep{
		SkuId: apptest.Seats, Plan: offer.GetPlan(), EffectiveDate: &date.Date{Year: 2026, Month: 11, Day: 1},
		Price: &pscv1.Price{CurrencyCode: "JPY", Numerator: offer.GetPrice().GetNumerator() + 100, Denominator: offer.GetPrice().GetDenominator()},
	}
	for _, only := range []bool{true, false} {
		effect, err := client.SetPrice(ctx, &pscv1.SetPriceRequest{PriceStep: step, ValidateOnly: only})
		w.Must(err)
		if !proto.Equal(effect.GetPriceStep(), step) || !proto.Equal(effect.GetFormerPrice(), offer.GetPrice()) || effect.GetSubscriptionCount() != 2 ||
			effect.GetConsoleCount() != 1 || effect.GetAtRenewal() {
			t.Errorf("only %v: %v", only, effect)
		}
		listed, err := client.ListPriceSteps(ctx, &pscv1.ListPriceStepsRequest{})
		w.Must(err)
		if (len(listed.GetPriceSteps()) == 0) != only {
			t.Errorf("only %v: %v", only, listed)
		}
	}
	step.EffectiveDate = &date.Date{Year: 2026, Month: 2, Day: 31}
	_, err = client.SetPrice(ctx, &pscv1.SetPriceRequest{PriceStep: step})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("on no date: %v", err)
	}
}

// TestAnOperatorClosesAMonthByAPI makes an issuer, sees what hinders, closes, and follows the close as any operation.
func TestAnOperatorClosesAMonthByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddCustomers(w.B, 3, nil)
	ctx, months := w.as("Operator"), pscv1.NewMonthServiceClient(w.conn)
	nothing, err := months.GetMonthCheck(ctx, &pscv1.GetMonthCheckRequest{Name: in(w.B, "/monthCheck")})
	w.Must(err)
	if nothing.GetStanding() != string(app.CloseNothing) || nothing.GetMonth() != nil {
		t.Errorf("%v", nothing)
	}
	october := civil.Month{Year: 2026, Month: 10}
	w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, october.First()) })
	check, err := months.GetMonthCheck(ctx, &pscv1.GetMonthCheckRequest{Name: in(w.B, "/monthCheck")})
	w.Must(err)
	if check.GetStanding() != string(app.CloseAhead) || check.GetMonth().GetMonth() != 10 || check.GetBilledCount() != 3 || len(check.GetUncoveredCurrencies()) == 0 {
		t.Errorf("%v", check)
	}
	_, err = months.CloseMonth(ctx, &pscv1.CloseMonthRequest{Parent: in(w.B, ""), Month: "2026-10"})
	if status.Code(err) != codes.FailedPrecondition {
		t.Errorf("before it is over: %v", err)
	}
	_, err = months.CloseMonth(ctx, &pscv1.CloseMonthRequest{Parent: in(w.B, ""), Month: "October"})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("no month: %v", err)
	}
	issuers := pscv1.NewIssuerServiceClient(w.conn)
	issuer, err := issuers.CreateIssuer(ctx, &pscv1.CreateIssuerRequest{Issuer: &pscv1.Issuer{Code: "jp", DisplayName: "Vendor KK"}})
	w.Must(err)
	_, err = issuers.UpdateIssuer(ctx, &pscv1.UpdateIssuerRequest{
		Issuer: &pscv1.Issuer{Name: issuer.GetName(), DisplayName: "Vendor Japan KK"}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"code"}},
	})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("its code: %v", err)
	}
	changed, err := issuers.UpdateIssuer(ctx, &pscv1.UpdateIssuerRequest{Issuer: &pscv1.Issuer{Name: issuer.GetName(), DisplayName: "Vendor Japan KK"}})
	w.Must(err)
	got, err := issuers.GetIssuer(ctx, &pscv1.GetIssuerRequest{Name: issuer.GetName()})
	w.Must(err)
	if !proto.Equal(changed, got) || got.GetDisplayName() != "Vendor Japan KK" || got.GetCode() != "JP" || got.GetTaxRounding() != "FLOOR" {
		t.Errorf("%v", got)
	}

	w.Clock.Advance(october.End().Start(w.Config.BillingZone).Sub(apptest.Start))
	waiting, err := months.ListMonthsToClose(ctx, &pscv1.ListMonthsToCloseRequest{})
	w.Must(err)
	if list := waiting.GetMonths(); len(list) != 1 || list[0].GetConsoleDisplayName() != w.B.Name || list[0].GetStanding() != string(app.CloseReady) {
		t.Errorf("%v", waiting)
	}
	begun, err := months.CloseMonth(ctx, &pscv1.CloseMonthRequest{Parent: in(w.B, ""), Month: "2026-10", RequestId: "october"})
	w.Must(err)
	again, err := months.CloseMonth(ctx, &pscv1.CloseMonthRequest{Parent: in(w.B, ""), Month: "2026-10", RequestId: "october"})
	w.Must(err)
	if !proto.Equal(begun, again) || begun.GetOperation().GetKind() != pscv1.Operation_KIND_CLOSE_MONTH {
		t.Errorf("%v\n%v", begun, again)
	}
	w.FinishClose(store.Operation{ConsoleID: w.B.ID, ID: begun.GetOperation().GetId()})
	result, err := months.GetMonthClose(ctx, &pscv1.GetMonthCloseRequest{Name: begun.GetName()})
	w.Must(err)
	page, err := w.CloseResult(t.Context(), apptest.Operator(w.B), begun.GetOperation().GetId())
	w.Must(err)
	if !result.GetOperation().GetDone() || result.GetInvoiceCount() != page.Issued || len(result.GetSums()) != len(page.Sums) ||
		result.GetSums()[0].GetNet().GetUnits() != page.Sums[0].Net.Minor || result.GetSums()[0].GetIssuer() != "Vendor Japan KK" {
		t.Errorf("%v\nthe page: %+v", result, page)
	}
	own, err := pscv1.NewOperationServiceClient(w.conn).GetOperation(w.as("Console B"), &pscv1.GetOperationRequest{Name: begun.GetOperation().GetName()})
	w.Must(err)
	if !proto.Equal(own, result.GetOperation()) {
		t.Errorf("the console sees %v", own)
	}
	for token, want := range map[string]int{"Console B": 1, "VIEWER Console B": 0} {
		listed, err := pscv1.NewOperationServiceClient(w.conn).ListOperations(w.as(token), &pscv1.ListOperationsRequest{Parent: in(w.B, "")})
		w.Must(err)
		if len(listed.GetOperations()) != want {
			t.Errorf("%s lists %v", token, listed)
		}
	}
	_, err = pscv1.NewOperationServiceClient(w.conn).CancelOperation(w.as("Console B"), &pscv1.CancelOperationRequest{Name: own.GetName()})
	if status.Code(err) != codes.FailedPrecondition {
		t.Errorf("taken back: %v", err)
	}
	all, err := months.ListMonthCloses(ctx, &pscv1.ListMonthClosesRequest{Parent: in(w.B, "")})
	w.Must(err)
	if len(all.GetMonthCloses()) != 1 || all.GetMonthCloses()[0].GetName() != begun.GetName() {
		t.Errorf("%v", all)
	}
	ledger, err := months.CheckLedger(ctx, &pscv1.CheckLedgerRequest{})
	w.Must(err)
	if len(ledger.GetDiscrepancies()) != 0 || ledger.GetInvoiceCount() == 0 {
		t.Errorf("%v", ledger)
	}
}

// TestAnOperatorUndoesAMigrationByAPI reads the case, notes, sees what it would do, and decides once.
func TestAnOperatorUndoesAMigrationByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.AddCustomers(w.B, 2, nil)
	w.Move(w.Connect(w.A, w.B), w.A, w.B)
	cases, ctx := pscv1.NewVendorCaseServiceClient(w.conn), w.as("Operator")
	asked, err := pscv1.NewCaseServiceClient(w.conn).AskUndo(w.as("Console B"), &pscv1.AskUndoRequest{Parent: in(w.B, "/customers/"+ids[0]), Text: "A mistake."})
	w.Must(err)
	queue, err := cases.ListCaseQueue(ctx, &pscv1.ListCaseQueueRequest{Filter: "state = OPERATOR"})
	w.Must(err)
	if list := queue.GetQueuedCases(); len(list) != 1 || list[0].GetCase().GetName() != asked.GetName() || list[0].GetConsoleDisplayName() != w.B.Name {
		t.Fatalf("%v", queue)
	}
	_, err = cases.ListCaseQueue(ctx, &pscv1.ListCaseQueueRequest{Filter: "state = NOWHERE"})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("a state that there is not: %v", err)
	}
	_, err = cases.ActOnCase(ctx, &pscv1.ActOnCaseRequest{Name: asked.GetName(), Action: "assign"})
	w.Must(err)
	noted, err := cases.NoteCase(ctx, &pscv1.NoteCaseRequest{Name: asked.GetName(), Text: "Ask the main."})
	w.Must(err)
	own, err := pscv1.NewCaseServiceClient(w.conn).GetCase(w.as("Console B"), &pscv1.GetCaseRequest{Name: asked.GetName()})
	w.Must(err)
	has := func(c *pscv1.Case) bool {
		return slices.ContainsFunc(c.GetEntries(), func(e *pscv1.CaseEntry) bool { return e.GetText() == "Ask the main." })
	}
	if !has(noted) || has(own) {
		t.Errorf("a note is for operators:\n%v\n%v", noted, own)
	}
	_, err = cases.AnswerCase(ctx, &pscv1.AnswerCaseRequest{Name: asked.GetName(), Text: "We look into it."})
	w.Must(err)

	undo, err := cases.GetUndo(ctx, &pscv1.GetUndoRequest{Name: asked.GetName() + "/undo"})
	w.Must(err)
	if undo.GetRefused() != "" || undo.GetHolder() != in(w.A, "") || undo.GetReceiver() != in(w.B, "") || undo.GetCustomerId() != ids[0] ||
		len(undo.GetRows()) != 1 || undo.GetRows()[0].GetChosenAccountId() == "" || len(undo.GetTotals()) != 1 {
		t.Errorf("%v", undo)
	}
	_, err = cases.ApproveUndo(ctx, &pscv1.ApproveUndoRequest{Name: undo.GetName(), Consent: "AGREED", Reason: "Both wrote.", Etag: "old", LegalEntitiesConfirmed: true})
	if status.Code(err) != codes.Aborted {
		t.Errorf("not as it was seen: %v", err)
	}
	done, err := cases.ApproveUndo(ctx, &pscv1.ApproveUndoRequest{
		Name: undo.GetName(), Consent: "AGREED", Reason: "Both wrote.", Etag: undo.GetEtag(), LegalEntitiesConfirmed: true,
	})
	w.Must(err)
	if done.GetDecision() != "APPROVED" || done.GetUndoMigrationId() == "" {
		t.Errorf("%v", done)
	}
	back, err := pscv1.NewCustomerServiceClient(w.conn).GetCustomer(w.as("Console B"), &pscv1.GetCustomerRequest{Name: in(w.B, "/customers/"+ids[0])})
	w.Must(err)
	if back.GetState() != pscv1.Customer_STATE_LIVE {
		t.Errorf("%v", back)
	}
	_, err = cases.RejectUndo(ctx, &pscv1.RejectUndoRequest{Name: undo.GetName(), Reason: "No."})
	if status.Code(err) != codes.Aborted {
		t.Errorf("decided twice: %v", err)
	}
	_, err = cases.GetUndo(ctx, &pscv1.GetUndoRequest{Name: asked.GetName()})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("a name without its end: %v", err)
	}
	w.CheckInvariants()
}

// TestAnOperatorKeepsTheInstallationByAPI: settings, people and the sandbox's clock.
func TestAnOperatorKeepsTheInstallationByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, settings := w.as("Operator"), pscv1.NewSettingServiceClient(w.conn)
	set, err := settings.UpdateSetting(ctx, &pscv1.UpdateSettingRequest{Setting: &pscv1.Setting{Name: "settings/" + store.SettingAPIRate, Value: "600"}})
	w.Must(err)
	if set.GetValue() != "600" || set.GetHolds() != "600" || !set.GetWaits() {
		t.Errorf("%v", set)
	}
	list, err := settings.ListSettings(ctx, &pscv1.ListSettingsRequest{})
	w.Must(err)
	page, err := w.Settings(t.Context(), apptest.Operator(w.A))
	w.Must(err)
	if len(list.GetSettings()) != len(page) || list.GetSettings()[0].GetName() != "settings/"+page[0].Key {
		t.Errorf("%v", list)
	}
	for name, want := range map[string]codes.Code{"settings/none": codes.NotFound, "settings/": codes.InvalidArgument, "api_rate": codes.InvalidArgument} {
		_, err = settings.UpdateSetting(ctx, &pscv1.UpdateSettingRequest{Setting: &pscv1.Setting{Name: name, Value: "1"}})
		if status.Code(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	moved, err := settings.AdvanceClock(ctx, &pscv1.AdvanceClockRequest{To: "week"})
	w.Must(err)
	if !moved.GetTime().AsTime().Equal(w.Clock.Now()) || !w.Clock.Now().After(apptest.Start) {
		t.Errorf("%v", moved)
	}
	_, err = settings.AdvanceClock(ctx, &pscv1.AdvanceClockRequest{To: "yesterday"})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("back: %v", err)
	}

	people := pscv1.NewPersonServiceClient(w.conn)
	made, err := people.CreatePerson(ctx, &pscv1.CreatePersonRequest{Person: &pscv1.Person{Email: "Sato@Example.com", DisplayName: "Sato"}})
	w.Must(err)
	_, err = people.CreatePerson(ctx, &pscv1.CreatePersonRequest{Person: &pscv1.Person{Email: "sato@example.com", DisplayName: "Sato"}})
	if status.Code(err) != codes.Aborted {
		t.Errorf("twice: %v", err)
	}
	all, err := people.ListPeople(ctx, &pscv1.ListPeopleRequest{})
	w.Must(err)
	if made.GetEmail() != "sato@example.com" || len(all.GetPeople()) != 1 || !proto.Equal(all.GetPeople()[0], made) {
		t.Errorf("%v\n%v", made, all)
	}
	links := map[string]bool{}
	for range 2 { // a link is told once: it is not kept to be told again
		code, body := w.rest("Operator", http.MethodPost, "/v1/vendor/people:offerPasswordReset", `{"email":"sato@example.com"}`, "Idempotency-Key", "same")
		link, _ := body["link"].(string)
		if code != http.StatusOK || !strings.HasPrefix(link, "https://psc.example/reset/") {
			t.Errorf("%d %v", code, body)
		}
		links[link] = true
	}
	if len(links) != 2 {
		t.Errorf("%v", links)
	}
}

// TestTheFileOfAllCustomersByAPI is the file of the page, for super admins.
func TestTheFileOfAllCustomersByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddCustomers(w.A, 3, nil)
	client := pscv1.NewCustomerServiceClient(w.conn)
	file, err := client.ExportCustomers(w.as("Console A"), &pscv1.ExportCustomersRequest{Parent: in(w.A, "")})
	w.Must(err)
	var page strings.Builder
	w.Must(w.ExportCustomers(t.Context(), apptest.Admin(w.A), &page))
	if string(file.GetData()) != page.String() || !strings.HasPrefix(file.GetContentType(), "text/csv") || strings.Count(page.String(), "\n") != 4 {
		t.Errorf("%s\nthe page: %s", file.GetData(), page.String())
	}
	if answer := w.file("Console A", "/v1/"+in(w.A, "/customers:export")); answer != page.String() {
		t.Errorf("by REST: %s", answer)
	}
	_, err = client.ExportCustomers(w.as("RESELLER_ADMIN Console A"), &pscv1.ExportCustomersRequest{Parent: in(w.A, "")})
	if status.Code(err) != codes.PermissionDenied {
		t.Errorf("who is no super admin: %v", err)
	}
}
