package api

import (
	"slices"
	"strconv"
	"strings"

	"psc/internal/fault"
)

// condition is one comparison of a filter.
type condition struct{ field, operator, value string }

// filterable says for each field of a list which operators it takes, and what a value of it does to the query.
type filterable map[string]struct {
	operators string // separated by spaces
	set       func(operator, value string) bool
}

// apply reads a filter of the form `field = value AND field >= "value"` (a part of AIP-160) into a query. A field that the list
// does not have is refused by name.
func (f filterable) apply(filter string) error {
	conditions, ok := readFilter(filter)
	if !ok {
		return fault.InvalidField("filter", "api.filter", nil)
	}
	for _, c := range conditions {
		known, ok := f[c.field]
		if !ok || !slices.Contains(strings.Fields(known.operators), c.operator) {
			return fault.InvalidField("filter", "api.filter_field", fault.Args{"Field": c.field + " " + c.operator})
		}
		if !known.set(c.operator, c.value) {
			return fault.InvalidField("filter", "api.filter_value", fault.Args{"Field": c.field, "Value": c.value})
		}
	}
	return nil
}

// one takes a text for which there is one operator.
func (f filterable) one(field string, set func(value string)) {
	f.many(field, "=", func(_, value string) bool { set(value); return true })
}

func (f filterable) many(field, operators string, set func(operator, value string) bool) {
	f[field] = struct {
		operators string
		set       func(operator, value string) bool
	}{operators, set}
}

func readFilter(filter string) (list []condition, ok bool) {
	rest := strings.TrimSpace(filter)
	for rest != "" {
		var c condition
		end := strings.IndexAny(rest, " =<>:!")
		if end <= 0 {
			return nil, false
		}
		c.field, rest = rest[:end], strings.TrimLeft(rest[end:], " ")
		end = strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("=<>:!", r) })
		if end <= 0 {
			return nil, false
		}
		c.operator, rest = rest[:end], strings.TrimLeft(rest[end:], " ")
		if c.value, rest, ok = readValue(rest); !ok {
			return nil, false
		}
		list = append(list, c)
		if rest = strings.TrimSpace(rest); rest == "" {
			break
		}
		next, joined := strings.CutPrefix(rest, "AND ")
		if rest = strings.TrimSpace(next); !joined || rest == "" {
			return nil, false
		}
	}
	return list, true
}

// readValue reads a quoted text, or what stands before the next space.
func readValue(s string) (value, rest string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return "", "", false
		}
		value, err = strconv.Unquote(quoted)
		return value, s[len(quoted):], err == nil
	}
	value, rest, _ = strings.Cut(s, " ")
	return value, rest, value != "" && !strings.ContainsAny(value, `"=<>`)
}

// number reads a whole number that is not negative.
func number(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0
}
