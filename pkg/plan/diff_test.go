package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
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

func planned(t testing.TB, c *catalog.Catalog, src string, o Options) Planned {
	return Planned{buildSource(t, c, src, o), o}
}

func attribute(t testing.TB, c *catalog.Catalog, base, head Planned) Attribution {
	t.Helper()
	a, err := Attribute(c, base, head)
	require.NoError(t, err)
	return a
}

// addUp holds an attribution to its promise: effects add up to the difference,
// over all, for every component, and step by step.
func addUp(t require.TestingT, base, head *Estimate, a Attribution) {
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
		require.Equal(t, c.Head.String(), c.Base.Plus(money.Sum(c.Effects...)).String(), c.Component)
		require.Equal(t, sumLines(base.linesOf(c.Component)).Expected.String(), c.Base.String(), c.Component)
		require.Equal(t, sumLines(head.linesOf(c.Component)).Expected.String(), c.Head.String(), c.Component)
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
		o   Options
	}
	base := profile{profileSource(t, "medium"), Options{}}
	for _, x := range []struct {
		name       string
		base, head profile
		want       []string
	}{
		{"nothing", base, base, nil},
		{"a title", base, profile{edited(t, "medium", "title: Medium", "title: Other"), Options{}}, nil},
		{"users", base, profile{edited(t, "medium", "users: {value: 2500,", "users: {value: 3500,"), Options{}}, []string{CauseWorkload}},
		{"a component's CPU", base, profile{edited(t, "medium", "cpu: {value: 6ms,", "cpu: {value: 7ms,"), Options{}}, []string{CauseModel}},
		{"given machines", profile{profileSource(t, "reference-medium"), Options{}},
			profile{edited(t, "reference-medium", "pin: {type: i2.2xlarge, count: 1}", "pin: {type: i2.4xlarge, count: 1}"), Options{}}, []string{CauseMachines}},
		{"given counts", profile{profileSource(t, "reference-medium"), Options{}},
			profile{edited(t, "reference-medium", "pin: {type: d2.xlarge, count: 2}", "pin: {type: d2.xlarge, count: 3}"), Options{}}, []string{CauseModel}},
		{"tables", profile{profileSource(t, "reference-medium"), Options{}},
			profile{profileSource(t, "reference-medium"), Options{Vintage: "2017-11-12"}}, []string{CausePrices}},
		{"purchase", base, profile{base.src, Options{Purchase: "optimal"}}, []string{CausePurchase}},
		{"hours", profile{profileSource(t, "reference-medium"), Options{}},
			profile{profileSource(t, "reference-medium"), Options{Hours: 730}}, []string{CauseModel}},
	} {
		t.Run(x.name, func(t *testing.T) {
			b, h := planned(t, c, x.base.src, x.base.o), planned(t, c, x.head.src, x.head.o)
			a := attribute(t, c, b, h)
			addUp(t, b.Result.Estimate, h.Result.Estimate, a)
			require.Subset(t, append(x.want, CauseMachines), nonZero(a), "other causes have no effect; the choice may follow")
			if x.want != nil {
				require.Contains(t, nonZero(a), x.want[0])
			} else {
				require.Empty(t, nonZero(a))
			}
			lines := AttributeLines(b.Result.Estimate, h.Result.Estimate)
			addUp(t, b.Result.Estimate, h.Result.Estimate, lines)
		})
	}
}

// The document's medium system with the large one's database (i2.4xlarge at
// 3.41 an hour, 720 hours) instead of its own (1.705): two regions cost 2 ×
// 1,227.60 more, all of it for the machine.
func TestMachineEffectByHand(t *testing.T) {
	c := testCatalog(t)
	b := planned(t, c, profileSource(t, "reference-medium"), Options{})
	h := planned(t, c, edited(t, "reference-medium", "pin: {type: i2.2xlarge, count: 1}", "pin: {type: i2.4xlarge, count: 1}"), Options{})
	want := "2455.20"
	require.Equal(t, want, effect(t, attribute(t, c, b, h), CauseMachines).String())
	require.Equal(t, want, effect(t, AttributeLines(b.Result.Estimate, h.Result.Estimate), CauseMachines).String())
	d := CompareEstimates(b.Result.Estimate, h.Result.Estimate)
	require.Len(t, d.Components, 1)
	require.Equal(t, []string{"i2.2xlarge → i2.4xlarge"}, d.Components[0].Details)
	require.Len(t, d.Components[0].Lines, 2, "one in each region")
}

// Tables of another year without the types of the newer plan: what they lack
// is taken from the head's, and said.
func TestPricesThatTheBaseLacks(t *testing.T) {
	c := testCatalog(t)
	o := Options{Scope: "compute", Vintage: "2016-04-18"}
	b, h := planned(t, c, profileSource(t, "medium"), o), planned(t, c, profileSource(t, "medium"), Options{})
	a := attribute(t, c, b, h)
	addUp(t, b.Result.Estimate, h.Result.Estimate, a)
	require.Contains(t, a.Notes, "prices that the base's tables lack are taken from the head's")
	require.Equal(t, []string{CauseModel, CauseMachines}, nonZero(a)[:2], "storage and transfer are the model's; then the newer types")
}

func TestUntellableEffectsAreNamed(t *testing.T) {
	c := testCatalog(t)
	b, h := planned(t, c, profileSource(t, "reference-medium"), Options{}), planned(t, c, profileSource(t, "medium"), Options{})
	a := attribute(t, c, b, h)
	addUp(t, b.Result.Estimate, h.Result.Estimate, a)
	require.Contains(t, strings.Join(a.Notes, "\n"), "workload: ")
	require.True(t, effect(t, a, CauseWorkload).IsZero())
}

// The effects of random pairs of profiles add up, split either way.
func TestEffectsAddUp(t *testing.T) {
	c := testCatalog(t)
	sources := map[string]string{}
	for _, name := range []string{"small", "medium", "reference-small", "reference-large"} {
		sources[name] = profileSource(t, name)
	}
	vintages := []string{"", "2017-11-12", "2016-04-18"}
	draw := func(t *rapid.T, who string) (string, Options) {
		name := rapid.SampledFrom([]string{"small", "medium", "reference-small", "reference-large"}).Draw(t, who)
		src := sources[name]
		o := Options{Lean: true, Vintage: rapid.SampledFrom(vintages).Draw(t, who+" tables"), Scope: rapid.SampledFrom([]string{"", "compute"}).Draw(t, who+" scope")}
		if o.Vintage != "" || strings.HasPrefix(name, "reference") {
			o.Scope = "compute"
		}
		o.Regions = rapid.SampledFrom([][]string{nil, {"us-east-1", "eu-west-1"}, {"us-east-1"}}).Draw(t, who+" regions")
		replace := func(old, new string) { src = strings.Replace(src, old, new, 1) }
		if len(o.Regions) == 1 {
			replace("    failover: region\n", "    failover: zone\n")
		}
		replace("users: {value: 2500,", fmt.Sprintf("users: {value: %d,", rapid.IntRange(500, 8000).Draw(t, who+" users")))
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
			replace("    title: Consul/ZooKeeper\n", "    title: Consul/ZooKeeper\n    pin: {type: m4.large, count: 5}\n")
		}
		return src, o
	}
	drawn.CheckMost(t, 0.10, func(rt *rapid.T) bool {
		sides := make([]Planned, 2)
		for i, who := range []string{"base", "head"} {
			src, o := draw(rt, who)
			r := buildAny(rt, parseProfile(t, src), c, o)
			if r == nil {
				return false // such as a database of 2017 with the connections of 8,000 users' servers
			}
			sides[i] = Planned{r, o}
		}
		b, h := sides[0].Result.Estimate, sides[1].Result.Estimate
		a, err := Attribute(c, sides[0], sides[1])
		require.NoError(rt, err)
		addUp(rt, b, h, a)
		addUp(rt, b, h, AttributeLines(b, h))
		d := CompareEstimates(b, h)
		change := money.Amount{}
		for _, x := range d.Components {
			change = change.Plus(x.Head.Expected).Minus(x.Base.Expected)
		}
		require.Equal(rt, h.Total.Expected.Minus(b.Total.Expected).String(), change.String(), "what is unchanged adds nothing")
		return true
	})
}

// Equal estimates have no differences, whatever the order of lines, parts and
// pools.
func TestNoPhantomDifferences(t *testing.T) {
	c := testCatalog(t)
	for _, name := range []string{"large", "reference-large"} {
		e := buildSource(t, c, profileSource(t, name), Options{}).Estimate
		drawn.Check(t, func(rt *rapid.T) {
			other := *e
			other.Lines = rapid.Permutation(slices.Clone(e.Lines)).Draw(rt, "lines")
			other.Parts = rapid.Permutation(slices.Clone(e.Parts)).Draw(rt, "parts")
			for i := range other.Parts {
				other.Parts[i].Pools = rapid.Permutation(slices.Clone(other.Parts[i].Pools)).Draw(rt, "pools")
			}
			d := CompareEstimates(e, &other)
			require.Empty(rt, d.Components)
			require.True(rt, d.Empty())
			require.Empty(rt, nonZero(d.Attribution))
		})
	}
}

// The differences do not depend on the order either.
func TestDiffDoesNotDependOnOrder(t *testing.T) {
	c := testCatalog(t)
	b := buildSource(t, c, profileSource(t, "small"), Options{}).Estimate
	h := buildSource(t, c, profileSource(t, "large"), Options{}).Estimate
	want, err := json.Marshal(CompareEstimates(b, h))
	require.NoError(t, err)
	drawn.Check(t, func(rt *rapid.T) {
		x, y := *b, *h
		x.Lines = rapid.Permutation(slices.Clone(b.Lines)).Draw(rt, "base")
		y.Lines = rapid.Permutation(slices.Clone(h.Lines)).Draw(rt, "head")
		got, err := json.Marshal(CompareEstimates(&x, &y))
		require.NoError(rt, err)
		require.Equal(rt, string(want), string(got))
	})
}

func TestAddedAndRemoved(t *testing.T) {
	c := testCatalog(t)
	b := buildSource(t, c, profileSource(t, "reference-medium"), Options{}).Estimate
	h := *b
	h.Parts = slices.DeleteFunc(slices.Clone(b.Parts), func(p Part) bool { return p.Name == "kafka" })
	h.Lines = slices.DeleteFunc(slices.Clone(b.Lines), func(l Line) bool { return l.Component == "kafka" })
	h.PerRegion, h.Total = nil, Cost{}
	h.total()
	d := CompareEstimates(b, &h)
	require.Len(t, d.Components, 1)
	require.Equal(t, Removed, d.Components[0].Change)
	require.Equal(t, "-1987.20", d.Change.String(), "two regions of 2 × 496.80")
	require.Equal(t, []string{"d2.xlarge us-east-1: 2; us-west-2: 2"}, d.Components[0].Details)
	back := CompareEstimates(&h, b)
	require.Equal(t, Added, back.Components[0].Change)
	require.Equal(t, "1987.20", effect(t, back.Attribution, CauseNeeds).String())
}

// At its own prices an estimate is what it was; at others, what a plan with
// the same machines is there.
func TestReprice(t *testing.T) {
	c := testCatalog(t)
	for _, name := range []string{"small", "large", "reference-medium"} {
		e := buildSource(t, c, profileSource(t, name), Options{}).Estimate
		v, err := Tables(c, e.Prices.Vintage, nil)
		require.NoError(t, err)
		same, err := Reprice(e, v, nil)
		require.NoError(t, err)
		require.True(t, CompareEstimates(e, same).Empty(), name)
		require.Equal(t, e.Prices, same.Prices)
		require.Equal(t, e.PerRegion, same.PerRegion)
	}
	e := buildSource(t, c, profileSource(t, "reference-medium"), Options{}).Estimate
	later := buildSource(t, c, profileSource(t, "reference-medium"), Options{Vintage: "2017-11-12"}).Estimate
	v, err := Tables(c, "2017-11-12", nil)
	require.NoError(t, err)
	got, err := Reprice(e, v, nil)
	require.NoError(t, err)
	require.True(t, CompareEstimates(later, got).Empty())

	modern := buildSource(t, c, profileSource(t, "medium"), Options{Scope: "compute"}).Estimate
	_, err = Reprice(modern, v, nil)
	var missing catalog.MissingPrices
	require.ErrorAs(t, err, &missing, "2017 has no types of 2026")
	bought := buildSource(t, c, profileSource(t, "medium"), Options{Purchase: "reserved-1y"}).Estimate
	now, err := Tables(c, "", nil)
	require.NoError(t, err)
	_, err = Reprice(bought, now, nil)
	require.ErrorContains(t, err, "cannot be priced again")
}

// Saved bills tell a change of purchase from one of needs.
func TestPurchaseFromLines(t *testing.T) {
	c := testCatalog(t)
	b := buildSource(t, c, profileSource(t, "reference-medium"), Options{}).Estimate
	h := buildSource(t, c, profileSource(t, "reference-medium"), Options{Purchase: "optimal"}).Estimate
	a := AttributeLines(b, h)
	addUp(t, b, h, a)
	require.Negative(t, effect(t, a, CausePurchase).Cmp(money.Amount{}))
	require.True(t, effect(t, a, CauseNeeds).IsZero(), "the same nodes: %v", a.Effects)
}
