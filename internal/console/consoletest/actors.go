// Package consoletest names everybody who may ask something of the product, for the matrices of tests.
package consoletest

import (
	"strings"

	"psc/internal/console"
)

// Asker is an actor with a title for tables.
type Asker struct {
	Title string
	Actor console.Actor
}

// Everybody returns an actor of every kind, acting in the console: each role, roles that the console has made of one privilege
// beside seeing customers, the operator, the system, and somebody who is signed in and has no role there.
func Everybody(consoleID string) []Asker {
	var all []Asker
	for _, role := range console.Roles {
		all = append(all, Asker{strings.ToLower(string(role)), console.Actor{Role: role, ConsoleID: consoleID}})
	}
	for _, p := range console.Assignable {
		all = append(all, Asker{"own role with " + strings.ToLower(string(p)), console.Actor{
			Role: "rol_" + console.Role(p), ConsoleID: consoleID,
			Custom: console.CustomRole{ID: "rol_" + console.Role(p), Privileges: []console.Privilege{console.ViewCustomers, p}},
		}})
	}
	return append(all,
		Asker{"operator", console.Actor{Operator: true, ConsoleID: consoleID}},
		Asker{"system", console.Actor{System: true, ConsoleID: consoleID}},
		Asker{"nobody", console.Actor{ConsoleID: consoleID}})
}
