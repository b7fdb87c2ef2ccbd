package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"psc/internal/fault"
	"psc/internal/i18n"
)

// Domain is the domain of the reasons (google.rpc.ErrorInfo).
const Domain = "psc.v1"

// kinds is how a failure of each kind is told.
var kinds = map[fault.Kind]codes.Code{
	fault.Invalid:         codes.InvalidArgument,
	fault.NotFound:        codes.NotFound,
	fault.Forbidden:       codes.PermissionDenied,
	fault.Unauthenticated: codes.Unauthenticated,
	fault.Conflict:        codes.Aborted,
	fault.Precondition:    codes.FailedPrecondition,
	fault.Limited:         codes.ResourceExhausted,
	fault.TooLarge:        codes.InvalidArgument,
	fault.Internal:        codes.Internal,
}

// tell turns any error into a status for the caller. Of a defect it tells only the number under which the log has it.
func (s *Server) tell(ctx context.Context, method string, err error) error {
	if err == nil {
		return nil
	}
	if told, ok := status.FromError(err); ok { // a method has said it in its own words
		if len(told.Details()) == 0 {
			told = detailed(told, &errdetails.ErrorInfo{Reason: code.Code(told.Code()).String(), Domain: Domain}) //nolint:gosec // there are 17 codes
		}
		return told.Err()
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return status.FromContextError(ctx.Err()).Err()
	}
	f := fault.As(err)
	if f == nil {
		f = fault.New(fault.Internal, "fault.internal", nil)
	}
	said := s.status(f, s.speaker(ctx))
	if f.Kind == fault.Internal {
		number := rand.Text()[:12]
		s.log.ErrorContext(ctx, "call failed", "number", number, "method", method, "error", err)
		said = detailed(said, &errdetails.RequestInfo{RequestId: number})
	}
	return said.Err()
}

// status tells a fault as AIP-193 wants it: the message for developers in English, the same in the reader's language, a reason
// for programs, what is wrong with each field, and where to read on.
func (s *Server) status(f *fault.Error, reader *i18n.Speaker) *status.Status {
	english := s.catalog.For(i18n.English)
	info := &errdetails.ErrorInfo{Reason: Reason(f.Key), Domain: Domain, Metadata: map[string]string{}}
	for name, value := range f.Args {
		info.Metadata[lowerFirst(name)] = metadatum(value)
	}
	details := []protoadapt.MessageV1{info}
	if len(f.Fields) > 0 {
		details = append(details, violations(f, reader, english))
	}
	if wait, ok := f.Args["Wait"].(time.Duration); ok && f.Kind == fault.Limited {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(wait)})
	}
	details = append(details,
		&errdetails.LocalizedMessage{Locale: reader.Lang(), Message: reader.Fault(f)},
		&errdetails.Help{Links: []*errdetails.Help_Link{{
			Description: reader.T("api.help"), Url: s.config.BaseURL.JoinPath("api").String() + "#errors",
		}}},
	)
	return detailed(status.New(kinds[f.Kind], english.Fault(f)), details...)
}

func violations(f *fault.Error, reader, english *i18n.Speaker) *errdetails.BadRequest {
	bad := &errdetails.BadRequest{}
	for _, field := range f.Fields {
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: field.Name, Description: english.Field(field), Reason: Reason(field.Key),
			LocalizedMessage: &errdetails.LocalizedMessage{Locale: reader.Lang(), Message: reader.Field(field)},
		})
	}
	return bad
}

// Reason is the reason code of a fault's message key: customer.domain_taken is CUSTOMER_DOMAIN_TAKEN.
func Reason(key string) string {
	return strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(key))
}

// metadatum is an argument of a message as programs read it.
func metadatum(value any) string {
	switch v := value.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	default:
		return fmt.Sprint(v)
	}
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// detailed adds details. It cannot fail: none of them is nil, and no status here is OK.
func detailed(s *status.Status, details ...protoadapt.MessageV1) *status.Status {
	with, err := s.WithDetails(details...)
	if err != nil {
		return s
	}
	return with
}
