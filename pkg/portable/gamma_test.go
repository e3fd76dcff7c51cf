package portable

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mathext"
)

// Computed to 60 digits with mpmath 1.3 (gammainc; integrated numerically for shapes from
// 1e6 on), at both sides of every limit between two ways of computing.
func gammaValues() [][4]float64 {
	return [][4]float64{ // a, x, Q(a, x), x^a·e^(−x)/Γ(a+1)
		{0.0001, 1e-06, 0.001322961926840904, 0.99867603949647795},
		{0.0001, 0.5, 5.5980292957401716e-5, 0.60652362316331124},
		{0.0001, 3.0, 1.3050855797554128e-6, 0.04979541211357166},
		{0.01, 0.1, 0.018135316050987344, 0.88928674916648474},
		{0.1, 1.0, 0.024127343726327779, 0.38669169440302377},
		{0.25, 0.001, 0.80384830161727346, 0.19599483280798127},
		{0.5, 0.5, 0.3173105078629141, 0.4839414490382867},
		{0.5, 1.0, 0.15729920705028513, 0.4151074974205947},
		{0.5, 2.0, 0.045500263896358414, 0.21596386605275221},
		{0.5, 30.0, 9.4857375710738484e-15, 5.7833733521961739e-13},
		{0.9, 0.7, 0.44720059900697435, 0.3745525469361006},
		{1.0, 1.0, 0.36787944117144232, 0.36787944117144232},
		{1.0, 5.0, 0.0067379469990854671, 0.033689734995427335},
		{1.5, 0.3, 0.89643237334191143, 0.091570869452182309},
		{2.0, 8.0, 0.0030191636511226065, 0.010734804092880379},
		{3.5, 3.0, 0.53974935039555741, 0.20016894169909629},
		{3.5, 4.0, 0.33259390259930785, 0.20155231431038346},
		{7.0, 1.0, 0.99991675885071198, 7.2991952613381413e-5},
		{7.0, 20.0, 0.00025512249585630073, 0.00052346758665106231},
		{12.0, 11.0, 0.57926676292171203, 0.1094298885423567},
		{19.5, 19.0, 0.51534452683229323, 0.089372622404834339},
		{19.5, 60.0, 3.5564637261486777e-10, 7.6451305728191618e-10},
		{20.0, 9.0, 0.998944046315641, 0.00061670182662970303},
		{20.0, 20.0, 0.47025726683923999, 0.088835317392085218},
		{20.5, 40.5, 0.00019613402446517956, 0.00020857009391631518},
		{25.0, 10.5, 0.99990066830968501, 6.0116645348654675e-5},
		{25.0, 26.0, 0.39592656999982848, 0.077988665851787979},
		{100.0, 80.0, 0.98289168696486689, 0.0039394581591992597},
		{100.0, 170.0, 2.4300772611551818e-9, 1.7572217073345809e-9},
		{100.0, 300.0, 1.4110215102111521e-41, 2.8430025306794554e-41},
		{1000.0, 1000.0, 0.49579475581978449, 0.0126146113487215},
		{1000.0, 1130.0, 3.8163734081152305e-5, 5.2605930954765245e-6},
		{1e4, 9700.0, 0.99876582441553151, 4.0419755313308876e-5},
		{1e6, 1000500.0, 0.30844952422850282, 0.00035207996161948282},
		{1e6, 1003000.0, 0.0013617406462175915, 4.4718243659627163e-6},
		{1e9, 1e9 + 1e5, 0.00078295616195832682, 8.5032003170779744e-8},
		{1e12, 999998000000.0, 0.9772499220428143, 5.3990822537248855e-8},
		{1e12, 1e12, 0.49999986701923987, 3.9894228040139943e-7},
	}
}

func TestIncompleteGammaFunction(t *testing.T) {
	for _, v := range gammaValues() {
		require.InEpsilon(t, v[2], GammaQ(v[0], v[1]), 1e-14, "Q(%v, %v)", v[0], v[1])
		require.InEpsilon(t, v[3], Poisson(v[0], v[1]), 3e-15, "density of %v at %v", v[1], v[0])
	}
}

// Abramowitz and Stegun, table 7.1: erfc(x) is Q(½, x²). Table 26.7: the chi-square
// distribution is Q(ν/2, χ²/2). Table 6.1: Γ(1.5) and Γ(1.25).
func TestTablesOfAbramowitzAndStegun(t *testing.T) {
	require.InDelta(t, 1-0.8427007929, GammaQ(0.5, 1), 5e-11)
	require.InDelta(t, 1-0.9953222650, GammaQ(0.5, 4), 5e-11)
	require.InDelta(t, 0.91889, GammaQ(1.5, 0.25), 5e-6)
	require.InDelta(t, 0.44049, GammaQ(5, 5), 5e-6)
	require.InDelta(t, 0.8862269255, factorial(0.5), 5e-11)
	require.InDelta(t, 0.9064024771, factorial(0.25), 5e-11)
}

func TestGammaFunctionOfWholeNumbers(t *testing.T) {
	want := 1.0
	for n := 1.0; n < uniformShape; n++ {
		want *= n
		require.InEpsilon(t, want, factorial(n), 1e-15, "%v!", n)
	}
}

func TestGammaAtTheEnds(t *testing.T) {
	require.Equal(t, 1.0, GammaQ(3, 0))
	require.Equal(t, 0.0, GammaQ(3, math.Inf(1)))
	require.True(t, math.IsNaN(GammaQ(0, 1)))
	require.True(t, math.IsNaN(GammaQ(1, -1)))
	require.True(t, math.IsNaN(GammaQ(1, math.NaN())))
	for _, a := range []float64{1e-4, 0.5, 3, 19, 20, 1e6, 1e12} {
		require.Equal(t, 0.0, GammaQ(a, math.MaxFloat64), "%v", a)
		require.Equal(t, 0.0, Poisson(a, math.MaxFloat64), "%v", a)
	}
	require.Equal(t, 1.0, GammaQ(0.5, math.SmallestNonzeroFloat64))
	require.Equal(t, 0.0, Poisson(2, 0))
	require.Equal(t, 0.0, Poisson(1e12, math.SmallestNonzeroFloat64))
}

// Gonum's, which gives up on the last digits of large shapes.
func TestNearGonum(t *testing.T) {
	for i := 1; i < 400; i++ {
		a := Exp(float64(i%41-20) * 0.35)
		for _, part := range []float64{0.01, 0.3, 0.41, 0.9, 1, 1.01, 1.3, 1.9, 2.1, 6} {
			x := a * part * (1 + float64(i)/4000)
			want := mathext.GammaIncRegComp(a, x)
			require.InDelta(t, want, GammaQ(a, x), 1e-15+2e-12*want, "Q(%v, %v)", a, x)
		}
	}
}

// A quantile is searched for where this falls.
func TestIncompleteGammaFunctionFalls(t *testing.T) {
	for _, a := range []float64{1e-3, 0.5, 0.99, 1, 5, 19.99, 20, 300, 1e5, 1e9} {
		last := 1.0
		for part := 0.001; part < 4; part *= 1.003 {
			q := GammaQ(a, a*part)
			require.LessOrEqual(t, q, last*(1+1e-14), "Q(%v, %v)", a, a*part)
			require.GreaterOrEqual(t, q, 0.0)
			last = q
		}
	}
}

// The recursion for the coefficients loses nothing: the first are known as fractions
// (DLMF 8.12.11), the twentieth to sixteen digits.
func TestCoefficientsOfRamp(t *testing.T) {
	for n, want := range []float64{1, -1.0 / 3, 1.0 / 12, -2.0 / 135, 1.0 / 864, 1.0 / 2835, -139.0 / 777600} {
		require.InEpsilon(t, want, ramp[n], 1e-15, "%d", n)
	}
	require.InEpsilon(t, 1.1004392031956135e-13, ramp[20], 1e-13)
}
