package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is how many partitions the topics of a stream have, and which part of the
// stream the busiest of the nodes leads and holds. Partitions are not divided: each is
// led by one node, and lies whole on each that has a copy.

// topic is a topic's part of a stream.
type topic struct {
	name      string
	bytes     Linear // logical bytes/s now
	consumers float64
	stated    int // partitions that the profile gives; 0 where they are worked out
}

// partitioning is how the topics of a stream are divided.
type partitioning struct {
	c                  *Task
	topics             []topic
	total              Linear  // logical bytes/s now, all topics
	producer, consumer float64 // bytes/s that one partition takes, and that one consumer reads from it
	copies             int     // of each partition
	leads              int     // least partitions of a topic that each node leads where others take over
	zoned              bool    // whether copies are kept in different zones
}

// topicPartitions are the partitions of a topic in a region.
type topicPartitions struct {
	share   float64 // of the stream
	least   int     // that are needed at the horizon, or that the profile states
	threads float64 // of its readers that are busy at the horizon
	stated  bool
	already int // that it has; 0 where nothing runs
}

// partitions are those of a stream on the nodes of a region.
type partitions struct {
	topics []topicPartitions
	copies int // of each partition
	leads  int // least partitions of a topic that a node leads
	zones  int
	zoned  bool
}

// in are the partitions of a region, the topics of which threads read.
func (p *partitioning) in(r *Location, threads float64) partitions {
	out := partitions{copies: p.copies, zones: r.Zones, zoned: p.zoned && p.copies > 1 && r.Zones > 1}
	switch {
	case p.copies == 1:
		out.leads = 1 // nobody takes over
	case out.zoned:
		// What a lost node led goes to as many others, one each; and a multiple of the other
		// zones spreads evenly over them what a lost zone led.
		out.leads = multiple(p.leads, r.Zones-1)
	default:
		out.leads = p.leads
	}
	out.topics = p.divide(r, threads)
	return out
}

// divide is MODEL section 5 for each topic: P = max(⌈T/τp⌉, ⌈T/τc⌉, consumers wanted,
// threads of the workers that read it), at the end of the horizon: with the number of
// partitions keys move, so it is not changed; and those that there are cannot be taken
// away. threads read all topics.
func (p *partitioning) divide(r *Location, threads float64) []topicPartitions {
	all, out, runs := p.c.Policy.peak(r, p.total), make([]topicPartitions, len(p.topics)), p.c.Divided[r.Name]
	for i, t := range p.topics {
		x := &out[i]
		if all > 0 {
			x.share = p.c.Policy.peak(r, t.bytes) / all
		}
		if x.stated = t.stated > 0; x.stated {
			x.least = t.stated
			continue
		}
		x.threads = threads * x.share
		x.already = runs.part(t.name, runs.Partitions, len(p.topics) == 1)
		x.least = max(p.takes(p.rate(r, &t)), capacity.Ceil(t.consumers), capacity.Ceil(x.threads), x.already)
	}
	return out
}

// rate is a topic's bytes/s at the end of the horizon.
func (p *partitioning) rate(r *Location, t *topic) float64 {
	return p.c.Policy.peak(r, t.bytes) * p.c.Growth
}

// takes is how many partitions take a rate, bytes/s, from producers and give it to a
// consumer.
func (p *partitioning) takes(rate float64) int {
	return max(1, capacity.Ceil(rate/p.producer), capacity.Ceil(rate/p.consumer))
}

// overfull warns of topics whose stated partitions do not take their rate at the end of
// the horizon.
func (p *partitioning) overfull(r *Location, in *partitions) (out []remark.Remark) {
	for i := range p.topics {
		t := &p.topics[i]
		if need := p.takes(p.rate(r, t)); in.topics[i].stated && need > t.stated {
			out = append(out, remark.New("log.overfull", "region", r.Name, "topic", t.name, "stated", t.stated,
				"needed", need))
		}
	}
	return out
}

// steps are what each topic's partitions follow from: its rate at the end of the
// horizon, and who reads it.
func (p *partitioning) steps(r *Location, in *partitions) []remark.Step {
	out := make([]remark.Step, len(p.topics))
	for i := range p.topics {
		t, x := &p.topics[i], &in.topics[i]
		step := remark.Derive("least partitions of {topic}", "input partitions", x.least, "").Noting("step.stated")
		switch {
		case x.already == x.least && !x.stated:
			step = remark.Derive("least partitions of {topic}", "partitions that run", x.least, "").
				Noting("step.partitions_already")
		case !x.stated:
			step = remark.Derive("least partitions of {topic}", "MODEL section 5, log", x.least,
				"max(1, ⌈T/τp⌉, ⌈T/τc⌉, consumers, threads) = "+
					"max(1, ⌈{T} / {τp}⌉, ⌈{T} / {τc}⌉, ⌈{consumers}⌉, ⌈{threads}⌉)",
				"T", unit.ByteRate(p.rate(r, t)), "τp", unit.Given(unit.ByteRate(p.producer)),
				"τc", unit.Given(unit.ByteRate(p.consumer)), "consumers", t.consumers, "threads", x.threads)
		}
		out[i] = step.Naming("topic", t.name)
	}
	return out
}

// multiple is the least multiple of k that is at least n.
func multiple(n, k int) int { return (n + k - 1) / k * k }

// structural is the least number of nodes whatever the load: one for each copy, and what
// the policy asks for.
func (p *partitions) structural(policy *Rules) int {
	return multiple(max(p.copies, policy.Structural(p.zones)), p.step())
}

// step is by how many nodes a cluster grows.
func (p *partitions) step() int {
	if p.zoned {
		return p.zones
	}
	return 1
}

// loose tells whether a topic's partitions are not a multiple of what b nodes lead:
// they are stated, or all of it is less than one of an evenly spread topic.
func (p *partitions) loose(i, b int) bool {
	t := &p.topics[i]
	return t.stated || t.share*float64(b*p.leads) <= 1
}

// spread is how many partitions topic i has on b nodes: the least multiple of what
// they lead, so that all carry the same.
func (p *partitions) spread(i, b int) int {
	if p.loose(i, b) {
		return p.topics[i].least
	}
	return multiple(p.topics[i].least, b*p.leads)
}

// needed is the sum of the partitions that topics need.
func (p *partitions) needed() int {
	n := 0
	for i := range p.topics {
		n += p.topics[i].least
	}
	return n
}

// all is the number of partitions on b nodes.
func (p *partitions) all(b int) int {
	n := 0
	for i := range p.topics {
		n += p.spread(i, b)
	}
	return n
}

// even is the part of the stream in topics that are spread evenly over b nodes.
func (p *partitions) even(b int) float64 {
	t := 0.0
	for i := range p.topics {
		if !p.loose(i, b) {
			t += p.topics[i].share
		}
	}
	return t
}

// unevenly is the part of the stream in loose topics that the busiest of those left of
// b nodes has, where so many copies of each partition lie on them: one partition
// more than an even share at most, as each goes to the node that has least.
func (p *partitions) unevenly(copies, b, left int) float64 {
	all, placed, largest := 0.0, 0.0, 0.0
	for i := range p.topics {
		if t := &p.topics[i]; p.loose(i, b) {
			each := t.share / float64(t.least)
			all += t.share
			placed += float64(each * float64((t.least*copies+left-1)/left))
			largest = math.Max(largest, each)
		}
	}
	return math.Min(placed, float64(all*float64(copies))/float64(left)+largest)
}

// holds is the part of the stream of which the busiest of those left of b nodes
// holds copies, where each partition has so many on them.
func (p *partitions) holds(copies, b, left int) float64 {
	parts := b * p.leads // of an evenly spread topic
	return float64(p.even(b)*float64((parts*copies+left-1)/left))/float64(parts) + p.unevenly(copies, b, left)
}

// led is the part of the stream that the busiest of those left of b nodes leads.
// What lost ones led goes to nodes with a copy of it, one by one: these are in
// other zones than the leader, where there are zones.
func (p *partitions) led(state capacity.State, b, left int) float64 {
	lost, heirs := b-left, left
	if state == capacity.NodeLost && p.zoned {
		heirs = b - b/p.zones
	}
	inherited := (p.leads*lost + heirs - 1) / heirs
	return float64(p.even(b)*float64(p.leads+inherited))/float64(b*p.leads) + p.unevenly(1, b, left)
}

// live is how many copies are left, at most, of a partition whose leader is left, and
// of one whose leader is lost: a node had one of them, and a zone an even share at
// most.
func (p *partitions) live(state capacity.State, b int) (led, inherited float64) {
	led = float64(p.copies)
	switch {
	case state == capacity.ZoneLost && p.zoned:
		led = float64(min(p.copies, (p.zones-1)*((p.copies+p.zones-1)/p.zones)))
	case b == p.copies: // every node has a copy of everything
		led--
	}
	return led, math.Min(led, float64(p.copies-1))
}

// parallel is how many threads of one group can be kept busy by the stream of
// a region: all partitions, or fewer where a topic has a greater part of the
// stream than of the partitions.
func (p *partitions) parallel(b int) int {
	top := float64(p.all(b))
	for i := range p.topics {
		if share := p.topics[i].share; share > 0 {
			top = math.Min(top, float64(p.spread(i, b))/share)
		}
	}
	return int(top * (1 + 1e-9))
}

// spare is how many more threads could read if topics had as many partitions as b
// nodes hold, so many replicas each: more of them cost nothing. Stated ones stay.
func (p *partitions) spare(b int, limit float64) int {
	for i := range p.topics {
		if p.topics[i].stated {
			return 0
		}
	}
	rounding := len(p.topics) * b * p.leads
	return max(0, int(limit)*b/p.copies-p.all(b)-rounding)
}

// replicas is how many partition replicas a node holds.
func (p *partitions) replicas(b int) float64 { return float64(p.all(b)*p.copies) / float64(b) }

// readingThreads is how many threads of the workers that read the component are busy in
// a region at the end of the horizon: of those that have it to themselves, the most. busy
// is for how many seconds a message occupies one.
func (c *Task) readingThreads(r *Location, busy func(*workload.Load) float64) float64 {
	top := 0.0
	for i := range c.Load.Edges {
		e := &c.Load.Edges[i]
		reader := c.Flow.Of(e.To)
		if traitsIn(reader).Reader != nil {
			top = math.Max(top, busyThreads(r, &c.Policy, callsOf(e).Scale(busy(reader)), behind(reader)))
		}
	}
	return float64(top * c.Growth)
}

// onReference is the time for which a message occupies a thread on the reference type.
func onReference(reader *workload.Load) float64 {
	return float64(traitsIn(reader).Reader.Busy)
}

// asSized is the same on the machines that were chosen, if they are slower.
func (c *Task) asSized(reader *workload.Load) float64 {
	busy := onReference(reader)
	if w := c.Sized[reader.Component.Name]; w != nil {
		busy = math.Max(busy, w.Offers.Busy)
	}
	return busy
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
