package bill

import (
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
)

// lines are what a choice's nodes cost in the first month: a line for each way
// in which the nodes of a pool are bought, and one for the month's share of
// upfront fees.
func (b *buyer) lines(i int, c *plan.Choice, part *Part) ([]Line, error) {
	k := course(plan.Still(c))
	if len(b.courses) > 0 {
		k = course(b.courses[i])
	}
	given, err := b.shares(c, &k)
	if err != nil {
		return nil, err
	}
	var out []Line
	for _, key := range k.keys() {
		now := slices.IndexFunc(c.Layout.Pools, func(p sizing.Pool) bool {
			return p.Region == key.region && p.Role == key.role
		})
		if now < 0 { // it comes with growth
			if _, err := b.pool(c, &k, key, nil); err != nil {
				return nil, err
			}
			continue
		}
		base, ok := b.pr.nodes(part, &part.Pools[now], key.region)
		if !ok {
			continue
		}
		if base.HourPrice == nil { // a machine by the month, for which there is no other way to pay
			out = append(out, base)
			continue
		}
		mix, err := b.pool(c, &k, key, given[key])
		if err != nil {
			return nil, err
		}
		for n := range mix.Allocations {
			lines, err := b.allocation(base, &mix.Allocations[n], &c.Layout.Pools[now])
			if err != nil {
				return nil, err
			}
			out = append(out, lines...)
		}
	}
	b.outgrown(c, &k)
	return out, nil
}

// shares divides the user's own commitments over a choice's pools, region by
// region.
func (b *buyer) shares(c *plan.Choice, k *course) (map[poolKey][]purchase.Commit, error) {
	if len(b.commits) == 0 {
		return nil, nil
	}
	b.used[c.Component.Name] = true
	keys, counts := map[int][]poolKey{}, map[int][]int{}
	for _, p := range k.Months[0].Pools {
		keys[p.Region] = append(keys[p.Region], poolKey{p.Region, p.Role})
		counts[p.Region] = append(counts[p.Region], p.Max)
	}
	out := map[poolKey][]purchase.Commit{}
	for region := range b.pr.Regions {
		if len(keys[region]) == 0 {
			continue
		}
		lists, err := purchase.Share(b.commits, c.Component.Name, counts[region])
		if err != nil {
			return nil, err
		}
		for i, key := range keys[region] {
			out[key] = lists[i]
		}
	}
	return out, nil
}

// allocation is the lines of a pool's nodes that are bought in one way. base is
// the line of all its nodes on demand.
func (b *buyer) allocation(base Line, a *purchase.Allocation, pool *sizing.Pool) ([]Line, error) {
	if a.Now() == 0 {
		return nil, nil
	}
	o, l := &a.Option, base
	l.Term, l.AsOf, l.Source, l.PriceNote = o.Name, o.AsOf, o.Source, o.Note
	b.pr.used = append(b.pr.used, catalog.Price{Rate: o.Hourly, AsOf: o.AsOf, Source: o.Source, Note: o.Note})
	rate, nodes := o.Hourly, money.Int(int64(a.Now()))
	l.HourPrice = &rate
	l.Min, l.Quantity, l.Max = nodes, nodes, nodes
	if o.Committed() {
		whole, err := committedHours(b.plan)
		if err != nil {
			return nil, err
		}
		l.Price = o.Hourly.PerMonth(whole)
	} else {
		running, err := running(a, pool)
		if err != nil {
			return nil, err
		}
		l.Price = o.Hourly.PerMonth(b.pr.Hours)
		l.Min, l.Quantity = always(a, pool.Min), running
		if o.Rework > 1 {
			f, err := money.Float(o.Rework)
			if err != nil {
				return nil, err
			}
			l.Price = l.Price.Scale(f)
		}
	}
	l.Cost = l.costAt(l.Price)
	var out []Line
	if !l.Price.IsZero() || o.Fee.IsZero() { // nodes that cost nothing are in the bill too
		out = append(out, l)
	}
	if !o.Fee.IsZero() {
		out = append(out, feeLine(l, a))
	}
	return out, nil
}

// running is the mean number of an allocation's nodes that run in the hours in
// which the system does.
func running(a *purchase.Allocation, pool *sizing.Pool) (money.Quantity, error) {
	slots, n := purchase.SlotsOf(1, pool), 0.0
	for _, s := range a.Slots {
		for k := s.From; k <= min(s.To, len(slots)); k++ {
			n += slots[k-1].Duty[0]
		}
	}
	return money.Float(n)
}

// always is how many nodes of an allocation run in every hour: those among the
// pool's first so many.
func always(a *purchase.Allocation, least int) money.Quantity {
	n := 0
	for _, s := range a.Slots {
		n += max(0, min(s.To, least)-s.From+1)
	}
	return money.Int(int64(n))
}

// feeLine is the month's share of an allocation's upfront fees.
func feeLine(l Line, a *purchase.Allocation) Line {
	share, one := a.Monthly.Minus(l.Cost.Expected), money.Int(1)
	l.Unit, l.HourPrice, l.Price = feeUnit, nil, money.RateOf(share)
	l.Min, l.Quantity, l.Max = one, one, one
	l.Cost = Cost{share, share, share}
	return l
}

// committedHours are the hours of a month under commitment.
func committedHours(p *plan.Plan) (money.Quantity, error) {
	return money.Float(float64(p.Profile.CommittedHours()))
}
