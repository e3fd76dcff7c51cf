package compare

import (
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
)

// AttributeLines splits the difference of two estimates by their lines alone,
// as saved estimates without their profiles allow it: what is needed, which
// machines, how they are bought, and unit prices. Effects of the workload and
// of the model on what is needed cannot be told apart.
func AttributeLines(base, head *bill.Estimate) Attribution {
	causes := []string{CauseNeeds, CauseMachines, CausePurchase, CausePrices}
	w := lineSplit{base: base, head: head, prices: map[priceKey]money.Rate{}}
	for _, l := range base.Lines {
		w.prices[priceKey{l.Region, l.Name(), l.Term, l.Unit}] = l.Price
	}
	stages := make([]stage, len(causes)+1)
	for i := range stages {
		stages[i] = stage{}
	}
	for _, of := range owners(base, head) {
		was, is := base.LinesOf(of), head.LinesOf(of)
		for _, b := range w.bundles(of, &was, &is) {
			for i, cost := range b {
				stages[i][of] = stages[i][of].Plus(cost)
			}
		}
		for _, p := range pairLines(was, is) {
			// Each stage adds what one more cause did; a cause without effect
			// repeats the stage before it.
			for i, cost := range w.stages(p) {
				stages[i][of] = stages[i][of].Plus(cost)
			}
		}
	}
	shareBoot(stages, base, head)
	notes := []remark.Remark{remark.New("diff.needs_together")}
	if w.mixed {
		notes = append(notes, remark.New("diff.purchase_with_machines"))
	}
	if w.unknown {
		notes = append(notes, remark.New("diff.at_head_prices"))
	}
	return split{method: ByLines, base: base, head: head, causes: causes, stages: stages, notes: notes}.attribution()
}

// shareBoot gives every component its share of the boot volumes, which are billed together:
// at the ends as bill.ComponentCosts has it, in between as the head's nodes are.
func shareBoot(stages []stage, base, head *bill.Estimate) {
	shares := map[*bill.Estimate]stage{}
	for _, e := range []*bill.Estimate{base, head} {
		shares[e] = stage{}
		for _, c := range bill.ComponentCosts(e) {
			shares[e][c.Owner()] = c.Boot.Expected
		}
	}
	var rows, sharers []bill.Owner
	for _, of := range owners(base, head) {
		lines := append(base.LinesOf(of), head.LinesOf(of)...)
		if len(lines) > 0 && lines[0].IsBoot() {
			rows = append(rows, of)
		}
		sharers = append(sharers, of)
	}
	weights := make([]float64, len(sharers))
	for i, of := range sharers {
		weights[i] = shares[head][of].Float64()
	}
	for i, s := range stages {
		var all money.Amount
		for _, of := range rows {
			all = all.Plus(s[of])
			delete(s, of)
		}
		parts := all.Split(weights)
		for k, of := range sharers {
			switch i {
			case 0:
				s[of] = s[of].Plus(shares[base][of])
			case len(stages) - 1:
				s[of] = s[of].Plus(shares[head][of])
			default:
				s[of] = s[of].Plus(parts[k])
			}
		}
	}
}

type priceKey struct{ region, item, term, unit string }

type lineSplit struct {
	base, head *bill.Estimate
	prices     map[priceKey]money.Rate // unit prices of the base's bill
	unknown    bool
	mixed      bool
}

// stages are the costs of a pair: the base, with the head's needs, with its
// machines, with its purchase, and the head.
func (w *lineSplit) stages(p pair) [5]money.Amount {
	switch {
	case p.head == nil:
		return w.oneSided(p.base, p.base.Cost.Expected, money.Amount{}, money.Amount{})
	case p.base == nil:
		return w.oneSided(p.head, money.Amount{}, w.atBasePrice(p.head), p.head.Cost.Expected)
	}
	was, is := p.base, p.head
	before, after, old := was.Cost.Expected, is.Cost.Expected, w.atBasePrice(is)
	switch {
	case was.Term == bill.AdjustmentTerm:
		return [5]money.Amount{before, before, before, before, after}
	case was.Name() != is.Name():
		return [5]money.Amount{before, before, old, old, after}
	}
	needs := money.NewLine(is.Quantity, w.month(was)).Total
	return [5]money.Amount{before, needs, needs, needs, after}
}

// oneSided is a line that only one of the bills has: part of another storage
// layout, a discount or the like, or of what is needed.
func (w *lineSplit) oneSided(l *bill.Line, before, old, after money.Amount) [5]money.Amount {
	p, inBase := w.base.Part(l.For())
	q, inHead := w.head.Part(l.For())
	switch {
	case l.Term == bill.AdjustmentTerm:
		return [5]money.Amount{before, before, before, before, after}
	case inBase && inHead && p.Storage != q.Storage && l.Category == "storage":
		return [5]money.Amount{before, before, old, old, after}
	}
	return [5]money.Amount{before, old, old, old, after}
}

// bundles takes out of both lists the nodes of pools that are not bought in
// the same ways, and splits the cost of each such pool as a whole: by its mean
// number of nodes into what is needed, and the rest by what changed beside it.
func (w *lineSplit) bundles(of bill.Owner, base, head *[]bill.Line) [][5]money.Amount {
	var out [][5]money.Amount
	p, inBase := w.base.Part(of)
	q, inHead := w.head.Part(of)
	if !inBase || !inHead {
		return nil
	}
	for _, pool := range q.Pools {
		i := slices.IndexFunc(p.Pools, func(o bill.NodePool) bool { return poolOrder(o, pool) == 0 })
		was, otherBase := nodesOf(*base, pool)
		is, otherHead := nodesOf(*head, pool)
		if i < 0 || slices.Equal(terms(was), terms(is)) {
			continue
		}
		*base, *head = otherBase, otherHead
		before, after := bill.Sum(was).Expected, bill.Sum(is).Expected
		if p.MachineOf(&p.Pools[i]) != q.MachineOf(&pool) {
			w.mixed = true
			out = append(out, [5]money.Amount{before, before, after, after, after})
			continue
		}
		needs := before
		if mean := p.Pools[i].Mean; !mean.IsZero() {
			if ratio, err := money.Float(pool.Mean.Float64() / mean.Float64()); err == nil {
				needs = before.Times(ratio).Cents()
			}
		}
		out = append(out, [5]money.Amount{before, needs, needs, after, after})
	}
	return out
}

// nodesOf parts lines into those for the nodes of a pool and all others.
func nodesOf(lines []bill.Line, pool bill.NodePool) (nodes, others []bill.Line) {
	for _, l := range lines {
		if l.Category == "compute" && l.Region == pool.Region && l.Role == pool.Role {
			nodes = append(nodes, l)
		} else {
			others = append(others, l)
		}
	}
	return nodes, others
}

// terms are the ways in which lines are bought, each once.
func terms(lines []bill.Line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Term)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// month is the base's unit price for the head's hours a month.
func (w *lineSplit) month(l *bill.Line) money.Rate {
	if l.HourPrice != nil && l.IsNodes() && w.base.Hours.Cmp(w.head.Hours) != 0 {
		return l.HourPrice.PerMonth(w.head.Hours)
	}
	return l.Price
}

// atBasePrice is what a line of the head costs at the base's unit price, where
// its bill has one; the same tables need none.
func (w *lineSplit) atBasePrice(l *bill.Line) money.Amount {
	if w.base.Prices.Vintage == w.head.Prices.Vintage && w.base.Prices.Digest == w.head.Prices.Digest {
		return l.Cost.Expected
	}
	if r, ok := w.prices[priceKey{l.Region, l.Name(), l.Term, l.Unit}]; ok && w.base.Hours.Cmp(w.head.Hours) == 0 {
		return money.NewLine(l.Quantity, r).Total
	}
	w.unknown = true
	return l.Cost.Expected
}
