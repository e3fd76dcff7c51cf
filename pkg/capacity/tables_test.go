package capacity

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	allLosses = Survive{Node: true, Zone: true, Region: true}
	// peak is one hour for the whole week: all of the region's own load, and 1.8
	// times as much with another region lost.
	peak = []Hour{{Local: 1, LostLocal: 1.8, Hours: 168}}
)

// tenCPUs needs 10 vCPU of nodes with 2, of which 1.2 may be used in the normal
// state and 1.7 while something is lost. Workers that catch up bring 8 more.
func tenCPUs() Need {
	n := Shared(CPU, Claim{Load: Linear{Local: 10}}, 2, 0.60, 0.85)
	n.Late(Claim{Load: Linear{Local: 8}})
	return n
}

// What each state asks of ten vCPUs in three zones:
//
//	own load     10 / 1.2 = 8.3: 9 nodes
//	node loss    10 / 1.7 = 5.9: 6 left of 7
//	zone loss    6 left of 6 + 6/2 = 9, of which the zone has 3
//	region loss  18 / 1.7 = 10.6: 11
//	catch-up     18 / 2 = 9
func TestLeastInEveryState(t *testing.T) {
	late := tenCPUs()
	calm := late
	calm.In[CatchUp] = Balance{}
	for _, x := range []struct {
		name    string
		need    Need
		survive Survive
		nodes   int
		by      State
	}{
		{"nothing is lost", calm, Survive{}, 9, Own},
		{"a lost node asks for less than the own load", calm, Survive{Node: true}, 9, Own},
		{"as many for a lost zone: the first decides", calm, Survive{Zone: true}, 9, Own},
		{"a lost region asks for the most", calm, allLosses, 11, RegionLost},
		{"catching up is checked whatever must be survived", late, Survive{}, 9, Own},
	} {
		r := Role{Needs: []Need{x.need}, Week: peak, Zones: 3, Survive: x.survive, Warm: 1, Floor: 1}
		n, by := r.Least()
		require.Equal(t, x.nodes, n, x.name)
		require.Equal(t, x.by, by.State, x.name)
		require.Equal(t, CPU, by.Of, x.name)
	}
	// Each state alone, without the others.
	for s, want := range map[State]int{Own: 9, NodeLost: 7, ZoneLost: 9, RegionLost: 11, CatchUp: 9} {
		alone := Need{Of: CPU}
		alone.In[s] = late.In[s]
		r := Role{Needs: []Need{alone}, Week: peak, Zones: 3, Survive: allLosses, Warm: 1}
		n, by := r.Least()
		require.Equal(t, want, n, s)
		require.Equal(t, s, by.State)
	}
}

// What decides is told with what all nodes need and one may carry.
func TestBound(t *testing.T) {
	r := Role{Needs: []Need{tenCPUs()}, Week: peak, Zones: 3, Survive: allLosses, Warm: 1}
	_, by := r.Least()
	require.Equal(t, Bound{CPU, RegionLost, 18, 1.7}, by)
	r.Floor = 11
	n, by := r.Least()
	require.Equal(t, 11, n)
	require.Equal(t, Bound{State: Always}, by, "the floor alone asks for as many")
}

// Of 11 nodes in three zones 10 are left of a lost node, 7 of a lost zone.
func TestCheckInEveryState(t *testing.T) {
	r := Role{Needs: []Need{tenCPUs()}, Week: peak, Zones: 3, Survive: allLosses, Warm: 1}
	limits := r.Check(11)
	// 6 nodes carry the own load at what is allowed while something is lost.
	require.Equal(t, []Limit{
		{Of: CPU, State: Own, Need: 10, Have: 22, Target: 0.60, Nodes: 9, Left: 6},
		{Of: CPU, State: NodeLost, Need: 10, Have: 20, Target: 0.85, Nodes: 7, Left: 6},
		{Of: CPU, State: ZoneLost, Need: 10, Have: 14, Target: 0.85, Nodes: 9, Left: 6},
		{Of: CPU, State: RegionLost, Need: 18, Have: 22, Target: 0.85, Nodes: 11, Left: 6},
		{Of: CPU, State: CatchUp, Need: 18, Have: 22, Target: 1, Nodes: 9, Left: 6},
	}, limits)
	require.False(t, Bind(limits, 12), "none of them asks for 12")
	require.True(t, Bind(limits, 11))
	for _, l := range limits {
		require.Equal(t, l.State == RegionLost, l.Binding)
	}
	require.InDelta(t, 18.0/22, limits[3].Utilisation(), 1e-12)
	require.InDelta(t, 1-18/(22*0.85), limits[3].Slack(), 1e-12)

	// A role that is not held to a loss has no such limit; without a region's
	// users to take over and without anything to catch up there is none either.
	r.Survive = Survive{Region: true}
	r.Week = []Hour{{Hours: 168}}
	limits = r.Check(11)
	require.Equal(t, []Limit{{Of: CPU, State: Own, Have: 22, Target: 0.60}}, limits)
	require.Zero(t, (&Limit{Need: 1}).Utilisation())
	require.Zero(t, (&Limit{Need: 1}).Slack())
}

// Two of the five states, the hour of the greatest load in each.
func TestCheckTakesTheWorstHour(t *testing.T) {
	need := Shared(CPU, Claim{Load: Linear{Local: 10, Global: 5}}, 2, 0.5, 1)
	r := Role{Needs: []Need{need}, Zones: 1, Survive: Survive{Region: true}, Week: []Hour{
		{Local: 1, Global: 0.2, LostLocal: 1, LostGlobal: 0.2, Hours: 100}, // 11 and 11
		{Local: 0.5, Global: 1, LostLocal: 1, LostGlobal: 1, Hours: 68},    // 10 and 15
	}}
	limits := r.Check(11)
	require.Equal(t, []float64{11, 15}, []float64{limits[0].Need, limits[1].Need})
	require.Equal(t, []int{11, 8}, []int{limits[0].Nodes, limits[1].Nodes}) // 11/1, 15/2
}

// A need with three copies, of 4 each; a node may carry 5. Fewer nodes than
// copies hold fewer copies, so that one node may do where three need no more.
// What comes once for all copies is added:
//
//	once 0   one node has one copy: 4 of 5
//	once 1   5 of 5
//	once 2   6 of 5; two nodes, two copies: 10 of 10
//	once 3   11 of 10; three nodes: 15 of 15
//	once 4   16 of 15; four nodes: 16 of 20
func TestLeastWithCopies(t *testing.T) {
	for once, want := range []int{1, 1, 2, 3, 4} {
		need := Need{Of: NetworkIn, Copies: 3}
		side := Balance{Each: Claim{Load: Linear{Local: 4}}, Once: Claim{Held: float64(once)},
			Have: 10, Target: 0.5, Checked: true}
		need.In[Own], need.In[NodeLost] = side, side
		r := Role{Needs: []Need{need}, Week: peak, Zones: 3}
		n, _ := r.Least()
		require.Equal(t, want, n, once)
		// With a node lost, one more.
		r.Survive.Node = true
		n, by := r.Least()
		require.Equal(t, want+1, n, once)
		require.Equal(t, NodeLost, by.State)
	}
}

// Three copies of 6 each, and 1 once; a node may carry 5. One node has one copy, two
// have two, three and four have three: 7, 13, 19 and 19. When one of them is lost,
// the others have as many copies as there are nodes left.
func TestCheckWithCopies(t *testing.T) {
	need := Need{Of: NetworkIn, Copies: 3}
	side := Balance{Each: Claim{Load: Linear{Local: 6}}, Once: Claim{Held: 1}, Have: 10, Target: 0.5, Checked: true}
	need.In[Own], need.In[NodeLost] = side, side
	r := Role{Needs: []Need{need}, Week: peak, Zones: 3, Survive: Survive{Node: true}}
	for _, x := range []struct {
		nodes             int
		need, lost, serve float64
	}{
		{1, 7, 7, 4.0 / 6}, // once 1 of 5, so that 4 are left
		{2, 13, 7, 9.0 / 12},
		{3, 19, 13, 14.0 / 18},
		{4, 19, 19, 19.0 / 18},
	} {
		own, lost := r.Check(x.nodes)[0], r.Check(x.nodes)[1]
		have := float64(x.nodes) * 10
		require.Equal(t, Limit{Of: NetworkIn, State: Own, Need: x.need, Have: have, Target: 0.5, Nodes: 4}, own)
		want := Limit{Of: NetworkIn, State: NodeLost, Need: x.lost, Have: have - 10, Target: 0.5, Nodes: 5}
		require.Equal(t, want, lost)
		part, _ := r.Serve(x.nodes, Own, peak[0])
		require.InEpsilon(t, x.serve, part, 1e-8)
	}
	// No node left: the need of one copy is unmet, not gone.
	lost := r.Check(1)[1]
	require.Equal(t, Limit{Of: NetworkIn, State: NodeLost, Need: 7, Have: 0, Target: 0.5, Nodes: 5}, lost)
}

// Less for all copies together than for each alone, as of a log that nobody reads:
// its brokers send copies to each other, one less than there are. One node passes
// by chance, two do not: the least is what any greater number passes as well.
//
//	1 node   2 - 1.9 = 0.1 of 1
//	2 nodes  4 - 1.9 = 2.1 of 2
//	3 nodes  6 - 1.9 = 4.1 of 3; from there on 4.1: 5 nodes
func TestLeastHoldsForAnyGreater(t *testing.T) {
	need := Need{Of: NetworkOut, Copies: 3}
	need.In[Own] = Balance{Each: Claim{Load: Linear{Local: 2}}, Once: Claim{Load: Linear{Local: -1.9}},
		Have: 1, Target: 1, Checked: true}
	r := Role{Needs: []Need{need}, Week: peak, Zones: 1}
	n, _ := r.Least()
	require.Equal(t, 5, n)
}

// 100 bytes that are held, on nodes with 50 of which 40 may be full, or all once a
// lost node's part is rebuilt: 100/40 = 2.5: 3; 100/50 = 2, of 3.
func TestLeastOfWhatIsHeld(t *testing.T) {
	need := Need{Of: DiskBytes}
	need.In[Own] = Balance{Each: Claim{Held: 100}, Have: 50, Target: 0.80, Checked: true}
	need.In[NodeLost] = Balance{Each: Claim{Held: 100}, Have: 50, Target: 1, Checked: true}
	r := Role{Needs: []Need{need}, Week: []Hour{{Hours: 168}}, Zones: 3, Survive: allLosses}
	n, by := r.Least()
	require.Equal(t, 3, n)
	require.Equal(t, Own, by.State)
	require.Len(t, r.Check(3), 2, "nothing is asked when a zone or a region is lost")
	// 120 bytes: 3 in the normal state, 120/50 = 2.4: 3 of 4 after a loss.
	for _, s := range []State{Own, NodeLost} {
		r.Needs[0].In[s].Each.Held = 120
	}
	n, by = r.Least()
	require.Equal(t, 4, n)
	require.Equal(t, NodeLost, by.State)
}

// A passive region for the users of a lost one: 4 vCPU of its own in 8 hours and
// 2.4 in the others, 20 with the other region lost. Nodes have 1.2 in the normal
// state, 1.7 after a loss:
//
//	full size     20 / 1.7 = 11.8: 12
//	own load      4 / 1.2 = 3.3: 4; else 2
//	half of 12    6
//	a fifth       2.4: 3; but 4 in the 8 hours
func TestWarmRegion(t *testing.T) {
	need := Shared(CPU, Claim{Load: Linear{Local: 10}}, 2, 0.60, 0.85)
	r := Role{Needs: []Need{need}, Zones: 3, Survive: Survive{Region: true},
		Week: []Hour{{Local: 0.24, LostLocal: 2, Hours: 160}, {Local: 0.4, LostLocal: 2, Hours: 8}}}
	for _, x := range []struct {
		warm float64
		want []NodeHours
	}{
		{1, []NodeHours{{12, 168}}},
		{0.5, []NodeHours{{6, 168}}},
		{0.2, []NodeHours{{3, 160}, {4, 8}}},
		{0, []NodeHours{{2, 160}, {4, 8}}},
	} {
		r.Warm = x.warm
		got, over := r.Follow()
		require.Nil(t, over)
		require.Equal(t, x.want, got, x.warm)
	}
}

// The week of nodes that follow the load, each hour as if it were the only one.
func TestFollow(t *testing.T) {
	need := Shared(CPU, Claim{Load: Linear{Local: 12}}, 2, 0.60, 0.85)
	r := Role{Needs: []Need{need}, Zones: 1, Floor: 3, Warm: 1,
		Week: []Hour{{Local: 0.5, Hours: 100}, {Local: 1, Hours: 1}, {Local: 0.1, Hours: 60}, {Local: 0.45, Hours: 7}}}
	counts, over := r.Follow()
	require.Nil(t, over)
	require.Equal(t, []NodeHours{{3, 60}, {5, 107}, {10, 1}}, counts) // 1.2, 5.4 and 6, 12 of 1.2 a node
}

// One node must be left of each loss. A lost zone of two has half of the nodes,
// of three a third, rounded up.
func TestStructural(t *testing.T) {
	for _, x := range []struct {
		survive Survive
		zones   int
		want    int
	}{
		{Survive{}, 3, 1},
		{Survive{Region: true}, 3, 1},
		{Survive{Node: true}, 3, 2},
		{Survive{Zone: true}, 2, 2},
		{Survive{Zone: true}, 3, 2},
		{Survive{Zone: true}, 1, 1}, // whoever asks for it refuses such a region
		{allLosses, 6, 2},
	} {
		require.Equal(t, x.want, x.survive.Structural(x.zones), x)
	}
}

// How many of n nodes are left: zones hold ⌈n/3⌉ at most.
func TestLeft(t *testing.T) {
	r := Role{Zones: 3}
	for n, want := range [][States]int{
		{0, 0, 0, 0, 0}, {1, 0, 0, 1, 1}, {2, 1, 1, 2, 2}, {3, 2, 2, 3, 3}, {4, 3, 2, 4, 4}, {5, 4, 3, 5, 5},
		{6, 5, 4, 6, 6}, {7, 6, 4, 7, 7},
	} {
		for s := range State(States) {
			require.Equal(t, want[s], r.Left(s, n), "%d nodes, %s", n, s)
		}
	}
	require.Zero(t, (&Role{}).Left(ZoneLost, 4), "one zone has all")
	replaced := Role{Zones: 3, Replaced: true}
	for s := range State(States) {
		require.Equal(t, 4, replaced.Left(s, 4), "others step in")
	}
}

// Where others step in for lost nodes, a loss takes no more nodes: 10/1.7 = 5.9: 6
// carry it, 9 the own load.
func TestReplaced(t *testing.T) {
	need := tenCPUs()
	need.In[Own], need.In[RegionLost], need.In[CatchUp] = Balance{}, Balance{}, Balance{}
	r := Role{Needs: []Need{need}, Week: peak, Zones: 3, Survive: allLosses, Replaced: true}
	n, by := r.Least()
	require.Equal(t, 6, n)
	require.Equal(t, NodeLost, by.State)
}

// What a node has nothing of fits no number of nodes, unless nothing is needed.
func TestImpossible(t *testing.T) {
	for name, need := range map[string]Need{
		"nothing there":   Shared(CPU, Claim{Load: Linear{Local: 1}}, 0, 0.60, 0.85),
		"nothing allowed": Shared(CPU, Claim{Held: 1}, 2, 0, 0),
		"far too much":    Shared(CPU, Claim{Load: Linear{Local: 1e12}}, 2, 0.60, 0.85),
		"no number":       Shared(CPU, Claim{Load: Linear{Local: math.Inf(1)}}, 2, 0.60, 0.85),
	} {
		r := Role{Needs: []Need{tenCPUs(), need}, Week: peak, Zones: 3, Survive: allLosses, Warm: 1}
		n, by := r.Least()
		require.Greater(t, n, MaxNodes, name)
		require.Equal(t, State(Own), by.State, name)
		_, over := r.Hourly(nil)
		require.Equal(t, by, *over, name)
		counts, over := r.Follow()
		require.Nil(t, counts, name)
		require.Equal(t, by, *over, name)
		part, of := r.Serve(100, Own, peak[0])
		require.Less(t, part, 1e-3, name)
		require.Equal(t, CPU, of, name)
	}
	nothing := Shared(CPU, Claim{}, 0, 0.60, 0.85)
	r := Role{Needs: []Need{nothing}, Week: peak, Zones: 3, Survive: allLosses, Warm: 1, Floor: 2}
	n, _ := r.Least()
	require.Equal(t, 2, n)
	part, _ := r.Serve(2, Own, peak[0])
	require.True(t, math.IsInf(part, 1))
}

func TestStateNames(t *testing.T) {
	for s, want := range []string{"own load", "node loss", "zone loss", "region loss", "catch-up", "structure"} {
		text, err := State(s).MarshalText()
		require.NoError(t, err)
		require.Equal(t, want, string(text))
	}
	require.Equal(t, Own, Survive{}.Worst())
	require.Equal(t, NodeLost, Survive{Node: true}.Worst())
	require.Equal(t, ZoneLost, Survive{Node: true, Zone: true}.Worst())
	require.Equal(t, RegionLost, allLosses.Worst())
}
