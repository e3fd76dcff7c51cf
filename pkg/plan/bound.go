package plan

import (
	"slices"

	"headroom/pkg/sizing"
)

// floor is a lower bound on the running cost of a component on a type and a
// storage, for leaving out what cannot win.
type floor struct {
	s      *search
	z      sizing.Bounded // nil where only the structural minimum is known
	needs  *sizing.Needs
	wanted *wanted
	disks  []float64 // dollars of every layout by storage, and of its shards
	least  []float64 // nodes by region, for the type last asked for
	nodes  float64   // dollars of these
}

func (s *search) floorOf(z sizing.Sizer, needs sizing.Needs, w *wanted) *floor {
	f := &floor{s: s, needs: &needs, wanted: w, disks: make([]float64, len(needs.Storages))}
	f.z, _ = z.(sizing.Bounded)
	for j := range f.disks {
		f.disks[j] = s.weights.shard * float64(max(0, needs.Shards-1))
	}
	if f.z == nil || !s.storage {
		return f
	}
	for j, st := range needs.Storages {
		for _, u := range f.z.Floor(st) {
			f.disks[j] += s.leastCost(u)
		}
	}
	return f
}

// month is a lower bound on what a node of a candidate costs a month in a
// region, at the wanted purchase.
func (f *floor) month(k *candidate, region int) float64 {
	if f.wanted == nil {
		return k.price[region]
	}
	r, err := f.s.rate(f.wanted, region, k.t)
	if err != nil || !r.ok {
		return 0 // rank rejects it
	}
	return r.Least(f.s.hours, f.s.whole)
}

func (f *floor) price(k *candidate, nodes []float64) float64 {
	sum, w := 0.0, &f.s.weights
	for r, n := range nodes {
		month := f.month(k, r)
		sum += n * (month + w.atLeast(k.t)*month + w.node + f.s.each.dollars[r])
	}
	return sum
}

// allTooDear tells whether a type and all after it, none of which costs less in
// any region than this one does in its cheapest, are too dear for what has been
// found.
func (f *floor) allTooDear(k *candidate, best float64) bool {
	if f.wanted != nil {
		return false // candidates are in the order of their prices on demand
	}
	sum := slices.Min(f.disks)
	for r, n := range f.needs.MinNodes {
		sum += n * (k.least + f.s.weights.node + f.s.each.dollars[r])
	}
	return sum > best*(1+2e-9) // beyond what tooDear asks for, whatever the rounding
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
