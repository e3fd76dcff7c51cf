package plan

import (
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// proxy counts what the nodes of a proxy have to do, and their public addresses: all
// users of the fixture enter there.
func (a *auditor) proxy(x *pool, spec *sizing.Proxy) {
	x.least["nodes, structure"] = a.spares(x)
	here := func(l map[string][]calls) calls { return l[x.c.Component.Name][x.region] }
	class, bytes, fresh := catalog.ClassHTTP, float64(spec.CPUMB.V), float64(spec.CPUConnection.V)
	if spec.TLS.V {
		class = catalog.ClassTLS
		bytes += float64(spec.CPUTLS.V)
		full := 1 - float64(spec.Resumed.V)
		fresh += full*float64(spec.CPUHandshake.V) + (1-full)*float64(spec.CPUResumed.V)
	}
	keep, open := float64(spec.KeepAlive.V), float64(spec.Open.V)
	reopened := math.Exp(-float64(a.p.Peak.RequestsPerUser.V) / open * keep)
	connections := func(c calls) float64 {
		return c.pages * (float64(a.p.Peak.Session.V) + keep) * open // Little: users = starts × length
	}
	speed := a.vcpus(x.node, class, spec.Reference.V)
	x.asks = append(x.asks,
		ask{resource: "cpu", own: ownTarget, loss: lossTarget,
			carries: busy(x.node, speed, class.Scalability().Sigma),
			need: func(l map[string][]calls, _ int, _ string) float64 {
				c := here(l)
				return c.requests()*float64(spec.CPU.V) + (c.in+c.out)/1e6*bytes +
					(c.pages*open+(c.reads+c.writes)*reopened)*fresh
			}},
		ask{resource: "memory", own: 1, loss: 1, have: free(x.node) - float64(spec.Memory.V),
			need: func(l map[string][]calls, _ int, _ string) float64 {
				return connections(here(l)) * float64(spec.MemoryClient.V)
			}},
		ask{resource: "clients", own: connTarget, loss: connTarget, have: float64(spec.MaxClients.V),
			need: func(l map[string][]calls, _ int, _ string) float64 { return connections(here(l)) }})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		c := here(l)
		return c.in + c.answered, c.out + c.asked
	})
	a.addressEach(x)
}
