package insight

import (
	"slices"

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
// commitment.
func remarkContext(r *bill.Result) {
	e := r.Estimate
	if od, ok := onDemandTotal(r); ok {
		f := remark.New("fact.on_demand", "on_demand", od.Float64())
		if x := od.Float64(); x > 0 {
			f = f.With("total", e.Total.Expected.Float64(), "change", -od.Minus(e.Total.Expected).Float64()/x)
		}
		e.Facts = append(e.Facts, f)
	}
}

// onDemandTotal plans the same system with everything on demand.
func onDemandTotal(r *bill.Result) (money.Amount, bool) {
	if r.Plan.System == nil {
		return money.Amount{}, false
	}
	request := r.Request
	request.Purchase, request.Commit = onDemand, nil
	out, err := request.Total(r.Plan.Demand, r.Catalog)
	return out, err == nil
}

// buyingFacts are the closing lines about the mix.
func buyingFacts(b *bill.Buying) []remark.Remark {
	if b == nil {
		return nil
	}
	over := remark.New("fact.over_time", "months", b.Horizon, "pv", dollarsOf(b.PV),
		"pv_on_demand", dollarsOf(b.PVOnDemand))
	over = over.With("savings_rate", *b.SavingsRate)
	if b.Optimum == nil {
		over = bound(over, b)
	}
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
		facts = append(facts, bound(remark.New("fact.optimum", "monthly", dollarsOf(*b.Optimum)), b))
	}
	facts = append(facts, b.Risks...)
	facts = append(facts, b.NotTaken...)
	var terms []bill.UnpricedTerm
	for _, t := range b.Unpriced {
		if !slices.ContainsFunc(b.Plans, func(g bill.PlanGap) bool { return g.Has(t) }) {
			terms = append(terms, t)
		}
	}
	if n := len(terms); n > 0 {
		facts = append(facts, terms[0].Why.With("option", terms[0].Option, "terms", n))
	}
	return append(facts, plansUnpriced(b)...)
}

// bound says whether the best mix is the optimum, or of which components there may be
// a cheaper one, and by how much.
func bound(r remark.Remark, b *bill.Buying) remark.Remark {
	if len(b.Inexact) > 0 {
		return r.With("inexact", b.Inexact).With("excess", purchase.TestedExcess)
	}
	return r.With("exact", true)
}

// plansUnpriced says where savings plans have no price: kinds that lack it at the
// same places together.
func plansUnpriced(b *bill.Buying) []remark.Remark {
	var kinds []string
	places := map[string][]string{}
	for _, g := range b.Plans {
		if places[g.Kind] == nil {
			kinds = append(kinds, g.Kind)
		}
		place := g.Region
		if slices.ContainsFunc(b.Pools, func(p bill.PoolBuying) bool {
			return p.Region == g.Region && !slices.Contains(b.Plans, bill.PlanGap{Kind: g.Kind, Region: p.Region,
				Machine: p.Machine})
		}) {
			place += " " + g.Machine // others of the region have one
		}
		if !slices.Contains(places[g.Kind], place) {
			places[g.Kind] = append(places[g.Kind], place)
		}
	}
	var out []remark.Remark
	for i, kind := range kinds {
		same := []string{kind}
		for _, other := range kinds[i+1:] {
			if slices.Equal(places[other], places[kind]) {
				same = append(same, other)
			}
		}
		if slices.ContainsFunc(out, func(r remark.Remark) bool { return slices.Contains(r.List("kinds"), kind) }) {
			continue
		}
		out = append(out, remark.New("unpriced.plans", "kinds", same, "places", places[kind]))
	}
	return out
}

// bought is the first month of the mix.
func bought(b *bill.Buying) remark.Remark {
	f := remark.New("fact.bought", "effective", dollarsOf(b.Effective), "on_demand", dollarsOf(b.OnDemand))
	if od := b.OnDemand.Float64(); od > 0 {
		f = f.With("change", b.Effective.Minus(b.OnDemand).Float64()/od)
	}
	f = f.With("upfront", dollarsOf(b.Upfront))
	if !b.Upfront.IsZero() && b.BreakEven > 0 {
		f = f.With("break_even", b.BreakEven)
	}
	return f.With("coverage", b.Coverage, "coverage_in_dollars", *b.CoverageInDollars,
		"utilisation", b.Utilisation, "uncovered", dollarsOf(b.Uncovered))
}

// dollarsOf is an amount to the cent as a figure of a remark.
func dollarsOf(a money.Amount) float64 { return a.Cents().Float64() }
