package cli

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"psc/internal/civil"
)

// table is rows of text under columns, which are named by their message keys below cli.column. What --quiet leaves of a
// row is its first cell, the ID.
type table struct {
	columns []string
	rows    [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// Table writes v as JSON, the IDs alone, or the table, as was asked for.
func (t *Terminal) Table(v any, tab table) error {
	if t.JSON {
		return t.Write(v)
	}
	if t.Quiet {
		for _, row := range tab.rows {
			t.Line(row[0])
		}
		return nil
	}
	if len(tab.rows) == 0 {
		t.Line(t.Say.T("cli.nothing"))
		return nil
	}
	t.lines(tab)
	return nil
}

// lines writes a table with its columns one below the other, as a terminal shows them.
func (t *Terminal) lines(tab table) {
	head := make([]string, len(tab.columns))
	widths := make([]int, len(tab.columns))
	for i, key := range tab.columns {
		head[i] = t.Say.T("cli.column." + key)
	}
	rows := append([][]string{head}, tab.rows...)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columnsOf(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-columnsOf(cell)+2))
			}
		}
		t.Line(strings.TrimRight(b.String(), " "))
	}
}

// columnsOf returns how many columns of a terminal a text takes: a Japanese character takes two, a combining one none.
func columnsOf(s string) (n int) {
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
				n++
			}
		}
	}
	return n
}

// Result writes what a command has made or changed: v as JSON, its ID alone, or a sentence.
func (t *Terminal) Result(v any, id, sentence string) error {
	if t.Quiet && !t.JSON {
		sentence = id
	}
	return t.Write(v, sentence)
}

// record writes one thing as lines of a label and a value, pairs of column and value; empty values are left out.
func (t *Terminal) record(pairs ...string) {
	labels, most := make([]string, len(pairs)/2), 0
	for i := range labels {
		labels[i] = t.Say.T("cli.column." + pairs[2*i])
		most = max(most, columnsOf(labels[i]))
	}
	for i, label := range labels {
		if value := pairs[2*i+1]; value != "" {
			t.Line(label + strings.Repeat(" ", most-columnsOf(label)+2) + value)
		}
	}
}

// done is the result of a command that has only something to say.
type done struct {
	ID string `json:"id"`
}

// said writes that something was done to what has the ID.
func (t *Terminal) said(id, key string, args ...any) error {
	return t.Result(done{id}, id, t.Say.T(key, args...))
}

// when writes an instant; nothing for one that has not come about.
func (t *Terminal) when(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.Say.When(at)
}

func (t *Terminal) date(d civil.Date) string {
	if d == 0 {
		return ""
	}
	return t.Say.Date(d)
}

// isoDate is a date in JSON.
func isoDate(d civil.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// collected turns every element of a list into its JSON form; an empty list is [], never null.
func collected[T, J any](list []T, form func(T) J) []J {
	out := make([]J, len(list))
	for i, v := range list {
		out[i] = form(v)
	}
	return out
}

// word returns a code as pages call it, in the words of a group of messages; one without a word stays as it is.
func word[T ~string](t *Terminal, group string, code T) string {
	if key := group + "." + string(code); t.Say.Has(key) {
		return t.Say.T(key)
	}
	return string(code)
}
