//go:build e2e && bench

package bench_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

// goal is the bound of a ratio; the zero goal only wants it told.
type goal struct {
	atLeast, atMost float64
}

func (g goal) String() string {
	switch {
	case g.atLeast > 0:
		return fmt.Sprintf("≥ %g", g.atLeast)
	case g.atMost > 0:
		return fmt.Sprintf("≤ %g", g.atMost)
	}
	return ""
}

func (g goal) met(ratio float64) bool {
	return ratio >= g.atLeast && (g.atMost == 0 || ratio <= g.atMost)
}

// figure is one line of the table: what was measured, against what, and their ratio.
type figure struct {
	engine, what, value, reference string
	ratio                          float64 // zero: nothing to compare with
	goal                           goal
}

// report collects figures and tells each as soon as it is there.
type report struct {
	tb      testing.TB
	began   time.Time
	figures []figure
}

func (r *report) add(f figure) {
	r.figures = append(r.figures, f)
	r.tb.Logf("%4.0fs %-8s %-44s %-20s %-40s %s", time.Since(r.began).Seconds(), f.engine, f.what, f.value, f.reference, f.verdict())
}

func (f figure) verdict() string {
	if f.ratio == 0 {
		return ""
	}
	said := fmt.Sprintf("%.2f", f.ratio)
	if f.goal == (goal{}) {
		return said
	}
	said += " (" + f.goal.String() + ")"
	if !f.goal.met(f.ratio) {
		said += " missed"
	}
	return said
}

// margin is by how many doublings the ratio is better than its goal.
func (f figure) margin(most float64) float64 {
	better := f.ratio / f.goal.atLeast
	if f.goal.atMost > 0 {
		better = f.goal.atMost / f.ratio
	}
	return min(max(math.Log2(better), -most), most)
}

// The table and the chart stand between these lines of the document.
const (
	document = "../../docs/performance.md"
	picture  = "../../docs/performance.svg"
	opening  = "<!-- make bench writes from here -->\n"
	closing  = "<!-- to here -->\n"
)

// write puts the figures into the document, for this size or in the place of those that it had.
func (r *report) write(title string) {
	r.tb.Helper()
	text, err := os.ReadFile(document)
	must(r.tb, err)
	before, rest, ok := strings.Cut(string(text), opening)
	_, after, ended := strings.Cut(rest, closing)
	if !ok || !ended {
		r.tb.Fatalf("%s has no place for the table", document)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n\n![Each ratio as a share of its goal](performance.svg)\n\n", opening, title)
	b.WriteString("| | measure | measured | reference | ratio | goal |\n|---|---|---|---|---|---|\n")
	for _, f := range r.figures {
		ratio, want := "", f.goal.String()
		if f.ratio > 0 {
			ratio = fmt.Sprintf("%.2f", f.ratio)
			if f.goal != (goal{}) && !f.goal.met(f.ratio) {
				want += ", **missed**"
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", f.engine, f.what, f.value, f.reference, ratio, want)
	}
	must(r.tb, os.WriteFile(document, []byte(before+b.String()+"\n"+closing+after), 0o600))
	must(r.tb, os.WriteFile(picture, []byte(r.chart()), 0o600))
}

// chart draws how far each figure is on the good side of its goal: the line in the middle is the goal, the scale doubles.
func (r *report) chart() string {
	const row, left, middle, width, most = 22, 10, 650, 930, 3.0
	var rows []figure
	for _, f := range r.figures {
		if f.ratio > 0 && f.goal != (goal{}) {
			rows = append(rows, f)
		}
	}
	var b strings.Builder
	height := row*len(rows) + 40
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/><text x="%d" y="18" fill="#555">better than the goal: right of the line; each step doubles</text>`+"\n", width, height, left)
	for i, f := range rows {
		y := 30 + i*row
		steps := f.margin(most)
		x, colour := float64(middle), "#2e7d5b"
		length := steps * 90
		if length < 0 {
			x, length, colour = x+length, -length, "#b3402e"
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="#222">%s: %s</text><rect x="%.0f" y="%d" width="%.0f" height="12" fill="%s"/>`+"\n",
			left, y+11, f.engine, f.what, x, y, max(length, 1), colour)
	}
	fmt.Fprintf(&b, `<line x1="%d" y1="26" x2="%d" y2="%d" stroke="#222"/>`+"\n</svg>\n", middle, middle, height-6)
	return b.String()
}
