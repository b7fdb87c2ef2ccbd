// Package customer holds customers, their subscriptions and the orders that changed them.
package customer

import (
	"time"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/money"
)

// State of a customer record in one console.
type State string

// The states. A Moved record is read-only: the customer as it was when it moved away (spec M9). So is a Deleted one, which went
// nowhere.
const (
	Live    State = "LIVE"
	Moved   State = "MOVED"
	Deleted State = "DELETED"
)

// Customer is one console's record of an organisation. The ID is the same in every console it lives in, one after the other.
type Customer struct {
	ConsoleID      string
	ID             string
	Domain         string // lower case
	Name           string
	State          State
	ContactName    string
	ContactEmail   string
	AlternateEmail string // not on the customer's own domain
	Phone          string
	Country        string // ISO 3166-1 alpha-2
	PostalCode     string
	Address        string
	Language       string // BCP 47
	CRMID          string
	TOSAcceptedAt  time.Time // zero: not accepted yet
	CreatedAt      time.Time
	MigrationID    string // the open migration; empty: none, so the subscriptions may be changed (spec M7)
	Blockers       int64  // readiness findings, a bit set of package migration; kept while the console is a connected source
	EvaluatedAt    time.Time
	IdentityAt     time.Time  // when its organisation was given accounts; zero: not by us
	IdentityAdmin  string     // the e-mail address of their first administrator
	MovedAt        time.Time  // or was deleted; zero while live
	MovedBy        string     // the migration that moved it away; empty while live
	Seats          int64      // of all subscriptions that have not ended
	NextRenewal    civil.Date // the nearest end of a term of them; civil.Forever: none has one
}

// MostSeats is how many seats a subscription can have.
const MostSeats = 1_000_000

// SubscriptionState of a subscription.
type SubscriptionState string

// The states. Trial is a subscription that is free until TrialEnd.
const (
	SubActive    SubscriptionState = "ACTIVE"
	SubSuspended SubscriptionState = "SUSPENDED"
	SubTrial     SubscriptionState = "TRIAL"
	SubCancelled SubscriptionState = "CANCELLED"
)

// SuspensionReason says who suspended, in the field's words.
type SuspensionReason string

// The suspension reasons. Only a vendor's keeps a customer from moving.
const (
	SuspendedByReseller SuspensionReason = "RESELLER_INITIATED"
	SuspendedByVendor   SuspensionReason = "VENDOR_INITIATED"
	SuspendedTrialEnded SuspensionReason = "TRIAL_ENDED"
)

// Channel is how a subscription is sold.
type Channel string

// The channels.
const (
	Online  Channel = "ONLINE"
	Offline Channel = "OFFLINE"
)

// RenewalKind is what happens at the end of an annual term, in the Reseller API's words.
type RenewalKind string

// The renewal kinds.
const (
	RenewYearly   RenewalKind = "AUTO_RENEW_YEARLY_PAY"
	RenewMonthly  RenewalKind = "AUTO_RENEW_MONTHLY_PAY"
	RenewFlexible RenewalKind = "SWITCH_TO_PAY_AS_YOU_GO"
	RenewCancel   RenewalKind = "CANCEL"
)

// RenewalKinds are all renewal kinds.
var RenewalKinds = []RenewalKind{RenewYearly, RenewMonthly, RenewFlexible, RenewCancel}

// Subscription of a customer, in one console's record.
type Subscription struct {
	ConsoleID        string
	ID               string
	CustomerID       string
	ExternalID       string // the importing system's; empty if made here
	SKUID            string
	Group            catalog.ProductGroup
	Plan             catalog.Plan
	State            SubscriptionState
	SuspensionReason SuspensionReason
	Channel          Channel
	Seats            int64 // num_units
	MaxSeats         int64 // max_units: the cap of a flexible plan; 0: none
	Currency         money.Currency
	Price            money.Price // per seat; a month's, or a year's for the prepaid plan
	BillingAccountID string
	PurchaseOrderID  string
	Renewal          RenewalKind // empty for flexible plans
	StartDate        civil.Date
	RenewalSeats     int64      // from the next term on; 0: as many as there are
	RenewalSKUID     string     // from the next term on; empty: the same product
	TermStart        civil.Date // 0 for flexible plans
	TermEnd          civil.Date // exclusive; 0 for flexible plans
	TrialEnd         civil.Date // exclusive; 0: no trial
	Moved            bool       // it left with its customer; the row shows it as it was
	CreatedAt        time.Time
}

// OrderState of an order.
type OrderState string

// The states of an order. An open one keeps its customer from moving.
const (
	OrderOpen      OrderState = "OPEN"
	OrderFulfilled OrderState = "FULFILLED"
	OrderCancelled OrderState = "CANCELLED" // by the reseller
	OrderRejected  OrderState = "REJECTED"  // by the vendor
)

// OperatorType says who caused a change, in the Channel API's words (EntitlementChange.OperatorType).
type OperatorType string

// The four operator types.
const (
	ByVendor   OperatorType = "CUSTOMER_SERVICE_REPRESENTATIVE"
	BySystem   OperatorType = "SYSTEM"
	ByCustomer OperatorType = "CUSTOMER"
	ByReseller OperatorType = "RESELLER"
)

// OrderAction is what an order does to its subscription.
type OrderAction string

// The actions of orders.
const (
	OrderCreated      OrderAction = "CREATED"
	OrderSeatsChanged OrderAction = "SEATS_CHANGED"
	OrderPlanChanged  OrderAction = "PLAN_CHANGED"
	OrderSuspended    OrderAction = "SUSPENDED"
	OrderActivated    OrderAction = "ACTIVATED"
	OrderRenewed      OrderAction = "RENEWED"
	OrderPriceChanged OrderAction = "PRICE_CHANGED"
	OrderEnded        OrderAction = "CANCELLED"
	OrderRenewalSet   OrderAction = "RENEWAL_CHANGED" // what happens at the end of the term; its seats are those from then on
	OrderPaid         OrderAction = "PAID_STARTED"    // a trial became a paid subscription
	OrderSKUChanged   OrderAction = "SKU_CHANGED"     // another product
	OrderTransferred  OrderAction = "TRANSFERRED_OUT" // it went to the vendor

	OrderTransferredAway OrderAction = "TRANSFERRED_AWAY" // it went to another reseller, by the customer's token
	OrderTransferredIn   OrderAction = "TRANSFERRED_IN"   // it came from there
)

// Order is one entry of a customer's order history. It stays in the console where it happened (spec M9).
type Order struct {
	ConsoleID      string
	ID             string
	CustomerID     string
	SubscriptionID string
	At             time.Time
	BillingDate    civil.Date
	By             OperatorType
	ByName         string
	Action         OrderAction
	SKUID          string
	Plan           catalog.Plan
	SeatsBefore    int64
	SeatsAfter     int64
	State          OrderState

	AccountID       string // of an order that waits for a new offline subscription, as the rest below
	PurchaseOrderID string
	Renewal         RenewalKind
	MaxSeats        int64
	Reason          string // why it was rejected
}
