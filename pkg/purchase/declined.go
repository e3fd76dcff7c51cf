package purchase

import (
	"math"

	"headroom/pkg/remark"
)

// Declined says why a mix takes none of the ways that are asked for; ok is false
// where it takes one, or none but on demand is asked for. The first reason that
// holds for all of them is given.
func (m *Mix) Declined(p Lot, opts []Option, c Constraints) (why remark.Remark, ok bool) {
	for i := range m.Allocations {
		if m.Allocations[i].Option.Kind != OnDemand {
			return why, false
		}
	}
	var asked, priced []*Option
	for i := range opts {
		if o := &opts[i]; o.Kind != OnDemand && c.Asks(o) {
			if asked = append(asked, o); o.Missing.IsZero() {
				priced = append(priced, o)
			}
		}
	}
	switch {
	case len(asked) == 0 || len(p.Slots) == 0:
		return why, false
	case len(asked) == 1 && asked[0].Kind == Spot && !p.Interruptible:
		return remark.New("not_taken.interruptible"), true
	case len(priced) == 0:
		return remark.New("not_taken.unpriced"), true
	case m.PVOnDemand.IsZero():
		return remark.New("not_taken.never_needed"), true
	}
	return p.dearer(priced, opts, &c), true
}

// dearer says why none of the ways that have a price is cheaper than on demand:
// for the commitment that needs the least use, else for spot.
func (p *Lot) dearer(priced []*Option, opts []Option, c *Constraints) remark.Remark {
	var demand, best, spot *Option
	for i := range opts {
		if opts[i].Kind == OnDemand {
			demand = &opts[i]
		}
	}
	for _, o := range priced {
		switch {
		case o.Kind == Spot:
			spot = o
		case best == nil || o.Effective() < best.Effective():
			best = o
		}
	}
	if best == nil {
		return p.withoutSpot(spot, demand, c)
	}
	duty := 0.0 // of the most needed node in its busiest month
	for _, u := range p.Slots[0].Duty {
		duty = math.Max(duty, u)
	}
	even := best.BreakEven(demand)
	switch {
	case c.limits(p, 0).most == 0:
		return remark.New("not_taken.bounds")
	case even >= 1:
		return remark.New("not_taken.dear", "option", best.Name)
	case duty > even:
		return remark.New("not_taken.short", "option", best.Name, "break_even", even)
	}
	return remark.New("not_taken.seldom", "option", best.Name, "break_even", even, "duty", duty)
}

// withoutSpot says why spot alone is not taken.
func (p *Lot) withoutSpot(spot, demand *Option, c *Constraints) remark.Remark {
	l := c.limits(p, 0)
	switch {
	case p.maxSpot(0) < max(1, c.SpotTypes):
		return remark.New("not_taken.reclaimed", "nodes", p.maxSpot(0), "types", max(1, c.SpotTypes))
	case l.spot == 0:
		return remark.New("not_taken.bounds")
	}
	saving := 1 - spot.Effective()/demand.Effective()
	return remark.New("not_taken.saving", "saving", saving, "least", float64(c.MinSpotSaving))
}
