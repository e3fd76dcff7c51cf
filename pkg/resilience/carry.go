package resilience

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// This file is what nodes carry that are left: the roles that sized them, asked again.

// carrier answers what nodes of a system carry.
type carrier struct {
	*builder
	hours map[string]*moved
	peaks map[*sizing.RegionRole]*sizing.RegionRole
}

// moved are the load of each region and that of all, by hour, with the users of some elsewhere.
type moved struct {
	own   []workload.Series // by region
	total workload.Series
}

func newCarrier(b *builder) *carrier {
	return &carrier{b, map[string]*moved{},
		map[*sizing.RegionRole]*sizing.RegionRole{}}
}

// following is a role of which needs follow the load: where they are known of its peak alone,
// in proportion to that.
func (c *carrier) following(r *sizing.RegionRole) *sizing.RegionRole {
	if !r.Peaks {
		return r
	}
	if x := c.peaks[r]; x != nil {
		return x
	}
	x := *r
	x.Needs = slices.Clone(r.Needs)
	x.Week = []capacity.Hour{{Global: 1, Hours: workload.Hours}}
	for i := range x.Needs {
		need := &x.Needs[i]
		if need.Of == capacity.Memory || need.Of == capacity.DiskBytes {
			continue
		}
		for s := range need.In {
			each := &need.In[s].Each
			each.Load.Global, each.Held = each.Load.Global+each.Held, 0
		}
	}
	c.peaks[r] = &x
	return &x
}

// carry is what the nodes left of a part in a region do in the worst hour.
func (c *carrier) carry(a outage.Ask) outage.Carried {
	part, x := &c.out.Parts[a.Part], &c.stands[a.Part]
	best := outage.Carried{Part: 1, Room: math.Inf(1)}
	layout := c.laidOut(x)
	left := 0
	for i, n := range a.Left {
		if part.Pools[i].Region == a.Region {
			left += n
		}
	}
	if left == 0 {
		return outage.Carried{}
	}
	cpu, before := 0.0, 0.0
	for i := range layout.Roles {
		role := c.following(&layout.Roles[i])
		if role.Region != a.Region {
			continue
		}
		s := c.staff(a, part, role)
		if s.none {
			continue
		}
		got := s.worst(c.week(a, x, role), a.Load)
		if got.Room < best.Room {
			best.Room, best.Of = got.Room, got.Of.Name
		}
		best.Part, best.Above = min(best.Part, got.Part), best.Above || got.Above
		best.Full = max(best.Full, got.Full)
		if layout.Queue != nil {
			cpu = max(cpu, s.busy(c.week(a, x, role), a.Load))
			whole := staff{role: role, zones: s.zones, all: s.all, left: s.all, state: capacity.Own}
			before = max(before, whole.busy(c.week(outage.Ask{Part: a.Part, Region: a.Region,
				Lost: make([]bool, len(a.Lost))}, x, role), 1))
		}
	}
	if layout.Queue != nil {
		best.Rested, best.Busy = before/layout.Queue.Have, cpu/layout.Queue.Have
		best.Before, best.P99 = percentile(layout, a.Region, before), percentile(layout, a.Region, cpu)
	}
	return best
}

// laidOut is the layout whose roles tell of a component: of a guest its host's, with the
// queue of its own requests.
func (c *carrier) laidOut(x *standing) *sizing.Layout {
	own := x.choice.Layout
	host := x.choice.Component.Colocate
	if host == "" {
		return own
	}
	i := slices.IndexFunc(c.plan.Choices, func(o *plan.Choice) bool { return o.Component.Name == host })
	if i < 0 {
		return own
	}
	l := *own
	l.Roles = c.plan.Choices[i].Layout.Roles
	return &l
}

// percentile is the 99th of the response time in seconds at a node that does so much CPU; 0
// where it does nothing, +Inf where it does not keep up.
func percentile(l *sizing.Layout, region int, cpu float64) float64 {
	if cpu <= 0 {
		return 0
	}
	q, err := l.At(region, cpu/l.Queue.Have)
	if err != nil {
		return math.Inf(1)
	}
	s, err := q.Solve()
	if err != nil {
		return math.Inf(1)
	}
	seconds, err := s.ResponsePercentile(0.99)
	if err != nil {
		return math.Inf(1)
	}
	return seconds
}

// week is the load of the role's nodes in each hour, once for all where it is sized for a peak.
func (c *carrier) week(a outage.Ask, x *standing, role *sizing.RegionRole) []capacity.Hour {
	if role.Peaks || x.fails.Rule == outage.Led && role.Name != "pooler" {
		return role.Week // of the peak of all users, wherever they are
	}
	load := x.load
	m := c.moved(a.Lost)
	first := load != nil && len(load.Regions) > 0 && load.Regions[0] != a.Region
	if first && load.Scope == workload.ScopePrimary && !slices.Contains(a.Lost, true) {
		return nil
	}
	out := make([]capacity.Hour, workload.Hours)
	for h := range out {
		out[h] = capacity.Hour{Local: m.own[a.Region][h], Global: m.total[h], Hours: 1}
	}
	return out
}

// moved is the load by region and hour, with the users of lost regions spread over those that
// are left: by share, or evenly where these have no users of their own. It is what
// Demand.Surviving says where one is lost.
func (c *carrier) moved(lost []bool) *moved {
	key := ""
	for _, l := range lost {
		if l {
			key += "1"
		} else {
			key += "0"
		}
	}
	if m := c.hours[key]; m != nil {
		return m
	}
	regions := c.demand.Regions
	rest, left := 0.0, 0
	for r := range regions {
		if !lost[r] {
			rest, left = rest+regions[r].Share, left+1
		}
	}
	m := &moved{own: make([]workload.Series, len(regions))}
	for r := range regions {
		if lost[r] {
			continue
		}
		part := 1 / float64(max(1, left))
		if rest > 1e-12 {
			part = regions[r].Share / rest
		}
		for h := range m.own[r] {
			m.own[r][h] = regions[r].Own[h]
			for k := range regions {
				if lost[k] {
					m.own[r][h] += float64(part * regions[k].Own[h])
				}
			}
			m.total[h] += m.own[r][h]
		}
	}
	c.hours[key] = m
	return m
}
