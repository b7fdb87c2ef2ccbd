package store

import (
	"context"
	"slices"
	"time"

	"psc/internal/civil"
	"psc/internal/console"
)

// InsertReseller adds a reseller.
func (tx *Tx) InsertReseller(ctx context.Context, id, name string, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO resellers (id, name, created_at) VALUES ($1, $2, $3)`, id, name, micros(at))
	return err
}

// ResellerByName returns the ID of the reseller of this name, or ErrNone.
func (tx *Tx) ResellerByName(ctx context.Context, name string) (string, error) {
	return one(ctx, tx, scalar[string], `SELECT id FROM resellers WHERE name = $1 ORDER BY id`, name)
}

// InsertConsole adds a console.
func (tx *Tx) InsertConsole(ctx context.Context, c console.Console) error {
	_, err := tx.exec(ctx, `INSERT INTO consoles (id, account_id, name, reseller_id, state, created_at, priced_to, search_text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, c.ID, c.AccountID, c.Name, c.ResellerID, c.State, micros(c.CreatedAt),
		civil.DateOf(c.CreatedAt, time.UTC)-1, // prices of earlier days are none of its own, whatever the billing zone
		console.SearchForm(c.Name+" "+string(c.AccountID)+" "+c.ResellerName))
	return err
}

const selectConsole = `SELECT c.id, c.account_id, c.name, c.reseller_id, r.name, c.state, c.created_at
	FROM consoles c JOIN resellers r ON r.id = c.reseller_id `

func scanConsole(r Rows) (c console.Console, err error) {
	var at int64
	err = r.Scan(&c.ID, &c.AccountID, &c.Name, &c.ResellerID, &c.ResellerName, &c.State, &at)
	c.CreatedAt = instant(at)
	return c, err
}

// Console returns the console, or ErrNone.
func (tx *Tx) Console(ctx context.Context, id string) (console.Console, error) {
	return one(ctx, tx, scanConsole, selectConsole+`WHERE c.id = $1`, id)
}

// ConsoleByAccountID returns the console of the account ID, or ErrNone.
func (tx *Tx) ConsoleByAccountID(ctx context.Context, id console.AccountID) (console.Console, error) {
	return one(ctx, tx, scanConsole, selectConsole+`WHERE c.account_id = $1`, id)
}

// Consoles returns all consoles, by name: for operators.
func (tx *Tx) Consoles(ctx context.Context) ([]console.Console, error) {
	return all(ctx, tx, scanConsole, selectConsole+`ORDER BY c.name, c.id`)
}

// ConsolePage returns one page of the consoles whose name, reseller or account ID contains a text, by name: for operators.
func (tx *Tx) ConsolePage(ctx context.Context, search string, page Page) (List[console.Console], error) {
	return pageOf(ctx, tx, scanConsole, page, []string{`SELECT id, account_id, sort_name, reseller_id, reseller, state, created_at
		FROM (SELECT c.id, c.account_id, c.name AS sort_name, c.reseller_id, r.name AS reseller, c.state, c.created_at, c.search_text
			FROM consoles c JOIN resellers r ON r.id = c.reseller_id) l WHERE search_text LIKE $1 ESCAPE '\'`}, contains(search))
}

// SetConsoleState moves a console from one state to the other; it reports false if it is not in the state from.
func (tx *Tx) SetConsoleState(ctx context.Context, id string, from, to console.State) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE consoles SET state = $3, lock_version = lock_version + 1 WHERE id = $1 AND state = $2`, id, from, to)
	return n == 1, err
}

// LockConsoles makes transactions that decide on the same consoles run one after the other: of two at the same time,
// one runs again on what the other left.
func (tx *Tx) LockConsoles(ctx context.Context, ids ...string) error {
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if _, err := tx.exec(ctx, `UPDATE consoles SET lock_version = lock_version + 1 WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}
