package plan

import "headroom/pkg/sizing"

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
	least := append(make([]float64, 0, 8), needs.MinNodes...)
	b.Bound(k.t, least)
	return dear(least)
}
