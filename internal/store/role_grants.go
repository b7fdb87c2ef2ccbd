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
}

// GrantRole keeps the grant, in place of the one before.
func (tx *Tx) GrantRole(ctx context.Context, g RoleGrant, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO role_grants (console_id, email, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (console_id, email) DO UPDATE SET role = excluded.role`, g.ConsoleID, g.Email, g.Role, micros(at))
	return err
}

func scanRoleGrant(r Rows) (g RoleGrant, err error) {
	err = r.Scan(&g.ConsoleID, &g.Email, &g.Role)
	return g, err
}

// RoleGrants returns the grants of a console that nobody has taken yet, by e-mail address.
func (tx *Tx) RoleGrants(ctx context.Context, consoleID string) ([]RoleGrant, error) {
	return all(ctx, tx, scanRoleGrant, `SELECT console_id, email, role FROM role_grants WHERE console_id = $1 ORDER BY email`,
		consoleID)
}

// GrantsOf returns what waits for the person of the normalised e-mail address.
func (tx *Tx) GrantsOf(ctx context.Context, email string) ([]RoleGrant, error) {
	return all(ctx, tx, scanRoleGrant, `SELECT console_id, email, role FROM role_grants WHERE email = $1 ORDER BY console_id`, email)
}

// EndGrant ends a grant that has become a membership.
func (tx *Tx) EndGrant(ctx context.Context, g RoleGrant) error {
	_, err := tx.exec(ctx, `DELETE FROM role_grants WHERE console_id = $1 AND email = $2`, g.ConsoleID, g.Email)
	return err
}
