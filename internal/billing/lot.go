package billing

import (
	"fmt"

	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

// Lot is one prepaid purchase: the seats of a term, of its renewal, or seats added until the term's end (spec B4). It is the root
// of every later value, so it never changes, goes along with each move, and is never charged anew.
type Lot struct {
	ID       string
	Period   civil.Period // [a, e): what it covers; e is the end of the term, exclusive
	Seats    int64
	Price    money.Price  // per seat and whole term; the zero Price where only the sum is known
	TermDays int64        // the days of the whole term
	Charged  money.Amount // X: what was charged for it
}

// NewLot returns the lot of seats bought for a period, which is the term or what is left of it, at a price per seat and whole term:
// X = R(price * seats * (e-a)/term days).
func NewLot(id string, period civil.Period, seats int64, price money.Price, term civil.Period, currency money.Currency) (Lot, error) {
	if seats <= 0 || !price.Valid() || period.Empty() || term.Intersect(period) != period {
		return Lot{}, fmt.Errorf("billing: lot of %d seats at %s for %s in the term %s", seats, price, period, term)
	}
	charged, err := price.For(seats, period.Days(), term.Days())
	if err != nil {
		return Lot{}, err
	}
	return Lot{
		ID: id, Period: period, Seats: seats, Price: price, TermDays: term.Days(),
		Charged: money.Amount{Minor: charged, Currency: currency},
	}, nil
}

// Value returns V(t) = R(X * (e-t)/(e-a)): what is left of the lot at the beginning of t, from all of X on its first day to nothing
// on its end. Another date is the fault "lot.outside_term".
func (l Lot) Value(t civil.Date) (money.Amount, error) {
	if l.Period.Empty() || t < l.Period.From || t > l.Period.To {
		return money.Amount{}, fault.New(fault.Invalid, "lot.outside_term", fault.Args{
			"Date": t.String(), "From": l.Period.From.String(), "Last": l.Period.Last().String(),
		})
	}
	left, err := money.Price{Num: l.Charged.Minor, Den: 1}.For(1, int64(l.Period.To-t), l.Period.Days())
	return money.Amount{Minor: left, Currency: l.Charged.Currency}, err
}

// Charge returns the line of the purchase, for the month in which the lot begins: a commitment, or the renewal of a term.
// A renewal on the day of a move is the new owner's alone (spec B5).
func (l Lot) Charge(to Owner, as LineType) Line {
	line := l.line(to, as, l.Period)
	if l.Price.Valid() {
		line.Price, line.PerDays = l.Price, l.TermDays
	}
	line.Amount = l.Charged
	return line
}

// line is a line over some of the lot's days at the price that was charged per seat for all of them.
func (l Lot) line(to Owner, as LineType, days civil.Period) Line {
	return Line{
		Owner: to, Type: as, Invoice: days.From.Month(), Period: days, PerDays: l.Period.Days(),
		Seats: l.Seats, Price: money.Price{Num: l.Charged.Minor, Den: l.Seats}, Supplied: days.From, LotID: l.ID,
	}
}

// credit gives back what is left of the lot at t.
func (l Lot) credit(to Owner, as LineType, t civil.Date) (Line, error) {
	value, err := l.Value(t)
	if err != nil {
		return Line{}, err
	}
	line := l.line(to, as, civil.Period{From: t, To: l.Period.To})
	line.Credit, line.Supplied = true, l.Period.From
	line.Amount, err = value.Neg()
	return line, err
}

// Transfer is a move of prepaid lots from one owner to another on a billing date, by a migration or by a transfer token. To is
// empty where the subscription goes to the vendor itself.
type Transfer struct {
	MigrationID string
	Date        civil.Date
	From, To    Owner
}

// Lines returns, for each lot that has not ended on the date, the credit -V(D) of who is left and the charge +V(D) of who receives:
// the same number by construction (spec B4, B5).
func (m Transfer) Lines(lots []Lot) ([]Line, error) {
	var lines []Line
	for _, l := range lots {
		if l.Period.To <= m.Date {
			continue
		}
		credit, err := l.credit(m.From, TransferCreditLine, m.Date)
		if err != nil {
			return nil, err
		}
		credit.MigrationID = m.MigrationID
		lines = append(lines, credit)
		if m.To == (Owner{}) {
			continue
		}
		charge := l.line(m.To, TransferChargeLine, credit.Period)
		charge.MigrationID = m.MigrationID
		charge.Amount = money.Amount{Minor: -credit.Amount.Minor, Currency: credit.Amount.Currency}
		lines = append(lines, charge)
	}
	return lines, nil
}

// EndCredits returns the corrections that give back what is left of lots when the operator ends a prepaid plan early and orders
// it; without the order nothing is given back. T is the first day that is no longer used (spec B5).
func EndCredits(lots []Lot, owner Owner, t civil.Date) ([]Line, error) {
	var lines []Line
	for _, l := range lots {
		if l.Period.To <= t {
			continue
		}
		credit, err := l.credit(owner, CorrectionLine, t)
		if err != nil {
			return nil, err
		}
		lines = append(lines, credit)
	}
	return lines, nil
}
