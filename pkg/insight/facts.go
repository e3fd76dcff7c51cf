package insight

import (
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// inCurrency is the total in the profile's other currency.
func inCurrency(c *workload.Currency, e *bill.Estimate) remark.Remark {
	decimals := money.CurrencyDecimals(c.Code)
	total := c.Rate.V.Times(money.QuantityOf(e.Total.Expected)).Round(decimals)
	return remark.New("fact.currency", "code", c.Code, "total", total.Float64(), "decimals", decimals,
		"rate", c.Rate.V.Float64(),
		"source", c.Source)
}

// pricesUsed names the tables that were used.
func pricesUsed(e *bill.Estimate) remark.Remark {
	f := remark.New("fact.prices", "vintage", e.Prices.Vintage)
	if e.Prices.OldestUsed != "" {
		f = f.With("oldest_used", e.Prices.OldestUsed)
	}
	f = f.With("single_source", e.Prices.SingleSource, "missing", len(e.Unpriced))
	if n := e.Prices.ByHand; n > 0 {
		f = f.With("by_hand", n)
	}
	if len(e.Prices.Overlays) > 0 {
		f = f.With("overlays", e.Prices.Overlays)
	}
	return f
}

// pricedZero names what is in the bill at a price of 0: a slip in an overlay or in
// rates would else only be seen by who adds up the lines. What is free up to a
// quantity is not meant, only what costs nothing however much of it there is.
func pricedZero(r *bill.Result) (remark.Remark, bool) {
	var items []string
	for _, l := range r.Estimate.Lines {
		if !l.Price.IsZero() || l.Max.IsZero() || l.Term == bill.AdjustmentTerm || saysSo(&l) || hasDearerTier(r, &l) {
			continue
		}
		if name := l.Region + " " + l.Item; !slices.Contains(items, name) {
			items = append(items, name)
		}
	}
	return remark.New("fact.priced_zero", "items", items), len(items) > 0
}

// saysSo tells whether the profile says of what a line bills that it costs nothing: that a
// site includes it, or that a machine of one's own is paid for.
func saysSo(l *bill.Line) bool {
	return l.Service == market.OwnService || !l.IsNodes() && l.AsOf == ""
}

// hasDearerTier tells whether more of what a line bills would cost something.
func hasDearerTier(r *bill.Result, l *bill.Line) bool {
	for _, reg := range r.Plan.Tables.Regions {
		if reg.Name() != l.Region {
			continue
		}
		m, _ := catalog.MeterOf(l.Service, l.Item)
		tiers, _ := reg.Usage(m)
		return slices.ContainsFunc(tiers, func(t catalog.TierPrice) bool { return !t.Price.Rate.IsZero() })
	}
	return false
}

// excluded is what the total does not contain.
func excluded(p *plan.Plan, e *bill.Estimate) []remark.Remark {
	var out []remark.Remark
	if e.Scope == "compute" {
		out = append(out, remark.New("excluded.all_but_compute"))
	}
	if len(p.Profile.Environments) > 0 {
		out = append(out, remark.New("excluded.environments", "names", p.Profile.Environments.Keys()))
	}
	if len(p.Profile.Growth.Events) > 0 && p.System != nil {
		out = append(out, remark.New("excluded.events"))
	}
	var layers []string
	for _, kind := range []string{"tax", "credit", "discount"} {
		has := func(l bill.Line) bool { return l.Term == bill.AdjustmentTerm && l.Item == kind }
		if !slices.ContainsFunc(e.Lines, has) {
			layers = append(layers, kind)
		}
	}
	if !sharesBill(p, e) {
		layers = append(layers, "support")
	}
	if len(layers) > 0 {
		out = append(out, remark.New("excluded.layers", "layers", layers))
	}
	return out
}

// sharesBill tells whether the total contains a part of itself, as support plans ask.
func sharesBill(p *plan.Plan, e *bill.Estimate) bool {
	return e.Scope != "compute" && slices.ContainsFunc(p.Choices, func(c *plan.Choice) bool {
		return slices.ContainsFunc(c.Layout.Stated, func(s sizing.Stated) bool { return s.Share != nil })
	})
}

// leadsOn is the component to look at first: the one that gives way first as users come,
// else the one whose nodes cost most; "" without nodes.
func leadsOn(r *bill.Result) string {
	if h := r.Estimate.Headroom; h != nil && h.Component != "" {
		return h.Component
	}
	name, most := "", money.Amount{}
	for _, c := range bill.ComponentCosts(r.Estimate) {
		if nodes := c.Nodes.Expected; name == "" && !nodes.IsZero() || nodes.Cmp(most) > 0 {
			name, most = c.Component, nodes
		}
	}
	return name
}

// next is the command that leads on from the estimate.
func next(r *bill.Result) remark.Remark {
	p := r.Plan
	name := p.Profile.Ref
	if name == "" {
		name = p.Profile.Name
	}
	if p.Profile.Printed != nil {
		return remark.New("fact.next", "command", "reconcile", "profile", name)
	}
	f := remark.New("fact.next", "command", "explain", "profile", name)
	if name := leadsOn(r); name != "" {
		f = f.With("component", name)
	}
	if env := r.Request.Environment; env != "" && env != workload.Production {
		f = f.With("environment", env)
	}
	return f
}
