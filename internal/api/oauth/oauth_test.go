package oauth_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/google"

	"psc/internal/api"
	"psc/internal/api/oauth"
	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/i18n"
	"psc/internal/store/storetest"
	"psc/internal/web"
)

// world is the product with its API and token endpoint, and a service account of console A.
type world struct {
	*apptest.World

	url     string
	account console.ServiceAccount
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: apptest.New(t, storetest.SQLite(t))}
	w.Limits, w.Wall = app.NewLimits(), clock.System{} // as real clients do
	catalog, err := i18n.New()
	w.Must(err)
	listener := httptest.NewUnstartedServer(nil)
	w.url = "http://" + listener.Listener.Addr().String()
	base, err := url.Parse(w.url)
	w.Must(err)
	log := slog.New(slog.DiscardHandler)
	endpoint := oauth.Endpoint{App: w.App, Catalog: catalog, Log: log, BaseURL: base, Address: func(r *http.Request) string {
		return web.ClientAddress(r, "X-Client")
	}}
	server, err := api.New(t.Context(), w.App, catalog, log, api.Config{BaseURL: base, Authenticate: w.Caller, Parts: []api.Part{endpoint.Part()}})
	w.Must(err)
	listener.Config.Handler = server.Handler(http.NotFoundHandler())
	listener.Start()
	t.Cleanup(listener.Close)
	w.account, err = w.MakeServiceAccount(t.Context(), apptest.Admin(w.A), "robot", []console.Privilege{console.Billing, console.EditCustomers})
	w.Must(err)
	return w
}

func (w *world) keyFile() (app.KeyFile, []byte) {
	base, err := url.Parse(w.url)
	w.Must(err)
	f, _, err := w.MakeKey(w.T.Context(), apptest.Admin(w.A), w.account.ID, month, oauth.TokenURI(base))
	w.Must(err)
	text, err := json.Marshal(f)
	w.Must(err)
	return f, text
}

var month = app.NewToken{Name: "key", Life: 30 * 24 * time.Hour}

// lists reads the consoles with an HTTP client that signs in by itself.
func (w *world) lists(client *http.Client) {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), http.MethodGet, w.url+"/v1/consoles", nil)
	w.Must(err)
	answer, err := client.Do(r)
	w.Must(err)
	defer func() { w.Must(answer.Body.Close()) }()
	var list struct{ Consoles []struct{ Name string } }
	w.Must(json.NewDecoder(answer.Body).Decode(&list))
	if answer.StatusCode != http.StatusOK || len(list.Consoles) != 1 || list.Consoles[0].Name != "consoles/"+string(w.A.AccountID) {
		w.T.Errorf("%d %+v", answer.StatusCode, list)
	}
}

// TestGooglesClientSignsInWithTheKeyFile as it is downloaded, also in the name of a member of the console.
func TestGooglesClientSignsInWithTheKeyFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	_, file := w.keyFile()
	config, err := google.JWTConfigFromJSON(file, "https://www.googleapis.com/auth/apps.order")
	w.Must(err)
	w.lists(config.Client(ctx))

	token, err := config.TokenSource(ctx).Token()
	w.Must(err)
	if left := time.Until(token.Expiry); token.TokenType != "Bearer" || left < 59*time.Minute || left > time.Hour {
		t.Errorf("%s, for %s", token.TokenType, left)
	}
	if _, err := config.TokenSource(ctx).Token(); err != nil {
		t.Errorf("a second one: %v", err)
	}
	caller, err := w.Caller(ctx, token.AccessToken)
	w.Must(err)
	if caller.Actor.Name != "robot" || caller.Owner != w.account.ID || !caller.Actor.Service || caller.Actor.May(console.Billing) != nil || caller.Actor.May(console.AddCustomers) == nil {
		t.Errorf("%+v", caller)
	}

	config.Subject = "someone@x.example"
	if _, err := config.TokenSource(ctx).Token(); !refusedWith(err, "invalid_grant") {
		t.Errorf("in the name of nobody: %v", err)
	}
	_, err = w.CreatePerson(ctx, apptest.Operator(w.A), console.Person{Name: "P", Email: config.Subject})
	w.Must(err)
	w.Must(w.SetRole(ctx, apptest.Operator(w.A), config.Subject, console.RoleBilling))
	token, err = config.TokenSource(ctx).Token()
	w.Must(err)
	caller, err = w.Caller(ctx, token.AccessToken)
	w.Must(err)
	if caller.Actor.May(console.Billing) != nil || caller.Actor.May(console.EditCustomers) == nil {
		t.Errorf("in the name of a member it may %v", caller.Actor.Privileges())
	}
}

// refusedWith reports whether err is how the endpoint refuses with the code, as golang.org/x/oauth2 reads it.
func refusedWith(err error, code string) bool {
	refused, ok := err.(*oauth2.RetrieveError) //nolint:errorlint // the library returns it as it is
	if !ok {
		return false
	}
	var body struct{ Error, Description string }
	return json.Unmarshal(refused.Body, &body) == nil && body.Error == code
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	secret, made, err := w.MakeClientSecret(ctx, apptest.Admin(w.A), w.account.ID, month)
	w.Must(err)
	config := clientcredentials.Config{ClientID: w.account.ID, ClientSecret: secret, TokenURL: w.url + app.TokenPath}
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		config.AuthStyle = style
		w.lists(config.Client(ctx))
	}
	config.Scopes = []string{"BILLING"}
	token, err := config.Token(ctx)
	w.Must(err)
	caller, err := w.Caller(ctx, token.AccessToken)
	w.Must(err)
	if caller.TokenID != made.ID || caller.Actor.May(console.Billing) != nil || caller.Actor.May(console.EditCustomers) == nil {
		t.Errorf("narrowed: %+v", caller)
	}
	config.Scopes = []string{"MANAGE_USERS"}
	if _, err := config.Token(ctx); !refusedWith(err, "invalid_scope") {
		t.Errorf("more than it may: %v", err)
	}
	config.Scopes = nil
	wrong := config
	wrong.ClientSecret = "psc_wrong"
	if _, err := wrong.Token(ctx); !refusedWith(err, "invalid_client") {
		t.Errorf("a wrong secret: %v", err)
	}
	other, err := w.MakeServiceAccount(ctx, apptest.Admin(w.A), "other", nil)
	w.Must(err)
	wrong = config
	wrong.ClientID = other.ID
	if _, err := wrong.Token(ctx); !refusedWith(err, "invalid_client") {
		t.Errorf("somebody else's secret: %v", err)
	}

	// What was given for a secret ends with it, and with its account.
	token, err = config.Token(ctx)
	w.Must(err)
	w.Must(w.RevokeToken(ctx, apptest.Admin(w.A), made.ID))
	if _, err := w.Caller(ctx, token.AccessToken); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("its secret is revoked: %v", err)
	}
	if _, err := config.Token(ctx); !refusedWith(err, "invalid_client") {
		t.Errorf("a revoked secret: %v", err)
	}
	config.ClientSecret, _, err = w.MakeClientSecret(ctx, apptest.Admin(w.A), w.account.ID, month)
	w.Must(err)
	token, err = config.Token(ctx)
	w.Must(err)
	w.Must(w.RemoveServiceAccount(ctx, apptest.Admin(w.A), w.account.ID))
	if _, err := w.Caller(ctx, token.AccessToken); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("its account is removed: %v", err)
	}
	if _, err := config.Token(ctx); !refusedWith(err, "invalid_client") {
		t.Errorf("of a removed account: %v", err)
	}
}

// TestAssertions are refused unless all of them is right.
func TestAssertions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, _ := w.keyFile()
	stranger, _ := w.keyFile()
	sign := func(change func(c jwt.MapClaims, header map[string]any), method jwt.SigningMethod, file app.KeyFile) string {
		now := time.Now()
		c := jwt.MapClaims{"iss": f.ClientEmail, "aud": f.TokenURI, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
		token := jwt.NewWithClaims(method, c)
		token.Header["kid"] = f.PrivateKeyID
		change(c, token.Header)
		var key any = []byte(file.PrivateKey)
		if method != jwt.SigningMethodHS256 {
			private, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(file.PrivateKey))
			w.Must(err)
			key = private
		}
		text, err := token.SignedString(key)
		w.Must(err)
		return text
	}
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	for name, c := range map[string]struct {
		change func(c jwt.MapClaims, header map[string]any)
		method jwt.SigningMethod
		file   *app.KeyFile
		code   string
	}{
		"right":               {},
		"a list of audiences": {change: func(c jwt.MapClaims, _ map[string]any) { c["aud"] = []string{"other", f.TokenURI} }},
		"its own subject":     {change: func(c jwt.MapClaims, _ map[string]any) { c["sub"] = f.ClientEmail }},
		"a little early":      {change: func(c jwt.MapClaims, _ map[string]any) { c["iat"] = ago(-20 * time.Second) }},
		"a little late":       {change: func(c jwt.MapClaims, _ map[string]any) { c["iat"], c["exp"] = ago(time.Hour), ago(20*time.Second) }},
		"another audience":    {change: func(c jwt.MapClaims, _ map[string]any) { c["aud"] = "https://oauth2.googleapis.com/token" }, code: "invalid_grant"},
		"no audience":         {change: func(c jwt.MapClaims, _ map[string]any) { delete(c, "aud") }, code: "invalid_grant"},
		"another issuer":      {change: func(c jwt.MapClaims, _ map[string]any) { c["iss"] = "sva_x@x" }, code: "invalid_grant"},
		"over":                {change: func(c jwt.MapClaims, _ map[string]any) { c["iat"], c["exp"] = ago(2*time.Hour), ago(time.Hour) }, code: "invalid_grant"},
		"of the future":       {change: func(c jwt.MapClaims, _ map[string]any) { c["iat"] = ago(-5 * time.Minute) }, code: "invalid_grant"},
		"too long":            {change: func(c jwt.MapClaims, _ map[string]any) { c["exp"] = ago(-2 * time.Hour) }, code: "invalid_grant"},
		"without an end":      {change: func(c jwt.MapClaims, _ map[string]any) { delete(c, "exp") }, code: "invalid_grant"},
		"without a beginning": {change: func(c jwt.MapClaims, _ map[string]any) { delete(c, "iat") }, code: "invalid_grant"},
		"an unknown key":      {change: func(_ jwt.MapClaims, h map[string]any) { h["kid"] = "tok_x" }, code: "invalid_grant"},
		"no key":              {change: func(_ jwt.MapClaims, h map[string]any) { delete(h, "kid") }, code: "invalid_grant"},
		"another's key":       {file: &stranger, code: "invalid_grant"},
		"a shared secret":     {method: jwt.SigningMethodHS256, code: "invalid_grant"},
		"another algorithm":   {method: jwt.SigningMethodRS512, code: "invalid_grant"},
	} {
		if c.change == nil {
			c.change = func(jwt.MapClaims, map[string]any) {}
		}
		if c.method == nil {
			c.method = jwt.SigningMethodRS256
		}
		if c.file == nil {
			c.file = &f
		}
		status, body, _ := w.post(url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {sign(c.change, c.method, *c.file)},
		}, "X-Client", name)
		if body["error"] != c.code || (status == http.StatusOK) != (c.code == "") {
			t.Errorf("%s: %d %v", name, status, body)
		}
	}
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"iss": f.ClientEmail}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	w.Must(err)
	for _, assertion := range []string{none, "x", "a.b.c", strings.Repeat("x", 10_000)} {
		status, body, _ := w.post(url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}})
		if status != http.StatusBadRequest || body["error"] != "invalid_grant" {
			t.Errorf("%.20s: %d %v", assertion, status, body)
		}
	}
}

// post sends a form to the endpoint.
func (w *world) post(form url.Values, headers ...string) (int, map[string]string, http.Header) {
	w.T.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(w.T.Context()), http.MethodPost, w.url+app.TokenPath, strings.NewReader(form.Encode()))
	w.Must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	w.Must(err)
	defer func() { w.Must(answer.Body.Close()) }()
	body := map[string]any{}
	w.Must(json.NewDecoder(answer.Body).Decode(&body))
	text := map[string]string{}
	for k, v := range body {
		if s, ok := v.(string); ok {
			text[k] = s
		}
	}
	for _, c := range text["error_description"] { // RFC 6749 section 5.2
		if c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			w.T.Errorf("a description has %q: %s", c, text["error_description"])
		}
	}
	if answer.Header.Get("Cache-Control") != "no-store" {
		w.T.Error("the answer may be stored")
	}
	return answer.StatusCode, text, answer.Header
}

// TestRefusals follow RFC 6749 section 5.2.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		form    url.Values
		headers []string
		status  int
		code    string
	}{
		"nothing":      {form: url.Values{}, status: 400, code: "invalid_request"},
		"no assertion": {form: url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}}, status: 400, code: "invalid_request"},
		"password":     {form: url.Values{"grant_type": {"password"}}, status: 400, code: "unsupported_grant_type"},
		"twice":        {form: url.Values{"grant_type": {"client_credentials", "client_credentials"}}, status: 400, code: "invalid_request"},
		"no client":    {form: url.Values{"grant_type": {"client_credentials"}}, status: 401, code: "invalid_client"},
		"JSON":         {form: url.Values{"grant_type": {"client_credentials"}}, headers: []string{"Content-Type", "application/json"}, status: 400, code: "invalid_request"},
		"odd Basic":    {form: url.Values{"grant_type": {"client_credentials"}}, headers: []string{"Authorization", "Basic JTpiCg=="}, status: 401, code: "invalid_client"},
		"much":         {form: url.Values{"grant_type": {"client_credentials"}, "x": {strings.Repeat("x", 70_000)}}, status: 400, code: "invalid_request"},
	} {
		status, body, header := w.post(c.form, c.headers...)
		if status != c.status || body["error"] != c.code || (status == 401) != (header.Get("WWW-Authenticate") == "Basic") {
			t.Errorf("%s: %d %v %v", name, status, body, header)
		}
	}
}

// TestManyExchanges from one address have to wait; other addresses do not.
func TestManyExchanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Wall = clock.Fixed(apptest.Start)
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"x"}, "client_secret": {"y"}}
	for range 20 {
		if status, _, _ := w.post(form, "X-Client", "192.0.2.1"); status != http.StatusUnauthorized {
			t.Errorf("%d", status)
		}
	}
	status, body, header := w.post(form, "X-Client", "192.0.2.1")
	if status != http.StatusTooManyRequests || header.Get("Retry-After") != "1" || body["error"] != "temporarily_unavailable" {
		t.Errorf("%d %v %v", status, body, header)
	}
	if status, _, _ := w.post(form, "X-Client", "192.0.2.2"); status != http.StatusUnauthorized {
		t.Errorf("another address: %d", status)
	}
	w.Wall = clock.Fixed(apptest.Start.Add(time.Second))
	if status, _, _ := w.post(form, "X-Client", "192.0.2.1"); status != http.StatusUnauthorized {
		t.Errorf("a second later: %d", status)
	}
}
