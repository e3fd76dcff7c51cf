package plan

import (
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// floor is a lower bound on the running cost of a component on a type and a
// storage, for leaving out what cannot win.
type floor struct {
	s      *search
	z      sizing.Bounded // nil where only the structural minimum is known
	needs  *sizing.Needs
	wanted *wanted
	fixed  []float64 // dollars of every layout by storage, whatever the type and its nodes
	least  []float64 // room for nodes by region
}

func (s *search) floorOf(z sizing.Sizer, needs sizing.Needs, w *wanted) *floor {
	f := &floor{s: s, needs: &needs, wanted: w, fixed: make([]float64, len(needs.Storages))}
	f.z, _ = z.(sizing.Bounded)
	for j := range f.fixed {
		f.fixed[j] = float64(s.weights.shard * float64(max(0, needs.Shards-1)))
	}
	if f.z == nil || !s.storage {
		return f
	}
	for j, st := range needs.Storages {
		f.fixed[j] += f.beside(f.z.Floor(st))
	}
	return f
}

// beside is what a layout costs at least beside the nodes of the type that is chosen.
func (f *floor) beside(x sizing.Floor) float64 {
	sum := 0.0
	for _, u := range x.Usage {
		sum += f.s.leastCost(u)
	}
	var room [2]sizing.Usage
	for _, flow := range x.Crossings {
		for _, u := range f.s.sys.Carried(room[:0], flow) {
			sum += f.s.leastCost(u)
		}
	}
	return sum + f.others(x.Pools)
}

// others are a lower bound on what nodes cost that have types of their own.
func (f *floor) others(pools []sizing.Pool) float64 {
	sum := 0.0
	for i := range pools {
		p := &pools[i]
		price, _ := f.s.tables.nodeMonth(p.Region, f.s.tables.Market.Of(p.Type)) // only what is priced is chosen
		sum += f.nodes(p.Mean, p.Region, p.Type, price)
	}
	return sum
}

// nodes are a lower bound on what so many nodes of a type cost a month in a region, at
// the wanted purchase; price is that of one on demand.
func (f *floor) nodes(n float64, region int, t *catalog.NodeType, price float64) float64 {
	month, w := price, &f.s.weights
	if f.wanted != nil && !f.s.byTheMonth(region, t) {
		month = 0 // where rank rejects it
		if r, err := f.s.rate(f.wanted, region, t); err == nil && r.ok {
			month = r.Least(f.s.hours, f.s.whole)
		}
	}
	return float64(n * (month + float64(w.atLeast(t)*month) + w.node + f.s.beside(t, region)))
}

func (f *floor) price(k *candidate, nodes []float64) float64 {
	sum := 0.0
	for r, n := range nodes {
		sum += f.nodes(n, r, k.t, k.price[r])
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
	sum := slices.Min(f.fixed)
	for r, n := range f.needs.MinNodes {
		beside := f.s.each.dollars[r]
		if len(f.s.own.hosts) > 0 {
			beside = 0 // one of those after it may boot from a disk of its own
		}
		sum += float64(n * (k.least + f.s.weights.node + beside))
	}
	return sum > best*(1+2e-9) // beyond what tooDear asks for, whatever the rounding
}

// tooDear tells whether a type costs more than the best layout found even at the
// structural minimum of nodes, on any storage.
func (f *floor) tooDear(k *candidate, best float64) bool {
	return f.price(k, f.needs.MinNodes)+slices.Min(f.fixed) > best*(1+1e-9)
}

// tooManyShards tells whether a type costs more than a limit with so many shards, of a
// structure that may have more of them than it must. Still more then cost more too: each
// has its weight and its least nodes, and what all of them need for the load stays.
func (f *floor) tooManyShards(k *candidate, st sizing.Storage, shards int, limit float64) bool {
	j := slices.Index(f.needs.Storages, st)
	f.least = append(f.least[:0], f.needs.MinNodes...)
	sum := f.fixed[j] + float64(f.s.weights.shard*float64(shards-f.needs.Shards))
	if f.z != nil {
		sum += f.others(f.z.Bound(k.t, st, f.least))
	}
	for r, n := range f.needs.MinNodes {
		f.least[r] = max(f.least[r], n/float64(f.needs.Shards)*float64(shards))
	}
	return f.price(k, f.least)+sum > limit*(1+1e-9)
}

// tooDearOn tells whether a type costs more than the best layout found even at the least
// number of nodes that may do on one storage.
func (f *floor) tooDearOn(k *candidate, storage int, best float64) bool {
	if f.z == nil {
		return f.price(k, f.needs.MinNodes)+f.fixed[storage] > best*(1+1e-9)
	}
	f.least = append(f.least[:0], f.needs.MinNodes...)
	others := f.z.Bound(k.t, f.needs.Storages[storage], f.least)
	most := best * (1 + 1e-9)
	sum := f.price(k, f.least) + f.fixed[storage]
	return sum > most || len(others) > 0 && sum+f.others(others) > most
}
