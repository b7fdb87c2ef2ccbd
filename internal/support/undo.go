package support

import (
	"strings"
	"time"

	"psc/internal/civil"
	"psc/internal/fault"
)

// Decision is what the operator decided about a migration that is to be undone.
type Decision string

// The decisions.
const (
	Approved Decision = "APPROVED"
	Rejected Decision = "REJECTED"
)

// Consent says by what right a migration is undone (spec M10).
type Consent string

// The consents.
const (
	Agreed  Consent = "AGREED"  // the other side has agreed
	Without Consent = "WITHOUT" // it has not, and there is a reason to do it all the same
)

// Consents are all of them.
var Consents = []Consent{Agreed, Without}

// Decided is a decision with its reason: for the consent, or against the undo.
type Decided struct {
	Decision    Decision // empty: nobody has decided
	Consent     Consent  // of an approval
	Reason      string
	BillingDate civil.Date // of an approval
	At          time.Time
}

// reasonLimit is how many characters a reason may have.
const reasonLimit = 1_000

// CheckReason returns the reason as it is kept, or "undo.reason_missing" or "undo.reason_long".
func CheckReason(typed string) (string, error) {
	reason := strings.Join(strings.Fields(typed), " ")
	if reason == "" {
		return "", fault.InvalidField("reason", "undo.reason_missing", nil)
	}
	if len([]rune(reason)) > reasonLimit {
		return "", fault.InvalidField("reason", "undo.reason_long", fault.Args{"Limit": reasonLimit})
	}
	return reason, nil
}
