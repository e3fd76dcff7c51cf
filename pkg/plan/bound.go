package plan

import (
	"slices"

	"headroom/pkg/sizing"
)

// floor is a lower bound on what a component costs on a type and a storage, for
// leaving out what cannot win.
type floor struct {
	s     *sizer
	z     sizing.Bounded // nil where only the structural minimum is known
	needs *sizing.Needs
	disks []float64 // dollars of every layout by storage
	least []float64 // nodes by region, for the type last asked for
	nodes float64   // dollars of these
	// month is a lower bound on what a node of a candidate costs in a region.
	month func(k *candidate, region int) float64
}

func (s *sizer) floorOf(z sizing.Sizer, needs sizing.Needs, month func(k *candidate, region int) float64) *floor {
	f := &floor{s: s, needs: &needs, disks: make([]float64, len(needs.Storages)), month: month}
	f.z, _ = z.(sizing.Bounded)
	if f.z == nil || !s.storage {
		return f
	}
	for j, st := range needs.Storages {
		for _, u := range f.z.Floor(st) {
			d, _ := s.usageCost(u)
			f.disks[j] += d
		}
	}
	return f
}

func (f *floor) price(k *candidate, nodes []float64) float64 {
	sum := 0.0
	for r, n := range nodes {
		sum += n * (f.month(k, r) + f.s.each.dollars[r])
	}
	return sum
}

// tooDear tells whether a type costs more than the best layout found even at
// the least number of nodes that may do, on any storage.
func (f *floor) tooDear(k *candidate, best float64) bool {
	cheapest := slices.Min(f.disks)
	if f.nodes = f.price(k, f.needs.MinNodes); f.nodes+cheapest > best*(1+1e-9) {
		return true
	}
	if f.z == nil {
		return false
	}
	f.least = append(f.least[:0], f.needs.MinNodes...)
	f.z.Bound(k.t, f.least)
	f.nodes = f.price(k, f.least)
	return f.nodes+cheapest > best*(1+1e-9)
}

// tooDearOn is tooDear for one storage and the type last asked for.
func (f *floor) tooDearOn(storage int, best float64) bool {
	return f.nodes+f.disks[storage] > best*(1+1e-9)
}

// entail adds what the nodes of a layout cost beside their own price.
func (s *sizer) entail(l *sizing.Layout, x *cost) {
	for _, p := range l.Pools {
		x.dollars += p.Mean * s.each.dollars[p.Region]
	}
}

// lastTime is the layout on the machine that won when a system like this one
// was planned before, at its on-demand cost. A search that begins with it leaves
// out the more types that are too dear, and finds the same: it may still choose
// any other. nil where there was none or where it does not carry the load now.
func (s *sizer) lastTime(c *sizing.Case, z sizing.Sizer, list []candidate, needs sizing.Needs) (*sizing.Layout, cost, *candidate) {
	m, ok := s.won[c.Component.Name]
	if !ok {
		return nil, cost{}, nil
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
				return nil, cost{}, nil
			}
			x := s.cost(&list[i], l)
			s.entail(l, &x)
			return l, x, &list[i]
		}
	}
	return nil, cost{}, nil
}
