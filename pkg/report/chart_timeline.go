package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/timeline"
)

// timelineCharts are what the components cost over time, with the periods in which one gets
// another machine, and the bill beside what is paid.
func timelineCharts(t *timeline.Timeline, s *timeline.System) []Chart {
	charts := []Chart{costChart(t, s)}
	if commits(s) {
		charts = append(charts, cashChart(t, s))
	}
	return charts
}

// costChart stacks the costliest components, as many as there are colours for; the rest is one.
func costChart(t *timeline.Timeline, s *timeline.System) Chart {
	c := Chart{Title: "Cost by " + t.Period, Unit: "$/" + t.Period, X: periodAxis(t, s)}
	type curve struct {
		name  string
		costs []float64
		sum   float64
	}
	var curves []curve
	add := func(name string, i int, cost float64) {
		at := slices.IndexFunc(curves, func(x curve) bool { return x.name == name })
		if at < 0 {
			curves, at = append(curves, curve{name: name, costs: make([]float64, len(s.Periods))}), len(curves)
		}
		curves[at].costs[i] += cost
		curves[at].sum += cost
	}
	for i := range s.Periods {
		p := &s.Periods[i]
		for k := range p.Components {
			add(p.Components[k].System, i, p.Components[k].Cost.Float64())
		}
		if cost := p.Rented; !cost.IsZero() {
			add("events", i, cost.Float64())
		}
		if names := newMachines(p); len(names) > 0 {
			c.Marks = append(c.Marks, Mark{float64(p.Number), fmt.Sprintf("%s %d: %s", t.Period, p.Number,
				strings.Join(names, ", "))})
		}
	}
	slices.SortStableFunc(curves, func(a, b curve) int {
		switch {
		case a.sum > b.sum:
			return -1
		case a.sum < b.sum:
			return 1
		}
		return 0
	})
	rest := Series{Name: "others", Shape: Stacked, X: periodNumbers(s), Y: make([]float64, len(s.Periods))}
	for k, x := range curves {
		if k < seriesColours-1 || len(curves) == seriesColours {
			c.Series = append(c.Series, Series{Name: x.name, Shape: Stacked, X: rest.X, Y: x.costs})
			continue
		}
		for i, y := range x.costs {
			rest.Y[i] += y
		}
	}
	if len(curves) > len(c.Series) {
		c.Series = append(c.Series, rest)
	}
	return c
}

// newMachines are the components that get another machine or another structure.
func newMachines(p *timeline.Period) []string {
	names := slices.Clone(p.Phases)
	for i := range p.Changes {
		if x := &p.Changes[i]; x.What != timeline.OfNodes && !ofVolume(x) {
			names = append(names, x.System+" "+timelineChange(x))
		}
	}
	return names
}

// cashChart has the bill of each period, and what is paid in it.
func cashChart(t *timeline.Timeline, s *timeline.System) Chart {
	bill := Series{Name: "bill", Shape: Steps, X: periodNumbers(s)}
	cash := Series{Name: "cash", Shape: Steps, X: bill.X}
	for i := range s.Periods {
		bill.Y = append(bill.Y, s.Periods[i].Bill.Float64())
		cash.Y = append(cash.Y, s.Periods[i].Cash.Float64())
	}
	return Chart{Title: "Bill and cash by " + t.Period, Unit: "$/" + t.Period,
		About: "The bill has upfront fees spread over their terms, cash has them when they are paid.",
		X:     periodAxis(t, s), Series: []Series{bill, cash}}
}

func periodAxis(t *timeline.Timeline, s *timeline.System) ChartAxis {
	return ChartAxis{Label: t.Period, Ticks: fewTicks(periodNumbers(s))}
}

func periodNumbers(s *timeline.System) []float64 {
	out := make([]float64, len(s.Periods))
	for i := range s.Periods {
		out[i] = float64(s.Periods[i].Number)
	}
	return out
}
