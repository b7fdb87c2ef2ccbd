package api

import (
	"context"
	"strconv"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

const notices = "notices"

// ListNotices implements pscv1.NoticeServiceServer.
func (o own) ListNotices(ctx context.Context, r *pscv1.ListNoticesRequest) (*pscv1.ListNoticesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	query := []string{p.actor.ConsoleID, strconv.FormatBool(r.GetUnread())}
	limit, before, err := readPage[string](r, query...)
	if err != nil {
		return nil, err
	}
	list, more, err := o.app.Notices(ctx, p.actor, app.NoticeQuery{Unread: r.GetUnread(), Before: before}, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListNoticesResponse{Notices: each(list, p.notice)}
	if more {
		answer.NextPageToken = nextPage(list[len(list)-1].ID, query...)
	}
	return answer, nil
}

// ReadNotice implements pscv1.NoticeServiceServer.
func (o own) ReadNotice(ctx context.Context, r *pscv1.ReadNoticeRequest) (*pscv1.Notice, error) {
	p, err := at(ctx, "name", r.GetName(), notices)
	if err != nil {
		return nil, err
	}
	n, err := o.app.ReadNotice(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	n.Read = true
	return p.notice(n), nil
}

// ReadNotices implements pscv1.NoticeServiceServer.
func (o own) ReadNotices(ctx context.Context, r *pscv1.ReadNoticesRequest) (*pscv1.ReadNoticesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	return &pscv1.ReadNoticesResponse{}, o.app.ReadNotices(ctx, p.actor, r.GetUntil())
}

func (p place) notice(n app.Notice) *pscv1.Notice {
	return &pscv1.Notice{
		Name: p.name(notices, n.ID), Id: n.ID, Time: instant(n.At), Kind: n.Kind, Topic: string(n.Topic), Data: n.Data, Read: n.Read,
	}
}
