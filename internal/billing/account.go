package billing

import (
	"slices"

	"psc/internal/fault"
)

// AccountAction is what the operator does to a billing account.
type AccountAction string

// The actions.
const (
	ApproveAccount  AccountAction = "approve"
	RestrictAccount AccountAction = "restrict" // put on probation
	RestoreAccount  AccountAction = "restore"  // back from probation
	CloseAccount    AccountAction = "close"
)

// AccountActions are all actions.
var AccountActions = []AccountAction{ApproveAccount, RestrictAccount, RestoreAccount, CloseAccount}

// accountMoves is the state machine of billing accounts; nothing leads out of CLOSED.
var accountMoves = map[AccountAction]struct {
	from []AccountState
	to   AccountState
}{
	ApproveAccount:  {[]AccountState{AccountPending}, AccountActive},
	RestrictAccount: {[]AccountState{AccountActive}, AccountProbation},
	RestoreAccount:  {[]AccountState{AccountProbation}, AccountActive},
	CloseAccount:    {[]AccountState{AccountActive, AccountPending, AccountProbation}, AccountClosed},
}

// Next returns the state that the action leads to. It refuses the wrong state ("billing_account.state"), and closing
// an account to which something is still billed ("billing_account.in_use").
func (a Account) Next(action AccountAction, used bool) (AccountState, error) {
	move, known := accountMoves[action]
	switch {
	case !known || !slices.Contains(move.from, a.State):
		return "", fault.New(fault.Conflict, "billing_account.state", fault.Args{"State": string(a.State)})
	case action == CloseAccount && used:
		return "", fault.New(fault.Precondition, "billing_account.in_use", fault.Args{"Account": a.Name})
	default:
		return move.to, nil
	}
}

// Actions returns what the operator may do to an account in its state.
func (a Account) Actions() []AccountAction {
	return slices.DeleteFunc(slices.Clone(AccountActions), func(action AccountAction) bool {
		return !slices.Contains(accountMoves[action].from, a.State)
	})
}
