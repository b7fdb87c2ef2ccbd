package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// ChoiceGroup is the subscriptions of a scope for which one billing account is chosen (spec M3).
type ChoiceGroup struct {
	Currency                 money.Currency
	Group                    catalog.ProductGroup
	LegalEntityID            string // present
	LegalEntity              string
	Customers, Subscriptions int64
	Chosen                   int64 // subscriptions with an account of their own, stored before, that can still take them
}

// liveOf begins a statement: "live" is what will move of the started migrations that the condition chooses; $1 source, $2
// connection, $3 main. MATERIALIZED and CROSS JOIN have both engines begin with the migrations and find by index what each
// customer has, whatever their planners know; else they would compare each migration with each subscription of the console.
func liveOf(cond string) string {
	return `WITH started AS MATERIALIZED (SELECT m.console_id, m.id, m.customer_id, m.customer_name, m.domain, m.sort_name
			FROM migrations m
			WHERE m.console_id = $1 AND m.connection_id = $2 AND m.to_console_id = $3 AND m.state = 'STARTED' AND ` + cond + `),
		live AS MATERIALIZED (SELECT m.id AS migration_id, m.customer_id, m.customer_name, m.domain, m.sort_name, s.console_id, s.id,
				s.sku_id, s.product_group, s.plan, s.state, s.channel, s.seats, s.currency, s.price_num, s.price_den, s.start_date,
				s.term_end, s.renewal, s.billing_account_id
			FROM started m CROSS JOIN subscriptions s
			WHERE s.console_id = m.console_id AND s.customer_id = m.customer_id AND s.moved <> 1 AND s.state <> 'CANCELLED')`
}

// fromLive joins what will move with its present account and with the choice that is stored for it.
const fromLive = `FROM live s
		JOIN billing_accounts b ON b.console_id = s.console_id AND b.id = s.billing_account_id
		JOIN legal_entities e ON e.id = b.legal_entity_id
		LEFT JOIN migration_subscriptions x ON x.console_id = s.console_id AND x.migration_id = s.migration_id AND x.subscription_id = s.id
		`

// usable goes on with the accounts of the main that can take subscriptions, and joinStored with the one that is stored for each, if
// it still can.
const (
	usable = `,
		usable AS (SELECT a.id, a.currency, a.product_group, a.legal_entity_id FROM billing_accounts a
			JOIN agreements h ON h.console_id = a.console_id AND h.legal_entity_id = a.legal_entity_id
			WHERE a.console_id = $3 AND a.state = 'ACTIVE')`
	joinStored = `LEFT JOIN usable u ON u.id = x.to_account_id AND u.currency = s.currency AND u.product_group = s.product_group
			`
)

// ChoiceGroups returns the groups of the started migrations in the scope, for their main.
func (tx *Tx) ChoiceGroups(ctx context.Context, mainID, sourceID, connectionID string, s Scope) ([]ChoiceGroup, error) {
	cond, arg := s.where("m.id", "m.search_text", "$4")
	return all(ctx, tx, func(r Rows) (g ChoiceGroup, err error) {
		err = r.Scan(&g.Currency, &g.Group, &g.LegalEntityID, &g.LegalEntity, &g.Customers, &g.Subscriptions, &g.Chosen)
		return g, err
	}, liveOf(cond)+usable+` SELECT s.currency, s.product_group, e.id, e.name, count(DISTINCT s.migration_id), count(*), count(u.id) `+
		fromLive+joinStored+`GROUP BY s.currency, s.product_group, e.id, e.name
		ORDER BY s.currency, s.product_group, e.name, e.id`, sourceID, connectionID, mainID, arg)
}

// ChoiceRow is one subscription that will move, as its main may see it (spec C9).
type ChoiceRow struct {
	MigrationID, CustomerID, CustomerName, Domain string
	customer.Subscription
	SKUName       string
	LegalEntityID string // present
	LegalEntity   string
	AccountID     string // stored choice; empty: none
	Cursor        Cursor // the customer's place in the list
}

// ChoiceRows returns the subscriptions of the started migrations in the scope, by customer name, after a cursor of
// migrations; all subscriptions of at most limit customers.
func (tx *Tx) ChoiceRows(ctx context.Context, mainID, sourceID, connectionID string, s Scope, after Cursor, limit int) ([]ChoiceRow, error) {
	cond, arg := s.where("m.id", "m.search_text", "$4")
	return all(ctx, tx, func(r Rows) (c ChoiceRow, err error) {
		var start, term civil.Date
		err = r.Scan(&c.MigrationID, &c.CustomerID, &c.CustomerName, &c.Domain, &c.ID, &c.SKUID, &c.SKUName, &c.Group, &c.Plan,
			&c.State, &c.Channel, &c.Seats, &c.Currency, &c.Price.Num, &c.Price.Den, &start, &term, &c.Renewal,
			&c.LegalEntityID, &c.LegalEntity, &c.AccountID, &c.Cursor.SortName)
		c.StartDate, c.TermEnd, c.Cursor.ID = start, term, c.MigrationID
		return c, err
	}, liveOf(cond+` AND (m.sort_name, m.id) > ($5, $6) ORDER BY m.sort_name, m.id LIMIT $7`)+`
		SELECT s.migration_id, s.customer_id, s.customer_name, s.domain, s.id, s.sku_id, k.name, s.product_group, s.plan, s.state,
			s.channel, s.seats, s.currency, s.price_num, s.price_den, s.start_date, s.term_end, s.renewal, e.id, e.name,
			COALESCE(x.to_account_id, ''), s.sort_name `+fromLive+`JOIN skus k ON k.id = s.sku_id
		ORDER BY s.sort_name, s.migration_id, s.id`, sourceID, connectionID, mainID, arg, after.SortName, after.ID, limit)
}

// GroupChoice is the account for all subscriptions of a group that have none of their own.
type GroupChoice struct {
	Currency      money.Currency
	Group         catalog.ProductGroup
	LegalEntityID string
	AccountID     string
}

// Choices say which account of the main each subscription gets: its own, else the one stored before, else its group's.
type Choices struct {
	Groups []GroupChoice
	Own    map[string]string // subscription ID -> account ID
}

func (c Choices) groupList() string {
	return jsonList(c.Groups, func(g GroupChoice) map[string]any {
		return map[string]any{"c": g.Currency, "g": g.Group, "e": g.LegalEntityID, "a": g.AccountID}
	})
}

func (c Choices) ownList() string {
	type own struct{ s, a string }
	list := make([]own, 0, len(c.Own))
	for s, a := range c.Own {
		list = append(list, own{s, a})
	}
	return jsonList(list, func(o own) map[string]any { return map[string]any{"s": o.s, "a": o.a} })
}

// chosen resolves the choices for the scope: "chosen" has each subscription with its account, empty if there is none that
// is usable and fits. A stored account that has become unusable since gives way to the group's. $4 groups, $5 own, $6 scope.
func chosen(cond string) string {
	return liveOf(cond) + usable + `,
		grp AS MATERIALIZED (SELECT value->>'c' AS currency, value->>'g' AS product_group, value->>'e' AS entity, value->>'a' AS account
			FROM json_each($4)),
		own AS MATERIALIZED (SELECT value->>'s' AS sub, value->>'a' AS account FROM json_each($5)),
		chosen AS (SELECT s.migration_id, s.customer_name, s.id AS subscription_id, s.billing_account_id AS from_account,
				e.id AS from_entity, COALESCE(t.id, '') AS account, COALESCE(t.legal_entity_id, '') AS entity
			` + fromLive + joinStored + `LEFT JOIN own o ON o.sub = s.id
			LEFT JOIN grp g ON g.currency = s.currency AND g.product_group = s.product_group AND g.entity = e.id
			LEFT JOIN usable t ON t.id = COALESCE(o.account, u.id, g.account)
				AND t.currency = s.currency AND t.product_group = s.product_group) `
}

// ChoiceCheck says what is wrong with choices, or needs a confirmation.
type ChoiceCheck struct {
	Subscriptions int64
	Missing       int64 // without an account that is usable and fits
	EntityChanges int64 // whose legal entity would change (spec M4)
	// EntityToken stands for exactly these changes: which subscriptions, and to which accounts. Empty: there are none.
	EntityToken string
}

// CheckChoices resolves choices for the started migrations in the scope.
func (tx *Tx) CheckChoices(ctx context.Context, mainID, sourceID, connectionID string, s Scope, c Choices) (ChoiceCheck, error) {
	cond, arg := s.where("m.id", "m.search_text", "$6")
	args := []any{sourceID, connectionID, mainID, c.groupList(), c.ownList(), arg}
	check, err := one(ctx, tx, func(r Rows) (k ChoiceCheck, err error) {
		err = r.Scan(&k.Subscriptions, &k.Missing, &k.EntityChanges)
		return k, err
	}, chosen(cond)+`SELECT count(*), count(CASE WHEN account = '' THEN 1 END),
		count(CASE WHEN account <> '' AND entity <> from_entity THEN 1 END) FROM chosen`, args...)
	if err != nil || check.EntityChanges == 0 {
		return check, err
	}
	check.EntityToken, err = tx.entityToken(ctx, cond, args)
	return check, err
}

// entityToken sums up which subscriptions change their legal entity, and to which accounts they go.
func (tx *Tx) entityToken(ctx context.Context, cond string, args []any) (string, error) {
	sum := sha256.New()
	_, err := all(ctx, tx, func(r Rows) (none struct{}, err error) {
		var subscription, account string
		if err = r.Scan(&subscription, &account); err == nil {
			_, err = io.WriteString(sum, subscription+" "+account+"\n")
		}
		return none, err
	}, chosen(cond)+`SELECT subscription_id, account FROM chosen WHERE account <> '' AND entity <> from_entity
		ORDER BY subscription_id`, args...)
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}

// MissingChoices returns the first subscriptions without an account that is usable and fits.
func (tx *Tx) MissingChoices(ctx context.Context, mainID, sourceID, connectionID string, s Scope, c Choices, limit int) ([]ChoiceRow, error) {
	cond, arg := s.where("m.id", "m.search_text", "$6")
	return all(ctx, tx, func(r Rows) (c ChoiceRow, err error) {
		err = r.Scan(&c.MigrationID, &c.CustomerName, &c.ID)
		return c, err
	}, chosen(cond)+`SELECT migration_id, customer_name, subscription_id FROM chosen WHERE account = ''
		ORDER BY customer_name, subscription_id LIMIT $7`, sourceID, connectionID, mainID, c.groupList(), c.ownList(), arg, limit)
}

// StoreChoices writes the resolved choices of the scope, those that have an account.
func (tx *Tx) StoreChoices(ctx context.Context, mainID, sourceID, connectionID string, s Scope, c Choices) (int64, error) {
	cond, arg := s.where("m.id", "m.search_text", "$6")
	return tx.storeChoices(ctx, cond, "", sourceID, connectionID, mainID, c.groupList(), c.ownList(), arg)
}

// StoreOwnChoices writes the accounts of single subscriptions of the scope and returns how many it wrote: one that has
// moved meanwhile, or whose account can take it no longer, is left out.
func (tx *Tx) StoreOwnChoices(ctx context.Context, mainID, sourceID, connectionID string, s Scope, own map[string]string) (int64, error) {
	cond, arg := s.where("m.id", "m.search_text", "$6")
	c := Choices{Own: own}
	return tx.storeChoices(ctx, cond, ` AND subscription_id IN (SELECT sub FROM own)`, sourceID, connectionID, mainID, c.groupList(), c.ownList(), arg)
}

func (tx *Tx) storeChoices(ctx context.Context, cond, only string, args ...any) (int64, error) {
	return tx.exec(ctx, chosen(cond)+`INSERT INTO migration_subscriptions (console_id, migration_id, subscription_id,
			from_account_id, from_legal_entity_id, to_account_id, to_legal_entity_id)
		SELECT $1, migration_id, subscription_id, from_account, from_entity, account, entity FROM chosen WHERE account <> ''`+only+`
		ON CONFLICT (console_id, migration_id, subscription_id) DO UPDATE SET from_account_id = excluded.from_account_id,
			from_legal_entity_id = excluded.from_legal_entity_id, to_account_id = excluded.to_account_id,
			to_legal_entity_id = excluded.to_legal_entity_id`, args...)
}

// ClearChoices forgets the stored choices of the scope.
func (tx *Tx) ClearChoices(ctx context.Context, mainID, sourceID, connectionID string, s Scope) (int64, error) {
	cond, arg := s.where("m.id", "m.search_text", "$4")
	return tx.exec(ctx, `DELETE FROM migration_subscriptions WHERE console_id = $1 AND migration_id IN (
		SELECT m.id FROM migrations m WHERE m.console_id = $1 AND m.connection_id = $2 AND m.to_console_id = $3
		AND m.state = 'STARTED' AND `+cond+`)`, sourceID, connectionID, mainID, arg)
}

// CountStarted counts the started migrations in the scope, for their main.
func (tx *Tx) CountStarted(ctx context.Context, mainID, sourceID, connectionID string, s Scope) (int64, error) {
	cond, arg := s.where("m.id", "m.search_text", "$4")
	return one(ctx, tx, scalar[int64], `SELECT count(*) FROM migrations m WHERE m.console_id = $1 AND m.connection_id = $2
		AND m.to_console_id = $3 AND m.state = 'STARTED' AND `+cond, sourceID, connectionID, mainID, arg)
}
