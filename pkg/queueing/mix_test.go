package queueing_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/queueing"
)

// quick and slow are two kinds of Poisson requests with exponential service:
// 80 % of 1 ms and 20 % of 20 ms.
func quickAndSlow(rate float64) []queueing.Arrivals {
	return []queueing.Arrivals{
		{Work: queueing.Work{Service: 0.001, SCV: 1}, Rate: 0.8 * rate, ArrivalSCV: 1},
		{Work: queueing.Work{Service: 0.020, SCV: 1}, Rate: 0.2 * rate, ArrivalSCV: 1},
	}
}

// D = 0.8·1 + 0.2·20 = 4.8 ms; E[S²] = 2·(0.8·1 + 0.2·400) = 161.6 ms², so
// cs² = 161.6/4.8² − 1 = 6.0139: far from exponential.
func TestMixMoments(t *testing.T) {
	n := queueing.Mix(quickAndSlow(500)...)
	require.InDelta(t, 500, n.Rate, 1e-9)
	require.InDelta(t, 0.0048, n.Service, 1e-15)
	require.InDelta(t, 161.6/4.8/4.8-1, n.ServiceSCV, 1e-9)
	require.InDelta(t, 1, n.ArrivalSCV, 1e-12)
	require.Equal(t, queueing.Node{}, queueing.Mix())
	require.Equal(t, queueing.Node{}, queueing.Mix(queueing.Arrivals{Work: queueing.Work{Service: 1}}))
	// One kind is itself, and what does not come changes nothing.
	one := queueing.Mix(queueing.Arrivals{Work: queueing.Work{Service: 0.25, SCV: 0.5}, Rate: 4, ArrivalSCV: 2},
		queueing.Arrivals{Work: queueing.Work{Service: 9, SCV: 9}})
	require.Equal(t, queueing.Node{Rate: 4, Service: 0.25, ArrivalSCV: 2, ServiceSCV: 0.5}, one)
	// Kinds that are all constant but differ make a service that varies: 1 and
	// 3 s in equal parts have mean 2 and variance 1.
	two := queueing.Mix(queueing.Arrivals{Work: queueing.Work{Service: 1}, Rate: 1},
		queueing.Arrivals{Work: queueing.Work{Service: 3}, Rate: 1})
	require.InDelta(t, 0.25, two.ServiceSCV, 1e-15)
}

// M/G/1 with two kinds, exactly, by Pollaczek–Khinchine: 50/s of 4 ms and 10/s
// of 40 ms have ρ = 0.6 and λ·E[S²] = 50·2·0.004² + 10·2·0.04² = 0.0336 s, so
// the wait is 0.0336/(2·0.4) = 42 ms for both; they stay 46 and 82 ms.
func TestMixPollaczekKhinchine(t *testing.T) {
	n := queueing.Mix(
		queueing.Arrivals{Work: queueing.Work{Service: 0.004, SCV: 1}, Rate: 50, ArrivalSCV: 1},
		queueing.Arrivals{Work: queueing.Work{Service: 0.040, SCV: 1}, Rate: 10, ArrivalSCV: 1})
	n.Servers = 1
	s := solve(t, n)
	require.InDelta(t, 0.6, s.Utilisation(), 1e-12)
	require.InDelta(t, 0.042, s.MeanWait(), 1e-12)
	inSystem := s.InSystem()
	for _, service := range []float64{0.004, 0.040} {
		n.Of = queueing.Work{Service: service, SCV: 1}
		s = solve(t, n)
		require.InDelta(t, 0.042, s.MeanWait(), 1e-12)
		require.InDelta(t, 0.042+service, s.MeanResponse(), 1e-12)
		require.InDelta(t, inSystem, s.InSystem(), 1e-12, "whoever asks, as many are there")
	}
	n.Of = queueing.Work{Service: -1, SCV: 1}
	_, err := n.Solve()
	require.ErrorContains(t, err, "service time is -1 s")
	n.Of = queueing.Work{Service: 1, SCV: math.NaN()}
	_, err = n.Solve()
	require.ErrorContains(t, err, "variation of service")
}

// The kind that is all there is changes nothing.
func TestOfAllIsNone(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		n := drawNode(t)
		slo := queueing.Aim{Percentile: 0.99, Within: n.Service * rapid.Float64Range(5, 50).Draw(t, "within")}
		of := n
		of.Of = queueing.Work{Service: n.Service, SCV: n.ServiceSCV}
		a, errA := n.Capacity(0.85, slo)
		b, errB := of.Capacity(0.85, slo)
		require.Equal(t, errA == nil, errB == nil)
		require.Equal(t, a, b)
	})
}

// The tail of each kind against a simulation of M/G/4 with both: within 10 % at
// every utilisation, where waits that take service for exponential are wrong by
// a factor of two.
func TestMixedTailsSimulated(t *testing.T) {
	const servers, n = 4, 400_000
	for _, rho := range []float64{0.4, 0.6, 0.8} {
		src := rand.New(rand.NewPCG(7, 11))
		node := queueing.Mix(quickAndSlow(rho * servers / 0.0048)...)
		node.Servers = servers
		var free [servers]float64
		var took [2][]float64
		now := 0.0
		for range n {
			now += src.ExpFloat64() / node.Rate
			kind, mean := 0, 0.001
			if src.Float64() < 0.2 {
				kind, mean = 1, 0.020
			}
			first := 0
			for i := range free {
				if free[i] < free[first] {
					first = i
				}
			}
			free[first] = math.Max(now, free[first]) + src.ExpFloat64()*mean
			took[kind] = append(took[kind], free[first]-now)
		}
		for kind, mean := range []float64{0.001, 0.020} {
			slices.Sort(took[kind])
			node.Of = queueing.Work{Service: mean, SCV: 1}
			want := took[kind][len(took[kind])*99/100]
			require.InEpsilon(t, want, percentile(t, solve(t, node), 0.99), 0.10, "ρ=%g, service %g s", rho, mean)
		}
		node.ServiceSCV, node.Of = 1, queueing.Work{Service: 0.001, SCV: 1}
		require.Less(t, 2*percentile(t, solve(t, node), 0.99), took[0][len(took[0])*99/100],
			"the wait is not that of exponential service")
	}
}
