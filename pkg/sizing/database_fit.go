package sizing

import (
	"sort"

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
	why     string  // the resource for which it takes so many shards
	load    *dbLoad // for which it is sized
	cpu     dbOffer
	miss    float64    // part of page reads that come from disk
	copies  []dbCopies // read replicas, by region of the case
	streams float64    // how often a primary sends its journal
	dbDisks            // of each server
}

// dbDisks are the disks of one node, and what they have to carry.
type dbDisks struct {
	reads float64 // per second that come to the node in the normal state
	need  diskNeed
	disks disks
}

// share is the part of load and data that one shard has.
func (p *dbPlan) share() float64 { return p.part.share / float64(p.shards) }

// Fit sizes the database on one type.
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
	// CPU comes last: most types fail before, and it takes longer to find.
	if n.cpu, rej = s.c.nodeCPU(t, catalog.ClassSQL, s.ref); rej != nil {
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
	shards := s.leastShards()
	if s.split == splitShards {
		var rej *Rejection
		if shards, rej = s.fewest(n, p); rej != nil {
			return rej
		}
		if shards += s.more; shards > int(s.spec.Logical.V) {
			return &Rejection{Resource: "shards", Need: float64(shards), Have: float64(s.spec.Logical.V),
				Why: remark.New("database.most_shards")}
		}
	}
	return s.try(n, p, shards, &s.lead)
}

// fewest is the least number of shards of a partition that carry the load of the
// horizon. Whether more of them, or fewer on a larger type, cost less is for the
// search to find out.
func (s *databaseSizer) fewest(n *dbNode, p *dbPlan) (int, *Rejection) {
	low, most := s.leastShards(), int(s.spec.Logical.V)
	rej := s.try(n, p, low, &s.horizon)
	if rej == nil {
		if fewer := s.try(n, p, max(1, low-1), &s.horizon); fewer != nil {
			p.why = fewer.Resource
		}
		return low, nil
	}
	if rej := s.try(n, p, most, &s.horizon); rej != nil {
		return 0, rej
	}
	// More shards never break what fewer allow.
	at := low + 1 + sort.Search(most-low-1, func(i int) bool {
		r := s.try(n, p, low+1+i, &s.horizon)
		if r != nil {
			rej = r
		}
		return r == nil
	})
	p.why = rej.Resource
	return at, nil
}

// try sizes a partition with a given number of shards for the load of some month.
func (s *databaseSizer) try(n *dbNode, p *dbPlan, shards int, l *dbLoad) *Rejection {
	p.shards, p.load, p.streams = shards, l, 0
	if p.copies == nil {
		p.copies = make([]dbCopies, 0, len(s.c.Regions))
	}
	p.copies = p.copies[:0]
	if s.cache(n, p) <= 0 {
		return noCache(n.fixed+s.changing(p), n.budget)
	}
	p.miss = s.miss(n, p)
	if rej := s.respond(n, p); rej != nil {
		return rej
	}
	if rej := s.short(n, p); rej != nil {
		return rej
	}
	for i := range s.c.Regions {
		c, rej := s.replicas(n, p, i)
		if rej != nil {
			return rej
		}
		p.copies = append(p.copies, c)
		p.streams += s.streams(i, c.n)
	}
	if s.zone {
		p.streams++
	}
	if rej := s.short(n, p); rej != nil { // now with what they send
		return rej
	}
	x, k := s.serverReads(p), float64(shards)
	var rej *Rejection
	p.dbDisks, rej = s.disks(n, p, dbReads{x.own / k, x.lost / k, x.late / k})
	return rej
}

// short is the rejection of servers that fall short of something.
func (s *databaseSizer) short(n *dbNode, p *dbPlan) *Rejection {
	var room [6]capacity.Need
	role := s.serverRole(s.serverNeeds(n, p, room[:0]))
	if by, short := role.Short(p.shards); short {
		return missing(&by, p.shards)
	}
	return nil
}

// streams is how often the journal goes from the primary to the nodes of a
// region, of which so many are read replicas; a standby beside it is not counted.
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

// disks finds the disks of a node of a shard to which so many reads/s come.
func (s *databaseSizer) disks(n *dbNode, p *dbPlan, x dbReads) (d dbDisks, rej *Rejection) {
	l, spec := p.load, s.spec
	bytes := float64(l.stored*float64(spec.Space.V)*p.share()) + s.changing(p)
	if s.sharded() {
		bytes += float64(spec.Lookup.V)
	}
	// Every copy of the data is on a node of its own, and nodes are counted
	// elsewhere: on this one there is one copy.
	d.reads = x.own
	d.need = diskNeed{Bytes: unit.Bytes(bytes).Replicated(1), Block: float64(spec.Page.V),
		Own: s.diskLoad(p, l, x.own), Degraded: s.diskLoad(p, l, x.lost)}
	if l.late != nil {
		d.need.Late = s.diskLoad(p, l.late, x.late)
	}
	d.disks, rej = s.c.disks(n.t, n.st, &d.need)
	return d, rej
}

// diskLoad is what the disks of a node of a shard do where so many reads/s come to
// it.
func (s *databaseSizer) diskLoad(p *dbPlan, l *dbLoad, reads float64) diskLoad {
	share, spec := p.share(), s.spec
	return diskLoad{Reads: float64(reads * float64(spec.Pages.V) * p.miss),
		Writes:  l.writes * float64(spec.WriteIO.V) * share,
		Appends: float64(l.writes * float64(spec.JournalIO.V) * share),
		In:      l.data * float64(spec.WAL.V) * share}
}
