package view

import "strconv"

// Chart compares figures by bars. It is drawn as a table, so that its figures are read out and printed as they are; the bars
// stand beside them.
type Chart struct {
	ID     string // unique on the page
	Title  string
	Note   string
	Groups []ChartGroup
}

// ChartGroup is bars that belong together.
type ChartGroup struct {
	Label string
	Bars  []Bar
}

// Bar is one figure: Value gives the length, Text is what is read.
type Bar struct {
	Label string
	Text  string
	Value int64
	New   bool // what would be, beside what is
}

// chartWidth is the inner width of a bar's picture, which is stretched to the width that there is.
const chartWidth = 1000

// span returns from where to where a value reaches, on a scale that all bars of the chart share and that zero lies on.
func (c Chart) span(value int64) (from, to int) {
	low, high := c.bounds()
	at := func(v float64) int { return int((v - low) / (high - low) * chartWidth) }
	if value < 0 {
		return at(float64(value)), at(0)
	}
	return at(0), at(float64(value))
}

func (c Chart) bounds() (low, high float64) {
	for _, g := range c.Groups {
		for _, b := range g.Bars {
			low, high = min(low, float64(b.Value)), max(high, float64(b.Value))
		}
	}
	if low == high {
		return 0, 1
	}
	return low, high
}

func (c Chart) barX(b Bar) string {
	from, _ := c.span(b.Value)
	return strconv.Itoa(from)
}

// barWidth leaves a line of what is not zero, however small it is beside the others.
func (c Chart) barWidth(b Bar) string {
	from, to := c.span(b.Value)
	if b.Value != 0 {
		return strconv.Itoa(max(to-from, 3))
	}
	return "0"
}

func (c Chart) zero() string {
	_, zero := c.span(0)
	return strconv.Itoa(min(zero, chartWidth-1))
}

func barClass(b Bar) string {
	class := "bar"
	if b.Value < 0 {
		class += " credit"
	}
	if b.New {
		class += " new"
	}
	return class
}

// Columns are figures over time, the latest last: Short is what stands below each.
type Columns struct {
	ID      string // unique on the page
	Title   string
	Note    string // says what the latest figure is
	None    string // stands where there are no figures yet
	Columns []Bar
	Short   []string
}

func (c Columns) chart() Chart { return Chart{Groups: []ChartGroup{{Bars: c.Columns}}} }

func (c Columns) y(b Bar) string {
	_, to := c.chart().span(b.Value)
	if b.Value < 0 {
		_, to = c.chart().span(0)
	}
	return strconv.Itoa(chartWidth - to)
}

func (c Columns) height(b Bar) string { return c.chart().barWidth(b) }

func (c Columns) zeroY() string {
	_, zero := c.chart().span(0)
	return strconv.Itoa(min(chartWidth-zero, chartWidth-6))
}
