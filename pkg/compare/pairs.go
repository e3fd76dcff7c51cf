package compare

import (
	"cmp"
	"slices"
	"strings"

	"headroom/pkg/bill"
)

// pair is a line in both estimates, or in one of them.
type pair struct{ base, head *bill.Line }

// pairLines finds for every line of one estimate the line of the other that
// takes its place. The order of the lines has no influence: equal lines are
// put aside first, the rest is sorted and paired by what it pays for.
func pairLines(base, head []bill.Line) []pair {
	was, is := sortedLines(base), sortedLines(head)
	var out []pair
	taken := make([]bool, len(is))
	match := func(same func(a, b *bill.Line) bool) {
		for i := range was {
			if was[i] == nil {
				continue
			}
			for j := range is {
				if !taken[j] && same(was[i], is[j]) {
					out = append(out, pair{was[i], is[j]})
					was[i], taken[j] = nil, true
					break
				}
			}
		}
	}
	match(func(a, b *bill.Line) bool { return compareLine(a, b) == 0 })
	match(func(a, b *bill.Line) bool {
		return bill.ComparePurpose(a, b) == 0 && a.Name() == b.Name() && a.Term == b.Term && a.Price.Equal(b.Price)
	})
	match(func(a, b *bill.Line) bool {
		return bill.ComparePurpose(a, b) == 0 && a.Name() == b.Name() && a.Term == b.Term
	})
	match(func(a, b *bill.Line) bool {
		return a.IsNodes() && b.IsNodes() && bill.ComparePurpose(a, b) == 0 && a.Term == b.Term
	})
	match(func(a, b *bill.Line) bool { return a.IsNodes() && b.IsNodes() && bill.ComparePurpose(a, b) == 0 })
	for i := range was {
		if was[i] != nil {
			out = append(out, pair{base: was[i]})
		}
	}
	for j := range is {
		if !taken[j] {
			out = append(out, pair{head: is[j]})
		}
	}
	slices.SortStableFunc(out, func(a, b pair) int { return compareLine(a.any(), b.any()) })
	return out
}

// any is the head's line, or the base's where the head has none.
func (p pair) any() *bill.Line {
	if p.head != nil {
		return p.head
	}
	return p.base
}

// compareLine is a total order over all that counts as a difference: not the
// date, source and notes of a price that is the same.
func compareLine(a, b *bill.Line) int {
	return cmp.Or(bill.ComparePurpose(a, b), strings.Compare(a.Name(), b.Name()), strings.Compare(a.Term, b.Term),
		b.Price.Cmp(a.Price), a.Quantity.Cmp(b.Quantity), a.Min.Cmp(b.Min), a.Max.Cmp(b.Max),
		a.Cost.Expected.Cmp(b.Cost.Expected), a.Cost.Min.Cmp(b.Cost.Min), a.Cost.Max.Cmp(b.Cost.Max))
}

func sortedLines(lines []bill.Line) []*bill.Line {
	out := make([]*bill.Line, len(lines))
	for i := range lines {
		out[i] = &lines[i]
	}
	slices.SortStableFunc(out, compareLine)
	return out
}

// compareLines lists the lines that differ.
func compareLines(base, head []bill.Line) []LineChange {
	var out []LineChange
	for _, p := range pairLines(base, head) {
		one := p.any()
		c := LineChange{Change: Changed, Region: one.Region, Role: one.Role, Category: one.Category,
			Base: lineSide(p.base), Head: lineSide(p.head)}
		switch {
		case p.base == nil:
			c.Change = Added
		case p.head == nil:
			c.Change = Removed
		case compareLine(p.base, p.head) == 0:
			continue
		}
		out = append(out, c)
	}
	return out
}

func lineSide(l *bill.Line) *LineSide {
	if l == nil {
		return nil
	}
	return &LineSide{Item: l.Name(), Unit: l.Unit, Quantity: l.Quantity, Price: l.Price, Term: l.Term, Cost: l.Cost}
}
