package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/unit"
)

// holding is something that a cluster holds whatever the hour: bytes, shards.
// A lost node's part is rebuilt on the others; a lost zone's is not, as its
// copies may not lie in a zone that has one already (allocation awareness).
type holding struct {
	name, unit     string
	need, lost     float64 // of the cluster; while another region is lost
	have           float64 // of one node
	own, degraded  float64 // highest part of it
	targetAtRegion float64
	why            string
}

// nodes is the least number of nodes that can hold it, in each state.
func (h *holding) nodes(state capacity.State) int {
	switch state {
	case capacity.NodeLost:
		return capacity.Ceil(h.need/(h.have*h.degraded)) + 1
	case capacity.RegionLost:
		return capacity.Ceil(h.lost / (h.have * h.targetAtRegion))
	}
	return capacity.Ceil(h.need / (h.have * h.own))
}

// states are those in which a holding is checked.
func (h *holding) states(p *Policy) []capacity.State {
	out := make([]capacity.State, 1, 3)
	out[0] = capacity.Own
	if p.Node {
		out = append(out, capacity.NodeLost)
	}
	if p.Region && h.lost > h.need {
		out = append(out, capacity.RegionLost)
	}
	return out
}

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

// searchPool is what Fit found for a region.
type searchPool struct {
	data  int // nodes with shards
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
		return nil, &Rejection{Resource: "memory", Need: 2 * float64(s.spec.MinHeap.V), Have: float64(t.Memory), Unit: "B", Detail: "half of it is heap"}
	}
	res, speed, rej := s.resources(t, st)
	if rej != nil {
		return nil, rej
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, 2*len(s.regions)), Flows: s.network}
	pools := make([]searchPool, len(s.regions))
	for i := range s.regions {
		r := &s.regions[i]
		n, rej := s.nodes(r, res, t, st)
		if rej != nil {
			return nil, rej
		}
		p := searchPool{data: n, need: s.disk(r, n), late: s.lateDisk(r, n)}
		if p.disks, rej = s.c.disksLate(t, st, &p.need, p.late); rej != nil {
			return nil, rej
		}
		pools[i] = p
		l.Pools = append(l.Pools, Fixed(r.Index, "", n))
		if s.lossy() && n >= dedicatedFrom {
			l.Pools = append(l.Pools, Fixed(r.Index, "master", masters))
		}
		l.Usage = append(l.Usage, p.disks.usage(s.c, r.Index, float64(n), s.c.Component.Label()+" disks")...)
	}
	l.Usage = append(l.Usage, s.snapshot...)
	l.Queue = s.queue(res[0].In[capacity.Own].Have, float64(t.VCPU))
	l.Describe = func(l *Layout) { s.describe(l, res, speed, pools) }
	return l, nil
}

// Bound is how many nodes it takes to serve the data from memory and for the
// CPU time, whatever the disks and without an SLO.
func (s *searchSizer) Bound(t *catalog.NodeType, least []float64) {
	var cpu []capacity.Need
	if speed, err := s.c.Speeds.Speed(t, catalog.ClassSearchIndex, s.ref); err == nil {
		cpu = []capacity.Need{s.c.need(capacity.CPU, s.now.cpu, s.late.cpu, speed.RefVCPUs*(1+1e-6))}
	}
	for i := range s.regions {
		r := &s.regions[i]
		role := s.c.role(&r.Region, cpu)
		n, _ := role.Least()
		least[r.Index] = max(least[r.Index], float64(n))
		h := s.inMemory(r, t)
		for _, state := range h.states(&s.c.Policy) {
			least[r.Index] = max(least[r.Index], float64(h.nodes(state)))
		}
	}
}

// Floor is the data on volumes that are as full as they may be, and snapshots.
func (s *searchSizer) Floor(st Storage) []Usage {
	out := slices.Clone(s.snapshot)
	if st.Volume == VolumeLocal {
		return out
	}
	for i := range s.regions {
		r := &s.regions[i]
		out = append(out, Usage{Region: r.Index, Service: "ebs", Item: st.Volume + " storage", Category: "storage",
			Quantity: float64(r.stored) / s.c.Policy.Disk / gib * (1 - 1e-6)})
	}
	return out
}

// nodes sizes the data nodes of a region.
func (s *searchSizer) nodes(r *searchRegion, res []capacity.Need, t *catalog.NodeType, st Storage) (int, *Rejection) {
	role := s.c.role(&r.Region, res)
	n, by := role.Least()
	if n > capacity.MaxNodes {
		return 0, tooMany(&by)
	}
	n = max(n, s.structural())
	for _, h := range s.holdings(r, t, st) {
		for _, state := range h.states(&s.c.Policy) {
			k := h.nodes(state)
			if k > capacity.MaxNodes {
				return 0, &Rejection{Resource: h.name, Need: h.need, Have: h.have * capacity.MaxNodes, Unit: h.unit, Detail: "on a million nodes"}
			}
			n = max(n, k)
		}
	}
	return n, nil
}

// holdings are what the nodes of a region hold, and what one of them can.
func (s *searchSizer) holdings(r *searchRegion, t *catalog.NodeType, st Storage) []holding {
	stored, lost := float64(r.stored), float64(r.stored)+float64(r.extra)
	out := make([]holding, 0, 3)
	out = append(out, s.inMemory(r, t))
	if room := s.room(t, st); room > 0 {
		out = append(out, holding{name: "disk bytes", unit: "B", need: stored, lost: lost, have: room, own: s.c.Policy.Disk,
			degraded: float64(s.spec.DiskRebuilt.V), targetAtRegion: float64(s.spec.DiskRebuilt.V)})
	}
	shards := float64(r.shards) * s.copies
	return append(out, holding{name: "shards", need: shards, lost: shards, have: s.shardsPerNode(t), own: 1, degraded: 1})
}

// inMemory is the data that the memory of a node serves.
func (s *searchSizer) inMemory(r *searchRegion, t *catalog.NodeType) holding {
	return holding{name: "memory for the data", unit: "B", need: float64(r.stored), lost: float64(r.stored),
		have: float64(t.Memory) * s.spec.dataPerMemory(), own: 1, degraded: 1,
		why: "memory × the bytes of data that one of it serves"}
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

// resources are what the load asks of the nodes, and what one of them has.
func (s *searchSizer) resources(t *catalog.NodeType, st Storage) ([]capacity.Need, catalog.Speed, *Rejection) {
	speed, err := s.c.Speeds.Speed(t, catalog.ClassSearchIndex, s.ref)
	if err != nil {
		return nil, speed, &Rejection{Resource: "speed", Detail: err.Error()}
	}
	cpu := s.c.need(capacity.CPU, s.now.cpu, s.late.cpu, speed.RefVCPUs)
	if rej := s.slo(&cpu, float64(t.VCPU)); rej != nil {
		return nil, speed, rej
	}
	res := make([]capacity.Need, 1, 5)
	res[0] = cpu
	res = s.c.network(res, t, networkLoad{s.now.in, s.now.out}, networkLoad{s.late.in, s.late.out})
	return s.diskResources(res, t, st), speed, nil
}

// diskResources append what the disks do, as far as the node bounds it. What
// is not in the tables is left to disks, which then rejects the type.
func (s *searchSizer) diskResources(res []capacity.Need, t *catalog.NodeType, st Storage) []capacity.Need {
	if st.Volume == VolumeLocal {
		need, have := s.now.local(t, st)
		late, _ := s.late.local(t, st)
		if have.OK {
			res = append(res, s.c.need(capacity.DiskIOPS, need, late, have.V))
		}
		return res
	}
	v, ok := s.c.Limits.Volume(st.Volume)
	if !ok {
		return res
	}
	ops, bytes := s.now.ebs(st, v)
	lateOps, lateBytes := s.late.ebs(st, v)
	note := t.EBSNote()
	if have := ebsIOPS(t); have.OK {
		need := s.c.need(capacity.EBSIOPS, ops, lateOps, math.Min(have.V, float64(v.MaxIOPS)*maxVolumes))
		need.Why = note
		res = append(res, need)
	}
	if have := t.EBS.BaselineThroughput; have.OK {
		need := s.c.need(capacity.EBSBandwidth, bytes, lateBytes, math.Min(have.V, float64(v.MaxThroughput)*maxVolumes))
		need.Why = note
		res = append(res, need)
	}
	return res
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
	if node == nil || s.c.Policy.SLO == (SLO{}) && s.c.Policy.SLODegraded == (SLO{}) {
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
	const why = "response time of queries"
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

// disk is what the disks of one of n nodes must carry.
func (s *searchSizer) disk(r *searchRegion, n int) diskNeed {
	const slack = 1 - 1e-9 // as everywhere: what fits but for rounding fits
	p, k := &s.c.Policy, float64(n)
	// disks puts bytes at the policy's target. Where a lost node's shards, or
	// a lost region's log lines, take more, that is what is bought.
	after := p.Disk / float64(s.spec.DiskRebuilt.V)
	bytes := float64(r.stored) / k
	if p.Node {
		bytes = math.Max(bytes, float64(r.stored)/(k-1)*after)
	}
	if p.Region && r.extra > 0 {
		bytes = math.Max(bytes, (float64(r.stored)+float64(r.extra))/k*after)
	}
	m := r.Groups[0]
	own := s.now.disk(m.Local, m.Global)
	out := diskNeed{Bytes: unit.ReplicatedBytes(bytes * slack), Block: searchBlock, Own: own.scale(slack / k)}
	worst := func(l diskLoad, left int) {
		if left <= 0 {
			return
		}
		l = l.scale(slack / float64(left))
		out.Degraded.Reads = math.Max(out.Degraded.Reads, l.Reads)
		out.Degraded.In = math.Max(out.Degraded.In, l.In)
	}
	if p.Node {
		worst(own, n-1)
	}
	if p.Zone && r.Zones > 1 {
		worst(own, n-(n+r.Zones-1)/r.Zones)
	}
	if p.Region {
		worst(s.now.disk(m.LostLocal, m.LostGlobal), n)
	}
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
