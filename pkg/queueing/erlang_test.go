package queueing_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/queueing"
)

// ratErlang is B and C by the defining quotients of factorials in exact
// rational arithmetic: nothing in common with the code under test.
func ratErlang(c int, a *big.Rat) (b, wait *big.Rat) {
	term, sum := big.NewRat(1, 1), big.NewRat(1, 1)
	for k := 1; k < c; k++ {
		term = new(big.Rat).Mul(term, new(big.Rat).Quo(a, big.NewRat(int64(k), 1)))
		sum.Add(sum, term)
	}
	last := new(big.Rat).Mul(term, new(big.Rat).Quo(a, big.NewRat(int64(c), 1)))
	b = new(big.Rat).Quo(last, new(big.Rat).Add(sum, last))
	free := new(big.Rat).Sub(big.NewRat(int64(c), 1), a)
	if free.Sign() <= 0 {
		return b, nil
	}
	delayed := new(big.Rat).Mul(last, new(big.Rat).Quo(big.NewRat(int64(c), 1), free))
	wait = new(big.Rat).Quo(delayed, new(big.Rat).Add(sum, delayed))
	return b, wait
}

// bigErlangC is C in 300-bit floating point, from the sum of the Poisson
// weights counted down from the c-th: C = 1/(1 + (1−ρ)·Σ c!/(k!·a^(c−k))).
func bigErlangC(c int, a float64) float64 {
	const bits = 300
	num := func(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }
	load, term, sum := num(a), num(1), num(0)
	for k := c; k >= 1; k-- {
		term.Mul(term, num(float64(k)))
		term.Quo(term, load)
		sum.Add(sum, term)
	}
	free := num(float64(c))
	free.Sub(free, load)
	free.Quo(free, num(float64(c)))
	sum.Mul(sum, free)
	sum.Add(sum, num(1))
	f, _ := new(big.Float).SetPrec(bits).Quo(num(1), sum).Float64()
	return f
}

// Rappaport, "Wireless Communications", 2nd ed. 2002, table 3.4: the load in
// erlangs that c trunked channels carry at a blocking of 1 %, 0.5 %, 0.2 % and
// 0.1 %, to three figures. The column's blocking must lie within one unit in
// the load's last figure, and the code must agree with exact arithmetic at the
// load as printed. (The table's row for 40 channels is left out: it prints
// 25.7 at 0.2 % where exact arithmetic has 25.6.)
func TestErlangBTable(t *testing.T) {
	blocking := []float64{0.01, 0.005, 0.002, 0.001}
	for c, loads := range map[int][]string{
		4:   {"0.869", "0.701", "0.535", "0.439"},
		5:   {"1.36", "1.13", "0.900", "0.762"},
		10:  {"4.46", "3.96", "3.43", "3.09"},
		20:  {"12.0", "11.1", "10.1", "9.41"},
		24:  {"15.3", "14.2", "13.0", "12.2"},
		70:  {"56.1", "53.7", "51.0", "49.2"},
		100: {"84.1", "80.9", "77.4", "75.2"},
	} {
		for i, printed := range loads {
			t.Run(fmt.Sprintf("%d channels %g", c, blocking[i]), func(t *testing.T) {
				a, ok := new(big.Rat).SetString(printed)
				require.True(t, ok)
				want, _ := ratErlang(c, a)
				exact, _ := want.Float64()
				load, _ := a.Float64()
				got := queueing.ErlangB(float64(c), load)
				require.InEpsilon(t, exact, got, 1e-12)
				unit := math.Pow(10, math.Floor(math.Log10(load))-2)
				below := queueing.ErlangB(float64(c), load-unit)
				above := queueing.ErlangB(float64(c), load+unit)
				require.Less(t, below, blocking[i])
				require.Greater(t, above, blocking[i])
			})
		}
	}
}

// Adan and Resing, "Queueing Systems", 2015, table 5.1: M/M/c with mean
// service 1 and ρ = 0.9, to two decimals (it rounds 1.52499 to 1.53).
func TestErlangCTable(t *testing.T) {
	for _, row := range []struct {
		c           int64
		pWait, wait float64
	}{
		{1, 0.90, 9.00}, {2, 0.85, 4.26}, {5, 0.76, 1.53}, {10, 0.67, 0.67}, {20, 0.55, 0.28},
	} {
		load := big.NewRat(9*row.c, 10)
		_, exactRat := ratErlang(int(row.c), load)
		exact, _ := exactRat.Float64()
		a, _ := load.Float64()
		s, err := queueing.Markov(float64(row.c), a, 1).Solve()
		require.NoError(t, err)
		require.InEpsilon(t, exact, s.PWait(), 1e-12)
		require.InDelta(t, row.pWait, s.PWait(), 0.005001)
		require.InDelta(t, row.wait, s.MeanWait(), 0.0051)
	}
}

// "Exact to 1e-9 from 1 to 10,000 servers, up to 99.99 % utilisation."
func TestErlangCAgainst300Bits(t *testing.T) {
	servers := []int{1, 2, 3, 4, 7, 12, 16, 48, 96, 100, 192, 448, 1000, 2500, 10_000}
	for _, c := range servers {
		for _, rho := range []float64{1e-6, 0.01, 0.3, 0.6, 0.85, 0.95, 0.99, 0.999, 0.9999} {
			a := rho * float64(c)
			want := bigErlangC(c, a)
			got, err := queueing.ErlangC(float64(c), a)
			require.NoError(t, err)
			if want < 1e-300 { // at the end of what a float64 holds
				require.Less(t, got, 1e-299, "c=%d ρ=%g", c, rho)
				continue
			}
			require.InEpsilon(t, want, got, 1e-9, "c=%d ρ=%g", c, rho)
		}
	}
}

func TestErlangCAgainst300BitsAnywhere(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		c := rapid.IntRange(1, 3000).Draw(t, "c")
		rho := 1 - math.Pow(10, -rapid.Float64Range(0.05, 4).Draw(t, "nines"))
		a := rho * float64(c)
		want := bigErlangC(c, a)
		got, err := queueing.ErlangC(float64(c), a)
		require.NoError(t, err)
		if want > 1e-300 {
			require.InEpsilon(t, want, got, 1e-9)
		}
	})
}

// The continuation to a fractional c, against its defining integral
// 1/B = a∫e^(−at)(1+t)^c dt, here by the trapezoidal rule after t = e^x, which
// converges geometrically; and where it must meet the whole numbers.
func TestErlangBFractional(t *testing.T) {
	integral := func(c, a float64) float64 {
		const step = 1.0 / 256
		sum := 0.0
		for x := -60.0; x < 12; x += step {
			t := math.Exp(x)
			sum += math.Exp(-a*t+c*math.Log1p(t)) * t
		}
		return a * sum * step
	}
	for _, c := range []float64{0.001, 0.1, 0.4, 0.5, 0.999, 1.5, 2.25, 7.9, 31.3} {
		for _, a := range []float64{0.01, 0.3, 1, 1.9999, 2, 2.0001, 5, 30, 90} {
			got := queueing.ErlangB(c, a)
			require.InEpsilon(t, 1/integral(c, a), got, 1e-11, "c=%g a=%g", c, a)
		}
	}
	for _, c := range []float64{1, 5, 64} {
		whole := queueing.ErlangB(c, 0.8*c)
		for _, near := range []float64{math.Nextafter(c, 0), math.Nextafter(c, 100)} {
			got := queueing.ErlangB(near, 0.8*c)
			require.InEpsilon(t, whole, got, 1e-12)
		}
	}
}

func TestErlangMonotone(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		c := rapid.Float64Range(0.01, 300).Draw(t, "c")
		rho := rapid.Float64Range(0.001, 0.98).Draw(t, "rho")
		more := rapid.Float64Range(1.001, 2).Draw(t, "more")
		b0 := queueing.ErlangB(c, rho*c)
		b1 := queueing.ErlangB(c, rho*c*more)
		b2 := queueing.ErlangB(c*more, rho*c)
		require.LessOrEqual(t, b0, b1, "more load blocks more")
		require.LessOrEqual(t, b2, b0, "more servers block less")
		wait, err := queueing.ErlangC(c, rho*c)
		require.NoError(t, err)
		require.LessOrEqual(t, b0, wait, "who waits occupies the system for those who come")
		require.LessOrEqual(t, wait, 1.0)
	})
}

func TestErlangRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []float64{nan, inf, -inf, -1, 0, 1e-9, queueing.MaxServers + 1} {
		_, err := queueing.ErlangC(c, 1e-12)
		require.ErrorContains(t, err, "number of servers")
	}
	for _, a := range []float64{nan, inf, -inf, -1e-9} {
		_, err := queueing.ErlangC(3, a)
		require.ErrorContains(t, err, "offered load")
	}
	for _, a := range []float64{3, 3.1, 1e300} {
		_, err := queueing.ErlangC(3, a)
		var unstable *queueing.UnstableError
		require.ErrorAs(t, err, &unstable)
		require.Equal(t, a, unstable.Load)
	}
}

func TestErlangBWithoutLoad(t *testing.T) {
	require.Zero(t, queueing.ErlangB(3, 0))
}
