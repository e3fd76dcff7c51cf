package plan

import (
	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// telemetry counts what the nodes of a telemetry store have to do: of all nodes of the plan
// that is there, its own included, and of all calls.
func (a *auditor) telemetry(x *pool, spec *sizing.Telemetry) {
	copies := 1
	if a.lossy(x.c.Component) {
		copies = 2
	}
	if spec.Copies != nil {
		copies = int(spec.Copies.V)
	}
	x.least["nodes, structure"] = max(a.spares(x), copies)
	most, mean := a.nodesOf(x.region), 0.0
	for _, c := range a.r.Choices {
		for _, p := range c.Layout.Pools {
			if p.Region == x.region && c.Component.Colocate == "" {
				mean += p.Mean
			}
		}
	}
	series := float64(spec.Series.V)
	samples, line := series/float64(spec.Interval.V), float64(spec.Lines.V)*float64(spec.Line.V)
	span := float64(spec.Sampling.V)
	all := func(l map[string][]calls) (t float64) {
		for name := range l {
			if c, ok := a.p.Component(name); !ok || c.Kind != "cdn" { // answered at its edges
				t += l[name][x.region].requests()
			}
		}
		return t * a.lead()
	}
	held := func(left int) float64 { return float64(max(1, min(copies, left))) }
	sent := func(l map[string][]calls) float64 {
		return most*samples*float64(spec.Sample.V) + all(l)*(line+span*float64(spec.Span.V))
	}
	stored := func(nodes, rate, metrics, logs, traces float64) float64 {
		return nodes*samples*float64(spec.StoredSample.V)*metrics +
			rate*float64(spec.Stored.V)*(line*logs+span*float64(spec.Span.V)*traces)
	}
	x.asks = append(x.asks,
		ask{resource: "cpu", own: ownTarget, loss: lossTarget,
			carries: busy(x.node, a.vcpus(x.node, catalog.ClassGeneric, spec.Reference.V), 0.005),
			need: func(l map[string][]calls, left int, _ string) float64 {
				return held(left) * (most*samples*float64(spec.CPUSample.V) +
					all(l)*(line/1e6*float64(spec.CPUMB.V)+span*float64(spec.CPUSpan.V)))
			}},
		ask{resource: "memory", own: 1, loss: 1, have: free(x.node) - float64(spec.Memory.V),
			need: func(_ map[string][]calls, left int, _ string) float64 {
				return held(left) * most * series * float64(spec.MemorySeries.V)
			}},
		ask{resource: "EBS bandwidth", own: ownTarget, loss: lossTarget, have: x.node.EBS.BaselineThroughput.V,
			need: func(l map[string][]calls, left int, _ string) float64 {
				return held(left) * stored(most, all(l), 1, 1, 1)
			}})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, left int, _ string) (in, out float64) {
		return held(left) * sent(l), (held(left) - 1) * sent(l)
	})
	kept := stored(mean, a.weekly(all)/workload.Hours/3600, float64(spec.KeepMetrics.V), float64(spec.KeepLogs.V),
		float64(spec.KeepTraces.V))
	require.LessOrEqual(a.t, kept*float64(copies), a.disk(x)*diskTarget*(1+1e-6), "%s: volumes of %s", a.name,
		inWords(x.c))
}

// nodesOf are all nodes of the plan in a region.
func (a *auditor) nodesOf(region int) (n float64) {
	for _, c := range a.r.Choices {
		for _, p := range c.Layout.Pools {
			if p.Region == region && c.Component.Colocate == "" {
				n += float64(p.Max)
			}
		}
	}
	return n
}
