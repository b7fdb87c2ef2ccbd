package store

import (
	"encoding/json"
	"strconv"
	"strings"

	"psc/internal/console"
)

// jsonList writes a list as one JSON object, {"0":{…},"1":{…}}: the form that json_each of both engines reads alike.
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

// contains returns the LIKE pattern for texts that contain s, which is normalised as searchText does.
func contains(s string) string {
	if s == "" {
		return "%"
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(console.Fold(s)) + "%"
}

// Page asks for one page of a list in a fixed order.
type Page struct {
	After  Cursor // empty: from the start
	Before Cursor // not empty: the page that ends before it
	Limit  int
}

// Cursor is the place of a row in a list ordered by name.
type Cursor struct {
	SortName, ID string
}

// CountLimit is where counting for a page stops: what is beyond is "10,000+".
const CountLimit = 10_001
