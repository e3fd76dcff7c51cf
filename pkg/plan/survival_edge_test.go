package plan

import (
	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// cdn counts what the edges do, hour by hour: all regions of the fixtures are in the United
// States. What enters at it never leaves by the internet of a region.
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
	billed := func(item string) float64 { return quantityOf(c, 0, "cloudfront", item+" from United States") }
	out := all(func(x calls) float64 { return x.out })
	require.InDelta(a.t, max(0, out/(1<<30)-1024), billed("out to internet"), 1e-6, "%s: a TiB is free", a.name)
	requests := all(func(x calls) float64 { return x.reads + x.writes + x.pages*float64(spec.Page.V) })
	require.InDelta(a.t, max(0, requests-10e6)/1e4, billed("HTTPS requests"), 1e-6, "%s: ten million are free", a.name)
	call, _ := c.Component.Calls.Get("api")
	request, _ := sizesOf(a.p, &call)
	wrote := all(func(x calls) float64 { return x.writes * float64(call.PerWrite.V) * request })
	require.InDelta(a.t, wrote/(1<<30), billed("out to origin"), 1e-6, a.name)
	for i := range a.p.Regions {
		require.Zero(a.t, transferred(a.t, a.r, i, "out to internet"), "%s: billed at the edges", a.name)
		require.Zero(a.t, transferred(a.t, a.r, i, "between AZs, out"), "%s: edges are in no zone", a.name)
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
		for _, x := range l["api"] {
			users := x.pages * float64(a.p.Peak.Session.V) // Little
			t += 2 * (x.pages + users/(float64(spec.TTL.V)+1/rate))
		}
		return t
	})
	routing := "latency" // both regions answer at the same time
	if a.p.Failover == "active-passive" {
		routing = "standard"
	}
	require.InDelta(a.t, queries/1e6, quantityOf(c, 0, "route53", routing+" queries"), 1e-6, a.name)
	require.InDelta(a.t, 2, quantityOf(c, 0, "route53", "health check option, AWS endpoint"), 1e-9, a.name)
	require.Empty(a.t, c.Layout.Crossings)
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
	for _, p := range x.c.Layout.Pools {
		if p.Region == x.region {
			require.InDelta(a.t, float64(p.Max)*float64(a.p.HoursPerMonth.V),
				quantityOf(x.c, x.region, "vpc", "public IPv4 address hour"), 1e-6, "%s: an address each", a.name)
		}
	}
}
