package sizing

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// crossings are a month's bytes between zones and regions. What callers send,
// and consumers fetch, over a synchronous edge is billed with that edge.
func (s *logSizer) crossings() {
	fetch := s.groups
	for i := range s.c.Load.Edges {
		if s.c.Load.Edges[i].Mode != "async" && s.spec.Groups == nil {
			fetch--
		}
	}
	if s.spec.Nearest.V {
		fetch = 0
	}
	for i := range s.regions {
		r := &s.regions[i].Location
		month := s.c.monthly(r, s.total)
		other := 1 - 1/float64(r.Zones) // of random pairs of nodes, those in different zones
		s.produced(r)
		// Rack-aware placement: every copy in a zone of its own while there are
		// zones enough (MODEL section 5, transfer).
		s.cross(r.Index, r.Index, month*math.Min(float64(s.rf-1), float64(s.rf)*other), "copies within")
		s.cross(r.Index, r.Index, month*fetch*other, "consumers of")
	}
}

// cross adds bytes that go from one region to another, or between the zones of
// one.
func (s *logSizer) cross(from, to int, bytes float64, what string) {
	if bytes > 0 {
		s.flows = append(s.flows, Crossing{From: from, To: to, Bytes: unit.ReplicatedBytes(bytes),
			What: what + " " + s.c.Component.Name})
	}
}

// produced are the messages on their way into a region's brokers.
func (s *logSizer) produced(r *Location) {
	all := s.count.Local + s.count.Global
	other := 1 - 1/float64(r.Zones)
	for _, name := range s.c.Load.Callers {
		from := s.c.Flow.Of(name)
		for i := range from.Edges {
			e := &from.Edges[i]
			calls := e.Local.Reads + e.Local.Writes + e.Global.Reads + e.Global.Writes
			if e.To != s.c.Component.Name || calls <= 0 || all <= 0 {
				continue
			}
			part := s.total.Scale(calls / all)
			within := s.c.monthly(r, part)
			if s.c.Load.Scope == workload.ScopeAll {
				within = s.gathered(r, from, part)
			}
			if e.Mode == "async" {
				s.cross(r.Index, r.Index, within*other, "messages to")
			}
		}
	}
}

// gathered are the bytes that come to a region's brokers from the region
// itself, where every region's log holds everything; what comes from other
// regions is added to the flows.
func (s *logSizer) gathered(r *Location, from *workload.Load, part Linear) float64 {
	const what = "messages from other regions to"
	d := s.c.Flow.Demand
	switch from.Scope {
	case workload.ScopeShare:
		within := 0.0
		for _, i := range from.Regions {
			bytes := d.Monthly(part.Local+part.Global, d.Regions[i].Own.Mean())
			if i == r.Index {
				within = bytes
			} else {
				s.cross(i, r.Index, bytes, what)
			}
		}
		return within
	case workload.ScopePrimary:
		if s.spec.Feed == "primary" && len(from.Regions) > 0 && from.Regions[0] != r.Index {
			s.cross(from.Regions[0], r.Index, s.c.monthly(r, part), what)
			return 0
		}
	}
	return s.c.monthly(r, part)
}

// describe says what the numbers are and how they came about.
func (s *logSizer) describe(l *Layout, speed catalog.Speed) {
	for i := range s.regions {
		r := &s.regions[i]
		// They passed in Fit, so they are not rejected now.
		if needs, rej := s.needs(nil, r, l, speed.RefVCPUs); rej == nil {
			s.limits(l, r, s.role(r, needs), l.Pools[i].Max)
		}
	}
	r, b := &s.regions[0], l.Pools[0].Max
	l.Brief = remark.New("log.partitions", "partitions", r.all(b), "replication", s.rf)
	l.Structure = append(l.Structure, l.Brief)
	if len(s.topics) > 1 {
		for i, t := range s.topics {
			l.Structure = append(l.Structure, remark.New("log.topic", "topic", t.name, "partitions", r.spread(i, b)))
		}
	}
	l.Warnings = s.warnings(l)
	l.Grows = s.grows(l)
	l.derive = func() []workload.Step { return s.steps(l, b, speed) }
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
func (s *logSizer) limits(l *Layout, r *logRegion, role capacity.Role, b int) {
	l.Roles = append(l.Roles, RegionRole{role, r.Index, ""})
	why := remark.New("log.apart")
	if r.structural > s.rf {
		why = structuralWhy(s.c.Policy)
	}
	copies := structure(r.structural, b, why)
	copies.Of, copies.Binding = capacity.Resource{Name: "replicas"}, false
	checks := append([]capacity.Limit{copies}, role.Check(b)...)

	limit := float64(s.c.Limits.Kafka.PartitionsPerBroker(l.Type.VCPU))
	nodes := capacity.Ceil(float64(r.least*s.rf) / limit)
	if n, _ := role.Least(); b > n {
		nodes = b // fewer may have room, but not for what even spreading adds
	}
	checks = append(checks, capacity.Limit{Of: capacity.Resource{Name: "partition replicas"}, State: capacity.Always,
		Need: s.replicas(r, b) * float64(b), Have: float64(b) * limit, Target: 1, Nodes: nodes,
		Why: remark.New("log.guidance", "vcpu", l.Type.VCPU)})
	capacity.Bind(checks, b)
	l.Limits = append(l.Limits, s.c.placed(checks, r.Index, "")...)
}

func (s *logSizer) warnings(l *Layout) []remark.Remark {
	var out []remark.Remark
	for i := range s.regions {
		r := &s.regions[i]
		if b := l.Pools[i].Max; r.all(b) < b {
			out = append(out, remark.New("log.few", "region", r.Name, "partitions", r.all(b), "brokers", b))
		}
		if left := s.rf - (s.rf+r.Zones-1)/r.Zones; s.c.Policy.Zone && s.rf > 2 && left < 2 {
			out = append(out, remark.New("log.zones", "region", r.Name, "zones", r.Zones))
		}
	}
	if s.rf == 1 {
		elsewhere := len(s.regions) > 1 && s.c.Load.Scope == workload.ScopeAll
		out = append(out, remark.New("log.one_copy", "elsewhere", elsewhere))
	}
	return out
}

func (s *logSizer) steps(l *Layout, b int, speed catalog.Speed) []workload.Step {
	const model = "MODEL section 5, log"
	r := &s.regions[0]
	t := unit.ByteRate(r.own.bytes)
	var topics []string
	for i, x := range s.topics {
		topics = append(topics, fmt.Sprintf("%s max(⌈T/%s⌉, ⌈T/%s⌉, %.0f) = %d",
			x.name, s.spec.ProducerRate.V, s.spec.ConsumerRate.V, x.consumers, r.partitions[i]))
	}
	rf := float64(s.rf)
	steps := []workload.Step{
		stepOf("stream at the horizon", "MODEL section 1", t.Human(),
			"%s now at the peak × growth %.3f", unit.ByteRate(r.PeakOwn(s.total)).Human(), s.c.Growth),
		stepOf("partitions", model, fmt.Sprint(r.all(b)),
			"%s; up to a multiple of %d brokers where at least as many", strings.Join(topics, "; "), b),
		stepOf("received by all brokers", model, unit.ByteRate(float64(t)*rf).Human(),
			"T·RF = %s × %d", t.Human(), s.rf),
		stepOf("sent by all brokers", model, unit.ByteRate(float64(t)*(s.groups+rf-1)).Human(),
			"T·(F + RF − 1) = %s × (%.0f + %d − 1)", t.Human(), s.groups, s.rf),
		stepOf("kept on disks", model, r.kept.Replicated(rf).Human(),
			"retention %s × mean of the worst such time × RF = %s × %d", s.spec.Retention.V, r.kept.Human(), s.rf),
		stepOf("speed of a broker", "MODEL section 2", fmt.Sprintf("%.4g vCPU of %s", speed.RefVCPUs, s.ref.Name),
			"%s against %s, %s, derated by %.2f", l.Type.Name, s.ref.Name, speed.Evidence, speed.Derate),
	}
	if note := l.Type.EBSNote(); !note.IsZero() && l.Storage.Volume != VolumeLocal {
		steps = append(steps, stepOf("instance EBS bandwidth", "MODEL section 2", "", "%s", words.Say(note)))
	}
	return steps
}

// stepOf is a step of a derivation whose formula has figures in it.
func stepOf(what, source, result, formula string, args ...any) workload.Step {
	return workload.Step{What: what, Formula: fmt.Sprintf(formula, args...), Result: result, Source: source}
}
