package console

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"psc/internal/fault"
)

// Operate is what only an operator may, in the list of what a token lets through.
const Operate Privilege = "OPERATE"

// Token is something that a client signs in with, in one console. Of its secret a hash is kept, of its key the public half.
type Token struct {
	ConsoleID        string
	ID               string
	Kind             TokenKind
	Name             string
	PersonID         string // whose it is, or as whom a service account signs in
	ServiceAccountID string
	IssuedBy         string      // the secret or key that an access token was given for
	Scopes           []Privilege // what it lets through of what its owner may
	CreatedBy        string      // by name
	CreatedAt        time.Time
	ExpiresAt        time.Time
	LastUsedAt       time.Time // not exactly: written down once in a few minutes
	RevokedAt        time.Time
}

// TokenKind is how a client signs in with a token.
type TokenKind string

// The kinds of tokens.
const (
	PersonalToken TokenKind = "TOKEN"  // sent with each request, as its person
	ClientSecret  TokenKind = "SECRET" // of a service account, exchanged for an access token
	AccountKey    TokenKind = "KEY"    // of a service account: it signs what is exchanged for an access token
	AccessToken   TokenKind = "ACCESS" // sent with each request, as its service account; soon over
)

// Live reports whether the token opens something at now.
func (t Token) Live(now time.Time) bool { return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt) }

// Credential is the token that somebody has made: an access token counts as what it was given for.
func (t Token) Credential() string {
	if t.IssuedBy != "" {
		return t.IssuedBy
	}
	return t.ID
}

// ServiceAccount is a program that works in one console under its own name, whoever made it.
type ServiceAccount struct {
	ConsoleID string
	ID        string
	Name      string
	Scopes    []Privilege
	CreatedBy string // by name
	CreatedAt time.Time
	RemovedAt time.Time
}

// Email is what a service account is called where an e-mail address is asked for. Nothing can be sent there.
func (s ServiceAccount) Email(c Console) string {
	return s.ID + "@" + strings.ToLower(string(c.AccountID)) + ".service.internal"
}

// The lives that a token can have. What never ends is forgotten, and found by somebody else.
const (
	tokenDay     = 24 * time.Hour
	LongestToken = 366 * tokenDay
	maxTokenName = 60
)

// CheckToken returns the token as it is kept, or refuses it with the fault "token.invalid", naming each wrong field. It
// begins at its CreatedAt.
func CheckToken(t Token) (Token, error) {
	t.Name = strings.TrimSpace(t.Name)
	scopes, fields := checkAccess(t.Name, t.Scopes, slices.Concat(AccountScopes, []Privilege{Operate}))
	t.Scopes = scopes
	if life := t.ExpiresAt.Sub(t.CreatedAt); life < tokenDay || life > LongestToken {
		fields = append(fields, fault.Field{Name: "days", Key: "token.days", Args: fault.Args{"Most": int(LongestToken / tokenDay)}})
	}
	return t, invalidAccess(fields)
}

// CheckServiceAccount returns the service account as it is kept, or refuses it with the fault "token.invalid".
func CheckServiceAccount(s ServiceAccount) (ServiceAccount, error) {
	s.Name = strings.TrimSpace(s.Name)
	scopes, fields := checkAccess(s.Name, s.Scopes, AccountScopes)
	s.Scopes = scopes
	return s, invalidAccess(fields)
}

// AccountScopes are the privileges that a service account can have, in the order in which they are kept.
var AccountScopes = slices.Concat(Assignable, []Privilege{SuperAdmin})

// checkAccess returns the scopes as they are kept: in order, and seeing customers always among them.
func checkAccess(name string, scopes, possible []Privilege) (kept []Privilege, wrong []fault.Field) {
	if n := utf8.RuneCountInString(name); n == 0 || n > maxTokenName || strings.ContainsFunc(name, unicode.IsControl) {
		wrong = append(wrong, fault.Field{Name: "name", Key: "token.name", Args: fault.Args{"Most": maxTokenName}})
	}
	for _, p := range scopes {
		if !slices.Contains(possible, p) {
			wrong = append(wrong, fault.Field{Name: "scopes", Key: "token.scope", Args: fault.Args{"Typed": clip(string(p), 40)}})
			break
		}
	}
	return Both(possible, append([]Privilege{ViewCustomers}, scopes...)), wrong
}

func invalidAccess(fields []fault.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Key: "token.invalid", Fields: fields}
}

// Both returns the privileges that stand in both lists, in the order of the first.
func Both(a, b []Privilege) []Privilege {
	both := make([]Privilege, 0, len(a)) // never nil: an actor with nothing through is not one without limits
	for _, p := range a {
		if slices.Contains(b, p) {
			both = append(both, p)
		}
	}
	return both
}
