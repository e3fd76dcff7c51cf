package purchase

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// region opens a region of the tables; vintage "" is the newest.
func region(t testing.TB, vintage, name string) *catalog.RegionPrices {
	t.Helper()
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	v, err := c.Vintage(vintage)
	require.NoError(t, err)
	r, err := v.Region(name)
	require.NoError(t, err)
	return r
}

// on are machines at the prices of one region, which is the first.
func on(t testing.TB, r *catalog.RegionPrices, types ...string) []market.Machine {
	t.Helper()
	k, err := market.New(market.EC2(r.Vintage().Catalog(), []*catalog.RegionPrices{r}))
	require.NoError(t, err)
	var out []market.Machine
	for _, name := range types {
		out = append(out, k.Named(name))
	}
	return out
}

func tableOptions(t testing.TB, r *catalog.RegionPrices, typ string) []Option {
	t.Helper()
	opts, err := Options(0, on(t, r, typ), 1, nil)
	require.NoError(t, err)
	return opts
}

func find(t testing.TB, opts []Option, name string) *Option {
	t.Helper()
	for i := range opts {
		if opts[i].Name == name {
			return &opts[i]
		}
	}
	require.Failf(t, "no option", "%s", name)
	return nil
}

// always is n slots that run in all hours.
func always(n int) []Slot {
	slots := make([]Slot, n)
	for k := range slots {
		slots[k].Duty = []float64{1}
	}
	return slots
}

func onDemandAt(rate string) Option {
	o := named(OnDemand)
	o.Hourly = money.MustRate(rate)
	return o
}

// option is an option at a price per hour and a fee.
func option(name, fee, hourly string) Option {
	o := named(name)
	o.Fee, o.Hourly = money.MustAmount(fee), money.MustRate(hourly)
	return o
}

func thousandths(n int) money.Rate {
	q, _ := money.Float(float64(n) / 1000)
	return money.MustRate("1").Scale(q)
}

// drawOptions makes up prices: on demand 1 dollar, commitments and spot at
// anything from nearly nothing to above it.
func drawOptions(t *rapid.T) []Option {
	opts := []Option{onDemandAt("1")}
	for _, name := range workload.PurchaseOptions()[1:] {
		if !rapid.Bool().Draw(t, name) {
			continue
		}
		o := named(name)
		e := rapid.IntRange(50, 1200).Draw(t, name+" effective")
		switch {
		case name == Spot:
			o.Hourly = thousandths(e)
			o.Rework = 1.0001
		case o.Upfront == "none":
			o.Hourly = thousandths(e)
		case o.Upfront == "all":
			o.Fee = thousandths(e).Times(money.Int(int64(o.Years * catalog.HoursPerYear)))
		default:
			o.Hourly = thousandths(e)
			o.Fee = thousandths(rapid.IntRange(0, 300).Draw(t, name+" fee")).Times(
				money.Int(int64(o.Years * catalog.HoursPerYear)))
		}
		opts = append(opts, o)
	}
	return opts
}

// drawPool makes up a small pool that may grow or shrink month by month: its
// peaks change at up to three times, and node k is needed in fewer hours than
// node k−1.
func drawPool(t *rapid.T, most int) Lot {
	n := rapid.IntRange(1, most).Draw(t, "nodes")
	months := rapid.SampledFrom([]int{1, 1, 12, 36}).Draw(t, "months")
	p := Lot{Name: "web", Interruptible: rapid.Bool().Draw(t, "interruptible")}
	duty := rapid.SliceOfN(rapid.IntRange(0, 168), n, n).Draw(t, "hours")
	slices.SortFunc(duty, func(a, b int) int { return b - a })
	for range n {
		p.Slots = append(p.Slots, Slot{Duty: make([]float64, months)})
	}
	peak, most := 0, 0
	for m := range months {
		if m == 0 || m%12 == 5 {
			peak = rapid.IntRange(0, n).Draw(t, "peak")
			most = rapid.IntRange(0, n).Draw(t, "max spot")
		}
		for k := range peak {
			p.Slots[k].Duty[m] = float64(duty[k]) / 168
		}
		p.MaxSpot = append(p.MaxSpot, most)
	}
	return p
}

func drawConstraints(t *rapid.T) Constraints {
	c := Unbounded()
	lo, hi := rapid.IntRange(0, 4).Draw(t, "min"), rapid.IntRange(0, 4).Draw(t, "max")
	c.MinCommitted, c.MaxCommitted = unit.Fraction(min(lo, hi))/4, unit.Fraction(max(lo, hi))/4
	c.MaxSpot = unit.Fraction(rapid.IntRange(0, 4).Draw(t, "spot")) / 4
	c.SpotTypes = rapid.IntRange(1, 3).Draw(t, "types")
	c.MinSpotSaving = unit.Fraction(rapid.IntRange(0, 3).Draw(t, "saving")) / 10
	c.Allow = rapid.SliceOfN(rapid.SampledFrom([]string{Spot, Reserved, "reserved-1y", "convertible", SavingsPlan,
		"reserved-3y-all"}), 0, 4).Draw(t, "allow")
	return c
}

// cash is what is paid over the horizon: both columns of Months add up to it.
func cash(s Summary) (upfront, hourly money.Amount) {
	for _, m := range s.Months {
		upfront, hourly = upfront.Plus(m.Upfront), hourly.Plus(m.Hourly)
	}
	return upfront, hourly
}

// saving is the part of the on-demand cost that the mix saves, by present value
// over the horizon.
func saving(s Summary) float64 { return 1 - s.PV.Float64()/s.PVOnDemand.Float64() }
