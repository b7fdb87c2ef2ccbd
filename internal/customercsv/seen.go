package customercsv

import (
	"hash/maphash"

	"psc/internal/customer"
)

// seen remembers what must be unique or agree over the rows of a file: as hashes, so that a row costs about
// a hundred bytes however long its cells are. Two different external IDs count as one with a probability below 1e-9
// in a file of 100,000 rows; then a good row is reported, never a bad one taken.
type seen struct {
	seed          maphash.Seed
	customers     map[uint64]firstRow     // by domain
	subscriptions map[uint64]subscription // by external ID: the first one
	namesakes     map[uint64]int          // by domain and external ID: the line of each other customer's
}

// subscription is where an external ID stood first, and the domain it stood beside.
type subscription struct {
	line   int
	domain uint64
}

// firstRow of a customer: what the others must agree with.
type firstRow struct {
	line  int
	cells [customerColumns]uint32
}

func newSeen() *seen {
	return &seen{seed: maphash.MakeSeed(), customers: map[uint64]firstRow{}, subscriptions: map[uint64]subscription{}, namesakes: map[uint64]int{}}
}

func (s *seen) key(text string) uint64 { return maphash.String(s.seed, text) }

// customer remembers the customer of a row, or returns the column in which it differs from its first row, and
// that row's line.
func (s *seen) customer(c customer.Customer, line int) (column string, firstLine int, differs bool) {
	row := firstRow{line: line}
	cells := customerCells(c)
	for i, text := range cells {
		row.cells[i] = uint32(s.key(text) >> 32)
	}
	key := s.key(c.Domain)
	first, known := s.customers[key]
	if !known {
		s.customers[key] = row
		return "", 0, false
	}
	for i := range cells {
		if first.cells[i] != row.cells[i] {
			return columns[1+i].name, first.line, true
		}
	}
	return "", 0, false
}

// subscription remembers the customer's external ID, or returns the line on which it stood before. namesake says that the
// file calls another customer's subscription alike: consoles number as they like, and two of them may have become one.
func (s *seen) subscription(domain, externalID string, line int) (firstLine int, again, namesake bool) {
	key, of := s.key(externalID), s.key(domain)
	first, known := s.subscriptions[key]
	if !known {
		s.subscriptions[key] = subscription{line, of}
		return 0, false, false
	}
	if first.domain == of {
		return first.line, true, false
	}
	key = s.key(domain + "\n" + externalID)
	if line, known := s.namesakes[key]; known {
		return line, true, true
	}
	s.namesakes[key] = line
	return 0, false, true
}
