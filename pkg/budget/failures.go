package budget

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// This file holds systems to limits of what happens when something of them fails.

// failures are the limits of a rule that are about failures.
func (r *Rule) failures() []limit {
	var out []limit
	if r.Aims != nil {
		out = append(out, limit{"aims", r.Aims.Pos, ofFailures(aimsMet)})
	}
	for _, x := range []struct {
		key   string
		given *strict.Value[unit.Duration]
		worst func(*resilience.Summary) *resilience.Worst
	}{
		{"outage", r.Outage, func(s *resilience.Summary) *resilience.Worst { return &s.Outage }},
		{"data_loss", r.DataLoss, func(s *resilience.Summary) *resilience.Worst { return &s.DataLoss }},
	} {
		if x.given != nil {
			most := float64(x.given.V)
			out = append(out, limit{x.key, x.given.Pos, ofFailures(func(s *resilience.Summary, _ *scope) judgement {
				return within(x.worst(s), most)
			})})
		}
	}
	if r.FailureBuffer != nil {
		least := float64(r.FailureBuffer.V)
		out = append(out, limit{"failure_buffer", r.FailureBuffer.Pos,
			ofFailures(func(s *resilience.Summary, x *scope) judgement { return buffer(s, x, least) })})
	}
	return out
}

// ofFailures judges what a system withstands. An estimate that does not say it is an error.
func ofFailures(judge func(*resilience.Summary, *scope) judgement) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) {
		s := x.systems[0].Estimate.Resilience
		if s == nil {
			return judgement{}, fmt.Errorf("%s does not say what it withstands: it has no workload, or was saved "+
				"without aims", x.name())
		}
		return judge(s, x), nil
	}
}

// aimsMet wants all aims to be met.
func aimsMet(s *resilience.Summary, _ *scope) judgement {
	n := len(s.Aims)
	var open []remark.Remark
	for i := range s.Aims {
		if s.Aims[i].Verdict != resilience.Met {
			open = append(open, s.Aims[i].Remark())
		}
	}
	return judgement{breached: len(open) > 0, allowed: decimal(float64(n)), actual: decimal(float64(n - len(open))),
		unit: "aims", found: []any{"actual", n - len(open), "allowed", n, "open", open}}
}

// within holds the longest of some times to the most that is allowed. What is not known in full
// breaches it, as nobody can say that it is kept; so does what ends only with a repair.
func within(w *resilience.Worst, most float64) judgement {
	j := judgement{breached: w.Got == nil || len(w.Missing) > 0 || *w.Got > most, allowed: decimal(most),
		unit: "s"}
	if w.Got != nil {
		j.actual = beside(*w.Got, most)
	}
	j.found = append([]any{"allowed", most}, w.Args()...)
	return j
}

// buffer wants that many users beyond the planned ones to be carried after any loss.
func buffer(s *resilience.Summary, x *scope, least float64) judgement {
	users := demandOf(x).Users
	j := judgement{breached: true, allowed: decimal(least), unit: "share of the users",
		found: []any{"allowed", least, "scenario", s.In, "component", s.Full}}
	if s.Buffer == nil || users <= 0 {
		return j
	}
	share := *s.Buffer/users - 1
	j.breached, j.actual = share < least-1e-9, beside(share, least)
	j.found = append(j.found, "actual", share)
	return j
}
