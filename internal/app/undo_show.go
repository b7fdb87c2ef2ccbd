package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
	"psc/internal/support"
)

// UndoRow is a subscription that goes back, with the accounts before and after.
type UndoRow struct {
	customer.Subscription

	SKU     catalog.SKU
	Since   bool            // bought after the move
	Account billing.Account // present
	Former  billing.Account // of the receiving console, before the move; without an ID: none
	Chosen  billing.Account // what is chosen, else suggested: the former one if it can; without an ID: none can
	Fitting []billing.Account
}

// Changes reports whether the legal entity would change.
func (r *UndoRow) Changes() bool {
	return r.Chosen.ID != "" && r.Chosen.LegalEntityID != r.Account.LegalEntityID
}

// UndoView is what the operator sees of an undo that is asked for: what it would do now, or why it cannot be done.
type UndoView struct {
	store.Undo

	Case     support.Case
	Answers  migration.Migration
	Holder   console.Console // who has the customer
	Receiver console.Console // to whom it would go back
	Refused  *fault.Error    // why it cannot be done now; nil: it can
	Findings []migration.Finding
	Rows     []UndoRow
	Date     civil.Date // of the preview
	Today    civil.Date
	Zone     string
	Totals   []Effect // the holder is the source, the receiver the main
	Effects  []SubscriptionEffect
	Seen     string // stands for exactly these subscriptions, accounts and legal entities
	Story    []Event
}

// Changes counts the subscriptions whose legal entity would change.
func (v *UndoView) Changes() (n int) {
	for _, r := range v.Rows {
		if r.Changes() {
			n++
		}
	}
	return n
}

// Undo returns for the operator what a case asks to undo, with its preview for a billing date (0: today) and these accounts, by
// subscription, in the place of those that are suggested.
func (a *App) Undo(ctx context.Context, actor console.Actor, caseID string, d civil.Date, chosen map[string]string) (v UndoView, err error) {
	if err := actor.MayOperate(); err != nil {
		return v, err
	}
	today := a.billingDate(a.Clock.Now())
	if d == 0 {
		d = today
	}
	if d < today || d > today+PreviewAhead {
		return v, fault.InvalidField("date", "migration.preview_date", fault.Args{"From": today, "To": today + PreviewAhead})
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		v = UndoView{Date: d, Today: today, Zone: a.Config.BillingZone.String()}
		if err := v.load(ctx, tx, actor, caseID); err != nil {
			return err
		}
		if err := v.tell(ctx, tx); err != nil || v.Decision != "" {
			return err
		}
		refused, err := v.check(ctx, tx, d)
		if v.Refused = fault.As(refused); err != nil || fault.Is(refused, "undo.moved_on") || fault.Is(refused, "undo.not_latest") {
			return err
		}
		if err := v.plan(ctx, tx, chosen); err != nil {
			return err
		}
		return v.preview(ctx, tx, a)
	})
	return v, err
}

// load finds the case, what it asks for, and the two consoles.
func (v *UndoView) load(ctx context.Context, tx *store.Tx, actor console.Actor, caseID string) (err error) {
	if v.Case, err = tx.Case(ctx, actor.ConsoleID, caseID); err != nil {
		return found(err, "case.not_found")
	}
	if v.Undo, err = tx.CaseUndo(ctx, actor.ConsoleID, v.Case.ID); err != nil {
		return found(err, "undo.not_asked")
	}
	if v.Answers, err = tx.Migration(ctx, actor.ConsoleID, v.FromID, v.MigrationID); err != nil {
		return err
	}
	if v.Holder, err = tx.Console(ctx, v.ToID); err != nil {
		return err
	}
	v.Receiver, err = tx.Console(ctx, v.FromID)
	return err
}

// check says why the move cannot be undone on a billing date: the customer has moved on, this was not its latest move, it is in
// another migration, something that keeps customers from migrating keeps it, or the month is closed.
func (v *UndoView) check(ctx context.Context, tx *store.Tx, d civil.Date) (refused, err error) {
	c, err := tx.Customer(ctx, v.ToID, v.Answers.CustomerID)
	if err != nil {
		return nil, err
	}
	if c.State != customer.Live {
		return fault.New(fault.Precondition, "undo.moved_on", fault.Args{"Console": v.Holder.Name}), nil
	}
	last, err := undoable(ctx, tx, c)
	if fault.As(err) != nil {
		return err, nil
	}
	if err != nil {
		return nil, err
	}
	if last.MigrationID != v.MigrationID {
		return fault.New(fault.Precondition, "undo.not_latest", nil), nil
	}
	if v.Findings, err = tx.Findings(ctx, v.ToID, v.FromID, c.ID); err != nil {
		return nil, err
	}
	if len(v.Findings) > 0 {
		return fault.New(fault.Precondition, "undo.not_ready", fault.Args{"Reason": fault.Word("readiness.short." + string(v.Findings[0].Code))}), nil
	}
	for _, id := range []string{v.ToID, v.FromID} {
		closed, err := monthClosed(ctx, tx, id, d.Month())
		if err != nil {
			return nil, err
		}
		if closed {
			return fault.New(fault.Precondition, "invoice.month_closed", fault.Args{"Month": d.Month().String()}), nil
		}
	}
	return nil, nil
}

func monthClosed(ctx context.Context, tx *store.Tx, consoleID string, month civil.Month) (bool, error) {
	months, err := tx.BillingMonths(ctx, consoleID)
	return slices.ContainsFunc(months, func(m store.BillingMonth) bool { return m.Month == month && m.State != store.MonthOpen }), err
}

// plan says what goes back, and to which accounts.
func (v *UndoView) plan(ctx context.Context, tx *store.Tx, chosen map[string]string) error {
	live, err := liveSubscriptions(ctx, tx, v.ToID, v.Answers.CustomerID)
	if err != nil {
		return err
	}
	before, err := tx.SubscriptionsOf(ctx, v.FromID, []string{v.Answers.CustomerID})
	if err != nil {
		return err
	}
	formerly := map[string]string{}
	for _, s := range before {
		formerly[s.ID] = s.BillingAccountID
	}
	present, err := accountsByID(ctx, tx, v.ToID)
	if err != nil {
		return err
	}
	own, err := tx.BillingAccounts(ctx, v.FromID)
	if err != nil {
		return err
	}
	skus, err := skusByID(ctx, tx)
	for _, s := range live {
		_, was := formerly[s.ID]
		row := UndoRow{Subscription: s, SKU: skus[s.SKUID], Since: !was, Account: present[s.BillingAccountID]}
		for _, account := range own {
			if account.ID == formerly[s.ID] {
				row.Former = account
			}
			if account.Usable() && account.Fits(s.Currency, s.Group) {
				row.Fitting = append(row.Fitting, account)
			}
		}
		row.choose(chosen[s.ID])
		v.Rows = append(v.Rows, row)
	}
	v.Seen = v.mark()
	return err
}

// choose takes the account of the ID if it fits, else the former one, else the one that is suggested for every move.
func (r *UndoRow) choose(id string) {
	for _, want := range []string{id, r.Former.ID} {
		for _, account := range r.Fitting {
			if account.ID == want && r.Chosen.ID == "" {
				r.Chosen = account
			}
		}
	}
	if r.Chosen.ID == "" {
		r.Chosen, _ = billing.Suggest(r.Fitting, r.Currency, r.Group, r.Account.LegalEntityID)
	}
}

// mark sums up what goes back, and to which accounts.
func (v *UndoView) mark() string {
	var text strings.Builder
	for _, r := range v.Rows {
		text.WriteString(strings.Join([]string{r.ID, r.Account.ID, r.Account.LegalEntityID, r.Chosen.ID, r.Chosen.LegalEntityID}, " ") + "\n")
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:8])
}

// preview computes what the undo adds to the invoices of both consoles.
func (v *UndoView) preview(ctx context.Context, tx *store.Tx, a *App) (err error) {
	way := connection.Connection{MainID: v.FromID, SourceID: v.ToID}
	v.Effects, err = a.effects(ctx, tx, way, []string{v.Answers.CustomerID}, v.Date)
	total := sums{}
	for _, e := range v.Effects {
		total.add(e.Effect)
	}
	v.Totals = total.list()
	return err
}

// storyShown is how many events of a customer the operator reads beside an undo.
const storyShown = 50

// tell joins what both consoles' trails say of the customer: of what both have, the side that names who it was.
func (v *UndoView) tell(ctx context.Context, tx *store.Tx) error {
	here, err := tx.CustomerEvents(ctx, v.FromID, v.Answers.CustomerID, "", storyShown)
	if err != nil {
		return err
	}
	there, err := tx.CustomerEvents(ctx, v.ToID, v.Answers.CustomerID, "", storyShown)
	both := slices.Concat(here, there)
	slices.SortStableFunc(both, func(x, y Event) int {
		return cmp.Or(strings.Compare(y.ID, x.ID), strings.Compare(y.PersonName, x.PersonName))
	})
	both = slices.CompactFunc(both, func(x, y Event) bool { return x.ID == y.ID })
	v.Story = both[:min(len(both), storyShown)]
	return err
}
