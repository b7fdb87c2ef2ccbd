package app

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/store"
)

// choiceColumns are the columns of a file of choices. Reading wants the subscription's and the account's; the others
// are for the person who fills it in.
var choiceColumns = []string{
	"customer_id", "customer_name", "domain", "subscription_id", "sku_name", "plan", "num_units", "currency",
	"product_group", "legal_entity", columnAccount,
}

const (
	columnSubscription = "subscription_id"
	columnAccount      = "billing_account_id"
)

// choicesAtOnce is how many customers are read in one transaction.
const choicesAtOnce = 500

// ClearChoices forgets the accounts that were stored for the started migrations of the scope.
func (a *App) ClearChoices(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope) error {
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := a.connectionOfMain(ctx, tx, actor, connectionID)
		if err != nil {
			return err
		}
		n, err := tx.ClearChoices(ctx, c.MainID, c.SourceID, c.ID, scope)
		if err != nil || n == 0 {
			return err
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: "migration.choices_cleared", Subject: c.ID, Data: map[string]string{"Count": count(n)},
		})
	})
}

// ExportChoices writes the subscriptions of the scope's started migrations as CSV, each with the account it would get.
func (a *App) ExportChoices(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope, given store.Choices, w io.Writer) error {
	out, err := customercsv.NewWriter(w)
	if err != nil {
		return err
	}
	if err := out.Write(choiceColumns); err != nil {
		return err
	}
	if err := a.eachChoice(ctx, actor, connectionID, scope, given, func(p *ChoicePage) error {
		for _, row := range p.Rows {
			if err := out.Write(choiceCells(row, p.Chosen(row))); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// eachChoice gives take all subscriptions of the scope, page by page. Groups and suggestions are those of the first page.
func (a *App) eachChoice(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope, given store.Choices, take func(*ChoicePage) error) error {
	p, err := a.ChoicePage(ctx, actor, connectionID, scope, given, store.Cursor{}, choicesAtOnce)
	for {
		if err != nil {
			return err
		}
		if err := take(&p); err != nil || p.Next == (store.Cursor{}) {
			return err
		}
		err = a.DB.View(ctx, func(tx *store.Tx) error {
			if _, err := a.connectionOfMain(ctx, tx, actor, connectionID); err != nil {
				return err
			}
			return p.turn(ctx, tx, scope, p.Next, choicesAtOnce)
		})
	}
}

func choiceCells(row store.ChoiceRow, account string) []string {
	cells := []string{
		row.CustomerID, row.CustomerName, row.Domain, row.ID, row.SKUName, string(row.Plan), strconv.FormatInt(row.Seats, 10),
		string(row.Currency), string(row.Group), row.LegalEntity, account,
	}
	for i, cell := range cells {
		cells[i] = customercsv.Guard(cell)
	}
	return cells
}

// choiceLine is a line of a file of choices.
type choiceLine struct {
	line                  int
	subscription, account string
}

// ImportChoices stores the accounts that a file names for subscriptions of the scope's started migrations, and returns
// for how many. The whole file is checked first: it is refused with every bad line ("migration.csv_invalid"), or stored.
// A subscription without an account in the file, or that the file does not name, keeps what it has.
func (a *App) ImportChoices(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope, file io.ReadSeeker) (n int64, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return 0, err
	}
	lines, err := readChoices(ctx, file)
	if err != nil {
		return 0, err
	}
	rows := map[string]store.ChoiceRow{}
	var accounts []billing.Account
	if err := a.eachChoice(ctx, actor, connectionID, scope, store.Choices{}, func(p *ChoicePage) error {
		accounts = p.Accounts
		for _, row := range p.Rows {
			rows[row.ID] = row
		}
		return nil
	}); err != nil {
		return 0, err
	}
	own, err := checkLines(lines, rows, accounts)
	if err != nil || len(own) == 0 {
		return 0, err
	}
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := a.connectionOfMain(ctx, tx, actor, connectionID)
		if err != nil {
			return err
		}
		if n, err = tx.StoreOwnChoices(ctx, c.MainID, c.SourceID, c.ID, scope, own); err != nil || n == 0 {
			return err
		}
		if err := tx.LeaveRuns(ctx, c.MainID, c.SourceID, c.ID, slices.Collect(maps.Keys(own))); err != nil {
			return err
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: "migration.choices_imported", Subject: c.ID, Data: map[string]string{"Count": count(n)},
		})
	})
	return n, err
}

// readChoices reads the lines of a file of choices.
func readChoices(ctx context.Context, file io.ReadSeeker) ([]choiceLine, error) {
	text, err := customercsv.Text(ctx, file)
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(text)
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if err != nil {
		return nil, fault.New(fault.Invalid, "migration.csv_columns", nil)
	}
	for i, name := range header {
		header[i] = strings.ToLower(strings.TrimSpace(name))
	}
	sub, acc := slices.Index(header, columnSubscription), slices.Index(header, columnAccount)
	if sub < 0 || acc < 0 {
		return nil, fault.New(fault.Invalid, "migration.csv_columns", nil)
	}
	var lines []choiceLine
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			if bad, ok := errors.AsType[*csv.ParseError](err); ok {
				return nil, fault.New(fault.Invalid, "migration.csv_broken", fault.Args{"Line": bad.Line})
			}
			return nil, err
		}
		line, _ := in.FieldPos(0)
		l := choiceLine{line: line, subscription: choiceCell(cells, sub), account: choiceCell(cells, acc)}
		if l.subscription != "" || l.account != "" {
			lines = append(lines, l)
		}
	}
}

func choiceCell(cells []string, i int) string {
	if i >= len(cells) {
		return ""
	}
	return customercsv.Unguard(strings.TrimSpace(cells[i]))
}

// problemsKept is how many bad lines of a file are told.
const problemsKept = 1_000

// checkLines returns the accounts that the lines name, or every line that is wrong.
func checkLines(lines []choiceLine, rows map[string]store.ChoiceRow, accounts []billing.Account) (map[string]string, error) {
	own, bad := map[string]string{}, 0
	var fields []fault.Field
	for _, l := range lines {
		f, ok := checkLine(l, rows, accounts, own)
		if ok {
			continue
		}
		if bad++; bad <= problemsKept {
			fields = append(fields, f)
		}
	}
	if bad > 0 {
		refusal := fault.New(fault.Invalid, "migration.csv_invalid", fault.Args{"Count": bad})
		refusal.Fields = fields
		return nil, refusal
	}
	return own, nil
}

func checkLine(l choiceLine, rows map[string]store.ChoiceRow, accounts []billing.Account, own map[string]string) (fault.Field, bool) {
	wrong := func(key string, args fault.Args) (fault.Field, bool) {
		args["Line"] = l.line
		return fault.Field{Name: "file", Key: key, Args: args}, false
	}
	row, ok := rows[l.subscription]
	if !ok {
		return wrong("migration.csv_subscription", fault.Args{"Value": l.subscription})
	}
	if l.account == "" {
		return fault.Field{}, true
	}
	i := slices.IndexFunc(accounts, func(acc billing.Account) bool { return acc.ID == l.account })
	switch before, twice := own[l.subscription]; {
	case i < 0:
		return wrong("migration.csv_account", fault.Args{"Value": l.account})
	case !accounts[i].Fits(row.Currency, row.Group):
		return wrong("migration.csv_fit", fault.Args{
			"Account": accounts[i].Name, "Customer": row.CustomerName, "Currency": string(row.Currency), "Group": row.Group.Name(),
		})
	case twice && before != l.account:
		return wrong("migration.csv_twice", fault.Args{"Value": l.subscription})
	}
	own[l.subscription] = l.account
	return fault.Field{}, true
}
