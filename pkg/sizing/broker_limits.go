package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file shows what decided the number of brokers, and how it came about.

// describe says what the numbers are and how they came about; the disks are those of
// a broker, by region.
func (s *brokers) describe(l *Layout, cpu *nodeCPU, all []disks) {
	for i := range s.regions {
		r := &s.regions[i]
		// They passed in Fit, so they are not rejected now.
		if needs, rej := s.needs(s.c.list(mostNeeds), r, l, cpu, l.Pools[i].Max); rej == nil {
			s.limits(l, r, s.role(r, needs), l.Pools[i].Max, cpu)
		}
	}
	// With the partitions that the workers read which were chosen: on slower machines than
	// the reference they have more threads, up to what the brokers offer.
	r, b := s.regions[0], l.Pools[0].Max
	threads := s.c.readingThreads(&r.Location, s.c.asSized)
	r.topics = s.divide(&r.Location, math.Min(threads, float64(l.Offers.MostPartitions)))
	l.Brief = remark.New("log.partitions", "partitions", r.all(b), "replication", s.copies)
	l.Structure = append(l.Structure, l.Brief)
	for i := range s.regions {
		n := l.Pools[i].Max
		l.has(s.c, &all[i], NodeDisks{Region: s.regions[i].Index, Nodes: n})
		d := Division{Region: s.regions[i].Index, Partitions: r.all(n), Copies: s.copies}
		if len(s.topics) > 1 {
			d.Of = map[string]int{}
			for k, t := range s.topics {
				d.Of[t.name] = r.spread(k, n)
			}
		}
		l.Divided = append(l.Divided, d)
	}
	if len(s.topics) > 1 {
		for i, t := range s.topics {
			l.Structure = append(l.Structure, remark.New("log.topic", "topic", t.name, "partitions", r.spread(i, b)))
		}
	}
	l.Warnings = s.warnings(l)
	// A new broker is filled at what catching up leaves of its network and EBS bandwidth.
	l.Grows = remark.New("log.grows")
	share := float64(s.regions[0].kept.Replicated(float64(s.copies))) / float64(b)
	if rate := moves(l.Type, l.Storage, s.c.Policy.Own); rate > 0 && share > 0 {
		l.Grows = remark.New("log.grows", "bytes", share, "time", share/rate)
	}
	l.derive = func() []remark.Step { return s.steps(l, &r, b, cpu) }
}

// limits records every limit of a region's cluster of b brokers. What must be
// there whatever the load comes first: it binds where a load asks for as many.
func (s *brokers) limits(l *Layout, r *brokerRegion, role capacity.Role, b int, cpu *nodeCPU) {
	l.Roles = append(l.Roles, RegionRole{Role: role, Region: r.Index, Nodes: b, Peaks: true})
	why := remark.New("log.apart")
	switch {
	case r.zoned && r.structural > max(s.copies, s.c.Policy.Structural(r.Zones)):
		why = remark.New("log.every_zone", "zones", r.Zones)
	case r.structural > s.copies:
		why = structuralWhy(s.c.Policy)
	}
	copies := structure(r.structural, b, why)
	copies.Of, copies.Binding = capacity.Resource{Name: "replicas"}, false
	checks := append(s.c.check(&role, b, copies), s.partitionLimit(r, l.Type, b))
	s.fewest(checks[1:], r, l, cpu, b)
	capacity.Bind(checks, b)
	s.c.place(l, checks, r.Index, "")
}

// partitionLimit is how many replicas b brokers hold.
func (s *brokers) partitionLimit(r *brokerRegion, t *catalog.NodeType, b int) capacity.Limit {
	n := float64(b)
	return capacity.Limit{Of: capacity.Resource{Name: "partition replicas"}, State: capacity.Always,
		Need: r.replicas(b) * n, Have: n * s.perNode(t), Target: 1, Nodes: b,
		Why: remark.New("log.guidance", "vcpu", t.VCPU)}
}

// fewest sets the least number of brokers that keeps each limit which b keep. What
// brokers do depends on how many they are, so that they are tried.
func (s *brokers) fewest(limits []capacity.Limit, r *brokerRegion, l *Layout, cpu *nodeCPU, b int) {
	const slack = 1 + 1e-9
	kept := func(x *capacity.Limit) bool { return x.Need <= x.Have*x.Target*slack }
	type limit struct {
		of    string
		state capacity.State
	}
	least := make(map[limit]int, len(limits))
	for n := r.structural; n < b; n += r.step() {
		needs, rej := s.needs(nil, r, l, cpu, n)
		if rej != nil {
			return
		}
		role := s.role(r, needs)
		for _, x := range append(role.Check(n), s.partitionLimit(r, l.Type, n)) {
			if key := (limit{x.Of.Name, x.State}); least[key] == 0 && kept(&x) {
				least[key] = n
			}
		}
	}
	for i := range limits {
		if x := &limits[i]; kept(x) {
			x.Nodes = b
			if n := least[limit{x.Of.Name, x.State}]; n > 0 {
				x.Nodes = n
			}
		}
	}
}

func (s *brokers) warnings(l *Layout) (out []remark.Remark) {
	for i := range s.regions {
		r := &s.regions[i]
		if b := l.Pools[i].Max; r.all(b) < b {
			out = append(out, remark.New("log.few", "region", r.Name, "partitions", r.all(b), "brokers", b))
		}
		out = append(out, s.overfull(&r.Location, &r.partitions)...)
		if left := s.copies - (s.copies+r.Zones-1)/r.Zones; s.c.Policy.Zone && s.copies > 2 && left < 2 {
			out = append(out, remark.New("log.zones", "region", r.Name, "zones", r.Zones))
		}
		if s.c.Policy.Zone && s.copies > 1 && !r.zoned {
			out = append(out, remark.New("log.one_zone", "region", r.Name))
		}
	}
	if s.copies == 1 {
		elsewhere := len(s.regions) > 1 && s.c.Load.Scope == workload.ScopeAll
		out = append(out, remark.New("log.one_copy", "elsewhere", elsewhere))
	}
	s.least.warn(l)
	return append(out, l.Warnings...)
}

// steps are those of a region of b brokers.
func (s *brokers) steps(l *Layout, r *brokerRegion, b int, cpu *nodeCPU) []remark.Step {
	const model = "MODEL section 5, log"
	t := unit.ByteRate(r.own.bytes)
	rf, groups := float64(s.copies), unit.WithDecimals(s.groups, 0)
	steps := []remark.Step{
		remark.Derive("stream of the lead month", "MODEL section 1", t, "peak now × growth = {peak} × {growth}",
			"peak", unit.ByteRate(r.PeakOwn(s.total)), "growth", unit.WithDecimals(s.c.Lead, 3)),
		remark.Derive("partitions of all topics", model, r.all(b), "").
			Noting("step.spread", "brokers", b, "leads", r.leads),
		needOf(capacity.NetworkIn, remark.Derive("received by all brokers", model, unit.ByteRate(float64(t)*rf),
			"T·RF = {T} × {RF}", "T", t, "RF", s.copies)),
		needOf(capacity.NetworkOut, remark.Derive("sent by all brokers", model,
			unit.ByteRate(float64(t)*(s.groups+rf-1)),
			"T·(F + RF − 1) = {T} × ({F} + {RF} − 1)", "T", t, "F", groups, "RF", s.copies)),
		s.cpuStep(r),
		needOf(capacity.DiskBytes, remark.Derive("kept on disks", model, r.kept.Replicated(rf),
			"retention {retention} × mean of the worst such time × RF = {kept} × {RF}",
			"retention", unit.Given(s.retention), "kept", r.kept, "RF", s.copies)),
	}
	steps = append(append(steps, s.partitioning.steps(&r.Location, &r.partitions)...), s.shares(r, b)...)
	steps = append(steps, cpu.steps(l.Type, s.ref)...)
	if note := l.Type.EBSNote(); !note.IsZero() && l.Storage.Volume != VolumeLocal {
		step := remark.Derive("instance EBS bandwidth", "MODEL section 2", nil, "")
		step.Note = note
		steps = append(steps, step)
	}
	return steps
}

// cpuStep is the CPU of all brokers in the normal state.
func (s *brokers) cpuStep(r *brokerRegion) remark.Step {
	k := &s.cost
	cpu := k.of(&r.own, r.own.bytes*(float64(s.copies)+s.groups)) +
		float64(r.own.messages*float64(s.copies)*k.message)
	step := needOf(capacity.CPU, remark.Derive("CPU of all brokers", k.source, cpuOf(cpu, s.ref.Name),
		"T·(RF + F)·(a MB + a batch) = {T} × ({RF} + {F}) × ({a MB} / 1MB + {a batch} / {batch})",
		"T", unit.ByteRate(r.own.bytes), "RF", s.copies, "F", unit.WithDecimals(s.groups, 0),
		"a MB", unit.Duration(k.mb), "a batch", unit.Given(unit.Duration(k.batch)),
		"batch", unit.Bytes(k.size(&r.own))))
	if k.message > 0 {
		step = step.Plus("{messages} × {RF} × {a message}", "messages", unit.EventRate(r.own.messages),
			"RF", s.copies, "a message", unit.Given(unit.Duration(k.message)))
	}
	return step
}

// shares is what the busiest of b brokers leads and holds, in every state that is
// survived.
func (s *brokers) shares(r *brokerRegion, b int) (out []remark.Step) {
	role := s.role(r, nil)
	for _, state := range [...]capacity.State{capacity.Own, capacity.NodeLost, capacity.ZoneLost} {
		left := role.Left(state, b)
		if state != capacity.Own && (s.copies == 1 || !role.Checks(state)) || left < 1 {
			continue
		}
		w := s.work(r, &role, state, b)
		shares := remark.Notate("leads {leads}, holds {holds}", "leads", unit.RoughPart(w.leads, 3),
			"holds", unit.RoughPart(w.holds/float64(left), 3))
		out = append(out, remark.Derive("busiest broker, {state}", "MODEL section 4", shares, "").
			Naming("state", state.String()).Noting("step.left", "left", left, "brokers", b, "copies", s.copies,
			"partitions", r.all(b)))
	}
	return out
}
