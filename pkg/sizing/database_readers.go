package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
)

// This file finds how many read replicas it takes.

// dbReads are reads/s at one node: normally, after the worst loss, while workers
// catch up.
type dbReads struct{ own, lost, late float64 }

// dbCopies are the read replicas of each shard in one region, and how much each
// node there that answers reads has to read.
type dbCopies struct {
	n     int
	reads dbReads
	dbDisks
}

// leastReplicas is how many read replicas of each shard a region has at least.
func (s *databaseSizer) leastReplicas(region int) int {
	least, servers := int(s.spec.Replicas.V), len(s.servers(region))
	switch {
	case s.spec.readers() == byReplicas && servers > 0,
		s.spec.Reads == "nearest" && s.spec.readers() == byAll && servers == 0:
		return max(1, least)
	}
	return least
}

// answering is how many of a region's servers answer reads beside its replicas.
func (s *databaseSizer) answering(region int) int {
	if s.spec.readers() == byAll {
		return len(s.servers(region))
	}
	return 0
}

// replicas finds the read replicas of a partition's shards in one region: as few as
// carry the reads with what else answers them, on CPU and on disks. One more would
// cost more on the same type: it reads what the others then do not, and follows all
// writes beside.
func (s *databaseSizer) replicas(n *dbNode, p *dbPlan, region int) (c dbCopies, rej *Rejection) {
	least := s.leastReplicas(region)
	answering := s.answering(region)
	if s.spec.readers() == byPrimary || answering+least == 0 {
		if c.n = least; c.n > 0 {
			c.dbDisks, rej = s.disks(n, p, c.reads)
		}
		return c, rej
	}
	var room [2]capacity.Need
	role := s.readersRole(region, s.readersNeeds(n, p, region, room[:0]))
	nodes, _ := role.Least()
	most := answering + int(s.spec.MaxReplicas.V)
	for k := nodes; k <= most; k++ {
		c = dbCopies{n: k - answering, reads: s.spread(p, region, &role, k)}
		if c.dbDisks, rej = s.disks(n, p, c.reads); rej == nil {
			return c, nil
		}
		if k == nodes && !s.relieved(n, p) {
			return c, rej
		}
	}
	return c, &Rejection{Resource: "read replicas", Need: float64(max(nodes, most+1) - answering),
		Have: float64(most - answering), Why: remark.New("database.most_replicas")}
}

// relieved tells whether disks would do if others answered all reads.
func (s *databaseSizer) relieved(n *dbNode, p *dbPlan) bool {
	_, rej := s.disks(n, p, dbReads{})
	return rej == nil
}

// spread is how many reads/s come to a node of a shard where k nodes of a region
// answer them.
func (s *databaseSizer) spread(p *dbPlan, region int, role *capacity.Role, k int) dbReads {
	busiest := func(l *dbLoad, reads float64, nodes int, primary bool, has dbHas) float64 {
		most := math.Inf(1) // of a primary among them
		if read := float64(s.spec.CPURead.V); primary && s.spec.readers() == byAll && read > 0 {
			most = (float64(has.have*has.target) - float64(s.writing(l)*p.share())) / read
		}
		return busiestReads(float64(reads*p.share()), nodes, most)
	}
	l, first := p.load, region == 0
	x := dbReads{own: busiest(l, l.own[region], k, first, p.cpu.own)}
	x.lost = max(x.own, busiest(l, l.own[region], role.Fewest(k), first, p.cpu.degraded))
	if role.Checks(capacity.RegionLost) {
		x.lost = max(x.lost, busiest(l, l.lost[region], k, len(s.servers(region)) > 0, p.cpu.degraded))
	}
	if l.late != nil {
		x.late = busiest(l.late, l.late.own[region], k, first, p.cpu.late)
	}
	return x
}

// busiestReads is how many of the reads come to the busiest of so many nodes: all
// answer as many, but a primary among them at most so many.
//
// Were all of them the primary's as long as it carries them, its disks would have
// less to do, and cost less, as soon as it does not.
func busiestReads(reads float64, nodes int, atPrimary float64) float64 {
	switch even := reads / float64(max(1, nodes)); {
	case nodes <= 1:
		return reads
	case even <= atPrimary:
		return even
	}
	return (reads - max(0, atPrimary)) / float64(nodes-1)
}

// serverReads are the reads/s at the servers of a partition, all shards together.
func (s *databaseSizer) serverReads(p *dbPlan) (x dbReads) {
	switch s.spec.readers() {
	case byPrimary:
		x.own, x.lost = float64(p.load.reads*p.part.share), float64(p.load.reads*p.part.share)
		if late := p.load.late; late != nil {
			x.late = float64(late.reads * p.part.share)
		}
	case byAll:
		for i := range p.copies {
			if c := &p.copies[i]; len(s.servers(i)) > 0 {
				k := float64(p.shards)
				x = dbReads{max(x.own, c.reads.own*k), max(x.lost, c.reads.lost*k), max(x.late, c.reads.late*k)}
			}
		}
	}
	return x
}

// readersRole are the nodes of one shard that answer reads in a region. Where the
// primary has nothing that stands by for it beside it, the loss of a node is that of
// the region for the one that takes over; replicas for reads alone must do when one
// of them is lost.
func (s *databaseSizer) readersRole(region int, needs []capacity.Need) capacity.Role {
	local := s.spec.readers() == byReplicas || region == 0 && s.zone
	survive := capacity.Survive{Node: s.survive.Node && local, Zone: s.survive.Zone && local,
		Region: s.survive.Region || s.remote}
	return capacity.Role{Needs: needs, Week: atPeak, Zones: s.c.Regions[region].Zones, Survive: survive, Warm: 1,
		Floor: s.answering(region) + s.leastReplicas(region)}
}

// readersNeeds appends what one shard asks of the nodes that answer reads in a
// region. Every node replays the writes, but the primary makes them.
func (s *databaseSizer) readersNeeds(n *dbNode, p *dbPlan, region int, needs []capacity.Need) []capacity.Need {
	l, share, most := p.load, p.share(), s.answering(region)+int(s.spec.MaxReplicas.V)
	here, promoted := region == 0, len(s.servers(region)) > 0 // the primary is, or may come to be, in the region
	add := func(of capacity.Resource, has dbOffer, once func(l *dbLoad, reads float64, primary bool) float64,
		each func(*dbLoad) float64) {
		needs = append(needs, capacity.Need{Of: of, Copies: most, Why: has.why})
		need := &needs[len(needs)-1]
		own := once(l, l.own[region], here)
		need.In[capacity.Own] = has.own.side(own, each(l))
		lossy := has.degraded.side(own, each(l))
		need.In[capacity.NodeLost], need.In[capacity.ZoneLost] = lossy, lossy
		need.In[capacity.RegionLost] = has.degraded.side(once(l, l.lost[region], promoted), each(l))
		if l.late != nil {
			need.In[capacity.CatchUp] = has.late.side(once(l.late, l.late.own[region], here), each(l.late))
		}
	}
	follow := func(l *dbLoad) float64 { return float64(s.replay(l) * share) }
	add(capacity.CPU, p.cpu, func(l *dbLoad, reads float64, primary bool) float64 {
		work := float64(reads * float64(s.spec.CPURead.V) * share)
		if primary && s.answering(region) > 0 {
			work += float64((s.writing(l) - s.replay(l)) * share)
		}
		return work
	}, follow)
	if !s.c.NetworkKnown || l.reads <= 0 {
		return needs
	}
	add(capacity.NetworkOut, s.network(n), func(l *dbLoad, reads float64, _ bool) float64 {
		return reads * share * l.out / (l.reads + l.writes)
	}, func(*dbLoad) float64 { return 0 })
	return needs
}
