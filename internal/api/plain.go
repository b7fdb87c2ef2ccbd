package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/i18n"
)

// Plain is an API of HTTP and JSON that is no translation of gRPC and tells failures in a form of its own.
type Plain struct {
	Prefix string // that its paths have; it ends in a slash
	// Serve answers a request and its body with JSON; nil: with nothing. Whoever sends it is known (CallerOf).
	Serve func(r *http.Request, body []byte) ([]byte, error)
	// Tell returns the status and the JSON that a failure is told as.
	Tell func(err error, say *i18n.Speaker) (status int, body []byte)
}

// plain serves the requests of a plain API through what every call goes through: nobody unknown gets further, a panic is a failure
// like others, what carries a key is done once, and the log says how it went.
func (s *Server) plain(p Plain) http.Handler {
	return bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.app.Wall.Now()
		caller, answer, err := s.servePlain(p, r)
		status := http.StatusOK
		if err != nil {
			status, answer = p.Tell(err, s.catalog.For(i18n.Match(r.Header.Get("Accept-Language"))))
			s.failedPlain(w, r, status, err)
		}
		s.log.InfoContext(r.Context(), "call", "method", r.Method+" "+r.URL.Path, "token", caller.TokenID, "code", strconv.Itoa(status),
			"took", s.app.Wall.Now().Sub(began))
		if len(answer) == 0 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		w.WriteHeader(status)
		_, _ = w.Write(answer) //nolint:gosec // it is JSON, and said to be; it fails if the client did not wait
	}))
}

func (s *Server) servePlain(p Plain, r *http.Request) (caller Caller, answer []byte, err error) {
	ctx := r.Context()
	defer func() {
		if reason := recover(); reason != nil {
			s.log.ErrorContext(ctx, "panic", "method", r.Method, "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
			answer, err = nil, fmt.Errorf("panic: %v", reason)
		}
	}()
	if caller, err = s.Caller(r); err != nil {
		return caller, nil, err
	}
	body, err := io.ReadAll(r.Body)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		err = fault.Wrap(err, fault.TooLarge, "api.too_large", fault.Args{"Most": tooLarge.Limit >> 20})
	} else if err != nil {
		err = fault.Wrap(err, fault.Invalid, "api.unreadable", fault.Args{"Problem": err.Error()})
	}
	if err != nil {
		return caller, nil, err
	}
	answer, err = s.plainOnce(context.WithValue(ctx, callerKey{}, caller), p, r, body)
	return caller, answer, err
}

// plainOnce answers as before if the caller repeats a request with the key in the header Idempotency-Key.
func (s *Server) plainOnce(ctx context.Context, p Plain, r *http.Request, body []byte) ([]byte, error) {
	key := r.Header.Get("Idempotency-Key")
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		key = ""
	}
	answer, _, err := s.app.Once(ctx, CallerOf(ctx), app.Request{Key: key, Method: r.Method + " " + r.URL.RequestURI(), Body: body},
		func(ctx context.Context) ([]byte, error) { return p.Serve(r.WithContext(ctx), body) })
	return answer, err
}

// failedPlain sets what the headers say of a failure. Of a defect they tell the number under which the log has it.
func (s *Server) failedPlain(w http.ResponseWriter, r *http.Request, status int, err error) {
	ctx, f := r.Context(), fault.As(err)
	switch {
	case ctx.Err() != nil && errors.Is(err, ctx.Err()): // the client has gone
	case status == http.StatusInternalServerError:
		number := rand.Text()[:12]
		s.log.ErrorContext(ctx, "call failed", "number", number, "method", r.Method, "error", err)
		w.Header().Set("X-Request-Id", number)
	case f != nil && f.Kind == fault.Unauthenticated:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case f != nil && f.Kind == fault.Limited:
		if wait, ok := f.Args["Wait"].(time.Duration); ok {
			w.Header().Set("Retry-After", strconv.FormatInt(int64(wait/time.Second)+1, 10))
		}
	}
}
