package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"psc/internal/civil"
	"psc/internal/store"
)

// yearMonths is how many months the home page looks back, the present one included.
const yearMonths = 12

// yearOf returns on which days the last twelve months are counted: their last ones, and today.
func yearOf(today civil.Date) []civil.Date {
	var days []civil.Date
	for n := yearMonths - 1; n > 0; n-- {
		days = append(days, today.Month().First().AddMonths(1-n)-1)
	}
	return append(days, today)
}

// countLicences keeps how many licences every console has today and had at the end of each of the last twelve months. A day that
// is counted is not counted again: what is corrected later changes no earlier count.
func (a *App) countLicences(ctx context.Context, today civil.Date) error {
	var consoles []string
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		consoles, err = tx.ConsolesToCount(ctx, today)
		return err
	}); err != nil {
		return err
	}
	var errs []error
	for _, id := range consoles {
		if err := a.DB.Update(ctx, func(tx *store.Tx) error { return countLicencesOf(ctx, tx, id, today) }); err != nil {
			errs = append(errs, fmt.Errorf("count the licences of %s: %w", id, err))
		}
	}
	return errors.Join(errs...)
}

func countLicencesOf(ctx context.Context, tx *store.Tx, consoleID string, today civil.Date) error {
	days := yearOf(today)
	known, err := tx.LicenceCounts(ctx, consoleID, days[0].Month())
	if err != nil {
		return err
	}
	for _, on := range days {
		if slices.ContainsFunc(known, func(c store.LicenceCount) bool { return c.On == on }) {
			continue
		}
		if err := tx.CountLicences(ctx, consoleID, on); err != nil {
			return err
		}
	}
	return nil
}
