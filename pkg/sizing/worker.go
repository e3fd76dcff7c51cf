package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Worker is a group of processes that read messages from a log and act on
// them (docs/model.md section 5, worker). Every region's group processes every
// message. Losing all of them loses nothing while the log keeps the messages:
// where `survive` asks for no node or zone loss, one instance is enough.
type Worker struct {
	strict.At
	// CPU time of one message on one vCPU of the reference type; needed unless the component is
	// pinned without a workload.
	CPU strict.Value[unit.Duration] `yaml:"cpu"`
	// Instance type on which the CPU time was measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Class of work: which benchmark tells how fast other types are.
	Work string `yaml:"work" enum:"http|generic|tls|queue|sql"`
	// Time that a thread waits during one message for the stores it calls.
	Wait strict.Value[unit.Duration] `yaml:"wait"`
	// Memory of a node before any thread.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Memory of a thread.
	MemoryThread strict.Value[unit.Bytes] `yaml:"memory_per_thread"`
	// Threads of a node, each reading partitions of its own; 0 is one for each vCPU.
	Threads strict.Value[unit.Count] `yaml:"threads" min:"0" max:"10000"`
	// Connections that a thread keeps open to each database it calls.
	Pool strict.Value[unit.Count] `yaml:"pool" min:"0" max:"10000"`
	// Longest time in which nothing is processed.
	Outage strict.Value[unit.Duration] `yaml:"outage"`
	// Time in which the messages of such an outage are worked off, beside the new ones.
	CatchUp strict.Value[unit.Duration] `yaml:"catch_up"`
	// Whether nodes follow the load.
	Autoscaled strict.Value[bool] `yaml:"autoscaled"`
	// Time from the need for a node to its first message, where autoscaled.
	Lag strict.Value[unit.Duration] `yaml:"lag"`
}

// Check refuses an outage that nobody could ever catch up with.
func (w *Worker) Check(c *strict.Checker) {
	if w.Outage.V > 0 && w.CatchUp.V <= 0 {
		c.Errorf(c.At("catch_up"), "give the time to work off the messages, such as 4h",
			"after an outage of %s nothing can be caught up within %s", w.Outage.V, w.CatchUp.V)
	}
}

type workerKind struct{}

func (workerKind) Word() string { return "worker" }

func (workerKind) Traits(spec any) Traits {
	s := spec.(*Worker)
	return Traits{Scope: workload.ScopeAll, Backlog: Backlog{Outage: s.Outage.V, CatchUp: s.CatchUp.V},
		Reader: &Reader{Busy: s.CPU.V + s.Wait.V}, Clients: true,
		Fails: func(*Task, *Layout) Failing { return Failing{Launch: &s.Lag.V} }}
}

func (workerKind) Spec() any {
	return &Worker{
		Reference:    judged(DefaultReference, "a current general-purpose type that was measured"),
		Work:         "generic",
		Wait:         judged(unit.Duration(0.005), "a few calls inside the region"),
		Memory:       judged(unit.Bytes(512<<20), "one process"),
		MemoryThread: judged(unit.Bytes(64<<20), "a batch of messages and what is made of them"),
		Threads:      judged(unit.Count(0), "one thread a vCPU"),
		Pool:         judged(unit.Count(1), "a thread processes one message at a time"),
		Outage:       judged(unit.Duration(3600), "an hour until somebody has repaired what was broken"),
		CatchUp:      judged(unit.Duration(4*3600), "within half a working day"),
		Autoscaled:   judged(false, "a group of readers pauses whenever its members change"),
		Lag:          judged(unit.Duration(600), "ten minutes to measure, start and warm up"),
	}
}

// workerFeed is a log from which the workers read.
type workerFeed struct {
	name       string
	partitions int    // for as many threads as its topics have; 0 where not known
	most       int    // for as many as its brokers hold
	messages   Linear // per second
	retention  float64
}

type workerSizer struct {
	*fleet
	spec     *Worker
	feeds    []workerFeed
	extra    float64 // o/h: capacity for the backlog beside the new messages
	messages Linear  // per second
	network  networkLoad
}

func (workerKind) Prepare(c *Task) (Sizer, error) {
	s := &workerSizer{spec: c.Component.Spec.(*Worker), extra: behind(c.Load)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	f, err := newFleet(c, s.spec.Reference, s.spec.Work)
	if err != nil {
		return nil, err
	}
	const hint = "measure the CPU time of a message and write cpu: 5ms, or {value: 5ms, assumed: why}"
	if err := required(c, s.spec.CPU, "cpu", hint); err != nil {
		return nil, err
	}
	f.follow(s.spec.Autoscaled.V, s.spec.Lag.V)
	s.fleet, s.messages = f, c.Need(messages)
	s.network.in, s.network.out = traffic(c.Load)
	f.cpu = s.messages.Scale(float64(s.spec.CPU.V))
	f.late = f.cpu.Scale(s.extra)
	f.node, f.asks, f.offer, f.beside, f.describe = s.node, s.asks, s.offer, s.beside, s.describe
	if err := s.feed(); err != nil {
		return nil, err
	}
	return s, nil
}

// feed finds the logs that the workers read: their partitions bound how many
// workers read at once, their retention bounds how long an outage may last.
func (s *workerSizer) feed() error {
	for _, name := range s.c.Load.Callers {
		l := s.c.Flow.Of(name)
		stream := traitsIn(l).Stream
		if stream == nil {
			continue
		}
		f := workerFeed{name: name, retention: float64(stream.Retention)}
		if sized := s.c.Sized[name]; sized != nil {
			f.partitions, f.most = sized.Offers.Partitions, sized.Offers.MostPartitions
		}
		for i := range l.Edges {
			if e := &l.Edges[i]; e.To == s.c.Component.Name {
				f.messages = f.messages.Plus(callsOf(e))
			}
		}
		if need := float64(s.spec.Outage.V + s.spec.CatchUp.V); need > f.retention {
			return &Rejection{Resource: "retention", Need: need, Have: f.retention, Unit: "s",
				Why: remark.New("worker.drops", "log", name, "outage", s.spec.Outage.V, "within", s.spec.CatchUp.V)}
		}
		s.feeds = append(s.feeds, f)
	}
	return nil
}

// threads is how many threads a node has.
func (s *workerSizer) threads(t *catalog.NodeType) float64 {
	if own := float64(s.spec.Threads.V); own > 0 {
		return own
	}
	return float64(t.VCPU)
}

// service is for how many seconds a message occupies a thread. One thread is as fast on
// every size (MODEL section 2); its CPU is a need beside.
func (s *workerSizer) service(n *fleetNode) float64 {
	return float64(s.spec.CPU.V)/n.cpu.perVCPU + float64(s.spec.Wait.V)
}

// memory is what the processes of a node take, bytes.
func (s *workerSizer) memory(t *catalog.NodeType) float64 {
	return float64(s.spec.Memory.V) + float64(s.threads(t)*float64(s.spec.MemoryThread.V))
}

// node is what the messages ask of a node of a type. The nodes that process new
// messages must also work off the backlog of an outage: peak rate × (1 + o/h) at
// full utilisation.
func (s *workerSizer) node(n *fleetNode) *Rejection {
	if need, have := s.memory(n.t), s.c.Policy.allowed(n.t); need > have {
		return noMemory(need, have, "worker.processes")
	}
	busy, late := s.messages.Scale(s.service(n)), networkLoad{s.network.in.Scale(s.extra), s.network.out.Scale(s.extra)}
	n.needs = append(n.needs, n.cpu.need(capacity.Claim{Load: s.cpu}, capacity.Claim{Load: s.late}),
		s.c.need(capacity.Resource{Name: "threads", Unit: "threads"}, busy, busy.Scale(s.extra), s.threads(n.t)))
	n.needs = s.c.network(n.needs, n.t, s.network, late)
	return nil
}

// offer is what the logs and stores must know of the workers.
func (s *workerSizer) offer(l *Layout, n *fleetNode) *Rejection {
	l.Offers.Busy = s.service(n)
	l.Offers.Connections = s.threads(n.t) * float64(s.spec.Pool.V)
	return nil
}

// busy is how many threads of a feed's readers are busy while the backlog is
// worked off at the peak of a region, the load of a lost region included.
func (s *workerSizer) busy(r *Location, f *workerFeed, service float64) float64 {
	return busyThreads(r, &s.c.Policy, f.messages.Scale(service), s.extra)
}

// asks is what a region asks of nodes. It rejects more busy threads than a log can
// have partitions: a partition is read by one thread of the group.
func (s *workerSizer) asks(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	for i := range s.feeds {
		f := &s.feeds[i]
		if f.partitions == 0 {
			continue
		}
		if busy := s.busy(&s.regions[region], f, s.service(n)); busy > float64(f.most)*(1+1e-9) {
			return nil, &Rejection{Resource: "partitions", Need: busy, Have: float64(f.most),
				Why: remark.New("worker.too_busy", "log", f.name)}
		}
	}
	return n.needs, nil
}

// readers is how many threads a log's partitions keep busy: it has more partitions
// than it would have otherwise where its workers need them.
func (s *workerSizer) readers(r *Location, f *workerFeed, service float64) int {
	return min(f.most, max(f.partitions, capacity.Ceil(s.busy(r, f, service))))
}

// describe says how the numbers came about.
func (s *workerSizer) describe(l *Layout, n *fleetNode) {
	// One thread for each vCPU suits messages that hardly wait; where they mostly do it
	// is threads that machines are bought for.
	service, wait := s.service(n), float64(s.spec.Wait.V)
	if busy := service - wait; s.spec.Threads.V == 0 && wait > busy && busy > 0 {
		l.Warnings = append(l.Warnings, remark.New("worker.few_threads", "waits", wait/service,
			"full", math.Round(float64(n.t.VCPU)*service/busy)))
	}
	if !s.c.Policy.lossy() {
		l.Brief = remark.New("worker.no_spare")
		l.Structure = append(l.Structure, remark.New("worker.waits"))
	}
	l.Grows = remark.New("worker.grows", "autoscaled", s.spec.Autoscaled.V, "lag", s.spec.Lag.V)
	l.derive = func() []remark.Step { return s.steps(n) }
}

// beside adds the limits of a region that more nodes do not help: the memory of
// each node, and what the logs offer. It warns of threads that have nothing to read.
func (s *workerSizer) beside(l *Layout, n *fleetNode, region int) {
	r, service := &s.regions[region], s.service(n)
	have := float64(n.t.Memory)
	l.Limits = append(l.Limits, r.beside(capacity.Limit{Of: capacity.Memory, Need: s.memory(n.t), Have: have,
		Target: s.c.Policy.allowed(n.t) / have, Why: remark.New("nodes.each")}))
	for k := range s.feeds {
		f := &s.feeds[k]
		if f.partitions > 0 {
			l.Limits = append(l.Limits, r.beside(capacity.Limit{Of: capacity.Resource{Name: "partitions"},
				Need: s.busy(r, f, service), Have: float64(s.readers(r, f, service)), Target: 1,
				Why: remark.New("worker.readers", "log", f.name)}))
		}
		l.Limits = append(l.Limits, r.beside(capacity.Limit{Of: capacity.Resource{Name: "retention", Unit: "s"},
			Need: float64(s.spec.Outage.V + s.spec.CatchUp.V), Have: f.retention, Target: 1,
			Why: remark.New("worker.keeps", "log", f.name)}))
	}
	if f := s.widest(); f != nil {
		if idle := int(s.threads(n.t))*l.Pools[region].Max - s.readers(r, f, service); idle > 0 {
			l.Warnings = append(l.Warnings, remark.New("worker.idle", "region", r.Name, "threads", idle, "log", f.name))
		}
	}
}

// widest is the feed with the most partitions; nil where no number is known.
func (s *workerSizer) widest() *workerFeed {
	var widest *workerFeed
	most := 0
	for i := range s.feeds {
		if f := &s.feeds[i]; f.partitions > most {
			widest, most = f, f.partitions
		}
	}
	return widest
}

// steps show the calculation.
func (s *workerSizer) steps(n *fleetNode) []remark.Step {
	const model = "MODEL section 5, worker"
	spec := s.spec
	cpu, outage, catchUp := unit.Given(spec.CPU.V), unit.Given(spec.Outage.V), unit.Given(spec.CatchUp.V)
	steps := []remark.Step{
		needOf(capacity.CPU, remark.Derive("CPU needed at the peak of all users", "input cpu",
			cpuOf(s.cpu.Local+s.cpu.Global, s.ref.Name), "{messages} × {cpu} a message",
			"messages", unit.EventRate(s.messages.Local+s.messages.Global), "cpu", cpu)),
		remark.Derive("a message occupies a thread", model, unit.Duration(s.service(n)),
			"cpu / speed of a vCPU + wait = {cpu} / {speed} + {wait}", "cpu", cpu,
			"speed", unit.Rough(n.cpu.perVCPU, 3), "wait", unit.Given(spec.Wait.V)),
		remark.Derive("capacity to catch up", model, remark.Notate("× {capacity}", "capacity", 1+s.extra),
			"1 + o/h = 1 + {o} / {h}", "o", outage, "h", catchUp).Noting("step.full"),
	}
	steps = append(steps, n.cpu.steps(n.t, s.ref)...)
	if s.extra <= 0 {
		return steps
	}
	feeds, calls := s.neighbours()
	return append(steps, remark.Derive("extra load while catching up", model,
		remark.Notate("+{extra}", "extra", unit.Fraction(s.extra)), "o/h = {o} / {h}", "o", outage, "h", catchUp).
		Noting("step.neighbours", "feeds", feeds, "calls", calls))
}

// neighbours are the logs that the workers read and the stores that they call.
func (s *workerSizer) neighbours() (feeds, calls []string) {
	for i := range s.feeds {
		feeds = append(feeds, s.feeds[i].name)
	}
	for i := range s.c.Load.Edges {
		calls = append(calls, s.c.Load.Edges[i].To)
	}
	return feeds, calls
}
