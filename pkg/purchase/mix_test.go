package purchase

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/drawn"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// brute tries every assignment of options to slots and gives the least value,
// +Inf when none keeps the constraints.
func brute(p Lot, opts []Option, c Constraints, rate float64, horizon int) float64 {
	n := len(p.Slots)
	costs := make([][]float64, n)
	var allowed []int
	for i := range opts {
		ok := i == 0
		for _, w := range c.Allow {
			ok = ok || covers(w, opts[i].Name)
		}
		if ok && (opts[i].Kind != Spot || p.Interruptible) {
			allowed = append(allowed, i)
		}
	}
	for k, s := range p.Slots {
		for _, i := range allowed {
			costs[k] = append(costs[k], value(s, &opts[i], rate, horizon))
		}
		without := math.Inf(1)
		for j, i := range allowed {
			if opts[i].Kind != Spot {
				without = math.Min(without, costs[k][j])
			}
		}
		for j, i := range allowed {
			if opts[i].Kind == Spot && costs[k][j] > without*(1-float64(c.MinSpotSaving))*(1+1e-9) {
				costs[k][j] = math.Inf(1)
			}
		}
	}
	months, spots := peaks(p, horizon)
	best := math.Inf(1)
	class := make([]int, n) // 1 committed, 2 spot
	var walk func(k int, cost float64)
	walk = func(k int, cost float64) {
		if k == n {
			if keeps(class, months, spots, c) {
				best = math.Min(best, cost)
			}
			return
		}
		for j, i := range allowed {
			class[k] = 0
			if opts[i].Years > 0 {
				class[k] = 1
			}
			if opts[i].Kind == Spot {
				class[k] = 2
			}
			walk(k+1, cost+costs[k][j])
		}
	}
	walk(0, 0)
	return best
}

// keeps tells whether an assignment of slots to classes keeps all shares among
// the nodes of every month, and among all.
func keeps(class, months, spots []int, c Constraints) bool {
	try := func(n, maxSpot int) bool {
		committed, spot := 0, 0
		for _, x := range class[:n] {
			switch x {
			case 1:
				committed++
			case 2:
				spot++
			}
		}
		share := func(f unit.Fraction) float64 { return float64(f) * float64(n) }
		hi := math.Floor(share(c.MaxCommitted) + 1e-9)
		lo := math.Min(hi, math.Ceil(share(c.MinCommitted)-1e-9))
		return float64(committed) >= lo && float64(committed) <= hi &&
			float64(spot) <= math.Min(math.Floor(share(c.MaxSpot)+1e-9), float64(maxSpot)) &&
			(spot == 0 || spot >= c.SpotTypes)
	}
	for m, n := range months {
		if n > 0 && !try(n, spots[m]) {
			return false
		}
	}
	return try(len(class), len(class))
}

// thin keeps on demand and at most four more options, so that brute force ends.
func thin(t *rapid.T, opts []Option) []Option {
	for len(opts) > 5 {
		i := rapid.IntRange(1, len(opts)-1).Draw(t, "drop")
		opts = slices.Delete(opts, i, i+1)
	}
	return opts
}

func TestMixEqualsBruteForce(t *testing.T) {
	for _, bounded := range []bool{false, true} {
		impossible := 0.0
		if bounded {
			impossible = 0.45
		}
		for _, rate := range []unit.Fraction{0, 0.08} {
			drawn.CheckMost(t, impossible, func(t *rapid.T) bool {
				p, opts := drawPool(t, 5), thin(t, drawOptions(t))
				c := Unbounded()
				if bounded {
					c = drawConstraints(t)
				}
				horizon := rapid.SampledFrom([]int{36, 12, 30}).Draw(t, "horizon")
				want := brute(p, opts, c, float64(rate), horizon)
				m, err := Best(p, opts, c, Basis{Horizon: horizon, DiscountRate: rate})
				if math.IsInf(want, 1) {
					require.Error(t, err)
					return false
				}
				require.NoError(t, err)
				// PV is rounded to the cent.
				require.InDelta(t, want, m.PV.Float64(), 0.0051+want*1e-8)
				return true
			})
		}
	}
}

func TestBoundsHold(t *testing.T) {
	drawn.CheckMost(t, 0.40, func(t *rapid.T) bool {
		p, opts, c := drawPool(t, 30), drawOptions(t), drawConstraints(t)
		m, err := Best(p, opts, c, Basis{})
		if err != nil {
			return false
		}
		total := 0
		class := make([]int, m.Nodes)
		seen := make([]bool, m.Nodes)
		for _, a := range m.Allocations {
			total += a.Nodes
			inSpans, begun := 0, 0
			for _, s := range a.Slots {
				for k := s.From - 1; k < s.To; k++ {
					require.False(t, seen[k], "slot %d is bought twice", k)
					seen[k] = true
					inSpans++
					switch {
					case a.Option.Committed():
						class[k] = 1
					case a.Option.Kind == Spot:
						class[k] = 2
					}
				}
			}
			for _, b := range a.Begins {
				begun += b.Nodes
			}
			require.Equal(t, a.Nodes, inSpans)
			require.Equal(t, a.Nodes, begun)
			require.Empty(t, a.Option.Missing)
		}
		require.Equal(t, len(p.Slots), total)
		months, spots := peaks(p, DefaultHorizon)
		require.True(t, keeps(class, months, spots, c), "commitment or spot above the cap in some month")
		require.LessOrEqual(t, m.Coverage(), 1+1e-9)
		require.LessOrEqual(t, m.Utilisation(), 1+1e-9)
		return true
	})
}

func TestOptimalIsNeverAboveOnDemandAndMoreOptionsNeverCostMore(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		p, opts := drawPool(t, 20), drawOptions(t)
		rate := unit.Fraction(rapid.SampledFrom([]float64{0, 0.08}).Draw(t, "rate"))
		before := math.Inf(1)
		c := Unbounded()
		for n := 0; n < len(Names()); n++ {
			c.Allow = Names()[:n+1]
			m, err := Best(p, opts, c, Basis{DiscountRate: rate})
			require.NoError(t, err)
			v := m.PV.Float64()
			require.LessOrEqual(t, v, m.PVOnDemand.Float64()+0.0051)
			require.LessOrEqual(t, v, before+0.0101, "allowing %s costs more", Names()[n])
			before = v
		}
	})
}

func TestCommitmentDoesNotDependOnUse(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		o := option("reserved-1y-partial", "1000.01", "0.123")
		opts := []Option{onDemandAt("1"), o}
		cost := func(u float64) *Mix {
			p := Lot{Name: "db", Slots: []Slot{{Duty: []float64{u}}}}
			m, err := Price(p, opts, []Commit{{Pool: "db", Nodes: 1, Option: o.Name}}, Unbounded(), Basis{})
			require.NoError(t, err)
			return m
		}
		a := cost(float64(rapid.IntRange(1, 168).Draw(t, "hours")) / 168)
		b := cost(1)
		require.Equal(t, b.Allocations[0].Total.String(), a.Allocations[0].Total.String())
		require.Equal(t, b.PV.String(), a.PV.String())
		require.LessOrEqual(t, a.Utilisation(), b.Utilisation())
	})
}

// docs/model.md section 7: commit iff u > (fee/T + rate)/p. Here it is 876/8760 +
// 0.4 = 0.5 of the on-demand price.
func TestBreakEvenDuty(t *testing.T) {
	o := option("reserved-1y-partial", "876", "0.4")
	opts := []Option{onDemandAt("1"), o}
	require.InDelta(t, 0.5, o.BreakEven(&opts[0]), 1e-12)
	for _, c := range []struct {
		hours int
		want  string
	}{{85, "reserved-1y-partial"}, {84, "on-demand"}, {83, "on-demand"}} {
		p := Lot{Name: "web", Slots: Slots(1,
			[]capacity.NodeHours{{Nodes: 1, Hours: c.hours}, {Nodes: 0, Hours: 168 - c.hours}})}
		m, err := Best(p, opts, Unbounded(), Basis{})
		require.NoError(t, err)
		require.Equal(t, c.want, m.Allocations[0].Option.Name, "%d hours", c.hours)
	}
	require.True(t, math.IsInf(o.BreakEven(&Option{Rework: 1}), 1))
}

// Three years cost 36 × 730 × 0.45 now; one year at a time 0.5. Discounted at
// 50 %, what is paid later is worth so much less that the year wins.
func TestDiscountRateFavoursLaterPayment(t *testing.T) {
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.5"), option("reserved-3y-all", "11826", "0")}
	p := Lot{Name: "db", Slots: always(2)}
	for rate, want := range map[unit.Fraction]string{0: "db=2×reserved-3y-all", 0.5: "db=2×reserved-1y-none"} {
		m, err := Best(p, opts, Unbounded(), Basis{DiscountRate: rate})
		require.NoError(t, err)
		require.Equal(t, want, m.String())
	}
}

func TestInfeasibleAndBadInputAreErrors(t *testing.T) {
	p := Lot{Name: "web", Slots: always(2)}
	od := onDemandAt("1")
	must := Unbounded()
	must.MinCommitted = 0.5
	_, err := Best(p, []Option{od}, must, Basis{})
	require.ErrorContains(t, err, "no commitment is among the allowed options")
	missing := named("reserved-1y-none")
	missing.Missing = remark.New("unpriced.term", "vintage", "2026-07-20", "region", "us-east-1",
		"machine", "m7g.large")
	_, err = Best(p, []Option{od, missing}, must, Basis{})
	require.ErrorContains(t, err, "reserved-1y-none: no price in this vintage")
	m, err := Best(p, []Option{od, missing}, Unbounded(), Basis{})
	require.NoError(t, err)
	require.Equal(t, "reserved-1y-none", m.Unpriced[0].Name, "named, not silently absent")

	_, err = Best(p, nil, Unbounded(), Basis{})
	require.ErrorContains(t, err, "no on-demand price")
	for _, u := range []float64{math.NaN(), -0.1, 1.1, math.Inf(1)} {
		_, err = Best(Lot{Name: "web", Slots: []Slot{{Duty: []float64{u}}}}, []Option{od}, Unbounded(), Basis{})
		require.ErrorContains(t, err, "node 1")
	}
	_, err = Best(Lot{Name: "web", Slots: []Slot{{}}}, []Option{od}, Unbounded(), Basis{})
	require.ErrorContains(t, err, "no duty")
	_, err = Best(p, []Option{od}, Unbounded(), Basis{Horizon: 121})
	require.ErrorContains(t, err, "horizon")
	_, err = Best(p, []Option{od}, Unbounded(), Basis{DiscountRate: unit.Fraction(math.NaN())})
	require.ErrorContains(t, err, "discount rate")
	_, err = Best(p, []Option{od, option("reserved-1y-all", "99999999999999", "0")}, Unbounded(), Basis{})
	require.ErrorContains(t, err, "no node does")

	m, err = Best(Lot{Name: "none"}, []Option{od}, Unbounded(), Basis{})
	require.NoError(t, err)
	require.Zero(t, m.Nodes)
	require.True(t, m.First().Effective.IsZero())
}

// With the same inputs the same mix, also where options cost the same: the one
// that binds less.
func TestTiesBindLess(t *testing.T) {
	opts := []Option{option("reserved-3y-none", "0", "0.5"), option("reserved-1y-none", "0", "0.5"), onDemandAt("0.5")}
	m, err := Best(Lot{Name: "web", Slots: always(3)}, opts, Unbounded(), Basis{})
	require.NoError(t, err)
	require.Empty(t, m.String())
	require.Equal(t, OnDemand, m.Allocations[0].Option.Name)
}

func BenchmarkMix(b *testing.B) {
	opts := []Option{onDemandAt("0.1")}
	for i, name := range Names()[1:12] {
		o := named(name)
		o.Hourly = thousandths(40 + 5*i)
		opts = append(opts, o)
	}
	require.Len(b, opts, 12)
	counts := make([]capacity.NodeHours, 168)
	for h := range counts {
		counts[h] = capacity.NodeHours{Nodes: 160 + 5*h, Hours: 1}
	}
	counts[167].Nodes = 1000
	bounded := Unbounded()
	bounded.MinCommitted, bounded.MaxCommitted = 0.2, 0.5
	for name, c := range map[string]Constraints{"free": Unbounded(), "bounded": bounded} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p := Lot{Name: "web", Slots: Slots(1, counts)}
				if _, err := Best(p, opts, c, Basis{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
