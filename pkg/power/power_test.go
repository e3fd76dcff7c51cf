package power

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// Known to forty digits and more, the numbers of the tables round to these.
func TestKnownValues(t *testing.T) {
	require.Equal(t, math.Ln2, Log(2))
	require.Equal(t, math.Ln10, Log(10))
	require.Equal(t, 0.0, Log(1))
	require.Equal(t, math.Sqrt2, Pow(2, 0.5))
	require.Equal(t, 1024.0, Pow(2, 10))
	require.Equal(t, 1e22, Pow(10, 22))
	require.Equal(t, 0x1p-1074, Pow(2, -1074))
	require.Equal(t, 0.0, Pow(0, 0.3))
	require.Equal(t, 1.0, Pow(0, 0))
	require.Equal(t, 1.0, Pow(7, 0))
	require.Equal(t, 0.0, Pow(10, -400))
	require.Equal(t, math.Inf(1), Pow(10, 400))
	require.Equal(t, math.Inf(1), Pow(0, -1))
}

// Near those of package math everywhere, whose error is below a bit in the last place.
func TestNearPackageMath(t *testing.T) {
	for i := 1; i < 4000; i++ {
		x, y := float64(i)*0.0137, float64(i%97-48)*0.213
		require.InEpsilon(t, math.Pow(x, y), Pow(x, y), 2e-15, "%v to the power %v", x, y)
		require.InDelta(t, math.Log(x), Log(x), 1e-15*math.Max(1, math.Abs(math.Log(x))), "%v", x)
	}
}

// Square roots are exact to the last bit on every machine, and half powers are these.
func TestHalfPowersAreSquareRoots(t *testing.T) {
	for i := 1; i < 4000; i++ {
		x := float64(i) * 0.0137
		require.Equal(t, math.Sqrt(x), Pow(x, 0.5), "%v", x)
	}
}
