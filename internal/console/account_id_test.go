package console_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"psc/internal/console"
	"psc/internal/fault"
)

const alphabet = "23456789abcdefghjkmnpqrstuvwxyz"

// sample are account IDs from all over the space, the first and the last among them.
func sample() []console.AccountID {
	var ids []console.AccountID
	for i := range 60 {
		var symbols [7]byte
		for j := range symbols {
			symbols[j] = byte((i*(7*j+11) + i*i*j) % 31)
		}
		ids = append(ids, console.NewAccountID(symbols))
	}
	return append(ids, console.NewAccountID([7]byte{30, 30, 30, 30, 30, 30, 30}))
}

// Every single wrong character, the check character's too, is told at once (spec C1).
func TestEverySubstitutionIsDetected(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, id := range sample() {
		for at := 1; at < len(id); at++ {
			for _, c := range alphabet {
				typed := string(id[:at]) + string(c) + string(id[at+1:])
				if typed == string(id) {
					continue
				}
				tried++
				if got, err := console.ParseAccountID(typed); err == nil {
					t.Fatalf("%s for %s was taken as %s", typed, id, got)
				}
			}
		}
	}
	if want := 61 * 8 * 30; tried != want {
		t.Errorf("tried %d, want %d", tried, want)
	}
}

// Every swap of two characters, neighbours or not, is told at once.
func TestEveryTranspositionIsDetected(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, id := range sample() {
		for i := 1; i < len(id); i++ {
			for j := i + 1; j < len(id); j++ {
				typed := []byte(id)
				typed[i], typed[j] = typed[j], typed[i]
				if string(typed) == string(id) {
					continue
				}
				tried++
				if got, err := console.ParseAccountID(string(typed)); err == nil {
					t.Fatalf("%s for %s was taken as %s", typed, id, got)
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d swaps were tried", tried)
	}
}

// People have their account IDs on paper: the check character never changes.
func TestAccountIDsStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for symbols, want := range map[[7]byte]console.AccountID{
		{}:                          "C22222222",
		{1}:                         "C32222224",
		{0, 1, 2, 3, 4, 5, 6}:       "C2345678b",
		{7, 11, 13, 17, 19, 23, 29}: "C9dfknsyb",
	} {
		if got := console.NewAccountID(symbols); got != want {
			t.Errorf("symbols %v make %s, want %s", symbols, got, want)
		}
	}
}

func TestAccountIDsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := console.NewAccountID([7]byte(rapid.SliceOfN(rapid.Byte(), 7, 7).Draw(t, "symbols")))
		typed := typing(t, string(id))
		got, err := console.ParseAccountID(typed)
		if err != nil || got != id {
			t.Fatalf("%q was read as %q, %v; want %s", typed, got, err, id)
		}
	})
}

// typing draws how a person may type an ID: wide or narrow, large or small, with spaces around.
func typing(t *rapid.T, id string) string {
	space := rapid.SampledFrom([]string{"", " ", "\t", "　", "\n", "\u00a0", "\r\n"})
	var b strings.Builder
	b.WriteString(space.Draw(t, "before"))
	for _, c := range id {
		if rapid.Bool().Draw(t, "large") {
			c = []rune(strings.ToUpper(string(c)))[0]
		}
		if rapid.Bool().Draw(t, "wide") {
			c += 0xFEE0
		}
		b.WriteRune(c)
	}
	b.WriteString(space.Draw(t, "after"))
	return b.String()
}

// The rules may import no library, so they narrow full-width typing themselves. What they make of every full-width
// form that an account ID can be typed in is what NFKC makes of it (spec C1).
func TestFullWidthTypingIsReadAsNFKC(t *testing.T) {
	t.Parallel()
	forms := 0
	for _, id := range sample() {
		for at, c := range string(id) {
			for _, letter := range strings.ToLower(string(c)) + strings.ToUpper(string(c)) {
				wide := letter + 0xFEE0
				if narrow := norm.NFKC.String(string(wide)); narrow != string(letter) {
					t.Fatalf("NFKC makes %q of %q", narrow, wide)
				}
				forms++
				typed := "　" + string(id[:at]) + string(wide) + string(id[at+1:])
				got, err := console.ParseAccountID(typed)
				normal, normalErr := console.ParseAccountID(norm.NFKC.String(typed))
				if err != nil || normalErr != nil || got != id || normal != id {
					t.Fatalf("%q: %s %v, normalised: %s %v", typed, got, err, normal, normalErr)
				}
			}
		}
	}
	if forms == 0 {
		t.Error("no form was tried")
	}
}

func TestWhatIsNoAccountID(t *testing.T) {
	t.Parallel()
	id := string(sample()[7])
	for name, typed := range map[string]string{
		"nothing":          "",
		"spaces":           " 　 ",
		"without its C":    id[1:],
		"another letter":   "D" + id[1:],
		"too short":        id[:8],
		"too long":         id + "2",
		"space within":     id[:4] + " " + id[4:],
		"hyphen within":    id[:4] + "-" + id[4:],
		"i, l, o, 0 and 1": "Cilo01ilo",
		"accents":          "Çáéíóúâêô",
		"two IDs":          id + id,
		"zero byte":        id[:8] + "\x00",
		"not UTF-8":        id[:8] + "\xff",
		"very long":        strings.Repeat("C", 100_000),
	} {
		got, err := console.ParseAccountID(typed)
		if !fault.Is(err, "account_id.invalid") || fault.KindOf(err) != fault.Invalid || got != "" {
			t.Errorf("%s: %q, %v", name, got, err)
			continue
		}
		e := fault.As(err)
		if len(e.Fields) != 1 || e.Fields[0].Name != "account_id" {
			t.Errorf("%s: fields %+v", name, e.Fields)
		}
		if repeated, _ := e.Args["Typed"].(string); len([]rune(repeated)) > 41 {
			t.Errorf("%s: the message repeats %d characters", name, len([]rune(repeated)))
		}
	}
}

// FuzzParseAccountID feeds anything: what is taken is an account ID in its one form.
func FuzzParseAccountID(f *testing.F) {
	f.Add("C2222222" + "2")
	f.Add("ｃ２３４５６７８９")
	f.Add(" c\u212Aabcdefg ")
	f.Fuzz(func(t *testing.T, typed string) {
		id, err := console.ParseAccountID(typed)
		if err != nil {
			return
		}
		again, err := console.ParseAccountID(string(id))
		if err != nil || again != id || len(id) != 9 || id[0] != 'C' {
			t.Fatalf("%q was taken as %q, which reads as %q, %v", typed, id, again, err)
		}
	})
}
