package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"psc/internal/api"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/i18n"
	"psc/internal/store"
	"psc/internal/store/lite"
)

// world is the product behind its API. The token of a console's super admin is its name.
type world struct {
	*apptest.World

	url  string
	conn *grpc.ClientConn
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	log := slog.New(slog.DiscardHandler)
	engine, err := lite.Open(filepath.Join(tb.TempDir(), "psc.db"), log)
	if err != nil {
		tb.Fatal(err)
	}
	db := store.New(engine)
	tb.Cleanup(func() { _ = db.Close() })
	if err := engine.SchemaUp(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	w := &world{World: apptest.New(tb, db)}
	catalog, err := i18n.New()
	w.Must(err)
	base, err := url.Parse("https://psc.example")
	w.Must(err)
	server, err := api.New(tb.Context(), w.App, catalog, log, api.Config{BaseURL: base, Authenticate: w.authenticate})
	w.Must(err)
	listener := httptest.NewUnstartedServer(server.Handler(http.NotFoundHandler()))
	listener.Config.Protocols = api.Protocols()
	listener.Start()
	tb.Cleanup(listener.Close)
	w.url = listener.URL
	w.conn, err = grpc.NewClient(strings.TrimPrefix(listener.URL, "http://"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	w.Must(err)
	tb.Cleanup(func() { _ = w.conn.Close() })
	return w
}

// authenticate knows the consoles' names, and the name of a role in front of one: "BILLING Console A".
func (w *world) authenticate(_ context.Context, bearer string) (api.Caller, error) {
	for _, c := range []console.Console{w.A, w.B, w.C} {
		role, ok := strings.CutSuffix(bearer, c.Name)
		if !ok {
			continue
		}
		if role == "" {
			role = string(console.RoleSuperAdmin)
		}
		return api.Caller{TokenID: "tok_" + c.ID, Owner: "tok_" + c.ID, Actor: apptest.As(c, console.Role(strings.TrimSpace(role))), Console: c}, nil
	}
	return api.Caller{}, fault.New(fault.Unauthenticated, "api.no_token", nil)
}

// as is the context of a call with a token.
func (w *world) as(token string) context.Context {
	return metadata.AppendToOutgoingContext(w.T.Context(), "authorization", "Bearer "+token)
}

// rest sends a request with a token and returns the answer's status and body.
func (w *world) rest(token, method, path, body string, headers ...string) (int, map[string]any) {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), method, w.url+path, strings.NewReader(body))
	w.Must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	w.Must(err)
	text, err := io.ReadAll(answer.Body)
	w.Must(err)
	w.Must(answer.Body.Close())
	var parsed map[string]any
	if err := json.Unmarshal(text, &parsed); err != nil {
		w.T.Fatalf("%s %s: %d %s", method, path, answer.StatusCode, text)
	}
	return answer.StatusCode, parsed
}

// in returns the name of the console, with what follows it.
func in(c console.Console, rest string) string { return "consoles/" + string(c.AccountID) + rest }
