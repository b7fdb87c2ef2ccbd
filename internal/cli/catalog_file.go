package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"psc/internal/catalog"
	"psc/internal/fault"
	"psc/internal/money"
)

// catalogFile is the file format of the catalogue (docs/catalog.md). Prices are major units, as in a file of customers.
type catalogFile struct {
	SKUs []catalogSKU `json:"skus"`
}

type catalogSKU struct {
	ID            string               `json:"sku_id"`
	Product       string               `json:"product"`
	Name          string               `json:"name"`
	Group         catalog.ProductGroup `json:"product_group"`
	AddOn         bool                 `json:"add_on,omitempty"`
	Edition       *catalogEdition      `json:"edition,omitempty"`
	TrialDays     int64                `json:"trial_days,omitempty"`
	CannotMigrate []catalogBlock       `json:"cannot_migrate,omitempty"`
	Offers        []catalogOffer       `json:"offers,omitempty"`
}

type catalogEdition struct {
	Name     string `json:"name"`
	MaxSeats int64  `json:"max_seats"`
}

type catalogBlock struct {
	Plan   catalog.Plan `json:"plan"`
	Reason string       `json:"reason"`
}

type catalogOffer struct {
	Plan     catalog.Plan   `json:"plan"`
	Currency money.Currency `json:"currency"`
	Price    string         `json:"price"`
}

// readCatalog reads a file of the catalogue. The error says that it is none; wrong are its prices that are none.
func readCatalog(text []byte) (items []catalog.Item, wrong []fault.Field, err error) {
	in := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	in.DisallowUnknownFields()
	var file catalogFile
	if err := in.Decode(&file); err != nil {
		return nil, nil, err
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("something follows the end of the list")
	}
	for i, s := range file.SKUs {
		item := catalog.Item{SKU: catalog.SKU{ID: s.ID, Product: s.Product, Name: s.Name, Group: s.Group, AddOn: s.AddOn, TrialDays: s.TrialDays}}
		if e := s.Edition; e != nil {
			item.Edition, item.EditionSeats = e.Name, e.MaxSeats
			if e.Name == "" || e.MaxSeats == 0 {
				wrong = append(wrong, fault.Field{Name: fmt.Sprintf("skus[%d].edition", i), Key: "catalog.missing"})
			}
		}
		for _, b := range s.CannotMigrate {
			item.Blocks = append(item.Blocks, catalog.Block{Plan: b.Plan, Code: b.Reason})
		}
		for j, o := range s.Offers {
			price, err := money.ParsePrice(o.Price, o.Currency)
			if err != nil && o.Currency.Valid() {
				wrong = append(wrong, wrongPrice(fmt.Sprintf("skus[%d].offers[%d].price", i, j), o, err))
			}
			item.Offers = append(item.Offers, catalog.Offer{SKUID: s.ID, Plan: o.Plan, Currency: o.Currency, Price: price})
		}
		items = append(items, item)
	}
	return items, wrong, nil
}

func wrongPrice(place string, o catalogOffer, err error) fault.Field {
	if errors.Is(err, money.ErrDecimals) {
		return fault.Field{Name: place, Key: "catalog.decimals", Args: fault.Args{"Value": o.Price, "Currency": string(o.Currency)}}
	}
	return fault.Field{Name: place, Key: "catalog.price", Args: fault.Args{"Value": o.Price}}
}

// newCatalogFile returns the catalogue as a file that reads back as the same.
func newCatalogFile(items []catalog.Item) catalogFile {
	return catalogFile{collected(items, func(item catalog.Item) catalogSKU {
		s := catalogSKU{ID: item.ID, Product: item.Product, Name: item.Name, Group: item.Group, AddOn: item.AddOn, TrialDays: item.TrialDays}
		if item.Edition != "" {
			s.Edition = &catalogEdition{item.Edition, item.EditionSeats}
		}
		for _, b := range item.Blocks {
			s.CannotMigrate = append(s.CannotMigrate, catalogBlock{b.Plan, b.Code})
		}
		for _, o := range item.Offers {
			s.Offers = append(s.Offers, catalogOffer{o.Plan, o.Currency, o.Price.In(o.Currency)})
		}
		return s
	})}
}
