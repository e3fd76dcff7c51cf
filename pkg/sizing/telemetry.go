package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Telemetry takes and keeps the metrics, logs and traces of a plan, in the region of whose
// nodes and calls they are (docs/model.md section 5, metrics, logs and traces). Their volume
// follows from the plan: of metrics from its nodes, those of Telemetry itself included, of
// logs and traces from the calls of all components. The agents that send them are in
// policy.reserve.
type Telemetry struct {
	strict.At
	// Time between two samples of a series.
	Interval strict.Value[unit.Duration] `yaml:"scrape_interval" above:"0"`
	// Series of each node, of its operating system and of what runs on it.
	Series strict.Value[unit.Count] `yaml:"series_per_node" min:"0" max:"10000000"`
	// Bytes of a sample as it is sent.
	Sample strict.Value[unit.Bytes] `yaml:"sample"`
	// Lines of a log that a component writes for each call that it gets in a region: what a CDN answers
	// at its edges writes none.
	Lines strict.Value[unit.Count] `yaml:"lines_per_call" min:"0" max:"10000"`
	// Bytes of a line.
	Line strict.Value[unit.Bytes] `yaml:"line"`
	// Part of the calls of which a span is kept. Each call of a component is one.
	Sampling strict.Value[unit.Fraction] `yaml:"sampling" min:"0" max:"1"`
	// Bytes of a span.
	Span strict.Value[unit.Bytes] `yaml:"span"`
	// CPU time of a sample for each of its copies, on one vCPU of the reference type.
	CPUSample strict.Value[unit.Duration] `yaml:"cpu_per_sample"`
	// CPU time of 1 MB of lines for each of its copies.
	CPUMB strict.Value[unit.Duration] `yaml:"cpu_per_mb"`
	// CPU time of a span for each of its copies.
	CPUSpan strict.Value[unit.Duration] `yaml:"cpu_per_span"`
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Copies of all that is kept, in different zones; without it 2 where a node or zone loss must be
	// survived, else 1.
	Copies *strict.Value[unit.Count] `yaml:"copies" min:"1" max:"7" whole:"true"`
	// Memory of a node before any series.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Memory for each copy of a series.
	MemorySeries strict.Value[unit.Bytes] `yaml:"memory_per_series"`
	// How long metrics are kept.
	KeepMetrics strict.Value[unit.Duration] `yaml:"metrics_retention"`
	// How long logs are kept.
	KeepLogs strict.Value[unit.Duration] `yaml:"logs_retention"`
	// How long traces are kept.
	KeepTraces strict.Value[unit.Duration] `yaml:"traces_retention"`
	// Bytes of a sample on disk.
	StoredSample strict.Value[unit.Bytes] `yaml:"stored_sample"`
	// Bytes on disk of each byte of lines and spans, index included.
	Stored strict.Value[unit.Fraction] `yaml:"stored" min:"0" max:"10"`
}

// Keeps says that what was measured is nowhere else.
func (*Telemetry) Keeps() workload.Keeping { return workload.Keeping{Data: true} }

type telemetryKind struct{}

func (telemetryKind) Word() string { return "telemetry" }

func (telemetryKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeShare, FollowsNodes: true, Fails: spec.(*Telemetry).fails}
}

// fails: what was measured is nowhere else.
func (s *Telemetry) fails(c *Task, l *Layout) Failing {
	f := equals(l, 1, c.copiesOf(counted(s.Copies), 2))
	f.Keeps, f.Acks = true, 1
	return f
}

func (telemetryKind) Spec() any {
	const day = 24 * 3600
	return &Telemetry{
		Interval:  judged(unit.Duration(15), "Prometheus' example configuration; its default is a minute"),
		Series:    judged(unit.Count(1500), "some 700 of node_exporter, the others of what runs on a node"),
		Sample:    judged(unit.Bytes(10), "a line of text of 100 B, compressed"),
		Lines:     judged(unit.Count(1), "a line of access log"),
		Line:      judged(unit.Bytes(250), "a line of access log in JSON without its headers"),
		Sampling:  judged(unit.Fraction(0.05), "one request of twenty"),
		Span:      judged(unit.Bytes(500), "names, times and a few attributes"),
		CPUSample: judged(unit.Duration(5e-6), "200,000 samples a second and vCPU: appended, compacted and queried"),
		CPUMB:     judged(unit.Duration(0.1), "10 MB a second and vCPU: labelled, compressed and queried"),
		CPUSpan:   judged(unit.Duration(50e-6), "20,000 spans a second and vCPU"),
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		Memory:    judged(unit.Bytes(1<<30), "the programs, and what queries read"),
		MemorySeries: judged(unit.Bytes(8<<10),
			"a series in Prometheus' head with its labels, index and samples of two to three hours"),
		KeepMetrics: given(unit.Duration(15*day),
			"Prometheus, \"Storage\": --storage.tsdb.retention.time is 15d by default"),
		KeepLogs:   judged(unit.Duration(14*day), "two weeks to look into what users report"),
		KeepTraces: judged(unit.Duration(3*day), "a weekend"),
		StoredSample: given(unit.Bytes(2),
			"Prometheus, \"Storage\": 1 to 2 bytes per sample on average; the greater one"),
		Stored: judged(unit.Fraction(0.2),
			"compressed to a tenth, and as much again for the index and what is not yet merged"),
	}
}

// signals are what a region sends a second.
type signals struct{ series, samples, lines, spans float64 }

type telemetrySizer struct {
	*fleet
	spec *Telemetry
	// Calls of all components, by region, per second in the lead month: at the hour of most in the
	// normal state and with another region lost, and in the mean of the week.
	own, lost, mean []float64
	copies          int
	flows           flows
}

func (telemetryKind) Prepare(c *Task) (Sizer, error) {
	s := &telemetrySizer{spec: c.Component.Spec.(*Telemetry)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	x := c.Component
	err := c.unread("gets what the plan sends, in the region of its nodes and calls", []givenKey{{"entry", x.Entry},
		{"generates", x.Generates != nil}, {"scope", x.Scope != ""}, {"calls", len(x.Calls) > 0}})
	if err != nil {
		return nil, err
	}
	s.copies, err = c.copies(s.spec.Copies, counted(s.spec.Copies), 2, "one copy", "copies to 2")
	if err != nil {
		return nil, err
	}
	if s.fleet, err = newFleet(c, s.spec.Reference, "generic"); err != nil {
		return nil, err
	}
	s.least, s.leastWhy = s.copies, remark.New("telemetry.copies", "copies", s.copies)
	loads := loadsByName(c.Flow)
	for i := range s.regions {
		s.count(&s.regions[i], loads)
	}
	s.node, s.asks, s.offer, s.describe = s.on, s.asksOf, s.bought, s.said
	return s, nil
}

// count adds up the calls of a region, and what the sending of all that costs.
func (s *telemetrySizer) count(r *Location, loads []*workload.Load) {
	c, sum := s.c, 0.0
	var own, lost float64
	loads = watched(loads, r.Index)
	for h := range workload.Hours {
		o, l := c.callsIn(loads, r.Index, h, false), c.callsIn(loads, r.Index, h, true)
		own, lost, sum = max(own, o), max(lost, l), sum+o
	}
	mean := sum / workload.Hours / c.Flow.Demand.Intra
	s.own, s.lost, s.mean = append(s.own, own*c.Lead), append(s.lost, lost*c.Lead), append(s.mean, mean*c.Lead)
	sent := s.sent(s.signals(c.nodesOf(r.Index).Mean, mean)) * c.Flow.Demand.Hours * 3600
	copies := float64(s.copies)
	s.flows.add(r.Index, r.Index, unit.ReplicatedBytes(sent*r.elsewhere()), "metrics, logs and traces")
	s.flows.add(r.Index, r.Index, unit.ReplicatedBytes(sent*min(copies-1, copies*r.elsewhere())),
		"copies within "+c.Component.Name)
}

// watched are the loads of a region that send lines and spans: not what is answered outside of
// all regions.
func watched(loads []*workload.Load, region int) (out []*workload.Load) {
	for _, l := range loads {
		if runs(l, region) && !traitsIn(l).Outside {
			out = append(out, l)
		}
	}
	return out
}

// callsIn is the calls per second that come to nodes of a region at an hour of the week, the
// first pages of an entry included.
func (c *Task) callsIn(loads []*workload.Load, region, hour int, lost bool) float64 {
	t := 0.0
	for _, l := range loads {
		local, global := c.Flow.Multipliers(l, region, hour, lost)
		t += float64(l.Local.Requests()*local) + float64(l.Global.Requests()*global)
	}
	return t
}

// signals are what so many nodes and calls per second send.
func (s *telemetrySizer) signals(nodes, calls float64) signals {
	x := signals{series: nodes * float64(s.spec.Series.V), lines: calls * float64(s.spec.Lines.V),
		spans: calls * float64(s.spec.Sampling.V)}
	x.samples = x.series / float64(s.spec.Interval.V)
	return x
}

// sent is bytes per second on the way.
func (s *telemetrySizer) sent(x signals) float64 {
	return float64(x.samples*float64(s.spec.Sample.V)) + float64(x.lines*float64(s.spec.Line.V)) +
		float64(x.spans*float64(s.spec.Span.V))
}

// work is CPU of the reference type for each copy.
func (s *telemetrySizer) work(x signals) float64 {
	mb := x.lines * float64(s.spec.Line.V) / megabyte
	return float64(x.samples*float64(s.spec.CPUSample.V)) + float64(mb*float64(s.spec.CPUMB.V)) +
		float64(x.spans*float64(s.spec.CPUSpan.V))
}

// written is bytes per second that each copy writes, and keeps for so long each.
func (s *telemetrySizer) written(x signals, metrics, logs, traces float64) float64 {
	stored := float64(s.spec.Stored.V)
	return float64(x.samples*float64(s.spec.StoredSample.V)*metrics) +
		float64(x.lines*float64(s.spec.Line.V)*stored*logs) + float64(x.spans*float64(s.spec.Span.V)*stored*traces)
}

// kept is the bytes of a copy in a region.
func (s *telemetrySizer) kept(region int) float64 {
	x := s.spec
	return s.written(s.signals(s.c.nodesOf(s.regions[region].Index).Mean, s.mean[region]), float64(x.KeepMetrics.V),
		float64(x.KeepLogs.V), float64(x.KeepTraces.V))
}

// Needs are nodes with volumes.
func (s *telemetrySizer) Needs() Needs {
	n := s.fleet.Needs()
	n.Storages = []Storage{{Volume: "gp3"}}
	return n
}

// on refuses nodes whose volumes or memory cannot be told.
func (s *telemetrySizer) on(n *fleetNode) *Rejection {
	if rej := volumesOnly(n.t); rej != nil {
		return rej
	}
	_, _, rej := s.c.leaves(n.t, float64(s.spec.Memory.V), "telemetry.empty")
	return rej
}

// asksOf is what the nodes and calls of a region ask of nodes of a type.
func (s *telemetrySizer) asksOf(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	room, free, rej := s.c.leaves(n.t, float64(s.spec.Memory.V), "telemetry.empty")
	if rej != nil {
		return nil, rej
	}
	h, nodes := s.regions[region].Groups[0], float64(s.c.nodesOf(s.regions[region].Index).Most)
	// asked puts on a need what each copy takes, and what there is in addition however many they are.
	asked := func(need capacity.Need, each, once func(signals) float64) capacity.Need {
		need.Copies = s.copies
		for state := range need.In {
			calls, multiplier := s.own[region], h.Local
			if capacity.State(state) == capacity.RegionLost {
				calls, multiplier = s.lost[region], h.LostLocal
			}
			claim := func(of func(signals) float64) capacity.Claim {
				idle := of(s.signals(nodes, 0))
				more := of(s.signals(nodes, calls)) - idle
				if multiplier <= 0 {
					return capacity.Claim{Held: idle + more}
				}
				return capacity.Claim{Held: idle, Load: Linear{Local: more / multiplier}}
			}
			need.In[state].Each, need.In[state].Once = claim(each), claim(once)
		}
		return need
	}
	none := func(signals) float64 { return 0 }
	stored := func(x signals) float64 { return s.written(x, 1, 1, 1) }
	needs := append(n.needs[:0:0],
		asked(n.cpu.need(capacity.Claim{}, capacity.Claim{}), s.work, none),
		asked(capacity.Shared(capacity.Memory, capacity.Claim{}, room, free/room, free/room),
			func(x signals) float64 { return x.series * float64(s.spec.MemorySeries.V) }, none),
		asked(s.c.need(capacity.EBSBandwidth, Linear{}, Linear{}, n.t.EBS.BaselineThroughput.V), stored, none),
		s.disk(region))
	if s.c.NetworkKnown {
		in, out := s.c.networkOffered(n.t)
		// The copy that takes them sends them to the others.
		needs = append(needs, asked(in, s.sent, none),
			asked(out, s.sent, func(x signals) float64 { return -s.sent(x) }))
	}
	return needs, nil
}

// disk is the room on disk for what is kept.
func (s *telemetrySizer) disk(region int) capacity.Need {
	v, _ := s.c.Limits.Volume("gp3")
	part := s.c.Policy.Disk
	n := capacity.Shared(capacity.DiskBytes, capacity.Claim{Held: s.kept(region)}, float64(v.MaxSize)*maxVolumes,
		part, part)
	n.Copies = s.copies
	return n
}

// bought adds the volumes of all nodes.
func (s *telemetrySizer) bought(l *Layout, n *fleetNode) *Rejection {
	l.Crossings = s.flows
	for i := range n.pools {
		d, rej := s.disks(l, n, i)
		if rej != nil {
			return rej
		}
		usage := d.usage(s.c, n.pools[i].Region, float64(n.pools[i].Max), "telemetry disks")
		l.Usage = append(l.Usage, s.c.sizedFor(usage, false)...)
	}
	return nil
}

// disks are those of a node in a region.
func (s *telemetrySizer) disks(l *Layout, n *fleetNode, region int) (disks, *Rejection) {
	needs, rej := s.asksOf(n, region)
	if rej != nil {
		return disks{}, rej
	}
	asks := diskAsks{kept: s.disk(region)}
	for _, need := range needs {
		if need.Of == capacity.EBSBandwidth {
			asks.written = need
		}
	}
	role := s.role(&s.regions[region], nil)
	need := asks.busiest(&s.c.Policy, &role, n.pools[region].Max)
	return s.c.disks(l.Type, l.Storage, &need)
}

// said is what the numbers are and how they came about.
func (s *telemetrySizer) said(l *Layout, n *fleetNode) {
	r := s.regions[0]
	nodes := s.c.nodesOf(r.Index)
	x := s.signals(float64(nodes.Most), s.own[0])
	l.Brief = remark.New("telemetry.brief", "samples", x.samples, "lines", x.lines)
	l.Structure = []remark.Remark{remark.New("telemetry.volume", "nodes", nodes.Most, "series", x.series,
		"samples", x.samples, "lines", x.lines*float64(s.spec.Line.V), "spans", x.spans, "copies", s.copies,
		"in", r.Name)}
	for i := range n.pools {
		if d, rej := s.disks(l, n, i); rej == nil { // they fitted before
			l.has(s.c, &d, NodeDisks{Region: n.pools[i].Region, Nodes: l.Pools[i].Max})
		}
	}
	l.Warnings = s.c.unsettled()
	l.Grows = remark.New("telemetry.grows")
	l.derive = func() []remark.Step { return append(s.steps(), n.cpu.steps(n.t, s.ref)...) }
}

// steps show the volume in the first region, and what it asks of each copy.
func (s *telemetrySizer) steps() []remark.Step {
	const model = "MODEL section 5, metrics, logs and traces"
	spec, r := s.spec, &s.regions[0]
	nodes := s.c.nodesOf(r.Index).Most
	x := s.signals(float64(nodes), s.own[0])
	lines := x.lines * float64(spec.Line.V)
	in := func(step remark.Step) remark.Step { return step.Naming("region", r.Name) }
	return []remark.Step{
		in(remark.Derive("samples in {region}", model, unit.EventRate(x.samples),
			"{nodes} nodes × {series} / {interval}", "nodes", nodes,
			"series", unit.Given(spec.Series.V), "interval", unit.Given(spec.Interval.V))),
		in(remark.Derive("lines in {region}", model, unit.ByteRate(lines),
			"{calls} of all components × {lines} × {line}",
			"calls", unit.EventRate(s.own[0]), "lines", unit.Given(spec.Lines.V), "line", unit.Given(spec.Line.V))),
		in(remark.Derive("spans in {region}", model, unit.EventRate(x.spans), "{calls} of all components × {sampling}",
			"calls", unit.EventRate(s.own[0]), "sampling", unit.Given(spec.Sampling.V))),
		in(needOf(capacity.CPU, remark.Derive("CPU of each copy in {region}", model, cpuOf(s.work(x), s.ref.Name),
			"{samples} × {sample} + {bytes} × {mb} / 1MB + {spans} × {span}", "samples", unit.EventRate(x.samples),
			"sample", unit.Given(spec.CPUSample.V), "bytes", unit.ByteRate(lines), "mb", unit.Given(spec.CPUMB.V),
			"spans", unit.EventRate(x.spans), "span", unit.Given(spec.CPUSpan.V)))),
	}
}
