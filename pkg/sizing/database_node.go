package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
)

// This file is what one node of a type offers to a database, whatever the number
// of shards.

// dbNode is a node of one type.
type dbNode struct {
	t        *catalog.NodeType
	st       Storage
	cpu      dbHas // on the reference, response times included
	perVCPU  float64
	why      remark.Remark // where response times lower what the CPU may carry
	reserved float64       // bytes of memory that do not shrink with shards
	budget   float64       // bytes of memory that may be used
}

// dbHas is what one node has of something, and the highest parts of it that the node
// may carry: in the normal state, and while something is lost.
type dbHas struct{ all, own, degraded float64 }

// side is a peak against what a node has, of which it may carry a part.
func (h dbHas) side(peak, part float64) capacity.Balance {
	load := capacity.Linear{Global: peak}
	return capacity.Balance{Each: capacity.Claim{Load: load}, Have: h.all, Target: part, Checked: true}
}

// node is what type t offers, or why it is none for any shard.
func (s *databaseSizer) node(t *catalog.NodeType, st Storage) (dbNode, *Rejection) {
	n := dbNode{t: t, st: st}
	if least := float64(s.spec.MinVCPU.V); float64(t.VCPU) < least {
		return n, &Rejection{Resource: "vCPU", Need: least, Have: float64(t.VCPU)}
	}
	if st.Volume == VolumeLocal && !s.zone && !s.remote && s.spec.Replicas.V == 0 {
		return n, &Rejection{Resource: "replicas", Need: 1, Why: remark.New("database.lost_disks")}
	}
	if most := s.most * s.c.Policy.Connections; s.connections > most {
		return n, &Rejection{Resource: "connections", Need: s.connections, Have: most,
			Why: remark.New("database.engine")}
	}
	n.reserved = s.reserved()
	n.budget = float64(t.Memory) * s.c.Policy.Memory
	if n.reserved > n.budget {
		return n, &Rejection{Resource: "memory", Need: n.reserved, Have: n.budget, Unit: "B",
			Why: remark.New("database.reserved")}
	}
	return n, nil
}

// reserved is the memory of connections and the operating system, and of the
// lookup table.
func (s *databaseSizer) reserved() float64 {
	x := float64(s.spec.OSReserve.V) + float64(s.connections*s.each)
	if s.sharded() {
		x += float64(s.spec.Lookup.V)
	}
	return x
}

// speed adds how fast a node is. It comes last: most types fail before.
func (s *databaseSizer) speed(n *dbNode) *Rejection {
	sp, err := s.c.Speeds.Speed(n.t, catalog.ClassSQL, s.ref)
	if err != nil {
		return unknownSpeed(err)
	}
	n.cpu = dbHas{sp.RefVCPUs, s.c.Policy.Own, s.c.Policy.Degraded}
	n.perVCPU = sp.RefVCPUs / float64(n.t.VCPU)
	return s.slo(n)
}

// queue is a node as a queue, and the CPU seconds of a request on the
// reference; nil without any load.
func (s *databaseSizer) queue(n *dbNode) (q *queueing.Node, perRequest float64) {
	all := s.now.reads + s.now.writes
	work := s.work(&s.now, s.now.reads)
	if all <= 0 || work <= 0 {
		return nil, 0
	}
	perRequest = work / all
	servers := float64(n.t.VCPU)
	return &queueing.Node{Servers: servers, Service: perRequest * servers / n.cpu.all,
		ArrivalSCV: float64(s.spec.ArrivalSCV.V), ServiceSCV: float64(s.spec.ServiceSCV.V)}, perRequest
}

// slo lowers what a node may carry to what its response times allow. A commit
// that waits for another region has that much less time.
func (s *databaseSizer) slo(n *dbNode) *Rejection {
	p := &s.c.Policy
	q, perRequest := s.queue(n)
	if p.SLO == (ResponseAims{}) && p.SLODegraded == (ResponseAims{}) || q == nil {
		return nil
	}
	for _, x := range [...]struct {
		slo  ResponseAims
		part *float64
	}{{p.SLO, &n.cpu.own}, {p.SLODegraded, &n.cpu.degraded}} {
		if x.slo == (ResponseAims{}) {
			continue
		}
		within := x.slo
		if wait := s.commitWait(); wait > 0 {
			if within.Within -= wait; within.Within <= 0 {
				return &Rejection{Resource: "response time", Need: wait, Have: x.slo.Within, Unit: "s",
					Why: remark.New("database.commit_waits")}
			}
		}
		rate, rej := underSLO(*q, *x.part, within)
		if rej != nil {
			return rej
		}
		if part := rate * perRequest / n.cpu.all; part < *x.part*(1-1e-9) {
			*x.part, n.why = part, remark.Remark{Key: "database.response"}
		}
	}
	return nil
}

// commitWait is what a synchronous commit waits for the other region, seconds.
func (s *databaseSizer) commitWait() float64 {
	if s.spec.Replication == "sync" && s.remote && s.spec.RoundTrip != nil {
		return float64(s.spec.RoundTrip.V)
	}
	return 0
}

func (s *databaseSizer) sharded() bool { return s.split == splitShards || s.spec.Shards.V > 1 }
