package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"psc/internal/api"
	"psc/internal/api/apitest"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/store/storetest"
)

// world is the product behind its API. The token of a console's super admin is its name.
type world struct {
	*apptest.World

	url  string
	conn *grpc.ClientConn
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{World: apptest.New(tb, storetest.SQLite(tb))}
	_, w.url = apitest.Serve(w.World, api.Config{})
	var err error
	w.conn, err = grpc.NewClient(strings.TrimPrefix(w.url, "http://"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	w.Must(err)
	tb.Cleanup(func() { _ = w.conn.Close() })
	return w
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

// file returns what a GET answers that is no JSON.
func (w *world) file(token, path string) string {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), http.MethodGet, w.url+path, nil)
	w.Must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	w.Must(err)
	text, err := io.ReadAll(answer.Body)
	w.Must(err)
	w.Must(answer.Body.Close())
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/csv") {
		w.T.Errorf("GET %s: %d %s", path, answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	return string(text)
}

// in returns the name of the console, with what follows it.
func in(c console.Console, rest string) string { return "consoles/" + string(c.AccountID) + rest }
