// Package billing holds billing accounts, who is billed for which days, and what invoices say of it (spec section 6). Amounts are
// whole minor units of one currency; periods have an exclusive end; nothing here reads a clock.
package billing

import (
	"cmp"
	"slices"
	"time"

	"psc/internal/catalog"
	"psc/internal/money"
)

// AccountState of a billing account.
type AccountState string

// The states (spec M3): a pending account waits for the operator; one on probation keeps what it has and takes nothing new.
const (
	AccountActive    AccountState = "ACTIVE"
	AccountPending   AccountState = "PENDING"
	AccountProbation AccountState = "PROBATION"
	AccountClosed    AccountState = "CLOSED"
)

// Pays reports whether what is billed to an account in the state stays there.
func (s AccountState) Pays() bool { return s == AccountActive || s == AccountProbation }

// LegalEntity is the reseller's company behind a billing account.
type LegalEntity struct {
	ID         string
	ResellerID string // only its consoles see it
	Name       string
	Country    string // ISO 3166-1 alpha-2
}

// PaymentDays is when an invoice of a new account is due: so many days after its issue.
const PaymentDays = 30

// Account is what a console's subscriptions are billed to. Currency, group and legal entity never change.
type Account struct {
	ConsoleID     string
	ID            string
	Name          string
	Currency      money.Currency
	Group         catalog.ProductGroup
	LegalEntityID string
	LegalEntity   string // its name
	State         AccountState
	PaymentDays   int64 // after the day of issue, an invoice is due
	Signed        bool  // the console has signed the agreement of the legal entity
	CreatedAt     time.Time
}

// Usable reports whether the account can take something new.
func (a Account) Usable() bool { return a.State == AccountActive && a.Signed }

// Fits reports whether the account can pay for a subscription of this currency and group.
func (a Account) Fits(currency money.Currency, group catalog.ProductGroup) bool {
	return a.Currency == currency && a.Group == group
}

// Namesake reports whether nobody could tell the open account b from a.
func (a Account) Namesake(b Account) bool {
	return b.State != AccountClosed && a.Name == b.Name && a.Fits(b.Currency, b.Group) && a.LegalEntityID == b.LegalEntityID
}

// Suggest picks the account that a subscription moves to unless a person says otherwise: usable and fitting,
// of the same legal entity first, then the oldest (spec M3). It returns false if there is none.
func Suggest(accounts []Account, currency money.Currency, group catalog.ProductGroup, legalEntityID string) (Account, bool) {
	fits := slices.DeleteFunc(slices.Clone(accounts), func(a Account) bool {
		return !a.Usable() || !a.Fits(currency, group)
	})
	if len(fits) == 0 {
		return Account{}, false
	}
	other := func(a Account) int {
		if a.LegalEntityID == legalEntityID {
			return 0
		}
		return 1
	}
	return slices.MinFunc(fits, func(a, b Account) int {
		return cmp.Or(cmp.Compare(other(a), other(b)), a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	}), true
}
