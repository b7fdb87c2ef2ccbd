package connection

import (
	"cmp"
	"slices"
	"strings"
)

// Candidate is a console that could become the main, with what counts for and against it (spec C8).
type Candidate struct {
	ConsoleID  string
	Name       string
	Customers  int64        // live ones
	Fixed      int64        // of them, those that can never move
	Currencies int          // covered by its active billing accounts
	Preferred  bool         // the domain that is asked for is one of its customers'
	CloseFirst []Connection // the connections because of which spec C2 would refuse it
}

// Rank orders the candidates, the best first (spec C8): customers that cannot move, most customers, most currencies, the
// preferred domain, then the name. One that spec C2 would refuse comes last.
func Rank(list []Candidate) {
	slices.SortStableFunc(list, func(a, b Candidate) int {
		return cmp.Or(
			trueFirst(len(a.CloseFirst) == 0, len(b.CloseFirst) == 0),
			trueFirst(a.Fixed > 0, b.Fixed > 0),
			cmp.Compare(b.Customers, a.Customers),
			cmp.Compare(b.Currencies, a.Currencies),
			trueFirst(a.Preferred, b.Preferred),
			strings.Compare(a.Name, b.Name),
			strings.Compare(a.ConsoleID, b.ConsoleID),
		)
	})
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// CloseFirst returns those of the connections that would have to be closed before mainID could be the main of all the
// sources (spec C2): it is itself a source, or one of them is a main or the source of another main.
func CloseFirst(mainID string, sources []string, connected []Connection) []Connection {
	var first []Connection
	for _, c := range connected {
		if c.State != Connected || slices.ContainsFunc(first, func(d Connection) bool { return d.ID == c.ID }) {
			continue
		}
		elsewhere := slices.Contains(sources, c.SourceID) && c.MainID != mainID
		if c.SourceID == mainID || elsewhere || slices.Contains(sources, c.MainID) {
			first = append(first, c)
		}
	}
	return first
}
