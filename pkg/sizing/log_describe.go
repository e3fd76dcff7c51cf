package sizing

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// crossings are a month's bytes between zones and regions. What callers send,
// and consumers fetch, over a synchronous edge is billed with that edge.
func (s *logSizer) crossings() []Flow {
	var out []Flow
	add := func(from, to int, bytes float64, what string) {
		if bytes > 0 {
			out = append(out, Flow{From: from, To: to, Bytes: unit.ReplicatedBytes(bytes), What: what + " " + s.c.Component.Name})
		}
	}
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
		r := &s.regions[i].Region
		month := s.c.monthly(r, s.total)
		other := 1 - 1/float64(r.Zones) // of random pairs of nodes, those in different zones
		s.produced(r, add)
		// Rack-aware placement: every copy in a zone of its own while there are
		// zones enough (MODEL section 5, transfer).
		add(r.Index, r.Index, month*math.Min(float64(s.rf-1), float64(s.rf)*other), "copies within")
		add(r.Index, r.Index, month*fetch*other, "consumers of")
	}
	return out
}

// produced are the messages on their way into a region's brokers.
func (s *logSizer) produced(r *Region, add func(from, to int, bytes float64, what string)) {
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
				within = s.gathered(r, from, part, add)
			}
			if e.Mode == "async" {
				add(r.Index, r.Index, within*other, "messages to")
			}
		}
	}
}

// gathered are the bytes that come to a region's brokers from the region
// itself, where every region's log holds everything; what comes from other
// regions is added.
func (s *logSizer) gathered(r *Region, from *workload.Load, part Linear, add func(from, to int, bytes float64, what string)) float64 {
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
				add(i, r.Index, bytes, what)
			}
		}
		return within
	case workload.ScopePrimary:
		if s.spec.Feed == "primary" && len(from.Regions) > 0 && from.Regions[0] != r.Index {
			add(from.Regions[0], r.Index, s.c.monthly(r, part), what)
			return 0
		}
	}
	return s.c.monthly(r, part)
}

// describe says what the numbers are and how they came about.
func (s *logSizer) describe(l *Layout, speed catalog.Speed) {
	for i := range s.regions {
		r := &s.regions[i]
		// It passed in Fit, so it is not rejected now.
		if res, rej := s.resources(nil, l.Type, l.Storage, r, speed); rej == nil {
			l.Limits = append(l.Limits, s.limits(r, res, l.Type, l.Pools[i].Max)...)
		}
	}
	r, b := &s.regions[0], l.Pools[0].Max
	l.Brief = fmt.Sprintf("%d partitions, RF %d", r.all(b), s.rf)
	l.Structure = append(l.Structure, l.Brief)
	if len(s.topics) > 1 {
		for i, t := range s.topics {
			l.Structure = append(l.Structure, fmt.Sprintf("topic %s: %d partitions", t.name, r.spread(i, b)))
		}
	}
	l.Warnings = s.warnings(l)
	share := float64(r.kept.Replicated(float64(s.rf))) / float64(b)
	// A new broker is filled at what the catch-up leaves it of its network.
	rate := float64(l.Type.NetworkBaseline) * s.c.Policy.Own
	if have := l.Type.EBS.BaselineThroughput; l.Storage.Volume != VolumeLocal && have.OK {
		rate = math.Min(rate, have.V*s.c.Policy.Own)
	}
	l.Grows = "writes: a broker is added and partitions are moved to it by hand"
	if rate > 0 && share > 0 {
		l.Grows = fmt.Sprintf("writes: a broker is added by hand; rebalance %.0f GiB in %.1f h", math.Ceil(share/(1<<30)), share/rate/3600)
	}
	l.derive = func() []workload.Step { return s.steps(l, b, speed) }
}

// limits records every constraint of a region's cluster of b brokers.
func (s *logSizer) limits(r *logRegion, res []logResource, t *catalog.NodeType, b int) []Limit {
	var out []Limit
	best, bestNodes := -1, 0
	add := func(l Limit) {
		l.Region = r.Index
		if l.Nodes > bestNodes {
			best, bestNodes = len(out), l.Nodes
		}
		out = append(out, l)
	}
	// What must be anyway comes first: it binds where a load asks for as many.
	add(s.structuralLimit(r, b))
	for i := range res {
		q := res[i].scaled()
		for k := range logStates {
			st := &logStates[k]
			need, allowed, checked := s.in(&q, st)
			if !checked || !s.applies(st, r) {
				continue
			}
			left, why := st.left(b, r.Zones), q.why
			if st.name == capacity.CatchUp {
				why = s.c.catchUpWhy()
			}
			add(Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: q.name, Unit: q.unit}, State: st.name, Need: need.with(min(s.rf, left)) / q.per, Have: float64(left) * q.have / q.per, Target: allowed / q.have, Nodes: s.brokersFor(&q, st, r), Why: why}})
		}
	}
	limit := float64(s.c.Limits.Kafka.PartitionsPerBroker(t.VCPU))
	replicas := s.replicas(r, b) * float64(b)
	nodes := capacity.Ceil(float64(r.least*s.rf) / limit)
	if nodes < b && b > bestNodes {
		nodes = b // fewer would have room, but not for what even spreading adds
	}
	add(Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: "partition replicas"}, State: capacity.Always, Need: replicas, Have: float64(b) * limit, Target: 1, Nodes: nodes, Why: fmt.Sprintf("MSK's guidance for brokers of %d vCPU", t.VCPU)}})
	if best >= 0 && bestNodes == b {
		out[best].Binding = true
	}
	return out
}

func (s *logSizer) structuralLimit(r *logRegion, b int) Limit {
	n := r.structural
	why := "each copy of a partition on a broker of its own"
	if n > s.rf {
		why = structuralWhy(s.c.Policy)
	}
	return Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: "replicas"}, State: capacity.Always, Need: float64(n), Have: float64(b), Target: 1, Nodes: n, Why: why}}
}

func (s *logSizer) warnings(l *Layout) []string {
	var out []string
	for i := range s.regions {
		r := &s.regions[i]
		if b := l.Pools[i].Max; r.all(b) < b {
			out = append(out, fmt.Sprintf("%s: %d partitions on %d brokers: some have nothing to lead; raise consumers", r.Name, r.all(b), b))
		}
		if left := s.rf - (s.rf+r.Zones-1)/r.Zones; s.c.Policy.Zone && s.rf > 2 && left < 2 {
			out = append(out, fmt.Sprintf("%s: %d zones: a lost zone may leave one copy of a partition; writers that wait for two copies (min.insync.replicas=2) then stop", r.Name, r.Zones))
		}
	}
	if s.rf == 1 {
		warn := "one copy: a lost broker takes its messages with it"
		if len(s.regions) > 1 && s.c.Load.Scope == workload.ScopeAll {
			warn += "; the other region's log has them"
		}
		out = append(out, warn)
	}
	return out
}

func (s *logSizer) steps(l *Layout, b int, speed catalog.Speed) []workload.Step {
	const model = "MODEL section 5, log"
	r := &s.regions[0]
	t := unit.ByteRate(r.own.bytes)
	var topics []string
	for i, x := range s.topics {
		topics = append(topics, fmt.Sprintf("%s max(⌈T/%s⌉, ⌈T/%s⌉, %.0f) = %d", x.name, s.spec.ProducerRate.V, s.spec.ConsumerRate.V, x.consumers, r.partitions[i]))
	}
	steps := []workload.Step{
		{What: "stream at the horizon", Formula: fmt.Sprintf("%s now at the peak × growth %.3f", unit.ByteRate(r.PeakOwn(s.total)).Human(), s.c.Growth), Result: t.Human(), Source: "MODEL section 1"},
		{What: "partitions", Formula: strings.Join(topics, "; ") + fmt.Sprintf("; up to a multiple of %d brokers where at least as many", b), Result: fmt.Sprintf("%d", r.all(b)), Source: model},
		{What: "received by all brokers", Formula: fmt.Sprintf("T·RF = %s × %d", t.Human(), s.rf), Result: unit.ByteRate(float64(t) * float64(s.rf)).Human(), Source: model},
		{What: "sent by all brokers", Formula: fmt.Sprintf("T·(F + RF − 1) = %s × (%.0f + %d − 1)", t.Human(), s.groups, s.rf), Result: unit.ByteRate(float64(t) * (s.groups + float64(s.rf) - 1)).Human(), Source: model},
		{What: "kept on disks", Formula: fmt.Sprintf("retention %s × mean of the worst such time × RF = %s × %d", s.spec.Retention.V, r.kept.Human(), s.rf), Result: r.kept.Replicated(float64(s.rf)).Human(), Source: model},
		{What: "speed of a broker", Formula: fmt.Sprintf("%s against %s, %s, derated by %.2f", l.Type.Name, s.ref.Name, speed.Evidence, speed.Derate), Result: fmt.Sprintf("%.4g vCPU of %s", speed.RefVCPUs, s.ref.Name), Source: "MODEL section 2"},
	}
	if note := l.Type.EBSNote(); note != "" && l.Storage.Volume != VolumeLocal {
		steps = append(steps, workload.Step{What: "instance EBS bandwidth", Formula: note, Source: "MODEL section 2"})
	}
	return steps
}
