package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"psc/internal/customer"
)

// InsertCustomers adds live customers.
func (tx *Tx) InsertCustomers(ctx context.Context, list []customer.Customer) error {
	if err := insertAll(ctx, tx, "customers", list, func(c customer.Customer) map[string]any {
		return map[string]any{
			"console_id": c.ConsoleID, "id": c.ID, "domain": c.Domain, "name": c.Name,
			"sort_name": customer.SortName(c.Name), "search_text": customer.SearchText(c.Name, c.Domain), "state": c.State,
			"contact_name": c.ContactName, "contact_email": c.ContactEmail, "alternate_email": c.AlternateEmail, "phone": c.Phone, "country": c.Country,
			"postal_code": c.PostalCode, "address": c.Address, "language": c.Language, "crm_id": c.CRMID,
			"tos_accepted_at": micros(c.TOSAcceptedAt), "created_at": micros(c.CreatedAt),
		}
	}, ""); err != nil {
		return err
	}
	of := make(map[string][]string)
	for _, c := range list {
		of[c.ConsoleID] = append(of[c.ConsoleID], c.ID)
	}
	for _, consoleID := range slices.Sorted(maps.Keys(of)) {
		if err := tx.keepTerms(ctx, consoleID, of[consoleID]); err != nil {
			return err
		}
	}
	return nil
}

const customerFields = `console_id, id, domain, name, state, contact_name, contact_email, alternate_email, phone,
	country, postal_code, address, language, crm_id, tos_accepted_at, created_at, migration_id, blockers, evaluated_at, moved_at,
	moved_by, seats, next_renewal, identity_at, identity_admin`

const selectCustomer = `SELECT ` + customerFields + ` FROM customers `

func scanCustomer(r Rows) (c customer.Customer, err error) {
	var tos, created, evaluated, moved, identity int64
	err = r.Scan(&c.ConsoleID, &c.ID, &c.Domain, &c.Name, &c.State, &c.ContactName, &c.ContactEmail, &c.AlternateEmail, &c.Phone, &c.Country,
		&c.PostalCode, &c.Address, &c.Language, &c.CRMID, &tos, &created, &c.MigrationID, &c.Blockers, &evaluated, &moved,
		&c.MovedBy, &c.Seats, &c.NextRenewal, &identity, &c.IdentityAdmin)
	c.TOSAcceptedAt, c.CreatedAt = instant(tos), instant(created)
	c.EvaluatedAt, c.MovedAt, c.IdentityAt = instant(evaluated), instant(moved), instant(identity)
	if c.State == customer.Moved && c.MovedBy == "" {
		c.State = customer.Deleted
	}
	return c, err
}

// Customer returns a console's record of the customer, live or moved, or ErrNone.
func (tx *Tx) Customer(ctx context.Context, consoleID, id string) (customer.Customer, error) {
	return one(ctx, tx, scanCustomer, selectCustomer+`WHERE console_id = $1 AND id = $2`, consoleID, id)
}

// CustomersOfDomains returns the console's live customers of the domains.
func (tx *Tx) CustomersOfDomains(ctx context.Context, consoleID string, domains []string) ([]customer.Customer, error) {
	return all(ctx, tx, scanCustomer, selectCustomer+`WHERE console_id = $1 AND state = 'LIVE'
		AND domain IN (SELECT value->>'id' `+each("$2")+`)`, consoleID, idList(domains))
}

// CustomersEverOfDomain returns the IDs of the console's customers that have the domain, live or not.
func (tx *Tx) CustomersEverOfDomain(ctx context.Context, consoleID, domain string) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT id FROM customers WHERE console_id = $1 AND state = 'LIVE' AND domain = $2
		UNION SELECT id FROM customers WHERE console_id = $1 AND state = 'MOVED' AND domain = $2`, consoleID, domain)
}

// LiveCustomersAfter returns the console's next live customers after an ID.
func (tx *Tx) LiveCustomersAfter(ctx context.Context, consoleID, after string, limit int) ([]customer.Customer, error) {
	return all(ctx, tx, scanCustomer, selectCustomer+`WHERE console_id = $1 AND state = 'LIVE' AND id > $2
		ORDER BY id LIMIT $3`, consoleID, after, limit)
}

// keepSummary writes down for these customers what their lists are sorted by. Whoever changes subscriptions calls it.
func (tx *Tx) keepSummary(ctx context.Context, consoleID string, customerIDs []string) error {
	_, err := tx.exec(ctx, `UPDATE customers SET (seats, next_renewal) = (SELECT COALESCE(CAST(sum(s.seats) AS bigint), 0),
			COALESCE(min(CASE WHEN `+dueOn+` > 0 THEN `+dueOn+` END), `+forever+`)
		FROM subscriptions s WHERE s.console_id = $1 AND s.customer_id = customers.id AND s.state <> 'CANCELLED')
		WHERE console_id = $1 AND id IN (SELECT value->>'id' `+each("$2")+`)`, consoleID, idList(customerIDs))
	return err
}

// SetContact stores the contact data of a live customer, its name included; it reports false if it is not live.
func (tx *Tx) SetContact(ctx context.Context, c customer.Customer) (bool, error) {
	renamed, err := one(ctx, tx, scalar[string], `SELECT id FROM customers WHERE console_id = $1 AND id = $2 AND state = 'LIVE'
		AND search_text <> $3`, c.ConsoleID, c.ID, customer.SearchText(c.Name, c.Domain))
	if err != nil && !errors.Is(err, ErrNone) {
		return false, err
	}
	if renamed != "" {
		if err := tx.dropTerms(ctx, c.ConsoleID, []string{renamed}); err != nil {
			return false, err
		}
	}
	n, err := tx.exec(ctx, `UPDATE customers SET name = $3, sort_name = $4, search_text = $5, contact_name = $6,
		contact_email = $7, phone = $8, country = $9, postal_code = $10, address = $11, language = $12, crm_id = $13,
		alternate_email = $14, version = version + 1 WHERE console_id = $1 AND id = $2 AND state = 'LIVE'`,
		c.ConsoleID, c.ID, c.Name, customer.SortName(c.Name), customer.SearchText(c.Name, c.Domain), c.ContactName,
		c.ContactEmail, c.Phone, c.Country, c.PostalCode, c.Address, c.Language, c.CRMID, c.AlternateEmail)
	if err == nil && renamed != "" {
		err = tx.keepTerms(ctx, c.ConsoleID, []string{renamed})
	}
	return n == 1, err
}

// AcceptTOS stores when a live customer accepted the terms of service; it reports false if it is not live or had
// accepted them before.
func (tx *Tx) AcceptTOS(ctx context.Context, c customer.Customer) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE customers SET tos_accepted_at = $3, version = version + 1
		WHERE console_id = $1 AND id = $2 AND state = 'LIVE' AND tos_accepted_at = 0`, c.ConsoleID, c.ID, micros(c.TOSAcceptedAt))
	return n == 1, err
}

// DeleteCustomer makes a live customer that is in no open migration a record of what was; it reports false if it is not so. The record
// stands like that of a customer that moved, but by no migration: so it is out of every list and evaluation, and its domain is free.
func (tx *Tx) DeleteCustomer(ctx context.Context, consoleID, id string, now time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE customers SET state = 'MOVED', moved_at = $3, version = version + 1
		WHERE console_id = $1 AND id = $2 AND state = 'LIVE' AND migration_id = ''`, consoleID, id, micros(now))
	return n == 1, err
}

// SetIdentity stores when a live customer's organisation was given accounts, and to whom; it reports false if it is not live or had
// them before.
func (tx *Tx) SetIdentity(ctx context.Context, c customer.Customer) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE customers SET identity_at = $3, identity_admin = $4, version = version + 1
		WHERE console_id = $1 AND id = $2 AND state = 'LIVE' AND identity_at = 0`, c.ConsoleID, c.ID, micros(c.IdentityAt), c.IdentityAdmin)
	return n == 1, err
}

// TouchFree makes the transaction meet every other that changes the customers; it reports false if one of them is not
// live or is in an open migration (spec M7). Who changes subscriptions calls it, so that a start and a change cannot
// both succeed on what the other has not seen.
func (tx *Tx) TouchFree(ctx context.Context, consoleID string, ids ...string) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE customers SET version = version + 1
		WHERE console_id = $1 AND id IN (SELECT value->>'id' `+each("$2")+`) AND state <> 'MOVED' AND migration_id = ''`,
		consoleID, idList(ids))
	return n == int64(len(ids)), err
}

// TouchLive is TouchFree for what time or the vendor brings, which an open migration does not stop.
func (tx *Tx) TouchLive(ctx context.Context, consoleID string, ids ...string) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE customers SET version = version + 1
		WHERE console_id = $1 AND id IN (SELECT value->>'id' `+each("$2")+`) AND state <> 'MOVED'`, consoleID, idList(ids))
	return n == int64(len(ids)), err
}
