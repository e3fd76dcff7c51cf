package whatif

import (
	"cmp"
	"maps"
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/plan"
)

// Growth is a sweep of one system that grows and shrinks. It begins as it is now; the
// points above are planned upwards from there and those below downwards. Each keeps the
// machines of the one before it on this way, and leaves them where they no longer carry
// their component or where others save much.
type Growth struct {
	From  compare.Value `json:"from"` // value of the input with which it begins
	Shown string        `json:"-"`    // the same for people
	// Present says that this is the profile's own value. Where that is outside the sweep,
	// or nothing carries the system with it, the sweep begins at its nearest end, planned
	// anew.
	Present bool `json:"present"`
	// Leave is the part of a component's running cost for which kept machines are left:
	// that of the request, or else plan.WorthMoving.
	Leave float64 `json:"leave"`
	// Now is the present system where its value is none of the points.
	Now *Figures `json:"now,omitempty"`
}

// growth is a sweep of a growing system under way. The points above and below the
// beginning are planned by turns. A point whose machines depend on those of the one before
// is planned at the same time all the same, with the last that are known: from one point to
// the next they are most often the same. Where they turn out not to be, it is planned again.
type growth struct {
	Growth
	order []int   // points by the turn in which they are planned
	steps []*step // by point
}

// step hands machines from a point to those that grow from it.
type step struct {
	point int   // -1 for the present system
	from  *step // nil where the sweep begins
	leave float64
	done  chan struct{}        // closed when keep is there
	keep  map[string]plan.Runs // what runs when the point is planned
}

// growth prepares a sweep of a growing system; nil where every point is planned anew, as
// those of two inputs are and those of one that is no number.
func (s *Model) growth(axes []Axis, anew bool) (*growth, error) {
	if anew || len(axes) != 1 || axes[0].Values == nil {
		return nil, nil
	}
	g := &growth{Growth: Growth{Leave: cmp.Or(s.opts.Leave, plan.WorthMoving)},
		steps: make([]*step, len(axes[0].Texts))}
	root, up, down, err := s.begin(g, &axes[0])
	if err != nil {
		return nil, err
	}
	g.way(root, up)
	g.way(root, down)
	for i := range max(len(up), len(down)) {
		for _, way := range [][]int{up, down} {
			if i < len(way) {
				g.order = append(g.order, way[i])
			}
		}
	}
	return g, nil
}

// begin finds where the sweep begins, and the points above and below that in the order
// in which they are planned.
func (s *Model) begin(g *growth, a *Axis) (root *step, up, down []int, err error) {
	asc := a.ascending()
	down = slices.Clone(asc)
	slices.Reverse(down)
	leaf, _ := s.input(a.Path)
	now, err := leaf.Parse(leaf.Now)
	at := 0 // where the profile has no value
	if err == nil {
		at, g.Present = slices.BinarySearchFunc(asc, now, func(i int, x float64) int {
			return cmp.Compare(a.Values[i], x)
		})
	}
	if inside := at > 0 && at < len(asc); inside && !g.Present {
		root, err = s.present(g)
		if root != nil || err != nil {
			g.From, g.Shown, g.Present = compare.ValueOf(&leaf, leaf.Now), leaf.Human(now), true
			return root, asc[at:], down[len(asc)-at:], err
		}
		at = 0
	}
	at = min(at, len(asc)-1)
	first := asc[at]
	g.From, g.Shown, g.order = a.Given[first], a.Shown[first], []int{first}
	root = &step{point: first, done: make(chan struct{})}
	g.steps[first] = root
	return root, asc[at+1:], down[len(asc)-at:], nil
}

// present plans the system as it is; nil where nothing carries it.
func (s *Model) present(g *growth) (*step, error) {
	r, err := s.planWith(nil, s.opts)
	if _, none := unplanned(err); none {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := figures(r.Estimate)
	f.Together = r.Together()
	g.Now = &f
	x := &step{point: -1, keep: r.Plan.Runs(), done: make(chan struct{})}
	close(x.done)
	return x, nil
}

// way links points, each to the one before it.
func (g *growth) way(from *step, points []int) {
	for _, i := range points {
		from = &step{point: i, from: from, leave: g.Leave, done: make(chan struct{})}
		g.steps[i] = from
	}
}

// turn is the point that is planned as the k-th.
func (g *growth) turn(k int) int {
	if g == nil {
		return k
	}
	return g.order[k]
}

// step is that of a point; nil where points do not grow from others.
func (g *growth) step(i int) *step {
	if g == nil {
		return nil
	}
	return g.steps[i]
}

// said is what a sweep says of its growth.
func (g *growth) said() *Growth {
	if g == nil {
		return nil
	}
	return &g.Growth
}

// before is the last plan before a point; nil where there is none.
func (g *growth) before(all []Point, i int) *Figures {
	x := g.steps[i].from
	for x != nil && x.point >= 0 && all[x.point].Figures == nil {
		x = x.from
	}
	switch {
	case x == nil:
		return nil
	case x.point < 0:
		return g.Now
	}
	return all[x.point].Figures
}

// grown plans and bills the system with other values on the machines of the point before.
func (s *Model) grown(sets []Assignment, g *step, u *plan.Reuse) (*bill.Result, error) {
	o := s.opts
	o.Reuse = u
	profile, err := s.Changed(sets)
	if err != nil {
		g.pass(nil)
		return nil, err
	}
	certain := g.take(&o, false)
	x, err := s.plan(profile, o)
	if !certain {
		guess := o.Keep
		if g.take(&o, true); !maps.EqualFunc(guess, o.Keep, plan.Runs.Equal) {
			x, err = s.plan(profile, o)
		}
	}
	g.pass(x)
	if err != nil {
		return nil, s.explain(sets, err)
	}
	r, err := x.Outline()
	if err != nil {
		return nil, s.explain(sets, err)
	}
	return r, nil
}

// take asks for the machines of the point before, and waits for them where it must; else it
// may give those of an earlier one, and tells whether they are certain.
func (x *step) take(o *bill.Request, wait bool) (certain bool) {
	if x == nil {
		return true
	}
	last := x.from
	if last != nil {
		for !wait && !last.known() && last.from != nil {
			last = last.from
		}
		<-last.done
		o.Keep, o.Leave = last.keep, x.leave
	}
	x.keep = o.Keep // as long as nothing else runs
	return last == x.from
}

// known tells whether the machines of a point are there.
func (x *step) known() bool {
	select {
	case <-x.done:
		return true
	default:
		return false
	}
}

// pass hands on the machines of a plan; nil where there is none, and those of the point
// before still run.
func (x *step) pass(p *bill.Planned) {
	if x == nil {
		return
	}
	if p != nil {
		p.Plan.Outline()
		x.keep = p.Plan.Runs()
	}
	close(x.done)
}
