package plan

import (
	"iter"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// built is a structure on a storage.
type built struct {
	way     sizing.Sizer
	storage sizing.Storage
}

// every is all structures on all of their storages.
func every(ways []sizing.Sizer) (out []built) {
	for _, w := range ways {
		for _, st := range w.Needs().Storages {
			out = append(out, built{w, st})
		}
	}
	return out
}

// fits are the layouts of a structure on a type: where it is one of shards, with every
// number of them until their servers alone, as they are on the bill, cost more than the
// cheapest of these layouts does to run.
func (b *brute) fits(x built, t *catalog.NodeType) iter.Seq[bruteChoice] {
	return func(yield func(bruteChoice) bool) {
		var best bruteChoice
		way := x.way
		for more := 1; way != nil; more++ {
			l, rej := way.Fit(t, x.storage)
			if rej != nil {
				return
			}
			y := b.choice(l)
			if !yield(y) {
				return
			}
			if y.before(&best) {
				best = y
			}
			servers := &sizing.Layout{Type: t}
			for _, p := range l.Pools {
				if p.Role != "replica" && p.Type == nil {
					servers.Pools = append(servers.Pools, p)
				}
			}
			z, ok := x.way.(sizing.Splitter)
			if cost, _ := b.cost(servers); !ok || cost.Cmp(best.running) > 0 {
				return
			}
			way = z.Split(more)
		}
	}
}
