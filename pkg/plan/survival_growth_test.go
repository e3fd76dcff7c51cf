package plan

import "math"

// grow finds how demand grows until the lead month and the horizon (MODEL section 1).
func (a *auditor) grow() {
	d := a.r.Demand
	a.now = a.grown(d.Month)
	if d.Situation.Week != nil { // phases begin with weeks, growth with months
		a.now = math.Pow(1+float64(a.p.Growth.Monthly.V), float64(d.Month))
		for i := range a.p.Growth.Phases {
			if ph := &a.p.Growth.Phases[i]; *d.Situation.Week >= ph.StartWeek() {
				a.now *= float64(ph.Multiplier.V)
			}
		}
	}
	greatest := func(from, to int) float64 {
		top := 1.0
		for m := from; m <= to; m++ {
			top = math.Max(top, a.grown(m)/a.now)
		}
		return top
	}
	a.most = greatest(d.Month, a.leadMonth())
	a.growth = math.Max(a.most, greatest(0, max(int(a.p.Horizon.V), d.Month)))
}

// leadMonth is the last month for which stores are sized.
func (a *auditor) leadMonth() int { return a.r.Demand.Month + int(min(a.p.Lead.V, a.p.Horizon.V)) }

// grown is the demand in a month as a multiple of what the profile states.
func (a *auditor) grown(month int) float64 {
	f := math.Pow(1+float64(a.p.Growth.Monthly.V), float64(month))
	for i := range a.p.Growth.Phases {
		if ph := &a.p.Growth.Phases[i]; month >= ph.StartMonth() {
			f *= float64(ph.Multiplier.V)
		}
	}
	return f
}
