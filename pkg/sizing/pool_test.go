package sizing

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// The number that a search asks for is the one that the limits explain.
func TestFewestIsLeast(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		c := &Case{Policy: Policy{Node: rapid.Bool().Draw(t, "node"), Zone: rapid.Bool().Draw(t, "zone"), Region: rapid.Bool().Draw(t, "region")}}
		amount := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 1e4), rapid.Float64Range(0, 1e9))
		var res []Resource
		for range rapid.IntRange(0, 4).Draw(t, "resources") {
			own := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0.01, 100)).Draw(t, "own")
			res = append(res, Resource{Need: Linear{amount.Draw(t, "local"), amount.Draw(t, "global")}, Own: own, Degraded: own * 1.4})
		}
		part := rapid.Float64Range(0, 1)
		m := Mult{Local: part.Draw(t, "m"), Global: part.Draw(t, "m"), LostLocal: part.Draw(t, "m"), LostGlobal: part.Draw(t, "m")}
		zones := rapid.IntRange(1, 6).Draw(t, "zones")
		want, _, _ := c.least(res, m, zones)
		require.Equal(t, want, c.fewest(res, m, zones))
	})
}
