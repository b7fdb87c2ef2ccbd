// Package resellerv1 speaks the Reseller API v1 (/apps/reseller/v1/), so that what was written for it works here unchanged.
// docs/reseller-api.md says what stands for what, and what differs.
package resellerv1

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"psc/internal/api"
	"psc/internal/app"
	"psc/internal/fault"
)

// prefix is how the paths begin.
const prefix = "/apps/reseller/v1/"

// Part returns the API as a part of the port. base is the address of the pages, to which answers link.
func Part(a *app.App, base *url.URL) api.Part {
	s := &service{app: a, base: base}
	return api.Part{Plain: []api.Plain{{Prefix: prefix, Serve: s.serve, Tell: tell}}}
}

type service struct {
	app  *app.App
	base *url.URL
}

// call is a request, read.
type call struct {
	api.Caller

	ids   []string // of the path: the customer, the subscription
	query url.Values
	body  []byte
}

// method answers one method of the API; an answer of nil says nothing.
type method struct {
	serve  func(*service, context.Context, call) (any, error)
	params []string // of the query
}

// methods are all methods, by verb and path. A star stands for an ID.
var methods = map[string]method{
	"POST customers":    {(*service).insertCustomer, []string{authToken}},
	"GET customers/*":   {(*service).getCustomer, nil},
	"PATCH customers/*": {(*service).patchCustomer, nil},
	"PUT customers/*":   {(*service).updateCustomer, nil},

	"GET subscriptions":                                      {(*service).listSubscriptions, []string{authToken, "customerId", "customerNamePrefix", "maxResults", "pageToken"}},
	"POST customers/*/subscriptions":                         {(*service).insertSubscription, []string{"action", authToken, "sourceSkuId"}},
	"GET customers/*/subscriptions/*":                        {(*service).getSubscription, nil},
	"DELETE customers/*/subscriptions/*":                     {(*service).deleteSubscription, []string{"deletionType"}},
	"POST customers/*/subscriptions/*/activate":              {changing(plainly(app.Reactivate)), nil},
	"POST customers/*/subscriptions/*/suspend":               {changing(plainly(app.Suspend)), nil},
	"POST customers/*/subscriptions/*/startPaidService":      {changing(plainly(app.StartPaid)), nil},
	"POST customers/*/subscriptions/*/changePlan":            {changing(changePlan), nil},
	"POST customers/*/subscriptions/*/changeSeats":           {changing(changeSeats), nil},
	"POST customers/*/subscriptions/*/changeRenewalSettings": {changing(changeRenewal), nil},

	"GET resellernotify/getwatchdetails": {(*service).notify, nil},
	"POST resellernotify/register":       {(*service).notify, []string{"serviceAccountEmailAddress"}},
	"POST resellernotify/unregister":     {(*service).notify, []string{"serviceAccountEmailAddress"}},
}

func (s *service) serve(r *http.Request, body []byte) ([]byte, error) {
	m, ids, err := route(r)
	if err != nil {
		return nil, err
	}
	query, err := readQuery(r, m.params)
	if err != nil {
		return nil, err
	}
	answer, err := m.serve(s, r.Context(), call{api.CallerOf(r.Context()), ids, query, body})
	if err != nil || answer == nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// route finds the method of a request, and the IDs in its path.
func route(r *http.Request) (method, []string, error) {
	nothing := fault.New(fault.NotFound, "api.path", fault.Args{"Path": r.URL.Path})
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), prefix), "/")
	var ids []string
	if parts[0] == "customers" {
		for i := 1; i < min(len(parts), 4); i += 2 {
			id, err := url.PathUnescape(parts[i])
			if err != nil || id == "" {
				return method{}, nil, nothing
			}
			ids, parts[i] = append(ids, id), "*"
		}
	}
	m, ok := methods[r.Method+" "+strings.Join(parts, "/")]
	switch {
	case !ok:
		return m, nil, nothing
	case slices.ContainsFunc(ids, unprintable):
		return m, nil, fault.New(fault.NotFound, "customer.not_found", nil)
	}
	return m, ids, nil
}

// unprintable reports whether a text has what no database keeps.
func unprintable(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
}

// readQuery refuses parameters that the method does not have, instead of doing something else than what was asked for.
func readQuery(r *http.Request, known []string) (url.Values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.Invalid, "api.unreadable", fault.Args{"Problem": err.Error()})
	}
	for name, values := range query {
		if api.Common(name) {
			continue
		}
		if !slices.Contains(known, name) {
			return nil, parameter(name, "reseller.parameter", fault.Args{"Name": name})
		}
		if len(values) > 1 || unprintable(values[0]) {
			return nil, parameter(name, "reseller.value", nil)
		}
	}
	return query, nil
}

// notify is what there is none of: events go out as webhooks.
func (s *service) notify(context.Context, call) (any, error) { return nil, missing("reseller.notify") }
