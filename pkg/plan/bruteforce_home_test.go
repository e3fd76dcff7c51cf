package plan

import (
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is how brute force finds where reads are answered: it plans the whole system
// with replicas of every set of stores that are read in another region, and takes the set
// with which the system as a whole costs least to run.

// everywhere chooses for every component with nodes, as all does, and where reads are
// answered. It names a component that nothing carries, wherever they are.
func (b *brute) everywhere() (infeasible string) {
	start, away := b.sys, b.sys.ReadAway()
	var least *bruteSystem
	for set := range 1 << len(away) {
		if b.sys = start; set > 0 {
			b.sys = start.ReadHome(chosen(away, set)...)
			b.sys.Ranking = b
		}
		b.chosen = map[string]bruteChoice{}
		if none := b.settled(); none != "" {
			if infeasible == "" {
				infeasible = none
			}
			continue
		}
		x := bruteSystem{sys: b.sys, chosen: b.chosen}
		x.running, x.missing = b.system()
		if least == nil || x.missing < least.missing ||
			x.missing == least.missing && x.running.Cmp(least.running) < 0 {
			least = &x
		}
	}
	if least == nil {
		return infeasible
	}
	b.sys, b.chosen = least.sys, least.chosen
	return ""
}

// settled chooses for every component, again and again while a load depends on how many nodes
// there are and their numbers change.
func (b *brute) settled() (infeasible string) {
	if !slices.ContainsFunc(b.p.Components, func(e strict.Entry[*workload.Component]) bool {
		return e.V.Kind == "telemetry" // whose fixture has a service that nodes poll
	}) {
		return b.served()
	}
	for range 10 {
		b.sys.Sized, b.chosen = map[string]*sizing.Layout{}, map[string]bruteChoice{}
		if none := b.served(); none != "" {
			return none
		}
		nodes := make([]sizing.NodeCount, len(b.p.Regions))
		for _, name := range slices.Sorted(maps.Keys(b.chosen)) { // sums of fractions depend on their order
			for _, p := range b.chosen[name].layout.Pools {
				nodes[p.Region].Most += p.Max
				nodes[p.Region].Mean += p.Mean
			}
		}
		if slices.Equal(nodes, b.sys.Nodes) {
			return ""
		}
		b.sys.Nodes = nodes
	}
	require.Fail(b.t, "the numbers of nodes do not settle")
	return ""
}

// bruteSystem is a choice for the whole system.
type bruteSystem struct {
	sys     *sizing.System
	chosen  map[string]bruteChoice
	running *big.Rat
	missing int
}

// system is what all that was chosen costs a month to run, with what has no nodes. What a
// choice means for the lines of others, such as bytes between regions, is on their lines.
func (b *brute) system() (total *big.Rat, missing int) {
	total = new(big.Rat)
	add := func(l *sizing.Layout) {
		x, without := b.cost(l)
		total.Add(total, x)
		missing += without
	}
	for _, e := range b.p.Components {
		if c, ok := b.chosen[e.Key]; ok {
			own := *c.layout
			own.Crossings = nil
			add(&own)
			total.Add(total, b.weights(c.layout, c.layout.Storage))
		}
	}
	if b.p.Prices.Scope == "compute" {
		return total, missing
	}
	nodeless := slices.Clone(b.p.Components)
	slices.SortStableFunc(nodeless, func(x, y strict.Entry[*workload.Component]) int {
		return sizing.Rank(x.V.Kind) - sizing.Rank(y.V.Kind)
	})
	for _, e := range nodeless {
		kind, ok := sizing.Find(e.V.Kind)
		require.True(b.t, ok)
		if _, each := kind.(sizing.PerNode); each || e.V.Colocate != "" {
			continue // cost has what each node brings
		}
		if _, ok := b.chosen[e.Key]; ok {
			continue
		}
		z, err := kind.Prepare(b.sys.Task(e.V))
		require.NoError(b.t, err)
		l, rej := z.Fit(nil, sizing.Storage{})
		require.Nil(b.t, rej)
		b.sys.Sized[e.Key] = l
		add(&sizing.Layout{Usage: l.Usage})
	}
	return total, missing
}

// With several stores a replica of one can pay only beside one of another: every set of
// them is weighed.
func TestReadsAtHomeOfSeveralStores(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	const one = "  it: {kind: database, cpu_read: 0.4ms, cpu_write: 2ms}\n"
	src := strings.Replace(kindSource(t, "database"), one, `
  it: {kind: database, cpu_read: 0.4ms, cpu_write: 2ms, allow: {families: [m8g, r8g]}}
  more: {kind: database, cpu_read: 4ms, cpu_write: 2ms, allow: {families: [m8g, r8g]}}
`, 1)
	src = strings.Replace(src, "      it: {", "      more: {per_read: 3, request: 2KB, response: 40KB}\n      it: {", 1)
	src = strings.Replace(src, "survive: [node, zone, region]", "survive: [node]", 1)
	sets := map[string]int{}
	for _, users := range []float64{20, 300, 2500, 9000} {
		draw := func() *workload.Profile {
			p := parseProfile(t, src)
			p.Peak.Users.V = unit.Count(users)
			return p
		}
		r := searchAny(t, draw(), cat, Options{})
		require.NotNil(t, r)
		sameAsBrute(t, "several stores", draw, cat, nil)
		sets[strings.Join(r.System.ReadAway(), " ")]++
	}
	require.Greater(t, len(sets), 1, "it depends on the load: %v", sets)
}
