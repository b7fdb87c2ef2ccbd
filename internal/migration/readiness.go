package migration

import (
	"slices"

	"psc/internal/catalog"
	"psc/internal/money"
)

// Code is a reason why a customer cannot migrate (spec R1).
type Code string

// The readiness codes.
const (
	WaitingPeriod              Code = "WAITING_PERIOD" // derived from the connection, never stored
	HasGoogleCloud             Code = "HAS_GOOGLE_CLOUD"
	HasVoiceCommitment         Code = "HAS_VOICE_COMMITMENT"
	NoBillingAccountInCurrency Code = "NO_BILLING_ACCOUNT_IN_CURRENCY"
	BillingAccountNotActive    Code = "BILLING_ACCOUNT_NOT_ACTIVE"
	AgreementNotSigned         Code = "AGREEMENT_NOT_SIGNED"
	OpenOrder                  Code = "OPEN_ORDER"
	SKUNotAuthorized           Code = "SKU_NOT_AUTHORIZED"
	PendingTOS                 Code = "PENDING_TOS"
	SuspendedByVendor          Code = "SUSPENDED_BY_VENDOR"
	AlreadyCustomerOfMain      Code = "ALREADY_CUSTOMER_OF_MAIN"
)

// Return reasons that are not readiness codes: what can go wrong between the choice and the move.
const (
	AccountNotUsable Code = "ACCOUNT_NOT_USABLE" // the chosen account cannot take it any more
	ChoiceMissing    Code = "CHOICE_MISSING"     // a subscription without a chosen account
	MoveFailed       Code = "MOVE_FAILED"        // an error of ours; the log has it
)

// Clearer is who can clear a finding.
type Clearer string

// Who can act.
const (
	BySource   Clearer = "SOURCE"
	ByMain     Clearer = "MAIN"
	ByVendor   Clearer = "VENDOR"
	ByCustomer Clearer = "CUSTOMER"
)

// bits gives each stored code its place in a customer's Blockers, in the order in which findings are shown.
// The places are in the database: add at the end, never reorder.
var bits = []Code{
	HasGoogleCloud, HasVoiceCommitment, NoBillingAccountInCurrency, BillingAccountNotActive, AgreementNotSigned,
	OpenOrder, SKUNotAuthorized, PendingTOS, SuspendedByVendor, AlreadyCustomerOfMain,
}

var clearers = map[Code]Clearer{
	WaitingPeriod: BySource, HasGoogleCloud: ByVendor, HasVoiceCommitment: ByVendor,
	NoBillingAccountInCurrency: ByMain, BillingAccountNotActive: ByVendor, AgreementNotSigned: ByMain,
	OpenOrder: BySource, SKUNotAuthorized: ByVendor, PendingTOS: ByCustomer, SuspendedByVendor: ByVendor,
	AlreadyCustomerOfMain: ByMain,
	AccountNotUsable:      ByMain, ChoiceMissing: ByMain, MoveFailed: ByVendor,
}

// Codes are all codes that are stored as blockers.
func Codes() []Code { return slices.Clone(bits) }

// Bit returns the code's bit in Blockers; 0 for codes that are not stored.
func (c Code) Bit() int64 {
	if i := slices.Index(bits, c); i >= 0 {
		return 1 << i
	}
	return 0
}

// Clearer returns who can act on the code.
func (c Code) Clearer() Clearer { return clearers[c] }

// CodesOf returns the codes in a bit set, in the order in which they are shown.
func CodesOf(blockers int64) []Code {
	var codes []Code
	for _, c := range bits {
		if blockers&c.Bit() != 0 {
			codes = append(codes, c)
		}
	}
	return codes
}

// NeverMoves reports whether a reason is among the blockers that nothing clears (spec R1).
func NeverMoves(blockers int64) bool {
	return blockers&(HasGoogleCloud.Bit()|HasVoiceCommitment.Bit()) != 0
}

// Finding is one reason with what it is about.
type Finding struct {
	Code     Code
	SKUID    string               // the SKU concerned; empty: the customer as a whole
	Currency money.Currency       // for the billing-account codes
	Group    catalog.ProductGroup // for the billing-account codes
}
