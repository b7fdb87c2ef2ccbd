package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"psc/internal/api"
	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/i18n"
	"psc/internal/store"
	"psc/internal/store/lite"
)

// TestUnify runs each example against a product of its own: first it connects, and seven days later it moves.
func TestUnify(t *testing.T) {
	t.Parallel()
	for name, example := range map[string]func(t *testing.T, base string, main, source side) string{"go": byGo, "curl": byCurl} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, base := serve(t)
			w.AddCustomers(w.B, 25, nil)
			main, source := side{string(w.A.AccountID), w.A.Name}, side{string(w.B.AccountID), w.B.Name}
			if said := example(t, base, main, source); !strings.HasPrefix(said, "connected; migrations may start at ") {
				t.Errorf("first: %s", said)
			}
			w.RunJobs(app.EvaluateJob{}.Kind())
			w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.Waiting)
			ending, stop := context.WithCancel(context.WithoutCancel(t.Context()))
			defer stop()
			end, err := w.DB.Engine().Work(ending, w.Workers())
			w.Must(err)
			if said := example(t, base, main, source); said != "moved 25 of 25 customers; the books fit: true\n" {
				t.Errorf("seven days later: %s", said)
			}
			w.Must(end(ending))
		})
	}
}

func byGo(t *testing.T, base string, main, source side) string {
	t.Helper()
	var out bytes.Buffer
	if err := unify(t.Context(), strings.TrimPrefix(base, "http://"), main, source, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func byCurl(t *testing.T, base string, main, source side) string {
	t.Helper()
	script := exec.CommandContext(t.Context(), "../unify.sh")
	script.Env = append(script.Environ(), "BASE="+base, "MAIN="+main.account, "MAIN_TOKEN="+main.token,
		"SOURCE="+source.account, "SOURCE_TOKEN="+source.token)
	var problems bytes.Buffer
	script.Stderr = &problems
	out, err := script.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, problems.String())
	}
	return string(out)
}

// serve starts the product's API over a world of consoles; the token of a console is its name.
func serve(t *testing.T) (*apptest.World, string) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	engine, err := lite.Open(filepath.Join(t.TempDir(), "psc.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	db := store.New(engine)
	t.Cleanup(func() { _ = db.Close() })
	if err := engine.SchemaUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := apptest.New(t, db)
	catalog, err := i18n.New()
	w.Must(err)
	server, err := api.New(t.Context(), w.App, catalog, log, api.Config{
		BaseURL: &url.URL{Scheme: "https", Host: "psc.example"},
		Authenticate: func(_ context.Context, bearer string) (api.Caller, error) {
			for _, c := range []console.Console{w.A, w.B} {
				if bearer == c.Name {
					return api.Caller{TokenID: c.ID, Owner: c.ID, Actor: apptest.Admin(c), Console: c}, nil
				}
			}
			return api.Caller{}, fault.New(fault.Unauthenticated, "api.no_token", nil)
		},
	})
	w.Must(err)
	listener := httptest.NewUnstartedServer(server.Handler(http.NotFoundHandler()))
	listener.Config.Protocols = api.Protocols()
	listener.Start()
	t.Cleanup(listener.Close)
	return w, listener.URL
}
