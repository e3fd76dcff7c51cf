package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

// This file is how little a database can cost: its servers are as many on any
// type, so that what the search leaves out is what is dearer, disks included, or
// plainly too small.

var _ Bounded = (*databaseSizer)(nil)

// Bound says that no number of nodes does where a type is too small for a server,
// and else how many it takes at least to answer the reads.
func (s *databaseSizer) Bound(t *catalog.NodeType, st Storage, least []float64) []Pool {
	if s.small(t) {
		for i, n := range least {
			if n > 0 {
				least[i] = capacity.MaxNodes
			}
		}
		return nil
	}
	cpu, rej := s.c.nodeCPU(t, catalog.ClassSQL, s.ref)
	if rej != nil {
		return nil // Fit says what is wrong
	}
	if s.split == splitShards {
		s.boundShards(&cpu, least)
		return nil
	}
	node := dbNode{t: t, st: st, cpu: cpu, fixed: s.fixed(), budget: s.budget(t)}
	for i := range s.c.Regions {
		n := 0
		for _, part := range s.parts {
			p := dbPlan{part: part, shards: s.leastShards(), load: &s.lead}
			p.miss = s.miss(&node, &p)
			k := s.leastNodes(&node, &p, i)
			if k > capacity.MaxNodes {
				least[s.c.Regions[i].Index] = capacity.MaxNodes
				return nil
			}
			n += k * p.shards
		}
		least[s.c.Regions[i].Index] = float64(n)
	}
	return nil
}

// boundShards raises the least nodes of the regions, however many shards there are, to
// those that do all reads and writes at the load that is allowed in the normal state.
// The more shards, the less does each node follow: here it follows nothing.
func (s *databaseSizer) boundShards(cpu *nodeCPU, least []float64) {
	each := cpu.carries(cpu.own, cpu.vcpus)
	for i := range s.c.Regions {
		if s.answering(i) == 0 || each <= 0 {
			continue
		}
		work := float64(s.lead.own[i] * float64(s.spec.CPURead.V))
		if i == 0 {
			work += s.writing(&s.lead) - s.replay(&s.lead)
		}
		index := s.c.Regions[i].Index
		least[index] = max(least[index], math.Ceil(work/each*(1-1e-6)))
	}
}

// leastNodes is below how many nodes a shard of a partition cannot have in a region:
// of CPU, and of what an instance reads from volumes, alone, nothing being lost there.
// At best all of them answer as many reads.
func (s *databaseSizer) leastNodes(node *dbNode, p *dbPlan, region int) int {
	n := len(s.servers(region)) + s.leastReplicas(region)
	l, share, cpu := p.load, p.share(), &node.cpu
	asks := func(reads float64, primary bool, carries, allowed float64) {
		work := float64(reads * float64(s.spec.CPURead.V))
		if primary {
			work += s.writing(l) - s.replay(l)
		}
		if each := carries - float64(s.replay(l)*share); each <= 0 {
			n = capacity.MaxNodes + 1
		} else {
			n = max(n, capacity.Ceil(work*share/each*(1-1e-6)))
		}
		if iops := ebsIOPS(node.t); node.st.Volume != VolumeLocal && iops.V > 0 {
			pages := reads * share * float64(s.spec.Pages.V) * p.miss
			n = max(n, capacity.Ceil(pages/(iops.V*allowed)*(1-1e-6)))
		}
	}
	if s.answering(region) > 0 {
		asks(l.own[region], region == 0, cpu.carries(cpu.own, cpu.vcpus), s.c.Policy.Own)
		if s.survive.Region || s.remote {
			asks(l.lost[region], true, cpu.carries(cpu.degraded, cpu.lost), s.c.Policy.Degraded)
		}
	} else if s.spec.readers() == byReplicas && n > 0 {
		asks(l.own[region], false, cpu.carries(cpu.own, cpu.vcpus), s.c.Policy.Own)
	}
	return n
}

// small tells for less than a Fit whether a type has too few vCPUs or too little
// memory for a server, or, where callers read and write at it alone, too little CPU.
func (s *databaseSizer) small(t *catalog.NodeType) bool {
	const slack = 1 + 1e-6
	p := dbPlan{part: s.parts[0], shards: 1, load: &s.lead}
	memory := s.fixed()
	if s.whole() {
		memory += s.held(&p)
	}
	if float64(t.VCPU) < float64(s.spec.MinVCPU.V) || memory > s.budget(t)*slack {
		return true
	}
	cpu, rej := s.c.nodeCPU(t, catalog.ClassSQL, s.ref)
	if rej != nil || s.split == splitShards {
		return false
	}
	worst := s.survive.Worst() != capacity.Own
	for _, part := range s.parts {
		p := dbPlan{part: part, shards: s.leastShards(), load: &s.lead}
		need := s.work(&s.lead, &p, s.serverReads(&p).own).cpu / float64(p.shards)
		if need > cpu.carries(cpu.own, cpu.vcpus)*slack || worst && need > cpu.carries(cpu.degraded, cpu.lost)*slack {
			return true
		}
	}
	return false
}

// Floor is the data on volumes that are as full as they may be, and the journal on its
// way: once at each server, and at each read replica that is asked for. Poolers are the
// same on any type.
func (s *databaseSizer) Floor(st Storage) Floor {
	out := Floor{Crossings: s.flows(func(_, region int) int { return s.leastReplicas(region) }),
		Pools: s.pooler.list(s.c)}
	if st.Volume == VolumeLocal {
		return out
	}
	bytes := s.lead.stored * float64(s.spec.Space.V) / s.c.Policy.Disk
	for i := range s.c.Regions {
		copies := float64(len(s.servers(i)) + s.leastReplicas(i))
		out.Usage = append(out.Usage, Usage{Region: s.c.Regions[i].Index, Service: "ebs", Item: st.Volume + " storage",
			Category: "storage", Quantity: copies * bytes / gib * (1 - 1e-6)})
	}
	out.Usage = slices.DeleteFunc(out.Usage, func(u Usage) bool { return u.Quantity == 0 })
	return out
}
