package capacity

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// Nodes are short of something exactly where they are fewer than the least, and
// what they are short of asks for more than they are.
func TestShortIsBelowLeast(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := roles().Draw(t, "role")
		r.Floor = 0
		least, _ := r.Least()
		n := rapid.IntRange(0, 2*least+1).Draw(t, "n")
		by, short := r.Short(n)
		require.Equal(t, n < least, short)
		if !short {
			return
		}
		for i := range r.Needs {
			one := r
			one.Needs = r.Needs[i : i+1]
			if m, first := one.Least(); m > n {
				require.Equal(t, first.Of, by.Of)
				require.Equal(t, first.State, by.State)
				return
			}
		}
		t.Fatal("no need asks for more nodes")
	})
}

// No state that the role is held to leaves fewer nodes, and one of them so many.
func TestFewest(t *testing.T) {
	r := Role{Zones: 3, Survive: Survive{Node: true, Zone: true, Region: true}}
	require.Equal(t, 4, r.Fewest(7), "of 3, 2 and 2 the zone of 3 is lost")
	r.Zones = 1
	require.Equal(t, 6, r.Fewest(7), "a role with one zone is not held to its loss")
	r.Survive = Survive{Region: true}
	require.Equal(t, 7, r.Fewest(7))
	r.Survive, r.Replaced = Survive{Node: true}, true
	require.Equal(t, 7, r.Fewest(7), "others step in")
}
