package resilience

import (
	"math"
	"slices"
	"strconv"

	"headroom/pkg/capacity"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// This file is what nodes carry that are left: the roles that sized them, asked again.

// carrier answers what nodes of a system carry. It keeps what many questions have in common.
type carrier struct {
	*builder
	moves  map[string]*moved // by lost regions
	shifts map[shiftsOf][]shift
	peaks  map[*sizing.RegionRole]*sizing.RegionRole
}

// moved are the load of each region and that of all, by hour, with the users of some elsewhere.
type moved struct {
	own   []workload.Series // by region
	total workload.Series
}

// shift is hours of the week that are alike: their load, and how many nodes of a role run.
type shift struct {
	capacity.Hour
	nodes int
}

// shiftsOf names the week of a role with the users of some regions elsewhere.
type shiftsOf struct {
	role *sizing.RegionRole
	part int
	lost string
}

func newCarrier(b *builder) *carrier {
	return &carrier{builder: b, moves: map[string]*moved{}, shifts: map[shiftsOf][]shift{},
		peaks: map[*sizing.RegionRole]*sizing.RegionRole{}}
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
	layout, left := c.laidOut(x), 0
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
		for _, s := range c.staff(a, part, role) {
			week := c.week(a, x, role)
			got := s.worst(week, a.Load)
			if got.Room < best.Room {
				best.Room, best.Of, best.Full, best.Allowed = got.Room, got.Of.Name, got.Full, got.Allowed
			}
			best.Part, best.Above = min(best.Part, got.Part), best.Above || got.Above
			if layout.Queue != nil {
				cpu = max(cpu, s.busy(week, a.Load))
				usual := outage.Ask{Part: a.Part, Region: a.Region, Lost: make([]bool, len(a.Lost))}
				before = max(before, s.whole().busy(c.week(usual, x, role), 1))
			}
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

// week is the load of a role's nodes and how many of them run, once for all hours that are
// alike; once for all where they are sized for a peak.
func (c *carrier) week(a outage.Ask, x *standing, role *sizing.RegionRole) []shift {
	key := shiftsOf{role, a.Part, lostKey(a.Lost)}
	if out, ok := c.shifts[key]; ok {
		return out
	}
	var out []shift
	load := x.load
	elsewhere := load != nil && load.Scope == workload.ScopePrimary && len(load.Regions) > 0 &&
		load.Regions[0] != a.Region && !slices.Contains(a.Lost, true)
	switch {
	case role.Peaks, x.fails.Rule == outage.Led && role.Name != rolePooler:
		for _, h := range role.Week { // of the peak of all users, wherever they are
			out = append(out, shift{h, role.Nodes})
		}
	case !elsewhere:
		out = c.hourly(a, role)
	}
	c.shifts[key] = out
	return out
}

// hourly are the hours of a week in which all follows the load.
func (c *carrier) hourly(a outage.Ask, role *sizing.RegionRole) (out []shift) {
	m := c.moved(a.Lost)
	var nodes []int
	if role.Hourly != nil {
		nodes = role.Hourly()
	}
	for h := range workload.Hours {
		x := shift{capacity.Hour{Local: m.own[a.Region][h], Global: m.total[h]}, role.Nodes}
		if h < len(nodes) {
			x.nodes = nodes[h]
		}
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// lostKey is a list of regions as a text.
func lostKey(lost []bool) string {
	key := make([]byte, 0, 8)
	for _, l := range lost {
		key = strconv.AppendBool(key, l)
	}
	return string(key)
}

// moved is the load by region and hour, with the users of lost regions spread over those that
// are left: by share, or evenly where these have no users of their own. It is what
// Demand.Surviving says where one is lost.
func (c *carrier) moved(lost []bool) *moved {
	key := lostKey(lost)
	if m := c.moves[key]; m != nil {
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
	c.moves[key] = m
	return m
}
