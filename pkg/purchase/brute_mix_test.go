package purchase

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// thin keeps on demand, at most two commitments, and spot, so that brute force ends.
func thin(t *rapid.T, opts []Option) []Option {
	for {
		var commits []int
		for i := range opts {
			if opts[i].Years > 0 {
				commits = append(commits, i)
			}
		}
		if len(commits) <= 2 {
			return opts
		}
		i := rapid.SampledFrom(commits).Draw(t, "drop")
		opts = append(opts[:i:i], opts[i+1:]...)
	}
}

// grown makes a pool never shrink: no node is ever needed less than before, and as
// many may be on spot.
func grown(p Lot) Lot {
	for k := range p.Slots {
		d := p.Slots[k].Duty
		for m := 1; m < len(d); m++ {
			d[m] = math.Max(d[m], d[m-1])
		}
	}
	for m := range p.MaxSpot {
		p.MaxSpot[m] = p.MaxSpot[0]
	}
	return p
}

// bruteHorizon is short, so that all courses can be tried: a year ends within it,
// three do not.
const bruteHorizon = 18

func TestMixOfGrowingPoolsEqualsBruteForce(t *testing.T) {
	for _, bounded := range []bool{false, true} {
		unplanned := 0.05
		if bounded {
			unplanned = 0.60
		}
		drawn.CheckMost(t, unplanned, func(t *rapid.T) bool {
			p, opts := grown(drawPool(t, 3)), thin(t, drawOptions(t))
			c := Unbounded()
			if bounded {
				c = drawConstraints(t)
			}
			rate := rapid.SampledFrom([]float64{0, 0.08}).Draw(t, "rate")
			s := system{p: &p, opts: opts, c: &c, rate: rate, horizon: bruteHorizon, moves: true}
			want := s.best()
			m, err := Best(p, opts, c, Basis{Horizon: bruteHorizon, DiscountRate: unit.Fraction(rate)})
			if math.IsInf(want, 1) {
				require.Error(t, err)
				return false
			}
			require.NoError(t, err)
			require.GreaterOrEqual(t, m.PV.Float64(), want-0.0051-want*1e-8)
			if !m.Exact {
				require.True(t, c.SpotTypes > 1 || c.MinCommitted > 0,
					"only types of spot, and commitments without use, make a growing pool's mix inexact")
				return false
			}
			require.InDelta(t, want, m.PV.Float64(), 0.0051+want*1e-8)
			return true
		})
	}
}

// restless makes up a pool whose peak changes every three months: commitments that
// begin at different times can take each other's place.
func restless(t *rapid.T, n int) Lot {
	p := Lot{Name: "web", Slots: make([]Slot, n)}
	for m := range bruteHorizon {
		if m%3 == 0 {
			n = rapid.IntRange(0, len(p.Slots)).Draw(t, "peak")
		}
		for k := range p.Slots {
			u := 0.0
			if k < n {
				u = 1 / float64(1+k)
			}
			p.Slots[k].Duty = append(p.Slots[k].Duty, u)
		}
	}
	return p
}

// Where a pool shrinks, the mix is never below brute force. Without bounds brute
// force lets a commitment serve another node then, which the mix does not try.
func TestMixOfShrinkingPoolsIsAnUpperBound(t *testing.T) {
	for _, bounded := range []bool{false, true} {
		unplanned := 0.05
		if bounded {
			unplanned = 0.60
		}
		drawn.CheckMost(t, unplanned, func(t *rapid.T) bool {
			p, opts := restless(t, 3), thin(t, drawOptions(t))
			c := Unbounded()
			if bounded {
				p, c = drawPool(t, 3), drawConstraints(t)
			}
			above, ok := excess(t, &system{p: &p, opts: opts, c: &c, horizon: bruteHorizon, moves: !bounded})
			// Of these draws a commitment may cost a twentieth of on demand.
			require.LessOrEqual(t, above, 0.6)
			return ok
		})
	}
}

// At prices that occur the mix of a pool that shrinks is above brute force by no more
// than the report says.
func TestMixOfShrinkingPoolsIsSoMuchAboveAtMost(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		p, opts, c := jumping(t, 3), thin(t, drawOptions(t)), Unbounded()
		for i := range opts {
			occurring(&opts[i])
		}
		above, ok := excess(t, &system{p: &p, opts: opts, c: &c, horizon: bruteHorizon, moves: true})
		require.True(t, ok)
		require.LessOrEqual(t, above, TestedExcess)
	})
}

// excess is by which part of brute force's cost the mix is above it; false where no mix
// keeps the bounds. It is never below, and equal where the mix is said to be exact.
func excess(t *rapid.T, s *system) (above float64, ok bool) {
	want := s.best()
	m, err := Best(*s.p, s.opts, *s.c, Basis{Horizon: s.horizon})
	if err != nil {
		return 0, false
	}
	more, rounding := m.PV.Float64()-want, 0.0051+want*1e-8
	require.GreaterOrEqual(t, more, -rounding)
	if m.Exact {
		require.LessOrEqual(t, more, rounding)
	}
	if more <= rounding {
		return 0, true
	}
	return more / want, true
}

// jumping makes up a pool whose nodes all change every one to nine months: harder on
// commitments than growth with events.
func jumping(t *rapid.T, most int) Lot {
	p := Lot{Name: "web", Slots: make([]Slot, most)}
	busy := rapid.SampledFrom([]float64{1, 0.75}).Draw(t, "busy")
	peak, left := 0, 0
	for range bruteHorizon {
		if left == 0 {
			peak = rapid.IntRange(0, most).Draw(t, "peak")
			left = rapid.IntRange(1, 9).Draw(t, "months")
		}
		left--
		for k := range p.Slots {
			u := 0.0
			if k < peak {
				u = math.Pow(busy, float64(k))
			}
			p.Slots[k].Duty = append(p.Slots[k].Duty, u)
		}
	}
	return p
}

// occurring brings the price of a commitment into the range in which nearly all of the
// tables are: of what on demand costs, one year 55 to 75 %, three years 28 to 55 %.
func occurring(o *Option) {
	least, most := 550, 750
	switch o.Years {
	case 0:
		return
	case 3:
		least, most = 280, 550
	}
	const drawnMost = 1500 // thousandths; drawOptions
	e := least + int(o.Effective()*1000)*(most-least)/drawnMost
	hours := money.Int(int64(o.Years * catalog.HoursPerYear))
	switch o.Upfront {
	case "none":
		o.Hourly = thousandths(e)
	case "all":
		o.Fee = thousandths(e).Times(hours)
	default:
		o.Hourly, o.Fee = thousandths(e/2), thousandths(e-e/2).Times(hours)
	}
}

// One node always, a second in the months 3 to 11. When the first node's commitment
// of a year ends the second node is gone, and its commitment, begun in month 3, has
// three months left that would serve the first: only a pool as a whole sees that.
func TestShrinkingPoolIsNotExact(t *testing.T) {
	duty := make([]float64, bruteHorizon)
	for m := 3; m < 12; m++ {
		duty[m] = 1
	}
	p := Lot{Name: "web", Slots: []Slot{{Duty: []float64{1}}, {Duty: duty}}}
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.85")}
	c := Unbounded()
	m, err := Best(p, opts, c, Basis{Horizon: bruteHorizon})
	require.NoError(t, err)
	require.False(t, m.Exact)
	s := system{p: &p, opts: opts, c: &c, horizon: bruteHorizon, moves: true}
	require.Greater(t, m.PV.Float64(), s.best()+1)

	still, err := Best(Lot{Name: "web", Slots: always(2)}, opts, c, Basis{})
	require.NoError(t, err)
	require.True(t, still.Exact)
}
