package plan

import (
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// hitsOf is the part of the reads for a component that a caller answers itself, by Che's
// approximation summed item by item; 0 for what keeps nothing of it.
func (x *recount) hitsOf(c *workload.Component, to string) float64 {
	hits := keptOf(c, to)
	spec, ok := c.Spec.(*sizing.Cache)
	if !ok || spec.HitRatio != nil {
		return hits
	}
	// Callers find what is asked for most, which the cache has too.
	for _, caller := range x.p.Components {
		if _, calls := caller.V.Calls.Get(c.Name); calls {
			return max(0, 1-(1-hits)/(1-keptOf(caller.V, c.Name))) // it has one caller here
		}
	}
	return hits
}

// keptOf is the part of all reads that are of what is kept.
func keptOf(c *workload.Component, to string) float64 {
	var spec *sizing.CacheItems
	switch x := c.Spec.(type) {
	case *sizing.Cache:
		spec = &x.CacheItems
	case *sizing.WebCache:
		spec = &x.CacheItems
	case *sizing.CDN:
		return float64(x.HitRatio.V)
	case *sizing.Stateless:
		if x.Local == nil || x.Local.Of != to {
			return 0
		}
		spec = &x.Local.CacheItems
	default:
		return 0
	}
	if spec.HitRatio != nil {
		return float64(spec.HitRatio.V)
	}
	p, total := make([]float64, int(spec.Items.V)), 0.0
	for i := range p {
		p[i] = math.Pow(float64(i+1), -float64(spec.Zipf.V))
		total += p[i]
	}
	found := func(t float64) (items, hits float64) {
		for _, x := range p {
			in := -math.Expm1(-x / total * t)
			items, hits = items+in, hits+in*x/total
		}
		return items, hits
	}
	lo, hi := 0.0, 1e9
	for range 64 {
		mid := (lo + hi) / 2
		if items, _ := found(mid); items < float64(spec.Items.V)*float64(spec.Keep.V) {
			lo = mid
		} else {
			hi = mid
		}
	}
	_, hits := found(hi)
	return hits
}

// itemBytes is the memory of what is kept.
func itemBytes(x *sizing.CacheItems) float64 {
	return float64(x.Items.V) * float64(x.Keep.V) * (float64(x.Key.V) + float64(x.Value.V) + 90) * 1.25
}

// replicasOf is how many copies of a cache's parts stand by for each primary.
func (a *auditor) replicasOf(c *workload.Component, spec *sizing.Cache) int {
	switch {
	case spec.Replicas != nil:
		return int(spec.Replicas.V)
	case a.lossy(c):
		return 1
	}
	return 0
}

// cache counts what the primaries of a cache have to do, in the lead month; those of lost
// nodes are replaced by their replicas. Without any all nodes share, also what a lost one
// had.
func (a *auditor) cache(x *pool, spec *sizing.Cache) {
	copies := 1 + a.replicasOf(x.c.Component, spec)
	x.step, x.least["nodes, structure"] = copies, max(copies, int(spec.Shards.V)*copies)
	if copies == 1 {
		x.least["nodes, structure"] = max(a.spares(x), int(spec.Shards.V))
	}
	k, all := a.lead(), float64(copies)
	here := func(l map[string][]calls) calls { return l[x.c.Component.Name][x.region] }
	never := func(state string) bool { return copies > 1 && (state == nodeLoss || state == zoneLoss) }
	speed := a.vcpus(x.node, catalog.ClassRedis, spec.Reference.V)
	x.asks = append(x.asks,
		ask{resource: "cpu", own: ownTarget, loss: lossTarget,
			carries: func(target float64) float64 { // of so many threads, on a vCPU each
				threads := math.Min(float64(spec.Threads.V), float64(x.node.VCPU))
				slower := 1 + catalog.ClassRedis.Scalability().Sigma*(threads-1)*target
				return max(0, speed.PerVCPU*(speed.UsableCPU*threads*target/slower-reservedCPU))
			},
			need: func(l map[string][]calls, _ int, _ string) float64 {
				return (here(l).reads + here(l).writes) * float64(spec.CPU.V) * k * all
			}},
		ask{resource: "memory", own: 1, loss: 1,
			have: min(float64(x.node.Memory)*0.75, free(x.node)),
			need: func(map[string][]calls, int, string) float64 {
				return itemBytes(&spec.CacheItems) * all
			}})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		written := a.wrote(l, x) * float64(copies-1)
		return (here(l).in + here(l).answered) * k * all, (here(l).out + here(l).asked + written) * k * all
	})
	for i := range x.asks {
		x.asks[i].never = never
	}
}

// wrote is the bytes a second of writes that come to a component in a pool's region.
func (a *auditor) wrote(l map[string][]calls, x *pool) (sum float64) {
	for _, e := range a.p.Components {
		if call, ok := e.V.Calls.Get(x.c.Component.Name); ok {
			request, _ := sizesOf(a.p, &call)
			sum += l[e.Key][x.region].writes * float64(call.PerWrite.V) * request
		}
	}
	return sum
}
