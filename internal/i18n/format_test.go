package i18n_test

import (
	"testing"
	"time"

	"psc/internal/civil"
	"psc/internal/i18n"
)

// The expected texts are those of ICU (Intl.NumberFormat, Intl.DateTimeFormat), which follows CLDR.
func TestMoneyIsWrittenAsTheLanguageWritesIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		minor  int64
		code   string
		ja, en string
	}{
		{1234, "JPY", "￥1,234", "¥1,234"},
		{-88128, "JPY", "-￥88,128", "-¥88,128"},
		{0, "JPY", "￥0", "¥0"},
		{123450, "USD", "$1,234.50", "$1,234.50"},
		{-5, "USD", "-$0.05", "-$0.05"},
		{123456789, "EUR", "€1,234,567.89", "€1,234,567.89"},
		{999, "GBP", "£9.99", "£9.99"},
		{-123450, "CHF", "-CHF\u00a01,234.50", "-CHF\u00a01,234.50"},
		{1234, "KWD", "KWD\u00a01.234", "KWD\u00a01.234"},
		{-9223372036854775808, "JPY", "-￥9,223,372,036,854,775,808", "-¥9,223,372,036,854,775,808"},
	} {
		if got := speaker(t, "ja").Money(c.minor, c.code); got != c.ja {
			t.Errorf("ja Money(%d, %s) = %q, want %q", c.minor, c.code, got, c.ja)
		}
		if got := speaker(t, "en").Money(c.minor, c.code); got != c.en {
			t.Errorf("en Money(%d, %s) = %q, want %q", c.minor, c.code, got, c.en)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	en := speaker(t, "en")
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567"} {
		if got := en.Num(n); got != want {
			t.Errorf("Num(%d) = %q, want %q", n, got, want)
		}
	}
	if got := en.AtMost(10_000, 10_000); got != "10,000" {
		t.Errorf("AtMost at the limit = %q", got)
	}
	if got := en.AtMost(10_001, 10_000); got != "10,000+" {
		t.Errorf("AtMost over the limit = %q", got)
	}
}

func TestDatesAndInstants(t *testing.T) {
	t.Parallel()
	ja, en := speaker(t, "ja"), speaker(t, "en")
	tokyo, la := zone(t, "Asia/Tokyo"), zone(t, "America/Los_Angeles")
	at := time.Date(2026, 10, 8, 0, 0, 0, 0, time.UTC)
	for got, want := range map[string]string{
		ja.Date(civil.NewDate(2026, 10, 15)):                      "2026年10月15日",
		en.Date(civil.NewDate(2026, 10, 5)):                       "Oct 5, 2026",
		en.Month(civil.NewDate(2026, 9, 5).Month()):               "September 2026",
		ja.Month(civil.NewDate(2026, 9, 5).Month()):               "2026年9月",
		ja.DateTime(at, tokyo):                                    "2026年10月8日 9:00(JST)",
		en.DateTime(at, tokyo):                                    "Oct 8, 2026, 9:00 AM JST",
		en.DateTime(at.Add(5*time.Minute), la):                    "Oct 7, 2026, 5:05 PM PDT",
		en.DateTime(at, zone(t, "America/Sao_Paulo")):             "Oct 7, 2026, 9:00 PM UTC-3",
		ja.DateTime(at, zone(t, "Asia/Kathmandu")):                "2026年10月8日 5:45(UTC+5:45)",
		en.In(tokyo).When(at):                                     "Oct 8, 2026, 9:00 AM JST",
		en.Duration(6*24*time.Hour + 3*time.Hour + time.Minute):   "6 days 3 hours",
		ja.Duration(6*24*time.Hour + 3*time.Hour):                 "6 日 3 時間",
		en.Duration(24*time.Hour + time.Minute):                   "1 day",
		en.Duration(time.Hour + time.Minute):                      "1 hour 1 minute",
		en.Duration(30 * time.Second):                             "0 minutes",
		en.Duration(-time.Hour):                                   "0 minutes",
		en.Until(at.Add(7*24*time.Hour), at):                      "in 7 days",
		ja.Until(at.Add(7*24*time.Hour), at):                      "あと 7 日",
		en.Until(at, at):                                          "now",
		en.T("list.selected", "Count", 1):                         "1 selected",
		en.T("list.selected", "Count", 4000):                      "4,000 selected",
		ja.T("progress.done", "Done", int64(1200), "Total", 4000): "4,000 件中 1,200 件が完了",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMatchReadsAcceptLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "en", "ja": "ja", "ja-JP,en;q=0.5": "ja", "de-DE,de;q=0.9": "en",
		"en-GB,ja;q=0.9": "en", "fr, ja;q=0.8": "ja", "\x00;;q=": "en",
	} {
		if got := i18n.Match(header); got != want {
			t.Errorf("Match(%q) = %q, want %q", header, got, want)
		}
	}
}

func speaker(t *testing.T, lang string) *i18n.Speaker {
	t.Helper()
	c, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	return c.For(lang)
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}
