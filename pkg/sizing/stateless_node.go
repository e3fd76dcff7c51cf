package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// This file is what one node of a type has, and what the requests ask of it.

// workers is the number of worker processes of a node.
func (spec *Stateless) workers(t *catalog.NodeType) float64 {
	if spec.Workers.V > 0 {
		return float64(spec.Workers.V)
	}
	return float64(t.VCPU)
}

// statelessNode is what one node of a type has, and what the load asks of it.
type statelessNode struct {
	t             *catalog.NodeType
	cpu           nodeCPU
	own, degraded ceiling         // of its CPU
	needs         []capacity.Need // CPU first
}

// node is a type with what the load asks of it, appended to needs.
func (s *statelessSizer) node(t *catalog.NodeType, needs []capacity.Need) (*statelessNode, *Rejection) {
	cpu, rej := s.c.nodeCPU(t, s.class, s.ref)
	if rej != nil {
		return nil, rej
	}
	cpu = cpu.bursting(t)
	if w := float64(s.spec.Workers.V); s.spec.SingleThread.V && w > 0 {
		cpu = cpu.threads(w, s.c.law(s.class))
	}
	cpu.base += s.perNode / cpu.perVCPU
	n := &statelessNode{t: t, cpu: cpu}
	n.own, n.degraded = ceilingOf(&cpu, cpu.own, cpu.vcpus), ceilingOf(&cpu, cpu.degraded, cpu.lost)
	if rej := s.lower(n); rej != nil {
		return nil, rej
	}
	base := s.base
	for i := range s.tenants {
		on := s.tenants[i].service
		base += float64(on.MemoryWorker * on.Workers(t))
	}
	room := s.c.Policy.usable(t) - base
	free := min(room, float64(float64(t.Memory)*s.c.Policy.Memory)-base)
	if free <= 0 {
		return nil, &Rejection{Resource: "memory", Need: base, Have: free + base, Unit: "B",
			Why: remark.New("stateless.idle")}
	}
	shared := func(of capacity.Resource, load Linear, have, own, degraded float64) {
		n.needs = append(n.needs, capacity.Shared(of, capacity.Claim{Load: load}, have, own, degraded))
	}
	n.needs = append(needs, n.cpuNeed(capacity.Claim{Load: s.cpu, Held: s.held}))
	shared(capacity.Memory, s.inFlight, room, free/room, free/room)
	n.needs = s.c.network(n.needs, t, networkLoad{s.in, s.out}, networkLoad{})
	if s.spec.Sessions != nil {
		shared(capacity.Resource{Name: "sessions"}, s.sessions, float64(s.spec.Sessions.V), 1, 1)
	}
	return n, nil
}

// cpuNeed is the need for CPU, lowered to what the aims for response times allow.
func (n *statelessNode) cpuNeed(load capacity.Claim) capacity.Need {
	need := n.cpu.need(load, capacity.Claim{})
	for s := range need.In {
		side := &need.In[s]
		switch {
		case !side.Checked || side.Have <= 0:
		case capacity.State(s) == capacity.Own:
			side.Target = n.own.carry / side.Have
		default:
			side.Target = n.degraded.carry / side.Have
		}
	}
	return need
}

// describe says how the numbers came about.
func (s *statelessSizer) describe(l *Layout, n *statelessNode) {
	cpu := &n.needs[0]
	cpu.Why = why(&n.own, &n.degraded)
	if n.flex() && cpu.Why.IsZero() {
		cpu.Why = remark.New("stateless.flex_loss", "part", n.cpu.speed.UsableCPU)
	}
	for i := range s.regions {
		r := &s.regions[i]
		s.c.explain(l, r, s.c.role(r, s.saidIn(i, n)), l.Pools[i].Max)
		if n.flex() {
			l.Limits = append(l.Limits, s.burstLimit(i, n, l))
		}
	}
	s.slowed(l, n)
	l.Grows = remark.New("stateless.grows", "autoscaled", s.spec.Autoscaled.V, "lag", s.spec.Lag.V)
	l.Waits = s.waits(&s.tenants[0], n.t)
	l.derive = func() []workload.Step { return append(s.steps(n), s.poolSteps(l)...) }
}
