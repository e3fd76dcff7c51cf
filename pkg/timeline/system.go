package timeline

import (
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// bootKind is the kind of the disks from which nodes start: those of an event have some, too.
const bootKind = "boot"

// concerns tells the components of an event; without any named, all. Given machines stay as
// they are.
func concerns(e *workload.Event) func(*plan.Choice) bool {
	return func(c *plan.Choice) bool {
		return !c.Pinned && (len(e.Components) == 0 || slices.Contains(e.Components, c.Component.Name) ||
			c.Component.Kind == bootKind)
	}
}

// system puts together what was planned and billed.
func (w *walk) system(bills []bill.PeriodBill) *System {
	first, last := w.periods.List[0].Plan, bills[len(bills)-1].Estimate
	s := &System{Profile: last.Profile, Title: last.Title, Prices: last.Prices, Regions: last.Regions,
		Purchase: last.Purchase, Scope: last.Scope, Lead: int(min(first.Profile.Lead.V, first.Profile.Horizon.V)),
		Horizon: int(first.Profile.Horizon.V), Failure: w.failure, Inexact: w.periods.Inexact()}
	if !w.o.Anew {
		s.Leave = w.o.Leave
		if s.Leave == 0 {
			s.Leave = plan.WorthMoving
		}
	}
	seen := newWatch(w.o.Weekly)
	for n := range bills {
		p := w.period(n, &bills[n])
		p.Changes = seen.changes(n, &w.periods.List[n], bills[n].Estimate, w.stages(n))
		s.Periods, s.Total = append(s.Periods, p), s.Total.Plus(p.Sums)
	}
	return s
}

// period is the n-th period with its bill.
func (w *walk) period(n int, b *bill.PeriodBill) Period {
	e := b.Estimate
	p := Period{Number: n, Month: w.periods.List[n].Month, Growth: 1, Unpriced: len(e.Unpriced), Held: b.Held}
	if d := w.periods.List[n].Plan.Demand; d != nil {
		p.Growth, p.Users = d.Factor, float64(d.Users)
	}
	p.Phases = w.phases(n)
	p.Events = w.events[n]
	k := 0
	for i := range p.Events {
		if x := &p.Events[i]; x.Failure == "" {
			for _, l := range b.Surges[k].Lines {
				x.Cost = x.Cost.Plus(l.Cost.Expected)
			}
			x.Nodes, p.Rented = b.Surges[k].Nodes, p.Rented.Plus(x.Cost)
			k++
		}
	}
	p.components(b)
	p.cover(e, float64(w.periods.List[n].Plan.Profile.Running()), surged(b))
	p.Bill = e.Total.Expected
	for i := range b.Held {
		p.Fees, p.Upfront = p.Fees.Plus(b.Held[i].Fee), p.Upfront.Plus(b.Held[i].Upfront)
	}
	p.Cash = p.Bill.Minus(p.Fees).Plus(p.Upfront)
	return p
}

// phases are those that begin in the n-th period, with the stages.
func (w *walk) phases(n int) []string {
	out := w.stages(n)
	list := w.periods.List[n].Plan.Profile.Growth.Phases
	for i := range list {
		x := &list[i]
		if !w.o.Weekly && x.StartMonth() == n || w.o.Weekly && x.StartWeek() == n {
			out = append(out, phaseName(x))
		}
	}
	return out
}

// stages are the names of those that begin in the n-th period.
func (w *walk) stages(n int) []string {
	var out []string
	for i := range w.profile.Stages {
		x := &w.profile.Stages[i]
		if !w.o.Weekly && x.StartMonth() == n || w.o.Weekly && x.StartWeek() == n {
			out = append(out, x.Name)
		}
	}
	return out
}

// surged are the node-months on demand that events rent.
func surged(b *bill.PeriodBill) float64 {
	t := 0.0
	for i := range b.Surges {
		for k := range b.Surges[i].Lines {
			if l := &b.Surges[i].Lines[k]; l.IsNodes() {
				t += l.Quantity.Float64()
			}
		}
	}
	return t
}

// components divides the bill, without what events rent, among the components.
func (p *Period) components(b *bill.PeriodBill) {
	e := *b.Estimate
	e.Lines = without(e.Lines, b.Surges)
	for _, c := range bill.ComponentCosts(&e) {
		x := Component{Owner: c.Owner(), System: c.System, Cost: c.Total.Expected}
		if part, ok := e.Part(x.Owner); ok && !x.Adjustment && part.Machine != "" {
			x.Machine, x.Pools = part.Machine, part.Pools
			for _, pool := range part.Pools {
				p.NodesMin += pool.Min
				p.NodesMax += pool.Max
			}
		}
		for i := range b.Held {
			if h := &b.Held[i]; !x.Adjustment && h.Component == x.Name {
				x.Fees, x.Upfront = x.Fees.Plus(h.Fee), x.Upfront.Plus(h.Upfront)
			}
		}
		p.Components = append(p.Components, x)
	}
}

// without is a bill without the lines of surges, which stand together in it.
func without(lines []bill.Line, surges []bill.SurgeBill) []bill.Line {
	out := make([]bill.Line, 0, len(lines))
	var taken []*bill.Line
	for i := range surges {
		for k := range surges[i].Lines {
			taken = append(taken, &surges[i].Lines[k])
		}
	}
	for i := range lines {
		if !slices.Contains(taken, &lines[i]) {
			out = append(out, lines[i])
		}
	}
	return out
}

// cover works out which part of the node hours commitments cover.
func (p *Period) cover(e *bill.Estimate, running, surged float64) {
	const onDemand = "on-demand"
	if e.Purchase == onDemand {
		return
	}
	used, free := 0.0, -surged
	for i := range p.Held {
		used += p.Held[i].Used
	}
	for i := range e.Lines {
		if l := &e.Lines[i]; l.IsNodes() && l.Term == onDemand {
			free += l.Quantity.Float64()
		}
	}
	covered := 0.0
	if all := used + float64(max(free, 0)*running); all > 0 {
		covered = used / all
	}
	p.Coverage = &covered
}

// Idle is the number of committed nodes, in the mean of the period, that nobody needs.
func (p *Period) Idle() float64 {
	t := 0.0
	for i := range p.Held {
		t += float64(p.Held[i].Nodes) - p.Held[i].Used
	}
	return t
}
