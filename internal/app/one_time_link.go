package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"

	"psc/internal/store"
)

// linkLife is how long a one-time link can be used.
const linkLife = day

// newLink stores a one-time link and returns its secret, which is kept nowhere else.
func (a *App) newLink(ctx context.Context, tx *store.Tx, purpose store.LinkPurpose, personID string) (string, error) {
	secret, err := a.newSecret()
	if err != nil {
		return "", err
	}
	return secret, tx.InsertLink(ctx, secretHash(secret), purpose, personID, a.Wall.Now().Add(linkLife))
}

func (a *App) newSecret() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(a.Random, b[:]); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// secretHash is what of a secret that we have made is in the database: 256 random bits need no slow hash.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
