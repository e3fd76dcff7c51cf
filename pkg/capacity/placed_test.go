package capacity

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// halves is a role that holds two copies of so many shards, 100 in all. Each of its
// nodes may carry have.
func halves(shards int, have float64) *Role {
	r := copied(2, 50, 0, have)
	r.Needs[0].Parts = shards
	return r
}

// One shard with one replica: of three nodes two work, each for a half.
func TestOneShardKeepsTwoNodesBusy(t *testing.T) {
	r := halves(1, 49)
	l := r.Limit(&r.Needs[0], Own, 3)
	require.Equal(t, [2]int{1, 2}, [2]int{l.Most, l.Parts})
	require.InDelta(t, 50.0/49, l.Utilisation(), 1e-12)
	require.Equal(t, MaxNodes+1, l.Nodes, "more nodes do not help")
	n, _ := r.Least()
	require.Equal(t, MaxNodes+1, n)
	part, _ := r.Serve(3, Own, r.Week[0])
	require.Zero(t, part, "what is held does not fit")

	// Three shards are six copies: two on each of three nodes.
	n, _ = halves(3, 34).Least()
	require.Equal(t, 3, n)
	// Two shards are four copies: one of three nodes has two, so four it takes.
	n, _ = halves(2, 34).Least()
	require.Equal(t, 4, n)
}

// A zone takes no more copies of a part than its share: of three copies one is in
// each of three zones, also where a zone has lost one of two nodes.
func TestTheWeakestZoneKeepsItsCopies(t *testing.T) {
	r := copied(3, 60, 0, 60)
	r.Needs[0].Parts, r.Zoned, r.Survive = 6, true, Survive{Node: true}
	require.Equal(t, 3, r.Most(&r.Needs[0], Own, 6))
	require.Equal(t, 6, r.Most(&r.Needs[0], NodeLost, 6), "18 copies on 5 nodes could be 4 each")
	require.InDelta(t, 60, r.PerNode(&r.Needs[0], NodeLost, 6), 1e-12)
	r.Zoned = false
	require.Equal(t, 4, r.Most(&r.Needs[0], NodeLost, 6))

	// Where a node may carry two thirds of a copy the zone needs two beside the lost one.
	r = copied(3, 60, 0, 40)
	r.Needs[0].Parts, r.Zoned, r.Survive = 6, true, Survive{Node: true}
	n, by := r.Least()
	require.Equal(t, 9, n)
	require.Equal(t, NodeLost, by.State)
}

// Nodes come in multiples of the zones, whatever asks for them.
func TestZonedNodesAreMultiples(t *testing.T) {
	r := copied(1, 4, 0, 1)
	r.Zoned, r.Floor = true, 1
	n, _ := r.Least()
	require.Equal(t, 6, n)
	a := r.Ask(&r.Needs[0])
	require.Equal(t, 6, r.Answer(&a, 1))
	require.Equal(t, 6, r.Limit(&r.Needs[0], Own, 6).Nodes)
	_, short := r.Short(6)
	require.False(t, short)
	by, short := r.Short(3)
	require.True(t, short)
	require.Equal(t, CPU, by.Of)
	r.Needs = nil
	n, by = r.Least()
	require.Equal(t, 3, n)
	require.Equal(t, Always, by.State)
}

// Most is what a placement can reach and none beats: found by trying, with a flow
// of copies over zones to nodes.
func TestMostIsTheBestPlacement(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := Role{Zones: rapid.IntRange(1, 4).Draw(t, "zones"), Zoned: rapid.Bool().Draw(t, "zoned"),
			Survive: allLosses}
		n := r.Zones * rapid.IntRange(1, 3).Draw(t, "nodes of a zone")
		need := Need{Of: CPU, Copies: rapid.IntRange(1, 5).Draw(t, "copies"),
			Parts: rapid.IntRange(1, 7).Draw(t, "parts")}
		s := rapid.SampledFrom([]State{Own, NodeLost, ZoneLost}).Draw(t, "state")
		if r.Left(s, n) == 0 || !r.Checks(s) {
			require.Zero(t, r.Most(&need, NodeLost, 1))
			return
		}
		nodes := make([]int, r.Zones) // by zone
		for i := range nodes {
			nodes[i] = n / r.Zones
		}
		switch s {
		case NodeLost:
			nodes[0]--
		case ZoneLost:
			nodes[0] = 0
		}
		copies, zones := min(need.Copies, r.Left(s, n)), 0
		for _, k := range nodes {
			if k > 0 {
				zones++
			}
		}
		perZone := copies
		if r.Zoned {
			perZone = (copies + zones - 1) / zones
		}
		most := 1
		for !placeable(nodes, need.Parts, copies, perZone, most) {
			most++
		}
		require.Equal(t, most, r.Most(&need, s, n))
	})
}

// placeable tells whether copies of so many parts can be placed: no two of a part on
// a node, at most perZone of a part in a zone, at most so many on any node. It asks
// for the greatest flow of copies from parts over their zones to nodes.
func placeable(nodes []int, parts, copies, perZone, most int) bool {
	zones, count := len(nodes), 0
	for _, k := range nodes {
		count += k
	}
	// The points: a source, a sink, parts, a part's zones, nodes.
	part := func(p int) int { return 2 + p }
	zone := func(p, z int) int { return 2 + parts + p*zones + z }
	node := func(i int) int { return 2 + parts + parts*zones + i }
	flow := newFlow(node(count))
	for p := range parts {
		flow[0][part(p)] = copies
		i := 0
		for z, k := range nodes {
			flow[part(p)][zone(p, z)] = perZone
			for range k {
				flow[zone(p, z)][node(i)] = 1
				i++
			}
		}
	}
	for i := range count {
		flow[node(i)][1] = most
	}
	sent := 0
	for flow.send(0, map[int]bool{}) {
		sent++
	}
	return sent == parts*copies
}

// flow is how much more can go from one point to another.
type flow [][]int

func newFlow(points int) flow {
	f := make(flow, points)
	for i := range f {
		f[i] = make([]int, points)
	}
	return f
}

// send sends one from a point to the sink, which is point 1, if there is a way.
func (f flow) send(from int, seen map[int]bool) bool {
	if from == 1 {
		return true
	}
	seen[from] = true
	for to := range f {
		if f[from][to] > 0 && !seen[to] && f.send(to, seen) {
			f[from][to]--
			f[to][from]++
			return true
		}
	}
	return false
}
