package report

import "math"

// drawnRow is a row of a chart in hundredths of the chart's width.
type drawnRow struct {
	Label, Text, Source, Class string
	X, Width                   string
	Zero, Ceiling              string // places of lines; "" for none
	Whisker                    *[2]string
}

// drawRows puts the rows of a chart on one scale, from the least to the greatest of all
// that is in them. What is not nothing is wide enough to be seen.
func drawRows(c Chart) []drawnRow {
	least, most := 0.0, 0.0
	for _, r := range c.Rows {
		for _, x := range []float64{r.From, r.To, r.Low, r.High, r.Ceiling} {
			least, most = math.Min(least, x), math.Max(most, x)
		}
	}
	if most == least {
		most = least + 1
	}
	const seen = 0.4
	place := func(x float64) float64 { return 100 * (x - least) / (most - least) }
	out := make([]drawnRow, len(c.Rows))
	for i, r := range c.Rows {
		from, to := place(math.Min(r.From, r.To)), place(math.Max(r.From, r.To))
		if r.From != r.To {
			to = math.Max(to, from+seen)
		}
		d := drawnRow{Label: r.Label, Text: r.Text, Source: r.Source, Class: r.Tone.class(),
			X: coordinate(from), Width: coordinate(to - from)}
		if r.Tone == Plain {
			d.Class = Measure.class()
		}
		if least < 0 {
			d.Zero = coordinate(place(0))
		}
		if r.Ceiling != 0 {
			d.Ceiling = coordinate(place(r.Ceiling))
		}
		if r.Low != r.High {
			d.Whisker = &[2]string{coordinate(place(r.Low)), coordinate(place(r.High))}
		}
		out[i] = d
	}
	return out
}
