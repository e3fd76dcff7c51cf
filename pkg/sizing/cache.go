package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/queueing"
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
	Shards strict.Value[unit.Count] `yaml:"shards" min:"1" max:"1000"`
	// Copies of each part beside its primary, in other zones, one of which takes its place; without
	// it one where a node or zone loss must be survived, else none. With 0 the items of a lost node
	// are read again from the store.
	Replicas *strict.Value[unit.Count] `yaml:"replicas" min:"0" max:"5"`
}

// CacheItems is a part of the spec of what keeps items: how many there are, how many of
// them are kept, and so how many reads find theirs.
type CacheItems struct {
	// Different items that are asked for in a region; needed.
	Items strict.Value[unit.Count] `yaml:"items" min:"1" max:"1000000000000000"`
	// Part of the items that there is room for.
	Keep strict.Value[unit.Fraction] `yaml:"keep" min:"0" max:"1"`
	// How unevenly items are asked for (Zipf's exponent): the i-th most popular one in proportion to
	// i^−zipf; 0 where all are as popular.
	Zipf strict.Value[unit.Count] `yaml:"zipf" min:"0" max:"10"`
	// Part of the reads that find their item, where it was measured; without it as computed from
	// items, keep and zipf.
	HitRatio *strict.Value[unit.Fraction] `yaml:"hit_ratio" min:"0" max:"1"`
	// Bytes of an item's key.
	Key strict.Value[unit.Bytes] `yaml:"key"`
	// Bytes of an item's value.
	Value strict.Value[unit.Bytes] `yaml:"value"`
	// Bytes that the program adds to each item.
	Overhead strict.Value[unit.Bytes] `yaml:"overhead"`
	// Memory that is taken for each byte of items, as what is freed leaves gaps.
	Fragmentation strict.Value[unit.Count] `yaml:"fragmentation" min:"1" max:"10"`
}

// hits is the part of the reads that find their item.
func (x *CacheItems) hits() float64 {
	if x.HitRatio != nil {
		return float64(x.HitRatio.V)
	}
	p := queueing.Popularity{Items: float64(x.Items.V), Exponent: float64(x.Zipf.V)}
	part, err := p.HitRatio(x.kept())
	if err != nil {
		return 0 // without items; Prepare says so
	}
	return part
}

// kept is how many items there is room for.
func (x *CacheItems) kept() float64 { return float64(float64(x.Items.V) * float64(x.Keep.V)) }

// bytes is the memory that they take.
func (x *CacheItems) bytes() float64 {
	return float64(x.kept() * float64(x.Key.V+x.Value.V+x.Overhead.V) * float64(x.Fragmentation.V))
}

// steps show what is kept and how many reads find it.
func (x *CacheItems) steps() []remark.Step {
	const model = "MODEL section 5, cache"
	out := []remark.Step{needOf(capacity.Memory, remark.Derive("memory of what is kept", "inputs items, keep, key, value",
		unit.Bytes(x.bytes()), "{items} × {keep} × ({key} + {value} + {overhead}) × {fragmentation}",
		"items", unit.Given(x.Items.V), "keep", unit.Given(x.Keep.V), "key", unit.Given(x.Key.V),
		"value", unit.Given(x.Value.V), "overhead", unit.Given(x.Overhead.V),
		"fragmentation", unit.Given(x.Fragmentation.V)))}
	if x.HitRatio != nil {
		return out
	}
	return append(out, remark.Derive("reads that find their item", model, unit.Fraction(x.hits()),
		"Σ pᵢ(1 − exp(−pᵢT)), pᵢ ~ i^−{zipf}, Σ (1 − exp(−pᵢT)) = {kept}", "zipf", unit.Given(x.Zipf.V),
		"kept", unit.WithDecimals(x.kept(), 0)))
}

// defaultItems are the items of a program of which each takes so many bytes more.
func defaultItems(overhead strict.Value[unit.Bytes]) CacheItems {
	return CacheItems{
		Keep: judged(unit.Fraction(0.2), "most reads are of a fifth of what there is"),
		Zipf: judged(unit.Count(0.8), "0.64 to 0.83 at web proxies (Breslau et al., \"Web caching and Zipf-like "+
			"distributions\", INFOCOM 1999); stores of keys and values are often steeper (YCSB: 0.99)"),
		Key:           judged(unit.Bytes(50), "a prefix and an identifier"),
		Value:         judged(unit.Bytes(1000), "a small object"),
		Overhead:      overhead,
		Fragmentation: judged(unit.Count(1.25), "MODEL section 5: allocators leave a fifth unused"),
	}
}

type cacheKind struct{}

func (cacheKind) Word() string { return "cache" }

func (cacheKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeShare, Passes: true, Hits: func(string) float64 { return spec.(*Cache).hits() }}
}

func (cacheKind) Spec() any {
	return &Cache{
		CacheItems: defaultItems(judged(unit.Bytes(90), "MODEL section 5: Redis' entry, key and value objects and expiry")),
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
	const hint = "count the different keys that are read in a day and write items: 2M"
	if err := required(c, s.spec.Items, "items", hint); err != nil {
		return nil, err
	}
	f, err := newFleet(c, s.spec.Reference, "redis")
	if err != nil {
		return nil, err
	}
	s.fleet, s.hits = f, s.spec.hits()
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
	written, replicas := s.c.Need((*workload.Vec).Written), float64(s.replicas)
	s.network = networkLoad{in.Scale(s.c.Lead), out.Plus(written.Scale(replicas)).Scale(s.c.Lead)}
	s.lateNetwork = networkLoad{late.in, late.answers.Plus(late.sent.Scale(replicas))}
	part := s.c.passed(s.c.Load)
	for i := range s.c.Load.Edges {
		answers, requests := made(&s.c.Load.Edges[i])
		s.lateNetwork.in, s.lateNetwork.out = s.lateNetwork.in.Plus(answers.Scale(part)), s.lateNetwork.out.Plus(requests.Scale(part))
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
	return append(append(s.spec.steps(), needOf(capacity.CPU, remark.Derive(
		"CPU needed at the peak of all users", "input cpu_per_call", cpuOf(s.cpu.Local+s.cpu.Global, s.ref.Name),
		"{calls} × {cpu} a call", "calls", unit.EventRate(rate.Local+rate.Global), "cpu", unit.Given(s.spec.CPU.V)))),
		n.cpu.steps(n.t, s.ref)...)
}
