package app

import (
	"context"
	"maps"
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

// asked says of each reason that a main can be asked about who is told there, and where it is cleared.
var asked = map[migration.Code]struct {
	audience console.Privilege
	path     string
}{
	migration.NoBillingAccountInCurrency: {console.Billing, "/billing/new"},
	migration.BillingAccountNotActive:    {console.Billing, "/billing"},
	migration.AgreementNotSigned:         {console.SuperAdmin, "/agreements"},
	migration.SKUNotAuthorized:           {console.AddCustomers, "/sku-authorizations"},
	migration.AlreadyCustomerOfMain:      {console.AddCustomers, "/customers"},
}

// MayAsk reports whether the main can be asked about the reason.
func MayAsk(code migration.Code) bool { _, ok := asked[code]; return ok }

// AskedCodes are the reasons about which the main can be asked.
func AskedCodes() []migration.Code { return slices.Sorted(maps.Keys(asked)) }

// AskMain asks the people of the main to clear a reason. Asking twice on one day tells them once.
func (a *App) AskMain(ctx context.Context, actor console.Actor, connectionID string, ask Ask) error {
	if err := actor.May(console.AddCustomers, console.TransferCustomers); err != nil {
		return err
	}
	to, ok := asked[ask.Code]
	if !ok {
		return fault.New(fault.Invalid, "migration.ask_unknown", nil)
	}
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
		data, path, err := ask.words(ctx, tx)
		if err != nil {
			return err
		}
		source, err := tx.Console(ctx, c.SourceID)
		if err != nil {
			return err
		}
		about := string(ask.Code) + "/" + string(ask.Currency) + "/" + string(ask.Group) + "/" + ask.SKUID
		kind := "migration.asked." + string(ask.Code)
		if err := a.record(ctx, tx, now, actor, entry{
			Action: kind, Subject: c.ID, Other: c.MainID, As: connection.Source, Data: data,
		}); err != nil {
			return err
		}
		told := maps.Clone(data)
		told["Console"], told["Path"] = source.Name, to.path+path
		return a.notify(ctx, tx, now, store.Notice{
			ConsoleID: c.MainID, Kind: kind, Audience: to.audience, Data: told,
			Dedupe: c.ID + "/asked/" + about + "/" + a.billingDate(now).String(),
		})
	})
}

// words checks what the reason is about, and returns it for messages and for the address of the page that clears it.
func (ask Ask) words(ctx context.Context, tx *store.Tx) (data map[string]string, query string, err error) {
	switch ask.Code {
	case migration.NoBillingAccountInCurrency, migration.BillingAccountNotActive, migration.AgreementNotSigned:
		if !ask.Currency.Valid() || !ask.Group.Valid() {
			return nil, "", fault.New(fault.Invalid, "migration.ask_unknown", nil)
		}
		data = map[string]string{"Currency": string(ask.Currency), "Group": ask.Group.Name()}
		if ask.Code == migration.NoBillingAccountInCurrency {
			query = "?currency=" + string(ask.Currency) + "&product_group=" + string(ask.Group)
		}
	case migration.SKUNotAuthorized:
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return nil, "", err
		}
		sku, ok := skus[ask.SKUID]
		if !ok {
			return nil, "", fault.New(fault.Invalid, "migration.ask_unknown", nil)
		}
		data = map[string]string{"SKU": sku.Name}
	default:
		data = map[string]string{}
	}
	return data, query, nil
}
