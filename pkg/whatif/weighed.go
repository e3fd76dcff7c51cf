package whatif

import (
	"cmp"
	"math"
	"slices"
)

// This file searches for goals on the bill where machines are chosen by their running
// cost. The running cost goes one way with the load; the bill is what is left of it
// without the weights, and may turn anywhere. So every value is tried as in a scan,
// but for ranges that the running cost at their ends rules out.

// weightsMargin bounds the weights within a range: they are at most so many times
// those at its ends. It is engineering judgement: at a switch of machines the number
// of nodes seldom doubles, as each of them is weighed.
const weightsMargin = 2

// leafValues is the length of a range whose values are all planned.
const leafValues = 16

// scanWeighed is scan where ranges are ruled out by the running cost. ok is false
// where that turns, so that it rules out nothing.
func (v *solver) scanWeighed() (ok bool, err error) {
	v.sol.Method = Scan
	g := grid{scanDigits, v.whole()}
	lo, hi, err := v.scanned(g)
	if err != nil {
		return false, err
	}
	at, found, err := v.first(g, lo, hi)
	if err != nil {
		return false, err
	}
	if v.turns(); v.runningTurns() {
		return false, nil
	}
	if !found {
		v.nothing()
		return true, nil
	}
	before, end := at+1, hi
	if v.q.Smallest {
		before, end = at-1, lo
	}
	if at != end { // the value before it may be one that was ruled out
		if err := v.look([]float64{g.at(before)}); err != nil || v.met(g.at(before)) {
			return false, err
		}
	}
	v.result(g.at(at), at != end, g.at(before))
	return true, nil
}

// first finds the value nearest to the wanted end that meets the goal, of those
// numbered from lo to hi.
func (v *solver) first(g grid, lo, hi int64) (at int64, found bool, err error) {
	if err := v.look([]float64{g.at(lo), g.at(hi)}); err != nil {
		return 0, false, err
	}
	if v.ruledOut(g.at(lo), g.at(hi)) {
		v.sol.RuledOut += int(max(0, hi-lo-1))
		return 0, false, nil
	}
	if hi-lo < leafValues {
		return v.firstOf(g, lo, hi)
	}
	mid := lo + (hi-lo)/2
	halves := [][2]int64{{mid + 1, hi}, {lo, mid}}
	if v.q.Smallest {
		slices.Reverse(halves)
	}
	for _, h := range halves {
		if at, found, err = v.first(g, h[0], h[1]); found || err != nil {
			break
		}
	}
	return at, found, err
}

// firstOf plans all values of a range.
func (v *solver) firstOf(g grid, lo, hi int64) (at int64, found bool, err error) {
	var numbers []int64
	var xs []float64
	for i := lo; i <= hi; i++ {
		numbers, xs = append(numbers, i), append(xs, g.at(i))
	}
	if err := v.look(xs); err != nil {
		return 0, false, err
	}
	if !v.q.Smallest {
		slices.Reverse(numbers)
	}
	for _, i := range numbers {
		if v.met(g.at(i)) {
			return i, true, nil
		}
	}
	return 0, false, nil
}

// ruledOut tells whether no value from x to y can meet the goal, both of which were
// looked at: the running cost in between lies between those of the ends, and the
// bill between that and what the weights leave of it. Where nothing carries either
// end, nothing carries what is in between, unless something was seen to.
func (v *solver) ruledOut(x, y float64) bool {
	a, b := v.seen[x], v.seen[y]
	switch {
	case v.met(x) || v.met(y):
		return false
	case a.Plan == nil && b.Plan == nil:
		for z, r := range v.seen {
			if x < z && z < y && r.Plan != nil {
				return false
			}
		}
		return true
	case a.Plan == nil || b.Plan == nil:
		return false
	}
	if !v.g.AtMost {
		return math.Max(a.running(), b.running())*(1+turnsBy) < v.g.Bound
	}
	return math.Min(a.running(), b.running())-float64(weightsMargin*math.Max(a.weights, b.weights)) > v.g.Bound
}

// running is the running cost where the figure is the bill.
func (r *Reached) running() float64 { return r.number + r.weights }

// runningTurns tells whether the running cost both rises and falls over the values
// that were looked at.
func (v *solver) runningTurns() bool {
	type point struct{ x, running float64 }
	var list []point
	for x, r := range v.seen {
		if r.Plan != nil {
			list = append(list, point{x, r.running()})
		}
	}
	slices.SortFunc(list, func(a, b point) int { return cmp.Compare(a.x, b.x) })
	up, down := false, false
	for i := 1; i < len(list); i++ {
		a, b := list[i-1].running, list[i].running
		by := float64(turnsBy * math.Max(a, b))
		up, down = up || b > a+by, down || b < a-by
	}
	return up && down
}

// turnsBy is the part of the running cost below which a turn is none. Machines are
// ranked before discounts and before lines are rounded to cents, and bought for
// longer than the month whose bill this is.
const turnsBy = 1e-3
