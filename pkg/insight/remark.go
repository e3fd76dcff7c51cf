package insight

import (
	"headroom/pkg/bill"
	"headroom/pkg/remark"
)

// Remark fills in what is to be said beside the bill: the closing lines, the
// headroom, what is assumed, quotas and what is left out. It fails where the tables
// of limits are damaged.
func Remark(r *bill.Result) (err error) {
	e := r.Estimate
	if e.Quotas, err = r.Quotas(); err != nil {
		return err
	}
	if r.Plan.System != nil {
		remarkDemand(r)
	}
	if e.Together = r.Together(); e.Together != nil {
		e.Facts = append(e.Facts, TogetherFact(e.Together))
	}
	e.Facts = append(e.Facts, hostFacts(r.ShortHosts())...)
	e.Facts = append(e.Facts, KeptFacts(r)...)
	e.Facts = append(e.Facts, buyingFacts(e.Buying)...)
	if e.Buying != nil {
		remarkContext(r)
	} else if f, ok := reservable(r); ok {
		e.Facts = append(e.Facts, f)
	}
	e.Facts = append(e.Facts, quotaFacts(e.Quotas)...)
	if c := r.Plan.Profile.Currency; c != nil {
		e.Facts = append(e.Facts, inCurrency(c, e))
	}
	if r.Plan.Profile.Aims.Any() {
		if err := Withstand(r); err != nil {
			return err
		}
		e.Facts = append(e.Facts, aimsFacts(e.Resilience)...)
	}
	e.Excluded = append(e.Excluded, excluded(r.Plan, e)...)
	if f, ok := pricedZero(r); ok {
		e.Facts = append(e.Facts, f)
	}
	e.Facts = append(e.Facts, pricesUsed(e), next(r))
	return nil
}

// remarkDemand is what is to be said of a system that was sized from a workload.
func remarkDemand(r *bill.Result) {
	p, e := r.Plan, r.Estimate
	fact := func(f remark.Remark) { e.Facts = append(e.Facts, f) }
	inputs := p.Profile.Inputs()
	e.Assumed, e.Inputs = assumed(inputs)
	if f, ok := unitCost(r); ok {
		fact(f)
	}
	if h, ok := findRoom(p); ok {
		e.Headroom = h.export(float64(p.Demand.Users))
		fact(h.fact(e.Headroom))
	}
	if d := p.Demand; d.LeadMonth > d.Month || d.Growth > 1 {
		fact(remark.New("fact.months", "now", d.Month, "lead", d.LeadMonth, "grown", d.Lead,
			"horizon", int(d.Months), "horizon_grown", d.Growth))
	}
	for _, f := range slowPeaks(p.Demand) {
		fact(f)
	}
	for i := range p.Demand.Regions {
		fact(lost(p, i))
	}
	fact(mostAssumed(r, inputs))
	if !p.System.NetworkKnown {
		fact(remark.New("fact.network_unchecked"))
	}
}
