package plan

import (
	"math"

	"headroom/pkg/capacity"
)

// Response is how long a request stays in a component at the peak.
type Response struct {
	Component string  `json:"component"`
	State     string  `json:"state"`   // normal, or what is lost
	Seconds   float64 `json:"seconds"` // +Inf where the nodes cannot keep up
}

// Responses gives the longest response time of each component that is modelled
// as a queue, at a percentile of 0 to 1: of the states that its limits name,
// normal load or also losses (docs/model.md section 3).
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
			if l.Of.Name != "cpu" || l.State != capacity.Own && (!losses || l.State == capacity.CatchUp) {
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
				worst.State, worst.Seconds, found = l.State.String(), seconds, true
			}
		}
		if found {
			out = append(out, worst)
		}
	}
	return out
}

func (h headroom) export(users float64) *Headroom {
	out := &Headroom{Users: math.Floor(users * h.factor), Share: h.factor - 1, Limit: h.limit}
	if h.first != nil {
		out.Component = h.first.Component.Name
	}
	return out
}

// Room is how many users the machines as planned carry; nil for a system
// without users.
func (r *Result) Room() *Headroom {
	if r.System == nil {
		return nil
	}
	h, ok := r.room()
	if !ok {
		return nil
	}
	return h.export(float64(r.System.Flow.Demand.Users))
}
