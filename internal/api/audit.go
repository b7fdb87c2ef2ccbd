package api

import (
	"context"
	"time"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

// ListAuditEvents implements pscv1.AuditServiceServer.
func (o own) ListAuditEvents(ctx context.Context, r *pscv1.ListAuditEventsRequest) (*pscv1.ListAuditEventsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	var q app.AuditQuery
	f := auditFilter(&q)
	if err := f.apply(r.GetFilter()); err != nil {
		return nil, err
	}
	var limit int
	if limit, q.Before, err = readPage[string](r, p.actor.ConsoleID, r.GetFilter()); err != nil {
		return nil, err
	}
	list, more, err := o.app.AuditTrail(ctx, p.actor, q, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListAuditEventsResponse{AuditEvents: each(list, auditEvent)}
	if more {
		answer.NextPageToken = nextPage(list[len(list)-1].ID, p.actor.ConsoleID, r.GetFilter())
	}
	return answer, nil
}

// auditFilter reads what every list of events can be asked for.
func auditFilter(q *app.AuditQuery) filterable {
	f := filterable{}
	f.one("topic", func(s string) { q.Topic = s })
	f.one("by", func(s string) { q.By = s })
	f.one("customer", func(s string) { q.Customer = s })
	f.many("time", ">= <", func(operator, s string) bool {
		t, err := time.Parse(time.RFC3339, s)
		if operator == "<" {
			q.Until = t
		} else {
			q.From = t
		}
		return err == nil
	})
	return f
}

func auditEvent(e app.Event) *pscv1.AuditEvent {
	return &pscv1.AuditEvent{
		Id: e.ID, Time: instant(e.At), Action: e.Action, Side: string(e.Side), PersonId: e.PersonID, PersonDisplayName: e.PersonName,
		Subject: e.Subject, CustomerId: e.CustomerID, Data: e.Data,
	}
}
