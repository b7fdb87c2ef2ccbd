package app

import (
	"context"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"psc/internal/console"
	"psc/internal/fault"
)

// hashing is what one password costs: what OWASP recommends for argon2id.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobody is the hash of no password at the same cost: it is compared when there is no person, so that the answer takes
// as long.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// hashers bounds the memory that sign-ins take together.
var hashers = make(chan struct{}, 4)

// hashed runs a piece of password work when its turn has come.
func hashed(ctx context.Context, work func() error) error {
	select {
	case hashers <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-hashers }()
	return work()
}

func passwordMatches(ctx context.Context, hash, password string) (right bool, err error) {
	known := hash != ""
	if !known {
		hash = nobody
	}
	err = hashed(ctx, func() error {
		right, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	return right && known, err
}

// Lengths of a password. The upper one bounds what hashing reads.
const (
	MinPassword = 10
	MaxPassword = 200
)

// HashPassword checks the new password of a person and returns its hash.
func HashPassword(ctx context.Context, password string, p console.Person) (hash string, err error) {
	n := utf8.RuneCountInString(password)
	switch {
	case n < MinPassword:
		return "", fault.InvalidField("password", "password.short", fault.Args{"Least": MinPassword})
	case n > MaxPassword:
		return "", fault.InvalidField("password", "password.long", fault.Args{"Most": MaxPassword})
	case console.Fold(password) == p.Email || console.Fold(password) == console.Fold(p.Name):
		return "", fault.InvalidField("password", "password.guessable", nil)
	}
	err = hashed(ctx, func() error {
		hash, err = argon2id.CreateHash(password, hashing)
		return err
	})
	return hash, err
}
