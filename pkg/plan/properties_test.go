package plan

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// systems are the whole systems on which properties are shown beside the
// fixtures.
var systems = []string{"small", "medium", "large"}

// buildAny plans a profile; a system that nothing carries gives nil.
func buildAny(t require.TestingT, p *workload.Profile, c *catalog.Catalog, o Options) *Result {
	r, err := Build(p, c, o)
	var none *Infeasible
	if errors.As(err, &none) {
		return nil
	}
	require.NoError(t, err)
	return r
}

func TestNothingOfTheThreeSizesIsPinned(t *testing.T) {
	for _, size := range systems {
		p := parseProfile(t, profileSource(t, size))
		for _, e := range p.Components {
			require.Nil(t, e.V.Pin, "%s: %s", size, e.Key)
		}
		require.False(t, p.Pinned(), size)
		for _, c := range buildSource(t, testCatalog(t), profileSource(t, size), Options{}).Choices {
			require.False(t, c.Pinned, "%s: %s", size, c.Component.Name)
		}
	}
}

// Same inputs, same bytes: twice, on one processor and on two, and while
// others plan at the same time from the same tables.
func TestSameInputsSameBytes(t *testing.T) {
	sources := map[string]func() *workload.Profile{}
	for _, kind := range kindNames() {
		sources["kind "+kind] = func() *workload.Profile { return fixtureOf(t, kind) }
	}
	for _, size := range systems {
		sources[size] = func() *workload.Profile { return parseProfile(t, profileSource(t, size)) }
	}
	plan := func(cat *catalog.Catalog, p *workload.Profile) string {
		r, err := Build(p, cat, Options{Exhaustive: true})
		if err != nil {
			return err.Error()
		}
		return dump(t, r)
	}
	all := func(procs int) map[string]string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		cat := testCatalog(t)
		out := map[string]string{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for name, source := range sources {
			p := source()
			wg.Add(1)
			go func() {
				defer wg.Done()
				text := plan(cat, p)
				mu.Lock()
				defer mu.Unlock()
				out[name] = text
			}()
		}
		wg.Wait()
		return out
	}
	one, two := all(1), all(2)
	require.Len(t, one, len(sources))
	for name := range sources {
		require.Contains(t, one[name], "total", name)
		require.Equal(t, one[name], two[name], "%s differs between one and two processors", name)
	}
}

// More load never costs less: on one type, drawn from all, and for what is
// chosen. Where the load is too great for one primary the database is split,
// and only then (MODEL section 5): shards on small machines may cost less than
// the one large machine that was needed before. That step is no part of the
// property; but it is never taken back as the load grows.
func TestMoreLoadNeverCostsLess(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	types := pricedTypes(t, cat)
	eachKind(t, 0.30, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		k, only := 1.37, ""
		if vary != nil {
			k = 1 + rapid.Float64Range(0, 2).Draw(vary, "more")
			if rapid.Bool().Draw(vary, "one type") {
				only = rapid.SampledFrom(types).Draw(vary, "type")
			}
		}
		build := func(factor float64) *Result {
			p := draw()
			if c, _ := p.Component("it"); only != "" && c != nil {
				allowOnly(p, "it", only)
			}
			p.Peak.Users.V *= unit.Count(factor)
			return buildAny(rt, p, cat, Options{})
		}
		return moreNeverCostsLess(rt, kind, k, build(1), build(k))
	})
	for _, size := range systems {
		for _, k := range []float64{1.01, 1.1, 1.5, 4} {
			build := func(factor float64) *Result {
				p := parseProfile(t, profileSource(t, size))
				p.Peak.Users.V *= unit.Count(factor)
				return buildAny(t, p, cat, Options{})
			}
			planned := moreNeverCostsLess(t, size, k, build(1), build(k))
			require.Equal(t, size != "large" || k < 4, planned, "%s × %v", size, k)
		}
	}
}

// moreNeverCostsLess compares two plans; it returns false where there are no two.
func moreNeverCostsLess(t require.TestingT, name string, k float64, less, more *Result) (planned bool) {
	if less == nil {
		require.Nil(t, more, "%s: nothing carries the load, but %v times of it something does", name, k)
		return false
	}
	if more == nil {
		return false
	}
	split := false
	for i, a := range less.Choices {
		b := more.Choices[i]
		require.LessOrEqual(t, a.Splits, b.Splits, a.Component.Name)
		split = split || a.Splits != b.Splits
	}
	if split {
		return true
	}
	for i, a := range less.Choices {
		b := more.Choices[i]
		before, after := a.Cost, b.Cost // the nodes' boot volumes are in it
		if a.Layout.Type == nil {
			before, after = unrounded(less, a.Component.Name), unrounded(more, a.Component.Name)
		}
		if a.Component.Kind == "boot" {
			continue // fewer, larger nodes have fewer boot volumes
		}
		notLess(t, before, after, func() string {
			return fmt.Sprintf("%s, %s × %v: %s → %s", name, a.Component.Name, k, machineOf(a), machineOf(b))
		})
	}
	notLess(t, unrounded(less, ""), unrounded(more, ""), func() string { return name + ", all" })
	return true
}

// notLess allows for the rounding of quantities that were computed in floats.
func notLess(t require.TestingT, before, after money.Amount, what func() string) {
	if a, b := before.Float64(), after.Float64(); b < a*(1-1e-9) {
		require.Fail(t, "more load costs less", "%s: %v → %v", what(), a, b)
	}
}

// machineOf is a choice in a few words.
func machineOf(c *Choice) string {
	var b strings.Builder
	if c.Layout.Type != nil {
		b.WriteString(c.Layout.Type.Name + " " + c.Layout.Storage.String())
	}
	for _, p := range c.Layout.Pools {
		fmt.Fprintf(&b, " %d:%s:%d..%d(%.3f)", p.Region, p.Role, p.Min, p.Max, p.Mean)
	}
	return b.String()
}

// doubled is an overlay with every price of two regions twice as high.
func doubled(t require.TestingT, c *catalog.Catalog) Overlay {
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
			tiers, ok := r.Usage(key.Service, key.Item)
			require.True(t, ok)
			for _, tier := range tiers {
				to := ""
				if tier.Tier.To != nil {
					to = tier.Tier.To.String()
				}
				fmt.Fprintf(&usage, "%s,%s,\"%s\",%s,%s,%s,%s,%s,twice\n", name, key.Service, key.Item, key.Unit,
					tier.Tier.From, to, tier.Tier.Rate.Scale(two), tier.Price.AsOf)
			}
		}
	}
	return Overlay{File: "twice.csv", Data: []byte(ec2.String() + usage.String())}
}

// Doubled prices double the bill, exactly, and change nothing else.
func TestDoubledPricesDoubleTheBill(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	// Reading the overlay takes longer than planning, so it is read once.
	twice := Options{Overlays: []Overlay{doubled(t, cat)}, Reuse: &Reuse{}}
	check := func(t require.TestingT, name string, draw func() *workload.Profile) (planned bool) {
		a, b := buildAny(t, draw(), cat, Options{}), buildAny(t, draw(), cat, twice)
		require.Equal(t, a == nil, b == nil, name)
		if a == nil {
			return false
		}
		require.Positive(t, unrounded(a, "").Float64(), name)
		for i, c := range a.Choices {
			require.Equal(t, machineOf(c), machineOf(b.Choices[i]), "%s: %s", name, c.Component.Name)
			require.Equal(t, c.Cost.Times(money.Int(2)).String(), b.Choices[i].Cost.String(), "%s: %s", name, c.Component.Name)
		}
		require.Equal(t, unrounded(a, "").Times(money.Int(2)).String(), unrounded(b, "").String(), name)
		return true
	}
	for _, size := range systems {
		require.True(t, check(t, size, func() *workload.Profile { return parseProfile(t, profileSource(t, size)) }), size)
	}
	eachKind(t, 0.30, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		return check(rt, kind, draw)
	})
}

// A second region takes nothing off what processes every write: brokers,
// workers and the index of the first stay at least as they were. Queries are
// answered where they are asked, so nodes that are there for queries become
// fewer: the index is compared with queries that cost nothing.
func TestSecondRegionTakesNothingOffTheFirst(t *testing.T) {
	cat := testCatalog(t)
	check := func(t require.TestingT, name string, draw func() *workload.Profile) (seen int, planned bool) {
		freeQueries := func() *workload.Profile {
			p := draw()
			for _, e := range p.Components {
				if spec, ok := e.V.Spec.(*sizing.Search); ok {
					spec.CPUQuery.V, spec.ReadsPerQuery.V = 0, 0
				}
			}
			return p
		}
		both := buildAny(t, freeQueries(), cat, Options{})
		if both == nil {
			return 0, false
		}
		first := freeQueries()
		first.Regions = first.Regions[:1]
		for _, c := range both.Choices {
			if c.Layout.Type != nil {
				allowOnly(first, c.Component.Name, c.Layout.Type.Name)
			}
			if spec, ok := c.Component.Spec.(*sizing.Database); ok && spec.Failover == "region" {
				here, _ := first.Component(c.Component.Name)
				here.Spec.(*sizing.Database).Failover = "" // one region has no other
			}
		}
		one := buildAny(t, first, cat, Options{})
		require.NotNil(t, one, "%s: nothing carries alone what both regions carry", name)
		for i, c := range both.Choices {
			a, b := inRegion(one.Choices[i], 0), inRegion(c, 0)
			switch spec := c.Component.Spec.(type) {
			case *sizing.Log, *sizing.Worker:
				seen++
				require.LessOrEqual(t, a.nodes, b.nodes, "%s: %s", name, c.Component.Name)
			case *sizing.Search:
				if spec.Role != "index" {
					continue // log lines stay in the region in which they are written
				}
				seen++
				require.LessOrEqual(t, a.stored, b.stored*(1+1e-9), "%s: %s", name, c.Component.Name)
				require.LessOrEqual(t, a.nodes, b.nodes, "%s: %s", name, c.Component.Name)
			}
		}
		return seen, true
	}
	for _, size := range systems {
		seen, _ := check(t, size, func() *workload.Profile { return parseProfile(t, profileSource(t, size)) })
		require.Equal(t, 3, seen, "brokers, workers and index of %s", size)
	}
	eachKind(t, 0.30, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		n, planned := check(rt, kind, draw)
		if vary == nil && (kind == "log" || kind == "worker" || kind == "search") {
			require.Positive(rt, n)
		}
		return planned
	})
}

// held is what a component has in a region.
type held struct {
	nodes  int
	stored float64 // bytes that must be in the memory's reach, all copies
}

func inRegion(c *Choice, region int) held {
	var h held
	for _, p := range c.Layout.Pools {
		if p.Region == region {
			h.nodes += p.Max
		}
	}
	for _, l := range c.Layout.Limits {
		if l.Region == region && l.Of.Name == "memory for the data" && l.State == capacity.Own {
			h.stored = math.Max(h.stored, l.Need)
		}
	}
	return h
}

// survives tells whether the profile asks a component to survive a loss.
func survives(c *workload.Component, p *workload.Profile, loss string) bool {
	list := p.Policy.Survive
	if c.Survive != nil {
		list = *c.Survive
	}
	for _, s := range list {
		if s == loss {
			return loss != "region" || p.Failover != "independent"
		}
	}
	return false
}
