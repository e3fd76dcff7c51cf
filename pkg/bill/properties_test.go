package bill

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// systems are the whole systems on which properties are shown beside the
// fixtures.
var systems = []string{"small", "medium", "large"}

// More load never costs less to run and, where machines are chosen by the bill alone,
// never costs less: on one type, drawn from all, and for what is chosen. Where the
// load is too great for one primary the database is split, and only then (MODEL
// section 5): shards on small machines may cost less than the one large machine that
// was needed before. That step is no part of the property; but it is never taken
// back as the load grows.
func TestMoreLoadNeverCostsLess(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	types := pricedTypes(t, cat)
	eachKind(t, 0.30, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		k, only, byBill := 1.37, "", false
		if vary != nil {
			k = 1 + rapid.Float64Range(0, 2).Draw(vary, "more")
			byBill = rapid.Bool().Draw(vary, "by the bill")
			if rapid.Bool().Draw(vary, "one type") {
				only = rapid.SampledFrom(types).Draw(vary, "type")
			}
		}
		build := func(factor float64) *Result {
			p := draw()
			p.Policy.Running.None = byBill
			if c, _ := p.Component("it"); only != "" && c != nil {
				allowOnly(p, "it", only)
			}
			p.Peak.Users.V *= unit.Count(factor)
			return buildAny(rt, p, cat, Request{})
		}
		return moreNeverCostsLess(rt, kind, k, build(1), build(k))
	})
	for _, size := range systems {
		for i, k := range []float64{1.01, 1.1, 1.5, 4, 1.01, 1.1, 1.5, 4} {
			build := func(factor float64) *Result {
				p := parseProfile(t, profileSource(t, size))
				p.Policy.Running.None = i >= 4
				p.Peak.Users.V *= unit.Count(factor)
				return buildAny(t, p, cat, Request{})
			}
			planned := moreNeverCostsLess(t, size, k, build(1), build(k))
			require.True(t, planned, "%s × %v", size, k)
		}
	}
}

// moreNeverCostsLess compares the running costs of two plans; it returns false where
// there are no two.
func moreNeverCostsLess(t require.TestingT, name string, k float64, less, more *Result) (planned bool) {
	if less == nil {
		require.Nil(t, more, "%s: nothing carries the load, but %v times of it something does", name, k)
		return false
	}
	if more == nil {
		return false
	}
	allBefore, allAfter := unrounded(less, ""), unrounded(more, "")
	for i, a := range less.Plan.Choices {
		b := more.Plan.Choices[i]
		before, after := a.Running().Total(), b.Running().Total() // the nodes' boot volumes are in it
		allBefore, allAfter = allBefore.Plus(before.Minus(a.Cost())), allAfter.Plus(after.Minus(b.Cost()))
		if a.Layout.Type == nil {
			before, after = unrounded(less, a.Component.Name), unrounded(more, a.Component.Name)
		}
		if a.Component.Kind == "boot" {
			continue // fewer, larger nodes have fewer boot volumes
		}
		notLess(t, before, after, func() string {
			return fmt.Sprintf("%s, %s × %v: %s → %s", name, a.Component.Name, k, inWords(a), inWords(b))
		})
	}
	notLess(t, allBefore, allAfter, func() string { return name + ", all" })
	return true
}

// Weights choose machines and are in no bill: the bill is the sum of its lines, and
// those are the lines of the same machines where nothing is weighed. There they may be
// arranged otherwise, as shards instead of readers, and then for no more money.
func TestWeightsAreInNoLine(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	eachKind(t, 0.35, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		weighed := draw()
		if vary != nil {
			w := &weighed.Policy.Running.V
			dollars := func(name string) workload.Dollars {
				return workload.Dollars{Amount: money.MustAmount(fmt.Sprint(rapid.IntRange(0, 2000).Draw(vary, name)))}
			}
			w.Node.V, w.Shard.V = dollars("a node"), dollars("a shard")
			w.Family.V = unit.Fraction(rapid.Float64Range(0, 2).Draw(vary, "a family"))
		}
		a := buildAny(rt, weighed, cat, Request{})
		if a == nil {
			return false
		}
		b := buildAny(rt, byBillAlone(draw()), cat, Request{Options: plan.Options{Force: machinesOf(a)}})
		if arrangedAlike(a, b) {
			require.Equal(rt, a.Estimate.Lines, b.Estimate.Lines, kind)
		} else {
			require.NotNil(rt, vary, "%s: the weights of every profile rearrange its fixture", kind)
			notLess(rt, unrounded(b, ""), unrounded(a, ""), func() string { return kind })
		}
		var total money.Amount
		for _, l := range a.Estimate.Lines {
			total = total.Plus(l.Cost.Expected)
		}
		require.True(rt, total.Equal(a.Estimate.Total.Expected), kind)
		return true
	})
}

// arrangedAlike tells whether every component of two plans has the same nodes.
func arrangedAlike(a, b *Result) bool {
	return slices.EqualFunc(a.Plan.Choices, b.Plan.Choices, func(x, y *plan.Choice) bool {
		return inWords(x) == inWords(y)
	})
}

// notLess allows for the rounding of quantities that were computed in floats.
func notLess(t require.TestingT, before, after money.Amount, what func() string) {
	if a, b := before.Float64(), after.Float64(); b < a*(1-1e-9) {
		require.Fail(t, "more load costs less", "%s: %v → %v", what(), a, b)
	}
}

// doubled is an overlay with every price of two regions twice as high.
func doubled(t require.TestingT, c *catalog.Catalog) plan.Overlay {
	v, err := c.Vintage("")
	require.NoError(t, err)
	var ec2, usage strings.Builder
	ec2.WriteString("region,instance_type,on_demand_hourly,as_of,source\n")
	usage.WriteString("region,service,item,unit,tier_from,tier_to,price_usd,as_of,source\n")
	two := money.Int(2)
	for _, name := range []string{"us-east-1", "us-west-2"} {
		r, err := v.Region(name)
		require.NoError(t, err)
		for _, typ := range r.Types() {
			p, ok := r.OnDemand(typ)
			require.True(t, ok)
			fmt.Fprintf(&ec2, "%s,%s,%s,%s,twice\n", name, typ, p.Rate.Scale(two), p.AsOf)
		}
		for _, key := range r.UsageItems() {
			for _, tier := range key.Tiers {
				to := ""
				if tier.Tier.To != nil {
					to = tier.Tier.To.String()
				}
				fmt.Fprintf(&usage, "%s,%s,\"%s\",%s,%s,%s,%s,%s,twice\n", name, key.Service, key.Item, key.Unit,
					tier.Tier.From, to, tier.Tier.Rate.Scale(two), tier.Price.AsOf)
			}
		}
	}
	return plan.Overlay{File: "twice.csv", Data: []byte(ec2.String() + usage.String())}
}

// Doubled prices double the bill, exactly, and change nothing else where machines
// are chosen by the bill alone.
func TestDoubledPricesDoubleTheBill(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	// Reading the overlay takes longer than planning, so it is read once.
	twice := Request{Options: plan.Options{Overlays: []plan.Overlay{doubled(t, cat)}, Reuse: &plan.Reuse{}}}
	check := func(t require.TestingT, name string, draw func() *workload.Profile) (planned bool) {
		a, b := buildAny(t, byBillAlone(draw()), cat, Request{}), buildAny(t, byBillAlone(draw()), cat, twice)
		require.Equal(t, a == nil, b == nil, name)
		if a == nil {
			return false
		}
		require.Positive(t, unrounded(a, "").Float64(), name)
		for i, c := range a.Plan.Choices {
			require.Equal(t, inWords(c), inWords(b.Plan.Choices[i]), "%s: %s", name, c.Component.Name)
			require.Equal(t, c.Cost().Times(money.Int(2)).String(), b.Plan.Choices[i].Cost().String(), "%s: %s", name,
				c.Component.Name)
		}
		require.Equal(t, unrounded(a, "").Times(money.Int(2)).String(), unrounded(b, "").String(), name)
		return true
	}
	for _, size := range systems {
		draw := func() *workload.Profile { return parseProfile(t, profileSource(t, size)) }
		require.True(t, check(t, size, draw), size)
	}
	eachKind(t, 0.30, func(rt require.TestingT, kind string, draw func() *workload.Profile, _ *rapid.T) bool {
		return check(rt, kind, draw)
	})
}
