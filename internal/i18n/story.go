package i18n

import (
	"strconv"
	"strings"
	"time"

	"psc/internal/civil"
	"psc/internal/money"
	"psc/internal/support"
)

// Tell says in a sentence what a notice or an event of the audit trail holds. Instants, dates, months, counts, prices, plans and roles,
// which are stored as text, are written by the reader's custom.
func (s *Speaker) Tell(key string, data map[string]string) string {
	args := make([]any, 0, 2*len(data))
	for name, text := range data {
		var value any = text
		switch name {
		case "Role":
			value = s.RoleName(text, data["RoleName"])
		case "Title":
			if data["CaseKind"] == string(support.UndoMigration) {
				value = s.T("undo_page.case_title", "Customer", text)
			}
		case "Plan":
			if key := "plan." + text; s.Has(key) {
				value = s.T(key)
			}
		case "Price", "Was":
			value = s.price(text)
		case "ExpiresAt", "Until":
			if t, err := time.Parse(time.RFC3339, text); err == nil {
				value = t
			}
		case "Date", "From":
			if d, err := civil.Parse(text); err == nil {
				value = d
			}
		case "Month":
			if d, err := civil.Parse(text + "-01"); err == nil {
				value = d.Month()
			}
		case "Count", "Done", "Returned", "Total", "Ready", "NotReady", "Days":
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				value = n
			}
		}
		args = append(args, name, value)
	}
	return s.T(key, args...)
}

// price writes a price such as "12.00 USD"; one that is finer than its currency stays as it is.
func (s *Speaker) price(text string) string {
	number, code, _ := strings.Cut(text, " ")
	p, err := money.ParsePrice(number, money.Currency(code))
	if err != nil || p.Den != 1 {
		return text
	}
	return s.Money(p.Num, code)
}

// RoleName names a role; own is the name of one that a console has made, and an empty role that of an operator, who needs none.
func (s *Speaker) RoleName(role, own string) string {
	switch {
	case own != "":
		return own
	case role == "":
		return s.T("me.operator")
	}
	return s.T("role." + role)
}
