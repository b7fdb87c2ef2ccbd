package store

import (
	"context"
	"time"

	"psc/internal/console"
)

// RoleGrant is a role in a console for whoever has the e-mail address. It becomes a membership when that person comes, so
// that giving one tells nobody whether the installation knows the address.
type RoleGrant struct {
	ConsoleID string
	Email     string // normalised
	Role      console.Role

	LinkHash  string    // of the secret of the link that takes it; empty without one
	LinkUntil time.Time // when that link ends
}

// GrantRole keeps the grant, in place of the one before.
func (tx *Tx) GrantRole(ctx context.Context, g RoleGrant, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO role_grants (console_id, email, role, created_at, link_hash, link_until)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (console_id, email)
		DO UPDATE SET role = excluded.role, link_hash = excluded.link_hash, link_until = excluded.link_until`,
		g.ConsoleID, g.Email, g.Role, micros(at), g.LinkHash, micros(g.LinkUntil))
	return err
}

func scanRoleGrant(r Rows) (g RoleGrant, err error) {
	var until int64
	err = r.Scan(&g.ConsoleID, &g.Email, &g.Role, &g.LinkHash, &until)
	g.LinkUntil = instant(until)
	return g, err
}

const selectRoleGrant = `SELECT console_id, email, role, link_hash, link_until FROM role_grants `

// RoleGrants returns the grants of a console that nobody has taken yet, by e-mail address.
func (tx *Tx) RoleGrants(ctx context.Context, consoleID string) ([]RoleGrant, error) {
	return all(ctx, tx, scanRoleGrant, selectRoleGrant+`WHERE console_id = $1 ORDER BY email`, consoleID)
}

// GrantsOf returns what waits for the person of the normalised e-mail address.
func (tx *Tx) GrantsOf(ctx context.Context, email string) ([]RoleGrant, error) {
	return all(ctx, tx, scanRoleGrant, selectRoleGrant+`WHERE email = $1 ORDER BY console_id`, email)
}

// GrantOfLink returns the grant of a link that can still be used at now, or ErrNone.
func (tx *Tx) GrantOfLink(ctx context.Context, hash string, now time.Time) (RoleGrant, error) {
	return one(ctx, tx, scanRoleGrant, selectRoleGrant+`WHERE link_hash = $1 AND link_hash <> '' AND link_until > $2`, hash, micros(now))
}

// EndGrant ends a grant that has become a membership or was withdrawn, and reports whether there was one.
func (tx *Tx) EndGrant(ctx context.Context, g RoleGrant) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM role_grants WHERE console_id = $1 AND email = $2`, g.ConsoleID, g.Email)
	return n == 1, err
}
