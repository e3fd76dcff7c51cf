package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

// This file is the dedicated masters of a search cluster. They carry no load.

// dedicated tells whether the clusters of an arrangement have masters of their own.
func (s *searchSizer) dedicated(x *arrangement) bool { return x.nodes >= int(s.spec.DedicatedFrom.V) }

// mastersOf is the role of a cluster's dedicated masters: of three, two must be left.
func (s *searchSizer) mastersOf(r *searchRegion) capacity.Role {
	role := s.c.role(&r.Location, nil)
	role.Floor = masters
	return role
}

// masterPool is the dedicated masters of a region whose data nodes are of a type.
func (s *searchSizer) masterPool(r *searchRegion, x *arrangement, t *catalog.NodeType) Pool {
	p := Fixed(r.Index, "master", masters*x.clusters)
	if own := s.masterType(); own != t {
		p.Type = own
	}
	return p
}

// masterType is the cheapest type that does for a dedicated master; nil where none
// does, and where the type of all nodes is given.
func (s *searchSizer) masterType() *catalog.NodeType {
	if s.looked || s.c.Market == nil || s.c.Component.Pin != nil {
		return s.master
	}
	s.looked = true
	s.master = s.c.Market.Cheapest(s.c, func(t *catalog.NodeType) bool {
		return !t.Burstable && float64(t.VCPU) >= float64(s.spec.MasterVCPU.V) &&
			t.Memory >= s.spec.MasterMemory.V
	})
	return s.master
}

// leastMasters are the dedicated masters of clusters with at least so many data nodes in
// each region of the profile.
//
// There are as few clusters as possible, and two that had no more nodes together than
// one may have would be one. So a cluster that may have twice as many nodes as ask for
// masters has them wherever so many are needed.
func (s *searchSizer) leastMasters(nodes []float64) []Pool {
	for i := range s.regions {
		role := s.role(&s.regions[i], nil, s.copies)
		if from := s.spec.DedicatedFrom.V; nodes[s.regions[i].Index] < float64(from) ||
			float64(s.largest(&role)) < 2*float64(from) {
			return nil
		}
	}
	if s.dedicatedFloor == nil && s.masterType() != nil {
		for i := range s.regions {
			p := Fixed(s.regions[i].Index, "master", masters)
			p.Type = s.masterType()
			s.dedicatedFloor = append(s.dedicatedFloor, p)
		}
	}
	return s.dedicatedFloor
}
