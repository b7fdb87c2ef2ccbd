package catalog_test

import (
	"testing"

	"psc/internal/catalog"
	"psc/internal/money"
)

func good() catalog.Item {
	return catalog.Item{
		SKU: catalog.SKU{
			ID: "s", Product: "P", Name: "N", Group: catalog.GoogleWorkspace,
			Blocks: []catalog.Block{{Plan: catalog.AnnualMonthlyPay, Code: "HAS_VOICE_COMMITMENT"}},
		},
		Offers: []catalog.Offer{{Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 100, Den: 1}}},
	}
}

func TestCheckTakesWhatIsRight(t *testing.T) {
	t.Parallel()
	other := good()
	other.ID, other.Blocks, other.Offers = "t", nil, nil
	if wrong := catalog.Check([]catalog.Item{good(), other}); len(wrong) > 0 {
		t.Errorf("%+v", wrong)
	}
}

func TestCheckFindsEveryMistakeAtItsPlace(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		key    string
		change func(*catalog.Item)
	}{
		"skus[0].sku_id":                   {"catalog.missing", func(i *catalog.Item) { i.ID = " " }},
		"skus[0].product":                  {"catalog.text", func(i *catalog.Item) { i.Product = " P" }},
		"skus[0].product_group":            {"catalog.choice", func(i *catalog.Item) { i.Group = "MAPS" }},
		"skus[0].cannot_migrate[0].plan":   {"catalog.choice", func(i *catalog.Item) { i.Blocks[0].Plan = "MONTHLY" }},
		"skus[0].cannot_migrate[0].reason": {"catalog.choice", func(i *catalog.Item) { i.Blocks[0].Code = "OPEN_ORDER" }},
		"skus[0].cannot_migrate[1].plan":   {"catalog.twice", func(i *catalog.Item) { i.Blocks = append(i.Blocks, i.Blocks[0]) }},
		"skus[0].offers[0].plan":           {"catalog.choice", func(i *catalog.Item) { i.Offers[0].Plan = "" }},
		"skus[0].offers[0].currency":       {"catalog.currency", func(i *catalog.Item) { i.Offers[0].Currency = "XXX" }},
		"skus[0].offers[1].plan":           {"catalog.twice", func(i *catalog.Item) { i.Offers = append(i.Offers, i.Offers[0]) }},
	} {
		item := good()
		c.change(&item)
		wrong := catalog.Check([]catalog.Item{item})
		if len(wrong) != 1 || wrong[0].Name != want || wrong[0].Key != c.key {
			t.Errorf("want %s %s: %+v", want, c.key, wrong)
		}
	}
	if wrong := catalog.Check([]catalog.Item{good(), good()}); len(wrong) != 1 || wrong[0].Name != "skus[1].sku_id" {
		t.Errorf("a SKU twice: %+v", wrong)
	}
	if wrong := catalog.Check(nil); len(wrong) != 1 || wrong[0].Key != "catalog.empty" {
		t.Errorf("nothing: %+v", wrong)
	}
}
