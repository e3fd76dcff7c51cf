package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// heap is what Elasticsearch gets of a node's memory.
func heap(t *catalog.NodeType) float64 { return math.Min(maxHeap, float64(t.Memory)/2) }

func (s *searchSizer) Needs() Needs {
	storages := []Storage{{Volume: "gp3"}, {Volume: VolumeLocal}}
	if len(s.spec.Storage) > 0 {
		storages = storages[:0]
		for _, v := range s.spec.Storage {
			storages = append(storages, Storage{Volume: v})
		}
	}
	least := make([]float64, len(s.c.Flow.Demand.Regions))
	for i := range s.regions {
		least[s.regions[i].Index] = float64(s.structural())
	}
	return Needs{Nodes: true, Storages: storages, MinNodes: least}
}

// structural is the least number of nodes: three that may be master where the
// cluster must go on without one of them, and one for each copy.
func (s *searchSizer) structural() int {
	n := int(s.copies)
	if s.lossy() {
		n = max(n, masters)
	}
	return n
}

// searchNode is a node type with its storage, and what the load asks of it.
type searchNode struct {
	t     *catalog.NodeType
	st    Storage
	speed catalog.Speed
	work  []capacity.Need // of CPU, which is first, network and disks
}

// searchPool is what Fit found for a region.
type searchPool struct {
	data  int            // nodes with shards
	by    capacity.Bound // what decided their number
	disks disks
	need  diskNeed
	late  diskLoad // of one node's disks while workers catch up
}

func (s *searchSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	l, rej := s.fit(t, st)
	if rej != nil {
		rej.Type, rej.Storage = t, st
		return nil, rej
	}
	return l, nil
}

func (s *searchSizer) fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	if h := heap(t); h < float64(s.spec.MinHeap.V) {
		return nil, &Rejection{Resource: "memory", Need: 2 * float64(s.spec.MinHeap.V), Have: float64(t.Memory),
			Unit: "B", Why: remark.New("search.heap")}
	}
	node, rej := s.node(t, st, s.ofWork[:0])
	if rej != nil {
		return nil, rej
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, 2*len(s.regions)), Crossings: s.network}
	pools := make([]searchPool, len(s.regions))
	for i := range s.regions {
		r, p := &s.regions[i], &pools[i]
		if *p, rej = s.pool(r, node); rej != nil {
			return nil, rej
		}
		l.Pools = append(l.Pools, Fixed(r.Index, "", p.data))
		if s.dedicated(p.data) {
			role := s.masters(r)
			n, _ := role.Least()
			l.Pools = append(l.Pools, Fixed(r.Index, "master", n))
		}
		label := s.c.Component.Label() + " disks"
		l.Usage = append(l.Usage, p.disks.usage(s.c, r.Index, float64(p.data), label)...)
	}
	l.Usage = append(l.Usage, s.snapshot...)
	if have := node.work[0].In[capacity.Own].Have; s.queue(have, float64(t.VCPU)) != nil {
		l.Queue = &RequestQueue{Node: *s.queue(have, float64(t.VCPU)), Have: have, Request: float64(s.spec.CPUQuery.V)}
	}
	l.Counted = true
	l.Describe = func(l *Layout) {
		node, _ := s.node(t, st, nil) // it fitted before, so it is not rejected now
		s.describe(l, node, pools)
	}
	return l, nil
}

// pool sizes the data nodes of a region and their disks.
func (s *searchSizer) pool(r *searchRegion, node *searchNode) (p searchPool, rej *Rejection) {
	role := s.role(r, node, s.ofRole[:0])
	if p.data, p.by = role.Least(); p.data > capacity.MaxNodes {
		return p, tooMany(&p.by)
	}
	p.need, p.late = s.disk(r, &role, p.data), s.lateDisk(r, p.data)
	p.disks, rej = s.c.disksLate(node.t, node.st, &p.need, p.late)
	return p, rej
}

// role is all that decides the number of a region's data nodes, appended to needs:
// what the load asks of them, and what they hold.
func (s *searchSizer) role(r *searchRegion, node *searchNode, needs []capacity.Need) capacity.Role {
	needs = append(needs, node.work...)
	needs = append(needs, s.inMemory(r, node.t))
	if room := s.room(node.t, node.st); room > 0 {
		needs = append(needs, s.onDisk(r, room))
	}
	shards := float64(r.shards) * s.copies
	needs = append(needs, holding(capacity.Resource{Name: "shards"}, shards, s.shardsPerNode(node.t)))
	role := s.c.role(&r.Location, needs)
	role.Floor = s.structural()
	return role
}

// masters is the role of the dedicated masters. They carry no load: of three, two
// must be left.
func (s *searchSizer) masters(r *searchRegion) capacity.Role {
	role := s.c.role(&r.Location, nil)
	role.Floor = masters
	return role
}

// dedicated tells whether a cluster with so many data nodes has masters of its own.
func (s *searchSizer) dedicated(data int) bool { return s.lossy() && data >= dedicatedFrom }

// holding is the need for something that a cluster holds whatever the hour: bytes,
// shards. What a lost node held is rebuilt on the other nodes. What a lost zone
// holding is not, as the zones left have a copy of it already and may not get another
// (allocation awareness); so nothing is checked there.
func holding(of capacity.Resource, amount, have float64) capacity.Need {
	n := capacity.Need{Of: of}
	side := capacity.Balance{Each: capacity.Claim{Held: amount}, Have: have, Target: 1, Checked: true}
	n.In[capacity.Own], n.In[capacity.NodeLost] = side, side
	return n
}

// inMemory is the data that the memory of a node serves.
func (s *searchSizer) inMemory(r *searchRegion, t *catalog.NodeType) capacity.Need {
	n := holding(memoryForData, float64(r.stored), float64(t.Memory)*s.spec.dataPerMemory())
	n.Why = remark.Remark{Key: "search.data_per_memory"}
	return n
}

// memoryForData is what memory bounds: the bytes on disk of which it keeps enough.
var memoryForData = capacity.Resource{Name: "memory for the data", Unit: "B"}

// onDisk is the data on the disks of nodes that have so much room each. A lost
// region's users bring log lines in addition.
func (s *searchSizer) onDisk(r *searchRegion, room float64) capacity.Need {
	n := holding(capacity.DiskBytes, float64(r.stored), room)
	n.In[capacity.Own].Target = s.c.Policy.Disk
	n.In[capacity.NodeLost].Target = float64(s.spec.DiskRebuilt.V)
	if r.extra > 0 {
		n.In[capacity.RegionLost] = n.In[capacity.NodeLost]
		n.In[capacity.RegionLost].Each.Held += float64(r.extra)
	}
	return n
}

// shardsPerNode is how many shards a node may hold: cluster.max_shards_per_node
// and, before 8.3, guidance for each GiB of heap.
func (s *searchSizer) shardsPerNode(t *catalog.NodeType) float64 {
	x := &s.c.Limits.Search
	n := float64(x.ShardsPerNode)
	if s.spec.heapBoundsShards() {
		n = math.Min(n, math.Max(1, math.Floor(float64(x.ShardsPerHeapGiB)*heap(t)/gib)))
	}
	return n
}

// room is the bytes of a node's disks where it cannot be chosen, else the most
// that volumes of an instance hold.
func (s *searchSizer) room(t *catalog.NodeType, st Storage) float64 {
	if st.Volume == VolumeLocal {
		return float64(t.Local.Bytes)
	}
	if v, ok := s.c.Limits.Volume(st.Volume); ok {
		return float64(v.MaxSize) * maxVolumes
	}
	return 0
}

// node is a type with what the load asks of it, appended to work.
func (s *searchSizer) node(t *catalog.NodeType, st Storage, work []capacity.Need) (*searchNode, *Rejection) {
	speed, err := s.c.Speeds.Speed(t, catalog.ClassSearchIndex, s.ref)
	if err != nil {
		return nil, unknownSpeed(err)
	}
	cpu := s.c.need(capacity.CPU, s.now.cpu, s.late.cpu, speed.RefVCPUs)
	if rej := s.slo(&cpu, float64(t.VCPU)); rej != nil {
		return nil, rej
	}
	work = s.c.network(append(work, cpu), t, networkLoad{s.now.in, s.now.out}, networkLoad{s.late.in, s.late.out})
	return &searchNode{t: t, st: st, speed: speed, work: s.diskWork(work, t, st)}, nil
}

// diskWork appends what the disks do, as far as the node bounds it. What is not
// in the tables is left to disks, which then rejects the type.
func (s *searchSizer) diskWork(needs []capacity.Need, t *catalog.NodeType, st Storage) []capacity.Need {
	if st.Volume == VolumeLocal {
		need, have := s.now.local(t, st)
		late, _ := s.late.local(t, st)
		if have.OK {
			needs = append(needs, s.c.need(capacity.DiskIOPS, need, late, have.V))
		}
		return needs
	}
	v, ok := s.c.Limits.Volume(st.Volume)
	if !ok {
		return needs
	}
	ops, bytes := s.now.ebs(st, v)
	lateOps, lateBytes := s.late.ebs(st, v)
	note := t.EBSNote()
	if have := ebsIOPS(t); have.OK {
		need := s.c.need(capacity.EBSIOPS, ops, lateOps, math.Min(have.V, float64(v.MaxIOPS)*maxVolumes))
		need.Why = note
		needs = append(needs, need)
	}
	if have := t.EBS.BaselineThroughput; have.OK {
		need := s.c.need(capacity.EBSBandwidth, bytes, lateBytes, math.Min(have.V, float64(v.MaxThroughput)*maxVolumes))
		need.Why = note
		needs = append(needs, need)
	}
	return needs
}

// local is what local disks do and can do, as localLoad counts it.
func (w *searchWork) local(t *catalog.NodeType, st Storage) (need Linear, have catalog.Known) {
	a, b := w.disk(1, 0), w.disk(0, 1)
	need.Local, have = localLoad(t, st, &a, st.leastDisks())
	need.Global, _ = localLoad(t, st, &b, st.leastDisks())
	return need, have
}

// ebs is what volumes do: operations/s and bytes/s.
func (w *searchWork) ebs(st Storage, v *catalog.VolumeLimits) (ops, bytes Linear) {
	a, b := w.disk(1, 0), w.disk(0, 1)
	ops.Local, bytes.Local = ebsLoad(st, v, &a, searchBlock, 1)
	ops.Global, bytes.Global = ebsLoad(st, v, &b, searchBlock, 1)
	return ops, bytes
}

// disk is what all disks of a cluster do at some multipliers.
func (w *searchWork) disk(local, global float64) diskLoad {
	m := capacity.Hour{Local: local, Global: global}
	return diskLoad{Reads: w.reads.Own(m), In: w.written.Own(m)}
}

// queue is a node as a queue for queries; nil without any.
func (s *searchSizer) queue(cpu, servers float64) *queueing.Node {
	work := float64(s.spec.CPUQuery.V)
	if work <= 0 || s.now.queries == (Linear{}) {
		return nil
	}
	return &queueing.Node{Servers: servers, Service: work * servers / cpu, ArrivalSCV: 1, ServiceSCV: 1}
}

// slo lowers what a node's CPU may carry to what the response time of queries
// allows: the node is a queue with one server a vCPU (docs/model.md section 3).
func (s *searchSizer) slo(cpu *capacity.Need, servers float64) *Rejection {
	node := s.queue(cpu.In[capacity.Own].Have, servers)
	if node == nil || s.c.Policy.SLO == (ResponseAims{}) && s.c.Policy.SLODegraded == (ResponseAims{}) {
		return nil
	}
	work := float64(s.spec.CPUQuery.V)
	own, rej := underSLO(*node, s.c.Policy.Own, s.c.Policy.SLO)
	if rej != nil {
		return rej
	}
	degraded, rej := underSLO(*node, s.c.Policy.Degraded, s.c.Policy.SLODegraded)
	if rej != nil {
		return rej
	}
	why := remark.Remark{Key: "search.response"}
	for state := range cpu.In {
		side := &cpu.In[state]
		x := degraded * work
		switch capacity.State(state) {
		case capacity.Own:
			x = own * work
		case capacity.CatchUp:
			continue // all that the node has
		}
		if x < side.Have*side.Target*(1-1e-9) {
			side.Target, cpu.Why = x/side.Have, why
		}
	}
	return nil
}

// disk is what the disks of one of n nodes must carry: the most of all states.
func (s *searchSizer) disk(r *searchRegion, role *capacity.Role, n int) diskNeed {
	const slack = 1 - 1e-9 // as everywhere: what fits but for rounding fits
	m, data := r.Groups[0], s.onDisk(r, 0)
	out := diskNeed{Block: searchBlock}
	bytes := 0.0
	for state := capacity.Own; state <= capacity.RegionLost; state++ {
		if !role.Checks(state) {
			continue
		}
		left := float64(role.Left(state, n))
		if side := &data.In[state]; side.Checked {
			// The volumes are bought for the policy's part of their bytes. Where a
			// state may fill them further, it asks for that much less.
			bytes = math.Max(bytes, side.Each.Held/left*(s.c.Policy.Disk/side.Target))
		}
		load := s.now.disk(m.Local, m.Global)
		if state == capacity.RegionLost {
			load = s.now.disk(m.LostLocal, m.LostGlobal)
		}
		load = load.scale(slack / left)
		if state == capacity.Own {
			out.Own = load
			continue
		}
		out.Degraded.Reads = math.Max(out.Degraded.Reads, load.Reads)
		out.Degraded.In = math.Max(out.Degraded.In, load.In)
	}
	out.Bytes = unit.ReplicatedBytes(bytes * slack)
	return out
}

// lateDisk is what the disks of one of n nodes do while workers catch up.
func (s *searchSizer) lateDisk(r *searchRegion, n int) diskLoad {
	if s.late.written == (Linear{}) && s.late.reads == (Linear{}) {
		return diskLoad{}
	}
	m := r.Groups[0]
	own, more := s.now.disk(m.Local, m.Global), s.late.disk(m.Local, m.Global)
	return diskLoad{Reads: own.Reads + more.Reads, In: own.In + more.In}.scale((1 - 1e-9) / float64(n))
}
