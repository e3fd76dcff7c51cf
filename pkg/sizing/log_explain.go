package sizing

import (
	"fmt"
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// describe says what the numbers are and how they came about; the disks are those of
// a broker, by region.
func (s *logSizer) describe(l *Layout, cpu *nodeCPU, all []disks) {
	for i := range s.regions {
		r := &s.regions[i]
		// They passed in Fit, so they are not rejected now.
		if needs, rej := s.needs(make([]capacity.Need, 0, 9), r, l, cpu, l.Pools[i].Max); rej == nil {
			s.limits(l, r, s.role(r, needs), l.Pools[i].Max, cpu)
		}
		l.has(s.c, &all[i], NodeDisks{Region: r.Index, Nodes: l.Pools[i].Max})
		l.Divided = append(l.Divided, Division{Region: r.Index, Partitions: s.read(l, i).all(l.Pools[i].Max),
			Copies: s.rf})
	}
	r, b := s.read(l, 0), l.Pools[0].Max
	l.Brief = remark.New("log.partitions", "partitions", r.all(b), "replication", s.rf)
	l.Structure = append(l.Structure, l.Brief)
	if len(s.topics) > 1 {
		for i, t := range s.topics {
			l.Structure = append(l.Structure, remark.New("log.topic", "topic", t.name, "partitions", r.spread(i, b)))
		}
	}
	l.Warnings = s.warnings(l)
	l.Grows = s.grows(l)
	l.derive = func() []workload.Step { return s.steps(l, r, b, cpu) }
}

// read is a region with the partitions that the workers read which were chosen: on
// slower machines than the reference they have more threads, up to what the brokers
// offer.
func (s *logSizer) read(l *Layout, i int) *logRegion {
	r := s.regions[i]
	threads := s.threads(&r.Location, func(reader *workload.Load) float64 {
		busy := float64(traitsOf(reader.Component).Reader.Busy)
		if w := s.c.Sized[reader.Component.Name]; w != nil {
			busy = math.Max(busy, w.Offers.Busy)
		}
		return busy
	})
	r.topics = s.divide(&r, math.Min(threads, float64(l.Offers.MostPartitions)))
	return &r
}

// grows says how long a new broker takes to be filled, at what catching up leaves
// of its network and of its EBS bandwidth.
func (s *logSizer) grows(l *Layout) remark.Remark {
	share := float64(s.regions[0].kept.Replicated(float64(s.rf))) / float64(l.Pools[0].Max)
	rate := float64(l.Type.NetworkBaseline) * s.c.Policy.Own
	if have := l.Type.EBS.BaselineThroughput; l.Storage.Volume != VolumeLocal && have.OK {
		rate = math.Min(rate, have.V*s.c.Policy.Own)
	}
	if rate <= 0 || share <= 0 {
		return remark.New("log.grows")
	}
	return remark.New("log.grows", "bytes", share, "time", share/rate)
}

// limits records every limit of a region's cluster of b brokers. What must be
// there whatever the load comes first: it binds where a load asks for as many.
func (s *logSizer) limits(l *Layout, r *logRegion, role capacity.Role, b int, cpu *nodeCPU) {
	l.Roles = append(l.Roles, RegionRole{role, r.Index, ""})
	why := remark.New("log.apart")
	switch {
	case r.zoned && r.structural > max(s.rf, s.c.Policy.Structural(r.Zones)):
		why = remark.New("log.every_zone", "zones", r.Zones)
	case r.structural > s.rf:
		why = structuralWhy(s.c.Policy)
	}
	copies := structure(r.structural, b, why)
	copies.Of, copies.Binding = capacity.Resource{Name: "replicas"}, false
	checks := append(make([]capacity.Limit, 0, 2+len(role.Needs)*capacity.States), copies)
	checks = append(append(checks, role.Check(b)...), s.partitionLimit(r, l.Type, b))
	s.fewest(checks[1:], r, l, cpu, b)
	capacity.Bind(checks, b)
	s.c.place(l, checks, r.Index, "")
}

// partitionLimit is how many replicas b brokers hold.
func (s *logSizer) partitionLimit(r *logRegion, t *catalog.NodeType, b int) capacity.Limit {
	n := float64(b)
	return capacity.Limit{Of: capacity.Resource{Name: "partition replicas"}, State: capacity.Always,
		Need: s.replicas(r, b) * n, Have: n * s.mostReplicas(t), Target: 1, Nodes: b,
		Why: remark.New("log.guidance", "vcpu", t.VCPU)}
}

// fewest sets the least number of brokers that keeps each limit which b keep. What
// brokers do depends on how many they are, so that they are tried.
func (s *logSizer) fewest(limits []capacity.Limit, r *logRegion, l *Layout, cpu *nodeCPU, b int) {
	const slack = 1 + 1e-9
	kept := func(x *capacity.Limit) bool { return x.Need <= x.Have*x.Target*slack }
	least := make(map[string]int, len(limits))
	for n := r.structural; n < b; n += r.step() {
		needs, rej := s.needs(nil, r, l, cpu, n)
		if rej != nil {
			return
		}
		role := s.role(r, needs)
		for _, x := range append(role.Check(n), s.partitionLimit(r, l.Type, n)) {
			if name := x.Of.Name + x.State.String(); least[name] == 0 && kept(&x) {
				least[name] = n
			}
		}
	}
	for i := range limits {
		if x := &limits[i]; kept(x) {
			x.Nodes = b
			if n := least[x.Of.Name+x.State.String()]; n > 0 {
				x.Nodes = n
			}
		}
	}
}

func (s *logSizer) warnings(l *Layout) []remark.Remark {
	var out []remark.Remark
	for i := range s.regions {
		r := &s.regions[i]
		if b := l.Pools[i].Max; r.all(b) < b {
			out = append(out, remark.New("log.few", "region", r.Name, "partitions", r.all(b), "brokers", b))
		}
		out = append(out, s.stated(r)...)
		if left := s.rf - (s.rf+r.Zones-1)/r.Zones; s.c.Policy.Zone && s.rf > 2 && left < 2 {
			out = append(out, remark.New("log.zones", "region", r.Name, "zones", r.Zones))
		}
		if s.c.Policy.Zone && s.rf > 1 && !r.zoned {
			out = append(out, remark.New("log.one_zone", "region", r.Name))
		}
	}
	if s.rf == 1 {
		elsewhere := len(s.regions) > 1 && s.c.Load.Scope == workload.ScopeAll
		out = append(out, remark.New("log.one_copy", "elsewhere", elsewhere))
	}
	s.least.warn(l)
	return append(out, l.Warnings...)
}

// stated warns of topics whose stated partitions do not take their rate at the end of
// the horizon.
func (s *logSizer) stated(r *logRegion) []remark.Remark {
	var out []remark.Remark
	for i, t := range s.topics {
		if need := s.takes(s.c.Policy.peak(&r.Location, t.bytes) * s.c.Growth); r.topics[i].stated && need > t.stated {
			out = append(out, remark.New("log.overfull", "region", r.Name, "topic", t.name, "stated", t.stated,
				"needed", need))
		}
	}
	return out
}

// steps are those of a region of b brokers.
func (s *logSizer) steps(l *Layout, r *logRegion, b int, cpu *nodeCPU) []workload.Step {
	const model = "MODEL section 5, log"
	t := unit.ByteRate(r.own.bytes)
	rf := float64(s.rf)
	steps := []workload.Step{
		stepOf("stream of the lead month", "MODEL section 1", t.Human(),
			"peak now × growth = %s × %.3f", unit.ByteRate(r.PeakOwn(s.total)).Human(), s.c.Lead),
		stepOf("partitions of all topics", model, fmt.Sprint(r.all(b)),
			"of each at least those below, so that each of %d brokers leads as many, %d at least", b, r.leads),
		needOf(capacity.NetworkIn, stepOf("received by all brokers", model,
			unit.ByteRate(float64(t)*rf).Human(),
			"T·RF = %s × %d", t.Human(), s.rf)),
		needOf(capacity.NetworkOut, stepOf("sent by all brokers", model,
			unit.ByteRate(float64(t)*(s.groups+rf-1)).Human(),
			"T·(F + RF − 1) = %s × (%.0f + %d − 1)", t.Human(), s.groups, s.rf)),
		s.cpuStep(r),
		needOf(capacity.DiskBytes, stepOf("kept on disks", model, r.kept.Replicated(rf).Human(),
			"retention %s × mean of the worst such time × RF = %s × %d", s.spec.Retention.V, r.kept.Human(), s.rf)),
	}
	steps = append(append(append(steps, s.wanted(r)...), s.shares(r, b)...), cpu.steps(l.Type, s.ref)...)
	if note := l.Type.EBSNote(); !note.IsZero() && l.Storage.Volume != VolumeLocal {
		steps = append(steps, stepOf("instance EBS bandwidth", "MODEL section 2", "", "%s", words.Say(note)))
	}
	return steps
}

// wanted is what each topic's partitions follow from: its rate at the end of the
// horizon, and who reads it.
func (s *logSizer) wanted(r *logRegion) []workload.Step {
	out := make([]workload.Step, len(s.topics))
	for i, t := range s.topics {
		p := &r.topics[i]
		rate := unit.ByteRate(s.c.Policy.peak(&r.Location, t.bytes) * s.c.Growth).Human()
		out[i] = stepOf("least partitions of "+t.name, "MODEL section 5, log", fmt.Sprint(p.least),
			"max(1, ⌈T/τp⌉, ⌈T/τc⌉, consumers, threads) = max(1, ⌈%s / %s⌉, ⌈%s / %s⌉, ⌈%.4g⌉, ⌈%.4g⌉)",
			rate, s.spec.ProducerRate.V, rate, s.spec.ConsumerRate.V, t.consumers, p.threads)
		if p.stated {
			out[i].Formula, out[i].Source = "as stated", "input partitions"
		}
	}
	return out
}

// cpuStep is the CPU of all brokers in the normal state.
func (s *logSizer) cpuStep(r *logRegion) workload.Step {
	source := "input cpu_per_mb, cpu_per_batch"
	if s.spec.CPUPerMB == nil {
		source = "pricing/hardware/measured_throughput.csv: Kafka, eight producers; an upper bound"
	}
	copies, batch := float64(s.rf)+s.groups, float64(s.spec.Batch.V)
	if r.own.messages > 0 {
		batch = math.Max(batch, r.own.bytes/r.own.messages)
	}
	cpu := s.cpu(&r.own, r.own.bytes*copies) + float64(r.own.messages*float64(s.rf)*float64(s.spec.CPUMessage.V))
	t := unit.ByteRate(r.own.bytes).Human()
	step := needOf(capacity.CPU, stepOf("CPU of all brokers", source, fmt.Sprintf("%.4g vCPU of %s", cpu, s.ref.Name),
		"T·(RF + F)·(a MB + a batch) = %s × (%d + %.0f) × (%s / 1MB + %s / %s)", t, s.rf, s.groups,
		unit.Duration(s.perMB).Human(), s.spec.CPUBatch.V, unit.Bytes(batch).Human()))
	if s.spec.CPUMessage.V > 0 {
		step.Formula += fmt.Sprintf(" + %s × %d × %s", unit.EventRate(r.own.messages).Human(), s.rf,
			s.spec.CPUMessage.V)
	}
	return step
}

// shares is what the busiest of b brokers leads and holds, in every state that is
// survived.
func (s *logSizer) shares(r *logRegion, b int) []workload.Step {
	role := s.role(r, nil)
	var out []workload.Step
	for _, state := range [...]capacity.State{capacity.Own, capacity.NodeLost, capacity.ZoneLost} {
		left := role.Left(state, b)
		if state != capacity.Own && (s.rf == 1 || !role.Checks(state)) || left < 1 {
			continue
		}
		w := s.work(r, &role, state, b)
		out = append(out, stepOf("busiest broker, "+state.String(), "MODEL section 4",
			fmt.Sprintf("leads %.3g %%, holds %.3g %%", 100*w.leads, 100*w.holds/float64(left)),
			"%d brokers left of %d, %d copies of each of %d partitions", left, b, s.rf, r.all(b)))
	}
	return out
}
