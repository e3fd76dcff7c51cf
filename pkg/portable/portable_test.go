package portable

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

// Computed to 60 digits with mpmath 1.3.
func TestExponentials(t *testing.T) {
	for _, v := range [][4]float64{ // x, e^x, e^x − 1, ln(1+x)
		{-700.25, 7.6787238131108722e-305, -1.0, 0},
		{-40.5, 2.5767571091549809e-18, -1.0, 0},
		{-1.0, 0.36787944117144232, -0.63212055882855768, 0},
		{-0.25, 0.77880078307140487, -0.22119921692859513, -0.28768207245178093},
		{1e-10, 1.0000000001, 1.00000000005e-10, 9.9999999995000004e-11},
		{0.3, 1.3498588075760031, 0.34985880757600309, 0.26236426446749104},
		{0.35, 1.4190675485932572, 0.41906754859325722, 0.30010459245033806},
		{1.0, 2.7182818284590452, 1.7182818284590452, 0.69314718055994531},
		{2.5, 12.182493960703473, 11.182493960703473, 1.252762968495368},
		{20.75, 1027094726.7424176, 1027094725.7424176, 3.0796137575346931},
		{700.5, 1.6721859620674986e+304, 1.6721859620674986e+304, 6.5532208995425156},
	} {
		require.InEpsilon(t, v[1], Exp(v[0]), 3e-16, "%v", v[0])
		require.InEpsilon(t, v[2], Expm1(v[0]), 5e-16, "%v", v[0])
		if v[0] > -1 {
			require.InEpsilon(t, v[3], Log1p(v[0]), 3e-16, "%v", v[0])
		}
	}
	for i := -4000; i < 4000; i++ {
		x := float64(i) * 0.0137
		require.InEpsilon(t, math.Exp(x), Exp(x), 5e-16, "%v", x)
		if i != 0 {
			require.InEpsilon(t, math.Expm1(x), Expm1(x), 1e-15, "%v", x)
		}
	}
	require.Equal(t, 1.0, Exp(0))
	require.Equal(t, 0.0, Expm1(0))
	require.Equal(t, 0.0, Log1p(0))
	require.Equal(t, 0.0, Exp(math.Inf(-1)))
	require.Equal(t, math.Inf(1), Exp(math.Inf(1)))
	require.Equal(t, math.Inf(1), Exp(709.8))
	require.Equal(t, math.SmallestNonzeroFloat64, Exp(-744.5))
	require.Equal(t, 0.0, Exp(-746))
	require.Equal(t, -1.0, Expm1(math.Inf(-1)))
	require.Equal(t, math.Inf(1), Expm1(math.Inf(1)))
	require.True(t, math.IsNaN(Exp(math.NaN())))
	require.True(t, math.IsNaN(Expm1(math.NaN())))
}
