package webhook

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"psc/internal/app"
)

const (
	secret  = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	earlier = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

func TestBothSecretsSign(t *testing.T) {
	t.Parallel()
	var verified [2]error
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for i, s := range []string{secret, earlier} {
			key, err := standard.NewWebhook(s)
			if err == nil {
				err = key.Verify(body, r.Header)
			}
			verified[i] = err
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()
	got := New(true).Carry(t.Context(), app.Parcel{ID: "msg_1", At: time.Now(), URL: receiver.URL, Secrets: []string{secret, earlier}, Body: `{"a":1}`})
	if got != (app.Receipt{Code: 204}) || verified[0] != nil || verified[1] != nil {
		t.Errorf("%+v %v", got, verified)
	}
}

func TestWhatIsAnsweredIsTold(t *testing.T) {
	t.Parallel()
	reached := false
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		case "/elsewhere":
			reached = true
		case "/long":
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	carry := func(path string, sandbox bool) app.Receipt {
		return New(sandbox).Carry(t.Context(), app.Parcel{ID: "msg_1", URL: receiver.URL + path, Secrets: []string{secret}, Body: "{}"})
	}
	if got := carry("/moved", true); got.Code != 307 || got.Problem == "" || reached {
		t.Errorf("a redirect: %+v, followed: %t", got, reached)
	}
	if got := carry("/long", true); got.Problem != "" {
		t.Errorf("a long answer: %+v", got)
	}
	if got := carry("/", true); got.Code != 418 || got.Problem != "HTTP 418 I'm a teapot" {
		t.Errorf("%+v", got)
	}
	if got := carry("/elsewhere", false); got.Code != 0 || got.Problem != errNotPublic.Error() || reached {
		t.Errorf("this machine outside a sandbox: %+v", got)
	}
	receiver.Close()
	if got := carry("/", true); got.Code != 0 || !strings.Contains(got.Problem, "refused") {
		t.Errorf("nobody there: %+v", got)
	}
}

func TestOnlyThePublicInternetIsReached(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ public, sandbox bool }{
		"8.8.8.8": {true, true}, "2606:4700::1111": {true, true}, "::ffff:8.8.8.8": {true, true},
		"127.0.0.1": {false, true}, "::1": {false, true}, "::ffff:127.0.0.1": {false, true},
		"10.1.2.3": {false, true}, "192.168.0.1": {false, true}, "172.16.0.1": {false, true}, "fd00::1": {false, true},
		"169.254.169.254": {}, "fe80::1": {}, "::ffff:169.254.169.254": {}, "0.0.0.0": {}, "::": {}, "100.64.0.1": {}, "224.0.0.1": {},
		"255.255.255.255": {}, "240.0.0.1": {}, "64:ff9b::a00:1": {}, "2002:7f00:1::": {}, "ff02::1": {},
	} {
		a := netip.MustParseAddr(text)
		if got := mayReach(a, false); got != want.public {
			t.Errorf("%s: %t", text, got)
		}
		if got := mayReach(a, true); got != want.sandbox {
			t.Errorf("%s in a sandbox: %t", text, got)
		}
	}
}
