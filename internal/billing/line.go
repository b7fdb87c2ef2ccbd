package billing

import (
	"math/big"

	"psc/internal/civil"
	"psc/internal/money"
)

// LineType says what a line of an invoice is for.
type LineType string

// The types of lines.
const (
	UsageLine          LineType = "USAGE"           // days of a monthly plan
	CommitmentLine     LineType = "COMMITMENT"      // a prepaid purchase
	RenewalLine        LineType = "RENEWAL"         // a prepaid purchase that renews a term
	TransferCreditLine LineType = "TRANSFER_CREDIT" // what is left of a prepaid lot, to who is left
	TransferChargeLine LineType = "TRANSFER_CHARGE" // the same, to who receives
	CorrectionLine     LineType = "CORRECTION"      // of earlier days, come late or ordered
)

// LineTypes are all types.
var LineTypes = []LineType{UsageLine, CommitmentLine, RenewalLine, TransferCreditLine, TransferChargeLine, CorrectionLine}

// Line is what one owner's invoice says about some days of one subscription.
type Line struct {
	Owner
	Type        LineType
	Invoice     civil.Month  // the invoice that it belongs to
	Period      civil.Period // the usage dates; To is exclusive, while documents show Period.Last()
	PerDays     int64        // the days that the price is for: of the calendar month, the term or the lot
	Seats       int64
	Price       money.Price // per seat for PerDays days, exact; of a transferred lot what was charged for it per seat
	Amount      money.Amount
	Credit      bool       // it gives back: its amount is zero or negative
	Supplied    civil.Date // the day of the original supply, which decides its tax rate
	LotID       string     // of prepaid lines
	MigrationID string     // the move that the line comes from or begins with
}

// Exact returns what the line amounts to in minor units without rounding. A line of a monthly plan differs from it by what its
// rounding carries over from the days before (spec B3).
func (l Line) Exact() *big.Rat {
	exact := l.Price.Exact(l.Seats, l.Period.Days(), l.PerDays)
	if l.Credit {
		exact.Neg(exact)
	}
	return exact
}
