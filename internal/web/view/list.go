package view

import (
	"strconv"

	"github.com/a-h/templ"
)

// Tab is one view of a list.
type Tab struct {
	Href    string
	Label   string
	Count   string // written out: p.Num(n), or p.AtMost(n, 10_000) where counting stops; "" for none
	Current bool
}

// SearchBox searches a list. Its form is a GET of the list's own page.
type SearchBox struct {
	Action string // the page, without query
	Value  string
	Label  string
	Hint   string   // what can be searched for
	Keep   []Hidden // what else the query says: tab, page size
	List   string   // the id of the list that the answer replaces
}

// attrs search while typing.
func (s SearchBox) attrs() templ.Attributes {
	all := Into(s.Action, s.List)
	all["hx-trigger"] = "submit, input delay:300ms from:#" + s.inputID()
	all["hx-sync"] = "this:replace"
	return all
}

func (s SearchBox) inputID() string { return s.List + "-q" }

// ColumnKind says how a column looks and where it goes when rows become cards on a phone.
type ColumnKind string

// The kinds of column.
const (
	NameColumn   ColumnKind = "name"   // what the row is about: the card's heading
	TextColumn   ColumnKind = "text"   // words, muted
	NumColumn    ColumnKind = "num"    // figures, at the end
	DateColumn   ColumnKind = "date"   // not broken
	StatusColumn ColumnKind = "status" // a chip, beside the card's heading
	ActionColumn ColumnKind = "act"    // buttons; its label is for screen readers
)

// Column is a column of a table.
type Column struct {
	Kind  ColumnKind
	Label string
	Wide  bool // left out where the table is narrow, and back on the cards of a phone
	Sort  *Sorting
}

// Sorting lets a list be sorted by a column.
type Sorting struct {
	Href      string // the list sorted by it, or if it is, the other way round
	List      string // the id of the list that the answer replaces
	Direction string // "ascending" or "descending" if the list is sorted by it
}

func (s Sorting) icon() string {
	switch s.Direction {
	case "ascending":
		return "arrow_upward"
	case "descending":
		return "arrow_downward"
	default:
		return "unfold_more"
	}
}

// FilterChip is something that a list is filtered by, with the address of the list without it.
type FilterChip struct{ Text, Href string }

func (c Column) class() string {
	if c.Wide {
		return string(c.Kind) + " wide-only"
	}
	return string(c.Kind)
}

// labelled reports whether the column's label stands beside its value on a card.
func (c Column) labelled() bool {
	return c.Kind == TextColumn || c.Kind == NumColumn || c.Kind == DateColumn
}

// Row is a row of a table: one cell per column, made with Words, NameLink, or a component of the page.
type Row struct {
	ID       string // what its checkbox sends
	Name     string // for screen readers: which row the checkbox selects
	Unticked bool   // the row cannot be chosen and has no checkbox
	Checked  bool
	Current  bool // its details are open
	Cells    []templ.Component
}

// Selection lets rows be chosen for the buttons of a form, which may stand anywhere: its checkboxes join
// the form by id.
type Selection struct {
	Form string // the form's id
	Name string // the checkboxes' name; "id" if empty
	All  string // offers everything that matches, beyond this page, as scope=all; "" for none

	Whole bool // the page holds all that matches: where scripts run the box in the head is enough
}

func (s *Selection) name() string {
	if s.Name == "" {
		return "id"
	}
	return s.Name
}

// Table is a list whose rows become cards on a phone.
type Table struct {
	ID      string // prefixes the ids of rows; unique on the page
	Caption string // for screen readers
	Columns []Column
	Rows    []Row
	Select  *Selection // nil if rows cannot be chosen
}

func (t Table) rowID(r Row) string { return t.ID + "-" + r.ID }

// Pages walks a list that is paged by key: there is a next page and a way back, and no page numbers.
type Pages struct {
	Action   string   // the page, without query: where another page size is asked for
	Keep     []Hidden // what else the query says: tab, search
	Size     int
	Sizes    []int
	Range    string // what is shown, in words
	First    string // "" on the first page
	Previous string
	Next     string
	List     string // the id of the list that the answer replaces
}

func (g Pages) sizeID() string { return g.List + "-size" }

func (g Pages) several() bool { return g.Previous != "" || g.Next != "" || g.First != "" }

func number(n int) string { return strconv.Itoa(n) }
