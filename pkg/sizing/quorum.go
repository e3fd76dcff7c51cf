package sizing

import (
	"fmt"
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
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
	Tolerate  strict.Value[unit.Count]    `yaml:"tolerate" min:"0" max:"3" doc:"Members that may fail at once (f); there are 2f+1."`
	Nodes     *strict.Value[unit.Count]   `yaml:"nodes" min:"1" max:"7" doc:"Least members, an odd number."`
	CPU       strict.Value[unit.Count]    `yaml:"cpu" min:"0" max:"1000" doc:"vCPUs of the reference type that a member needs without any request: health checks, heartbeats."`
	CPUCall   strict.Value[unit.Duration] `yaml:"cpu_per_request" doc:"CPU time of one request that arrives, on one vCPU of the reference type."`
	Reference strict.Value[string]        `yaml:"reference" doc:"Instance type on which CPU was measured."`
	Memory    strict.Value[unit.Bytes]    `yaml:"memory" doc:"Memory of a member: system, processes and the data, all of which is kept in memory."`
	Disk      strict.Value[unit.Bytes]    `yaml:"disk" doc:"Bytes of journals and snapshots of a member on a volume of its own; 0 where the boot volume holds them."`
}

// Check refuses an even number of members: the last adds a vote that is
// needed and no failure that is tolerated.
func (q *Quorum) Check(c *strict.Checker) {
	if q.Nodes != nil && math.Mod(float64(q.Nodes.V), 2) != 1 {
		c.Errorf(q.Nodes.Pos, "use 3 or 5", "%s members: an odd number tolerates as many failures with fewer votes", q.Nodes.V)
	}
	if f := float64(q.Tolerate.V); f != math.Trunc(f) {
		c.Errorf(q.Tolerate.Pos, "use 1 or 2", "tolerate %s is not a whole number", q.Tolerate.V)
	}
}

// maxMembers is the greatest group that is proposed: every write waits for
// more members the more there are (etcd FAQ, "What is maximum cluster size?":
// no more than seven; https://etcd.io/docs/v3.6/faq/).
const maxMembers = 7

type quorumKind struct{}

func (quorumKind) Word() string { return "quorum" }

func (quorumKind) Traits(any) Traits { return Traits{Scope: workload.ScopeAll} }

func (quorumKind) Spec() any {
	return &Quorum{
		Tolerate:  judged(unit.Count(1), "one member may fail or be upgraded"),
		CPU:       judged(unit.Count(0.1), "health checks and heartbeats of a small system"),
		CPUCall:   judged(unit.Duration(100e-6), "a small key is read or written"),
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		Memory:    judged(unit.Bytes(1.5*(1<<30)), "a coordination service with a small state, beside system and agents"),
		Disk:      judged(unit.Bytes(8<<30), "journals and snapshots of a small state"),
	}
}

// quorumMember is what one member of a region carries.
type quorumMember struct {
	region    *Region
	n         int // members
	own, lost float64
	disk      diskNeed
}

type quorumSizer struct {
	c       *Case
	spec    *Quorum
	ref     *catalog.NodeType
	members []quorumMember
	in, out Linear // bytes/s between a member and those that call
	flows   []Flow
}

func (quorumKind) Prepare(c *Case) (Sizer, error) {
	s := &quorumSizer{c: c, spec: c.Component.Spec.(*Quorum)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	var ok bool
	if s.ref, ok = c.Catalog.NodeType(s.spec.Reference.V); !ok {
		return nil, unknownReference(c, s.spec.Reference)
	}
	s.in, s.out = traffic(c.Load)
	for i := range c.Regions {
		m, err := s.member(&c.Regions[i])
		if err != nil {
			return nil, err
		}
		s.members = append(s.members, m)
		s.replicated(&m)
	}
	return s, nil
}

// outlives tells whether n members that lose some keep a majority of n.
func outlives(n, lost int) bool { return n-lost >= n/2+1 }

// wanted is the least number of members by the spec alone.
func (s *quorumSizer) wanted() int {
	n := 2*int(s.spec.Tolerate.V) + 1
	if s.spec.Nodes != nil {
		n = max(n, int(s.spec.Nodes.V))
	}
	return n
}

// survivors is the least odd number of members that outlives a loss; 0 where
// none up to maxMembers does.
func survivors(lost func(n int) int) int {
	for n := 1; n <= maxMembers; n += 2 {
		if outlives(n, lost(n)) {
			return n
		}
	}
	return 0
}

func oneNode(int) int { return 1 }

func oneZone(zones int) func(n int) int {
	return func(n int) int { return (n + zones - 1) / zones }
}

func (s *quorumSizer) member(r *Region) (quorumMember, error) {
	m := quorumMember{region: r, n: s.wanted()}
	if s.c.Policy.Node {
		m.n = max(m.n, survivors(oneNode))
	}
	if s.c.Policy.Zone {
		if rej := s.c.Policy.checkZones(*r); rej != nil {
			return m, rej
		}
		least := survivors(oneZone(r.Zones))
		if least == 0 {
			return m, &Rejection{Resource: "zones", Need: 3, Have: float64(r.Zones),
				Detail: r.Name + ": two zones never survive losing the bigger or equal one, as no majority is left; use a third zone or leave zone out of survive"}
		}
		// With three zones or more every larger odd number outlives it too.
		m.n = max(m.n, least)
	}
	calls := s.c.Need(messages).Scale(float64(s.spec.CPUCall.V))
	m.own = float64(s.spec.CPU.V) + r.PeakOwn(calls)
	writes := s.c.Need((*workload.Vec).Write)
	m.disk = diskNeed{Bytes: unit.ReplicatedBytes(s.spec.Disk.V), Block: localIO, Own: diskLoad{Appends: r.PeakOwn(writes)}}
	m.disk.Degraded = m.disk.Own // one node fewer does not lighten or burden the others
	m.lost = m.own
	if s.c.Policy.Region {
		m.lost = float64(s.spec.CPU.V) + r.PeakLost(calls)
		m.disk.Degraded.Appends = r.PeakLost(writes)
	}
	return m, nil
}

// replicated are the month's bytes that the leader sends to members in other
// zones.
func (s *quorumSizer) replicated(m *quorumMember) {
	l := s.c.Load
	calls := s.c.Need(messages)
	all := calls.Local + calls.Global
	if all <= 0 || m.n < 2 {
		return
	}
	part := (l.Local.Write() + l.Global.Write()) / all
	n, zones := float64(m.n), float64(m.region.Zones)
	elsewhere := math.Min(n-1, n-n/zones) // members in other zones than the leader's
	bytes := s.c.monthly(m.region, Linear{Local: l.Local.In, Global: l.Global.In}) * part * elsewhere
	if bytes > 0 {
		s.flows = append(s.flows, Flow{From: m.region.Index, To: m.region.Index, Bytes: unit.ReplicatedBytes(bytes), What: "copies within " + s.c.Component.Name})
	}
}

func (s *quorumSizer) Needs() Needs {
	st := Storage{Volume: "gp3"}
	if s.spec.Disk.V == 0 {
		st = Storage{}
	}
	least := make([]float64, len(s.c.Flow.Demand.Regions))
	for i := range s.members {
		least[s.members[i].region.Index] = float64(s.members[i].n)
	}
	return Needs{Nodes: true, Burstable: true, Storages: []Storage{st}, MinNodes: least}
}

func (s *quorumSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	reject := func(r *Rejection) (*Layout, *Rejection) {
		r.Type, r.Storage = t, st
		return nil, r
	}
	if need, have := float64(s.spec.Memory.V), float64(t.Memory)*s.c.Policy.Memory; need > have {
		return reject(&Rejection{Resource: "memory", Need: need, Have: have, Unit: "B", Detail: "of each member"})
	}
	speed, err := s.c.Speeds.Speed(t, catalog.ClassGeneric, s.ref)
	if err != nil {
		return reject(&Rejection{Resource: "speed", Detail: err.Error()})
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, len(s.members)), Flows: s.flows}
	for i := range s.members {
		m := &s.members[i]
		if rej := s.carries(m, t, speed); rej != nil {
			return reject(rej)
		}
		if st.Volume != "" {
			d, rej := s.c.disks(t, st, &m.disk)
			if rej != nil {
				return reject(rej)
			}
			l.Usage = append(l.Usage, d.usage(s.c, m.region.Index, float64(m.n), "quorum disks")...)
		}
		l.Pools = append(l.Pools, Fixed(m.region.Index, "", m.n))
	}
	l.Describe = func(l *Layout) { s.describe(l, speed) }
	return l, nil
}

// carries rejects a type of which one member cannot carry the load: any
// member may have to lead, and more of them do not help.
func (s *quorumSizer) carries(m *quorumMember, t *catalog.NodeType, speed catalog.Speed) *Rejection {
	p := &s.c.Policy
	type need struct {
		resource, unit  string
		own, lost, have float64
	}
	in, out := s.network(m)
	for _, x := range [...]need{
		{"cpu", "vCPU", m.own, m.lost, speed.RefVCPUs},
		{"network in", "B/s", in.own, in.lost, float64(t.NetworkBaseline)},
		{"network out", "B/s", out.own, out.lost, float64(t.NetworkBaseline)},
	} {
		if x.unit == "B/s" && !s.c.NetworkKnown {
			continue
		}
		if x.own > x.have*p.Own {
			return &Rejection{Resource: x.resource, Need: x.own, Have: x.have * p.Own, Unit: x.unit, Detail: "of each member"}
		}
		if x.lost > x.have*p.Degraded {
			return &Rejection{Resource: x.resource, Need: x.lost, Have: x.have * p.Degraded, Unit: x.unit, Detail: "of each member, with a region lost"}
		}
	}
	return nil
}

// peaks are the greatest of a need in the normal state and with a region lost.
type peaks struct{ own, lost float64 }

// network is what a leader receives and sends: all calls, and every call's
// bytes on to each other member.
func (s *quorumSizer) network(m *quorumMember) (in, out peaks) {
	of := func(l Linear) peaks {
		p := peaks{own: m.region.PeakOwn(l)}
		if p.lost = p.own; s.c.Policy.Region {
			p.lost = m.region.PeakLost(l)
		}
		return p
	}
	return of(s.in), of(s.out.Plus(Linear{Local: s.c.Load.Local.In, Global: s.c.Load.Global.In}.Scale(float64(m.n - 1))))
}

func (s *quorumSizer) describe(l *Layout, speed catalog.Speed) {
	for i := range s.members {
		m := &s.members[i]
		l.Limits = append(l.Limits, s.votes(m)...)
		one := func(resource string, state capacity.State, unitName string, need, have, target float64) {
			x := s.c.fixed(m.region, resource, unitName, need, have, target, "of each member: more of them do not help")
			x.State = state
			l.Limits = append(l.Limits, x)
		}
		p := &s.c.Policy
		load := func(resource, unitName string, x peaks, have float64) {
			one(resource, capacity.Own, unitName, x.own, have, p.Own)
			if p.Region {
				one(resource, capacity.RegionLost, unitName, x.lost, have, p.Degraded)
			}
		}
		load("cpu", "vCPU", peaks{m.own, m.lost}, speed.RefVCPUs)
		one("memory", capacity.Always, "B", float64(s.spec.Memory.V), float64(l.Type.Memory), p.Memory)
		if s.c.NetworkKnown {
			in, out := s.network(m)
			load("network in", "B/s", in, float64(l.Type.NetworkBaseline))
			load("network out", "B/s", out, float64(l.Type.NetworkBaseline))
		}
		if l.Storage.Volume == "" {
			continue
		}
		// They fitted before, so they are not rejected now.
		if d, rej := s.c.disks(l.Type, l.Storage, &m.disk); rej == nil {
			for _, x := range d.limits(s.c, l.Type, &m.disk, 1) {
				one(x.Of.Name, x.State, x.Of.Unit, x.Need, x.Have, x.Target)
			}
		}
	}
	n := s.members[0].n
	l.Structure = []string{fmt.Sprintf("%d members, majority %d", n, n/2+1)}
	l.Brief = fmt.Sprintf("majority %d of %d", n/2+1, n)
	l.Grows = "does not: more members make writes slower; choose a larger machine"
	l.derive = func() []workload.Step { return s.steps(l.Type, n, speed) }
	for _, text := range speed.Flags.Texts() {
		l.Structure = append(l.Structure, l.Type.Name+": "+text)
	}
}

// steps say how the numbers of a group of n members came about.
func (s *quorumSizer) steps(t *catalog.NodeType, n int, speed catalog.Speed) []workload.Step {
	return []workload.Step{
		{What: "members", Formula: fmt.Sprintf("2f+1, f = %s; odd, and a majority left after what must be survived", s.spec.Tolerate.V), Result: fmt.Sprintf("%d", n), Source: "MODEL section 5, quorum"},
		{What: "CPU of a member", Formula: fmt.Sprintf("%s vCPU + requests × %s", s.spec.CPU.V, s.spec.CPUCall.V), Result: fmt.Sprintf("%.4g vCPU of %s", s.members[0].own, s.ref.Name), Source: "inputs cpu, cpu_per_request"},
		{What: "speed of a node", Formula: fmt.Sprintf("%s against %s, %s, derated by %.2f", t.Name, s.ref.Name, speed.Evidence, speed.Derate), Result: fmt.Sprintf("%.4g vCPU of %s", speed.RefVCPUs, s.ref.Name), Source: "MODEL section 2"},
	}
}

// votes are the limits that decide how many members there are.
func (s *quorumSizer) votes(m *quorumMember) []Limit {
	majority := float64(m.n/2 + 1)
	out := []Limit{{Limit: capacity.Limit{Of: capacity.Resource{Name: "quorum"}, State: capacity.Always, Need: float64(s.wanted()), Have: float64(m.n), Target: 1, Nodes: s.wanted(), Why: fmt.Sprintf("2f+1 members tolerate f = %s", s.spec.Tolerate.V)}, Region: m.region.Index}}
	add := func(state capacity.State, lost func(int) int) {
		out = append(out, Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: "quorum"}, State: state, Need: majority, Have: float64(m.n - lost(m.n)), Target: 1, Nodes: survivors(lost), Why: "a majority must be left"}, Region: m.region.Index})
	}
	if s.c.Policy.Node {
		add(capacity.NodeLost, oneNode)
	}
	if s.c.Policy.Zone {
		add(capacity.ZoneLost, oneZone(m.region.Zones))
	}
	for i := range out {
		if out[i].Nodes == m.n {
			out[i].Binding = true
			break
		}
	}
	return out
}
