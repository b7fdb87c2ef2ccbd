package store

import (
	"context"
	"errors"
	"strings"
)

// CustomerSettings are how a person likes to see the customers of a console.
type CustomerSettings struct {
	Columns  []string // none: the usual ones
	PageSize int      // 0: the usual one
}

// CustomerSettings returns how the person likes to see the console's customers.
func (tx *Tx) CustomerSettings(ctx context.Context, consoleID, personID string) (CustomerSettings, error) {
	s, err := one(ctx, tx, func(r Rows) (s CustomerSettings, err error) {
		var columns string
		err = r.Scan(&columns, &s.PageSize)
		s.Columns = strings.Fields(columns)
		return s, err
	}, `SELECT columns, page_size FROM customer_settings WHERE console_id = $1 AND person_id = $2`, consoleID, personID)
	if errors.Is(err, ErrNone) {
		err = nil
	}
	return s, err
}

// SetCustomerSettings stores how the person likes to see the console's customers.
func (tx *Tx) SetCustomerSettings(ctx context.Context, consoleID, personID string, s CustomerSettings) error {
	_, err := tx.exec(ctx, `INSERT INTO customer_settings (console_id, person_id, columns, page_size) VALUES ($1, $2, $3, $4)
		ON CONFLICT (console_id, person_id) DO UPDATE SET columns = excluded.columns, page_size = excluded.page_size`,
		consoleID, personID, strings.Join(s.Columns, " "), s.PageSize)
	return err
}

// SavedFilter is a filter of customers that a person keeps under a name.
type SavedFilter struct {
	Name  string
	Query string // as the address of the list has it
}

// CustomerFilters returns the filters that the person keeps in the console, by name.
func (tx *Tx) CustomerFilters(ctx context.Context, consoleID, personID string) ([]SavedFilter, error) {
	return all(ctx, tx, func(r Rows) (f SavedFilter, err error) {
		err = r.Scan(&f.Name, &f.Query)
		return f, err
	}, `SELECT name, query FROM customer_filters WHERE console_id = $1 AND person_id = $2 ORDER BY name`, consoleID, personID)
}

// SaveCustomerFilter keeps a filter in the place of that of the same name.
func (tx *Tx) SaveCustomerFilter(ctx context.Context, consoleID, personID string, f SavedFilter) error {
	_, err := tx.exec(ctx, `INSERT INTO customer_filters (console_id, person_id, name, query) VALUES ($1, $2, $3, $4)
		ON CONFLICT (console_id, person_id, name) DO UPDATE SET query = excluded.query`, consoleID, personID, f.Name, f.Query)
	return err
}

// DeleteCustomerFilter forgets a filter; it reports false if there is none of the name.
func (tx *Tx) DeleteCustomerFilter(ctx context.Context, consoleID, personID, name string) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM customer_filters WHERE console_id = $1 AND person_id = $2 AND name = $3`, consoleID, personID, name)
	return n == 1, err
}
