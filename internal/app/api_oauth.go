package app

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// TokenPath is where clients exchange secrets and keys for access tokens, below the base URL.
const TokenPath = "/oauth/token" //nolint:gosec // an address

const (
	accessLife = time.Hour
	// clockSkew is by how much a client's clock may be wrong.
	clockSkew = 30 * time.Second
	// foreignScope begins the scopes that Google's client libraries ask for. None of them says less than all.
	foreignScope = "https://www.googleapis.com/auth/"
)

// Access is what a client gets for its secret or key: a token to send with each request.
type Access struct {
	Token  string
	Life   time.Duration
	Scopes []console.Privilege
}

// AccessByClientSecret gives the service account an access token for its secret (OAuth 2 client credentials, RFC 6749 section
// 4.4). scope lists privileges; empty asks for all. from is the network address it comes from.
func (a *App) AccessByClientSecret(ctx context.Context, clientID, secret, scope, from string) (access Access, err error) {
	now := a.Wall.Now()
	if err := a.Limits.take("address "+from, now, exchangeRate); err != nil {
		return access, err
	}
	var t console.Token
	err = a.DB.View(ctx, func(tx *store.Tx) (err error) {
		t, err = tx.TokenOfHash(ctx, secretHash(secret), now)
		return found(err, "oauth.client")
	})
	if err == nil && (t.Kind != console.ClientSecret || t.ServiceAccountID != clientID) {
		err = fault.New(fault.NotFound, "oauth.client", nil)
	}
	if err != nil {
		return access, err
	}
	return a.giveAccess(ctx, t, "", scope, now)
}

// AccessByAssertion gives the service account an access token for what it has signed with its key (RFC 7523): who it is, for this
// audience, now. sub may name a member of the console: then the token lets through what both may. An assertion that is sent twice
// gives two tokens, each of which opens what the key does.
func (a *App) AccessByAssertion(ctx context.Context, assertion, audience, scope, from string) (access Access, err error) {
	now := a.Wall.Now()
	if err := a.Limits.take("address "+from, now, exchangeRate); err != nil {
		return access, err
	}
	var key store.TokenKey
	var account console.ServiceAccount
	var email string
	var outage error
	claims := &struct {
		jwt.RegisteredClaims

		Scope string `json:"scope"`
	}{}
	_, err = jwt.ParseWithClaims(assertion, claims, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
			if key, err = tx.KeyOfID(ctx, id, now); err != nil {
				return err
			}
			if account, err = tx.ServiceAccount(ctx, key.ConsoleID, key.ServiceAccountID); err != nil {
				return err
			}
			c, err := tx.Console(ctx, key.ConsoleID)
			email = account.Email(c)
			return err
		}); err != nil {
			if !errors.Is(err, store.ErrNone) {
				outage = err
			}
			return nil, err
		}
		block, _ := pem.Decode([]byte(key.PublicKey))
		return x509.ParsePKIXPublicKey(block.Bytes)
	}, jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Name}), jwt.WithAudience(audience), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(clockSkew), jwt.WithStrictDecoding(), jwt.WithTimeFunc(func() time.Time { return now }))
	switch {
	case outage != nil:
		return access, outage
	case err != nil:
		return access, refusedAssertion(err)
	}
	if claims.IssuedAt == nil || claims.ExpiresAt.Sub(claims.IssuedAt.Time) > accessLife+clockSkew {
		return access, fault.New(fault.Invalid, "oauth.assertion_time", nil)
	}
	if claims.Issuer != email {
		return access, fault.New(fault.Invalid, "oauth.assertion", nil)
	}
	subject := claims.Subject
	if subject == email {
		subject = ""
	}
	if scope == "" {
		scope = claims.Scope
	}
	return a.giveAccess(ctx, key.Token, subject, scope, now)
}

// refusedAssertion tells what was wrong to whoever has signed rightly, and nothing to others.
func refusedAssertion(err error) error {
	switch {
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return fault.Wrap(err, fault.Invalid, "oauth.assertion_audience", nil)
	case errors.Is(err, jwt.ErrTokenInvalidClaims):
		return fault.Wrap(err, fault.Invalid, "oauth.assertion_time", nil)
	}
	return fault.Wrap(err, fault.Invalid, "oauth.assertion", nil)
}

// giveAccess makes an access token for a credential, in the name of a member of the console if there is a subject.
func (a *App) giveAccess(ctx context.Context, credential console.Token, subject, scope string, now time.Time) (access Access, err error) {
	scopes, err := narrowed(credential.Scopes, scope)
	if err != nil {
		return access, err
	}
	secret, err := a.newSecret()
	if err != nil {
		return access, err
	}
	t := console.Token{
		ConsoleID: credential.ConsoleID, ID: a.IDs.New("tok", now), Kind: console.AccessToken, Name: credential.Name,
		ServiceAccountID: credential.ServiceAccountID, IssuedBy: credential.ID, Scopes: scopes, CreatedBy: credential.CreatedBy,
		CreatedAt: now, ExpiresAt: now.Add(accessLife),
	}
	if credential.ExpiresAt.Before(t.ExpiresAt) {
		t.ExpiresAt = credential.ExpiresAt
	}
	access = Access{Token: tokenPrefix + secret, Life: t.ExpiresAt.Sub(now), Scopes: scopes}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.ServiceAccount(ctx, t.ConsoleID, t.ServiceAccountID); err != nil {
			return found(err, "oauth.client")
		}
		if t.PersonID, err = memberNamed(ctx, tx, t.ConsoleID, subject); err != nil {
			return err
		}
		return errors.Join(
			tx.InsertToken(ctx, t, store.TokenProof{Hash: secretHash(access.Token)}),
			tx.TouchToken(ctx, t.ConsoleID, credential.ID, now, now.Add(-touchEvery)),
		)
	})
	return access, err
}

// narrowed returns the scopes that are asked for: all, or those named.
func narrowed(held []console.Privilege, scope string) ([]console.Privilege, error) {
	var named []console.Privilege
	for s := range strings.FieldsSeq(scope) {
		if strings.HasPrefix(s, foreignScope) {
			return held, nil
		}
		named = append(named, console.Privilege(s))
	}
	if len(named) == 0 {
		return held, nil
	}
	given := console.Both(held, append(named, console.ViewCustomers))
	for _, p := range named {
		if len(console.Both(given, []console.Privilege{p})) == 0 {
			return nil, fault.New(fault.Invalid, "oauth.scope", nil)
		}
	}
	return given, nil
}

// memberNamed returns who in the console has the e-mail address; empty for nobody's.
func memberNamed(ctx context.Context, tx *store.Tx, consoleID, email string) (string, error) {
	if email == "" {
		return "", nil
	}
	p, err := tx.PersonByEmail(ctx, console.Fold(email))
	if err == nil {
		_, err = tx.Membership(ctx, consoleID, p.ID)
	}
	if errors.Is(err, store.ErrNone) {
		return "", fault.New(fault.Invalid, "oauth.subject", nil)
	}
	return p.ID, err
}
