package plan

import (
	"fmt"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// contest is the choice of one component's machine under way.
type contest struct {
	s      *search
	c      *workload.Component
	z      sizing.Sizer
	needs  sizing.Needs
	list   []candidate
	wanted *wanted // nil where on demand is
	best   *scored // nil while nothing has carried the load
	missed misses
}

// scored is a layout with its cost.
type scored struct {
	layout *sizing.Layout
	cost   cost
}

// contest lists what a component may be chosen from.
func (s *search) contest(c *sizing.Task, z sizing.Sizer) (*contest, error) {
	want, err := s.wantedOf(c.Component)
	if err != nil {
		return nil, err
	}
	f := &contest{s: s, c: c.Component, z: z, needs: z.Needs(), list: s.candidates(c), wanted: want}
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
	for _, k := range all {
		if k.t.Name == m.Type {
			f.list = append(f.list, k)
		}
	}
	var kept []sizing.Storage
	for _, st := range f.needs.Storages {
		if st.String() == m.Storage {
			kept = append(kept, st)
		}
	}
	f.needs.Storages = kept
}

// try sizes the component on a candidate and costs it at the wanted purchase.
func (f *contest) try(k *candidate, st sizing.Storage) (*scored, *sizing.Rejection) {
	l, rej := f.z.Fit(k.t, st)
	if rej != nil {
		return nil, rej
	}
	x := &scored{l, f.s.cost(k, l)}
	if f.wanted != nil {
		if rej := f.s.rank(f.wanted, k, x); rej != nil {
			return nil, rej
		}
	}
	f.s.entail(x)
	return x, nil
}

// challenge lets a layout win if it is better than the best so far.
func (f *contest) challenge(x *scored) {
	if f.best == nil || f.s.better(x, f.best) {
		f.best = x
	}
}

// lastTime begins with the machine that won when a system like this one was
// planned before. A search that begins with it leaves out the more types that
// are too dear, and finds the same: it may still choose any other.
func (f *contest) lastTime() {
	m, ok := f.s.won[f.c.Name]
	if !ok {
		return
	}
	for i := range f.list {
		if f.list[i].t.Name != m.Type {
			continue
		}
		for _, st := range f.needs.Storages {
			if st.String() == m.Storage {
				f.best, _ = f.try(&f.list[i], st)
				return
			}
		}
	}
}

// choice is what has won.
func (f *contest) choice() (*Choice, error) {
	cost, err := f.costOf(f.best)
	return &Choice{Component: f.c, Layout: f.best.layout, Cost: cost}, err
}

// costOf is a layout's cost at the wanted purchase: exact on demand, else what
// it ranks at.
func (f *contest) costOf(x *scored) (money.Amount, error) {
	if f.wanted == nil {
		return f.s.exact(x.layout), nil
	}
	q, err := money.Float(x.cost.dollars)
	if err != nil {
		return money.Amount{}, fmt.Errorf("cost of %s: %w", x.layout.Type.Name, err)
	}
	return money.MustRate("1").Times(q), nil
}

// better is a total order: cost, exact cost, nodes, type, storage. Ties by float
// are decided by the exact cost.
func (s *search) better(a, b *scored) bool {
	if d := a.cost.compare(b.cost); d != 0 {
		return d < 0
	}
	if d := s.exact(a.layout).Cmp(s.exact(b.layout)); d != 0 {
		return d < 0
	}
	if d := nodes(a.layout) - nodes(b.layout); d != 0 {
		return d < 0
	}
	if d := strings.Compare(a.layout.Type.Name, b.layout.Type.Name); d != 0 {
		return d < 0
	}
	return a.layout.Storage.String() < b.layout.Storage.String()
}

// nodes is the most nodes that a layout has.
func nodes(l *sizing.Layout) int {
	n := 0
	for _, p := range l.Pools {
		n += p.Max
	}
	return n
}
