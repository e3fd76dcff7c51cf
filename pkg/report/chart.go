package report

import (
	"math"
	"strconv"
)

// Chart is a picture before it is drawn: values, as a Grid is a table before it is laid
// out. It has Rows or Series: rows are lengths below each other, series run over an x.
type Chart struct {
	Title string
	About string // what is to be seen, in a sentence, for who cannot see it
	Unit  string // of the values: "$/month"
	Rows  []ChartRow

	X      ChartAxis
	Series []Series
	Marks  []Mark
}

// ChartRow is a bar of a chart.
type ChartRow struct {
	Label    string
	From, To float64 // where the bar begins and ends; a share of the bill begins at 0
	// Low and High are what the value may be; both 0 where there is no range.
	Low, High float64
	Ceiling   float64 // what is allowed; 0 where there is no ceiling
	Text      string  // the value for people
	Tone      Tone
	Source    string // how the value comes about; "" for none
}

// ChartAxis is what x stands for.
type ChartAxis struct {
	Label string
	Log   bool // equal distances are equal ratios
	Ticks []Tick
}

// Tick is a labelled place of x.
type Tick struct {
	At    float64
	Label string
}

// Shape is how a series is drawn.
type Shape int

// The shapes: a Line joins the points, Steps hold each value until the next x, an Area
// is filled down to 0, Stacked areas stand on those before them, a Limit is dashed.
const (
	Line Shape = iota
	Steps
	Area
	Stacked
	Limit
)

// Series are values over x.
type Series struct {
	Name  string
	Shape Shape
	X, Y  []float64
	// Right are values with a scale of their own, on the right, in this unit.
	Right string
}

// Mark is a place of x where something changes.
type Mark struct {
	At   float64
	Text string
}

// coordinate is a length of a drawing, to a tenth, which is less than is seen.
func coordinate(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }
