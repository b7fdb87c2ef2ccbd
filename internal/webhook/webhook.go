// Package webhook sends messages to addresses that people have typed, signed after the Standard Webhooks specification, and
// keeps away from the network that this process stands in.
package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"psc/internal/app"
)

// timeout is how long an address may take to answer.
const timeout = 10 * time.Second

// maxAnswer is how much of an answer is read: what it says does not matter.
const maxAnswer = 16 << 10

// Courier sends messages. It implements app.Courier.
type Courier struct {
	client *http.Client
}

// New returns a Courier. Within a sandbox it also sends to this machine and to private networks.
func New(sandbox bool) *Courier {
	dialer := &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !mayReach(at.Addr(), sandbox) {
			return errNotPublic
		}
		return nil
	}}
	return &Courier{client: &http.Client{
		Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // what the secret signs goes nowhere else
		},
		Transport: &http.Transport{ // without a proxy, behind which the address that is reached could not be judged
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute,
			TLSHandshakeTimeout: timeout, MaxResponseHeaderBytes: maxAnswer,
		},
	}}
}

var errNotPublic = errors.New("this is no address of the public Internet")

// closed are the networks that netip has no word for and that are not the public Internet.
var closed = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
}

// mayReach reports whether messages are sent to an address, after its name was resolved. Link-local ones, where clouds keep
// their machines' secrets, are never.
func mayReach(a netip.Addr, sandbox bool) bool {
	a = a.Unmap().WithZone("")
	if sandbox && (a.IsLoopback() || a.IsPrivate()) {
		return true
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range closed {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Carry implements app.Courier.
func (c *Courier) Carry(ctx context.Context, p app.Parcel) app.Receipt {
	r, err := request(ctx, p)
	if err != nil {
		return app.Receipt{Problem: err.Error()}
	}
	answer, err := c.client.Do(r)
	if err != nil {
		return app.Receipt{Problem: plain(err)}
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)) // so that the connection can serve again
	_ = answer.Body.Close()
	if answer.StatusCode/100 == 2 {
		return app.Receipt{Code: answer.StatusCode}
	}
	return app.Receipt{Code: answer.StatusCode, Problem: strings.TrimSpace(fmt.Sprintf("HTTP %d %s", answer.StatusCode, http.StatusText(answer.StatusCode)))}
}

// request is a message with its signatures, one for each secret.
func request(ctx context.Context, p app.Parcel) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL, strings.NewReader(p.Body))
	if err != nil {
		return nil, err
	}
	signatures := make([]string, len(p.Secrets))
	for i, secret := range p.Secrets {
		key, err := standard.NewWebhook(secret)
		if err != nil {
			return nil, errors.New("the secret cannot be read")
		}
		if signatures[i], err = key.Sign(p.ID, p.At, []byte(p.Body)); err != nil {
			return nil, err
		}
	}
	r.Header.Set(standard.HeaderWebhookID, p.ID)
	r.Header.Set(standard.HeaderWebhookTimestamp, strconv.FormatInt(p.At.Unix(), 10))
	r.Header.Set(standard.HeaderWebhookSignature, strings.Join(signatures, " "))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "psc-webhooks/1")
	return r, nil
}

// plain is why nothing was answered, without the address, which the reader knows.
func plain(err error) string {
	if asked, ok := errors.AsType[*url.Error](err); ok {
		if asked.Timeout() {
			return fmt.Sprintf("no answer within %d seconds", int64(timeout/time.Second))
		}
		err = asked.Err
	}
	if errors.Is(err, errNotPublic) {
		return errNotPublic.Error()
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok { // without the address of the server that was asked
		return e.Err
	}
	if e, ok := errors.AsType[*net.OpError](err); ok { // without the addresses of both ends
		return e.Op + ": " + e.Err.Error()
	}
	return err.Error()
}
