package sizing

import (
	"math"
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
// CPU time, if all could be shared evenly, whatever the disks and without an SLO.
func (s *searchSizer) Bound(t *catalog.NodeType, least []float64) {
	const slack = 1 + 1e-6
	cpu, rej := s.c.nodeCPU(t, catalog.ClassSearchIndex, s.ref)
	// No state asks for a lower utilisation, at which vCPUs slow each other down less.
	busy := math.Min(cpu.own, cpu.degraded)
	have := cpu.perVCPU * cpu.vcpus / (1 + float64(cpu.contention*busy)) * slack
	for i := range s.regions {
		a := &s.regions[i].asked
		n := a.role.Answer(&a.memory, float64(t.Memory)*s.spec.dataPerMemory()*slack)
		if rej == nil { // else Fit says so
			n = max(n, a.role.Answer(&a.cpu, have))
		}
		least[s.regions[i].Index] = max(least[s.regions[i].Index], float64(n))
	}
}

// asks derives what every region's nodes are asked for.
func (s *searchSizer) asks() {
	for i := range s.regions {
		r := &s.regions[i]
		role := s.role(r, nil, s.copies)
		n, _ := role.Least()
		// Fewer nodes than copies may be left of the least number, never fewer.
		left := arrangement{clusters: 1, copies: min(s.copies, max(1, role.Fewest(n)))}
		all := arrangement{clusters: 1, copies: s.copies}
		r.asked = searchAsk{role: role}
		for state := range capacity.State(capacity.States) {
			x := &left
			if role.Left(state, n) == n {
				x = &all
			}
			memory, cpu := s.evenly(r, x)
			a, b := role.Ask(&memory), role.Ask(&cpu)
			r.asked.memory[state], r.asked.cpu[state] = a[state], b[state]
		}
	}
}

// evenly are the needs for memory and CPU as if nodes shared so many copies evenly.
func (s *searchSizer) evenly(r *searchRegion, x *arrangement) (memory, cpu capacity.Need) {
	memory = x.holding(memoryForData, float64(r.lead)*float64(x.copies), 1)
	memory.Copies, memory.Parts = 0, 0
	work := func(w *searchWork) Linear {
		index := w.docs.Scale(float64(s.spec.CPUIndex.V) * float64(x.copies))
		return w.queries.Scale(s.spec.perQuery(s.primaries(r, 1))).Plus(index)
	}
	return memory, s.c.need(capacity.CPU, work(&s.now), work(&s.late), 1)
}

// Floor is the data on volumes that are as full as they may be, snapshots, and the
// traffic of the least number of copies: more of them are sent more.
func (s *searchSizer) Floor(st Storage) Floor {
	out := Floor{Usage: slices.Clone(s.snapshot)}
	for i := range s.regions {
		out.Crossings = append(out.Crossings, s.crossings(i, s.copies)...)
	}
	if st.Volume == VolumeLocal {
		return out
	}
	for i := range s.regions {
		r := &s.regions[i]
		stored := float64(r.lead) * float64(s.copies)
		out.Usage = append(out.Usage, Usage{Region: r.Index, Service: "ebs", Item: st.Volume + " storage", Category: "storage",
			Quantity: stored / s.c.Policy.Disk / gib * (1 - 1e-6)})
	}
	return out
}
