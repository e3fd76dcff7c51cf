package plan

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// database: where anything must be survived, a node stands by that carries all
// writes, reads and connections, in the other region where there is one.
func (a *auditor) database(c *Choice) {
	if c.Splits > 0 {
		a.shards(c)
		return
	}
	spec := c.Component.Spec.(*sizing.Database)
	at := map[string]sizing.Pool{}
	for _, p := range c.Layout.Pools {
		at[p.Role] = p
		require.Equal(a.t, 1, p.Max, "%s: %s", a.name, inWords(c))
	}
	require.Contains(a.t, at, "primary")
	require.Equal(a.t, 0, at["primary"].Region)
	claims := a.lossy(c.Component) || survives(c.Component, a.p, "region")
	if claims {
		require.Contains(a.t, at, "failover", a.name)
		require.Equal(a.t, 1, at["failover"].Region, "%s: what stands by must not be lost with the region", a.name)
	}
	n := c.Layout.Type
	speed := a.vcpus(n, catalog.ClassSQL, spec.Reference.V).RefVCPUs
	connections := a.poolsOf(c)*1.25 + 10
	require.LessOrEqual(a.t, connections, 5000*connTarget, a.name)
	set := (float64(a.p.Data.Dataset.V) + a.data()) * 0.25
	memory := set + connections*9531392 + 2*(1<<30)
	require.LessOrEqual(a.t, memory, float64(n.Memory)*memoryTarget*(1+1e-9), a.name)
	carries := func(l map[string][]calls, region int, target float64, state string) float64 {
		x := l[c.Component.Name][region]
		cpu := x.reads*float64(spec.CPURead.V) + x.writes*float64(spec.CPUWrite.V)
		require.LessOrEqual(a.t, cpu, speed*target*(1+1e-9), "%s, %s: CPU of %s", a.name, state, inWords(c))
		if s := c.Component.SLO; s != nil && x.requests() > 0 {
			require.True(a.t, a.responds(&pool{c: c, node: n}, cpu, x.requests(), 1,
				a.vcpus(n, catalog.ClassSQL, spec.Reference.V), 0.01), "%s, %s: response time", a.name, state)
		}
		return cpu
	}
	a.lateDatabase(c, spec, speed)
	top := 0.0
	for h := range workload.Hours {
		top = math.Max(top, carries(a.load.normal[h], 0, ownTarget, ownLoad))
		if claims {
			// Whether the node, its zone or the region is lost: the candidate
			// becomes primary.
			carries(a.load.normal[h], 0, lossTarget, nodeLoss)
		}
		if survives(c.Component, a.p, "region") {
			carries(a.load.lost[0][h], 1, lossTarget, "loss of the primary's region")
			carries(a.load.lost[1][h], 0, lossTarget, "loss of the other region")
		}
	}
	a.databaseDisk(c, spec, float64(n.Memory)*memoryTarget-(memory-set))
	a.tightest(c, top/(speed*ownTarget))
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

// databaseDisk: room for the data at the horizon, and operations for the writes
// (MODEL section 5: λw·(3·penalty + 1)), of local disks these and no others
// where the working set is in memory.
// spare is the memory that is left for it.
func (a *auditor) databaseDisk(c *Choice, spec *sizing.Database, spare float64) {
	bytes := a.horizon() * float64(spec.Space.V)
	writes := 0.0
	for h := range workload.Hours {
		writes = math.Max(writes, a.load.normal[h][c.Component.Name][0].writes)
	}
	raid := c.Layout.Storage.RAID
	operations := writes * a.growth * (3*map[int]float64{0: 1, 10: 2, 5: 4, 6: 6}[raid] + 1)
	for _, p := range c.Layout.Pools {
		if c.Layout.Storage.Volume == sizing.VolumeLocal {
			n := c.Layout.Type.Local.Disks.V
			usable := map[int]float64{0: 1, 10: 0.5, 5: (n - 1) / n, 6: (n - 2) / n}[raid]
			require.LessOrEqual(a.t, bytes, float64(c.Layout.Type.Local.Bytes)*usable*diskTarget*(1+1e-9), a.name)
			read, write := c.Layout.Type.LocalIOPS()
			require.True(a.t, write.OK || operations == 0, "%s: nobody knows what the disks do", a.name)
			require.LessOrEqual(a.t, operations, write.V*ownTarget*(1+1e-9), a.name)
			for _, l := range c.Layout.Limits {
				if l.Of.Name == "disk iops" && l.State.String() == ownLoad && l.Role == p.Role {
					need := operations * read.V / write.V // as reads that take as long
					require.GreaterOrEqual(a.t, l.Need, need*(1-1e-9), a.name)
					// What workers write is written by those of every region, so
					// that the data may be as many times as large.
					most := a.horizon()
					if a.fed(c.Component.Name) {
						most *= float64(len(a.p.Regions))
					}
					if most*0.25 <= spare {
						require.InEpsilon(a.t, need, l.Need, 1e-9, "%s: operations of %s", a.name, inWords(c))
					}
				}
			}
			continue
		}
		have, iops := a.disk(&pool{c: c, region: p.Region}), 3000.0
		for _, u := range c.Layout.Usage {
			if u.Region == p.Region && u.Item == "gp3 provisioned IOPS" {
				iops = u.Quantity
			}
		}
		require.LessOrEqual(a.t, bytes, have*diskTarget*(1+1e-6), a.name)
		require.LessOrEqual(a.t, operations, math.Max(iops, 3000)*ownTarget*24*(1+1e-9), a.name)
	}
}

// tightest: of one node none can be taken away, so what binds must be what has
// the least room; volumes are bought to measure and never bind. The CPU's part
// is given, recomputed.
func (a *auditor) tightest(c *Choice, cpu float64) {
	for _, p := range c.Layout.Pools {
		binding := a.binding(c, p)
		least, name := math.Inf(1), "nodes, structure"
		for _, l := range c.Layout.Limits {
			if l.Region != p.Region || l.Role != p.Role || l.Of.Name == "nodes" {
				continue
			}
			if l.Of.Name == "cpu" && l.State.String() == ownLoad && c.Component.SLO == nil {
				require.InDelta(a.t, cpu, 1-l.Slack(), 1e-6, "%s: CPU of the %s", a.name, p.Role)
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
}

// shards: every shard has its own node to stand by.
func (a *auditor) shards(c *Choice) {
	n := map[string]int{}
	for _, p := range c.Layout.Pools {
		n[p.Role] = p.Max
	}
	require.Greater(a.t, n["primary"], 1, "%s: split, but not into shards", a.name)
	if a.lossy(c.Component) || survives(c.Component, a.p, "region") {
		require.Equal(a.t, n["primary"], n["failover"], a.name)
	}
	for _, p := range c.Layout.Pools {
		a.binding(c, p)
	}
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
			spec.ReplayThreads.V = 16
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
