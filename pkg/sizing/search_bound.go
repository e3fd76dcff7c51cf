package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

var _ Bounded = (*searchSizer)(nil)

// searchAsk is what the nodes of a region must do whatever the disks and without
// an SLO, for Bound.
type searchAsk struct {
	role        capacity.Role
	memory, cpu capacity.Ask
}

// Bound is how many nodes it takes to serve the data from memory and for the
// CPU time, whatever the disks and without an SLO.
func (s *searchSizer) Bound(t *catalog.NodeType, least []float64) {
	speed, err := s.c.Speeds.Speed(t, catalog.ClassSearchIndex, s.ref)
	for i := range s.regions {
		a := &s.regions[i].asked
		n := a.role.Answer(&a.memory, float64(t.Memory)*s.spec.dataPerMemory()*(1+1e-6))
		if err == nil { // else Fit says so
			n = max(n, a.role.Answer(&a.cpu, speed.RefVCPUs*(1+1e-6)))
		}
		least[s.regions[i].Index] = max(least[s.regions[i].Index], float64(n))
	}
}

// asks derives what every region's nodes are asked for.
func (s *searchSizer) asks() {
	cpu := s.c.need(capacity.CPU, s.now.cpu, s.late.cpu, 1)
	for i := range s.regions {
		r := &s.regions[i]
		memory := holding(memoryForData, float64(r.stored), 1)
		role := s.c.role(&r.Location, nil)
		r.asked = searchAsk{role, role.Ask(&memory), role.Ask(&cpu)}
	}
}

// Floor is the data on volumes that are as full as they may be, and snapshots.
func (s *searchSizer) Floor(st Storage) []Usage {
	out := slices.Clone(s.snapshot)
	if st.Volume == VolumeLocal {
		return out
	}
	for i := range s.regions {
		r := &s.regions[i]
		out = append(out, Usage{Region: r.Index, Service: "ebs", Item: st.Volume + " storage", Category: "storage",
			Quantity: float64(r.stored) / s.c.Policy.Disk / gib * (1 - 1e-6)})
	}
	return out
}
