package plan

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// MODEL section 5, worker: for h after an outage of o workers process peak rate
// × (1 + o/h), "the same extra load on log and store", at a utilisation of 1 at
// most. What follows recomputes what they bring.

// lateness is o/h of a worker, 0 of anything else.
func lateness(c *workload.Component) float64 {
	w, ok := c.Spec.(*sizing.Worker)
	if !ok || w.Outage.V == 0 {
		return 0
	}
	return float64(w.Outage.V) / float64(w.CatchUp.V)
}

// backlog are the calls of workers that reach a component in a region in
// addition, by where its scope has calls meet (MODEL section 1).
func (a *auditor) backlog(name string, l map[string][]calls, region int) calls {
	var out calls
	to, _ := a.p.Component(name)
	for _, e := range a.p.Components {
		call, ok := e.V.Calls.Get(name)
		k := lateness(e.V)
		if !ok || k == 0 {
			continue
		}
		k *= a.count.classShare(call.Classes)
		for i, from := range l[e.Key] {
			reads := k * (from.reads*float64(call.PerRead.V) + from.writes*float64(call.ReadsPerWrite.V))
			writes := k * from.writes * float64(call.PerWrite.V)
			switch scopeOf(to) {
			case workload.ScopePrimary:
				if region != 0 {
					reads, writes = 0, 0
				}
			case workload.ScopeShare:
				if region != i {
					reads, writes = 0, 0
				}
			default:
				if region != i {
					reads = 0
				}
				if region != i && scopeOf(e.V) == workload.ScopeAll {
					writes = 0
				}
			}
			n := reads + writes
			request, response := sizesOf(a.p, &call)
			out = add(out, reads, writes, calls{in: n * request, out: n * response})
		}
	}
	return out
}

// fed tells whether workers call a component.
func (a *auditor) fed(name string) bool {
	for _, e := range a.p.Components {
		if _, calls := e.V.Calls.Get(name); calls && e.V.Kind == "worker" {
			return true
		}
	}
	return false
}

// apart is by how much a need may exceed that of any hour that adds the peaks of
// a region's users and of all: in the hour of the second the first are a part of
// their peak only. It is much where both needs are large.
func (a *auditor) apart(region int) float64 {
	own, all, then := 0.0, 0.0, 0.0
	for h := range workload.Hours {
		total := 0.0
		users := a.count.users(h, none)
		for _, u := range users {
			total += u
		}
		own = math.Max(own, users[region])
		if total > all {
			all, then = total, users[region]
		}
	}
	if then <= 0 {
		return 0.005
	}
	return math.Max(0.005, own/then-1)
}

// catchingUp is an ask while workers catch up: the own load and what comes in
// addition, on all of the nodes.
func (q *ask) catchingUp() *ask {
	out := *q
	out.loss, out.also = 1, nil
	if q.late == nil && q.lateAt == nil {
		out.never = func(string) bool { return true }
		return &out
	}
	out.never = nil
	out.need = func(l map[string][]calls, left int, _ string) float64 {
		if q.lateAt != nil {
			return q.need(l, left, ownLoad) + q.lateAt(l, left)
		}
		return q.need(l, left, ownLoad) + q.late(l)
	}
	return &out
}

// lateNetwork adds what nodes receive and send while workers catch up to the
// asks that network made.
func (x *pool) lateNetwork(of func(l map[string][]calls) (in, out float64)) {
	n := len(x.asks)
	x.asks[n-2].late = func(l map[string][]calls) float64 {
		in, _ := of(l)
		return in
	}
	x.asks[n-1].late = func(l map[string][]calls) float64 {
		_, out := of(l)
		return out
	}
}

// lateDatabase: the primary takes what workers send, CPU, network and disks; who
// stands by replays it on one thread. all is the CPU of a node that does nothing else.
func (a *auditor) lateDatabase(c *Choice, spec *sizing.Database, all float64) {
	name, n, shards := c.Component.Name, c.Layout.Type, float64(c.Layout.Shards)
	top := struct{ cpu, replay, in, writes float64 }{}
	late := false
	for _, l := range a.load.normal {
		x, b := l[name][0], a.backlog(name, l, 0)
		late = late || b.requests() > 0
		writes := (x.writes + b.writes) * a.lead() / shards
		top.cpu = math.Max(top.cpu, writes*float64(spec.CPUWrite.V))
		top.replay = math.Max(top.replay, writes*float64(spec.CPUWrite.V)*0.05)
		top.writes = math.Max(top.writes, writes)
	}
	if !late {
		return
	}
	speed := a.vcpus(n, catalog.ClassSQL, spec.Reference.V)
	require.LessOrEqual(a.t, top.cpu, all*(1+1e-9), "%s: CPU of %s while workers catch up", a.name, inWords(c))
	if len(c.Layout.Pools) > 1 {
		require.LessOrEqual(a.t, top.replay, speed.PerVCPU*(1+1e-9), "%s: replay of %s while workers catch up",
			a.name, inWords(c))
	}
	found := 0
	for _, lim := range c.Layout.Limits {
		if lim.Of.Name == "cpu of writes" && lim.State.String() == catchUp {
			require.InEpsilon(a.t, top.cpu*shards, lim.Need, 1e-9, a.name)
			require.InDelta(a.t, 1, lim.Target, 1e-12, a.name)
			found++
		}
	}
	servers := 0
	for _, p := range c.Layout.Pools {
		if p.Role != "replica" {
			servers++
		}
	}
	require.Equal(a.t, servers, found, "%s: each of those that are or become primary", a.name)
	operations := top.writes * 4 // MODEL section 5: λw·(3·penalty + 1)
	if c.Layout.Storage.Volume == sizing.VolumeLocal {
		_, write := n.LocalIOPS()
		require.LessOrEqual(a.t, operations, write.V*(1+1e-9), a.name)
		return
	}
	iops := n.EBS.BaselineIOPS
	if !iops.OK {
		iops = n.EBS.AssumedIOPS
	}
	require.LessOrEqual(a.t, operations, iops.V*(1+1e-9), "%s: disks of %s while workers catch up", a.name, inWords(c))
}

// lateFixtures are systems in which workers have a long outage to work off, with
// what they write to named "it".
var lateFixtures = map[string]string{
	"database": "calls: {it: {per_write: 3, reads_per_write: 1, request: 2KB, response: 1KB}}}\n" +
		"  it: {kind: database, cpu_read: 0.4ms, cpu_write: 2ms}\n",
	"search": "calls: {it: {per_write: 30, reads_per_write: 0.1, request: 4KB, response: 1KB}}}\n" +
		"  it: {kind: search, cpu_query: 5ms, indexed: 1%}\n",
	"cluster": "calls: {it: {per_write: 3, reads_per_write: 1, request: 2KB, response: 1KB}}}\n" +
		"  it: {kind: cluster, cpu_read: 0.4ms, cpu_write: 2ms}\n",
	"multi-primary": "calls: {it: {per_write: 3, reads_per_write: 60, request: 2KB, response: 1KB}}}\n" +
		"  it: {kind: multi-primary, cpu_read: 2ms, cpu_write: 0.5ms, reads_from_disk: 0}\n",
	"log": "calls: {it: {per_write: 5, request: 20KB, mode: async}}}\n" +
		"  it: {kind: log, retention: 7d, calls: {end: {per_write: 1}}}\n" +
		"  end: {kind: worker, cpu: 0.1ms, outage: 2h, catch_up: 4h}\n",
}

// lateFixture is the system of a kind with an outage of so many hours; where its
// writes go, the users' calls may go too.
func lateFixture(t require.TestingT, kind string, outage int, users bool) *workload.Profile {
	also := ""
	if users && kind != "log" {
		also = ", it: {per_read: 0.2, request: 500B, response: 2KB}"
	}
	source := demandSource(t) + fmt.Sprintf(`  api:
    kind: stateless
    entry: true
    cpu: 2ms
    allow: {types: [c7g.large]}
    calls: {feed: {per_write: 1, request: 20KB, mode: async}%s}
  feed: {kind: log, topics: {all: {share: 100%%, consumers: 240}}, calls: {work: {per_write: 1, mode: async}}}
  work: {kind: worker, cpu: 1ms, outage: %dh, catch_up: 2h, allow: {types: [c7g.large]}, `, also, outage)
	source += lateFixtures[kind]
	p, err := workload.Parse(kind+".yaml", []byte(source), sizing.Specs(), nil)
	require.NoError(t, err, kind)
	return p
}

// Stores and logs that workers call carry what these bring after an outage, and
// are no larger than it takes: recomputed from scratch.
func TestPlansCarryTheBacklogOfAnOutage(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	bound := map[string]bool{}
	audit := func(t require.TestingT, name string, p *workload.Profile, cat *catalog.Catalog) (planned bool) {
		r := searchAny(t, p, cat, Options{})
		if r == nil {
			return false
		}
		newAuditor(t, name, r).audit()
		for _, c := range r.Choices {
			for _, l := range c.Layout.Limits {
				if l.Binding && l.State.String() == catchUp {
					bound[c.Component.Kind] = true
				}
			}
		}
		return true
	}
	for kind := range lateFixtures {
		for _, loss := range [][]string{{}, {"node"}, {"node", "zone", "region"}} {
			for _, outage := range []int{0, 2, 24} {
				for k := 0.1; k < 60; k *= 3 {
					p := lateFixture(t, kind, outage, k > 1)
					p.Policy.Survive = loss
					p.Peak.Users.V *= unit.Count(k)
					audit(t, fmt.Sprintf("%s %v %dh × %.3g", kind, loss, outage, k), p, cat)
				}
			}
		}
	}
	// Where it decides nothing anywhere, nothing is shown.
	for _, kind := range []string{"database", "search", "log", "worker", "cluster", "multi-primary"} {
		require.True(t, bound[kind], "catching up binds no %s", kind)
	}
	drawn.CheckMost(t, 0.30, func(rt *rapid.T) bool {
		kind := rapid.SampledFrom([]string{"database", "log", "search", "cluster", "multi-primary"}).Draw(rt, "kind")
		v := drawVariation(rt)
		// Without users nothing is late, and with too many nothing carries what is.
		v.users = 1 + v.users/4
		p := lateFixture(rt, kind, rapid.IntRange(0, 24).Draw(rt, "outage"), rapid.Bool().Draw(rt, "users call it"))
		v.apply(p)
		return audit(rt, kind, p, cat)
	})
}
