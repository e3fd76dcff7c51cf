package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Quorum is a group that decides by majority: Consul, ZooKeeper, etcd,
// sentinels, a control plane (docs/model.md section 5, quorum). Every member holds
// all data and sees every write, so members are added for safety, not for
// speed.
type Quorum struct {
	strict.At
	// Members that may fail at once (f); there are 2f+1.
	Tolerate strict.Value[unit.Count] `yaml:"tolerate" min:"0" max:"3" whole:"true"`
	// Least members, an odd number.
	Nodes *strict.Value[unit.Count] `yaml:"nodes" min:"1" max:"7" whole:"true"`
	// Requests of all clients at the peak, which decide by etcd's guidance how large a member is;
	// at least those of the calls that arrive.
	Requests *strict.Value[unit.EventRate] `yaml:"requests" above:"0"`
	// vCPUs of the reference type that a member needs without any request: health checks,
	// heartbeats.
	CPU strict.Value[unit.Count] `yaml:"cpu" min:"0" max:"1000"`
	// CPU time of one request that arrives, on one vCPU of the reference type.
	CPUCall strict.Value[unit.Duration] `yaml:"cpu_per_request"`
	// Instance type on which CPU was measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Memory of a member: processes and the data, all of which is kept in memory.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Bytes of journals and snapshots of a member on a volume of its own; 0 where the boot volume
	// holds them.
	Disk strict.Value[unit.Bytes] `yaml:"disk"`
	// Least vCPUs of a member; without it, as etcd advises for its requests.
	MinVCPU *strict.Value[unit.Count] `yaml:"min_vcpu" min:"0"`
	// Least memory of a member; without it, as etcd advises for its requests.
	MinMemory *strict.Value[unit.Bytes] `yaml:"min_memory" min:"0"`
}

// Check refuses an even number of members: the last adds a vote that is
// needed and no failure that is tolerated.
func (q *Quorum) Check(c *strict.Checker) {
	if q.Nodes != nil && math.Mod(float64(q.Nodes.V), 2) != 1 {
		c.Errorf(q.Nodes.Pos, "use 3 or 5",
			"%s members: an odd number tolerates as many failures with fewer votes", q.Nodes.V)
	}
}

// maxMembers is the greatest group that is proposed: every write waits for
// more members the more there are (etcd FAQ, "What is maximum cluster size?":
// no more than seven; https://etcd.io/docs/v3.6/faq/).
const maxMembers = 7

// Keeps says that the state is nowhere else.
func (*Quorum) Keeps() workload.Keeping { return workload.Keeping{Data: true} }

type quorumKind struct{}

func (quorumKind) Word() string { return "quorum" }

func (quorumKind) Traits(any) Traits {
	return Traits{Scope: workload.ScopeAll, Fails: func(_ *Task, l *Layout) Failing {
		// What members agree on says who runs where: whoever runs says it again.
		return Failing{Rule: outage.Voted, Apart: true, Roles: keeping(1), Disks: disksOf(l),
			Detects: []string{"failover.etcd.election"}}
	}}
}

func (quorumKind) Spec() any {
	return &Quorum{
		Tolerate:  judged(unit.Count(1), "one member may fail or be upgraded"),
		CPU:       judged(unit.Count(0.1), "health checks and heartbeats of a small system"),
		CPUCall:   judged(unit.Duration(100e-6), "a small key is read or written"),
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		Memory:    judged(unit.Bytes(1<<30), "a coordination service with a small state"),
		Disk:      judged(unit.Bytes(8<<30), "journals and snapshots of a small state"),
	}
}

// quorumGroup is the members of a region.
type quorumGroup struct {
	region *Location
	n      int      // members
	disk   diskNeed // of each of them
}

type quorumSizer struct {
	c       *Task
	spec    *Quorum
	ref     *catalog.NodeType
	least   leastNode
	rate    float64 // requests/s of all clients of a group, in the lead month
	size    string  // etcd's word for such a cluster
	groups  []quorumGroup
	cpu     Linear      // seconds of the reference's CPU per second, for what arrives in the lead month
	network networkLoad // between a member and those that call, then
	flows   flows
}

func (quorumKind) Prepare(c *Task) (Sizer, error) {
	s := &quorumSizer{c: c, spec: c.Component.Spec.(*Quorum)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	var err error
	if s.ref, err = c.reference(s.spec.Reference); err != nil {
		return nil, err
	}
	s.cpu = c.Need(messages).Scale(float64(s.spec.CPUCall.V) * c.Lead)
	in, out := traffic(c.Load)
	s.network = networkLoad{in.Scale(c.Lead), out.Scale(c.Lead)}
	s.advised()
	for i := range c.Regions {
		if err := s.group(&c.Regions[i]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// advised is the machine that etcd's guidance names for the rate of requests; Consul
// and ZooKeeper have none by rate. Every member must be able to lead, so the rate
// is that of the group.
func (s *quorumSizer) advised() {
	s.rate = stated(s.spec.Requests, 0)
	for i := range s.c.Regions {
		s.rate = max(s.rate, s.c.Policy.peak(&s.c.Regions[i], s.c.Need(messages)))
	}
	s.rate *= s.c.Lead
	advice, size := s.c.Limits.Quorum.Member(unit.EventRate(s.rate))
	s.size, s.least = size, s.c.leastNode(advice, "etcd", s.spec.MinVCPU, s.spec.MinMemory)
}

// wanted is the least number of members by the spec alone.
func (s *quorumSizer) wanted() int {
	return max(2*int(s.spec.Tolerate.V)+1, counted(s.spec.Nodes))
}

// group decides how many members a region has, and what the disks of one do.
func (s *quorumSizer) group(r *Location) error {
	g := quorumGroup{region: r, n: s.wanted()}
	if s.c.Policy.Node {
		g.n = max(g.n, survivors(r.Zones, capacity.NodeLost))
	}
	if s.c.Policy.Zone {
		if rej := s.c.Policy.checkZones(*r); rej != nil {
			return rej
		}
		least := survivors(r.Zones, capacity.ZoneLost)
		if least == 0 {
			return &Rejection{Resource: "zones", Need: 3, Have: float64(r.Zones),
				Why: remark.New("quorum.two_zones", "in", r.Name)}
		}
		// With three zones or more every larger odd number outlives it too.
		g.n = max(g.n, least)
	}
	writes := s.c.Need((*workload.Vec).Write).Scale(s.c.Lead)
	// One member less changes nothing for the others: only another region's users do.
	g.disk = diskNeed{Bytes: unit.ReplicatedBytes(s.spec.Disk.V), Block: localIO,
		Own: diskLoad{Appends: r.PeakOwn(writes)}, Degraded: diskLoad{Appends: s.c.Policy.peak(r, writes)}}
	s.groups = append(s.groups, g)
	s.replicated(&g)
	return nil
}

// replicated are the month's bytes that the leader sends to members in other
// zones.
func (s *quorumSizer) replicated(g *quorumGroup) {
	l, calls := s.c.Load, s.c.Need(messages)
	all := calls.Local + calls.Global
	if all <= 0 || g.n < 2 {
		return
	}
	part := (l.Local.Write() + l.Global.Write()) / all
	n, zones := float64(g.n), float64(g.region.Zones)
	elsewhere := math.Min(n-1, n-n/zones) // members in other zones than the leader's
	bytes := unit.ReplicatedBytes(s.c.monthly(g.region, incoming(l)) * part * elsewhere)
	s.flows.add(g.region.Index, g.region.Index, bytes, "copies within "+s.c.Component.Name)
}

func (s *quorumSizer) Needs() Needs {
	st := Storage{Volume: "gp3"}
	if s.spec.Disk.V == 0 {
		st = Storage{}
	}
	least := s.c.leastNodes(func(i int) int { return s.groups[i].n })
	return Needs{Nodes: true, Storages: []Storage{st}, MinNodes: least}
}

func (s *quorumSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	if rej := s.least.reject(t); rej != nil {
		return nil, rej
	}
	if need, have := float64(s.spec.Memory.V), s.c.Policy.allowed(t); need > have {
		return nil, noMemory(need, have, "quorum.one_member")
	}
	cpu, rej := s.c.nodeCPU(t, catalog.ClassGeneric, s.ref)
	if rej != nil {
		return nil, rej
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, len(s.groups)), Crossings: s.flows}
	all := make([]disks, len(s.groups))
	for i := range s.groups {
		g := &s.groups[i]
		role := s.member(g, t, &cpu)
		if rej := s.overloaded(&role); rej != nil {
			return nil, rej
		}
		if st.Volume != "" {
			d, rej := s.c.disks(t, st, &g.disk)
			if rej != nil {
				return nil, rej
			}
			all[i] = d
			for _, u := range d.usage(s.c, g.region.Index, float64(g.n), "quorum disks") {
				u.PerNode = true
				l.Usage = append(l.Usage, u)
			}
		}
		l.Pools = append(l.Pools, Fixed(g.region.Index, "", g.n))
	}
	l.Counted = true
	l.Describe = func(l *Layout) { s.describe(l, &cpu, all) }
	return l, nil
}

// member is a role of one node: each member must be able to lead, and to lead it
// needs all of what arrives, however many members there are. A leader passes every
// write on to each of the others. When it is lost another one takes its place. So
// the question to this role is always what one node carries.
func (s *quorumSizer) member(g *quorumGroup, t *catalog.NodeType, cpu *nodeCPU) capacity.Role {
	passed := incoming(s.c.Load).Scale(float64(g.n-1) * s.c.Lead)
	needs := append(s.c.list(3), cpu.need(capacity.Claim{Load: s.cpu, Held: float64(s.spec.CPU.V)}, capacity.Claim{}))
	needs = s.c.network(needs, t, networkLoad{s.network.in, s.network.out.Plus(passed)}, networkLoad{})
	for i := range needs {
		// One member less changes nothing for the others: no state to check.
		needs[i].In[capacity.NodeLost], needs[i].In[capacity.ZoneLost] = capacity.Balance{}, capacity.Balance{}
	}
	role := s.c.role(g.region, needs)
	role.Replaced, role.Floor = true, 1
	return role
}

// overloaded rejects a type of which one member cannot carry the load, by the
// first of the limits that it breaks.
func (s *quorumSizer) overloaded(member *capacity.Role) *Rejection {
	if n, _ := member.Least(); n <= 1 {
		return nil
	}
	limits := s.load(member, member.Needs)
	l := &limits[slices.IndexFunc(limits, func(l capacity.Limit) bool { return l.Nodes > 1 })]
	rej := &Rejection{Resource: l.Of.Name, Need: l.Need, Have: l.Have * l.Target, Unit: l.Of.Unit,
		Why: remark.New("quorum.one_member")}
	if l.State == capacity.RegionLost {
		rej.Why = rej.Why.With("region_lost", true)
	}
	return rej
}

// load are the limits of what one member needs for the load, those included of
// which it needs nothing.
func (s *quorumSizer) load(member *capacity.Role, needs []capacity.Need) []capacity.Limit {
	var out []capacity.Limit
	for i := range needs {
		out = append(out, member.Limit(&needs[i], capacity.Own, 1))
		if s.c.Policy.Region {
			out = append(out, member.Limit(&needs[i], capacity.RegionLost, 1))
		}
	}
	return out
}

// describe says what the numbers are and how they came about; the disks are those of
// a member, by region.
func (s *quorumSizer) describe(l *Layout, cpu *nodeCPU, all []disks) {
	for i := range s.groups {
		g := s.groups[i]
		g.n = l.Pools[i].Max // which may be given instead of chosen
		role := s.member(&g, l.Type, cpu)
		l.Roles = append(l.Roles, RegionRole{Role: role, Region: g.region.Index, Nodes: 1})
		l.has(s.c, &all[i], NodeDisks{Region: g.region.Index, Nodes: g.n})
		s.c.place(l, append(s.votes(&g), s.limits(l, &g, &role)...), g.region.Index, "")
	}
	n := l.Pools[0].Max
	l.Brief = remark.New("quorum.majority", "majority", majority(n), "members", n)
	l.Structure = []remark.Remark{remark.New("quorum.members", "members", n, "majority", majority(n))}
	for _, text := range cpu.speed.Flags.Texts() {
		l.Structure = append(l.Structure, remark.New("quorum.type", "type", l.Type.Name, "note", text))
	}
	l.Grows = remark.New("quorum.grows")
	s.least.warn(l)
	l.derive = func() []remark.Step { return s.steps(l.Type, n, cpu) }
}

// steps say how the numbers of a group of n members came about.
func (s *quorumSizer) steps(t *catalog.NodeType, n int, cpu *nodeCPU) []remark.Step {
	needed := float64(s.spec.CPU.V) + s.groups[0].region.PeakOwn(s.cpu)
	machine := remark.Notate("{vcpu} vCPU, {memory}, not burstable", "vcpu", unit.Given(s.least.advice.VCPU),
		"memory", s.least.advice.Memory)
	return append([]remark.Step{
		remark.Derive("members", "MODEL section 5, quorum", n, "").
			Noting("step.members", "tolerate", s.spec.Tolerate.V),
		remark.Derive("machine of a member", "pricing/limits/cluster_guidance.csv: etcd "+s.size+" cluster", machine,
			"{requests} of all clients in the lead month", "requests", unit.EventRate(s.rate)),
		needOf(capacity.CPU, remark.Derive("CPU of a member", "inputs cpu, cpu_per_request",
			cpuOf(needed, s.ref.Name), "cpu + requests·cpu_per_request = {cpu} vCPU + {requests} × {cpu_per_request}",
			"cpu", unit.Given(s.spec.CPU.V),
			"requests", unit.EventRate(s.groups[0].region.PeakOwn(s.c.Need(messages).Scale(s.c.Lead))),
			"cpu_per_request", unit.Given(s.spec.CPUCall.V))),
	}, cpu.steps(t, s.ref)...)
}

// limits are those of one member: its CPU, memory, network and disks.
func (s *quorumSizer) limits(l *Layout, g *quorumGroup, member *capacity.Role) []capacity.Limit {
	out := s.load(member, member.Needs[:1])
	out = append(out, capacity.Limit{Of: capacity.Memory, State: capacity.Always, Need: float64(s.spec.Memory.V),
		Have: float64(l.Type.Memory), Target: s.c.Policy.allowed(l.Type) / float64(l.Type.Memory)})
	out = append(out, s.load(member, member.Needs[1:])...)
	if l.Storage.Volume != "" {
		// They fitted before, so they are not rejected now.
		if d, rej := s.c.disks(l.Type, l.Storage, &g.disk); rej == nil {
			out = append(out, d.limits(s.c, l.Type, &g.disk, 1)...)
		}
	}
	for i := range out {
		out[i].Nodes, out[i].Left, out[i].Why = 1, 0, remark.New("quorum.each")
	}
	return out
}

// votes are the limits that decide how many members there are.
func (s *quorumSizer) votes(g *quorumGroup) []capacity.Limit {
	wanted := s.wanted()
	out := []capacity.Limit{{Of: capacity.Resource{Name: "quorum"}, State: capacity.Always, Need: float64(wanted),
		Have: float64(g.n), Target: 1, Nodes: wanted, Floor: true,
		Why: remark.New("quorum.tolerates", "failures", s.spec.Tolerate.V)}}
	out = append(out, voting(g.n, g.region.Zones, s.c.Policy.Survive)...)
	capacity.Bind(out, g.n)
	return out
}
