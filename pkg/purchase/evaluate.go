package purchase

import (
	"math"
	"slices"

	"headroom/pkg/money"
)

// mix adds up what runs of nodes cost.
func (pr *pricing) mix(runs []run, exact bool) (*Mix, error) {
	h := pr.basis.Horizon
	m := &Mix{Pool: pr.lot.Name, Nodes: len(pr.lot.Slots), Unpriced: pr.unpriced, Exact: exact,
		Allocations: []Allocation{}}
	m.Months = make([]Month, h)
	for month := range m.Months {
		pr.byUse(runs, month, func(from, to, option int) {
			if option == pr.spotOption {
				m.Months[month].Spot += to - from
			}
		})
	}
	by, all := pr.schedules(runs), newSchedule(&pr.options[onDemandFirst], pr.basis)
	for i, s := range by {
		if s == nil {
			continue
		}
		for month, n := range s.running {
			all.running[month] += n
		}
		if err := pr.allocate(m, i, s, runs); err != nil {
			return nil, err
		}
	}
	od, err := all.result()
	if err != nil {
		return nil, err
	}
	demanded := 0.0
	for i := range m.Months {
		m.Months[i].OnDemand = od.hourly[i]
		demanded += float64(all.running[i] * pr.demand * pr.between(i, i+1))
	}
	if m.PV, err = dollars(pr.value(runs)); err != nil {
		return nil, err
	}
	if m.PVOnDemand, err = dollars(demanded); err != nil {
		return nil, err
	}
	err = pr.risk(m, by, runs)
	m.Worth = m.Use.times(pr.demand)
	return m, err
}

// now is the mix without what it adds up to: how the nodes are bought in the first month.
func (pr *pricing) now(runs []run, exact bool) (*Mix, error) {
	m := &Mix{Pool: pr.lot.Name, Nodes: len(pr.lot.Slots), Unpriced: pr.unpriced, Exact: exact}
	for i, s := range pr.schedules(runs) {
		if s == nil {
			continue
		}
		r, err := s.until(1)
		if err != nil {
			return nil, err
		}
		a, err := pr.allocation(i, s, r, runs)
		if err != nil {
			return nil, err
		}
		m.Allocations = append(m.Allocations, a)
	}
	return m, nil
}

// schedules are the runs by option; nil for what is not taken.
func (pr *pricing) schedules(runs []run) []*schedule {
	by := make([]*schedule, len(pr.options))
	of := func(option int) *schedule {
		if by[option] == nil {
			by[option] = newSchedule(&pr.options[option], pr.basis)
		}
		return by[option]
	}
	for i := range runs {
		r := &runs[i]
		n := r.to - r.from
		for _, b := range r.buys {
			s := of(b.option)
			s.hold(b, n)
			for m := b.month; m < min(b.month+b.months, pr.horizon); m++ {
				s.running[m] += float64(float64(n) * pr.lot.Slots[r.from].month(m))
			}
		}
	}
	for m := range pr.horizon {
		pr.byUse(runs, m, func(from, to, option int) {
			of(option).running[m] += float64(float64(to-from) * pr.lot.Slots[from].month(m))
		})
	}
	if len(runs) > 0 && !slices.ContainsFunc(by, func(s *schedule) bool { return s != nil }) {
		of(onDemandFirst) // nodes that no month needs
	}
	return by
}

// allocate adds one option's schedule to the mix.
func (pr *pricing) allocate(m *Mix, option int, s *schedule, runs []run) error {
	r, err := s.result()
	if err != nil {
		return err
	}
	a, err := pr.allocation(option, s, r, runs)
	if err != nil {
		return err
	}
	a.Residual = r.residual
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
	for _, x := range s.held {
		if s.option.Reservation() && !x.owned {
			m.Months[x.month].Reservations += x.nodes
		}
	}
	m.Residual = m.Residual.Plus(r.residual)
	m.Allocations = append(m.Allocations, a)
	return nil
}

// allocation is one option's schedule as far as the first month says.
func (pr *pricing) allocation(option int, s *schedule, r *result, runs []run) (a Allocation, err error) {
	a = Allocation{Option: *s.option, Monthly: r.effective[0], Fee: r.effective[0].Minus(r.hourly[0]),
		Upfront: r.upfront[0]}
	if a.Running, err = money.Float(s.running[0]); err != nil {
		return a, err
	}
	if s.option.Committed() {
		pr.committed(&a, option, runs)
	} else {
		pr.used(&a, option, runs)
	}
	for _, b := range a.Begins {
		a.Nodes += b.Nodes
	}
	return a, nil
}

// committed notes when the nodes of a commitment are bought, and which they are in
// the first month.
func (pr *pricing) committed(a *Allocation, option int, runs []run) {
	for i := range runs {
		r := &runs[i]
		for _, b := range r.buys {
			if b.option == option && (b.month == 0 || r.by[b.month-1] != option) {
				a.begin(b.month, r.to-r.from)
			}
		}
		if r.by[0] != option {
			continue
		}
		a.span(r.from, r.to)
		if pr.lot.Slots[r.from].month(0) == 0 {
			a.Unused += r.to - r.from
		}
	}
}

// used notes when more nodes than before are bought by use, and which they are in
// the first month.
func (pr *pricing) used(a *Allocation, option int, runs []run) {
	most := 0
	for m := range pr.horizon {
		n := 0
		pr.byUse(runs, m, func(from, to, o int) {
			if o != option {
				return
			}
			if n += to - from; m == 0 {
				a.span(from, to)
			}
		})
		if m == 0 && option == onDemandFirst {
			for i := range runs {
				if r := &runs[i]; r.by[0] == free && pr.lot.Slots[r.from].idle() {
					a.span(r.from, r.to)
					n += r.to - r.from
				}
			}
		}
		if n > most {
			a.begin(m, n-most)
			most = n
		}
	}
}

// span adds slots [from, to) to those of the first month.
func (a *Allocation) span(from, to int) {
	if n := len(a.Slots); n > 0 && a.Slots[n-1].To == from {
		a.Slots[n-1].To = to
		return
	}
	a.Slots = append(a.Slots, Span{from + 1, to})
}

// begin adds nodes that are first bought so in a month.
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
func (pr *pricing) risk(m *Mix, by []*schedule, runs []run) error {
	falls := Falls()
	lost := make([]float64, len(falls)) // USD over the horizon
	slots := pr.lot.Slots
	for i := range runs {
		r := &runs[i]
		for _, b := range r.buys {
			month := by[b.option].effectiveMonth()
			from, to := b.month, min(b.month+b.months, pr.horizon)
			sum := slots[r.from].over(from, to)
			m.Use.CommittedUsed += float64(float64(r.to-r.from) * sum)
			for f, fall := range falls {
				for k := r.from; k < r.to; k++ {
					left := 0.0
					if n := int(math.Floor(float64(k)/(1-fall) + tie)); n < len(slots) {
						left = slots[n].over(from, to)
					}
					lost[f] += float64(month * math.Max(0, sum-left))
				}
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

// over is the duty summed over the months [from, to).
func (s *Slot) over(from, to int) float64 {
	sum, last := 0.0, len(s.Duty)-1
	for m := from; m < min(to, last); m++ {
		sum += s.Duty[m]
	}
	return sum + float64(float64(to-max(from, min(last, to)))*s.Duty[last])
}
