package plan

import (
	"errors"
	"slices"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Refit is a plan's system in another situation, on the machines that were
// chosen.
type Refit struct {
	Layouts []*sizing.Layout // in the order of Plan.Order; nil where Failed is not
	Failed  *Choice          // what its machine no longer carries at any number of nodes
	On      string           // what that fails on

	system *sizing.System
}

// Refit sizes the system again with the machines that were chosen, under a
// demand of the plan's own profile.
func (p *Plan) Refit(d *workload.Demand) Refit { return p.refit(d, nil) }

// refit is Refit, but for components that keep the layout of an earlier one.
func (p *Plan) refit(d *workload.Demand, keep func(i int, sys *sizing.System) *sizing.Layout) Refit {
	r := Refit{system: p.System.Again(d), Layouts: make([]*sizing.Layout, len(p.Order))}
	var failed Refit
	err := r.system.Settle(func() error {
		for i, c := range p.Order {
			var l *sizing.Layout
			if keep != nil {
				l = keep(i, r.system)
			}
			if l == nil {
				on := ""
				if l, on = c.again(r.system); l == nil {
					failed = Refit{Failed: c, On: on}
					return errFails
				}
			}
			r.Layouts[i] = l
			r.system.Sized[c.Component.Name] = l
		}
		return nil
	})
	if err != nil {
		return failed
	}
	return r
}

// errFails ends the rounds of a system that machines do not carry.
var errFails = errors.New("not carried")

// Surge sizes components for the demand of an event, one of the plan's own profile, on the
// machines that they have; those that it does not concern stay as they are.
func (p *Plan) Surge(d *workload.Demand, concerned func(*Choice) bool) Refit {
	return p.refit(d, func(i int, _ *sizing.System) *sizing.Layout {
		if c := p.Order[i]; !concerned(c) {
			return c.Layout
		}
		return nil
	})
}

// Carries tells whether the machines that were chosen carry the system under a demand of
// the plan's own profile, where every layout then is as it is wanted. It looks no further
// than the first that is not, which a refit does.
func (p *Plan) Carries(d *workload.Demand, wanted func(*Choice, *sizing.Layout) bool) bool {
	sys := p.System.Again(d)
	return sys.Settle(func() error {
		for _, c := range p.Order {
			l, _ := c.again(sys)
			if l == nil || !wanted(c, l) {
				return errFails
			}
			sys.Sized[c.Component.Name] = l
		}
		return nil
	}) == nil
}

// again sizes the component on its machine in another system; nil, and the
// resource that it fails on, where that does not carry it at any number of
// nodes.
func (c *Choice) again(sys *sizing.System) (l *sizing.Layout, on string) {
	z, on := c.prepare(sys)
	if z == nil {
		return nil, on
	}
	l, rej := sizing.Fit(z, c.Layout.Type, c.Layout.Storage)
	if rej != nil {
		return nil, rej.Resource
	}
	return l, ""
}

// prepare makes the component's sizer, of the structure that was chosen, with as many
// shards beyond the least; nil, and what it fails on, where nothing can carry it.
func (c *Choice) prepare(sys *sizing.System) (z sizing.Sizer, on string) {
	k, found := sizing.Find(c.Component.Kind)
	if !found {
		return nil, ""
	}
	component, _ := sys.Profile.Component(c.Component.Name)
	z, err := k.Prepare(sys.Task(component))
	if err != nil {
		var rej *sizing.Rejection
		if errors.As(err, &rej) {
			on = rej.Resource
		}
		return nil, on
	}
	if c.Structure == 0 {
		return z, "" // for less than all structures
	}
	ways := structures(z)
	if c.Structure >= len(ways) {
		return nil, "structure"
	}
	if z = ways[c.Structure]; c.more > 0 {
		z = z.(sizing.Splitter).Split(c.more)
	}
	return z, ""
}

// Keep is the plan in the situation of a refit: its machines, in the numbers that
// are needed there. Given machines stay as they are. Its layouts are not described.
func (p *Plan) Keep(r Refit) *Plan {
	q := *p
	q.Profile, q.Demand, q.System = r.system.Profile, r.system.Flow.Demand, r.system
	q.Choices, q.Order = make([]*Choice, len(p.Choices)), make([]*Choice, len(p.Order))
	for i, c := range p.Order {
		d := *c
		d.Component, _ = q.Profile.Component(c.Component.Name)
		if !c.Pinned {
			d.Layout = r.Layouts[i]
		}
		q.Order[i] = &d
		q.Choices[slices.Index(p.Choices, c)] = &d
	}
	return &q
}

// dollars is what a component costs a month on demand with a layout, in floats.
func (p *Plan) dollars(c *Choice, l *sizing.Layout) float64 {
	if c.Pinned {
		l = c.Layout // given, whatever it should be
	}
	k := candidate{price: make([]float64, len(p.Tables.Regions))}
	if c.Layout.Type == nil {
		l = &sizing.Layout{Usage: l.Usage} // on another's nodes
	} else {
		for region := range k.price {
			k.price[region], _ = p.Tables.nodeMonth(region, p.Tables.Market.Of(c.Layout.Type))
		}
	}
	return p.search.cost(&k, l).dollars
}
