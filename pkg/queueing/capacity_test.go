package queueing_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/queueing"
)

// M/M/1 solved for λ: p99 within t needs μ−λ ≥ ln(100)/t.
func TestCapacityMM1(t *testing.T) {
	n := queueing.Markov(1, 0, 0.010)
	slo := queueing.Aim{Percentile: 0.99, Within: 0.100}
	got, err := n.Capacity(1, slo)
	require.NoError(t, err)
	require.InEpsilon(t, 100-math.Log(100)/0.1, got, 1e-6)
	got, err = n.Capacity(0.4, slo)
	require.NoError(t, err)
	require.Equal(t, 0.4/0.010, got, "utilisation binds: no search, no error")
	got, err = n.Capacity(0.6, queueing.Aim{})
	require.NoError(t, err)
	require.Equal(t, 0.6/0.010, got, "no aim")
	servers, err := queueing.Markov(0, 50, 0.010).ServersFor(1, slo)
	require.NoError(t, err)
	require.Equal(t, 1, servers)
}

func TestServersWithoutAim(t *testing.T) {
	for _, row := range []struct {
		rate, target float64
		want         int
	}{
		{0, 1, 1}, {400, 1, 5}, {399.9, 1, 4}, {300, 0.6, 5}, {300.1, 0.6, 6}, {600, 0.85, 8},
	} {
		got, err := queueing.Markov(0, row.rate, 0.010).ServersFor(row.target, queueing.Aim{})
		require.NoError(t, err)
		require.Equal(t, row.want, got, "%+v", row)
	}
}

func drawAim(t *rapid.T, service float64) (float64, queueing.Aim) {
	p := rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.99, 0.999}).Draw(t, "p")
	// Around and above what an idle node needs with exponential service times.
	idle := service * -math.Log(1-p)
	within := idle * rapid.SampledFrom([]float64{0.5, 1.01, 1.2, 2, 4, 10, 30}).Draw(t, "within")
	return rapid.Float64Range(0.05, 1).Draw(t, "target"), queueing.Aim{Percentile: p, Within: within}
}

// keeps recomputes what Capacity and ServersFor promise.
func keeps(t require.TestingT, n queueing.Node, target float64, slo queueing.Aim) bool {
	s, err := n.Solve()
	if err != nil || s.Utilisation() > target*(1+1e-12) {
		return false
	}
	return percentile(t, s, slo.Percentile) <= slo.Within*(1+1e-9)
}

func TestCapacityIsTight(t *testing.T) {
	drawn.CheckMost(t, 0.35, func(t *rapid.T) bool {
		n := drawNode(t)
		target, slo := drawAim(t, n.Service)
		rate, err := n.Capacity(target, slo)
		if err != nil {
			var impossible *queueing.ImpossibleError
			require.ErrorAs(t, err, &impossible)
			n.Rate = 0
			require.False(t, keeps(t, n, target, slo), "an idle node would keep it")
			require.Greater(t, impossible.Service, slo.Within*(1-1e-9))
			return false
		}
		if rate > 0 {
			n.Rate = rate * (1 - 1e-9)
			require.True(t, keeps(t, n, target, slo))
		}
		// A little more is too much: for the utilisation or for the tail itself
		// (a percentile compared with a tolerance hides what little this is).
		n.Rate = rate*(1+3e-6) + 1e-9*n.Servers/n.Service
		s, err := n.Solve()
		require.True(t, err != nil || s.Utilisation() > target || s.ResponseTail(slo.Within) > 1-slo.Percentile)

		laxer := slo
		laxer.Within *= rapid.Float64Range(1, 2).Draw(t, "laxer")
		more, err := n.Capacity(target, laxer)
		require.NoError(t, err)
		require.GreaterOrEqual(t, more, rate)
		bigger := n
		bigger.Servers *= rapid.Float64Range(1, 2).Draw(t, "bigger")
		more, err = bigger.Capacity(target, slo)
		require.NoError(t, err)
		require.GreaterOrEqual(t, more, rate*(1-2e-6))
		return true
	})
}

func TestServersForIsLeast(t *testing.T) {
	drawn.CheckMost(t, 0.35, func(t *rapid.T) bool {
		n := drawNode(t)
		target, slo := drawAim(t, n.Service)
		servers, err := n.ServersFor(target, slo)
		if err != nil {
			var impossible *queueing.ImpossibleError
			require.ErrorAs(t, err, &impossible)
			return false
		}
		n.Servers = float64(servers)
		require.True(t, keeps(t, n, target*(1+2e-9), slo))
		if servers > 1 {
			n.Servers--
			require.False(t, keeps(t, n, target*(1-2e-9), slo))
		}
		rate, err := queueing.Node.Capacity(queueing.Node{
			Servers: float64(servers), Service: n.Service, ArrivalSCV: n.ArrivalSCV, ServiceSCV: n.ServiceSCV,
		}, target, slo)
		require.NoError(t, err)
		require.GreaterOrEqual(t, rate*(1+2e-6), n.Rate, "the two agree")
		return true
	})
}

func TestCapacityRefuses(t *testing.T) {
	n := queueing.Markov(4, 100, 0.01)
	slo := queueing.Aim{Percentile: 0.99, Within: 0.1}
	for _, bad := range []float64{math.NaN(), math.Inf(1), -1, 0, 1.0001} {
		_, err := n.Capacity(bad, slo)
		require.ErrorContains(t, err, "target utilisation")
		_, err = n.ServersFor(bad, slo)
		require.ErrorContains(t, err, "target utilisation")
	}
	for _, bad := range []queueing.Aim{{Percentile: 99, Within: 1}, {Percentile: math.NaN(), Within: 1}, {Within: 1}} {
		_, err := n.Capacity(0.6, bad)
		require.ErrorContains(t, err, "percentile is")
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := n.ServersFor(0.6, queueing.Aim{Percentile: 0.99, Within: bad})
		require.ErrorContains(t, err, "SLO is")
	}
	n.Rate = 2e6
	_, err := n.ServersFor(0.6, slo)
	require.ErrorContains(t, err, "more than 10000 servers")
	_, err = n.ServersFor(0.6, queueing.Aim{Percentile: 0.99, Within: 0.04})
	require.ErrorContains(t, err, "p99 within 0.04 s cannot be met: the service time alone takes 0.0460517 s")
}

func FuzzCapacity(f *testing.F) {
	f.Add(12.0, 1000.0, 0.01, 1.0, 1.0, 0.85, 0.99, 0.05)
	f.Add(0.5, 1e-9, 1e9, 9.0, 1e4, 1.0, 0.5, 1e-3)
	f.Fuzz(func(t *testing.T, c, rate, service, ca2, cs2, target, p, within float64) {
		n := queueing.Node{Servers: c, Rate: rate, Service: service, ArrivalSCV: ca2, ServiceSCV: cs2}
		slo := queueing.Aim{Percentile: p, Within: within}
		if x, err := n.Capacity(target, slo); err == nil {
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0) || x < 0, "%g", x)
		}
		if k, err := n.ServersFor(target, slo); err == nil {
			require.GreaterOrEqual(t, k, 1)
			require.LessOrEqual(t, k, queueing.MaxServers)
		}
	})
}

// A search over a whole catalogue asks some 20,000 times; it has 30 ms.
func BenchmarkCapacity(b *testing.B) {
	servers := []float64{2, 4, 8, 16, 32, 48, 64, 96, 128, 192}
	slo := queueing.Aim{Percentile: 0.99, Within: 0.25}
	for name, service := range map[string]float64{"utilisation binds": 0.006, "SLO binds": 0.040} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				n := queueing.Markov(servers[i%len(servers)], 0, service)
				if _, err := n.Capacity(0.85, slo); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkErlangC10000(b *testing.B) {
	for range b.N {
		if _, err := queueing.ErlangC(10_000, 9_999); err != nil {
			b.Fatal(err)
		}
	}
}
