package api

import (
	"context"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

// ListStories implements pscv1.VendorAuditServiceServer.
func (v vendor) ListStories(ctx context.Context, r *pscv1.ListStoriesRequest) (*pscv1.ListStoriesResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	var q app.StoryQuery
	f := auditFilter(&q.AuditQuery)
	f.one("console", func(s string) { q.Console = s })
	f.one("event", func(s string) { q.Event = s })
	if err := f.apply(r.GetFilter()); err != nil {
		return nil, err
	}
	var limit int
	if limit, q.Before, err = readPage[string](r, r.GetFilter()); err != nil {
		return nil, err
	}
	list, more, err := v.app.Stories(ctx, actor, q, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListStoriesResponse{Stories: each(list, func(s app.Story) *pscv1.Story {
		return &pscv1.Story{Event: auditEvent(s.Event), Consoles: each(s.Consoles, consoleName), TrailCount: s.Trails}
	})}
	if more {
		answer.NextPageToken = nextPage(list[len(list)-1].ID, r.GetFilter())
	}
	return answer, nil
}
