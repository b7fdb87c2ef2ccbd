// Package house_test keeps the rules of the repository that no linter knows.
package house_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	root = "../.."
	view = root + "/internal/web/view"
)

// TestGeneratedPagesAreFresh generates into a copy, so that it never mends what it should report.
func TestGeneratedPagesAreFresh(t *testing.T) {
	for _, dir := range []string{filepath.Dir(view), view} {
		checkFresh(t, dir)
	}
}

func checkFresh(t *testing.T, dir string) {
	t.Helper()
	templates := glob(t, dir+"/*.templ")
	fresh := t.TempDir()
	for _, path := range templates {
		if err := os.WriteFile(filepath.Join(fresh, filepath.Base(path)), read(t, path), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	generate := exec.CommandContext(t.Context(), "go", "tool", "-modfile=tools/go.mod", "templ", "generate", "-path", fresh)
	generate.Dir = root
	if out, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("templ: %v\n%s", err, out)
	}

	seenFrom := regexp.MustCompile("FileName: `[^`]*/")
	for _, path := range templates {
		name := strings.TrimSuffix(filepath.Base(path), ".templ") + "_templ.go"
		// templ names the template as seen from where it was run, which does not matter.
		committed := seenFrom.ReplaceAll(read(t, filepath.Join(dir, name)), []byte("FileName: `"))
		if !bytes.Equal(committed, read(t, filepath.Join(fresh, name))) {
			t.Errorf("%s is not what %s gives: run make generate and commit it", name, filepath.Base(path))
		}
	}
	for _, path := range glob(t, dir+"/*_templ.go") {
		if _, err := os.Stat(strings.TrimSuffix(path, "_templ.go") + ".templ"); err != nil {
			t.Errorf("%s has no template", filepath.Base(path))
		}
	}
}

// TestEveryIconIsInTheSprite looks at the names that stand in the source.
func TestEveryIconIsInTheSprite(t *testing.T) {
	sprite := strings.Fields(string(read(t, root+"/internal/web/icons.txt")))
	icon := regexp.MustCompile(`Icon(?:\(p, |: +)"(\w+)"`)
	found := 0
	for _, path := range tracked(t, "internal/web/*.templ", "internal/web/*.go") {
		for _, match := range icon.FindAllSubmatch(read(t, filepath.Join(root, path)), -1) {
			found++
			if !slices.Contains(sprite, string(match[1])) {
				t.Errorf("%s: internal/web/icons.txt does not name the icon %q", path, match[1])
			}
		}
	}
	if found == 0 {
		t.Error("no icon found: this test looks for the wrong thing")
	}
}

// TestNothingOfOthersIsCommitted: packages come from npm when the program is built.
func TestNothingOfOthersIsCommitted(t *testing.T) {
	others := regexp.MustCompile(`(^|/)(node_modules|vendor)/|(htmx|axe)[\w.-]*\.js$|\.(woff2?|ttf|otf|gz)$`)
	for _, path := range tracked(t) {
		if others.MatchString(path) {
			t.Errorf("%s belongs into package.json, not into the repository", path)
		}
	}
}

// TestNoPlaceOfOneMachine: what is committed works anywhere, so it names no folder of the machine it was written on, and
// the lock file no address of a registry.
func TestNoPlaceOfOneMachine(t *testing.T) {
	places := regexp.MustCompile(`/(?:wor[k]|tm[p]/wt|roo[t]|hom[e]/\w+)/|"resol[v]ed":`)
	for _, path := range tracked(t) {
		for i, line := range strings.Split(string(read(t, filepath.Join(root, path))), "\n") {
			if found := places.FindString(line); found != "" {
				t.Errorf("%s:%d: %s", path, i+1, found)
			}
		}
	}
}

// tracked returns the files that git keeps and that are there, by path from the root.
func tracked(t *testing.T, patterns ...string) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", append([]string{"ls-files", "-z", "--"}, patterns...)...)
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	var paths []string
	for path := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if _, err := os.Stat(filepath.Join(root, path)); err == nil {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		t.Fatal("git keeps no such files")
	}
	return paths
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("no file matches %s", pattern)
	}
	return paths
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
