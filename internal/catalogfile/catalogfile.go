// Package catalogfile reads and writes the catalogue as JSON (docs/catalog.md).
package catalogfile

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

// File is the whole file. Prices are major units, as in a file of customers.
type File struct {
	SKUs []SKU `json:"skus"`
}

// SKU is one SKU with its offers.
type SKU struct {
	ID            string               `json:"sku_id"`
	Product       string               `json:"product"`
	Name          string               `json:"name"`
	Group         catalog.ProductGroup `json:"product_group"`
	AddOn         bool                 `json:"add_on,omitempty"`
	Edition       *Edition             `json:"edition,omitempty"`
	TrialDays     int64                `json:"trial_days,omitempty"`
	CannotMigrate []Block              `json:"cannot_migrate,omitempty"`
	Offers        []Offer              `json:"offers,omitempty"`
}

// Edition is what SKUs share a cap by.
type Edition struct {
	Name     string `json:"name"`
	MaxSeats int64  `json:"max_seats"`
}

// Block says on which plan the SKU keeps a customer from moving.
type Block struct {
	Plan   catalog.Plan `json:"plan"`
	Reason string       `json:"reason"`
}

// Offer is a price.
type Offer struct {
	Plan     catalog.Plan   `json:"plan"`
	Currency money.Currency `json:"currency"`
	Price    string         `json:"price"`
}

// Read reads a file. The error says that it is none; wrong are its prices that are none.
func Read(text []byte) (items []catalog.Item, wrong []fault.Field, err error) {
	in := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	in.DisallowUnknownFields()
	var file File
	if err := in.Decode(&file); err != nil {
		return nil, nil, unreadable(err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, unreadable(errors.New("something follows the end of the list"))
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

func unreadable(err error) error {
	return fault.Wrap(err, fault.Invalid, "catalog.unreadable", fault.Args{"Problem": err.Error()})
}

func wrongPrice(place string, o Offer, err error) fault.Field {
	if errors.Is(err, money.ErrDecimals) {
		return fault.Field{Name: place, Key: "catalog.decimals", Args: fault.Args{"Value": o.Price, "Currency": string(o.Currency)}}
	}
	return fault.Field{Name: place, Key: "catalog.price", Args: fault.Args{"Value": o.Price}}
}

// Of returns the catalogue as a file that reads back as the same.
func Of(items []catalog.Item) File {
	file := File{SKUs: make([]SKU, len(items))}
	for i, item := range items {
		s := SKU{ID: item.ID, Product: item.Product, Name: item.Name, Group: item.Group, AddOn: item.AddOn, TrialDays: item.TrialDays}
		if item.Edition != "" {
			s.Edition = &Edition{item.Edition, item.EditionSeats}
		}
		for _, b := range item.Blocks {
			s.CannotMigrate = append(s.CannotMigrate, Block{b.Plan, b.Code})
		}
		for _, o := range item.Offers {
			s.Offers = append(s.Offers, Offer{o.Plan, o.Currency, o.Price.In(o.Currency)})
		}
		file.SKUs[i] = s
	}
	return file
}
