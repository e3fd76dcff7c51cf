package workload

import (
	"slices"

	"headroom/pkg/outage"
	"headroom/pkg/strict"
)

// withoutLost leaves out what failures are about and what is no longer there: members in
// other regions, copies of other components or in other regions, scenarios of either. So
// environments and systems in fewer regions have what is left of all the rest.
func (p *Profile) withoutLost() {
	for i, e := range p.Components {
		c := *e.V
		c.Members = nil
		led := false
		for _, m := range e.V.Members {
			if p.hasRegion(m.Region.V) && c.RunsIn(m.Region.V) {
				c.Members = append(c.Members, m)
				led = led || m.Role.V == RolePrimary
			}
		}
		if !led {
			c.Members = nil
		}
		if len(c.Members) < len(e.V.Members) {
			p.Components[i].V = &c
		}
	}
	if o := p.Orchestrator; o != nil && o.Region != nil && !p.hasRegion(o.Region.V) {
		here := *o
		here.Region, p.Orchestrator = nil, &here
	}
	copies := p.Copies
	p.Copies = nil
	for _, e := range copies {
		of, at := e.V.Of, e.V.OfAt
		e.V.Of, e.V.OfAt = nil, nil
		for i, name := range of {
			if _, ok := p.Component(name); ok {
				e.V.Of, e.V.OfAt = append(e.V.Of, name), append(e.V.OfAt, at[i])
			}
		}
		if len(e.V.Of) > 0 && (e.V.Place == nil || p.hasRegion(e.V.Place.V)) {
			p.Copies = append(p.Copies, e)
		}
	}
	p.Scenarios = slices.DeleteFunc(slices.Clone(p.Scenarios), func(e strict.Entry[strict.Value[string]]) bool {
		s, err := outage.Parse(e.V.V, seconds)
		return err != nil || slices.ContainsFunc(s.Steps, func(events []outage.Event) bool {
			return slices.ContainsFunc(events, func(x outage.Event) bool {
				what, _ := p.unknown(&x)
				return what != ""
			})
		})
	})
}

// renamed puts what failures are about into the regions that took the place of others.
func (p *Profile) renamed(moved map[string]string) {
	move := func(v *strict.Value[string]) {
		if to, ok := moved[v.V]; ok {
			v.V, v.Text = to, to
		}
	}
	for i, e := range p.Components {
		if len(e.V.Members) == 0 {
			continue
		}
		c := *e.V
		c.Members = slices.Clone(c.Members)
		for k := range c.Members {
			move(&c.Members[k].Region)
		}
		p.Components[i].V = &c
	}
	if o := p.Orchestrator; o != nil && o.Region != nil {
		there, at := *o, *o.Region
		move(&at)
		there.Region, p.Orchestrator = &at, &there
	}
	p.Copies = slices.Clone(p.Copies)
	for i := range p.Copies {
		if x := &p.Copies[i].V; x.Place != nil {
			at := *x.Place
			move(&at)
			x.Place = &at
		}
	}
	p.Scenarios = slices.Clone(p.Scenarios)
	for i := range p.Scenarios {
		v := &p.Scenarios[i].V
		s, err := outage.Parse(v.V, seconds)
		if err != nil {
			continue // refused when it was read
		}
		for _, events := range s.Steps {
			for k := range events {
				if to, ok := moved[events[k].Region]; ok {
					events[k].Region = to
				}
			}
		}
		v.V = s.String()
		v.Text = v.V
	}
}
