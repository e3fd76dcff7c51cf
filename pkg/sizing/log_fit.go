package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

func (s *logSizer) Needs() Needs {
	storages := []Storage{{Volume: "gp3"}, {Volume: "st1"}, {Volume: VolumeLocal}}
	if len(s.spec.Storage) > 0 {
		storages = storages[:0]
		for _, v := range s.spec.Storage {
			storages = append(storages, Storage{Volume: v})
		}
	}
	least := make([]float64, len(s.c.Flow.Demand.Regions))
	for i := range s.regions {
		least[s.regions[i].Index] = float64(s.regions[i].structural)
	}
	return Needs{Nodes: true, Storages: storages, MinNodes: least}
}

func (s *logSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	reject := func(r *Rejection) (*Layout, *Rejection) {
		r.Type, r.Storage = t, st
		return nil, r
	}
	speed, err := s.c.Speeds.Speed(t, catalog.ClassKafka, s.ref)
	if err != nil {
		return reject(unknownSpeed(err))
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, len(s.regions)), Crossings: s.flows}
	var room [9]capacity.Need
	for i := range s.regions {
		r := &s.regions[i]
		if rej := s.c.Policy.checkZones(r.Location); rej != nil {
			return reject(rej)
		}
		needs, rej := s.needs(room[:0], r, l, speed.RefVCPUs)
		if rej != nil {
			return reject(rej)
		}
		role := s.role(r, needs)
		b, rej := s.brokers(r, &role, t)
		if rej != nil {
			return reject(rej)
		}
		need, late := s.disk(r, &role, b)
		d, rej := s.c.disksLate(t, st, &need, late)
		if rej != nil {
			return reject(rej)
		}
		l.Pools = append(l.Pools, Fixed(r.Index, "", b))
		l.Usage = append(l.Usage, d.usage(s.c, r.Index, float64(b), "log disks")...)
		if p := r.parallel(b); l.Offers.Partitions == 0 || p < l.Offers.Partitions {
			l.Offers.Partitions = p
		}
	}
	l.Counted = true
	l.Describe = func(l *Layout) { s.describe(l, speed) }
	return l, nil
}

// role is the brokers of a region. They do not follow the load, and carry the
// greatest of the week at all times.
func (s *logSizer) role(r *logRegion, needs []capacity.Need) capacity.Role {
	role := s.c.role(&r.Location, needs)
	role.Week = []capacity.Hour{{Hours: workload.Hours}}
	role.Floor = r.structural
	return role
}

// maxSpread bounds the search for a number of brokers over which partitions
// spread within the limit.
const maxSpread = 1000

// brokers is the size of a region's cluster: what its role needs, or more where
// each would hold too many partition replicas. How many those are depends on the
// number of brokers (see spread), so that numbers are tried one after the other.
func (s *logSizer) brokers(r *logRegion, role *capacity.Role, t *catalog.NodeType) (int, *Rejection) {
	b, by := role.Least()
	if b > capacity.MaxNodes {
		rej := tooMany(&by)
		rej.Why = remark.New("log.most_brokers")
		return 0, rej
	}
	limit := float64(s.c.Limits.Kafka.PartitionsPerBroker(t.VCPU))
	b = max(b, capacity.Ceil(float64(r.least*s.rf)/limit))
	for i := 0; s.replicas(r, b) > limit*(1+1e-9); i++ {
		if b++; i == maxSpread {
			return 0, &Rejection{Resource: "partition replicas", Need: s.replicas(r, b), Have: limit,
				Why: remark.New("log.each_broker")}
		}
	}
	return b, nil
}

// replicas is how many partition replicas a broker holds.
func (s *logSizer) replicas(r *logRegion, b int) float64 {
	return float64(r.all(b)*s.rf) / float64(b)
}

// logUse is what a stream asks of brokers: for each copy, and once in addition.
type logUse func(x *logRate) (each, once float64)

// received is what producers and followers send to brokers, which write it to
// their disks.
func received(x *logRate) (each, once float64) { return x.bytes, 0 }

// sends is what brokers send to the groups and to each other. The leader has its
// copy from the producer, so that one copy less is sent than there are.
func (s *logSizer) sends(x *logRate) (each, once float64) {
	return x.bytes, float64((s.groups-1)*x.bytes) + x.again
}

// cpu is for receiving and sending bytes, and for storing messages.
func (s *logSizer) cpu(x *logRate) (each, once float64) {
	in, _ := received(x)
	out, once := s.sends(x)
	perByte := float64(s.spec.CPUPerMB.V) / 1e6
	return float64((in+out)*perByte) + float64(x.messages*float64(s.spec.CPUMessage.V)), once * perByte
}

// need is what the stream asks of a resource, of which each broker has a part.
// While a broker or a zone is lost it is more: followers and consumers catch up.
func (s *logSizer) need(of capacity.Resource, r *logRegion, have float64, use logUse) capacity.Need {
	side := func(x *logRate, more, target float64) capacity.Balance {
		each, once := use(x)
		return capacity.Balance{Each: capacity.Claim{Held: each * more}, Once: capacity.Claim{Held: once * more},
			Have: have, Target: target, Checked: true}
	}
	n := capacity.Need{Of: of, Copies: s.rf}
	own, lossy := s.c.Policy.Own, s.c.Policy.Degraded
	n.In[capacity.Own] = side(&r.own, 1, own)
	n.In[capacity.RegionLost] = side(&r.lost, 1, lossy)
	if s.rf > 1 { // one copy does not outlive its broker
		n.In[capacity.NodeLost] = side(&r.own, 1+float64(s.spec.CatchUp.V), lossy)
		n.In[capacity.ZoneLost] = n.In[capacity.NodeLost]
	}
	late, normal := side(&r.late, 1, 1), &n.In[capacity.Own]
	if late.Each != normal.Each || late.Once != normal.Once {
		n.In[capacity.CatchUp] = late
	}
	return n
}

// holds is what brokers hold of something for each copy, whatever is done with
// it: in the normal state, and with a lost region's users. The loss of brokers is
// left out; see needs.
func (s *logSizer) holds(of capacity.Resource, each, lost, have, target float64) capacity.Need {
	n := capacity.Need{Of: of, Copies: s.rf}
	n.In[capacity.Own] = capacity.Balance{Each: capacity.Claim{Held: each}, Have: have, Target: target, Checked: true}
	n.In[capacity.RegionLost] = n.In[capacity.Own]
	n.In[capacity.RegionLost].Each.Held = lost
	return n
}

// needs are what the brokers of a region need, and what one of the layout's type
// has of it.
func (s *logSizer) needs(out []capacity.Need, r *logRegion, l *Layout, vcpus float64) ([]capacity.Need, *Rejection) {
	t := l.Type
	base, allowed := float64(s.spec.Memory.V), float64(t.Memory)*s.c.Policy.Memory
	if base >= allowed {
		return nil, &Rejection{Resource: "memory", Need: base, Have: allowed, Unit: "B",
			Why: remark.New("log.no_page_cache")}
	}
	cpu := s.need(capacity.CPU, r, vcpus, s.cpu)
	for _, state := range [...]capacity.State{capacity.Own, capacity.NodeLost, capacity.ZoneLost, capacity.RegionLost} {
		cpu.In[state].Target = math.Min(cpu.In[state].Target, s.maxCPU)
	}
	cache, hot := float64(t.Memory)-base, float64(s.spec.HotWindow.V)
	memory := s.holds(capacity.Memory, r.own.bytes*hot, r.lost.bytes*hot, cache, (allowed-base)/cache)
	memory.Why = remark.Remark{Key: "log.page_cache"}
	if s.rf > 1 { // the brokers that are left serve all consumers; the disks of a lost one come back with it
		memory.In[capacity.NodeLost], memory.In[capacity.ZoneLost] = memory.In[capacity.Own], memory.In[capacity.Own]
	}
	out = append(out, cpu, memory)
	if s.c.NetworkKnown {
		in := s.need(capacity.NetworkIn, r, float64(t.NetworkBaseline), received)
		send := s.need(capacity.NetworkOut, r, float64(t.NetworkBaseline), s.sends)
		in.Why, send.Why = networkWhy(t), networkWhy(t)
		out = append(out, in, send)
	}
	if l.Storage.Volume == VolumeLocal {
		return s.localNeeds(out, r, t)
	}
	return s.volumeNeeds(out, r, l)
}

// localNeeds append what bounds the disks that come with a broker. A log is
// written at the end of its segments: bytes count, not random operations.
func (s *logSizer) localNeeds(out []capacity.Need, r *logRegion, t *catalog.NodeType) ([]capacity.Need, *Rejection) {
	if !t.Local.Disks.OK || t.Local.Disks.V < 1 {
		return nil, &Rejection{Resource: "local disks", Need: 1}
	}
	if s.total != (Linear{}) {
		_, write := t.LocalIOPS()
		if !write.OK {
			return nil, &Rejection{Resource: "disk iops", Unit: "/s", Why: known(write)}
		}
		out = append(out, s.operations(capacity.DiskIOPS, r, write.V, localPiece(t)))
	}
	room := math.Min(s.maxDisk, float64(t.Local.Bytes))
	bytes := s.holds(capacity.DiskBytes, float64(r.kept), float64(r.kept), room, s.c.Policy.Disk)
	bytes.Why = remark.Remark{Key: "log.kept"}
	return append(out, bytes), nil
}

// operations are those in which disks write what brokers receive.
func (s *logSizer) operations(of capacity.Resource, r *logRegion, have, bytesOfOne float64) capacity.Need {
	return s.need(of, r, have, func(x *logRate) (each, once float64) { return x.bytes / bytesOfOne, 0 })
}

// volumeNeeds append what bounds as many volumes as an instance takes, and what it
// exchanges with them.
func (s *logSizer) volumeNeeds(out []capacity.Need, r *logRegion, l *Layout) ([]capacity.Need, *Rejection) {
	v, ok := s.c.Limits.Volume(l.Storage.Volume)
	if !ok {
		return nil, &Rejection{Resource: "storage", Why: remark.New("disks.no_such_type")}
	}
	if s.total != (Linear{}) {
		bandwidth, iops := l.Type.EBS.BaselineThroughput, ebsIOPS(l.Type)
		if !bandwidth.OK {
			return nil, &Rejection{Resource: "EBS bandwidth", Unit: "B/s", Why: known(bandwidth)}
		}
		if !iops.OK {
			return nil, &Rejection{Resource: "EBS iops", Unit: "/s", Why: known(iops)}
		}
		piece := float64(ssdIO)
		if v.HDD {
			piece = hddIO
		}
		bytes := s.need(capacity.DiskThroughput, r, float64(v.MaxThroughput)*maxVolumes, received)
		ops := s.operations(capacity.DiskIOPS, r, float64(v.MaxIOPS)*maxVolumes, piece)
		bytes.Why = remark.Remark{Key: "log.volumes"}
		ops.Why = bytes.Why
		out = append(out, s.need(capacity.EBSBandwidth, r, bandwidth.V, received),
			s.operations(capacity.EBSIOPS, r, iops.V, piece), bytes, ops)
	}
	room := math.Min(s.maxDisk, float64(v.MaxSize)*maxVolumes)
	bytes := s.holds(capacity.DiskBytes, float64(r.kept), float64(r.kept), room, s.c.Policy.Disk)
	bytes.Why = remark.Remark{Key: "log.kept_on_volumes"}
	return append(out, bytes), nil
}

// disk is what the disks of one of b brokers carry; late is what they do while
// workers catch up. The copies of a lost broker are not made again elsewhere: it
// comes back with them, so bytes are those of the normal state.
func (s *logSizer) disk(r *logRegion, role *capacity.Role, b int) (n diskNeed, late diskLoad) {
	const slack = 1 - 1e-9 // as everywhere: what fits but for rounding fits
	n.Bytes = unit.ReplicatedBytes(float64(r.kept.Replicated(float64(s.rf))) / float64(b) * slack)
	in := s.need(capacity.DiskThroughput, r, 0, received)
	n.Own.In = role.PerNode(&in, capacity.Own, b) * slack
	for _, state := range [...]capacity.State{capacity.NodeLost, capacity.ZoneLost, capacity.RegionLost} {
		n.Degraded.In = math.Max(n.Degraded.In, role.PerNode(&in, state, b)*slack)
	}
	late.In = role.PerNode(&in, capacity.CatchUp, b) * slack
	return n, late
}
