package store

import (
	"context"
	"strings"
	"time"

	"psc/internal/console"
)

const customRole = `COALESCE(r.id, ''), COALESCE(r.name, ''), COALESCE(r.privileges, '')`

// scanCustom returns where a custom role of a console is scanned into, and what fills in the rest of it.
func scanCustom(r *console.CustomRole) (into []any, fill func(consoleID string)) {
	var list string
	return []any{&r.ID, &r.Name, &list}, func(consoleID string) {
		if r.ID == "" {
			return
		}
		r.ConsoleID, r.Privileges = consoleID, privilegesOf(list)
	}
}

func listed(list []console.Privilege) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = string(p)
	}
	return strings.Join(words, " ")
}

// CustomRoles returns the roles that a console has made and not archived, by name.
func (tx *Tx) CustomRoles(ctx context.Context, consoleID string) ([]console.CustomRole, error) {
	return all(ctx, tx, scanCustomRole(consoleID), `SELECT `+customRole+` FROM custom_roles r
		WHERE r.console_id = $1 AND r.archived = 0 ORDER BY r.name, r.id`, consoleID)
}

// CustomRole returns a role that the console has made and not archived, or ErrNone.
func (tx *Tx) CustomRole(ctx context.Context, consoleID string, id console.Role) (console.CustomRole, error) {
	return one(ctx, tx, scanCustomRole(consoleID), `SELECT `+customRole+` FROM custom_roles r
		WHERE r.console_id = $1 AND r.id = $2 AND r.archived = 0`, consoleID, id)
}

func scanCustomRole(consoleID string) func(Rows) (console.CustomRole, error) {
	return func(rows Rows) (r console.CustomRole, err error) {
		into, fill := scanCustom(&r)
		err = rows.Scan(into...)
		fill(consoleID)
		return r, err
	}
}

// InsertCustomRole adds a role of a console's own. One of that name that is not archived is a duplicate.
func (tx *Tx) InsertCustomRole(ctx context.Context, r console.CustomRole, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO custom_roles (console_id, id, name, privileges, archived, created_at)
		VALUES ($1, $2, $3, $4, 0, $5)`, r.ConsoleID, r.ID, r.Name, listed(r.Privileges), micros(at))
	return err
}

// ChangeCustomRole gives a role of a console's own another name and other privileges, or archives it, and reports whether it was
// there. Whoever has it may at once what it says.
func (tx *Tx) ChangeCustomRole(ctx context.Context, r console.CustomRole) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE custom_roles SET name = $3, privileges = $4, archived = $5
		WHERE console_id = $1 AND id = $2 AND archived = 0`, r.ConsoleID, r.ID, r.Name, listed(r.Privileges), flag(r.Archived))
	return n == 1, err
}

// RoleHolders counts who has a role in a console or has been invited with it, by role.
func (tx *Tx) RoleHolders(ctx context.Context, consoleID string) (map[console.Role]int, error) {
	held := make(map[console.Role]int)
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var role console.Role
		var n int
		err := r.Scan(&role, &n)
		held[role] = n
		return struct{}{}, err
	}, `SELECT role, count(*) FROM (SELECT role FROM memberships WHERE console_id = $1 AND state <> 'REMOVED'
		UNION ALL SELECT role FROM role_grants WHERE console_id = $1) x GROUP BY role`, consoleID)
	return held, err
}
