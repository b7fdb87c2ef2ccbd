package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"psc/internal/pdf"
)

func document(rows int) pdf.Document {
	t := pdf.Table{Title: "請求明細", Columns: []pdf.Column{{Label: "利用期間", Width: 0.6}, {Label: "金額", Width: 0.4, Right: true}}}
	for i := range rows {
		t.Rows = append(t.Rows, pdf.Row{Heading: fmt.Sprintf("髙橋商事 %d", i)}, pdf.Row{Sub: "﨑山・𠮷野"}, pdf.Row{Cells: []string{"2026年10月1日~2026年10月14日", "￥3,685"}, Note: "利用料金"})
	}
	return pdf.Document{
		Product: "Partner Sales Console", Stamp: "下書き", Title: "請求書", Foot: "請求書 V-2026-000001", Facts: []pdf.Fact{{Label: "請求先", Value: "青葉クラウド株式会社", Note: "登録番号 T1234567890123"}},
		Sums: []pdf.Sum{{Label: "合計", Text: "￥3,685", Total: true}}, Tables: []pdf.Table{t},
		Page: func(page, pages int) string { return fmt.Sprintf("%d / %d", page, pages) },
	}
}

// pages is how many pages a document of so many rows has.
func pages(t *testing.T, rows int) int {
	t.Helper()
	var b bytes.Buffer
	if err := document(rows).Write(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.Contains(b.Bytes(), []byte("%%EOF")) {
		t.Fatal("this is no PDF")
	}
	return len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(b.Bytes(), -1))
}

// A build with the font draws; one without says that it cannot.
func TestDocumentsAreAsLongAsTheirTables(t *testing.T) {
	t.Parallel()
	if !pdf.Available() {
		if err := document(1).Write(&bytes.Buffer{}); !errors.Is(err, pdf.ErrNoFont) {
			t.Errorf("without a font: %v", err)
		}
		return
	}
	if n := pages(t, 1); n != 1 {
		t.Errorf("a short document has %d pages", n)
	}
	if short, long := pages(t, 40), pages(t, 80); short < 2 || long < 2*short-2 || long > 2*short {
		t.Errorf("40 and 80 groups of rows take %d and %d pages", short, long)
	}
}
