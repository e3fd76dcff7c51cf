package report

import (
	"cmp"
	"slices"
	"strings"

	"headroom/pkg/compare"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
)

// usersChart is cost and cost a user over the number of users, with the places where a
// component is built differently. users is what is planned.
func usersChart(s *whatif.Sweep, users float64) Chart {
	c := sweepChart(s)
	c.Title = "Cost over users"
	c.Marks = append(c.Marks, Mark{users, unit.Count(users).Human() + ": this plan"})
	slices.SortStableFunc(c.Marks, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	return c
}

// sweepChart is cost and unit cost over a varied number.
func sweepChart(s *whatif.Sweep) Chart {
	axis := &s.Axes[0]
	c := Chart{Title: "Cost over " + axis.Path, Unit: perMonth, X: ChartAxis{Label: axis.Path}}
	total, each := Series{Name: "total"}, Series{Name: "a user", Right: "$/user"}
	for i := range s.Points {
		p := &s.Points[i]
		if p.Figures == nil {
			continue
		}
		x, shown := axis.Values[p.At[0]], axis.Shown[p.At[0]]
		total.X, total.Y = append(total.X, x), append(total.Y, p.Figures.Total.Expected.Float64())
		total.Texts = append(total.Texts, shown+": "+p.Figures.Total.Expected.Human()+" $/month")
		if u := p.Figures.PerUser; u != nil {
			each.X, each.Y = append(each.X, x), append(each.Y, *u)
			each.Texts = append(each.Texts, shown+": "+unit.PriceOfOne(*u)+" $/user")
		}
		if text := rebuilt(p); text != "" {
			c.Marks = append(c.Marks, Mark{x, shown + ": " + text})
		}
	}
	c.Series = append(c.Series, total)
	if len(each.X) > 0 {
		c.Series = append(c.Series, each)
	}
	if n := len(total.X); n > 1 && total.X[0] > 0 && total.X[n-1] > logFrom*total.X[0] {
		c.X.Log = true
	}
	c.X.Ticks = fewTicks(total.X)
	return c
}

// logFrom is the ratio of the ends from which on equal distances are equal ratios.
const logFrom = 8

// fewTicks are about five of the values, the ends among them.
func fewTicks(values []float64) []Tick {
	const about = 5
	step := max(1, (len(values)-1+about-2)/(about-1))
	var out []Tick
	for i := 0; i < len(values); i += step {
		out = append(out, Tick{values[i], unit.Count(values[i]).Human()})
	}
	return out
}

// rebuilt names the components that have another machine than at the point before.
func rebuilt(p *whatif.Point) string {
	var names []string
	for _, m := range p.Marks {
		if !slices.ContainsFunc(m.Changes, func(c compare.Change) bool { return c.What == compare.OfMachine }) {
			continue // the limit that binds, or a shard more: there are many of them
		}
		name := m.System
		if f := p.Figures; f != nil {
			for i := range f.Components {
				if x := &f.Components[i]; x.Name == m.Component && x.Machine != "" {
					name += " " + x.Machine
				}
			}
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// sweepCharts are the curve of a sweep of one number, or a curve for each value of the
// first of two inputs.
func sweepCharts(s *whatif.Sweep) []Chart {
	last := &s.Axes[len(s.Axes)-1]
	if len(last.Values) < 2 {
		return nil
	}
	if len(s.Axes) == 1 {
		return []Chart{sweepChart(s)}
	}
	c := Chart{Title: "Cost over " + last.Path, Unit: perMonth, X: ChartAxis{Label: last.Path,
		Ticks: fewTicks(last.Values)}}
	c.X.Log = last.Values[0] > 0 && last.Values[len(last.Values)-1] > logFrom*last.Values[0]
	for k, shown := range s.Axes[0].Shown {
		curve := Series{Name: s.Axes[0].Path + " " + shown}
		for i := range s.Points {
			if p := &s.Points[i]; p.At[0] == k && p.Figures != nil {
				curve.X = append(curve.X, last.Values[p.At[1]])
				curve.Y = append(curve.Y, p.Figures.Total.Expected.Float64())
			}
		}
		if len(curve.X) > 1 {
			c.Series = append(c.Series, curve)
		}
	}
	if len(c.Series) == 0 || len(c.Series) > seriesColours {
		return nil // a table says more than so many lines
	}
	return []Chart{c}
}
