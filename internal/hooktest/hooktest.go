// Package hooktest gives tests a receiver of webhook messages, and the courier that the product sends them with.
package hooktest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"psc/internal/webhook"
)

// What a receiver answers.
const (
	OK          = http.StatusOK
	Gone        = http.StatusGone
	Broken      = http.StatusInternalServerError
	BadGateway  = http.StatusBadGateway
	Unavailable = http.StatusServiceUnavailable
)

// Receiver is where messages arrive: it takes what is signed, and answers as it is told.
type Receiver struct {
	*httptest.Server

	Courier *webhook.Courier
	Secrets []string                   // of which a message is signed with at least one
	Answer  func(m Message) (code int) // OK, unless it is changed
	Got     []Message                  // what was answered with OK

	mu sync.Mutex
}

// Message is a message that has arrived and was signed.
type Message struct {
	ID, Type string
	Signed   int // by how many of the secrets
	Data     struct {
		Console, Resource, Subject, Side string
		EventID                          string `json:"event_id"`
		CustomerID                       string `json:"customer_id"`
		Facts                            map[string]string
	}
}

// Listen starts a receiver that ends with the test. A message that nobody signed fails the test.
func Listen(tb testing.TB) *Receiver {
	tb.Helper()
	r := &Receiver{Courier: webhook.New(true), Answer: func(Message) int { return OK }}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		w.WriteHeader(r.take(tb, body, q.Header))
	}))
	tb.Cleanup(r.Close)
	return r
}

func (r *Receiver) take(tb testing.TB, body []byte, header http.Header) (code int) {
	tb.Helper()
	m := Message{ID: header.Get(standard.HeaderWebhookID)}
	_ = json.Unmarshal(body, &m) // what is no message has no type
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.Secrets {
		key, err := standard.NewWebhook(s)
		if err == nil && key.VerifyIgnoringTimestamp(body, header) == nil {
			m.Signed++
		}
	}
	if m.Signed == 0 {
		tb.Errorf("a message that nobody signed: %s", body)
	}
	if code = r.Answer(m); code == OK {
		r.Got = append(r.Got, m)
	}
	return code
}

// Types returns the types of what has arrived, in that order.
func (r *Receiver) Types() (list []string) {
	for _, m := range r.Got {
		list = append(list, m.Type)
	}
	return list
}
