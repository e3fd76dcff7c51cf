package queueing_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/queueing"
)

// n exponential stages in a row are an Erlang-n time exactly, with the tail
// e^(−x)·Σ x^k/k!.
func TestPathOfExponentials(t *testing.T) {
	stage := queueing.Moments{Mean: 0.02, Variance: 0.02 * 0.02}
	sum := queueing.Moments{}
	for n := 1; n <= 12; n++ {
		sum = sum.Plus(stage)
		for _, p := range []float64{0.1, 0.5, 0.99, 0.9999} {
			at, err := sum.Percentile(p)
			require.NoError(t, err)
			x := at / stage.Mean
			term, tail := math.Exp(-x), 0.0
			for k := range n {
				tail += term
				term *= x / float64(k+1)
			}
			require.InEpsilon(t, 1-p, tail, 1e-8, "n=%d p=%g", n, p)
		}
	}
	times := stage.Times(12)
	require.InEpsilon(t, sum.Mean, times.Mean, 1e-12)
	require.InEpsilon(t, sum.Variance, times.Variance, 1e-12)
}

func TestPathPercentileProperties(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		m := queueing.Moments{
			Mean:     math.Pow(10, rapid.Float64Range(-6, 3).Draw(t, "log mean")),
			Variance: 0,
		}
		m.Variance = m.Mean * m.Mean * rapid.Float64Range(0, 20).Draw(t, "scv")
		p := rapid.Float64Range(0.01, 0.9999).Draw(t, "p")
		at, err := m.Percentile(p)
		require.NoError(t, err)
		lower, err := m.Percentile(p * 0.9)
		require.NoError(t, err)
		require.LessOrEqual(t, lower, at)
		require.LessOrEqual(t, at*(1-p), m.Mean*(1+1e-9), "Markov's inequality")
	})
}

func TestPathRefuses(t *testing.T) {
	for _, m := range []queueing.Moments{{Mean: -1}, {Mean: math.NaN()}, {Mean: 1, Variance: math.Inf(1)},
		{Mean: 1, Variance: -1}, {Mean: 1e-9, Variance: 1}} {
		_, err := m.Percentile(0.5)
		require.Error(t, err, "%+v", m)
	}
	_, err := queueing.Moments{Mean: 1, Variance: 1}.Percentile(1)
	require.ErrorContains(t, err, "percentile is 1")
	at, err := queueing.Moments{Mean: 3}.Percentile(0.99)
	require.NoError(t, err)
	require.Equal(t, 3.0, at)
	at, err = queueing.Moments{Mean: 3, Variance: 1e-20}.Percentile(0.99)
	require.NoError(t, err)
	require.InDelta(t, 3.0, at, 1e-9)
}

// Amdahl's law is the scalability law without coherence: at most 1/σ.
func TestScalability(t *testing.T) {
	amdahl := queueing.Scalability{Gamma: 1, Sigma: 0.02}
	for n, want := range map[float64]float64{0: 0, 0.5: 0.5, 1: 1, 4: 4 / 1.06, 96: 96 / 2.9, 1e12: 50} {
		got, err := amdahl.Throughput(n)
		require.NoError(t, err)
		require.InDelta(t, want, got, 1e-8, "%g", n)
	}
	peak, err := amdahl.Peak()
	require.NoError(t, err)
	require.True(t, math.IsInf(peak, 1))

	usl := queueing.Scalability{Gamma: 995.6486, Sigma: 0.02671591, Kappa: 7.690945e-4}
	peak, err = usl.Peak()
	require.NoError(t, err)
	// Gunther's rise and fall: X is largest at N* = √((1−σ)/κ).
	require.InEpsilon(t, math.Sqrt((1-0.02671591)/7.690945e-4), peak, 1e-12)
	at := func(n float64) float64 {
		x, err := usl.Throughput(n)
		require.NoError(t, err)
		return x
	}
	require.Greater(t, at(peak), at(peak-0.1))
	require.Greater(t, at(peak), at(peak+0.1))
	require.InEpsilon(t, 995.6486*32/(1+0.02671591*31+7.690945e-4*32*31), at(32), 1e-12)
	require.InDelta(t, 0.02671591*31+7.690945e-4*32*31, usl.Contention(32), 1e-12)
	require.Zero(t, usl.Contention(1))
}

func TestScalabilityProperties(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		s := queueing.Scalability{
			Gamma: rapid.Float64Range(0, 1e6).Draw(t, "gamma"),
			Sigma: rapid.Float64Range(0, 0.99).Draw(t, "sigma"),
			Kappa: rapid.Float64Range(0, 1).Draw(t, "kappa"),
		}
		n := rapid.Float64Range(0.1, 1e4).Draw(t, "n")
		x, err := s.Throughput(n)
		require.NoError(t, err)
		require.LessOrEqual(t, x, s.Gamma*n*(1+1e-12), "never better than proportional")
		if n >= 1 {
			want := s.Gamma * n / (1 + s.Contention(n))
			require.InDelta(t, want, x, want*1e-12)
		}
	})
}

func TestScalabilityRefuses(t *testing.T) {
	for _, s := range []queueing.Scalability{{Gamma: -1}, {Gamma: math.NaN()}, {Sigma: 1}, {Sigma: -0.1},
		{Kappa: math.NaN()}, {Kappa: 2}} {
		_, err := s.Throughput(3)
		require.Error(t, err)
		_, err = s.Peak()
		if s.Gamma == 0 {
			require.Error(t, err)
		}
	}
	ok := queueing.Scalability{Gamma: 1}
	_, err := ok.Throughput(math.Inf(1))
	require.ErrorContains(t, err, "number of workers")
}
