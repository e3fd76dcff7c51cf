package compare

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// edited is an embedded profile's text with replacements, each of which must
// be found.
func edited(t testing.TB, name string, pairs ...string) string {
	t.Helper()
	src := profileSource(t, name)
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, src, pairs[i])
		src = strings.Replace(src, pairs[i], pairs[i+1], 1)
	}
	return src
}

// addUp holds an attribution to its promise: effects add up to the difference,
// over all, for every component, and step by step.
func addUp(t require.TestingT, base, head *bill.Estimate, a Attribution) {
	total := base.Total.Expected
	columns := make([]money.Amount, len(a.Effects))
	for i, e := range a.Effects {
		total = total.Plus(e.Amount)
		require.Equal(t, total.String(), e.Total.String(), "after %s", e.Cause)
		for _, c := range a.Components {
			columns[i] = columns[i].Plus(c.Effects[i])
		}
		require.Equal(t, e.Amount.String(), columns[i].String(), e.Cause)
	}
	require.Equal(t, head.Total.Expected.String(), total.String())
	for _, c := range a.Components {
		sum := c.Base
		for _, effect := range c.Effects {
			sum = sum.Plus(effect)
		}
		require.Equal(t, c.Head.String(), sum.String(), c.Name)
		require.Equal(t, costsOf(base)[c.Owner].Expected.String(), c.Base.String(), c.Name)
		require.Equal(t, costsOf(head)[c.Owner].Expected.String(), c.Head.String(), c.Name)
	}
}

func effect(t testing.TB, a Attribution, cause string) money.Amount {
	t.Helper()
	for _, e := range a.Effects {
		if e.Cause == cause {
			return e.Amount
		}
	}
	require.Fail(t, "no effect", cause)
	return money.Amount{}
}

// nonZero lists the causes that have an effect.
func nonZero(a Attribution) []string {
	var out []string
	for _, e := range a.Effects {
		if !e.Amount.IsZero() {
			out = append(out, e.Cause)
		}
	}
	return out
}

func TestOneCauseAlone(t *testing.T) {
	c := testCatalog(t)
	type profile struct {
		src string
		o   bill.Request
	}
	base := profile{profileSource(t, "medium"), bill.Request{}}
	for _, x := range []struct {
		name       string
		base, head profile
		want       []string
	}{
		{"nothing", base, base, nil},
		{"a title", base, profile{edited(t, "medium", "title: Medium", "title: Other"), bill.Request{}}, nil},
		{"users", base, profile{edited(t, "medium", "users: {value: 2500,", "users: {value: 3500,"), bill.Request{}},
			[]string{CauseWorkload}},
		{"a component's CPU", base, profile{edited(t, "medium", "cpu: {value: 6ms,", "cpu: {value: 7ms,"),
			bill.Request{}}, []string{CauseModel}},
		{"given machines", profile{profileSource(t, "reference-medium"), bill.Request{}},
			profile{edited(t, "reference-medium", "pin: {type: i2.2xlarge, count: 1}",
				"pin: {type: i2.4xlarge, count: 1}"), bill.Request{}}, []string{CauseMachines}},
		{"given counts", profile{profileSource(t, "reference-medium"), bill.Request{}},
			profile{edited(t, "reference-medium", "pin: {type: d2.xlarge, count: 2}",
				"pin: {type: d2.xlarge, count: 3}"), bill.Request{}}, []string{CauseModel}},
		{"tables", profile{profileSource(t, "reference-medium"), bill.Request{}},
			profile{profileSource(t, "reference-medium"),
				bill.Request{Settings: workload.Settings{Vintage: "2017-11-12"}}}, []string{CausePrices}},
		{"purchase", base, profile{base.src, bought("optimal")}, []string{CausePurchase}},
		{"hours", profile{profileSource(t, "reference-medium"), bill.Request{}},
			profile{profileSource(t, "reference-medium"),
				bill.Request{Settings: workload.Settings{Hours: 730}}}, []string{CauseModel}},
	} {
		t.Run(x.name, func(t *testing.T) {
			b, h := buildSource(t, c, x.base.src, x.base.o), buildSource(t, c, x.head.src, x.head.o)
			a := Attribute(b, h)
			addUp(t, b.Estimate, h.Estimate, a)
			require.Subset(t, append(x.want, CauseMachines), nonZero(a),
				"other causes have no effect; the choice may follow")
			if x.want != nil {
				require.Contains(t, nonZero(a), x.want[0])
			} else {
				require.Empty(t, nonZero(a))
			}
			lines := AttributeLines(b.Estimate, h.Estimate)
			addUp(t, b.Estimate, h.Estimate, lines)
		})
	}
}

// The document's medium system with the large one's database (i2.4xlarge at
// 3.41 an hour, 720 hours) instead of its own (1.705): two regions cost 2 ×
// 1,227.60 more, all of it for the machine.
func TestMachineEffectByHand(t *testing.T) {
	c := testCatalog(t)
	b := buildSource(t, c, profileSource(t, "reference-medium"), bill.Request{})
	h := buildSource(t, c, edited(t, "reference-medium", "pin: {type: i2.2xlarge, count: 1}",
		"pin: {type: i2.4xlarge, count: 1}"), bill.Request{})
	want := "2455.20"
	require.Equal(t, want, effect(t, Attribute(b, h), CauseMachines).String())
	require.Equal(t, want, effect(t, AttributeLines(b.Estimate, h.Estimate), CauseMachines).String())
	d := Estimates(b.Estimate, h.Estimate)
	require.Len(t, d.Components, 1)
	require.Equal(t, []Change{{OfMachine, "i2.2xlarge", "i2.4xlarge"}}, d.Components[0].Changes)
	require.Len(t, d.Components[0].Lines, 2, "one in each region")
}

// Tables of another year without the types of the newer plan: what they lack
// is taken from the head's, and said.
func TestPricesThatTheBaseLacks(t *testing.T) {
	c := testCatalog(t)
	o := bill.Request{Settings: workload.Settings{Scope: "compute", Vintage: "2016-04-18"}}
	b := buildSource(t, c, profileSource(t, "medium"), o)
	h := buildSource(t, c, profileSource(t, "medium"), bill.Request{})
	a := Attribute(b, h)
	addUp(t, b.Estimate, h.Estimate, a)
	require.Contains(t, a.Notes, remark.New("diff.prices_of_head"))
	require.Equal(t, []string{CauseModel, CauseMachines}, nonZero(a)[:2],
		"storage and transfer are the model's; then the newer types")
}

func TestUntellableEffectsAreNamed(t *testing.T) {
	c := testCatalog(t)
	b := buildSource(t, c, profileSource(t, "reference-medium"), bill.Request{})
	h := buildSource(t, c, profileSource(t, "medium"), bill.Request{})
	a := Attribute(b, h)
	addUp(t, b.Estimate, h.Estimate, a)
	of := func(r remark.Remark) bool { return r.Text("cause") == CauseWorkload }
	require.True(t, slices.ContainsFunc(a.Notes, of))
	require.True(t, effect(t, a, CauseWorkload).IsZero())
}

// drawnSide draws a profile and a request for one side of a difference.
func drawnSide(t *rapid.T, who string, sources map[string]string) (string, bill.Request) {
	name := rapid.SampledFrom([]string{"small", "medium", "reference-small", "reference-large"}).Draw(t, who)
	src := sources[name]
	vintages := []string{"", "2017-11-12", "2016-04-18"}
	o := bill.Request{Settings: workload.Settings{Vintage: rapid.SampledFrom(vintages).Draw(t, who+" tables"),
		Scope: rapid.SampledFrom([]string{"", "compute"}).Draw(t, who+" scope")}}
	if o.Vintage != "" || strings.HasPrefix(name, "reference") {
		o.Scope = "compute"
	}
	regions := [][]string{nil, {"us-east-1", "eu-west-1"}, {"us-east-1"}}
	o.Regions = rapid.SampledFrom(regions).Draw(t, who+" regions")
	replace := func(was, is string) { src = strings.Replace(src, was, is, 1) }
	if len(o.Regions) == 1 {
		replace("    failover: region\n", "    failover: zone\n")
	}
	replace("users: {value: 2500,", fmt.Sprintf("users: {value: %d,",
		rapid.IntRange(500, 8000).Draw(t, who+" users")))
	replace("cpu: {value: 6ms,", fmt.Sprintf("cpu: {value: %dms,", rapid.IntRange(1, 12).Draw(t, who+" cpu")))
	if rapid.Bool().Draw(t, who+" purchase") && o.Vintage == "" {
		o.Purchase = rapid.SampledFrom([]string{"optimal", "reserved-1y"}).Draw(t, who+" option")
	}
	if rapid.Bool().Draw(t, who+" discount") {
		src += "adjustments: [{name: agreed, kind: discount, part: 10%}]\n"
	}
	if rapid.Bool().Draw(t, who+" arch") {
		replace("    title: Phoenix\n", "    title: Phoenix\n    allow: {arch: x86_64}\n")
	}
	if rapid.Bool().Draw(t, who+" pin") {
		replace("    title: Consul/ZooKeeper\n",
			"    title: Consul/ZooKeeper\n    pin: {type: m4.large, count: 5}\n")
	}
	return src, o
}

// The effects of random pairs of profiles add up, split either way.
func TestEffectsAddUp(t *testing.T) {
	c := testCatalog(t)
	sources := map[string]string{}
	for _, name := range []string{"small", "medium", "reference-small", "reference-large"} {
		sources[name] = profileSource(t, name)
	}
	drawn.CheckMost(t, 0.10, func(rt *rapid.T) bool {
		sides := make([]*bill.Result, 2)
		for i, who := range []string{"base", "head"} {
			src, o := drawnSide(rt, who, sources)
			r, err := bill.Make(parseProfile(t, src), c, o)
			var none *plan.Infeasible
			if errors.As(err, &none) {
				return false // such as a database of 2017 with the connections of 8,000 users' servers
			}
			require.NoError(rt, err)
			sides[i] = r
		}
		b, h := sides[0].Estimate, sides[1].Estimate
		a := Attribute(sides[0], sides[1])
		addUp(rt, b, h, a)
		addUp(rt, b, h, AttributeLines(b, h))
		d := Estimates(b, h)
		change := money.Amount{}
		for _, x := range d.Components {
			change = change.Plus(x.Head.Expected).Minus(x.Base.Expected)
		}
		require.Equal(rt, h.Total.Expected.Minus(b.Total.Expected).String(), change.String(),
			"what is unchanged adds nothing")
		return true
	})
}

// Equal estimates have no differences, whatever the order of lines, parts and
// pools.
func TestNoPhantomDifferences(t *testing.T) {
	c := testCatalog(t)
	for _, name := range []string{"large", "reference-large"} {
		e := buildSource(t, c, profileSource(t, name), bill.Request{}).Estimate
		drawn.Check(t, func(rt *rapid.T) {
			other := *e
			other.Lines = rapid.Permutation(slices.Clone(e.Lines)).Draw(rt, "lines")
			other.Parts = rapid.Permutation(slices.Clone(e.Parts)).Draw(rt, "parts")
			for i := range other.Parts {
				other.Parts[i].Pools = rapid.Permutation(slices.Clone(other.Parts[i].Pools)).Draw(rt, "pools")
			}
			d := Estimates(e, &other)
			require.Empty(rt, d.Components)
			require.True(rt, d.Empty())
			require.Empty(rt, nonZero(d.Attribution))
		})
	}
}

// The differences do not depend on the order either.
func TestDiffDoesNotDependOnOrder(t *testing.T) {
	c := testCatalog(t)
	b := buildSource(t, c, profileSource(t, "small"), bill.Request{}).Estimate
	h := buildSource(t, c, profileSource(t, "large"), bill.Request{}).Estimate
	want, err := json.Marshal(Estimates(b, h))
	require.NoError(t, err)
	drawn.Check(t, func(rt *rapid.T) {
		x, y := *b, *h
		x.Lines = rapid.Permutation(slices.Clone(b.Lines)).Draw(rt, "base")
		y.Lines = rapid.Permutation(slices.Clone(h.Lines)).Draw(rt, "head")
		got, err := json.Marshal(Estimates(&x, &y))
		require.NoError(rt, err)
		require.Equal(rt, string(want), string(got))
	})
}

func TestAddedAndRemoved(t *testing.T) {
	c := testCatalog(t)
	b := buildSource(t, c, profileSource(t, "reference-medium"), bill.Request{}).Estimate
	h := *b
	h.Parts = slices.DeleteFunc(slices.Clone(b.Parts), func(p bill.Part) bool { return p.Name == "kafka" })
	h.Lines = slices.DeleteFunc(slices.Clone(b.Lines), func(l bill.Line) bool { return l.Component == "kafka" })
	h.Total = bill.Sum(h.Lines)
	d := Estimates(b, &h)
	require.Len(t, d.Components, 1)
	require.Equal(t, Removed, d.Components[0].Change)
	require.Equal(t, "-1987.20", d.Change.String(), "two regions of 2 × 496.80")
	kafka, _ := b.Part(bill.Owner{Name: "kafka"})
	require.Len(t, kafka.Pools, 2)
	none := []bill.NodePool{}
	require.Equal(t, []Change{{OfMachine, "d2.xlarge", ""}, {OfNodes, kafka.Pools[:1], none},
		{OfNodes, kafka.Pools[1:], none}}, d.Components[0].Changes)
	back := Estimates(&h, b)
	require.Equal(t, Added, back.Components[0].Change)
	require.Equal(t, "1987.20", effect(t, back.Attribution, CauseNeeds).String())
}

// At its own prices an estimate is what it was; at others, what a plan with
// the same machines is there.
func TestReprice(t *testing.T) {
	c := testCatalog(t)
	for _, name := range []string{"small", "large", "reference-medium"} {
		e := buildSource(t, c, profileSource(t, name), bill.Request{}).Estimate
		v, err := plan.OpenVintage(c, e.Prices.Vintage, nil)
		require.NoError(t, err)
		same, err := bill.Reprice(e, v)
		require.NoError(t, err)
		require.True(t, Estimates(e, same).Empty(), name)
		require.Equal(t, e.Prices, same.Prices)
		require.Equal(t, e.PerRegion, same.PerRegion)
	}
	e := buildSource(t, c, profileSource(t, "reference-medium"), bill.Request{}).Estimate
	later := buildSource(t, c, profileSource(t, "reference-medium"),
		bill.Request{Settings: workload.Settings{Vintage: "2017-11-12"}}).Estimate
	v, err := plan.OpenVintage(c, "2017-11-12", nil)
	require.NoError(t, err)
	got, err := bill.Reprice(e, v)
	require.NoError(t, err)
	require.True(t, Estimates(later, got).Empty())

	modern := buildSource(t, c, profileSource(t, "medium"),
		bill.Request{Settings: workload.Settings{Scope: "compute"}}).Estimate
	_, err = bill.Reprice(modern, v)
	var missing catalog.MissingPrices
	require.ErrorAs(t, err, &missing, "2017 has no types of 2026")
	bought := buildSource(t, c, profileSource(t, "medium"), bought("reserved-1y")).Estimate
	now, err := plan.OpenVintage(c, "", nil)
	require.NoError(t, err)
	_, err = bill.Reprice(bought, now)
	require.ErrorContains(t, err, "cannot be priced again")
}

// Saved bills tell a change of purchase from one of needs.
func TestPurchaseFromLines(t *testing.T) {
	c := testCatalog(t)
	b := buildSource(t, c, profileSource(t, "reference-medium"), bill.Request{}).Estimate
	h := buildSource(t, c, profileSource(t, "reference-medium"), bought("optimal")).Estimate
	a := AttributeLines(b, h)
	addUp(t, b, h, a)
	require.Negative(t, effect(t, a, CausePurchase).Cmp(money.Amount{}))
	require.True(t, effect(t, a, CauseNeeds).IsZero(), "the same nodes: %v", a.Effects)
}
