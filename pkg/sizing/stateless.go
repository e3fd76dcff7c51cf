package sizing

import (
	"fmt"
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/queueing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Stateless is a service without state of its own: web and API servers, node
// pools, proxies. It follows the load: nodes are added and removed by the hour.
type Stateless struct {
	strict.At
	CPU           strict.Value[unit.Duration]             `yaml:"cpu" doc:"CPU time of one request on one vCPU of the reference type; needed unless the component is pinned without a workload."`
	CPUByClass    strict.Map[strict.Value[unit.Duration]] `yaml:"cpu_by_class" doc:"CPU time by request class, instead of cpu."`
	PageCPU       strict.Value[unit.Duration]             `yaml:"page_cpu" doc:"CPU time of one first page."`
	Reference     strict.Value[string]                    `yaml:"reference" doc:"Instance type on which CPU times were measured."`
	Work          string                                  `yaml:"work" enum:"http|generic|tls|queue|sql" doc:"Class of work: which benchmark tells how fast other types are."`
	ArrivalSCV    strict.Value[unit.Count]                `yaml:"arrival_scv" min:"0" max:"100" doc:"Squared coefficient of variation of the time between requests."`
	ServiceSCV    strict.Value[unit.Count]                `yaml:"service_scv" min:"0" max:"100" doc:"Squared coefficient of variation of the CPU time."`
	Memory        strict.Value[unit.Bytes]                `yaml:"memory" doc:"Memory of a node before any request."`
	MemoryRequest strict.Value[unit.Bytes]                `yaml:"memory_per_request" doc:"Memory of a request while it is in the system."`
	Residence     strict.Value[unit.Duration]             `yaml:"residence" doc:"Time a request spends here including the calls it waits for."`
	Workers       strict.Value[unit.Count]                `yaml:"workers" min:"0" max:"1024" doc:"Worker processes of a node; 0 is one for each vCPU."`
	SingleThread  strict.Value[bool]                      `yaml:"single_threaded" doc:"Whether a worker uses one vCPU at most."`
	Pool          strict.Value[unit.Count]                `yaml:"connection_pool" min:"0" max:"10000" doc:"Connections that a worker keeps open to each database it calls."`
	Sessions      *strict.Value[unit.Count]               `yaml:"sessions_per_node" min:"1" doc:"Sticky sessions or long-lived connections that a node holds."`
	Autoscaled    strict.Value[bool]                      `yaml:"autoscaled" doc:"Whether nodes follow the load."`
	Lag           strict.Value[unit.Duration]             `yaml:"lag" doc:"Time from the need for a node to its first request."`
}

// DefaultReference is the type on which CPU times count as measured where a
// profile names none: a current general-purpose type with measurements.
const DefaultReference = "m7g.xlarge"

type statelessKind struct{}

func (statelessKind) Name() string  { return "stateless" }
func (statelessKind) Scope() string { return workload.ScopeShare }

func (statelessKind) NewSpec() any {
	return &Stateless{
		PageCPU:       judged(unit.Duration(0), "first pages are static files or come from a CDN's origin pull"),
		Reference:     judged(DefaultReference, "a current general-purpose type that was measured"),
		Work:          "http",
		ArrivalSCV:    judged(unit.Count(1), "Poisson arrivals"),
		ServiceSCV:    judged(unit.Count(1), "exponential service times"),
		Memory:        judged(unit.Bytes(1<<30), "operating system, agents and one process"),
		MemoryRequest: judged(unit.Bytes(1<<20), "1 MiB a request in flight"),
		Residence:     judged(unit.Duration(0.25), "a quarter of a second, waiting for the database included"),
		Workers:       judged(unit.Count(0), "one worker a vCPU"),
		SingleThread:  judged(false, "workers use threads"),
		Pool:          judged(unit.Count(5), "connections of a worker"),
		Autoscaled:    judged(true, "stateless nodes are added and removed by the hour"),
		Lag:           judged(unit.Duration(600), "ten minutes to measure, start and warm up"),
	}
}

type statelessSizer struct {
	c       *Case
	spec    *Stateless
	tenants []tenant      // the service itself and its guests
	mix     queueing.Node // the queue of their requests, in seconds of the reference's CPU
	ref     *catalog.NodeType
	class   catalog.Class
	regions []Region

	cpu      Linear // seconds of the reference's CPU per second, guests included
	requests Linear // requests/s, guests included
	in, out  Linear // bytes/s
	inFlight Linear // bytes of memory of requests in the system
	sessions Linear
	base     float64 // bytes of memory before any request

	bursts []burstWeek // see weeks
}

func (statelessKind) Prepare(c *Case) (Sizer, error) {
	s := &statelessSizer{c: c, spec: c.Component.Spec.(*Stateless)}
	if c.Component.Colocate != "" {
		return &guestSizer{c: c, spec: s.spec}, nil
	}
	var ok bool
	if s.ref, ok = c.Catalog.NodeType(s.spec.Reference.V); !ok {
		return nil, unknownReference(c, s.spec.Reference)
	}
	if err := required(c, s.spec.CPU, "cpu", "measure it (CPU seconds divided by requests) and write cpu: 6ms, or {value: 6ms, assumed: why}"); err != nil {
		return nil, err
	}
	s.class, _ = catalog.ParseClass(s.spec.Work)
	s.regions = c.Scaled(s.spec.lag())
	var err error
	if s.tenants, err = c.tenants(c.Component); err != nil {
		return nil, err
	}
	for i := range s.tenants {
		s.add(s.tenants[i].spec, s.tenants[i].load)
	}
	s.mix = mixed(s.tenants)
	if !s.spec.Autoscaled.V {
		for i := range s.regions {
			s.regions[i].Groups = []capacity.Hour{peakOf(s.regions[i])}
		}
	}
	return s, nil
}

// lag is how many hours ahead the nodes of a pool that scales are ordered.
func (spec *Stateless) lag() int {
	if !spec.Autoscaled.V {
		return 0
	}
	return int(math.Ceil(float64(spec.Lag.V) / 3600))
}

// peakOf is one group for the whole week with the greatest multipliers.
func peakOf(r Region) capacity.Hour {
	m := r.Peak
	m.Hours = workload.Hours
	return m
}

func unknownReference(c *Case, v strict.Value[string]) *diag.Problem {
	hint := "name an EC2 instance type"
	if near := c.Catalog.SuggestType(v.V); near != "" {
		hint = "did you mean " + near + "?"
	}
	pos := v.Pos
	if pos.Line == 0 {
		pos = c.Component.Pos
	}
	return &diag.Problem{Pos: pos, Summary: fmt.Sprintf("reference type %q is not known", v.V), Hint: hint}
}

// add puts one service's needs on the nodes.
func (s *statelessSizer) add(spec *Stateless, l *workload.Load) {
	need := func(f func(*workload.Vec) float64) Linear { return Linear{Local: f(&l.Local), Global: f(&l.Global)} }
	s.cpu = s.cpu.Plus(need(func(v *workload.Vec) float64 { return spec.cpuSeconds(s.c.Flow.Demand, v) }))
	s.requests = s.requests.Plus(need((*workload.Vec).Requests))
	s.inFlight = s.inFlight.Plus(need((*workload.Vec).Requests).Scale(float64(spec.Residence.V) * float64(spec.MemoryRequest.V)))
	in, out := traffic(l)
	s.in, s.out = s.in.Plus(in), s.out.Plus(out)
	s.base += float64(spec.Memory.V)
	if spec.Sessions != nil {
		s.sessions = s.sessions.Plus(Linear{Local: float64(s.c.Flow.Demand.Users)})
	}
}

// traffic is what a component's nodes receive and send, bytes per second: the
// calls that arrive and those that it makes.
func traffic(l *workload.Load) (in, out Linear) {
	in, out = Linear{Local: l.Local.In, Global: l.Global.In}, Linear{Local: l.Local.Out, Global: l.Global.Out}
	for i := range l.Edges {
		e := &l.Edges[i]
		in = in.Plus(Linear{Local: e.Local.Response, Global: e.Global.Response})
		out = out.Plus(Linear{Local: e.Local.Request, Global: e.Global.Request})
	}
	return in, out
}

// cpuSeconds is the CPU time per second that a load needs on the reference.
func (spec *Stateless) cpuSeconds(d *workload.Demand, v *workload.Vec) float64 {
	t := float64(v.Pages * float64(spec.PageCPU.V))
	for i, class := range d.Classes {
		cpu := float64(spec.CPU.V)
		if own, ok := spec.CPUByClass.Get(class.Name); ok {
			cpu = float64(own.V)
		}
		t += float64((v.Reads[i] + v.Writes[i]) * cpu)
	}
	return t
}

func (s *statelessSizer) Needs() Needs {
	return Needs{Nodes: true, Storages: []Storage{{}}, MinNodes: s.c.minNodes(s.regions)}
}

// minNodes is the structural minimum of every region of the profile.
func (c *Case) minNodes(rs []Region) []float64 {
	out := make([]float64, len(c.Flow.Demand.Regions))
	for i := range rs {
		out[rs[i].Index] = float64(c.Policy.Structural(rs[i].Zones))
	}
	return out
}

// Bound is what the CPU time of the mean load takes without rounding up to
// whole nodes and without an SLO.
func (s *statelessSizer) Bound(t *catalog.NodeType, least []float64) {
	speed, err := s.c.Speeds.Speed(t, s.class, s.ref)
	if err != nil {
		return // Fit says so
	}
	full, lost := cpuOf(t, &speed)
	full, lost = full*(1+1e-6), lost*(1+1e-6)
	for i := range s.regions {
		r := &s.regions[i]
		n := s.cpu.Own(r.Mean) / (full * s.c.Policy.Own)
		if s.c.Policy.Region && r.Warm >= 1 {
			n = max(n, s.cpu.Lost(r.Mean)/(lost*s.c.Policy.Degraded))
		}
		least[r.Index] = max(least[r.Index], n)
	}
}

// Floor is nothing: only nodes are billed.
func (s *statelessSizer) Floor(Storage) []Usage { return nil }

func (s *statelessSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	n, rej := s.node(t)
	if rej != nil {
		rej.Type, rej.Storage = t, st
		return nil, rej
	}
	l := &Layout{Type: t, Storage: st}
	for i := range s.regions {
		r := &s.regions[i]
		if rej := s.c.Policy.checkZones(*r); rej != nil {
			rej.Type = t
			return nil, rej
		}
		p, rej := s.pool(i, n)
		if rej != nil {
			rej.Type = t
			return nil, rej
		}
		l.Pools = append(l.Pools, p)
	}
	l.Offers.Connections = float64(s.spec.Pool.V) * s.spec.workers(t)
	l.Queue = s.queue(n.cpu(), s.servers(t))
	l.Describe = func(l *Layout) { s.describe(l, n) }
	return l, nil
}

// pool sizes the nodes of a region.
func (s *statelessSizer) pool(i int, n *statelessNode) (Pool, *Rejection) {
	if n.baseline > 0 {
		return s.burst(i, n)
	}
	return s.c.scale(&s.regions[i], n.needs)
}

// describe says how the numbers came about.
func (s *statelessSizer) describe(l *Layout, n *statelessNode) {
	cpu := &n.needs[0]
	cpu.Why = why(n.own, n.degraded)
	if n.baseline > 0 && cpu.Why == "" {
		cpu.Why = fmt.Sprintf("of a -flex type %.0f %% counts while something is lost", 100*n.speed.UsableCPU)
	}
	for i := range s.regions {
		r := &s.regions[i]
		s.c.explain(l, r, s.c.role(r, n.needs), l.Pools[i].Max)
		if n.baseline > 0 {
			l.Limits = append(l.Limits, s.burstLimit(i, n, l))
		}
	}
	if s.spec.Autoscaled.V {
		l.Grows = "users: nodes are added automatically, " + s.spec.Lag.V.Human() + " after the need"
	} else {
		l.Grows = "users: nodes are added by hand"
	}
	if !l.Terse {
		l.Steps = s.steps(l.Type, n)
	}
}

// workers is the number of worker processes of a node.
func (spec *Stateless) workers(t *catalog.NodeType) float64 {
	if spec.Workers.V > 0 {
		return float64(spec.Workers.V)
	}
	return float64(t.VCPU)
}

// statelessNode is what one node of a type has.
type statelessNode struct {
	needs         []capacity.Need // CPU first
	speed         catalog.Speed
	own, degraded lowering // the SLOs that lower what its CPU may carry
	// baseline is what the CPU of a -flex type sustains, in seconds of the
	// reference's per second; 0 for all others.
	baseline float64
}

// cpu is all of a node's CPU, in seconds of the reference's per second.
func (n *statelessNode) cpu() float64 { return n.needs[0].In[capacity.Own].Have }

// carried is what the CPU of one node may carry, in seconds of the reference's
// per second: in the normal state and while something is lost.
type carried struct{ own, degraded float64 }

// cpuBaseline is what the CPU of a -flex type sustains.
var cpuBaseline = capacity.Resource{Name: "cpu baseline", Unit: "vCPU"}

// cpuOf is the CPU of a node in seconds of the reference's per second, in the
// normal state and while something is lost: all of it, of -flex types only the
// baseline while something is lost (see burst).
func cpuOf(t *catalog.NodeType, speed *catalog.Speed) (full, lost float64) {
	if t.Flex {
		return speed.RefVCPUs / speed.UsableCPU, speed.RefVCPUs
	}
	return speed.RefVCPUs, speed.RefVCPUs
}

func (s *statelessSizer) node(t *catalog.NodeType) (*statelessNode, *Rejection) {
	speed, err := s.c.Speeds.Speed(t, s.class, s.ref)
	if err != nil {
		return nil, &Rejection{Resource: "speed", Detail: err.Error()}
	}
	n := &statelessNode{speed: speed}
	full, lost := cpuOf(t, &speed)
	servers := s.servers(t)
	if all := float64(t.VCPU); servers < all {
		full, lost = full*servers/all, lost*servers/all
	}
	carry := carried{own: full * s.c.Policy.Own, degraded: full * s.c.Policy.Degraded}
	if t.Flex {
		n.baseline, carry.degraded = lost, lost*s.c.Policy.Degraded
	}
	var rej *Rejection
	if n.own, n.degraded, rej = s.slo(&carry, full, lost, servers); rej != nil {
		return nil, rej
	}
	free := float64(t.Memory)*s.c.Policy.Memory - s.base
	if free <= 0 {
		return nil, &Rejection{Resource: "memory", Need: s.base, Have: float64(t.Memory) * s.c.Policy.Memory, Unit: "B", Detail: "before any request"}
	}
	n.needs = make([]capacity.Need, 0, 5)
	n.needs = append(n.needs, capacity.Shared(capacity.CPU, capacity.Amount{Load: s.cpu}, full, carry.own/full, carry.degraded/full),
		capacity.Shared(capacity.Memory, capacity.Amount{Load: s.inFlight}, float64(t.Memory)-s.base, free/(float64(t.Memory)-s.base), free/(float64(t.Memory)-s.base)))
	n.needs = s.c.network(n.needs, t, networkLoad{s.in, s.out}, networkLoad{})
	if s.spec.Sessions != nil {
		each := float64(s.spec.Sessions.V)
		n.needs = append(n.needs, capacity.Shared(capacity.Resource{Name: "sessions"}, capacity.Amount{Load: s.sessions}, each, 1, 1))
	}
	return n, nil
}

// servers is how many requests a node works on at the same time.
func (s *statelessSizer) servers(t *catalog.NodeType) float64 {
	n := float64(t.VCPU)
	if w := float64(s.spec.Workers.V); s.spec.SingleThread.V && w > 0 && w < n {
		return w
	}
	return n
}

func (s *statelessSizer) steps(t *catalog.NodeType, n *statelessNode) []workload.Step {
	all := s.requests.Local + s.requests.Global
	work := s.cpu.Local + s.cpu.Global
	steps := []workload.Step{
		{What: "CPU needed at the peak of all users", Formula: fmt.Sprintf("%s × %s a request", unit.Rate(all).Human(), s.spec.CPU.V), Result: fmt.Sprintf("%.4g vCPU of %s", work, s.ref.Name), Source: "input cpu"},
		{What: "speed of a node", Formula: fmt.Sprintf("%s against %s, %s, derated by %.2f", t.Name, s.ref.Name, n.speed.Evidence, n.speed.Derate), Result: fmt.Sprintf("%.4g vCPU of %s", n.speed.RefVCPUs, s.ref.Name), Source: "MODEL section 2"},
	}
	if n.baseline > 0 {
		steps = append(steps, workload.Step{What: "CPU of a -flex type", Formula: fmt.Sprintf("all of it in the normal state, but above %.0f %% in at most %d of any %d hours; %.0f %% while something is lost", 100*n.speed.UsableCPU, burstHours, catalog.FlexWindow, 100*n.speed.UsableCPU),
			Result: fmt.Sprintf("%.4g vCPU of %s, %.4g sustained", n.cpu(), s.ref.Name, n.baseline), Source: "MODEL section 2"})
	}
	for _, g := range s.tenants[1:] {
		steps = append(steps, workload.Step{What: "shares its nodes", Formula: "with " + g.name, Result: "CPU and memory add up"})
	}
	return steps
}

// burstWeek is a region's week as a pool of -flex nodes sees it, hour by hour.
type burstWeek struct {
	hours [workload.Hours]capacity.Hour
	// calm is the CPU that must fit the baseline: the greatest of the hour and
	// those that the pool looks ahead, without the hours of burst.
	calm [workload.Hours]float64
	top  float64 // the greatest of them
}

// burstHours is in how many hours of a window a -flex type may be above its
// baseline: one, as the load is known by the hour.
var burstHours = int(math.Floor(catalog.FlexWindow * catalog.FlexBurst))

// weeks are the burst weeks of the regions.
func (s *statelessSizer) weeks() []burstWeek {
	if s.bursts != nil {
		return s.bursts
	}
	s.bursts = make([]burstWeek, len(s.regions))
	lag := s.spec.lag()
	for i := range s.regions {
		w := &s.bursts[i]
		raw := hoursOf(s.c.Flow, s.c.Load, s.regions[i].Index)
		calm := s.calm(raw)
		w.hours, w.top = *ahead(raw, lag), slices.Max(calm[:])
		for h := range w.calm {
			for k := 0; k <= lag && k < workload.Hours; k++ {
				w.calm[h] = max(w.calm[h], calm[(h+k)%workload.Hours])
			}
			if !s.spec.Autoscaled.V {
				w.hours[h], w.calm[h] = peakOf(s.regions[i]), w.top
			}
		}
	}
	return s.bursts
}

// calm is the CPU needed in each hour of the week, and 0 in hours of burst. An
// hour is one of burst where fewer than burstHours others of every window
// around it need as much. So no window has more than burstHours of them: the
// least of any more would have too many rivals.
func (s *statelessSizer) calm(hours *[workload.Hours]capacity.Hour) *[workload.Hours]float64 {
	var own, calm [workload.Hours]float64
	for h := range hours {
		own[h] = s.cpu.Own(hours[h])
	}
	for h := range own {
		rivals := 0
		for k := 1; k < catalog.FlexWindow; k++ {
			for _, o := range [...]int{h + k, h - k + workload.Hours} {
				if own[o%workload.Hours] >= own[h] {
					rivals++
				}
			}
		}
		if rivals >= burstHours {
			calm[h] = own[h]
		}
	}
	return &calm
}

// burst sizes a pool of -flex nodes: in each hour the least number that passes
// all limits at full CPU, and at which the hours above the baseline are few
// enough for full CPU to count (MODEL section 2). While something is lost only
// the baseline counts. It never needs more nodes than counting the baseline
// always: that keeps the load below it in every hour.
func (s *statelessSizer) burst(i int, n *statelessNode) (Pool, *Rejection) {
	r, w := &s.regions[i], &s.weeks()[i]
	role := s.c.role(r, n.needs)
	role.Week = w.hours[:]
	nodes, over := role.Hourly(make([]int, 0, workload.Hours))
	if over != nil {
		return Pool{}, tooMany(over)
	}
	for h := range nodes {
		nodes[h] = max(nodes[h], capacity.Ceil(w.calm[h]/n.baseline))
		if nodes[h] > capacity.MaxNodes {
			return Pool{}, tooMany(&capacity.Bound{Of: cpuBaseline, Need: w.calm[h], Allowed: n.baseline})
		}
	}
	slices.Sort(nodes)
	var counts []capacity.Count
	for _, k := range nodes {
		if len(counts) == 0 || counts[len(counts)-1].Nodes != k {
			counts = append(counts, capacity.Count{Nodes: k})
		}
		counts[len(counts)-1].Hours++
	}
	return pooled(r.Index, counts), nil
}

// burstLimit is the constraint that few hours are above the baseline.
func (s *statelessSizer) burstLimit(i int, n *statelessNode, l *Layout) Limit {
	r, full, top, have := &s.regions[i], n.cpu(), s.weeks()[i].top, l.Pools[i].Max
	nodes := capacity.Ceil(top / n.baseline)
	other := slices.ContainsFunc(l.Limits, func(o Limit) bool { return o.Region == r.Index && o.Binding })
	return Limit{Limit: capacity.Limit{Of: cpuBaseline, State: capacity.Own, Need: top, Have: float64(have) * full, Target: n.baseline / full, Nodes: nodes, Binding: !other && nodes == have, Why: fmt.Sprintf("a -flex type may be above it in %d of any %d hours", burstHours, catalog.FlexWindow)}, Region: r.Index}
}

// guestSizer is a component on another's nodes: it has none of its own, but
// its workers open connections on every one of them.
type guestSizer struct {
	c    *Case
	spec *Stateless
}

func (g *guestSizer) Needs() Needs {
	return Needs{Storages: []Storage{{}}, MinNodes: make([]float64, len(g.c.Flow.Demand.Regions))}
}

func (g *guestSizer) Fit(*catalog.NodeType, Storage) (*Layout, *Rejection) {
	host := g.c.Component.Colocate
	l := &Layout{Structure: []string{"on the nodes of " + host}, Grows: "with " + host}
	h := g.c.Sized[host]
	if h == nil || h.Type == nil {
		return nil, &Rejection{Resource: "nodes", Detail: host + " has no nodes to share"}
	}
	l.Pools = h.Pools
	l.Offers.Connections = float64(g.spec.Pool.V) * g.spec.workers(h.Type)
	l.Queue = g.queue(h.Queue)
	l.Describe = func(l *Layout) { g.describe(l, h) }
	return l, nil
}

// queue is a node of the host as a queue for the guest's requests: they wait
// as all do, and are served as the guest's are.
func (g *guestSizer) queue(host *queueing.Node) *queueing.Node {
	h, ok := g.c.Profile.Component(g.c.Component.Colocate)
	if !ok || host == nil {
		return nil
	}
	if _, ok := h.Spec.(*Stateless); !ok {
		return nil
	}
	ts, err := g.c.tenants(h)
	i := slices.IndexFunc(ts, func(t tenant) bool { return t.name == g.c.Component.Name })
	if err != nil || i < 0 || ts[i].stream.Service <= 0 {
		return nil
	}
	mix, n := mixed(ts), *host
	n.Of = queueing.Kind{Service: n.Service * ts[i].stream.Service / mix.Service, SCV: ts[i].stream.SCV}
	return &n
}

// describe shows the CPU that the guest's requests wait for, and compares both
// placements: on shared nodes every node holds the connections of both
// services, apart each service has fewer nodes.
func (g *guestSizer) describe(l *Layout, host *Layout) {
	host.Detail()
	for _, x := range host.Limits {
		if x.Of.Name == "cpu" {
			x.Binding = false // it decides the host's nodes
			l.Limits = append(l.Limits, x)
		}
	}
	together := g.connections(host.Pools, l.Offers.Connections)
	alone := *g.c
	component := *g.c.Component
	component.Colocate = ""
	alone.Component = &component
	sizer, err := statelessKind{}.Prepare(&alone)
	if err != nil {
		return
	}
	apart, rej := sizer.Fit(host.Type, Storage{})
	if rej != nil {
		return
	}
	few := g.connections(apart.Pools, l.Offers.Connections)
	l.Steps = append(l.Steps, workload.Step{What: "database connections",
		Formula: fmt.Sprintf("%.0f on the shared nodes, %.0f on nodes of its own", together, few),
		Result:  fmt.Sprintf("%+.0f for sharing", together-few), Source: "pool × workers × nodes"})
}

// connections is how many connections nodes of these pools open at most.
func (g *guestSizer) connections(pools []Pool, each float64) float64 {
	t := 0.0
	for _, p := range pools {
		t += float64(p.Max) * each
	}
	return t
}

// speedStep says how much CPU a node has.
func speedStep(t, ref *catalog.NodeType, speed *catalog.Speed) workload.Step {
	return workload.Step{What: "speed of a node",
		Formula: fmt.Sprintf("%s against %s, %s, derated by %.2f", t.Name, ref.Name, speed.Evidence, speed.Derate),
		Result:  fmt.Sprintf("%.4g vCPU of %s", speed.RefVCPUs, ref.Name), Source: "MODEL section 2"}
}
