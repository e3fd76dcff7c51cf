package whatif

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/plan"
	"headroom/pkg/strict"
)

// solver holds a search under way.
type solver struct {
	s        *Model
	g        *Goal
	q        *InputRange
	ctx      context.Context
	progress Progress
	seen     map[float64]Reached
	weighed  bool // the figure is the bill, and machines are chosen by their running cost
	sol      Solution
}

// whole tells whether only whole values count: users, months.
func (v *solver) whole() bool {
	return v.q.leaf.Counts() && v.q.To > 10
}

// fill adds the figure of a plan.
func (v *solver) fill(at *Reached, r *bill.Result) error {
	x, err := v.g.metric.of(r, v.g.Component)
	if err != nil {
		return err
	}
	f := figures(r.Estimate)
	at.Plan, at.number = &f, x
	if v.weighed {
		at.weights = weightsOf(r, v.g.Component)
	}
	if !math.IsInf(x, 0) {
		at.Figure = &x
	}
	return nil
}

// withEnvironments adds to what is found what it costs with all environments; base is the
// profile as it is.
func (v *solver) withEnvironments(base *bill.Result) error {
	if base == nil {
		return nil
	}
	if v.sol.Base.Plan.Together = base.Together(); v.sol.Base.Plan.Together == nil {
		return nil
	}
	for _, at := range []*Reached{v.sol.Meets, v.sol.Fails} {
		if at == nil || at.Plan == nil {
			continue
		}
		r, err := v.s.planWith([]Assignment{{Path: v.q.Path, Text: at.Value.Text,
			Pos: strict.SetPos(v.q.Path, at.Value.Text)}}, v.s.opts)
		if err != nil {
			return err
		}
		f := *at.Plan
		f.Together = r.Together()
		at.Plan = &f
	}
	return nil
}

// look plans some values, in parallel, and remembers them.
func (v *solver) look(xs []float64) error {
	var missing []float64
	for _, x := range xs {
		if _, ok := v.seen[x]; !ok && !slices.Contains(missing, x) {
			missing = append(missing, x)
		}
	}
	found := make([]Reached, len(missing))
	before := len(v.seen)
	progress := func(done, _ int) {
		if v.progress != nil {
			v.progress(before+done, before+len(missing))
		}
	}
	workers := runtime.GOMAXPROCS(0)
	done, err := each(v.ctx, len(missing), workers, progress, func(i int, u *plan.Reuse) error {
		text := v.q.leaf.Text(missing[i])
		at := &found[i]
		at.Value, at.Shown = compare.ValueOf(&v.q.leaf, text), v.q.leaf.Human(missing[i])
		o := v.s.opts
		o.Reuse = u
		r, err := v.s.planWith([]Assignment{{Path: v.q.Path, Text: text, Pos: strict.SetPos(v.q.Path, text)}}, o)
		if why, none := unplanned(err); none {
			at.Failure, at.number = why, math.NaN()
			return nil
		}
		if err != nil {
			return err
		}
		return v.fill(at, r)
	})
	if err != nil {
		return err
	}
	for i := range missing {
		if done[i] {
			v.seen[missing[i]] = found[i]
		}
	}
	return v.ctx.Err()
}

func (v *solver) one(x float64) (Reached, error) {
	err := v.look([]float64{x})
	return v.seen[x], err
}

// met tells whether a value that was looked at meets the goal.
func (v *solver) met(x float64) bool {
	r := v.seen[x]
	return r.Plan != nil && v.g.meets(r.number)
}

// run looks at the whole range roughly, then bisects or scans.
func (v *solver) run() error {
	if v.q.Quick {
		return v.quick()
	}
	fine := grid{fineDigits, v.whole()}
	lo, hi := v.bounds(fine)
	if hi-lo > coarse {
		var xs []float64
		for i := range coarse {
			// Evenly on the grid is nearly logarithmic in the value.
			xs = append(xs, fine.at(lo+int64(math.Round(float64(hi-lo)*float64(i)/(coarse-1)))))
		}
		if err := v.look(xs); err != nil {
			return err
		}
	}
	v.turns()
	ok, err := false, error(nil)
	switch {
	case v.weighed:
		ok, err = v.scanWeighed()
	case v.sol.Rising && v.g.metric.steady:
		ok, err = v.bisect(fine, lo, hi)
	}
	if ok || err != nil {
		return err
	}
	return v.scan()
}

// bounds are the ends of the range on a grid.
func (v *solver) bounds(g grid) (lo, hi int64) {
	from := math.Max(v.q.From, v.q.To/1e9)
	if g.whole {
		from = math.Max(v.q.From, 1)
	}
	if lo = g.index(from); g.at(lo) < v.q.From {
		lo++
	}
	return lo, g.index(v.q.To)
}

// turns looks for places where the figure goes back, among all values looked at
// so far.
func (v *solver) turns() {
	xs := make([]float64, 0, len(v.seen))
	for x, r := range v.seen {
		if r.Plan != nil {
			xs = append(xs, x)
		}
	}
	slices.Sort(xs)
	up, down := 0, 0
	var turns []Reached
	way := 0
	for i := 1; i < len(xs); i++ {
		a, b := v.seen[xs[i-1]], v.seen[xs[i]]
		switch {
		case b.number > a.number:
			up++
			if way < 0 {
				turns = append(turns, a)
			}
			way = 1
		case b.number < a.number:
			down++
			if way > 0 {
				turns = append(turns, a)
			}
			way = -1
		}
	}
	v.sol.Rising = up == 0 || down == 0
	v.sol.Turns, v.sol.ShownTurns = nil, nil
	for _, r := range turns[:min(len(turns), 5)] {
		v.sol.Turns, v.sol.ShownTurns = append(v.sol.Turns, r.Value), append(v.sol.ShownTurns, r.Shown)
	}
}

// bisect finds the boundary where the figure only rises or only falls. ok is
// false where a look around the result contradicts that.
func (v *solver) bisect(g grid, lo, hi int64) (ok bool, err error) {
	if err := v.look([]float64{g.at(lo), g.at(hi)}); err != nil {
		return false, err
	}
	good, bad := lo, hi
	if v.q.Smallest {
		good, bad = hi, lo
	}
	if v.met(g.at(bad)) || !v.met(g.at(good)) { // the wanted end meets it, or the other does not
		if v.met(g.at(bad)) {
			return v.settle(g, bad, bad)
		}
		return v.hopeless(g, good, lo, hi)
	}
	for abs(good-bad) > 1 {
		mid := (good + bad) / 2
		if err := v.look([]float64{g.at(mid)}); err != nil {
			return false, err
		}
		if v.met(g.at(mid)) {
			good = mid
		} else {
			bad = mid
		}
	}
	return v.settle(g, good, bad)
}

// hopeless settles that no value meets the goal, where neither end does, if the
// values nearest to the better end, and a few over the range, agree.
func (v *solver) hopeless(g grid, end, lo, hi int64) (ok bool, err error) {
	var xs []float64
	for k := int64(-window); k <= window; k++ {
		if i := end + k; i >= lo && i <= hi {
			xs = append(xs, g.at(i))
		}
	}
	if err := v.look(xs); err != nil {
		return false, err
	}
	v.turns()
	for x := range v.seen {
		if v.met(x) {
			return false, nil
		}
	}
	if !v.sol.Rising {
		return false, nil
	}
	v.sol.Method = Bisection
	v.nothing()
	return true, nil
}

// settle tries the neighbours of a result, and every value of three digits up
// to a figure a tenth beyond the goal.
func (v *solver) settle(g grid, good, bad int64) (ok bool, err error) {
	dir := int64(1)
	if v.q.Smallest {
		dir = -1
	}
	lo, hi := v.bounds(g)
	if bad != good {
		var xs []float64
		for k := int64(-window); k <= window; k++ {
			if i := good + k; i >= lo && i <= hi {
				xs = append(xs, g.at(i))
			}
		}
		if err := v.look(xs); err != nil {
			return false, err
		}
		if err := v.beyond(g.at(good), dir); err != nil {
			return false, err
		}
	}
	v.turns()
	better := func(x float64) bool { return float64(dir)*(x-g.at(good)) > 0 && v.met(x) }
	for x := range v.seen {
		if better(x) {
			return false, nil
		}
	}
	if !v.sol.Rising {
		return false, nil
	}
	v.sol.Method = Bisection
	v.result(g.at(good), good != bad, g.at(bad))
	return true, nil
}

// beyond looks at values of three digits on the far side of a result until the
// goal is missed by a tenth.
func (v *solver) beyond(x float64, dir int64) error {
	rough := grid{scanDigits, v.whole()}
	lo, hi := v.bounds(rough)
	for i := rough.index(x) + dir; i >= lo && i <= hi; i += dir {
		r, err := v.one(rough.at(i))
		if err != nil {
			return err
		}
		if r.Plan == nil || math.Abs(r.number-v.g.Bound) > math.Abs(v.g.Bound)/10 {
			return nil
		}
	}
	return nil
}

// scan tries every value of three digits from the wanted end until one meets
// the goal.
func (v *solver) scan() error {
	v.sol.Method, v.sol.RuledOut = Scan, 0
	g := grid{scanDigits, v.whole()}
	lo, hi, err := v.scanned(g)
	if err != nil {
		return err
	}
	from, dir := hi, int64(-1)
	if v.q.Smallest {
		from, dir = lo, 1
	}
	const chunk = 64
	for i := from; i >= lo && i <= hi; {
		var xs []float64
		var at []int64
		for ; len(xs) < chunk && i >= lo && i <= hi; i += dir {
			xs, at = append(xs, g.at(i)), append(at, i)
		}
		if err := v.look(xs); err != nil {
			return err
		}
		for k, x := range xs {
			if v.met(x) {
				v.turns()
				v.result(x, at[k] != from, g.at(at[k]-dir))
				return nil
			}
		}
	}
	v.turns()
	v.nothing()
	return nil
}

// scanned are the ends of a scan on a grid.
func (v *solver) scanned(g grid) (lo, hi int64, err error) {
	lo, hi = v.bounds(g)
	if hi-lo > scanMost {
		err = fmt.Errorf("%s from %s to %s has more than %d values of %d digits; give a narrower range",
			v.q.Path, v.sol.From, v.sol.To, scanMost, scanDigits)
	}
	return lo, hi, err
}

// result keeps the value that meets the goal and the next that does not.
func (v *solver) result(good float64, proven bool, bad float64) {
	a := v.seen[good]
	v.sol.Meets = &a
	if proven {
		b := v.seen[bad]
		v.sol.Fails = &b
	}
}

// nothing keeps the value that comes nearest where none meets the goal.
func (v *solver) nothing() {
	var nearest *Reached
	xs := make([]float64, 0, len(v.seen))
	for x := range v.seen {
		xs = append(xs, x)
	}
	slices.Sort(xs)
	for _, x := range xs {
		r := v.seen[x]
		if r.Plan != nil && (nearest == nil || math.Abs(r.number-v.g.Bound) < math.Abs(nearest.number-v.g.Bound)) {
			nearest = &r
		}
	}
	v.sol.Fails = nearest
}

func abs(x int64) int64 { return max(x, -x) }
