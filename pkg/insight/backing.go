package insight

import (
	"cmp"
	"math"
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/capacity"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Backing is what an estimate rests on, for reports that show it in pictures or
// sheets. It is read off the plan: nothing is planned again.
type Backing struct {
	Inputs []InputUse   // of the whole profile, by their whole paths
	Week   []RegionWeek // of the regions that have users; nil for a system without users
	Bought []BoughtWeek // how nodes are bought, hour by hour; nil where there are none
}

// RegionWeek is a region's load in each hour of the week, hour 0 being Monday 00:00
// UTC, in requests per second at the hour's worst minutes.
type RegionWeek struct {
	Region string
	Load   []float64 // of its own users
	// Capacity is what the nodes that run in the hour may carry of it, within what the
	// policy allows, also while what it must outlive is lost. The component that is full
	// first decides.
	Capacity []float64
}

// BoughtWeek is how many nodes are bought in one way in each hour of the week, in the
// first month.
type BoughtWeek struct {
	Option string // on-demand, reserved-1y-none, …
	Nodes  []float64
}

// Back reads off a billed plan what its estimate rests on.
func Back(r *bill.Result) *Backing {
	b := &Backing{Inputs: []InputUse{}}
	for _, c := range r.Plan.Choices {
		c.Layout.Detail()
	}
	for _, in := range r.Plan.Profile.Inputs() {
		b.Inputs = append(b.Inputs, InputUse{Path: in.Path, Value: in.Value, Number: in.Number(), Unit: in.Unit,
			Source: in.Source, Assumed: in.Assumed, Default: !in.Set, Line: in.Pos.Line})
	}
	if r.Plan.System != nil {
		for i := range r.Plan.Demand.Regions {
			if w, ok := regionWeek(r.Plan, i); ok {
				b.Week = append(b.Week, w)
			}
		}
	}
	b.Bought = boughtWeek(r)
	return b
}

// regionWeek is a region's load and what its nodes may carry; false without users.
func regionWeek(p *plan.Plan, region int) (RegionWeek, bool) {
	rd := &p.Demand.Regions[region]
	w := RegionWeek{Region: rd.Name, Load: make([]float64, workload.Hours), Capacity: make([]float64, workload.Hours)}
	if rd.Own.Max() == 0 {
		return w, false
	}
	for h := range w.Load {
		w.Load[h] = float64(float64(p.Demand.Requests) * rd.Own[h])
		w.Capacity[h] = math.Inf(1)
	}
	for _, c := range p.Choices {
		for i := range c.Layout.Roles {
			if role := &c.Layout.Roles[i]; role.Region == region {
				w.bound(p, c, role)
			}
		}
	}
	return w, !slices.Contains(w.Capacity, math.Inf(1))
}

// bound lowers the capacity to what a role's nodes may carry in the worst state that it
// is held to. The nodes that a passive region adds at a failover are not there before.
func (w *RegionWeek) bound(p *plan.Plan, c *plan.Choice, role *sizing.RegionRole) {
	flow, load := p.System.Flow, p.System.Flow.Of(c.Component.Name)
	if load == nil {
		return
	}
	hourly := hourlyNodes(c.Layout, role.Region, role.Name, role)
	for h := range w.Load {
		nodes := role.Nodes
		if role.Hourly != nil {
			nodes = hourly[h]
		}
		var hour capacity.Hour
		hour.Local, hour.Global = flow.Multipliers(load, role.Region, h, false)
		hour.LostLocal, hour.LostGlobal = flow.Multipliers(load, role.Region, h, true)
		for s := range capacity.State(capacity.States) {
			if !role.Checks(s) || s == capacity.RegionLost && role.Warm < 1 {
				continue
			}
			if part, _ := role.Serve(nodes, s, hour); !math.IsInf(part, 1) {
				w.Capacity[h] = math.Min(w.Capacity[h], w.Load[h]*part)
			}
		}
	}
}

// hourlyNodes are the nodes of a pool in each hour of the week: as the role says where
// they follow the load, else the most that there are. role may be nil.
func hourlyNodes(l *sizing.Layout, region int, name string, role *sizing.RegionRole) []int {
	nodes := make([]int, workload.Hours)
	for i := range l.Pools {
		p := &l.Pools[i]
		if p.Region != region || p.Role != name {
			continue
		}
		if role != nil && role.Hourly != nil && p.Min != p.Max {
			if hourly := role.Hourly(); slices.Max(hourly) == p.Max && slices.Min(hourly) == p.Min {
				return hourly
			}
		}
		for h := range nodes {
			nodes[h] += p.Max
		}
	}
	return nodes
}

// boughtWeek adds up over all pools how their nodes are bought. Slot k of a pool runs
// in the hours in which the pool has at least k nodes.
func boughtWeek(r *bill.Result) []BoughtWeek {
	var out []BoughtWeek
	add := func(option string, h, nodes int) {
		i := slices.IndexFunc(out, func(b BoughtWeek) bool { return b.Option == option })
		if i < 0 {
			i = len(out)
			out = append(out, BoughtWeek{option, make([]float64, workload.Hours)})
		}
		out[i].Nodes[h] += float64(nodes)
	}
	for _, c := range r.Plan.Choices {
		if c.Layout.Type == nil { // its nodes are another's
			continue
		}
		for i := range c.Layout.Pools {
			pool := &c.Layout.Pools[i]
			at := slices.IndexFunc(c.Layout.Roles, func(x sizing.RegionRole) bool {
				return x.Region == pool.Region && x.Name == pool.Role
			})
			var role *sizing.RegionRole
			if at >= 0 {
				role = &c.Layout.Roles[at]
			}
			slots := slotsOf(r.Estimate.Buying, c.Component.Name, r.Plan.Profile.Regions[pool.Region].Name, pool.Role)
			for h, n := range hourlyNodes(c.Layout, pool.Region, pool.Role, role) {
				rest := n
				for _, s := range slots {
					if k := min(s.To, n) - s.From + 1; k > 0 {
						add(s.Option, h, k)
						rest -= k
					}
				}
				if rest > 0 {
					add(onDemand, h, rest)
				}
			}
		}
	}
	// What is bought for longest carries the rest.
	slices.SortFunc(out, func(a, b BoughtWeek) int {
		return cmp.Or(cmp.Compare(slices.Min(b.Nodes), slices.Min(a.Nodes)), cmp.Compare(a.Option, b.Option))
	})
	return out
}

const onDemand = "on-demand"

// slotsOf are the slots of a pool that are not on demand.
func slotsOf(b *bill.Buying, component, region, role string) []bill.BoughtSlots {
	if b == nil {
		return nil
	}
	for i := range b.Pools {
		if p := &b.Pools[i]; p.Component == component && p.Region == region && p.Role == role {
			return p.Slots
		}
	}
	return nil
}
