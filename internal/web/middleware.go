package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"psc/internal/fault"
)

type numberKey struct{}

// number is the request's number: what the log and a page about a defect have in common.
func number(r *http.Request) string {
	n, _ := r.Context().Value(numberKey{}).(string)
	return n
}

// observe numbers each request and logs how it was answered.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.app.Wall.Now()
		ctx := context.WithValue(r.Context(), numberKey{}, rand.Text()[:12])
		r = r.WithContext(ctx)
		seen := &answer{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		s.log.InfoContext(ctx, "request", "number", number(r), "method", r.Method, "path", loggable(r.URL.Path),
			"status", seen.status, "bytes", seen.bytes, "took", s.app.Wall.Now().Sub(began))
	})
}

// loggable leaves the secret out of the path of a one-time link.
func loggable(path string) string {
	for _, prefix := range []string{"/setup/", "/reset/", "/join/"} {
		if strings.HasPrefix(path, prefix) {
			return prefix + "…"
		}
	}
	return path
}

// answer remembers how a request was answered.
type answer struct {
	http.ResponseWriter

	status int
	bytes  int
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// rescue answers a request whose handler panicked.
func (s *Server) rescue(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			reason := recover()
			if reason == nil {
				return
			}
			if reason == http.ErrAbortHandler { //nolint:errorlint // recovered by identity, as net/http does
				panic(reason)
			}
			s.log.ErrorContext(r.Context(), "panic", "number", number(r), "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
			s.fail(w, r, s.publicPage(r), fmt.Errorf("panic: %v", reason))
		}()
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site's page sends in the name of the person.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(s.config.BaseURL.String()); err != nil {
		s.log.Warn("base URL is no origin", "error", err)
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, s.publicPage(r), fault.New(fault.Forbidden, "web.cross_origin", nil))
	}))
	return guard.Handler(next)
}
