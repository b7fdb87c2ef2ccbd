// Package customercsv is the file format in which customers and their subscriptions come in and go out
// (docs/import.md). One row is one customer with at most one subscription; a customer with several
// subscriptions has several rows, anywhere in the file.
//
// It owns the columns, the encodings and every check that a file can be put to without asking the database.
// It knows neither database nor page: the caller brings what the rows refer to, and writes the records.
package customercsv

import (
	"context"
	"errors"
	"io"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
)

// Record is one good row. IDs, console and what only the product knows are not in it.
type Record struct {
	Line         int // physical line on which the row begins; 0 in records that are written
	Customer     customer.Customer
	Subscription *customer.Subscription // nil: the row has a customer only
	Namesake     bool                   // a row before calls another customer's subscription alike
}

// Offer names a price of the catalogue.
type Offer struct {
	SKUID    string
	Plan     catalog.Plan
	Currency money.Currency
}

// Reference is what the rows of a file may refer to.
type Reference struct {
	SKUs     map[string]catalog.SKU
	Prices   map[Offer]money.Price      // what a row without unit_price costs
	Accounts map[string]billing.Account // of the console that imports
}

// Problem is one thing that is wrong in the file. Key names a message of the catalogue.
type Problem struct {
	Line   int    // physical line, counted from 1; a quoted cell may span several
	Column string // name of the column; for a cell without one its number, such as "#27"
	Key    string
	Args   fault.Args
}

// Kept is how many problems a Report lists; all are counted.
const Kept = 1000

// Report is what Check finds.
type Report struct {
	Encoding      string // "UTF-8", "UTF-16" or "Shift_JIS"
	Rows          int    // rows with content below the header
	Good          int    // rows without a problem
	Customers     int    // different customers in the good rows
	Subscriptions int    // good rows with a subscription
	ProblemCount  int
	Problems      []Problem // the first ones, in the order of the file
	Broken        bool      // the file cannot be read to its end: not even its good rows can be taken
}

// BatchSize is how many records Rows hands out at a time.
const BatchSize = 500

// Check reads the whole file and reports what is good and what is wrong in it. The error is about reading
// itself (a disk, a cancelled context), never about the content. progress may be nil.
func Check(ctx context.Context, r io.ReadSeeker, ref Reference, progress func(done, total int64)) (Report, error) {
	var report Report
	customers := map[uint64]struct{}{}
	s := newScan(ref, func(p Problem) {
		report.ProblemCount++
		if len(report.Problems) < Kept {
			report.Problems = append(report.Problems, p)
		}
	})
	s.progress = progress
	err := s.run(ctx, r, func(rec Record) error {
		report.Good++
		customers[s.seen.key(rec.Customer.Domain)] = struct{}{}
		if rec.Subscription != nil {
			report.Subscriptions++
		}
		return nil
	})
	report.Encoding, report.Rows, report.Broken = s.encoding, s.rows, s.broken
	report.Customers = len(customers)
	return report, err
}

// Problems reads the file again and hands out everything that is wrong in it, in the order of the file, however much it is.
func Problems(ctx context.Context, r io.ReadSeeker, ref Reference, take func(Problem) error) error {
	var refused error
	s := newScan(ref, nil)
	s.problem = func(p Problem) {
		if refused == nil {
			refused = take(p)
		}
	}
	return errors.Join(s.run(ctx, r, func(Record) error { return refused }), refused)
}

// Rows reads the file again and hands out its good records, at most BatchSize at a time and in the order of
// the file; rows with a problem are left out. The batch is valid until take returns. A file that Check calls
// broken is refused with the fault "import.broken" as soon as that shows, so check first.
func Rows(ctx context.Context, r io.ReadSeeker, ref Reference, take func(batch []Record) error) error {
	batch := make([]Record, 0, BatchSize)
	s := newScan(ref, func(Problem) {})
	err := s.run(ctx, r, func(rec Record) error {
		if batch = append(batch, rec); len(batch) < BatchSize {
			return nil
		}
		err := take(batch)
		batch = batch[:0]
		return err
	})
	switch {
	case err != nil:
		return err
	case s.broken:
		return fault.New(fault.Invalid, "import.broken", nil)
	case len(batch) > 0:
		return take(batch)
	default:
		return nil
	}
}
