package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

// This file is how little a database can cost: its servers are as many on any
// type, so that what the search leaves out is what is dearer, disks included, or
// plainly too small.

var _ Bounded = (*databaseSizer)(nil)

// Bound says that no number of nodes does where a type is too small for a server.
func (s *databaseSizer) Bound(t *catalog.NodeType, least []float64) {
	if !s.small(t) {
		return
	}
	for i, n := range least {
		if n > 0 {
			least[i] = capacity.MaxNodes
		}
	}
}

// small tells for less than a Fit whether a type has too few vCPUs, too little
// memory or, where the number of shards is known, too little CPU for a server.
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
		return false // Fit says what is wrong, and how many shards it takes
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

// Floor is the data on volumes that are as full as they may be: once at each
// server, and at each read replica that is asked for.
func (s *databaseSizer) Floor(st Storage) []Usage {
	if st.Volume == VolumeLocal {
		return nil
	}
	bytes := s.lead.stored * float64(s.spec.Space.V) / s.c.Policy.Disk
	out := make([]Usage, 0, len(s.c.Regions))
	for i := range s.c.Regions {
		copies := float64(len(s.servers(i)) + s.leastReplicas(i))
		out = append(out, Usage{Region: s.c.Regions[i].Index, Service: "ebs", Item: st.Volume + " storage",
			Category: "storage", Quantity: copies * bytes / gib * (1 - 1e-6)})
	}
	return slices.DeleteFunc(out, func(u Usage) bool { return u.Quantity == 0 })
}
