package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Queue hands messages to consumers and forgets them, such as RabbitMQ with quorum queues
// (docs/model.md section 5, queue). Each message is on the node that leads its queue and on
// those that follow; queues are spread over all nodes, which so share all work. While
// consumers are away messages pile up: there is room for those of the longest outage.
type Queue struct {
	strict.At
	// Copies of each message, an odd number, with as many zones in different ones; without it 3 where a
	// node or zone loss must be survived, else 1.
	Copies *strict.Value[unit.Count] `yaml:"copies" min:"1" max:"7" whole:"true"`
	// CPU time of a message for each of its copies, on one vCPU of the reference type: to take, store,
	// copy and give it.
	CPU strict.Value[unit.Duration] `yaml:"cpu_per_message"`
	// Instance type on which the CPU time was measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Longest time for which consumers take nothing, for whose messages there is room.
	Outage strict.Value[unit.Duration] `yaml:"outage"`
	// Memory of a node before any message.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Memory for each copy of a message that waits; its bytes are on disk.
	MemoryMessage strict.Value[unit.Bytes] `yaml:"memory_per_message"`
	// Most of a node's memory that may be in use: above it publishers have to wait.
	MaxMemory strict.Value[unit.Fraction] `yaml:"max_memory" min:"0.01" max:"1"`
	// Fewest vCPU of a node.
	MinVCPU strict.Value[unit.Count] `yaml:"min_vcpu" min:"0"`
	// Least memory of a node.
	MinMemory strict.Value[unit.Bytes] `yaml:"min_memory"`
}

// Check refuses an even number of copies: the last adds work and no failure that is outlived.
func (q *Queue) Check(c *strict.Checker) {
	if q.Copies != nil && int(q.Copies.V)%2 != 1 {
		c.Errorf(q.Copies.Pos, "use 3 or 5",
			"%s copies: an odd number outlives as many failures with fewer", q.Copies.V)
	}
}

// Keeps says that messages are nowhere else.
func (*Queue) Keeps() workload.Keeping { return workload.Keeping{Data: true} }

type queueKind struct{}

func (queueKind) Word() string { return "queue" }

func (queueKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeShare, Fails: spec.(*Queue).fails}
}

// fails: a message is taken once most of its copies are kept (RabbitMQ, "Quorum Queues").
func (q *Queue) fails(c *Task, l *Layout) Failing {
	f := equals(l, 1, c.copiesOf(counted(q.Copies), 3))
	f.Keeps, f.Acks, f.Detects = true, majority(f.Copies), []string{"failover.rabbitmq.nettick"}
	return f
}

func (queueKind) Spec() any {
	return &Queue{
		CPU: judged(unit.Duration(50e-6), "20,000 messages a second and vCPU and copy: a small message, its journal "+
			"and its acknowledgement"),
		Reference:     judged(DefaultReference, "a current general-purpose type that was measured"),
		Outage:        judged(unit.Duration(3600), "an hour to notice that consumers are away, and to repair them"),
		Memory:        judged(unit.Bytes(512<<20), "Erlang's virtual machine, connections and channels"),
		MemoryMessage: judged(unit.Bytes(64), "an entry of the index of the journal"),
		MaxMemory: given(unit.Fraction(0.4),
			"RabbitMQ 3.13, \"Memory Alarm Threshold\": a node may use about 40 % of the RAM by default"),
		MinVCPU:   judged(unit.Count(2), "journals are written beside messages"),
		MinMemory: judged(unit.Bytes(4<<30), "of less, most is the process itself"),
	}
}

type queueSizer struct {
	*fleet
	spec    *Queue
	machine leastNode
	copies  int
	outage  float64 // seconds for which messages pile up
	// Messages and their bytes arrive per second, and each copy is stored; beside them a node
	// receives answers, and sends messages to consumers and answers to publishers.
	messages, bytes Linear
	beside          networkLoad
	late            queueLate
	flows           flows
}

// queueLate is what comes in addition while workers that publish, or consume, catch up.
type queueLate struct {
	messages, bytes Linear
	beside          networkLoad
}

func (queueKind) Prepare(c *Task) (Sizer, error) {
	s := &queueSizer{spec: c.Component.Spec.(*Queue)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	var err error
	s.copies, err = c.copies(s.spec.Copies, counted(s.spec.Copies), 3, "one copy", "copies to 3")
	if err != nil {
		return nil, err
	}
	if s.fleet, err = newFleet(c, s.spec.Reference, "queue"); err != nil {
		return nil, err
	}
	s.load()
	s.fleet.cpu = s.messages.Scale(float64(s.spec.CPU.V)) // of one copy: fewer nodes than copies have fewer
	s.least, s.leastWhy = s.copies, remark.New("queue.copies", "copies", s.copies)
	s.zoned = c.Policy.Zone && s.copies > 1
	for i := range s.regions {
		if rej := c.Policy.quorate(&s.regions[i], s.copies); rej != nil {
			return nil, rej
		}
	}
	s.machine = c.leastNode(catalog.Least{VCPU: s.spec.MinVCPU.V, Memory: s.spec.MinMemory.V}, "", nil, nil)
	s.machine.small, s.machine.unsteady = remark.New("nodes.small"), remark.New("queue.burstable")
	s.node, s.offer, s.describe = s.on, s.bought, s.said
	return s, nil
}

// load is what arrives and leaves, in the lead month.
func (s *queueSizer) load() {
	c := s.c
	in, out := traffic(c.Load)
	s.messages, s.bytes = c.Need(messages).Scale(c.Lead), incoming(c.Load).Scale(c.Lead)
	s.beside = networkLoad{in.Scale(c.Lead).Plus(s.bytes.Scale(-1)), out.Scale(c.Lead).Plus(s.bytes.Scale(-1))}
	late := c.backlog()
	s.late = queueLate{messages: late.reads.Plus(late.writes).Scale(c.Lead), bytes: late.in.Scale(c.Lead),
		beside: networkLoad{out: late.answers.Scale(c.Lead)}}
	s.outage = float64(s.spec.Outage.V)
	for i := range c.Load.Edges {
		e := &c.Load.Edges[i]
		to := traitsIn(c.Flow.Of(e.To)).Backlog
		s.outage = max(s.outage, float64(to.Outage))
		answers, requests := made(e)
		part := to.part() * c.Lead
		s.late.beside.in = s.late.beside.in.Plus(answers.Scale(part))
		s.late.beside.out = s.late.beside.out.Plus(requests.Scale(part))
		s.late.messages = s.late.messages.Plus(callsOf(e).Scale(part)) // what is taken is taken off each copy
	}
	for i := range s.regions {
		r := &c.Regions[i]
		copies := float64(s.copies)
		elsewhere := min(copies-1, copies*r.elsewhere())
		s.flows.add(r.Index, r.Index, unit.ReplicatedBytes(c.monthly(r, incoming(c.Load))*elsewhere),
			"copies within "+c.Component.Name)
	}
}

// Bound is that of a fleet; none of machines that are too small.
func (s *queueSizer) Bound(t *catalog.NodeType, st Storage, least []float64) []Pool {
	if s.machine.short(t) {
		noneDo(least)
		return nil
	}
	return s.fleet.Bound(t, st, least)
}

// Needs are nodes with volumes.
func (s *queueSizer) Needs() Needs {
	n := s.fleet.Needs()
	n.Storages = []Storage{{Volume: "gp3"}}
	return n
}

// on is what messages ask of a node of a type.
func (s *queueSizer) on(n *fleetNode) *Rejection {
	if rej := s.machine.reject(n.t); rej != nil {
		return rej
	}
	if rej := volumesOnly(n.t); rej != nil {
		return rej
	}
	room, free, rej := s.c.leaves(n.t, float64(s.spec.Memory.V), "queue.empty")
	if rej != nil {
		return rej
	}
	free = min(free, float64(float64(n.t.Memory)*float64(s.spec.MaxMemory.V))-float64(s.spec.Memory.V))
	if free <= 0 {
		return noMemory(float64(s.spec.Memory.V), free+float64(s.spec.Memory.V), "queue.empty")
	}
	cpu := float64(s.spec.CPU.V)
	work := n.cpu.need(capacity.Claim{Load: s.messages.Scale(cpu)}, capacity.Claim{Load: s.late.messages.Scale(cpu)})
	waiting := s.messages.Scale(float64(s.outage * float64(s.spec.MemoryMessage.V)))
	n.needs = append(n.needs, s.copied(work),
		s.copied(capacity.Shared(capacity.Memory, capacity.Claim{Load: waiting}, room, free/room, free/room)),
		s.copied(s.c.need(capacity.EBSBandwidth, s.bytes, s.late.bytes, n.t.EBS.BaselineThroughput.V)), s.kept())
	if s.c.NetworkKnown {
		in, out := s.c.networkOffered(n.t)
		n.needs = append(n.needs,
			s.moved(in, s.beside.in, s.late.beside.in), s.moved(out, s.beside.out, s.late.beside.out))
	}
	return nil
}

// copied is a need of each copy.
func (s *queueSizer) copied(n capacity.Need) capacity.Need {
	n.Copies = s.copies
	return n
}

// kept is the room on disk for the messages of the outage, at the rate of the peak.
func (s *queueSizer) kept() capacity.Need {
	v, _ := s.c.Limits.Volume("gp3")
	disk := s.c.Policy.Disk
	return s.copied(capacity.Shared(capacity.DiskBytes, capacity.Claim{Load: s.bytes.Scale(s.outage)},
		float64(v.MaxSize)*maxVolumes, disk, disk))
}

// moved is what nodes receive or send: the bytes of each copy, and what is beside them.
func (s *queueSizer) moved(n capacity.Need, beside, late Linear) capacity.Need {
	for state := range n.In {
		side := &n.In[state]
		side.Each, side.Once = capacity.Claim{Load: s.bytes}, capacity.Claim{Load: beside}
		if capacity.State(state) == capacity.CatchUp {
			side.Each.Load, side.Once.Load = s.bytes.Plus(s.late.bytes), beside.Plus(late)
			side.Checked = s.late.bytes.Plus(late) != Linear{}
		}
	}
	return s.copied(n)
}

// bought adds the volumes of all nodes.
func (s *queueSizer) bought(l *Layout, n *fleetNode) *Rejection {
	l.Crossings = s.flows
	for i := range n.pools {
		d, rej := s.disks(l, n, i)
		if rej != nil {
			return rej
		}
		l.Usage = append(l.Usage, s.c.sizedFor(d.usage(s.c, n.pools[i].Region, float64(n.pools[i].Max), "queue disks"),
			false)...)
	}
	return nil
}

// disks are those of a node in a region.
func (s *queueSizer) disks(l *Layout, n *fleetNode, region int) (disks, *Rejection) {
	kept := s.kept()
	written := s.copied(s.c.need(capacity.DiskThroughput, s.bytes, s.late.bytes, 1))
	asks := diskAsks{kept: kept, written: written}
	role := s.role(&s.regions[region], nil)
	need := asks.busiest(&s.c.Policy, &role, n.pools[region].Max)
	return s.c.disks(l.Type, l.Storage, &need)
}

// said is what the numbers are and how they came about.
func (s *queueSizer) said(l *Layout, n *fleetNode) {
	r := &s.regions[0]
	waits := s.c.Policy.peak(r, s.messages) * s.outage
	l.Brief = remark.New("queue.brief", "copies", s.copies)
	l.Structure = []remark.Remark{remark.New("queue.kept", "copies", s.copies, "messages", waits, "outage", s.outage,
		"bytes", s.c.Policy.peak(r, s.bytes)*s.outage, "in", r.Name)}
	for i := range n.pools {
		if d, rej := s.disks(l, n, i); rej == nil { // they fitted before
			l.has(s.c, &d, NodeDisks{Region: n.pools[i].Region, Nodes: l.Pools[i].Max})
		}
	}
	l.Grows = remark.New("queue.grows")
	if rej := s.machine.lacks(n.t); rej != nil { // given machines
		l.Warnings = append(l.Warnings, rej.Remark("nodes.guidance"))
	}
	l.derive = func() []remark.Step {
		const what = "CPU of each copy at the peak of all users"
		rate, cpu := s.messages.Local+s.messages.Global, unit.Given(s.spec.CPU.V)
		steps := []remark.Step{
			needOf(capacity.CPU, remark.Derive(what, "input cpu_per_message",
				cpuOf(s.fleet.cpu.Local+s.fleet.cpu.Global, s.ref.Name), "{messages} × {cpu} a message",
				"messages", unit.EventRate(rate), "cpu", cpu)),
			needOf(capacity.DiskBytes, remark.Derive("messages of an outage", "input outage",
				unit.Bytes((s.bytes.Local+s.bytes.Global)*s.outage), "{bytes} × {outage}",
				"bytes", unit.ByteRate(s.bytes.Local+s.bytes.Global), "outage", unit.Duration(s.outage))),
		}
		return append(steps, n.cpu.steps(n.t, s.ref)...)
	}
}
