package workload

import (
	"fmt"
	"slices"

	"headroom/pkg/diag"
	"headroom/pkg/outage"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Check holds the keys of a copy against each other, and notes where names stand.
func (x *Copy) Check(c *strict.Checker) {
	x.OfAt = positions(c, "of", x.Of)
	switch {
	case x.Every == nil && !x.Log.V:
		c.Errorf(x.Pos, "write every: 24h, or log: true where any moment can be restored",
			"how often the copy is made is not said")
	case x.Every != nil && x.Every.V <= 0 && !x.Log.V:
		c.Errorf(x.Every.Pos, "give the time between two copies, such as 24h", "every %s is not longer than 0",
			x.Every.V)
	case x.Every != nil && x.Keep != nil && x.Keep.V < x.Every.V:
		c.Errorf(x.Keep.Pos, "keep each at least until the next one is made",
			"keep %s is shorter than every %s: most of the time there is no copy", x.Keep.V, x.Every.V)
	}
	if x.On.V == OnEphemeral && x.Place == nil {
		c.Errorf(x.On.Pos, "add at: and the region whose machines stop",
			"the copy lies on ephemeral disks, but in no region of which a machine could stop")
	}
}

// checkCopies wants copies of something, in a place that there is.
func (p *Profile) checkCopies(ps *diag.Problems) {
	for i := range p.Copies {
		x, name := &p.Copies[i].V, p.Copies[i].Key
		for k, of := range x.Of {
			c, ok := p.Component(of)
			switch {
			case !ok:
				ps.Addf(x.OfAt[k], p.nearest(of), "copy %q is of component %q, which does not exist", name, of)
			case !c.keeps().Data && !c.keeps().Files:
				ps.Addf(x.OfAt[k], "remove it from of",
					"copy %q is of %q, but a component of kind %q keeps nothing that could be copied", name, of, c.Kind)
			}
		}
		if x.Place == nil {
			continue
		}
		if at := x.Place.V; !p.hasRegion(at) {
			ps.Addf(x.Place.Pos, hintNearest(at, p.RegionNames()),
				"copy %q lies in %q, which is no region of the profile", name, at)
		}
		p.checkLog(name, x, ps)
	}
}

// checkLog refuses a log that is gone whenever what it protects is.
func (p *Profile) checkLog(name string, x *Copy, ps *diag.Problems) {
	if !x.Log.V || x.On.V != OnEphemeral {
		return
	}
	for _, of := range x.Of {
		if c, ok := p.Component(of); ok && p.firstRegion(c) == x.Place.V {
			ps.Addf(x.On.Pos, "write on: disks, or keep the log in another region",
				"copy %q is a log on ephemeral disks in %s, where %s writes: it is gone with what it is to restore",
				name, x.Place.V, of)
			return
		}
	}
}

// seconds reads the times of scenarios.
func seconds(text string) (float64, error) {
	var d unit.Duration
	err := d.ParseScalar(text)
	return float64(d), err
}

// checkScenarios wants scenarios of what there is.
func (p *Profile) checkScenarios(ps *diag.Problems) {
	for _, e := range p.Scenarios {
		s, err := outage.Parse(e.V.V, seconds)
		if err != nil {
			ps.Addf(e.V.Pos, "write events with + between those at once and a comma before later ones, such as "+
				"node:db + retries, node:db", "scenario %q: %v", e.Key, err)
			continue
		}
		for _, events := range s.Steps {
			for i := range events {
				if what, hint := p.unknown(&events[i]); what != "" {
					ps.Addf(e.V.Pos, hint, "scenario %q: %s: %s", e.Key, events[i], what)
				}
			}
		}
	}
}

// Lacks says what of a scenario the profile does not have, with a hint; "" where it has all.
func (p *Profile) Lacks(s outage.Scenario) (what, hint string) {
	for _, events := range s.Steps {
		for i := range events {
			if what, hint = p.unknown(&events[i]); what != "" {
				return events[i].String() + ": " + what, hint
			}
		}
	}
	return "", ""
}

// unknown says what of an event is not there, with a hint; "" where all is.
func (p *Profile) unknown(e *outage.Event) (what, hint string) {
	if e.Region != "" && !p.hasRegion(e.Region) {
		return fmt.Sprintf("%q is no region of the profile", e.Region), hintNearest(e.Region, p.RegionNames())
	}
	switch e.Kind {
	case outage.Zone:
		if zones := p.zonesIn(e.Region); unit.Count(e.Number) > zones {
			return fmt.Sprintf("%s has %v zones", e.Region, zones), "write a smaller number, or raise zones"
		}
	case outage.Split, outage.Failback:
		if len(p.Regions) < 2 {
			return "there is no other region", "add one, or write another event"
		}
	case outage.Host:
		return p.unknownHost(e.Host)
	}
	if e.Part == "" {
		return "", ""
	}
	return p.unknownPart(e)
}

// unknownHost says that no physical server has a name.
func (p *Profile) unknownHost(name string) (what, hint string) {
	var known []string
	for _, h := range p.hosts() {
		if h.name.V == name {
			return "", ""
		}
		known = append(known, h.name.V)
	}
	if len(known) == 0 {
		return "no physical server has a name", "write host: at members, or server: at machines of a site"
	}
	return fmt.Sprintf("no physical server is called %q", name), hintNearest(name, known)
}

// unknownPart says what of an event about a component is not there.
func (p *Profile) unknownPart(e *outage.Event) (what, hint string) {
	c, ok := p.Component(e.Part)
	switch {
	case !ok:
		return fmt.Sprintf("component %q does not exist", e.Part), p.nearest(e.Part)
	case e.Region != "" && !c.RunsIn(e.Region):
		return fmt.Sprintf("component %q does not run in %s", e.Part, e.Region), "name a region where it does"
	case e.Kind == outage.Standby && !c.keeps().Primary:
		return fmt.Sprintf("a component of kind %q has no standby", c.Kind), "name a store with a primary"
	case e.Role == "" || slices.Contains(c.roles(), e.Role):
		return "", ""
	case len(c.roles()) == 0:
		return fmt.Sprintf("all nodes of %q are alike", e.Part), "write " + string(e.Kind) + ":" + e.Part
	}
	return fmt.Sprintf("no node of %q is a %s", e.Part, e.Role), hintNearest(e.Role, c.roles())
}

// roles are those of a component's nodes: of its members, or those that its kind gives.
func (c *Component) roles() []string {
	if len(c.Members) == 0 {
		return c.keeps().Roles
	}
	var out []string
	for i := range c.Members {
		if role := c.Members[i].Role.V; !slices.Contains(out, role) {
			out = append(out, role)
		}
	}
	return out
}
