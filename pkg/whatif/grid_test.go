package whatif

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/unit"
)

// Numbers of a grid ascend without gaps: every value with so many digits has
// one, and finds it again.
func TestGrid(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		g := grid{rapid.SampledFrom([]int{scanDigits, fineDigits}).Draw(t, "digits"), rapid.Bool().Draw(t, "whole")}
		decades := 9 * g.base() * 12
		i := rapid.Int64Range(1, decades).Draw(t, "index")
		if !g.whole {
			i -= decades / 2
		}
		x, next := g.at(i), g.at(i+1)
		require.Greater(t, next, x)
		require.Equal(t, i, g.index(x))
		require.Equal(t, i, g.index(x+(next-x)*0.4))
		require.Equal(t, x, unit.Rounded(x, g.digits))
		if g.whole {
			require.Equal(t, x, math.Trunc(x))
		}
		// Nothing with these digits lies between.
		between := unit.Rounded(x+(next-x)/2, g.digits)
		if !g.whole {
			require.True(t, between == x || between == next, "%v < %v < %v", x, between, next)
		}
	})
	whole := grid{scanDigits, true}
	for i := int64(0); i <= 1000; i++ {
		require.Equal(t, float64(i), whole.at(i))
	}
	require.Equal(t, 1010.0, whole.at(1001))
}
