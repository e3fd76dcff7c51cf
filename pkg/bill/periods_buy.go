package bill

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
)

// lot is the nodes of one type of a pool, over the months in which the pool has that type.
type lot struct {
	key    poolKey
	choice *plan.Choice // of the first period that has them
	t      *catalog.NodeType
	months [][]purchase.Monthly // nil where there is one way to pay
	slots  []purchase.Slot
}

// layouts are the layouts of a component, month by month; of weeks those of all of a month.
type layouts map[string][][]*sizing.Layout

// buy buys the nodes of all periods.
func (x *Periods) buy() error {
	by, err := x.layouts()
	if err != nil {
		return err
	}
	for i := range x.List {
		pr := &pricer{Tables: x.List[i].Plan.Tables, profile: x.List[i].Plan.Profile}
		for _, c := range x.List[i].Plan.Choices {
			if c.Layout.Type == nil {
				continue
			}
			for k := range c.Layout.Pools {
				pool := &c.Layout.Pools[k]
				l := &lot{key: poolKey{pool.Region, pool.Role}, choice: c, t: c.Layout.TypeOf(pool)}
				if slices.ContainsFunc(x.lots, l.same) {
					continue
				}
				x.lots = append(x.lots, l)
				price, ok := pr.onDemand(c.Component.Name, pr.Market.Named(l.t.Name), pool.Region)
				if !ok || price.Monthly {
					continue // by the month there is no other way to pay
				}
				if err := x.best(l, &x.List[i], by[c.Component.Name]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *lot) same(o *lot) bool {
	return l.key == o.key && l.t.Name == o.t.Name && l.choice.Component.Name == o.choice.Component.Name
}

// absent is the layout of a component in a period whose stage does not have it.
var absent = &sizing.Layout{}

// layouts are those of the periods, and after them those of the last plan as it grows on,
// up to the horizon of purchases.
func (x *Periods) layouts() (layouts, error) {
	by, horizon := layouts{}, x.horizon()
	add := func(c *plan.Choice, m int, l *sizing.Layout) {
		if by[c.Component.Name] == nil {
			by[c.Component.Name] = make([][]*sizing.Layout, horizon)
		}
		by[c.Component.Name][m] = append(by[c.Component.Name][m], l)
	}
	all := x.components()
	for i := range x.List {
		for _, c := range all {
			layout := absent
			if now := x.List[i].choice(c.Component.Name); now != nil {
				layout = now.Layout
			}
			add(c, x.List[i].Month, layout)
		}
	}
	last := &x.List[len(x.List)-1]
	courses, err := last.Plan.Courses(horizon - last.Month)
	if err != nil {
		return nil, err
	}
	for i, c := range last.Plan.Choices {
		for m := last.Month + 1; m < horizon; m++ {
			list := courses[i].Months
			add(c, m, list[min(m-last.Month, len(list)-1)])
		}
	}
	return by, nil
}

// components are those of all periods, each as it is when it first is there.
func (x *Periods) components() []*plan.Choice {
	var out []*plan.Choice
	for i := range x.List {
		for _, c := range x.List[i].Plan.Choices {
			if !slices.ContainsFunc(out, func(o *plan.Choice) bool { return o.Component.Name == c.Component.Name }) {
				out = append(out, c)
			}
		}
	}
	return out
}

// choice finds a component of a period; nil where its stage does not have it.
func (p *Period) choice(name string) *plan.Choice {
	for _, c := range p.Plan.Choices {
		if c.Component.Name == name {
			return c
		}
	}
	return nil
}

// billed is the plan of the i-th period with what is still paid for of components that a
// stage has removed: their commitments.
func (x *Periods) billed(i int) *plan.Plan {
	now := x.List[i]
	p := *now.Plan
	for _, l := range x.lots {
		name := l.choice.Component.Name
		if now.choice(name) != nil || l.months == nil || !slices.ContainsFunc(l.months[now.Month],
			func(b purchase.Monthly) bool { return b.Option.Committed() }) {
			continue
		}
		if !slices.ContainsFunc(p.Choices, func(c *plan.Choice) bool { return c.Component.Name == name }) {
			gone := &plan.Choice{Component: l.choice.Component, Layout: &sizing.Layout{Type: l.choice.Layout.Type}}
			p.Choices = append(p.Choices[:len(p.Choices):len(p.Choices)], gone)
		}
	}
	return &p
}

// horizon is over how many months purchases are compared.
func (x *Periods) horizon() int { return max(purchase.DefaultHorizon, x.List[len(x.List)-1].Month+1) }

// best buys a lot, which a period is the first to have, at the least cost.
func (x *Periods) best(l *lot, first *Period, months [][]*sizing.Layout) error {
	c, profile := l.choice, first.Plan.Profile
	spec := profile.PurchaseOf(c.Component, first.Plan.Purchase)
	limits, rate, err := purchase.FromProfile(&spec)
	if err != nil {
		return err
	}
	options, err := purchase.Options(l.key.region, first.Plan.Alike(c, l.t, limits.SpotTypes), limits.SpotTypes,
		purchase.GivenFor(&spec, l.t.Name))
	if err != nil {
		return err
	}
	l.slots = l.slotsOf(months, first)
	p := purchase.Lot{Name: c.Component.Name, Slots: l.slots, Interruptible: spec.MayBeReclaimed()}
	if p.Interruptible {
		zones := int(profile.Regions[l.key.region].Zones.V)
		for _, list := range months {
			p.MaxSpot = append(p.MaxSpot, l.maxSpot(list, max(1, limits.SpotTypes), zones))
		}
	}
	basis := purchase.Basis{DiscountRate: rate, Horizon: x.horizon()}
	if basis.Hours, err = committedHours(profile); err != nil {
		return err
	}
	mix, byMonth, err := purchase.BestByMonth(p, options, limits, basis)
	if err != nil {
		return named(c, err)
	}
	l.months = byMonth
	if !mix.Exact && !slices.Contains(x.inexact, c.Component.Label()) {
		x.inexact = append(x.inexact, c.Component.Label())
	}
	return nil
}

// in finds the lot's nodes in a layout; nil where it has none.
func (l *lot) in(layout *sizing.Layout) *sizing.Pool {
	if layout.Type == nil {
		return nil
	}
	p := l.key.in(layout)
	if p == nil || layout.TypeOf(p).Name != l.t.Name {
		return nil
	}
	return p
}

// slotsOf are the nodes of the lot over the months; a week without it counts none.
func (l *lot) slotsOf(months [][]*sizing.Layout, first *Period) []purchase.Slot {
	scheduled := first.Plan.Profile.Running()
	counts := make([][]capacity.NodeHours, len(months))
	for m, list := range months {
		for _, layout := range list {
			p := l.in(layout)
			if p == nil {
				counts[m] = append(counts[m], capacity.NodeHours{Hours: 168})
				continue
			}
			hours := purchase.Counts(*p)
			if hours == nil {
				return purchase.SlotsOf(scheduled, p) // given machines do not grow
			}
			counts[m] = append(counts[m], hours...)
		}
	}
	return purchase.Slots(scheduled, counts...)
}

// maxSpot is the reclaim rule's bound in a month: that of the week that allows the least.
func (l *lot) maxSpot(list []*sizing.Layout, types, zones int) int {
	least := -1
	for _, layout := range list {
		n := 0
		if p := l.in(layout); p != nil {
			n = purchase.MaxSpot(p.Max, plan.NodesLeft(layout, p), types, zones)
		}
		if least < 0 || n < least {
			least = n
		}
	}
	return max(least, 0)
}

// nodes are the lines of a choice's nodes in a period, and of what else is held for it.
func (x *Periods) nodes(i int, c *plan.Choice, part *Part, pr *pricer, held *[]Held) ([]Line, error) {
	var out []Line
	for _, l := range x.lots {
		if l.choice.Component.Name != c.Component.Name {
			continue
		}
		pool := l.in(c.Layout)
		var bought []purchase.Monthly
		if l.months != nil {
			bought = l.months[x.List[i].Month]
		}
		if pool == nil && !slices.ContainsFunc(bought, func(b purchase.Monthly) bool { return b.Option.Committed() }) {
			continue
		}
		base := NodePool{Role: l.key.role, Machine: l.t.Name}
		if pool != nil {
			mean, err := money.Float(pool.Mean)
			if err != nil {
				return nil, err
			}
			base.Min, base.Max, base.Mean = pool.Min, pool.Max, mean
		}
		whole, ok := pr.nodes(part, &base, l.key.region)
		if !ok {
			continue
		}
		if l.months == nil || len(bought) == 1 && bought[0].Option.Name == onDemand {
			out = append(out, whole)
			continue
		}
		for k := range bought {
			lines, err := l.lines(&bought[k], whole, pool, pr, held)
			if err != nil {
				return nil, err
			}
			out = append(out, lines...)
		}
	}
	return out, nil
}

// lines are those of the nodes of a lot that are bought in one way; pool is nil where the
// system has none of its nodes any more.
func (l *lot) lines(b *purchase.Monthly, base Line, pool *sizing.Pool, pr *pricer, held *[]Held) ([]Line, error) {
	if !b.Option.Committed() && pool == nil {
		return nil, nil
	}
	if b.Option.Committed() {
		h := Held{Component: base.Component, Region: base.Region, Role: base.Role, Machine: l.t.Name,
			Option: b.Option.Name, Nodes: b.Nodes(), Bought: b.Bought, Upfront: b.Upfront, Fee: b.Fee}
		if pool != nil {
			used, err := running(b.Slots, pool)
			if err != nil {
				return nil, err
			}
			h.Used = float64(used.Float64() * float64(pr.profile.Running()))
		}
		*held = append(*held, h)
	}
	return pr.bought(base, nodesBought{&b.Option, b.Nodes(), b.Slots, b.Fee}, pool)
}
