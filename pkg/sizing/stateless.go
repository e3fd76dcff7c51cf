package sizing

import (
	"fmt"
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
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
	guests  []*guest
	ref     *catalog.NodeType
	class   catalog.Class
	regions []Region

	cpu      Linear // seconds of the reference's CPU per second, guests included
	requests Linear // requests/s, guests included
	in, out  Linear // bytes/s
	inFlight Linear // bytes of memory of requests in the system
	sessions Linear
	base     float64 // bytes of memory before any request

	aim, aimDegraded string // the SLOs in words
}

// guest is a component that runs on the same nodes.
type guest struct {
	name string
	spec *Stateless
	load *workload.Load
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
	s.aim, s.aimDegraded = c.Policy.SLO.text(), c.Policy.SLODegraded.text()
	lag := 0
	if s.spec.Autoscaled.V {
		lag = int(math.Ceil(float64(s.spec.Lag.V) / 3600))
	}
	s.regions = c.Scaled(lag)
	s.add(s.spec, c.Load)
	for _, e := range c.Profile.Components {
		if e.V.Colocate != c.Component.Name {
			continue
		}
		g, ok := e.V.Spec.(*Stateless)
		if !ok {
			return nil, &diag.Problem{Pos: e.V.Pos, Summary: fmt.Sprintf("component %q runs on the nodes of %q but is not stateless", e.Key, c.Component.Name), Hint: "only stateless services share nodes"}
		}
		s.guests = append(s.guests, &guest{e.Key, g, c.Flow.Of(e.Key)})
		s.add(g, c.Flow.Of(e.Key))
	}
	if !s.spec.Autoscaled.V {
		for i := range s.regions {
			s.regions[i].Groups = []Mult{peakOf(s.regions[i])}
		}
	}
	return s, nil
}

// peakOf is one group for the whole week with the greatest multipliers.
func peakOf(r Region) Mult {
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
	need := func(f func(*workload.Vec) float64) Linear { return Linear{f(&l.Local), f(&l.Global)} }
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
	in, out = Linear{l.Local.In, l.Global.In}, Linear{l.Local.Out, l.Global.Out}
	for i := range l.Edges {
		e := &l.Edges[i]
		in = in.Plus(Linear{e.Local.Response, e.Global.Response})
		out = out.Plus(Linear{e.Local.Request, e.Global.Request})
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
		out[rs[i].Index] = float64(c.Policy.structural(rs[i].Zones))
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
	have := speed.RefVCPUs * (1 + 1e-6)
	for i := range s.regions {
		r := &s.regions[i]
		n := s.cpu.Own(r.Mean) / (have * s.c.Policy.Own)
		if s.c.Policy.Region && r.Warm >= 1 {
			n = max(n, s.cpu.Lost(r.Mean)/(have*s.c.Policy.Degraded))
		}
		least[r.Index] = max(least[r.Index], n)
	}
}

// Floor is nothing: only nodes are billed.
func (s *statelessSizer) Floor(Storage) []Usage { return nil }

func (s *statelessSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	res, speed, rej := s.resources(t)
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
		p, rej := s.c.scale(r, res, 0)
		if rej != nil {
			rej.Type = t
			return nil, rej
		}
		l.Pools = append(l.Pools, p)
	}
	l.Offers.Connections = float64(s.spec.Pool.V) * s.spec.workers(t)
	l.Queue, _ = s.queue(res[0].Have, s.servers(t))
	l.Describe = func(l *Layout) { s.describe(l, res, speed) }
	return l, nil
}

// describe says how the numbers came about.
func (s *statelessSizer) describe(l *Layout, res []Resource, speed catalog.Speed) {
	for i := range s.regions {
		l.Limits = append(l.Limits, s.c.limits(&s.regions[i], "", res, l.Pools[i].Max)...)
	}
	if s.spec.Autoscaled.V {
		l.Grows = "users: nodes are added automatically, " + s.spec.Lag.V.Human() + " after the need"
	} else {
		l.Grows = "users: nodes are added by hand"
	}
	if !l.Terse {
		l.Steps = s.steps(l.Type, speed)
	}
}

// workers is the number of worker processes of a node.
func (spec *Stateless) workers(t *catalog.NodeType) float64 {
	if spec.Workers.V > 0 {
		return float64(spec.Workers.V)
	}
	return float64(t.VCPU)
}

// resources are what one node of a type has.
func (s *statelessSizer) resources(t *catalog.NodeType) ([]Resource, catalog.Speed, *Rejection) {
	speed, err := s.c.Speeds.Speed(t, s.class, s.ref)
	if err != nil {
		return nil, speed, &Rejection{Resource: "speed", Detail: err.Error()}
	}
	have := speed.RefVCPUs
	servers := s.servers(t)
	if all := float64(t.VCPU); servers < all {
		have = have * servers / all
	}
	cpu := s.c.resource("cpu", "vCPU", s.cpu, have)
	if rej := s.slo(&cpu, servers); rej != nil {
		return nil, speed, rej
	}
	free := float64(t.Memory)*s.c.Policy.Memory - s.base
	if free <= 0 {
		return nil, speed, &Rejection{Resource: "memory", Need: s.base, Have: float64(t.Memory) * s.c.Policy.Memory, Unit: "B", Detail: "before any request"}
	}
	res := make([]Resource, 0, 5)
	res = append(res, cpu, Resource{Name: "memory", Unit: "B", Need: s.inFlight, Have: float64(t.Memory) - s.base, Own: free, Degraded: free})
	res = s.c.network(res, t, s.in, s.out)
	if s.spec.Sessions != nil {
		res = append(res, resourceAt("sessions", "", s.sessions, float64(s.spec.Sessions.V), 1))
	}
	return res, speed, nil
}

// servers is how many requests a node works on at the same time.
func (s *statelessSizer) servers(t *catalog.NodeType) float64 {
	n := float64(t.VCPU)
	if w := float64(s.spec.Workers.V); s.spec.SingleThread.V && w > 0 && w < n {
		return w
	}
	return n
}

// network appends the two directions of a node's network, at its baseline.
func (c *Case) network(res []Resource, t *catalog.NodeType, in, out Linear) []Resource {
	if !c.NetworkKnown {
		return res
	}
	have, why := float64(t.NetworkBaseline), ""
	if t.NetworkAssumed {
		why = "baseline not in the tables; 0.1 Gbit/s a vCPU assumed"
	}
	a, b := c.resource("network in", "B/s", in, have), c.resource("network out", "B/s", out, have)
	a.Why, b.Why = why, why
	return append(res, a, b)
}

func (s *statelessSizer) steps(t *catalog.NodeType, speed catalog.Speed) []workload.Step {
	all := s.requests.Local + s.requests.Global
	work := s.cpu.Local + s.cpu.Global
	steps := []workload.Step{
		{What: "CPU needed at the peak of all users", Formula: fmt.Sprintf("%s × %s a request", unit.Rate(all).Human(), s.spec.CPU.V), Result: fmt.Sprintf("%.4g vCPU of %s", work, s.ref.Name), Source: "input cpu"},
		{What: "speed of a node", Formula: fmt.Sprintf("%s against %s, %s, derated by %.2f", t.Name, s.ref.Name, speed.Evidence, speed.Derate), Result: fmt.Sprintf("%.4g vCPU of %s", speed.RefVCPUs, s.ref.Name), Source: "MODEL section 2"},
	}
	for _, g := range s.guests {
		steps = append(steps, workload.Step{What: "shares its nodes", Formula: "with " + g.name, Result: "CPU and memory add up"})
	}
	return steps
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
	l.Describe = func(l *Layout) { g.describe(l, h) }
	return l, nil
}

// describe compares both placements: on shared nodes every node holds the
// connections of both services, apart each service has fewer nodes.
func (g *guestSizer) describe(l *Layout, host *Layout) {
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
