package plan

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// cdn counts what the edges do, hour by hour: all regions are in the United States or in Europe.
// What enters at it never leaves by the internet of a region.
func (a *auditor) cdn(c *Choice) {
	spec, name := c.Component.Spec.(*sizing.CDN), c.Component.Name
	all := func(count func(calls) float64) float64 {
		return a.monthly(func(l map[string][]calls) float64 {
			t := 0.0
			for _, x := range l[name] {
				t += count(x)
			}
			return t
		})
	}
	billed := func(item string) (sum float64) {
		for _, edge := range []string{"United States", "EU"} {
			for i := range a.p.Regions {
				sum += quantityOf(c, i, "cloudfront", item+" from "+edge)
			}
		}
		return sum
	}
	out := all(func(x calls) float64 { return x.out })
	free := 1.0 // of production; environments have none of what the account has free
	if a.p.Copy {
		free = 0
	}
	require.InDelta(a.t, max(0, out/(1<<30)-free*1024), billed("out to internet"), 1e-6, "%s: a TiB is free", a.name)
	requests := all(func(x calls) float64 { return x.reads + x.writes + x.pages*float64(spec.Page.V) })
	require.InDelta(a.t, max(0, requests-free*10e6)/1e4, billed("HTTPS requests"), 1e-6,
		"%s: ten million are free", a.name)
	wrote := 0.0
	for _, e := range c.Component.Calls {
		request, _ := sizesOf(a.p, &e.V)
		wrote += all(func(x calls) float64 { return x.writes * float64(e.V.PerWrite.V) * request })
	}
	require.InDelta(a.t, wrote/(1<<30), billed("out to origin"), 1e-6, a.name)
	for i := range a.p.Regions {
		operators := 0.0 // all of what leaves by itself; production has 100 GB free
		for _, o := range a.r.Choices {
			for _, f := range o.Layout.Crossings {
				if f.From == i && f.To == -1 && a.p.Copy {
					operators += float64(f.Bytes)
				}
			}
		}
		require.InDelta(a.t, operators, transferred(a.t, a.r, i, "out to internet"), 1e-6*(1+operators),
			"%s: billed at the edges", a.name)
	}
}

// dns counts queries user by user: each session asks when it begins, and again with the first
// request after an answer has expired.
func (a *auditor) dns(c *Choice) {
	spec := c.Component.Spec.(*sizing.DNS)
	require.InDelta(a.t, 1, quantityOf(c, 0, "route53", "hosted zone"), 1e-9, a.name)
	rate := float64(a.p.Peak.RequestsPerUser.V)
	queries := a.monthly(func(l map[string][]calls) float64 {
		t := 0.0
		for _, x := range a.entering(l) {
			users := x.pages * float64(a.p.Peak.Session.V) // Little
			t += 2 * float64(spec.Names.V) * (x.pages + users/(float64(spec.TTL.V)+1/rate))
		}
		return t
	})
	alias := a.aliases()
	if alias {
		queries = 0 // of what AWS's own names point to
	}
	routing := "latency" // both regions answer at the same time
	if a.p.Failover == "active-passive" {
		routing = "standard"
	}
	require.InDelta(a.t, queries/1e6, quantityOf(c, 0, "route53", routing+" queries"), 1e-6, a.name)
	checks := float64(len(a.p.Regions))
	if alias || len(a.p.Regions) == 1 {
		checks = 0
	}
	require.InDelta(a.t, checks, quantityOf(c, 0, "route53", "health check option, AWS endpoint"), 1e-9, a.name)
	require.Empty(a.t, c.Layout.Crossings)
}

// entering is what users send to all entries together, by region.
func (a *auditor) entering(l map[string][]calls) []calls {
	out := make([]calls, len(a.p.Regions))
	for _, e := range a.p.Components {
		for i := range out {
			if e.V.Entry {
				out[i].reads, out[i].writes = out[i].reads+l[e.Key][i].reads, out[i].writes+l[e.Key][i].writes
				out[i].pages += l[e.Key][i].pages
			}
		}
	}
	return out
}

// webCache counts what the nodes of a web cache have to do, each of which keeps all items.
func (a *auditor) webCache(x *pool, spec *sizing.WebCache) {
	x.least["nodes, structure"] = a.spares(x)
	kept := float64(spec.Items.V) * float64(spec.Keep.V) *
		(float64(spec.Key.V) + float64(spec.Value.V) + 1024) * float64(spec.Fragmentation.V)
	require.Greater(a.t, free(x.node), kept+float64(spec.Memory.V), "%s: no room for what is kept", a.name)
	here := func(l map[string][]calls) calls { return l[x.c.Component.Name][x.region] }
	both := func(c calls) (in, out float64) { return c.in + c.answered, c.out + c.asked }
	x.asks = append(x.asks, ask{resource: "cpu", own: ownTarget, loss: lossTarget,
		carries: busy(x.node, a.vcpus(x.node, catalog.ClassHTTP, spec.Reference.V),
			catalog.ClassHTTP.Scalability().Sigma),
		need: func(l map[string][]calls, _ int, _ string) float64 {
			c := here(l)
			in, out := both(c)
			return c.requests()*float64(spec.CPU.V) + (in+out)/1e6*float64(spec.CPUMB.V)
		}})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		return both(here(l))
	})
	a.addressEach(x)
}

// bastion counts the sessions that its hosts have room for, whatever the load.
func (a *auditor) bastion(x *pool, spec *sizing.Bastion) {
	x.least["nodes, structure"] = a.spares(x)
	if spec.Per == "zone" {
		x.least["nodes, structure"] = max(x.zones, a.spares(x))
	}
	always := func(each float64) func(map[string][]calls, int, string) float64 {
		return func(map[string][]calls, int, string) float64 { return float64(spec.Sessions.V) * each }
	}
	x.asks = append(x.asks,
		ask{resource: "cpu", own: ownTarget, loss: lossTarget, need: always(float64(spec.CPU.V)),
			carries: busy(x.node, a.vcpus(x.node, catalog.ClassGeneric, spec.Reference.V),
				catalog.ClassGeneric.Scalability().Sigma)},
		ask{resource: "memory", own: 1, loss: 1, have: free(x.node) - float64(spec.Memory.V),
			need: always(float64(spec.MemorySession.V))})
	a.addressEach(x)
}

// addressEach: each node of a pool has a public address.
func (a *auditor) addressEach(x *pool) {
	if c := x.c.Component; c.Kind != "bastion" && !c.Entry && !a.behindEdge(c.Name) {
		require.Zero(a.t, quantityOf(x.c, x.region, "vpc", "public IPv4 address hour"))
		return
	}
	for _, p := range x.c.Layout.Pools {
		if p.Region == x.region {
			require.InDelta(a.t, float64(p.Max)*float64(a.p.HoursPerMonth.V),
				quantityOf(x.c, x.region, "vpc", "public IPv4 address hour"), 1e-6, "%s: an address each", a.name)
		}
	}
}

// aliases tells whether all entries are what names of AWS can point to.
func (a *auditor) aliases() bool {
	return !slices.ContainsFunc(a.p.Components, func(e strict.Entry[*workload.Component]) bool {
		return e.V.Entry && e.V.Kind != "balancer" && e.V.Kind != "cdn"
	})
}

// Edges are in no zone: what they send to the first component of a region crosses none.
func TestEdgesCrossNoZone(t *testing.T) {
	r := searchAny(t, fixtureOf(t, "cdn"), testCatalog(t), Options{})
	for i := range r.Profile.Regions {
		require.Zero(t, transferred(t, r, i, "between AZs, out"))
	}
}
