package plan

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Without users and data every component is as large as its structure asks for,
// counted here one node at a time, and nothing is billed that follows load.
func TestNoLoadNeedsTheStructureOnly(t *testing.T) {
	cat := testCatalog(t)
	check := func(t require.TestingT, name string, p *workload.Profile) (planned bool) {
		p.Peak.Users.V, p.Data.Dataset.V = 0, 0
		r := searchAny(t, p, cat, Options{})
		if r == nil {
			// Two zones do not survive the loss of one where a majority must be
			// left, and one zone does not survive its own.
			require.Contains(t, p.Policy.Survive, "zone", name)
			require.Less(t, min(p.Regions[0].Zones.V, p.Regions[1].Zones.V), unit.Count(3), name)
			return false
		}
		a := &auditor{t: t, name: name, r: r, p: r.Profile}
		seen := map[string]bool{}
		for _, c := range r.Choices {
			if c.Layout.Type == nil {
				a.unused(c)
				continue
			}
			have, want := map[string]int{}, a.structure(c)
			for _, pool := range c.Layout.Pools {
				have[a.p.Regions[pool.Region].Name+" "+pool.Role] = pool.Max
				require.Equal(t, pool.Max, pool.Min)
				if c.Component.Kind == "node-pool" {
					continue // what its pods request binds, without any load
				}
				require.Contains(t, []string{"nodes, structure", "replicas, structure", "vCPU, structure",
					"quorum, structure", "quorum, node loss", "quorum, zone loss"},
					a.binding(c, pool), "%s: %s", name, c.Component.Name)
			}
			require.Equal(t, want, have, "%s: %s", name, c.Component.Name)
			seen[c.Component.Kind] = true
		}
		return true
	}
	for _, size := range systems {
		require.True(t, check(t, size, parseProfile(t, profileSource(t, size))), size)
	}
	eachKind(t, 0.30, func(rt require.TestingT, kind string, draw func() *workload.Profile, _ *rapid.T) bool {
		return check(rt, kind, draw())
	})
}

// structure is the least number of nodes of a component by region and role.
func (a *auditor) structure(c *Choice) map[string]int {
	out := map[string]int{}
	for i := range a.p.Regions {
		name := a.p.Regions[i].Name
		x := &pool{c: c, zones: int(a.p.Regions[i].Zones.V)}
		switch c.Component.Kind {
		case "stateless", "worker", "pooler", "proxy", "web-cache", "bastion":
			out[name+" "] = a.spares(x) // one is left after any loss
		case "node-pool":
			out[name+" "] = a.idlePods(c, i) // pods are there without any call
		case "queue", "cluster", "telemetry", "cache", "log", "search":
			out[name+" "] = a.copies(c.Component, x)
			if c.Component.Kind == "search" && out[name+" "] >= 6 { // masters of their own
				out[name+" master"] = 3
			}
		case "quorum", "multi-primary":
			out[name+" "] = 3 // tolerates one member's failure; three zones hold one each
		case "database":
			if i == 0 {
				out[name+" primary"] = 1
				if a.lossy(c.Component) {
					out[name+" standby"] = 1
				}
			} else if survives(c.Component, a.p, "region") {
				out[name+" failover"] = 1
			}
		default:
			require.Fail(a.t, "nobody knows the structure of the kind "+c.Component.Kind)
		}
	}
	return out
}

// copies is the least number of nodes of a kind that keeps copies, each on a node of its own.
func (a *auditor) copies(c *workload.Component, x *pool) int {
	if !a.lossy(c) {
		return 1
	}
	n := 0
	switch c.Kind {
	case "cache":
		return 2 // a primary and its replica
	case "telemetry":
		return max(2, a.spares(x))
	case "cluster", "log", "queue":
		n = max(3, a.spares(x))
	case "search":
		n = 3 // two of three that may be master are left
	}
	if c.Kind == "log" || survives(c, a.p, "zone") { // as many nodes in every zone
		n = (n + x.zones - 1) / x.zones * x.zones
	}
	return n
}

// unused: what has no nodes bills hours and fixed bytes only, boot volumes of
// what there is, and nothing that follows the load.
func (a *auditor) unused(c *Choice) {
	fixed := map[string]bool{}
	switch c.Component.Kind {
	case "balancer":
		fixed["ALB hour"], fixed["public IPv4 address hour"] = true, true
	case "nat":
		fixed["hour"], fixed["data processed"] = true, true // 50 GiB for updates
		fixed["public IPv4 address hour"] = true
	case "boot":
		fixed["gp3 storage"] = true
	case "stateless":
		require.NotEmpty(a.t, c.Component.Colocate)
	case "dns": // options of health checks too, of which the first 50 are free
		fixed["hosted zone"], fixed["health check option, AWS endpoint"] = true, true
	case "objects", "cdn":
	case "transfer":
		sends := func(c *Choice) bool { return c.Component.Kind == "telemetry" }
		if slices.ContainsFunc(a.r.Choices, sends) {
			return // nodes send metrics without any load
		}
	case "fixed":
		a.fixed(c)
		return
	case "site":
		a.site(c)
		return
	default:
		require.Fail(a.t, "nobody knows what the kind "+c.Component.Kind+" bills without load")
	}
	seen := map[string]bool{}
	for _, u := range c.Layout.Usage {
		item := u.Meter.Item()
		require.True(a.t, fixed[item], "%s: %s bills %v of %s without load", a.name, c.Component.Name, u.Quantity, item)
		seen[item] = true
		if u.Meter.Item() == "data processed" {
			require.InDelta(a.t, 50, u.Quantity, 1e-9)
		}
	}
	require.Equal(a.t, len(fixed), len(seen), "%s: %s lacks what is billed anyway", a.name, c.Component.Name)
	if c.Component.Kind != "stateless" {
		a.service(c)
	}
	for _, f := range c.Layout.Crossings {
		require.Zero(a.t, f.Bytes, "%s: %s", a.name, f.What)
	}
}

// No kind may be sized whose layout nobody looks at: a kind is known by its
// nodes or is one of those without.
func TestFixturesCoverNodesAndServices(t *testing.T) {
	cat := testCatalog(t)
	with, without := 0, 0
	for _, k := range sizing.Kinds() {
		r := searchAny(t, fixtureOf(t, k.Word()), cat, Options{})
		require.NotNil(t, r, k.Word())
		if choiceOf(t, r, "it").Layout.Type != nil {
			with++
		} else {
			without++
		}
	}
	files, err := os.ReadDir("../../testdata/kinds")
	require.NoError(t, err)
	require.Equal(t, len(files), with+without)
	require.Positive(t, with)
	require.Positive(t, without)
}
