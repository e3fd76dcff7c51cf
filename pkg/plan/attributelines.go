package plan

import (
	"headroom/pkg/money"
)

// AttributeLines splits the difference of two estimates by their lines alone,
// as saved estimates without their profiles allow it: what is needed, which
// machines, how they are bought, and unit prices. Effects of the workload and
// of the model on what is needed cannot be told apart.
func AttributeLines(base, head *Estimate) Attribution {
	causes := []string{CauseNeeds, CauseMachines, CausePurchase, CausePrices}
	w := lineSplit{base: base, head: head, prices: map[priceKey]money.Rate{}}
	for _, l := range base.Lines {
		w.prices[priceKey{l.Region, l.Item, l.Term, l.Unit}] = l.Price
	}
	stages := make([]stage, len(causes)+1)
	for i := range stages {
		stages[i] = stage{}
	}
	for _, name := range componentNames(base, head) {
		for _, p := range pairLines(base.linesOf(name), head.linesOf(name)) {
			// Each stage adds what one more cause did; a cause without effect
			// repeats the stage before it.
			for i, cost := range w.stages(p) {
				stages[i][name] = stages[i][name].Plus(cost)
			}
		}
	}
	notes := []string{"without the two profiles, effects of the workload and of the model cannot be told apart"}
	if w.unknown {
		notes = append(notes, "what the base's bill does not price is counted at the head's prices")
	}
	return attribution(ByLines, base, head, causes, stages, notes)
}

type priceKey struct{ region, item, term, unit string }

type lineSplit struct {
	base, head *Estimate
	prices     map[priceKey]money.Rate // unit prices of the base's bill
	unknown    bool
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
	case was.Item != is.Item:
		return [5]money.Amount{before, before, old, old, after}
	case was.Term != is.Term:
		needs := money.NewLine(is.Quantity, w.month(was)).Total
		return [5]money.Amount{before, needs, needs, old, after}
	}
	needs := money.NewLine(is.Quantity, w.month(was)).Total
	return [5]money.Amount{before, needs, needs, needs, after}
}

// oneSided is a line that only one of the bills has: part of another storage
// layout, of another purchase, or of what is needed.
func (w *lineSplit) oneSided(l *Line, before, old, after money.Amount) [5]money.Amount {
	p, inBase := w.base.find(l.Component)
	q, inHead := w.head.find(l.Component)
	switch {
	case inBase && inHead && p.Storage != q.Storage && l.Category == "storage":
		return [5]money.Amount{before, before, old, old, after}
	case inBase && inHead && isNodeLine(l) && w.otherTerm(l):
		return [5]money.Amount{before, before, before, old, after}
	}
	return [5]money.Amount{before, old, old, old, after}
}

// otherTerm tells whether both bills have the line's machine for the same
// purpose, bought in some other way.
func (w *lineSplit) otherTerm(l *Line) bool {
	has := func(e *Estimate) bool {
		for i := range e.Lines {
			if o := &e.Lines[i]; purpose(o, l) == 0 && o.Item == l.Item {
				return true
			}
		}
		return false
	}
	return has(w.base) && has(w.head)
}

// month is the base's unit price for the head's hours a month.
func (w *lineSplit) month(l *Line) money.Rate {
	if l.HourPrice != nil && isNodeLine(l) && w.base.Hours.Cmp(w.head.Hours) != 0 {
		return l.HourPrice.PerMonth(w.head.Hours)
	}
	return l.Price
}

// atBasePrice is what a line of the head costs at the base's unit price, where
// its bill has one; the same tables need none.
func (w *lineSplit) atBasePrice(l *Line) money.Amount {
	if w.base.Prices.Vintage == w.head.Prices.Vintage && w.base.Prices.Digest == w.head.Prices.Digest {
		return l.Cost.Expected
	}
	if r, ok := w.prices[priceKey{l.Region, l.Item, l.Term, l.Unit}]; ok && w.base.Hours.Cmp(w.head.Hours) == 0 {
		return money.NewLine(l.Quantity, r).Total
	}
	w.unknown = true
	return l.Cost.Expected
}
