package resilience

import (
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/plan"
)

// Summary is what an estimate says of failures, and what limits of a budget are held
// against: the worst of the losses that the profile's aims name, or else of those that its
// policy says are survived.
type Summary struct {
	Losses   []string `json:"losses"`         // node, zone, region, split, corruption
	Aims     []Aim    `json:"aims,omitempty"` // of the profile
	Outage   Worst    `json:"outage"`         // the longest, seconds
	DataLoss Worst    `json:"data_loss"`      // the longest time of which writes are lost, seconds
	// Buffer is how many users are carried in the state that carries the fewest; nil where
	// some are not served there, or where nothing bounds them.
	Buffer *float64 `json:"failure_buffer_users"`
	In     string   `json:"failure_buffer_scenario,omitempty"`
	Full   string   `json:"failure_buffer_component,omitempty"`
}

// Summarize is the summary of a plan; nil of machines that are given without a workload.
func Summarize(p *plan.Plan, facts *catalog.Facts) (*Summary, error) {
	if p.System == nil {
		return nil, nil
	}
	a, err := newAssessor(p, facts)
	if err != nil {
		return nil, err
	}
	out := &Summary{Losses: append([]string{}, Asked(p.Profile)...)}
	if out.Aims, err = a.evaluate(); err != nil {
		return nil, err
	}
	trials, err := a.trials()
	if err != nil {
		return nil, err
	}
	trials = a.inScope(trials)
	out.Outage, out.DataLoss = longestOutage(trials).Worst, longestLoss(trials).Worst
	least := math.Inf(1)
	for i := range trials {
		o := trials[i].outcome
		if o.Room < least {
			least = o.Room
			out.In, out.Full = trials[i].x.String(), o.Full
		}
	}
	if least > 0 && !math.IsInf(least, 1) {
		users := float64(least * float64(p.Demand.Users))
		out.Buffer = &users
	}
	return out, nil
}

// Unmet is how many aims are not met, those that cannot be evaluated with them.
func (s *Summary) Unmet() int {
	n := 0
	for i := range s.Aims {
		if s.Aims[i].Verdict != Met {
			n++
		}
	}
	return n
}
