package capacity

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The part of their load that 11 nodes carry, from the limits above:
//
//	own load     11 × 1.2 / 10 = 1.32
//	node loss    10 × 1.7 / 10 = 1.7
//	zone loss     7 × 1.7 / 10 = 1.19
//	region loss  11 × 1.7 / 18 = 1.039
//	catch-up     11 × 2 / 18 = 1.222
func TestServeInEveryState(t *testing.T) {
	r := Role{Needs: []Need{tenCPUs()}, Week: peak, Zones: 3, Survive: allLosses, Warm: 1}
	want := map[State]float64{Own: 1.32, NodeLost: 1.7, ZoneLost: 1.19, RegionLost: 11 * 1.7 / 18, CatchUp: 22.0 / 18}
	for s, part := range want {
		got, of := r.Serve(11, s, peak[0])
		require.InEpsilon(t, part, got, 1e-8, s)
		require.Equal(t, CPU, of)
	}
	// Half of the load: twice the part. No load: any part.
	part, _ := r.Serve(11, Own, Hour{Local: 0.5})
	require.InEpsilon(t, 2.64, part, 1e-8)
	part, of := r.Serve(11, Own, Hour{})
	require.True(t, math.IsInf(part, 1))
	require.Zero(t, of)
	// One node: none is left of it, and of no node nobody either.
	for _, n := range []int{0, 1} {
		part, of = r.Serve(n, NodeLost, peak[0])
		require.Zero(t, part)
		require.Equal(t, CPU, of)
	}
	// Of more needs the one that is served least.
	slow := Shared(NetworkIn, Claim{Load: Linear{Local: 10}}, 1, 0.60, 0.85)
	r.Needs = append(r.Needs, slow)
	part, of = r.Serve(11, Own, peak[0])
	require.InEpsilon(t, 0.66, part, 1e-8)
	require.Equal(t, NetworkIn, of)
}

// What is held takes its part of the nodes first. Three nodes may have 40 bytes
// each in use. 60 of these 120 are held, so that 60 are left for a load of 30.
func TestServeWhatIsHeld(t *testing.T) {
	need := Shared(Memory, Claim{Load: Linear{Local: 30}, Held: 60}, 100, 0.40, 1)
	r := Role{Needs: []Need{need}, Week: peak, Zones: 1}
	part, _ := r.Serve(3, Own, peak[0])
	require.InEpsilon(t, 2, part, 1e-8)
	part, _ = r.Serve(2, Own, peak[0]) // 80 - 60 = 20 of 30
	require.InEpsilon(t, 20.0/30, part, 1e-8)
	part, of := r.Serve(1, Own, peak[0])
	require.Zero(t, part, "it holds 40 of 60")
	require.Equal(t, Memory, of)

	// Held alone: it fits or it does not; 60 in 60 bytes does.
	held := Need{Of: DiskBytes}
	held.In[Own] = Balance{Each: Claim{Held: 60}, Have: 100, Target: 0.20, Checked: true}
	r.Needs = []Need{held}
	part, _ = r.Serve(3, Own, peak[0])
	require.True(t, math.IsInf(part, 1))
	part, _ = r.Serve(2, Own, peak[0])
	require.Zero(t, part)
}

// What fits but for rounding fits, whatever the number of nodes.
func TestRoundingIsNoNode(t *testing.T) {
	third := 1.0 / 3
	need := Shared(CPU, Claim{Load: Linear{Local: 0.1 + 0.2}}, 0.3, third, third)
	r := Role{Needs: []Need{need}, Week: peak, Zones: 1}
	n, _ := r.Least()
	require.Equal(t, 3, n)
	part, _ := r.Serve(3, Own, peak[0])
	require.GreaterOrEqual(t, part, 1.0)
	require.Equal(t, 1, Ceil(1+1e-10))
	require.Equal(t, 2, Ceil(1+1e-8))
	require.Equal(t, 0, Ceil(-1))
	require.Equal(t, MaxNodes+1, Ceil(math.NaN()))
}
