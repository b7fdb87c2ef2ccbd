package store

import (
	"context"
	"strconv"
	"strings"

	"psc/internal/console"
)

// termLength is how many characters of a text a term has at most. Steps of the schema have filled it in as well.
const termLength = 8

// termsSQL are the terms of the customers of the list $2 in the console $1: what begins at each character of their texts, but
// for spaces, with which no word begins. Each text is asked for by itself: PostgreSQL that takes the console for empty, as a main
// often was, would compare all its customers with the list.
var termsSQL = `WITH RECURSIVE rest (customer_id, text) AS (
		SELECT value->>'id', (SELECT c.search_text FROM customers c WHERE c.console_id = $1 AND c.id = value->>'id') ` + each("$2") + `
		UNION ALL SELECT customer_id, substr(text, 2) FROM rest WHERE length(text) > 1
	) SELECT DISTINCT substr(text, 1, ` + strconv.Itoa(termLength) + `) AS term, customer_id FROM rest WHERE substr(text, 1, 1) NOT IN ('', ' ')`

// keepTerms writes down by what customers are found. Whoever writes a name calls it.
func (tx *Tx) keepTerms(ctx context.Context, consoleID string, ids []string) error {
	_, err := tx.exec(ctx, `INSERT INTO customer_terms (console_id, term, customer_id)
		SELECT $1, x.term, x.customer_id FROM (`+termsSQL+` ORDER BY 1, 2) x WHERE true ON CONFLICT DO NOTHING`, consoleID, idList(ids))
	return err
}

// dropTerms forgets by what customers were found. Whoever is about to change a name calls it.
func (tx *Tx) dropTerms(ctx context.Context, consoleID string, ids []string) error {
	_, err := tx.exec(ctx, `DELETE FROM customer_terms WHERE console_id = $1 AND (term, customer_id) IN (`+termsSQL+`)`,
		consoleID, idList(ids))
	return err
}

// searchWords are the words of a search, each of which the name or the domain contains.
func searchWords(search string) []string { return strings.Fields(console.SearchForm(search)) }

// isCustomerID reports whether a word of a search is a customer's ID, pasted from an invoice or a file: no name or domain is like it.
func isCustomerID(word string) bool { return strings.HasPrefix(word, "cus_") }

// termRange returns between which terms, the second exclusive, those are that begin like a word.
func termRange(word string) (from, to string) {
	if runes := []rune(word); len(runes) > termLength {
		word = string(runes[:termLength])
	}
	return word, word + "\U0010FFFF"
}
