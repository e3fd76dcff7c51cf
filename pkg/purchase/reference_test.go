package purchase

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// medium is the medium install of "The Happy Production Model" (Maxim Noah
// Khailo, 2016-05-03), section 5.1, at its least counts.
func medium() []struct {
	name, typ string
	nodes     int
} {
	return []struct {
		name, typ string
		nodes     int
	}{{"consul", "t2.small", 3}, {"db", "i2.2xlarge", 1}, {"kafka", "d2.xlarge", 2}, {"elasticsearch", "r3.xlarge", 3},
		{"es-logging", "r3.xlarge", 1}, {"green-river", "m3.xlarge", 1}, {"phoenix", "m3.xlarge", 1}}
}

// All of the medium install reserved, at the prices of April 2016. The
// document says reserved instances save "up to 50 %"; by the effective hourly
// prices of the tables (Σ n·reserved / Σ n·on demand) it is 41.87 to 50.88 %
// for a year and 69.61 % for three.
func TestReferenceMediumReserved(t *testing.T) {
	r := region(t, "2016-04-18", "us-east-1")
	for name, want := range map[string]string{
		"reserved-1y-none":    "41.87",
		"reserved-1y-partial": "49.85",
		"reserved-1y-all":     "50.88",
		"reserved-3y-all":     "69.61",
	} {
		var sum Summary
		for _, c := range medium() {
			m, err := Price(Lot{Name: c.name, Slots: always(c.nodes)}, tableOptions(t, r, c.typ),
				[]Commit{{Pool: c.name, Nodes: c.nodes, Option: name}}, Unbounded(), Basis{})
			require.NoError(t, err)
			sum = sum.Plus(m.Summary)
		}
		require.Equal(t, want, fmt.Sprintf("%.2f", 100*saving(sum)), name)
		// At rate 0 and a horizon of whole terms the cash is the present value.
		upfront, hourly := cash(sum)
		require.InDelta(t, sum.PV.Float64(), upfront.Plus(hourly).Float64(), 0.10)
		require.InDelta(t, 1, sum.Coverage(), 1e-12)
		require.True(t, sum.Residual.IsZero())
	}
	// The best mix is three years, all upfront, everywhere.
	for _, c := range medium() {
		m, err := Best(Lot{Name: c.name, Slots: always(c.nodes)}, tableOptions(t, r, c.typ), Unbounded(), Basis{})
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%s=%d×reserved-3y-all", c.name, c.nodes), m.String())
	}
}

func TestTermsWithoutAPriceAreNamed(t *testing.T) {
	opts := tableOptions(t, region(t, "2016-04-18", "us-east-1"), "m3.xlarge")
	var names, priced []string
	for _, o := range opts {
		names = append(names, o.Name)
		if o.Missing.IsZero() {
			priced = append(priced, o.Name)
			require.False(t, o.Hourly.IsZero() && o.Fee.IsZero(), o.Name)
		} else {
			require.Equal(t, "2016-04-18", o.Missing.Text("vintage"))
			require.Equal(t, "m3.xlarge", o.Missing.Text("machine"))
		}
	}
	require.Equal(t, workload.PurchaseOptions(), names)
	require.Equal(t, []string{"on-demand", "reserved-1y-none", "reserved-1y-partial", "reserved-1y-all",
		"reserved-3y-partial", "reserved-3y-all"}, priced)
	require.Contains(t, words.Say(find(t, opts, Spot).Missing), "no spot price in this vintage")

	m, err := Best(Lot{Name: "web", Slots: always(1), Interruptible: true, MaxSpot: []int{1}}, opts,
		Unbounded(), Basis{})
	require.NoError(t, err)
	require.Len(t, m.Unpriced, len(names)-len(priced))
}

// m3.xlarge, 1 year, partial upfront: 0.1662 effective. Half of it is taken as
// upfront: 0.0831 × 8760 = 727.956.
func TestPartialUpfrontIsSplit(t *testing.T) {
	o := find(t, tableOptions(t, region(t, "2016-04-18", "us-east-1"), "m3.xlarge"), "reserved-1y-partial")
	require.Equal(t, "727.956", o.Fee.String())
	require.Equal(t, "0.0831", o.Hourly.String())
	require.InDelta(t, 0.1662, o.Effective(), 1e-12)
	require.Equal(t, "assumed.half_upfront", o.Assumed.Key)
}

// m7g.large, 3 years, all upfront: 282.33 dollars a year, so 846.99.
func TestAnnualFeesStayExact(t *testing.T) {
	o := find(t, tableOptions(t, region(t, "", "us-east-1"), "m7g.large"), "reserved-3y-all")
	require.Equal(t, "846.99", o.Fee.String())
	require.True(t, o.Hourly.IsZero())
	require.True(t, o.Assumed.IsZero())
}

func TestGivenRatesReplaceTheTables(t *testing.T) {
	r := region(t, "2016-04-18", "us-east-1")
	given := []Given{{Name: "sp-ec2-1y-none", Hourly: money.MustRate("0.15"), Source: "our contract"}}
	opts, err := Options(0, on(t, r, "m3.xlarge"), 1, given)
	require.NoError(t, err)
	o := find(t, opts, "sp-ec2-1y-none")
	require.Empty(t, o.Missing)
	require.Equal(t, "our contract", o.Source)
	require.Equal(t, 1, o.Years)
	_, err = Options(0, on(t, r, "m3.xlarge"), 1, []Given{{Name: "reservd-1y-none"}})
	require.ErrorContains(t, err, "reservd-1y-none")
	_, err = Options(0, on(t, r, "m3.xlarge"), 1, []Given{{Name: OnDemand, Fee: money.MustAmount("1")}})
	require.ErrorContains(t, err, "no upfront fee")
	_, err = Options(0, nil, 1, nil)
	require.Error(t, err)
	opts, err = Options(0, on(t, r, "no.such"), 1, nil)
	require.NoError(t, err)
	for _, o := range opts {
		require.NotEmpty(t, o.Missing, o.Name)
	}
}

// The document says spot saves "up to 80 %". What the tables of 2026 say, for
// types of the present generation: the greater price of a price list of 2024
// and an advisor of 2025.
func TestSpotOf2026(t *testing.T) {
	r := region(t, "", "us-east-1")
	q, missing, err := QuoteSpot(on(t, r, "m7g.large")[0], 0)
	require.NoError(t, err)
	require.Empty(t, missing)
	require.Equal(t, "0.0367", q.Price.String())
	require.Equal(t, "0.029376", q.Advisor.String()) // 0.0816 × (1 − 0.64)
	require.Equal(t, "0.0367", q.Rate.String())
	require.Equal(t, []string{"2024-08-09", "2025-06-28"}, []string{q.PriceAsOf, q.AdvisorAsOf})
	require.InDelta(t, 1+0.125*0.25/730, q.Rework, 1e-15)
	require.InDelta(t, 1-0.0367*q.Rework/0.0816, q.Saving(), 1e-12) // 55 %, not 80

	n, above, best := 0, 0, 0.0
	for _, typ := range r.Types() {
		q, missing, err := QuoteSpot(on(t, r, typ)[0], 0)
		require.NoError(t, err)
		if !missing.IsZero() {
			continue
		}
		n++
		require.LessOrEqual(t, q.Rate.Cmp(q.OnDemand), 0, "%s: spot above on demand", typ)
		for _, known := range []struct {
			has  bool
			rate money.Rate
		}{{q.HasPrice, q.Price}, {q.HasAdvisor, q.Advisor}} {
			if known.has && known.rate.Cmp(q.OnDemand) <= 0 {
				require.GreaterOrEqual(t, q.Rate.Cmp(known.rate), 0, typ)
			}
		}
		if q.Saving() > 0.8 {
			above++
		}
		best = max(best, q.Saving())
	}
	require.Greater(t, n, 500)
	require.Greater(t, best, 0.7)
	require.Less(t, above*20, n, "80 %% is rare: fewer than one type in twenty")
	t.Logf("%d types with a spot price, %d save more than 80 %%, the most is %.1f %%", n, above, 100*best)
}

func TestSpotIsSpreadOverTypes(t *testing.T) {
	r := region(t, "", "us-east-1")
	types := []string{"m7g.large", "m6g.large", "m7g.large", "c7g.xlarge"}
	opts, err := Options(0, on(t, r, types...), 2, nil)
	require.NoError(t, err)
	o := find(t, opts, Spot)
	require.Empty(t, o.Missing)
	require.Len(t, o.Spot, 2)
	require.NotEqual(t, o.Spot[0].Type, o.Spot[1].Type)
	require.True(t, o.Hourly.Equal(o.Spot[1].Rate), "counted at the dearer of both")
	require.GreaterOrEqual(t, o.Hourly.Cmp(o.Spot[0].Rate), 0)
	risk, ok := o.Risk(4)
	require.True(t, ok)
	require.Equal(t, []string{o.Spot[0].Type, o.Spot[1].Type}, risk.Types)
	require.InDelta(t, 0.25*risk.Interruptions, risk.Hours, 1e-12)
	_, ok = o.Risk(0)
	require.False(t, ok)

	opts, err = Options(0, on(t, r, types...), 4, nil) // three different ones
	require.NoError(t, err)
	require.Contains(t, words.Say(find(t, opts, Spot).Missing), "4 types")
}

func TestSpotOnlyWhereInterruptibleAndWorthIt(t *testing.T) {
	spot := named(Spot)
	spot.Hourly = money.MustRate("0.5")
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.6"), spot}
	p := Lot{Name: "batch", Slots: always(4)}
	run := func(change func(*Lot, *Constraints)) string {
		q, c := p, Unbounded()
		change(&q, &c)
		m, err := Best(q, opts, c, Basis{})
		require.NoError(t, err)
		return m.String()
	}
	require.Equal(t, "batch=4×reserved-1y-none", run(func(p *Lot, _ *Constraints) { p.MaxSpot = []int{4} }),
		"not interruptible")
	require.Equal(t, "batch=4×spot", run(func(p *Lot, _ *Constraints) { p.Interruptible, p.MaxSpot = true, []int{4} }))
	require.Equal(t, "batch=1×reserved-1y-none,batch=3×spot",
		run(func(p *Lot, _ *Constraints) { p.Interruptible, p.MaxSpot = true, []int{3} }))
	// 0.5 is 17 % below 0.6.
	require.Equal(t, "batch=4×spot",
		run(func(p *Lot, c *Constraints) { p.Interruptible, p.MaxSpot, c.MinSpotSaving = true, []int{4}, 0.15 }))
	require.Equal(t, "batch=4×reserved-1y-none",
		run(func(p *Lot, c *Constraints) { p.Interruptible, p.MaxSpot, c.MinSpotSaving = true, []int{4}, 0.18 }))
	// One node cannot be spread over two types.
	require.Equal(t, "batch=4×reserved-1y-none",
		run(func(p *Lot, c *Constraints) { p.Interruptible, p.MaxSpot, c.SpotTypes = true, []int{1}, 2 }))
	// The break-even of the commitment against spot is above 1: never.
	require.InDelta(t, 1.2, opts[1].BreakEven(&spot), 1e-12)
}

func TestOptionNamesFollowThePattern(t *testing.T) {
	for _, n := range workload.PurchaseOptions() {
		o := named(n)
		require.Equal(t, o.Committed(), strings.Contains(n, "y-"))
		if o.Committed() {
			require.Equal(t, n, fmt.Sprintf("%s-%dy-%s", o.Kind, o.Years, o.Upfront))
		}
	}
	names := workload.PurchaseOptions()
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), len(names))
}

// "Up to 80 % off" for spot, says the document of 2016, whose tables have no
// spot price at all. In those of 2026 few types reach it.
func TestSpotUpToEightyPercent(t *testing.T) {
	for _, x := range []struct {
		vintage     string
		types, over int
		most        float64
	}{{"2016-04-18", 0, 0, 0}, {"2026-07-20", 900, 7, 0.84}} {
		r := region(t, x.vintage, "us-east-1")
		types, over, most := 0, 0, 0.0
		for _, typ := range r.Types() {
			q, missing, err := QuoteSpot(on(t, r, typ)[0], 0)
			require.NoError(t, err)
			if !missing.IsZero() {
				continue
			}
			saving := 1 - q.Rate.Float64()/q.OnDemand.Float64()
			types++
			if saving > 0.80 {
				over++
			}
			most = math.Max(most, saving)
		}
		require.Equal(t, x.types, types, x.vintage)
		require.Equal(t, x.over, over, x.vintage)
		require.InDelta(t, x.most, most, 0.005, x.vintage)
	}
}

// The advisor states savings off the list price: an on-demand price that somebody
// has negotiated makes spot no cheaper. It still is the most that spot costs.
func TestNegotiatedOnDemandLeavesSpot(t *testing.T) {
	r := region(t, "", "us-east-1")
	list, _, err := QuoteSpot(on(t, r, "m7g.large")[0], 0)
	require.NoError(t, err)
	for _, x := range []struct{ onDemand, spot string }{{"0.05", list.Rate.String()}, {"0.03", "0.03"}} {
		v, err := r.Vintage().WithOverlay("own.csv", []byte("region,instance_type,on_demand_hourly,as_of,source\n"+
			"us-east-1,m7g.large,"+x.onDemand+",2026-08-01,contract\n"), "")
		require.NoError(t, err)
		own, err := v.Region("us-east-1")
		require.NoError(t, err)
		q, _, err := QuoteSpot(on(t, own, "m7g.large")[0], 0)
		require.NoError(t, err)
		require.Equal(t, list.Advisor.String(), q.Advisor.String())
		require.Equal(t, []string{x.onDemand, x.spot}, []string{q.OnDemand.String(), q.Rate.String()})
	}
}
