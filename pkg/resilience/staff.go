package resilience

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/outage"
	"headroom/pkg/sizing"
)

// rolePooler is the role of nodes beside a store that pass calls on to it.
const rolePooler = "pooler"

// staff are the nodes of a role of a region, of which some are left.
type staff struct {
	role  *sizing.RegionRole
	state capacity.State
	zones int
	all   []int // by zone
	left  []int
	least int // nodes that run where none can be launched, as those that follow the load; 0 for others
}

// staff finds the nodes of a role of a part, in each loss that they are in: of a store's
// servers one that leads does for all, and all nodes that answer reads share them. None where
// others do the work.
func (c *carrier) staff(a outage.Ask, p *outage.Part, role *sizing.RegionRole) []staff {
	s := staff{role: role, zones: c.zones(a.Region)}
	s.all, s.left = make([]int, s.zones), make([]int, s.zones)
	led := p.Rule == outage.Led && role.Name != rolePooler
	for i := range p.Pools {
		x := &p.Pools[i]
		switch {
		case x.Region != a.Region:
			continue
		case led && role.Replaced && !x.Leads, led && !role.Replaced && !(x.Data && x.Reads),
			!led && x.Role != role.Name:
			continue
		}
		s.all[x.Zone] += x.Nodes
		s.left[x.Zone] += a.Left[i]
	}
	all, left := sum(s.all), sum(s.left)
	if led && left == 0 || all == 0 {
		return nil
	}
	if a.Stuck && p.Least != nil {
		s.least = left
	}
	if left < all {
		s.state = capacity.NodeLost
	}
	for z := range s.all {
		if s.zones > 1 && s.all[z] > 0 && s.left[z] == 0 {
			s.state = capacity.ZoneLost
		}
	}
	if !slices.Contains(a.Lost, true) {
		return []staff{s}
	}
	further := s
	further.state = capacity.RegionLost
	if left < all && role.Peaks { // what nodes keep is said of all of them: each loss by itself
		further.left = s.all
		return []staff{s, further}
	}
	return []staff{further}
}

// whole are the same nodes with none lost.
func (s *staff) whole() *staff {
	return &staff{role: s.role, zones: s.zones, all: s.all, left: s.all}
}

func sum(xs []int) int {
	t := 0
	for _, x := range xs {
		t += x
	}
	return t
}

// of is how many nodes are left in an hour in which so many run, of all nodes of a shard, a
// member or a cluster where each has its own: the one that has lost the most.
func (s *staff) of(n int) int {
	all, left := sum(s.all), sum(s.left)
	if s.role.Replaced {
		return s.replaced(all, left, n)
	}
	if s.least > 0 {
		return min(n, s.least)
	}
	m := n
	for z := range s.all {
		// The role's nodes lie over zones as all do.
		have, lost := evenly(n, s.zones, z), s.all[z]-s.left[z]
		if each := s.role.Nodes; each < all && each > 0 {
			have = (s.all[z]*each + all - 1) / all
		} else if n == all {
			have = s.all[z]
		}
		switch {
		case lost == 0:
		case s.left[z] == 0:
			m -= have
		case s.role.Nodes < all: // all of them of one shard
			m -= min(have, lost)
		default:
			m -= (have*lost + s.all[z] - 1) / s.all[z]
		}
	}
	return max(0, m)
}

// replaced is how many are left where each of n has stand-ins, all nodes being so many: one is
// missing where it and all of these are lost.
func (s *staff) replaced(all, left, n int) int {
	copies := max(1, all/max(1, n))
	missing := 0 // of one of them, at most
	for z := range s.all {
		lost := s.all[z] - s.left[z]
		if s.left[z] == 0 {
			lost = min(lost, (copies+s.zones-1)/s.zones)
		}
		missing += lost
	}
	if missing < copies {
		return n
	}
	return max(0, n-max(1, (all-left)/copies))
}

// worst is what they carry in the hour in which they carry least.
func (s *staff) worst(week []shift, factor float64) capacity.Carried {
	out := capacity.Carried{Part: 1, Room: math.Inf(1)}
	above, part := false, 1.0
	for i := range week {
		got := s.role.Carry(s.of(week[i].nodes), s.state, week[i].Hour, factor)
		above, part = above || got.Above, min(part, got.Part)
		if got.Room < out.Room {
			out = got
		}
	}
	out.Above, out.Part = above, part
	return out
}

// busy is the most CPU that one of them does in any of the hours.
func (s *staff) busy(week []shift, factor float64) float64 {
	most := 0.0
	for i := range week {
		if x, ok := s.role.Busy(capacity.CPU, s.of(week[i].nodes), s.state, week[i].Hour, factor); ok {
			most = max(most, x)
		}
	}
	return most
}
