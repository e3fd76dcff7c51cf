package sizing

import (
	"math"

	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is a stream on its way through brokers: what workers that catch up add to it,
// and what of it crosses zones and regions.

// streamRate is a stream at one time.
type streamRate struct {
	bytes    float64 // logical bytes/s that arrive, and that each group reads
	messages float64 // per second
	again    float64 // bytes/s that are read in addition, to catch up
}

// backlog is what workers that catch up after an outage do in addition, as parts
// of the stream (docs/model.md section 5, worker). Those that read the log read
// o/h of it again; producers send no more, unless they are workers. There are at
// most as many readers as groups.
func (s *brokers) backlog() {
	readers := 0.0
	for i := range s.c.Load.Edges {
		if part := behind(s.c.Flow.Of(s.c.Load.Edges[i].To)); part > 0 {
			s.reread += part
			readers++
		}
	}
	if readers > s.groups {
		s.reread = float64(s.reread * (s.groups / readers))
	}
	late := s.c.backlog()
	calls := late.reads.Plus(late.writes)
	if all := s.count.Local + s.count.Global; all > 0 {
		s.sent = (calls.Local + calls.Global) / all
	}
}

// crossings are a month's bytes between zones and regions, where so many groups fetch
// from leaders in any zone, and a region's brokers read the changes of a database either
// in their region or, far, at its primary. What callers send, and consumers fetch, over a
// synchronous edge is billed with that edge.
func (s *brokers) crossings(fetch float64, far bool) {
	for i := range s.regions {
		r := &s.regions[i].Location
		month := s.c.monthly(r, s.total)
		s.produced(r, far)
		// Rack-aware placement: every copy in a zone of its own while there are
		// zones enough (MODEL section 5, transfer).
		s.cross(r.Index, r.Index, month*math.Min(float64(s.copies-1), float64(s.copies)*r.elsewhere()), "copies within")
		s.cross(r.Index, r.Index, month*fetch*r.elsewhere(), "consumers of")
	}
}

// cross adds bytes that go from one region to another, or between the zones of
// one.
func (s *brokers) cross(from, to int, bytes float64, what string) {
	s.flows.add(from, to, unit.ReplicatedBytes(bytes), what+" "+s.c.Component.Name)
}

// produced are the messages on their way into a region's brokers.
func (s *brokers) produced(r *Location, far bool) {
	all := s.count.Local + s.count.Global
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
				within = s.gathered(r, from, part, far)
			}
			if e.Mode == "async" {
				s.cross(r.Index, r.Index, within*r.elsewhere(), "messages to")
			}
		}
	}
}

// gathered are the bytes that come to a region's brokers from the region
// itself, where every region's log holds everything; what comes from other
// regions is added to the flows.
func (s *brokers) gathered(r *Location, from *workload.Load, part Linear, far bool) float64 {
	const what = "messages from other regions to"
	switch from.Scope {
	case workload.ScopeShare:
		within := 0.0
		for _, i := range from.Regions {
			bytes := s.c.sentFrom(i, part)
			if i == r.Index {
				within = bytes
			} else {
				s.cross(i, r.Index, bytes, what)
			}
		}
		return within
	case workload.ScopePrimary:
		if far && len(from.Regions) > 0 && from.Regions[0] != r.Index {
			s.cross(from.Regions[0], r.Index, s.c.monthly(r, part), what)
			return 0
		}
	}
	return s.c.monthly(r, part)
}
