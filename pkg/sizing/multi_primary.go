package sizing

import (
	"errors"
	"fmt"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// MultiPrimary is a SQL database whose members are all primaries, such as Galera or Percona
// XtraDB Cluster (docs/model.md section 5, multi-primary). Every member has all of the data
// and applies all writes, and a commit waits until all members have it: members share reads
// and connections, but not writes, and are as fast as the slowest of them. Most of them must
// be there, or none answers. Each region has such a group, to which all regions write.
type MultiPrimary struct {
	strict.At
	// Least members in a region, an odd number.
	Nodes strict.Value[unit.Count] `yaml:"nodes" min:"1" max:"7" whole:"true"`
	// Most members in a region, an odd number; each has all of the data, whatever it is.
	MaxNodes strict.Value[unit.Count] `yaml:"max_nodes" min:"1" max:"15" whole:"true"`
	// CPU time of one read on one vCPU of the reference type; needed unless the component is pinned
	// without a workload.
	CPURead strict.Value[unit.Duration] `yaml:"cpu_read"`
	// CPU time of one write at the member that takes it; needed like cpu_read.
	CPUWrite strict.Value[unit.Duration] `yaml:"cpu_write"`
	// CPU time of applying a write at each of the other members, as part of cpu_write.
	Apply strict.Value[unit.Fraction] `yaml:"apply" min:"0" max:"1"`
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Random disk operations of a write at each member: table, index and journal.
	WriteIO strict.Value[unit.Count] `yaml:"write_operations" min:"0" max:"1000"`
	// Memory of one connection.
	PerConnection strict.Value[unit.Bytes] `yaml:"memory_per_connection"`
	// Connections that a member allows.
	MaxConnections strict.Value[unit.Count] `yaml:"max_connections" min:"1"`
	// Clients during a rolling deploy, as a multiple of those running.
	Deploy strict.Value[unit.Count] `yaml:"deploy_factor" min:"1" max:"10"`
	// Connections of each member for people and monitoring.
	SpareConns strict.Value[unit.Count] `yaml:"spare_connections" min:"0" max:"10000"`
	// Least vCPUs of a member.
	MinVCPU strict.Value[unit.Count] `yaml:"min_vcpu" min:"0"`
	Dataset
}

// Check refuses even numbers of members, and more at least than at most.
func (s *MultiPrimary) Check(c *strict.Checker) {
	for _, n := range [...]*strict.Value[unit.Count]{&s.Nodes, &s.MaxNodes} {
		if int(n.V)%2 != 1 {
			c.Errorf(n.Pos, "use 3 or 5", "%s members: an odd number outlives as many failures with fewer votes", n.V)
		}
	}
	if s.Nodes.V > s.MaxNodes.V {
		c.Errorf(s.Nodes.Pos, "raise max_nodes", "nodes is %s, above max_nodes, %s", s.Nodes.V, s.MaxNodes.V)
	}
}

// Keeps says that every member has all data.
func (*MultiPrimary) Keeps() workload.Keeping { return workload.Keeping{Data: true} }

type multiPrimaryKind struct{}

func (multiPrimaryKind) Word() string { return "multi-primary" }

func (multiPrimaryKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeAll, Clients: true, Fails: spec.(*MultiPrimary).fails}
}

// fails: every member has all of the data, and most of a region's must be there.
func (s *MultiPrimary) fails(c *Task, l *Layout) Failing {
	return Failing{Rule: outage.Voted, Apart: true, Mirrored: true, Keeps: true, Roles: keeping(1), Disks: disksOf(l),
		Detects: []string{"failover.galera.inactive"}, Copied: s.Snapshotted.of(c)}
}

func (multiPrimaryKind) Spec() any {
	mysql := engines()["mysql"]
	s := &MultiPrimary{
		Nodes:    judged(unit.Count(3), "one may be lost, and two of three decide"),
		MaxNodes: judged(unit.Count(5), "a commit waits for all members; beyond five, larger ones do more"),
		Apply: judged(unit.Fraction(1), "MODEL section 5: members do not scale writes; parsing and planning, which "+
			"appliers save, are little of a short write"),
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		WriteIO:   judged(unit.Count(4), judgedInModel+": three pages and the journal"),
		PerConnection: given(unit.Bytes(mysql.perConnection),
			"Amazon RDS for MySQL: default max_connections = memory / 12,582,880"),
		MaxConnections: given(unit.Count(mysql.connections),
			"Amazon RDS for MySQL: default max_connections at most 16,000"),
		Deploy:     judged(unit.Count(1.25), judgedInModel),
		SpareConns: judged(unit.Count(10), judgedInModel),
		MinVCPU:    judged(unit.Count(4), judgedInModel),
		Dataset:    defaultDataset(),
	}
	s.Space = judged(unit.Count(1.5), "indexes and deleted rows add half")
	s.DiskReads = judged(unit.Count(0.5), "most pages that are read are in memory")
	s.Page = given(unit.Bytes(16<<10), "MySQL 8.0 Reference Manual: innodb_page_size, 16KB by default")
	s.Amplification = judged(unit.Count(4), "redo log, doublewrite buffer, binary log and write-set cache")
	return s
}

type multiPrimarySizer struct {
	*fleet
	data    *dataset
	spec    *MultiPrimary
	machine leastNode
}

func (multiPrimaryKind) Prepare(c *Task) (Sizer, error) {
	s := &multiPrimarySizer{spec: c.Component.Spec.(*MultiPrimary)}
	err := errors.Join(noSLO(c),
		required(c, s.spec.CPURead, "cpu_read",
			"measure the CPU time of a read and write cpu_read: 0.5ms, or {value: 0.5ms, assumed: why}"),
		required(c, s.spec.CPUWrite, "cpu_write",
			"measure the CPU time of a write and write cpu_write: 1ms, or {value: 1ms, assumed: why}"))
	if err != nil {
		return nil, err
	}
	if s.fleet, err = newFleet(c, s.spec.Reference, "sql"); err != nil {
		return nil, err
	}
	if err := s.members(); err != nil {
		return nil, err
	}
	s.leastWhy = remark.New("multi_primary.least")
	for i := range s.regions {
		if rej := c.Policy.quorate(&s.regions[i], s.fleet.least); rej != nil {
			return nil, rej
		}
	}
	s.data = newDataset(c, &s.spec.Dataset, s.most)
	s.data.writes = float64(s.spec.WriteIO.V)
	s.machine = c.leastNode(catalog.Least{VCPU: s.spec.MinVCPU.V}, "", nil, nil)
	s.machine.small, s.machine.unsteady = remark.New("database.least_size"), remark.New("database.burstable")
	now := &s.data.now
	s.cpu = now.reads.Scale(float64(s.spec.CPURead.V)).Plus(now.writes.Scale(float64(s.spec.CPUWrite.V)))
	s.node, s.asks, s.offer, s.beside, s.describe = s.on, s.asking, s.bought, s.votes, s.said
	return s, nil
}

// members are how many there may be: an odd number, and of given ones what is there.
func (s *multiPrimarySizer) members() error {
	x, c := s.spec, s.c
	s.odd, s.most, s.fleet.least = true, int(x.MaxNodes.V), int(x.Nodes.V)
	if c.Policy.lossy() { // with three zones or more any larger odd number outlives a zone too
		outlives := survivors(1, capacity.NodeLost)
		if s.most < outlives {
			return &diag.Problem{Pos: x.MaxNodes.Pos,
				Hint: fmt.Sprintf("raise max_nodes to %d, or write survive: [region] for the component", outlives),
				Summary: fmt.Sprintf("component %q must survive the loss of a node or zone, which takes %d "+
					"members, and max_nodes is %d", c.Component.Name, outlives, s.most)}
		}
		s.fleet.least = max(s.fleet.least, outlives)
	}
	if pin := c.Component.Pin; pin != nil {
		s.most, s.odd = max(s.most, pin.Count.V.Max), pin.Count.V.Max%2 == 1
	}
	return nil
}

// Needs are nodes with volumes.
func (s *multiPrimarySizer) Needs() Needs {
	n := s.fleet.Needs()
	n.Storages = []Storage{{Volume: "gp3"}}
	return n
}

// Bound is that of a fleet, of types that are large enough.
func (s *multiPrimarySizer) Bound(t *catalog.NodeType, st Storage, least []float64) []Pool {
	if s.machine.short(t) {
		noneDo(least)
		return nil
	}
	return s.fleet.Bound(t, st, least)
}

// Floor is what the least members have on disks, and snapshots.
func (s *multiPrimarySizer) Floor(st Storage) Floor { return s.data.floor(st, s.fleet.least) }

// on rejects types that are too small.
func (s *multiPrimarySizer) on(n *fleetNode) *Rejection { return s.machine.reject(n.t) }

// asking is what reads, all writes and connections ask of a member of a type in a region.
func (s *multiPrimarySizer) asking(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	read, write, apply := float64(s.spec.CPURead.V), float64(s.spec.CPUWrite.V), float64(s.spec.Apply.V)
	cpu := s.data.copied(n.cpu.offered(), func(w *datasetWork) asked {
		return asked{each: w.writes.Scale(write * apply),
			once: w.reads.Scale(read).Plus(w.writes.Scale(write * (1 - apply)))}
	})
	clients, spare := s.clients(region), float64(s.spec.SpareConns.V)
	connections := s.data.held(capacity.Resource{Name: "connections"}, spare, float64(s.spec.MaxConnections.V),
		s.c.Policy.Connections, s.c.Policy.Connections)
	shared(&connections, clients)
	each := float64(s.spec.PerConnection.V)
	return s.data.needs(append(n.needs, cpu, connections), n.t, region,
		sessionMemory{float64(spare * each), float64(clients * each)})
}

// clients are the connections that come to all members of a region together.
func (s *multiPrimarySizer) clients(region int) float64 {
	return float64(s.c.clientsIn(s.regions[region].Index) * float64(s.spec.Deploy.V))
}

// bought adds the volumes of all members, and what they send each other.
func (s *multiPrimarySizer) bought(l *Layout, n *fleetNode) *Rejection {
	l.Usage = slices.Clone(s.data.snapshots)
	var sent flows
	for i := range n.pools {
		role, members := s.role(&s.regions[i], nil), n.pools[i].Max
		s.data.crossings(&sent, i, s.there(members))
		d, _, rej := s.data.disks(l, &role, i, members)
		if rej != nil {
			return rej
		}
		used := s.c.sizedFor(d.usage(s.c, n.pools[i].Region, float64(members),
			s.c.Component.Label()+" disks"), true)
		for k := range used {
			used[k].PerNode = true
		}
		l.Usage = append(l.Usage, used...)
	}
	l.Crossings = sent
	return nil
}

// there is how many members there are where so many are needed: given ones are as many as they are.
func (s *multiPrimarySizer) there(needed int) int {
	if pin := s.c.Component.Pin; pin != nil {
		return pin.Count.V.Max
	}
	return needed
}

// votes adds how many members are left to decide, of those that there are.
func (s *multiPrimarySizer) votes(l *Layout, _ *fleetNode, region int) {
	r := &s.regions[region]
	s.c.place(l, voting(l.Pools[region].Max, r.Zones, s.c.Policy.Survive), r.Index, "")
}

// said is what the numbers are and how they came about.
func (s *multiPrimarySizer) said(l *Layout, n *fleetNode) {
	members := l.Pools[0].Max
	l.Brief = remark.New("quorum.majority", "majority", majority(members), "members", members)
	for i := range n.pools {
		role, r := s.role(&s.regions[i], nil), &s.regions[i]
		l.Structure = append(l.Structure, remark.New("multi_primary.members", "in", r.Name, "members", l.Pools[i].Max,
			"majority", majority(l.Pools[i].Max), "bytes", s.data.kept[i]))
		if d, _, rej := s.data.disks(l, &role, i, n.pools[i].Max); rej == nil { // they fitted before
			l.has(s.c, &d, NodeDisks{Region: r.Index, Nodes: l.Pools[i].Max})
		}
	}
	time := s.data.kept[0] / moves(n.t, l.Storage, 1-s.c.Policy.Own)
	l.Grows = remark.New("multi_primary.grows", "bytes", s.data.kept[0], "time", time)
	if rej := s.machine.lacks(n.t); rej != nil { // given machines
		l.Warnings = append(l.Warnings, rej.Remark("nodes.guidance"))
	}
	if most := int(s.spec.MaxNodes.V); members > most {
		l.Warnings = append(l.Warnings, remark.New("multi_primary.more", "members", members, "most", most))
	}
	if members%2 == 0 {
		l.Warnings = append(l.Warnings, remark.New("multi_primary.even", "members", members))
	}
	l.derive = func() []remark.Step { return s.steps(n, members) }
}

// steps show the calculation, of so many members in the first region.
func (s *multiPrimarySizer) steps(n *fleetNode, members int) []remark.Step {
	all := func(l Linear) float64 { return l.Local + l.Global }
	reads, writes := all(s.data.now.reads), all(s.data.now.writes)
	read, write, apply := float64(s.spec.CPURead.V), float64(s.spec.CPUWrite.V), float64(s.spec.Apply.V)
	others := float64(members - 1)
	work := float64(reads*read) + float64(writes*write) + float64(writes*write*apply*others)
	steps := []remark.Step{needOf(capacity.CPU, remark.Derive("CPU at the peak of all users in the lead month",
		"inputs cpu_read, cpu_write, apply", cpuOf(work, s.ref.Name), "{reads} reads × {read}",
		"reads", unit.EventRate(reads), "read", unit.Given(s.spec.CPURead.V)).
		Plus("{writes} writes × {write}", "writes", unit.EventRate(writes), "write", unit.Given(s.spec.CPUWrite.V)).
		Plus("{writes} writes × {write} × {apply} × {others} other members", "writes", unit.EventRate(writes),
			"write", unit.Given(s.spec.CPUWrite.V), "apply", s.spec.Apply.V, "others", unit.WithDecimals(others, 0)))}
	steps = append(steps, n.cpu.steps(n.t, s.ref)...)
	connections := s.clients(0) + float64(float64(s.spec.SpareConns.V)*float64(members))
	steps = append(steps, remark.Derive("connections at all members", "inputs deploy_factor, spare_connections",
		unit.WithDecimals(connections, 1),
		"clients·deploy + spare·members = {clients} × {deploy} + {spare} × {members}",
		"clients", unit.WithDecimals(s.c.clientsIn(s.regions[0].Index), 0), "deploy", float64(s.spec.Deploy.V),
		"spare", unit.WithDecimals(float64(s.spec.SpareConns.V), 0), "members", members))
	return append(steps, s.data.steps(members)...)
}
