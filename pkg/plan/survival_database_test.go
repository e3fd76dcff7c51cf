package plan

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// database: in every state that must be survived the nodes that are left carry all
// writes, reads and connections: beside the primary, where a node or a zone must be
// survived; in another region, where one must.
func (a *auditor) database(c *Choice) {
	spec := c.Component.Spec.(*sizing.Database)
	x := a.dbAudit(c, spec)
	far := survives(c.Component, a.p, "region") && len(a.p.Regions) > 1
	near := a.lossy(c.Component) && spec.Failover != "region"
	require.Equal(a.t, x.shards, x.pools[0]["primary"], a.name)
	if near {
		require.Equal(a.t, x.shards, x.pools[0]["standby"], "%s: %s", a.name, inWords(c))
	}
	if far || a.lossy(c.Component) && !near {
		require.Equal(a.t, x.shards, x.pools[1]["failover"], "%s: %s", a.name, inWords(c))
	}
	connections := a.poolsOf(c)*1.25 + 10
	require.LessOrEqual(a.t, connections, 5000*connTarget, a.name)
	require.Less(a.t, connections*9531392, free(c.Layout.Type), "%s: no memory is left for data", a.name)
	zones := int(a.p.Regions[0].Zones.V)
	for h := range workload.Hours {
		home, all := x.reads(h, none)
		writes := a.load.normal[h][c.Component.Name][0].writes
		x.carries(0, x.nodes[0], home[0], writes, ownLoad)
		if len(a.p.Regions) > 1 {
			x.carries(1, x.nodes[1], home[1], writes, ownLoad)
		}
		if near && survives(c.Component, a.p, "node") {
			x.carries(0, x.nodes[0]-1, home[0], writes, nodeLoss)
		}
		if near && survives(c.Component, a.p, "zone") {
			x.carries(0, x.nodes[0]-(x.nodes[0]+zones-1)/zones, home[0], writes, zoneLoss)
		}
		if far {
			x.carries(1, x.nodes[1], all, writes, "loss of the primary's region")
			x.carries(0, x.nodes[0], all, writes, "loss of the other region")
		}
	}
	a.lateDatabase(c, spec, x.cpu(1))
	a.databaseDisk(c, spec)
	for _, p := range c.Layout.Pools {
		binding := a.binding(c, p)
		if p.Role != "replica" && p.Role != "pooler" && x.shards == 1 {
			a.tightest(c, p, binding)
		}
	}
}

// dbAudit is a database under audit; nodes are those of one shard.
type dbAudit struct {
	a      *auditor
	c      *Choice
	spec   *sizing.Database
	shards int
	pools  []map[string]int // by region and role, all shards together
	nodes  []int            // by region
	cpu    func(utilisation float64) float64
}

func (a *auditor) dbAudit(c *Choice, spec *sizing.Database) *dbAudit {
	x := &dbAudit{a: a, c: c, spec: spec, shards: c.Layout.Shards, nodes: make([]int, len(a.p.Regions))}
	for range a.p.Regions {
		x.pools = append(x.pools, map[string]int{})
	}
	for _, p := range c.Layout.Pools {
		x.pools[p.Region][p.Role] = p.Max
		if p.Role != "pooler" {
			x.nodes[p.Region] += p.Max / x.shards
		}
	}
	x.cpu = busy(c.Layout.Type, a.vcpus(c.Layout.Type, catalog.ClassSQL, spec.Reference.V), 0.01)
	return x
}

// reads are those that come from each region in an hour, of which a region without a
// copy has its answered in the first, and all of them.
func (x *dbAudit) reads(h, lost int) (home []float64, all float64) {
	home = make([]float64, len(x.nodes))
	l := x.a.count.at(h, lost)
	for _, e := range x.a.p.Components {
		call, ok := e.V.Calls.Get(x.c.Component.Name)
		if !ok {
			continue
		}
		share := x.a.count.classShare(call.Classes)
		for i, from := range l[e.Key] {
			reads := share * (from.reads*float64(call.PerRead.V) + from.writes*float64(call.ReadsPerWrite.V)) *
				(1 - x.a.count.hits(e.V, x.c.Component.Name))
			at := i
			if x.nodes[i] == 0 {
				at = 0
			}
			home[at] += reads
			all += reads
		}
	}
	return home, all
}

// carries tells whether nodes of a region, each of which follows the writes but the
// primary, which makes them, do the work of a shard.
func (x *dbAudit) carries(region, nodes int, reads, writes float64, state string) {
	if x.nodes[region] == 0 {
		return
	}
	t, grown, target := x.a.t, x.a.lead()/float64(x.shards), lossTarget
	if state == ownLoad {
		target = ownTarget
	}
	require.Positive(t, nodes, "%s, %s: nothing is left of %s", x.a.name, state, inWords(x.c))
	reads, writes = reads*grown, writes*grown
	write, replay := writes*float64(x.spec.CPUWrite.V), writes*float64(x.spec.CPUWrite.V)*0.05
	one := x.cpu(target) * (1 + 1e-9)
	work := reads*float64(x.spec.CPURead.V) + replay*float64(nodes)
	if region == 0 && state != regionLoss || state == "loss of the primary's region" {
		work += write - replay
		require.LessOrEqual(t, write, one, "%s, %s: writes of %s", x.a.name, state, inWords(x.c))
	}
	require.LessOrEqual(t, work, one*float64(nodes), "%s, %s: CPU of %s", x.a.name, state, inWords(x.c))
}

// lead is how much more load there is in the lead month, for which stores are sized.
func (a *auditor) lead() float64 { return a.most }

// leadBytes are what a store has at the end of the lead month that begins with a dataset and
// gets a part of all writes: nothing is deleted here.
func (a *auditor) leadBytes(dataset, part float64) float64 {
	for m := range a.leadMonth() + 1 {
		dataset += part * a.data() / a.now * a.grown(m)
	}
	return dataset
}

// writtenPart is the part of what users' writes add that a component gets: of each caller's, for
// calls with one write in two, half of it, and all of it for one and more; never more than all.
func (a *auditor) writtenPart(name string) float64 {
	c, _ := a.p.Component(name)
	if c.Entry {
		return 1
	}
	part := 0.0
	for _, e := range a.p.Components {
		if call, ok := e.V.Calls.Get(name); ok {
			part += a.writtenPart(e.Key) * math.Min(1, float64(call.PerWrite.V))
		}
	}
	return math.Min(1, part)
}

// keptBytes are leadBytes of a store of one copy of its data.
func (a *auditor) keptBytes(c *workload.Component, start *strict.Value[unit.Bytes]) float64 {
	dataset := a.p.Data.Dataset.V
	if start != nil {
		dataset = start.V
	}
	return a.leadBytes(float64(dataset), a.writtenPart(c.Name))
}

// poolsOf are the connections that the pools of all callers keep open.
func (a *auditor) poolsOf(c *Choice) float64 {
	connections := 0.0
	for _, e := range a.p.Components {
		if _, ok := e.V.Calls.Get(c.Component.Name); !ok {
			continue
		}
		caller := choiceOf(a.t, a.r, e.Key)
		if s, ok := e.V.Spec.(*sizing.Worker); ok { // a thread for each vCPU, each with a pool of its own
			for _, p := range caller.Layout.Pools {
				connections += float64(p.Max) * float64(caller.Layout.Type.VCPU) * float64(s.Pool.V)
			}
		}
		if s, ok := e.V.Spec.(*sizing.Stateless); ok {
			node := caller.Layout.Type
			if e.V.Colocate != "" {
				node = choiceOf(a.t, a.r, e.V.Colocate).Layout.Type
			}
			for _, p := range caller.Layout.Pools {
				connections += float64(p.Max) * float64(node.VCPU) * float64(s.Pool.V)
			}
		}
	}
	return connections
}

// databaseDisk: room for the data of the lead month, and operations for its writes
// (MODEL section 5: λw·(3·penalty + 1)) and, on volumes, for the pages that the
// memory misses.
func (a *auditor) databaseDisk(c *Choice, spec *sizing.Database) {
	shards := float64(c.Layout.Shards)
	bytes := a.keptBytes(c.Component, nil) * float64(spec.Space.V) / shards
	writes, all := 0.0, 0.0
	x := a.dbAudit(c, spec)
	for h := range workload.Hours {
		writes = math.Max(writes, a.load.normal[h][c.Component.Name][0].writes)
		_, reads := x.reads(h, none)
		all = math.Max(all, reads)
	}
	raid := c.Layout.Storage.RAID
	operations := writes * a.lead() / shards * (3*map[int]float64{0: 1, 10: 2, 5: 4, 6: 6}[raid] + 1)
	cache := free(c.Layout.Type) - (a.poolsOf(c)*1.25+10)*9531392
	miss := 1 - math.Pow(min(1, cache*shards/a.keptBytes(c.Component, nil)), math.Log(0.8)/math.Log(0.2))
	for _, p := range c.Layout.Pools {
		if c.Layout.Storage.Volume == sizing.VolumeLocal {
			n := c.Layout.Type.Local.Disks.V
			usable := map[int]float64{0: 1, 10: 0.5, 5: (n - 1) / n, 6: (n - 2) / n}[raid]
			require.LessOrEqual(a.t, bytes, float64(c.Layout.Type.Local.Bytes)*usable*diskTarget*(1+1e-9), a.name)
			_, write := c.Layout.Type.LocalIOPS()
			require.True(a.t, write.OK || operations == 0, "%s: nobody knows what the disks do", a.name)
			require.LessOrEqual(a.t, operations, write.V*ownTarget*(1+1e-9), a.name)
			continue
		}
		have, iops := a.disk(&pool{c: c, region: p.Region}), 3000.0
		for _, u := range c.Layout.Usage {
			if u.Region == p.Region && u.Meter.Item() == "gp3 provisioned IOPS" {
				iops = u.Quantity
			}
		}
		each := have / float64(x.nodes[p.Region]*c.Layout.Shards)
		require.LessOrEqual(a.t, bytes, each*diskTarget*(1+1e-6), a.name)
		// At the least, the nodes of the region answer all reads together.
		reads := all * a.lead() / shards * 4 * miss / float64(x.nodes[p.Region])
		if !survives(c.Component, a.p, "region") {
			reads = 0
		}
		require.LessOrEqual(a.t, operations+reads, math.Max(iops, 3000)*lossTarget*24*(1+1e-9), a.name)
	}
}

// tightest: of one node none can be taken away, so what binds must be what has
// the least room; volumes are bought to measure and never bind.
func (a *auditor) tightest(c *Choice, p sizing.Pool, binding string) {
	least, name := math.Inf(1), "nodes, structure"
	for _, l := range c.Layout.Limits {
		if l.Region != p.Region || l.Role != p.Role || l.Of.Name == "nodes" {
			continue
		}
		elastic := c.Layout.Storage.Volume != sizing.VolumeLocal &&
			slices.Contains([]string{"disk bytes", "disk iops", "disk throughput"}, l.Of.Name)
		if l.Of.Name == "vCPU" && l.Need == l.Have && binding == l.Of.Name+", "+l.State.String() {
			// The smallest node that may be binds too: a smaller one is none.
			least, name = math.Inf(-1), binding
		}
		if elastic || l.Of.Name == "connections" || l.Of.Name == "vCPU" || l.Need <= 0 {
			continue
		}
		if l.Slack() < least {
			least, name = l.Slack(), l.Of.Name+", "+l.State.String()
		}
	}
	require.Equal(a.t, name, binding, "%s: %s", a.name, inWords(c))
}

// On local disks a journal is counted once, on every RAID level.
func TestDatabasesOnLocalDisks(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for _, raid := range []string{"none", "10", "5", "6"} {
		for _, users := range []unit.Count{100, 2500, 10000} {
			p := fixtureOf(t, "database")
			p.Peak.Users.V, p.Peak.WriteRatio.V = users, 0.10
			allowOnly(p, "it", "i3en.6xlarge", "i3en.12xlarge", "i3en.24xlarge", "d3.8xlarge")
			c, _ := p.Component("it")
			spec := c.Spec.(*sizing.Database)
			spec.Storage, spec.RAID = []string{sizing.VolumeLocal}, []string{raid}
			spec.ReplayThreads.V, spec.ReplayThreads.Set = 16, true
			r := searchAny(t, p, cat, Options{})
			if r == nil {
				require.Equal(t, unit.Count(10000), users, "RAID %s", raid)
				continue
			}
			require.Equal(t, sizing.VolumeLocal, choiceOf(t, r, "it").Layout.Storage.Volume)
			newAuditor(t, "RAID "+raid, r).audit()
		}
	}
}
