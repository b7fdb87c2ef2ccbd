package pdf

import (
	"errors"
	"fmt"

	"github.com/signintech/gopdf"
)

// leading is the height of a line, as a multiple of the size of its letters.
const leading = 1.5

// color is red, green and blue.
type color [3]uint8

var (
	ink      = color{27, 31, 34}
	muted    = color{80, 87, 93}
	hairline = color{210, 210, 204}
	ground   = color{238, 238, 234}
	warning  = color{146, 64, 14}
)

// paper is a document while it is drawn. The first error stays, and nothing is drawn after it.
type paper struct {
	*gopdf.GoPdf

	y     float64 // where the next line goes
	err   error
	size  float64
	bold  bool
	known bool // size and bold are set
}

func newPaper() (*paper, error) {
	p := &paper{GoPdf: &gopdf.GoPdf{}}
	p.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	for _, style := range []struct {
		file  string
		style int
	}{{"font/regular.ttf", gopdf.Regular}, {"font/bold.ttf", gopdf.Bold}} {
		data, err := fonts.ReadFile(style.file)
		if err != nil {
			return nil, errors.Join(ErrNoFont, err)
		}
		if err := p.AddTTFFontDataWithOption("noto", data, gopdf.TtfOption{Style: style.style}); err != nil {
			return nil, fmt.Errorf("read font: %w", err)
		}
	}
	p.AddPage()
	return p, nil
}

// room begins a new page unless there is so much left of this one, and reports whether it did.
func (p *paper) room(height float64) bool {
	if p.y+height <= bottom {
		return false
	}
	p.AddPage()
	p.y = margin
	return true
}

func (p *paper) font(size float64, bold bool) {
	if p.err != nil || p.known && p.size == size && p.bold == bold {
		return
	}
	style := gopdf.Regular
	if bold {
		style = gopdf.Bold
	}
	p.size, p.bold, p.known = size, bold, true
	p.err = p.SetFontWithStyle("noto", style, size)
}

// width measures a text.
func (p *paper) width(s string, size float64, bold bool) float64 {
	p.font(size, bold)
	if p.err != nil {
		return 0
	}
	w, err := p.MeasureTextWidth(s)
	p.err = err
	return w
}

func (p *paper) wrapped(width, size float64, bold bool, s string) []string {
	return wrap(s, width, func(part string) float64 { return p.width(part, size, bold) })
}

// text writes one line with its upper left corner at x and y.
func (p *paper) text(x, y, size float64, bold bool, c color, s string) {
	p.font(size, bold)
	if p.err != nil || s == "" {
		return
	}
	p.SetTextColor(c[0], c[1], c[2])
	p.SetXY(x, y)
	p.err = p.Cell(nil, s)
}

// right writes one line that ends at x.
func (p *paper) right(x, y, size float64, bold bool, c color, s string) {
	p.text(x-p.width(s, size, bold), y, size, bold, c, s)
}

// lines writes a text over as many lines as it needs, and moves on below them.
func (p *paper) lines(x, width, size float64, bold bool, c color, s string) {
	for _, line := range p.wrapped(width, size, bold, s) {
		p.text(x, p.y, size, bold, c, line)
		p.y += size * leading
	}
}

func (p *paper) rule(x, y, width float64, c color) {
	p.SetStrokeColor(c[0], c[1], c[2])
	p.SetLineWidth(0.6)
	p.Line(x, y, x+width, y)
}

func (p *paper) fill(x, y, width, height float64) {
	p.SetFillColor(ground[0], ground[1], ground[2])
	p.RectFromUpperLeftWithStyle(x, y, width, height, "F")
}

// stamp draws a word in a frame that ends at x.
func (p *paper) stamp(x, y float64, s string) {
	if s == "" {
		return
	}
	const size, room = 15.0, 10.0
	width := p.width(s, size, true)
	p.SetStrokeColor(warning[0], warning[1], warning[2])
	p.SetLineWidth(1.4)
	p.RectFromUpperLeftWithStyle(x-width-2*room, y, width+2*room, size*leading+4, "D")
	p.text(x-width-room, y+5, size, true, warning, s)
}

// mark draws the product's sign, as on its pages: many consoles run together into one. It is 22 points wide.
func (p *paper) mark(x, y float64) {
	const unit = 22.0 / 32
	at := func(px, py float64) (float64, float64) { return x + px*unit, y + py*unit }
	p.SetFillColor(15, 74, 109)
	x1, y1 := at(32, 32)
	p.err = errors.Join(p.err, p.Rectangle(x, y, x1, y1, "F", 9*unit, 12))
	p.SetStrokeColor(169, 214, 240)
	p.SetLineWidth(2.6 * unit)
	for _, from := range []float64{8.5, 23.5} {
		ax, ay := at(8.5, from)
		bx, by := at(14, from)
		cx, cy := at(13.5, 16)
		dx, dy := at(19, 16)
		p.Curve(ax, ay, bx, by, cx, cy, dx, dy, "D")
	}
	for _, dot := range []struct {
		px, py, r float64
		c         color
	}{{8.5, 8.5, 2.9, color{169, 214, 240}}, {8.5, 23.5, 2.9, color{169, 214, 240}}, {22, 16, 4.6, color{255, 177, 105}}} {
		p.SetFillColor(dot.c[0], dot.c[1], dot.c[2])
		left, top := at(dot.px-dot.r, dot.py-dot.r)
		right, low := at(dot.px+dot.r, dot.py+dot.r)
		p.err = errors.Join(p.err, p.Rectangle(left, top, right, low, "F", dot.r*unit, 16))
	}
}
