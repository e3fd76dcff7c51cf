package plan

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// refit sizes the system again with the machines that were chosen, after some
// input of the profile has changed. Where a machine no longer carries its
// component at any number of nodes, that component is returned instead, with
// what it fails on.
func (r *Result) refit() (layouts []*sizing.Layout, failed *Choice, on string) {
	sys := r.System.Again()
	layouts = make([]*sizing.Layout, len(r.order))
	for i, c := range r.order {
		l, on := c.refit(sys)
		if l == nil {
			return nil, c, on
		}
		layouts[i] = l
		sys.Sized[c.Component.Name] = l
	}
	return layouts, nil, ""
}

// refit sizes the component again on its machine; nil, and the resource that it
// fails on, where that no longer carries it at any number of nodes.
func (c *Choice) refit(sys *sizing.System) (l *sizing.Layout, on string) {
	k, found := sizing.Find(c.Component.Kind)
	if !found {
		return nil, ""
	}
	z, err := k.Prepare(sys.Case(c.Component))
	if err != nil {
		var rej *sizing.Rejection
		if errors.As(err, &rej) {
			on = rej.Resource
		}
		return nil, on
	}
	for range c.Splits {
		if e, splits := z.(sizing.Escalator); splits {
			z = e.Escalate()
		}
		if z == nil {
			return nil, "shards"
		}
	}
	l, rej := z.Fit(c.Layout.Type, c.Layout.Storage)
	if rej != nil {
		return nil, rej.Resource
	}
	return l, ""
}

// headroom is how many users the machines as planned carry, and the component
// that then needs more.
type headroom struct {
	factor float64 // users / planned users; 0 where even these are too many
	first  *Choice // what breaks first
	limit  string  // and on what
}

// maxHeadroom bounds the search: a system that carries so many times its users
// has room for any.
const maxHeadroom = 1024

// room finds the most users that need no machine more than the plan has at
// its peak: by bisection, as needs never fall with users.
func (r *Result) room() (headroom, bool) {
	users := &r.Profile.Peak.Users
	planned := users.V
	if planned <= 0 || len(r.order) == 0 {
		return headroom{}, false
	}
	defer func() { users.V = planned }()
	on := "" // what the last component that failed did so on
	broken := func(k float64) (*Choice, *sizing.Layout, bool) {
		users.V = planned * unitCount(k)
		var layouts []*sizing.Layout
		var failed *Choice
		if layouts, failed, on = r.refit(); failed != nil {
			return failed, nil, true
		}
		for i, c := range r.order {
			if c.Pinned && lacks(c.Layout, layouts[i]) || !c.Pinned && grew(c.Layout, layouts[i]) {
				return c, layouts[i], true
			}
		}
		return nil, nil, false
	}
	if c, _, bad := broken(1); bad {
		return headroom{first: c}, true
	}
	lo, hi := 1.0, 2.0
	for {
		if _, _, bad := broken(hi); bad {
			break
		}
		if lo, hi = hi, hi*2; hi > maxHeadroom {
			return headroom{factor: lo}, true
		}
	}
	for hi-lo > 1e-3*lo {
		mid := lo + (hi-lo)/2
		if _, _, bad := broken(mid); bad {
			hi = mid
		} else {
			lo = mid
		}
	}
	c, l, _ := broken(hi)
	h := headroom{factor: lo, first: c, limit: on}
	if l != nil {
		l.Detail()
		if b, ok := (&Choice{Component: c.Component, Layout: l}).binding(); ok {
			h.limit = fmt.Sprintf("%s, %s", b.Of.Name, b.State)
		}
	}
	return h, true
}

// grew tells whether a layout needs more than was planned: nodes at the peak of
// any pool, or another structure (one shard more).
func grew(was, now *sizing.Layout) bool {
	if len(was.Pools) != len(now.Pools) {
		return true
	}
	for i := range was.Pools {
		if now.Pools[i].Max > was.Pools[i].Max {
			return true
		}
	}
	return false
}

// lacks tells whether given machines, which have no roles, are fewer than what a
// region needs.
func lacks(given, need *sizing.Layout) bool {
	nodes := func(l *sizing.Layout, region int) int {
		n := 0
		for _, p := range l.Pools {
			if p.Region == region {
				n += p.Max
			}
		}
		return n
	}
	for _, p := range need.Pools {
		if nodes(need, p.Region) > nodes(given, p.Region) {
			return true
		}
	}
	return false
}

// swing is how the bill moves when an input is halved again up or down.
type swing struct {
	input    workload.Input
	down, up float64 // dollars a month
}

// swings of an input: by how much it is changed, both ways.
const swingBy = 0.5

// widest finds the assumed input that moves the bill most when it is changed
// by half, the machines' types staying as they are.
func (r *Result) widest(s *sizer, inputs []workload.Input) (swing, bool) {
	base, ok := r.refitCost(s)
	if !ok {
		return swing{}, false
	}
	best, found := swing{}, false
	for _, in := range inputs {
		if in.Assumed == "" || !in.Numeric() || !in.Set {
			continue
		}
		up, okUp := r.costWith(s, in, 1+swingBy)
		down, okDown := r.costWith(s, in, 1-swingBy)
		if !okUp || !okDown {
			continue
		}
		x := swing{in, down - base, up - base}
		if w := math.Abs(x.up) + math.Abs(x.down); !found || w > math.Abs(best.up)+math.Abs(best.down) {
			best, found = x, true
		}
	}
	return best, found && math.Abs(best.up)+math.Abs(best.down) > 0.005
}

// billedSwing is a swing as it reaches the bill: at the mix in which the nodes
// are bought, and with all adjustments. Where something then has no price, the
// swing stays that of list prices.
func (r *Result) billedSwing(e *Estimate, w swing, o Options) swing {
	down, okDown := r.billWith(w.input, 1-swingBy, o)
	up, okUp := r.billWith(w.input, 1+swingBy, o)
	if okDown && okUp {
		w.down, w.up = down.Minus(e.Total.Expected).Float64(), up.Minus(e.Total.Expected).Float64()
	}
	return w
}

// billWith is the total with a changed input, the machines' types staying as
// they are.
func (r *Result) billWith(in workload.Input, k float64, o Options) (money.Amount, bool) {
	undo := in.Scale(k)
	defer undo()
	layouts, failed, _ := r.refit()
	if failed != nil {
		return money.Amount{}, false
	}
	q := *r
	q.Choices, q.order = make([]*Choice, len(r.Choices)), make([]*Choice, len(r.order))
	for i, c := range r.order {
		d := *c
		if d.Layout = layouts[i]; c.Pinned {
			d.Layout = c.Layout
		}
		q.order[i] = &d
		q.Choices[slices.Index(r.Choices, c)] = &d
	}
	pr, err := newPricer(r.pricer.v, r.pricer.hours, r.Profile.RegionNames())
	if err != nil {
		return money.Amount{}, false
	}
	o.Lean = true
	e, err := q.bill(pr, o)
	if err != nil {
		return money.Amount{}, false
	}
	return e.Total.Expected, true
}

func (r *Result) costWith(s *sizer, in workload.Input, k float64) (float64, bool) {
	undo := in.Scale(k)
	defer undo()
	return r.refitCost(s)
}

// refitCost is what the system costs a month with the machines chosen.
func (r *Result) refitCost(s *sizer) (float64, bool) {
	layouts, failed, _ := r.refit()
	if failed != nil {
		return 0, false
	}
	if r.chosen == nil {
		r.chosen = make([]candidate, len(r.order))
		for i, c := range r.order {
			k := &r.chosen[i]
			if k.price = make([]float64, len(s.pr.regions)); c.Layout.Type != nil {
				for region := range k.price {
					k.price[region], _ = s.price(region, c.Layout.Type.Name)
				}
			}
		}
	}
	total := 0.0
	for i, l := range layouts {
		if r.order[i].Pinned {
			l = r.order[i].Layout // given, whatever it should be
		}
		if r.order[i].Layout.Type == nil {
			l = &sizing.Layout{Usage: l.Usage} // on another's nodes
		}
		total += s.cost(&r.chosen[i], l).dollars
	}
	return total, true
}
