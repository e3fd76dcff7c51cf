package timeline

import (
	"context"
	"errors"

	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// Together is what a system costs over all periods with the environments beside it.
type Together struct {
	Systems []EnvironmentSums `json:"systems"` // production first, then in the order of the profile
	Total   Sums              `json:"total"`   // exact: the sum of the systems
	// NotCounted are environments that have no plan for some period.
	NotCounted []string `json:"not_counted,omitempty"`
}

// EnvironmentSums are what one of them costs over all periods.
type EnvironmentSums struct {
	Environment string `json:"environment"` // production, dev, …
	Total       Sums   `json:"total"`
	AtLeast     bool   `json:"at_least,omitempty"` // something in it has no price
}

// beside sums up the only system with the environments beside it; not where the time ended
// before all were planned.
func (t *Timeline) beside(ctx context.Context, p *workload.Profile, o *Options) error {
	if len(o.Beside) == 0 || len(t.Systems) != 1 || t.Systems[0].Failure != "" {
		return nil
	}
	all := &Together{}
	all.add(workload.Production, &t.Systems[0])
	for i, r := range o.Beside {
		one := *o
		if o.Progress != nil {
			one.Progress = func(done, of int) { o.Progress((i+1)*of+done, (len(o.Beside)+1)*of) }
		}
		x, err := run(ctx, p, r, &one)
		var none *plan.Infeasible
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &none) || err == nil && x.Failure != "":
			all.NotCounted = append(all.NotCounted, r.Environment)
		case err != nil:
			return err
		default:
			all.add(r.Environment, x)
		}
	}
	t.Together = all
	return nil
}

func (t *Together) add(environment string, s *System) {
	t.Systems = append(t.Systems, EnvironmentSums{environment, s.Total, s.Unpriced() > 0})
	t.Total = t.Total.Plus(s.Total)
}

// Unpriced is how many needs of all periods have no price.
func (s *System) Unpriced() int {
	n := 0
	for i := range s.Periods {
		n += s.Periods[i].Unpriced
	}
	return n
}
