package customercsv

import (
	"errors"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
)

// Dates outside these years are typing errors.
var (
	earliest = civil.NewDate(1990, time.January, 1)
	latest   = civil.NewDate(2100, time.January, 1) // exclusive
)

var domains = idna.New(
	idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(true), idna.BidiRule(), idna.VerifyDNSLength(true),
)

// domainName returns the name in lower case and ASCII; reserved names such as .example are names too.
func domainName(s string) (string, bool) {
	name, err := domains.ToASCII(s)
	if err != nil {
		return "", false
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	_, notNumber := strconv.Atoi(last)
	return name, strings.Contains(name, ".") && last != "" && notNumber != nil
}

func (r *row) domain(column string) string {
	s := r.text(column)
	if s == "" {
		return ""
	}
	name, ok := domainName(s)
	if !ok {
		r.failValue(column, "import.domain", s)
	}
	return name
}

func (r *row) email(column string) string {
	s := norm.NFKC.String(r.text(column))
	if s == "" {
		return ""
	}
	address, err := mail.ParseAddress(s)
	_, host, _ := strings.Cut(s, "@")
	if _, ok := domainName(host); err != nil || address.Address != s || !ok {
		r.failValue(column, "import.email", s)
		return ""
	}
	return s
}

// alternateEmail is where the customer is reached when its own domain is not, and so not on it.
func (r *row) alternateEmail(domain string) string {
	const column = "alternate_email"
	s := r.email(column)
	_, host, _ := strings.Cut(s, "@")
	if name, _ := domainName(host); s != "" && (name == domain || strings.HasSuffix(name, "."+domain)) {
		r.fail(column, "import.alternate_email", fault.Args{"Domain": domain})
	}
	return s
}

func (r *row) region(column string) string {
	s := r.word(column)
	if s == "" {
		return ""
	}
	region, err := language.ParseRegion(s)
	if err != nil || !region.IsCountry() || region.Canonicalize().String() != s {
		r.failValue(column, "import.region", s)
	}
	return s
}

func (r *row) language(column string) string {
	s := r.text(column)
	if s == "" {
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		r.failValue(column, "import.language", s)
	}
	return tag.String()
}

func (r *row) instant(column string) time.Time {
	s := r.word(column)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if day := civil.DateOf(t, time.UTC); err != nil || day < earliest || day >= latest {
		r.failValue(column, "import.instant", s)
	}
	return t.UTC().Truncate(time.Microsecond)
}

// date reads YYYY-MM-DD, and YYYY/M/D because spreadsheets in Japan turn the one into the other on saving.
func (r *row) date(column string) civil.Date {
	s := r.word(column)
	if s == "" {
		return 0
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t, err = time.Parse("2006/1/2", s)
	}
	day := civil.NewDate(t.Date())
	if err != nil || day < earliest || day >= latest {
		r.failValue(column, "import.date", s)
		return 0
	}
	return day
}

// seats reads a whole number from 1 to a million; 0 stands for an empty cell and for a wrong one.
func (r *row) seats(column string) int64 {
	s := r.word(column)
	if s == "" {
		return 0
	}
	n, ok := digits(s)
	if !ok || n < 1 || n > customer.MostSeats {
		r.fail(column, "import.seats", fault.Args{"Value": clip(r.text(column)), "Most": customer.MostSeats})
		return 0
	}
	return n
}

// digits reads a number that is nothing but decimal digits.
func digits(s string) (int64, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// price reads an amount per seat in major units.
func (r *row) price(column, s string, currency money.Currency) money.Price {
	p, err := money.ParsePrice(s, currency)
	switch {
	case errors.Is(err, money.ErrDecimals):
		r.fail(column, "import.price.decimals", fault.Args{
			"Value": clip(s), "Currency": string(currency), "Digits": currency.Digits(),
		})
	case err != nil:
		r.failValue(column, "import.price.syntax", s)
	}
	return p
}
