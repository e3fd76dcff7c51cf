package insight

import (
	"math"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// with is the demand of a plan's profile in the same situation with other numbers.
func with(p *plan.Plan, o ...workload.Override) (*workload.Demand, error) {
	s := p.Demand.Situation
	s.Inputs = o
	return p.Demand.In(s)
}

// room is how many users the machines as planned carry, and the component that
// then needs more.
type room struct {
	factor float64      // users / planned users; 0 where even these are too many
	first  *plan.Choice // what breaks first
	on     limit        // and on what
}

// limit is what is short, and in which state; "" where in any.
type limit struct{ resource, state string }

// mostRoom bounds the search: a system that carries so many times its users has
// room for any.
const mostRoom = 1024

// Room is how many users the machines as planned carry; nil for a system
// without users.
func Room(p *plan.Plan) *bill.Headroom {
	if p.System == nil {
		return nil
	}
	h, ok := findRoom(p)
	if !ok {
		return nil
	}
	return h.export(float64(p.Demand.Users))
}

// findRoom finds the most users of the month at hand that need no machine more than
// the plan has at its peak: by bisection, as needs never fall with users. Stores are
// planned for what comes later; that they have more room until then is what is asked
// for, so nothing is added for growth again.
func findRoom(p *plan.Plan) (room, bool) {
	planned := p.Profile.Peak.Users.V
	if planned <= 0 || len(p.Order) == 0 {
		return room{}, false
	}
	at := func(factor float64) *workload.Demand {
		d, err := with(p, workload.Override{Path: usersPath, Value: float64(planned * unit.Count(factor))},
			workload.Override{Path: "lead"}, workload.Override{Path: "horizon"})
		if err != nil {
			return nil
		}
		return d
	}
	enough := func(d *workload.Demand) bool {
		return d == nil || p.Carries(d, func(c *plan.Choice, l *sizing.Layout) bool { return !needsMore(c, l) })
	}
	if now := at(1); !enough(now) {
		return room{first: breachOf(p, now).choice}, true
	}
	lo, hi := 1.0, 2.0
	for enough(at(hi)) {
		if lo, hi = hi, hi*2; hi > mostRoom {
			return room{factor: lo}, true
		}
	}
	for hi-lo > 1e-3*lo {
		if mid := lo + float64((hi-lo)/2); enough(at(mid)) {
			lo = mid
		} else {
			hi = mid
		}
	}
	b := breachOf(p, at(hi))
	return room{factor: lo, first: b.choice, on: b.limit()}, true
}

// breach is a component that needs more than was planned; the zero breach is
// none.
type breach struct {
	choice *plan.Choice
	layout *sizing.Layout // what it needs; nil where no number of nodes carries it
	on     string         // what it then fails on
}

// breachOf finds the component that needs more under a demand: one that its machine does
// not carry, else the first that needs more of it.
func breachOf(p *plan.Plan, d *workload.Demand) breach {
	r := p.Refit(d)
	if r.Failed != nil {
		return breach{choice: r.Failed, on: r.On}
	}
	for i, c := range p.Order {
		if needsMore(c, r.Layouts[i]) {
			return breach{choice: c, layout: r.Layouts[i]}
		}
	}
	return breach{}
}

// needsMore tells whether a layout needs more than is planned or given.
func needsMore(c *plan.Choice, now *sizing.Layout) bool {
	if c.Pinned {
		return lacks(c.Layout, now)
	}
	return grew(c.Layout, now)
}

// limit is what the component then needs more for.
func (b *breach) limit() limit {
	if b.layout == nil {
		return limit{resource: b.on}
	}
	b.layout.Detail()
	if x, ok := plan.Binding(b.layout); ok {
		return limit{x.Of.Name, x.State.String()}
	}
	return limit{}
}

// grew tells whether a layout needs more than was planned: nodes of any role at the
// peak, or another structure (one shard more). A role that it no longer needs, such as
// masters beside few data nodes, is none.
func grew(was, now *sizing.Layout) bool {
	for _, p := range now.Pools {
		planned := 0
		for _, q := range was.Pools {
			if q.Region == p.Region && q.Role == p.Role {
				planned += q.Max
			}
		}
		if p.Max > planned {
			return true
		}
	}
	return false
}

// lacks tells whether given machines, which have no roles, are fewer than what a
// region needs.
func lacks(given, need *sizing.Layout) bool {
	nodes := func(l *sizing.Layout, region int) int {
		n := 0
		for _, p := range l.Pools {
			if p.Region == region {
				n += p.Max
			}
		}
		return n
	}
	for _, p := range need.Pools {
		if nodes(need, p.Region) > nodes(given, p.Region) {
			return true
		}
	}
	return false
}

func (h room) export(users float64) *bill.Headroom {
	out := &bill.Headroom{Users: math.Floor(users * h.factor), Share: h.factor - 1, Resource: h.on.resource,
		State: h.on.state}
	if h.first != nil {
		out.Component = h.first.Component.Name
	}
	return out
}

// fact is the room as a closing line says it.
func (h room) fact(e *bill.Headroom) remark.Remark {
	if h.factor == 0 {
		return remark.New("fact.no_headroom", "component", e.Component, "system", h.first.Component.Label())
	}
	f := remark.New("fact.headroom", "users", e.Users, "share", e.Share)
	if h.first == nil {
		return f
	}
	return f.With("component", e.Component, "system", h.first.Component.Label(), "resource", e.Resource,
		"state", e.State)
}
