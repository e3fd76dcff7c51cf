package bill

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// bought asks for an option for all nodes.
func bought(option string) Request { return Request{Options: plan.Options{Purchase: option}} }

// Every line of a bought system is quantity × price, and its lines add up to
// what the mixes say.
func TestBuyingAddsUp(t *testing.T) {
	c := testCatalog(t)
	for _, mode := range []string{"optimal", "reserved-1y", "reserved-3y"} {
		e := buildSource(t, c, profileSource(t, "medium"), bought(mode)).Estimate
		require.Equal(t, mode, e.Purchase)
		require.NotNil(t, e.Buying, mode)
		var nodes money.Amount
		for _, l := range e.Lines {
			require.True(t, money.NewLine(l.Quantity, l.Price).Total.Equal(l.Cost.Expected), "%+v", l)
			require.LessOrEqual(t, l.Cost.Min.Cmp(l.Cost.Expected), 0, "%+v", l)
			require.LessOrEqual(t, l.Cost.Expected.Cmp(l.Cost.Max), 0, "%+v", l)
			if l.Category == "compute" {
				nodes = nodes.Plus(l.Cost.Expected)
			}
		}
		require.InDelta(t, e.Buying.Effective.Float64(), nodes.Float64(), 0.05, mode)
		require.Less(t, e.Buying.Effective.Float64(), e.Buying.OnDemand.Float64(), mode)
		require.Greater(t, e.Buying.Coverage, 0.5, mode)
	}
}

func TestOptimalIsNeverDearerThanOnDemand(t *testing.T) {
	c := testCatalog(t)
	for _, size := range []string{"small", "medium", "large"} {
		src := profileSource(t, size)
		demand := buildSource(t, c, src, Request{}).Estimate.Total.Expected
		best := buildSource(t, c, src, bought("optimal")).Estimate.Total.Expected
		one := buildSource(t, c, src, bought("reserved-1y")).Estimate.Total.Expected
		require.Less(t, best.Float64(), one.Float64()+0.05, size)
		require.Less(t, one.Float64(), demand.Float64(), size)
	}
}

func TestCommitPricesTheUsersOwn(t *testing.T) {
	c := testCatalog(t)
	commits, err := purchase.ParseCommit("db=1xreserved-1y-none")
	require.NoError(t, err)
	e := buildSource(t, c, profileSource(t, "medium"), Request{Terms: Terms{Commit: commits}}).Estimate
	terms := map[string]int{}
	for _, l := range e.Lines {
		if l.Component == "db" && l.Category == "compute" {
			terms[l.Term]++
		} else if l.Category == "compute" {
			require.Equal(t, "on-demand", l.Term, "%+v", l)
		}
	}
	require.Equal(t, map[string]int{"reserved-1y-none": 2, "on-demand": 1}, terms, "one in each region")
	require.NotNil(t, e.Buying.Optimum)

	commits, err = purchase.ParseCommit("dbb=1xreserved-1y-none")
	require.NoError(t, err)
	_, err = Make(parseProfile(t, profileSource(t, "medium")), c, Request{Terms: Terms{Commit: commits}})
	require.ErrorContains(t, err, `"dbb"`)
}

// A month of the reference at its least counts, all reserved, against on
// demand: the document's "up to 50 %" (2016 tables).
func TestReferenceReserved(t *testing.T) {
	c := testCatalog(t)
	for _, x := range []struct {
		option string
		saving float64
	}{
		{"reserved-1y-none", 0.4187}, {"reserved-1y-partial", 0.4985}, {"reserved-1y-all", 0.5088},
		{"reserved-3y-all", 0.6961},
	} {
		r := buildSource(t, c, profileSource(t, "reference-medium"), Request{})
		var demand, reserved float64
		for _, choice := range r.Plan.Choices {
			options, err := purchase.Options(0, []market.Machine{r.Plan.Tables.Market.Of(choice.Layout.Type)}, 1, nil)
			require.NoError(t, err)
			for i := range options {
				n := float64(choice.Layout.Pools[0].Min)
				switch options[i].Name {
				case "on-demand":
					demand += n * options[i].Effective()
				case x.option:
					reserved += n * options[i].Effective()
				}
			}
		}
		require.InDelta(t, x.saving, 1-reserved/demand, 0.00005, x.option)
	}
}

// Layers apply in order, each to what is left: 10 % off compute, a credit, then
// tax on all of it.
func TestAdjustmentsApplyInOrderAndOnce(t *testing.T) {
	c := testCatalog(t)
	src := profileSource(t, "reference-small")
	base := buildSource(t, c, src, Request{}).Estimate
	adjusted := src + `
adjustments:
  - {name: Agreement, kind: discount, on: [compute], part: 10%}
  - {name: Grant, kind: credit, amount: $500}
  - {name: VAT, kind: tax, part: 20%}
`
	e := buildSource(t, c, adjusted, Request{}).Estimate
	var names []string
	for _, l := range e.Lines[len(base.Lines):] {
		names = append(names, l.Region+" "+l.System+" "+l.Cost.Expected.String())
		require.True(t, money.NewLine(l.Quantity, l.Price).Total.Equal(l.Cost.Expected))
	}
	// Each region costs 1767.60 at its largest: − 176.76, then the first region
	// takes the whole credit, then 20 % of 1090.84 and of 1590.84.
	require.Equal(t, []string{
		"us-east-1 Agreement -176.76", "us-west-2 Agreement -176.76",
		"us-east-1 Grant -500.00",
		"us-east-1 VAT 218.17", "us-west-2 VAT 318.17",
	}, names)
	require.Equal(t, "3218.02", e.Total.Expected.String())
	require.Equal(t, e.Total.Expected, e.PerRegion[0].Cost.Expected.Plus(e.PerRegion[1].Cost.Expected))
}

// An environment that runs 50 of 168 hours pays commitments in all of them: at
// 0.60 of the on-demand price none is worth it, at 0.29 all are.
func TestPartTimeEnvironments(t *testing.T) {
	c := testCatalog(t)
	for rate, bought := range map[string]bool{"0.0490": false, "0.0236": true} { // on demand 0.0816
		src := `
apiVersion: headroom/v1
name: part
prices: {scope: compute}
regions: [{name: us-east-1}]
purchase:
  option: optimal
  allow: [reserved-1y-none]
  rates: [{option: reserved-1y-none, type: m7g.large, hourly: ` + rate + `, source: test}]
environments: {dev: {scale: 100%, hours_per_week: 50}}
components: {web: {kind: stateless, pin: {type: m7g.large, count: 2}}}
`
		p := parseProfile(t, src)
		r, err := Make(p, c, Request{Situation: workload.Situation{Environment: "dev"}})
		require.NoError(t, err)
		require.Len(t, r.Estimate.Lines, 1)
		l := r.Estimate.Lines[0]
		if !bought {
			// 2 × 0.0816 × 730 × 50/168
			require.Equal(t, "on-demand", l.Term)
			require.InDelta(t, 2*0.0816*730*50/168, l.Cost.Expected.Float64(), 0.005)
			continue
		}
		// 2 × 0.0236 × 730: all hours of the month.
		require.Equal(t, "reserved-1y-none", l.Term)
		require.Equal(t, "34.46", l.Cost.Expected.String())
		require.InDelta(t, 50.0/168, r.Estimate.Buying.Utilisation, 1e-6)
		require.InDelta(t, 2*0.0816*730*50/168, r.Estimate.Buying.OnDemand.Float64(), 0.005)
	}
}

// Demand doubles in a year: the nodes that come with it are bought when they
// are first needed, and cost nothing in the first month.
func TestGrowthIsBoughtWhenItComes(t *testing.T) {
	c := testCatalog(t)
	src := `
apiVersion: headroom/v1
name: grow
prices: {scope: compute}
regions: [{name: us-east-1}]
peak: {users: 20000, requests_per_user: 60/min, response: 3KB}
horizon: 12
purchase: {option: optimal, allow: [reserved-1y-none]}
growth: {phases: [{month: 12, multiplier: 2}]}
components:
  web: {kind: stateless, entry: true, cpu: 2ms, allow: {types: [m7g.large]}}
`
	grown := buildSource(t, c, src, Request{}).Estimate
	flat := buildSource(t, c, strings.Replace(src, "multiplier: 2", "multiplier: 1", 1), Request{}).Estimate
	require.Equal(t, flat.Total, grown.Total, "the month at hand")
	require.Equal(t, flat.Buying.Upfront, grown.Buying.Upfront)
	now := grown.Buying.Pools[0]
	n := grown.Parts[0].Pools[0].Max
	require.Equal(t, fmt.Sprintf("%d×reserved-1y-none", n), now.Mix.String())
	require.Empty(t, flat.Buying.Pools[0].Later)
	// Twice the load on twice the nodes, but for the rounding of ⌈⌉.
	require.Len(t, now.Later, 1)
	require.Equal(t, Later{Option: "reserved-1y-none", Nodes: now.Later[0].Nodes, From: 12, To: 12}, now.Later[0])
	require.InDelta(t, n, now.Later[0].Nodes, 1)
	for m, x := range grown.Buying.Months {
		want := flat.Buying.Months[m].Hourly.Float64()
		if m >= 12 {
			want *= float64(n+now.Later[0].Nodes) / float64(n)
		}
		require.InDelta(t, want, x.Hourly.Float64(), 0.05, "month %d", m)
	}
}

// The months of the cash flow are those of the pools, and their sum is what
// the horizon costs.
func TestCashFlowOfAnEstimate(t *testing.T) {
	c := testCatalog(t)
	e := buildSource(t, c, profileSource(t, "medium"), bought("optimal")).Estimate
	b := e.Buying
	require.Len(t, b.Months, 36)
	require.Equal(t, b.Upfront, b.Months[0].Upfront)
	require.Equal(t, b.Effective, b.Months[0].Effective)
	var cash, pools money.Amount
	for _, m := range b.Months {
		cash = cash.Plus(m.Upfront).Plus(m.Hourly)
	}
	for _, p := range b.Pools {
		pools = pools.Plus(p.Horizon.PV)
	}
	require.True(t, b.PV.Equal(pools))
	// Undiscounted, the present value leaves out only what is paid for months
	// after the horizon.
	require.InDelta(t, b.PV.Float64(), cash.Float64()-paidAhead(b).Float64(), 0.5)
}

// paidAhead is what fees within the horizon pay for months after it: cash less
// the effective cost of all months.
func paidAhead(b *Buying) money.Amount {
	var cash, effective money.Amount
	for _, m := range b.Months {
		cash, effective = cash.Plus(m.Upfront).Plus(m.Hourly), effective.Plus(m.Effective)
	}
	return cash.Minus(effective)
}

// A machine is chosen at what its mix costs: the cheapest of all by brute
// force over types, each bought as Best buys it.
func TestMachinesRankAtTheWantedPurchase(t *testing.T) {
	c := testCatalog(t)
	base := `
apiVersion: headroom/v1
name: rank
prices: {scope: compute}
regions: [{name: us-east-1}]
peak: {users: 3000, requests_per_user: 60/min, response: 3KB}
curve: {preset: office-hours}
horizon: 0
policy: {running: none}
components:
  web:
    kind: stateless
    entry: true
    cpu: 4ms
    purchase: {interruptible: true}
    allow: {families: [m7g, c7g, r7g, m6i, c6i, c5, m5, c8g]}
`
	for _, mode := range []string{"optimal", "reserved-1y", "spot", "reserved-3y-all"} {
		won := buildSource(t, c, base, bought(mode)).Estimate
		best, name := math.Inf(1), ""
		list, err := c.NodeTypes()
		require.NoError(t, err)
		for i := range list {
			if !slices.Contains([]string{"m7g", "c7g", "r7g", "m6i", "c6i", "c5", "m5", "c8g"}, list[i].Family) {
				continue
			}
			r, err := Make(parseProfile(t, base), c,
				Request{Options: plan.Options{Purchase: mode,
					Force: map[string]plan.Machine{"web": {Type: list[i].Name}}}})
			if err != nil {
				continue // it carries too little, or has no price
			}
			if mode == "reserved-3y-all" && !strings.Contains(r.Estimate.Buying.Pools[0].Mix.String(), mode) {
				continue // not ranked: it has no such term
			}
			if x := r.Estimate.Buying.Effective.Float64(); x < best-0.01 {
				best, name = x, list[i].Name
			}
		}
		require.NotEmpty(t, name)
		require.InDelta(t, best, won.Buying.Effective.Float64(), 0.02, "%s: %s instead of %s", mode,
			won.Parts[0].Machine, name)
	}
}

// Without any loss to survive, what remains when a zone's spot is reclaimed
// must still carry the peak at the degraded target.
func TestReclaimRuleWithoutOtherLosses(t *testing.T) {
	c := testCatalog(t)
	src := `
apiVersion: headroom/v1
name: reclaim
prices: {scope: compute}
regions: [{name: us-east-1, zones: 3}]
policy: {survive: []}
peak: {users: 10000, requests_per_user: 60/min, response: 3KB}
components:
  web:
    kind: stateless
    entry: true
    cpu: 5ms
    purchase: {interruptible: true, option: spot}
    allow: {types: [c8g.xlarge]}
`
	r := buildSource(t, c, src, Request{})
	var cpu sizing.RegionLimit
	for _, l := range r.Plan.Choices[0].Layout.Limits {
		if l.Of.Name == "cpu" && l.State == capacity.Own {
			cpu = l
		}
	}
	n := r.Plan.Choices[0].Layout.Pools[0].Max
	each := cpu.Have / float64(n)
	spot := 0
	for _, l := range r.Estimate.Lines {
		if l.Term == "spot" {
			spot += int(l.Max.Float64())
		}
	}
	require.Positive(t, spot)
	left := n - (spot+2)/3 // spread over three zones, the largest part goes
	require.LessOrEqual(t, cpu.Need/(each*float64(left)), 0.85+1e-9)
	require.Greater(t, cpu.Need/(each*float64(n-(spot+1+2)/3)), 0.85, "one more would be too many, or all are spot")
}
