package money

import (
	"strconv"
	"strings"

	"psc/internal/fault"
)

// mostShown is how much of a wrong amount a message repeats, in runes.
const mostShown = 40

// Parse reads an amount in major units, such as "1234.50", "-0.5" or "1360": digits, and no more decimals than the currency
// has. Faults: "money.currency_unknown", "money.amount_syntax", "money.amount_decimals", "money.overflow".
func Parse(s string, c Currency) (Amount, error) {
	if !c.Valid() {
		return Amount{}, fault.New(fault.Invalid, "money.currency_unknown", fault.Args{"Currency": clip(string(c))})
	}
	sign, unsigned := "", s
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		sign, unsigned = "-", rest
	}
	major, minor, point := strings.Cut(unsigned, ".")
	if major == "" || (point && minor == "") || strings.Trim(major+minor, "0123456789") != "" {
		return Amount{}, fault.New(fault.Invalid, "money.amount_syntax", fault.Args{"Value": clip(s)})
	}
	if len(minor) > c.Digits() {
		return Amount{}, fault.New(fault.Invalid, "money.amount_decimals", fault.Args{
			"Value": clip(s), "Currency": string(c), "Digits": c.Digits(),
		})
	}
	n, err := strconv.ParseInt(sign+major+minor+strings.Repeat("0", c.Digits()-len(minor)), 10, 64)
	if err != nil { // nothing but digits, so there are too many
		return Amount{}, overflow()
	}
	return Amount{Minor: n, Currency: c}, nil
}

// Decimal writes the amount in major units with all decimals of its currency, as Parse reads it: "1234.50", "-0.05", "1360".
func (a Amount) Decimal() string {
	text, negative := strings.CutPrefix(strconv.FormatInt(a.Minor, 10), "-")
	if n := a.Currency.Digits(); n > 0 {
		text = strings.Repeat("0", max(0, n+1-len(text))) + text
		text = text[:len(text)-n] + "." + text[len(text)-n:]
	}
	if negative {
		return "-" + text
	}
	return text
}

func clip(s string) string {
	if runes := []rune(s); len(runes) > mostShown {
		return string(runes[:mostShown]) + "…"
	}
	return s
}
