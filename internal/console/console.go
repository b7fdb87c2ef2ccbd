// Package console holds the rules of consoles: their account IDs, the people in them, and what each role may do.
package console

import (
	"slices"
	"time"

	"psc/internal/fault"
)

// Console is one reseller's place of work: the tenant of everything else.
type Console struct {
	ID           string
	AccountID    AccountID
	Name         string
	ResellerID   string
	ResellerName string
	State        State
	CreatedAt    time.Time
}

// State of a console.
type State string

// The states of a console. A suspended one can be read and not changed.
const (
	Active    State = "ACTIVE"
	Suspended State = "SUSPENDED"
)

// Privilege is something a person may do in one console (spec section 1).
type Privilege string

// The privileges.
const (
	ViewCustomers     Privilege = "VIEW_CUSTOMERS"
	AddCustomers      Privilege = "ADD_CUSTOMERS"
	EditCustomers     Privilege = "EDIT_CUSTOMERS"
	TransferCustomers Privilege = "TRANSFER_CUSTOMERS"
	Billing           Privilege = "BILLING"
	SupportCases      Privilege = "SUPPORT_CASES"
	ManageUsers       Privilege = "MANAGE_USERS"
	// SuperAdmin stands for what only a super admin may: connections, agreements, download of all customers.
	SuperAdmin Privilege = "SUPER_ADMIN"
)

// Role is a set of privileges: the name of a built-in one, or the ID of a console's own.
type Role string

// The built-in roles.
const (
	RoleSuperAdmin            Role = "SUPER_ADMIN"
	RoleResellerAdmin         Role = "RESELLER_ADMIN"
	RoleIndirectResellerAdmin Role = "INDIRECT_RESELLER_ADMIN"
	RoleBilling               Role = "BILLING"
	RoleViewer                Role = "VIEWER"
)

// Roles are all built-in roles, the mightiest first.
var Roles = []Role{RoleSuperAdmin, RoleResellerAdmin, RoleIndirectResellerAdmin, RoleBilling, RoleViewer}

var grants = map[Role][]Privilege{
	RoleSuperAdmin: {
		ViewCustomers, AddCustomers, EditCustomers, TransferCustomers, Billing, SupportCases, ManageUsers, SuperAdmin,
	},
	RoleResellerAdmin:         {ViewCustomers, AddCustomers, EditCustomers, TransferCustomers, Billing, SupportCases},
	RoleIndirectResellerAdmin: {ViewCustomers, AddCustomers, EditCustomers, TransferCustomers},
	RoleBilling:               {ViewCustomers, Billing},
	RoleViewer:                {ViewCustomers},
}

// Privileges returns what the role may do.
func (r Role) Privileges() []Privilege { return grants[r] }

// Valid reports whether r is a built-in role.
func (r Role) Valid() bool { _, ok := grants[r]; return ok }

func privileges(r Role, custom CustomRole) []Privilege {
	if r.Valid() {
		return r.Privileges()
	}
	return custom.Privileges
}

func anyOf(held, oneOf []Privilege) bool {
	return slices.ContainsFunc(held, func(p Privilege) bool { return slices.Contains(oneOf, p) })
}

// Person is somebody who signs in. A role belongs to a membership, never to the person.
type Person struct {
	ID           string
	Email        string // normalised: trimmed, lower case
	Name         string
	PasswordHash string // argon2id, or empty: the person cannot sign in by password
	Language     string // "ja", "en", or empty: as the browser says
	TimeZone     string // IANA name, or empty: the billing zone
	Theme        string // "light", "dark", or empty: as the browser says
	Operator     bool   // the vendor's operator
	Joined       bool   // came by an invitation link: nobody has vouched for the e-mail address
	CreatedAt    time.Time
}

// Membership is a person's place in one console.
type Membership struct {
	ConsoleID string
	PersonID  string
	Role      Role
	Custom    CustomRole // what Role is unless it is built in
	State     MemberState
}

// Privileges returns what the member may do.
func (m Membership) Privileges() []Privilege { return privileges(m.Role, m.Custom) }

// May reports whether the member has at least one of the privileges.
func (m Membership) May(oneOf ...Privilege) bool { return anyOf(m.Privileges(), oneOf) }

// MemberState is whether a person works in a console.
type MemberState string

// The states of a membership. Only an active one opens the console; a removed one is remembered and shown nowhere.
const (
	MemberActive    MemberState = "ACTIVE"
	MemberSuspended MemberState = "SUSPENDED"
	MemberRemoved   MemberState = "REMOVED"
	// MemberInvited is the state of a granted role whose person has not come yet.
	MemberInvited MemberState = "INVITED"
)

// Actor is who asks: a person acting in a console, an operator, or the system (a job).
type Actor struct {
	PersonID  string
	Name      string
	ConsoleID string     // the console in which the actor acts
	Role      Role       // the role there; empty for operators and the system
	Custom    CustomRole // what Role is unless it is built in
	Suspended bool       // the console was suspended when the actor entered it
	Operator  bool
	System    bool
	Service   bool        // a service account: PersonID is its ID
	Only      []Privilege // what a token lets through of the rest; nil without a token
}

// May refuses with the fault "forbidden" unless the actor has at least one of the privileges in its console.
// Operators may do what a super admin may, under their own name (spec section 1).
func (a Actor) May(oneOf ...Privilege) error {
	if anyOf(a.Privileges(), oneOf) {
		return nil
	}
	return fault.New(fault.Forbidden, "forbidden", fault.Args{"Privilege": fault.Word("privilege." + string(oneOf[0]))})
}

// MayChange refuses with the fault "console.suspended" what a person wants to change in a suspended console: it can be read.
// Operators may, and what time brings, or was begun before, goes on.
func (a Actor) MayChange() error {
	if !a.Suspended || a.Operator || a.System {
		return nil
	}
	return fault.New(fault.Precondition, "console.suspended", nil)
}

// Privileges returns what the actor may do in its console; operators may do what a super admin may.
func (a Actor) Privileges() []Privilege {
	held := privileges(a.Role, a.Custom)
	if a.Operator || a.System {
		held = operators
	}
	if a.Only != nil {
		return Both(held, a.Only)
	}
	return held
}

var operators = slices.Concat(RoleSuperAdmin.Privileges(), []Privilege{Operate})

// MayGive refuses with the fault "role.beyond" a role with privileges that the actor lacks: nobody makes, gives or takes away what
// may more than they do.
func (a Actor) MayGive(list []Privilege) error {
	for _, p := range list {
		if a.May(p) != nil {
			return fault.New(fault.Forbidden, "role.beyond", fault.Args{"Privilege": fault.Word("privilege." + string(p))})
		}
	}
	return nil
}

// MayOperate refuses with the fault "forbidden_operator" unless the actor is an operator.
func (a Actor) MayOperate() error {
	if a.May(Operate) == nil {
		return nil
	}
	return fault.New(fault.Forbidden, "forbidden_operator", nil)
}
