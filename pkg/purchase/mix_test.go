package purchase

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/drawn"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// In every month the first nodes keep all shares, and spot its types.
func TestBoundsHold(t *testing.T) {
	drawn.CheckMost(t, 0.40, func(t *rapid.T) bool {
		p, opts, c := drawPool(t, 30), drawOptions(t), drawConstraints(t)
		pr, err := newPricing(p, opts, c, Basis{})
		require.NoError(t, err)
		runs, _, ok := pr.best()
		m, err := Best(p, opts, c, Basis{})
		if err != nil {
			return false
		}
		require.True(t, ok)
		for month := range DefaultHorizon {
			class := make([]int, len(p.Slots))
			for _, r := range runs {
				for k := r.from; k < r.to && r.by[month] != free; k++ {
					class[k] = committed
				}
			}
			pr.byUse(runs, month, func(from, to, option int) {
				for k := from; k < to && option != onDemandFirst; k++ {
					require.Equal(t, byDemand, class[k], "node %d is bought twice", k)
					class[k] = bySpot
				}
			})
			require.True(t, keeps(class, &p, month, &c), "month %d: %v", month, class)
		}
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
		for n := range workload.PurchaseOptions() {
			c.Allow = workload.PurchaseOptions()[:n+1]
			m, err := Best(p, opts, c, Basis{DiscountRate: rate})
			require.NoError(t, err)
			v := m.PV.Float64()
			require.LessOrEqual(t, v, m.PVOnDemand.Float64()+0.0051)
			require.LessOrEqual(t, v, before+0.0101, "allowing %s costs more", workload.PurchaseOptions()[n])
			before = v
		}
	})
}

// A node that is needed in a tenth of the hours more every quarter is on demand
// until half of them, the break-even, and committed then. Bound to its first month,
// its commitment would cost more than it saves.
func TestCommitmentStartsLater(t *testing.T) {
	duty := make([]float64, 36)
	for m := range duty {
		duty[m] = min(1, 0.1+0.1*float64(m/3))
	}
	p := Lot{Name: "web", Slots: []Slot{{Duty: duty}}}
	m, err := Best(p, []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.55")}, Unbounded(), Basis{})
	require.NoError(t, err)
	require.True(t, m.Exact)
	require.Empty(t, m.String(), "nothing is bought at once")
	require.Equal(t, []Begin{{Month: 15, Nodes: 1}}, m.Allocations[1].Begins) // 0.6 from month 15
	require.Equal(t, "11716.50", m.PV.String())                               // 730 × (3 × (0.1 + … + 0.5) + 21 × 0.55)
}

// A year first, three years when the need is known to last: the term changes with
// the need that the horizon shows.
func TestTermChanges(t *testing.T) {
	duty := make([]float64, 40)
	for m := range duty {
		if m < 12 || m >= 20 {
			duty[m] = 1
		}
	}
	p := Lot{Name: "web", Slots: []Slot{{Duty: duty}}}
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.7"), option("reserved-3y-none", "0", "0.6")}
	m, err := Best(p, opts, Unbounded(), Basis{})
	require.NoError(t, err)
	require.False(t, m.Exact, "it shrinks in between")
	require.Equal(t, []Begin{{Month: 0, Nodes: 1}}, bought(m, "reserved-1y-none").Begins)
	require.Equal(t, []Begin{{Month: 20, Nodes: 1}}, bought(m, "reserved-3y-none").Begins)
}

// What is paid for months after the horizon counts as far as they have use for it: a
// node that stops after month 30 does not get three years for the price of one.
func TestResidualIsCreditedAsFarAsUsed(t *testing.T) {
	opts := []Option{onDemandAt("1"), option("reserved-3y-none", "0", "0.4")}
	pv := func(last float64) string {
		duty := []float64{}
		for m := range 36 {
			switch {
			case m < 24:
				duty = append(duty, 0)
			case m < 30:
				duty = append(duty, 1)
			default:
				duty = append(duty, last)
			}
		}
		m, err := Price(Lot{Name: "web", Slots: []Slot{{Duty: duty}}}, opts, nil, Unbounded(), Basis{})
		require.NoError(t, err)
		onDemand := m.PV.String()
		m, err = Best(Lot{Name: "web", Slots: []Slot{{Duty: duty}}}, opts, Unbounded(), Basis{})
		require.NoError(t, err)
		return m.PV.String() + " of " + onDemand
	}
	require.Equal(t, "3504.00 of 8760.00", pv(1))   // 12 × 730 × 0.4
	require.Equal(t, "4380.00 of 4380.00", pv(0))   // a term would cost 36 × 730 × 0.4
	require.Equal(t, "5256.00 of 5256.00", pv(0.2)) // and 24 × 730 × 0.2 of it for nothing
}

// Commitments cover a stated part of the node hours, whatever is cheapest; terms are
// chosen as ever.
func TestTargetCoverage(t *testing.T) {
	slots := Slots(1, []capacity.NodeHours{{Nodes: 2, Hours: 84}, {Nodes: 6, Hours: 84}}) // 4 on average
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.9"), option("reserved-3y-none", "0", "0.8")}
	for target, want := range map[unit.Fraction]string{0: "web=2×reserved-3y-none", 0.25: "web=1×reserved-3y-none",
		0.5: "web=2×reserved-3y-none", 0.51: "web=3×reserved-3y-none", 1: "web=6×reserved-3y-none"} {
		c := Unbounded()
		c.Target = target
		m, err := Best(Lot{Name: "web", Slots: slots}, opts, c, Basis{})
		require.NoError(t, err)
		require.Equal(t, want, m.String(), "%g", float64(target))
		if target > 0 {
			require.GreaterOrEqual(t, m.Coverage(), float64(target))
			require.GreaterOrEqual(t, m.CoverageInDollars(), float64(target))
		}
	}
}

// Two pools, one at ten times the price: coverage in dollars is another than in
// hours, and the savings rate is of all of it.
func TestCoverageInDollarsAndSavingsRate(t *testing.T) {
	opts := func(p, r string) []Option { return []Option{onDemandAt(p), option("reserved-1y-none", "0", r)} }
	cheap, err := Best(Lot{Name: "a", Slots: always(1)}, opts("1", "1.5"), Unbounded(), Basis{})
	require.NoError(t, err)
	dear, err := Best(Lot{Name: "b", Slots: always(1)}, opts("10", "6"), Unbounded(), Basis{})
	require.NoError(t, err)
	sum := cheap.Plus(dear.Summary)
	require.InDelta(t, 0.5, sum.Coverage(), 1e-12)
	require.InDelta(t, 10.0/11, sum.CoverageInDollars(), 1e-12)
	require.InDelta(t, 4.0/11, sum.SavingsRate(), 1e-12)
	require.Zero(t, Summary{}.SavingsRate())
}

func bought(m *Mix, name string) *Allocation {
	for i := range m.Allocations {
		if m.Allocations[i].Option.Name == name {
			return &m.Allocations[i]
		}
	}
	return &Allocation{}
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

// A pool of up to 4,000 nodes that grows by 2 % a month, with spot.
func BenchmarkMixOfGrowth(b *testing.B) {
	spot := option(Spot, "0", "0.05")
	opts := []Option{onDemandAt("0.1"), option("reserved-1y-none", "0", "0.065"),
		option("reserved-3y-all", "1100", "0"), spot}
	months := make([][]capacity.NodeHours, DefaultHorizon)
	most := make([]int, len(months))
	for m := range months {
		peak := 2000 * math.Pow(1.02, float64(m))
		for h := range 168 {
			n := int(peak * (0.2 + 0.8*float64(h)/167))
			months[m], most[m] = append(months[m], capacity.NodeHours{Nodes: n, Hours: 1}), n/3
		}
	}
	p := Lot{Name: "web", Slots: Slots(1, months...), MaxSpot: most}
	for _, interruptible := range []bool{false, true} {
		p.Interruptible = interruptible
		b.Run(map[bool]string{false: "reserved", true: "spot"}[interruptible], func(b *testing.B) {
			for b.Loop() {
				if _, err := Best(p, opts, Unbounded(), Basis{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMix(b *testing.B) {
	opts := []Option{onDemandAt("0.1")}
	for i, name := range workload.PurchaseOptions()[1:12] {
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
