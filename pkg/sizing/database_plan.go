package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/unit"
)

// dbPlan is one partition on one node type.
type dbPlan struct {
	part   dbPart
	shards int
	res    []dbRes
	need   diskNeed
	late   diskLoad // of one node's disks while workers catch up
	disks  disks
	copies []dbCopies // read replicas, by region of the case
	why    string     // resource for which it takes so many shards
}

// dbCopies are the read replicas of each shard in one region.
type dbCopies struct {
	n     int
	need  diskNeed
	late  diskLoad
	disks disks
	res   []dbRes // needs of all shards' replicas together
}

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
	load := &s.now
	if s.split == splitShards {
		load = &s.later
	}
	if s.split == splitNot && s.spec.Shards.V == 0 {
		if need := s.memory(load, 1); need > n.budget-n.fixed {
			return nil, &Rejection{Resource: "memory", Need: need + n.fixed, Have: n.budget, Unit: "B", Detail: "on one node"}
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
		plans[i] = dbPlan{part: s.parts[i], copies: plans[i].copies[:0], res: plans[i].res[:0]}
		if rej := s.plan(&n, load, &plans[i]); rej != nil {
			return nil, rej
		}
	}
	s.scratch = nil
	return s.layout(&n, plans), nil
}

// plan finds the number of shards of a partition, and all of their nodes.
func (s *databaseSizer) plan(n *dbNode, l *dbLoad, p *dbPlan) *Rejection {
	if s.split != splitShards {
		return s.try(n, l, p, max(1, int(s.spec.Shards.V)))
	}
	// The least number that is feasible lies between the first that the
	// resources allow and the number of logical shards; more shards never
	// break what fewer allow.
	low, most := 1, int(s.spec.Logical.V)
	for _, r := range s.server(n, l, p.part.share, 0, p.res[:0]) {
		if k, _ := r.least(); k > low {
			low, p.why = k, r.name
		}
	}
	if low > most {
		return &Rejection{Resource: "shards", Need: float64(low), Have: float64(most), Detail: "logical shards; raise logical_shards"}
	}
	rej := s.try(n, l, p, low)
	if rej == nil {
		return nil
	}
	if rej := s.try(n, l, p, most); rej != nil {
		return rej
	}
	for most-low > 1 {
		mid := (low + most) / 2
		if r := s.try(n, l, p, mid); r != nil {
			low, rej = mid, r
		} else {
			most = mid
		}
	}
	p.why = rej.Resource
	return s.try(n, l, p, most)
}

// try sizes a partition with a given number of shards.
func (s *databaseSizer) try(n *dbNode, l *dbLoad, p *dbPlan, shards int) *Rejection {
	p.shards = shards
	streams := 0.0
	if s.zone {
		streams++
	}
	p.copies = p.copies[:0]
	if p.copies == nil {
		p.copies = make([]dbCopies, 0, len(s.c.Regions))
	}
	for i := range s.c.Regions {
		c, rej := s.replicas(n, l, p, i)
		if rej != nil {
			return rej
		}
		p.copies = append(p.copies, c)
		streams += s.streams(i, c.n)
	}
	if p.res == nil {
		p.res = make([]dbRes, 0, 5)
	}
	p.res = s.server(n, l, p.part.share, streams, p.res[:0])
	for i := range p.res {
		if rej := p.res[i].reject(shards); rej != nil {
			return rej
		}
	}
	h := &s.later
	p.need = s.disk(n, p.part.share, float64(shards), max(h.own, h.standbyOwn), max(h.lost, h.standbyLost))
	if h.late != nil {
		p.late = s.lateDisk(n, p.part.share, float64(shards), max(h.late.own, h.late.standbyOwn))
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

// replicas sizes the read replicas of a partition's shards in one region: each
// replays all writes of its shard and answers its part of the reads.
func (s *databaseSizer) replicas(n *dbNode, l *dbLoad, p *dbPlan, region int) (dbCopies, *Rejection) {
	var c dbCopies
	own, lost := l.replicaOwn[region], l.replicaLost[region]
	if !s.c.Policy.Region {
		lost = 0
	}
	least := int(s.spec.Replicas.V)
	if own > 0 || lost > 0 {
		least = max(1, least)
	}
	if least == 0 {
		return c, nil
	}
	shards := float64(p.shards)
	share := p.part.share / shards
	read := float64(s.spec.CPURead.V) * share
	replay := s.replay(l) * share
	res := make([]dbRes, 1, 2)
	res[0] = dbRes{name: "cpu", unit: "vCPU", own: own * read, lost: lost * read, have: n.cpu - replay,
		okOwn: n.okOwn - replay, okLost: n.okLost - replay, why: n.why}
	if s.c.NetworkKnown && l.reads > 0 {
		have := float64(n.t.NetworkBaseline)
		out := l.out / (l.reads + l.writes) * share
		res = append(res, dbRes{name: "network out", unit: "B/s", own: own * out, lost: lost * out, have: have, okOwn: have * s.c.Policy.Own, okLost: have * s.c.Policy.Degraded})
	}
	if l.late != nil {
		s.lateReplicas(n, l.late, p, region, res)
	}
	c.res = res
	c.n = least
	zones := s.c.Regions[region].Zones
	for i := range res {
		c.n = max(c.n, s.replicasFor(&res[i], zones))
	}
	most := int(s.spec.MaxReplicas.V)
	for ; c.n <= most; c.n++ {
		h := &s.later
		k, left := float64(c.n), float64(s.left(c.n, zones))
		hOwn, hLost := h.replicaOwn[region], 0.0
		if s.c.Policy.Region {
			hLost = h.replicaLost[region]
		}
		degraded := max(hLost/k, hOwn/k)
		if left > 0 {
			degraded = max(degraded, hOwn/left)
		}
		c.need = s.disk(n, p.part.share, shards, hOwn/k, degraded)
		if h.late != nil {
			c.late = s.lateDisk(n, p.part.share, shards, h.late.replicaOwn[region]/k)
		}
		d, rej := s.c.disksLate(n.t, n.st, &c.need, c.late)
		if rej == nil {
			c.disks = d
			return c, nil
		}
		if c.need.Own.Reads == 0 && c.need.Degraded.Reads == 0 && c.late.Reads == 0 || rej.Resource == "disk bytes" {
			return c, rej
		}
	}
	return c, &Rejection{Resource: "read replicas", Need: float64(c.n), Have: float64(most), Detail: "of each primary in a region; see max_replicas"}
}

// lateReplicas adds what the resources of the replicas of one shard are needed
// for while workers catch up: replay of more writes, and the workers' reads, on
// all of each node.
func (s *databaseSizer) lateReplicas(n *dbNode, l *dbLoad, p *dbPlan, region int, res []dbRes) {
	share := p.part.share / float64(p.shards)
	reads := l.replicaOwn[region] * share
	for i := range res {
		r := &res[i]
		if r.name == "cpu" {
			r.late, r.full = reads*float64(s.spec.CPURead.V), n.cpu-s.replay(l)*share
			continue
		}
		r.late, r.full = reads*l.out/(l.reads+l.writes), r.have
	}
}

// replicasFor is the least number of replicas of one shard that carry a need
// with a node or zone lost.
func (s *databaseSizer) replicasFor(r *dbRes, zones int) int {
	n := 1
	if r.own > 0 {
		n = max(n, shardsFor(r.own, r.okOwn))
		left := shardsFor(r.own, r.okLost)
		if s.c.Policy.Node {
			n = max(n, left+1)
		}
		if s.c.Policy.Zone && zones > 1 {
			n = max(n, capacity.AfterZone(left, zones))
		}
	}
	if r.lost > 0 {
		n = max(n, shardsFor(r.lost, r.okLost))
	}
	if r.late > 0 {
		n = max(n, shardsFor(r.late, r.full))
	}
	return n
}

// left is how many of n nodes are left after the worst local loss.
func (s *databaseSizer) left(n, zones int) int {
	left := n
	if s.c.Policy.Node {
		left = min(left, n-1)
	}
	if s.c.Policy.Zone && zones > 1 {
		left = min(left, n-(n+zones-1)/zones)
	}
	return left
}

// layout puts the pools, disks and flows together.
func (s *databaseSizer) layout(n *dbNode, plans []dbPlan) *Layout {
	l := &Layout{Type: n.t, Storage: n.st, Pools: make([]Pool, 0, 2+len(s.c.Regions))}
	l.Queue, _ = s.queue(n)
	servers := 0
	for i := range plans {
		servers += plans[i].shards
	}
	add := func(region int, role string, count int) {
		if count > 0 {
			l.Pools = append(l.Pools, Fixed(s.c.Regions[region].Index, role, count))
		}
	}
	for i := range s.c.Regions {
		if i == 0 {
			add(i, "primary", servers)
			if s.zone {
				add(i, "standby", servers)
			}
		}
		if i == 1 && s.remote {
			add(i, "failover", servers)
		}
		copies := 0
		for k := range plans {
			p := &plans[k]
			copies += p.shards * p.copies[i].n
			index := s.c.Regions[i].Index
			here := s.serversIn(i)
			l.Usage = append(l.Usage, p.disks.usage(s.c, index, float64(here*p.shards), "database disks")...)
			l.Usage = append(l.Usage, p.copies[i].disks.usage(s.c, index, float64(p.shards*p.copies[i].n), "disks of read replicas")...)
		}
		add(i, "replica", copies)
	}
	s.flows(l, plans)
	l.Describe = func(l *Layout) { s.describe(l, n, plans) }
	return l
}

// serversIn is how many nodes of a region can be primary, for each shard.
func (s *databaseSizer) serversIn(region int) int {
	switch {
	case region == 0 && s.zone:
		return 2
	case region == 0 || region == 1 && s.remote:
		return 1
	}
	return 0
}

// flows are the journal's copies that leave the primary's zone.
func (s *databaseSizer) flows(l *Layout, plans []dbPlan) {
	d := s.c.Flow.Demand
	journal := d.Monthly(s.c.Load.Global.Data()*float64(s.spec.WAL.V), s.mean)
	if journal <= 0 {
		return
	}
	first := &s.c.Regions[0]
	for i := range s.c.Regions {
		r := &s.c.Regions[i]
		across, within := 0.0, 0.0
		for k := range plans {
			p := &plans[k]
			nodes := float64(p.copies[i].n)
			if i == 0 && s.zone || i == 1 && s.remote {
				nodes++
			}
			sent := s.streams(i, p.copies[i].n)
			if i == 0 {
				within += p.part.share * nodes
				continue
			}
			across += p.part.share * sent
			within += p.part.share * (nodes - sent)
		}
		if across > 0 {
			l.Flows = append(l.Flows, Flow{From: first.Index, To: r.Index, Bytes: unit.Bytes(journal).Replicated(across), What: "database replication"})
		}
		if within > 0 && r.Zones > 1 {
			l.Flows = append(l.Flows, Flow{From: r.Index, To: r.Index, Bytes: unit.Bytes(journal).Replicated(within), What: "database replication"})
		}
	}
}
