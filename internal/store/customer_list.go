package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// MigrationPlace is where a live customer stands on its way to a main.
type MigrationPlace string

// The places. Ready and NotReady are known of the customers of a connected source.
const (
	Ready     MigrationPlace = "READY"
	NotReady  MigrationPlace = "NOT_READY"
	Migrating MigrationPlace = "MIGRATING"
)

// MigrationPlaces are all places.
var MigrationPlaces = []MigrationPlace{Ready, NotReady, Migrating}

// CustomerFilter says which of a console's customers are asked for; what is empty asks for nothing in particular. What is asked
// of subscriptions holds for one of the customer's that has not ended.
type CustomerFilter struct {
	State                customer.State
	Search               string // a part of the name or the domain
	SKUID                string
	Plan                 catalog.Plan
	Status               customer.SubscriptionState
	Reason               customer.SuspensionReason
	Currency             money.Currency
	RenewsFrom, RenewsTo civil.Date // when the next term or trial ends, RenewsTo exclusive
	TermsFrom, TermsTo   civil.Date // when the term, not the trial, of that subscription ends, both inclusive; 0: at any time
	SeatsFrom, SeatsTo   int64      // both inclusive
	Migration            MigrationPlace
}

// CustomerKey is what a list of customers is sorted by.
type CustomerKey string

// The keys.
const (
	ByName    CustomerKey = "name"
	ByDomain  CustomerKey = "domain"
	ByCreated CustomerKey = "created"
	ByRenewal CustomerKey = "renewal"
	BySeats   CustomerKey = "seats"
)

// customerKeys are the columns of the keys; each has its index.
var customerKeys = map[CustomerKey]order{
	ByName: {column: "sort_name"}, ByDomain: {column: "domain"}, ByCreated: {column: "created_at", number: true},
	ByRenewal: {column: "next_renewal", number: true}, BySeats: {column: "seats", number: true},
}

// sorted is so of all customers; only statements that say it are given the indexes of the keys.
const sorted = ` AND c.moved_at >= 0`

// CustomerOrder is the order of a list of customers.
type CustomerOrder struct {
	Key  CustomerKey // ByName if empty
	Down bool
}

func (o CustomerOrder) order() order {
	by, ok := customerKeys[o.Key]
	if !ok {
		by = customerKeys[ByName]
	}
	by.down = o.Down
	return by
}

// Place returns where a customer stands in the order.
func (o CustomerOrder) Place(c customer.Customer) Cursor {
	at := Cursor{SortName: customer.SortName(c.Name), ID: c.ID}
	switch o.Key {
	case ByDomain:
		at.SortName = c.Domain
	case ByCreated:
		at.SortName = strconv.FormatInt(micros(c.CreatedAt), 10)
	case ByRenewal:
		at.SortName = strconv.Itoa(int(c.NextRenewal))
	case BySeats:
		at.SortName = strconv.FormatInt(c.Seats, 10)
	case ByName:
	}
	return at
}

// few is how many customers are looked for one by one. What a filter asks for and fewer have is found by its index; of what
// more have, a walk through the list in its order soon has a page. It is also how many are walked to count them.
const few = 5_000

// arguments of a statement, in the order in which its text names them.
type arguments []any

// add returns the place of one more.
func (a *arguments) add(v any) string {
	*a = append(*a, v)
	return "$" + strconv.Itoa(len(*a))
}

// subscription returns what is asked of one subscription s, each with " AND " before it; empty: nothing.
func (f CustomerFilter) subscription(a *arguments) string {
	var sql strings.Builder
	for _, asked := range []struct{ column, value string }{
		{"sku_id", f.SKUID},
		{"plan", string(f.Plan)},
		{"state", string(f.Status)},
		{"suspension_reason", string(f.Reason)},
		{"currency", string(f.Currency)},
	} {
		if asked.value != "" {
			sql.WriteString(" AND s." + asked.column + " = " + a.add(asked.value))
		}
	}
	sql.WriteString(f.terms(a))
	return sql.String()
}

// terms returns when the term of a subscription s ends, in the words of the index subscriptions_due.
func (f CustomerFilter) terms(a *arguments) (sql string) {
	if f.TermsFrom > 0 {
		sql = " AND " + endOfS + " >= " + a.add(f.TermsFrom)
	}
	if f.TermsTo > 0 {
		sql += " AND " + endOfS + " <= " + a.add(f.TermsTo)
	}
	if sql != "" {
		sql += " AND " + endOfS + " > 0 AND s.state <> 'TRIAL'"
	}
	return sql
}

const endOfS = `CASE WHEN s.state = 'TRIAL' THEN s.trial_end ELSE s.term_end END`

// search returns what is asked of the texts of a customer c, each with " AND " before it.
func (f CustomerFilter) search(a *arguments) string {
	var sql strings.Builder
	for _, word := range searchWords(f.Search) {
		if isCustomerID(word) {
			sql.WriteString(" AND c.id = " + a.add(word))
			continue
		}
		sql.WriteString(" AND c.search_text LIKE " + a.add(contains(word)) + ` ESCAPE '\'`)
	}
	return sql.String()
}

// renews returns what is asked of the renewals of a customer c, called as given.
func (f CustomerFilter) renews(a *arguments, column string) string {
	if f.RenewsTo == 0 {
		return ""
	}
	return " AND " + column + " >= " + a.add(f.RenewsFrom) + " AND " + column + " < " + a.add(f.RenewsTo)
}

// seats returns what is asked of the seats of a customer c, called as given.
func (f CustomerFilter) seats(a *arguments, column string) (sql string) {
	if f.SeatsFrom > 0 {
		sql = " AND " + column + " >= " + a.add(f.SeatsFrom)
	}
	if f.SeatsTo > 0 {
		sql += " AND " + column + " <= " + a.add(f.SeatsTo)
	}
	return sql
}

// migration returns where a customer c stands.
func (f CustomerFilter) migration() string {
	switch f.Migration {
	case Ready:
		return " AND c.state = 'LIVE' AND c.migration_id = '' AND c.blockers = 0 AND c.evaluated_at > 0"
	case NotReady:
		return " AND c.state = 'LIVE' AND c.migration_id = '' AND (c.blockers <> 0 OR c.evaluated_at = 0)"
	case Migrating:
		return " AND c.migration_id <> ''"
	default:
		return ""
	}
}

// conditions returns all that is asked of a customer c of the console $1, each with " AND " before it. A plus before a column
// that is not the order's keeps SQLite from taking its index, after which it would have to sort.
func (f CustomerFilter) conditions(a *arguments, by order) string {
	called := func(column string) string {
		if column == by.column {
			return "c." + column
		}
		return "+c." + column
	}
	sql := f.search(a) + f.renews(a, called("next_renewal")) + f.seats(a, called("seats"))
	sql += strings.ReplaceAll(f.migration(), "c.migration_id", "c.migration_id || ''")
	if s := f.subscription(a); s != "" {
		sql += ` AND EXISTS (SELECT 1 FROM subscriptions s WHERE s.console_id = $1 AND s.customer_id = c.id
			AND s.state <> 'CANCELLED'` + s + `)`
	}
	return sql
}

// ways returns statements that find by an index the IDs of what one part of the filter asks for; more is found than asked for,
// never less.
func (f CustomerFilter) ways(consoleID string) (list []way) {
	var of arguments
	console := of.add(consoleID)
	if s := f.subscription(&of); s != "" {
		list = append(list, way{`SELECT s.customer_id FROM subscriptions s WHERE s.console_id = ` + console + `
			AND s.currency IN (SELECT currency FROM billing_accounts WHERE console_id = ` + console + `)
			AND s.created_at >= 0 AND s.plan IN ('FLEXIBLE', 'ANNUAL_MONTHLY_PAY', 'ANNUAL_YEARLY_PAY') AND s.state IN ('ACTIVE', 'SUSPENDED', 'TRIAL')
			AND s.suspension_reason IN ('', 'RESELLER_INITIATED', 'VENDOR_INITIATED', 'TRIAL_ENDED')` + s, of})
	}
	var due arguments
	if sql := `SELECT s.customer_id FROM subscriptions s WHERE s.console_id = ` + due.add(consoleID) + ` AND s.moved = 0 AND s.state <> 'CANCELLED'`; f.TermsFrom+f.TermsTo > 0 {
		list = append(list, way{sql + f.terms(&due), due})
	}
	for _, word := range searchWords(f.Search) {
		var of arguments
		if isCustomerID(word) {
			list = append(list, way{`SELECT c.id FROM customers c WHERE c.console_id = ` + of.add(consoleID) + ` AND c.id = ` + of.add(word), of})
			continue
		}
		from, to := termRange(word)
		list = append(list, way{`SELECT t.customer_id FROM customer_terms t WHERE t.console_id = ` + of.add(consoleID) +
			` AND t.term >= ` + of.add(from) + ` AND t.term < ` + of.add(to), of})
	}
	for _, part := range []func(*arguments) string{
		func(a *arguments) string { return f.renews(a, "c.next_renewal") }, func(a *arguments) string { return f.seats(a, "c.seats") },
		func(*arguments) string { return f.migration() },
	} {
		var of arguments
		sql := `SELECT c.id FROM customers c WHERE c.console_id = ` + of.add(consoleID) + ` AND c.state = ` + of.add(f.State) + sorted
		if asked := part(&of); asked != "" {
			list = append(list, way{sql + asked, of})
		}
	}
	return list
}

type way struct {
	sql  string
	args arguments
}

// hits returns the IDs of a few customers among which all are that the filter asks for; false: they are not few.
func (tx *Tx) hits(ctx context.Context, consoleID string, f CustomerFilter, most int) (ids []string, ok bool, err error) {
	for _, w := range f.ways(consoleID) {
		found, err := all(ctx, tx, scalar[string], w.sql+` LIMIT `+w.args.add(most), w.args...)
		if err != nil {
			return nil, false, err
		}
		if len(found) < most {
			ids, ok, most = found, true, max(len(found), 1)
		}
	}
	return ids, ok, nil
}

// chosen returns from where and on which conditions customers c are read that the filter asks for, and whether they are among
// few. $1 is the console and $2 the state. CROSS JOIN has SQLite begin with the few.
func (tx *Tx) chosen(ctx context.Context, consoleID string, f CustomerFilter, by order, most int) (from, where string, a arguments, found bool, err error) {
	a = arguments{consoleID, f.State}
	where = f.conditions(&a, by)
	ids, found, err := tx.hits(ctx, consoleID, f, most)
	from = `customers c WHERE c.console_id = $1 AND c.state = $2`
	if f.State == customer.Moved {
		from += ` AND c.moved_by <> ''` // and not deleted
	}
	if by.column != customerKeys[ByName].column {
		from += sorted
	}
	if found {
		slices.Sort(ids)
		from = `(SELECT value->>'id' AS hit ` + each(a.add(idList(slices.Compact(ids)))) + `) h CROSS JOIN ` + from + ` AND c.id = h.hit`
	}
	return from, where, a, found, err
}

// CustomersPage returns a page of the customers that are asked for, in the order.
func (tx *Tx) CustomersPage(ctx context.Context, consoleID string, f CustomerFilter, by CustomerOrder, page Page) (List[customer.Customer], error) {
	return tx.customersPage(ctx, consoleID, f, by, page, few)
}

func (tx *Tx) customersPage(
	ctx context.Context, consoleID string, f CustomerFilter, by CustomerOrder, page Page, most int,
) (List[customer.Customer], error) {
	from, where, a, _, err := tx.chosen(ctx, consoleID, f, by.order(), most)
	if err != nil {
		return List[customer.Customer]{}, err
	}
	return pageBy(ctx, tx, scanCustomer, page, by.order(), []string{`SELECT ` + customerFields + ` FROM ` + from + where}, a...)
}

// Count is how many rows a list has; More: at least.
type Count struct {
	N    int
	More bool
}

// CountCustomers counts the customers that are asked for. Where all are asked for it counts up to CountLimit, where many are it
// counts among those that stand first by name.
func (tx *Tx) CountCustomers(ctx context.Context, consoleID string, f CustomerFilter) (Count, error) {
	return tx.countCustomers(ctx, consoleID, f, few)
}

func (tx *Tx) countCustomers(ctx context.Context, consoleID string, f CustomerFilter, few int) (Count, error) {
	by := customerKeys[ByName]
	from, where, a, found, err := tx.chosen(ctx, consoleID, f, by, few)
	if err != nil {
		return Count{}, err
	}
	most, columns := CountLimit-1, "c.*"
	if where == "" {
		columns = "c.id"
	} else if !found {
		from, most = from+` ORDER BY c.sort_name, c.id`, few
	}
	return one(ctx, tx, func(r Rows) (c Count, err error) {
		var walked int
		err = r.Scan(&walked, &c.N)
		c.More = walked > most
		c.N = min(c.N, most)
		return c, err
	}, `SELECT count(*), COALESCE(CAST(sum(CASE WHEN c.id <> ''`+where+` THEN 1 ELSE 0 END) AS bigint), 0)
		FROM (SELECT `+columns+` FROM `+from+` LIMIT `+a.add(most+1)+`) c`, a...)
}
