package plan

import (
	"math"
	"strings"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// lossy tells whether a component must survive losses within a region.
func (a *auditor) lossy(c *workload.Component) bool {
	return survives(c, a.p, "node") || survives(c, a.p, "zone")
}

// weekly is the sum over the hours of a week of a rate, times the seconds of an
// hour.
func (a *auditor) weekly(rate func(l map[string][]calls) float64) float64 {
	t := 0.0
	for _, l := range a.load.normal {
		t += rate(l) * 3600
	}
	return t / float64(a.p.Peak.IntraHour.V)
}

// appendRates are the bounds on bytes that one node writes to the end of files,
// bytes/s: of the instance's EBS bandwidth and operations (256 KiB each on SSD,
// 1 MiB on HDD, EBS User Guide) and of as many volumes as it takes, or of its
// own disks.
func (a *auditor) appendRates(x *pool) map[string]float64 {
	n := x.node
	volume := x.c.Layout.Storage.Volume
	if volume == sizing.VolumeLocal {
		_, write := n.LocalIOPS()
		perOp := 4096.0
		if n.Local.Kind == "hdd" {
			perOp = 150e6 / 100 // MODEL section 2
		}
		return map[string]float64{"disk iops": write.V * perOp}
	}
	v, ok := a.limits.Volume(volume)
	require.True(a.t, ok, volume)
	perOp := 256.0 * 1024
	if v.HDD {
		perOp = 1024 * 1024
	}
	iops := n.EBS.BaselineIOPS
	if !iops.OK {
		iops = n.EBS.AssumedIOPS
	}
	const volumes = 24
	return map[string]float64{"EBS bandwidth": n.EBS.BaselineThroughput.V, "EBS iops": iops.V * perOp,
		"disk throughput": float64(v.MaxThroughput) * volumes, "disk iops": float64(v.MaxIOPS) * volumes * perOp}
}

// disk is the bytes of volumes bought for a component in a region.
func (*auditor) disk(x *pool) float64 {
	t := 0.0
	for _, u := range x.c.Layout.Usage {
		if u.Region == x.region && u.Service == "ebs" && strings.HasSuffix(u.Item, " storage") {
			t += u.Quantity * (1 << 30)
		}
	}
	return t
}

// data is the logical bytes that users' writes add in a month of the present.
func (a *auditor) data() float64 {
	perWeek := 0.0
	for h := range workload.Hours {
		for _, u := range a.count.users(h, none) {
			rate := float64(a.p.Peak.RequestsPerUser.V) * float64(a.p.Peak.WriteRatio.V)
			if a.p.Peak.WritesPerUser != nil {
				rate = float64(a.p.Peak.WritesPerUser.V)
			}
			perWeek += u * rate * float64(a.p.Peak.StoredPerWrite.V) * 3600
		}
	}
	return perWeek / workload.Hours * float64(a.p.HoursPerMonth.V)
}

// horizon is what is stored at the end of the horizon: nothing is deleted here.
func (a *auditor) horizon() float64 {
	t := float64(a.p.Data.Dataset.V)
	for m := range int(a.p.Horizon.V) {
		t += a.data() * math.Pow(1+float64(a.p.Growth.Monthly.V), float64(m))
	}
	return t
}

// search are the data nodes of MODEL section 5.
func (a *auditor) search(x *pool, spec *sizing.Search) {
	// Queries follow the region's users, documents those of all: the plan adds
	// the peaks of both, half an evening apart here.
	x.apart = 0.005
	name := x.c.Component.Name
	if a.fed(name) {
		x.apart = a.apart(x.region)
	}
	copies := 1.0
	x.least["nodes, structure"] = 1
	if a.lossy(x.c.Component) {
		copies = 2
		x.least["nodes, structure"] = 3 // master-eligible nodes, of which two are left
	}
	logs := spec.Role == "logs"
	lines := func(l map[string][]calls) float64 { return a.lines(l, x.region, spec) }
	type doing struct{ queries, docs, ingest, in, out float64 }
	does := func(c calls, lines float64) doing {
		d := doing{queries: c.reads, docs: c.writes, in: c.in + c.answered, out: c.out + c.asked}
		d.ingest = d.docs * float64(spec.DocumentBytes.V)
		if logs {
			d.ingest = lines
			d.docs, d.in = d.ingest/float64(spec.DocumentBytes.V), d.ingest
		}
		d.in += d.ingest * (copies - 1)
		d.out += d.ingest * (copies - 1)
		return d
	}
	at := func(l map[string][]calls) doing { return does(l[name][x.region], lines(l)) }
	late := func(l map[string][]calls) doing { return does(a.backlog(name, l, x.region), 0) }
	cpu := func(d doing) float64 {
		return d.queries*float64(spec.CPUQuery.V) + d.docs*float64(spec.CPUIndex.V)*copies
	}
	speed := a.vcpus(x.node, catalog.ClassSearchIndex, spec.Reference.V).RefVCPUs
	x.asks = append(x.asks, ask{resource: "cpu", have: speed, own: ownTarget, loss: lossTarget,
		need: func(l map[string][]calls, _ int, _ string) float64 { return cpu(at(l)) },
		late: func(l map[string][]calls) float64 { return cpu(late(l)) }})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		d := at(l)
		return d.in, d.out
	})
	x.lateNetwork(func(l map[string][]calls) (in, out float64) {
		d := late(l)
		return d.in, d.out
	})
	disk := func(d doing) (reads, written float64) {
		reads = d.queries * float64(spec.ReadsPerQuery.V)
		return reads, d.ingest * float64(spec.Expansion.V) * copies * float64(spec.Amplification.V)
	}
	a.searchDisk(x, func(l map[string][]calls) (reads, written float64) { return disk(at(l)) },
		func(l map[string][]calls) (reads, written float64) { return disk(late(l)) })
	a.stored(x, spec, copies, lines)
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
func (a *auditor) stored(x *pool, spec *sizing.Search, copies float64, lines func(map[string][]calls) float64) {
	logs := spec.Role == "logs"
	ratio, target := 16.0, 30.0*(1<<30)
	primary := a.horizon() * float64(spec.Indexed.V) * float64(spec.Expansion.V)
	extra := 0.0
	if logs {
		ratio, target = 30, 50*(1<<30)
		require.InDelta(a.t, 7*24*3600, float64(spec.Retention.V), 1e-6)
		primary = a.weekly(lines) * a.growth * float64(spec.Expansion.V)
		extra = a.extraLines(x, lines) * float64(spec.Outage.V) * a.growth * float64(spec.Expansion.V) * copies
	}
	stored := primary * copies
	shards := math.Max(1, math.Ceil(primary/target*(1-1e-9))) * copies
	same := func(v float64) func(map[string][]calls, int, string) float64 {
		return func(map[string][]calls, int, string) float64 { return v }
	}
	// What a lost node held is rebuilt on the others; the copies of a lost zone
	// are not, as each zone has one already.
	notZone := func(state string) bool { return state == zoneLoss }
	nor := func(state string) bool { return state == zoneLoss || state == regionLoss }
	x.asks = append(x.asks,
		ask{resource: "memory for the data", have: float64(x.node.Memory) * ratio, own: 1, loss: 1, need: same(stored),
			never: nor},
		ask{resource: "shards", have: 1000, own: 1, loss: 1, need: same(shards), never: nor})
	room := float64(x.node.Local.Bytes)
	if x.c.Layout.Storage.Volume != sizing.VolumeLocal {
		v, ok := a.limits.Volume(x.c.Layout.Storage.Volume)
		require.True(a.t, ok)
		room = float64(v.MaxSize) * 24
		n := 0
		for _, p := range x.c.Layout.Pools {
			if p.Region == x.region && p.Role == "" {
				n = p.Max
			}
		}
		bought := a.disk(x)
		require.LessOrEqual(a.t, stored, bought*diskTarget*(1+1e-6), "%s: volumes of %s", a.name, x.c.Component.Name)
		require.LessOrEqual(a.t, stored+extra, bought*lossTarget*(1+1e-6), "%s: volumes of %s with a region lost",
			a.name, x.c.Component.Name)
		if survives(x.c.Component, a.p, "node") {
			left := bought * float64(n-1) / float64(n)
			require.LessOrEqual(a.t, stored, left*lossTarget*(1+1e-6),
				"%s: volumes of %s after a lost node's shards are rebuilt", a.name, x.c.Component.Name)
		}
	}
	x.asks = append(x.asks, ask{resource: "disk bytes", have: room, own: diskTarget, loss: lossTarget, never: notZone,
		need: func(_ map[string][]calls, _ int, state string) float64 {
			if state == regionLoss {
				return stored + extra
			}
			return stored
		}})
}

// searchDisk is what an index does on disks: random reads of 16 KiB and bytes
// written in sequence.
func (a *auditor) searchDisk(x *pool, of, late func(l map[string][]calls) (reads, written float64)) {
	n := x.node
	put := func(resource string, have float64, need func(reads, written float64) float64) {
		x.asks = append(x.asks, ask{resource: resource, have: have, own: ownTarget, loss: lossTarget,
			need: func(l map[string][]calls, _ int, _ string) float64 { return need(of(l)) },
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
