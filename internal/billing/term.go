package billing

import "psc/internal/civil"

// TermAt returns the term of a commitment that a date lies in; on the end of a term it is the next one, its renewal. Terms of so
// many months follow one another from the anchor, the first day of the first term, always on its day of the month or, in a month
// without it, on the last: after 29 February come 28 February and, in a leap year, the 29th again; after 31 January and one month
// 28 February, then 31 March. Before the anchor it is the first term.
func TermAt(anchor civil.Date, months int, on civil.Date) civil.Period {
	first, month := anchor.Month(), max(on, anchor).Month()
	n := ((month.Year-first.Year)*12 + int(month.Month-first.Month)) / months
	if n > 0 && anchor.AddMonths(n*months) > on {
		n--
	}
	return civil.Period{From: anchor.AddMonths(n * months), To: anchor.AddMonths((n + 1) * months)}
}
