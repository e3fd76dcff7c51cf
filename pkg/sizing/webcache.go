package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// WebCache keeps answers of what it calls, on nodes that you run: Varnish, nginx. Each node
// keeps the same, so that a lost one takes no hits along (docs/model.md section 5, web-cache).
type WebCache struct {
	strict.At
	CacheItems
	// CPU time of a request on one vCPU of the reference type.
	CPU strict.Value[unit.Duration] `yaml:"cpu_per_request"`
	// CPU time of 1 MB that is received or sent, from and to either side.
	CPUMB strict.Value[unit.Duration] `yaml:"cpu_per_mb"`
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Memory of a node before any item, beside policy.reserve.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Whether nodes have public addresses; without it, where users' requests enter here.
	Public *strict.Value[bool] `yaml:"public"`
}

type webCacheKind struct{}

func (webCacheKind) Word() string { return "web-cache" }

func (webCacheKind) Traits(spec any) Traits {
	s := spec.(*WebCache)
	return Traits{Scope: workload.ScopeShare, Passes: true, HandsOn: true,
		Hits: func(_ string, unfound float64) float64 { return s.hitsOf(unfound) },
		Fails: func(c *Task, _ *Layout) Failing {
			return Failing{Disks: inMemory(), Answers: s.hitsOf(c.Load.Unfound)}
		}}
}

func (webCacheKind) Spec() any {
	items := defaultItems(given(unit.Bytes(1<<10), `Varnish, "Sizing your cache": 1 KB for each object`))
	items.Key = judged(unit.Bytes(100), "a host name, a path and a query")
	items.Value = judged(unit.Bytes(30000), "a page of 2 MB in 70 files")
	return &WebCache{
		CacheItems: items,
		CPU: judged(unit.Duration(14e-6),
			"7 us to answer a request over HTTP ("+nginxBench+"), as much again to look it up and to keep it"),
		CPUMB: given(unit.Duration(0.23e-3),
			nginxBench+": (1/33,125 - 1/145,551) s more for 100 KB than for none over HTTP"),
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		Memory:    judged(unit.Bytes(512<<20), "a process with its threads and configuration"),
	}
}

type webCacheSizer struct {
	*fleet
	spec     *WebCache
	hits     float64
	requests Linear // per second
	bytes    Linear // per second, both ways on both sides
	network  networkLoad
	late     networkLoad // in addition while workers catch up
	public   bool
}

func (webCacheKind) Prepare(c *Task) (Sizer, error) {
	s := &webCacheSizer{spec: c.Component.Spec.(*WebCache)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	if err := required(c, s.spec.Items, "items", itemsHint); err != nil {
		return nil, err
	}
	f, err := newFleet(c, s.spec.Reference, "http")
	if err != nil {
		return nil, err
	}
	s.fleet, s.hits, s.requests = f, s.spec.hitsOf(c.Load.Unfound), c.Need((*workload.Vec).Requests)
	s.network.in, s.network.out = traffic(c.Load)
	s.bytes = s.network.in.Plus(s.network.out)
	f.cpu = s.work(s.requests, s.bytes)
	s.catchUp()
	if s.public = c.users().users > 0 || c.fromOutside(c.Load); s.spec.Public != nil {
		s.public = s.spec.Public.V
	}
	f.node, f.beside, f.describe = s.node, s.beside, s.describe
	if s.public {
		f.offer = s.c.addresses
	}
	return s, nil
}

// work is the CPU time of requests and bytes.
func (s *webCacheSizer) work(requests, bytes Linear) Linear {
	return requests.Scale(float64(s.spec.CPU.V)).Plus(bytes.Scale(float64(s.spec.CPUMB.V) / megabyte))
}

// catchUp is what comes in addition while callers work off an outage, of which what is
// missed goes on.
func (s *webCacheSizer) catchUp() {
	late, part := s.c.backlog(), s.c.passed(s.c.Load)
	s.late = networkLoad{late.in, late.answers}
	for i := range s.c.Load.Edges {
		answers, requests := made(&s.c.Load.Edges[i])
		s.late.in, s.late.out = s.late.in.Plus(answers.Scale(part)), s.late.out.Plus(requests.Scale(part))
	}
	s.fleet.late = s.work(late.reads.Plus(late.writes), s.late.in.Plus(s.late.out))
}

// taken is the memory of a node, each of which keeps all items.
func (s *webCacheSizer) taken() float64 { return float64(s.spec.Memory.V) + s.spec.bytes() }

// beside adds the limit of a region that more nodes do not help.
func (s *webCacheSizer) beside(l *Layout, n *fleetNode, region int) {
	have := float64(n.t.Memory)
	l.Limits = append(l.Limits, s.regions[region].beside(capacity.Limit{Of: capacity.Memory, Need: s.taken(),
		Have: have, Target: s.c.Policy.allowed(n.t) / have, Why: remark.New("nodes.each")}))
}

// node is what the load asks of a node.
func (s *webCacheSizer) node(n *fleetNode) *Rejection {
	if _, _, rej := s.c.leaves(n.t, s.taken(), "webcache.kept"); rej != nil {
		return rej
	}
	n.needs = append(n.needs, n.cpu.need(capacity.Claim{Load: s.cpu}, capacity.Claim{Load: s.fleet.late}))
	n.needs = s.c.network(n.needs, n.t, s.network, s.late)
	return nil
}

// describe says what is kept, and how the numbers came about.
func (s *webCacheSizer) describe(l *Layout, n *fleetNode) {
	l.Brief = remark.New("cache.brief", "kept", s.spec.kept(), "hits", s.hits)
	l.Structure = []remark.Remark{remark.New("cache.kept", "kept", s.spec.kept(), "items", s.spec.Items.V,
		"bytes", s.spec.bytes(), "hits", s.hits), remark.New("webcache.each")}
	l.Grows = remark.New("webcache.grows")
	for _, call := range s.c.Component.Calls {
		if s.hits > 0 && call.V.PerRead.V > 0 {
			l.Warnings = append(l.Warnings, remark.New("cache.cold", "store", call.Key, "hits", s.hits))
		}
	}
	l.derive = func() []remark.Step { return append(s.steps(), n.cpu.steps(n.t, s.ref)...) }
}

// steps show the calculation.
func (s *webCacheSizer) steps() []remark.Step {
	requests, bytes, cpu := s.requests.Local+s.requests.Global, s.bytes.Local+s.bytes.Global, s.cpu.Local+s.cpu.Global
	return append(s.spec.steps(), needOf(capacity.CPU, remark.Derive("CPU needed at the peak of all users",
		"MODEL section 5, web-cache", cpuOf(cpu, s.ref.Name), "{requests} × {cpu} + {bytes} × {mb} / 1MB",
		"requests", unit.EventRate(requests), "cpu", unit.Given(s.spec.CPU.V),
		"bytes", unit.ByteRate(bytes), "mb", unit.Given(s.spec.CPUMB.V))))
}
