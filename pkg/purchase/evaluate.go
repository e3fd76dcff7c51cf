package purchase

import (
	"math"
	"slices"

	"headroom/pkg/money"
)

// mix adds up what an assignment costs.
func (pr *pricing) mix(rows []assignedSlots) (*Mix, error) {
	h := pr.basis.Horizon
	m := &Mix{Pool: pr.pool.Name, Nodes: len(pr.pool.Slots), Unpriced: pr.unpriced, Allocations: []Allocation{}}
	m.Months = make([]Month, h)
	all := newSchedule(&pr.options[0], pr.basis)
	by := make([]*schedule, len(pr.options))
	pv, pvOnDemand := 0.0, 0.0
	for _, r := range rows {
		if by[r.option] == nil {
			by[r.option] = newSchedule(&pr.options[r.option], pr.basis)
		}
		g, n := &pr.groups[r.group], r.to-r.from
		by[r.option].add(g, n)
		all.add(g, n)
		pv += float64(float64(n) * pr.discounts.presentValue(g, &pr.options[r.option]))
		pvOnDemand += float64(float64(n) * pr.discounts.presentValue(g, &pr.options[0]))
	}
	for i, s := range by {
		if s == nil {
			continue
		}
		if err := pr.allocate(m, i, s, rows); err != nil {
			return nil, err
		}
	}
	od, err := all.result()
	if err != nil {
		return nil, err
	}
	for i := range m.Months {
		m.Months[i].OnDemand = od.hourly[i]
	}
	if m.PV, err = dollars(pv); err != nil {
		return nil, err
	}
	if m.PVOnDemand, err = dollars(pvOnDemand); err != nil {
		return nil, err
	}
	return m, pr.risk(m, by, rows)
}

// allocate adds one option's schedule to the mix.
func (pr *pricing) allocate(m *Mix, option int, s *schedule, rows []assignedSlots) error {
	r, err := s.result()
	if err != nil {
		return err
	}
	a := Allocation{Option: *s.option, Nodes: s.nodes, Monthly: r.effective[0], Upfront: r.upfront[0],
		Residual: r.residual}
	if a.Running, err = money.Float(s.running[0]); err != nil {
		return err
	}
	for _, x := range rows {
		if x.option != option {
			continue
		}
		a.begin(pr.groups[x.group].start, x.to-x.from)
		if n := len(a.Slots); n > 0 && a.Slots[n-1].To == x.from {
			a.Slots[n-1].To = x.to
			continue
		}
		a.Slots = append(a.Slots, Span{x.from + 1, x.to})
	}
	for i := range m.Months {
		x := &m.Months[i]
		x.Upfront = x.Upfront.Plus(r.upfront[i])
		x.Hourly = x.Hourly.Plus(r.hourly[i])
		x.Effective = x.Effective.Plus(r.effective[i])
		if s.option.Kind == OnDemand {
			x.Uncovered = x.Uncovered.Plus(r.hourly[i])
		}
		a.Total = a.Total.Plus(r.upfront[i]).Plus(r.hourly[i])
		m.Use.Used += s.running[i]
		if s.option.Kind == Spot {
			m.Use.Spot += s.running[i]
		}
		m.Use.Committed += float64(s.active[i])
	}
	m.Residual = m.Residual.Plus(r.residual)
	m.Allocations = append(m.Allocations, a)
	return nil
}

// begin adds nodes that are first needed in a month.
func (a *Allocation) begin(month, nodes int) {
	i, ok := slices.BinarySearchFunc(a.Begins, month, func(b Begin, m int) int { return b.Month - m })
	if !ok {
		a.Begins = slices.Insert(a.Begins, i, Begin{Month: month})
	}
	a.Begins[i].Nodes += nodes
}

// risk works out how much of the commitments is used, and how much would no
// longer be when demand falls: then ⌈n·(1−fall)⌉ nodes run where n did, so slot
// k is needed where slot ⌊(k−1)/(1−fall)⌋ + 1 was.
func (pr *pricing) risk(m *Mix, by []*schedule, rows []assignedSlots) error {
	groupOf := make([]int, len(pr.pool.Slots))
	used := make([][]float64, len(pr.groups)) // used[g][m]: duty summed over the months before m
	for g := range pr.groups {
		for k := pr.groups[g].from; k < pr.groups[g].to; k++ {
			groupOf[k] = g
		}
		sum := make([]float64, pr.basis.Horizon+1)
		for i, u := range pr.groups[g].duty {
			sum[i+1] = sum[i] + u
		}
		used[g] = sum
	}
	falls := Falls()
	lost := make([]float64, len(falls)) // USD over the horizon
	for _, r := range rows {
		s := by[r.option]
		if !s.option.Committed() {
			continue
		}
		from, to := pr.groups[r.group].span(s.option, pr.basis.Horizon)
		sum := used[r.group][to] - used[r.group][from]
		m.Use.CommittedUsed += float64(float64(r.to-r.from) * sum)
		month := s.effectiveMonth()
		for i, fall := range falls {
			for k := r.from; k < r.to; k++ {
				left := 0.0
				if n := int(math.Floor(float64(k)/(1-fall) + tie)); n < len(groupOf) {
					left = used[groupOf[n]][to] - used[groupOf[n]][from]
				}
				lost[i] += float64(month * math.Max(0, sum-left))
			}
		}
	}
	for i, fall := range falls {
		a, err := dollars(lost[i] / float64(pr.basis.Horizon))
		if err != nil {
			return err
		}
		m.AtRisk = append(m.AtRisk, AtRisk{Fall: fall, Monthly: a})
	}
	return nil
}

// span is the months [from, to) that the terms of a commitment cover within
// the horizon; terms follow each other without a gap.
func (g *dutyGroup) span(o *Option, horizon int) (from, to int) {
	ts := g.terms(o, horizon)
	last := ts[len(ts)-1]
	return g.start, last.begin + last.inside
}
