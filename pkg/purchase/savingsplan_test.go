package purchase

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// Ten nodes at 1 dollar, of which node k runs in (11−k)/10 of the hours; the
// discount is 0.45. The quantile 0.45 of the spend (1…10 dollars with a tenth
// of the hours each) is 5, so the commitment is 0.55 × 5 (docs/model.md section 7).
func TestCoverIsTheQuantile(t *testing.T) {
	u := Usage{Name: "web", OnDemand: money.MustRate("1"), Discount: 0.45}
	for k := range 10 {
		u.Duty = append(u.Duty, float64(10-k)/10)
	}
	c, err := Cover([]Usage{u})
	require.NoError(t, err)
	require.Equal(t, "2.75", c.Commitment.String())
	require.InDelta(t, 5.5, c.OnDemand, 1e-12)
	require.InDelta(t, 0.1*(1+2+3+4+5), c.Uncovered, 1e-12) // hours with 6 … 10
	require.InDelta(t, c.Cost, 2.75+c.Uncovered, 1e-12)
	require.InDelta(t, 1-0.1*(0.8+0.6+0.4+0.2), c.Utilisation, 1e-12)
}

func TestCoverTakesTheHighestDiscountFirst(t *testing.T) {
	a := Usage{Name: "a", OnDemand: money.MustRate("1"), Discount: 0.3, Duty: []float64{1}}
	b := Usage{Name: "b", OnDemand: money.MustRate("1"), Discount: 0.6, Duty: []float64{1}}
	both, err := Cover([]Usage{a, b})
	require.NoError(t, err)
	require.Equal(t, "1.10", both.Commitment.String()) // 0.7 + 0.4
	require.Zero(t, both.Uncovered)
	// With half the hours at 0.6 the second is still worth it, at 0.3 not.
	a.Duty, b.Duty = []float64{0.5}, []float64{0.5}
	half, err := Cover([]Usage{a, b})
	require.NoError(t, err)
	require.Equal(t, "0.40", half.Commitment.String())
	require.InDelta(t, 0.5, half.Uncovered, 1e-12)
}

// The commitment costs no more than any other of a fine grid.
func TestCoverIsOptimal(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		var usages []Usage
		most := 0.0
		for range rapid.IntRange(0, 3).Draw(t, "usages") {
			u := Usage{OnDemand: thousandths(rapid.IntRange(1, 3000).Draw(t, "price")),
				Discount: unit.Fraction(rapid.IntRange(0, 80).Draw(t, "discount")) / 100}
			for range rapid.IntRange(0, 4).Draw(t, "nodes") {
				u.Duty = append(u.Duty, float64(rapid.IntRange(0, 168).Draw(t, "duty"))/168)
				most += u.OnDemand.Float64()
			}
			usages = append(usages, u)
		}
		c, err := Cover(usages)
		require.NoError(t, err)
		require.LessOrEqual(t, c.Cost, c.OnDemand+1e-5)
		byDiscount := slices.Clone(usages)
		slices.SortStableFunc(byDiscount, func(a, b Usage) int {
			if a.Discount > b.Discount {
				return -1
			}
			return 1
		})
		segs := segments(byDiscount)
		for i := range 201 {
			x := most * float64(i) / 200
			other := evaluateCover(byDiscount, segs, thousandths(int(math.Round(x*1000))))
			require.LessOrEqual(t, c.Cost, other.Cost+1e-5, "a commitment of %g costs less", x)
		}
	})
}

func TestCoverRefuses(t *testing.T) {
	for _, u := range []Usage{{Discount: 1}, {Discount: -0.1}, {Discount: unit.Fraction(math.NaN())},
		{Duty: []float64{2}}} {
		_, err := Cover([]Usage{u})
		require.Error(t, err)
	}
	c, err := Cover(nil)
	require.NoError(t, err)
	require.True(t, c.Commitment.IsZero())
	require.Equal(t, "m7g", Family("m7g.large"))
}

// A savings plan slot by slot costs what one plan for the whole family costs.
func TestSlotsEqualThePooledPlan(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		const d = 0.4
		demand := money.MustRate("0.10")
		plan := Option{Name: "sp-ec2-3y-none", Kind: SavingsPlan, Years: 3, Upfront: "none",
			Hourly: money.MustRate("0.06"), Rework: 1}
		var usages []Usage
		bySlot := 0.0
		for i := range rapid.IntRange(1, 3).Draw(t, "pools") {
			duties := rapid.SliceOfN(rapid.IntRange(0, 168), 1, 8).Draw(t, "hours")
			slices.SortFunc(duties, func(a, b int) int { return b - a })
			p := Lot{Name: "pool"}
			u := Usage{Name: fmt.Sprint(i), OnDemand: demand, Discount: d}
			for _, h := range duties {
				p.Slots = append(p.Slots, Slot{Duty: []float64{float64(h) / 168}})
				u.Duty = append(u.Duty, float64(h)/168)
			}
			usages = append(usages, u)
			mix, err := Best(p, []Option{{Name: OnDemand, Kind: OnDemand, Hourly: demand, Rework: 1}, plan},
				Unbounded(), Basis{Horizon: 36})
			if err != nil {
				t.Fatal(err)
			}
			bySlot += mix.PV.Float64() / 36 / HoursPerMonth
		}
		pooled, err := Cover(usages)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(pooled.Cost-bySlot) > 1e-4 {
			t.Fatalf("pooled %v, slot by slot %v", pooled.Cost, bySlot)
		}
	})
}
