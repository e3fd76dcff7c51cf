package plan

import (
	"fmt"
	"math"
	"slices"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// onePod is what a pod requests.
type onePod struct{ cpu, memory float64 }

// nodePool counts what the nodes of a node pool have to do: it starts pods one by one.
func (a *auditor) nodePool(x *pool, spec *sizing.NodePool) {
	x.least["nodes, structure"] = a.spares(x)
	node := a.emptyNode(x, spec)
	started := map[float64][]onePod{} // by calls a second
	pods := func(l map[string][]calls) []onePod {
		c := l[x.c.Component.Name][x.region]
		rate := c.reads + c.writes
		if _, ok := started[rate]; !ok {
			started[rate] = a.started(x, spec, rate)
		}
		return started[rate]
	}
	packed := map[string]float64{}
	sum := func(of func(onePod) float64) func(l map[string][]calls, _ int, _ string) float64 {
		return func(l map[string][]calls, _ int, _ string) (t float64) {
			for _, p := range pods(l) {
				t += of(p)
			}
			return t
		}
	}
	x.asks = append(x.asks,
		ask{resource: "cpu", own: 1, loss: 1, have: node.cpu, need: sum(func(p onePod) float64 { return p.cpu })},
		ask{resource: "memory", own: 1, loss: 1, have: node.memory,
			need: sum(func(p onePod) float64 { return p.memory })},
		ask{resource: "pods", own: 1, loss: 1, have: node.pods, need: sum(func(onePod) float64 { return 1 })},
		ask{resource: "packed nodes", own: 1, loss: 1, have: 1,
			need: func(l map[string][]calls, _ int, _ string) float64 {
				key := fmt.Sprint(len(pods(l))) // pods are only added as calls are
				if _, ok := packed[key]; !ok {
					packed[key] = node.firstFit(pods(l))
				}
				return packed[key]
			}})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		c := l[x.c.Component.Name][x.region]
		return c.in + c.answered, c.out + c.asked
	})
	planes := 1.0
	if spec.ControlPlane == "none" {
		planes = 0
	}
	require.InDelta(a.t, planes*float64(a.p.HoursPerMonth.V), quantityOf(x.c, x.region, "eks", "cluster hour"), 1e-6,
		"%s: one control plane", a.name)
}

// started are all pods of a region at so many calls a second.
func (a *auditor) started(x *pool, spec *sizing.NodePool, rate float64) (out []onePod) {
	for _, g := range spec.Groups {
		n := 1
		if a.lossy(x.c.Component) {
			n = 2
		}
		if g.V.Replicas != nil {
			n = int(g.V.Replicas.V)
		}
		if g.V.Rate != nil {
			of := rate * float64(g.V.Share.V) / float64(g.V.Services.V)
			for float64(n)*float64(g.V.Rate.V)*(1+1e-9) < of {
				n++
			}
		}
		for range n * int(g.V.Services.V) {
			out = append(out, onePod{float64(g.V.CPU.V), float64(g.V.Memory.V)})
		}
	}
	return out
}

// roomForPods is a node with what is left for pods.
type roomForPods struct{ cpu, memory, pods float64 }

func (a *auditor) emptyNode(x *pool, spec *sizing.NodePool) roomForPods {
	n, speed := x.node, a.vcpus(x.node, catalog.ClassGeneric, spec.Reference.V)
	pods, known, err := a.r.System.Catalog.MaxPods(n.Name)
	require.NoError(a.t, err)
	if !known {
		pods = 110
		if n.VCPU >= 30 {
			pods = 250
		}
	}
	r := roomForPods{pods: float64(pods - 2 - len(spec.Agents))}
	r.cpu = busy(n, speed, 0.005)(1) - 0.25*speed.PerVCPU
	r.memory = float64(n.Memory)*(1-reservedPart) - reservedMemory - float64(255+100+11*pods)*(1<<20)
	for _, g := range spec.Agents {
		r.cpu -= float64(g.V.CPU.V)
		r.memory -= float64(g.V.Memory.V)
	}
	return r
}

// firstFit puts the largest pods first, each on the first node with room.
func (r roomForPods) firstFit(pods []onePod) float64 {
	pods = slices.Clone(pods)
	size := func(p onePod) float64 { return max(p.cpu/r.cpu, p.memory/r.memory) }
	slices.SortStableFunc(pods, func(p, q onePod) int {
		if x := math.Copysign(1, size(q)-size(p)); size(p) != size(q) {
			return int(x)
		}
		return 0
	})
	const near = 1 + 1e-9
	var nodes []roomForPods
	for _, p := range pods {
		i := slices.IndexFunc(nodes, func(n roomForPods) bool {
			return n.pods >= 1 && p.cpu <= n.cpu*near+1e-9*r.cpu && p.memory <= n.memory*near
		})
		if i < 0 {
			i = len(nodes)
			nodes = append(nodes, r)
		}
		n := &nodes[i]
		n.cpu, n.memory, n.pods = n.cpu-p.cpu, n.memory-p.memory, n.pods-1
	}
	return float64(len(nodes))
}

// idlePods is the least number of nodes for the pods that are there without any call,
// whatever is lost.
func (a *auditor) idlePods(c *Choice, region int) int {
	spec := c.Component.Spec.(*sizing.NodePool)
	x := &pool{c: c, region: region, zones: int(a.p.Regions[region].Zones.V), node: c.Layout.Type}
	a.speeds = a.r.System.Speeds
	packed := int(a.emptyNode(x, spec).firstFit(a.started(x, spec, 0)))
	for n := a.spares(x); ; n++ {
		left := n
		if survives(c.Component, a.p, "node") {
			left = min(left, n-1)
		}
		if survives(c.Component, a.p, "zone") && x.zones > 1 {
			left = min(left, n-(n+x.zones-1)/x.zones)
		}
		if left >= packed {
			return n
		}
	}
}
