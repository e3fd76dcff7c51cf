package sizing

import (
	"slices"

	"headroom/pkg/workload"
)

// This file is what `reads: auto` leaves open: whether a region without a server of a store
// has a read replica for that reason alone. The store itself costs less without it. What
// calls it from there then waits for each read to cross regions and back, so that more
// requests are under way at once, in more memory and on more nodes. So the whole plan tells
// which is cheaper, and the search asks for both (pkg/plan).

// ReadAway names the stores of which a region's callers wait for reads that another region
// answers, although a read replica at home could: in the order of the flow. Given machines
// stay as they are.
func (s *System) ReadAway() (stores []string) {
	for _, to := range s.Flow.Loads {
		if to.Component.Pin != nil || traitsIn(to).ReadsIn == nil {
			continue
		}
		closer := s.withHome(to.Component.Name)
		for _, r := range to.Regions {
			if s.waitsFor(to, r) && !s.readsIn(to, r) && closer.readsIn(to, r) {
				stores = append(stores, to.Component.Name)
				break
			}
		}
	}
	return stores
}

// ReadHome is the system with read replicas of these stores too wherever callers wait for
// their reads, and with nothing sized.
func (s *System) ReadHome(stores ...string) *System {
	return s.withHome(stores...).Again(s.Flow.Demand)
}

// withHome is ReadHome with the same flow.
func (s *System) withHome(stores ...string) *System {
	n := *s
	n.home = slices.Concat(s.home, stores)
	n.asked, n.stays = nil, nil // some of it depends on where reads are answered
	return &n
}

// readsHome tells whether the component has a read replica in one of the demand's regions
// for the callers there.
func (s *System) readsHome(c *workload.Component, region int) bool {
	return slices.Contains(s.home, c.Name) && s.waitsFor(s.Flow.Of(c.Name), region)
}

// waitsFor tells whether anything in a region waits for reads of a component.
func (s *System) waitsFor(to *workload.Load, region int) bool {
	for _, name := range to.Callers {
		from := s.Flow.Of(name)
		if !runs(from, region) {
			continue
		}
		for i := range from.Edges {
			e := &from.Edges[i]
			if e.To == to.Component.Name && e.Mode == "sync" && e.Local.Reads+e.Global.Reads > 0 {
				return true
			}
		}
	}
	return false
}
