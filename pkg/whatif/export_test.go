package whatif

import "headroom/pkg/bill"

// Of is the goal's figure of a plan.
func (g *Goal) Of(r *bill.Result) (float64, error) { return g.metric.of(r, g.Component) }

// Meets tells whether a figure reaches the goal.
func (g *Goal) Meets(x float64) bool { return g.meets(x) }

// FiguresOf sums an estimate up as a point of a sweep does.
func FiguresOf(e *bill.Estimate) Figures { return figures(e) }
