package store

import (
	"context"
	"errors"
	"time"

	"psc/internal/console"
)

// InsertPerson adds a person.
func (tx *Tx) InsertPerson(ctx context.Context, p console.Person) error {
	_, err := tx.exec(ctx, `INSERT INTO people
		(id, email, name, password_hash, language, time_zone, theme, operator, created_at, joined)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.ID, p.Email, p.Name, p.PasswordHash, p.Language, p.TimeZone, p.Theme, flag(p.Operator), micros(p.CreatedAt),
		flag(p.Joined))
	return err
}

const selectPerson = `SELECT p.id, p.email, p.name, p.password_hash, p.language, p.time_zone, p.theme, p.operator,
	p.created_at, p.joined FROM people p `

func scanPerson(r Rows) (p console.Person, err error) {
	var operator, at, joined int64
	err = r.Scan(&p.ID, &p.Email, &p.Name, &p.PasswordHash, &p.Language, &p.TimeZone, &p.Theme, &operator, &at, &joined)
	p.Operator, p.CreatedAt, p.Joined = operator == 1, instant(at), joined == 1
	return p, err
}

// Person returns the person, or ErrNone.
func (tx *Tx) Person(ctx context.Context, id string) (console.Person, error) {
	return one(ctx, tx, scanPerson, selectPerson+`WHERE p.id = $1`, id)
}

// PersonByEmail returns the person of the normalised e-mail address, or ErrNone.
func (tx *Tx) PersonByEmail(ctx context.Context, email string) (console.Person, error) {
	return one(ctx, tx, scanPerson, selectPerson+`WHERE p.email = $1`, email)
}

// People returns everybody, by name: for operators and the demo's sign-in page.
func (tx *Tx) People(ctx context.Context) ([]console.Person, error) {
	return all(ctx, tx, scanPerson, selectPerson+`ORDER BY p.created_at, p.id`)
}

// PersonPage returns one page of the people whose e-mail address contains a text, by e-mail address: for operators.
func (tx *Tx) PersonPage(ctx context.Context, search string, page Page) (List[console.Person], error) {
	return pageOf(ctx, tx, scanPerson, page, []string{`SELECT id, sort_name, name, password_hash, language, time_zone, theme, operator,
		created_at, joined FROM (SELECT p.*, p.email AS sort_name FROM people p) l WHERE sort_name LIKE $1 ESCAPE '\'`}, contains(search))
}

// AnyPeople reports whether there is anybody.
func (tx *Tx) AnyPeople(ctx context.Context) (bool, error) {
	_, err := one(ctx, tx, scalar[string], `SELECT id FROM people LIMIT 1`)
	if errors.Is(err, ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// SetPreferences stores how the person likes to see pages.
func (tx *Tx) SetPreferences(ctx context.Context, p console.Person) error {
	_, err := tx.exec(ctx, `UPDATE people SET language = $2, time_zone = $3, theme = $4 WHERE id = $1`,
		p.ID, p.Language, p.TimeZone, p.Theme)
	return err
}

// SetPassword stores a new password hash.
func (tx *Tx) SetPassword(ctx context.Context, personID, hash string) error {
	_, err := tx.exec(ctx, `UPDATE people SET password_hash = $2 WHERE id = $1`, personID, hash)
	return err
}

// EndOperator makes somebody an operator no more, and reports whether it did: not the last one. It writes to every operator,
// so that of two who end each other one is told that it lost.
func (tx *Tx) EndOperator(ctx context.Context, personID string) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE people SET operator = CASE WHEN id = $1 THEN 0 ELSE 1 END WHERE operator = 1
		AND EXISTS (SELECT 1 FROM people o WHERE o.operator = 1 AND o.id <> $1)`, personID)
	return n > 0, err
}

// SetMembership makes the person an active member with the role in the console, in place of what the person was there.
func (tx *Tx) SetMembership(ctx context.Context, m console.Membership, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO memberships (console_id, person_id, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (console_id, person_id) DO UPDATE SET role = excluded.role, state = 'ACTIVE'`,
		m.ConsoleID, m.PersonID, m.Role, micros(at))
	return err
}

// ChangeMember gives a member of the console another role and state, and reports whether it did: not somebody who was
// removed, and not the last active super admin, who stays one.
func (tx *Tx) ChangeMember(ctx context.Context, m console.Membership) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE memberships SET role = $3, state = $4
		WHERE console_id = $1 AND person_id = $2 AND state <> 'REMOVED'
			AND (role <> 'SUPER_ADMIN' OR state <> 'ACTIVE' OR (CAST($3 AS text) = 'SUPER_ADMIN' AND CAST($4 AS text) = 'ACTIVE')
				OR EXISTS (SELECT 1 FROM memberships o WHERE o.console_id = $1 AND o.person_id <> $2
					AND o.role = 'SUPER_ADMIN' AND o.state = 'ACTIVE'))`, m.ConsoleID, m.PersonID, m.Role, m.State)
	return n == 1, err
}

// Member is a person with the role in a console, or a console with the role that a person has in it.
type Member struct {
	console.Membership
	Person       console.Person
	Console      console.Console
	InvitedUntil time.Time // when the link of somebody who has not come yet ends; zero without a link
}

// Members returns the people of a console by name, without those who were removed.
func (tx *Tx) Members(ctx context.Context, consoleID string) ([]Member, error) {
	return all(ctx, tx, func(r Rows) (m Member, err error) {
		m.ConsoleID = consoleID
		custom, fill := scanCustom(&m.Custom)
		err = r.Scan(append(custom, &m.PersonID, &m.Role, &m.State, &m.Person.Name, &m.Person.Email)...)
		m.Person.ID = m.PersonID
		fill(consoleID)
		return m, err
	}, `SELECT `+customRole+`, p.id, m.role, m.state, p.name, p.email FROM memberships m JOIN people p ON p.id = m.person_id
		LEFT JOIN custom_roles r ON r.console_id = m.console_id AND r.id = m.role
		WHERE m.console_id = $1 AND m.state <> 'REMOVED' ORDER BY p.name, p.id`, consoleID)
}

// MembershipsOf returns the consoles that a person is an active member of, by name.
func (tx *Tx) MembershipsOf(ctx context.Context, personID string) ([]Member, error) {
	return all(ctx, tx, func(r Rows) (m Member, err error) {
		m.PersonID, m.State = personID, console.MemberActive
		custom, fill := scanCustom(&m.Custom)
		err = r.Scan(append(custom, &m.ConsoleID, &m.Role, &m.Console.AccountID, &m.Console.Name, &m.Console.State)...)
		m.Console.ID = m.ConsoleID
		fill(m.ConsoleID)
		return m, err
	}, `SELECT `+customRole+`, c.id, m.role, c.account_id, c.name, c.state FROM memberships m JOIN consoles c ON c.id = m.console_id
		LEFT JOIN custom_roles r ON r.console_id = m.console_id AND r.id = m.role
		WHERE m.person_id = $1 AND m.state = 'ACTIVE' ORDER BY c.name, c.id`, personID)
}

// Membership returns the place of an active member of the console, or ErrNone.
func (tx *Tx) Membership(ctx context.Context, consoleID, personID string) (console.Membership, error) {
	return one(ctx, tx, func(r Rows) (m console.Membership, err error) {
		m.ConsoleID, m.PersonID, m.State = consoleID, personID, console.MemberActive
		custom, fill := scanCustom(&m.Custom)
		err = r.Scan(append(custom, &m.Role)...)
		fill(consoleID)
		return m, err
	}, `SELECT `+customRole+`, m.role FROM memberships m
		LEFT JOIN custom_roles r ON r.console_id = m.console_id AND r.id = m.role
		WHERE m.console_id = $1 AND m.person_id = $2 AND m.state = 'ACTIVE'`, consoleID, personID)
}
