// Package apitest starts the API over a small world in tests.
package apitest

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"psc/internal/api"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/i18n"
)

// Base is where the world's pages are said to be.
func Base() *url.URL { return &url.URL{Scheme: "https", Host: "psc.example"} }

// Serve starts the API over the world on the loopback, and returns its handler and its address. It ends with the test. Without
// another way to sign in tokens are what ByName takes.
func Serve(w *apptest.World, config api.Config) (handler http.Handler, address string) {
	w.T.Helper()
	config.BaseURL = Base()
	if config.Authenticate == nil {
		config.Authenticate = ByName(w)
	}
	words, err := i18n.New()
	w.Must(err)
	server, err := api.New(w.T.Context(), w.App, words, slog.New(slog.DiscardHandler), config)
	w.Must(err)
	handler = server.Handler(http.NotFoundHandler())
	listener := httptest.NewUnstartedServer(handler)
	listener.Config.Protocols = api.Protocols()
	listener.Start()
	w.T.Cleanup(listener.Close)
	return handler, listener.URL
}

// ByName takes a console's name for the token of its super admin, and one with a role in front ("BILLING Console A") for one of
// that role. "Operator" is the token of an operator in the console A, "Operator without" one that lets nothing through that is
// only the operators'.
func ByName(w *apptest.World) func(context.Context, string) (api.Caller, error) {
	return func(_ context.Context, bearer string) (api.Caller, error) {
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
		operator := api.Caller{TokenID: "tok_op", Owner: "tok_op", Actor: apptest.Operator(w.A), Console: w.A}
		switch bearer {
		case "Operator":
			return operator, nil
		case "Operator without":
			operator.Actor.Only = console.AccountScopes
			return operator, nil
		}
		return api.Caller{}, fault.New(fault.Unauthenticated, "api.no_token", nil)
	}
}
