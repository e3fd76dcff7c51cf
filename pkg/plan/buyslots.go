package plan

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// slotsOf are the nodes of a pool with the part of the hours in which each is
// needed.
func slotsOf(scheduled unit.Fraction, p *sizing.Pool) []purchase.Slot {
	if counts := purchase.Counts(*p); counts != nil {
		return purchase.Slots(scheduled, counts)
	}
	return purchase.Between(scheduled, p.Min, p.Max, p.Mean)
}

// slots are the nodes of a pool over the months of the course.
func (k *course) slots(key poolKey, scheduled unit.Fraction) []purchase.Slot {
	first := key.in(k.months[0])
	if len(k.months) == 1 || first != nil && purchase.Counts(*first) == nil {
		return slotsOf(scheduled, first) // given machines do not grow
	}
	months := make([][]capacity.Count, len(k.months))
	for m, l := range k.months {
		if p := key.in(l); p != nil {
			months[m] = purchase.Counts(*p)
		}
	}
	return purchase.Slots(scheduled, months...)
}

// maxSpot is the reclaim rule's bound on the nodes of a pool, month by month.
func (k *course) maxSpot(key poolKey, types, zones int) []int {
	out := make([]int, len(k.months))
	for m, l := range k.months {
		if m > 0 && l == k.months[m-1] {
			out[m] = out[m-1]
		} else if p := key.in(l); p != nil {
			out[m] = purchase.MaxSpot(p.Max, left(l, p), types, zones)
		}
	}
	return out
}

// left is how many nodes carry the pool's own load at the degraded target: what
// must remain when spot is reclaimed. Where the kind does not say, all of them.
func left(l *sizing.Layout, pool *sizing.Pool) int {
	l.Detail()
	n := 0
	for _, x := range l.Limits {
		switch {
		case x.Region != pool.Region || x.Role != pool.Role:
		case x.Left > 0:
			n = max(n, x.Left)
		case x.State == capacity.NodeLost:
			n = max(n, x.Nodes-1)
		}
	}
	if n == 0 {
		return pool.Max
	}
	return min(n, pool.Max)
}

// spread lists the type and, where spot must be spread over several, those that
// take its place node for node: as many vCPUs, as much memory, as fast at every
// class of work.
func (s *sizer) spread(t *catalog.NodeType, allow *workload.Allow, types int) []string {
	out := []string{t.Name}
	if types <= 1 {
		return out
	}
	for i := range s.types {
		x := &s.types[i]
		if x.Name == t.Name || x.VCPU != t.VCPU || x.Memory < t.Memory || !s.allowed(x, allow) {
			continue
		}
		if s.asFast(x, t) {
			out = append(out, x.Name)
		}
	}
	return out
}

// asFast tells whether a type does any class of work at least as fast as
// another, by all that is known of the two.
func (s *sizer) asFast(x, t *catalog.NodeType) bool {
	for class := range catalog.Class(len(catalog.ClassNames())) {
		v, err := s.sys.Speeds.Speed(x, class, t)
		w, same := s.sys.Speeds.Speed(t, class, t)
		if err != nil || same != nil || v.RefVCPUs < w.RefVCPUs {
			return false
		}
	}
	return true
}

// rates are the prices that the profile gives for options of a type.
func rates(s *workload.Purchase, typ string) []purchase.Given {
	var out []purchase.Given
	for i := range s.Rates {
		r := &s.Rates[i]
		if r.Type != "" && r.Type != typ {
			continue
		}
		g := purchase.Given{Name: r.Option, Hourly: r.Hourly.V.Rate, Source: r.Source}
		if r.Fee != nil {
			g.Fee = r.Fee.V.Amount
		}
		out = append(out, g)
	}
	return out
}
