package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
)

// This file is what one node of a type has, and what a cluster asks of its nodes.

// searchNode is a node type with its storage.
type searchNode struct {
	t   *catalog.NodeType
	st  Storage
	cpu nodeCPU
}

// heap is what Elasticsearch gets of a node's memory.
func heap(t *catalog.NodeType) float64 { return math.Min(maxHeap, float64(t.Memory)/2) }

// node is a type that is large enough for a data node, or that is given.
func (s *searchSizer) node(t *catalog.NodeType, st Storage) (*searchNode, *Rejection) {
	if rej := s.least.reject(t); rej != nil {
		return nil, rej
	}
	cpu, rej := s.c.nodeCPU(t, catalog.ClassSearchIndex, s.ref)
	return &searchNode{t, st, cpu}, rej
}

// asked is what a cluster asks of a resource: of each copy of its shards, and once
// in addition however many copies there are.
type asked struct{ each, once Linear }

// plus adds.
func (a asked) plus(b asked) asked { return asked{a.each.Plus(b.each), a.once.Plus(b.once)} }

// placed turns a need that nodes share evenly into that of an arrangement's shards,
// of one of its clusters.
func (x *arrangement) placed(n capacity.Need, now, late asked) capacity.Need {
	part := 1 / float64(x.clusters)
	n.Copies, n.Parts = x.copies, x.primaries
	for state := range n.In {
		side, a := &n.In[state], now
		if capacity.State(state) == capacity.CatchUp {
			a = now.plus(late)
		}
		if side.Checked {
			side.Each.Load, side.Once.Load = a.each.Scale(part), a.once.Scale(part)
		}
	}
	return n
}

// shared is a need at the policy's targets for placed.
func (s *searchSizer) shared(of capacity.Resource, have float64) capacity.Need {
	return s.catching(s.c.offered(of, have))
}

// catching lets a need be checked while workers catch up, if any do.
func (s *searchSizer) catching(n capacity.Need) capacity.Need {
	n.In[capacity.CatchUp].Checked = s.late != (searchWork{})
	return n
}

// needs is what an arrangement asks of the nodes of each of its clusters, appended
// to out: CPU first, shards last.
func (s *searchSizer) needs(r *searchRegion, node *searchNode, x *arrangement,
	out []capacity.Need) ([]capacity.Need, *Rejection) {
	cpu, rej := s.cpu(node, x)
	if rej != nil {
		return nil, rej
	}
	out = append(out, cpu)
	if s.c.NetworkKnown {
		receive, send := s.c.networkOffered(node.t)
		// The node that takes a document sends it to each replica.
		sent := func(w *searchWork, clients Linear) asked {
			return asked{once: clients.Plus(w.ingest.Scale(float64(x.copies - 1)))}
		}
		out = append(out, x.placed(s.catching(receive), sent(&s.now, s.now.in), sent(&s.late, s.late.in)),
			x.placed(s.catching(send), sent(&s.now, s.now.out), sent(&s.late, s.late.out)))
	}
	out = s.diskWork(out, node, x)
	out = append(out, s.memory(r, node, x))
	if room := s.volumes(node.t, node.st); room > 0 {
		out = append(out, s.onDisk(r, x, room))
	}
	return append(out, x.held(s.shardsPerNode(node.t))), nil
}

// memory is the data of which a node's memory keeps enough.
func (s *searchSizer) memory(r *searchRegion, node *searchNode, x *arrangement) capacity.Need {
	n := x.holding(memoryForData, float64(r.lead), float64(node.t.Memory)*s.spec.dataPerMemory())
	n.Why = remark.Remark{Key: "search.data_per_memory"}
	return n
}

// divide makes needs of an arrangement those of the same with another number of primary
// shards. Only their number, and the CPU of a query that visits all of them, depend on
// it.
func (s *searchSizer) divide(needs []capacity.Need, node *searchNode, x *arrangement) (rej *Rejection) {
	if needs[0], rej = s.cpu(node, x); rej != nil {
		return rej
	}
	for i := range needs {
		needs[i].Parts = x.primaries
	}
	needs[len(needs)-1] = x.held(s.shardsPerNode(node.t))
	return nil
}

// held is the need for room for shards: the last of all needs.
func (x *arrangement) held(have float64) capacity.Need {
	return x.holding(shardsOfNode, float64(x.shards()), have)
}

// What bounds the shards of a node beside what all kinds know: the bytes on disk of
// which memory keeps enough, and their number.
var (
	memoryForData = capacity.Resource{Name: "memory for the data", Unit: "B"}
	shardsOfNode  = capacity.Resource{Name: "shards"}
)

// holding is the need for something of which each copy holds an amount whatever the
// hour: bytes, shards. What a lost node or zone held is rebuilt on the others.
func (x *arrangement) holding(of capacity.Resource, amount, have float64) capacity.Need {
	n := capacity.Need{Of: of, Copies: x.copies, Parts: x.primaries}
	each := capacity.Claim{Held: amount / float64(x.clusters)}
	side := capacity.Balance{Each: each, Have: have, Target: 1, Checked: true}
	n.In[capacity.Own], n.In[capacity.NodeLost], n.In[capacity.ZoneLost] = side, side, side
	return n
}

// onDisk is the data on the disks of nodes that have so much room each. A lost
// region's users bring log lines in addition.
func (s *searchSizer) onDisk(r *searchRegion, x *arrangement, room float64) capacity.Need {
	n := x.holding(capacity.DiskBytes, float64(r.lead), room)
	n.In[capacity.Own].Target = s.c.Policy.Disk
	n.In[capacity.NodeLost].Target = float64(s.spec.DiskRebuilt.V)
	n.In[capacity.ZoneLost].Target = float64(s.spec.DiskRebuilt.V)
	if r.extra > 0 {
		n.In[capacity.RegionLost] = n.In[capacity.NodeLost]
		n.In[capacity.RegionLost].Each.Held += float64(r.extra) / float64(x.clusters)
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

// volumes is the bytes of a node's disks where they cannot be chosen, else the most
// that volumes of an instance hold.
func (s *searchSizer) volumes(t *catalog.NodeType, st Storage) float64 {
	if st.Volume == VolumeLocal {
		return float64(t.Local.Bytes)
	}
	if v, ok := s.c.Limits.Volume(st.Volume); ok {
		return float64(float64(v.MaxSize) * maxVolumes)
	}
	return 0
}

// cpu is the need for CPU of queries and indexing.
func (s *searchSizer) cpu(node *searchNode, x *arrangement) (capacity.Need, *Rejection) {
	perQuery := s.spec.perQuery(x.shards())
	work := func(w *searchWork) asked {
		return asked{each: w.docs.Scale(float64(s.spec.CPUIndex.V)), once: w.queries.Scale(perQuery)}
	}
	var late capacity.Claim
	if s.late != (searchWork{}) {
		late.Held = 1 // for the state; placed says how much it is
	}
	n := x.placed(node.cpu.need(capacity.Claim{}, late), work(&s.now), work(&s.late))
	n.In[capacity.CatchUp].Each.Held = 0
	rej := s.slo(node, &n, perQuery)
	return n, rej
}

// queue is a node as a queue for queries that each take so long; nil without any.
func (s *searchSizer) queue(n *searchNode, perQuery, vcpus float64) *RequestQueue {
	if perQuery <= 0 || s.now.queries == (Linear{}) {
		return nil
	}
	return n.cpu.queue(perQuery, 1, 1, vcpus)
}

// slo lowers what a node's CPU may carry to what the response time of queries
// allows: the node is a queue with one server a vCPU (docs/model.md section 3).
func (s *searchSizer) slo(node *searchNode, cpu *capacity.Need, perQuery float64) *Rejection {
	p := &s.c.Policy
	if p.SLO == (ResponseAims{}) && p.SLODegraded == (ResponseAims{}) {
		return nil
	}
	normal, lossy := s.queue(node, perQuery, node.cpu.vcpus), s.queue(node, perQuery, node.cpu.lost)
	if normal == nil {
		return nil
	}
	own, rej := normal.allows(cpu.In[capacity.Own].Have, p.Own, p.SLO)
	if rej != nil {
		return rej
	}
	degraded, rej := lossy.allows(cpu.In[capacity.NodeLost].Have, p.Degraded, p.SLODegraded)
	if rej != nil {
		return rej
	}
	for state := range cpu.In {
		side, part := &cpu.In[state], degraded
		switch capacity.State(state) {
		case capacity.Own:
			part = own
		case capacity.CatchUp:
			continue // all that the node has
		}
		if part < side.Target {
			side.Target, cpu.Why = part, remark.Remark{Key: "search.response"}
		}
	}
	return nil
}
