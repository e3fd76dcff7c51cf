package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// slow leaves a test out where all are to be short: under the race detector it takes
// minutes, and others share their tables between goroutines as it does.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes minutes under the race detector")
	}
}

// systems are the whole systems on which properties are shown beside the
// fixtures.
var systems = []string{"small", "medium", "large"}

func TestNothingOfTheThreeSizesIsPinned(t *testing.T) {
	for _, size := range systems {
		p := parseProfile(t, profileSource(t, size))
		for _, e := range p.Components {
			require.Nil(t, e.V.Pin, "%s: %s", size, e.Key)
		}
		require.False(t, p.Pinned(), size)
		for _, c := range searchAny(t, p, testCatalog(t), Options{}).Choices {
			require.False(t, c.Pinned, "%s: %s", size, c.Component.Name)
		}
	}
}

// inWords is a choice in a few words.
func inWords(c *Choice) string {
	var b strings.Builder
	if c.Layout.Type != nil {
		b.WriteString(c.Layout.Type.Name + " " + c.Layout.Storage.String())
	}
	for _, p := range c.Layout.Pools {
		fmt.Fprintf(&b, " %d:%s:%d..%d(%.3f)", p.Region, p.Role, p.Min, p.Max, p.Mean)
		if p.Type != nil {
			b.WriteString(" " + p.Type.Name)
		}
	}
	return b.String()
}

// freeQueries makes queries of indexes cost nothing.
func freeQueries(p *workload.Profile) *workload.Profile {
	for _, e := range p.Components {
		if spec, ok := e.V.Spec.(*sizing.Search); ok {
			spec.CPUQuery.V, spec.ReadsPerQuery.V = 0, 0
		}
	}
	return p
}

// inFirstRegion leaves the first region, and what stands there.
func inFirstRegion(p *workload.Profile) {
	p.Regions = p.Regions[:1]
	p.Components = slices.DeleteFunc(p.Components, func(e strict.Entry[*workload.Component]) bool {
		return len(e.V.Regions) > 0 && !slices.Contains(e.V.Regions, p.Regions[0].Name)
	})
}

// A second region takes nothing off what processes every write: brokers,
// workers and the index of the first stay at least as they were. Queries are
// answered where they are asked, so nodes that are there for queries become
// fewer: the index is compared with queries that cost nothing.
func TestSecondRegionTakesNothingOffTheFirst(t *testing.T) {
	cat := testCatalog(t)
	check := func(t require.TestingT, name string, draw func() *workload.Profile) (seen int, planned bool) {
		both := searchAny(t, freeQueries(draw()), cat, Options{})
		if both == nil {
			return 0, false
		}
		first := freeQueries(draw())
		inFirstRegion(first)
		for _, c := range both.Choices {
			if c.Layout.Type != nil {
				allowOnly(first, c.Component.Name, c.Layout.Type.Name)
			}
			if spec, ok := c.Component.Spec.(*sizing.Database); ok && spec.Failover == "region" {
				here, _ := first.Component(c.Component.Name)
				here.Spec.(*sizing.Database).Failover = "" // one region has no other
			}
		}
		one := searchAny(t, first, cat, Options{})
		require.NotNil(t, one, "%s: nothing carries alone what both regions carry", name)
		for _, c := range both.Choices {
			k := slices.IndexFunc(one.Choices, func(o *Choice) bool { return o.Component.Name == c.Component.Name })
			if k < 0 {
				continue // it stands in the other region alone
			}
			alone, b := one.Choices[k], inRegion(c, 0)
			a := inRegion(alone, 0)
			switch spec := c.Component.Spec.(type) {
			case *sizing.Log, *sizing.Worker:
				seen++
				require.LessOrEqual(t, a.nodes, b.nodes, "%s: %s", name, c.Component.Name)
			case *sizing.Search:
				if spec.Role != "index" {
					continue // log lines stay in the region in which they are written
				}
				seen++
				require.LessOrEqual(t, a.stored*evenly(alone), b.stored*evenly(c)*(1+1e-9), "%s: %s",
					name, c.Component.Name)
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

// evenly is what an even share of the index of the first region is of that of its
// busiest node, by which the limits show what all nodes need.
func evenly(c *Choice) float64 {
	for _, s := range c.Layout.Structure {
		if s.Key == "search.busiest" {
			return s.Number("copies") / (s.Number("most") * s.Number("nodes"))
		}
	}
	return 1
}

// survives tells whether the profile asks a component to survive a loss.
func survives(c *workload.Component, p *workload.Profile, loss string) bool {
	list := p.Policy.Survive
	if c.Survive != nil {
		list = *c.Survive
	}
	if spec, ok := c.Spec.(*sizing.Proxy); ok && loss == "node" && spec.Reload.V > 0 {
		return true // one that reads a new configuration is away as long
	}
	for _, s := range list {
		if s == loss {
			return loss != "region" || p.Failover != "independent"
		}
	}
	return false
}

// Leaving out what is too dear even at its cheapest way to buy changes nothing.
func TestPruningAtTheWantedPurchaseFindsTheSame(t *testing.T) {
	c := testCatalog(t)
	for _, size := range []string{"small", "large"} {
		src := strings.Replace(profileSource(t, size), "\n  phoenix:\n",
			"\n  phoenix:\n    purchase: {interruptible: true, spot_types: 2}\n", 1)
		require.Contains(t, src, "spot_types")
		for _, mode := range []string{"optimal", "reserved-1y", "spot"} {
			pruned := searchAny(t, parseProfile(t, src), c, Options{Purchase: mode})
			all, err := pruned.Survey()
			require.NoError(t, err)
			for i, c := range pruned.Choices {
				require.Equal(t, inWords(all[i].Choice), inWords(c), "%s %s", size, mode)
				require.Equal(t, all[i].Choice.Cost(), c.Cost(), "%s %s", size, mode)
				require.Equal(t, all[i].Choice.Layout.Usage, c.Layout.Usage, "%s %s", size, mode)
			}
		}
	}
}
