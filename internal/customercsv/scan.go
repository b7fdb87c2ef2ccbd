package customercsv

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"psc/internal/fault"
)

// rowLimit is how long a row may be in bytes of UTF-8. It bounds what a quote that is never closed can swallow.
const rowLimit = 1 << 20

// scan is one pass over a file.
type scan struct {
	ref      Reference
	problem  func(Problem)
	progress func(done, total int64)
	seen     *seen

	encoding string
	header   []string // names of the columns as they stand in the file
	rows     int
	broken   bool
}

func newScan(ref Reference, problem func(Problem)) *scan {
	return &scan{ref: ref, problem: problem, seen: newSeen()}
}

// run gives good every good record of the file, in order.
func (s *scan) run(ctx context.Context, r io.ReadSeeker, good func(Record) error) error {
	cs, total, err := detect(ctx, r)
	if err != nil {
		return err
	}
	s.encoding = cs.name
	text, count, err := cs.open(r)
	if err != nil {
		return err
	}
	guard := &rowGuard{r: text}
	in := csv.NewReader(guard)
	in.FieldsPerRecord = -1
	in.ReuseRecord = true

	for n := 0; !s.broken; n++ {
		if n%BatchSize == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.tell(count.n, total)
		}
		guard.left = rowLimit
		cells, err := in.Read()
		switch {
		case guard.full:
			s.breakOff(Problem{
				Line: rowLine(in, cells, err), Key: "import.row.too_long", Args: fault.Args{"Limit": rowLimit},
			})
			continue
		case errors.Is(err, io.EOF):
			return s.end(total)
		case err != nil:
			if err := s.unreadable(err, cells); err != nil {
				return err
			}
			continue
		}
		if s.header == nil {
			s.readHeader(cells, in)
			continue
		}
		if err := s.readRow(cells, in, good); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) end(total int64) error {
	if s.header == nil {
		s.breakOff(Problem{Line: 1, Key: "import.header.empty"})
	}
	s.tell(total, total)
	return nil
}

func (s *scan) tell(done, total int64) {
	if s.progress != nil {
		s.progress(done, total)
	}
}

// breakOff reports a problem after which nothing in the file can be trusted.
func (s *scan) breakOff(p Problem) {
	s.broken = true
	s.problem(p)
}

// unreadable reports a row that is not CSV; cells are those before the one that breaks it. After a stray quote
// the next line is a new row; a quote that goes wrong lines later has swallowed rows, so there it ends.
func (s *scan) unreadable(err error, cells []string) error {
	bad, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return fmt.Errorf("read csv: %w", err)
	}
	p := Problem{Line: bad.Line, Column: s.columnAt(len(cells)), Key: "import.row.quote"}
	switch {
	case s.header == nil:
		s.breakOff(p)
	case errors.Is(err, csv.ErrQuote) && bad.Line != bad.StartLine:
		s.rows++
		p.Line, p.Key = bad.StartLine, "import.row.unclosed"
		s.breakOff(p)
	default:
		s.rows++
		s.problem(p)
	}
	return nil
}

func (s *scan) columnAt(i int) string {
	if i < len(s.header) && s.header[i] != "" {
		return s.header[i]
	}
	return fmt.Sprintf("#%d", i+1)
}

// readHeader takes the first row as the names of the columns. Without a header that is right nothing is read.
func (s *scan) readHeader(cells []string, in *csv.Reader) {
	line, _ := in.FieldPos(0)
	s.header = make([]string, len(cells))
	found := map[string]bool{}
	subscriptions := false
	for i, cell := range cells {
		name := strings.Map(visible, clip(strings.ToLower(strings.TrimSpace(cell))))
		s.header[i] = strings.Clone(name)
		c, known := byName[name]
		switch {
		case name == "": // an empty column beside the table, as spreadsheets write it
		case !known:
			s.breakOff(Problem{Line: line, Column: name, Key: "import.header.unknown"})
		case found[name]:
			s.breakOff(Problem{Line: line, Column: name, Key: "import.header.duplicate"})
		}
		found[name] = true
		subscriptions = subscriptions || known && c.part == ofSubscription
	}
	if len(cells) == 1 && strings.ContainsAny(cells[0], ";\t") {
		s.breakOff(Problem{Line: line, Column: s.columnAt(0), Key: "import.header.separator"})
	}
	for _, c := range columns {
		if c.required && !found[c.name] && (c.part == ofCustomer || subscriptions) {
			s.breakOff(Problem{Line: line, Column: c.name, Key: "import.header.missing"})
		}
	}
}

// visible keeps what a name of the file cannot have from acting on the terminal that shows it.
func visible(r rune) rune {
	if unprintable(r) {
		return utf8.RuneError
	}
	return r
}

func (s *scan) readRow(cells []string, in *csv.Reader, good func(Record) error) error {
	if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		return nil // a row of separators only, as spreadsheets write below the table
	}
	s.rows++
	line, _ := in.FieldPos(0)
	if at, ok := s.misfit(cells); !ok {
		s.problem(Problem{
			Line: line, Column: s.columnAt(at), Key: "import.row.columns",
			Args: fault.Args{"Want": len(s.header), "Got": len(cells)},
		})
		return nil
	}
	r := &row{scan: s, line: line, cells: map[string]cell{}}
	for i, name := range s.header {
		if c, ok := byName[name]; ok && c.part != ignored {
			l, _ := in.FieldPos(i)
			r.cells[name] = cell{line: l, text: cells[i]}
		}
	}
	rec := r.record()
	if r.bad {
		return nil
	}
	return good(rec)
}

// misfit tells whether the row has a cell for each name of the header and nothing else, or where that ends.
func (s *scan) misfit(cells []string) (at int, ok bool) {
	if len(cells) < len(s.header) {
		return len(cells), false
	}
	for i, c := range cells {
		if strings.TrimSpace(c) != "" && (i >= len(s.header) || s.header[i] == "") {
			return i, false
		}
	}
	return 0, true
}

// rowLine is the line on which the row that in has just read begins.
func rowLine(in *csv.Reader, cells []string, err error) int {
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		return bad.StartLine
	}
	if len(cells) == 0 {
		return 1
	}
	line, _ := in.FieldPos(0)
	return line
}

// rowGuard ends the text when a row has taken all that was left for it.
type rowGuard struct {
	r    io.Reader
	left int
	full bool
}

func (g *rowGuard) Read(p []byte) (int, error) {
	if g.left <= 0 {
		g.full = true
		return 0, io.EOF
	}
	n, err := g.r.Read(p[:min(len(p), g.left)])
	g.left -= n
	return n, err
}

// clip shortens what a message repeats from the file.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
