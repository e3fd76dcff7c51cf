package availability_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/availability"
	"headroom/pkg/drawn"
)

const (
	minute = 60.0
	hour   = 60 * minute
	day    = 24 * hour
	year   = 365 * day
)

// AWS, "Availability and beyond": 2 of 3 and 1 of 2 instances of 99 %.
func TestKofNAsPublished(t *testing.T) {
	require.InDelta(t, 0.999702, availability.KofN(2, 3, 0.99), 1e-15)
	require.InDelta(t, 0.9997, availability.KofN(2, 3, 0.99), 0.5e-5, "the approximation of AWS, 3 × 0.01²")
	require.InDelta(t, 0.9999, availability.KofN(1, 2, 0.99), 1e-15)
	require.InDelta(t, 0.9999901494, availability.KofN(3, 5, 0.99), 1e-15)
}

// Products of commitments: a composite system in one and in two regions and two regions
// of 99.95 % (github.com/mspnp/samples, issue 155), and two instances of 99 % before a
// database of 99 % (a published exercise).
func TestCompositeCommitments(t *testing.T) {
	region := availability.Series(0.9999, 0.9999, 1, 0.9995, 0.9999)
	require.InDelta(t, 0.9992, region, 0.5e-5)
	require.InDelta(t, 0.99999936, parallel(region, region), 0.5e-8)
	require.InDelta(t, 0.99999975, parallel(0.9995, 0.9995), 1e-15)
	require.InDelta(t, 0.9899, availability.Series(parallel(0.99, 0.99), 0.99), 0.5e-4)
}

// The table of the reliability pillar of AWS's Well-Architected Framework, which cuts off
// what is less than its unit: 3 d 15 h, 8 h 45 min, 4 h 22 min, 52 min, 5 min.
func TestNinesPerYear(t *testing.T) {
	for _, x := range []struct{ a, want, unit float64 }{
		{0.99, 3*day + 15*hour, hour}, {0.999, 8*hour + 45*minute, minute}, {0.9995, 4*hour + 22*minute, minute},
		{0.9999, 52 * minute, minute}, {0.99999, 5 * minute, minute},
	} {
		got := availability.DownPerYear(x.a)
		require.Equal(t, x.want, math.Floor(got/x.unit)*x.unit, "%g", x.a)
	}
	require.InDelta(t, 52.56*minute, availability.DownPerYear(0.9999), 1e-6)
	require.InDelta(t, 5.256*minute, availability.DownPerYear(0.99999), 1e-6)
}

// Published error budgets: 43.2 min of 30 days at 99.9 %, so that 47 min miss it by 3.8; in
// a quarter at 99.99 % 13.14 min of 365/4 days, or 12.96 of 90 days.
func TestBudgets(t *testing.T) {
	budget := func(a, days float64) float64 { return availability.DownPerYear(a) * days / 365 / minute }
	require.InDelta(t, 43.2, budget(0.999, 30), 1e-9)
	require.InDelta(t, 3.8, 47-budget(0.999, 30), 1e-9)
	require.InDelta(t, 13.14, budget(0.9999, 365.0/4), 1e-9)
	require.InDelta(t, 12.96, budget(0.9999, 90), 1e-9)
}

// A quorum in zones that fail as a whole: 3 members in 3 zones and 5 (2, 2, 1) are up while
// two zones are, 4 (2, 1, 1) only while the zone of two is and one of the others; in two
// zones it is all or the one of the majority.
func TestQuorumInZones(t *testing.T) {
	for _, x := range []struct {
		members  []int // of each zone
		survives bool  // the loss of any zone
		want     func(a float64) float64
	}{
		{[]int{1, 1, 1}, true, func(a float64) float64 { return availability.KofN(2, 3, a) }},
		{[]int{2, 2, 1}, true, func(a float64) float64 { return availability.KofN(2, 3, a) }},
		{[]int{2, 1, 1}, false,
			func(a float64) float64 { return availability.Series(a, parallel(a, a)) }},
		{[]int{2, 1}, false, func(a float64) float64 { return a }},
		{[]int{2, 2}, false, func(a float64) float64 { return availability.Series(a, a) }},
		{[]int{3, 2}, false, func(a float64) float64 { return a }},
	} {
		n, most := 0, 0
		for _, m := range x.members {
			n, most = n+m, max(most, m)
		}
		require.Equal(t, x.survives, n-most >= n/2+1, "%v", x.members)
		for _, a := range []float64{0.5, 0.9, 0.999} {
			want := 0.0 // over all states of the zones
			for state := range 1 << len(x.members) {
				p, up := 1.0, 0
				for z, m := range x.members {
					if state>>z&1 == 1 {
						p, up = p*a, up+m
					} else {
						p *= 1 - a
					}
				}
				if up >= n/2+1 {
					want += p
				}
			}
			require.InDelta(t, want, x.want(a), 1e-15, "%v at %g", x.members, a)
		}
	}
}

// Not more of a binomial sum is lost than the last digits of its distance from 1, or from
// 0: held against exact fractions.
func TestKofNIsExact(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "n")
		k := rapid.IntRange(0, n+1).Draw(rt, "k")
		nines := rapid.Float64Range(0, 9).Draw(rt, "nines")
		a := 1 - math.Pow(10, -nines)
		if rapid.Bool().Draw(rt, "rarely up") {
			a = 1 - a
		}
		up, down := new(big.Rat), new(big.Rat)
		p := new(big.Rat).SetFloat64(a)
		q := new(big.Rat).Sub(big.NewRat(1, 1), p)
		for i := range n + 1 {
			term := new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(i)))
			for range i {
				term.Mul(term, p)
			}
			for range n - i {
				term.Mul(term, q)
			}
			if i >= k {
				up.Add(up, term)
			} else {
				down.Add(down, term)
			}
		}
		got := availability.KofN(k, n, a)
		want, _ := up.Float64()
		lost, _ := down.Float64()
		require.InDelta(rt, want, got, 1e-13*min(want, lost)+0x1p-53, "%d of %d at %v", k, n, a)
		if want < 0.5 {
			require.InEpsilon(rt, max(want, 1e-300), max(got, 1e-300), 1e-13)
		}
	})
}

// Large groups neither overflow nor vanish.
func TestLargeGroups(t *testing.T) {
	require.InDelta(t, 0.5, availability.KofN(500_000, 1_000_000, 0.5), 0.001)
	require.Equal(t, 1.0, availability.KofN(900, 1000, 0.9999))
	require.InEpsilon(t, math.Pow(0.999, 5000), availability.KofN(5000, 5000, 0.999), 1e-10)
	got, err := availability.Repairable(10_000, 9_999, 1, 1e9, availability.SerialRepair)
	require.NoError(t, err)
	require.InEpsilon(t, 1e-9, got, 1e-6, "one repair, and the part is lost at once")
}

// The ends of the range.
func TestEdges(t *testing.T) {
	for _, a := range []float64{0, 0.3, 1} {
		require.Equal(t, 1.0, availability.KofN(0, 3, a))
		require.Equal(t, 1.0, availability.KofN(-1, 3, a))
		require.Equal(t, 0.0, availability.KofN(4, 3, a))
		require.Equal(t, 1.0, availability.KofN(0, 0, a))
		require.InDelta(t, a, availability.KofN(1, 1, a), 1e-16)
	}
	for k := 1; k <= 3; k++ {
		require.Equal(t, 0.0, availability.KofN(k, 3, 0))
		require.Equal(t, 1.0, availability.KofN(k, 3, 1))
		require.InDelta(t, 0, availability.KofN(k, 3, math.SmallestNonzeroFloat64), 1e-300)
	}
	require.Equal(t, 1.0, availability.Series())
	require.Equal(t, 0.0, parallel())
	require.Equal(t, 0.0, availability.DownPerYear(1))
	require.Equal(t, year, availability.DownPerYear(0))
}

// What is no availability counts as 0: 99.9 is not above 0.999.
func TestWhatIsNoAvailability(t *testing.T) {
	for _, a := range []float64{-0.1, 1.0000001, 99.9, math.NaN(), math.Inf(1), math.Inf(-1)} {
		require.Equal(t, 0.0, availability.KofN(1, 2, a))
		require.Equal(t, 0.0, availability.Series(0.9, a))
		require.Equal(t, 0.9, math.Round(parallel(0.9, a)*1e12)/1e12)
		require.Equal(t, year, availability.DownPerYear(a))
	}
}

// k of n is series and parallel at its ends, and grows with a and with n, and falls with k.
func TestKofNIsMonotone(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "n")
		k := rapid.IntRange(1, n).Draw(rt, "k")
		a := rapid.Float64Range(0, 1).Draw(rt, "a")
		b := rapid.Float64Range(0, a).Draw(rt, "b")
		const last = 1e-13
		got := availability.KofN(k, n, a)
		require.True(rt, got >= 0 && got <= 1, "%v", got)
		require.LessOrEqual(rt, availability.KofN(k, n, b), got+last)
		require.LessOrEqual(rt, availability.KofN(k+1, n, a), got+last)
		require.GreaterOrEqual(rt, availability.KofN(k, n+1, a), got-last)
		same := make([]float64, n)
		for i := range same {
			same[i] = a
		}
		require.InDelta(rt, availability.Series(same...), availability.KofN(n, n, a), last)
		require.InDelta(rt, parallel(same...), availability.KofN(1, n, a), last)
		require.LessOrEqual(rt, availability.Series(a, b), b)
		require.GreaterOrEqual(rt, parallel(a, b), a-last)
	})
}

// parallel is how available something is that is up while any of its parts is, which are
// independent: of parts that are equal KofN says the same.
func parallel(a ...float64) float64 {
	down := 1.0
	for _, x := range a {
		down = float64(down * (1 - min(1, max(0, x))))
	}
	return 1 - down
}
