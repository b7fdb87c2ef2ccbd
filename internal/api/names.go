package api

import (
	"context"
	"strings"

	"psc/internal/console"
	"psc/internal/fault"
)

// place is where a call acts: who acts in which console, and the IDs that the resource's name has after it.
type place struct {
	actor   console.Actor
	console console.Console
	ids     []string
}

// at reads a resource name such as consoles/{account_id}/customers/{id}, kinds being what stands after the console; field says
// where the name stood. A console that does not exist and one in which the caller may not act are the same "not found".
func at(ctx context.Context, field, name string, kinds ...string) (place, error) {
	accountID, ids, err := readName(field, name, kinds)
	if err != nil {
		return place{}, err
	}
	caller := CallerOf(ctx)
	id, err := console.ParseAccountID(accountID)
	if err != nil || id != caller.Console.AccountID {
		return place{}, fault.New(fault.NotFound, "console.not_found", nil)
	}
	return place{actor: caller.Actor, console: caller.Console, ids: ids}, nil
}

// readName takes a name apart.
func readName(field, name string, kinds []string) (accountID string, ids []string, err error) {
	parts := strings.Split(name, "/")
	if len(parts) != 2+2*len(kinds) || parts[0] != "consoles" || parts[1] == "" {
		return "", nil, badName(field, kinds)
	}
	for i, kind := range kinds {
		if parts[2+2*i] != kind || parts[3+2*i] == "" {
			return "", nil, badName(field, kinds)
		}
		ids = append(ids, parts[3+2*i])
	}
	return parts[1], ids, nil
}

func badName(field string, kinds []string) error {
	pattern := strings.Join(append([]string{"consoles"}, kinds...), "/*/") + "/*"
	return fault.InvalidField(field, "api.name", fault.Args{"Pattern": pattern})
}

// name writes the name of what stands in the console: pairs of kind and ID.
func (p place) name(parts ...string) string {
	return consoleName(p.console) + "/" + strings.Join(parts, "/")
}

func consoleName(c console.Console) string { return "consoles/" + string(c.AccountID) }
