package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Bastion is the hosts through which operators reach nodes without public addresses. No
// request of a user passes them (docs/model.md section 5, bastion).
type Bastion struct {
	strict.At
	// Whether there is one in each region, or in each of its zones: more where the policy asks for
	// more.
	Per string `yaml:"per" enum:"region|zone"`
	// Sessions of operators that are open at the same time; each region has room for all.
	Sessions strict.Value[unit.Count] `yaml:"sessions" min:"0" max:"100000"`
	// CPU time per second of a session, on one vCPU of the reference type.
	CPU strict.Value[unit.Duration] `yaml:"cpu_per_session"`
	// Instance type on which the CPU time was measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Memory of a host before any session, beside policy.reserve.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Memory of a session.
	MemorySession strict.Value[unit.Bytes] `yaml:"memory_per_session"`
	// Bytes a month from the hosts of each region to operators.
	Bytes strict.Value[unit.Bytes] `yaml:"bytes"`
	// Whether hosts have public addresses, and so what leaves is billed as internet transfer.
	Public strict.Value[bool] `yaml:"public"`
}

type bastionKind struct{}

func (bastionKind) Word() string { return "bastion" }

func (bastionKind) Traits(any) Traits { return Traits{Scope: workload.ScopeShare, Fails: allAlike} }

func (bastionKind) Spec() any {
	return &Bastion{
		Per:       "region",
		Sessions:  judged(unit.Count(10), "a team of operators during an incident"),
		CPU:       judged(unit.Duration(2e-3), "a terminal whose output scrolls, and TLS or SSH of it"),
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		Memory:    judged(unit.Bytes(128<<20), "sshd, auditing and an agent"),
		MemorySession: judged(unit.Bytes(16<<20),
			"two processes of sshd, a shell and the client to the next host"),
		Bytes:  judged(unit.Bytes(1*gib), "terminals, and now and then a file"),
		Public: judged(true, "operators come over the internet"),
	}
}

type bastionSizer struct {
	*fleet
	spec  *Bastion
	flows flows
}

func (bastionKind) Prepare(c *Task) (Sizer, error) {
	s, x := &bastionSizer{spec: c.Component.Spec.(*Bastion)}, c.Component
	if err := noSLO(c); err != nil {
		return nil, err
	}
	if err := c.unread("gets no requests", []givenKey{{"entry", x.Entry}, {"generates", x.Generates != nil},
		{"scope", x.Scope != ""}, {"calls", len(x.Calls) > 0}}); err != nil {
		return nil, err
	}
	f, err := newFleet(c, s.spec.Reference, "generic")
	if err != nil {
		return nil, err
	}
	s.fleet = f
	f.eachZone = s.spec.Per == "zone"
	if f.eachZone {
		f.leastWhy = remark.New("bastion.each_zone")
	}
	if s.spec.Public.V {
		for i := range c.Regions {
			r := c.Regions[i].Index
			s.flows.add(r, internet, s.spec.Bytes.V.Replicated(1), "sessions of "+c.Component.Label())
		}
	}
	f.node, f.offer, f.describe = s.node, s.offer, s.describe
	return s, nil
}

// cpuOfAll is the CPU of all sessions, seconds of the reference's per second.
func (s *Bastion) cpuOfAll() float64 { return float64(float64(s.Sessions.V) * float64(s.CPU.V)) }

// memoryOfAll is their memory, bytes.
func (s *Bastion) memoryOfAll() float64 {
	return float64(float64(s.Sessions.V) * float64(s.MemorySession.V))
}

// node is what the sessions ask of a host.
func (s *bastionSizer) node(n *fleetNode) *Rejection {
	room, free, rej := s.c.leaves(n.t, float64(s.spec.Memory.V), "bastion.idle")
	if rej != nil {
		return rej
	}
	n.needs = append(n.needs, n.cpu.need(capacity.Claim{Held: s.spec.cpuOfAll()}, capacity.Claim{}),
		capacity.Shared(capacity.Memory, capacity.Claim{Held: s.spec.memoryOfAll()}, room, free/room, free/room))
	return nil
}

// offer adds what leaves, and the public address of each host.
func (s *bastionSizer) offer(l *Layout, n *fleetNode) *Rejection {
	l.Crossings = s.flows
	if s.spec.Public.V {
		return s.c.addresses(l, n)
	}
	return nil
}

func (s *bastionSizer) describe(l *Layout, n *fleetNode) {
	l.Brief = remark.New("bastion.sessions", "sessions", s.spec.Sessions.V)
	l.Structure = []remark.Remark{l.Brief}
	l.Grows = remark.New("bastion.grows")
	l.derive = func() []remark.Step { return append(s.steps(), n.cpu.steps(n.t, s.ref)...) }
}

// steps show what the sessions need.
func (s *bastionSizer) steps() []remark.Step {
	const inputs = "inputs sessions, cpu_per_session, memory_per_session"
	return []remark.Step{
		needOf(capacity.CPU, remark.Derive("CPU of all sessions", inputs, cpuOf(s.spec.cpuOfAll(), s.ref.Name),
			"{sessions} × {cpu} a second", "sessions", unit.Given(s.spec.Sessions.V), "cpu", unit.Given(s.spec.CPU.V))),
		needOf(capacity.Memory, remark.Derive("memory of all sessions", inputs, unit.Bytes(s.spec.memoryOfAll()),
			"{sessions} × {memory}", "sessions", unit.Given(s.spec.Sessions.V),
			"memory", unit.Given(s.spec.MemorySession.V))),
	}
}
