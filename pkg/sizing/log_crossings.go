package sizing

import (
	"math"

	"headroom/pkg/unit"
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
	s.flows.add(from, to, unit.ReplicatedBytes(bytes), what+" "+s.c.Component.Name)
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
