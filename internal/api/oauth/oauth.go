// Package oauth is where programs exchange the secret or the key of a service account for an access token: the token endpoint
// of OAuth 2 (RFC 6749), with client credentials and with the JWT bearer grant (RFC 7523) of Google's key files.
package oauth

import (
	"encoding/json"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"psc/internal/api"
	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/i18n"
)

// The grant types.
const (
	clientCredentials = "client_credentials"
	jwtBearer         = "urn:ietf:params:oauth:grant-type:jwt-bearer" //nolint:gosec // the name of a grant type
)

const maxForm = 64 << 10

// Endpoint is the token endpoint.
type Endpoint struct {
	App     *app.App
	Catalog *i18n.Catalog
	Log     *slog.Logger
	BaseURL *url.URL
	Address func(*http.Request) string // where a request comes from
}

// Part is the endpoint as a part of the API.
func (e Endpoint) Part() api.Part {
	return api.Part{Handlers: map[string]http.Handler{"POST " + app.TokenPath: e}}
}

// TokenURI is the endpoint's address, which stands in key files and is the audience of what is signed with them.
func TokenURI(base *url.URL) string { return base.JoinPath(app.TokenPath).String() }

type granted struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"`
	Scope       string `json:"scope"`
}

// ServeHTTP implements http.Handler.
func (e Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	access, err := e.exchange(w, r)
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	words := make([]string, len(access.Scopes))
	for i, p := range access.Scopes {
		words[i] = string(p)
	}
	answer(w, http.StatusOK, granted{access.Token, "Bearer", int64(access.Life / time.Second), strings.Join(words, " ")})
}

func (e Endpoint) exchange(w http.ResponseWriter, r *http.Request) (access app.Access, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		return access, fault.New(fault.Invalid, "oauth.request", nil)
	}
	form := r.PostForm
	for _, values := range form {
		if len(values) > 1 {
			return access, fault.New(fault.Invalid, "oauth.request", nil)
		}
	}
	from := e.Address(r)
	switch form.Get("grant_type") {
	case "":
		return access, fault.New(fault.Invalid, "oauth.request", nil)
	case clientCredentials:
		id, secret, ok := client(r)
		if !ok {
			return access, fault.New(fault.NotFound, "oauth.client", nil)
		}
		return e.App.AccessByClientSecret(r.Context(), id, secret, form.Get("scope"), from)
	case jwtBearer:
		if form.Get("assertion") == "" {
			return access, fault.New(fault.Invalid, "oauth.request", nil)
		}
		return e.App.AccessByAssertion(r.Context(), form.Get("assertion"), TokenURI(e.BaseURL), form.Get("scope"), from)
	default:
		return access, fault.New(fault.Invalid, "oauth.grant_type", nil)
	}
}

// client returns what a client says of itself: by Basic authentication, in which both are encoded as in a form (RFC 6749
// section 2.3.1), or in the form.
func client(r *http.Request) (id, secret string, ok bool) {
	if name, password, basic := r.BasicAuth(); basic {
		id, wrongID := url.QueryUnescape(name)
		secret, wrongSecret := url.QueryUnescape(password)
		return id, secret, wrongID == nil && wrongSecret == nil
	}
	id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	return id, secret, id != "" && secret != ""
}

// codes are the error codes of RFC 6749 section 5.2, by the fault's message key.
var codes = map[string]string{
	"oauth.request": "invalid_request", "oauth.client": "invalid_client", "oauth.grant_type": "unsupported_grant_type",
	"oauth.scope": "invalid_scope", "oauth.assertion": "invalid_grant", "oauth.assertion_time": "invalid_grant",
	"oauth.assertion_audience": "invalid_grant", "oauth.subject": "invalid_grant", "token.limited": "temporarily_unavailable",
}

type refused struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// refuse answers after RFC 6749 section 5.2, whose descriptions are ASCII: English.
func (e Endpoint) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.As(err)
	if f == nil || codes[f.Key] == "" {
		e.Log.ErrorContext(r.Context(), "access token not given", "error", err)
		answer(w, http.StatusInternalServerError, refused{Error: "server_error"})
		return
	}
	status := http.StatusBadRequest
	switch {
	case f.Key == "oauth.client":
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", "Basic")
	case f.Kind == fault.Limited:
		status = http.StatusTooManyRequests
		if wait, ok := f.Args["Wait"].(time.Duration); ok {
			w.Header().Set("Retry-After", strconv.FormatInt(int64(wait/time.Second), 10))
		}
	}
	e.Log.InfoContext(r.Context(), "access token refused", "reason", f.Key, "from", e.Address(r))
	answer(w, status, refused{codes[f.Key], e.Catalog.For(i18n.English).Fault(f)})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails if the client did not wait
}
