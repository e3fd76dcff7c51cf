package plan

import (
	"math"

	"headroom/pkg/sizing"
)

// Response is how long a request stays in a component at the peak.
type Response struct {
	Component string  `json:"component"`
	State     string  `json:"state"`   // normal, or what is lost
	Seconds   float64 `json:"seconds"` // +Inf where the nodes cannot keep up
}

// Responses gives the longest response time of each component that is modelled
// as a queue, at a percentile of 0 to 1: of the states that its limits name,
// normal load or also losses (MODEL.md section 3).
func (r *Result) Responses(percentile float64, losses bool) []Response {
	var out []Response
	for _, c := range r.Choices {
		if c.Layout.Queue == nil {
			continue
		}
		c.Layout.Detail()
		worst, found := Response{Component: c.Component.Name}, false
		for i := range c.Layout.Limits {
			l := &c.Layout.Limits[i]
			if l.Resource != "cpu" || l.State != sizing.StateOwn && !losses {
				continue
			}
			q := *c.Layout.Queue
			q.Rate = l.Utilisation() * q.Servers / q.Service
			seconds := math.Inf(1)
			if s, err := q.Solve(); err == nil {
				seconds, err = s.ResponsePercentile(percentile)
				if err != nil {
					return nil
				}
			}
			if !found || seconds > worst.Seconds {
				worst.State, worst.Seconds, found = l.State, seconds, true
			}
		}
		if found {
			out = append(out, worst)
		}
	}
	return out
}
