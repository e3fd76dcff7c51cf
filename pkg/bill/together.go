package bill

import (
	"headroom/pkg/money"
)

// Together is what production and all environments of a profile cost a month: each is a
// system with an estimate of its own, which is planned for that.
type Together struct {
	Systems []EnvironmentCost `json:"systems"` // production first, then in the order of the profile
	Total   Cost              `json:"total"`   // exact: the sum of the systems
	// NotCounted are environments that cannot be planned.
	NotCounted []string `json:"not_counted,omitempty"`
}

// EnvironmentCost is the total of one of them.
type EnvironmentCost struct {
	Environment string `json:"environment"` // production, dev, …
	Cost        Cost   `json:"cost"`
	// AtLeast says that something in it has no price.
	AtLeast bool `json:"at_least,omitempty"`
}

// Together is the cost of all environments; nil where the profile has none but production.
func (r *Result) Together() *Together {
	if r.whole == nil || len(r.whole.Environments) == 0 {
		return nil
	}
	all, failed := r.together()
	t := &Together{NotCounted: failed}
	for _, x := range all {
		e := x.Estimate
		t.Systems = append(t.Systems, EnvironmentCost{x.environment(), e.Total, len(e.Unpriced) > 0})
		t.Total = t.Total.Plus(e.Total)
	}
	return t
}

// Lacks tells whether something that belongs to it is not in the total.
func (t *Together) Lacks() bool {
	for _, s := range t.Systems {
		if s.AtLeast {
			return true
		}
	}
	return len(t.NotCounted) > 0
}

// Names are the environments, and Expected what each costs.
func (t *Together) Names() (names []string, expected []money.Amount) {
	for _, s := range t.Systems {
		names, expected = append(names, s.Environment), append(expected, s.Cost.Expected)
	}
	return names, expected
}
