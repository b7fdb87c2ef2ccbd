package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/store"
)

// EditContact changes a customer's name and contact data; what else c says is not looked at. It may be done while the
// customer is being moved (spec M7). seen is the ContactMark of what the person had in view: if somebody has changed that
// since, nothing is changed, and the fault "customer.edited_meanwhile" says what they wrote. Empty: whatever is there.
func (a *App) EditContact(ctx context.Context, actor console.Actor, c customer.Customer, seen string) error {
	if err := actor.May(console.EditCustomers); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Customer(ctx, actor.ConsoleID, c.ID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		if err := was.CheckLive(); err != nil {
			return err
		}
		c.ConsoleID, c.Domain = was.ConsoleID, was.Domain
		checked, fields := customercsv.Contact(c)
		if len(fields) > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "customer.invalid", Fields: ofForm(fields)}
		}
		if seen != "" && seen != ContactMark(was) {
			return &fault.Error{Kind: fault.Conflict, Key: "customer.edited_meanwhile", Fields: differences(was, checked)}
		}
		if ok, err := tx.SetContact(ctx, checked); err != nil || !ok {
			return orTooLate(err)
		}
		return a.record(ctx, tx, now, actor, contactEdited(was.Name, checked))
	})
}

// contactEdited tells of changed contact data, and of what the customer was called if its name changes.
func contactEdited(was string, c customer.Customer) entry {
	e := entry{Action: "customer.edited", Subject: c.ID, Customer: c.ID, Data: map[string]string{"Customer": c.Name}}
	if was != c.Name {
		e.Action, e.Data["Was"] = "customer.renamed", was
	}
	return e
}

// ContactMark identifies the present contact data: a form that carries another one shows what was there before.
func ContactMark(c customer.Customer) string {
	var text strings.Builder
	for _, f := range c.Contact() {
		text.WriteString(strconv.Quote(f.Value))
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:8])
}

// differences says of each field that the customer has and the form has otherwise, what it is now.
func differences(is, form customer.Customer) (fields []fault.Field) {
	wanted := form.Contact()
	for i, f := range is.Contact() {
		switch f.Value {
		case wanted[i].Value:
		case "":
			fields = append(fields, fault.Field{Name: f.Name, Key: "customer.field.now_empty"})
		default:
			fields = append(fields, fault.Field{Name: f.Name, Key: "customer.field.now", Args: fault.Args{"Value": f.Value}})
		}
	}
	return fields
}

// ofForm speaks of fields where the rules of the file speak of cells.
func ofForm(fields []fault.Field) []fault.Field {
	for i := range fields {
		if key, ok := strings.CutPrefix(fields[i].Key, "import.cell."); ok {
			fields[i].Key = "customer.field." + key
		}
	}
	return fields
}
