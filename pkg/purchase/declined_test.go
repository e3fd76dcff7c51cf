package purchase

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// Each reason for which nothing of what is asked for is taken.
func TestDeclined(t *testing.T) {
	missing := named("sp-ec2-1y-none")
	missing.Missing = remark.New("unpriced.term")
	spot := named(Spot)
	spot.Hourly = onDemandAt("0.5").Hourly
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.6"), option("convertible-1y-none", "0", "1.2"),
		missing, spot}
	brief := make([]float64, 36)
	copy(brief, []float64{1, 1})
	part := func(u float64) []Slot { return []Slot{{Duty: []float64{u}}} }
	for _, x := range []struct {
		ask    string
		slots  []Slot
		change func(*Lot, *Constraints)
		want   string
	}{
		{"spot", part(1), nil, "not_taken.interruptible"},
		{"sp-ec2", part(1), nil, "not_taken.unpriced"},
		{"reserved", part(0), nil, "not_taken.never_needed"},
		{"reserved", part(0.5), nil, "not_taken.seldom"},
		{"reserved", []Slot{{Duty: brief}}, nil, "not_taken.short"},
		{"convertible", part(1), nil, "not_taken.dear"},
		{"reserved", part(1), func(_ *Lot, c *Constraints) { c.MaxCommitted = 0 }, "not_taken.bounds"},
		{"spot", part(1), func(p *Lot, _ *Constraints) { p.Interruptible, p.MaxSpot = true, []int{0} },
			"not_taken.reclaimed"},
		{"spot", part(1), func(p *Lot, c *Constraints) { p.Interruptible, p.MaxSpot, c.MaxSpot = true, []int{1}, 0 },
			"not_taken.bounds"},
		{"spot", part(1), func(p *Lot, c *Constraints) {
			p.Interruptible, p.MaxSpot, c.MinSpotSaving = true, []int{1}, 0.6
		}, "not_taken.saving"},
		{"reserved", part(1), nil, ""},
		{OnDemand, part(1), nil, ""},
	} {
		p, c := Lot{Name: "web", Slots: x.slots}, Unbounded()
		c.Allow = []string{x.ask}
		if x.change != nil {
			x.change(&p, &c)
		}
		m, err := Best(p, opts, c, Basis{})
		require.NoError(t, err)
		why, ok := m.Declined(p, opts, c)
		require.Equal(t, x.want != "", ok, "%s %v", x.ask, why)
		require.Equal(t, x.want, why.Key)
	}
}

// Compute savings plans of the tables: m7g.xlarge in us-east-1 by the hour, and half
// of a partial payment upfront. Elsewhere, and for other sizes, none is made up.
func TestComputePlansOfTheTables(t *testing.T) {
	here := tableOptions(t, region(t, "", "us-east-1"), "m7g.xlarge")
	none, partial, all := find(t, here, "sp-compute-1y-none"), find(t, here, "sp-compute-3y-partial"),
		find(t, here, "sp-compute-3y-all")
	require.Equal(t, "0.1199", none.Hourly.String())
	require.True(t, none.Fee.IsZero())
	require.Equal(t, "assumed.half_upfront", partial.Assumed.Key)
	require.InDelta(t, 0.0766, partial.Effective(), 1e-12)
	require.True(t, all.Hourly.IsZero())
	require.Less(t, all.Effective(), partial.Effective())
	require.Equal(t, ComputePlan, none.Kind)
	require.False(t, none.Reservation())

	c := Unbounded()
	c.Allow = []string{ComputePlan}
	m, err := Best(Lot{Name: "web", Slots: always(2)}, here, c, Basis{})
	require.NoError(t, err)
	require.Equal(t, "web=2×sp-compute-3y-all", m.String())
	for _, opts := range [][]Option{tableOptions(t, region(t, "", "us-west-2"), "m7g.xlarge"),
		tableOptions(t, region(t, "", "us-east-1"), "m7g.large")} {
		require.False(t, find(t, opts, "sp-compute-1y-none").Missing.IsZero())
	}
}

// Reservations are counted in the month in which they are bought, a renewal too;
// savings plans are not counted, and what is owned is not bought.
func TestReservationsOfAMonth(t *testing.T) {
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.6"), option("sp-ec2-1y-none", "0", "0.6")}
	bought := func(text string) []int {
		commits, err := ParseCommit(text)
		require.NoError(t, err)
		m, err := Price(Lot{Name: "web", Slots: always(30)}, opts, commits, Unbounded(), Basis{})
		require.NoError(t, err)
		return []int{m.Months[0].Reservations, m.Months[1].Reservations, m.Months[12].Reservations}
	}
	require.Equal(t, []int{21, 0, 21}, bought("web=21×reserved-1y-none"))
	require.Equal(t, []int{0, 0, 0}, bought("web=30×sp-ec2-1y-none"))
	require.Equal(t, []int{0, 0, 0}, bought("web=30×reserved-1y-none@3mo"))
	c := Unbounded()
	require.Equal(t, []string{Optimal}, c.Asked())
	c.Target = unit.Fraction(2)
	require.ErrorContains(t, c.check(), "target_coverage")
}
