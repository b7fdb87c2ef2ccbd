// Package fault holds the one error that a person or a client is meant to read: what kind it is,
// and a message key with arguments that a shell puts into the reader's language.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind says what went wrong, in the terms every exit (page, API, CLI, job) can map to its own.
type Kind string

// The kinds. An error that is not a *Error counts as Internal: it is logged, never shown.
const (
	Invalid         Kind = "INVALID"         // the input itself is wrong; sending it again will not help
	NotFound        Kind = "NOT_FOUND"       // there is no such thing, or none that the asking console may know of
	Forbidden       Kind = "FORBIDDEN"       // the person lacks the privilege
	Unauthenticated Kind = "UNAUTHENTICATED" // nobody is signed in, or the sign-in did not succeed
	Conflict        Kind = "CONFLICT"        // it exists already, or somebody was faster
	Precondition    Kind = "PRECONDITION"    // right input, but the present state does not allow it
	Limited         Kind = "LIMITED"         // too many tries; later it works
	TooLarge        Kind = "TOO_LARGE"       // the input is larger than what is taken
	Internal        Kind = "INTERNAL"        // a defect or an outage
)

// Args are the values that a message names, by the name that the catalogue uses.
type Args map[string]any

// Word is an argument that is itself the key of a message, such as the name of a privilege.
type Word string

// Field is one wrong input field: its form or JSON name, and the message about it.
type Field struct {
	Name string
	Key  string
	Args Args
}

// Error is a failure that can be told to a reader. Key names a message of the catalogue.
type Error struct {
	Kind   Kind
	Key    string
	Args   Args
	Fields []Field
	Cause  error
}

// New makes an Error. args may be nil.
func New(kind Kind, key string, args Args) *Error { return &Error{Kind: kind, Key: key, Args: args} }

// InvalidField makes an Invalid error about one field of the input.
func InvalidField(field, key string, args Args) *Error {
	return &Error{Kind: Invalid, Key: key, Args: args, Fields: []Field{{Name: field, Key: key, Args: args}}}
}

// Wrap makes an Error that remembers what caused it; the cause is logged and not shown.
func Wrap(cause error, kind Kind, key string, args Args) *Error {
	return &Error{Kind: kind, Key: key, Args: args, Cause: cause}
}

// Error is for logs and tests; readers get the message of Key.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", e.Kind, e.Key)
	for _, k := range slices.Sorted(maps.Keys(e.Args)) {
		fmt.Fprintf(&b, " %s=%v", k, e.Args[k])
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// As returns the *Error in err's chain, or nil.
func As(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

// KindOf returns the kind of err: Internal for anything that is not a *Error.
func KindOf(err error) Kind {
	if e := As(err); e != nil {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a *Error with this message key.
func Is(err error, key string) bool {
	e := As(err)
	return e != nil && e.Key == key
}
