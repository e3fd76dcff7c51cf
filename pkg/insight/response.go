package insight

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
)

// Response is how long a request stays in a component at the peak.
type Response struct {
	Component string
	Seconds   float64 // +Inf where the nodes cannot keep up
}

// Responses gives the longest response time of each component that is modelled
// as a queue, under normal load, at a percentile of 0 to 1 (docs/model.md
// section 3).
func Responses(p *plan.Plan, percentile float64) []Response {
	var out []Response
	for _, c := range p.Choices {
		if c.Layout.Queue == nil {
			continue
		}
		worst, found := Response{Component: c.Component.Name}, false
		for i := range c.Layout.Limits {
			l := &c.Layout.Limits[i]
			if l.Of.Name != "cpu" || l.State != capacity.Own {
				continue
			}
			seconds := responseOf(c.Layout, l, percentile)
			if !found || seconds > worst.Seconds {
				worst.Seconds, found = seconds, true
			}
		}
		if found {
			out = append(out, worst)
		}
	}
	return out
}

// responseOf is a percentile of the response time in seconds at the nodes of a
// layout whose CPU has a limit; +Inf where they do not keep up.
func responseOf(l *sizing.Layout, cpu *sizing.RegionLimit, percentile float64) float64 {
	q, err := l.At(cpu.Region, cpu.Utilisation())
	if err != nil {
		return math.Inf(1)
	}
	s, err := q.Solve()
	if err != nil {
		return math.Inf(1)
	}
	seconds, err := s.ResponsePercentile(percentile)
	if err != nil {
		return math.Inf(1)
	}
	return seconds
}
