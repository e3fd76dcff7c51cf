package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

var _ Bounded = (*searchSizer)(nil)

// searchAsk is what the nodes of a region must do without an SLO, for Bound.
type searchAsk struct {
	role              capacity.Role
	memory, cpu, disk capacity.Ask // disk: bytes
}

// Bound is how many nodes it takes to keep the data, to serve them from memory and for
// the CPU time, if all could be shared evenly, without an SLO. No number does where a
// type is too small.
func (s *searchSizer) Bound(t *catalog.NodeType, st Storage, least []float64) []Pool {
	const slack = 1 + 1e-6
	if s.least.short(t) {
		for i := range s.regions {
			least[s.regions[i].Index] = capacity.MaxNodes
		}
		return nil
	}
	cpu, rej := s.c.nodeCPU(t, catalog.ClassSearchIndex, s.ref)
	// No state asks for a lower utilisation, at which vCPUs slow each other down less.
	busy := math.Min(cpu.own, cpu.degraded)
	have := cpu.perVCPU * cpu.vcpus / (1 + float64(cpu.contention*busy)) * slack
	room := s.volumes(t, st)
	for i := range s.regions {
		a := &s.regions[i].asked
		n := a.role.Answer(&a.memory, float64(t.Memory)*s.spec.dataPerMemory()*slack)
		if rej == nil { // else Fit says so
			n = max(n, a.role.Answer(&a.cpu, have))
		}
		if room > 0 {
			n = max(n, a.role.Answer(&a.disk, room*slack))
		}
		least[s.regions[i].Index] = max(least[s.regions[i].Index], float64(n))
	}
	return s.leastMasters(least)
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
			memory, cpu, disk := s.evenly(r, x)
			a, b, c := role.Ask(&memory), role.Ask(&cpu), role.Ask(&disk)
			r.asked.memory[state], r.asked.cpu[state], r.asked.disk[state] = a[state], b[state], c[state]
		}
	}
}

// evenly are the needs for memory, CPU and disks as if nodes shared so many copies evenly.
func (s *searchSizer) evenly(r *searchRegion, x *arrangement) (memory, cpu, disk capacity.Need) {
	memory, disk = x.holding(memoryForData, float64(r.lead), 1), s.onDisk(r, x, 1)
	for _, need := range []*capacity.Need{&memory, &disk} {
		need.Copies, need.Parts = 0, 0
		for state := range need.In {
			need.In[state].Each.Held = float64(need.In[state].Each.Held * float64(x.copies))
		}
	}
	work := func(w *searchWork) Linear {
		index := w.docs.Scale(float64(s.spec.CPUIndex.V) * float64(x.copies))
		return w.queries.Scale(s.spec.perQuery(s.primaries(r, 1))).Plus(index)
	}
	return memory, s.c.need(capacity.CPU, work(&s.now), work(&s.late), 1), disk
}

// Floor is the data on volumes that are as full as they may be in any state, snapshots,
// and the traffic of the least number of copies: more of them are sent more.
func (s *searchSizer) Floor(st Storage) Floor {
	out := Floor{Usage: slices.Clone(s.snapshot)}
	for i := range s.regions {
		r := &s.regions[i]
		out.Crossings = append(out.Crossings, s.crossings(i, s.copies)...)
		out.Usage = append(out.Usage, leastVolumes(r.Index, st, r.asked.volumes())...)
	}
	return out
}

// volumes are at least so many bytes, however many nodes have them. All nodes have the
// same ones, and those that are left after a loss must have room for everything: after
// that of a zone at most (Z − 1)/Z of them are left.
func (a *searchAsk) volumes() float64 {
	bytes := 0.0
	for state, x := range a.disk {
		if z := float64(a.role.Zones); capacity.State(state) == capacity.ZoneLost && z > 1 {
			x *= z / (z - 1)
		}
		bytes = math.Max(bytes, x)
	}
	return bytes
}
