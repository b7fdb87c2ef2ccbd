//go:build e2e && look

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"psc/internal/i18n"
)

// TestLook leaves a picture of every stop of the tour in look/, in each language, theme and size, to be judged by people.
// Its build tag keeps it out of make test: make look runs it.
func TestLook(t *testing.T) {
	dir := filepath.Join("..", "look")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	var looks []appearance
	for _, lang := range i18n.Languages {
		for _, dark := range []bool{false, true} {
			looks = append(looks,
				appearance{lang: lang, dark: dark, width: 1440, height: 900}, appearance{lang: lang, dark: dark, width: 390, height: 844})
		}
	}
	stop := 0
	x := newTour(t, "300", looks, func(u *user, name string, as appearance) {
		t.Helper()
		if as == looks[0] {
			stop++
		}
		theme := "light"
		if as.dark {
			theme = "dark"
		}
		u.Screenshot(filepath.Join(dir, fmt.Sprintf("%03d-%s-%s-%s-%d.png", stop, name, as.lang, theme, as.width)), as.width, as.height)
	})
	x.walk()
}
