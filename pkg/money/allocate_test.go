package money

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

func TestAllocate(t *testing.T) {
	// 100 by 1:1:1 leaves one over, for the first of equal remainders; 10 by
	// 6:3:2 is 5.45, 2.73, 1.82: the two left over go to .82 and .73.
	require.Equal(t, []int64{34, 33, 33}, Allocate(100, []float64{1, 1, 1}))
	require.Equal(t, []int64{5, 3, 2}, Allocate(10, []float64{6, 3, 2}))
	require.Equal(t, []int64{7, 0}, Allocate(7, []float64{0, 0}))
	require.Empty(t, Allocate(7, nil))
	drawn.Check(t, func(t *rapid.T) {
		units := rapid.Int64Range(0, 1<<52).Draw(t, "units")
		weights := rapid.SliceOfN(rapid.Float64Range(0, 1e12), 1, 12).Draw(t, "weights")
		sum, total := int64(0), 0.0
		for _, w := range weights {
			total += w
		}
		for i, x := range Allocate(units, weights) {
			sum += x
			require.GreaterOrEqual(t, x, int64(0))
			if total > 0 {
				exact := float64(units) * (weights[i] / total)
				require.InDelta(t, exact, float64(x), 1+exact*1e-12)
			}
		}
		require.Equal(t, units, sum)
	})
}
