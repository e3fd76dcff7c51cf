package whatif

import "headroom/pkg/plan"

// Of is the goal's figure of a plan.
func (g *Goal) Of(r *plan.Result) (float64, error) { return g.metric.of(r, g.Component) }

// Meets tells whether a figure reaches the goal.
func (g *Goal) Meets(x float64) bool { return g.meets(x) }

// FiguresOf sums an estimate up as a point of a sweep does.
func FiguresOf(e *plan.Estimate) Figures { return figures(e) }
