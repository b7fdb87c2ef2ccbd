package api

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/i18n"
)

// Caller is who calls, and in which console.
type Caller = app.Caller

// Authenticate returns whom a bearer token stands for, or a fault of kind Unauthenticated or Limited.
type Authenticate func(ctx context.Context, bearer string) (Caller, error)

type callerKey struct{}

// CallerOf returns who calls. Every method of the API has a caller: without one, call does not come to it.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// call is what every call goes through, by gRPC or REST: nobody unknown gets further, a failure is told in the caller's
// language, what carries a key is done once, a panic is a failure like others, and the log says how it went.
func (s *Server) call(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (answer any, err error) {
	began := s.app.Wall.Now()
	var caller Caller
	defer func() {
		if reason := recover(); reason != nil {
			s.log.ErrorContext(ctx, "panic", "method", info.FullMethod, "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
			answer, err = nil, fmt.Errorf("panic: %v", reason)
		}
		err = s.tell(ctx, info.FullMethod, err)
		s.log.InfoContext(ctx, "call", "method", info.FullMethod, "token", caller.TokenID, "code", status.Code(err).String(),
			"took", s.app.Wall.Now().Sub(began))
	}()
	if caller, err = s.authenticate(ctx, header(ctx, "authorization")); err != nil {
		return nil, err
	}
	return s.once(context.WithValue(ctx, callerKey{}, caller), caller, request, info, handler)
}

// authenticate reads the value of an Authorization header.
func (s *Server) authenticate(ctx context.Context, authorization string) (Caller, error) {
	scheme, bearer, _ := strings.Cut(authorization, " ")
	if bearer = strings.TrimSpace(bearer); !strings.EqualFold(scheme, "Bearer") || bearer == "" {
		return Caller{}, fault.New(fault.Unauthenticated, "api.no_token", nil)
	}
	return s.config.Authenticate(ctx, bearer)
}

// Caller returns who sends the request, for handlers that are no gRPC methods.
func (s *Server) Caller(r *http.Request) (Caller, error) {
	return s.authenticate(r.Context(), r.Header.Get("Authorization"))
}

// header returns what a call says beside its message.
func header(ctx context.Context, name string) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if values := md.Get(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// speaker speaks the language that the call asks for.
func (s *Server) speaker(ctx context.Context) *i18n.Speaker {
	return s.catalog.For(i18n.Match(header(ctx, "accept-language")))
}

// onlyReflection lets what describes the API through, which is no secret, and no other stream.
func onlyReflection(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if !strings.HasPrefix(info.FullMethod, "/grpc.reflection.") {
		return status.Error(codes.Unimplemented, info.FullMethod+" does not stream")
	}
	return handler(srv, stream)
}
