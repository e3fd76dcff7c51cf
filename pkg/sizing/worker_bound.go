package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

var _ Bounded = (*workerSizer)(nil)

// Bound is how many nodes the CPU time of the messages and of the backlog takes,
// where nodes do not follow the load.
func (s *workerSizer) Bound(t *catalog.NodeType, _ Storage, least []float64) []Pool {
	if s.spec.Autoscaled.V {
		return nil
	}
	speed, err := s.c.Speeds.Speed(t, s.class, s.ref)
	if err != nil {
		return nil // Fit says so
	}
	for i := range s.regions {
		r := &s.regions[i]
		if r.Warm < 1 {
			continue // less will do until the failover
		}
		role := s.c.role(r, nil)
		n := role.Answer(&s.asked[i], speed.RefVCPUs*(1+1e-6))
		least[r.Index] = math.Max(least[r.Index], float64(n))
	}
	return nil
}

// Floor is nothing: only nodes are billed.
func (*workerSizer) Floor(Storage) Floor { return Floor{} }

// asks derives what the nodes of every region are asked for whatever their type.
func (s *workerSizer) asks() {
	cpu := s.c.need(capacity.CPU, s.cpu, s.cpu.Scale(s.boost-1), 1)
	s.asked = make([]capacity.Ask, len(s.regions))
	for i := range s.regions {
		role := s.c.role(&s.regions[i], nil)
		s.asked[i] = role.Ask(&cpu)
	}
}
