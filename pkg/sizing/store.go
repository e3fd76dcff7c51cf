package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// store is the sizer of a component that keeps data and whose writes meet at a primary,
// of each shard. It puts parts together, each of which has a file: who follows the
// primary (replication.go) and answers reads (readers.go), how the data is divided
// (shards.go), what lies in memory and on disk (pages.go), who connects
// (connections.go), and what a server is asked for (servers.go). It is to kinds with a
// primary what fleet is to kinds that keep nothing: they fill it in and return it.
type store struct {
	c       *Task
	ref     *catalog.NodeType // on which CPU times were measured
	class   catalog.WorkClass
	minVCPU float64 // least vCPUs of a node
	volumes *Volumes
	work    primaryWork
	// The squared coefficients of variation of the time between requests and of their CPU time.
	arrivalSCV, serviceSCV float64
	residence              residence // of the kind

	readers
	sharding      sharding
	pages         paging
	connections   connections
	lead, horizon primaryLoad

	scratch []shardPlan   // of tries that failed
	offer   *networkOffer // of the type that was asked for last
}

var (
	_ Structured = (*store)(nil)
	_ Splitter   = (*store)(nil)
	_ Bounded    = (*store)(nil)
)

// shardPlan is one partition of a store on one node type.
type shardPlan struct {
	part      partition
	shards    int
	why       string         // the resource for which it takes so many shards
	load      *primaryLoad   // for which it is sized
	cpu       capacity.Need  // what a node offers, as far as response times allow
	miss      float64        // part of page reads that come from disk
	replicas  []readReplicas // by region of the task
	streams   float64        // how often a primary sends its journal
	nodeDisks                // of each server
}

// share is the part of load and data that one shard has.
func (p *shardPlan) share() float64 { return p.part.share / float64(p.shards) }

// shardsOf is how many shards all partitions have together.
func shardsOf(plans []shardPlan) int {
	n := 0
	for i := range plans {
		n += plans[i].shards
	}
	return n
}

// Structures are one primary, functional partitions, and shards, each of them with as
// many read replicas as it needs; where poolers may stand in front, all of that with
// them too.
func (s *store) Structures() []Sizer {
	ways := []*store{s}
	for _, way := range s.sharding.ways()[1:] {
		next := s.again()
		next.sharding, next.work.looksUp = way, way.looksUp()
		ways = append(ways, next)
	}
	if p := s.connections.poolers(s.replication, s.residence); p != nil {
		for _, way := range ways {
			next := way.again()
			next.connections = next.connections.through(p)
			ways = append(ways, next)
		}
	}
	out := make([]Sizer, len(ways))
	for i, way := range ways {
		out[i] = way
	}
	return out
}

// Split adds shards to the least that carry the load, in the structure of shards.
func (s *store) Split(more int) Sizer {
	if s.sharding.split != splitShards {
		return nil
	}
	next := s.again()
	next.sharding.more = more
	return next
}

// again is a sizer for another structure of the same store.
func (s *store) again() *store {
	next := *s
	next.scratch, next.offer = nil, nil
	return &next
}

// Needs are the servers and least replicas of the least shards.
func (s *store) Needs() Needs {
	n := Needs{Nodes: true, Storages: s.volumes.storages(), Shards: s.sharding.leastOfAll()}
	n.MinNodes = s.c.leastNodes(func(i int) int { return s.leastNodes(i) * n.Shards })
	return n
}

// Fit sizes the store on one type.
func (s *store) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	n, rej := s.node(t, st)
	if rej != nil {
		return nil, rej
	}
	if rej := s.one(); rej != nil {
		return nil, rej
	}
	// CPU comes last: most types fail before, and it takes longer to find.
	if n.cpu, rej = s.c.nodeCPU(t, s.class, s.ref); rej != nil {
		return nil, rej
	}
	// Most types fail: only plans that succeed are worth memory of their own.
	if s.scratch == nil {
		s.scratch = make([]shardPlan, len(s.sharding.parts))
	}
	plans := s.scratch
	for i := range plans {
		p := &plans[i]
		*p = shardPlan{part: s.sharding.parts[i], replicas: p.replicas}
		shards, why, rej := s.sharding.count(p.part, func(shards int) *Rejection {
			return s.try(&n, p, shards, &s.horizon)
		})
		if rej == nil {
			p.why = why
			rej = s.try(&n, p, shards, &s.lead)
		}
		if rej != nil {
			return nil, rej
		}
	}
	s.scratch = nil
	return s.layout(n, plans), nil
}

// try sizes a partition with a given number of shards for the load of some month.
func (s *store) try(n *storeNode, p *shardPlan, shards int, l *primaryLoad) *Rejection {
	p.shards, p.load, p.streams = shards, l, 0
	if p.replicas == nil {
		p.replicas = make([]readReplicas, 0, len(s.c.Regions))
	}
	p.replicas = p.replicas[:0]
	cache := s.cache(n, l, shards)
	if cache <= 0 {
		return noCache(n.fixed+s.pages.changing(l, shards), n.budget)
	}
	p.miss = s.pages.missed(cache, l.stored*p.share())
	if rej := s.respond(n, p); rej != nil {
		return rej
	}
	if rej := s.short(n, p); rej != nil {
		return rej
	}
	x := s.shardReads(n, p)
	for i := range s.c.Regions {
		c, rej := s.replicas(&x, i, func(reads nodeReads) (nodeDisks, *Rejection) { return s.disks(n, p, reads) })
		if rej != nil {
			return rej
		}
		p.replicas = append(p.replicas, c)
		p.streams += s.streams(i, c.n)
	}
	if s.zone {
		p.streams++
	}
	if rej := s.short(n, p); rej != nil { // now with what they send
		return rej
	}
	reads, k := s.serverReads(p), float64(shards)
	var rej *Rejection
	p.nodeDisks, rej = s.disks(n, p, nodeReads{reads.own / k, reads.lost / k, reads.late / k})
	return rej
}

// shardReads is what is asked of the nodes that answer the reads of a shard.
func (s *store) shardReads(n *storeNode, p *shardPlan) shardReads {
	x := shardReads{cpu: &p.cpu, work: &s.work, load: p.load, share: p.share()}
	if s.c.NetworkKnown {
		x.network = &s.network(n.t).out
	}
	return x
}

// layout puts the pools, disks and flows together.
func (s *store) layout(n storeNode, plans []shardPlan) *Layout {
	l := &Layout{Type: n.t, Storage: n.st, Pools: make([]Pool, 0, 2+len(s.c.Regions)), Shards: shardsOf(plans)}
	l.Queue, l.Commit = s.queue(&n, &plans[0], n.cpu.vcpus), s.commit
	for i := range s.c.Regions {
		roles, index, copies := s.servers(i), s.c.Regions[i].Index, 0
		for _, role := range roles {
			l.Pools = append(l.Pools, Fixed(index, role, l.Shards))
		}
		for k := range plans {
			p := &plans[k]
			c := &p.replicas[i]
			copies += p.shards * c.n
			servers := p.disks.usage(s.c, index, float64(len(roles)*p.shards), "database disks")
			replicas := c.disks.usage(s.c, index, float64(p.shards*c.n), "disks of read replicas")
			l.Usage = append(append(l.Usage, s.c.sizedFor(servers, true)...), s.c.sizedFor(replicas, true)...)
		}
		if copies > 0 {
			l.Pools = append(l.Pools, Fixed(index, "replica", copies))
		}
	}
	for _, p := range s.connections.pooler.list() {
		if p.Type == l.Type {
			p.Type = nil // a pool of the layout's own type names none
		}
		l.Pools = append(l.Pools, p)
	}
	l.Crossings = s.replicated(func(part, region int) int { return plans[part].replicas[region].n })
	l.Describe = func(l *Layout) { s.describe(l, &n, plans) }
	return l
}

// replicated are the bytes of replication in a month.
func (s *store) replicated(replicas func(part, region int) int) flows {
	d := s.c.Flow.Demand
	journal := d.Monthly(s.pages.journal(s.c.Load.Global.Data()), d.MeanTotal)
	return s.crossings(journal, s.sharding.parts, replicas)
}

// describe says how the numbers came about.
func (s *store) describe(l *Layout, n *storeNode, plans []shardPlan) {
	for i := range s.c.Regions {
		for _, role := range s.servers(i) {
			s.serverLimits(l, n, plans, serverPlace{i, role})
		}
		s.replicaLimits(l, n, plans, i)
	}
	l.Structure = s.structure(n, plans)
	s.pieces(l, plans)
	s.connections.pooler.describe(l, s.connections.clients())
	storage := l.Storage.String()
	if l.Storage.Volume == VolumeLocal {
		storage = "local disks"
	}
	l.Brief = s.sharding.brief(shardsOf(plans)).With("replication", s.spec.Replication).With("storage", storage)
	p := &plans[0]
	moved := s.horizon.stored * p.part.share * float64(s.pages.spec.Space.V) / float64(p.shards+1)
	l.Grows = s.sharding.grows(moved, moves(n.t, n.st, 1-s.c.Policy.Own))
	l.derive = func() []remark.Step { return s.steps(n, plans) }
	l.Warnings = s.warnings(s.lead.writes)
	if s.stale(p.load, p.replicas) {
		l.Warnings = append(l.Warnings, remark.New("database.stale", "lag", s.spec.Lag.V))
	}
	if n.st.Volume == VolumeLocal {
		l.Warnings = append(l.Warnings, remark.New("database.local_disks", "own", n.t.Own))
	} else if note := n.t.EBSNote(); !note.IsZero() {
		l.Warnings = append(l.Warnings, note)
	}
}

// structure says what the store consists of.
func (s *store) structure(n *storeNode, plans []shardPlan) []remark.Remark {
	p := &plans[0]
	out := []remark.Remark{s.replication.describe()}
	out = append(out, s.readers.describe(p.load, p.share(), p.replicas)...)
	out = append(out, s.pages.describe(s.cache(n, p.load, p.shards), p.load.stored*p.share(), p.miss))
	for i := range plans {
		out = append(out, s.sharding.describe(plans[i].part, plans[i].shards)...)
	}
	for i := range plans {
		line := plans[i].disks.describe(s.c)
		if !slices.ContainsFunc(out, line.Equal) {
			out = append(out, line)
		}
	}
	return out
}

// steps show the calculation, of the first partition where there are several.
func (s *store) steps(n *storeNode, plans []shardPlan) []remark.Step {
	l, p := &s.lead, &plans[0]
	grown := remark.Notate("× {load}, {data}; {horizon}", "load", s.c.Lead, "data", unit.Bytes(l.stored),
		"horizon", unit.Bytes(s.horizon.stored))
	steps := []remark.Step{needOf(capacity.DiskBytes, remark.Derive("load and data", "MODEL section 1", grown, "").
		Noting("step.sized_for", "month", s.c.Flow.Demand.LeadMonth))}
	steps = append(steps, s.work.steps(l, s.ref.Name)...)
	steps = append(steps, n.cpu.steps(n.t, s.ref)...)
	steps = append(steps, s.connections.step(), s.cacheStep(n, p))
	steps = append(steps, s.pages.steps(&pagedNode{nodeDisks: p.nodeDisks, st: n.st,
		cache: s.cache(n, p.load, p.shards), data: p.load.stored * p.share(), miss: p.miss, latency: s.latency(n),
		writes: p.load.writes * p.share()})...)
	if s.commit > 0 {
		steps = append(steps, s.work.commitStep(l, n.cpu.perVCPU, s.commit, s.c.Policy.SLO.Within))
	}
	return append(steps, s.sharding.steps(shardsOf(plans), p.why, s.c.Growth, l.sessions, modelDatabase)...)
}
