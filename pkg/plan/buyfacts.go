package plan

import (
	"fmt"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/purchase"
)

// reservable is what the same nodes would come to with those that always run
// reserved for a year: the question that follows every bill on demand.
func (r *Result) reservable(e *Estimate, pr *pricer, o Options) (Fact, bool) {
	b := &buyer{r: r, pr: pr, mode: "reserved-1y-none", used: map[string]bool{}}
	with := Estimate{Regions: e.Regions}
	for i, c := range r.Choices {
		if c.Layout.Type == nil {
			continue
		}
		lines, err := b.lines(i, c, &e.Parts[i])
		if err != nil {
			return Fact{}, false
		}
		with.Lines = append(with.Lines, lines...)
	}
	for _, l := range e.Lines {
		if l.Category != "compute" && l.Term != AdjustmentTerm {
			with.Lines = append(with.Lines, l)
		}
	}
	if err := with.adjust(o.layers(r.Profile)); err != nil {
		return Fact{}, false
	}
	with.total()
	saved := e.Total.Expected.Minus(with.Total.Expected)
	if saved.Cmp(money.Amount{}) <= 0 || e.Total.Expected.IsZero() {
		if s := scheduled(r.Profile); s < 1 {
			return Fact{"Bought", fmt.Sprintf("on demand: it runs %.0f %% of the week, and a reservation, which is paid all week, costs more", 100*float64(s))}, true
		}
		return Fact{}, false
	}
	text := fmt.Sprintf("%s with the base reserved for a year (−%.1f %%), $0 upfront", grouped(with.Total.Expected), 100*saved.Float64()/e.Total.Expected.Float64())
	if len(b.unpriced) > 0 {
		text += "; on demand, as the tables have no such price: " + strings.Join(b.unpriced, ", ")
	}
	return Fact{"Reserved 1y", text + "; --purchase optimal finds the best mix"}, true
}

// buyingContext is what the mix has to be seen beside: the plan that needs no
// commitment, and spot that nothing may use.
func (r *Result) buyingContext(e *Estimate, o Options) {
	if r.onDemand != nil && r.System != nil {
		if od, err := r.onDemand(); err == nil {
			saved := od.Total.Expected.Minus(e.Total.Expected)
			text := "the cheapest plan on demand comes to " + grouped(od.Total.Expected)
			if x := od.Total.Expected.Float64(); x > 0 {
				text += fmt.Sprintf("; this one to %s (%s)", grouped(e.Total.Expected), signedPercent(-saved.Float64()/x))
			}
			e.Facts = append(e.Facts, Fact{"On demand", text})
		}
	}
	spot, may := false, false
	for _, c := range r.Choices {
		s := purchaseOf(r.Profile, c.Component, o.Purchase)
		spot = spot || s.Option == purchase.Spot
		may = may || interruptible(&s)
	}
	if spot && !may {
		e.Facts = append(e.Facts, Fact{"Spot", "none: no component is marked purchase: {interruptible: true}, so all stays on demand"})
	}
}

// counted is "1 month" or "2 months".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// signedPercent prints a change: "−12.3 %".
func signedPercent(x float64) string {
	return strings.Replace(fmt.Sprintf("%+.1f %%", 100*x), "-", "−", 1)
}

// grouped prints an amount with thousands separators.
func grouped(a money.Amount) string {
	whole, cents, _ := strings.Cut(a.String(), ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return "$" + whole + "." + cents
}

// buyingFacts are the closing lines about the mix.
func (e *Estimate) buyingFacts() {
	b := e.Buying
	if b == nil {
		return
	}
	saved := b.OnDemand.Minus(b.Effective)
	text := fmt.Sprintf("nodes %s instead of %s for the same on demand", grouped(b.Effective.Cents()), grouped(b.OnDemand.Cents()))
	if od := b.OnDemand.Float64(); od > 0 {
		text += " (" + signedPercent(-saved.Float64()/od) + ")"
	}
	text += fmt.Sprintf("; %s upfront", grouped(b.Upfront.Cents()))
	if !b.Upfront.IsZero() && b.BreakEven > 0 {
		text += fmt.Sprintf(", even in month %d", b.BreakEven)
	}
	text += fmt.Sprintf("; coverage %.0f %%, utilisation %.0f %%, %s uncovered", 100*b.Coverage, 100*b.Utilisation, grouped(b.Uncovered.Cents()))
	e.Facts = append(e.Facts, Fact{"Bought", text})
	text = fmt.Sprintf("present value over %d months %s instead of %s", b.Horizon, grouped(b.PV.Cents()), grouped(b.PVOnDemand.Cents()))
	if !b.Residual.IsZero() {
		text += fmt.Sprintf("; %s for commitments beyond", grouped(b.Residual.Cents()))
	}
	e.Facts = append(e.Facts, Fact{"Over time", text})
	if later, last := b.later(); later > 0 {
		e.Facts = append(e.Facts, Fact{"Later", fmt.Sprintf("%s more to be bought as demand grows, the last in %s; headroom explain lists them", counted(later, "node"), counted(last, "month"))})
	}
	var falls []string
	for _, x := range b.AtRisk {
		if !x.Monthly.IsZero() {
			falls = append(falls, fmt.Sprintf("%s if demand falls %.0f %%", grouped(x.Monthly.Cents()), 100*x.Fall))
		}
	}
	if len(falls) > 0 {
		e.Facts = append(e.Facts, Fact{"At risk", "commitments for nothing, a month: " + strings.Join(falls, ", ")})
	}
	if b.Optimum != nil {
		e.Facts = append(e.Facts, Fact{"Optimum", fmt.Sprintf("the best mix would come to %s a month", grouped(b.Optimum.Cents()))})
	}
	for _, r := range b.Risks {
		e.Facts = append(e.Facts, Fact{"Risk", r})
	}
	switch n := len(b.Unpriced); n {
	case 0:
	case 1:
		e.Facts = append(e.Facts, Fact{"No price", "for " + b.Unpriced[0]})
	default:
		e.Facts = append(e.Facts, Fact{"No price", fmt.Sprintf("for %d terms, such as %s", n, b.Unpriced[0])})
	}
}

// later counts what is bought after the first month, and says in which month
// the last of it is.
func (b *Buying) later() (nodes, month int) {
	for _, p := range b.Pools {
		for _, x := range p.Later {
			nodes += x.Nodes
			month = max(month, x.To)
		}
	}
	return nodes, month
}
