package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
)

// This file is what one node of a type has, and what a cluster of an index asks of its
// nodes.

// indexNode is a node type with its storage.
type indexNode struct {
	t   *catalog.NodeType
	st  Storage
	cpu nodeCPU
}

// node is a type that is large enough for a data node, or that is given.
func (s *index) node(t *catalog.NodeType, st Storage) (*indexNode, *Rejection) {
	if rej := s.least.reject(t); rej != nil {
		return nil, rej
	}
	cpu, rej := s.c.nodeCPU(t, catalog.ClassSearchIndex, s.ref)
	return &indexNode{t, st, cpu}, rej
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
func (s *index) shared(of capacity.Resource, have float64) capacity.Need {
	return s.catching(s.c.offered(of, have))
}

// catching lets a need be checked while workers catch up, if any do.
func (s *index) catching(n capacity.Need) capacity.Need {
	n.In[capacity.CatchUp].Checked = s.late != (indexing{})
	return n
}

// needs is what an arrangement asks of the nodes of each of its clusters, appended
// to out: CPU first, shards last.
func (s *index) needs(r *indexRegion, node *indexNode, x *arrangement,
	out []capacity.Need) ([]capacity.Need, *Rejection) {
	cpu, rej := s.cpu(node, x)
	if rej != nil {
		return nil, rej
	}
	out = append(out, cpu)
	if s.c.NetworkKnown {
		receive, send := s.c.networkOffered(node.t)
		// The node that takes a document sends it to each replica.
		sent := func(w *indexing, clients Linear) asked {
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
	return append(out, x.held(s.perNode(node.t))), nil
}

// memory is the data of which a node's memory keeps enough.
func (s *index) memory(r *indexRegion, node *indexNode, x *arrangement) capacity.Need {
	n := x.holding(memoryForData, float64(r.lead), float64(node.t.Memory)*s.perMemory)
	n.Why = remark.Remark{Key: "search.data_per_memory"}
	return n
}

// divide makes needs of an arrangement those of the same with another number of primary
// shards. Only their number, and the CPU of a query that visits all of them, depend on
// it.
func (s *index) divide(needs []capacity.Need, node *indexNode, x *arrangement) (rej *Rejection) {
	if needs[0], rej = s.cpu(node, x); rej != nil {
		return rej
	}
	for i := range needs {
		needs[i].Parts = x.primaries
	}
	needs[len(needs)-1] = x.held(s.perNode(node.t))
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
func (s *index) onDisk(r *indexRegion, x *arrangement, room float64) capacity.Need {
	n := x.holding(capacity.DiskBytes, float64(r.lead), room)
	n.In[capacity.Own].Target = s.c.Policy.Disk
	n.In[capacity.NodeLost].Target = s.rebuilt
	n.In[capacity.ZoneLost].Target = s.rebuilt
	if r.extra > 0 {
		n.In[capacity.RegionLost] = n.In[capacity.NodeLost]
		n.In[capacity.RegionLost].Each.Held += float64(r.extra) / float64(x.clusters)
	}
	return n
}

// volumes is the bytes of a node's disks where they cannot be chosen, else the most
// that volumes of an instance hold.
func (s *index) volumes(t *catalog.NodeType, st Storage) float64 {
	if st.Volume == VolumeLocal {
		return float64(t.Local.Bytes)
	}
	if v, ok := s.c.Limits.Volume(st.Volume); ok {
		return float64(float64(v.MaxSize) * maxVolumes)
	}
	return 0
}

// cpu is the need for CPU of queries and indexing.
func (s *index) cpu(node *indexNode, x *arrangement) (capacity.Need, *Rejection) {
	perQuery := s.query(x.shards())
	work := func(w *indexing) asked {
		return asked{each: w.docs.Scale(s.perDoc), once: w.queries.Scale(perQuery)}
	}
	var late capacity.Claim
	if s.late != (indexing{}) {
		late.Held = 1 // for the state; placed says how much it is
	}
	n := x.placed(node.cpu.need(capacity.Claim{}, late), work(&s.now), work(&s.late))
	n.In[capacity.CatchUp].Each.Held = 0
	rej := s.c.Policy.respond(&n, &node.cpu, 0, func(vcpus float64) *RequestQueue {
		return s.queue(node, perQuery, vcpus)
	}, "search.response")
	return n, rej
}

// queue is a node as a queue for queries that each take so long; nil without any.
func (s *index) queue(n *indexNode, perQuery, vcpus float64) *RequestQueue {
	if perQuery <= 0 || s.now.queries == (Linear{}) {
		return nil
	}
	return n.cpu.queue(perQuery, 1, 1, vcpus)
}

// reads and written are what all disks of a region do in a second: random reads, and
// bytes of each copy.
func (s *index) reads(w *indexing) Linear {
	return w.queries.Scale(s.readsPerQuery)
}

func (s *index) written(w *indexing) Linear {
	return w.ingest.Scale(float64(s.corpus.spec.Expansion.V) * s.amplification)
}

// diskWork appends what the disks do, as far as the node bounds it. What is not
// in the tables is left to disks, which then rejects the type.
func (s *index) diskWork(needs []capacity.Need, n *indexNode, x *arrangement) []capacity.Need {
	// of is a figure of what disks do that is linear in it.
	of := func(w *indexing, figure func(diskLoad) float64) asked {
		read, written := figure(diskLoad{Reads: 1}), figure(diskLoad{In: 1})
		return asked{each: s.written(w).Scale(written), once: s.reads(w).Scale(read)}
	}
	add := func(of2 capacity.Resource, have float64, figure func(diskLoad) float64) *capacity.Need {
		need := x.placed(s.shared(of2, have), of(&s.now, figure), of(&s.late, figure))
		needs = append(needs, need)
		return &needs[len(needs)-1]
	}
	if n.st.Volume == VolumeLocal {
		_, have := localLoad(n.t, n.st, &diskLoad{}, n.st.leastDisks())
		if have.OK {
			add(capacity.DiskIOPS, have.V, func(l diskLoad) float64 {
				need, _ := localLoad(n.t, n.st, &l, n.st.leastDisks())
				return need
			})
		}
		return needs
	}
	v, ok := s.c.Limits.Volume(n.st.Volume)
	if !ok {
		return needs
	}
	if have := ebsIOPS(n.t); have.OK {
		add(capacity.EBSIOPS, math.Min(have.V, float64(v.MaxIOPS)*maxVolumes), func(l diskLoad) float64 {
			operations, _ := ebsLoad(n.st, v, &l, searchBlock, 1)
			return operations
		}).Why = n.t.EBSNote()
	}
	if have := n.t.EBS.BaselineThroughput; have.OK {
		add(capacity.EBSBandwidth, math.Min(have.V, float64(v.MaxThroughput)*maxVolumes), func(l diskLoad) float64 {
			_, bytes := ebsLoad(n.st, v, &l, searchBlock, 1)
			return bytes
		}).Why = n.t.EBSNote()
	}
	return needs
}

// disk is what the disks of the busiest node of a cluster must carry.
func (s *index) disk(r *indexRegion, role *capacity.Role, x *arrangement) diskNeed {
	asks := diskAsks{kept: s.onDisk(r, x, 1),
		reads: x.placed(s.shared(capacity.DiskIOPS, 1), asked{once: s.reads(&s.now)}, asked{once: s.reads(&s.late)}),
		written: x.placed(s.shared(capacity.DiskThroughput, 1), asked{each: s.written(&s.now)},
			asked{each: s.written(&s.late)})}
	out := asks.busiest(&s.c.Policy, role, x.nodes)
	out.Block = searchBlock
	return out
}
