package plan

import (
	"math"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// cluster counts what the nodes of a cluster have to do, in the lead month: reads once, and
// writes for each copy of the data, of which there are no more than nodes left.
func (a *auditor) cluster(x *pool, spec *sizing.Cluster) {
	copies := 1
	if a.lossy(x.c.Component) {
		copies = 3
	}
	if spec.Copies != nil {
		copies = int(spec.Copies.V)
	}
	x.step, x.least["nodes, structure"] = 1, max(copies, a.spares(x))
	if survives(x.c.Component, a.p, "zone") { // as many nodes in every zone
		x.step = x.zones
		x.least["nodes, structure"] = (x.least["nodes, structure"] + x.zones - 1) / x.zones * x.zones
	}
	// Reads follow the region's users, writes those of all, whose peaks the plan adds.
	if x.apart = 0.005; a.fed(x.c.Component.Name) {
		x.apart = a.apart(x.region)
	}
	held := func(left int) float64 { return float64(max(1, min(copies, left))) }
	a.sql(x, spec.Reference.V, held, float64(spec.CPURead.V), float64(spec.CPUWrite.V))
	a.dataset(x, &spec.Dataset, held, datasetOf{rebuilt: float64(spec.Rebuilt.V)})
}

// sql is the CPU of reads, and of writes for each copy, of which so many nodes hold so many.
func (a *auditor) sql(x *pool, reference string, held func(left int) float64, read, write float64) {
	name, k := x.c.Component.Name, a.lead()
	work := func(c calls, left int) float64 { return (c.reads*read + c.writes*write*held(left)) * k }
	speed := a.vcpus(x.node, catalog.ClassSQL, reference)
	x.asks = append(x.asks, ask{resource: "cpu", own: ownTarget, loss: lossTarget, carries: busy(x.node, speed, 0.01),
		need: func(l map[string][]calls, left int, _ string) float64 { return work(l[name][x.region], left) },
		lateAt: func(l map[string][]calls, left int) float64 {
			return work(a.backlog(name, l, x.region), left)
		}})
}

// datasetOf is what differs between kinds that keep copies of all data.
type datasetOf struct {
	rebuilt    float64 // highest part of the disks once something is lost
	random     float64 // random writes of a copy for a write
	each, once float64 // bytes of memory of connections: at each node, and of all clients
}

// dataset is what nodes do that keep so many copies of all data: in memory, on disks, and
// over the network.
func (a *auditor) dataset(x *pool, spec *sizing.Dataset, held func(left int) float64, of datasetOf) {
	nor := func(state string) bool { return state == regionLoss || state == catchUp }
	on := a.keptBytes(x.c.Component, spec.Start) * float64(spec.Space.V)
	disk := ask{resource: "disk bytes", own: diskTarget, loss: of.rebuilt, never: nor,
		have: float64(spec.MaxDisk.V),
		need: func(_ map[string][]calls, left int, _ string) float64 { return on * held(left) }}
	x.asks = append(x.asks, disk,
		ask{resource: "memory", own: 1, loss: 1, never: nor, have: free(x.node) - float64(spec.Memory.V),
			need: func(_ map[string][]calls, left int, _ string) float64 {
				return on*float64(spec.WorkingSet.V)*held(left) + of.each*held(left) + of.once
			}})
	a.bought(x, disk)
	a.bytesMoved(x, spec, held, of)
}

// bytesMoved is what nodes exchange with disks and others for the copies that they hold.
func (a *auditor) bytesMoved(x *pool, spec *sizing.Dataset, held func(left int) float64, of datasetOf) {
	name, k := x.c.Component.Name, a.lead()
	request, late := 0.0, 0.0 // bytes of a call that writes, all of which one component makes here
	for _, e := range a.p.Components {
		if call, ok := e.V.Calls.Get(name); ok && call.PerWrite.V > 0 {
			request, late = float64(call.Request.V), lateness(e.V)
		}
	}
	// doing is what arrives, and the bytes that are stored of it: those of all users' writes.
	type doing struct {
		calls
		stored float64
	}
	stored := func(l map[string][]calls) float64 {
		t := 0.0
		for _, c := range l["api"] {
			t += c.writes * float64(a.p.Peak.StoredPerWrite.V)
		}
		return t
	}
	pages := func(d doing, left int) float64 {
		return (d.reads*float64(spec.DiskReads.V) + d.writes*of.random*held(left)) * k
	}
	appended := func(d doing, left int) float64 {
		return d.stored * float64(spec.Amplification.V) * held(left) * k
	}
	others := func(d doing, left int) float64 { return d.writes * request * (held(left) - 1) } // what other copies get
	put := func(resource string, have float64, need func(d doing, left int) float64) {
		x.asks = append(x.asks, ask{resource: resource, own: ownTarget, loss: lossTarget, have: have,
			need: func(l map[string][]calls, left int, _ string) float64 {
				return need(doing{l[name][x.region], stored(l)}, left)
			},
			lateAt: func(l map[string][]calls, left int) float64 {
				return need(doing{a.backlog(name, l, x.region), stored(l) * late}, left)
			}})
	}
	iops := x.node.EBS.BaselineIOPS
	if !iops.OK {
		iops = x.node.EBS.AssumedIOPS
	}
	v, _ := a.limits.Volume("gp3")
	put("EBS iops", math.Min(iops.V, float64(v.MaxIOPS)*24), func(d doing, left int) float64 {
		return pages(d, left) + appended(d, left)/(256*1024)
	})
	put("EBS bandwidth", math.Min(x.node.EBS.BaselineThroughput.V, float64(v.MaxThroughput)*24),
		func(d doing, left int) float64 { return pages(d, left)*float64(spec.Page.V) + appended(d, left) })
	network := float64(x.node.NetworkBaseline)
	put("network in", network, func(d doing, left int) float64 { return (d.in + d.answered + others(d, left)) * k })
	put("network out", network, func(d doing, left int) float64 { return (d.out + d.asked + others(d, left)) * k })
}

// multiPrimary counts what the members of a group have to do, in the lead month: all of
// them apply all writes, and share reads and connections.
func (a *auditor) multiPrimary(x *pool, spec *sizing.MultiPrimary) {
	x.step, x.least["nodes, structure"] = 2, 3
	if x.apart = 0.005; a.fed(x.c.Component.Name) {
		x.apart = a.apart(x.region)
	}
	held := func(left int) float64 { return float64(max(1, left)) } // each member has all
	clients := 0.0
	for _, e := range a.p.Components {
		if _, ok := e.V.Calls.Get(x.c.Component.Name); !ok {
			continue
		}
		caller := choiceOf(a.t, a.r, e.Key).Layout
		for _, p := range caller.Pools {
			if p.Region == x.region {
				clients += float64(p.Max) * caller.Offers.Connections * 1.25
			}
		}
	}
	a.sql(x, spec.Reference.V, held, float64(spec.CPURead.V), float64(spec.CPUWrite.V))
	x.asks = append(x.asks,
		ask{resource: "connections", own: connTarget, loss: connTarget, have: float64(spec.MaxConnections.V),
			need: func(_ map[string][]calls, left int, _ string) float64 { return clients + 10*held(left) }})
	each := float64(spec.PerConnection.V)
	a.dataset(x, &spec.Dataset, held, datasetOf{rebuilt: diskTarget, random: float64(spec.WriteIO.V), each: 10 * each,
		once: clients * each})
	for _, p := range x.c.Layout.Pools {
		require.True(a.t, p.Max%2 == 1 && p.Max <= int(spec.MaxNodes.V), "%s: %d members", a.name, p.Max)
		left := p.Max
		if survives(x.c.Component, a.p, "node") {
			left = p.Max - 1
		}
		if zones := int(a.p.Regions[p.Region].Zones.V); survives(x.c.Component, a.p, "zone") {
			left = min(left, p.Max-(p.Max+zones-1)/zones)
		}
		require.Greater(a.t, 2*left, p.Max, "%s: most of the members are left", a.name)
	}
}
