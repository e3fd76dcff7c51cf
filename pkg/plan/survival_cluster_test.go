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
	x.step, x.least["nodes, structure"] = 1, max(copies, a.spares(x))
	if survives(x.c.Component, a.p, "zone") { // as many nodes in every zone
		x.step = x.zones
		x.least["nodes, structure"] = (x.least["nodes, structure"] + x.zones - 1) / x.zones * x.zones
	}
	// Reads follow the region's users, writes those of all, whose peaks the plan adds.
	if x.apart = 0.005; a.fed(x.c.Component.Name) {
		x.apart = a.apart(x.region)
	}
	k := a.lead()
	here := func(l map[string][]calls) calls { return l[x.c.Component.Name][x.region] }
	held := func(left int) float64 { return float64(max(1, min(copies, left))) }
	speed := a.vcpus(x.node, catalog.ClassSQL, spec.Reference.V)
	x.asks = append(x.asks, ask{resource: "cpu", own: ownTarget, loss: lossTarget, carries: busy(x.node, speed, 0.01),
		need: func(l map[string][]calls, left int, _ string) float64 {
			return (here(l).reads*float64(spec.CPURead.V) + here(l).writes*float64(spec.CPUWrite.V)*held(left)) * k
		}})
	a.dataset(x, &spec.Dataset, held, datasetOf{rebuilt: float64(spec.Rebuilt.V)})
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
	k := a.lead()
	here := func(l map[string][]calls) calls { return l[x.c.Component.Name][x.region] }
	nor := func(state string) bool { return state == regionLoss || state == catchUp }
	on := a.leadBytes() * float64(spec.Space.V)
	disk := ask{resource: "disk bytes", own: diskTarget, loss: of.rebuilt, never: nor,
		have: float64(spec.MaxDisk.V),
		need: func(_ map[string][]calls, left int, _ string) float64 { return on * held(left) }}
	x.asks = append(x.asks, disk,
		ask{resource: "memory", own: 1, loss: 1, never: nor, have: free(x.node) - float64(spec.Memory.V),
			need: func(_ map[string][]calls, left int, _ string) float64 {
				return on*float64(spec.WorkingSet.V)*held(left) + of.each*held(left) + of.once
			}})
	a.bought(x, disk)
	// Users write bytes of the same size everywhere: each write stores what a user's does.
	api, _ := a.p.Component("api")
	call, _ := api.Calls.Get(x.c.Component.Name)
	stored := func(l map[string][]calls) float64 {
		return here(l).writes * float64(a.p.Peak.StoredPerWrite.V) / float64(call.PerWrite.V) * k
	}
	appended := func(l map[string][]calls, left int) float64 {
		return stored(l) * float64(spec.Amplification.V) * held(left)
	}
	pages := func(l map[string][]calls, left int) float64 {
		return (here(l).reads*float64(spec.DiskReads.V) + here(l).writes*of.random*held(left)) * k
	}
	iops := x.node.EBS.BaselineIOPS
	if !iops.OK {
		iops = x.node.EBS.AssumedIOPS
	}
	v, _ := a.limits.Volume("gp3")
	x.asks = append(x.asks,
		ask{resource: "EBS iops", own: ownTarget, loss: lossTarget, have: math.Min(iops.V, float64(v.MaxIOPS)*24),
			need: func(l map[string][]calls, left int, _ string) float64 {
				return pages(l, left) + appended(l, left)/(256*1024)
			}},
		ask{resource: "EBS bandwidth", own: ownTarget, loss: lossTarget,
			have: math.Min(x.node.EBS.BaselineThroughput.V, float64(v.MaxThroughput)*24),
			need: func(l map[string][]calls, left int, _ string) float64 {
				return pages(l, left)*float64(spec.Page.V) + appended(l, left)
			}})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, left int, _ string) (in, out float64) {
		others := here(l).writes * float64(call.Request.V) * k * (held(left) - 1) // what other copies get
		return (here(l).in+here(l).answered)*k + others, (here(l).out+here(l).asked)*k + others
	})
}

// multiPrimary counts what the members of a group have to do, in the lead month: all of
// them apply all writes, and share reads and connections.
func (a *auditor) multiPrimary(x *pool, spec *sizing.MultiPrimary) {
	x.step, x.least["nodes, structure"] = 2, 3
	if x.apart = 0.005; a.fed(x.c.Component.Name) {
		x.apart = a.apart(x.region)
	}
	k := a.lead()
	here := func(l map[string][]calls) calls { return l[x.c.Component.Name][x.region] }
	held := func(left int) float64 { return float64(max(1, min(5, left))) }
	speed := a.vcpus(x.node, catalog.ClassSQL, spec.Reference.V)
	clients := 0.0
	for _, p := range choiceOf(a.t, a.r, "api").Layout.Pools {
		if p.Region == x.region {
			clients = float64(p.Max) * choiceOf(a.t, a.r, "api").Layout.Offers.Connections * 1.25
		}
	}
	x.asks = append(x.asks,
		ask{resource: "cpu", own: ownTarget, loss: lossTarget, carries: busy(x.node, speed, 0.01),
			need: func(l map[string][]calls, left int, _ string) float64 {
				return (here(l).reads*float64(spec.CPURead.V) + here(l).writes*float64(spec.CPUWrite.V)*held(left)) * k
			}},
		ask{resource: "connections", own: connTarget, loss: connTarget, have: float64(spec.MaxConnections.V),
			need: func(_ map[string][]calls, left int, _ string) float64 { return clients + 10*held(left) }})
	each := float64(spec.PerConnection.V)
	a.dataset(x, &spec.Dataset, held, datasetOf{rebuilt: diskTarget, random: float64(spec.WriteIO.V), each: 10 * each,
		once: clients * each})
	for _, p := range x.c.Layout.Pools {
		require.True(a.t, p.Max%2 == 1 && p.Max <= 5, "%s: %d members", a.name, p.Max)
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
