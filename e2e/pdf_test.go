//go:build e2e

package e2e_test

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	pdfObjects = regexp.MustCompile(`(?s)(\d+) 0 obj\n(.*?)endobj`)
	pdfStream  = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	pdfFonts   = regexp.MustCompile(`/(F\d+) (\d+) 0 R`)
	pdfUnicode = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	pdfGlyphs  = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]{4,8})>`)
	pdfShown   = regexp.MustCompile(`/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\bET\b`)
)

// pdfText returns the text layer of a PDF of ours, a line for each piece of text.
func pdfText(t *testing.T, file []byte) string {
	t.Helper()
	if !bytes.HasPrefix(file, []byte("%PDF-")) {
		t.Fatalf("this is no PDF: %.60q", file)
	}
	objects := map[string]string{}
	for _, o := range pdfObjects.FindAllStringSubmatch(string(file), -1) {
		objects[o[1]] = o[2]
	}
	fonts := map[string]map[string]string{}
	for _, f := range pdfFonts.FindAllStringSubmatch(string(file), -1) {
		fonts[f[1]] = glyphs(objects[first(pdfUnicode, objects[f[2]])])
	}
	var text strings.Builder
	for n := range len(objects) + 1 {
		var font map[string]string
		for _, shown := range pdfShown.FindAllStringSubmatch(inflated(objects[strconv.Itoa(n)]), -1) {
			switch {
			case shown[1] != "":
				font = fonts[shown[1]]
			case shown[2] == "":
				text.WriteByte('\n')
			default:
				for code := shown[2]; len(code) >= 4; code = code[4:] {
					text.WriteString(font[strings.ToUpper(code[:4])])
				}
			}
		}
	}
	return text.String()
}

// glyphs maps the codes of a font to what they mean.
func glyphs(object string) map[string]string {
	means := map[string]string{}
	for _, g := range pdfGlyphs.FindAllStringSubmatch(object, -1) {
		if b, err := hex.DecodeString(g[2]); err == nil && len(b) == 2 {
			means[g[1]] = string(rune(b[0])<<8 | rune(b[1]))
		}
	}
	return means
}

// inflated returns what a page draws; nothing of other objects.
func inflated(object string) string {
	z, err := zlib.NewReader(strings.NewReader(first(pdfStream, object)))
	if err != nil {
		return ""
	}
	b, err := io.ReadAll(z)
	if err != nil || !bytes.Contains(b, []byte(" Tf")) {
		return ""
	}
	return string(b)
}

func first(pattern *regexp.Regexp, s string) string {
	if m := pattern.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}
