// Package api is the shell of programs: a handler reads a request, calls one use case, and answers with what it says. gRPC
// and REST stand on the port of the pages; REST is a translation that calls the same handlers in this process. server.go puts
// it together, call.go is what every call goes through, faults.go how a failure is told; there is one file for each service.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"

	"psc/internal/apidoc"
	"psc/internal/app"
	"psc/internal/i18n"
)

// maxBody is how large a request may be, as gRPC has it by itself.
const maxBody = 4 << 20

// Config is what the process decides for the API.
type Config struct {
	BaseURL      *url.URL // as readers see this server
	Authenticate Authenticate
	Parts        []Part // further APIs on this port
}

// Part is one API on this port. Its gRPC methods and their REST translation go through what every call goes through: whoever
// calls is known (CallerOf), and a fault that a method returns is told as google.rpc.Status.
type Part struct {
	Services func(grpc.ServiceRegistrar)
	Gateway  []Gateway
	Plain    []Plain
	Handlers map[string]http.Handler // by pattern; they authenticate by themselves (Server.Caller)
}

// Gateway registers the REST translation of a service: a generated Register…HandlerClient behind one line.
type Gateway func(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error

// Server answers the calls of programs.
type Server struct {
	app     *app.App
	catalog *i18n.Catalog
	log     *slog.Logger
	config  Config
	grpc    *grpc.Server
	rest    *http.ServeMux
}

// New returns a Server of the product's own API and of the configuration's parts. ctx ends with the process.
func New(ctx context.Context, a *app.App, catalog *i18n.Catalog, log *slog.Logger, config Config) (*Server, error) {
	s := &Server{app: a, catalog: catalog, log: log, config: config, rest: http.NewServeMux()}
	s.grpc = grpc.NewServer(grpc.UnaryInterceptor(s.call), grpc.StreamInterceptor(onlyReflection), grpc.MaxRecvMsgSize(maxBody))
	inside := &local{intercept: s.call, methods: map[string]localMethod{}}
	gateway := s.newGateway()
	for _, part := range append([]Part{ownPart(a, config.BaseURL)}, config.Parts...) {
		if part.Services != nil {
			part.Services(both{s.grpc, inside})
		}
		for _, register := range part.Gateway {
			if err := register(ctx, gateway, inside); err != nil {
				return nil, err
			}
		}
		for _, p := range part.Plain {
			s.rest.Handle(p.Prefix, s.plain(p))
		}
		for pattern, h := range part.Handlers {
			s.rest.Handle(pattern, h)
		}
	}
	reflection.Register(s.grpc)
	s.rest.Handle("/v1/", bounded(gateway))
	document, err := apidoc.OpenAPI(config.BaseURL.String())
	if err != nil {
		return nil, err
	}
	s.rest.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(document) // fails if the client did not wait
	})
	return s, nil
}

// Handler answers what programs ask, and leaves everything else to the pages.
func (s *Server) Handler(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
			s.grpc.ServeHTTP(w, r)
			return
		}
		h, pattern := s.rest.Handler(r)
		if pattern == "" {
			pages.ServeHTTP(w, r)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.ServeHTTP(w, r)
	})
}

func bounded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		h.ServeHTTP(w, r)
	})
}

// both registers a service for calls from outside and for those of the REST translation.
type both struct{ outside, inside grpc.ServiceRegistrar }

// RegisterService implements grpc.ServiceRegistrar.
func (b both) RegisterService(desc *grpc.ServiceDesc, impl any) {
	b.outside.RegisterService(desc, impl)
	b.inside.RegisterService(desc, impl)
}

// Protocols are what the port speaks: HTTP/1.1 for browsers and REST, HTTP/2 without TLS for gRPC. TLS ends in front of it.
func Protocols() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	p.SetUnencryptedHTTP2(true)
	return p
}
