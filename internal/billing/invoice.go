package billing

import (
	"fmt"

	"psc/internal/money"
)

// Totals are the sums of one invoice.
type Totals struct {
	Net   money.Amount // of all lines, before tax: what a move conserves
	Taxes []TaxRow     // one per rate
	Gross money.Amount // with tax; negative: it becomes credit balance
}

// TotalsOf adds up the lines of one invoice. A line of another currency is the fault "money.currency_differs".
func TotalsOf(currency money.Currency, lines []Line, tax Tax) (Totals, error) {
	net, err := sumLines(currency, lines)
	if err != nil {
		return Totals{}, err
	}
	taxes, err := tax.Rows(currency, lines)
	if err != nil {
		return Totals{}, err
	}
	gross := net
	for _, row := range taxes {
		if gross, err = gross.Add(row.Tax); err != nil {
			return Totals{}, err
		}
	}
	return Totals{Net: net, Taxes: taxes, Gross: gross}, nil
}

func sumLines(currency money.Currency, lines []Line) (money.Amount, error) {
	amounts := make([]money.Amount, len(lines))
	for i, l := range lines {
		amounts[i] = l.Amount
	}
	return money.Sum(currency, amounts...)
}

// Settlement says how an invoice is paid. None of its amounts is negative.
type Settlement struct {
	Applied money.Amount // of the account's credit balance
	Due     money.Amount // what is left to pay
	Balance money.Amount // the account's credit balance afterwards
}

// Settle applies the account's credit balance to an invoice; what an invoice gives back is added to the balance (spec B6).
func (t Totals) Settle(balance money.Amount) (Settlement, error) {
	if balance.Minor < 0 {
		return Settlement{}, fmt.Errorf("billing: credit balance of %s", balance)
	}
	none := money.Amount{Currency: t.Gross.Currency}
	left, err := balance.Sub(t.Gross)
	switch {
	case err != nil:
		return Settlement{}, err
	case t.Gross.Minor < 0:
		return Settlement{Applied: none, Due: none, Balance: left}, nil
	case left.Minor < 0: // it is more than the balance
		due, err := t.Gross.Sub(balance)
		return Settlement{Applied: balance, Due: due, Balance: none}, err
	default:
		return Settlement{Applied: t.Gross, Due: none, Balance: left}, nil
	}
}
