package plan

import (
	"cmp"
	"slices"
	"strings"
)

// pair is a line in both estimates, or in one of them.
type pair struct{ base, head *Line }

// pairLines finds for every line of one estimate the line of the other that
// takes its place. The order of the lines has no influence: equal lines are
// put aside first, the rest is sorted and paired by what it pays for.
func pairLines(base, head []Line) []pair {
	was, is := sortedLines(base), sortedLines(head)
	var out []pair
	taken := make([]bool, len(is))
	match := func(same func(a, b *Line) bool) {
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
	match(func(a, b *Line) bool { return compareLine(a, b) == 0 })
	match(func(a, b *Line) bool {
		return purpose(a, b) == 0 && a.Item == b.Item && a.Term == b.Term && a.Price.Equal(b.Price)
	})
	match(func(a, b *Line) bool { return purpose(a, b) == 0 && a.Item == b.Item && a.Term == b.Term })
	match(func(a, b *Line) bool { return isNodeLine(a) && isNodeLine(b) && purpose(a, b) == 0 && a.Term == b.Term })
	match(func(a, b *Line) bool { return isNodeLine(a) && isNodeLine(b) && purpose(a, b) == 0 })
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
func (p pair) any() *Line {
	if p.head != nil {
		return p.head
	}
	return p.base
}

// nodeUnit is the unit of lines that are nodes.
const nodeUnit = "node-month"

func isNodeLine(l *Line) bool { return l.Unit == nodeUnit }

// purpose compares what a line is for: where, for which component and role.
func purpose(a, b *Line) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Component, b.Component),
		strings.Compare(a.Category, b.Category), strings.Compare(a.Role, b.Role), strings.Compare(a.Unit, b.Unit))
}

// compareLine is a total order over all that counts as a difference: not the
// date, source and notes of a price that is the same.
func compareLine(a, b *Line) int {
	return cmp.Or(purpose(a, b), strings.Compare(a.Item, b.Item), strings.Compare(a.Term, b.Term),
		b.Price.Cmp(a.Price), a.Quantity.Cmp(b.Quantity), a.Min.Cmp(b.Min), a.Max.Cmp(b.Max),
		a.Cost.Expected.Cmp(b.Cost.Expected), a.Cost.Min.Cmp(b.Cost.Min), a.Cost.Max.Cmp(b.Cost.Max))
}

func sortedLines(lines []Line) []*Line {
	out := make([]*Line, len(lines))
	for i := range lines {
		out[i] = &lines[i]
	}
	slices.SortStableFunc(out, compareLine)
	return out
}

// compareLines lists the lines that differ.
func compareLines(base, head []Line) []LineChange {
	var out []LineChange
	for _, p := range pairLines(base, head) {
		one := p.any()
		c := LineChange{Change: Changed, Region: one.Region, Role: one.Role, Category: one.Category, Base: lineSide(p.base), Head: lineSide(p.head)}
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

func lineSide(l *Line) *LineSide {
	if l == nil {
		return nil
	}
	return &LineSide{Item: l.Item, Unit: l.Unit, Quantity: l.Quantity, Price: l.Price, Term: l.Term, Cost: l.Cost}
}
