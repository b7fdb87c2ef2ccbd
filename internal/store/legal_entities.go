package store

import (
	"context"
	"time"

	"psc/internal/billing"
)

// InsertLegalEntity adds a reseller's company.
func (tx *Tx) InsertLegalEntity(ctx context.Context, e billing.LegalEntity, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO legal_entities (id, reseller_id, name, country, created_at)
		VALUES ($1, $2, $3, $4, $5)`, e.ID, e.ResellerID, e.Name, e.Country, micros(at))
	return err
}

const selectLegalEntity = `SELECT e.id, e.reseller_id, e.name, e.country FROM legal_entities e `

func scanLegalEntity(r Rows) (e billing.LegalEntity, err error) {
	err = r.Scan(&e.ID, &e.ResellerID, &e.Name, &e.Country)
	return e, err
}

// LegalEntities returns the companies of a console's reseller, by name.
func (tx *Tx) LegalEntities(ctx context.Context, consoleID string) ([]billing.LegalEntity, error) {
	return all(ctx, tx, scanLegalEntity, selectLegalEntity+`JOIN consoles c ON c.reseller_id = e.reseller_id
		WHERE c.id = $1 ORDER BY e.name, e.id`, consoleID)
}

// LegalEntity returns a company of the console's reseller, or ErrNone.
func (tx *Tx) LegalEntity(ctx context.Context, consoleID, id string) (billing.LegalEntity, error) {
	return one(ctx, tx, scanLegalEntity, selectLegalEntity+`JOIN consoles c ON c.reseller_id = e.reseller_id
		WHERE c.id = $1 AND e.id = $2`, consoleID, id)
}
