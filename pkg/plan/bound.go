package plan

import (
	"headroom/pkg/sizing"
)

// tooDear tells whether a type costs more than the best layout found even at
// the least number of nodes that may do.
func (s *sizer) tooDear(k *candidate, z sizing.Sizer, needs sizing.Needs, best float64) bool {
	dear := func(nodes []float64) bool {
		floor := 0.0
		for r, n := range nodes {
			floor += n * (k.price[r] + s.each.dollars[r])
		}
		return floor > best*(1+1e-9)
	}
	if dear(needs.MinNodes) {
		return true
	}
	b, ok := z.(sizing.Bounded)
	if !ok {
		return false
	}
	s.least = append(s.least[:0], needs.MinNodes...)
	b.Bound(k.t, s.least)
	return dear(s.least)
}

// entail adds what the nodes of a layout cost beside their own price.
func (s *sizer) entail(l *sizing.Layout, x *cost) {
	for _, p := range l.Pools {
		x.dollars += p.Mean * s.each.dollars[p.Region]
	}
}

// lastTime is the layout on the machine that won when a system like this one
// was planned before. A search that begins with it leaves out the more types
// that are too dear, and finds the same: it may still choose any other. nil
// where there was none or where it does not carry the load now.
func (s *sizer) lastTime(c *sizing.Case, z sizing.Sizer, list []candidate, needs sizing.Needs) (*sizing.Layout, cost) {
	m, ok := s.won[c.Component.Name]
	if !ok {
		return nil, cost{}
	}
	for i := range list {
		if list[i].t.Name != m.Type {
			continue
		}
		for _, st := range needs.Storages {
			if st.String() != m.Storage {
				continue
			}
			l, rej := z.Fit(list[i].t, st)
			if rej != nil {
				return nil, cost{}
			}
			x := s.cost(&list[i], l)
			s.entail(l, &x)
			return l, x
		}
	}
	return nil, cost{}
}
