package store

import (
	"context"

	"psc/internal/civil"
)

// LicenceCount is how many licences a console had on a day: the seats of what had not ended, trials and suspended ones included.
type LicenceCount struct {
	On       civil.Date // the month's last day, or the latest day that was counted
	Licences int64
}

// ConsolesToCount returns the consoles of which the licences have not been counted on a day or later.
func (tx *Tx) ConsolesToCount(ctx context.Context, on civil.Date) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT c.id FROM consoles c WHERE NOT EXISTS (
		SELECT 1 FROM licence_counts l WHERE l.console_id = c.id AND l.month = $1 AND l.counted_on >= $2) ORDER BY c.id`,
		on.Month().First(), on)
}

// CountLicences counts a console's licences on a day from its history and keeps them as those of the day's month, unless a later
// day is.
func (tx *Tx) CountLicences(ctx context.Context, consoleID string, on civil.Date) error {
	_, err := tx.exec(ctx, `INSERT INTO licence_counts (console_id, month, counted_on, licences)
		SELECT CAST($1 AS text), CAST($2 AS bigint), CAST($3 AS bigint), CAST(COALESCE(sum(seats), 0) AS bigint) FROM segments
		WHERE console_id = $1 AND from_date <= $3 AND to_date > $3 AND carried = 0 AND state <> 'CANCELLED'
		ON CONFLICT (console_id, month) DO UPDATE SET counted_on = excluded.counted_on, licences = excluded.licences
			WHERE licence_counts.counted_on < excluded.counted_on`, consoleID, on.Month().First(), on)
	return err
}

// LicenceCounts returns the counts of a console from a month on.
func (tx *Tx) LicenceCounts(ctx context.Context, consoleID string, from civil.Month) ([]LicenceCount, error) {
	return all(ctx, tx, func(r Rows) (c LicenceCount, err error) {
		return c, r.Scan(&c.On, &c.Licences)
	}, `SELECT counted_on, licences FROM licence_counts WHERE console_id = $1 AND month >= $2 ORDER BY month`, consoleID, from.First())
}
