package api

import (
	"context"

	"psc/internal/console"
	pscv1 "psc/proto/psc/v1"
)

// ListConsoles implements pscv1.ConsoleServiceServer.
func (own) ListConsoles(ctx context.Context, r *pscv1.ListConsolesRequest) (*pscv1.ListConsolesResponse, error) {
	list, next, err := pageOf(r, []console.Console{CallerOf(ctx).Console})
	return &pscv1.ListConsolesResponse{Consoles: each(list, consoleOf), NextPageToken: next}, err
}

// GetConsole implements pscv1.ConsoleServiceServer.
func (own) GetConsole(ctx context.Context, r *pscv1.GetConsoleRequest) (*pscv1.Console, error) {
	p, err := at(ctx, "name", r.GetName())
	return consoleOf(p.console), err
}

func consoleOf(c console.Console) *pscv1.Console {
	return &pscv1.Console{
		Name: consoleName(c), AccountId: string(c.AccountID), DisplayName: c.Name, Reseller: c.ResellerName,
		State: enum[pscv1.Console_State](string(c.State)), CreateTime: instant(c.CreatedAt),
	}
}
