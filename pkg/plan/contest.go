package plan

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// contest is the choice of one component's machine under way.
type contest struct {
	s      *search
	c      *workload.Component
	ways   []way
	list   []candidate
	wanted *wanted // nil where on demand is
	best   *scored // nil while nothing has carried the load
	// ceiling is the running cost from which on nothing is looked for; +Inf where
	// everything is.
	ceiling float64
	missed  misses
	tried   int
}

// way is one structure in which the component can be built.
type way struct {
	sizing.Sizer
	needs     sizing.Needs
	structure int    // its place among them
	floor     *floor // see contest.floor
}

// scored is a layout with its cost.
type scored struct {
	layout    *sizing.Layout
	cost      cost
	structure int
	more      int // shards of each partition beyond the least
}

// contest lists what a component may be chosen from.
func (s *search) contest(c *sizing.Task, z sizing.Sizer) (*contest, error) {
	want, err := s.wantedOf(c.Component)
	if err != nil {
		return nil, err
	}
	f := &contest{s: s, c: c.Component, list: s.candidates(c), wanted: want, ceiling: math.Inf(1)}
	for i, z := range structures(z) {
		f.ways = append(f.ways, way{Sizer: z, needs: z.Needs(), structure: i})
	}
	if m, ok := s.force[c.Component.Name]; ok {
		f.only(m, s.priced(c.Regions))
	}
	return f, nil
}

// only narrows the contest to one machine, whatever the profile allows. Where
// the tables do not price the type in all regions of the component nothing is
// left.
func (f *contest) only(m Machine, all []candidate) {
	f.list = nil
	for i := range all {
		if all[i].t.Name == m.Type {
			f.list = append(f.list, all[i])
		}
	}
	for i := range f.ways {
		w := &f.ways[i]
		var kept []sizing.Storage
		for _, st := range w.needs.Storages {
			if st.String() == m.Storage {
				kept = append(kept, st)
			}
		}
		w.needs.Storages = kept
	}
}

// floor is the lower bound on what a structure costs, made when it is first asked for.
func (f *contest) floor(w *way) *floor {
	if w.floor == nil {
		w.floor = f.s.floorOf(w.Sizer, w.needs, f.wanted)
	}
	return w.floor
}

// limit is the running cost of the best so far, or the ceiling where that is lower.
func (f *contest) limit() float64 {
	if f.best == nil || f.best.cost.unpriced > 0 {
		return f.ceiling
	}
	return min(f.ceiling, f.best.cost.running())
}

// try sizes the component on a candidate and costs it at the wanted purchase. Where it
// may have more shards than it must, it has as many as cost least; more that cannot
// cost less than the limit are not tried.
func (f *contest) try(w *way, k *candidate, st sizing.Storage, limit float64) (*scored, *sizing.Rejection) {
	best, rej := f.fit(w, w.Sizer, k, st)
	z, ok := w.Sizer.(sizing.Splitter)
	if rej != nil || !ok || z.Split(1) == nil {
		return best, rej
	}
	last := best
	for more := 1; !f.floor(w).tooManyShards(k, st, last.layout.Shards+1, min(limit, best.cost.running())); more++ {
		if last, rej = f.fit(w, z.Split(more), k, st); rej != nil {
			break
		}
		if last.more = more; f.s.better(last, best) {
			best = last
		}
	}
	return best, nil
}

// fit sizes the component on a candidate in one way and costs it.
func (f *contest) fit(w *way, z sizing.Sizer, k *candidate, st sizing.Storage) (*scored, *sizing.Rejection) {
	l, rej := sizing.Fit(z, k.t, st)
	if rej == nil {
		rej = f.s.own.tooMany(l, f.c, f.s.sys)
	}
	if rej != nil {
		return nil, rej
	}
	x, rej := f.s.score(f.wanted, k, l)
	if rej == nil {
		x.structure = w.structure
	}
	return x, rej
}

// score costs a layout at the wanted purchase, with what its nodes entail.
func (s *search) score(w *wanted, k *candidate, l *sizing.Layout) (*scored, *sizing.Rejection) {
	x := &scored{layout: l, cost: s.cost(k, l)}
	if w != nil {
		if rej := s.rank(w, k, x); rej != nil {
			return nil, rej
		}
	}
	s.entail(x)
	s.weights.weigh(x)
	return x, nil
}

// challenge lets a layout win if it is better than the best so far.
func (f *contest) challenge(x *scored) {
	if f.best == nil || f.s.better(x, f.best) {
		f.best = x
	}
}

// lastTime begins with the machine that won when a system like this one was
// planned before, and returns what then is best. A search that begins with it
// leaves out the more types that are too dear, and finds the same: it may still
// choose any other.
func (f *contest) lastTime() *scored {
	m, ok := f.s.won[f.c.Name]
	if !ok {
		return nil
	}
	for i := range f.list {
		if f.list[i].t.Name != m.Type {
			continue
		}
		for j := range f.ways {
			w := &f.ways[j]
			for _, st := range w.needs.Storages {
				if st.String() != m.Storage {
					continue
				}
				if x, rej := f.try(w, &f.list[i], st, math.Inf(1)); rej == nil {
					f.best = x
					return x
				}
			}
		}
	}
	return nil
}

// is tells whether the layout is of a structure, a candidate and a storage.
func (x *scored) is(w *way, k *candidate, st sizing.Storage) bool {
	return x != nil && x.structure == w.structure && x.layout.Type == k.t && x.layout.Storage == st
}

// choice is what has won.
func (f *contest) choice() (*Choice, error) {
	cost, err := f.costOf(f.best)
	return &Choice{Component: f.c, Layout: f.best.layout, Structure: f.best.structure, more: f.best.more,
		cost: cost, weights: &f.s.weights}, err
}

// costOf is what a layout costs on the bill at the wanted purchase: exact on demand,
// else what it ranks at.
func (f *contest) costOf(x *scored) (func() exactCost, error) {
	if f.wanted == nil {
		return f.s.exactly(x.layout), nil
	}
	bill, err := money.Float(x.cost.dollars)
	special, errSpecial := money.Float(x.cost.special)
	if err = errors.Join(err, errSpecial); err != nil {
		return nil, fmt.Errorf("cost of %s: %w", x.layout.Type.Name, err)
	}
	dollars := money.MustRate("1")
	return func() exactCost { return exactCost{dollars.Times(bill), dollars.Times(special)} }, nil
}

// better is a total order: running cost, exact running cost on demand, nodes, type,
// storage, structure. Ties by float are decided by the exact cost.
func (s *search) better(a, b *scored) bool {
	if d := a.cost.compare(b.cost); d != 0 {
		return d < 0
	}
	exact := func(x *scored) money.Amount { return s.weights.on(x.layout, s.exact(x.layout)).Total() }
	if d := exact(a).Cmp(exact(b)); d != 0 {
		return d < 0
	}
	if d := nodes(a.layout) - nodes(b.layout); d != 0 {
		return d < 0
	}
	if d := strings.Compare(a.layout.Type.Name, b.layout.Type.Name); d != 0 {
		return d < 0
	}
	if d := strings.Compare(a.layout.Storage.String(), b.layout.Storage.String()); d != 0 {
		return d < 0
	}
	return a.structure < b.structure
}

// nodes is the most nodes that a layout has.
func nodes(l *sizing.Layout) int {
	n := 0
	for _, p := range l.Pools {
		n += p.Max
	}
	return n
}
