package pdf

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// cells measures as a terminal does: one for Latin, two for Japanese.
func cells(s string) float64 {
	n := 0
	for _, r := range s {
		n++
		if wide(r) {
			n++
		}
	}
	return float64(n)
}

func TestLinesBreakWhereTheyMay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"one two three", 7, []string{"one two", "three"}},
		{"株式会社髙橋商事", 8, []string{"株式会社", "髙橋商事"}},
		{"移行します。次へ", 10, []string{"移行しま", "す。次へ"}},
		{"請求「書」です", 6, []string{"請求", "「書」", "です"}},
		{"ソース コンソール", 10, []string{"ソース コ", "ンソール"}},
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"", 4, []string{""}},
		{"￥1,234", 4, []string{"￥1,", "234"}},
	} {
		if got := wrap(c.text, c.width, cells); !slices.Equal(got, c.want) {
			t.Errorf("%q in %v is %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestNothingIsLostByBreaking(t *testing.T) {
	t.Parallel()
	text := "九州建設工業ホールディングス株式会社(Kyushu Construction and Engineering)、第二事業部・福岡"
	for width := 2; width < 60; width++ {
		lines := wrap(text, float64(width), cells)
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
			t.Fatalf("width %d: %q", width, lines)
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 1 && cells(line) > float64(width) {
				t.Errorf("width %d: %q is wider", width, line)
			}
		}
	}
}
