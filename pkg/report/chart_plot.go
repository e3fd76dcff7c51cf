package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"headroom/pkg/portable"
	"headroom/pkg/unit"
)

// The place of a plot, in the units of its drawing; labels are outside of it.
const (
	plotWidth, plotHeight         = 480, 230
	plotLeft, plotRight           = 56.0, 440.0
	plotTop, plotBottom           = 20.0, 196.0
	plotTicks             float64 = 4 // about as many lines as there are across
	seriesColours                 = 8 // in html.css
)

// drawnPlot is a plot as lines and texts.
type drawnPlot struct {
	Title, About  string
	Width, Height int
	Grid, Axis    string // paths
	Lines         []drawnLine
	Points        []drawnPoint
	Marks         []drawnText
	MarkLines     string
	Texts         []drawnText
	Legend        []drawnText
	Changes       []Mark
}

type drawnLine struct{ Class, Path string }

type drawnPoint struct{ Class, X, Y, Text string }

type drawnText struct{ Class, X, Y, Text string }

// plotter puts values into the place of a plot.
type plotter struct {
	c           *Chart
	left, right scale
	x0, x1      float64
}

// scale is from 0, or below it, to the greatest value, in round steps.
type scale struct {
	low, high, step float64
	unit            string
}

// drawPlot draws the series of a chart.
func drawPlot(c Chart) drawnPlot {
	p := newPlotter(&c)
	out := drawnPlot{Title: c.Title, About: p.spoken(), Width: plotWidth, Height: plotHeight}
	p.axes(&out)
	below := make([]float64, 0)
	for i, s := range c.Series {
		class := "s" + strconv.Itoa(i%seriesColours)
		var base []float64
		if s.Shape == Stacked {
			if len(below) != len(s.Y) {
				below = make([]float64, len(s.Y))
			}
			base = append(base, below...)
			for k, y := range s.Y {
				below[k] += y
			}
			s.Y = append([]float64(nil), below...)
		}
		p.draw(&out, &s, base, class)
		out.Legend = append(out.Legend, drawnText{Class: class, Text: s.Name})
	}
	for i, m := range c.Marks {
		x := coordinate(p.x(m.At))
		out.MarkLines += fmt.Sprintf("M%s %sV%s", x, coordinate(plotTop), coordinate(plotBottom))
		out.Marks = append(out.Marks, drawnText{Class: "soft middle", X: x, Y: coordinate(plotTop - 6),
			Text: strconv.Itoa(i + 1)})
		out.Changes = append(out.Changes, m)
	}
	return out
}

func newPlotter(c *Chart) plotter {
	p := plotter{c: c, x0: math.Inf(1), x1: math.Inf(-1)}
	left, right, sums := 0.0, 0.0, []float64{}
	least, unitName := 0.0, ""
	for _, s := range c.Series {
		for k, x := range s.X {
			end := x
			if s.hourly() {
				end++
			}
			p.x0, p.x1 = math.Min(p.x0, x), math.Max(p.x1, end)
			y := s.Y[k]
			if s.Shape == Stacked {
				for len(sums) <= k {
					sums = append(sums, 0)
				}
				sums[k] += y
				y = sums[k]
			}
			if s.Right != "" {
				right, unitName = math.Max(right, y), s.Right
				continue
			}
			left, least = math.Max(left, y), math.Min(least, y)
		}
	}
	p.left, p.right = newScale(least, left, c.Unit), newScale(0, right, unitName)
	return p
}

// hourly tells whether a value holds until the next x.
func (s *Series) hourly() bool { return s.Shape != Line }

// newScale has steps of 1, 2 or 5 and zeros.
func newScale(low, high float64, name string) scale {
	if high <= low {
		high = low + 1
	}
	raw := (high - low) / plotTicks
	step := portable.Pow(10, float64(unit.Decade(raw)))
	for _, k := range []float64{1, 2, 5, 10} {
		if step*k >= raw*(1-1e-9) {
			step *= k
			break
		}
	}
	return scale{float64(math.Floor(low/step) * step), float64(math.Ceil(high/step*(1-1e-9)) * step), step, name}
}

func (p *plotter) x(x float64) float64 {
	a, b := p.x0, p.x1
	if p.c.X.Log {
		a, b, x = portable.Log(a), portable.Log(b), portable.Log(x)
	}
	if a == b {
		return (plotLeft + plotRight) / 2
	}
	return plotLeft + (plotRight-plotLeft)*(x-a)/(b-a)
}

func (s *scale) y(y float64) float64 {
	return plotBottom - (plotBottom-plotTop)*(y-s.low)/(s.high-s.low)
}

// axes draws what values are read off.
func (p *plotter) axes(out *drawnPlot) {
	var grid strings.Builder
	scales := []struct {
		*scale
		x     float64
		class string
	}{{&p.left, plotLeft - 5, "end"}, {&p.right, plotRight + 5, "soft"}}
	for i, s := range scales {
		if i > 0 && s.unit == "" {
			continue
		}
		for k := 0.0; s.low+float64(k*s.step) <= s.high*(1+1e-9); k++ {
			v := s.low + float64(k*s.step)
			y := s.y(v)
			if i == 0 {
				fmt.Fprintf(&grid, "M%s %sH%s", coordinate(plotLeft), coordinate(y), coordinate(plotRight))
			}
			out.Texts = append(out.Texts, drawnText{s.class, coordinate(s.x), coordinate(y + 4), unit.Count(v).Human()})
		}
		if i == 0 {
			out.Texts = append(out.Texts, drawnText{"soft", "2", "10", s.unit})
		} else { // below, as marks stand above
			out.Texts = append(out.Texts, drawnText{"soft end", coordinate(plotWidth - 2), coordinate(plotHeight - 3),
				s.unit})
		}
	}
	out.Grid = grid.String()
	out.Axis = fmt.Sprintf("M%s %sH%s", coordinate(plotLeft), coordinate(p.left.y(math.Max(0, p.left.low))),
		coordinate(plotRight))
	for _, t := range p.c.X.Ticks {
		if x := p.x(t.At); x >= plotLeft-1 && x <= plotRight+1 {
			out.Axis += fmt.Sprintf("M%s %sv4", coordinate(x), coordinate(plotBottom))
			out.Texts = append(out.Texts, drawnText{"middle", coordinate(x), coordinate(plotBottom + 16), t.Label})
		}
	}
	out.Texts = append(out.Texts, drawnText{"soft middle", coordinate((plotLeft + plotRight) / 2),
		coordinate(plotHeight - 3), p.c.X.Label})
}

// draw draws a series; base is what a stacked one stands on.
func (p *plotter) draw(out *drawnPlot, s *Series, base []float64, class string) {
	y := &p.left
	if s.Right != "" {
		y = &p.right
	}
	top := p.path(s, s.Y, y)
	switch s.Shape {
	case Area, Stacked:
		if base == nil {
			base = make([]float64, len(s.Y))
		}
		fill := " faint"
		if s.Shape == Stacked {
			fill = " fill"
		}
		out.Lines = append(out.Lines, drawnLine{class + fill, top + p.back(s, base, y) + "Z"})
		if s.Shape == Stacked {
			return
		}
		out.Lines = append(out.Lines, drawnLine{class + " stroke", top})
	case Limit:
		out.Lines = append(out.Lines, drawnLine{class + " stroke dash", top})
	default:
		out.Lines = append(out.Lines, drawnLine{class + " stroke", top})
	}
	for i, text := range s.Texts {
		out.Points = append(out.Points, drawnPoint{class + " fill", coordinate(p.x(s.X[i])), coordinate(y.y(s.Y[i])),
			text})
	}
}

// path goes along the values from left to right.
func (p *plotter) path(s *Series, ys []float64, y *scale) string {
	var b strings.Builder
	for i, v := range ys {
		at := coordinate(y.y(v))
		switch {
		case i == 0:
			b.WriteString("M" + coordinate(p.x(s.X[0])) + " " + at)
		case !s.hourly():
			b.WriteString("L" + coordinate(p.x(s.X[i])) + " " + at)
		case v != ys[i-1]:
			b.WriteString("H" + coordinate(p.x(s.X[i])) + "V" + at)
		}
	}
	if s.hourly() && len(ys) > 0 {
		b.WriteString("H" + coordinate(p.x(s.X[len(ys)-1]+1)))
	}
	return b.String()
}

// back goes back along what an area stands on.
func (p *plotter) back(s *Series, base []float64, y *scale) string {
	var b strings.Builder
	for i := len(base) - 1; i >= 0; i-- {
		if i == len(base)-1 || base[i] != base[i+1] {
			b.WriteString("V" + coordinate(y.y(base[i])))
		}
		if i == 0 || base[i] != base[i-1] {
			b.WriteString("H" + coordinate(p.x(s.X[i])))
		}
	}
	return b.String()
}

// spoken is the picture in a sentence for each series, for who cannot see it.
func (p *plotter) spoken() string {
	var out []string
	for _, s := range p.c.Series {
		if len(s.Y) == 0 {
			continue
		}
		least, most := s.Y[0], s.Y[0]
		for _, y := range s.Y {
			least, most = math.Min(least, y), math.Max(most, y)
		}
		name := p.c.Unit
		if s.Right != "" {
			name = s.Right
		}
		out = append(out, fmt.Sprintf("%s: from %s to %s %s.", s.Name, unit.Count(least).Human(),
			unit.Count(most).Human(), name))
	}
	return strings.Join(out, " ")
}

// coordinate is a length of a drawing, to a tenth, which is less than is seen.
func coordinate(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }
