package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/fault"
)

type skuAuthorizationJSON struct {
	SKUID     string    `json:"sku_id"`
	Product   string    `json:"product"`
	Name      string    `json:"name"`
	GrantedAt time.Time `json:"granted_at,omitzero"`
}

func skuAuthorizationCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"sku-authorization",
		t.verb("sku-authorization", "list", inConsole, cobra.NoArgs, listSKUAuthorizations),
		grantSKUs(t),
	)
}

func listSKUAuthorizations(ctx context.Context, s *session, _ []string) error {
	list, err := s.SKUAuthorizations(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"sku_id", "product", "name", "granted"}}
	for _, a := range list {
		tab.add(a.ID, a.Product, a.Name, s.when(a.GrantedAt))
	}
	return s.Table(collected(list, func(a app.SKUAuthorization) skuAuthorizationJSON {
		return skuAuthorizationJSON{a.ID, a.Product, a.Name, a.GrantedAt}
	}), tab)
}

func grantSKUs(t *Terminal) *cobra.Command {
	var all bool
	cmd := t.verb("sku-authorization", "grant [SKU_ID...]", inConsole, cobra.ArbitraryArgs, func(ctx context.Context, s *session, ids []string) error {
		if all == (len(ids) > 0) {
			return fault.New(fault.Invalid, "cli.scope", nil)
		}
		if all {
			list, err := s.SKUAuthorizations(ctx, s.actor)
			if err != nil {
				return err
			}
			for _, a := range list {
				ids = append(ids, a.ID)
			}
		}
		if err := s.GrantSKUs(ctx, s.actor, ids); err != nil {
			return err
		}
		return s.Result(map[string][]string{"sku_ids": ids}, string(s.console.AccountID),
			s.Say.T("cli.sku_authorization.granted", "Count", len(ids), "Console", s.console.Name))
	})
	t.yes(cmd, &all, "all")
	return cmd
}
