package queueing_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"headroom/pkg/queueing"
)

// measured is a simulated mean with the half width of its confidence interval.
type measured struct{ mean, half float64 }

func (m measured) String() string { return fmt.Sprintf("%.5g ± %.2g", m.mean, m.half) }

// batches is a run cut into equal batches, whose means are nearly independent;
// the interval is Student's at 99.9 %.
const batches = 40

func interval(means []float64) measured {
	mean, dev := stat.MeanStdDev(means, nil)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: batches - 1}.Quantile(0.9995)
	return measured{mean: mean, half: t * dev / math.Sqrt(batches)}
}

// simulate serves n arrivals first come first served, event by event, and
// gives the share that waits, the mean wait and the share slower than late.
func simulate(node queueing.Node, n int, late float64, seed uint64) (pWait, wait, tail measured) {
	src := rand.NewPCG(seed, 0x9e3779b97f4a7c15)
	draw := func(mean, scv float64) func() float64 {
		if scv == 0 {
			return func() float64 { return mean }
		}
		return distuv.Gamma{Alpha: 1 / scv, Beta: 1 / (mean * scv), Src: src}.Rand
	}
	gap := draw(1/node.Rate, node.ArrivalSCV)
	service := draw(node.Service, node.ServiceSCV)
	free := make([]float64, int(node.Servers)) // when each server is next free
	var now float64
	one := func() (wait, response float64) {
		now += gap()
		first := 0
		for i, at := range free {
			if at < free[first] {
				first = i
			}
		}
		start := math.Max(now, free[first])
		free[first] = start + service()
		return start - now, free[first] - now
	}
	for range n / 10 { // until it has forgotten that it began empty
		one()
	}
	var waited, waits, slow []float64
	for range batches {
		var a, b, c float64
		size := n / batches
		for range size {
			w, r := one()
			b += w
			if w > 0 {
				a++
			}
			if r > late {
				c++
			}
		}
		waited, waits, slow = append(waited, a/float64(size)), append(waits, b/float64(size)),
			append(slow, c/float64(size))
	}
	return interval(waited), interval(waits), interval(slow)
}

// M/M/c is exact: theory lies within the simulation's own interval, and the
// interval is narrow enough to tell.
func TestSimulationAgreesWithErlang(t *testing.T) {
	for i, row := range []struct{ c, rho float64 }{{1, 0.7}, {4, 0.8}, {12, 5.0 / 6}, {48, 0.9}} {
		n := queueing.Markov(row.c, row.rho*row.c/0.010, 0.010)
		s := solve(t, n)
		late := percentile(t, s, 0.95)
		pWait, wait, tail := simulate(n, 2_000_000, late, uint64(i+1))
		for name, pair := range map[string]struct {
			want float64
			got  measured
		}{
			"P(wait)":   {s.PWait(), pWait},
			"mean wait": {s.MeanWait(), wait},
			"slow":      {0.05, tail},
		} {
			require.InDelta(t, pair.want, pair.got.mean, pair.got.half, "c=%g ρ=%g %s: %v",
				row.c, row.rho, name, pair.got)
			require.Less(t, pair.got.half, 0.12*pair.got.mean, "c=%g ρ=%g %s: %v", row.c, row.rho, name, pair.got)
		}
	}
}

// Other variabilities are approximations. In ordinary use (utilisation 0.8 to
// 0.9, 2 to 24 servers, cs² and ca² between 0 and 3) the mean wait is within
// 15 % of the truth and the 95th percentile of the response is one between
// the 94th and the 96.5th.
func TestApproximationsWithinTheirBounds(t *testing.T) {
	for i, row := range []struct{ c, rho, ca2, cs2 float64 }{
		{2, 0.8, 1, 0},
		{4, 0.8, 1, 0.25},
		{4, 0.9, 1, 2},
		{24, 0.85, 1, 2},
		{12, 0.8, 1, 0.5},
		{4, 0.8, 0.5, 1},
		{4, 0.8, 3, 1},
		{12, 0.85, 3, 1},
		{12, 0.9, 0.5, 0.5},
	} {
		n := queueing.Node{Servers: row.c, Rate: row.rho * row.c / 0.010, Service: 0.010, ArrivalSCV: row.ca2,
			ServiceSCV: row.cs2}
		s := solve(t, n)
		_, wait, tail := simulate(n, 2_000_000, percentile(t, s, 0.95), uint64(100+i))
		require.InEpsilon(t, wait.mean, s.MeanWait(), 0.15, "%+v: %v", row, wait)
		require.Less(t, wait.half, 0.12*wait.mean, "%+v: %v", row, wait)
		require.Greater(t, tail.mean, 0.035, "%+v: %v", row, tail)
		require.Less(t, tail.mean, 0.06, "%+v: %v", row, tail)
	}
}
