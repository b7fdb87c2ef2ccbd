package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"psc/internal/console"
)

// jsonList writes a list as one JSON object, {"0":{…},"1":{…}}: the form that json_each and jsonb_each of both
// engines read alike.
func jsonList[T any](list []T, row func(T) map[string]any) string {
	m := make(map[string]map[string]any, len(list))
	for i, v := range list {
		m[strconv.Itoa(i)] = row(v)
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // the values are strings and numbers
	}
	return string(b)
}

// idList is jsonList of IDs, each as "id".
func idList(ids []string) string {
	return jsonList(ids, func(id string) map[string]any { return map[string]any{"id": id} })
}

// each reads the list that is the argument $n: a FROM with a WHERE. Every key is in the range, which is there for PostgreSQL:
// it takes a list for a hundred rows, and a console of which it has no statistics yet for a 200th of the table, so that
// after an import it would compare each of the console's rows with each of the list. With the range it takes the list for
// one row, begins with it, and finds by index what belongs to each; unless a condition on the other table is that of an
// index, which then seems to find one row too. So statements that find rows by customer or by ID say state <> 'MOVED' and
// moved <> 1, which no index does, where those that read on an index say state = 'LIVE' and moved = 0.
func each(n string) string { return `FROM json_each(` + n + `) WHERE key >= '0' AND key < 'a'` }

// contains returns the LIKE pattern for texts that contain s, in the form that searches compare.
func contains(s string) string {
	if s == "" {
		return "%"
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(console.SearchForm(s)) + "%"
}

// Page asks for one page of a list in a fixed order.
type Page struct {
	After  Cursor // empty: from the start
	Before Cursor // not empty: the page that ends before it
	Limit  int
}

// Cursor is the place of a row in a list: its name, or what else the list is ordered by, written out.
type Cursor struct {
	SortName, ID string
}

// order is what a list is ordered by before the IDs.
type order struct {
	column string
	number bool // its values are numbers
	down   bool
}

// value returns where a cursor stands in the order. A text that is no number is of no list of ours.
func (o order) value(c Cursor) any {
	if !o.number {
		return c.SortName
	}
	n, err := strconv.ParseInt(c.SortName, 10, 64)
	if err != nil {
		return int64(0)
	}
	return n
}

// CountLimit is where counting for a page stops: what is beyond is "10,000+".
const CountLimit = 10_001

// List is one page of a list, and whether there is more on either side of it.
type List[T any] struct {
	Rows        []T
	HasPrevious bool
	HasNext     bool
}

// pageOf is pageBy of a list that is ordered by sort_name.
func pageOf[T any](ctx context.Context, tx *Tx, scan func(Rows) (T, error), page Page, parts []string, args ...any) (List[T], error) {
	return pageBy(ctx, tx, scan, page, order{column: "sort_name"}, parts, args...)
}

// pageBy reads one page of the rows of all parts, in an order. Each part ends in its WHERE conditions, to which the page's
// place, order and limit are added, so that it is read no further than the page needs. args are the first arguments.
func pageBy[T any](ctx context.Context, tx *Tx, scan func(Rows) (T, error), page Page, by order, parts []string, args ...any) (List[T], error) {
	from, back := page.After, page.Before != Cursor{}
	if back {
		from = page.Before
	}
	place, way := ">", ""
	if back != by.down {
		place, way = "<", " DESC"
	}
	n := len(args)
	args = append(slices.Clone(args), page.Limit+1)
	end := fmt.Sprintf(` ORDER BY %s%s, id%s LIMIT $%d`, by.column, way, way, n+1)
	if (from != Cursor{}) {
		place = fmt.Sprintf(` AND (%s, id) %s ($%d, $%d)`, by.column, place, n+2, n+3)
		args = append(args, by.value(from), from.ID)
	} else {
		place = ""
	}
	place += end
	sql := parts[0] + place
	if len(parts) > 1 {
		sql = `SELECT * FROM (` + strings.Join(parts, place+`) x UNION ALL SELECT * FROM (`) + place + `) x` + end
	}
	rows, err := all(ctx, tx, scan, sql, args...)
	more := len(rows) > page.Limit
	rows = rows[:min(len(rows), page.Limit)]
	if back {
		slices.Reverse(rows)
		return List[T]{Rows: rows, HasPrevious: more, HasNext: true}, err
	}
	return List[T]{Rows: rows, HasPrevious: from != Cursor{}, HasNext: more}, err
}

// insertAll inserts a list with one statement. row names each column with its value, a text or an integer; every row
// has the same columns. onConflict is what follows the rows, or empty. With jsonb_each a row is parsed once and not for each of its
// columns, which halves the time of wide ones.
func insertAll[T any](ctx context.Context, tx *Tx, table string, list []T, row func(T) map[string]any, onConflict string) error {
	if len(list) == 0 {
		return nil
	}
	columns := row(list[0])
	names := slices.Sorted(maps.Keys(columns))
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = fmt.Sprintf("value->>'%s'", name)
		if reflect.TypeOf(columns[name]).Kind() != reflect.String {
			values[i] = fmt.Sprintf("CAST(value->>'%s' AS bigint)", name)
		}
	}
	sql := fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM jsonb_each($1) WHERE true %s`,
		table, strings.Join(names, ", "), strings.Join(values, ", "), onConflict)
	_, err := tx.exec(ctx, sql, jsonList(list, row))
	return err
}

// excluded returns the assignments of an upsert that takes every column of the list from the new row.
func excluded(columns string) string {
	names := strings.Split(columns, ",")
	for i, n := range names {
		n = strings.TrimSpace(n)
		names[i] = n + " = excluded." + n
	}
	return strings.Join(names, ", ")
}
