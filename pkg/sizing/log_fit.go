package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/unit"
)

// logResource is one thing that brokers share evenly. With b brokers left, of
// which each partition has copies on rf = min(RF, b), the cluster needs
// copies·rf + once of it (MODEL section 5, log).
type logResource struct {
	name, unit string
	per        float64 // what the figures are divided by for people; 0 is 1
	own, lost  logNeed // in the normal state; with another region lost
	late       logNeed // in addition while workers catch up
	have       float64 // of one broker
	atOwn      float64 // what it may carry in the normal state
	atLoss     float64 // what it may carry in a state of loss
	catchUp    bool    // whether a lost broker or zone makes more of it
	normal     bool    // whether only the normal state matters
	why        string
}

// logNeed is copies·rf + once.
type logNeed struct{ copies, once float64 }

func (n logNeed) with(rf int) float64 {
	return math.Max(0, float64(n.copies*float64(rf))+n.once)
}

func (n logNeed) plus(o logNeed) logNeed { return logNeed{n.copies + o.copies, n.once + o.once} }

func (n logNeed) scale(k float64) logNeed { return logNeed{n.copies * k, n.once * k} }

// logState is a state in which a cluster is checked.
type logState struct {
	name capacity.State
	left func(b, zones int) int // brokers left of b
	back func(m, zones int) int // least brokers of which m are left
}

var logStates = [...]logState{
	{capacity.Own, func(b, _ int) int { return b }, func(m, _ int) int { return m }},
	{capacity.NodeLost, func(b, _ int) int { return b - 1 }, func(m, _ int) int { return m + 1 }},
	{capacity.ZoneLost, func(b, z int) int { return b - (b+z-1)/z }, func(m, z int) int { return m + (m+z-2)/(z-1) }},
	{capacity.RegionLost, func(b, _ int) int { return b }, func(m, _ int) int { return m }},
	{capacity.CatchUp, func(b, _ int) int { return b }, func(m, _ int) int { return m }},
}

// applies tells whether the policy asks for a state.
func (s *logSizer) applies(st *logState, r *logRegion) bool {
	switch st.name {
	case capacity.NodeLost:
		return s.c.Policy.Node
	case capacity.ZoneLost:
		return s.c.Policy.Zone && r.Zones > 1
	case capacity.RegionLost:
		return s.c.Policy.Region && r.lost.bytes > 0
	case capacity.CatchUp:
		return s.reread > 0 || s.sent > 0
	}
	return true
}

// in is what a resource is needed for in a state, and what a broker may carry.
func (s *logSizer) in(q *logResource, st *logState) (need logNeed, allowed float64, checked bool) {
	switch st.name {
	case capacity.Own:
		return q.own, q.atOwn, true
	case capacity.RegionLost:
		if q.normal {
			return q.lost, q.atOwn, true
		}
		return q.lost, q.atLoss, true
	case capacity.CatchUp:
		return q.own.plus(q.late), q.have, q.late != (logNeed{})
	}
	if q.catchUp {
		return q.own.scale(1 + float64(s.spec.CatchUp.V)), q.atLoss, true
	}
	return q.own, q.atLoss, !q.normal
}

// brokersLeft is the least number of brokers that carry a need, and any
// greater number does. Fewer than RF brokers hold fewer copies, so that the
// need may shrink with them.
func (s *logSizer) brokersLeft(n logNeed, allowed float64) int {
	b := capacity.Ceil(n.with(s.rf) / allowed)
	if b > s.rf {
		return b
	}
	for b = s.rf; b > 1 && capacity.Ceil(n.with(b-1)/allowed) <= b-1; {
		b--
	}
	return b
}

// brokersFor is the least number of brokers that passes a resource in a state.
func (s *logSizer) brokersFor(q *logResource, st *logState, r *logRegion) int {
	n, allowed, checked := s.in(q, st)
	if !checked || n == (logNeed{}) {
		return 1
	}
	b := s.brokersLeft(n, allowed)
	if b > capacity.MaxNodes {
		return b
	}
	return st.back(b, r.Zones)
}

// maxSpread bounds the search for a number of brokers over which partitions
// spread within the limit.
const maxSpread = 1000

// brokers sizes a region's cluster.
func (s *logSizer) brokers(r *logRegion, res []logResource, t *catalog.NodeType) (int, *Rejection) {
	b := r.structural
	for i := range res {
		for k := range logStates {
			st := &logStates[k]
			if !s.applies(st, r) {
				continue
			}
			n := s.brokersFor(&res[i], st, r)
			if n > capacity.MaxNodes {
				need, allowed, _ := s.in(&res[i], st)
				q := res[i].scaled()
				return 0, &Rejection{Resource: q.name, Need: need.with(s.rf) / q.per, Have: allowed * capacity.MaxNodes / q.per, Unit: q.unit, Detail: "on a million brokers"}
			}
			b = max(b, n)
		}
	}
	limit := float64(s.c.Limits.Kafka.PartitionsPerBroker(t.VCPU))
	b = max(b, capacity.Ceil(float64(r.least*s.rf)/limit))
	for i := 0; s.replicas(r, b) > limit*(1+1e-9); i++ {
		if b++; i == maxSpread {
			return 0, &Rejection{Resource: "partition replicas", Need: s.replicas(r, b), Have: limit, Detail: "of a broker, however many there are"}
		}
	}
	return b, nil
}

// replicas is how many partition replicas a broker holds.
func (s *logSizer) replicas(r *logRegion, b int) float64 {
	return float64(r.all(b)*s.rf) / float64(b)
}

func (q *logResource) scaled() logResource {
	out := *q
	if out.per == 0 {
		out.per = 1
	}
	return out
}

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
		return reject(&Rejection{Resource: "speed", Detail: err.Error()})
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, len(s.regions)), Flows: s.flows}
	var buf [10]logResource
	for i := range s.regions {
		r := &s.regions[i]
		if rej := s.c.Policy.checkZones(r.Region); rej != nil {
			return reject(rej)
		}
		res, rej := s.resources(buf[:0], t, st, r, speed)
		if rej != nil {
			return reject(rej)
		}
		b, rej := s.brokers(r, res, t)
		if rej != nil {
			return reject(rej)
		}
		need := s.disk(r, b)
		d, rej := s.c.disksLate(t, st, &need, s.lateDisk(r, b))
		if rej != nil {
			return reject(rej)
		}
		l.Pools = append(l.Pools, Fixed(r.Index, "", b))
		l.Usage = append(l.Usage, d.usage(s.c, r.Index, float64(b), "log disks")...)
		if p := r.parallel(b); l.Offers.Partitions == 0 || p < l.Offers.Partitions {
			l.Offers.Partitions = p
		}
	}
	l.Describe = func(l *Layout) { s.describe(l, speed) }
	return l, nil
}

// disk is what the disks of one of b brokers carry. The copies of a lost
// broker are not made again elsewhere: it comes back with them, so bytes are
// those of the normal state.
func (s *logSizer) disk(r *logRegion, b int) diskNeed {
	const slack = 1 - 1e-9 // as everywhere: what fits but for rounding fits
	n := diskNeed{
		Bytes: unit.ReplicatedBytes(float64(r.kept.Replicated(float64(s.rf))) / float64(b) * slack),
		Own:   diskLoad{In: r.own.bytes * float64(s.rf) / float64(b) * slack},
	}
	q := logResource{own: logNeed{copies: r.own.bytes}, lost: logNeed{copies: r.lost.bytes}, catchUp: true}
	for k := range logStates {
		st := &logStates[k]
		if st.name == capacity.Own || st.name == capacity.CatchUp || !s.applies(st, r) {
			continue
		}
		need, _, _ := s.in(&q, st)
		if left := st.left(b, r.Zones); left > 0 {
			n.Degraded.In = math.Max(n.Degraded.In, need.with(min(s.rf, left))/float64(left)*slack)
		}
	}
	return n
}

// lateDisk is what the disks of one of b brokers do while workers catch up that
// write to the log; readers do not write.
func (s *logSizer) lateDisk(r *logRegion, b int) diskLoad {
	if r.late.bytes <= 0 {
		return diskLoad{}
	}
	return diskLoad{In: (r.own.bytes + r.late.bytes) * float64(s.rf) / float64(b) * (1 - 1e-9)}
}

// parallel is how many threads of one group can be kept busy by the stream of
// a region: all partitions, or fewer where a topic has a greater part of the
// stream than of the partitions.
func (r *logRegion) parallel(b int) int {
	top := float64(r.all(b))
	for i, share := range r.shares {
		if share > 0 {
			top = math.Min(top, float64(r.spread(i, b))/share)
		}
	}
	return int(top * (1 + 1e-9))
}
