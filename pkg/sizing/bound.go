package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

// This file is how little a component can cost that keeps data (see Bounded). What the
// search leaves out by it is what is dearer, disks included, or plainly too small.

// noneDo says that no number of nodes of a type does.
func noneDo(least []float64) {
	for i, n := range least {
		if n > 0 {
			least[i] = capacity.MaxNodes
		}
	}
}

// leastVolumes is a floor of what is billed for so many bytes in a region that are kept
// on volumes as full as they may be; nothing for local disks.
func (c *Task) leastVolumes(region int, st Storage, bytes float64) []Usage {
	v, ok := c.Limits.Volume(st.Volume)
	if !ok || bytes <= 0 {
		return nil
	}
	const slack = 1 - 1e-6
	return []Usage{{Region: region, Meter: catalog.VolumeStorage(v.Type), Category: "storage",
		Quantity: bytes / gib * slack * c.Profile.Held()}}
}

// Bound says that no number of nodes does where a type is too small for a server,
// and else how many it takes at least to answer the reads.
func (s *store) Bound(t *catalog.NodeType, st Storage, least []float64) []Pool {
	if s.small(t) {
		noneDo(least)
		return nil
	}
	cpu, rej := s.c.nodeCPU(t, s.class, s.ref)
	if rej != nil {
		return nil // Fit says what is wrong
	}
	if s.sharding.split == splitShards {
		s.boundShards(&cpu, least)
		return nil
	}
	node := storeNode{t: t, st: st, cpu: cpu, fixed: s.fixed(), budget: s.c.Policy.allowed(t)}
	shards := s.sharding.least()
	for i := range s.c.Regions {
		least[s.c.Regions[i].Index] = 0
	}
	for _, part := range s.sharding.parts {
		share := part.share / float64(shards)
		miss := s.pages.missed(s.cache(&node, &s.lead, shards), s.lead.stored*share)
		for i := range s.c.Regions {
			n := s.boundNodes(&node, share, miss, i) * shards
			least[s.c.Regions[i].Index] = min(least[s.c.Regions[i].Index]+float64(n), capacity.MaxNodes)
		}
	}
	return nil
}

// boundShards raises the least nodes of the regions, however many shards there are, to
// those that do all reads and writes at the load that is allowed in the normal state.
// The more shards, the less does each node follow: here it follows nothing.
func (s *store) boundShards(cpu *nodeCPU, least []float64) {
	each := cpu.carries(cpu.own, cpu.vcpus)
	for i := range s.c.Regions {
		if s.answering(i) == 0 || each <= 0 {
			continue
		}
		work := float64(s.lead.own[i] * s.work.read)
		if i == 0 {
			work += s.work.writing(&s.lead) - s.work.replaying(&s.lead)
		}
		index := s.c.Regions[i].Index
		least[index] = max(least[index], math.Ceil(work/each*(1-1e-6)))
	}
}

// boundNodes is below how many nodes a shard with a share of the load cannot have in a
// region, each of which misses so many pages: of CPU, and of what an instance reads from
// volumes, alone, nothing being lost there. At best all of them answer as many reads.
func (s *store) boundNodes(node *storeNode, share, miss float64, region int) int {
	n := s.leastNodes(region)
	l, cpu := &s.lead, &node.cpu
	asks := func(reads float64, primary bool, carries, allowed float64) {
		work := float64(reads * s.work.read)
		if primary {
			work += s.work.writing(l) - s.work.replaying(l)
		}
		if each := carries - float64(s.work.replaying(l)*share); each <= 0 {
			n = capacity.MaxNodes + 1
		} else {
			n = max(n, capacity.Ceil(work*share/each*(1-1e-6)))
		}
		if iops := ebsIOPS(node.t); node.st.Volume != VolumeLocal && iops.V > 0 {
			pages := reads * share * float64(s.pages.spec.Pages.V) * miss
			n = max(n, capacity.Ceil(pages/(iops.V*allowed)*(1-1e-6)))
		}
	}
	if s.answering(region) > 0 {
		asks(l.own[region], region == 0, cpu.carries(cpu.own, cpu.vcpus), s.c.Policy.Own)
		if s.survive.Region || s.remote {
			asks(l.lost[region], true, cpu.carries(cpu.degraded, cpu.lost), s.c.Policy.Degraded)
		}
	} else if s.answer == byReplicas && n > 0 {
		asks(l.own[region], false, cpu.carries(cpu.own, cpu.vcpus), s.c.Policy.Own)
	}
	return n
}

// small tells for less than a Fit whether a type has too few vCPUs or too little
// memory for a server, or, where callers read and write at it alone, too little CPU.
func (s *store) small(t *catalog.NodeType) bool {
	const slack = 1 + 1e-6
	memory := s.fixed()
	if s.sharding.whole() {
		memory += s.pages.inMemory(&s.lead, s.sharding.parts[0].share, 1)
	}
	if float64(t.VCPU) < s.minVCPU || memory > s.c.Policy.allowed(t)*slack {
		return true
	}
	cpu, rej := s.c.nodeCPU(t, s.class, s.ref)
	if rej != nil || s.sharding.split == splitShards {
		return false
	}
	worst := s.survive.Worst() != capacity.Own
	shards := s.sharding.least()
	for _, part := range s.sharding.parts {
		reads := s.atServers(&s.lead, part.share, shards, nil).own
		need := s.workOf(&s.lead, part.share, 0, reads).cpu / float64(shards)
		if need > cpu.carries(cpu.own, cpu.vcpus)*slack || worst && need > cpu.carries(cpu.degraded, cpu.lost)*slack {
			return true
		}
	}
	return false
}

// Floor is the data on volumes that are as full as they may be, and the journal on its
// way: once at each server, and at each read replica that is asked for. Poolers are the
// same on any type.
func (s *store) Floor(st Storage) Floor {
	out := Floor{Crossings: s.replicated(func(_, region int) int { return s.leastReplicas(region) }),
		Pools: s.connections.pooler.list()}
	bytes := s.lead.stored * float64(s.pages.spec.Space.V) / s.c.Policy.Disk
	for i := range s.c.Regions {
		out.Usage = append(out.Usage,
			s.c.leastVolumes(s.c.Regions[i].Index, st, float64(s.leastNodes(i))*bytes)...)
	}
	return out
}
