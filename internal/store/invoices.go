package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

// ErrNotClosing is what writing an invoice returns unless its month is being closed: an issued invoice never changes.
var ErrNotClosing = errors.New("the month is not being closed")

// Invoice is an issued invoice: what it says is its own copy, whatever changes afterwards.
type Invoice struct {
	ConsoleID, ID      string
	Number             string
	Year               int // of its month
	Seq                int64
	IssuerID, Issuer   string
	RegistrationNumber string
	TaxRounding        money.Rounding
	AccountID, Account string
	LegalEntity        string
	Currency           money.Currency
	Month              civil.Month
	billing.Totals
	billing.Settlement
	Lines    int64
	IssuedOn civil.Date
	DueOn    civil.Date // when what is due is to be paid, by the account's terms on the day of issue
	IssuedAt time.Time
}

// InvoiceID returns the ID of the one invoice that an account has of a month.
func InvoiceID(accountID string, m civil.Month) string {
	return "inv_" + strings.ReplaceAll(m.String(), "-", "") + "_" + accountID
}

// InvoiceLine is a line of an invoice with what it names.
type InvoiceLine struct {
	billing.Line
	Billed
	ChargeID       string // empty for usage, which is computed
	CounterpartyID string // the other console's account ID, on transfers
}

// id names a line within its invoice.
func (l InvoiceLine) id() string {
	if l.ChargeID != "" {
		return l.ChargeID
	}
	return l.SubscriptionID + "/" + l.Period.From.String()
}

// InsertInvoiceLines writes lines of invoices of a month of a console that is being closed.
func (tx *Tx) InsertInvoiceLines(ctx context.Context, consoleID string, m civil.Month, lines []InvoiceLine) error {
	if err := tx.whileClosing(ctx, consoleID, m); err != nil {
		return err
	}
	return insertAll(ctx, tx, "invoice_lines", lines, func(l InvoiceLine) map[string]any {
		return map[string]any{
			"console_id": consoleID, "invoice_id": InvoiceID(l.Owner.AccountID, m), "id": l.id(), "line_type": l.Type,
			"customer_id": l.CustomerID, "customer_name": l.CustomerName, "domain": l.Domain, "subscription_id": l.SubscriptionID,
			"sku_id": l.SKUID, "sku_name": l.SKUName, "plan": l.Plan, "purchase_order_id": l.PurchaseOrderID,
			"billing_account_id": l.Owner.AccountID, "from_date": l.Period.From, "to_date": l.Period.To, "per_days": l.PerDays,
			"seats": l.Seats, "price_num": l.Price.Num, "price_den": l.Price.Den, "currency": l.Amount.Currency,
			"amount": l.Amount.Minor, "credit": flag(l.Credit), "supplied_date": l.Supplied, "lot_id": l.LotID,
			"migration_id": l.MigrationID, "counterparty_id": l.CounterpartyID, "charge_id": l.ChargeID,
		}
	}, "")
}

// DropInvoiceLines forgets the lines of a month that is being closed and of which no invoice was issued.
func (tx *Tx) DropInvoiceLines(ctx context.Context, consoleID string, m civil.Month) error {
	if err := tx.whileClosing(ctx, consoleID, m); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM invoice_lines WHERE console_id = $1
		AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.console_id = $1 AND i.id = invoice_lines.invoice_id)`, consoleID)
	return err
}

// LineSums are the lines of an invoice added up.
type LineSums struct {
	Lines   []billing.Line // one per day of supply, with nothing but that and the amount
	Charged money.Amount   // of those lines that were charged before
	Count   int64
}

// half splits sums of 64-bit numbers in two, so that no database's own sum can overflow.
const half = 1 << 32

// joined is the sum of which a database has added up the halves.
func joined(high, low int64) (int64, error) {
	sum := new(big.Int).Mul(big.NewInt(high), big.NewInt(half))
	if sum.Add(sum, big.NewInt(low)); !sum.IsInt64() {
		return 0, fault.New(fault.Invalid, "money.overflow", nil)
	}
	return sum.Int64(), nil
}

// InvoiceSums adds up the lines that are written of an invoice.
func (tx *Tx) InvoiceSums(ctx context.Context, consoleID, invoiceID string, currency money.Currency) (s LineSums, err error) {
	charged := []money.Amount{}
	_, err = all(ctx, tx, func(r Rows) (struct{}, error) {
		var usage, n, high, low int64
		l := billing.Line{}
		err := r.Scan(&l.Supplied, &l.Amount.Currency, &usage, &n, &high, &low)
		if err != nil {
			return struct{}{}, err
		}
		if l.Amount.Minor, err = joined(high, low); err != nil {
			return struct{}{}, err
		}
		s.Lines = append(s.Lines, l)
		s.Count += n
		if usage == 0 {
			charged = append(charged, l.Amount)
		}
		return struct{}{}, nil
	}, `SELECT supplied_date, currency, CASE WHEN charge_id = '' THEN 1 ELSE 0 END, count(*),
			CAST(sum(amount / 4294967296) AS bigint), CAST(sum(amount % 4294967296) AS bigint)
		FROM invoice_lines WHERE console_id = $1 AND invoice_id = $2 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, consoleID, invoiceID)
	if err != nil {
		return s, err
	}
	s.Charged, err = money.Sum(currency, charged...)
	return s, err
}

// IssueInvoice gives an invoice the issuer's next number and writes it, what it does to the account's balance, and the ledger,
// while its month is being closed. charged is what the ledger has as unbilled.
func (tx *Tx) IssueInvoice(ctx context.Context, issuer billing.Issuer, inv Invoice, charged money.Amount) (Invoice, error) {
	if err := tx.whileClosing(ctx, inv.ConsoleID, inv.Month); err != nil {
		return inv, err
	}
	seq, err := tx.nextNumber(ctx, issuer.ID, inv.Month.Year)
	if err != nil {
		return inv, err
	}
	inv.Year, inv.Seq, inv.Number = inv.Month.Year, seq, issuer.Number(inv.Month.Year, seq)
	inv.IssuerID, inv.Issuer = issuer.ID, issuer.Name
	inv.RegistrationNumber, inv.TaxRounding = issuer.RegistrationNumber, issuer.TaxRounding
	taxes, err := json.Marshal(inv.Taxes)
	if err != nil {
		return inv, err
	}
	_, err = tx.exec(ctx, `INSERT INTO invoices (console_id, id, number, year, seq, issuer_id, issuer_name, registration_number,
			tax_rounding, billing_account_id, account_name, legal_entity_name, currency, month, net, taxes, gross, applied, due,
			balance, line_count, issued_on, issued_at, due_on)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, b.id, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, CAST($22 AS bigint), $23,
			CAST($22 AS bigint) + b.payment_days
		FROM billing_accounts b WHERE b.console_id = $1 AND b.id = $10`,
		inv.ConsoleID, inv.ID, inv.Number, inv.Year, inv.Seq, inv.IssuerID, inv.Issuer, inv.RegistrationNumber,
		inv.TaxRounding, inv.AccountID, inv.Account, inv.LegalEntity, inv.Currency, inv.Month.First(), inv.Net.Minor, string(taxes),
		inv.Gross.Minor, inv.Applied.Minor, inv.Due.Minor, inv.Balance.Minor, inv.Lines, inv.IssuedOn, micros(inv.IssuedAt))
	if err != nil {
		return inv, err
	}
	return inv, errors.Join(tx.moveBalance(ctx, inv), tx.bookInvoice(ctx, inv, charged))
}

const selectInvoice = `SELECT console_id, id, number, year, seq, issuer_id, issuer_name, registration_number, tax_rounding,
	billing_account_id, account_name, legal_entity_name, currency, month, net, taxes, gross, applied, due, balance, line_count,
	issued_on, due_on, issued_at FROM invoices `

func scanInvoice(r Rows) (i Invoice, err error) {
	var first civil.Date
	var taxes string
	var at int64
	if err := r.Scan(&i.ConsoleID, &i.ID, &i.Number, &i.Year, &i.Seq, &i.IssuerID, &i.Issuer, &i.RegistrationNumber,
		&i.TaxRounding, &i.AccountID, &i.Account, &i.LegalEntity, &i.Currency, &first, &i.Net.Minor, &taxes, &i.Gross.Minor,
		&i.Applied.Minor, &i.Due.Minor, &i.Balance.Minor, &i.Lines, &i.IssuedOn, &i.DueOn, &at); err != nil {
		return i, err
	}
	for _, a := range []*money.Amount{&i.Net, &i.Gross, &i.Applied, &i.Due, &i.Balance} {
		a.Currency = i.Currency
	}
	i.Month, i.IssuedAt = first.Month(), instant(at)
	if err := json.Unmarshal([]byte(taxes), &i.Taxes); err != nil {
		return i, fmt.Errorf("read the taxes of %s: %w", i.ID, err)
	}
	return i, nil
}

// Invoices returns the newest issued invoices of a console, by account within a month.
func (tx *Tx) Invoices(ctx context.Context, consoleID string, limit int) ([]Invoice, error) {
	return all(ctx, tx, scanInvoice, selectInvoice+`WHERE console_id = $1 ORDER BY month DESC, seq LIMIT $2`, consoleID, limit)
}

// MonthSum is what was invoiced for a month in a currency, before tax.
type MonthSum struct {
	Month civil.Month
	Net   money.Amount
}

// MonthSums adds up the issued invoices of a console from a month on, by currency and month.
func (tx *Tx) MonthSums(ctx context.Context, consoleID string, from civil.Month) ([]MonthSum, error) {
	return all(ctx, tx, func(r Rows) (s MonthSum, err error) {
		var first civil.Date
		var high, low int64
		if err := r.Scan(&s.Net.Currency, &first, &high, &low); err != nil {
			return s, err
		}
		s.Month = first.Month()
		s.Net.Minor, err = joined(high, low)
		return s, err
	}, `SELECT currency, month, CAST(sum(net / 4294967296) AS bigint), CAST(sum(net % 4294967296) AS bigint)
		FROM invoices WHERE console_id = $1 AND month >= $2 GROUP BY 1, 2 ORDER BY 1, 2`, consoleID, from.First())
}

// Invoice returns an issued invoice of the console by its ID or number, or ErrNone.
func (tx *Tx) Invoice(ctx context.Context, consoleID, idOrNumber string) (Invoice, error) {
	return one(ctx, tx, scanInvoice, selectInvoice+`WHERE console_id = $1 AND (id = $2 OR number = $2)`, consoleID, idOrNumber)
}

// LineCursor is where a page of an invoice's lines ends.
type LineCursor struct {
	CustomerName, CustomerID, SubscriptionID string
	From                                     civil.Date
	ID                                       string
}

// InvoiceLines returns the next lines of an issued invoice, by customer, subscription and day, and where to go on.
func (tx *Tx) InvoiceLines(ctx context.Context, inv Invoice, after LineCursor, limit int) ([]InvoiceLine, LineCursor, error) {
	list, err := all(ctx, tx, scanInvoiceLine(inv), `SELECT id, line_type, customer_id, customer_name, domain, subscription_id, sku_id,
			sku_name, plan, purchase_order_id, from_date, to_date, per_days, seats, price_num, price_den, currency, amount,
			credit, supplied_date, lot_id, migration_id, counterparty_id, charge_id FROM invoice_lines
		WHERE console_id = $1 AND invoice_id = $2
			AND (customer_name, customer_id, subscription_id, from_date, id) > ($3, $4, $5, $6, $7)
		ORDER BY customer_name, customer_id, subscription_id, from_date, id LIMIT $8`, inv.ConsoleID, inv.ID,
		after.CustomerName, after.CustomerID, after.SubscriptionID, after.From, after.ID, limit)
	if err != nil || len(list) == 0 {
		return nil, after, err
	}
	l := list[len(list)-1]
	return list, LineCursor{l.CustomerName, l.CustomerID, l.SubscriptionID, l.Period.From, l.id()}, nil
}

func scanInvoiceLine(inv Invoice) func(Rows) (InvoiceLine, error) {
	return func(r Rows) (l InvoiceLine, err error) {
		var id string
		var credit int64
		err = r.Scan(&id, &l.Type, &l.CustomerID, &l.CustomerName, &l.Domain, &l.SubscriptionID, &l.SKUID, &l.SKUName, &l.Plan,
			&l.PurchaseOrderID, &l.Period.From, &l.Period.To, &l.PerDays, &l.Seats, &l.Price.Num, &l.Price.Den,
			&l.Amount.Currency, &l.Amount.Minor, &credit, &l.Supplied, &l.LotID, &l.MigrationID, &l.CounterpartyID, &l.ChargeID)
		l.Owner = billing.Owner{ConsoleID: inv.ConsoleID, AccountID: inv.AccountID}
		l.AccountID, l.Currency = inv.AccountID, inv.Currency
		l.Invoice, l.Credit = inv.Month, credit == 1
		return l, err
	}
}
