package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// This file finds the number of shards of each partition, and the disks of its
// servers.

// dbPlan is one partition on one node type.
type dbPlan struct {
	part    dbPart
	shards  int
	why     string     // the resource for which it takes so many shards
	copies  []dbCopies // read replicas, by region of the case
	streams float64    // how often a primary sends its journal
	need    diskNeed
	late    diskLoad // of one server's disks while workers catch up
	disks   disks
}

// share is the part of load and data that one shard has.
func (p *dbPlan) share() float64 { return p.part.share / float64(p.shards) }

// Fit sizes the database on one type. Computing power, memory and connections
// are those of the month at hand, as a node can be changed by a failover; its
// disks, and everything where it is sharded, are for the horizon.
func (s *databaseSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	l, rej := s.fit(t, st)
	if rej != nil {
		rej.Type, rej.Storage = t, st
	}
	return l, rej
}

func (s *databaseSizer) fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	n, rej := s.node(t, st)
	if rej != nil {
		return nil, rej
	}
	if s.zone && s.c.Regions[0].Zones < 2 && s.c.Policy.Zone && !s.remote {
		return nil, s.c.Policy.checkZones(s.c.Regions[0])
	}
	if s.whole() {
		// It is known before the speed, which takes longer to find.
		if need := s.memory(s.load(), 1); need > n.budget-n.reserved {
			return nil, &Rejection{Resource: "memory", Need: need + n.reserved, Have: n.budget, Unit: "B",
				Why: remark.New("database.one_node")}
		}
	}
	if rej := s.speed(&n); rej != nil {
		return nil, rej
	}
	// Most types fail: only plans that succeed are worth memory of their own.
	if s.scratch == nil {
		s.scratch = make([]dbPlan, len(s.parts))
	}
	plans := s.scratch
	for i := range plans {
		plans[i] = dbPlan{part: s.parts[i], copies: plans[i].copies[:0]}
		if rej := s.plan(&n, &plans[i]); rej != nil {
			return nil, rej
		}
	}
	s.scratch = nil
	return s.layout(n, plans), nil
}

// plan finds the number of shards of a partition, and all of their nodes.
func (s *databaseSizer) plan(n *dbNode, p *dbPlan) *Rejection {
	if s.split != splitShards {
		return s.try(n, p, max(1, int(s.spec.Shards.V)))
	}
	// The least number that is feasible lies between the first that the
	// resources allow and the number of logical shards; more shards never
	// break what fewer allow.
	var room [5]capacity.Need
	role := s.serverRole(s.serverNeeds(n, p, room[:0]))
	low, by := role.Least()
	most := int(s.spec.Logical.V)
	p.why = by.Of.Name
	if low > most {
		return &Rejection{Resource: "shards", Need: float64(low), Have: float64(most),
			Why: remark.New("database.most_shards")}
	}
	rej := s.try(n, p, low)
	if rej == nil {
		return nil
	}
	if rej := s.try(n, p, most); rej != nil {
		return rej
	}
	for most-low > 1 {
		mid := (low + most) / 2
		if r := s.try(n, p, mid); r != nil {
			low, rej = mid, r
		} else {
			most = mid
		}
	}
	p.why = rej.Resource
	return s.try(n, p, most)
}

// try sizes a partition with a given number of shards.
func (s *databaseSizer) try(n *dbNode, p *dbPlan, shards int) *Rejection {
	p.shards, p.streams = shards, 0
	if s.zone {
		p.streams++
	}
	if p.copies == nil {
		p.copies = make([]dbCopies, 0, len(s.c.Regions))
	}
	p.copies = p.copies[:0]
	for i := range s.c.Regions {
		c, rej := s.replicas(n, p, i)
		if rej != nil {
			return rej
		}
		p.copies = append(p.copies, c)
		p.streams += s.streams(i, c.n)
	}
	var room [5]capacity.Need
	role := s.serverRole(s.serverNeeds(n, p, room[:0]))
	if by, short := role.Short(shards); short {
		return missing(&by, shards)
	}
	h := &s.later
	p.need = s.disk(n, p, max(h.own, h.standbyOwn), max(h.lost, h.standbyLost))
	if h.late != nil {
		p.late = s.lateDisk(n, p, max(h.late.own, h.late.standbyOwn))
	}
	var rej *Rejection
	p.disks, rej = s.c.disksLate(n.t, n.st, &p.need, p.late)
	return rej
}

// streams is how often the journal goes from the primary to the nodes of a
// region, of which so many are read replicas.
func (s *databaseSizer) streams(region, replicas int) float64 {
	k := float64(replicas)
	if region == 1 && s.remote {
		k++
	}
	if region > 0 && s.spec.Cascade.V && k > 1 {
		return 1
	}
	return k
}

// miss is the part of reads that the memory does not answer: MODEL section 5,
// max(0, 1 − cache/working set).
func (s *databaseSizer) miss(n *dbNode, p *dbPlan) float64 {
	l, shards := &s.later, float64(p.shards)
	if s.spec.InMemory.V || l.set <= 0 {
		return 0
	}
	cache := n.budget - n.reserved - l.table*float64(s.spec.SchemaFactor.V)/shards
	return math.Max(0, 1-math.Max(0, cache)/(l.set*p.part.share/shards))
}

// disk is what the disks of one node carry, at the horizon. own and lost are the
// reads/s of the whole database at one node of each shard together.
func (s *databaseSizer) disk(n *dbNode, p *dbPlan, own, lost float64) diskNeed {
	l := &s.later
	bytes := float64(l.stored*float64(s.spec.Space.V)*p.share()) +
		float64(l.table*float64(s.spec.SchemaFactor.V)/float64(p.shards))
	if s.sharded() {
		bytes += float64(s.spec.Lookup.V)
	}
	pages := s.pages(n, p)
	// Every copy of the data is on a node of its own, and nodes are counted
	// elsewhere: on this one there is one copy.
	return diskNeed{Bytes: unit.Bytes(bytes).Replicated(1), Block: float64(s.spec.Page.V),
		Own: s.diskLoad(l, p.share(), own*pages), Degraded: s.diskLoad(l, p.share(), lost*pages)}
}

// pages is how many pages of a read come from disk.
func (s *databaseSizer) pages(n *dbNode, p *dbPlan) float64 {
	return float64(s.spec.Pages.V) * s.miss(n, p)
}

// diskLoad is what the disks of one node do for a part of the load, pages of
// which are read from them.
func (s *databaseSizer) diskLoad(l *dbLoad, share, pages float64) diskLoad {
	return diskLoad{Reads: pages * share, Writes: l.writes * float64(s.spec.WriteIO.V) * share,
		Appends: l.writes * float64(s.spec.JournalIO.V) * share, In: l.data * float64(s.spec.WAL.V) * share}
}

// lateDisk is what the disks of one node do while workers catch up, where so
// many reads/s of the whole database are answered.
func (s *databaseSizer) lateDisk(n *dbNode, p *dbPlan, reads float64) diskLoad {
	return s.diskLoad(s.later.late, p.share(), reads*s.pages(n, p))
}
