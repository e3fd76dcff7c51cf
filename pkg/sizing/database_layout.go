package sizing

import "headroom/pkg/unit"

// This file is what a sized database consists of: pools, disks, and the journal on
// its way.

// layout puts the pools, disks and flows together.
func (s *databaseSizer) layout(n dbNode, plans []dbPlan) *Layout {
	l := &Layout{Type: n.t, Storage: n.st, Pools: make([]Pool, 0, 2+len(s.c.Regions)), Shards: shardsOf(plans)}
	l.Queue, l.Commit = s.queue(&n, &plans[0], n.cpu.vcpus), s.commitWait()
	add := func(region int, role string, count int) {
		if count > 0 {
			l.Pools = append(l.Pools, Fixed(s.c.Regions[region].Index, role, count))
		}
	}
	for i := range s.c.Regions {
		roles := s.servers(i)
		for _, role := range roles {
			add(i, role, l.Shards)
		}
		index := s.c.Regions[i].Index
		copies := 0
		for k := range plans {
			p := &plans[k]
			c := &p.copies[i]
			copies += p.shards * c.n
			servers := p.disks.usage(s.c, index, float64(len(roles)*p.shards), "database disks")
			replicas := c.disks.usage(s.c, index, float64(p.shards*c.n), "disks of read replicas")
			l.Usage = append(append(l.Usage, s.c.sizedFor(servers, true)...), s.c.sizedFor(replicas, true)...)
		}
		add(i, "replica", copies)
	}
	s.pooler.add(s.c, l)
	l.Crossings = s.flows(func(part, region int) int { return plans[part].copies[region].n })
	l.Describe = func(l *Layout) { s.describe(l, &n, plans) }
	return l
}

// shardsOf is how many shards all partitions have together.
func shardsOf(plans []dbPlan) int {
	n := 0
	for i := range plans {
		n += plans[i].shards
	}
	return n
}

// flows are the journal's copies that leave the primary's zone, where each shard of a
// partition has so many read replicas in a region.
func (s *databaseSizer) flows(replicas func(part, region int) int) (out flows) {
	d := s.c.Flow.Demand
	journal := d.Monthly(s.c.Load.Global.Data()*float64(s.spec.WAL.V), s.mean)
	if journal <= 0 {
		return nil
	}
	first := &s.c.Regions[0]
	for i := range s.c.Regions {
		r := &s.c.Regions[i]
		across, within := 0.0, 0.0
		for k := range s.parts {
			share, copies := s.parts[k].share, replicas(k, i)
			nodes := float64(copies)
			if i == 0 && s.zone || i == 1 && s.remote {
				nodes++
			}
			sent := s.streams(i, copies)
			if i == 0 {
				within += float64(share * nodes)
				continue
			}
			across += float64(share * sent)
			within += float64(share * (nodes - sent))
		}
		out.add(first.Index, r.Index, unit.Bytes(journal).Replicated(across), "database replication")
		if r.Zones > 1 {
			out.add(r.Index, r.Index, unit.Bytes(journal).Replicated(within), "database replication")
		}
	}
	return out
}
