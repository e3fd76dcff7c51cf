package whatif

import "math"

// bracketValues are how many values of the range a quick search looks at before it bisects.
const bracketValues = 9

// quick brackets the boundary nearest to the wanted end, among a few values over the whole
// range, and bisects it. The value that it finds meets the goal and the next of three
// digits does not; where the figure rises and falls, values that were not planned may meet
// the goal further on, which only a scan finds.
func (v *solver) quick() error {
	v.sol.Method = Quick
	g := grid{scanDigits, v.whole()}
	lo, hi := v.bounds(g)
	from, to := hi, lo
	if v.q.Smallest {
		from, to = lo, hi
	}
	var numbers []int64
	var xs []float64
	for i := range bracketValues {
		// Evenly on the grid is nearly logarithmic in the value.
		n := from + int64(math.Round(float64(to-from)*float64(i)/(bracketValues-1)))
		numbers, xs = append(numbers, n), append(xs, g.at(n))
	}
	if err := v.look(xs); err != nil {
		return err
	}
	first := 0
	for first < len(xs) && !v.met(xs[first]) {
		first++
	}
	if first == len(xs) {
		v.turns()
		v.nothing()
		return nil
	}
	good, bad := numbers[first], numbers[max(first-1, 0)]
	for abs(good-bad) > 1 {
		mid := (good + bad) / 2
		r, err := v.one(g.at(mid))
		if err != nil {
			return err
		}
		if r.Plan != nil && v.g.meets(r.number) {
			good = mid
		} else {
			bad = mid
		}
	}
	v.turns()
	v.result(g.at(good), good != bad, g.at(bad))
	return nil
}
