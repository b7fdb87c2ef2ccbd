package api

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"psc/internal/console"
	"psc/internal/fault"
)

// vendor implements the services of the vendor's operators, which act in every console and on what belongs to none. Whoever is no
// operator, or whose token does not let that through, is told so before anything is looked for: of every name the same.
type vendor struct {
	own

	base *url.URL // of the pages
}

// operator returns who calls, outside every console.
func operator(ctx context.Context) (console.Actor, error) {
	actor := CallerOf(ctx).Actor
	if err := actor.MayOperate(); err != nil {
		return actor, err
	}
	actor.ConsoleID, actor.Suspended = "", false
	return actor, nil
}

// at reads the name of something in any console, as the function at does of something in the caller's.
func (v vendor) at(ctx context.Context, field, name string, kinds ...string) (place, error) {
	actor, err := operator(ctx)
	if err != nil {
		return place{}, err
	}
	accountID, ids, err := readName(field, name, kinds)
	if err != nil {
		return place{}, err
	}
	actor, c, err := v.app.OperateIn(ctx, actor, accountID)
	return place{actor: actor, console: c, ids: ids}, err
}

// single is at for the one thing of its kind that stands in something else, such as consoles/{account_id}/monthCheck.
func (v vendor) single(ctx context.Context, name, kind string, kinds ...string) (place, error) {
	rest, ok := strings.CutSuffix(name, "/"+kind)
	p, err := v.at(ctx, "name", rest, kinds...)
	if err == nil && !ok {
		err = badName("name", kinds)
	}
	return p, err
}

// chosen reads one of several words.
func chosen[W ~string](field, value string, choices []W) (W, error) {
	if i := slices.Index(choices, W(value)); i >= 0 {
		return choices[i], nil
	}
	words := strings.Join(each(choices, func(w W) string { return string(w) }), ", ")
	return "", fault.InvalidField(field, "api.choice", fault.Args{"Value": value, "Choices": words})
}

// idOf reads a name of what belongs to no console, such as issuers/{id}.
func idOf(field, name, kind string) (string, error) {
	id, ok := strings.CutPrefix(name, kind+"/")
	if !ok || id == "" || strings.Contains(id, "/") {
		return "", fault.InvalidField(field, "api.name", fault.Args{"Pattern": kind + "/*"})
	}
	return id, nil
}
