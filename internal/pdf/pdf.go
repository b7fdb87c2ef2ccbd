// Package pdf draws documents of tables on A4 pages, with Japanese names. The font comes with the build; a build without it has
// no documents (Available).
package pdf

import (
	"embed"
	"errors"
	"fmt"
	"io"
)

//go:embed all:font
var fonts embed.FS

// ErrNoFont is what a build without the font answers.
var ErrNoFont = errors.New("this build has no font for documents")

// Available reports whether the build has the font.
func Available() bool {
	_, err := fonts.Open("font/regular.ttf")
	return err == nil
}

// Column is a column of a document's table. Widths are shares of the page.
type Column struct {
	Label string
	Width float64
	Right bool // figures, at the end of the column
}

// Fact is a label and a value in the head of a document; Note is a second line of the value.
type Fact struct{ Label, Value, Note string }

// Sum is one line of the sums.
type Sum struct {
	Label, Text string
	Total       bool
}

// Row is a row of the table: cells, or a heading over rows.
type Row struct {
	Heading string // in bold, over the whole width; a customer
	Sub     string // smaller; a subscription
	Cells   []string
	Note    string // below the cells, smaller, over the whole width
}

// Table is a titled part of a document.
type Table struct {
	Title   string
	Note    string
	Columns []Column
	Rows    []Row
}

// Document is what is drawn.
type Document struct {
	Product  string // beside the mark
	Stamp    string // across from it, in a frame; empty for none
	Title    string
	Subtitle string
	Facts    []Fact
	Sums     []Sum
	Note     string
	Tables   []Table
	Foot     string                       // names the document at the foot of each page
	Page     func(page, pages int) string // numbers the page there
}

// Measures of the page, in points.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	margin     = 42.0
	inner      = pageWidth - 2*margin
	bottom     = pageHeight - 56
	body       = 9.0
	small      = 7.6
	padding    = 4.0
)

// Write draws the document.
func (d Document) Write(w io.Writer) error {
	p, err := newPaper()
	if err != nil {
		return err
	}
	d.head(p)
	for _, t := range d.Tables {
		p.table(t)
	}
	d.feet(p)
	if p.err != nil {
		return fmt.Errorf("draw document: %w", p.err)
	}
	if _, err := p.WriteTo(w); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

// head draws the first page's upper part: mark, title, facts and sums.
func (d Document) head(p *paper) {
	p.mark(margin, margin)
	p.text(margin+30, margin+5, body, false, muted, d.Product)
	p.stamp(pageWidth-margin, margin, d.Stamp)
	p.y = margin + 42
	p.lines(margin, inner, 17, true, ink, d.Title)
	if d.Subtitle != "" {
		p.lines(margin, inner, body, false, muted, d.Subtitle)
	}
	p.y += 10
	top := p.y
	left := inner * 0.54
	for _, f := range d.Facts {
		start := p.y
		p.text(margin, start, small, false, muted, f.Label)
		p.lines(margin+left*0.36, left*0.64, body, false, ink, f.Value)
		if f.Note != "" {
			p.lines(margin+left*0.36, left*0.64, small, false, muted, f.Note)
		}
		p.y = max(p.y, start+14) + 2
	}
	factsEnd := p.y
	p.y = top
	x := margin + left + 20
	for _, s := range d.Sums {
		size := body
		if s.Total {
			size = 11
			p.rule(x, p.y-2, inner-left-20, ink)
			p.y += 3
		}
		p.right(pageWidth-margin, p.y, size, s.Total, ink, s.Text)
		p.lines(x, inner-left-20-p.width(s.Text, size, s.Total)-8, size, s.Total, ink, s.Label)
		p.y += 4
	}
	p.y = max(p.y, factsEnd) + 6
	if d.Note != "" {
		p.lines(margin, inner, small, false, muted, d.Note)
	}
	p.y += 10
}

// feet writes the foot of every page, now that their number is known.
func (d Document) feet(p *paper) {
	pages := p.GetNumberOfPages()
	for n := 1; n <= pages; n++ {
		if p.err = errors.Join(p.err, p.SetPage(n)); p.err != nil {
			return
		}
		p.rule(margin, pageHeight-44, inner, hairline)
		number := d.Page(n, pages)
		p.right(pageWidth-margin, pageHeight-38, small, false, muted, number)
		p.text(margin, pageHeight-38, small, false, muted, p.wrapped(inner-p.width(number, small, false)-20, small, false, d.Foot)[0])
	}
}

// table draws a table over as many pages as it needs; its head is repeated on each.
func (p *paper) table(t Table) {
	p.room(70)
	p.lines(margin, inner, 12, true, ink, t.Title)
	if t.Note != "" {
		p.lines(margin, inner, small, false, muted, t.Note)
	}
	p.y += 4
	p.columns(t.Columns)
	for i, r := range t.Rows {
		keep := p.height(t.Columns, r)
		if r.Cells == nil { // a heading stays with what it is over
			for _, next := range t.Rows[i+1:] {
				keep += p.height(t.Columns, next)
				if next.Cells != nil {
					break
				}
			}
		}
		if p.room(keep) {
			p.columns(t.Columns)
		}
		p.row(t.Columns, r)
	}
	p.y += 14
}

func (p *paper) columns(columns []Column) {
	x := margin
	for _, c := range columns {
		width := c.Width * inner
		if c.Right {
			p.right(x+width, p.y, small, false, muted, c.Label)
		} else {
			p.text(x, p.y, small, false, muted, c.Label)
		}
		x += width
	}
	p.y += 14
	p.rule(margin, p.y-2, inner, ink)
}

func (p *paper) row(columns []Column, r Row) {
	height := p.height(columns, r)
	switch {
	case r.Heading != "":
		p.fill(margin, p.y, inner, height-1)
		p.y += padding / 2
		p.lines(margin+padding, inner-2*padding, body, true, ink, r.Heading)
		p.y += padding / 2
	case r.Sub != "":
		p.y += padding / 2
		p.lines(margin+padding, inner-2*padding, body, false, ink, r.Sub)
		p.y += padding / 2
	default:
		top, x := p.y+padding/2, margin
		for i, c := range columns {
			width := c.Width * inner
			p.y = top
			if c.Right {
				p.right(x+width, top, body, false, ink, r.Cells[i])
			} else {
				p.lines(x+3*padding, width-4*padding, body, false, ink, r.Cells[i])
			}
			x += width
		}
		if r.Note != "" {
			p.y = top + p.cells(columns, r)
			p.lines(margin+3*padding, inner-4*padding, small, false, muted, r.Note)
		}
		p.y = top - padding/2 + height
		p.rule(margin, p.y-1, inner, hairline)
	}
}

// height is how much of the page a row takes.
func (p *paper) height(columns []Column, r Row) float64 {
	const around = padding + 1
	switch {
	case r.Heading != "":
		return float64(len(p.wrapped(inner-2*padding, body, true, r.Heading)))*body*leading + around
	case r.Sub != "":
		return float64(len(p.wrapped(inner-2*padding, body, false, r.Sub)))*body*leading + around
	case r.Note != "":
		return p.cells(columns, r) + float64(len(p.wrapped(inner-4*padding, small, false, r.Note)))*small*leading + around
	default:
		return p.cells(columns, r) + around
	}
}

// cells is how high the cells of a row are.
func (p *paper) cells(columns []Column, r Row) float64 {
	count := 1
	for i, c := range columns {
		if !c.Right {
			count = max(count, len(p.wrapped(c.Width*inner-4*padding, body, false, r.Cells[i])))
		}
	}
	return float64(count) * body * leading
}
