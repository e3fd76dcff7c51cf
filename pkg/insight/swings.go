package insight

import (
	"math"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// swing is how the bill moves when an input is halved again up or down.
type swing struct {
	input    workload.Input
	down, up float64 // dollars a month
}

// width is how far the bill moves in all.
func (s *swing) width() float64 { return math.Abs(s.up) + math.Abs(s.down) }

// swings of an input: by how much it is changed, both ways.
const swingBy = 0.5

// leastSwing is half a cent: below it a swing moves nothing.
const leastSwing = 0.005

// widest finds the assumed input that moves the bill most when it is changed
// by half, the machines' types staying as they are.
func widest(r *bill.Result, inputs []workload.Input) (swing, bool) {
	near, ok := r.Plan.Nearby()
	if !ok {
		return swing{}, false
	}
	base := near.Dollars(near.AsIs())
	best, found := swing{}, false
	for _, in := range inputs {
		if in.Assumed == "" || !in.Numeric() || !in.Set {
			continue
		}
		up, ok := dollars(near, in.Scaled(1+swingBy))
		if !ok {
			continue
		}
		down, ok := dollars(near, in.Scaled(1-swingBy))
		if !ok {
			continue
		}
		x := swing{in, down - base, up - base}
		if !found || x.width() > best.width() {
			best, found = x, true
		}
	}
	if !found || best.width() <= leastSwing {
		return swing{}, false
	}
	return billed(r, near, best), true
}

// dollars is what the system costs a month on demand with another input; false
// where the machines chosen do not carry it.
func dollars(near *plan.Nearby, o workload.Override) (float64, bool) {
	r, err := near.With(o)
	if err != nil || r.Failed != nil {
		return 0, false
	}
	return near.Dollars(r), true
}

// billed is a swing as it reaches the bill: at the mix in which the nodes are
// bought, and with all adjustments. Where something then has no price, the swing
// stays that of list prices.
func billed(r *bill.Result, near *plan.Nearby, w swing) swing {
	down, okDown := billWith(r, near, w.input.Scaled(1-swingBy))
	up, okUp := billWith(r, near, w.input.Scaled(1+swingBy))
	if okDown && okUp {
		total := r.Estimate.Total.Expected
		w.down, w.up = down.Minus(total).Float64(), up.Minus(total).Float64()
	}
	return w
}

// billWith is the total with another input, the machines' types staying as they
// are.
func billWith(r *bill.Result, near *plan.Nearby, o workload.Override) (money.Amount, bool) {
	again, err := near.With(o)
	if err != nil || again.Failed != nil {
		return money.Amount{}, false
	}
	total, err := bill.Total(r.Plan.Keep(again), r.Request.Terms)
	return total, err == nil
}
