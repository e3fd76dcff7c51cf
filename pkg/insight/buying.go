package insight

import (
	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/remark"
)

// reservable is what the same nodes would come to with those that always run
// reserved for a year: the question that follows every bill on demand.
func reservable(r *bill.Result) (remark.Remark, bool) {
	const option = "reserved-1y-none"
	with, err := r.As(option)
	if err != nil {
		return remark.Remark{}, false
	}
	total := r.Estimate.Total.Expected
	saved := total.Minus(with.Total.Expected)
	if saved.Cmp(money.Amount{}) <= 0 || total.IsZero() {
		if s := r.Plan.Profile.Running(); s < 1 {
			return remark.New("fact.no_reservation", "running", s), true
		}
		return remark.Remark{}, false
	}
	f := remark.New("fact.reservable", "option", option, "total", with.Total.Expected.Float64(),
		"saved", saved.Float64()/total.Float64())
	if len(with.Unpriced) > 0 {
		f = f.With("unpriced", with.Unpriced)
	}
	return f, true
}

// remarkContext is what the mix has to be seen beside: the plan that needs no
// commitment, and spot that nothing may use.
func remarkContext(r *bill.Result) {
	e := r.Estimate
	if od, ok := onDemandTotal(r); ok {
		f := remark.New("fact.on_demand", "on_demand", od.Float64())
		if x := od.Float64(); x > 0 {
			f = f.With("total", e.Total.Expected.Float64(), "change", -od.Minus(e.Total.Expected).Float64()/x)
		}
		e.Facts = append(e.Facts, f)
	}
	spot, may := false, false
	for _, c := range r.Plan.Choices {
		s := r.Plan.Profile.PurchaseOf(c.Component, r.Plan.Purchase)
		spot = spot || s.Option == purchase.Spot
		may = may || s.MayBeReclaimed()
	}
	if spot && !may {
		e.Facts = append(e.Facts, remark.New("fact.no_spot"))
	}
}

// onDemandTotal plans the same system with everything on demand.
func onDemandTotal(r *bill.Result) (money.Amount, bool) {
	if r.Plan.System == nil {
		return money.Amount{}, false
	}
	request := r.Request
	request.Purchase, request.Commit = "on-demand", nil
	out, err := request.Again(r.Plan.Demand, r.Catalog)
	if err != nil {
		return money.Amount{}, false
	}
	return out.Estimate.Total.Expected, true
}

// buyingFacts are the closing lines about the mix.
func buyingFacts(b *bill.Buying) []remark.Remark {
	if b == nil {
		return nil
	}
	over := remark.New("fact.over_time", "months", b.Horizon, "pv", dollarsOf(b.PV),
		"pv_on_demand", dollarsOf(b.PVOnDemand))
	if !b.Residual.IsZero() {
		over = over.With("residual", dollarsOf(b.Residual))
	}
	facts := []remark.Remark{bought(b), over}
	if later, last := b.After(); later > 0 {
		facts = append(facts, remark.New("fact.later", "nodes", later, "last_month", last))
	}
	var falls, monthly []float64
	for _, x := range b.AtRisk {
		if !x.Monthly.IsZero() {
			falls, monthly = append(falls, x.Fall), append(monthly, dollarsOf(x.Monthly))
		}
	}
	if len(falls) > 0 {
		facts = append(facts, remark.New("fact.at_risk", "falls", falls, "monthly", monthly))
	}
	if b.Optimum != nil {
		facts = append(facts, remark.New("fact.optimum", "monthly", dollarsOf(*b.Optimum)))
	}
	facts = append(facts, b.Risks...)
	if n := len(b.Unpriced); n > 0 {
		facts = append(facts, b.Unpriced[0].Why.With("option", b.Unpriced[0].Option, "terms", n))
	}
	return facts
}

// bought is the first month of the mix.
func bought(b *bill.Buying) remark.Remark {
	f := remark.New("fact.bought", "effective", dollarsOf(b.Effective), "on_demand", dollarsOf(b.OnDemand))
	if od := b.OnDemand.Float64(); od > 0 {
		f = f.With("change", -b.OnDemand.Minus(b.Effective).Float64()/od)
	}
	f = f.With("upfront", dollarsOf(b.Upfront))
	if !b.Upfront.IsZero() && b.BreakEven > 0 {
		f = f.With("break_even", b.BreakEven)
	}
	return f.With("coverage", b.Coverage, "utilisation", b.Utilisation, "uncovered", dollarsOf(b.Uncovered))
}

// dollarsOf is an amount to the cent as a figure of a remark.
func dollarsOf(a money.Amount) float64 { return a.Cents().Float64() }
