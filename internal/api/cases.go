package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/support"
	pscv1 "psc/proto/psc/v1"
)

const cases = "cases"

// caseTabs are the lists of cases, by the state that a filter names.
var caseTabs = map[string]app.CaseTab{
	"OPEN": app.CasesOpen, "PARTNER": app.CasesPartner, "RESOLVED": app.CasesResolved, "CLOSED": app.CasesClosed, "ALL": app.CasesAll,
}

// ListCases implements pscv1.CaseServiceServer.
func (o own) ListCases(ctx context.Context, r *pscv1.ListCasesRequest) (*pscv1.ListCasesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	tab, about := app.CasesAll, ""
	f := filterable{}
	f.many("state", "=", func(_, s string) (ok bool) { tab, ok = caseTabs[s]; return ok })
	f.one("customer", func(s string) { about = s })
	if err := f.apply(r.GetFilter()); err != nil {
		return nil, err
	}
	limit, before, err := readPage[string](r, p.actor.ConsoleID, r.GetFilter())
	if err != nil {
		return nil, err
	}
	list, more, err := o.app.Cases(ctx, p.actor, tab, about, before, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListCasesResponse{Cases: each(list, p.supportCase)}
	if more {
		answer.NextPageToken = nextPage(list[len(list)-1].ID, p.actor.ConsoleID, r.GetFilter())
	}
	return answer, nil
}

// GetCase implements pscv1.CaseServiceServer.
func (o own) GetCase(ctx context.Context, r *pscv1.GetCaseRequest) (*pscv1.Case, error) {
	p, err := at(ctx, "name", r.GetName(), cases)
	if err != nil {
		return nil, err
	}
	return o.caseThread(ctx, p)
}

// caseThread returns the case of a name as it is now.
func (o own) caseThread(ctx context.Context, p place) (*pscv1.Case, error) {
	t, err := o.app.Case(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	m := p.supportCase(t.Case)
	m.AllowedActions = each(t.Actions, func(a support.Action) string { return string(a) })
	m.Entries = each(t.Entries, func(e app.CaseEntry) *pscv1.CaseEntry {
		return &pscv1.CaseEntry{
			Id: e.ID, Time: instant(e.At), Action: string(e.Action), Author: e.By, ByOperator: e.ByOperator, Text: e.Text,
			Files: each(e.Files, p.caseFile),
		}
	})
	return m, nil
}

// CreateCase implements pscv1.CaseServiceServer.
func (o own) CreateCase(ctx context.Context, r *pscv1.CreateCaseRequest) (*pscv1.Case, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	in := r.GetCase()
	return o.opened(ctx, p, func() (support.Case, error) {
		return o.app.OpenCase(ctx, p.actor, app.NewCase{
			Kind: support.Kind(in.GetKind()), Title: in.GetTitle(), Customer: in.GetCustomer(), Text: in.GetText(),
			Files: each(r.GetFiles(), fileIn),
		})
	})
}

// AskUndo implements pscv1.CaseServiceServer.
func (o own) AskUndo(ctx context.Context, r *pscv1.AskUndoRequest) (*pscv1.Case, error) {
	p, err := at(ctx, "parent", r.GetParent(), customers)
	if err != nil {
		return nil, err
	}
	return o.opened(ctx, p, func() (support.Case, error) { return o.app.AskUndo(ctx, p.actor, p.ids[0], r.GetText()) })
}

func (o own) opened(ctx context.Context, p place, open func() (support.Case, error)) (*pscv1.Case, error) {
	c, err := open()
	if err != nil {
		return nil, err
	}
	p.ids = []string{c.ID}
	return o.caseThread(ctx, p)
}

// ReplyCase implements pscv1.CaseServiceServer.
func (o own) ReplyCase(ctx context.Context, r *pscv1.ReplyCaseRequest) (*pscv1.Case, error) {
	return o.changeCase(ctx, r.GetName(), func(p place, id string) error {
		return o.app.ReplyCase(ctx, p.actor, id, r.GetText(), each(r.GetFiles(), fileIn))
	})
}

// ResolveCase implements pscv1.CaseServiceServer.
func (o own) ResolveCase(ctx context.Context, r *pscv1.ResolveCaseRequest) (*pscv1.Case, error) {
	return o.actOnCase(ctx, r.GetName(), support.Resolve)
}

// CloseCase implements pscv1.CaseServiceServer.
func (o own) CloseCase(ctx context.Context, r *pscv1.CloseCaseRequest) (*pscv1.Case, error) {
	return o.actOnCase(ctx, r.GetName(), support.Close)
}

// ReopenCase implements pscv1.CaseServiceServer.
func (o own) ReopenCase(ctx context.Context, r *pscv1.ReopenCaseRequest) (*pscv1.Case, error) {
	return o.actOnCase(ctx, r.GetName(), support.Reopen)
}

func (o own) actOnCase(ctx context.Context, name string, action support.Action) (*pscv1.Case, error) {
	return o.changeCase(ctx, name, func(p place, id string) error { return o.app.ActOnCase(ctx, p.actor, id, action) })
}

func (o own) changeCase(ctx context.Context, name string, change func(p place, id string) error) (*pscv1.Case, error) {
	p, err := at(ctx, "name", name, cases)
	if err != nil {
		return nil, err
	}
	if err := change(p, p.ids[0]); err != nil {
		return nil, err
	}
	return o.caseThread(ctx, p)
}

// GetCaseFile implements pscv1.CaseServiceServer.
func (o own) GetCaseFile(ctx context.Context, r *pscv1.GetCaseFileRequest) (*pscv1.CaseFile, error) {
	p, err := at(ctx, "name", r.GetName(), cases, "files")
	if err != nil {
		return nil, err
	}
	f, err := o.app.CaseFile(ctx, p.actor, p.ids[0], p.ids[1])
	if err != nil {
		return nil, err
	}
	m := p.caseFile(f)
	m.Content = f.Bytes
	return m, nil
}

func fileIn(m *pscv1.CaseFile) support.File {
	return support.File{Name: m.GetFileName(), Type: m.GetContentType(), Size: int64(len(m.GetContent())), Bytes: m.GetContent()}
}

func (p place) caseFile(f support.File) *pscv1.CaseFile {
	return &pscv1.CaseFile{Name: p.name(cases, p.ids[0], "files", f.ID), FileName: f.Name, ContentType: f.Type, Size: f.Size}
}

func (p place) supportCase(c support.Case) *pscv1.Case {
	return &pscv1.Case{
		Name: p.name(cases, c.ID), Id: c.ID, Number: c.Number, Kind: string(c.Kind), Title: c.Title, Customer: c.CustomerID,
		State: string(c.State), Opener: c.OpenedBy, CreateTime: instant(c.OpenedAt), UpdateTime: instant(c.ChangedAt),
	}
}
