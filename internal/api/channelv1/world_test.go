package channelv1_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	channel "cloud.google.com/go/channel/apiv1"
	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"psc/internal/api"
	"psc/internal/api/apitest"
	"psc/internal/api/channelv1"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// world is the product behind its API. The token of a console's super admin is its name.
type world struct {
	*apptest.World

	url string
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{World: apptest.New(tb, storetest.SQLite(tb))}
	w.sell()
	_, w.url = apitest.Serve(w.World, api.Config{Parts: []api.Part{channelv1.Part(w.App)}})
	return w
}

// Products of the world beside those of apptest: Plus is dearer than Seats and can be tried.
const plus = "sku_plus"

func (w *world) sell() {
	w.Update(func(tx *store.Tx) error {
		ctx := w.T.Context()
		offer := func(sku string, plan catalog.Plan, price int64) catalog.Offer {
			return catalog.Offer{SKUID: sku, Plan: plan, Currency: "JPY", Price: money.Price{Num: price, Den: 1}}
		}
		_, err := tx.GrantSKUs(ctx, w.A.ID, []string{apptest.Seats}, apptest.Start)
		return errors.Join(
			err, tx.PutSKUs(ctx, []catalog.SKU{{
				ID: plus, Product: "Workspace", Name: "Plus", Group: catalog.GoogleWorkspace, TrialDays: 14,
			}}),
			grant(ctx, tx, w.A.ID), grant(ctx, tx, w.B.ID),
			tx.PutOffers(ctx, []catalog.Offer{
				offer(apptest.Seats, catalog.Flexible, 1360), offer(apptest.Seats, catalog.AnnualMonthlyPay, 1133),
				offer(apptest.Seats, catalog.AnnualYearlyPay, 13600), offer(plus, catalog.Flexible, 2040),
				offer(plus, catalog.AnnualMonthlyPay, 1700), offer(apptest.Cloud, catalog.Flexible, 100),
			}),
		)
	})
}

func grant(ctx context.Context, tx *store.Tx, consoleID string) error {
	_, err := tx.GrantSKUs(ctx, consoleID, []string{plus}, apptest.Start)
	return err
}

// bearer sends a token over a connection without TLS, which Google's clients would not.
type bearer string

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(b)}, nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials.
func (b bearer) RequireTransportSecurity() bool { return false }

var _ credentials.PerRPCCredentials = bearer("")

// client is Google's client over gRPC with a token.
func (w *world) client(token string) *channel.CloudChannelClient {
	w.T.Helper()
	c, err := channel.NewCloudChannelClient(
		w.T.Context(), option.WithEndpoint(strings.TrimPrefix(w.url, "http://")), option.WithoutAuthentication(),
		option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())),
		option.WithGRPCDialOption(grpc.WithPerRPCCredentials(bearer(token))),
	)
	w.Must(err)
	w.T.Cleanup(func() { _ = c.Close() })
	return c
}

// restClient is Google's client over REST with a token.
func (w *world) restClient(token string) *channel.CloudChannelClient {
	w.T.Helper()
	c, err := channel.NewCloudChannelRESTClient(w.T.Context(), option.WithEndpoint(w.url), option.WithHTTPClient(signedIn(token)))
	w.Must(err)
	w.T.Cleanup(func() { _ = c.Close() })
	return c
}

func signedIn(token string) *http.Client {
	return &http.Client{Transport: &oauth2.Transport{Source: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})}}
}

// account is the name of a console.
func account(c console.Console) string { return "accounts/" + string(c.AccountID) }

// all reads a list to its end.
func all[T any](t *testing.T, next func() (T, error)) (list []T) {
	t.Helper()
	for {
		v, err := next()
		if errors.Is(err, iterator.Done) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
}

func wantCode(t *testing.T, err error, want codes.Code) {
	t.Helper()
	if codeOf(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// codeOf is the code of an error as the server told it; clients of REST know only that of HTTP.
func codeOf(err error) (code codes.Code) {
	var body struct {
		Error struct {
			Status json.RawMessage `json:"status"`
		} `json:"error"`
	}
	if e, ok := errors.AsType[*googleapi.Error](err); ok && json.Unmarshal([]byte(e.Body), &body) == nil {
		if err := code.UnmarshalJSON(body.Error.Status); err == nil {
			return code
		}
	}
	return status.Code(err)
}
