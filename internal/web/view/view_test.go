package view_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"psc/internal/i18n"
	"psc/internal/web/view"
)

func speaker(t *testing.T, lang string) *i18n.Speaker {
	t.Helper()
	c, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	return c.For(lang)
}

func render(t *testing.T, lang, name, theme string, assets func(string) string) string {
	t.Helper()
	var b bytes.Buffer
	if err := guidePages[name](guidePage(speaker(t, lang), "/"+name+"?details=c", theme, assets)).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func served(name string) string { return "/static/" + name }

// onlyOwn is a build without anything from vendors.
func onlyOwn(name string) string {
	if strings.HasPrefix(name, "vendor/") {
		return ""
	}
	return served(name)
}

// TestStyleguide renders every part in both languages and holds the pages to what the content security
// policy, screen readers and htmx need.
func TestStyleguide(t *testing.T) {
	t.Parallel()
	for name := range guidePages {
		for _, lang := range i18n.Languages {
			for _, theme := range []string{"", "light", "dark"} {
				checkPage(t, name+" "+lang, render(t, lang, name, theme, served))
			}
		}
	}
}

func checkPage(t *testing.T, where, html string) {
	t.Helper()
	for _, refused := range []string{" style=", "<style", " onclick=", " hx-on", "javascript:", "<no value>"} {
		if strings.Contains(html, refused) {
			t.Errorf("%s: contains %q", where, refused)
		}
	}
	if n := strings.Count(html, "<h1"); n > 1 {
		t.Errorf("%s: %d h1", where, n)
	}
	ids := values(html, "id")
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			t.Errorf("%s: id %q stands twice", where, id)
		}
	}
	for _, attr := range []string{"for", "form", "popovertarget", "aria-labelledby", "aria-describedby"} {
		for _, value := range values(html, attr) {
			for id := range strings.FieldsSeq(value) {
				if !slices.Contains(ids, id) && id != "confirm-title" {
					t.Errorf("%s: %s=%q leads nowhere", where, attr, id)
				}
			}
		}
	}
}

func values(html, attr string) []string {
	var found []string
	for _, m := range regexp.MustCompile(`\s`+attr+`="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		found = append(found, m[1])
	}
	return found
}

// Without sprite, webfont and htmx nothing asks for them, and what was an icon is words.
// Fields of a list are named by what they are of: own:sub_1. A problem leads to them like to any other.
func TestAProblemLeadsToItsField(t *testing.T) {
	t.Parallel()
	page := guidePage(speaker(t, "en"), "/", "", served)
	var b strings.Builder
	err := view.ErrorSummary(page, []view.Problem{{Field: "own:sub_1", Text: "Choose an account."}}).Render(t.Context(), &b)
	if err != nil || !strings.Contains(b.String(), `href="#own:sub_1"`) {
		t.Error(err, b.String())
	}
}

func TestPagesDoWithoutVendorFiles(t *testing.T) {
	t.Parallel()
	html := render(t, "en", "list", "", onlyOwn)
	if strings.Contains(html, "vendor/") || strings.Contains(html, "<use") {
		t.Error("asks for a file that the build does not have")
	}
	for _, label := range []string{"Open navigation", "Next page", "Close"} {
		if !strings.Contains(html, "<span>"+label+"</span>") {
			t.Errorf("%q is not to be seen", label)
		}
	}
}

// Words come from the catalogue: no letter stands in a text node, a label or a placeholder of a template.
func TestTemplatesHoldNoWords(t *testing.T) {
	t.Parallel()
	for _, file := range templates(t) {
		for _, found := range wordsOf(read(t, file)) {
			t.Errorf("%s: %q belongs into the catalogue", filepath.Base(file), found)
		}
	}
}

func TestWordsOfSeesWords(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]int{
		"templ A() {\n<p>Hello</p>\n}":                               1,
		"templ A() {\n<p>\n\t言葉\n</p>\n}":                            1,
		"templ A() {\n<p>{ x }: <b>{ y }</b></p>\n}":                 0,
		"templ A() {\n<img alt=\"A dog\"/>\n}":                       1,
		"templ A() {\nif x {\n<p>{ p.T(\"a\") }</p>\n} else {\n}\n}": 0,
	} {
		if got := wordsOf(source); len(got) != want {
			t.Errorf("%q: %q", source, got)
		}
	}
}

var (
	spoken    = regexp.MustCompile(`\b(?:alt|title|placeholder|aria-label)="([^"{]*\pL[^"]*)"`)
	templBody = regexp.MustCompile(`(?ms)^templ [^\n]*\n(.*?)^}`)
	braces    = regexp.MustCompile(`\{[^{}]*\}`)
	textNode  = regexp.MustCompile(`>([^<>]*)<`)
	goLine    = regexp.MustCompile(`(?m)^\s*(?:@|//|if |for |switch |case |default:|\} else|\}).*$`)
)

// wordsOf returns what a template says in letters of its own.
func wordsOf(source string) []string {
	var found []string
	for _, body := range templBody.FindAllStringSubmatch(source, -1) {
		for _, m := range spoken.FindAllStringSubmatch(body[1], -1) {
			found = append(found, m[1])
		}
		markup := body[1]
		for braces.MatchString(markup) {
			markup = braces.ReplaceAllString(markup, "")
		}
		for _, m := range textNode.FindAllStringSubmatch(goLine.ReplaceAllString(markup, ""), -1) {
			if letters := strings.TrimSpace(m[1]); regexp.MustCompile(`\pL`).MatchString(letters) {
				found = append(found, letters)
			}
		}
	}
	return found
}

// Every message that a template asks for by a plain key exists.
func TestTemplatesAskForMessagesThatExist(t *testing.T) {
	t.Parallel()
	en := speaker(t, "en")
	for _, file := range templates(t) {
		for _, m := range regexp.MustCompile(`\.T\("([^"]+)"[,)]`).FindAllStringSubmatch(read(t, file), -1) {
			if !en.Has(m[1]) {
				t.Errorf("%s: no message %q", filepath.Base(file), m[1])
			}
		}
	}
}

func templates(t *testing.T) []string {
	t.Helper()
	shell, err := filepath.Glob("../*.templ")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := filepath.Glob("*.templ")
	if err != nil || len(parts) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	return append(shell, parts...)
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
