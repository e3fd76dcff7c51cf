package plan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// What the search leaves out as too dear does not cost less than it was said to cost at
// least: on every type and storage, in every structure.
func TestNoLayoutCostsLessThanItsFloor(t *testing.T) {
	c := testCatalog(t)
	for _, size := range []string{"small", "medium", "large"} {
		for _, mode := range []string{"", "optimal"} {
			p, err := searchProfile(parseProfile(t, profileSource(t, size)), c, Options{Purchase: mode})
			require.NoError(t, err)
			require.Greater(t, aboveFloors(t, p), 1000, size)
		}
	}
	eachKind(t, 0.30, func(rt require.TestingT, _ string, draw func() *workload.Profile, _ *rapid.T) bool {
		p := searchAny(rt, draw(), c, Options{})
		if p != nil {
			aboveFloors(rt, p)
		}
		return p != nil
	})
}

// aboveFloors holds all layouts of all components against the floor, and counts them.
func aboveFloors(t require.TestingT, p *Plan) (layouts int) {
	for _, c := range p.Order {
		if c.Pinned || c.Layout.Type == nil {
			continue
		}
		kind, _ := sizing.Find(c.Component.Kind)
		task := p.System.Task(c.Component)
		z, err := kind.Prepare(task)
		require.NoError(t, err)
		f, err := p.search.contest(task, z)
		require.NoError(t, err)
		for i := range f.ways {
			layouts += f.aboveFloor(t, &f.ways[i])
		}
	}
	return layouts
}

func (f *contest) aboveFloor(t require.TestingT, w *way) (layouts int) {
	floor := f.s.floorOf(w.Sizer, w.needs, f.wanted)
	for i := range f.list {
		k := &f.list[i]
		for j, st := range w.needs.Storages {
			x, rej := f.try(w, k, st, math.Inf(1))
			if rej != nil || x.cost.unpriced > 0 {
				continue
			}
			layouts++
			cost := x.cost.running()
			if floor.allTooDear(k, cost) || floor.tooDear(k, cost) || floor.tooDearOn(k, j, cost) {
				require.Failf(t, "the floor is above a layout", "%s on %s %s: %v", f.c.Name, k.t.Name, st, cost)
			}
			f.aboveFloorOfShards(t, w, k, st)
		}
	}
	return layouts
}

// aboveFloorOfShards holds layouts with more shards than they must have against theirs.
func (f *contest) aboveFloorOfShards(t require.TestingT, w *way, k *candidate, st sizing.Storage) {
	z, ok := w.Sizer.(sizing.Splitter)
	for more := 0; ok && z.Split(1) != nil && more < 12; more++ {
		x, rej := f.fit(w, z.Split(more), k, st)
		if rej != nil {
			return
		}
		if f.floor(w).tooManyShards(k, st, x.layout.Shards, x.cost.running()) {
			require.Failf(t, "the floor is above a layout", "%s on %s %s, %d shards", f.c.Name, k.t.Name, st,
				x.layout.Shards)
		}
	}
}
