package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Characters that no line begins with, and that no line ends with (the basics of kinsoku).
const (
	notFirst = "、。，．・：；？！ー）］｝〕〉》」』】〙〗’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞヽヾ,.:;?!)]}%％~〜"
	notLast  = "（［｛〔〈《「『【〘〖‘“([{￥¥$€£"
)

// pieces cuts a text where a line may end: after spaces, and between characters of Japanese as far as kinsoku lets it.
func pieces(text string) []string {
	var list []string
	start := 0
	for i, r := range text {
		if i > start && mayBreak(last(text[:i]), r) {
			list = append(list, text[start:i])
			start = i
		}
	}
	return append(list, text[start:])
}

func last(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func mayBreak(before, after rune) bool {
	switch {
	case strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before):
		return false
	case before == ' ' || before == '\u3000':
		return after != ' ' && after != '\u3000'
	default:
		return wide(before) && after != ' ' || wide(after) && before != '\u00a0'
	}
}

func wide(r rune) bool {
	return r > 0x2e7f && !unicode.IsSpace(r)
}

// wrap breaks a text into lines that are no wider than width, as measure tells it. What has no place to break is cut.
func wrap(text string, width float64, measure func(string) float64) []string {
	var lines []string
	line := ""
	for _, piece := range pieces(text) {
		if measure(strings.TrimRight(line+piece, " \u3000")) <= width {
			line += piece
			continue
		}
		if line != "" {
			lines = append(lines, strings.TrimRight(line, " \u3000"))
		}
		line = piece
		for measure(strings.TrimRight(line, " \u3000")) > width && utf8.RuneCountInString(line) > 1 {
			n := fits(line, width, measure)
			lines = append(lines, line[:n])
			line = line[n:]
		}
	}
	return append(lines, strings.TrimRight(line, " \u3000"))
}

// fits returns how many bytes of a text fit into the width, one character at least.
func fits(text string, width float64, measure func(string) float64) int {
	n := 0
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		if n > 0 && measure(text[:end]) > width {
			break
		}
		n = end
	}
	return n
}
