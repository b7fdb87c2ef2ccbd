package console

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"psc/internal/fault"
)

// AccountID is what people type to name a console: "C" and eight characters, the last one a check
// character (spec C1).
type AccountID string

const (
	alphabet  = "23456789abcdefghjkmnpqrstuvwxyz"
	idSymbols = 8
)

// NewAccountID makes an account ID of seven symbols, each taken modulo 31; the check character is added.
func NewAccountID(symbols [idSymbols - 1]byte) AccountID {
	id := []byte{'C'}
	sum := 0
	for i, s := range symbols {
		v := int(s) % len(alphabet)
		id = append(id, alphabet[v])
		sum += weight(i) * v
	}
	return AccountID(append(id, alphabet[sum%len(alphabet)]))
}

// weight makes every single typing error and every swap of two characters change the check character:
// the weights are distinct, none is -1 modulo 31 (the check character's own), and 31 is prime.
func weight(i int) int { return i + 2 }

// ParseAccountID reads what a person typed: spaces around it, full-width characters (NFKC) and letter
// case do not matter. Anything that is not an account ID, a mistyped one included, is the fault
// "account_id.invalid".
func ParseAccountID(typed string) (AccountID, error) {
	s := Fold(typed)
	if len(s) != idSymbols+1 || s[0] != 'c' {
		return "", invalidAccountID(typed)
	}
	var symbols [idSymbols - 1]byte
	for i := range symbols {
		v := strings.IndexByte(alphabet, s[i+1])
		if v < 0 {
			return "", invalidAccountID(typed)
		}
		symbols[i] = byte(v) //nolint:gosec // below 31
	}
	id := NewAccountID(symbols)
	if id[idSymbols] != s[idSymbols] {
		return "", invalidAccountID(typed)
	}
	return id, nil
}

func invalidAccountID(typed string) error {
	return fault.InvalidField("account_id", "account_id.invalid", fault.Args{"Typed": clip(typed, 40)})
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// Fold returns what a person typed in the form that is compared: NFKC, trimmed, lower case.
func Fold(typed string) string {
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(typed)))
}
