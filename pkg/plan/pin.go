package plan

import (
	"fmt"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// given takes the machines of a profile without a workload as they are.
func given(p *workload.Profile, k *market.Market) ([]*Choice, error) {
	var ps diag.Problems
	var out []*Choice
	for _, e := range p.Components {
		c := e.V
		m, ok := k.Find(c.Pin.Type.V)
		if !ok {
			ps.Addf(c.Pin.Type.Pos, nearestType(k, c.Pin.Type.V), "component %q: instance type %q is not known",
				c.Name, c.Pin.Type.V)
			continue
		}
		l := &sizing.Layout{Type: m.NodeType}
		for i, r := range p.Regions {
			if c.RunsIn(r.Name) {
				n := c.Pin.Count.V
				l.Pools = append(l.Pools, sizing.Pool{Region: i, Min: n.Min, Max: n.Max, Mean: float64(n.Max)})
			}
		}
		out = append(out, &Choice{Component: c, Layout: l, Pinned: true})
	}
	return out, ps.Err()
}

// pinned checks given machines against the load.
func (s *search) pinned(c *sizing.Task, z sizing.Sizer) (*Choice, error) {
	l, err := s.needed(c, z)
	if err != nil {
		return nil, err
	}
	checkPin(l, c.Component.Pin.Count.V, s.sys.Flow.Demand.Regions)
	return &Choice{Component: c.Component, Layout: l, Pinned: true, cost: s.exactly(l), weights: &s.weights}, nil
}

// needed is what the load needs of the given type: the layout with the fewest
// nodes.
func (s *search) needed(c *sizing.Task, z sizing.Sizer) (*sizing.Layout, error) {
	pin := c.Component.Pin
	m, ok := s.tables.Market.Find(pin.Type.V)
	if !ok {
		return nil, &diag.Problem{Pos: pin.Type.Pos, Hint: nearestType(s.tables.Market, pin.Type.V),
			Summary: fmt.Sprintf("component %q: instance type %q is not known", c.Component.Name, pin.Type.V)}
	}
	var best *sizing.Layout
	var missed misses
	storages := z.Needs().Storages
	for _, st := range storages {
		l, rej := sizing.Fit(z, m.NodeType, st)
		if rej != nil {
			missed.add(rej)
			continue
		}
		if best == nil || nodes(l) < nodes(best) {
			best = l
		}
	}
	if best == nil {
		return nil, missed.infeasible(c.Component.Name, len(storages))
	}
	return best, nil
}

// overwhelmed takes given machines that no number of carries the load.
func (s *search) overwhelmed(c *sizing.Task, none *Infeasible) *Choice {
	n := c.Component.Pin.Count.V
	m, _ := s.tables.Market.Find(c.Component.Pin.Type.V)
	l := &sizing.Layout{Type: m.NodeType, Warnings: []remark.Remark{none.Nearest.Remark("pin.overwhelmed")}}
	for _, r := range c.Regions {
		l.Pools = append(l.Pools, sizing.Pool{Region: r.Index, Min: n.Min, Max: n.Max, Mean: float64(n.Max)})
	}
	return &Choice{Component: c.Component, Layout: l, Pinned: true, cost: s.exactly(l), weights: &s.weights}
}

// checkPin replaces the computed pools by the given ones, region by region, and
// says where they are too small. The layout has not been described yet.
func checkPin(l *sizing.Layout, n workload.CountRange, regions []workload.RegionDemand) {
	asGiven := *l
	l.Detail()
	need := map[int]int{}
	var order []int
	for _, p := range l.Pools {
		if _, ok := need[p.Region]; !ok {
			order = append(order, p.Region)
		}
		need[p.Region] += p.Max
	}
	pools := l.Pools
	l.Pools = nil
	for _, region := range order {
		want := need[region]
		p := sizing.Pool{Region: region, Min: min(max(n.Min, 0), n.Max), Max: n.Max, Mean: float64(n.Max)}
		if n.Min < n.Max && want <= n.Max {
			// It scales between the given ends as the load asks for.
			i := slices.IndexFunc(pools, func(p sizing.Pool) bool { return p.Region == region })
			p.Mean = min(max(pools[i].Mean, float64(n.Min)), float64(n.Max))
		}
		l.Pools = append(l.Pools, p)
	}
	if asGiven.Counted && len(pools) == len(order) && n.Max > 0 {
		describeAs(l, &asGiven, need)
		billGiven(l, n.Max, need)
	} else {
		for _, region := range order {
			recheck(l, region, n.Max, need[region])
		}
	}
	for _, region := range order {
		if want := need[region]; want > n.Max {
			l.Warnings = append(l.Warnings, undersized(l, &regions[region], region, want, n.Max))
		}
	}
}

// describeAs describes the given nodes as if they had been chosen: what they have,
// what is left of them when something is lost, what one of them has. How many it
// would take, and for what, stays as it was found.
func describeAs(l, asGiven *sizing.Layout, need map[int]int) {
	asGiven.Pools = l.Pools
	asGiven.Detail()
	for i := range asGiven.Limits {
		asGiven.Limits[i].Binding = false
	}
	for i := range l.Limits {
		found := l.Limits[i]
		at := slices.IndexFunc(asGiven.Limits, func(x sizing.RegionLimit) bool {
			return x.Of == found.Of && x.State == found.State && x.Region == found.Region && x.Role == found.Role
		})
		switch {
		case at >= 0:
			asGiven.Limits[at].Binding, asGiven.Limits[at].Nodes = found.Binding, found.Nodes
		case found.Binding: // a number of nodes that these do not reach
			k := slices.IndexFunc(l.Pools, func(p sizing.Pool) bool { return p.Region == found.Region })
			found.Have *= float64(l.Pools[k].Max) / float64(need[found.Region])
			asGiven.Limits = append(asGiven.Limits, found)
		}
	}
	*l = *asGiven
}

// billGiven bills what each of the given nodes has of its own, such as the volume of
// a quorum's member, instead of what the needed ones had.
func billGiven(l *sizing.Layout, given int, need map[int]int) {
	l.Usage = slices.Clone(l.Usage)
	for i := range l.Usage {
		if u := &l.Usage[i]; u.PerNode && need[u.Region] > 0 {
			u.Quantity *= float64(given) / float64(need[u.Region])
		}
	}
}

// undersized says by how much given nodes are too few, and for what.
func undersized(l *sizing.Layout, r *workload.RegionDemand, region, want, given int) remark.Remark {
	values := []any{"region", r.Name, "missing", want - given, "needed", want}
	for i := range l.Limits {
		if lim := &l.Limits[i]; lim.Binding && lim.Region == region {
			values = append(values, "resource", lim.Of.Name, "state", lim.State.String(), "used", 1-lim.Slack())
		}
	}
	return remark.New("pin.undersized", values...)
}

// recheck holds the limits of a region against given nodes where the kind cannot
// describe them. Where several roles share them, each has its part. Where one role
// has all it is asked again, as a lost node or zone takes whole nodes.
func recheck(l *sizing.Layout, region, given, want int) {
	role := onlyRole(l, region)
	var checks []capacity.Limit
	if role != nil {
		checks = role.Check(given)
	}
	for i := range l.Limits {
		lim := &l.Limits[i]
		if lim.Region != region || want == 0 {
			continue
		}
		at := slices.IndexFunc(checks, func(c capacity.Limit) bool { return c.Of == lim.Of && c.State == lim.State })
		if at >= 0 {
			lim.Need, lim.Have = checks[at].Need, checks[at].Have
			continue
		}
		lim.Have *= float64(given) / float64(want)
	}
}

// onlyRole is the role that has all nodes of a region, each of which shares its
// load; nil where there is none such.
func onlyRole(l *sizing.Layout, region int) *sizing.RegionRole {
	var found *sizing.RegionRole
	for i := range l.Roles {
		if r := &l.Roles[i]; r.Region == region {
			if found != nil || r.Replaced {
				return nil
			}
			found = r
		}
	}
	return found
}
