package connection_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/connection"
)

func TestRank(t *testing.T) {
	t.Parallel()
	list := []connection.Candidate{
		{ConsoleID: "refused", Customers: 9000, Fixed: 9, Currencies: 9, Preferred: true, CloseFirst: []connection.Connection{{ID: "con_1"}}},
		{ConsoleID: "named later", Name: "z", Customers: 40, Currencies: 2},
		{ConsoleID: "named", Name: "a", Customers: 40, Currencies: 2},
		{ConsoleID: "preferred", Name: "z", Customers: 40, Currencies: 2, Preferred: true},
		{ConsoleID: "currencies", Name: "z", Customers: 40, Currencies: 3},
		{ConsoleID: "large", Customers: 41},
		{ConsoleID: "fixed", Customers: 10, Fixed: 1},
		{ConsoleID: "large and fixed", Customers: 11, Fixed: 1},
	}
	connection.Rank(list)
	want := []string{"large and fixed", "fixed", "large", "currencies", "preferred", "named", "named later", "refused"}
	for i, c := range list {
		if c.ConsoleID != want[i] {
			t.Fatalf("at %d stands %q, want %q", i, c.ConsoleID, want[i])
		}
	}
}

// What CloseFirst names is exactly what the rules of an invitation would refuse.
func TestCloseFirstAgreesWithInvitations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"a", "b", "c", "d"}
		var list []connection.Connection
		for i := range rapid.IntRange(0, 4).Draw(t, "connections") {
			pair := rapid.Permutation(ids).Draw(t, "pair")
			list = append(list, connection.Connection{
				ID: string(rune('0' + i)), MainID: pair[0], SourceID: pair[1],
				State: rapid.SampledFrom([]connection.State{connection.Connected, connection.Invited, connection.Closed}).Draw(t, "state"),
			})
		}
		holds := func(main, source string, except bool) bool {
			return slices.ContainsFunc(list, func(c connection.Connection) bool {
				return c.State == connection.Connected && (main == "" || c.MainID == main) && (source == "" || c.SourceID == source) &&
					(!except || c.MainID != "a")
			})
		}
		first := connection.CloseFirst("a", []string{"b", "c"}, list)
		refused := false
		for _, source := range []string{"b", "c"} {
			refused = refused || connection.CheckAccept(connection.Standing{
				MainID: "a", SourceID: source, SourceConnected: holds("", source, true), SourceIsMain: holds(source, "", false),
				MainIsSource: holds("", "a", false),
			}) != nil
		}
		if refused != (len(first) > 0) {
			t.Fatalf("the rules refuse: %v, to close first: %v", refused, first)
		}
	})
}
