package capacity

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// amounts are loads from nothing to absurd.
func amounts() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 1e4), rapid.Float64Range(0, 1e9))
}

// hours are multipliers of one hour.
func hours() *rapid.Generator[Hour] {
	return rapid.Custom(func(t *rapid.T) Hour {
		part := rapid.Float64Range(0, 1)
		return Hour{Local: part.Draw(t, "local"), Global: part.Draw(t, "global"),
			LostLocal: part.Draw(t, "lost local"), LostGlobal: part.Draw(t, "lost global"), Hours: 1}
	})
}

// roles are roles with shared needs.
func roles() *rapid.Generator[Role] {
	return rapid.Custom(func(t *rapid.T) Role {
		r := Role{Zones: rapid.IntRange(1, 6).Draw(t, "zones"), Warm: 1, Survive: survivals().Draw(t, "survive")}
		r.Floor = r.Structural(r.Zones)
		for range rapid.IntRange(0, 4).Draw(t, "needs") {
			have := rapid.Float64Range(0.01, 100).Draw(t, "have")
			if rapid.IntRange(0, 9).Draw(t, "nothing to meet it") == 0 {
				have = 0
			}
			load := Claim{Linear{amounts().Draw(t, "local"), amounts().Draw(t, "global")}, amounts().Draw(t, "held")}
			n := Shared(CPU, load, have, 0.6, 0.85)
			n.Late(Claim{Load: Linear{Local: amounts().Draw(t, "late")}})
			r.Needs = append(r.Needs, n)
		}
		r.Week = rapid.SliceOfN(hours(), 1, 4).Draw(t, "week")
		return r
	})
}

// The number that a search asks for, hour by hour, is the one that the limits
// explain.
func TestHourlyIsLeast(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := roles().Draw(t, "role")
		want, by := r.Least()
		got, over := r.Hourly(nil)
		if want > MaxNodes {
			require.Equal(t, by, *over)
			return
		}
		most := 0
		for i, n := range got {
			hour := r
			hour.Week = r.Week[i : i+1]
			least, _ := hour.Least()
			require.Equal(t, least, n)
			most = max(most, n)
		}
		require.Equal(t, want, most)
	})
}
