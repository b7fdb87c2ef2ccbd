package customercsv

// part says whose column it is.
type part int

const (
	ignored part = iota // written, and not read: IDs are ours (spec section 7)
	ofCustomer
	ofSubscription
)

// column of the file. A required column must be in the header; a required column of the subscription only if
// the header has any column of subscriptions.
type column struct {
	name     string
	part     part
	required bool
	limit    int // characters
}

// columns in the order in which they are written. Names are the field's.
var columns = []column{
	{"customer_id", ignored, false, 100},
	{"org_display_name", ofCustomer, true, 200},
	{"domain", ofCustomer, true, 253},
	{"primary_contact_name", ofCustomer, false, 200},
	{"primary_contact_email", ofCustomer, false, 254},
	{"alternate_email", ofCustomer, false, 254},
	{"phone", ofCustomer, false, 40},
	{"region_code", ofCustomer, false, 2},
	{"postal_code", ofCustomer, false, 20},
	{"address", ofCustomer, false, 500},
	{"language_code", ofCustomer, false, 35},
	{"crm_id", ofCustomer, false, 100},
	{"tos_accepted_at", ofCustomer, false, 40},
	{"created_at", ofCustomer, false, 40},
	{"subscription_external_id", ofSubscription, true, 100},
	{"sku_id", ofSubscription, true, 100},
	{"plan", ofSubscription, true, 40},
	{"num_units", ofSubscription, true, 20},
	{"max_units", ofSubscription, false, 20},
	{"currency", ofSubscription, true, 3},
	{"unit_price", ofSubscription, false, 40},
	{"billing_account_id", ofSubscription, true, 100},
	{"purchase_order_id", ofSubscription, false, 100},
	{"renewal_settings", ofSubscription, false, 40},
	{"start_date", ofSubscription, true, 10},
	{"term_start", ofSubscription, false, 10},
	{"term_end", ofSubscription, false, 10},
	{"trial_end", ofSubscription, false, 10},
	{"status", ofSubscription, false, 40},
	{"suspension_reason", ofSubscription, false, 40},
	{"channel", ofSubscription, false, 40},
}

var byName = func() map[string]column {
	m := make(map[string]column, len(columns))
	for _, c := range columns {
		m[c.name] = c
	}
	return m
}()

// customerColumns are how many columns a customer fills: from org_display_name to created_at.
const customerColumns = 13

// Column is what a reader of the format needs to know of a column: its name, and when it must be there.
type Column struct {
	Name           string
	Required       bool
	OfSubscription bool // required only where the file has any column of subscriptions
}

// Columns are all columns in the order in which they are written.
func Columns() []Column {
	list := make([]Column, len(columns))
	for i, c := range columns {
		list[i] = Column{Name: c.name, Required: c.required, OfSubscription: c.part == ofSubscription}
	}
	return list
}
