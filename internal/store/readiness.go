package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"psc/internal/catalog"
	"psc/internal/migration"
	"psc/internal/money"
)

// findingsSQL is the one text that knows spec R1: for the customers in "scope" (id, domain, tos_accepted_at) of the
// source $1, "finding" has a row for each live subscription with the bits that it gives, and "own" a row for each
// customer with the bits of the customer itself. $2 is the main. A subscription that can never move gives that reason
// alone: an account for it would be of no use. "verdict" puts them together without a join: PostgreSQL, as long as it has
// no statistics of freshly imported rows, would join them in a time that grows with the square of the customers. CROSS JOIN
// has SQLite begin with the scope; otherwise it would walk through all subscriptions of the source for it.
var findingsSQL = withBits(`
	account AS MATERIALIZED (
		SELECT b.currency, b.product_group,
			CASE WHEN max(CASE WHEN b.state = 'ACTIVE' AND g.legal_entity_id IS NOT NULL THEN 1 ELSE 0 END) = 1 THEN 0
				WHEN max(CASE WHEN b.state = 'ACTIVE' THEN 1 ELSE 0 END) = 1 THEN {AGREEMENT_NOT_SIGNED}
				ELSE {BILLING_ACCOUNT_NOT_ACTIVE} END AS bits
		FROM billing_accounts b
		LEFT JOIN agreements g ON g.console_id = b.console_id AND g.legal_entity_id = b.legal_entity_id
		WHERE b.console_id = $2 AND b.state <> 'CLOSED'
		GROUP BY b.currency, b.product_group
	),
	finding AS (
		SELECT s.customer_id, s.sku_id, s.currency, s.product_group,
			CASE WHEN b.code = 'HAS_GOOGLE_CLOUD' THEN {HAS_GOOGLE_CLOUD}
				WHEN b.code = 'HAS_VOICE_COMMITMENT' THEN {HAS_VOICE_COMMITMENT}
				ELSE COALESCE(a.bits, {NO_BILLING_ACCOUNT_IN_CURRENCY})
					+ CASE WHEN z.sku_id IS NULL THEN {SKU_NOT_AUTHORIZED} ELSE 0 END END
			+ CASE WHEN s.suspension_reason = 'VENDOR_INITIATED' THEN {SUSPENDED_BY_VENDOR} ELSE 0 END AS bits
		FROM scope c CROSS JOIN subscriptions s
		LEFT JOIN sku_blocks b ON b.sku_id = s.sku_id AND b.plan = s.plan
		LEFT JOIN account a ON a.currency = s.currency AND a.product_group = s.product_group
		LEFT JOIN sku_authorizations z ON z.console_id = $2 AND z.sku_id = s.sku_id
		WHERE s.console_id = $1 AND s.customer_id = c.id AND s.moved <> 1 AND s.state <> 'CANCELLED'
	),
	own AS (
		SELECT c.id AS customer_id,
			CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.console_id = $1 AND o.customer_id = c.id AND o.state = 'OPEN')
				THEN {OPEN_ORDER} ELSE 0 END
			+ CASE WHEN c.tos_accepted_at = 0 THEN {PENDING_TOS} ELSE 0 END
			+ CASE WHEN EXISTS (SELECT 1 FROM customers t WHERE t.console_id = $2 AND t.state = 'LIVE' AND t.domain = c.domain)
				THEN {ALREADY_CUSTOMER_OF_MAIN} ELSE 0 END AS bits
		FROM scope c
	),
	verdict AS (
		SELECT x.customer_id, CAST(` + sumOfBits("x.bits") + ` AS bigint) AS bits
		FROM (SELECT customer_id, bits FROM own UNION ALL SELECT customer_id, bits FROM finding) x
		GROUP BY x.customer_id
	)`)

// withBits puts each code's bit in the place of its name in braces.
func withBits(sql string) string {
	for _, c := range migration.Codes() {
		sql = strings.ReplaceAll(sql, "{"+string(c)+"}", strconv.FormatInt(c.Bit(), 10))
	}
	return sql
}

// sumOfBits aggregates bit sets by "or", which only one of the engines has.
func sumOfBits(column string) string {
	codes := migration.Codes()
	terms := make([]string, len(codes))
	for i, c := range codes {
		terms[i] = fmt.Sprintf("max(%s & %d)", column, c.Bit())
	}
	return strings.Join(terms, " + ")
}

// scopeOfIDs limits findingsSQL to the customers of the list $3.
var scopeOfIDs = `WITH scope AS (
		SELECT id, domain, tos_accepted_at FROM customers
		WHERE console_id = $1 AND state <> 'MOVED' AND id IN (SELECT value->>'id' ` + each("$3") + `)
	),`

// scopeAfter limits findingsSQL to the $4 live customers after the ID $3. They are asked for as those that have not moved,
// which PostgreSQL without statistics finds by ID; as those that are live it would sort all of them for every chunk.
const scopeAfter = `WITH scope AS (
		SELECT id, domain, tos_accepted_at FROM customers
		WHERE console_id = $1 AND state <> 'MOVED' AND id > $3 ORDER BY id LIMIT $4
	),`

// scopeOfNamesakes limits findingsSQL to the customers that have the domain of one of the main's customers of the list $3.
var scopeOfNamesakes = `WITH scope AS (
		SELECT id, domain, tos_accepted_at FROM customers WHERE console_id = $1 AND state = 'LIVE' AND domain IN (
			SELECT n.domain FROM customers n WHERE n.console_id = $2 AND n.id IN (SELECT value->>'id' ` + each("$3") + `))
	),`

const writeVerdict = ` UPDATE customers SET blockers = v.bits, evaluated_at = $5
	FROM verdict v WHERE customers.console_id = $1 AND customers.id = v.customer_id
	AND (customers.blockers <> v.bits OR customers.evaluated_at = 0)`

// EvaluateCustomers evaluates the readiness of these customers of the source against the main.
func (tx *Tx) EvaluateCustomers(ctx context.Context, sourceID, mainID string, ids []string, now time.Time) error {
	return tx.evaluate(ctx, scopeOfIDs, sourceID, mainID, ids, now)
}

// EvaluateNamesakes evaluates those customers of the source whose domains the main has taken with these customers of its own.
func (tx *Tx) EvaluateNamesakes(ctx context.Context, sourceID, mainID string, ids []string, now time.Time) error {
	return tx.evaluate(ctx, scopeOfNamesakes, sourceID, mainID, ids, now)
}

func (tx *Tx) evaluate(ctx context.Context, scope, sourceID, mainID string, ids []string, now time.Time) error {
	_, err := tx.exec(ctx, scope+findingsSQL+strings.ReplaceAll(writeVerdict, "$5", "$4"),
		sourceID, mainID, idList(ids), micros(now))
	return err
}

// EvaluateAfter evaluates the next limit customers of the source after an ID and returns the last one's; empty: there
// were none.
func (tx *Tx) EvaluateAfter(ctx context.Context, sourceID, mainID, after string, limit int, now time.Time) (string, error) {
	last, err := one(ctx, tx, scalar[string], `SELECT COALESCE(max(id), '') FROM (SELECT id FROM customers
		WHERE console_id = $1 AND state <> 'MOVED' AND id > $2 ORDER BY id LIMIT $3) x`, sourceID, after, limit)
	if err != nil || last == "" {
		return "", err
	}
	_, err = tx.exec(ctx, scopeAfter+findingsSQL+writeVerdict, sourceID, mainID, after, limit, micros(now))
	return last, err
}

// TellReadiness notes what those customers of the source after an ID up to another are whose readiness has not been told
// yet, and returns how many are ready and how many are not; with all, whatever was told before. Customers that move are left out.
func (tx *Tx) TellReadiness(ctx context.Context, sourceID, after, upTo string, everybody bool) (ready, notReady int64, err error) {
	told, err := all(ctx, tx, scalar[int64], `UPDATE customers SET told_ready = CASE WHEN blockers = 0 THEN 1 ELSE 2 END
		WHERE console_id = $1 AND id > $2 AND id <= $3 AND state = 'LIVE' AND migration_id = ''
			AND ($4 = 1 OR told_ready <> CASE WHEN blockers = 0 THEN 1 ELSE 2 END)
		RETURNING told_ready`, sourceID, after, upTo, flag(everybody))
	for _, t := range told {
		if t == 1 {
			ready++
		} else {
			notReady++
		}
	}
	return ready, notReady, err
}

// Verdicts returns the blockers of these customers as they are now, without writing them.
func (tx *Tx) Verdicts(ctx context.Context, sourceID, mainID string, ids []string) (map[string]int64, error) {
	m := make(map[string]int64, len(ids))
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var id string
		var bits int64
		err := r.Scan(&id, &bits)
		m[id] = bits
		return struct{}{}, err
	}, scopeOfIDs+findingsSQL+` SELECT customer_id, bits FROM verdict`, sourceID, mainID, idList(ids))
	return m, err
}

// Findings returns every reason why the customer cannot migrate, with what it is about.
func (tx *Tx) Findings(ctx context.Context, sourceID, mainID, customerID string) ([]migration.Finding, error) {
	rows, err := all(ctx, tx, func(r Rows) (row findingRow, err error) {
		err = r.Scan(&row.bits, &row.SKUID, &row.Currency, &row.Group)
		return row, err
	}, scopeOfIDs+findingsSQL+` SELECT bits, '', '', '' FROM own WHERE bits <> 0
		UNION SELECT bits, sku_id, currency, product_group FROM finding WHERE bits <> 0 ORDER BY 1, 2, 3, 4`,
		sourceID, mainID, idList([]string{customerID}))
	if err != nil {
		return nil, err
	}
	var findings []migration.Finding
	for _, code := range migration.Codes() {
		for _, row := range rows {
			row.Code = code
			if row.bits&code.Bit() != 0 && !slices.Contains(findings, row.Finding) {
				findings = append(findings, row.Finding)
			}
		}
	}
	return findings, nil
}

type findingRow struct {
	migration.Finding
	bits int64
}

// MissingAccount counts the customers of a source that lack an account of the main in a currency and product group.
type MissingAccount struct {
	Currency  money.Currency
	Group     catalog.ProductGroup
	Customers int64
}

// MissingAccounts returns what the main lacks, per currency and product group, most customers first, for the source's
// customers as they were last evaluated; it counts up to CountLimit of each.
func (tx *Tx) MissingAccounts(ctx context.Context, sourceID, mainID string) ([]MissingAccount, error) {
	return all(ctx, tx, scanMissing, missingSQL, sourceID, mainID, CountLimit)
}

// missingSQL begins with the accounts of the source: a subscription has the currency and product group of its own. Each
// customer is counted at the first of its accounts of them. The subscriptions of an account are read in the order of an index,
// and what is asked of each is asked by itself: PostgreSQL would make joins of it, which read all before the first is counted. The
// text added to an account's ID keeps SQLite from looking for what else the customer has by it.
var missingSQL = withBits(`WITH counted AS MATERIALIZED (
		SELECT b.currency, b.product_group, (SELECT count(*) FROM (
			SELECT DISTINCT s.customer_id FROM subscriptions s WHERE s.console_id = $1 AND s.billing_account_id = b.id
				AND ` + lacksAccount("s") + `
				AND (SELECT c.blockers FROM customers c WHERE c.console_id = $1 AND c.id = s.customer_id AND c.state = 'LIVE'
					AND c.migration_id = '')
					& ({NO_BILLING_ACCOUNT_IN_CURRENCY} + {BILLING_ACCOUNT_NOT_ACTIVE} + {AGREEMENT_NOT_SIGNED}) <> 0
				AND (SELECT count(*) FROM (SELECT 1 FROM subscriptions t
					JOIN billing_accounts f ON f.console_id = $1 AND f.id = t.billing_account_id
					WHERE t.console_id = $1 AND t.customer_id = s.customer_id AND t.billing_account_id || '' < s.billing_account_id
						AND f.currency = b.currency AND f.product_group = b.product_group AND ` + lacksAccount("t") + ` LIMIT 1) z) = 0
			ORDER BY s.customer_id LIMIT $3) x) AS n
		FROM billing_accounts b WHERE b.console_id = $1 AND NOT EXISTS (SELECT 1 FROM billing_accounts a
			JOIN agreements g ON g.console_id = a.console_id AND g.legal_entity_id = a.legal_entity_id
			WHERE a.console_id = $2 AND a.currency = b.currency AND a.product_group = b.product_group AND a.state = 'ACTIVE')
	) SELECT currency, product_group, CASE WHEN sum(n) < $3 THEN CAST(sum(n) AS bigint) ELSE CAST($3 AS bigint) END
	FROM counted GROUP BY currency, product_group HAVING sum(n) > 0 ORDER BY 3 DESC, 1, 2`)

// lacksAccount holds for a subscription to which an account is of use.
func lacksAccount(s string) string {
	return strings.ReplaceAll(`s.moved <> 1 AND s.state <> 'CANCELLED'
		AND NOT EXISTS (SELECT 1 FROM sku_blocks k WHERE k.sku_id = s.sku_id AND k.plan = s.plan)`, "s.", s+".")
}

func scanMissing(r Rows) (m MissingAccount, err error) {
	err = r.Scan(&m.Currency, &m.Group, &m.Customers)
	return m, err
}

// LackedAccounts is MissingAccounts for consoles that need not be connected. It counts all customers: for a question that is
// asked now and then.
func (tx *Tx) LackedAccounts(ctx context.Context, sourceID, mainID string) ([]MissingAccount, error) {
	return all(ctx, tx, scanMissing, scopeAll+findingsSQL+withBits(` SELECT currency, product_group, count(DISTINCT customer_id) FROM finding
		WHERE bits & ({NO_BILLING_ACCOUNT_IN_CURRENCY} + {BILLING_ACCOUNT_NOT_ACTIVE} + {AGREEMENT_NOT_SIGNED}) <> 0
		GROUP BY currency, product_group ORDER BY 3 DESC, 1, 2`), sourceID, mainID)
}

// scopeAll limits findingsSQL to nothing: all live customers of the source.
const scopeAll = `WITH scope AS (
		SELECT id, domain, tos_accepted_at FROM customers WHERE console_id = $1 AND state = 'LIVE'
	),`

// Outlook counts the customers that have the same blockers.
type Outlook struct {
	Blockers  int64
	Customers int64
}

// Outlook returns how the live customers of a source would be evaluated against a main, which it need not be connected
// to. It reads them all: for a question that is asked now and then.
func (tx *Tx) Outlook(ctx context.Context, sourceID, mainID string) ([]Outlook, error) {
	return all(ctx, tx, func(r Rows) (o Outlook, err error) {
		err = r.Scan(&o.Blockers, &o.Customers)
		return o, err
	}, scopeAll+findingsSQL+` SELECT bits, count(*) FROM verdict GROUP BY bits ORDER BY bits`, sourceID, mainID)
}
