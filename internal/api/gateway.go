package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"psc/internal/fault"
	"psc/internal/i18n"
)

// newGateway translates REST into calls.
func (s *Server) newGateway() *runtime.ServeMux {
	readQueriesStrictly()
	return runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, &runtime.HTTPBodyMarshaler{Marshaler: &runtime.JSONPb{}}),
		runtime.WithIncomingHeaderMatcher(passed),
		runtime.WithErrorHandler(s.restError),
		runtime.WithRoutingErrorHandler(s.routingError),
	)
}

// passed says which headers of a request become metadata of the call, beside Authorization.
func passed(name string) (string, bool) {
	switch http.CanonicalHeaderKey(name) {
	case "Accept-Language", "Idempotency-Key":
		return strings.ToLower(name), true
	}
	return "", false
}

// routingError answers what no method answers.
func (s *Server) routingError(ctx context.Context, mux *runtime.ServeMux, m runtime.Marshaler, w http.ResponseWriter, r *http.Request, httpStatus int) {
	speaker := s.catalog.For(i18n.Match(r.Header.Get("Accept-Language")))
	f := fault.New(fault.NotFound, "api.path", fault.Args{"Path": r.URL.Path})
	switch httpStatus {
	case http.StatusMethodNotAllowed:
		f = fault.New(fault.NotFound, "api.method", fault.Args{"Method": r.Method, "Path": r.URL.Path})
	case http.StatusBadRequest:
		f = fault.New(fault.Invalid, "api.path", fault.Args{"Path": r.URL.Path})
	}
	s.restError(ctx, mux, m, w, r, &runtime.HTTPStatusError{HTTPStatus: httpStatus, Err: s.status(f, speaker).Err()})
}

// restError answers with google.rpc.Status as AIP-193 writes it in JSON.
func (s *Server) restError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	st := status.Convert(err)
	httpStatus := runtime.HTTPStatusFromCode(st.Code())
	if own, ok := errors.AsType[*runtime.HTTPStatusError](err); ok {
		st, httpStatus = status.Convert(own.Err), own.HTTPStatus
	}
	if len(st.Details()) == 0 && st.Code() == codes.InvalidArgument { // what the translation could not read
		speaker := s.catalog.For(i18n.Match(r.Header.Get("Accept-Language")))
		st = s.status(fault.New(fault.Invalid, "api.unreadable", fault.Args{"Problem": strings.ReplaceAll(st.Message(), "\u00a0", " ")}), speaker)
	}
	if wait := retryAfter(st); wait > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(wait, 10))
	}
	if httpStatus == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(httpStatus)
	_, _ = w.Write(statusJSON(st, httpStatus)) // fails if the client did not wait
}

// statusJSON writes {"error": {code, message, status, details}}, the code being that of HTTP.
func statusJSON(st *status.Status, httpStatus int) []byte {
	type body struct {
		Code    int               `json:"code"`
		Message string            `json:"message"`
		Status  string            `json:"status"`
		Details []json.RawMessage `json:"details,omitempty"`
	}
	told := body{Code: httpStatus, Message: st.Message(), Status: code.Code(st.Code()).String()} //nolint:gosec // there are 17 codes
	for _, d := range st.Proto().GetDetails() {
		if text, err := protojson.Marshal(d); err == nil { // fails for a type that this program does not know
			told.Details = append(told.Details, text)
		}
	}
	text, _ := json.Marshal(map[string]body{"error": told}) // made of what marshals
	return text
}

func retryAfter(st *status.Status) int64 {
	for _, d := range st.Details() {
		if retry, ok := d.(*errdetails.RetryInfo); ok {
			return retry.GetRetryDelay().GetSeconds() + 1
		}
	}
	return 0
}

// readQueriesStrictly sets what the library keeps for the whole process.
var readQueriesStrictly = sync.OnceFunc(func() { runtime.SetQueryParameterParser(strictQuery{})(nil) })

// strictQuery refuses parameters that no field has, instead of doing something else than what was asked for.
type strictQuery struct{}

// Parse implements runtime.QueryParameterParser.
func (strictQuery) Parse(target proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	for name := range values {
		if Common(name) {
			delete(values, name)
			continue
		}
		if !hasField(target.ProtoReflect().Descriptor(), strings.Split(name, ".")) {
			return status.Errorf(codes.InvalidArgument, "there is no parameter %q", name)
		}
	}
	return (&runtime.DefaultQueryParser{}).Parse(target, values, filter)
}

// Common reports whether a parameter is one that Google's clients send with every call.
func Common(name string) bool {
	switch name {
	case "alt", "fields", "key", "prettyPrint", "quotaUser", "callback", "userIp":
		return true
	}
	return strings.HasPrefix(name, "$")
}

func hasField(d protoreflect.MessageDescriptor, path []string) bool {
	field := d.Fields().ByJSONName(path[0])
	if field == nil {
		field = d.Fields().ByTextName(path[0])
	}
	if field == nil {
		return false
	}
	if len(path) == 1 {
		return true
	}
	return field.Message() != nil && hasField(field.Message(), path[1:])
}
