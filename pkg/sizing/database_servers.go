package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// This file is what the servers of a partition are asked for: primaries, and what
// stands by for them.

// atPeak is the only hour of roles whose needs are peaks.
var atPeak = []capacity.Hour{{Global: 1, LostGlobal: 1, Hours: workload.Hours}}

// replayed is the CPU of the few threads that replay writes.
var replayed = capacity.Resource{Name: "replay", Unit: "vCPU"}

// dbWork is what one server would do alone of a whole partition.
type dbWork struct{ cpu, replay, in, out float64 }

// serverRole are the servers of a partition, one for each shard: a candidate takes
// a lost primary's place, so that none is missing.
func (s *databaseSizer) serverRole(needs []capacity.Need) capacity.Role {
	return attended(s.survive, needs)
}

// serverNeeds appends what the servers of a partition are asked for.
func (s *databaseSizer) serverNeeds(n *dbNode, p *dbPlan, needs []capacity.Need) []capacity.Need {
	l := s.load()
	own, lost, late := s.normal(l, p), s.failedOver(l, p), dbWork{}
	if l.late != nil {
		late = s.normal(l.late, p)
	}
	worst := s.survive.Worst()
	add := func(of capacity.Resource, has dbHas, own, lost, late float64) *capacity.Need {
		needs = append(needs, capacity.Need{Of: of})
		need := &needs[len(needs)-1]
		need.In[capacity.Own] = has.side(own, has.own)
		if lost > 0 && worst != capacity.Own {
			need.In[worst] = has.side(lost, has.degraded)
		}
		if late > 0 {
			need.In[capacity.CatchUp] = has.side(late, 1)
		}
		return need
	}
	add(capacity.CPU, n.cpu, own.cpu, lost.cpu, late.cpu).Why = n.why
	if s.zone || s.remote || s.spec.Replicas.V > 0 {
		threads := min(float64(s.spec.ReplayThreads.V), float64(n.t.VCPU))
		has := dbHas{all: n.perVCPU * threads, own: s.c.Policy.Own}
		add(replayed, has, own.replay, 0, late.replay).Why = remark.Remark{Key: "database.replay"}
	}
	memory := add(capacity.Memory, n.memory(), 0, 0, 0)
	memory.In[capacity.Own].Each = capacity.Claim{Held: s.memory(l, p.part.share)}
	if s.c.NetworkKnown {
		has := dbHas{float64(n.t.NetworkBaseline), s.c.Policy.Own, s.c.Policy.Degraded}
		add(capacity.NetworkIn, has, own.in, lost.in, late.in).Why = networkWhy(n.t)
		add(capacity.NetworkOut, has, own.out, lost.out, late.out).Why = networkWhy(n.t)
	}
	return needs
}

// normal is the work of the busier of primary and failover candidate while nothing
// is lost: either may become the other.
func (s *databaseSizer) normal(l *dbLoad, p *dbPlan) dbWork {
	share := p.part.share
	primary := s.work(l, l.own+s.looked())
	candidate := s.replay(l) + float64(l.standbyOwn*float64(s.spec.CPURead.V))
	return dbWork{max(primary, candidate) * share, s.replay(l) * share, l.in * share, s.sent(l, p, l.own) * share}
}

// failedOver is the work of a primary after the worst loss.
func (s *databaseSizer) failedOver(l *dbLoad, p *dbPlan) dbWork {
	share, reads := p.part.share, max(l.lost, l.standbyLost)
	return dbWork{cpu: s.work(l, reads+s.looked()) * share, in: l.in * share, out: s.sent(l, p, reads) * share}
}

// work is CPU time per second on the reference at a primary.
func (s *databaseSizer) work(l *dbLoad, reads float64) float64 {
	return float64(l.writes*float64(s.spec.CPUWrite.V)) + float64(reads*float64(s.spec.CPURead.V))
}

// replay is CPU time per second on the reference at whatever follows a primary.
func (s *databaseSizer) replay(l *dbLoad) float64 {
	return l.writes * float64(s.spec.CPUWrite.V) * float64(s.spec.Replay.V)
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
func (s *databaseSizer) sent(l *dbLoad, p *dbPlan, reads float64) float64 {
	answers := l.out
	if l.reads > 0 {
		answers *= (l.writes + reads) / (l.writes + l.reads)
	}
	return answers + float64(l.data*float64(s.spec.WAL.V)*p.streams)
}

// memory is what a node has for data.
func (n *dbNode) memory() dbHas {
	all := float64(n.t.Memory) - n.reserved
	return dbHas{all: all, own: (n.budget - n.reserved) / all}
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
