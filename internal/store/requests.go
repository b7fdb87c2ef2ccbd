package store

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// Request is one that is carried out once: its caller has given it a key.
type Request struct {
	ConsoleID string
	Caller    string
	Key       string
	Method    string
	Hash      string // of its body
	State     RequestState
	Answer    []byte
	At        time.Time
}

// RequestState is what has become of a request.
type RequestState string

// The states of a request.
const (
	RequestBegun      RequestState = "BEGUN"      // something of it is done; its answer is not there yet, or never comes
	RequestAnswered   RequestState = "ANSWERED"   // Answer is what the caller was told
	RequestUnanswered RequestState = "UNANSWERED" // something of it is done, and then it failed
)

// Claim is a request that a context carries: the first transaction of DB.Update that commits writes it down in itself, so
// that it is known to be begun exactly if something of it is done. A transaction for one that is known already does nothing.
type Claim struct {
	Request Request
	Forget  time.Time // what is as old as this is forgotten

	written atomic.Bool
}

// Written reports whether the claim was written down with a transaction.
func (c *Claim) Written() bool { return c.written.Load() }

type claimKey struct{}

// WithClaim returns a context that carries the claim.
func WithClaim(ctx context.Context, c *Claim) context.Context {
	return context.WithValue(ctx, claimKey{}, c)
}

// errRepeated ends a transaction of a request that is known already.
var errRepeated = errors.New("the request was made before")

// claimed returns fn with the claim that ctx carries before it, and what is to be called when that has committed.
func claimed(ctx context.Context, fn func(*Tx) error) (with func(*Tx) error, committed func()) {
	c, ok := ctx.Value(claimKey{}).(*Claim)
	if !ok || c.Written() {
		return fn, func() {}
	}
	return func(tx *Tx) error {
		if ok, err := tx.BeginRequest(ctx, c.Request, c.Forget); err != nil || !ok {
			return errors.Join(err, errRepeated)
		}
		return fn(tx)
	}, func() { c.written.Store(true) }
}

// BeginRequest writes a request down as begun, in place of one that is to be forgotten, and reports whether it is new.
func (tx *Tx) BeginRequest(ctx context.Context, r Request, forget time.Time) (bool, error) {
	n, err := tx.exec(ctx, `INSERT INTO api_requests (console_id, caller, key, method, hash, state, at) VALUES ($1, $2, $3, $4, $5, 'BEGUN', $6)
		ON CONFLICT (console_id, caller, key) DO UPDATE SET method = excluded.method, hash = excluded.hash, state = excluded.state,
			answer = NULL, at = excluded.at WHERE api_requests.at <= $7`,
		r.ConsoleID, r.Caller, r.Key, r.Method, r.Hash, micros(r.At), micros(forget))
	return n == 1, err
}

// EndRequest keeps what has become of a request that was begun.
func (tx *Tx) EndRequest(ctx context.Context, r Request) error {
	_, err := tx.exec(ctx, `UPDATE api_requests SET state = $4, answer = $5
		WHERE console_id = $1 AND caller = $2 AND key = $3 AND state = 'BEGUN'`, r.ConsoleID, r.Caller, r.Key, r.State, r.Answer)
	return err
}

// Request returns what is known of the caller's request of that key, unless it is to be forgotten; or ErrNone.
func (tx *Tx) Request(ctx context.Context, consoleID, caller, key string, forget time.Time) (Request, error) {
	return one(ctx, tx, func(r Rows) (q Request, err error) {
		var at int64
		q.ConsoleID, q.Caller, q.Key = consoleID, caller, key
		err = r.Scan(&q.Method, &q.Hash, &q.State, &q.Answer, &at)
		q.At = instant(at)
		return q, err
	}, `SELECT method, hash, state, answer, at FROM api_requests WHERE console_id = $1 AND caller = $2 AND key = $3 AND at > $4`,
		consoleID, caller, key, micros(forget))
}

// DeleteRequests forgets the requests of all consoles that are as old as before.
func (tx *Tx) DeleteRequests(ctx context.Context, before time.Time) error {
	_, err := tx.exec(ctx, `DELETE FROM api_requests WHERE at <= $1`, micros(before))
	return err
}
