package insight

import "headroom/pkg/bill"

// Remark fills in what is to be said beside the bill: the closing lines, the
// headroom, what is assumed and what is left out.
func Remark(r *bill.Result) {
	e := r.Estimate
	if r.Plan.System != nil {
		remarkDemand(r)
	}
	e.Facts = append(e.Facts, buyingFacts(e.Buying)...)
	if e.Buying != nil {
		remarkContext(r)
	} else if f, ok := reservable(r); ok {
		e.Facts = append(e.Facts, f)
	}
	if c := r.Plan.Profile.Currency; c != nil {
		e.Facts = append(e.Facts, inCurrency(c, e))
	}
	e.Excluded = append(e.Excluded, excluded(r.Plan, e)...)
	e.Facts = append(e.Facts, bill.Fact{Label: "Prices", Text: pricesText(e)},
		bill.Fact{Label: "Next", Text: next(r.Plan)})
}

// remarkDemand is what is to be said of a system that was sized from a workload.
func remarkDemand(r *bill.Result) {
	p, e := r.Plan, r.Estimate
	fact := func(label, text string) { e.Facts = append(e.Facts, bill.Fact{Label: label, Text: text}) }
	inputs := p.Profile.Inputs()
	e.Assumed, e.Inputs = assumed(inputs)
	if text, ok := unitCost(r); ok {
		fact("Unit cost", text)
	}
	if h, ok := findRoom(p); ok {
		e.Headroom = h.export(float64(p.Demand.Users))
		fact("Headroom", h.text(float64(p.Demand.Users)))
	}
	for i := range p.Demand.Regions {
		fact(p.Demand.Regions[i].Name+" lost", lost(p, i))
	}
	fact("Assumed", assumedText(r, inputs))
	for _, c := range p.Choices {
		for _, w := range c.Layout.Warnings {
			fact("Warning", c.Component.Name+": "+w)
		}
	}
	if !p.System.NetworkKnown {
		fact("Not checked", "network: the hardware tables have no baseline for most types of this vintage")
	}
}
