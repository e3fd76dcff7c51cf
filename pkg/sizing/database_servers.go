package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// This file is what the servers of a partition are asked for, each of them alone:
// primaries, and what stands by for them. What nodes share is in
// database_readers.go.

// atPeak is the only hour of roles whose needs are peaks.
var atPeak = []capacity.Hour{{Global: 1, LostGlobal: 1, Hours: workload.Hours}}

// replayed is the CPU of the few threads that replay writes, writing that of a
// primary which need not answer reads.
var (
	replayed = capacity.Resource{Name: "replay", Unit: "vCPU"}
	writing  = capacity.Resource{Name: "cpu of writes", Unit: "vCPU"}
)

// serverRole are the servers of a partition, one for each shard: a candidate takes
// a lost primary's place, so that none is missing.
func (s *databaseSizer) serverRole(needs []capacity.Need) capacity.Role {
	return attended(s.survive, needs)
}

// dbWork is what the servers of a partition do.
type dbWork struct{ cpu, replay, in, out float64 }

// work is what the servers of a partition do where so many reads/s are answered by
// them.
func (s *databaseSizer) work(l *dbLoad, p *dbPlan, reads float64) dbWork {
	share := p.part.share
	w := dbWork{cpu: float64(s.writing(l) * share), replay: float64(s.replay(l) * share),
		out: float64(l.data * float64(s.spec.WAL.V) * p.streams * share)}
	if s.spec.readers() != byAll {
		w.cpu += float64(reads * float64(s.spec.CPURead.V))
	}
	if all := l.reads + l.writes; all > 0 {
		part := (float64(l.writes*share) + reads) / all
		w.in, w.out = float64(l.in*part), w.out+float64(l.out*part)
	}
	return w
}

// serverNeeds appends what the servers of a partition are asked for.
func (s *databaseSizer) serverNeeds(n *dbNode, p *dbPlan, needs []capacity.Need) []capacity.Need {
	l, x, worst := p.load, s.serverReads(p), s.survive.Worst()
	own, lost, late := s.work(l, p, x.own), s.work(l, p, x.lost), dbWork{}
	if l.late != nil {
		late = s.work(l.late, p, x.late)
	}
	add := func(of capacity.Resource, has dbOffer, own, lost, late float64) *capacity.Need {
		needs = append(needs, capacity.Need{Of: of, Why: has.why})
		need := &needs[len(needs)-1]
		need.In[capacity.Own] = has.own.side(own, 0)
		if lost > 0 && worst != capacity.Own {
			need.In[worst] = has.degraded.side(lost, 0)
		}
		if late > 0 {
			need.In[capacity.CatchUp] = has.late.side(late, 0)
		}
		return need
	}
	of := capacity.CPU
	if s.spec.readers() == byAll {
		of = writing
	}
	add(of, p.cpu, own.cpu, lost.cpu, late.cpu)
	if s.followed(p) {
		threads := n.cpu.perVCPU * min(s.engine.threads, float64(n.t.VCPU))
		add(replayed, dbOffer{own: dbHas{threads, s.c.Policy.Own}, late: dbHas{threads, 1},
			why: remark.Remark{Key: "database.replay"}}, own.replay, 0, late.replay)
	}
	if held := s.held(p); held > 0 {
		all := s.c.Policy.usable(n.t) - n.fixed
		memory := capacity.Need{Of: capacity.Memory}
		memory.In[capacity.Own] = capacity.Balance{Each: capacity.Claim{Held: held}, Have: all,
			Target: (n.budget - n.fixed) / all, Checked: true}
		needs = append(needs, memory)
	}
	if s.c.NetworkKnown {
		add(capacity.NetworkIn, s.network(n), own.in, lost.in, late.in)
		add(capacity.NetworkOut, s.network(n), own.out, lost.out, late.out)
	}
	return needs
}

// followed tells whether anything replays what a primary of the partition writes.
func (s *databaseSizer) followed(p *dbPlan) bool {
	return s.zone || s.remote || slices.ContainsFunc(p.copies, func(c dbCopies) bool { return c.n > 0 })
}

// held is what must be in the memory of a partition's servers and shrinks with
// shards, bytes: room for changing a table, and all of the data where that is asked
// for.
func (s *databaseSizer) held(p *dbPlan) float64 {
	x := float64(s.changing(p) * float64(p.shards))
	if s.spec.InMemory.V {
		x += float64(p.load.stored * p.part.share)
	}
	return x
}

// writing is CPU time per second on the reference at a primary that answers no reads
// of users: writes, and where there are shards a look into the lookup table for each
// session.
func (s *databaseSizer) writing(l *dbLoad) float64 {
	x := float64(l.writes * float64(s.spec.CPUWrite.V))
	if s.looksUp() {
		x += float64(l.sessions * float64(s.spec.CPURead.V))
	}
	return x
}

// looksUp tells whether a table says on which shard a key is.
func (s *databaseSizer) looksUp() bool { return s.sharded() && s.spec.Sharding == "lookup" }

// replay is CPU time per second on the reference at whatever follows a primary.
func (s *databaseSizer) replay(l *dbLoad) float64 {
	return float64(l.writes * float64(s.spec.CPUWrite.V) * float64(s.spec.Replay.V))
}

// missing is the rejection of servers that fall short of something, by how much
// each does.
func missing(by *capacity.Bound, servers int) *Rejection {
	r := &Rejection{Resource: by.Of.Name, Need: by.Need / float64(servers), Have: by.Allowed, Unit: by.Of.Unit,
		Why: remark.New("database.one_node")}
	switch by.State {
	case capacity.Own:
	case capacity.CatchUp:
		r.Why = r.Why.With("catching_up", true)
	default:
		r.Why = r.Why.With("promoted", true)
	}
	return r
}
