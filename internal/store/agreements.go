package store

import (
	"context"
	"time"

	"psc/internal/billing"
)

// Agreement is what a console has or has not signed with one of its legal entities.
type Agreement struct {
	LegalEntity billing.LegalEntity
	SignedAt    time.Time // zero: not signed
	SignedBy    string    // name of the person
}

// Agreements returns the console's agreement for each legal entity of its reseller, by name.
func (tx *Tx) Agreements(ctx context.Context, consoleID string) ([]Agreement, error) {
	return all(ctx, tx, func(r Rows) (g Agreement, err error) {
		var at int64
		err = r.Scan(&g.LegalEntity.ID, &g.LegalEntity.ResellerID, &g.LegalEntity.Name, &g.LegalEntity.Country, &at, &g.SignedBy)
		g.SignedAt = instant(at)
		return g, err
	}, `SELECT e.id, e.reseller_id, e.name, e.country, COALESCE(g.signed_at, 0), COALESCE(g.signed_by, '')
		FROM consoles c JOIN legal_entities e ON e.reseller_id = c.reseller_id
		LEFT JOIN agreements g ON g.console_id = c.id AND g.legal_entity_id = e.id
		WHERE c.id = $1 ORDER BY e.name, e.id`, consoleID)
}

// SignAgreement stores the signature; it reports false if there is one already.
func (tx *Tx) SignAgreement(ctx context.Context, consoleID, legalEntityID, by string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `INSERT INTO agreements (console_id, legal_entity_id, signed_at, signed_by)
		VALUES ($1, $2, $3, $4) ON CONFLICT (console_id, legal_entity_id) DO NOTHING`,
		consoleID, legalEntityID, micros(at), by)
	return n == 1, err
}
