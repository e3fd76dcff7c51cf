package sizing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Stateless is a service without state of its own: web and API servers, node
// pools, proxies. Its nodes follow the load: they are added and removed by the
// hour.
type Stateless struct {
	strict.At
	// CPU time of one request on one vCPU of the reference type; needed unless the component is
	// pinned without a workload.
	CPU strict.Value[unit.Duration] `yaml:"cpu"`
	// CPU time by request class, instead of cpu; cpu is for the classes that are not in it.
	CPUByClass strict.Map[strict.Value[unit.Duration]] `yaml:"cpu_by_class"`
	// CPU time of one first page.
	PageCPU strict.Value[unit.Duration] `yaml:"page_cpu"`
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Class of work: which benchmark tells how fast other types are.
	Work string `yaml:"work" enum:"http|generic|tls|queue|sql"`
	// Squared coefficient of variation of the time between requests.
	ArrivalSCV strict.Value[unit.Count] `yaml:"arrival_scv" min:"0" max:"100"`
	// Squared coefficient of variation of the CPU time.
	ServiceSCV strict.Value[unit.Count] `yaml:"service_scv" min:"0" max:"100"`
	// CPU time per second of each connected user, whatever it asks for.
	CPUSession strict.Value[unit.Duration] `yaml:"cpu_per_session"`
	// vCPUs of the reference type that are busy on each node whatever the load, beside
	// policy.reserve.
	CPUNode strict.Value[unit.Count] `yaml:"cpu_per_node" min:"0" max:"1024"`
	// vCPUs of the reference type that are busy in each region whatever the load: jobs, polling.
	CPUBase strict.Value[unit.Count] `yaml:"cpu_base" min:"0" max:"100000"`
	// Memory of a node before any request, beside policy.reserve.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Memory of each worker process before any request.
	MemoryWorker strict.Value[unit.Bytes] `yaml:"memory_per_worker"`
	// Memory of a request while it is in the system.
	MemoryRequest strict.Value[unit.Bytes] `yaml:"memory_per_request"`
	// Time a request spends here including the calls it waits for.
	Residence strict.Value[unit.Duration] `yaml:"residence"`
	// Worker processes of a node; 0 is one for each vCPU.
	Workers strict.Value[unit.Count] `yaml:"workers" min:"0" max:"1024"`
	// Whether a worker uses one vCPU at most.
	SingleThread strict.Value[bool] `yaml:"single_threaded"`
	// Connections that a worker keeps open to each database it calls.
	Pool strict.Value[unit.Count] `yaml:"connection_pool" min:"0" max:"10000"`
	// Highest part of the time that the connections of a pool may be in use.
	PoolBusy strict.Value[unit.Fraction] `yaml:"pool_busy" min:"0.01" max:"1"`
	// Sticky sessions or long-lived connections that a node holds.
	Sessions *strict.Value[unit.Count] `yaml:"sessions_per_node" min:"1"`
	// What it needs of its users' connections, which each balancer before it must do.
	Needs []string `yaml:"needs" enum:"websocket|sticky"`
	// Whether nodes follow the load.
	Autoscaled strict.Value[bool] `yaml:"autoscaled"`
	// Time from the need for a node to its first request.
	Lag strict.Value[unit.Duration] `yaml:"lag"`
	// What each node keeps in its memory of the answers of a component that it calls.
	Local *LocalCache `yaml:"local_cache"`
	// What each node of the plan, of all components, asks of it in its region again and again, such as
	// its configuration.
	Polled *Polling `yaml:"polled"`

	NeedsAt diag.Pos `yaml:"-"` // where needs stands
}

// Check notes where the profile says what is needed.
func (spec *Stateless) Check(c *strict.Checker) { spec.NeedsAt = c.At("needs") }

// DefaultReference is the type on which CPU times count as measured where a
// profile names none: a current general-purpose type with measurements.
const DefaultReference = "m7g.xlarge"

type statelessKind struct{}

func (statelessKind) Word() string { return "stateless" }

func (statelessKind) Traits(spec any) Traits {
	s := spec.(*Stateless)
	t := Traits{Scope: workload.ScopeShare, Needs: s.needed(), Hits: s.found, FollowsNodes: s.Polled != nil,
		Fails: func(*Task, *Layout) Failing { return Failing{Launch: &s.Lag.V} }}
	t.Service = &Service{
		CPU:        s.cpuSeconds,
		ArrivalSCV: float64(s.ArrivalSCV.V),
		ServiceSCV: float64(s.ServiceSCV.V),
		Session:    float64(s.CPUSession.V),
		PerNode:    float64(s.CPUNode.V),
		Held:       float64(s.CPUBase.V),
		Memory:     s.memory(),

		MemoryWorker: float64(s.MemoryWorker.V),
		Workers:      s.workers,
		InFlight:     float64(s.Residence.V) * float64(s.MemoryRequest.V),
		Sessions:     s.Sessions != nil,
		Pool:         Pooling{Each: float64(s.Pool.V), Busy: float64(s.PoolBusy.V)},
	}
	return t
}

// found is the part of the reads for a component that each node answers itself.
func (spec *Stateless) found(to string, _ float64) float64 {
	if spec.Local == nil || spec.Local.Of != to {
		return 0
	}
	return spec.Local.hits()
}

// memory is what a node takes before any request, bytes.
func (spec *Stateless) memory() float64 {
	base := float64(spec.Memory.V)
	if spec.Local != nil {
		base += spec.Local.bytes()
	}
	return base
}

func (statelessKind) Spec() any {
	return &Stateless{
		PageCPU:       judged(unit.Duration(0), "first pages are static files or come from a CDN's origin pull"),
		Reference:     judged(DefaultReference, "a current general-purpose type that was measured"),
		Work:          "http",
		ArrivalSCV:    judged(unit.Count(1), "Poisson arrivals"),
		ServiceSCV:    judged(unit.Count(1), "exponential service times"),
		CPUSession:    judged(unit.Duration(0), "a connected user who asks for nothing costs nothing"),
		CPUNode:       judged(unit.Count(0), "nothing but the service runs"),
		CPUBase:       judged(unit.Count(0), "nothing but requests"),
		MemoryWorker:  judged(unit.Bytes(0), "workers are threads of one process"),
		Memory:        judged(unit.Bytes(512<<20), "one process"),
		MemoryRequest: judged(unit.Bytes(1<<20), "1 MiB a request in flight"),
		Residence:     judged(unit.Duration(0.25), "a quarter of a second, waiting for the database included"),
		Workers:       judged(unit.Count(0), "one worker a vCPU"),
		SingleThread:  judged(false, "workers use threads"),
		Pool:          judged(unit.Count(5), "connections of a worker"),
		PoolBusy:      judged(unit.Fraction(0.8), "above it calls wait for several times what they take"),
		Autoscaled:    judged(true, "stateless nodes are added and removed by the hour"),
		Lag:           judged(unit.Duration(600), "ten minutes to measure, start and warm up"),
	}
}

type statelessSizer struct {
	tenancy
	spec *Stateless

	held     float64 // CPU that is the same in each region whatever the load
	perNode  float64 // and on each node
	network  networkLoad
	inFlight Linear // bytes of memory of requests in the system
	sessions Linear
	base     float64 // bytes of memory before any request
}

func (statelessKind) Prepare(c *Task) (Sizer, error) {
	s := &statelessSizer{spec: c.Component.Spec.(*Stateless)}
	if err := s.spec.unknownClass(c); err != nil {
		return nil, err
	}
	if err := cmp.Or(s.spec.Local.check(c), s.spec.Polled.check(c)); err != nil {
		return nil, err
	}
	if c.Component.Colocate != "" {
		return &guestSizer{c: c, spec: s.spec}, nil
	}
	f, err := newFleet(c, s.spec.Reference, s.spec.Work)
	if err != nil {
		return nil, err
	}
	if err := s.spec.unknownCPU(c); err != nil {
		return nil, err
	}
	f.follow(s.spec.Autoscaled.V, s.spec.Lag.V)
	if s.tenancy, err = newTenancy(f); err != nil {
		return nil, err
	}
	for i := range s.tenants {
		s.add(s.tenants[i].service, s.tenants[i].load)
	}
	f.bursts = true
	f.node, f.asks, f.offer, f.describe = s.node, s.asksOf, s.offer, s.describe
	return s, nil
}

// needed is what the service needs of its users' connections.
func (spec *Stateless) needed() Needed {
	n := Needed{At: spec.NeedsAt}
	for _, word := range spec.Needs {
		n.Features = append(n.Features, Feature(word))
	}
	return n
}

// unknownClass is the error for CPU time of a class that no request has: most often
// a misspelt one, whose requests would be counted with another figure.
func (spec *Stateless) unknownClass(c *Task) error {
	var names []string
	for _, class := range c.Flow.Demand.Classes {
		names = append(names, class.Name)
	}
	for _, e := range spec.CPUByClass {
		if !slices.Contains(names, e.Key) {
			hint := "the classes are " + strings.Join(names, ", ")
			if near := diag.Suggest(e.Key, names); near != "" {
				hint = "did you mean " + near + "?"
			}
			return &diag.Problem{Pos: e.KeyPos, Hint: hint,
				Summary: fmt.Sprintf("component %q has a cpu for the class %q, which is none of the profile's",
					c.Component.Name, e.Key)}
		}
	}
	return nil
}

// unknownCPU is the error for requests whose CPU time is not given: cpu is needed
// where not every class has its own.
func (spec *Stateless) unknownCPU(c *Task) error {
	const hint = "measure it (CPU seconds divided by requests) and write cpu: 6ms, or {value: 6ms, assumed: why}"
	if len(spec.CPUByClass) == 0 {
		return required(c, spec.CPU, "cpu", hint)
	}
	for _, class := range c.Flow.Demand.Classes {
		if _, ok := spec.CPUByClass.Get(class.Name); !ok && !spec.CPU.Set {
			return &diag.Problem{Pos: c.Component.Pos,
				Hint:    "add the class to cpu_by_class, or write cpu: for all others",
				Summary: fmt.Sprintf("component %q has no cpu for the class %q", c.Component.Name, class.Name)}
		}
	}
	return nil
}

// add puts one service's needs on the nodes.
func (s *statelessSizer) add(on *Service, l *workload.Load) {
	need := func(f func(*workload.Vec) float64) Linear { return Linear{Local: f(&l.Local), Global: f(&l.Global)} }
	// Connected users are where their region is, whatever they ask for.
	s.cpu = s.cpu.Plus(Linear{Local: float64(float64(s.c.Flow.Demand.Users) * on.Session)})
	s.cpu = s.cpu.Plus(need(func(v *workload.Vec) float64 { return on.CPU(s.c.Flow.Demand, v) }))
	s.inFlight = s.inFlight.Plus(need((*workload.Vec).Requests).Scale(on.InFlight))
	in, out := traffic(l)
	s.network.in, s.network.out = s.network.in.Plus(in), s.network.out.Plus(out)
	s.base += on.Memory
	s.held += on.Held
	s.perNode += on.PerNode
	if on.Sessions {
		s.sessions = s.sessions.Plus(Linear{Local: float64(s.c.Flow.Demand.Users)})
	}
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

// workers is the number of worker processes of a node.
func (spec *Stateless) workers(t *catalog.NodeType) float64 {
	if spec.Workers.V > 0 {
		return float64(spec.Workers.V)
	}
	return float64(t.VCPU)
}

// node is what the requests ask of a node of a type.
func (s *statelessSizer) node(n *fleetNode) *Rejection {
	if w := float64(s.spec.Workers.V); s.spec.SingleThread.V && w > 0 {
		n.cpu = n.cpu.threads(w, s.c.law(s.class))
	}
	n.cpu.base += s.perNode / n.cpu.perVCPU
	own, degraded, rej := s.ceilings(n)
	if rej != nil {
		return rej
	}
	base := s.base
	for i := range s.tenants {
		on := s.tenants[i].service
		base += float64(on.MemoryWorker * on.Workers(n.t))
	}
	room, free, rej := s.c.leaves(n.t, base, "stateless.idle")
	if rej != nil {
		return rej
	}
	cpu := lowered(n.cpu.need(capacity.Claim{Load: s.cpu, Held: s.held}, capacity.Claim{}), &own, &degraded)
	if n.t.Flex && cpu.Why.IsZero() {
		cpu.Why = remark.New("stateless.flex_loss", "part", n.cpu.speed.UsableCPU)
	}
	n.needs = append(n.needs, cpu,
		capacity.Shared(capacity.Memory, capacity.Claim{Load: s.inFlight}, room, free/room, free/room))
	n.needs = s.c.network(n.needs, n.t, s.network, networkLoad{})
	if v := s.spec.Sessions; v != nil {
		n.needs = append(n.needs, capacity.Shared(capacity.Resource{Name: "sessions"}, capacity.Claim{Load: s.sessions},
			float64(v.V), 1, 1))
	}
	return nil
}

// asksOf are the needs of a region: of requests, of pools of connections and of polls.
func (s *statelessSizer) asksOf(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	needs, rej := s.asks(n, region)
	return s.polled(needs, region), rej
}

// offer is what the nodes mean for the stores that they call, and the queue in which
// their requests wait.
func (s *statelessSizer) offer(l *Layout, n *fleetNode) *Rejection {
	l.Offers.Connections = float64(s.spec.Pool.V) * s.spec.workers(n.t)
	l.Queue = s.queue(&n.cpu)
	l.Crossings = s.polls()
	return nil
}

// describe says how the numbers came about.
func (s *statelessSizer) describe(l *Layout, n *fleetNode) {
	s.slowed(l, n)
	l.Grows = remark.New("stateless.grows", "autoscaled", s.spec.Autoscaled.V, "lag", s.spec.Lag.V)
	l.Waits = s.waits(&s.tenants[0], n.t)
	if s.spec.Polled != nil {
		l.Warnings = s.c.unsettled()
	}
	if x := s.spec.Local; x != nil {
		l.Structure = append(l.Structure, remark.New("cache.local", "of", x.Of, "kept", x.kept(), "bytes", x.bytes(),
			"hits", x.hits()))
	}
	l.derive = func() []remark.Step { return append(s.steps(n), s.poolSteps(l)...) }
}

// cpuStep is how the CPU time comes about: of each class that has a figure of its own,
// of all other requests, of first pages and of each guest.
func (s *statelessSizer) cpuStep() remark.Step {
	l, spec := s.c.Load, s.spec
	others := 0.0
	step := needOf(capacity.CPU, remark.Derive("CPU needed at the peak of all users", "input cpu",
		cpuOf(s.atPeak(), s.ref.Name), ""))
	for i, class := range s.c.Flow.Demand.Classes {
		rate := l.Local.Reads[i] + l.Local.Writes[i] + l.Global.Reads[i] + l.Global.Writes[i]
		if own, ok := spec.CPUByClass.Get(class.Name); !ok {
			others += rate
		} else if rate > 0 {
			step = step.Plus("{λ} × {cpu} of {class}", "λ", unit.EventRate(rate), "cpu", unit.Given(own.V),
				"class", class.Name)
		}
	}
	if others > 0 {
		step = step.Plus("{λ} × {cpu} a request", "λ", unit.EventRate(others), "cpu", unit.Given(spec.CPU.V))
	}
	if spec.CPUSession.V > 0 {
		step = step.Plus("{U} users × {cpu}", "U", s.c.Flow.Demand.Users, "cpu", unit.Given(spec.CPUSession.V))
	}
	if spec.CPUBase.V > 0 {
		step = step.Plus("{cpu} vCPU × {regions} regions", "cpu", spec.CPUBase.V, "regions", len(s.regions))
	}
	if pages := l.Local.Pages + l.Global.Pages; pages > 0 && spec.PageCPU.V > 0 {
		step = step.Plus("{pages} × {cpu} a first page", "pages", unit.EventRate(pages),
			"cpu", unit.Given(spec.PageCPU.V))
	}
	for _, g := range s.tenants[1:] {
		step = step.Plus("{cpu} vCPU of {guest}", "cpu", unit.VCPUs(g.atPeak(s.c.Flow.Demand, len(s.regions))),
			"guest", g.name)
	}
	return step
}

// atPeak is the CPU of all regions at the peak of all users, whatever is busy without
// load included.
func (s *statelessSizer) atPeak() float64 {
	return s.cpu.Local + s.cpu.Global + float64(s.held*float64(len(s.regions)))
}

// steps show the calculation.
func (s *statelessSizer) steps(n *fleetNode) []remark.Step {
	steps := []remark.Step{s.cpuStep()}
	steps = append(append(steps, s.pollSteps()...), n.cpu.steps(n.t, s.ref)...)
	if s.spec.Local != nil {
		steps = append(steps, s.spec.Local.steps()...)
	}
	if n.t.Flex {
		steps = append(steps, s.flexStep(n))
	}
	for _, g := range s.tenants[1:] {
		steps = append(steps, remark.Derive("shares its nodes", "", nil, "with {guest}", "guest", g.name).
			Adding("step.adds_up"))
	}
	return steps
}
