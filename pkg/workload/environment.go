package workload

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Production is the name of the system itself among its environments.
const Production = "production"

// Environment is a copy of the system beside production (docs/model.md section 1):
// its components under a part of the demand, billed for the hours in which it
// runs, H × hours per week / 168; storage is billed for the month. Given
// counts are scaled too. Production is the profile itself.
func (p *Profile) Environment(name string) (*Profile, error) {
	if name == Production || name == "" {
		return p, nil
	}
	env, ok := p.Environments.Get(name)
	if !ok {
		hint := "add it under environments:"
		if s := diag.Suggest(name, append(p.Environments.Keys(), Production)); s != "" {
			hint = "did you mean " + s + "?"
		}
		return nil, diag.Problem{Pos: diag.Pos{File: p.File}, Hint: hint,
			Summary: fmt.Sprintf("the profile %s has no environment %q; it has %s",
				p.Name, name, strings.Join(append([]string{Production}, p.Environments.Keys()...), ", "))}
	}
	q := *p
	q.Copy = true
	q.Name, q.Environments, q.Stages, q.Printed = p.Name+"/"+name, nil, nil, nil
	if p.Title != "" {
		q.Title = p.Title + " (" + name + ")"
	}
	scale := env.load(&q)
	if part := env.running(); part != 1 {
		q.Scheduled, q.Destroyed = part, env.OnStop == "destroy"
		q.runs(p.HoursPerMonth.V)
	}
	env.Policy.apply(&q.Policy)
	if env.Failover != "" {
		q.Failover = env.Failover
	}
	if env.Dataset != nil {
		q.Data.Dataset = *env.Dataset
	}
	if env.Survive != nil {
		q.Policy.Survive = *env.Survive
	}
	q.only(&env, scale)
	q.Growth.Events = q.concerned(p.Growth.Events)
	q.withoutLost()
	var ps diag.Problems
	q.check(&ps)
	for i := range ps {
		ps[i].Summary = "environment " + name + ": " + ps[i].Summary
		if ps[i].Pos == p.Pos || ps[i].Pos == (diag.Pos{}) {
			ps[i].Pos = env.Pos
		}
	}
	return &q, ps.Err()
}

// only leaves the regions and components that the environment has.
func (p *Profile) only(env *Environment, scale float64) {
	regions, components := p.Regions, p.Components
	if len(env.Regions) > 0 {
		p.Regions = nil
		for _, r := range regions {
			if slices.Contains(env.Regions, r.Name) {
				r.Share = strict.Value[unit.Fraction]{} // spread evenly over what is left
				p.Regions = append(p.Regions, r)
			}
		}
	}
	p.Components = nil
	for _, e := range components {
		if len(env.Components) == 0 || slices.Contains(env.Components, e.Key) {
			c := e.V.within(p, env, scale)
			if len(e.V.Regions) > 0 && len(c.Regions) == 0 {
				continue // it runs only where the environment does not
			}
			e.V = c
			p.Components = append(p.Components, e)
		}
	}
}

// concerned are events without the components that the profile does not have, and without
// those that then concern none.
func (p *Profile) concerned(events []Event) []Event {
	var out []Event
	for _, e := range events {
		all := e.Components
		e.Components = nil
		for _, name := range all {
			if _, ok := p.Component(name); ok {
				e.Components = append(e.Components, name)
			}
		}
		if len(all) == 0 || len(e.Components) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// within is the component as it is in an environment: without what is not
// there.
func (c *Component) within(p *Profile, env *Environment, scale float64) *Component {
	components := env.Components
	d := *c
	d.PrintedRow, d.Calls, d.Regions = nil, nil, nil
	for _, call := range c.Calls {
		if len(components) == 0 || slices.Contains(components, call.Key) {
			d.Calls = append(d.Calls, call)
		}
	}
	for _, r := range c.Regions {
		if slices.Contains(p.RegionNames(), r) {
			d.Regions = append(d.Regions, r)
		}
	}
	if c.Pin != nil {
		pin := *c.Pin
		part := func(n int) int { return int(math.Ceil(float64(n) * scale * (1 - 1e-9))) }
		pin.Count.V = CountRange{part(pin.Count.V.Min), part(pin.Count.V.Max)}
		d.Pin = &pin
	}
	if len(env.Types) > 0 && c.Pin == nil {
		d.Allow, d.AllowOfAll = onlyTypes(env.Types, env.typeAt), true
	}
	if own, ok := env.Machines.Get(c.Name); ok {
		if own.Pin != nil {
			d.Pin = own.Pin
		}
		if len(own.Types) > 0 {
			d.Allow, d.AllowOfAll = onlyTypes(own.Types, own.typeAt), false
		}
	}
	return &d
}

// load gives a profile the environment's load, and returns the part of production's that
// it is: 1 where it has users of its own.
func (env *Environment) load(q *Profile) float64 {
	scale := 1.0
	if env.Scale.Set {
		scale = float64(env.Scale.V)
		q.Peak.Users.V = unit.Count(q.Peak.Users.V * unit.Count(scale))
	}
	if own := env.Peak; own != nil {
		take(&q.Peak.Users, own.Users)
		take(&q.Peak.RequestsPerUser, own.RequestsPerUser)
		if own.WriteRatio != nil {
			q.Peak.WriteRatio, q.Peak.WritesPerUser = *own.WriteRatio, nil
		}
	}
	return scale
}

// apply puts what an environment says in the place of the policy's.
func (own *OwnPolicy) apply(p *Policy) {
	if own == nil {
		return
	}
	take(&p.Own, own.Own)
	take(&p.Degraded, own.Degraded)
	take(&p.Connections, own.Connections)
	take(&p.Memory, own.Memory)
	take(&p.Disk, own.Disk)
}

// take replaces a value by another that may be given.
func take[T any](v *strict.Value[T], given *strict.Value[T]) {
	if given != nil {
		*v = *given
	}
}

// runs says of how many hours a whole month is, in a part of which the profile runs. They
// are rounded once, to hundredths of an hour as calculators show them, so that what is
// billed is the price of an hour times hours that anybody can read.
func (p *Profile) runs(month unit.Count) {
	p.WholeMonth = month
	p.HoursPerMonth.V = unit.Count(math.Round(float64(month)*p.Scheduled*100) / 100)
}
