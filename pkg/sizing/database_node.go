package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
)

// This file is what one node of a type offers to a database: CPU as far as response
// times allow, and memory, which decides what is read from disk.

// dbNode is a node of one type, whatever the number of shards.
type dbNode struct {
	t      *catalog.NodeType
	st     Storage
	cpu    nodeCPU
	fixed  float64 // bytes of memory that do not shrink with shards
	budget float64 // bytes of memory that may be used
}

// dbHas is what one node has of something, and the highest part of it that the node
// may carry.
type dbHas struct{ have, target float64 }

// dbOffer is what one node has of something in the normal state, while something is
// lost, and while workers catch up.
type dbOffer struct {
	own, degraded, late dbHas
	why                 remark.Remark // where a figure is assumed, or lowered by response times
}

// side is a peak against what a node has: of all nodes together, and of each of
// them in addition.
func (h dbHas) side(once, each float64) capacity.Balance {
	return capacity.Balance{Once: capacity.Claim{Load: Linear{Global: once}},
		Each: capacity.Claim{Load: Linear{Global: each}}, Have: h.have, Target: h.target, Checked: true}
}

// network is the network of a node at its baseline, in either direction.
func (s *databaseSizer) network(n *dbNode) dbOffer {
	have, r := float64(n.t.NetworkBaseline), &s.c.Policy
	return dbOffer{dbHas{have, r.Own}, dbHas{have, r.Degraded}, dbHas{have, 1}, networkWhy(n.t)}
}

// node is what type t offers, or why it is none for any shard.
func (s *databaseSizer) node(t *catalog.NodeType, st Storage) (dbNode, *Rejection) {
	n := dbNode{t: t, st: st}
	if least := float64(s.spec.MinVCPU.V); float64(t.VCPU) < least {
		return n, &Rejection{Resource: "vCPU", Need: least, Have: float64(t.VCPU)}
	}
	if t.Burstable && !s.named() {
		return n, &Rejection{Resource: "burstable", Why: remark.New("database.burstable")}
	}
	if st.Volume == VolumeLocal && !s.zone && s.spec.Replicas.V == 0 {
		return n, &Rejection{Resource: "copies", Need: 2, Have: 1, Why: remark.New("database.lost_disks")}
	}
	if most := s.engine.connections * s.c.Policy.Connections; s.connections > most {
		return n, s.tooManyConnections(most)
	}
	n.fixed = s.fixed()
	n.budget = s.budget(t)
	if n.fixed >= n.budget {
		return n, noCache(n.fixed, n.budget)
	}
	return n, nil
}

// noCache is the rejection of a node whose memory is taken before any page.
func noCache(need, have float64) *Rejection { return noMemory(need, have, "database.no_cache") }

// named tells whether the profile asks for burstable types, or names all that may be.
func (s *databaseSizer) named() bool {
	a := s.c.Component.Allow
	return s.c.Component.Pin != nil || a != nil && (a.Burstable.V || len(a.Types) > 0 || len(a.Families) > 0)
}

// budget is the memory of a node of which the database may use all, bytes.
func (s *databaseSizer) budget(t *catalog.NodeType) float64 { return s.c.Policy.allowed(t) }

// fixed is the memory of connections and of the lookup table.
func (s *databaseSizer) fixed() float64 {
	x := float64(s.connections * s.engine.perConnection)
	if s.sharded() {
		x += float64(s.spec.Lookup.V)
	}
	return x
}

// changing is the memory, and the disk space, that is kept free on a shard's nodes
// for changing the largest table. It may lie in any partition.
func (s *databaseSizer) changing(p *dbPlan) float64 {
	return p.load.table * float64(s.spec.SchemaFactor.V) / float64(p.shards)
}

// cache is the memory of a node that keeps pages, bytes.
func (s *databaseSizer) cache(n *dbNode, p *dbPlan) float64 {
	return n.budget - n.fixed - s.changing(p)
}

// miss is the part of page reads that the memory of a node does not answer.
func (s *databaseSizer) miss(n *dbNode, p *dbPlan) float64 {
	return s.spec.missed(s.cache(n, p), p.load.stored*p.share(), s.theta)
}

// latency is how long a read of a page from the node's disks takes, seconds.
func (s *databaseSizer) latency(n *dbNode) float64 {
	return s.spec.Latency.of(n.st.Volume, n.t.Local.Kind == "hdd")
}

// diskTime is how long a read waits for disks: each of its pages with probability m,
// and then for an exponential time L. It is a wait beside the CPU, not work.
func (s *databaseSizer) diskTime(n *dbNode, p *dbPlan) queueing.Moments {
	pages, m, latency := float64(s.spec.Pages.V), p.miss, s.latency(n)
	return queueing.Moments{
		Mean:     float64(pages * m * latency),
		Variance: float64(pages * (float64(2*m) - float64(m*m)) * latency * latency),
	}
}

// queue is a node as a queue of requests; nil without any load.
func (s *databaseSizer) queue(n *dbNode, p *dbPlan, vcpus float64) *RequestQueue {
	l := p.load
	all, work := l.reads+l.writes, s.writing(l)+float64(l.reads*float64(s.spec.CPURead.V))
	if all <= 0 || work <= 0 {
		return nil
	}
	q := n.cpu.queue(work/all, float64(s.spec.ArrivalSCV.V), float64(s.spec.ServiceSCV.V), vcpus)
	q.Beside = s.diskTime(n, p)
	return q
}

// respond finds what the CPU of a node may carry: the policy's part, or less where
// response times ask for it. A commit that waits for another region has that much
// less time.
func (s *databaseSizer) respond(n *dbNode, p *dbPlan) *Rejection {
	c, r := &n.cpu, &s.c.Policy
	p.cpu = dbOffer{own: dbHas{c.carries(c.own, c.vcpus) / c.own, c.own},
		degraded: dbHas{c.carries(c.degraded, c.lost) / c.degraded, c.degraded},
		late:     dbHas{c.carries(1, c.vcpus), 1}}
	for _, x := range [...]struct {
		slo   ResponseAims
		vcpus float64
		has   *dbHas
	}{{r.SLO, c.vcpus, &p.cpu.own}, {r.SLODegraded, c.lost, &p.cpu.degraded}} {
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
		q := s.queue(n, p, x.vcpus)
		if q == nil {
			return nil
		}
		part, rej := q.allows(x.has.have, x.has.target, within)
		if rej != nil {
			return rej
		}
		if part < x.has.target {
			x.has.target, p.cpu.why = part, remark.Remark{Key: "database.response"}
		}
	}
	return nil
}

// commitWait is what a synchronous commit waits for the other region, seconds.
func (s *databaseSizer) commitWait() float64 {
	if s.spec.Replication != "sync" || !s.remote {
		return 0
	}
	wait, _ := s.spec.commitTrip(s.c) // check has refused what is not known
	return wait
}
