package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is the servers of a store, each of them alone: what one node of a type
// offers, and what it is asked for as the primary or in its place. What nodes share that
// answer reads is in readers.go.

// atPeak is the only hour of roles whose needs are peaks.
var atPeak = []capacity.Hour{{Global: 1, LostGlobal: 1, Hours: workload.Hours}}

// atPeakOf is an offer with peaks: of all nodes together, and of each of them in
// addition.
func atPeakOf(offer *capacity.Balance, once, each float64) capacity.Balance {
	return capacity.Balance{Once: capacity.Claim{Load: Linear{Global: once}},
		Each: capacity.Claim{Load: Linear{Global: each}}, Have: offer.Have, Target: offer.Target, Checked: true}
}

// replayed is the CPU of the few threads that replay writes, writing that of a
// primary which need not answer reads.
var (
	replayed = capacity.Resource{Name: "replay", Unit: "vCPU"}
	writing  = capacity.Resource{Name: "cpu of writes", Unit: "vCPU"}
)

// storeNode is a node of one type, whatever the number of shards.
type storeNode struct {
	t      *catalog.NodeType
	st     Storage
	cpu    nodeCPU
	fixed  float64 // bytes of memory that do not shrink with shards
	budget float64 // bytes of memory that may be used
}

// node is what type t offers, or why it is none for any shard.
func (s *store) node(t *catalog.NodeType, st Storage) (storeNode, *Rejection) {
	n := storeNode{t: t, st: st}
	if float64(t.VCPU) < s.minVCPU {
		return n, &Rejection{Resource: "vCPU", Need: s.minVCPU, Have: float64(t.VCPU)}
	}
	if t.Burstable && !s.c.burstable() {
		return n, &Rejection{Resource: "burstable", Why: remark.New("database.burstable")}
	}
	if st.Volume == VolumeLocal && !t.Own && !s.zone && s.spec.Replicas.V == 0 {
		return n, &Rejection{Resource: "copies", Need: 2, Have: 1, Why: remark.New("database.lost_disks")}
	}
	if rej := s.connections.tooMany(s.residence); rej != nil {
		return n, rej
	}
	if n.fixed, n.budget = s.fixed(), s.c.Policy.allowed(t); n.fixed >= n.budget {
		return n, noCache(n.fixed, n.budget)
	}
	return n, nil
}

// noCache is the rejection of a node whose memory is taken before any page.
func noCache(need, have float64) *Rejection { return noMemory(need, have, "database.no_cache") }

// burstable tells whether the profile asks for burstable types, or names all that may be.
func (c *Task) burstable() bool {
	a := c.Component.Allow
	return c.Component.Pin != nil || a != nil && (a.Burstable.V || len(a.Types) > 0 || len(a.Families) > 0)
}

// networkOffer is what the two directions of a type's network offer. It is kept, as tries
// ask for it often.
type networkOffer struct {
	t       *catalog.NodeType
	in, out capacity.Need
}

func (s *store) network(t *catalog.NodeType) *networkOffer {
	if s.offer == nil {
		s.offer = &networkOffer{}
	}
	if s.offer.t != t {
		s.offer.t = t
		s.offer.in, s.offer.out = s.c.networkOffered(t)
	}
	return s.offer
}

// fixed is the memory of connections and of the lookup table, bytes.
func (s *store) fixed() float64 { return s.connections.memory() + s.sharding.table() }

// cache is the memory of a node that keeps pages, bytes.
func (s *store) cache(n *storeNode, l *primaryLoad, shards int) float64 {
	return n.budget - n.fixed - s.pages.changing(l, shards)
}

// latency is how long a read of a page from the node's disks takes, seconds.
func (s *store) latency(n *storeNode) float64 {
	return s.pages.spec.Latency.of(n.st.Volume, n.t.Local.Kind == "hdd")
}

// queue is a node as a queue of requests; nil without any load.
func (s *store) queue(n *storeNode, p *shardPlan, vcpus float64) *RequestQueue {
	l := p.load
	all, work := l.reads+l.writes, s.work.all(l)
	if all <= 0 || work <= 0 {
		return nil
	}
	q := n.cpu.queue(work/all, s.arrivalSCV, s.serviceSCV, vcpus)
	q.Beside = s.pages.wait(p.miss, s.latency(n))
	return q
}

// respond finds what the CPU of a node may carry: the policy's part, or less where
// response times ask for it. A commit that waits for another region has that much
// less time.
func (s *store) respond(n *storeNode, p *shardPlan) *Rejection {
	p.cpu = n.cpu.offered()
	return s.c.Policy.respond(&p.cpu, &n.cpu, s.commit, func(vcpus float64) *RequestQueue {
		return s.queue(n, p, vcpus)
	}, "database.response")
}

// serverReads are the reads/s at the servers of a partition, all shards together.
func (s *store) serverReads(p *shardPlan) nodeReads {
	return s.atServers(p.load, p.part.share, p.shards, p.replicas)
}

// serverWork is what the servers of a partition do: CPU, and bytes/s.
type serverWork struct{ cpu, replay, in, out float64 }

// workOf is what the servers of a partition with a share of the load do where so many
// reads/s are answered by them and their journal goes out in so many streams.
func (s *store) workOf(l *primaryLoad, share, streams, reads float64) serverWork {
	w := serverWork{cpu: float64(s.work.writing(l) * share), replay: float64(s.work.replaying(l) * share),
		out: float64(s.pages.journal(l.data) * streams * share)}
	if s.answer != byAll {
		w.cpu += float64(reads * s.work.read)
	}
	if all := l.reads + l.writes; all > 0 {
		part := (float64(l.writes*share) + reads) / all
		w.in, w.out = float64(l.in*part), w.out+float64(l.out*part)
	}
	return w
}

// serverNeeds appends what the servers of a partition are asked for.
func (s *store) serverNeeds(n *storeNode, p *shardPlan, needs []capacity.Need) []capacity.Need {
	l, x, worst := p.load, s.serverReads(p), s.survive.Worst()
	share, streams, late := p.part.share, p.streams, serverWork{}
	own, lost := s.workOf(l, share, streams, x.own), s.workOf(l, share, streams, x.lost)
	if l.late != nil {
		late = s.workOf(l.late, share, streams, x.late)
	}
	add := func(of capacity.Resource, offer *capacity.Need, own, lost, late float64) {
		needs = append(needs, capacity.Need{Of: of, Why: offer.Why})
		need := &needs[len(needs)-1]
		need.In[capacity.Own] = atPeakOf(&offer.In[capacity.Own], own, 0)
		if lost > 0 && worst != capacity.Own {
			need.In[worst] = atPeakOf(&offer.In[worst], lost, 0)
		}
		if late > 0 {
			need.In[capacity.CatchUp] = atPeakOf(&offer.In[capacity.CatchUp], late, 0)
		}
	}
	of := capacity.CPU
	if s.answer == byAll {
		of = writing
	}
	add(of, &p.cpu, own.cpu, lost.cpu, late.cpu)
	if s.followed(p) {
		have := n.cpu.perVCPU * min(s.work.threads, float64(n.t.VCPU))
		threads := capacity.Need{Why: remark.Remark{Key: "database.replay"}}
		threads.In[capacity.Own] = capacity.Balance{Have: have, Target: s.c.Policy.Own}
		threads.In[capacity.CatchUp] = capacity.Balance{Have: have, Target: 1}
		add(replayed, &threads, own.replay, 0, late.replay)
	}
	if held := s.pages.inMemory(l, share, p.shards); held > 0 {
		all := s.c.Policy.usable(n.t) - n.fixed
		memory := capacity.Need{Of: capacity.Memory}
		memory.In[capacity.Own] = capacity.Balance{Each: capacity.Claim{Held: held}, Have: all,
			Target: (n.budget - n.fixed) / all, Checked: true}
		needs = append(needs, memory)
	}
	if s.c.NetworkKnown {
		net := s.network(n.t)
		add(net.in.Of, &net.in, own.in, lost.in, late.in)
		add(net.out.Of, &net.out, own.out, lost.out, late.out)
	}
	return needs
}

// followed tells whether anything replays what a primary of the partition writes.
func (s *store) followed(p *shardPlan) bool {
	return s.zone || s.remote || slices.ContainsFunc(p.replicas, func(c readReplicas) bool { return c.n > 0 })
}

// short is the rejection of servers that fall short of something, by how much each does.
func (s *store) short(n *storeNode, p *shardPlan) *Rejection {
	var room [6]capacity.Need
	role := s.serverRole(s.serverNeeds(n, p, room[:0]))
	by, short := role.Short(p.shards)
	if !short {
		return nil
	}
	r := &Rejection{Resource: by.Of.Name, Need: by.Need / float64(p.shards), Have: by.Allowed, Unit: by.Of.Unit,
		Why: remark.New("database.one_node")}
	switch by.State {
	case capacity.Own:
	case capacity.CatchUp:
		r.Why = r.Why.With("catching_up", true)
	default:
		r.Why = r.Why.With("promoted", true)
	}
	return r
}

// disks finds the disks of a node of a shard to which so many reads/s come.
func (s *store) disks(n *storeNode, p *shardPlan, x nodeReads) (d nodeDisks, rej *Rejection) {
	l, spec, share := p.load, s.pages.spec, p.share()
	bytes := float64(l.stored*float64(spec.Space.V)*share) + s.pages.changing(l, p.shards) + s.sharding.table()
	// Every copy of the data is on a node of its own, and nodes are counted
	// elsewhere: on this one there is one copy.
	d.reads = x.own
	d.need = diskNeed{Bytes: unit.Bytes(bytes).Replicated(1), Block: float64(spec.Page.V),
		Own: s.pages.disk(l, share, p.miss, x.own), Degraded: s.pages.disk(l, share, p.miss, x.lost)}
	if l.late != nil {
		d.need.Late = s.pages.disk(l.late, share, p.miss, x.late)
	}
	d.disks, rej = s.c.disks(n.t, n.st, &d.need)
	return d, rej
}

// cacheStep is what is left of a node's memory for pages.
func (s *store) cacheStep(n *storeNode, p *shardPlan) remark.Step {
	step := needOf(capacity.Memory, remark.Derive("memory for pages", modelDatabase,
		unit.Bytes(s.cache(n, p.load, p.shards)),
		"RAM − connections − schema change = "+
			"{RAM} − {connections} × {connection} − {table} × {schema factor} / {shards}",
		"RAM", unit.Bytes(n.budget), "connections", s.connections.open, "connection", unit.Bytes(s.connections.bytes),
		"table", unit.Bytes(p.load.table), "schema factor", float64(s.pages.spec.SchemaFactor.V), "shards", p.shards))
	if s.sharding.several() {
		step = step.Minus("{lookup table} of lookup table", "lookup table", s.sharding.spec.Lookup.V)
	}
	return step
}
