package app

import (
	"context"
	"maps"

	"psc/internal/connection"
	"psc/internal/store"
)

// ends are the two consoles of a connection as notices and events name them. Before the source has accepted, its account
// ID is all that the main knows of it (spec C9).
type ends struct {
	MainID, SourceID string
	Accepted         bool
}

func endsOf(c connection.Connection) ends { return ends{c.MainID, c.SourceID, !c.AcceptedAt.IsZero()} }

func endsOfRun(op store.Operation) ends { return ends{op.ConsoleID, op.SourceID, true} }

// tell returns what a notice or an event says: the consoles by name and account ID, and what else there is.
func (e ends) tell(ctx context.Context, tx *store.Tx, more map[string]string) (map[string]string, error) {
	main, err := tx.Console(ctx, e.MainID)
	if err != nil {
		return nil, err
	}
	source, err := tx.Console(ctx, e.SourceID)
	data := map[string]string{
		"Main": main.Name, "MainID": string(main.AccountID), "Reseller": main.ResellerName, "SourceID": string(source.AccountID),
	}
	if e.Accepted {
		data["Source"] = source.Name
	}
	maps.Copy(data, more)
	return data, err
}
