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
		(id, email, name, password_hash, language, time_zone, theme, operator, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.ID, p.Email, p.Name, p.PasswordHash, p.Language, p.TimeZone, p.Theme, flag(p.Operator), micros(p.CreatedAt))
	return err
}

const selectPerson = `SELECT p.id, p.email, p.name, p.password_hash, p.language, p.time_zone, p.theme, p.operator,
	p.created_at FROM people p `

func scanPerson(r Rows) (p console.Person, err error) {
	var operator, at int64
	err = r.Scan(&p.ID, &p.Email, &p.Name, &p.PasswordHash, &p.Language, &p.TimeZone, &p.Theme, &operator, &at)
	p.Operator, p.CreatedAt = operator == 1, instant(at)
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

// SetMembership gives the person the role in the console, in place of the one before.
func (tx *Tx) SetMembership(ctx context.Context, m console.Membership, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO memberships (console_id, person_id, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (console_id, person_id) DO UPDATE SET role = excluded.role`, m.ConsoleID, m.PersonID, m.Role, micros(at))
	return err
}

// Member is a person with the role in a console, or a console with the role that a person has in it.
type Member struct {
	console.Membership
	Person  console.Person
	Console console.Console
}

// Members returns the people of a console, the mightiest first by name of role, then by name.
func (tx *Tx) Members(ctx context.Context, consoleID string) ([]Member, error) {
	return all(ctx, tx, func(r Rows) (m Member, err error) {
		m.ConsoleID = consoleID
		err = r.Scan(&m.PersonID, &m.Role, &m.Person.Name, &m.Person.Email)
		m.Person.ID = m.PersonID
		return m, err
	}, `SELECT p.id, m.role, p.name, p.email FROM memberships m JOIN people p ON p.id = m.person_id
		WHERE m.console_id = $1 ORDER BY p.name, p.id`, consoleID)
}

// MembershipsOf returns the consoles that a person is a member of, by name.
func (tx *Tx) MembershipsOf(ctx context.Context, personID string) ([]Member, error) {
	return all(ctx, tx, func(r Rows) (m Member, err error) {
		m.PersonID = personID
		err = r.Scan(&m.ConsoleID, &m.Role, &m.Console.AccountID, &m.Console.Name, &m.Console.State)
		m.Console.ID = m.ConsoleID
		return m, err
	}, `SELECT c.id, m.role, c.account_id, c.name, c.state FROM memberships m JOIN consoles c ON c.id = m.console_id
		WHERE m.person_id = $1 ORDER BY c.name, c.id`, personID)
}

// RoleOf returns the person's role in the console, or ErrNone.
func (tx *Tx) RoleOf(ctx context.Context, consoleID, personID string) (console.Role, error) {
	return one(ctx, tx, scalar[console.Role],
		`SELECT role FROM memberships WHERE console_id = $1 AND person_id = $2`, consoleID, personID)
}
