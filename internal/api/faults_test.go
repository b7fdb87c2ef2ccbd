package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"psc/internal/fault"
	"psc/internal/i18n"
)

// TestEveryKindIsTold: each kind of fault has a code of its own kind, and tells a reason, a sentence and where to read on.
func TestEveryKindIsTold(t *testing.T) {
	t.Parallel()
	s := teller(t)
	for kind, code := range map[fault.Kind]codes.Code{
		fault.Invalid: codes.InvalidArgument, fault.NotFound: codes.NotFound, fault.Forbidden: codes.PermissionDenied,
		fault.Unauthenticated: codes.Unauthenticated, fault.Conflict: codes.Aborted, fault.Precondition: codes.FailedPrecondition,
		fault.Limited: codes.ResourceExhausted, fault.TooLarge: codes.InvalidArgument, fault.Internal: codes.Internal,
	} {
		told := status.Convert(s.tell(t.Context(), "method", fault.New(kind, "customer.not_found", nil)))
		details := byType(told)
		if told.Code() != code || details.info.GetReason() != "CUSTOMER_NOT_FOUND" || details.info.GetDomain() != Domain ||
			told.Message() == "" || details.words.GetLocale() != "en" || len(details.help.GetLinks()) != 1 {
			t.Errorf("%s: %v", kind, told.Proto())
		}
		if (details.request.GetRequestId() != "") != (kind == fault.Internal) {
			t.Errorf("%s: number %q", kind, details.request.GetRequestId())
		}
	}
}

func TestFieldsWaitAndLanguageAreTold(t *testing.T) {
	t.Parallel()
	s := teller(t)
	ja := metadata.NewIncomingContext(t.Context(), metadata.Pairs("accept-language", "ja"))
	told := status.Convert(s.tell(ja, "method", fault.InvalidField("page_token", "api.page_token", nil)))
	details := byType(told)
	bad := details.bad.GetFieldViolations()
	if len(bad) != 1 || bad[0].GetField() != "page_token" || bad[0].GetReason() != "API_PAGE_TOKEN" || bad[0].GetLocalizedMessage().GetLocale() != "ja" ||
		bad[0].GetDescription() == bad[0].GetLocalizedMessage().GetMessage() || details.words.GetMessage() == told.Message() {
		t.Errorf("%v", told.Proto())
	}
	limited := status.Convert(s.tell(t.Context(), "method", &fault.Error{Kind: fault.Limited, Key: "customer.not_found", Args: fault.Args{"Wait": 1500 * time.Millisecond}}))
	if got := byType(limited).retry.GetRetryDelay().AsDuration(); got != 1500*time.Millisecond || retryAfter(limited) != 2 {
		t.Errorf("%v, Retry-After: %d", got, retryAfter(limited))
	}
}

// TestADefectTellsNothingOfItself: what went wrong inside is for the log.
func TestADefectTellsNothingOfItself(t *testing.T) {
	t.Parallel()
	told := status.Convert(teller(t).tell(t.Context(), "method", errors.New("pq: secret table")))
	if told.Code() != codes.Internal || byType(told).request.GetRequestId() == "" {
		t.Errorf("%v", told.Proto())
	}
	text := string(statusJSON(told, 500))
	var body struct {
		Error struct {
			Code   int
			Status string
		}
	}
	if err := json.Unmarshal([]byte(text), &body); err != nil || body.Error.Code != 500 || body.Error.Status != "INTERNAL" {
		t.Errorf("%s", text)
	}
	if strings.Contains(told.String()+text, "secret") {
		t.Errorf("%v", told.Proto())
	}
}

func teller(t *testing.T) *Server {
	t.Helper()
	catalog, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse("https://psc.example")
	if err != nil {
		t.Fatal(err)
	}
	return &Server{catalog: catalog, log: slog.New(slog.DiscardHandler), config: Config{BaseURL: base}}
}

type toldDetails struct {
	info    *errdetails.ErrorInfo
	bad     *errdetails.BadRequest
	retry   *errdetails.RetryInfo
	words   *errdetails.LocalizedMessage
	help    *errdetails.Help
	request *errdetails.RequestInfo
}

func byType(s *status.Status) (d toldDetails) {
	for _, detail := range s.Details() {
		switch v := detail.(type) {
		case *errdetails.ErrorInfo:
			d.info = v
		case *errdetails.BadRequest:
			d.bad = v
		case *errdetails.RetryInfo:
			d.retry = v
		case *errdetails.LocalizedMessage:
			d.words = v
		case *errdetails.Help:
			d.help = v
		case *errdetails.RequestInfo:
			d.request = v
		}
	}
	return d
}
