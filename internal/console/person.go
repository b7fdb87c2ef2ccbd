package console

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"psc/internal/fault"
)

// Lengths of what a person is called by.
const (
	maxName  = 100
	maxEmail = 254
)

// CheckPerson returns the person as it is kept: name and e-mail address trimmed, the address in lower case. It refuses
// what is neither with the fault "person.invalid", naming each wrong field.
func CheckPerson(p Person) (Person, error) {
	p.Name, p.Email = strings.TrimSpace(p.Name), Fold(p.Email)
	var fields []fault.Field
	if n := utf8.RuneCountInString(p.Name); n == 0 || n > maxName || strings.ContainsFunc(p.Name, unicode.IsControl) {
		fields = append(fields, fault.Field{Name: "name", Key: "person.name", Args: fault.Args{"Most": maxName}})
	}
	if !isEmail(p.Email) {
		fields = append(fields, fault.Field{Name: "email", Key: "person.email", Args: fault.Args{"Typed": clip(p.Email, 60)}})
	}
	if len(fields) > 0 {
		return p, &fault.Error{Kind: fault.Invalid, Key: "person.invalid", Fields: fields}
	}
	return p, nil
}

// CheckEmail returns the e-mail address as it is kept, or refuses what cannot be one with the fault "person.email".
func CheckEmail(typed string) (string, error) {
	email := Fold(typed)
	if !isEmail(email) {
		return "", fault.InvalidField("email", "person.email", fault.Args{"Typed": clip(email, 60)})
	}
	return email, nil
}

// isEmail takes what can be an address; whether it is one only a message to it can tell.
func isEmail(s string) bool {
	local, host, ok := strings.Cut(s, "@")
	odd := func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`@<>",;`, r)
	}
	return ok && local != "" && len(s) <= maxEmail && !strings.ContainsFunc(local, odd) && !strings.ContainsFunc(host, odd) &&
		host != "" && !strings.HasPrefix(host, ".") && !strings.HasSuffix(host, ".")
}
