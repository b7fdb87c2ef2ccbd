package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shells are where people and programs meet the use cases.
var shells = []string{"web", "api", "cli"}

// exemptions say which use cases a shell does not call, and why.
var exemptions = []struct {
	shells string // separated by spaces
	reason string
	names  string // separated by spaces
}{
	{
		"web api cli", "Jobs call it, or the process itself, and no caller",
		"ClockAhead FollowClock OfferSetup RunCloseMonth RunDue RunDueJob RunEvaluate RunImport RunMail RunMoveChunk RunWebhook SweepEnded SwitchMailOn Workers",
	},
	{"api cli", "A session and its pages are the browser's", "EndSession FindSession SaveSession SignIn SignInAs DemoPeople Visit Home MayMoveClock"},
	{"web", "Pages know the person by the session", "ActAs OperateAs"},
	{"web api cli", "Visit answers for it on pages; the other shells have an actor of their own", "Actor Operator"},
	{"api cli", "The link of a mail leads to a page, where its person decides", "AcceptInvitation CheckInvitation CheckPasswordReset CheckSetup CheckUnsubscribe JoinByInvitation ResetPassword SetUp Unsubscribe"},
	{"api cli", "What the operators' page tells of jobs", "NoteJobs"},
	{"api", "The server is given it by boot", "Caller"},
	{"api", "GetMonthClose has CloseResult, and OperationService the operation", "MonthClose"},
	{"web cli", "Pages and commands enter a console before they act; a program's token stays the same", "OperateIn"},
	{"web cli", "Programs sign in by tokens and repeat requests by keys; people do neither", "Caller Once"},
	{"api", "A program has a token in place of an actor", "ActAs OperateAs"},
	{"api", "Health is asked for without a token, at /readyz", "Ready"},
	{"api cli", "How a person likes the pages", "ChangePassword CustomerChoices CustomerNeighbours DeleteCustomerFilter SaveCustomerFilter SetCustomerSettings SetPreferences TellHelp"},
	{"api", "A person's own, where a token stands for a program", "ChooseNotices EndOtherSessions EndOwnSession NoticeChoices Sessions"},
	{"api", "A recommendation over the consoles of a person; a token opens one console", "AdviseMain"},
	{"api cli", "The same as a list, page by page", "AllStories AuditEvents Imports MigrationRuns ImportProblems Import"},
	{"api", "The same as a list or an operation, page by page", "AllIssuedLines AllReported MigrationRun ExportChoices ImportChoices ExportCustomerList"},
	{"web cli", "One answer for every kind of operation; pages and commands each know theirs", "Operation Operations"},
	{"web cli", "Programs ask for it alone; pages and commands have it in what they show", "BillingMonths CheckIdentity CustomerOfDomain IssuedLines Offers OffersToBecome OffersToBuy Order Orders PayerFor ProvisionIdentity"},
	{"web", "Pages import as an operation, which checks first", "CheckImport ImportCustomers"},
	{"web", "Pages have MonthInvoices, CloseResult and ForecastPrice, which tell more", "IssuedInvoices MonthClose PreviewPrice"},
	{"web", "Reads every row; for whoever runs the server's machine", "Check CheckLedger"},
	{"api", "Reads every row; for whoever runs the server's machine", "Check"},
	{"web", "Pages have PersonList, page by page", "People"},
	{"api cli", "People has all of them", "PersonList"},
	{"api", "Who operates is for people to decide, signed in as themselves", "EndOperator"},
	{"web api cli", "Part of the account's statement", "Balance"},
	{"cli", "A detail of a page; the lists and customer check have it", "AccountOverviews CustomerAt Member MigrationDetail PreviewCancel ProductsFor Readiness"},
	{"cli", "A detail of a page", "CloseResult"},
	{"api cli", "A detail of a page", "Acceptance Consoles FirstMonth ForecastPrice ImportableAccounts Mails SendsMail ComputeLines NextMonths VendorHome"},
	{"cli", "Commands pause a run, which gives back the same, and import while they wait: interrupting one stops it", "CancelOperation"},
	{"cli", "Of a file there is the command import", "StartImport"},
	{"api", "An import is checked when it is begun", "CheckImport ImportCustomers"},
	{"web", "Not yet: done on the command line and by programs", "DeleteCustomer RejectOrder TakeOver TransferableTo"},
	{"cli", "The command takes everything over that the token is for", "TransferableTo"},
	{"web cli", "Programs of the Reseller and the Channel API ask for it alone", "CustomerOfToken Subscriptions"},
	{"web cli", "The token endpoint, where programs sign in", "AccessByAssertion AccessByClientSecret"},
	{"api", "People make tokens, so that one who has lost a token knows what can be done with it", "MakeClientSecret MakeKey MakeServiceAccount MakeToken OwnTokens RemoveServiceAccount RevokeToken ServiceAccounts Tokens"},
}

// TestEveryUseCaseIsInEveryShell lists the use cases and wants each in the pages, the API and the command line, or a reason
// why not. A reason that does not hold any more is logged.
func TestEveryUseCaseIsInEveryShell(t *testing.T) {
	t.Parallel()
	cases := useCases(t)
	if len(cases) < 200 {
		t.Fatalf("%d use cases: this test looks for the wrong thing", len(cases))
	}
	excused := map[string]map[string]bool{}
	for _, e := range exemptions {
		for name := range strings.FieldsSeq(e.names) {
			if !cases[name] {
				t.Errorf("there is no use case %s to exempt", name)
			}
			for shell := range strings.FieldsSeq(e.shells) {
				if excused[shell] == nil {
					excused[shell] = map[string]bool{}
				}
				excused[shell][name] = true
			}
		}
	}
	for _, shell := range shells {
		called := calls(t, root+"/internal/"+shell, cases)
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			if !called[name] && !excused[shell][name] {
				t.Errorf("%s does not call %s, and no exemption says why", shell, name)
			}
			if called[name] && excused[shell][name] { // it came since: the list is longer than it needs to be, and hides nothing
				t.Logf("%s calls %s: take the exemption away", shell, name)
			}
		}
	}
}

// useCases are the exported methods of *app.App.
func useCases(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	eachFile(t, root+"/internal/app", func(file *ast.File) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() {
				continue
			}
			if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok && named(star.X, "App") {
				names[f.Name.Name] = true
			}
		}
	})
	return names
}

// calls returns the use cases that the package and those below it call, or hand on: x.app.Name, (*app.App).Name, and of the
// command line's session, which embeds the product, s.Name.
func calls(t *testing.T, dir string, cases map[string]bool) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	eachFile(t, dir, func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || !cases[s.Sel.Name] {
				return true
			}
			switch x := s.X.(type) {
			case *ast.SelectorExpr:
				found[s.Sel.Name] = found[s.Sel.Name] || strings.EqualFold(x.Sel.Name, "app")
			case *ast.ParenExpr:
				star, ok := x.X.(*ast.StarExpr)
				found[s.Sel.Name] = found[s.Sel.Name] || ok && strings.HasSuffix(selector(star.X), "App")
			case *ast.Ident:
				found[s.Sel.Name] = found[s.Sel.Name] || strings.HasSuffix(dir, "/cli") && (x.Name == "s" || x.Name == "a")
			}
			return true
		})
	})
	return found
}

func named(e ast.Expr, name string) bool { i, ok := e.(*ast.Ident); return ok && i.Name == name }

func selector(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}

// eachFile parses the Go files below a folder, without tests.
func eachFile(t *testing.T, dir string, look func(*ast.File)) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err == nil {
			look(file)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
