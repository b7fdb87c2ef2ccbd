package resellerv1_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
	"google.golang.org/api/reseller/v1"

	"psc/internal/api"
	"psc/internal/api/apitest"
	"psc/internal/api/resellerv1"
	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// world is the product behind the API, with the handler that the process serves.
type world struct {
	*apptest.World

	handler http.Handler
	url     string
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{World: apptest.New(tb, storetest.SQLite(tb))}
	w.sell()
	w.handler, w.url = apitest.Serve(w.World, api.Config{Authenticate: w.Caller, Parts: []api.Part{resellerv1.Part(w.App, apitest.Base())}})
	return w
}

// plus is dearer than apptest.Seats, and can be tried.
const plus = "sku_plus"

func (w *world) sell() {
	ctx := w.T.Context()
	offer := func(sku string, plan catalog.Plan, currency money.Currency, price int64) catalog.Offer {
		return catalog.Offer{SKUID: sku, Plan: plan, Currency: currency, Price: money.Price{Num: price, Den: 1}}
	}
	w.Update(func(tx *store.Tx) error {
		err := errors.Join(
			tx.PutSKUs(ctx, []catalog.SKU{{ID: plus, Product: "Workspace", Name: "Plus", Group: catalog.GoogleWorkspace, TrialDays: 14}}),
			tx.PutOffers(ctx, []catalog.Offer{
				offer(apptest.Seats, catalog.Flexible, "JPY", 1360), offer(apptest.Seats, catalog.AnnualMonthlyPay, "JPY", 1133),
				offer(apptest.Seats, catalog.AnnualYearlyPay, "JPY", 13600), offer(apptest.Seats, catalog.Flexible, "USD", 1200),
				offer(plus, catalog.Flexible, "JPY", 2040), offer(plus, catalog.AnnualMonthlyPay, "JPY", 1700), offer(apptest.Cloud, catalog.Flexible, "JPY", 100),
			}))
		_, granted := tx.GrantSKUs(ctx, w.A.ID, []string{plus}, apptest.Start)
		return errors.Join(err, granted)
	})
}

// token makes a token of somebody with the role in the console.
func (w *world) token(c console.Console, role console.Role) string {
	w.T.Helper()
	ctx, email := w.T.Context(), strings.ToLower(string(role))+"@"+strings.ToLower(c.ID[4:])+".example"
	operator := apptest.Operator(c)
	_, err := w.CreatePerson(ctx, operator, console.Person{Name: email, Email: email})
	w.Must(err)
	w.Must(w.SetRole(ctx, operator, email, role))
	actor, _, err := w.ActAs(ctx, email, string(c.AccountID))
	w.Must(err)
	secret, _, err := w.MakeToken(ctx, actor, app.NewToken{Name: "integration", Scopes: actor.Privileges(), Life: 30 * 24 * time.Hour})
	w.Must(err)
	return secret
}

// client is Google's client with a token.
func (w *world) client(token string) *reseller.Service {
	w.T.Helper()
	signedIn := &http.Client{Transport: &oauth2.Transport{Source: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})}}
	s, err := reseller.NewService(w.T.Context(), option.WithEndpoint(w.url), option.WithHTTPClient(signedIn))
	w.Must(err)
	return s
}

// admin is the client of a super admin of console A.
func (w *world) admin() *reseller.Service { return w.client(w.token(w.A, console.RoleSuperAdmin)) }

// answer is what a request without a client is told.
type answer struct {
	status int
	header http.Header
	body   string
	Error  struct {
		Code    int
		Message string
		Errors  []struct{ Domain, Reason, Message, LocationType, Location string }
	}
}

// ask sends a request to the handler itself.
func (w *world) ask(token, method, path, body string, headers ...string) (a answer) {
	w.T.Helper()
	r := httptest.NewRequestWithContext(w.T.Context(), method, path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	text, err := io.ReadAll(rec.Body)
	w.Must(err)
	a.status, a.header, a.body = rec.Code, rec.Header(), string(text)
	if a.status >= 400 {
		if err := json.Unmarshal(text, &a); err != nil {
			w.T.Errorf("%s %s: %d %s", method, path, a.status, text)
		}
	}
	return a
}

// everything is all that the database keeps.
func (w *world) everything() []string { return w.Texts(w.DumpSQL("")) }

// unchanged fails the test if something was written.
func (w *world) unchanged(before []string) {
	w.T.Helper()
	if !slices.Equal(w.everything(), before) {
		w.T.Error("something was written")
	}
}

// refused fails the test unless a call was refused like this.
func refused(t *testing.T, err error, code int, reason string) {
	t.Helper()
	var told *googleapi.Error
	if !errors.As(err, &told) || told.Code != code || len(told.Errors) == 0 || told.Errors[0].Reason != reason || told.Message == "" {
		t.Errorf("%v, want %d %s", err, code, reason)
	}
}
