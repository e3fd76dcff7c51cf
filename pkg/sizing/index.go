package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
)

// index is the sizer of a component whose nodes hold the shards of an index, in clusters:
// its kind fills it in. What arrives and is kept is in corpus.go, how shards lie on nodes
// in arrangement.go, what they ask of a node in index_needs.go, and masters in masters.go.
// Nodes and their disks are sized for the lead month, the number of primary shards for the
// horizon.
type index struct {
	c        *Task
	ref      *catalog.NodeType // on which CPU times were measured
	least    leastNode         // for data
	storages []Storage
	corpus
	masters   masters
	snapshots []Usage
	copies    int  // of each shard, at least
	zoneAware bool // whether every zone has as many nodes

	shardTarget   float64                           // bytes of a primary shard
	clusterNodes  int                               // most data nodes of a cluster
	perMemory     float64                           // bytes on disk for a byte of memory
	perNode       func(t *catalog.NodeType) float64 // most shards
	perDoc        float64                           // CPU seconds of the reference to index one copy of a document
	perQuery      float64                           // the same of a query of one shard
	perShard      float64                           // and for each further primary shard
	readsPerQuery float64                           // random reads from disk
	amplification float64                           // bytes written to disk for a byte of the index
	rebuilt       float64                           // highest part of the disk bytes after a loss
	memorySteps   func(t *catalog.NodeType) []remark.Step

	regions []indexRegion

	room []capacity.Need // see rooms
}

// indexRegion is what is kept in a region, and asked of its nodes.
type indexRegion struct {
	Location
	indexBytes
	asked indexAsk
}

// indexPool is the data nodes of a region as they were chosen.
type indexPool struct {
	arrangement
	disks disks
	need  diskNeed // of the busiest node
}

// query is the CPU time of a query that visits so many primary shards, in
// seconds of the reference's CPU.
func (s *index) query(shards int) float64 {
	return s.perQuery + float64(float64(shards-1)*s.perShard)
}

// locate derives what the regions keep, also in snapshots, once everything else is filled
// in.
func (s *index) locate(snapshots *Snapshotted) {
	grows := !s.logs && s.c.Load.Local.Data()+s.c.Load.Global.Data() > 0
	for _, r := range steady(s.c.Regions) {
		in := indexRegion{Location: r, indexBytes: s.kept(&r)}
		s.regions = append(s.regions, in)
		s.snapshots = append(s.snapshots,
			snapshots.usage(s.c, r.Index, float64(in.now), s.c.meanNow(grows))...)
	}
	s.asks()
}

// Needs are as many nodes as copies, or as masters agree, at least.
func (s *index) Needs() Needs {
	least := s.c.leastNodes(func(i int) int {
		role := s.role(&s.regions[i], nil, s.copies)
		n, _ := role.Least()
		return n
	})
	return Needs{Nodes: true, Storages: s.storages, MinNodes: least}
}

// role is a region's cluster with its needs.
func (s *index) role(r *indexRegion, needs []capacity.Need, copies int) capacity.Role {
	role := s.c.role(&r.Location, needs)
	role.Floor = s.structural(copies)
	role.Zoned = s.c.Policy.Zone && s.zoneAware
	return role
}

// structural is the least number of nodes of a cluster: three that may be master
// where it must go on without one of them, and one for each copy.
func (s *index) structural(copies int) int {
	if s.c.Policy.lossy() {
		return max(copies, quorumOfMasters)
	}
	return copies
}

// Fit sizes the index on one type.
func (s *index) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	node, rej := s.node(t, st)
	if rej != nil {
		return nil, rej
	}
	s.room = s.c.system.rooms.take()
	defer func() { s.room = s.c.system.rooms.give(s.room) }()
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, 2*len(s.regions)), Counted: true}
	pools := make([]indexPool, len(s.regions))
	for i := range s.regions {
		if pools[i], rej = s.choose(i, node); rej != nil {
			return nil, rej
		}
		s.put(l, i, &pools[i])
	}
	l.Usage = append(l.Usage, s.snapshots...)
	l.Queue = s.queue(node, s.query(pools[0].shards()), node.cpu.vcpus)
	l.Describe = func(l *Layout) { s.describe(l, node, pools) }
	return l, nil
}

// choose finds the cheapest way for a region's index to lie on nodes of a type.
func (s *index) choose(i int, n *indexNode) (best indexPool, rej *Rejection) {
	found, rej := s.arrange(&s.regions[i], n)
	var pools []indexPool
	for k := range found {
		pools = append(pools, s.more(&s.regions[i], n, &found[k])...)
	}
	var cheapest *Layout // only where there is a choice
	for k := range pools {
		p := &pools[k]
		var short *Rejection
		if p.disks, short = s.c.disks(n.t, n.st, &p.need); short != nil {
			rej = short
			continue
		}
		if best.alike(&p.arrangement) && best.disks.noMoreThan(&p.disks) {
			continue
		}
		if len(pools) > 1 {
			l := &Layout{Type: n.t, Storage: n.st}
			if s.put(l, i, p); cheapest != nil && !s.cheaper(l, cheapest) {
				continue
			}
			cheapest = l
		}
		best = *p
	}
	if best.nodes > 0 {
		return best, nil
	}
	return best, rej
}

// cheaper tells whether one layout costs less than another; without prices, whether
// it has fewer nodes.
func (s *index) cheaper(a, b *Layout) bool {
	if s.c.Ranking == nil {
		return a.Pools[0].Max < b.Pools[0].Max
	}
	return s.c.Ranking.Cheaper(s.c, a, b)
}

// onDisks is what the disks of an arrangement must carry.
func (s *index) onDisks(r *indexRegion, x *arrangement) indexPool {
	role := s.role(r, nil, x.copies)
	return indexPool{arrangement: *x, need: s.disk(r, &role, x)}
}

// noMoreThan tells whether the disks carry no more than those of another pool.
func (p *indexPool) noMoreThan(q *indexPool) bool {
	within := func(a, b *diskLoad) bool { return a.Reads <= b.Reads*(1+1e-9) && a.In <= b.In*(1+1e-9) }
	return float64(p.need.Bytes) <= float64(q.need.Bytes)*(1+1e-9) && within(&p.need.Own, &q.need.Own) &&
		within(&p.need.Degraded, &q.need.Degraded) && within(&p.need.Late, &q.need.Late)
}

// put adds the nodes of a region, and what is billed beside them, to a layout.
func (s *index) put(l *Layout, i int, p *indexPool) {
	r := &s.regions[i]
	l.Pools = append(l.Pools, Fixed(r.Index, "", p.all()))
	if s.masters.apart(p.nodes) {
		l.Pools = append(l.Pools, s.masters.pool(r.Index, p.clusters, l.Type))
	}
	disks := p.disks.usage(s.c, r.Index, float64(p.all()), s.c.Component.Label()+" disks")
	l.Usage = append(l.Usage, s.c.sizedFor(disks, !s.logs)...)
	l.Crossings = append(l.Crossings, s.crossings(i, p.copies)...)
}

var _ Bounded = (*index)(nil)

// indexAsk is what the nodes of a region must do without an SLO, for Bound.
type indexAsk struct {
	role              capacity.Role
	memory, cpu, disk capacity.Ask // disk: bytes
}

// Bound is how many nodes it takes to keep the data, to serve them from memory and for
// the CPU time, if all could be shared evenly, without an SLO. No number does where a
// type is too small.
func (s *index) Bound(t *catalog.NodeType, st Storage, least []float64) []Pool {
	const slack = 1 + 1e-6
	if s.least.short(t) {
		noneDo(least)
		return nil
	}
	cpu, rej := s.c.nodeCPU(t, catalog.ClassSearchIndex, s.ref)
	// No state asks for a lower utilisation, at which vCPUs slow each other down less.
	busy := math.Min(cpu.own, cpu.degraded)
	have := cpu.perVCPU * cpu.vcpus / (1 + float64(cpu.contention*busy)) * slack
	room := s.volumes(t, st)
	for i := range s.regions {
		a := &s.regions[i].asked
		n := a.role.Answer(&a.memory, float64(t.Memory)*s.perMemory*slack)
		if rej == nil { // else Fit says so
			n = max(n, a.role.Answer(&a.cpu, have))
		}
		if room > 0 {
			n = max(n, a.role.Answer(&a.disk, room*slack))
		}
		least[s.regions[i].Index] = max(least[s.regions[i].Index], float64(n))
	}
	return s.masters.least(least, func(i int) int {
		role := s.role(&s.regions[i], nil, s.copies)
		return s.largest(&role)
	})
}

// asks derives what every region's nodes are asked for.
func (s *index) asks() {
	for i := range s.regions {
		r := &s.regions[i]
		role := s.role(r, nil, s.copies)
		n, _ := role.Least()
		// Fewer nodes than copies may be left of the least number, never fewer.
		left := arrangement{clusters: 1, copies: min(s.copies, max(1, role.Fewest(n)))}
		all := arrangement{clusters: 1, copies: s.copies}
		r.asked = indexAsk{role: role}
		for state := range capacity.State(capacity.States) {
			x := &left
			if role.Left(state, n) == n {
				x = &all
			}
			memory, cpu, disk := s.evenly(r, x)
			a, b, c := role.Ask(&memory), role.Ask(&cpu), role.Ask(&disk)
			r.asked.memory[state], r.asked.cpu[state], r.asked.disk[state] = a[state], b[state], c[state]
		}
	}
}

// evenly are the needs for memory, CPU and disks as if nodes shared so many copies evenly.
func (s *index) evenly(r *indexRegion, x *arrangement) (memory, cpu, disk capacity.Need) {
	memory, disk = x.holding(memoryForData, float64(r.lead), 1), s.onDisk(r, x, 1)
	for _, need := range []*capacity.Need{&memory, &disk} {
		need.Copies, need.Parts = 0, 0
		for state := range need.In {
			need.In[state].Each.Held = float64(need.In[state].Each.Held * float64(x.copies))
		}
	}
	work := func(w *indexing) Linear {
		return w.queries.Scale(s.query(s.primaries(r, 1))).Plus(w.docs.Scale(s.perDoc * float64(x.copies)))
	}
	return memory, s.c.need(capacity.CPU, work(&s.now), work(&s.late), 1), disk
}

// Floor is the data on volumes that are as full as they may be in any state, snapshots,
// and the traffic of the least number of copies: more of them are sent more.
func (s *index) Floor(st Storage) Floor {
	out := Floor{Usage: slices.Clone(s.snapshots)}
	for i := range s.regions {
		r := &s.regions[i]
		out.Crossings = append(out.Crossings, s.crossings(i, s.copies)...)
		out.Usage = append(out.Usage, s.c.leastVolumes(r.Index, st, r.asked.volumes())...)
	}
	return out
}

// volumes are at least so many bytes, however many nodes have them. All nodes have the
// same ones, and those that are left after a loss must have room for everything: after
// that of a zone at most (Z − 1)/Z of them are left.
func (a *indexAsk) volumes() float64 {
	bytes := 0.0
	for state, x := range a.disk {
		if z := float64(a.role.Zones); capacity.State(state) == capacity.ZoneLost && z > 1 {
			x *= z / (z - 1)
		}
		bytes = math.Max(bytes, x)
	}
	return bytes
}
