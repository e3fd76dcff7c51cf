package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

var _ Bounded = (*logSizer)(nil)

// Bound says that no number of brokers does where a type is too small for a broker.
func (s *logSizer) Bound(t *catalog.NodeType, _ Storage, least []float64) []Pool {
	if !s.least.short(t) {
		return nil
	}
	for i := range s.regions {
		least[s.regions[i].Index] = capacity.MaxNodes
	}
	return nil
}

// Floor is the copies of what is kept, on volumes that are as full as they may be, and
// all traffic between zones and regions: it is the same on any type.
func (s *logSizer) Floor(st Storage) Floor {
	out := Floor{Crossings: s.flows}
	for i := range s.regions {
		r := &s.regions[i]
		bytes := float64(r.kept.Replicated(float64(s.rf))) / s.c.Policy.Disk
		out.Usage = append(out.Usage, leastVolumes(r.Index, st, bytes)...)
	}
	return out
}
