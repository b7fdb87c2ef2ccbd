package resellerv1

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"psc/internal/fault"
	"psc/internal/i18n"
)

// requiredKey is the fault of what was not sent.
const requiredKey = "reseller.required"

// reason is how a failure is told.
type reason struct {
	status int
	word   string
}

// conditionNotMet tells what is well written, and not possible as things stand.
var conditionNotMet = reason{http.StatusPreconditionFailed, "conditionNotMet"}

// reasons is how a failure of each kind is told.
var reasons = map[fault.Kind]reason{
	fault.Invalid:         {http.StatusBadRequest, "invalid"},
	fault.NotFound:        {http.StatusNotFound, "notFound"},
	fault.Forbidden:       {http.StatusForbidden, "forbidden"},
	fault.Unauthenticated: {http.StatusUnauthorized, "authError"},
	fault.Conflict:        {http.StatusConflict, "conflict"},
	fault.Precondition:    conditionNotMet,
	fault.Limited:         {http.StatusTooManyRequests, "rateLimitExceeded"},
	fault.TooLarge:        {http.StatusRequestEntityTooLarge, "uploadTooLarge"},
	fault.Internal:        {http.StatusInternalServerError, "backendError"},
}

// special are failures that the API tells in another way than others of their kind.
var special = map[string]reason{
	parseError:              {http.StatusBadRequest, "parseError"},
	requiredKey:             {http.StatusBadRequest, "required"},
	"customer.domain_taken": {http.StatusConflict, "duplicate"},
	"subscription.state":    conditionNotMet,
	"order.committed_plan":  conditionNotMet,
	"order.cap":             conditionNotMet,
	"order.edition_cap":     conditionNotMet,
	"order.needs_base":      conditionNotMet,
	"order.base_ends":       conditionNotMet,
	"order.tried":           conditionNotMet,
}

// names are what fields of use cases are called here.
var names = map[string]string{
	"domain": "customerDomain", "org_display_name": "postalAddress.organizationName", "primary_contact_name": "postalAddress.contactName",
	"alternate_email": "alternateEmail", "phone": "phoneNumber", "region_code": "postalAddress.countryCode",
	"postal_code": "postalAddress.postalCode", "address": "postalAddress.addressLine1",
	"sku": "skuId", "plan": "plan.planName", "renewal": "renewalSettings.renewalType", "purchase_order": "purchaseOrderId",
	"trial": "plan.planName", "account": "",
}

// parameters ends the names of fields that stand in the query.
const parameters = "?"

// parameter is a fault of a parameter.
func parameter(name, key string, args fault.Args) error {
	return fault.InvalidField(name+parameters, key, args)
}

// notImplementedError is what the API has and this one has not; it is the key of a sentence that says why.
type notImplementedError struct{ key string }

// Error implements error.
func (e notImplementedError) Error() string { return e.key }

func missing(key string) error { return notImplementedError{key} }

// failure is the JSON of a failure.
type failure struct {
	Code    int      `json:"code"`
	Message string   `json:"message"`
	Errors  []detail `json:"errors"`
}

type detail struct {
	Domain       string `json:"domain"`
	Reason       string `json:"reason"`
	Message      string `json:"message"`
	LocationType string `json:"locationType,omitempty"`
	Location     string `json:"location,omitempty"`
}

// tell turns any error into what clients of the API read.
func tell(err error, say *i18n.Speaker) (int, []byte) {
	out := failure{Code: http.StatusNotImplemented}
	if n, ok := errors.AsType[notImplementedError](err); ok {
		out.add(detail{Reason: "notImplemented", Message: say.T(n.key)})
	} else {
		out.fill(err, say)
	}
	text, _ := json.Marshal(map[string]failure{"error": out}) // made of what marshals
	return out.Code, text
}

func (out *failure) fill(err error, say *i18n.Speaker) {
	f := fault.As(err)
	if f == nil {
		f = fault.New(fault.Internal, "fault.internal", nil)
	}
	r, ok := special[f.Key]
	if !ok {
		r = reasons[f.Kind]
	}
	out.Code = r.status
	for _, field := range f.Fields {
		d := detail{Reason: r.word, Message: say.Field(field)}
		if strings.HasSuffix(field.Key, ".required") {
			d.Reason = "required"
		}
		d.LocationType, d.Location = locate(field)
		out.add(d)
	}
	switch {
	case f.Kind == fault.Unauthenticated:
		out.add(detail{Reason: r.word, Message: say.Fault(f), LocationType: "header", Location: "Authorization"})
	case len(f.Fields) == 0:
		out.add(detail{Reason: r.word, Message: say.Fault(f)})
	}
}

func (out *failure) add(d detail) {
	d.Domain = "global"
	if out.Message == "" {
		out.Message = d.Message
		if d.Location != "" && d.LocationType != "header" {
			out.Message = d.Location + ": " + d.Message
		}
	}
	out.Errors = append(out.Errors, d)
}

// locate says where a field of a fault stands in the request. Faults of this API name fields as the API does.
func locate(field fault.Field) (kind, at string) {
	if p, ok := strings.CutSuffix(field.Name, parameters); ok {
		return "parameter", p
	}
	name := field.Name
	if called, ok := names[name]; ok && !strings.HasPrefix(field.Key, "reseller.") {
		name = called
	}
	if name == "" {
		return "", ""
	}
	return "other", name
}
