package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
)

type searchSizer struct {
	c        *Task
	spec     *Search
	ref      *catalog.NodeType
	least    leastNode // for data
	copies   int       // least: 1 + replicas
	regions  []searchRegion
	now      searchWork // in the lead month, in the normal state
	late     searchWork // in addition while workers catch up
	shipped  Linear     // bytes/s of log lines that no edge brings, in the month at hand
	snapshot []Usage
	master   *catalog.NodeType // of dedicated masters, once looked for
	looked   bool              // whether it was

	dedicatedFloor []Pool // of them, one cluster in each region; see leastMasters

	// room is for the needs of a type while it is fitted: most are not chosen, so
	// that needs of their own would be for nothing.
	room [8]capacity.Need
}

func (searchKind) Prepare(c *Task) (Sizer, error) {
	s := &searchSizer{c: c, spec: c.Component.Spec.(*Search)}
	var err error
	if s.ref, err = c.reference(s.spec.Reference); err != nil {
		return nil, err
	}
	s.least = c.leastNode(catalog.Least{VCPU: s.spec.MinVCPU.V, Memory: s.spec.MinMemory.V}, "", nil, nil)
	s.least.small, s.least.unsteady = remark.New("search.small"), remark.New("search.burstable")
	replicas := 1 + int(math.Ceil(stated(s.spec.Replicas, 0)))
	s.copies, err = c.copies(s.spec.Replicas, replicas, 2, "an index without replicas", "replicas to 1")
	if err != nil {
		return nil, err
	}
	lines := s.load()
	for _, r := range steady(c.Regions) {
		if err := s.quorate(&r); err != nil {
			return nil, err
		}
		s.regions = append(s.regions, s.region(r, lines))
	}
	s.asks()
	s.snapshots()
	return s, nil
}

// quorate refuses a number of zones that cannot keep two of the three
// master-eligible nodes.
func (s *searchSizer) quorate(r *Location) error {
	if s.c.Policy.Zone && r.Zones < 3 {
		return &Rejection{Resource: "zones", Need: 3, Have: float64(r.Zones),
			Why: remark.New("search.two_zones", "in", r.Name)}
	}
	return nil
}

func (s *searchSizer) Needs() Needs {
	least := s.c.leastNodes(func(i int) int {
		role := s.role(&s.regions[i], nil, s.copies)
		n, _ := role.Least()
		return n
	})
	return Needs{Nodes: true, Storages: storagesOf(s.spec.Storage, "gp3", VolumeLocal), MinNodes: least}
}

// structural is the least number of nodes of a cluster: three that may be master
// where it must go on without one of them, and one for each copy.
func (s *searchSizer) structural(copies int) int {
	if s.c.Policy.lossy() {
		return max(copies, masters)
	}
	return copies
}

// role is a region's cluster with its needs.
func (s *searchSizer) role(r *searchRegion, needs []capacity.Need, copies int) capacity.Role {
	role := s.c.role(&r.Location, needs)
	role.Floor = s.structural(copies)
	role.Zoned = s.c.Policy.Zone && s.spec.ZoneAware.V
	return role
}
