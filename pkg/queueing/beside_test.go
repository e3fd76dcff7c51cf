package queueing

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// A time beside the queue adds its mean and variance; without one nothing changes.
func TestBesideAddsToTheResidence(t *testing.T) {
	node := Node{Servers: 4, Rate: 300, Service: 0.01, ArrivalSCV: 1, ServiceSCV: 1}
	alone, err := node.Solve()
	require.NoError(t, err)
	node.Beside = Moments{Mean: 0.02, Variance: 1e-4}
	both, err := node.Solve()
	require.NoError(t, err)
	require.InDelta(t, alone.MeanResponse()+0.02, both.MeanResponse(), 1e-12)
	require.Equal(t, alone.Residence().Plus(node.Beside), both.Residence())
	require.InDelta(t, alone.MeanWait(), both.MeanWait(), 1e-15)

	// The percentile is that of a gamma distribution with these moments.
	want, err := both.Residence().Percentile(0.99)
	require.NoError(t, err)
	got, err := both.ResponsePercentile(0.99)
	require.NoError(t, err)
	require.InEpsilon(t, want, got, 1e-9)
	require.InDelta(t, 0.01, both.ResponseTail(got), 1e-9)

	node.Beside.Variance = 0 // always the same: it is never sooner
	both, err = node.Solve()
	require.NoError(t, err)
	require.GreaterOrEqual(t, both.ResponseTail(0.03), alone.ResponseTail(0.03))
	node.Beside.Mean = math.NaN()
	_, err = node.Solve()
	require.ErrorContains(t, err, "beside the queue")
}

// The longer the time beside the queue, the less a node carries within an aim, and
// never more than without it; what it carries keeps the aim. A gamma distribution is
// less skewed with a greater mean, so that of two long times the longer may leave
// room for some thousandths more where service varies more than exponentially: of
// what it carries, or of all that it could carry, where the aim leaves it next to nothing.
func TestBesideTakesCapacity(t *testing.T) {
	drawn.CheckMost(t, 0.60, func(rt *rapid.T) bool {
		node := Node{Servers: float64(rapid.IntRange(1, 64).Draw(rt, "servers")), Service: 0.004, ArrivalSCV: 1,
			ServiceSCV: rapid.Float64Range(0.1, 3).Draw(rt, "cs2"), Contention: rapid.Float64Range(0, 1).Draw(rt, "s")}
		aim := Aim{Percentile: 0.99, Within: rapid.Float64Range(0.02, 0.2).Draw(rt, "within")}
		capacity := func(latency float64) float64 {
			m := 0.3 // of four pages
			node.Beside = Moments{Mean: 4 * m * latency, Variance: 4 * (2*m - m*m) * latency * latency}
			x, err := node.Capacity(0.6, aim)
			if err != nil {
				return 0
			}
			if x > 0 {
				full := node
				full.Rate = x
				s, err := full.Solve()
				require.NoError(rt, err)
				require.LessOrEqual(rt, s.ResponseTail(aim.Within), 0.01*(1+1e-9))
			}
			return x
		}
		latency := rapid.Float64Range(1e-5, 0.02).Draw(rt, "latency")
		none, some, more := capacity(0), capacity(latency), capacity(2*latency)
		require.LessOrEqual(rt, some, none*(1+1e-9))
		within, ofAll := 1e-5, 0.0
		if node.ServiceSCV > 1 {
			within, ofAll = 0.01, 0.001
		}
		require.LessOrEqual(rt, more, some*(1+within)+ofAll*node.atRest(0.6))
		return more > 0
	})
}
