package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"psc/internal/fault"
	"psc/internal/store"
)

// Request is a change that a client asks for and can ask for again with the same key.
type Request struct {
	Key    string // what the caller calls it; empty: it is carried out as often as it is asked for
	Method string
	Body   []byte // as far as it says what is to be done, always in the same form
}

const (
	requestKept   = 24 * time.Hour // how long a key is remembered
	maxRequestKey = 255
	answerSoon    = time.Minute // the answer of what was begun longer ago does not come any more
	answerPause   = 50 * time.Millisecond
	answerPauses  = 100
)

// Once does what the caller asks for, unless a request of the caller with the same key was carried out in the last 24 hours:
// then it returns the answer from then. The key is written down in the first transaction that do commits, so that a request is
// known exactly if something of it is done, whatever becomes of the process. do's answer is kept after it. If the process ended in
// between, the answer is lost, and that is what a repeat is told ("request.answer_lost"); one that was begun just now says
// "request.under_way". The key of another request is "request.key_reused". What failed before it wrote anything can be asked for again.
func (a *App) Once(ctx context.Context, caller Caller, r Request, do func(context.Context) ([]byte, error)) (answer []byte, repeated bool, err error) {
	if r.Key == "" {
		answer, err = do(ctx)
		return answer, false, err
	}
	if len(r.Key) > maxRequestKey || !utf8.ValidString(r.Key) || strings.ContainsAny(r.Key, "\x00\r\n") {
		return nil, false, fault.InvalidField("request_id", "request.key", fault.Args{"Most": maxRequestKey})
	}
	now := a.Wall.Now()
	claim := &store.Claim{Forget: now.Add(-requestKept), Request: store.Request{
		ConsoleID: caller.Console.ID, Caller: caller.Owner, Key: r.Key, Method: r.Method, Hash: bodyHash(r.Body), At: now,
	}}
	if answer, err := a.answered(ctx, claim); !errors.Is(err, store.ErrNone) {
		return answer, true, err
	}
	answer, failed := do(store.WithClaim(ctx, claim))
	if claim.Written() {
		a.keepAnswer(ctx, claim.Request, answer, failed)
		return answer, false, failed
	}
	if answer, err := a.answered(ctx, claim); !errors.Is(err, store.ErrNone) { // somebody was faster, and do has done nothing
		return answer, true, err
	}
	if failed != nil {
		return nil, false, failed
	}
	return a.keepUnwritten(ctx, claim, answer)
}

// keepAnswer keeps what has become of a request that was begun, also if its client has gone. If that fails the answer is lost:
// what was asked for is done all the same, and its client is told so.
func (a *App) keepAnswer(ctx context.Context, r store.Request, answer []byte, failed error) {
	ctx = context.WithoutCancel(ctx)
	r.State, r.Answer = store.RequestAnswered, append([]byte{}, answer...)
	if failed != nil {
		r.State, r.Answer = store.RequestUnanswered, nil
	}
	if err := a.DB.Update(ctx, func(tx *store.Tx) error { return tx.EndRequest(ctx, r) }); err != nil {
		a.Log.ErrorContext(ctx, "answer not kept", "caller", r.Caller, "method", r.Method, "error", err)
	}
}

// keepUnwritten keeps the answer to a request that had nothing to write.
func (a *App) keepUnwritten(ctx context.Context, claim *store.Claim, answer []byte) (kept []byte, repeated bool, err error) {
	r := claim.Request
	r.State, r.Answer = store.RequestAnswered, append([]byte{}, answer...)
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		fresh, err := tx.BeginRequest(ctx, r, claim.Forget)
		if err != nil {
			return err
		}
		if repeated = !fresh; repeated {
			return nil
		}
		return tx.EndRequest(ctx, r)
	})
	if err != nil || !repeated {
		return answer, false, err
	}
	kept, err = a.answered(ctx, claim)
	return kept, true, err
}

// answered returns the answer that is kept to the request, and waits a little for one that is being worked on; or ErrNone.
func (a *App) answered(ctx context.Context, claim *store.Claim) (answer []byte, err error) {
	r := claim.Request
	for try := 0; ; try++ {
		var was store.Request
		if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
			was, err = tx.Request(ctx, r.ConsoleID, r.Caller, r.Key, claim.Forget)
			return err
		}); err != nil {
			return nil, err
		}
		switch {
		case was.Method != r.Method || was.Hash != r.Hash:
			return nil, fault.New(fault.Conflict, "request.key_reused", nil)
		case was.State == store.RequestAnswered:
			return was.Answer, nil
		case was.State == store.RequestUnanswered || !a.Wall.Now().Before(was.At.Add(answerSoon)):
			return nil, fault.New(fault.Precondition, "request.answer_lost", nil)
		case try == answerPauses:
			return nil, fault.New(fault.Conflict, "request.under_way", nil)
		}
		if err := pause(ctx, answerPause); err != nil {
			return nil, err
		}
	}
}

// pause waits, or returns why ctx ended before.
func pause(ctx context.Context, d time.Duration) error {
	wait, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-wait.Done()
	return ctx.Err()
}

func bodyHash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
