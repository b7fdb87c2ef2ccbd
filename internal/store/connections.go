package store

import (
	"context"
	"time"

	"psc/internal/connection"
)

const selectConnection = `SELECT id, main_id, source_id, state, reason, invited_by_id, invited_by_name, invited_at,
	expires_at, accepted_at, may_start_at, ended_at, ended_by, evaluated_at, shares_orders, main_name, main_reseller,
	source_name, source_reseller FROM connections `

func scanConnection(r Rows) (c connection.Connection, err error) {
	var invited, expires, accepted, mayStart, ended, evaluated, shares int64
	err = r.Scan(&c.ID, &c.MainID, &c.SourceID, &c.State, &c.Reason, &c.InvitedByID, &c.InvitedByName, &invited,
		&expires, &accepted, &mayStart, &ended, &c.EndedBy, &evaluated, &shares,
		&c.MainAtEnd.Name, &c.MainAtEnd.Reseller, &c.SourceAtEnd.Name, &c.SourceAtEnd.Reseller)
	c.InvitedAt, c.ExpiresAt, c.AcceptedAt = instant(invited), instant(expires), instant(accepted)
	c.MayStartAt, c.EndedAt, c.EvaluatedAt = instant(mayStart), instant(ended), instant(evaluated)
	c.SharesOrders = shares == 1
	return c, err
}

// InsertConnection adds an invitation.
func (tx *Tx) InsertConnection(ctx context.Context, c connection.Connection) error {
	_, err := tx.exec(ctx, `INSERT INTO connections
		(id, main_id, source_id, state, reason, invited_by_id, invited_by_name, invited_at, expires_at, sent_at)
		VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9)`, c.ID, c.MainID, c.SourceID, c.State, c.InvitedByID, c.InvitedByName,
		micros(c.InvitedAt), micros(c.ExpiresAt), micros(c.SentAt))
	return err
}

// Connection returns a connection of the asking console, on either side, or ErrNone.
func (tx *Tx) Connection(ctx context.Context, consoleID, id string) (connection.Connection, error) {
	return one(ctx, tx, scanConnection, selectConnection+`WHERE id = $2 AND $1 IN (main_id, source_id)`, consoleID, id)
}

// Connections returns all connections of a console, the newest first.
func (tx *Tx) Connections(ctx context.Context, consoleID string) ([]connection.Connection, error) {
	return all(ctx, tx, scanConnection, selectConnection+`WHERE main_id = $1 OR source_id = $1
		ORDER BY invited_at DESC, id DESC`, consoleID)
}

// ConnectedAsSource returns the connection in which the console is the connected source, or ErrNone.
func (tx *Tx) ConnectedAsSource(ctx context.Context, consoleID string) (connection.Connection, error) {
	return one(ctx, tx, scanConnection, selectConnection+`WHERE source_id = $1 AND state = 'CONNECTED'`, consoleID)
}

// ConnectedAsMain returns the connections in which the console is the connected main.
func (tx *Tx) ConnectedAsMain(ctx context.Context, consoleID string) ([]connection.Connection, error) {
	return all(ctx, tx, scanConnection, selectConnection+`WHERE main_id = $1 AND state = 'CONNECTED' ORDER BY id`, consoleID)
}

// PendingInvites returns the invitations of a console that are INVITED, due or not: those it received and those it sent.
func (tx *Tx) PendingInvites(ctx context.Context, consoleID string) ([]connection.Connection, error) {
	return all(ctx, tx, scanConnection, selectConnection+`WHERE state = 'INVITED' AND $1 IN (main_id, source_id)
		ORDER BY id`, consoleID)
}

// Standing returns what the rules of an invitation ask about the two consoles at now, which is wall by the system's clock;
// not the one with ID except.
func (tx *Tx) Standing(ctx context.Context, mainID, sourceID, except string, now, wall time.Time) (connection.Standing, error) {
	s := connection.Standing{MainID: mainID, SourceID: sourceID}
	var connected, isMain, isSource, between, mainSuspended, suspended int64
	_, err := one(ctx, tx, func(r Rows) (struct{}, error) {
		return struct{}{}, r.Scan(&connected, &isMain, &isSource, &between, &mainSuspended, &suspended, &s.InvitationsLastDay)
	}, `SELECT
		(SELECT count(*) FROM connections WHERE source_id = $2 AND state = 'CONNECTED'),
		(SELECT count(*) FROM connections WHERE main_id = $2 AND state = 'CONNECTED'),
		(SELECT count(*) FROM connections WHERE source_id = $1 AND state = 'CONNECTED'),
		(SELECT count(*) FROM connections WHERE id <> $3
			AND (main_id = $1 AND source_id = $2 OR main_id = $2 AND source_id = $1)
			AND (state = 'CONNECTED' OR state = 'INVITED' AND expires_at > $4)),
		(SELECT count(*) FROM consoles WHERE id = $1 AND state = 'SUSPENDED'),
		(SELECT count(*) FROM consoles WHERE id = $2 AND state = 'SUSPENDED'),
		(SELECT count(*) FROM connections WHERE main_id = $1 AND sent_at > $5)`,
		mainID, sourceID, except, micros(now), micros(wall.Add(-24*time.Hour)))
	s.SourceConnected, s.SourceIsMain, s.MainIsSource = connected > 0, isMain > 0, isSource > 0
	s.OpenBetween, s.MainSuspended, s.SourceSuspended = between > 0, mainSuspended > 0, suspended > 0
	return s, err
}

// AcceptConnection turns an invitation into a connection; it reports false if it is not INVITED any more.
func (tx *Tx) AcceptConnection(ctx context.Context, c connection.Connection) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE connections SET state = 'CONNECTED', accepted_at = $2, may_start_at = $3,
		version = version + 1 WHERE id = $1 AND state = 'INVITED'`, c.ID, micros(c.AcceptedAt), micros(c.MayStartAt))
	return n == 1, err
}

// EndConnection writes the end of a connection that is still in the state from, and what its consoles are called then; it
// reports false if it is not in that state.
func (tx *Tx) EndConnection(ctx context.Context, c connection.Connection, from connection.State) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE connections SET state = $2, reason = $3, ended_at = $4, ended_by = $5,
		main_name = (SELECT k.name FROM consoles k WHERE k.id = main_id),
		main_reseller = (SELECT r.name FROM consoles k JOIN resellers r ON r.id = k.reseller_id WHERE k.id = main_id),
		source_name = (SELECT k.name FROM consoles k WHERE k.id = source_id),
		source_reseller = (SELECT r.name FROM consoles k JOIN resellers r ON r.id = k.reseller_id WHERE k.id = source_id),
		version = version + 1 WHERE id = $1 AND state = $6`, c.ID, c.State, c.Reason, micros(c.EndedAt), c.EndedBy, from)
	return n == 1, err
}

// TouchConnected makes the transaction meet every other that changes the connection; it reports false if it is not
// CONNECTED. Who starts or completes migrations calls it, so that closing and starting cannot both succeed.
func (tx *Tx) TouchConnected(ctx context.Context, id string) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE connections SET version = version + 1 WHERE id = $1 AND state = 'CONNECTED'`, id)
	return n == 1, err
}

// SetSharesOrders stores whether the source lets the main read earlier orders, also after the connection was closed.
func (tx *Tx) SetSharesOrders(ctx context.Context, sourceID, id string, shares bool) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE connections SET shares_orders = $3, version = version + 1
		WHERE id = $2 AND source_id = $1 AND state IN ('CONNECTED', 'CLOSED')`, sourceID, id, flag(shares))
	return n == 1, err
}

// RequestEvaluation notes that all customers of a connected source are to be evaluated, and reports whether somebody has to
// begin: not if that waits to begin already, and not while one is under way, which is then followed by another. One that
// was last heard of before deadSince, by the system's clock as at, has died.
func (tx *Tx) RequestEvaluation(ctx context.Context, id string, at, deadSince time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE connections SET evaluation = 'QUEUED', evaluation_at = $2 WHERE id = $1 AND state = 'CONNECTED'
		AND (evaluation = '' OR evaluation_at < $3)`, id, micros(at), micros(deadSince))
	if err != nil || n == 1 {
		return n == 1, err
	}
	_, err = tx.exec(ctx, `UPDATE connections SET evaluation = 'AGAIN' WHERE id = $1 AND evaluation = 'RUNNING'`, id)
	return false, err
}

// BeginEvaluation notes that the evaluation is under way: what is asked for from now on is for another.
func (tx *Tx) BeginEvaluation(ctx context.Context, id string, at time.Time) error {
	_, err := tx.exec(ctx, `UPDATE connections SET evaluation = 'RUNNING', evaluation_at = $2 WHERE id = $1`, id, micros(at))
	return err
}

// EndEvaluation stores when all customers of the source were evaluated, and reports whether another evaluation was asked for
// meanwhile, which then has to begin.
func (tx *Tx) EndEvaluation(ctx context.Context, id string, evaluated, at time.Time) (again bool, err error) {
	n, err := tx.exec(ctx, `UPDATE connections SET evaluated_at = $2, evaluation = 'QUEUED', evaluation_at = $3
		WHERE id = $1 AND evaluation = 'AGAIN'`, id, micros(evaluated), micros(at))
	if err != nil || n == 1 {
		return n == 1, err
	}
	_, err = tx.exec(ctx, `UPDATE connections SET evaluated_at = $2, evaluation = '' WHERE id = $1`, id, micros(evaluated))
	return false, err
}

// DueConnections returns the connections that time has made ripe at now: invitations to expire or to remind of,
// connections whose waiting period is over and unnoticed; in the order of the moments at which they became so.
func (tx *Tx) DueConnections(ctx context.Context, now time.Time) ([]DueConnection, error) {
	first, second := now.Add(-connection.Reminders[0]), now.Add(-connection.Reminders[1])
	return all(ctx, tx, func(r Rows) (d DueConnection, err error) {
		d.Connection, err = scanConnection(dueRow{r, &d.Reminders})
		return d, err
	}, `SELECT id, main_id, source_id, state, reason, invited_by_id, invited_by_name, invited_at,
		expires_at, accepted_at, may_start_at, ended_at, ended_by, evaluated_at, shares_orders, main_name, main_reseller,
		source_name, source_reseller, reminders FROM connections
		WHERE state = 'INVITED' AND (expires_at <= $1 OR reminders = 0 AND invited_at <= $2 OR reminders <= 1 AND invited_at <= $3)
		   OR state = 'CONNECTED' AND wait_noticed = 0 AND may_start_at <= $1
		ORDER BY CASE WHEN state = 'CONNECTED' THEN may_start_at WHEN expires_at <= $1 THEN expires_at
			WHEN invited_at <= $3 THEN invited_at + $5 ELSE invited_at + $4 END, id`, micros(now), micros(first), micros(second),
		connection.Reminders[0].Microseconds(), connection.Reminders[1].Microseconds())
}

// DueConnection is a connection with the number of reminders already sent.
type DueConnection struct {
	connection.Connection
	Reminders int64
}

// dueRow scans one column more than a connection has.
type dueRow struct {
	Rows
	extra *int64
}

func (d dueRow) Scan(dest ...any) error { return d.Rows.Scan(append(dest, d.extra)...) }

// SetReminders stores how many reminders of an invitation have been sent; it reports false if they were not fewer, or if
// the invitation has been answered.
func (tx *Tx) SetReminders(ctx context.Context, id string, n int64) (bool, error) {
	changed, err := tx.exec(ctx, `UPDATE connections SET reminders = $2 WHERE id = $1 AND reminders < $2 AND state = 'INVITED'`, id, n)
	return changed == 1, err
}

// SetWaitNoticed stores that both sides were told that the waiting period is over; it reports false if they were told
// before, or if the connection has been closed.
func (tx *Tx) SetWaitNoticed(ctx context.Context, id string) (bool, error) {
	changed, err := tx.exec(ctx, `UPDATE connections SET wait_noticed = 1 WHERE id = $1 AND wait_noticed = 0 AND state = 'CONNECTED'`, id)
	return changed == 1, err
}

// ConnectionsToSweep returns the connected pairs that nobody has evaluated since before.
func (tx *Tx) ConnectionsToSweep(ctx context.Context, before time.Time) ([]connection.Connection, error) {
	return all(ctx, tx, scanConnection, selectConnection+`WHERE state = 'CONNECTED' AND evaluated_at < $1 ORDER BY id`,
		micros(before))
}
