package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/workload"
)

// This file is how many partitions topics have, and which part of the stream the
// busiest broker leads and holds. Partitions are not divided: each is led by one
// broker, and lies whole on each that has a copy.

// logPartitions are the partitions of a topic in a region.
type logPartitions struct {
	share   float64 // of the stream
	least   int     // that are needed at the horizon, or that the profile states
	threads float64 // of its readers that are busy at the horizon
	stated  bool
}

// divide is MODEL section 5 for each topic: P = max(⌈T/τp⌉, ⌈T/τc⌉, consumers wanted,
// threads of the workers that read it), at the end of the horizon: with the number of
// partitions keys move, so it is not changed. threads read all topics.
func (s *logSizer) divide(r *logRegion, threads float64) []logPartitions {
	peak := func(x Linear) float64 { return s.c.Policy.peak(&r.Location, x) }
	all, out := peak(s.total), make([]logPartitions, len(s.topics))
	for i, t := range s.topics {
		p := &out[i]
		if all > 0 {
			p.share = peak(t.bytes) / all
		}
		if p.stated = t.stated > 0; p.stated {
			p.least = t.stated
			continue
		}
		rate := peak(t.bytes) * s.c.Growth
		p.threads = threads * p.share
		p.least = max(s.takes(rate), capacity.Ceil(t.consumers), capacity.Ceil(p.threads))
	}
	return out
}

// takes is how many partitions take a rate, bytes/s, from producers and give it to a
// consumer.
func (s *logSizer) takes(rate float64) int {
	return max(1, capacity.Ceil(rate/float64(s.spec.ProducerRate.V)),
		capacity.Ceil(rate/float64(s.spec.ConsumerRate.V)))
}

// threads is how many threads of the workers that read the log are busy in a region
// at the end of the horizon. busy is the time for which a message occupies one.
func (s *logSizer) threads(r *Location, busy func(*workload.Load) float64) float64 {
	top := 0.0
	for i := range s.c.Load.Edges {
		e := &s.c.Load.Edges[i]
		reader := s.c.Flow.Of(e.To)
		if traitsOf(reader.Component).Reader == nil {
			continue
		}
		top = math.Max(top, busyThreads(r, &s.c.Policy, callsOf(e).Scale(busy(reader)), behind(reader)))
	}
	return float64(top * s.c.Growth)
}

// busyThreads is how many threads work at the peak of a region while they catch up
// by a part of the load, or have the load of a lost region. need is for the load.
func busyThreads(r *Location, p *Rules, need Linear, behind float64) float64 {
	top := r.PeakOwn(need) * (1 + behind)
	if p.Region {
		top = math.Max(top, r.PeakLost(need))
	}
	return top
}

// leads is how many partitions of a topic each broker leads at least. What a lost
// broker led then goes to as many others, one each; and a multiple of the other
// zones spreads evenly over them what a lost zone led.
func (s *logSizer) leads(r *logRegion) int {
	switch {
	case s.rf == 1:
		return 1 // nobody takes over
	case r.zoned:
		return multiple(int(s.spec.Leads.V), r.Zones-1)
	}
	return int(s.spec.Leads.V)
}

// step is by how many brokers a region's cluster grows.
func (r *logRegion) step() int {
	if r.zoned {
		return r.Zones
	}
	return 1
}

// loose tells whether a topic's partitions are not a multiple of what b brokers lead:
// they are stated, or all of it is less than one of an evenly spread topic.
func (r *logRegion) loose(i, b int) bool {
	t := &r.topics[i]
	return t.stated || t.share*float64(b*r.leads) <= 1
}

// spread is how many partitions topic i has on b brokers: the least multiple of what
// they lead, so that all carry the same.
func (r *logRegion) spread(i, b int) int {
	if r.loose(i, b) {
		return r.topics[i].least
	}
	return multiple(r.topics[i].least, b*r.leads)
}

// needed is the sum of the partitions that topics need.
func (r *logRegion) needed() int {
	n := 0
	for i := range r.topics {
		n += r.topics[i].least
	}
	return n
}

// all is the number of partitions of a region on b brokers.
func (r *logRegion) all(b int) int {
	n := 0
	for i := range r.topics {
		n += r.spread(i, b)
	}
	return n
}

// even is the part of the stream in topics that are spread evenly over b brokers.
func (r *logRegion) even(b int) float64 {
	t := 0.0
	for i := range r.topics {
		if !r.loose(i, b) {
			t += r.topics[i].share
		}
	}
	return t
}

// unevenly is the part of the stream in loose topics that the busiest of those left of
// b brokers has, where so many copies of each partition lie on them: one partition
// more than an even share at most, as each goes to the broker that has least.
func (r *logRegion) unevenly(copies, b, left int) float64 {
	all, placed, largest := 0.0, 0.0, 0.0
	for i := range r.topics {
		if t := &r.topics[i]; r.loose(i, b) {
			each := t.share / float64(t.least)
			all += t.share
			placed += float64(each * float64((t.least*copies+left-1)/left))
			largest = math.Max(largest, each)
		}
	}
	return math.Min(placed, float64(all*float64(copies))/float64(left)+largest)
}

// holds is the part of the stream of which the busiest of those left of b brokers
// holds copies, where each partition has so many on them.
func (r *logRegion) holds(copies, b, left int) float64 {
	parts := b * r.leads // of an evenly spread topic
	return float64(r.even(b)*float64((parts*copies+left-1)/left))/float64(parts) + r.unevenly(copies, b, left)
}

// led is the part of the stream that the busiest of those left of b brokers leads.
// What lost ones led goes to brokers with a copy of it, one by one: these are in
// other zones than the leader, where there are zones.
func (r *logRegion) led(state capacity.State, b, left int) float64 {
	lost, heirs := b-left, left
	if state == capacity.NodeLost && r.zoned {
		heirs = b - b/r.Zones
	}
	inherited := (r.leads*lost + heirs - 1) / heirs
	return float64(r.even(b)*float64(r.leads+inherited))/float64(b*r.leads) + r.unevenly(1, b, left)
}

// parallel is how many threads of one group can be kept busy by the stream of
// a region: all partitions, or fewer where a topic has a greater part of the
// stream than of the partitions.
func (r *logRegion) parallel(b int) int {
	top := float64(r.all(b))
	for i := range r.topics {
		if share := r.topics[i].share; share > 0 {
			top = math.Min(top, float64(r.spread(i, b))/share)
		}
	}
	return int(top * (1 + 1e-9))
}

// spare is how many more threads could read if topics had as many partitions as b
// brokers hold, so many replicas each: more of them cost nothing. Stated ones stay.
func (s *logSizer) spare(r *logRegion, b int, limit float64) int {
	for i := range r.topics {
		if r.topics[i].stated {
			return 0
		}
	}
	rounding := len(r.topics) * b * r.leads
	return max(0, int(limit)*b/s.rf-r.all(b)-rounding)
}

// replicas is how many partition replicas a broker holds.
func (s *logSizer) replicas(r *logRegion, b int) float64 {
	return float64(r.all(b)*s.rf) / float64(b)
}
