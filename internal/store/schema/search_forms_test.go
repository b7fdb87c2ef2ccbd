package schema_test

import (
	"strings"
	"testing"

	"psc/internal/console"
	"psc/internal/store"
)

// TestStoredTextsAreOfTheFormThatSearchesCompare has a customer whose name is every character that searches take for
// another, written before they did.
func TestStoredTextsAreOfTheFormThatSearchesCompare(t *testing.T) {
	t.Parallel()
	var every strings.Builder
	for r := rune(0x80); r <= 0x2FFFF; r++ {
		if c := console.Fold(string(r)); console.SearchForm(c) != c {
			every.WriteString(c)
		}
	}
	written := console.Fold(every.String())
	if len([]rune(written)) < 100 {
		t.Fatalf("only %q is taken for something else", written)
	}
	eachAtStepOne(t, func(t *testing.T, e store.Engine) {
		ctx := t.Context()
		if err := e.Update(ctx, func(c store.Conn) error {
			for _, row := range ofStepOne[:2] {
				if _, err := c.Exec(ctx, row); err != nil {
					return err
				}
			}
			_, err := c.Exec(ctx, `INSERT INTO customers (console_id, id, domain, name, sort_name, search_text, state, contact_name,
				contact_email, phone, country, postal_code, address, language, crm_id, tos_accepted_at, created_at, moved_at)
				VALUES ('S', 'cus', 'a.example', 'A', 'a', $1, 'LIVE', '', '', '', '', '', '', '', '', 0, 1, 0)`, written+" a.example")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := e.SchemaUp(ctx); err != nil {
			t.Fatal(err)
		}
		want := console.SearchForm(written) + " a.example"
		if got := column(t, e, `SELECT search_text FROM customers`); got != want {
			t.Errorf("looked in is\n%s, want\n%s", got, want)
		}
		if got := column(t, e, `SELECT term FROM customer_terms ORDER BY length(term) DESC, term`); !strings.Contains(got, string([]rune(want)[:8])) ||
			strings.Contains(got, string([]rune(written)[:1])) {
			t.Errorf("terms are %s", got)
		}
	})
}
