package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Cache keeps items in memory in front of a store, such as Redis or Memcached
// (docs/model.md section 5, cache). How many of the reads it answers follows from the items
// that it keeps, which are stated, and not from its machines: so it is known, with what the
// store behind it gets, before any machine is chosen.
type Cache struct {
	strict.At
	CacheItems
	// Most of a node's memory that items may take.
	MaxMemory strict.Value[unit.Fraction] `yaml:"max_memory" min:"0.01" max:"1"`
	// CPU time of a call on one vCPU of the reference type.
	CPU strict.Value[unit.Duration] `yaml:"cpu_per_call"`
	// Instance type on which the CPU time was measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Threads of a node that work on calls, each on one vCPU at most: 1 for Redis, 4 for Memcached.
	Threads strict.Value[unit.Count] `yaml:"threads" min:"1" max:"1024"`
	// Least parts into which the items are divided, each with a primary of its own; there are as
	// many as calls and items need.
	Shards strict.Value[unit.Count] `yaml:"shards" min:"1" max:"1000" whole:"true"`
	// Copies of each part beside its primary, in other zones, one of which takes its place; without
	// it one where a node or zone loss must be survived, else none. With 0 the items of a lost node
	// are read again from the store.
	Replicas *strict.Value[unit.Count] `yaml:"replicas" min:"0" max:"5" whole:"true"`
}

type cacheKind struct{}

func (cacheKind) Word() string { return "cache" }

func (cacheKind) Traits(spec any) Traits {
	s := spec.(*Cache)
	return Traits{Scope: workload.ScopeShare, Passes: true, Fails: s.fails,
		Hits: func(_ string, unfound float64) float64 { return s.hitsOf(unfound) }}
}

// fails: items without copies are read again from the store. What has room for all items is
// a store itself, and where it calls nothing, nothing else answers for it.
func (s *Cache) fails(c *Task, l *Layout) Failing {
	stated, nodes := 0, 0
	if s.Replicas != nil {
		stated = 1 + counted(s.Replicas)
	}
	copies := c.copiesOf(stated, 2)
	for _, p := range l.Pools {
		nodes = max(nodes, p.Max)
	}
	f := Failing{}
	if keeps := s.Keep.V >= 1; keeps || copies > 1 {
		f = equals(l, nodes/copies, copies)
		f.Keeps, f.Acks, f.Detects = keeps, 1, []string{"failover.redis.sentinel.down_after"}
	}
	f.Disks = inMemory()
	if !f.Keeps || len(c.Component.Calls) > 0 {
		f.Answers = s.hitsOf(c.Load.Unfound)
	}
	return f
}

func (cacheKind) Spec() any {
	return &Cache{
		CacheItems: defaultItems(judged(unit.Bytes(90),
			"MODEL section 5: Redis' entry, key and value objects and expiry")),
		MaxMemory: given(unit.Fraction(0.75),
			"Amazon ElastiCache: reserved-memory-percent=25, for buffers and for copying to a replica"),
		CPU: given(unit.Duration(5.3e-6),
			"pricing/hardware/measured_throughput.csv: m7g.xlarge, Redis SET on one thread, 188,632/s"),
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		Threads:   given(unit.Count(1), "Redis: one thread works on commands (io-threads is 1 by default)"),
		Shards:    judged(unit.Count(1), "no more than it takes"),
	}
}

type cacheSizer struct {
	*fleet
	spec                 *Cache
	replicas             int
	hits                 float64
	network, lateNetwork networkLoad // of primaries; late is in addition while workers catch up
	flows                flows
}

func (cacheKind) Prepare(c *Task) (Sizer, error) {
	s := &cacheSizer{spec: c.Component.Spec.(*Cache)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	if err := required(c, s.spec.Items, "items", itemsHint); err != nil {
		return nil, err
	}
	f, err := newFleet(c, s.spec.Reference, "redis")
	if err != nil {
		return nil, err
	}
	s.fleet, s.hits = f, s.spec.hitsOf(c.Load.Unfound)
	if s.replicas = counted(s.spec.Replicas); s.spec.Replicas == nil && c.Policy.lossy() {
		s.replicas = 1
	}
	f.copies, f.least = 1+s.replicas, int(s.spec.Shards.V)
	late := c.backlog()
	f.cpu = c.Need(messages).Scale(float64(s.spec.CPU.V) * c.Lead)
	f.late = late.reads.Plus(late.writes).Scale(float64(s.spec.CPU.V) * c.Lead)
	s.traffic(&late)
	f.node, f.offer, f.describe = s.node, s.offer, s.describe
	return s, nil
}

// traffic is what a primary receives and sends: calls, what it asks the store for, and
// copies of what is written, which replicas in other zones get.
func (s *cacheSizer) traffic(late *arrivals) {
	in, out := traffic(s.c.Load)
	far := &s.lateNetwork
	written, replicas := s.c.Need((*workload.Vec).Written), float64(s.replicas)
	s.network = networkLoad{in.Scale(s.c.Lead), out.Plus(written.Scale(replicas)).Scale(s.c.Lead)}
	s.lateNetwork = networkLoad{late.in, late.answers.Plus(late.sent.Scale(replicas))}
	part := s.c.passed(s.c.Load)
	for i := range s.c.Load.Edges {
		answers, requests := made(&s.c.Load.Edges[i])
		far.in, far.out = far.in.Plus(answers.Scale(part)), far.out.Plus(requests.Scale(part))
	}
	s.lateNetwork = networkLoad{s.lateNetwork.in.Scale(s.c.Lead), s.lateNetwork.out.Scale(s.c.Lead)}
	for i := range s.regions {
		r := &s.regions[i]
		elsewhere := min(replicas, (1+replicas)*r.elsewhere())
		s.flows.add(r.Index, r.Index, unit.ReplicatedBytes(s.c.monthly(&s.c.Regions[i], written)*elsewhere),
			"copies within "+s.c.Component.Name)
	}
}

// node is what the load asks of a primary, or of a node where there are no replicas.
func (s *cacheSizer) node(n *fleetNode) *Rejection {
	n.cpu = n.cpu.threads(float64(s.spec.Threads.V), s.c.law(s.class))
	have := float64(n.t.Memory)
	room := min(s.c.Policy.allowed(n.t), float64(have*float64(s.spec.MaxMemory.V))) / have
	n.needs = append(n.needs, n.cpu.need(capacity.Claim{Load: s.cpu}, capacity.Claim{Load: s.late}),
		// Without replicas the others keep what a lost node kept, once it was read again.
		capacity.Shared(capacity.Memory, capacity.Claim{Held: s.spec.bytes()}, have, room, room))
	n.needs = s.c.network(n.needs, n.t, s.network, s.lateNetwork)
	return nil
}

func (s *cacheSizer) offer(l *Layout, _ *fleetNode) *Rejection {
	l.Crossings = s.flows
	return nil
}

// describe says what is kept, what is lost with it, and how the numbers came about.
func (s *cacheSizer) describe(l *Layout, n *fleetNode) {
	shards := max(1, l.Pools[0].Max/s.copies)
	l.Brief = remark.New("cache.brief", "kept", s.spec.kept(), "hits", s.hits)
	l.Structure = []remark.Remark{remark.New("cache.kept", "kept", s.spec.kept(), "items", s.spec.Items.V,
		"bytes", s.spec.bytes(), "hits", s.hits), remark.New("cache.shards", "shards", shards, "replicas", s.replicas)}
	if s.replicas > 0 && shards < 3 {
		l.Structure = append(l.Structure, remark.New("cache.sentinels"))
	}
	l.Grows = remark.New("cache.grows")
	for _, call := range s.c.Component.Calls {
		if s.hits > 0 && call.V.PerRead.V > 0 {
			l.Warnings = append(l.Warnings, remark.New("cache.cold", "store", call.Key, "hits", s.hits,
				"alone", s.replicas == 0, "nodes", l.Pools[0].Max))
		}
	}
	l.derive = func() []remark.Step { return s.steps(n) }
}

// steps show the calculation.
func (s *cacheSizer) steps(n *fleetNode) []remark.Step {
	rate := s.c.Need(messages).Scale(s.c.Lead)
	steps := s.spec.steps()
	if part := s.c.Load.Unfound; part < 1 && s.spec.HitRatio == nil {
		steps = append(steps, remark.Derive("of those that arrive", "MODEL section 5, cache", unit.Fraction(s.hits),
			"1 − (1 − {hits}) / {part}", "hits", unit.Fraction(s.spec.hits()), "part", unit.Fraction(part)).
			Noting("step.unfound"))
	}
	return append(append(steps, needOf(capacity.CPU, remark.Derive(
		"CPU needed at the peak of all users", "input cpu_per_call", cpuOf(s.cpu.Local+s.cpu.Global, s.ref.Name),
		"{calls} × {cpu} a call", "calls", unit.EventRate(rate.Local+rate.Global), "cpu", unit.Given(s.spec.CPU.V)))),
		n.cpu.steps(n.t, s.ref)...)
}
