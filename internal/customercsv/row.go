package customercsv

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"psc/internal/customer"
	"psc/internal/fault"
)

// cell of a row, as it stands in the file.
type cell struct {
	line int
	text string
}

// row turns the cells of one row into a record and reports what keeps it from being one.
type row struct {
	*scan
	line  int
	cells map[string]cell
	bad   bool
}

func (r *row) record() Record {
	rec := Record{Line: r.line, Customer: r.customer()}
	if !r.bad {
		if column, line, differs := r.seen.customer(rec.Customer, r.line); differs {
			r.fail(column, "import.customer.conflict", fault.Args{"Domain": rec.Customer.Domain, "Line": line})
		}
	}
	if r.hasSubscription() {
		sub := r.subscription()
		rec.Subscription, rec.Namesake = &sub, r.namesake(rec.Customer.Domain, sub.ExternalID)
	}
	return rec
}

func (r *row) customer() customer.Customer {
	domain := r.domain("domain")
	return customer.Customer{
		Domain:         domain,
		Name:           r.text("org_display_name"),
		ContactName:    r.text("primary_contact_name"),
		ContactEmail:   r.email("primary_contact_email"),
		AlternateEmail: r.alternateEmail(domain),
		Phone:          r.text("phone"),
		Country:        r.region("region_code"),
		PostalCode:     r.text("postal_code"),
		Address:        r.text("address"),
		Language:       r.language("language_code"),
		CRMID:          r.text("crm_id"),
		TOSAcceptedAt:  r.instant("tos_accepted_at"),
		CreatedAt:      r.instant("created_at"),
	}
}

func (r *row) hasSubscription() bool {
	for _, c := range columns {
		if c.part == ofSubscription && strings.TrimSpace(r.cells[c.name].text) != "" {
			return true
		}
	}
	return false
}

// fail reports what is wrong in a column of the row. Texts are cloned, lest a kept problem holds its whole row.
func (r *row) fail(column, key string, args fault.Args) {
	r.bad = true
	for name, value := range args {
		if text, ok := value.(string); ok {
			args[name] = strings.Clone(text)
		}
	}
	r.problem(Problem{Line: cmp.Or(r.cells[column].line, r.line), Column: column, Key: key, Args: args})
}

// failValue is fail about a value that the message repeats.
func (r *row) failValue(column, key, value string) {
	r.fail(column, key, fault.Args{"Value": clip(value)})
}

// text returns the cell without the guard against formulas and without spaces around it. It reports a cell that
// cannot be stored, and one that is empty although its column is required.
func (r *row) text(name string) string {
	s := strings.TrimSpace(unguard(r.cells[name].text))
	c := byName[name]
	switch {
	case s == "" && c.required:
		r.fail(name, "import.cell.required", nil)
	case strings.ContainsRune(s, utf8.RuneError):
		r.fail(name, "import.cell.encoding", fault.Args{"Encoding": r.encoding})
	case strings.ContainsFunc(s, func(x rune) bool { return unprintable(x) && (x != '\n' || name != "address") }):
		r.fail(name, "import.cell.control", nil)
	case utf8.RuneCountInString(s) > c.limit:
		r.fail(name, "import.cell.too_long", fault.Args{"Limit": c.limit})
	default:
		return s
	}
	return ""
}

// unprintable reports whether a character would show nothing, or show others where they do not stand.
func unprintable(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// word is text that is not prose: full-width typing and case do not matter.
func (r *row) word(name string) string { return strings.ToUpper(norm.NFKC.String(r.text(name))) }
