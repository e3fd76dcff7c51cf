package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
)

// dbCopies are the read replicas of each shard in one region.
type dbCopies struct {
	n     int
	need  diskNeed
	late  diskLoad
	disks disks
}

// replicas sizes the read replicas of a partition's shards in one region: each
// replays all writes of its shard and answers its part of the reads.
func (s *databaseSizer) replicas(n *dbNode, p *dbPlan, region int) (dbCopies, *Rejection) {
	if s.leastReplicas(region) == 0 {
		return dbCopies{}, nil
	}
	var room [2]capacity.Need
	role := s.replicaRole(region, s.replicaNeeds(n, p, region, room[:0]))
	least, _ := role.Least()
	most := int(s.spec.MaxReplicas.V)
	for k := least; k <= most; k++ {
		c := dbCopies{n: k}
		s.replicaDisk(n, p, region, &role, &c)
		var rej *Rejection
		if c.disks, rej = s.c.disksLate(n.t, n.st, &c.need, c.late); rej == nil {
			return c, nil
		}
		reads := c.need.Own.Reads > 0 || c.need.Degraded.Reads > 0 || c.late.Reads > 0
		if !reads || rej.Resource == capacity.DiskBytes.Name {
			return c, rej // more replicas do not help
		}
	}
	return dbCopies{}, &Rejection{Resource: "read replicas", Need: float64(max(least, most+1)), Have: float64(most),
		Why: remark.New("database.most_replicas")}
}

// leastReplicas is how many read replicas of each shard a region has at least.
func (s *databaseSizer) leastReplicas(region int) int {
	least := int(s.spec.Replicas.V)
	if own, lost := s.readsOf(s.load(), region); own > 0 || lost > 0 {
		return max(1, least)
	}
	return least
}

// readsOf are the reads/s that read replicas of a region answer: in the normal
// state, and after the loss of a region where it must be survived.
func (s *databaseSizer) readsOf(l *dbLoad, region int) (own, lost float64) {
	if s.c.Policy.Region {
		lost = l.replicaLost[region]
	}
	return l.replicaOwn[region], lost
}

// replicaRole are the read replicas of one shard in a region.
func (s *databaseSizer) replicaRole(region int, needs []capacity.Need) capacity.Role {
	return capacity.Role{Needs: needs, Week: atPeak, Zones: s.c.Regions[region].Zones, Survive: s.c.Policy.Survive,
		Warm: 1, Floor: s.leastReplicas(region)}
}

// replicaNeeds appends what the reads of one shard ask of its replicas in a region.
// What each of them needs to follow the primary is taken off what it has.
func (s *databaseSizer) replicaNeeds(n *dbNode, p *dbPlan, region int, needs []capacity.Need) []capacity.Need {
	l, share := s.load(), p.share()
	own, lost := s.readsOf(l, region)
	add := func(of capacity.Resource, has dbHas, each float64) *capacity.Need {
		needs = append(needs, capacity.Need{Of: of})
		need := &needs[len(needs)-1]
		if own > 0 {
			lossy := has.side(own*each, has.degraded)
			need.In[capacity.Own] = has.side(own*each, has.own)
			need.In[capacity.NodeLost], need.In[capacity.ZoneLost] = lossy, lossy
		}
		if lost > 0 {
			need.In[capacity.RegionLost] = has.side(lost*each, has.degraded)
		}
		return need
	}
	read := float64(s.spec.CPURead.V) * share
	cpu := add(capacity.CPU, n.beside(s.replay(l)*share), read)
	cpu.Why = n.why
	if late := l.late; late != nil && late.replicaOwn[region] > 0 {
		has := n.beside(s.replay(late) * share)
		cpu.In[capacity.CatchUp] = has.side(late.replicaOwn[region]*read, 1)
	}
	if !s.c.NetworkKnown || l.reads <= 0 {
		return needs
	}
	has := dbHas{float64(n.t.NetworkBaseline), s.c.Policy.Own, s.c.Policy.Degraded}
	out := add(capacity.NetworkOut, has, l.answer()*share)
	if late := l.late; late != nil && late.replicaOwn[region] > 0 {
		out.In[capacity.CatchUp] = has.side(late.replicaOwn[region]*late.answer()*share, 1)
	}
	return needs
}

// beside is the CPU that a node has beside what is busy in any case.
func (n *dbNode) beside(busy float64) dbHas {
	all := n.cpu.all - busy
	return dbHas{all, (n.cpu.all*n.cpu.own - busy) / all, (n.cpu.all*n.cpu.degraded - busy) / all}
}

// answer is the bytes of one answer.
func (l *dbLoad) answer() float64 { return l.out / (l.reads + l.writes) }

// replicaDisk is what the disks of each of a shard's replicas carry.
func (s *databaseSizer) replicaDisk(n *dbNode, p *dbPlan, region int, role *capacity.Role, c *dbCopies) {
	h, k := &s.later, float64(c.n)
	own, lost := s.readsOf(h, region)
	degraded := max(lost/k, own/k)
	if left := role.Fewest(c.n); left > 0 {
		degraded = max(degraded, own/float64(left))
	}
	c.need = s.disk(n, p, own/k, degraded)
	if h.late != nil {
		c.late = s.lateDisk(n, p, h.late.replicaOwn[region]/k)
	}
}
