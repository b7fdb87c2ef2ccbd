package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/support"
	pscv1 "psc/proto/psc/v1"
)

// queueTabs are the parts of the operators' queue, by the state that a filter names.
var queueTabs = map[string]app.CaseTab{
	"OPERATOR": app.CasesOperator, "MINE": app.CasesMine, "PARTNER": app.CasesPartner, "RESOLVED": app.CasesResolved,
	"CLOSED": app.CasesClosed, "ALL": app.CasesAll,
}

// caseActions are what an operator does to a case without writing.
var caseActions = []support.Action{support.Assign, support.Release, support.Resolve, support.Close, support.Reopen}

// ListCaseQueue implements pscv1.VendorCaseServiceServer.
func (v vendor) ListCaseQueue(ctx context.Context, r *pscv1.ListCaseQueueRequest) (*pscv1.ListCaseQueueResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	tab := app.CasesAll
	f := filterable{}
	f.many("state", "=", func(_, s string) (ok bool) { tab, ok = queueTabs[s]; return ok })
	if err := f.apply(r.GetFilter()); err != nil {
		return nil, err
	}
	limit, after, err := readPage[string](r, r.GetFilter())
	if err != nil {
		return nil, err
	}
	list, more, err := v.app.CaseQueue(ctx, actor, tab, after, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListCaseQueueResponse{QueuedCases: each(list, func(q app.QueuedCase) *pscv1.QueuedCase {
		p := placeOf(app.QueuePlace{Console: q.Console, Reseller: q.Reseller, AccountID: q.AccountID})
		return &pscv1.QueuedCase{Case: p.supportCase(q.Case), ConsoleDisplayName: q.Console, Reseller: q.Reseller}
	})}
	if more {
		answer.NextPageToken = nextPage(list[len(list)-1].ID, r.GetFilter())
	}
	return answer, nil
}

// GetVendorCase implements pscv1.VendorCaseServiceServer.
func (v vendor) GetVendorCase(ctx context.Context, r *pscv1.GetVendorCaseRequest) (*pscv1.Case, error) {
	return v.changeVendorCase(ctx, r.GetName(), func(place) error { return nil })
}

// NoteCase implements pscv1.VendorCaseServiceServer.
func (v vendor) NoteCase(ctx context.Context, r *pscv1.NoteCaseRequest) (*pscv1.Case, error) {
	return v.changeVendorCase(ctx, r.GetName(), func(p place) error {
		return v.app.NoteCase(ctx, p.actor, p.ids[0], r.GetText(), each(r.GetFiles(), fileIn))
	})
}

// AnswerCase implements pscv1.VendorCaseServiceServer.
func (v vendor) AnswerCase(ctx context.Context, r *pscv1.AnswerCaseRequest) (*pscv1.Case, error) {
	return v.changeVendorCase(ctx, r.GetName(), func(p place) error {
		return v.app.ReplyCase(ctx, p.actor, p.ids[0], r.GetText(), each(r.GetFiles(), fileIn))
	})
}

// ActOnCase implements pscv1.VendorCaseServiceServer.
func (v vendor) ActOnCase(ctx context.Context, r *pscv1.ActOnCaseRequest) (*pscv1.Case, error) {
	return v.changeVendorCase(ctx, r.GetName(), func(p place) error {
		action, err := chosen("action", r.GetAction(), caseActions)
		if err != nil {
			return err
		}
		return v.app.ActOnCase(ctx, p.actor, p.ids[0], action)
	})
}

func (v vendor) changeVendorCase(ctx context.Context, name string, change func(p place) error) (*pscv1.Case, error) {
	p, err := v.at(ctx, "name", name, cases)
	if err != nil {
		return nil, err
	}
	if err := change(p); err != nil {
		return nil, err
	}
	return v.caseThread(ctx, p)
}

// GetUndo implements pscv1.VendorCaseServiceServer.
func (v vendor) GetUndo(ctx context.Context, r *pscv1.GetUndoRequest) (*pscv1.Undo, error) {
	p, err := v.single(ctx, r.GetName(), "undo", cases)
	var on civil.Date
	if err == nil && r.GetBillingDate() != nil {
		on, err = readDay("billing_date", r.GetBillingDate())
	}
	if err != nil {
		return nil, err
	}
	return v.undo(ctx, p, on)
}

// undo returns what a case asks to undo as it is now, with its preview for a billing date; 0 is today.
func (v vendor) undo(ctx context.Context, p place, on civil.Date) (*pscv1.Undo, error) {
	u, err := v.app.Undo(ctx, p.actor, p.ids[0], on, nil)
	if err != nil {
		return nil, err
	}
	m := &pscv1.Undo{
		Name: p.name(cases, p.ids[0], "undo"), MigrationId: u.MigrationID, CustomerId: u.Answers.CustomerID,
		CustomerDisplayName: u.Answers.CustomerName, Holder: consoleName(u.Holder), Receiver: consoleName(u.Receiver),
		BillingDate: day(u.Date), Totals: each(u.Totals, effect), Etag: u.Seen, Decision: string(u.Decision),
		Consent: string(u.Consent), Reason: u.Reason, UndoMigrationId: u.UndoID,
		Rows: each(u.Rows, func(row app.UndoRow) *pscv1.UndoRow {
			return &pscv1.UndoRow{
				SubscriptionId: row.ID, SkuId: row.SKUID, BoughtSince: row.Since, BillingAccountId: row.Account.ID,
				ChosenAccountId:    row.Chosen.ID,
				FittingAccountIds:  each(row.Fitting, func(a billing.Account) string { return a.ID }),
				LegalEntityChanges: row.Changes(),
			}
		}),
	}
	if u.Refused != nil {
		m.Refused = Reason(u.Refused.Key)
	}
	return m, nil
}

// ApproveUndo implements pscv1.VendorCaseServiceServer.
func (v vendor) ApproveUndo(ctx context.Context, r *pscv1.ApproveUndoRequest) (*pscv1.Undo, error) {
	p, err := v.single(ctx, r.GetName(), "undo", cases)
	if err == nil {
		err = v.app.ApproveUndo(ctx, p.actor, p.ids[0], app.UndoApproval{
			Accounts: r.GetAccounts(), Consent: support.Consent(r.GetConsent()), Reason: r.GetReason(),
			Entities: r.GetLegalEntitiesConfirmed(), Seen: r.GetEtag(),
		})
	}
	if err != nil {
		return nil, err
	}
	return v.undo(ctx, p, 0)
}

// RejectUndo implements pscv1.VendorCaseServiceServer.
func (v vendor) RejectUndo(ctx context.Context, r *pscv1.RejectUndoRequest) (*pscv1.Undo, error) {
	p, err := v.single(ctx, r.GetName(), "undo", cases)
	if err == nil {
		err = v.app.RejectUndo(ctx, p.actor, p.ids[0], r.GetReason())
	}
	if err != nil {
		return nil, err
	}
	return v.undo(ctx, p, 0)
}
