package app

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/ident"
	"psc/internal/store"
)

// AuditTopics are what events can be about: what stands before the first dot of their actions.
var AuditTopics = []string{
	"migration", "connection", "customer", "subscription", "order", "billing_account", "invoice", "balance", "agreement",
	"legal_entity", "sku", "case", "person", "access", "console", "catalog", "issuer", "setting", "clock", "job",
}

// AuditQuery says which events of a trail are asked for; what is empty asks for nothing in particular.
type AuditQuery struct {
	Topic       string    // one of AuditTopics
	By          string    // the ID of one of the console's people, or an EventSide
	Customer    string    // its domain or ID
	From, Until time.Time // From inclusive, Until exclusive
	Before      string    // an event ID: only what is older
}

// AuditSides are those whose people a trail does not name.
var AuditSides = []EventSide{store.SideMain, store.SideSource, store.SideOperator, store.SideSystem}

// AuditTrail returns one page of what happened in the actor's console, the newest first, and whether there is more.
func (a *App) AuditTrail(ctx context.Context, actor console.Actor, q AuditQuery, limit int) (list []Event, more bool, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, false, err
	}
	if err := q.check(); err != nil {
		return nil, false, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		filter, err := q.filter(ctx, tx, actor.ConsoleID)
		if err != nil {
			return err
		}
		list, err = tx.Events(ctx, actor.ConsoleID, filter, limit+1)
		return err
	})
	if len(list) > limit {
		return list[:limit], true, err
	}
	return list, false, err
}

// auditChunk is how many events one transaction of a download reads.
const auditChunk = 1_000

// AuditEvents returns all events that are asked for, the newest first, a chunk at a time.
func (a *App) AuditEvents(ctx context.Context, actor console.Actor, q AuditQuery) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for more := true; more; {
			list, left, err := a.AuditTrail(ctx, actor, q, auditChunk)
			if err != nil {
				yield(Event{}, err)
				return
			}
			for _, e := range list {
				if !yield(e, nil) {
					return
				}
				q.Before = e.ID
			}
			more = left
		}
	}
}

// check refuses a period that ends before it begins ("audit_filter.period"), or a topic that there is not ("audit_filter.topic").
func (q AuditQuery) check() error {
	if q.Topic != "" && !slices.Contains(AuditTopics, q.Topic) {
		return fault.InvalidField("topic", "audit_filter.topic", fault.Args{"Topics": strings.Join(AuditTopics, ", ")})
	}
	if !q.From.IsZero() && !q.Until.IsZero() && !q.From.Before(q.Until) {
		return fault.InvalidField("until", "audit_filter.period", nil)
	}
	return nil
}

func (q AuditQuery) filter(ctx context.Context, tx *store.Tx, consoleID string) (f store.EventFilter, err error) {
	f = store.EventFilter{Topic: q.Topic, Until: q.Before}
	if side := store.EventSide(q.By); slices.Contains(AuditSides, side) {
		f.Side = side
	} else {
		f.PersonID = q.By
	}
	if !q.From.IsZero() {
		f.From = ident.First("evt", q.From)
	}
	if !q.Until.IsZero() {
		if end := ident.First("evt", q.Until); f.Until == "" || end < f.Until {
			f.Until = end
		}
	}
	if f.OfCustomers = q.Customer != ""; f.OfCustomers {
		f.CustomerIDs, err = tx.CustomersEverOfDomain(ctx, consoleID, console.Fold(q.Customer))
		if err != nil {
			return f, err
		}
		f.CustomerIDs = append(f.CustomerIDs, q.Customer)
		f.Marks, err = tx.CustomerMarks(ctx, consoleID, f.CustomerIDs)
	}
	return f, err
}
