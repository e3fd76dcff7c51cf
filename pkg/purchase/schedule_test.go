package purchase

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Over the term, upfront and monthly payments are what the commitment costs,
// fee + rate × 8760 × years, to the cent; and months of the spread fee sum to
// the fee.
func TestCashFlowsAddUp(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(workload.PurchaseOptions()[1:len(workload.PurchaseOptions())-1]).Draw(t, "option")
		o := named(name)
		o.Fee = money.MustAmount(rapid.StringMatching(`[0-9]{1,5}\.[0-9]{2,6}`).Draw(t, "fee"))
		o.Hourly = money.MustRate(rapid.StringMatching(`[0-9]\.[0-9]{1,6}`).Draw(t, "rate"))
		n := rapid.IntRange(1, 50).Draw(t, "nodes")
		m, err := Price(Lot{Name: "db", Slots: always(n)}, []Option{onDemandAt("1"), o},
			[]Commit{{Pool: "db", Nodes: n, Option: name}}, Unbounded(), Basis{Horizon: 36})
		require.NoError(t, err)

		count := money.Int(int64(n))
		terms := money.Int(int64(3 / o.Years))
		fees := o.Fee.Times(count).Cents().Times(terms)
		charges := o.Hourly.Times(count.Times(money.Int(3 * 8760))).Cents()
		upfront, hourly := cash(m.Summary)
		require.Equal(t, fees.String(), upfront.String())
		require.Equal(t, charges.String(), hourly.String())
		require.Equal(t, fees.Plus(charges).String(), m.Allocations[0].Total.String())

		var effective money.Amount
		for _, x := range m.Months {
			effective = effective.Plus(x.Effective)
		}
		require.Equal(t, fees.Plus(charges).String(), effective.String(), "spread over the months")
		require.True(t, m.Residual.IsZero())
	})
}

// 100.00 over 12 months is 8.33 and 8.34, never 8.3333.
func TestAmortisedMonthsAreWholeCents(t *testing.T) {
	o := option("reserved-1y-all", "100", "0")
	m, err := Price(Lot{Name: "db", Slots: always(1)}, []Option{onDemandAt("1"), o},
		[]Commit{{Pool: "db", Nodes: 1, Option: o.Name}}, Unbounded(), Basis{Hours: money.Int(720)})
	require.NoError(t, err)
	var got []string
	for _, x := range m.Months[:4] {
		got = append(got, x.Effective.String())
	}
	require.Equal(t, []string{"8.33", "8.34", "8.33", "8.33"}, got)
	require.Equal(t, "100.00", m.Allocations[0].Upfront.String())
	require.Equal(t, "720.00", m.First().OnDemand.String(), "the plan's month, not 730 hours")
	// 100 against 720 a month.
	require.Equal(t, 1, m.BreakEven())
}

// A slot first needed in month 30 of 36: three years begin there, six months
// of it lie within.
func TestResidualCommitmentBeyondTheHorizon(t *testing.T) {
	o := option("reserved-3y-partial", "3600", "0.01")
	duty := make([]float64, 36)
	for m := 30; m < 36; m++ {
		duty[m] = 1
	}
	m, err := Best(Lot{Name: "db", Slots: []Slot{{Duty: duty}}}, []Option{onDemandAt("1"), o}, Unbounded(), Basis{})
	require.NoError(t, err)
	require.Empty(t, m.String(), "nothing is bought at once")
	require.Equal(t, o.Name, m.Allocations[0].Option.Name)
	require.Equal(t, []Begin{{Month: 30, Nodes: 1}}, m.Allocations[0].Begins)
	require.True(t, m.Months[29].Upfront.IsZero())
	require.Equal(t, "3600.00", m.Months[30].Upfront.String())
	require.Equal(t, "107.30", m.Months[30].Effective.String()) // 100 + 7.30
	require.Equal(t, "3219.00", m.Residual.String())            // 30 × 107.30
	require.Equal(t, "643.80", m.PV.String())                   // 6 × 107.30
	require.True(t, m.First().Effective.IsZero())
}

// A one-year term is renewed while there is need, and not after.
func TestRenewal(t *testing.T) {
	duty := make([]float64, 36)
	for m := range 14 {
		duty[m] = 1
	}
	o := option("reserved-1y-all", "1200", "0")
	m, err := Price(Lot{Name: "db", Slots: []Slot{{Duty: duty}}}, []Option{onDemandAt("1"), o},
		[]Commit{{Pool: "db", Nodes: 1, Option: o.Name}}, Unbounded(), Basis{})
	require.NoError(t, err)
	upfront, _ := cash(m.Summary)
	require.Equal(t, "2400.00", upfront.String())
	require.Equal(t, "1200.00", m.Months[12].Upfront.String())
	require.InDelta(t, 14.0/24, m.Utilisation(), 1e-12)
	require.InDelta(t, 1, m.Coverage(), 1e-12)
}

// Ten nodes all the time, four of them reserved at 0.6 × 730 = 438 a month,
// then all ten. When a quarter of the demand goes, ⌈7.5⌉ = 8 nodes remain.
func TestCommitmentAtRisk(t *testing.T) {
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.6")}
	risk := func(n int) []string {
		m, err := Price(Lot{Name: "web", Slots: always(10)}, opts,
			[]Commit{{Pool: "web", Nodes: n, Option: "reserved-1y-none"}}, Unbounded(), Basis{})
		require.NoError(t, err)
		var out []string
		for i, r := range m.AtRisk {
			require.Equal(t, Falls()[i], r.Fall)
			out = append(out, r.Monthly.String())
		}
		return out
	}
	require.Equal(t, []string{"0.00", "0.00", "0.00"}, risk(4))
	require.Equal(t, []string{"438.00", "876.00", "2190.00"}, risk(10)) // 9, 8 and 5 nodes remain
	require.Equal(t, []string{"0.00", "0.00", "438.00"}, risk(6))
}

func TestCoverageUtilisationUncovered(t *testing.T) {
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.6")}
	slots := Slots(1, []capacity.NodeHours{{Nodes: 1, Hours: 84}, {Nodes: 3, Hours: 84}})
	m, err := Best(Lot{Name: "web", Slots: slots}, opts, Unbounded(), Basis{})
	require.NoError(t, err)
	require.Equal(t, "web=1×reserved-1y-none", m.String())
	require.InDelta(t, 0.5, m.Coverage(), 1e-12) // 1 of 2 on average
	require.InDelta(t, 1, m.Utilisation(), 1e-12)
	first := m.First()
	require.Equal(t, "730.00", first.Uncovered.String())
	require.Equal(t, "1168.00", first.Effective.String())
	require.Equal(t, "1460.00", first.OnDemand.String())
	require.InDelta(t, 0.2, saving(m.Summary), 1e-12)
	require.Equal(t, "1", m.Allocations[0].Running.String())
	require.Equal(t, []Span{{2, 3}}, m.Allocations[0].Slots)

	all, err := Price(Lot{Name: "web", Slots: slots}, opts,
		[]Commit{{Pool: "web", Nodes: 3, Option: "reserved-1y-none"}}, Unbounded(), Basis{})
	require.NoError(t, err)
	require.InDelta(t, 2.0/3, all.Utilisation(), 1e-12)
}

func TestSummariesAdd(t *testing.T) {
	opts := []Option{onDemandAt("1"), option("reserved-3y-all", "9000", "0")}
	m, err := Best(Lot{Name: "a", Slots: always(2)}, opts, Unbounded(), Basis{})
	require.NoError(t, err)
	sum := Summary{}.Plus(m.Summary).Plus(m.Summary)
	require.Equal(t, "36000.00", sum.First().Upfront.String())
	require.InDelta(t, saving(m.Summary), saving(sum), 1e-12)
	require.Equal(t, m.BreakEven(), sum.BreakEven())
	require.Equal(t, 13, m.BreakEven()) // 9000 / 730 = 12.3
	require.Equal(t, "18000.00", m.First().Upfront.String(), "adding leaves the parts as they are")
	require.Zero(t, Summary{}.Coverage())
	require.Zero(t, Summary{}.BreakEven())
}

func TestSlots(t *testing.T) {
	slots := Slots(0.5, []capacity.NodeHours{{Nodes: 2, Hours: 126}, {Nodes: 4, Hours: 42}},
		[]capacity.NodeHours{{Nodes: 5, Hours: 168}})
	var got [][]float64
	for _, s := range slots {
		got = append(got, s.Duty)
	}
	require.Equal(t, [][]float64{{0.5, 0.5}, {0.5, 0.5}, {0.125, 0.5}, {0.125, 0.5}, {0, 0.5}}, got)
	require.Empty(t, Slots(1))
	require.Empty(t, Slots(1, nil))

	mean := 0.0
	for _, s := range Between(1, 1, 4, 2.5) {
		mean += s.Duty[0]
	}
	require.InDelta(t, 2.5, mean, 1e-12)
	require.Len(t, Between(1, 3, 3, 3), 3)
	require.Empty(t, Between(1, 4, 3, 3))

	require.Equal(t, []capacity.NodeHours{{Nodes: 3, Hours: 168}}, Counts(sizing.Fixed(0, "", 3)))
	require.Nil(t, Counts(sizing.Pool{Min: 1, Max: 4, Mean: 2}))
	byHour := []capacity.NodeHours{{Nodes: 1, Hours: 100}, {Nodes: 2, Hours: 68}}
	require.Equal(t, byHour, Counts(sizing.Pool{Min: 1, Max: 2, ByHour: byHour}))
}

// The greatest number that passes is found by counting.
func TestMaxSpotIsTheReclaimRule(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		n, left := rapid.IntRange(0, 40).Draw(t, "n"), rapid.IntRange(0, 40).Draw(t, "left")
		types, zones := rapid.IntRange(1, 4).Draw(t, "types"), rapid.IntRange(1, 4).Draw(t, "zones")
		want := 0
		for s := 1; s <= n; s++ {
			pools := types * zones
			if largest := (s + pools - 1) / pools; n-largest >= left {
				want = s
			}
		}
		require.Equal(t, want, MaxSpot(n, left, types, zones))
	})
	require.Zero(t, MaxSpot(5, 1, 0, 3))
}

// Of a pool that grows and shrinks: what the allocations pay is what the months
// pay, to the cent; what is paid ahead of use, and for months after the horizon,
// is the residual commitment.
func TestCashFlowsOfGrowingPoolsAddUp(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		p, opts := drawPool(t, 12), drawOptions(t)
		basis := Basis{DiscountRate: unit.Fraction(rapid.SampledFrom([]float64{0, 0.08}).Draw(t, "rate"))}
		m, err := Best(p, opts, Unbounded(), basis)
		require.NoError(t, err)
		upfront, hourly := cash(m.Summary)
		var total, effective, residual money.Amount
		for _, a := range m.Allocations {
			total, residual = total.Plus(a.Total), residual.Plus(a.Residual)
		}
		for _, x := range m.Months {
			effective = effective.Plus(x.Effective)
		}
		require.Equal(t, upfront.Plus(hourly).String(), total.String())
		require.Equal(t, residual.String(), m.Residual.String())

		// After the horizon every commitment still has its hourly rate to pay.
		pr, err := newPricing(p, opts, Unbounded(), basis)
		require.NoError(t, err)
		runs, _, _ := pr.best()
		after := 0.0
		for _, r := range runs {
			for _, b := range r.buys {
				left := max(0, b.month+b.months-DefaultHorizon)
				after += pr.options[b.option].Hourly.Float64() * 730 * float64(left*(r.to-r.from))
			}
		}
		paidAhead := upfront.Plus(hourly).Minus(effective)
		require.InDelta(t, after, residual.Minus(paidAhead).Float64(), 0.011*float64(len(m.Allocations)))
	})
}
