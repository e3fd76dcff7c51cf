package report

// Chart is a picture before it is drawn: values, as a Grid is a table before it is laid
// out. It has Rows or Series: rows are lengths below each other, series run over an x.
type Chart struct {
	Title string
	About string // what to look for, in a sentence or two
	Unit  string // of the values: "$/month"
	Rows  []ChartRow

	X      ChartAxis
	Series []Series
	Marks  []Mark
}

// ChartRow is a length beside others.
type ChartRow struct {
	Label    string
	From, To float64 // where it begins and ends: a share begins at 0, a step of a waterfall at the one before
	// Low and High are what the value may be; equal where it is certain.
	Low, High float64
	Ceiling   float64 // what is allowed; 0 where there is no ceiling
	Text      string  // the value for people
	Tone      Tone    // Measure unless it means something
	Source    string  // how the value comes about; "" for none
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

// Series are values over x, which ascends. Steps, areas and limits are of hours: each
// value holds for one, also the last.
type Series struct {
	Name  string
	Shape Shape
	X, Y  []float64
	Texts []string // the values for people, where they are shown at their points; nil for none
	Right string   // the unit of values with a scale of their own, on the right; "" for the chart's
}

// Mark is a place of x where something changes.
type Mark struct {
	At   float64
	Text string
}
