package plan

import (
	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// queue counts what the nodes of a queue have to do, in the lead month: for each copy of a
// message to store it, of which there are no more than nodes left.
func (a *auditor) queue(x *pool, spec *sizing.Queue) {
	copies := 1
	if a.lossy(x.c.Component) {
		copies = 3
	}
	if spec.Copies != nil {
		copies = int(spec.Copies.V)
	}
	x.step, x.least["nodes, structure"] = 1, max(a.spares(x), copies)
	if survives(x.c.Component, a.p, "zone") { // as many nodes in every zone
		x.step = x.zones
		x.least["nodes, structure"] = (x.least["nodes, structure"] + x.zones - 1) / x.zones * x.zones
	}
	require.GreaterOrEqual(a.t, x.node.VCPU, 2)
	require.GreaterOrEqual(a.t, float64(x.node.Memory), 4.0*(1<<30))
	require.False(a.t, x.node.Burstable)
	k, outage := a.lead(), float64(spec.Outage.V)
	here := func(l map[string][]calls) calls { return l[x.c.Component.Name][x.region] }
	held := func(left int) float64 { return float64(max(1, min(copies, left))) * k }
	messages := func(l map[string][]calls) float64 { return here(l).reads + here(l).writes }
	speed := a.vcpus(x.node, catalog.ClassQueue, spec.Reference.V)
	memory := min(free(x.node), float64(x.node.Memory)*0.4) - float64(spec.Memory.V)
	x.asks = append(x.asks,
		ask{resource: "cpu", own: ownTarget, loss: lossTarget, carries: busy(x.node, speed, 0.005),
			need: func(l map[string][]calls, left int, _ string) float64 {
				return messages(l) * float64(spec.CPU.V) * held(left)
			}},
		ask{resource: "memory", own: 1, loss: 1, have: memory,
			need: func(l map[string][]calls, left int, _ string) float64 {
				return messages(l) * outage * float64(spec.MemoryMessage.V) * held(left)
			}},
		ask{resource: "EBS bandwidth", own: ownTarget, loss: lossTarget, have: x.node.EBS.BaselineThroughput.V,
			need: func(l map[string][]calls, left int, _ string) float64 { return here(l).in * held(left) }})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, left int, _ string) (in, out float64) {
		others := here(l).in * (held(left) - k) // what followers receive
		return (here(l).in+here(l).answered)*k + others, (here(l).out+here(l).asked)*k + others
	})
	a.queueDisk(x, func(l map[string][]calls) float64 { return here(l).in * outage * k * float64(copies) })
}

// queueDisk: the volumes have room for all messages of an outage, whoever is lost.
func (a *auditor) queueDisk(x *pool, kept func(l map[string][]calls) float64) {
	bought := a.disk(x)
	for h := range a.load.normal {
		require.LessOrEqual(a.t, kept(a.load.normal[h]), bought*diskTarget*(1+1e-6), "%s: volumes of %s", a.name,
			inWords(x.c))
		for i := range a.p.Regions {
			if i != x.region && survives(x.c.Component, a.p, "region") {
				require.LessOrEqual(a.t, kept(a.load.lost[i][h]), bought*diskTarget*(1+1e-6), "%s: volumes of %s",
					a.name, inWords(x.c))
			}
		}
	}
}
