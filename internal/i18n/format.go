package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"psc/internal/civil"
	"psc/internal/money"
)

// Num writes a whole number with its thousands grouped: 1,234.
func (s *Speaker) Num(n int64) string {
	if n < 0 {
		return "-" + group(magnitude(n))
	}
	return group(magnitude(n))
}

// AtMost writes n, or "10,000+" if n is beyond a limit at which counting stopped.
func (s *Speaker) AtMost(n, limit int64) string {
	if n > limit {
		return s.Num(limit) + "+"
	}
	return s.Num(n)
}

// magnitude returns |n|, for the smallest int64 too.
func magnitude(n int64) string {
	return strings.TrimPrefix(strconv.FormatInt(n, 10), "-")
}

func group(digits string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Money writes an amount of minor units: ￥1,234 in Japanese, ¥1,234 in English, -$1,234.50. Currencies
// without a sign that both languages know stand with their ISO 4217 code: CHF 1,234.50.
func (s *Speaker) Money(minor int64, code string) string {
	digits, sign := magnitude(minor), ""
	if minor < 0 {
		sign = "-"
	}
	scale := money.Currency(code).Digits()
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	whole, part := digits[:len(digits)-scale], digits[len(digits)-scale:]
	text := sign + s.currencySign(code) + group(whole)
	if scale > 0 {
		text += "." + part
	}
	return text
}

func (s *Speaker) currencySign(code string) string {
	switch {
	case code == "JPY" && s.lang == Japanese:
		return "￥"
	case code == "JPY":
		return "¥"
	case code == "USD":
		return "$"
	case code == "EUR":
		return "€"
	case code == "GBP":
		return "£"
	default:
		return code + "\u00a0"
	}
}

// Date writes a date: 2026年10月15日, Oct 15, 2026.
func (s *Speaker) Date(d civil.Date) string {
	year, month, day := d.Civil()
	if s.lang == Japanese {
		return fmt.Sprintf("%d年%d月%d日", year, month, day)
	}
	return fmt.Sprintf("%s %d, %d", month.String()[:3], day, year)
}

// Month writes a calendar month: 2026年10月, October 2026.
func (s *Speaker) Month(m civil.Month) string {
	if s.lang == Japanese {
		return fmt.Sprintf("%d年%d月", m.Year, m.Month)
	}
	return fmt.Sprintf("%s %d", m.Month, m.Year)
}

// ShortMonth writes a month below a column of a chart: 10月, Oct.
func (s *Speaker) ShortMonth(m civil.Month) string {
	if s.lang == Japanese {
		return fmt.Sprintf("%d月", m.Month)
	}
	return m.Month.String()[:3]
}

// DateTime writes an instant in zone to the minute, and names the zone: 2026年10月8日 9:00(JST),
// Oct 8, 2026, 9:00 AM JST.
func (s *Speaker) DateTime(t time.Time, zone *time.Location) string {
	local := t.In(zone)
	date := s.Date(civil.DateOf(t, zone))
	if s.lang == Japanese {
		return fmt.Sprintf("%s %d:%02d(%s)", date, local.Hour(), local.Minute(), zoneName(local))
	}
	return fmt.Sprintf("%s, %s %s", date, local.Format("3:04 PM"), zoneName(local))
}

// When writes an instant in the speaker's zone.
func (s *Speaker) When(t time.Time) string { return s.DateTime(t, s.zone) }

// zoneName returns the zone's abbreviation where it has one with letters, else its offset.
func zoneName(t time.Time) string {
	name, seconds := t.Zone()
	if name != "" && !strings.ContainsAny(name[:1], "+-") {
		return name
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	hours, minutes := seconds/3600, seconds%3600/60
	if minutes == 0 {
		return fmt.Sprintf("UTC%s%d", sign, hours)
	}
	return fmt.Sprintf("UTC%s%d:%02d", sign, hours, minutes)
}

// Duration writes a length of time in its two largest units, rounded down: 6 days 3 hours, 6 日 3 時間.
func (s *Speaker) Duration(d time.Duration) string {
	minutes := int64(max(d, 0) / time.Minute)
	units := []struct {
		key    string
		amount int64
	}{
		{"duration.days", minutes / (24 * 60)},
		{"duration.hours", minutes / 60 % 24},
		{"duration.minutes", minutes % 60},
	}
	for i, unit := range units {
		if unit.amount == 0 && i < len(units)-1 {
			continue
		}
		text := s.T(unit.key, "Count", unit.amount)
		if i+1 < len(units) && units[i+1].amount > 0 {
			text += " " + s.T(units[i+1].key, "Count", units[i+1].amount)
		}
		return text
	}
	return ""
}

// Until tells how far ahead of now an instant is: "in 6 days 3 hours"; once it is reached, that it is.
func (s *Speaker) Until(t, now time.Time) string {
	if !t.After(now) {
		return s.T("duration.reached")
	}
	return s.T("duration.until", "Duration", t.Sub(now))
}
