package cli_test

import (
	"strings"
	"testing"

	"psc/internal/i18n"
	"psc/internal/store"
)

// TestEveryRuleHasItsSentence asks for each rule of the check in both languages.
func TestEveryRuleHasItsSentence(t *testing.T) {
	catalog, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{i18n.English, i18n.Japanese} {
		for _, rule := range store.Rules() {
			if key := "cli.check.rules." + rule; !catalog.For(lang).Has(key) {
				t.Errorf("%s has no %s", lang, key)
			}
		}
	}
}

// TestACheckNamesWhatDoesNotHold has the summary of a customer count seats that it has not, behind the use cases' back.
func TestACheckNamesWhatDoesNotHold(t *testing.T) {
	w := newTerminal(t)
	id := w.AddCustomers(w.B, 1, nil)[0]
	w.Exec(`UPDATE customers SET seats = 99 WHERE id = '` + id + `'`)
	out, errs, code := w.try("check")
	if code != 6 || !strings.Contains(out, "summary of a customer") || !strings.Contains(out, id) || !strings.Contains(errs, "does not hold") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	w.Exec(`UPDATE customers SET seats = 10 WHERE id = '` + id + `'`)
	if out := w.run("check"); !strings.Contains(out, "Everything holds together") {
		t.Error(out)
	}
}
