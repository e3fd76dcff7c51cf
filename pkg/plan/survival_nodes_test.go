package plan

import (
	"slices"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/sizing"
)

// pool says what the nodes of a component have to do in a region.
func (a *auditor) pool(c *Choice, region int) *pool {
	x := &pool{c: c, region: region, zones: int(a.p.Regions[region].Zones.V), node: c.Layout.Type,
		least: map[string]int{}}
	switch spec := c.Component.Spec.(type) {
	case *sizing.Stateless:
		a.stateless(x, spec)
	case *sizing.Worker:
		a.worker(x, spec)
	case *sizing.Pooler:
		a.pooler(x, spec)
	case *sizing.Log:
		a.log(x, spec)
	case *sizing.Search:
		a.search(x, spec)
	case *sizing.Queue:
		a.queue(x, spec)
	case *sizing.MultiPrimary:
		a.multiPrimary(x, spec)
	case *sizing.Cluster:
		a.cluster(x, spec)
	case *sizing.Cache:
		a.cache(x, spec)
	case *sizing.Proxy:
		a.proxy(x, spec)
	case *sizing.WebCache:
		a.webCache(x, spec)
	case *sizing.Bastion:
		a.bastion(x, spec)
	case *sizing.Telemetry:
		a.telemetry(x, spec)
	case *sizing.NodePool:
		a.nodePool(x, spec)
	}
	return x
}

// spares is the least number of nodes of which one is left after any loss.
func (a *auditor) spares(x *pool) int {
	n := 1
	left := func() int {
		left := n
		if survives(x.c.Component, a.p, "node") {
			left = min(left, n-1)
		}
		if survives(x.c.Component, a.p, "zone") {
			left = min(left, n-(n+x.zones-1)/x.zones)
		}
		return left
	}
	for left() < 1 {
		n++
	}
	return n
}

// vcpus is what a node does, in vCPUs of the type on which CPU was measured.
func (a *auditor) vcpus(n *catalog.NodeType, class catalog.WorkClass, reference string) catalog.Speed {
	ref, ok := a.r.System.Catalog.NodeType(reference)
	require.True(a.t, ok, reference)
	s, err := a.speeds.Speed(n, class, ref)
	require.NoError(a.t, err)
	return s
}

// The reserve of every node, of which no profile here changes anything (MODEL
// section 2).
const (
	reservedCPU    = 0.1
	reservedMemory = 512 << 20
	reservedPart   = 0.02
)

// free is what is left of a node's memory, of which 85 % may be used.
func free(n *catalog.NodeType) float64 {
	return min(float64(n.Memory)*(1-reservedPart)-reservedMemory, float64(n.Memory)*memoryTarget)
}

// busy is how much work a node does while its vCPUs are busy for some part of the
// time: each second of work takes 1 + σ(N−1)ρ seconds, and the operating system has
// its own.
func busy(n *catalog.NodeType, s catalog.Speed, sigma float64) func(utilisation float64) float64 {
	vcpus := s.UsableCPU * float64(n.VCPU)
	return func(utilisation float64) float64 {
		slower := 1 + sigma*(float64(n.VCPU)-1)*utilisation
		return max(0, s.PerVCPU*(vcpus*utilisation/slower-reservedCPU))
	}
}

// network is what a component's nodes receive and send.
func (x *pool) network(own, loss float64, of func(l map[string][]calls, left int, state string) (in, out float64)) {
	have := float64(x.node.NetworkBaseline)
	x.asks = append(x.asks,
		ask{resource: "network in", have: have, own: own, loss: loss,
			need: func(l map[string][]calls, left int, state string) float64 {
				in, _ := of(l, left, state)
				return in
			}},
		ask{resource: "network out", have: have, own: own, loss: loss,
			need: func(l map[string][]calls, left int, state string) float64 {
				_, out := of(l, left, state)
				return out
			}})
}

// guests are all components on the nodes of one, by name.
type guests struct {
	region int
	names  []string
	specs  map[string]*sizing.Stateless
}

func (a *auditor) guestsOf(x *pool, spec *sizing.Stateless) guests {
	g := guests{x.region, nil, map[string]*sizing.Stateless{x.c.Component.Name: spec}}
	for _, e := range a.p.Components {
		if e.V.Colocate == x.c.Component.Name {
			g.specs[e.Key] = e.V.Spec.(*sizing.Stateless)
		}
	}
	for name := range g.specs {
		g.names = append(g.names, name)
	}
	slices.Sort(g.names)
	return g
}

// sum adds up what each of them takes.
func (g *guests) sum(l map[string][]calls, f func(calls, *sizing.Stateless) float64) float64 {
	t := 0.0
	for _, name := range g.names {
		t += f(l[name][g.region], g.specs[name])
	}
	return t
}

func (a *auditor) stateless(x *pool, spec *sizing.Stateless) {
	x.least["nodes, structure"] = a.spares(x)
	g := a.guestsOf(x, spec)
	cpu := func(l map[string][]calls) float64 {
		return g.sum(l, func(c calls, s *sizing.Stateless) float64 {
			return (c.reads+c.writes)*float64(s.CPU.V) + c.pages*float64(s.PageCPU.V)
		})
	}
	if spec.Polled != nil {
		answered := cpu
		polls := a.nodesOf(x.region) / float64(spec.Polled.Every.V) * float64(spec.Polled.CPU.V)
		cpu = func(l map[string][]calls) float64 { return answered(l) + polls }
	}
	requests := func(l map[string][]calls) float64 {
		return g.sum(l, func(c calls, _ *sizing.Stateless) float64 { return c.requests() })
	}
	a.answers(x, spec.Reference.V, cpu, requests)
	base := 0.0
	for _, name := range g.names {
		base += float64(g.specs[name].Memory.V)
		if local := g.specs[name].Local; local != nil {
			base += itemBytes(&local.CacheItems)
		}
	}
	x.asks = append(x.asks, ask{resource: "memory", have: 1, own: 1, loss: 1,
		need: func(l map[string][]calls, left int, _ string) float64 {
			inFlight := g.sum(l, func(c calls, s *sizing.Stateless) float64 {
				return c.requests() * float64(s.Residence.V) * float64(s.MemoryRequest.V)
			})
			return (inFlight + float64(left)*base) / free(x.node) // in nodes
		}})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		return g.sum(l, func(c calls, _ *sizing.Stateless) float64 { return c.in + c.answered }),
			g.sum(l, func(c calls, _ *sizing.Stateless) float64 { return c.out + c.asked })
	})
	a.storePools(x, g)
	if spec.Sessions != nil {
		x.asks = append(x.asks, ask{resource: "sessions", have: float64(spec.Sessions.V), own: 1, loss: 1,
			need: func(l map[string][]calls, _ int, _ string) float64 {
				// Little: users = starts × length
				return l[x.c.Component.Name][x.region].pages * float64(a.p.Peak.Session.V)
			}})
	}
}

// answers asks for the CPU of the calls, and that they are answered in time.
func (a *auditor) answers(x *pool, reference string, cpu, requests func(map[string][]calls) float64) {
	speed := a.vcpus(x.node, catalog.ClassHTTP, reference)
	full, lost, slows := speed, speed, contention(x)
	if x.node.Flex {
		// All of its CPU counts where the load is above 40 % of it in one hour of
		// any 24 at most; while something is lost 40 % (MODEL section 2).
		full.UsableCPU = 1
		x.asks = append(x.asks, ask{resource: "cpu baseline", own: 1, carries: busy(x.node, lost, slows),
			need:  func(l map[string][]calls, _ int, _ string) float64 { return cpu(l) },
			never: func(state string) bool { return state != ownLoad },
			only:  func(h int) bool { return !a.standsOut(h, cpu) }})
	}
	of := func(target float64) catalog.Speed {
		if target == ownTarget {
			return full
		}
		return lost
	}
	x.asks = append(x.asks, ask{resource: "cpu", own: ownTarget, loss: lossTarget,
		carries: func(target float64) float64 { return busy(x.node, of(target), slows)(target) },
		need:    func(l map[string][]calls, _ int, _ string) float64 { return cpu(l) },
		also: func(l map[string][]calls, left int, state string) bool {
			at := full
			if state != ownLoad {
				at = lost
			}
			return a.responds(x, cpu(l), requests(l), left, at)
		}})
}

// contention is what each vCPU of a node adds to the work of a busy one: σ, and κ for each of
// all vCPUs, as pairs have to agree.
func contention(x *pool) float64 {
	sigma, law := 0.005, x.c.Component.Law
	if law == nil {
		return sigma
	}
	if law.Sigma.Set {
		sigma = float64(law.Sigma.V)
	}
	return sigma + float64(law.Kappa.V)*float64(x.node.VCPU)
}

// standsOut tells whether an hour needs more than each of the 23 before and
// after it.
func (a *auditor) standsOut(h int, need func(l map[string][]calls) float64) bool {
	week := a.load.normal
	for k := 1; k < 24; k++ {
		for _, o := range []int{h + k, h - k + len(week)} {
			if need(week[o%len(week)]) >= need(week[h]) {
				return false
			}
		}
	}
	return true
}

// responds tells whether the response time's percentile is kept on nodes that
// are each a queue of their own.
func (*auditor) responds(x *pool, work, requests float64, left int, speed catalog.Speed) bool {
	slo := x.c.Component.SLO
	if slo == nil || requests <= 0 || left < 1 {
		return left >= 1
	}
	// Each request takes D·(1 + sρ) at ρ = a/(1 − sa), a the work at rest per vCPU. The
	// reserve is busy as if it were requests.
	vcpus := float64(x.node.VCPU)
	rest := work / requests / speed.PerVCPU / speed.UsableCPU
	rate := requests/float64(left) + reservedCPU/speed.UsableCPU/rest
	part, s0 := rate*rest/vcpus, contention(x)*(vcpus-1)
	if s0*part >= 1 {
		return false
	}
	node := queueing.Node{Servers: vcpus, Rate: rate, Service: rest * (1 + s0*part/(1-s0*part)), ArrivalSCV: 1,
		ServiceSCV: 1}
	s, err := node.Solve()
	if err != nil {
		return false // more arrives than is served
	}
	return s.ResponseTail(float64(slo.P99.V)) <= 0.01*(1+1e-9)
}

func (a *auditor) worker(x *pool, spec *sizing.Worker) {
	x.least["nodes, structure"] = a.spares(x)
	name := x.c.Component.Name
	speed := a.vcpus(x.node, catalog.ClassGeneric, spec.Reference.V)
	threads := float64(x.node.VCPU)
	boost := 1 + float64(spec.Outage.V)/float64(spec.CatchUp.V)
	messages := func(l map[string][]calls) float64 { return l[name][x.region].reads + l[name][x.region].writes }
	x.asks = append(x.asks,
		ask{resource: "cpu", own: ownTarget, loss: lossTarget, carries: busy(x.node, speed, 0.005),
			need: func(l map[string][]calls, _ int, _ string) float64 {
				return messages(l) * float64(spec.CPU.V)
			}},
		ask{resource: "threads", have: threads, own: ownTarget, loss: lossTarget,
			need: func(l map[string][]calls, _ int, _ string) float64 {
				return messages(l) * (float64(spec.CPU.V)/speed.PerVCPU + float64(spec.Wait.V))
			}})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		c := l[name][x.region]
		return c.in + c.answered, c.out + c.asked
	})
	for i := range x.asks { // all that it does grows with the messages
		need := x.asks[i].need
		x.asks[i].late = func(l map[string][]calls) float64 { return (boost - 1) * need(l, 0, ownLoad) }
	}
	require.LessOrEqual(a.t, float64(spec.Memory.V)+threads*float64(spec.MemoryThread.V),
		free(x.node))
}
