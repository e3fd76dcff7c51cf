package insight

import (
	"fmt"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
)

// reservable is what the same nodes would come to with those that always run
// reserved for a year: the question that follows every bill on demand.
func reservable(r *bill.Result) (bill.Fact, bool) {
	with, err := r.As("reserved-1y-none")
	if err != nil {
		return bill.Fact{}, false
	}
	total := r.Estimate.Total.Expected
	saved := total.Minus(with.Total.Expected)
	if saved.Cmp(money.Amount{}) <= 0 || total.IsZero() {
		if s := r.Plan.Profile.Running(); s < 1 {
			return bill.Fact{Label: "Bought", Text: fmt.Sprintf("on demand: it runs %.0f %% of the week, "+
				"and a reservation, which is paid all week, costs more", 100*float64(s))}, true
		}
		return bill.Fact{}, false
	}
	text := fmt.Sprintf("%s with the base reserved for a year (−%.1f %%), $0 upfront",
		amount(with.Total.Expected), 100*saved.Float64()/total.Float64())
	if len(with.Unpriced) > 0 {
		text += "; on demand, as the tables have no such price: " + strings.Join(with.Unpriced, ", ")
	}
	return bill.Fact{Label: "Reserved 1y", Text: text + "; --purchase optimal finds the best mix"}, true
}

// remarkContext is what the mix has to be seen beside: the plan that needs no
// commitment, and spot that nothing may use.
func remarkContext(r *bill.Result) {
	e := r.Estimate
	if od, ok := onDemandTotal(r); ok {
		saved := od.Minus(e.Total.Expected)
		text := "the cheapest plan on demand comes to " + amount(od)
		if x := od.Float64(); x > 0 {
			text += fmt.Sprintf("; this one to %s (%s)", amount(e.Total.Expected), signedPercent(-saved.Float64()/x))
		}
		e.Facts = append(e.Facts, bill.Fact{Label: "On demand", Text: text})
	}
	spot, may := false, false
	for _, c := range r.Plan.Choices {
		s := r.Plan.Profile.PurchaseOf(c.Component, r.Plan.Purchase)
		spot = spot || s.Option == purchase.Spot
		may = may || s.MayBeReclaimed()
	}
	if spot && !may {
		e.Facts = append(e.Facts, bill.Fact{Label: "Spot",
			Text: "none: no component is marked purchase: {interruptible: true}, so all stays on demand"})
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
func buyingFacts(b *bill.Buying) []bill.Fact {
	if b == nil {
		return nil
	}
	facts := []bill.Fact{{Label: "Bought", Text: boughtText(b)}}
	fact := func(label, text string) { facts = append(facts, bill.Fact{Label: label, Text: text}) }
	text := fmt.Sprintf("present value over %d months %s instead of %s", b.Horizon, amount(b.PV.Cents()),
		amount(b.PVOnDemand.Cents()))
	if !b.Residual.IsZero() {
		text += fmt.Sprintf("; %s for commitments beyond", amount(b.Residual.Cents()))
	}
	fact("Over time", text)
	if later, last := b.After(); later > 0 {
		fact("Later", fmt.Sprintf("%s more to be bought as demand grows, the last in %s; headroom explain lists them",
			bill.Counted(later, "node"), bill.Counted(last, "month")))
	}
	var falls []string
	for _, x := range b.AtRisk {
		if !x.Monthly.IsZero() {
			falls = append(falls, fmt.Sprintf("%s if demand falls %.0f %%", amount(x.Monthly.Cents()), 100*x.Fall))
		}
	}
	if len(falls) > 0 {
		fact("At risk", "commitments for nothing, a month: "+strings.Join(falls, ", "))
	}
	if b.Optimum != nil {
		fact("Optimum", fmt.Sprintf("the best mix would come to %s a month", amount(b.Optimum.Cents())))
	}
	for _, risk := range b.Risks {
		fact("Risk", risk)
	}
	switch n := len(b.Unpriced); n {
	case 0:
	case 1:
		fact("No price", "for "+b.Unpriced[0])
	default:
		fact("No price", fmt.Sprintf("for %d terms, such as %s", n, b.Unpriced[0]))
	}
	return facts
}

// boughtText is the first month of the mix in one line.
func boughtText(b *bill.Buying) string {
	saved := b.OnDemand.Minus(b.Effective)
	text := fmt.Sprintf("nodes %s instead of %s for the same on demand", amount(b.Effective.Cents()),
		amount(b.OnDemand.Cents()))
	if od := b.OnDemand.Float64(); od > 0 {
		text += " (" + signedPercent(-saved.Float64()/od) + ")"
	}
	text += fmt.Sprintf("; %s upfront", amount(b.Upfront.Cents()))
	if !b.Upfront.IsZero() && b.BreakEven > 0 {
		text += fmt.Sprintf(", even in month %d", b.BreakEven)
	}
	return text + fmt.Sprintf("; coverage %.0f %%, utilisation %.0f %%, %s uncovered",
		100*b.Coverage, 100*b.Utilisation, amount(b.Uncovered.Cents()))
}
