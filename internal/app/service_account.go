package app

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// ServiceAccountView is a service account with what it signs in with.
type ServiceAccountView struct {
	console.ServiceAccount

	Email  string
	Tokens []console.Token // its secrets and keys
}

// ServiceAccounts returns the service accounts of the actor's console by name, for who manages users.
func (a *App) ServiceAccounts(ctx context.Context, actor console.Actor) (list []ServiceAccountView, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		c, err := tx.Console(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		accounts, err := tx.ServiceAccounts(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		tokens, err := tx.Tokens(ctx, actor.ConsoleID)
		for _, s := range accounts {
			v := ServiceAccountView{ServiceAccount: s, Email: s.Email(c)}
			for _, t := range tokens {
				if t.ServiceAccountID == s.ID {
					v.Tokens = append(v.Tokens, t)
				}
			}
			list = append(list, v)
		}
		return err
	})
	return list, err
}

// MakeServiceAccount makes a service account that may nothing that the actor may not. Seeing customers is always allowed to it.
func (a *App) MakeServiceAccount(ctx context.Context, actor console.Actor, name string, scopes []console.Privilege) (s console.ServiceAccount, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return s, err
	}
	now := a.Wall.Now()
	if s, err = console.CheckServiceAccount(console.ServiceAccount{
		ConsoleID: actor.ConsoleID, ID: a.IDs.New("sva", now), Name: name, Scopes: scopes, CreatedBy: actor.Name, CreatedAt: now,
	}); err != nil {
		return s, err
	}
	if err := actor.MayGive(s.Scopes); err != nil {
		return s, err
	}
	return s, a.DB.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.InsertServiceAccount(ctx, s), a.recordAccount(ctx, tx, actor, "access.account_made", s, nil))
	})
}

// RemoveServiceAccount takes a service account out of use, and with it all that it signs in with.
func (a *App) RemoveServiceAccount(ctx context.Context, actor console.Actor, id string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		s, err := a.serviceAccount(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if ok, err := tx.RemoveServiceAccount(ctx, actor.ConsoleID, id, a.Wall.Now()); err != nil || !ok {
			return errors.Join(err, fault.New(fault.NotFound, "service_account.not_found", nil))
		}
		return a.recordAccount(ctx, tx, actor, "access.account_removed", s, nil)
	})
}

// serviceAccount returns a service account that the actor may manage.
func (a *App) serviceAccount(ctx context.Context, tx *store.Tx, actor console.Actor, id string) (s console.ServiceAccount, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return s, err
	}
	if s, err = tx.ServiceAccount(ctx, actor.ConsoleID, id); err != nil {
		return s, found(err, "service_account.not_found")
	}
	return s, actor.MayGive(s.Scopes)
}

func (a *App) recordAccount(ctx context.Context, tx *store.Tx, actor console.Actor, action string, s console.ServiceAccount, t *console.Token) error {
	e := entry{Action: action, Subject: s.ID, Data: map[string]string{"Account": s.Name}}
	if t != nil {
		e.Data["Name"] = t.Name
	}
	return a.record(ctx, tx, a.Clock.Now(), actor, e)
}

// MakeClientSecret makes a secret with which the service account gets access tokens (OAuth 2 client credentials; its ID is
// the client's). The secret is kept nowhere.
func (a *App) MakeClientSecret(ctx context.Context, actor console.Actor, accountID string, n NewToken) (secret string, t console.Token, err error) {
	if secret, err = a.newSecret(); err != nil {
		return "", t, err
	}
	secret = tokenPrefix + secret
	t, _, err = a.addCredential(ctx, actor, accountID, console.ClientSecret, n, store.TokenProof{Hash: secretHash(secret)})
	return secret, t, err
}

// KeyFile is what a service account's key is downloaded as: Google's client libraries read it.
type KeyFile struct {
	Type         string `json:"type"`
	PrivateKeyID string `json:"private_key_id"`
	PrivateKey   string `json:"private_key"`
	ClientEmail  string `json:"client_email"`
	ClientID     string `json:"client_id"`
	TokenURI     string `json:"token_uri"`
}

// keyBits is the length of the keys of service accounts.
const keyBits = 2048

// MakeKey makes a key with which the service account signs what it gets access tokens for at tokenURI. Its private half is
// kept nowhere.
func (a *App) MakeKey(ctx context.Context, actor console.Actor, accountID string, n NewToken, tokenURI string) (f KeyFile, t console.Token, err error) {
	private, err := rsa.GenerateKey(a.Random, keyBits)
	if err != nil {
		return f, t, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return f, t, err
	}
	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return f, t, err
	}
	t, email, err := a.addCredential(ctx, actor, accountID, console.AccountKey, n, store.TokenProof{PublicKey: pemOf("PUBLIC KEY", public)})
	return KeyFile{
		Type: "service_account", PrivateKeyID: t.ID, PrivateKey: pemOf("PRIVATE KEY", secret), ClientEmail: email,
		ClientID: accountID, TokenURI: tokenURI,
	}, t, err
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// addCredential adds something that a service account signs in with. It lets through what its account may.
func (a *App) addCredential(
	ctx context.Context, actor console.Actor, accountID string, kind console.TokenKind, n NewToken, proof store.TokenProof,
) (t console.Token, email string, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return t, "", err
	}
	n.Scopes = nil
	if t, err = a.newToken(actor, kind, n); err != nil {
		return t, "", err
	}
	t.ServiceAccountID = accountID
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		s, err := a.serviceAccount(ctx, tx, actor, accountID)
		if err != nil {
			return err
		}
		c, err := tx.Console(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		t.Scopes, email = s.Scopes, s.Email(c)
		action := "access.secret_made"
		if kind == console.AccountKey {
			action = "access.key_made"
		}
		return errors.Join(tx.InsertToken(ctx, t, proof), a.recordAccount(ctx, tx, actor, action, s, &t))
	})
	return t, email, err
}
