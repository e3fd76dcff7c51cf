package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/unit"
)

// dbRes is one thing that the nodes of one role have: what all shards of a
// partition need of it, and what one node has and may carry.
type dbRes struct {
	name, unit    string
	own, lost     float64
	have          float64
	okOwn, okLost float64
	// late is what is needed while workers catch up, and full what one node then
	// has for it.
	late, full float64
	why        string
}

// least is the number of nodes that the resource asks for, and in which state:
// with its own load, after a loss or while workers catch up.
func (r *dbRes) least() (n int, state capacity.State) {
	state = capacity.Own
	if r.own > 0 {
		n = shardsFor(r.own, r.okOwn)
	}
	if r.lost > 0 {
		if k := shardsFor(r.lost, r.okLost); k > n {
			n, state = k, capacity.NodeLost
		}
	}
	if r.late > 0 {
		if k := shardsFor(r.late, r.full); k > n {
			n, state = k, capacity.CatchUp
		}
	}
	return n, state
}

func shardsFor(need, each float64) int {
	if each <= 0 {
		return capacity.MaxNodes + 1
	}
	return capacity.Ceil(need / each)
}

// reject says by how much each of n nodes falls short.
func (r *dbRes) reject(n int) *Rejection {
	k, state := r.least()
	if k <= n {
		return nil
	}
	switch state {
	case capacity.NodeLost:
		return &Rejection{Resource: r.name, Need: r.lost / float64(n), Have: r.okLost, Unit: r.unit, Detail: "on one node, as primary after a failover"}
	case capacity.CatchUp:
		return &Rejection{Resource: r.name, Need: r.late / float64(n), Have: r.full, Unit: r.unit, Detail: "on one node, while workers catch up"}
	}
	return &Rejection{Resource: r.name, Need: r.own / float64(n), Have: r.okOwn, Unit: r.unit, Detail: "on one node"}
}

// dbNode is what a node of one type offers, whatever the partition.
type dbNode struct {
	t             *catalog.NodeType
	st            Storage
	cpu, perVCPU  float64
	okOwn, okLost float64 // CPU that a node may carry, response times included
	why           string
	fixed         float64 // bytes of memory that do not shrink with shards
	budget        float64 // bytes of memory that may be used
}

// node is what type t offers, or why it is none for any shard.
func (s *databaseSizer) node(t *catalog.NodeType, st Storage) (dbNode, *Rejection) {
	n := dbNode{t: t, st: st}
	if least := float64(s.spec.MinVCPU.V); float64(t.VCPU) < least {
		return n, &Rejection{Resource: "vCPU", Need: least, Have: float64(t.VCPU)}
	}
	if st.Volume == VolumeLocal && !s.zone && !s.remote && s.spec.Replicas.V == 0 {
		return n, &Rejection{Resource: "replicas", Need: 1, Have: 0, Detail: "a lost instance loses its local disks"}
	}
	if most := s.most * s.c.Policy.Connections; s.connections > most {
		return n, &Rejection{Resource: "connections", Need: s.connections, Have: most, Detail: "of what the engine allows"}
	}
	n.fixed = float64(s.spec.OSReserve.V) + float64(s.connections*s.each)
	if s.sharded() {
		n.fixed += float64(s.spec.Lookup.V)
	}
	n.budget = float64(t.Memory) * s.c.Policy.Memory
	if n.fixed > n.budget {
		return n, &Rejection{Resource: "memory", Need: n.fixed, Have: n.budget, Unit: "B", Detail: "for connections and the operating system"}
	}
	return n, nil
}

// speed adds how fast a node is. It comes last: most types fail before.
func (s *databaseSizer) speed(n *dbNode) *Rejection {
	sp, err := s.c.Speeds.Speed(n.t, catalog.ClassSQL, s.ref)
	if err != nil {
		return &Rejection{Resource: "speed", Detail: err.Error()}
	}
	n.cpu, n.perVCPU = sp.RefVCPUs, sp.RefVCPUs/float64(n.t.VCPU)
	n.okOwn, n.okLost = n.cpu*s.c.Policy.Own, n.cpu*s.c.Policy.Degraded
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
	return &queueing.Node{Servers: servers, Service: perRequest * servers / n.cpu,
		ArrivalSCV: float64(s.spec.ArrivalSCV.V), ServiceSCV: float64(s.spec.ServiceSCV.V)}, perRequest
}

// slo lowers what a node may carry to what its response times allow. A commit
// that waits for another region has that much less time.
func (s *databaseSizer) slo(n *dbNode) *Rejection {
	p := &s.c.Policy
	q, perRequest := s.queue(n)
	if p.SLO == (SLO{}) && p.SLODegraded == (SLO{}) || q == nil {
		return nil
	}
	for _, x := range [...]struct {
		slo    SLO
		target float64
		ok     *float64
	}{{p.SLO, p.Own, &n.okOwn}, {p.SLODegraded, p.Degraded, &n.okLost}} {
		if x.slo == (SLO{}) {
			continue
		}
		within := x.slo
		if wait := s.commitWait(); wait > 0 {
			if within.Within -= wait; within.Within <= 0 {
				return &Rejection{Resource: "response time", Need: wait, Have: x.slo.Within, Unit: "s", Detail: "a commit waits for the round trip to the other region"}
			}
		}
		rate, rej := underSLO(*q, x.target, within)
		if rej != nil {
			return rej
		}
		if c := rate * perRequest; c < *x.ok*(1-1e-9) {
			*x.ok, n.why = c, "response time"
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

// work is CPU time per second on the reference at a primary.
func (s *databaseSizer) work(l *dbLoad, reads float64) float64 {
	return float64(l.writes*float64(s.spec.CPUWrite.V)) + float64(reads*float64(s.spec.CPURead.V))
}

// replay is CPU time per second on the reference at whatever follows a primary.
func (s *databaseSizer) replay(l *dbLoad) float64 {
	return l.writes * float64(s.spec.CPUWrite.V) * float64(s.spec.Replay.V)
}

// server are the resources of a primary and of a failover candidate, for the
// given part of the load; streams is how many copies of the journal it sends.
func (s *databaseSizer) server(n *dbNode, l *dbLoad, share, streams float64, out []dbRes) []dbRes {
	p := &s.c.Policy
	out = append(out, dbRes{name: "cpu", unit: "vCPU", own: s.busy(l) * share, lost: s.work(l, max(l.lost, l.standbyLost)+s.looked()) * share,
		have: n.cpu, okOwn: n.okOwn, okLost: n.okLost, why: n.why})
	if s.zone || s.remote || s.spec.Replicas.V > 0 {
		threads := min(float64(s.spec.ReplayThreads.V), float64(n.t.VCPU))
		out = append(out, dbRes{name: "replay", unit: "vCPU", own: s.replay(l) * share, have: n.perVCPU * threads, okOwn: n.perVCPU * threads * p.Own, why: "replicas replay on few threads"})
	}
	room := n.budget - n.fixed
	out = append(out, dbRes{name: "memory", unit: "B", own: s.memory(l, share), have: float64(n.t.Memory) - n.fixed, okOwn: room})
	if s.c.NetworkKnown {
		have, why := float64(n.t.NetworkBaseline), ""
		if n.t.NetworkAssumed {
			why = "baseline not in the tables; 0.1 Gbit/s a vCPU assumed"
		}
		add := func(name string, own, lost float64) {
			out = append(out, dbRes{name: name, unit: "B/s", own: own * share, lost: lost * share, have: have, okOwn: have * p.Own, okLost: have * p.Degraded, why: why})
		}
		add("network in", l.in, l.in)
		add("network out", s.sent(l, l.own, streams), s.sent(l, max(l.lost, l.standbyLost), streams))
	}
	if l.late != nil {
		s.late(l.late, share, streams, out)
	}
	return out
}

// late adds what the resources of a server are needed for while workers catch
// up: up to all of the node. Bytes in memory are no more than before.
func (s *databaseSizer) late(l *dbLoad, share, streams float64, res []dbRes) {
	for i := range res {
		r := &res[i]
		switch r.name {
		case "cpu":
			r.late = s.busy(l) * share
		case "replay":
			r.late = s.replay(l) * share
		case "network in":
			r.late = l.in * share
		case "network out":
			r.late = s.sent(l, l.own, streams) * share
		}
		r.full = r.have
	}
}

// busy is the CPU time per second of the busier of primary and failover
// candidate, while nothing is lost.
func (s *databaseSizer) busy(l *dbLoad) float64 {
	return max(s.work(l, l.own+s.looked()), s.replay(l)+float64(l.standbyOwn*float64(s.spec.CPURead.V)))
}

// looked is how often the lookup table is read, per second.
func (s *databaseSizer) looked() float64 {
	if s.spec.Sharding == "lookup" && s.sharded() {
		return s.lookups
	}
	return 0
}

// sent is what a primary sends that answers so many reads: answers go out where
// reads are answered, and the journal to each of its followers.
func (s *databaseSizer) sent(l *dbLoad, reads, streams float64) float64 {
	answers := l.out
	if l.reads > 0 {
		answers *= (l.writes + reads) / (l.writes + l.reads)
	}
	return answers + float64(l.data*float64(s.spec.WAL.V)*streams)
}

// memory is what must be in memory of a partition and shrinks with shards,
// bytes. The largest table may lie in any partition.
func (s *databaseSizer) memory(l *dbLoad, share float64) float64 {
	cached := float64(s.spec.Cached.V)
	if s.spec.InMemory.V {
		cached = 1
	}
	return float64(l.set*cached*share) + float64(l.table*float64(s.spec.SchemaFactor.V))
}

// miss is the part of reads that the memory does not answer: MODEL section 5,
// max(0, 1 − cache/working set).
func (s *databaseSizer) miss(n *dbNode, l *dbLoad, share, shards float64) float64 {
	if s.spec.InMemory.V || l.set <= 0 {
		return 0
	}
	cache := n.budget - n.fixed - l.table*float64(s.spec.SchemaFactor.V)/shards
	return math.Max(0, 1-math.Max(0, cache)/(l.set*share/shards))
}

// disk is what the disks of one node carry of a partition in so many shards,
// at the horizon. own and lost are the reads/s of the whole database at one
// node of each shard together.
func (s *databaseSizer) disk(n *dbNode, part, shards, own, lost float64) diskNeed {
	l := &s.later
	share := part / shards
	bytes := float64(l.stored*float64(s.spec.Space.V)*share) + float64(l.table*float64(s.spec.SchemaFactor.V)/shards)
	if s.sharded() {
		bytes += float64(s.spec.Lookup.V)
	}
	pages := s.pages(n, part, shards)
	// Every copy of the data is on a node of its own, and nodes are counted
	// elsewhere: on this one there is one copy.
	return diskNeed{Bytes: unit.Bytes(bytes).Replicated(1), Block: float64(s.spec.Page.V), Own: s.diskLoad(l, share, own*pages), Degraded: s.diskLoad(l, share, lost*pages)}
}

// pages is how many pages of a read come from disk.
func (s *databaseSizer) pages(n *dbNode, part, shards float64) float64 {
	return float64(s.spec.Pages.V) * s.miss(n, &s.later, part, shards)
}

// diskLoad is what the disks of one node do for a part of the load, pages of
// which are read from them.
func (s *databaseSizer) diskLoad(l *dbLoad, share, pages float64) diskLoad {
	return diskLoad{Reads: pages * share, Writes: l.writes * float64(s.spec.WriteIO.V) * share,
		Appends: l.writes * float64(s.spec.JournalIO.V) * share, In: l.data * float64(s.spec.WAL.V) * share}
}

// lateDisk is what the disks of one node do while workers catch up, where so
// many reads/s of the whole database are answered.
func (s *databaseSizer) lateDisk(n *dbNode, part, shards, reads float64) diskLoad {
	return s.diskLoad(s.later.late, part/shards, reads*s.pages(n, part, shards))
}
