package sizing

import (
	"cmp"
	"slices"

	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// This file is load that depends on the plan: each node sends metrics, so that there is the
// more to store the more nodes there are, those that store it included. Such a system is
// sized again with the numbers of nodes that were found, until they no longer change. All of
// a round see the numbers of the round before, so that the order of components is without
// effect.

// NodeCount is the nodes of a region, of all components.
type NodeCount struct {
	Most int     // if all components have their most at the same time
	Mean float64 // over the week
}

// mostRounds is after how many rounds numbers of nodes that still change are no longer
// followed (docs/model.md section 5, metrics, logs and traces).
const mostRounds = 10

// Settle sizes the system: once, or, where the load of some component depends on how many
// nodes there are, until their numbers no longer change. size sizes all components, from
// nothing; its error ends the rounds. Where the numbers do not settle, the larger ones of the
// last two rounds count, region by region, and who depends on them says so.
func (s *System) Settle(size func() error) error {
	if !s.CountsNodes() {
		return s.round(size)
	}
	s.unsettled = nil
	if s.Nodes == nil {
		s.Nodes = make([]NodeCount, len(s.Flow.Demand.Regions))
	}
	var before []NodeCount
	for range mostRounds {
		if err := s.round(size); err != nil {
			return err
		}
		now := s.count()
		if slices.Equal(now, s.Nodes) {
			return nil
		}
		before, s.Nodes = s.Nodes, now
	}
	s.unsettled = [][]NodeCount{before, s.Nodes}
	s.Nodes = slices.Clone(s.Nodes)
	for i, b := range before {
		s.Nodes[i] = NodeCount{max(s.Nodes[i].Most, b.Most), max(s.Nodes[i].Mean, b.Mean)}
	}
	return s.round(size)
}

// round sizes all components once, with the nodes of the round before.
func (s *System) round(size func() error) error {
	s.Sized, s.asked, s.stays = map[string]*Layout{}, nil, nil
	return size()
}

// CountsNodes tells whether the load of some component depends on how many nodes there are.
func (s *System) CountsNodes() bool {
	return slices.ContainsFunc(s.Flow.Loads, func(l *workload.Load) bool { return traitsIn(l).FollowsNodes })
}

// loadsByName are all loads in an order that does not depend on the profile's: sums of
// fractions depend on theirs.
func loadsByName(f *workload.Flow) []*workload.Load {
	return slices.SortedFunc(slices.Values(f.Loads), func(a, b *workload.Load) int {
		return cmp.Compare(a.Component.Name, b.Component.Name)
	})
}

// count are the nodes of what is sized, by region.
func (s *System) count() []NodeCount {
	out := make([]NodeCount, len(s.Flow.Demand.Regions))
	for _, load := range loadsByName(s.Flow) {
		l := s.Sized[load.Component.Name]
		if l == nil || load.Component.Colocate != "" {
			continue // what runs on another's nodes has none of its own
		}
		for _, p := range l.Pools {
			out[p.Region].Most += p.Max
			out[p.Region].Mean += p.Mean
		}
	}
	return out
}

// nodesOf are the nodes of a region, as the last round found them.
func (c *Task) nodesOf(region int) NodeCount {
	if region < len(c.system.Nodes) {
		return c.system.Nodes[region]
	}
	return NodeCount{}
}

// unsettled says between which numbers of nodes the plan moves, region by region; nothing
// where they have settled.
func (c *Task) unsettled() (out []remark.Remark) {
	u := c.system.unsettled
	if u == nil {
		return nil
	}
	for i := range c.Regions {
		r := &c.Regions[i]
		if a, b := u[0][r.Index], u[1][r.Index]; a != b {
			out = append(out, remark.New("rounds.unsettled", "in", r.Name, "rounds", mostRounds, "last", b.Most,
				"before", a.Most))
		}
	}
	return out
}
