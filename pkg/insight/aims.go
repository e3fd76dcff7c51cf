package insight

import (
	"headroom/pkg/bill"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
)

// Withstand fills in what the system of an estimate withstands, where that is not done. Of
// machines that are given without a workload nothing is said.
func Withstand(r *bill.Result) error {
	if r.Estimate.Resilience != nil {
		return nil
	}
	facts, err := r.Plan.Tables.Vintage.Catalog().Facts()
	if err != nil {
		return err
	}
	r.Estimate.Resilience, err = resilience.Summarize(r.Plan, facts)
	return err
}

// aimsFacts say how many aims are met, and the first that is missed, or else the first that
// lacks an input.
func aimsFacts(s *resilience.Summary) []remark.Remark {
	if s == nil || len(s.Aims) == 0 {
		return nil
	}
	f := remark.New("fact.aims", "met", len(s.Aims)-s.Unmet(), "of", len(s.Aims))
	for _, v := range [...]resilience.Verdict{resilience.Missed, resilience.NotEvaluated} {
		for i := range s.Aims {
			if a := &s.Aims[i]; a.Verdict == v {
				return []remark.Remark{f.With("first", []remark.Remark{a.Remark()})}
			}
		}
	}
	return []remark.Remark{f}
}

// Failing adds to an explanation how figures of an assessment of the same plan came about: of
// the named scenarios, and of all that is of none. Of a component alone it adds what is about
// that.
func (x *Explanation) Failing(r *bill.Result, a *resilience.Assessment, scenarios []string) error {
	facts, err := r.Plan.Tables.Vintage.Catalog().Facts()
	if err != nil {
		return err
	}
	steps, err := a.Derive(r.Plan, facts, r.Estimate.Total.Expected, scenarios)
	if err != nil {
		return err
	}
	for i := range steps {
		if len(x.Components) == len(r.Plan.Choices) || steps[i].Component == x.Components[0].Part.Name {
			x.Failures = append(x.Failures, steps[i])
		}
	}
	return nil
}
