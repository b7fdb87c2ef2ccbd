package cli

import (
	"context"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/fault"
)

func catalogCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"catalog",
		t.verb("catalog", "list", outside, cobra.NoArgs, listCatalog),
		t.verb("catalog", "load FILE", outside, cobra.ExactArgs(1), loadCatalog),
		priceCommand(t),
	)
}

func listCatalog(ctx context.Context, s *session, _ []string) error {
	items, err := s.Catalog(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"sku_id", "product", "name", "product_group", "offers"}}
	for _, item := range items {
		tab.add(item.ID, item.Product, item.Name, string(item.Group), strconv.Itoa(len(item.Offers)))
	}
	return s.Table(newCatalogFile(items), tab)
}

// loadCatalog lists everything that is wrong in the file, in its form and in what it says.
func loadCatalog(ctx context.Context, s *session, args []string) error {
	text, err := os.ReadFile(args[0])
	if err != nil {
		return unusable(err)
	}
	items, wrong, err := readCatalog(text)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "catalog.unreadable", fault.Args{"Problem": err.Error()})
	}
	if len(wrong) > 0 {
		return app.InvalidCatalog(slices.Concat(wrong, catalog.Check(items)))
	}
	if err := s.LoadCatalog(ctx, s.actor, items); err != nil {
		return err
	}
	return s.Result(map[string]int{"skus": len(items)}, args[0], s.Say.T("cli.catalog.loaded", "Count", len(items)))
}
