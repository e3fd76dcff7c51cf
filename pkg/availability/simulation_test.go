package availability_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"headroom/pkg/availability"
)

// parts are the parts of a group, each with its own clock: when it fails or, once it has a
// repairer, is up again. Nothing here knows of the chain.
type parts struct {
	next    []float64 // the part's next event; +Inf while it waits for a repairer
	down    []bool
	waiting []int // for the only repairer, in order
	busy    bool
	lost    int
	now     float64
}

// simulation draws the times of a group.
type simulation struct {
	n, tolerated  int
	every, repair float64
	repairs       availability.Repair
	rand          *rand.Rand
}

func (s *simulation) start() *parts {
	p := &parts{next: make([]float64, s.n), down: make([]bool, s.n)}
	for i := range p.next {
		p.next[i] = s.every * s.rand.ExpFloat64()
	}
	return p
}

// step goes to the next event and says how long the group stayed as it was.
func (s *simulation) step(p *parts) float64 {
	i := 0
	for k, at := range p.next {
		if at < p.next[i] {
			i = k
		}
	}
	stayed := p.next[i] - p.now
	p.now = p.next[i]
	if p.down[i] {
		p.down[i], p.busy = false, false
		p.lost--
		p.next[i] = p.now + s.every*s.rand.ExpFloat64()
	} else {
		p.down[i] = true
		p.lost++
		p.next[i] = math.Inf(1)
		p.waiting = append(p.waiting, i)
	}
	for len(p.waiting) > 0 && (s.repairs == availability.ParallelRepair || !p.busy) {
		p.next[p.waiting[0]] = p.now + s.repair*s.rand.ExpFloat64()
		p.waiting, p.busy = p.waiting[1:], true
	}
	return stayed
}

// upTime is the part of so many events' time in which no more than tolerated were lost.
func (s *simulation) upTime(p *parts, events int) float64 {
	up, all := 0.0, 0.0
	for range events {
		fine := p.lost <= s.tolerated
		stayed := s.step(p)
		all += stayed
		if fine {
			up += stayed
		}
	}
	return up / all
}

// untilLoss is the time from all up until more than tolerated are lost.
func (s *simulation) untilLoss() float64 {
	p := s.start()
	for p.lost <= s.tolerated {
		s.step(p)
	}
	return p.now
}

// interval is the mean of independent figures and the half width of its confidence interval
// at 99.9 %, Student's.
func interval(figures []float64) (mean, half float64) {
	mean, dev := stat.MeanStdDev(figures, nil)
	n := float64(len(figures))
	return mean, distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.9995) * dev / math.Sqrt(n)
}

// The chains are exact: they lie within the simulation's own interval, which is narrow
// enough to tell repairs in series from those in parallel.
func TestSimulationAgreesWithTheChains(t *testing.T) {
	const batches, events, losses = 40, 20_000, 10_000
	seed := uint64(0)
	for _, x := range []struct {
		n, tolerated  int
		every, repair float64
	}{{1, 0, 10, 1}, {2, 1, 5, 1}, {3, 1, 10, 2}, {5, 2, 6, 1}, {8, 2, 30, 2}} {
		for _, repairs := range []availability.Repair{availability.SerialRepair, availability.ParallelRepair} {
			seed++
			draw := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
			s := &simulation{x.n, x.tolerated, x.every, x.repair, repairs, draw}
			p := s.start()
			s.upTime(p, events) // until it has forgotten that all were up
			up, lasts := make([]float64, batches), make([]float64, losses)
			for i := range up {
				up[i] = s.upTime(p, events)
			}
			for i := range lasts {
				lasts[i] = s.untilLoss()
			}
			mean, half := interval(up)
			want := repairable(x.n, x.tolerated, x.every, x.repair, repairs)
			require.InDelta(t, want, mean, half, "%+v %v: up", x, repairs)
			require.Less(t, half, 0.05*(1-mean), "%+v %v: %v ± %v", x, repairs, mean, half)
			mean, half = interval(lasts)
			want = loss(x.n, x.tolerated, x.every, x.repair, repairs)
			require.InDelta(t, want, mean, half, "%+v %v: loss", x, repairs)
			require.Less(t, half, 0.05*mean)
		}
	}
}

// Times of other distributions give the same availability where every part has its own
// repairer, as KofN and OfRates say: here lives that are constant and repairs that are not.
func TestSimulationOfConstantTimes(t *testing.T) {
	draw := rand.New(rand.NewPCG(99, 0x9e3779b97f4a7c15))
	const n, k, cycles, batches = 3, 2, 4_000, 40
	const every, repair = 7.0, 1.5
	up := make([]float64, batches)
	for b := range up {
		var ends [n][]float64 // of lives and repairs in turn
		for i := range ends {
			at := -draw.Float64() * 1000 // parts do not begin together
			for range cycles {
				fails := at + every
				at = fails + 2*repair*draw.Float64()
				ends[i] = append(ends[i], fails, at)
			}
		}
		up[b] = share(ends[:], k, every*cycles)
	}
	a, err := availability.OfRates(every, repair)
	require.NoError(t, err)
	mean, half := interval(up)
	require.InDelta(t, availability.KofN(k, n, a), mean, half)
	require.Less(t, half, 0.05*(1-mean))
}

// share is the part of the time from 0 to end in which at least k parts are up.
func share(ends [][]float64, k int, end float64) float64 {
	at, now, up := make([]int, len(ends)), 0.0, 0.0
	for i := range ends {
		for ends[i][at[i]] <= 0 {
			at[i]++
		}
	}
	for now < end {
		next, first, alive := end, -1, 0
		for i := range ends {
			if at[i]%2 == 0 {
				alive++
			}
			if e := ends[i][at[i]]; e < next {
				next, first = e, i
			}
		}
		if alive >= k {
			up += next - now
		}
		if now = next; first >= 0 {
			at[first]++
		}
	}
	return up / end
}
