package main

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"testing"

	"psc/internal/api"
	"psc/internal/api/apitest"
	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/store/storetest"
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
	w := apptest.New(t, storetest.SQLite(t))
	_, address := apitest.Serve(w, api.Config{})
	return w, address
}
