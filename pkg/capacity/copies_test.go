package capacity

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// copied is a role with one need that is held: each on every one of so many
// copies, once whatever their number. A node may carry have of it.
func copied(copies int, each, once, have float64) *Role {
	n := Need{Of: CPU, Copies: copies}
	for s := range n.In {
		n.In[s] = Balance{Each: Claim{Held: each}, Once: Claim{Held: once}, Have: have, Target: 1, Checked: true}
	}
	return &Role{Needs: []Need{n}, Week: []Hour{{Hours: 168}}, Zones: 3}
}

// Fewer nodes than copies hold fewer copies: the need shrinks with them.
func TestFewerNodesThanCopies(t *testing.T) {
	for _, x := range []struct {
		each, once, have float64
		want             int
	}{
		{1, 0, 1, 1},  // one node holds one copy: 1 ≤ 1
		{1, 2, 2, 2},  // three: 5/2 → 3; two: 4/2 = 2; one: 3/2 > 1
		{1, -1, 1, 1}, // nobody reads: only copies are sent
		{1, -1, 0.6, 4},
		{10, 0, 1, 30},
		{0, 0, 1, 0}, // no load needs no node
	} {
		n, _ := copied(3, x.each, x.once, x.have).Least()
		require.Equal(t, x.want, n, "%+v", x)
	}
}

// Each node that is left carries the same part.
func TestPerNode(t *testing.T) {
	r := copied(3, 10, 6, 100)
	r.Survive = Survive{Zone: true}
	need := &r.Needs[0]
	require.InDelta(t, 36.0/6, r.PerNode(need, Own, 6), 1e-12)
	require.InDelta(t, 36.0/4, r.PerNode(need, ZoneLost, 6), 1e-12)
	require.InDelta(t, 26.0/2, r.PerNode(need, ZoneLost, 3), 1e-12) // two copies are left
	require.Zero(t, r.PerNode(need, NodeLost, 6))                   // need not be outlived
	require.Zero(t, r.PerNode(need, ZoneLost, 1))                   // nothing is left
}

// Of two needs for which no number of nodes will do, the first is named, however
// many more nodes the second would take.
func TestLeastNamesTheFirst(t *testing.T) {
	r := copied(1, MaxNodes-1, 0, 1)
	r.Survive = Survive{Zone: true}
	r.Needs = append(r.Needs, copied(1, 2*MaxNodes, 0, 1).Needs...)
	r.Needs[1].Of = Memory
	n, by := r.Least()
	require.Equal(t, MaxNodes+1, n)
	require.Equal(t, Bound{CPU, ZoneLost, MaxNodes - 1, 1}, by)
}

// Check lists the limits that Limit gives one by one, without what a lost region
// does not ask for.
func TestLimitIsChecked(t *testing.T) {
	r := copied(3, 10, 6, 100)
	r.Survive = Survive{Node: true, Region: true}
	r.Needs[0].In[RegionLost].Each, r.Needs[0].In[RegionLost].Once = Claim{}, Claim{}
	need := &r.Needs[0]
	require.Equal(t, []Limit{r.Limit(need, Own, 6), r.Limit(need, NodeLost, 6), r.Limit(need, CatchUp, 6)}, r.Check(6))
	lost := Limit{Of: CPU, State: NodeLost, Need: 36, Have: 500, Target: 1, Nodes: 2}
	require.Equal(t, lost, r.Limit(need, NodeLost, 6))
	require.Equal(t, Limit{Of: CPU, State: RegionLost, Have: 600, Target: 1}, r.Limit(need, RegionLost, 6))
}
