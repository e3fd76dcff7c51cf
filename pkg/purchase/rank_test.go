package purchase

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/unit"
)

// A pool that stays as it is ranks at the even payment of its best mix: Best's
// present value over the sum of the months' discounts.
func TestRatesRankAsBestBuys(t *testing.T) {
	drawn.CheckMost(t, 0.20, func(t *rapid.T) bool {
		p, opts := drawPool(t, 12), drawOptions(t)
		for k := range p.Slots {
			p.Slots[k].Duty = p.Slots[k].Duty[:1]
		}
		p.MaxSpot = p.MaxSpot[:1]
		for n := len(p.Slots); n > 0 && p.Slots[n-1].Duty[0] == 0; n-- {
			p.Slots = p.Slots[:n-1] // no pool has nodes that it never needs
		}
		c := Unbounded()
		if rapid.Bool().Draw(t, "bounded") {
			c = drawConstraints(t)
		}
		b := Basis{DiscountRate: unit.Fraction(rapid.SampledFrom([]float64{0, 0.08}).Draw(t, "rate"))}
		r, ok, err := NewRates(opts, c, b, p.Interruptible)
		require.NoError(t, err)
		require.True(t, ok)
		got, feasible := r.Monthly(p, HoursPerMonth, HoursPerMonth)
		m, err := Best(p, opts, c, b)
		require.Equal(t, err == nil, feasible)
		if err != nil {
			return false
		}
		even := 0.0
		for month := range DefaultHorizon {
			even += math.Pow(1+float64(b.DiscountRate), -float64(month+1)/12)
		}
		require.InDelta(t, m.PV.Float64(), got*even, 0.0051+m.PV.Float64()*1e-8)
		return true
	})
}

// A month of 720 hours has less of what is paid by the hour, and as much of the
// fee; one that runs half of it uses half, and commits to all.
func TestRatesOfOtherMonths(t *testing.T) {
	opts := []Option{onDemandAt("1"), option("reserved-1y-partial", "1200", "0.2")}
	must := Unbounded()
	must.MinCommitted = 1
	r, _, err := NewRates(opts, must, Basis{}, false)
	require.NoError(t, err)
	p := Lot{Slots: always(2)}
	got, ok := r.Monthly(p, 360, 720)
	require.True(t, ok)
	require.InDelta(t, 2*(100+0.2*720), got, 1e-9)
	free, _, err := NewRates(opts, Unbounded(), Basis{}, false)
	require.NoError(t, err)
	got, _ = free.Monthly(p, 100, 720)
	require.InDelta(t, 2*100, got, 1e-9, "on demand for 100 hours costs less")
}
