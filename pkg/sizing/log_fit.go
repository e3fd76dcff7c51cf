package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

func (s *logSizer) Needs() Needs {
	least := s.c.leastNodes(func(i int) int { return s.regions[i].structural })
	return Needs{Nodes: true, Storages: storagesOf(s.spec.Storage, "gp3", "st1", VolumeLocal), MinNodes: least}
}

var _ Bounded = (*logSizer)(nil)

// Bound says that no number of brokers does where a type is too small for a broker.
func (s *logSizer) Bound(t *catalog.NodeType, _ Storage, least []float64) []Pool {
	if !s.least.short(t) {
		return nil
	}
	for i := range s.regions {
		least[s.regions[i].Index] = capacity.MaxNodes
	}
	return nil
}

// Floor is the copies of what is kept, on volumes that are as full as they may be, and
// all traffic between zones and regions: it is the same on any type.
func (s *logSizer) Floor(st Storage) Floor {
	out := Floor{Crossings: s.flows}
	for i := range s.regions {
		r := &s.regions[i]
		bytes := float64(r.kept.Replicated(float64(s.rf))) / s.c.Policy.Disk
		out.Usage = append(out.Usage, leastVolumes(r.Index, st, bytes)...)
	}
	return out
}

func (s *logSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	if rej := s.least.reject(t); rej != nil {
		return nil, rej
	}
	cpu, rej := s.broker(t)
	if rej != nil {
		return nil, rej
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, len(s.regions)), Crossings: s.flows}
	all := make([]disks, len(s.regions))
	for i := range s.regions {
		r := &s.regions[i]
		if rej := s.c.Policy.checkZones(r.Location); rej != nil {
			return nil, rej
		}
		role, b, rej := s.brokers(r, l, &cpu)
		if rej != nil {
			return nil, rej
		}
		need := s.disk(r, &role, b)
		d, rej := s.c.disks(t, st, &need)
		if rej != nil {
			return nil, rej
		}
		all[i] = d
		l.Pools = append(l.Pools, Fixed(r.Index, "", b))
		l.Usage = append(l.Usage, s.c.sizedFor(d.usage(s.c, r.Index, float64(b), "log disks"), false)...)
		parallel := r.parallel(b)
		most := parallel + s.spare(r, b, s.mostReplicas(t))
		if o := &l.Offers; i == 0 {
			o.Partitions, o.MostPartitions = parallel, most
		} else {
			o.Partitions, o.MostPartitions = min(o.Partitions, parallel), min(o.MostPartitions, most)
		}
	}
	l.Counted = true
	l.Describe = func(l *Layout) { s.describe(l, &cpu, all) }
	return l, nil
}

// broker is the CPU of a broker of a type, which may not be busier than MSK advises.
func (s *logSizer) broker(t *catalog.NodeType) (nodeCPU, *Rejection) {
	cpu, rej := s.c.nodeCPU(t, catalog.ClassKafka, s.ref)
	cpu.own, cpu.degraded = math.Min(cpu.own, s.maxCPU), math.Min(cpu.degraded, s.maxCPU)
	return cpu, rej
}

// mostReplicas is how many partition replicas a broker of a type should hold.
func (s *logSizer) mostReplicas(t *catalog.NodeType) float64 {
	return float64(s.c.Limits.Kafka.PartitionsPerBroker(t.VCPU))
}

// role is the brokers of a region. They do not follow the load, and carry the
// greatest of the week at all times.
func (s *logSizer) role(r *logRegion, needs []capacity.Need) capacity.Role {
	role := s.c.role(&r.Location, needs)
	role.Week = []capacity.Hour{{Hours: workload.Hours}}
	role.Floor, role.Zoned = r.structural, r.zoned
	return role
}

// maxTries bounds the search for a number of brokers.
const maxTries = 1000

// brokers is the size of a region's cluster. What they do depends on how many they
// are: more of them hold more copies while one is lost, and partitions are spread
// over them. So what so many do is asked for, and then whether they do it.
func (s *logSizer) brokers(r *logRegion, l *Layout, cpu *nodeCPU) (capacity.Role, int, *Rejection) {
	limit, step := s.mostReplicas(l.Type), r.step()
	b := multiple(max(r.structural, capacity.Ceil(float64(r.needed()*s.rf)/limit)), step)
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
		case s.replicas(r, b) > limit*(1+1e-9):
			b += step
		default:
			return role, b, nil
		}
	}
	return capacity.Role{}, 0, &Rejection{Resource: "partition replicas", Need: s.replicas(r, b), Have: limit,
		Why: remark.New("log.each_broker")}
}

// logWork is what the busiest broker does in a second, times the brokers that are left.
type logWork struct {
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
func (s *logSizer) work(r *logRegion, role *capacity.Role, state capacity.State, b int) logWork {
	x, more, left := &r.own, 1.0, role.Left(state, b)
	if left < 1 {
		return logWork{}
	}
	holds, before := r.holds(s.rf, b, b), r.led(capacity.Own, b, b)
	led := math.Max(before, r.led(state, b, left))
	live, inherited := float64(s.rf), 0.0 // copies of what it leads, as before and in place of the lost
	switch state {
	case capacity.RegionLost:
		x = &r.lost
	case capacity.CatchUp:
		x = &r.late
	case capacity.NodeLost, capacity.ZoneLost:
		more += float64(s.spec.CatchUp.V)
		if live, inherited = s.live(r, state, b); s.spec.Rebuild.V {
			copies := min(s.rf, left)
			holds, live, inherited = r.holds(copies, b, left), float64(copies), float64(copies)
		}
	}
	nodes := float64(left) * more
	copied := math.Max(0, float64(before*(live-1))+float64((led-before)*(inherited-1)))
	handled := float64(x.bytes*(holds+float64(s.groups*led))) + float64(x.again*led)
	return logWork{in: float64(x.bytes * holds * nodes),
		out:   float64((float64(x.bytes*(float64(s.groups*led)+copied)) + float64(x.again*led)) * nodes),
		cpu:   float64((s.cpu(x, handled) + float64(x.messages*holds*float64(s.spec.CPUMessage.V))) * nodes),
		holds: holds * float64(left), leads: led}
}

// live is how many copies are left, at most, of a partition whose leader is left, and
// of one whose leader is lost: a broker had one of them, and a zone an even share at
// most.
func (s *logSizer) live(r *logRegion, state capacity.State, b int) (led, inherited float64) {
	led = float64(s.rf)
	switch {
	case state == capacity.ZoneLost && r.zoned:
		led = float64(min(s.rf, (r.Zones-1)*((s.rf+r.Zones-1)/r.Zones)))
	case b == s.rf: // every broker has a copy of everything
		led--
	}
	return led, math.Min(led, float64(s.rf-1))
}

// cpu is for bytes that are taken from producers, copied or given to groups, and for
// the batches that they come in: a broker does not look into them.
func (s *logSizer) cpu(x *logRate, bytes float64) float64 {
	batch := float64(s.spec.Batch.V)
	if x.messages > 0 {
		batch = math.Max(batch, x.bytes/x.messages)
	}
	return float64(bytes*s.perMB/1e6) + float64(bytes/batch*float64(s.spec.CPUBatch.V))
}

// needs are what b brokers of a region need, and what one of the layout's type has of
// it.
func (s *logSizer) needs(out []capacity.Need, r *logRegion, l *Layout, cpu *nodeCPU, b int) ([]capacity.Need,
	*Rejection) {
	t := l.Type
	cache, free, rej := s.c.leaves(t, float64(s.spec.Memory.V), "log.no_page_cache")
	if rej != nil {
		return nil, rej
	}
	w := s.works(r, b)
	need := cpu.need(capacity.Claim{}, capacity.Claim{})
	need.In[capacity.CatchUp] = cpu.balance(capacity.Claim{}, 1, cpu.vcpus)
	w.fill(&need, func(x *logWork) float64 { return x.cpu })
	out = append(out, need)

	hot := float64(s.spec.HotWindow.V)
	memory := w.holds(capacity.Memory, func(x *logRate) float64 { return float64(x.bytes * hot) }, cache, free/cache)
	memory.Why = remark.Remark{Key: "log.page_cache"}
	out = append(out, memory)
	if s.c.NetworkKnown {
		in, send := s.c.networkOffered(t)
		w.fill(&in, received)
		w.fill(&send, func(x *logWork) float64 { return x.out })
		out = append(out, in, send)
	}
	if l.Storage.Volume == VolumeLocal {
		return w.localNeeds(out, t)
	}
	return w.volumeNeeds(out, l)
}

// disk is what the disks of the busiest of b brokers carry.
func (s *logSizer) disk(r *logRegion, role *capacity.Role, b int) diskNeed {
	w := s.works(r, b)
	asks := diskAsks{kept: w.keeps(0), written: w.need(capacity.DiskThroughput, 0, received)}
	return asks.busiest(&s.c.Policy, role, b)
}
