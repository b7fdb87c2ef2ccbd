package customercsv_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"psc/internal/customercsv"
	"psc/internal/fault"
)

// What is no text at all is told from text in any encoding, also where that has something odd in it.
func TestWhatIsNoText(t *testing.T) {
	t.Parallel()
	const table = "org_display_name,domain\n株式会社北浜精工,kitahama.example\n表示能力ソ,so.example\n"
	sjis, err := japanese.ShiftJIS.NewEncoder().String(table)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(table)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"empty": "", "UTF-8": table, "BOM": "\uFEFF" + table, "Shift_JIS": sjis, "UTF-16": utf16, "UTF-16, no mark": utf16[2:],
		"a zero in a cell": table + "a\x00b,c.example\n", "end of a DOS file": table + "\x1a", "tabs": "a\tb\tc\n",
	} {
		if err := customercsv.CheckText(strings.NewReader(file)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, file := range map[string]string{
		"JPEG": "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01", "PNG": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
		"workbook": "PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00", "PDF": "%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n",
	} {
		if err := customercsv.CheckText(strings.NewReader(file)); !fault.Is(err, "import.not_csv") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
