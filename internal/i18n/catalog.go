// Package i18n holds every sentence that a reader sees, in Japanese and in English, and writes
// numbers, dates, instants, durations and money by the custom of the language.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"

	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

// The languages, as they stand in the lang attribute and in a person's settings.
const (
	Japanese = "ja"
	English  = "en"
)

// Languages lists what the product speaks, the default last asked for first.
var Languages = []string{Japanese, English}

//go:embed locales
var locales embed.FS

// Catalog holds the messages of all languages. It is safe for concurrent use.
type Catalog struct {
	speakers map[string]*Speaker
}

// New reads the embedded message files.
func New() (*Catalog, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	files, err := fs.Glob(locales, "locales/*/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list message files: %w", err)
	}
	keys := map[string]bool{} // the same in every language: a test sees to it
	for _, file := range files {
		text, err := locales.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read message file: %w", err)
		}
		parsed, err := bundle.ParseMessageFileBytes(text, languageFirst(file))
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", file, err)
		}
		for _, m := range parsed.Messages {
			keys[m.ID] = true
		}
	}
	c := &Catalog{speakers: map[string]*Speaker{}}
	for _, lang := range Languages {
		c.speakers[lang] = &Speaker{lang: lang, zone: time.UTC, keys: keys, messages: i18n.NewLocalizer(bundle, lang)}
	}
	return c, nil
}

// languageFirst turns locales/ja/common.toml into common.ja.toml: the library wants the language in the name.
func languageFirst(file string) string {
	dir, name := path.Split(file)
	return name[:len(name)-len(".toml")] + "." + path.Base(dir) + ".toml"
}

// For returns who speaks lang; English for a language that the product does not speak.
func (c *Catalog) For(lang string) *Speaker {
	if s, ok := c.speakers[lang]; ok {
		return s
	}
	return c.speakers[English]
}

// Match chooses the language for a browser's Accept-Language header; English if it names none of ours.
func Match(acceptLanguage string) string {
	matcher := language.NewMatcher([]language.Tag{language.English, language.Japanese})
	tag, _ := language.MatchStrings(matcher, acceptLanguage)
	if base, _ := tag.Base(); base.String() == Japanese {
		return Japanese
	}
	return English
}

// Speaker speaks one language, and tells instants in one zone.
type Speaker struct {
	lang     string
	zone     *time.Location
	keys     map[string]bool
	messages *i18n.Localizer
}

// Lang returns the language's code.
func (s *Speaker) Lang() string { return s.lang }

// Zone returns the zone in which When and arguments of T tell instants.
func (s *Speaker) Zone() *time.Location { return s.zone }

// In returns the same speaker, telling instants in zone.
func (s *Speaker) In(zone *time.Location) *Speaker {
	in := *s
	in.zone = zone
	return &in
}

// T returns the message of key. args are pairs of name and value, as the message names them: whole
// numbers are grouped, civil.Date, civil.Month, money.Amount, time.Time and time.Duration are written by the language's custom. The
// argument "Count" also chooses between singular and plural. An unknown key or a missing argument panics
// under `go test`; elsewhere the reader gets the key.
func (s *Speaker) T(key string, args ...any) string {
	named := make(fault.Args, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			name = fmt.Sprint(args[i])
		}
		named[name] = args[i+1]
	}
	return s.say(key, named)
}

// Has reports whether there is a message of this key.
func (s *Speaker) Has(key string) bool { return s.keys[key] }

// strict makes a message that lacks an argument an error instead of printing "<no value>".
var strict = &template.TextParser{Option: "missingkey=error"}

func (s *Speaker) say(key string, args fault.Args) string {
	words := make(map[string]string, len(args))
	for name, value := range args {
		words[name] = s.word(value)
	}
	text, err := s.messages.Localize(&i18n.LocalizeConfig{
		MessageID: key, TemplateData: words, PluralCount: plural(args["Count"]), TemplateParser: strict,
	})
	if err == nil {
		return text
	}
	if testing.Testing() {
		panic(fmt.Sprintf("%s message %q: %v", s.lang, key, err))
	}
	return key
}

// plural narrows a count to what the plural rules take; nil if the message counts nothing.
func plural(count any) any {
	switch n := count.(type) {
	case int, int64:
		return n
	case int32:
		return int64(n)
	default:
		return nil
	}
}

func (s *Speaker) word(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case fault.Word:
		return s.T(string(v))
	case int:
		return s.Num(int64(v))
	case int32:
		return s.Num(int64(v))
	case int64:
		return s.Num(v)
	case civil.Date:
		return s.Date(v)
	case money.Amount:
		return s.Money(v.Minor, string(v.Currency))
	case civil.Month:
		return s.Month(v)
	case time.Time:
		return s.When(v)
	case time.Duration:
		return s.Duration(v)
	default:
		return fmt.Sprint(v)
	}
}

// Fault tells a failure; nil, like any error without a message of its own, is told as a defect of ours.
func (s *Speaker) Fault(e *fault.Error) string {
	if e == nil {
		return s.T("fault.internal")
	}
	return s.say(e.Key, e.Args)
}

// Field tells what is wrong with one field of the input.
func (s *Speaker) Field(f fault.Field) string { return s.say(f.Key, f.Args) }
