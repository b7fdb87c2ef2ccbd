package app

import (
	"context"
	"slices"

	"psc/internal/catalog"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
)

// Ask is what the source asks its main to clear: a reason and what it is about, never a customer (spec C9, R1).
type Ask struct {
	Code     migration.Code
	Currency money.Currency       // of the billing-account codes
	Group    catalog.ProductGroup // of the billing-account codes
	SKUID    string               // of SKU_NOT_AUTHORIZED
}

// topic is a reason that a main can be asked about: who is told there, where it is cleared, and what it is about.
type topic struct {
	code          migration.Code
	audience      console.Privilege
	path          string
	ofAccount     bool // a currency and a product group
	ofSKU         bool
	pathHasFields bool // the page takes currency and product group
}

var topics = []topic{
	{code: migration.NoBillingAccountInCurrency, audience: console.Billing, path: "/billing/new", ofAccount: true, pathHasFields: true},
	{code: migration.BillingAccountNotActive, audience: console.Billing, path: "/billing", ofAccount: true},
	{code: migration.AgreementNotSigned, audience: console.SuperAdmin, path: "/agreements", ofAccount: true},
	{code: migration.SKUNotAuthorized, audience: console.AddCustomers, path: "/sku-authorizations", ofSKU: true},
	{code: migration.AlreadyCustomerOfMain, audience: console.AddCustomers, path: "/customers"},
}

// MayAsk reports whether the main can be asked about the reason.
func MayAsk(code migration.Code) bool { return slices.Contains(AskedCodes(), code) }

// AskedCodes are the reasons about which the main can be asked.
func AskedCodes() []migration.Code {
	codes := make([]migration.Code, len(topics))
	for i, t := range topics {
		codes[i] = t.code
	}
	return codes
}

// AskMain asks the people of the main to clear a reason. While a request stands open, asking again
// tells nobody anything.
func (a *App) AskMain(ctx context.Context, actor console.Actor, connectionID string, ask Ask) error {
	if err := actor.May(console.AddCustomers, console.TransferCustomers); err != nil {
		return err
	}
	i := slices.Index(AskedCodes(), ask.Code)
	if i < 0 {
		return fault.New(fault.Invalid, "migration.ask_unknown", nil)
	}
	to := topics[i]
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if c.SideOf(actor.ConsoleID) != connection.Source {
			return fault.New(fault.Precondition, "migration.wrong_side", nil)
		}
		if c.State != connection.Connected {
			return fault.New(fault.Precondition, "connection.state", fault.Args{"State": string(c.State)})
		}
		data, path, err := ask.words(ctx, tx, to)
		if err != nil {
			return err
		}
		data["Path"] = path
		if data, err = endsOf(c).tell(ctx, tx, data); err != nil {
			return err
		}
		about := string(ask.Code) + "/" + string(ask.Currency) + "/" + string(ask.Group) + "/" + ask.SKUID
		kind := "migration.asked." + string(ask.Code)
		asked, err := a.request(ctx, tx, now, store.Notice{
			ConsoleID: c.MainID, Kind: kind, Audience: to.audience, Data: data, Dedupe: c.ID + "/asked/" + about,
		})
		if err != nil || !asked {
			return err
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: kind, Subject: c.ID, Other: c.MainID, As: connection.Source, Data: data,
		})
	})
}

// words checks what the reason is about, and returns it for messages, with the address of the page that clears it.
func (ask Ask) words(ctx context.Context, tx *store.Tx, to topic) (data map[string]string, path string, err error) {
	data, path = map[string]string{}, to.path
	switch {
	case to.ofAccount:
		if !ask.Currency.Valid() || !ask.Group.Valid() {
			return nil, "", fault.New(fault.Invalid, "migration.ask_unknown", nil)
		}
		data = map[string]string{"Currency": string(ask.Currency), "Group": ask.Group.Name()}
		if to.pathHasFields {
			path += "?currency=" + string(ask.Currency) + "&product_group=" + string(ask.Group)
		}
	case to.ofSKU:
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return nil, "", err
		}
		sku, ok := skus[ask.SKUID]
		if !ok {
			return nil, "", fault.New(fault.Invalid, "migration.ask_unknown", nil)
		}
		data = map[string]string{"SKU": sku.Name}
	}
	return data, path, nil
}
