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

// This file is brokers: nodes that lead and copy the partitions of a stream, keep it for a
// time, and give it to groups of readers. Of which part of the stream that is for the
// busiest of them is in partitions.go; here is what it does for it, and how many there are.

// brokers is the sizer of a component whose nodes are brokers: its kind fills it in.
// They and their disks are sized for the lead month, as moving partitions to new brokers
// takes people; partitions for the horizon, as keys move when their number changes.
type brokers struct {
	c        *Task
	ref      *catalog.NodeType // on which CPU times were measured
	least    leastNode
	storages []Storage
	partitioning
	cost    brokerCost
	perNode func(t *catalog.NodeType) float64 // most partition replicas
	maxCPU  float64                           // highest utilisation
	maxDisk float64                           // bytes of one broker
	memory  float64                           // of a broker without its page cache, bytes

	count     Linear        // messages/s now
	groups    float64       // that each read everything
	retention unit.Duration // for which messages are kept
	hot       float64       // seconds of the stream that are read from memory
	lagging   float64       // traffic in addition of those that lag, while a broker or zone is lost
	rebuild   bool          // whether lost copies are made again on those that are left
	reread    float64       // part of the stream that workers read again while they catch up
	sent      float64       // part of the stream that workers send in addition then

	regions []brokerRegion
	flows   flows
	room    []capacity.Need // see rooms
}

// BrokerCPU is a part of the spec of what has brokers: the CPU of their work.
type BrokerCPU struct {
	// CPU time for 1 MB (1,000,000 bytes) that a broker takes from a producer, copies, or gives to
	// a consumer group, on one vCPU of the reference type; without it, as measured with eight
	// producers.
	CPUPerMB *strict.Value[unit.Duration] `yaml:"cpu_per_mb"`
	// CPU time for a batch of messages that a broker takes, copies or gives, beside its bytes.
	CPUBatch strict.Value[unit.Duration] `yaml:"cpu_per_batch"`
	// CPU time for storing one copy of a message, beside its bytes and its batch.
	CPUMessage strict.Value[unit.Duration] `yaml:"cpu_per_message"`
	// Bytes of a batch of messages; a larger message is one by itself.
	Batch strict.Value[unit.Bytes] `yaml:"batch" above:"0"`
	// Whether brokers compress with zstd what producers send (compression.type of a topic).
	Recompress strict.Value[bool] `yaml:"recompress"`
}

func defaultBrokerCPU() BrokerCPU {
	return BrokerCPU{
		CPUBatch:   judged(unit.Duration(20e-6), "a request, its answer and the index"),
		CPUMessage: judged(unit.Duration(0), "brokers do not open batches"),
		Batch:      judged(unit.Bytes(16<<10), "Apache Kafka: batch.size=16384, which producers fill at high rates"),
		Recompress: judged(false, "producers compress, brokers store what they get"),
	}
}

// cost is the CPU of a broker's work: of the profile, or as the reference was measured.
// Where it was not, the default reference was, and differs from it as brokers' speeds do.
func (l *BrokerCPU) cost(c *Task, ref *catalog.NodeType) (brokerCost, *Rejection) {
	k := brokerCost{batch: float64(l.CPUBatch.V), message: float64(l.CPUMessage.V), batchBytes: float64(l.Batch.V)}
	if l.CPUPerMB != nil {
		k.mb, k.source = float64(l.CPUPerMB.V), "input cpu_per_mb, cpu_per_batch"
		return k, nil
	}
	k.source = "pricing/hardware/measured_throughput.csv: Kafka, eight producers; an upper bound"
	if rate, ok := c.Speeds.KafkaProduced(ref, l.Recompress.V); ok {
		k.mb = 1e6 / float64(rate)
		return k, nil
	}
	measured, _ := c.Catalog.NodeType(DefaultReference)
	rate, ok := c.Speeds.KafkaProduced(measured, l.Recompress.V)
	speed, err := c.Speeds.Speed(ref, catalog.ClassKafka, measured)
	if !ok || err != nil {
		return k, unknownSpeed(err)
	}
	k.mb = 1e6 / float64(rate) / speed.PerVCPU
	return k, nil
}

// brokerCost is the CPU of what is taken from producers, copied or given to groups, in
// seconds of the reference's CPU.
type brokerCost struct {
	mb, batch, message float64 // of 1 MB, of a batch, of storing a message
	batchBytes         float64 // of a batch; a larger message is one by itself
	source             string  // of the first two
}

// size is the bytes of a batch of a stream.
func (k *brokerCost) size(x *streamRate) float64 {
	if x.messages > 0 {
		return math.Max(k.batchBytes, x.bytes/x.messages)
	}
	return k.batchBytes
}

// of is for bytes of a stream, and for the batches that they come in: a broker does not
// look into them.
func (k *brokerCost) of(x *streamRate, bytes float64) float64 {
	return float64(bytes*k.mb/1e6) + float64(bytes/k.size(x)*k.batch)
}

// brokerRegion is a region's stream in the lead month, and its partitions at the horizon.
type brokerRegion struct {
	Location
	partitions
	own        streamRate // at the peak of the normal state
	lost       streamRate // at the peak with another region's users; zero where no region's loss must be survived
	late       streamRate // at the peak while workers catch up
	kept       unit.Bytes
	structural int // least brokers whatever the load
}

// region derives a region's stream and partitions, which so many threads read.
func (s *brokers) region(r Location, threads float64) brokerRegion {
	lead := s.c.Lead
	own := streamRate{bytes: float64(r.PeakOwn(s.total) * lead), messages: float64(r.PeakOwn(s.count) * lead)}
	out := brokerRegion{Location: r, partitions: s.in(&r, threads), own: own}
	out.late = streamRate{own.bytes + float64(own.bytes*s.sent), own.messages + float64(own.messages*s.sent),
		own.bytes * s.reread}
	kept := s.c.window(&r, s.total, float64(s.retention)) * lead
	if s.c.Policy.Region {
		out.lost = streamRate{bytes: float64(r.PeakLost(s.total) * lead), messages: float64(r.PeakLost(s.count) * lead)}
		if own, lost := meanOf(&r, s.total); own > 0 && lost > own {
			kept *= lost / own // the region may stay lost for as long as messages are kept
		}
	}
	out.kept, out.structural = unit.Bytes(kept), out.partitions.structural(&s.c.Policy)
	return out
}

// Needs are as many brokers as copies at least.
func (s *brokers) Needs() Needs {
	least := s.c.leastNodes(func(i int) int { return s.regions[i].structural })
	return Needs{Nodes: true, Storages: s.storages, MinNodes: least}
}

var _ Bounded = (*brokers)(nil)

// Bound says that no number of brokers does where a type is too small for a broker.
func (s *brokers) Bound(t *catalog.NodeType, _ Storage, least []float64) []Pool {
	if s.least.short(t) {
		noneDo(least)
	}
	return nil
}

// Floor is the copies of what is kept, on volumes that are as full as they may be, and
// all traffic between zones and regions: it is the same on any type.
func (s *brokers) Floor(st Storage) Floor {
	out := Floor{Crossings: s.flows}
	for i := range s.regions {
		r := &s.regions[i]
		bytes := float64(r.kept.Replicated(float64(s.copies))) / s.c.Policy.Disk
		out.Usage = append(out.Usage, s.c.leastVolumes(r.Index, st, bytes)...)
	}
	return out
}

// Fit sizes the brokers on one type.
func (s *brokers) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	if rej := s.least.reject(t); rej != nil {
		return nil, rej
	}
	cpu, rej := s.c.nodeCPU(t, catalog.ClassKafka, s.ref)
	if rej != nil {
		return nil, rej
	}
	cpu.own, cpu.degraded = math.Min(cpu.own, s.maxCPU), math.Min(cpu.degraded, s.maxCPU)
	s.room = s.c.system.rooms.take()
	defer func() { s.room = s.c.system.rooms.give(s.room) }()
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, len(s.regions)), Crossings: s.flows, Counted: true}
	all := make([]disks, len(s.regions))
	for i := range s.regions {
		r := &s.regions[i]
		if rej := s.c.Policy.checkZones(r.Location); rej != nil {
			return nil, rej
		}
		role, b, rej := s.nodes(r, l, &cpu)
		if rej != nil {
			return nil, rej
		}
		w := s.works(r, b)
		asks := diskAsks{kept: w.keeps(0), written: w.need(capacity.DiskThroughput, 0, received)}
		need := asks.busiest(&s.c.Policy, &role, b)
		d, rej := s.c.disks(t, st, &need)
		if rej != nil {
			return nil, rej
		}
		all[i] = d
		l.Pools = append(l.Pools, Fixed(r.Index, "", b))
		l.Usage = append(l.Usage, s.c.sizedFor(d.usage(s.c, r.Index, float64(b), "log disks"), false)...)
		parallel := r.parallel(b)
		most := parallel + r.spare(b, s.perNode(t))
		if o := &l.Offers; i == 0 {
			o.Partitions, o.MostPartitions = parallel, most
		} else {
			o.Partitions, o.MostPartitions = min(o.Partitions, parallel), min(o.MostPartitions, most)
		}
	}
	l.Describe = func(l *Layout) { s.describe(l, &cpu, all) }
	return l, nil
}

// role is the brokers of a region. They do not follow the load, and carry the
// greatest of the week at all times.
func (s *brokers) role(r *brokerRegion, needs []capacity.Need) capacity.Role {
	role := s.c.role(&r.Location, needs)
	role.Week = []capacity.Hour{{Hours: workload.Hours}}
	role.Floor, role.Zoned = r.structural, r.zoned
	return role
}

// maxTries bounds the search for a number of brokers.
const maxTries = 1000

// nodes is the size of a region's cluster. What brokers do depends on how many they
// are: more of them hold more copies while one is lost, and partitions are spread
// over them. So what so many do is asked for, and then whether they do it.
func (s *brokers) nodes(r *brokerRegion, l *Layout, cpu *nodeCPU) (capacity.Role, int, *Rejection) {
	limit, step := s.perNode(l.Type), r.step()
	b := multiple(max(r.structural, capacity.Ceil(float64(r.needed()*s.copies)/limit)), step)
	for range maxTries {
		needs, rej := s.needs(s.room[:0], r, l, cpu, b)
		if rej != nil {
			return capacity.Role{}, 0, rej
		}
		role := s.role(r, needs)
		n, by := role.Least()
		switch {
		case n > capacity.MaxNodes:
			rej := tooMany(&by)
			rej.Why = remark.New("log.most_brokers")
			return role, 0, rej
		case n > b:
			b = n
		case r.replicas(b) > limit*(1+1e-9):
			b += step
		default:
			return role, b, nil
		}
	}
	return capacity.Role{}, 0, &Rejection{Resource: "partition replicas", Need: r.replicas(b), Have: limit,
		Why: remark.New("log.each_broker")}
}

// brokerWork is what the busiest broker does in a second, times the brokers that are left.
type brokerWork struct {
	in, out float64 // bytes received, which are written to disk, and sent
	cpu     float64 // seconds of the reference's CPU
	holds   float64 // part of the stream of which there are copies
	leads   float64 // part of the stream that the busiest leads, of itself alone
}

// work is what the busiest of b brokers does in a state, times those that are left
// (MODEL section 5, log): so a role of as many evenly loaded brokers stands for it.
//
// A lost broker or zone comes back with its disks. Until then the others hold the
// copies that they held, and lead what the lost ones led; followers and consumers
// that lag make more traffic. With rebuild they hold the lost copies too.
func (s *brokers) work(r *brokerRegion, role *capacity.Role, state capacity.State, b int) brokerWork {
	x, more, left := &r.own, 1.0, role.Left(state, b)
	if left < 1 {
		return brokerWork{}
	}
	holds, before := r.holds(s.copies, b, b), r.led(capacity.Own, b, b)
	led := math.Max(before, r.led(state, b, left))
	live, inherited := float64(s.copies), 0.0 // copies of what it leads, as before and in place of the lost
	switch state {
	case capacity.RegionLost:
		x = &r.lost
	case capacity.CatchUp:
		x = &r.late
	case capacity.NodeLost, capacity.ZoneLost:
		more += s.lagging
		if live, inherited = r.live(state, b); s.rebuild {
			copies := min(s.copies, left)
			holds, live, inherited = r.holds(copies, b, left), float64(copies), float64(copies)
		}
	}
	nodes := float64(left) * more
	copied := math.Max(0, float64(before*(live-1))+float64((led-before)*(inherited-1)))
	handled := float64(x.bytes*(holds+float64(s.groups*led))) + float64(x.again*led)
	return brokerWork{in: float64(x.bytes * holds * nodes),
		out:   float64((float64(x.bytes*(float64(s.groups*led)+copied)) + float64(x.again*led)) * nodes),
		cpu:   float64((s.cost.of(x, handled) + float64(x.messages*holds*s.cost.message)) * nodes),
		holds: holds * float64(left), leads: led}
}

// needs are what b brokers of a region need, and what one of the layout's type has of
// it.
func (s *brokers) needs(out []capacity.Need, r *brokerRegion, l *Layout, cpu *nodeCPU, b int) ([]capacity.Need,
	*Rejection) {
	t := l.Type
	cache, free, rej := s.c.leaves(t, s.memory, "log.no_page_cache")
	if rej != nil {
		return nil, rej
	}
	w := s.works(r, b)
	need := cpu.offered()
	w.fill(&need, func(x *brokerWork) float64 { return x.cpu })
	hot := func(x *streamRate) float64 { return float64(x.bytes * s.hot) }
	memory := w.holds(capacity.Memory, hot, cache, free/cache)
	memory.Why = remark.Remark{Key: "log.page_cache"}
	out = append(out, need, memory)
	if s.c.NetworkKnown {
		in, send := s.c.networkOffered(t)
		w.fill(&in, received)
		w.fill(&send, func(x *brokerWork) float64 { return x.out })
		out = append(out, in, send)
	}
	if l.Storage.Volume == VolumeLocal {
		return w.localNeeds(out, t)
	}
	return w.volumeNeeds(out, l)
}
