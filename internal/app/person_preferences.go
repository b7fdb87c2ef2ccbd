package app

import (
	"context"
	"slices"
	"time"

	"psc/internal/fault"
	"psc/internal/store"
)

// Preferences are how a person likes to see pages. A field that is nil stays as it is; empty means as the browser says.
type Preferences struct {
	Language, TimeZone, Theme *string
}

// SetPreferences stores the preferences of the person who asks.
func (a *App) SetPreferences(ctx context.Context, personID string, set Preferences) error {
	if err := set.check(); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, personID)
		if err != nil {
			return found(err, "person.not_found")
		}
		for was, is := range map[*string]*string{&p.Language: set.Language, &p.TimeZone: set.TimeZone, &p.Theme: set.Theme} {
			if is != nil {
				*was = *is
			}
		}
		return tx.SetPreferences(ctx, p)
	})
}

func (set Preferences) check() error {
	if set.Language != nil && !slices.Contains([]string{"", "ja", "en"}, *set.Language) {
		return fault.InvalidField("language", "person.language", nil)
	}
	if set.Theme != nil && !slices.Contains([]string{"", "light", "dark"}, *set.Theme) {
		return fault.InvalidField("theme", "person.theme", nil)
	}
	if set.TimeZone != nil {
		if _, err := time.LoadLocation(*set.TimeZone); err != nil || *set.TimeZone == "Local" {
			return fault.InvalidField("zone", "person.zone", nil)
		}
	}
	return nil
}
