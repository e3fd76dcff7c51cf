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

// placed is how the copies of an index lie on the data nodes of a region, as the
// plan says it. The auditor places them itself.
type placed struct {
	clusters, primaries, copies int // clusters; of each, primary shards, and copies of each shard
	fewest                      int // primary shards that the bytes ask for
	zoned                       bool
}

// placedOf reads the arrangement of a region's index.
func (a *auditor) placedOf(c *Choice, region int) *placed {
	for _, s := range c.Layout.Structure {
		if s.Key == "search.index" && s.Text("region") == a.p.Regions[region].Name {
			return &placed{clusters: s.Int("clusters"), primaries: s.Int("shards") / s.Int("clusters"),
				copies: s.Int("copies"), zoned: survives(c.Component, a.p, "zone")}
		}
	}
	require.Fail(a.t, "no arrangement", "%s: %s", a.name, c.Component.Name)
	return nil
}

// live are the copies of each shard that so many nodes of a region hold: no two on
// one.
func (x *placed) live(left int) float64 { return float64(max(1, min(x.copies, left/x.clusters))) }

// left are the nodes of a region of which each cluster has lost a node or a zone.
func (x *placed) left(n, zones int, state string) int {
	per := n / x.clusters
	switch state {
	case nodeLoss:
		per--
	case zoneLoss:
		per -= (per + zones - 1) / zones
	}
	return per * x.clusters
}

// busiest is the part of all of a region's copies that one node has at most, when
// any one node or zone of a cluster is lost and its copies are on others; n are the
// region's nodes.
func (x *placed) busiest(n, zones int, state string) float64 {
	per := make([]int, zones) // of one cluster
	for i := range n / x.clusters {
		per[i%zones]++
	}
	worst := 0.0
	lose := func(zone, nodes int) {
		left := append([]int(nil), per...)
		left[zone] -= min(nodes, left[zone])
		worst = math.Max(worst, x.most(left))
	}
	switch state {
	case nodeLoss, zoneLoss:
		for zone := range per {
			if state == nodeLoss && per[zone] > 0 {
				lose(zone, 1)
			} else if state == zoneLoss {
				lose(zone, per[zone])
			}
		}
	default:
		lose(0, 0)
	}
	return worst / float64(x.clusters)
}

// most is the part of a cluster's copies that the fullest node has, where there are
// so many nodes in each zone and copies lie as evenly as they can: no two of a shard
// on a node, and where zones must be survived no more of them in one than another.
func (x *placed) most(zones []int) float64 {
	nodes, alive := 0, 0
	for _, k := range zones {
		if nodes += k; k > 0 {
			alive++
		}
	}
	if nodes == 0 {
		return math.Inf(1)
	}
	copies := min(x.copies, nodes)
	inZone := copies
	if x.zoned {
		inZone = (copies + alive - 1) / alive
	}
	for full := 1; full <= x.primaries; full++ {
		room := 0
		for _, k := range zones {
			room += min(x.primaries*min(inZone, k), k*min(full, x.primaries))
		}
		if room >= x.primaries*copies {
			return float64(full) / float64(x.primaries*copies)
		}
	}
	return math.Inf(1) // zones so uneven that some copies have no place
}

// fewerNodes are n nodes less one in each cluster, or in each of its zones.
func (x *placed) fewerNodes(n, zones int) int {
	if x.zoned {
		return n - zones*x.clusters
	}
	return n - x.clusters
}

// search are the data nodes of MODEL section 5, in the lead month.
func (a *auditor) search(x *pool, spec *sizing.Search) {
	// Queries follow the region's users, documents those of all: the plan adds
	// the peaks of both, half an evening apart here.
	x.apart = 0.005
	name := x.c.Component.Name
	if a.fed(name) {
		x.apart = a.apart(x.region)
	}
	x.placed = a.placedOf(x.c, x.region)
	x.least["nodes, structure"] = x.placed.copies * x.placed.clusters
	if a.lossy(x.c.Component) { // master-eligible nodes, of which two are left
		x.least["nodes, structure"] = max(3, x.placed.copies) * x.placed.clusters
	}
	logs, lead := spec.Role == "logs", a.lead()
	lines := func(l map[string][]calls) float64 { return a.lines(l, x.region, spec) }
	type doing struct{ queries, docs, ingest, in, out float64 }
	does := func(c calls, lines float64) doing {
		d := doing{queries: c.reads * lead, docs: c.writes * lead, in: (c.in + c.answered) * lead,
			out: (c.out + c.asked) * lead}
		d.ingest = d.docs * float64(spec.DocumentBytes.V)
		if logs {
			d.ingest = lines * lead
			d.docs, d.in = d.ingest/float64(spec.DocumentBytes.V), d.ingest
		}
		d.in += d.ingest * float64(x.placed.copies-1)
		d.out += d.ingest * float64(x.placed.copies-1)
		return d
	}
	at := func(l map[string][]calls) doing { return does(l[name][x.region], lines(l)) }
	late := func(l map[string][]calls) doing { return does(a.backlog(name, l, x.region), 0) }
	cpu := func(d doing, copies float64) float64 {
		shards := float64(x.placed.primaries * x.placed.clusters)
		query := float64(spec.CPUQuery.V) + (shards-1)*float64(spec.CPUShard.V)
		return d.queries*query + d.docs*float64(spec.CPUIndex.V)*copies
	}
	all := func() float64 { return float64(x.placed.copies) }
	speed := a.vcpus(x.node, catalog.ClassSearchIndex, spec.Reference.V)
	x.asks = append(x.asks, ask{resource: "cpu", carries: busy(x.node, speed, 0.005), own: ownTarget, loss: lossTarget,
		need: func(l map[string][]calls, left int, _ string) float64 { return cpu(at(l), x.placed.live(left)) },
		late: func(l map[string][]calls) float64 { return cpu(late(l), all()) }})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		d := at(l)
		return d.in, d.out
	})
	x.lateNetwork(func(l map[string][]calls) (in, out float64) {
		d := late(l)
		return d.in, d.out
	})
	disk := func(d doing, copies float64) (reads, written float64) {
		reads = d.queries * float64(spec.ReadsPerQuery.V)
		return reads, d.ingest * float64(spec.Expansion.V) * copies * float64(spec.Amplification.V)
	}
	a.searchDisk(x, func(l map[string][]calls, left int) (reads, written float64) {
		return disk(at(l), x.placed.live(left))
	}, func(l map[string][]calls) (reads, written float64) { return disk(late(l), all()) })
	a.stored(x, spec, lines)
}

// horizonBytes are what is stored at the end of the horizon: nothing is deleted here.
func (a *auditor) horizonBytes() float64 {
	t := float64(a.p.Data.Dataset.V)
	for m := range int(a.p.Horizon.V) + 1 {
		t += a.data() / a.now * a.grown(m)
	}
	return t
}

// lines are the bytes a second that the requests of a region's users write.
func (a *auditor) lines(l map[string][]calls, region int, spec *sizing.Search) float64 {
	t := 0.0
	for _, e := range a.p.Components {
		if e.V.Entry {
			c := l[e.Key][region]
			t += (c.reads + c.writes) * float64(spec.LogPerRequest.V)
		}
	}
	return t
}

// extraLines is by how much more lines a second come when a region is lost that
// the component survives.
func (a *auditor) extraLines(x *pool, lines func(map[string][]calls) float64) float64 {
	if !survives(x.c.Component, a.p, "region") {
		return 0
	}
	own, lost := 0.0, 0.0
	for h := range workload.Hours {
		own = math.Max(own, lines(a.load.normal[h]))
		for i := range a.p.Regions {
			if i != x.region {
				lost = math.Max(lost, lines(a.load.lost[i][h]))
			}
		}
	}
	return math.Max(0, lost-own)
}

// stored: what is kept fits into the memory's reach and on the disks, in shards.
// lines are the bytes a second that a region's users write.
func (a *auditor) stored(x *pool, spec *sizing.Search, lines func(map[string][]calls) float64) {
	ratio, target := 16.0, 30.0*(1<<30)
	part := float64(spec.Indexed.V) * float64(spec.Expansion.V)
	one, atHorizon := a.leadBytes(float64(a.p.Data.Dataset.V), 1)*part, a.horizonBytes()*part // bytes of one copy
	extra := 0.0
	if spec.Role == "logs" {
		ratio, target = 30, 50*(1<<30)
		require.InDelta(a.t, 7*24*3600, float64(spec.Retention.V), 1e-6)
		week := a.weekly(lines) * float64(spec.Expansion.V)
		one, atHorizon = week*a.lead(), week*a.growth
		extra = a.extraLines(x, lines) * float64(spec.Outage.V) * a.lead() * float64(spec.Expansion.V)
	}
	p := x.placed
	p.fewest = int(math.Max(1, math.Ceil(atHorizon/float64(p.clusters)/target*(1-1e-9))))
	nor := func(state string) bool { return state == regionLoss }
	holds := func(bytes float64) func(map[string][]calls, int, string) float64 {
		return func(_ map[string][]calls, left int, _ string) float64 { return bytes * p.live(left) }
	}
	x.asks = append(x.asks,
		ask{resource: "memory for the data", have: float64(x.node.Memory) * ratio, own: 1, loss: 1, never: nor,
			need: holds(one)},
		ask{resource: "shards", have: 1000, own: 1, loss: 1, never: nor,
			need: func(_ map[string][]calls, left int, _ string) float64 {
				return float64(p.primaries*p.clusters) * p.live(left)
			}})
	onDisk := ask{resource: "disk bytes", have: float64(x.node.Local.Bytes), own: diskTarget, loss: lossTarget,
		need: func(_ map[string][]calls, left int, state string) float64 {
			if state == regionLoss {
				return (one + extra) * p.live(left)
			}
			return one * p.live(left)
		}}
	if x.c.Layout.Storage.Volume != sizing.VolumeLocal {
		a.bought(x, onDisk)
		v, ok := a.limits.Volume(x.c.Layout.Storage.Volume)
		require.True(a.t, ok)
		onDisk.have = float64(v.MaxSize) * 24
	}
	x.asks = append(x.asks, onDisk)
}

// bought: the volumes of each node hold what the busiest one keeps in any state.
func (a *auditor) bought(x *pool, ask ask) {
	for _, p := range x.c.Layout.Pools {
		if p.Region != x.region || p.Role != "" {
			continue
		}
		ask.have = a.disk(x) / float64(p.Max) * (1 + 1e-6)
		for _, s := range a.statesOf(x, p.Max) {
			require.False(a.t, s.name != catchUp && s.breaks(&ask, []int{0}, 1), "%s: volumes of %s, %s", a.name,
				x.c.Component.Name, s.name)
		}
	}
}

// arranged checks what is said of shards, and that no other number of them would
// take fewer nodes.
func (a *auditor) arranged(x *pool, n int) {
	p := x.placed
	spec := x.c.Component.Spec.(*sizing.Search)
	require.LessOrEqual(a.t, n/p.clusters, 80, "%s: %s", a.name, inWords(x.c))
	require.GreaterOrEqual(a.t, x.node.VCPU, int(spec.MinVCPU.V))
	require.GreaterOrEqual(a.t, x.node.Memory, spec.MinMemory.V)
	require.GreaterOrEqual(a.t, p.primaries, p.fewest, "%s: %s", a.name, inWords(x.c))
	require.LessOrEqual(a.t, p.primaries, p.fewest+n/p.clusters, "%s: %s", a.name, inWords(x.c))
	fewer, chosen := p.fewerNodes(n, x.zones), p.primaries
	for p.primaries = p.fewest; p.primaries <= p.fewest+fewer/p.clusters; p.primaries++ {
		require.NotEmpty(a.t, a.broken(x, fewer, allHours(), 1+x.apart), "%s: %d nodes would do with %d shards in %s",
			a.name, fewer, p.primaries, inWords(x.c))
	}
	p.primaries = chosen
}

// masters: three for each cluster of six data nodes and more, of a small type.
func (a *auditor) masters(c *Choice, p *sizing.Pool) {
	x := a.placedOf(c, p.Region)
	require.Equal(a.t, 3*x.clusters, p.Max, "two of three masters are left when a node or a zone is lost")
	t := c.Layout.TypeOf(p)
	require.GreaterOrEqual(a.t, t.VCPU, 2)
	require.GreaterOrEqual(a.t, float64(t.Memory), 8.0*(1<<30))
	require.True(a.t, !t.Burstable || t == c.Layout.Type, t.Name)
}

// searchDisk is what an index does on disks: random reads of 16 KiB and bytes
// written in sequence.
func (a *auditor) searchDisk(x *pool, of func(l map[string][]calls, left int) (reads, written float64),
	late func(l map[string][]calls) (reads, written float64)) {
	n := x.node
	put := func(resource string, have float64, need func(reads, written float64) float64) {
		x.asks = append(x.asks, ask{resource: resource, have: have, own: ownTarget, loss: lossTarget,
			need: func(l map[string][]calls, left int, _ string) float64 { return need(of(l, left)) },
			late: func(l map[string][]calls) float64 { return need(late(l)) }})
	}
	if x.c.Layout.Storage.Volume == sizing.VolumeLocal {
		read, write := n.LocalIOPS()
		perOp := 4096.0
		if n.Local.Kind == "hdd" {
			perOp = 150e6 / 100
		}
		if !read.OK || !write.OK {
			// It carries nothing, whatever the need.
			put("disk iops", 0, func(reads, written float64) float64 { return reads + written })
			return
		}
		put("disk iops", read.V, func(reads, written float64) float64 { return reads + written/perOp*read.V/write.V })
		return
	}
	iops := n.EBS.BaselineIOPS
	if !iops.OK {
		iops = n.EBS.AssumedIOPS
	}
	v, ok := a.limits.Volume(x.c.Layout.Storage.Volume)
	require.True(a.t, ok)
	put("EBS iops", math.Min(iops.V, float64(v.MaxIOPS)*24),
		func(reads, written float64) float64 { return reads + written/(256*1024) })
	put("EBS bandwidth", math.Min(n.EBS.BaselineThroughput.V, float64(v.MaxThroughput)*24),
		func(reads, written float64) float64 { return reads*16*1024 + written })
}

// Search clusters survive what they claim also where a query takes more CPU for each
// shard, so that replicas may be cheaper than primary shards, and where there are
// several of them.
func TestPlacedCopiesSurvive(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	types := pricedTypes(t, cat)
	drawn.CheckMost(t, 0.6, func(rt *rapid.T) bool {
		p := fixtureOf(rt, "search")
		v := drawVariation(rt)
		v.apply(p)
		p.Peak.Users.V++
		if rapid.Bool().Draw(rt, "many users") {
			p.Peak.Users.V *= 40
		}
		it, _ := p.Component("it")
		shard := rapid.SampledFrom([]float64{0, 0.0001, 0.001, 0.003}).Draw(rt, "cpu_shard")
		it.Spec.(*sizing.Search).CPUShard.V = unit.Duration(shard)
		if rapid.Bool().Draw(rt, "one type") {
			allowOnly(p, "it", rapid.SampledFrom(types).Draw(rt, "type"))
		}
		r := searchAny(rt, p, cat, Options{})
		if r == nil {
			return false
		}
		newAuditor(rt, fmt.Sprintf("search %+v", p.Policy.Survive), r).audit()
		return true
	})
}
