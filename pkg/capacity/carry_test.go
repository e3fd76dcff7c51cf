package capacity

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// open is a role whose nodes may use all that they have in every state.
func open(r Role) Role {
	r.Needs = append([]Need(nil), r.Needs...)
	for i := range r.Needs {
		for s := range r.Needs[i].In {
			r.Needs[i].In[s].Target = 1
		}
	}
	return r
}

// lossesOf are the kinds of loss inside a region.
func lossesOf() *rapid.Generator[State] { return rapid.SampledFrom([]State{NodeLost, ZoneLost}) }

// As many nodes as Least asks for where they may use all they have carry everything with one
// of them lost, and one fewer does not.
func TestCarryAsLeast(t *testing.T) {
	drawn.CheckMost(t, 0.6, func(t *rapid.T) bool {
		r := open(smallRoles().Draw(t, "role"))
		r.Week, r.Floor, r.Zoned, r.Replaced = r.Week[:1], 0, false, false
		s := lossesOf().Draw(t, "loss")
		r.Survive = Survive{Node: s == NodeLost, Zone: s == ZoneLost}
		r.Zones = max(2, r.Zones)
		for i := range r.Needs {
			for other := range r.Needs[i].In {
				r.Needs[i].In[other].Checked = State(other) == s
			}
		}
		n, by := r.Least()
		if by.State != s || n > 500 { // nothing is needed, or no number of nodes will do
			return false
		}
		require.GreaterOrEqual(t, r.Carry(r.Left(s, n), s, r.Week[0], 1).Part, 1.0)
		require.False(t, r.Carry(r.Left(s, n), s, r.Week[0], 1).Above)
		if left := r.Left(s, n-1); left < r.Left(s, n) { // the last zone's node changes nothing
			require.Less(t, r.Carry(left, s, r.Week[0], 1).Part, 1.0)
		}
		return true
	})
}

// Carry and Serve say the same of a state where nodes may use all they have.
func TestCarryAsServe(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := open(smallRoles().Draw(t, "role"))
		s := lossesOf().Draw(t, "loss")
		for i := range r.Needs {
			r.Needs[i].In[s].Checked = true
		}
		n := rapid.IntRange(1, 40).Draw(t, "n")
		m := r.Left(s, n)
		if m <= 0 || r.before(s, m) != n {
			require.Zero(t, r.Carry(0, s, r.Week[0], 1).Part)
			return
		}
		part, of := r.Serve(n, s, r.Week[0])
		got := r.Carry(m, s, r.Week[0], 1)
		require.Equal(t, part, got.Room) // open has a target of 1
		require.Equal(t, of, got.Of)
		require.Equal(t, min(1, part), got.Part)
	})
}

// Room is how many times the load is carried within what is allowed: at so much it is, beyond
// it is not.
func TestRoomIsTheLastThatIsCarried(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := smallRoles().Draw(t, "role")
		m, s := rapid.IntRange(1, 30).Draw(t, "m"), lossesOf().Draw(t, "loss")
		h := r.Week[0]
		got := r.Carry(m, s, h, 1)
		if math.IsInf(got.Room, 1) || got.Room == 0 {
			return
		}
		require.InDelta(t, 1, r.Carry(m, s, h, got.Room).Part, 1e-9)
		require.False(t, r.Carry(m, s, h, got.Room*0.999).Above)
		require.True(t, r.Carry(m, s, h, got.Room*1.01).Above)
		require.InEpsilon(t, got.Room, r.Carry(m, s, h, 2).Room*2, 1e-9, "of the load that there is")
	})
}

// More load is never carried better, nor by fewer nodes of those that share all evenly.
func TestCarryIsMonotone(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := smallRoles().Draw(t, "role")
		for i := range r.Needs {
			r.Needs[i].Copies, r.Needs[i].Parts = 0, 0
		}
		m, s := rapid.IntRange(1, 30).Draw(t, "m"), lossesOf().Draw(t, "loss")
		k := 1 + grid().Draw(t, "more")
		got, more, fewer := r.Carry(m, s, r.Week[0], 1), r.Carry(m, s, r.Week[0], k), r.Carry(m-1, s, r.Week[0], 1)
		require.LessOrEqual(t, more.Part, got.Part)
		require.LessOrEqual(t, fewer.Part, got.Part)
		require.False(t, got.Above && !more.Above)
	})
}

// A node that carries 100, of which the policy allows 85, does more than that at 90 and less
// than it all at 110.
func TestCarryByHand(t *testing.T) {
	r := Role{Needs: []Need{Shared(CPU, Claim{Load: Linear{Local: 300}, Held: 60}, 100, 0.6, 0.85)}, Zones: 3, Warm: 1}
	peak := Hour{Local: 1, Global: 1}
	got := r.Carry(4, NodeLost, peak, 1)
	require.InDelta(t, 280.0/300, got.Room, 1e-8)
	require.True(t, got.Above, "90 of 100")
	require.Equal(t, CPU, got.Of)
	require.InDelta(t, 1, got.Part, 0)
	got = r.Carry(3, NodeLost, peak, 1)
	require.InDelta(t, 240.0/300, got.Part, 1e-8)
	busy, ok := r.Busy(CPU, 3, NodeLost, peak, 1)
	require.True(t, ok)
	require.InDelta(t, 120, busy, 1e-9)
	_, ok = r.Busy(Memory, 3, NodeLost, peak, 1)
	require.False(t, ok)
	require.InDelta(t, 110.0/300, r.Carry(2, ZoneLost, Hour{Local: 0.5}, 2).Room, 0.001)
	require.Zero(t, r.Carry(0, ZoneLost, peak, 1).Part)
}
