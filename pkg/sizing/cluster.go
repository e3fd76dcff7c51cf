package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Cluster is a store that divides its data by itself over nodes that are alike, such as a
// document store (a MongoDB replica set, or shards that are one each), Cassandra, or the
// bitmap index Pilosa (docs/model.md section 5, cluster). Each part of the data has a few
// copies; parts are many and even, so that the nodes share everything. Each region has a
// cluster with all of the data, to which all regions write.
type Cluster struct {
	strict.At
	// Copies of each part of the data in a region, with as many zones in different ones; without it
	// 3 where a node or zone loss must be survived, else 1.
	Copies *strict.Value[unit.Count] `yaml:"copies" min:"1" max:"7" whole:"true"`
	// For which copies a write waits: majority goes on while most of them are left, and loses
	// nothing; one goes on with the last, and may lose what others did not get.
	WriteQuorum string `yaml:"write_quorum" enum:"majority|one"`
	// CPU time of a read, which one copy answers, on one vCPU of the reference type.
	CPURead strict.Value[unit.Duration] `yaml:"cpu_read"`
	// CPU time of a write for each of its copies, merging included.
	CPUWrite strict.Value[unit.Duration] `yaml:"cpu_write"`
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Least vCPUs of a node.
	MinVCPU strict.Value[unit.Count] `yaml:"min_vcpu" min:"0"`
	// Least memory of a node.
	MinMemory strict.Value[unit.Bytes] `yaml:"min_memory"`
	Dataset
	// Highest part of the disks once the copies of a lost node or zone are made again on those
	// that are left.
	Rebuilt strict.Value[unit.Fraction] `yaml:"disk_rebuilt" min:"0.01" max:"1"`
}

// Check refuses an even number of copies of which most must agree: the last adds work and
// no failure that is outlived.
func (s *Cluster) Check(c *strict.Checker) {
	if s.Copies != nil && s.WriteQuorum == "majority" && int(s.Copies.V)%2 != 1 {
		c.Errorf(s.Copies.Pos, "use 3 or 5, or write_quorum: one",
			"%s copies: an odd number outlives as many failures with fewer", s.Copies.V)
	}
}

// Keeps says that it is where data is.
func (*Cluster) Keeps() workload.Keeping { return workload.Keeping{Data: true} }

type clusterKind struct{}

func (clusterKind) Word() string { return "cluster" }

func (clusterKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeAll, Fails: spec.(*Cluster).fails}
}

// fails: parts of the data are many, each of which has a few copies, in every region.
func (s *Cluster) fails(c *Task, l *Layout) Failing {
	f := equals(l, 1, c.copiesOf(counted(s.Copies), 3))
	f.Keeps, f.Mirrored, f.Acks, f.Copied = true, true, 1, s.Snapshotted.of(c)
	if s.WriteQuorum == "majority" {
		f.Acks = majority(f.Copies)
	}
	return f
}

func (clusterKind) Spec() any {
	s := &Cluster{
		WriteQuorum: "majority",
		CPURead:     judged(unit.Duration(200e-6), "a document by its key, or a few rows"),
		CPUWrite:    judged(unit.Duration(300e-6), "journal, index, and its part of merging"),
		Reference:   judged(DefaultReference, "a current general-purpose type that was measured"),
		MinVCPU:     judged(unit.Count(2), "merging goes on beside requests"),
		MinMemory:   judged(unit.Bytes(8<<30), "less than this is mostly the process itself"),
		Dataset:     defaultDataset(),
		Rebuilt:     judged(unit.Fraction(0.85), "as of an index: new copies are made up to 85 % of a disk"),
	}
	s.Space = judged(unit.Count(1.5), "indexes and versions that are not merged yet add half")
	s.DiskReads = judged(unit.Count(0.5), "most of what is read is in memory")
	s.Page = judged(unit.Bytes(16<<10), "a block of documents or rows, compressed")
	s.Amplification = judged(unit.Count(5), "journal and flush once each, and about three merges")
	return s
}

type clusterSizer struct {
	*fleet
	data    *dataset
	spec    *Cluster
	machine leastNode
	flows   flows
}

func (clusterKind) Prepare(c *Task) (Sizer, error) {
	s := &clusterSizer{spec: c.Component.Spec.(*Cluster)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	copies, err := c.copies(s.spec.Copies, counted(s.spec.Copies), 3, "one copy", "copies to 3")
	if err != nil {
		return nil, err
	}
	if s.fleet, err = newFleet(c, s.spec.Reference, "sql"); err != nil {
		return nil, err
	}
	s.data = newDataset(c, &s.spec.Dataset, copies)
	s.data.rebuilt = float64(s.spec.Rebuilt.V)
	s.machine = c.leastNode(catalog.Least{VCPU: s.spec.MinVCPU.V, Memory: s.spec.MinMemory.V}, "", nil, nil)
	s.machine.small, s.machine.unsteady = remark.New("nodes.small"), remark.New("cluster.burstable")
	read, write := float64(s.spec.CPURead.V), float64(s.spec.CPUWrite.V)
	// Of one copy: fewer nodes than copies have fewer.
	s.fleet.cpu = s.data.now.reads.Scale(read).Plus(s.data.now.writes.Scale(write))
	s.fleet.least, s.leastWhy = copies, remark.New("cluster.copies", "copies", copies)
	s.zoned = c.Policy.Zone && copies > 1
	for i := range s.regions {
		if s.spec.WriteQuorum == "majority" {
			if rej := c.Policy.quorate(&s.regions[i], copies); rej != nil {
				return nil, rej
			}
		}
		s.data.crossings(&s.flows, i, copies)
	}
	s.fleet.node, s.asks, s.offer, s.describe = s.on, s.asking, s.bought, s.said
	return s, nil
}

// Needs are nodes with volumes.
func (s *clusterSizer) Needs() Needs {
	n := s.fleet.Needs()
	n.Storages = []Storage{{Volume: "gp3"}}
	return n
}

// Bound is that of a fleet, of types that are large enough.
func (s *clusterSizer) Bound(t *catalog.NodeType, st Storage, least []float64) []Pool {
	if s.machine.short(t) {
		noneDo(least)
		return nil
	}
	return s.fleet.Bound(t, st, least)
}

// Floor is what all copies take on disks, snapshots and what copies are sent.
func (s *clusterSizer) Floor(st Storage) Floor {
	out := s.data.floor(st, s.data.copies)
	out.Crossings = s.flows
	return out
}

// on rejects types that are too small.
func (s *clusterSizer) on(n *fleetNode) *Rejection { return s.machine.reject(n.t) }

// asking is what reads and copies ask of a node of a type in a region.
func (s *clusterSizer) asking(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	cpu := s.data.copied(n.cpu.offered(), func(w *datasetWork) asked {
		return asked{each: w.writes.Scale(float64(s.spec.CPUWrite.V)), once: w.reads.Scale(float64(s.spec.CPURead.V))}
	})
	return s.data.needs(append(n.needs, cpu), n.t, region, sessionMemory{})
}

// bought adds the volumes of all nodes, and what is billed beside them.
func (s *clusterSizer) bought(l *Layout, n *fleetNode) *Rejection {
	l.Crossings, l.Usage = s.flows, slices.Clone(s.data.snapshots)
	for i := range n.pools {
		role := s.role(&s.regions[i], nil)
		d, _, rej := s.data.disks(l, &role, i, n.pools[i].Max)
		if rej != nil {
			return rej
		}
		l.Usage = append(l.Usage, s.c.sizedFor(d.usage(s.c, n.pools[i].Region, float64(n.pools[i].Max),
			s.c.Component.Label()+" disks"), true)...)
	}
	return nil
}

// said is what the numbers are and how they came about.
func (s *clusterSizer) said(l *Layout, n *fleetNode) {
	waits := 1
	if s.spec.WriteQuorum == "majority" {
		waits = majority(s.data.copies)
	}
	l.Brief = remark.New("cluster.brief", "copies", s.data.copies)
	for i := range n.pools {
		role, r := s.role(&s.regions[i], nil), &s.regions[i]
		l.Structure = append(l.Structure, remark.New("cluster.kept", "in", r.Name, "copies", s.data.copies,
			"waits", waits, "bytes", s.data.kept[i]))
		if d, _, rej := s.data.disks(l, &role, i, n.pools[i].Max); rej == nil { // they fitted before
			l.has(s.c, &d, NodeDisks{Region: r.Index, Nodes: l.Pools[i].Max})
		}
	}
	part := s.data.kept[0] * float64(s.data.copies) / float64(l.Pools[0].Max+1)
	l.Grows = remark.New("cluster.grows", "bytes", part, "time", part/moves(n.t, l.Storage, 1-s.c.Policy.Own))
	if s.data.copies > 1 && waits == 1 {
		l.Warnings = append(l.Warnings, remark.New("cluster.one"))
	}
	if rej := s.machine.lacks(n.t); rej != nil { // given machines
		l.Warnings = append(l.Warnings, rej.Remark("nodes.guidance"))
	}
	l.derive = func() []remark.Step {
		all := func(l Linear) float64 { return l.Local + l.Global }
		read, write := unit.Given(s.spec.CPURead.V), unit.Given(s.spec.CPUWrite.V)
		reads, writes := all(s.data.now.reads), all(s.data.now.writes)
		work := float64(reads*float64(s.spec.CPURead.V)) +
			float64(writes*float64(s.spec.CPUWrite.V)*float64(s.data.copies))
		steps := []remark.Step{needOf(capacity.CPU, remark.Derive("CPU at the peak of all users in the lead month",
			"inputs cpu_read, cpu_write", cpuOf(work, s.ref.Name), "{reads} reads × {read}",
			"reads", unit.EventRate(reads), "read", read).
			Plus("{writes} writes × {write} × {copies} copies", "writes", unit.EventRate(writes), "write", write,
				"copies", s.data.copies))}
		return append(append(steps, n.cpu.steps(n.t, s.ref)...), s.data.steps(s.data.copies)...)
	}
}
