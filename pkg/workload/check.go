package workload

import (
	"math"
	"slices"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/unit"
)

// shareSlack is how far shares may add up beside 1 (three thirds written as
// 33.33 %).
const shareSlack = 1e-3

// check finds what is wrong between fields: names that nothing has, shares
// that do not add up, calls in a circle.
func (p *Profile) check(ps *diag.Problems) {
	p.checkRegions(ps)
	p.checkCurve(ps)
	p.checkPeak(ps)
	p.checkLead(ps)
	p.checkClasses(ps)
	p.checkComponents(ps)
	p.checkNames(ps)
	p.checkFailures(ps)
	*ps = append(*ps, CheckLayers(p.Adjustments)...)
	if i := p.Purchase.Interruptible; i != nil {
		ps.Addf(i.Pos, "write it at the components that may be interrupted: purchase: {interruptible: true}",
			"interruptible stands at the profile: not everything may be reclaimed at any time")
	}
	if len(*ps) == 0 {
		if _, err := p.order(); err != nil {
			ps.Add(*err)
		}
	}
}

func (p *Profile) checkRegions(ps *diag.Problems) {
	seen := map[string]bool{}
	sum, set := 0.0, 0
	for i := range p.Regions {
		r := &p.Regions[i]
		if seen[r.Name] {
			ps.Addf(r.Pos, "name each region once", "region %q stands twice", r.Name)
		}
		seen[r.Name] = true
		if z := float64(r.Zones.V); z != math.Trunc(z) {
			ps.Addf(r.Zones.Pos, "", "zones %v is not a whole number", r.Zones.V)
		}
		if err := r.tooManyZones(); err != nil {
			ps.Addf(r.Zones.Pos, "use as many as it has, or fewer", "%v", err)
		}
		if r.Share.Set {
			set++
		}
		sum += float64(r.Share.V)
	}
	switch {
	case set == 0:
	case set < len(p.Regions):
		ps.Addf(p.Regions[0].Pos, "give every region a share, or none", "%d of %d regions have a share",
			set, len(p.Regions))
	case math.Abs(sum-1) > shareSlack:
		ps.Addf(p.Regions[0].Share.Pos, "the shares of the regions add up to 100%",
			"the shares of the regions add up to %s%%", unit.Digits(sum*100, 4))
	}
}

// checkCurve refuses what would have no effect on the load curve.
func (p *Profile) checkCurve(ps *diag.Problems) {
	c := &p.Curve
	if c.File == "" && c.Clock != "" {
		ps.Addf(c.Pos, "leave clock out, or give a file",
			"curve.clock is of the hours of curve.file: presets are in each region's own time")
	}
	if c.File == "" || c.Clock == clockLocal {
		return
	}
	for i := range p.Regions {
		if r := &p.Regions[i]; r.TZ.Set {
			ps.Addf(r.TZ.Pos, "leave tz out, or write curve: {clock: local} where the file's hours are those of each "+
				"region's clock", "tz %s has no effect on curve.file %s, whose hours are UTC", r.TZ.V, c.File)
		}
	}
}

func (p *Profile) checkLead(ps *diag.Problems) {
	if p.Lead.Set && p.Lead.V > p.Horizon.V {
		ps.Addf(p.Lead.Pos, "raise horizon, or lower lead",
			"lead %v is more than horizon %v: what can be added later is not bought for longer than what cannot",
			p.Lead.V, p.Horizon.V)
	}
}

func (p *Profile) checkPeak(ps *diag.Problems) {
	k := &p.Peak
	if k.WritesPerUser != nil && k.WriteRatio.Set {
		ps.Addf(k.WritesPerUser.Pos, "give write_ratio or writes_per_user, not both", "writes are given twice")
	}
	if k.WritesPerUser != nil && k.WritesPerUser.V > k.RequestsPerUser.V {
		ps.Addf(k.WritesPerUser.Pos, "writes are a part of the requests",
			"writes_per_user %v is more than requests_per_user %v", k.WritesPerUser.V, k.RequestsPerUser.V)
	}
	if k.Session.V <= 0 {
		ps.Addf(k.Session.Pos, "give the mean length of a session, such as 10min", "session %v is not longer than 0",
			k.Session.V)
	}
	if p.Pinned() {
		return
	}
	if !k.Users.Set || !k.RequestsPerUser.Set {
		ps.Addf(k.Pos, "give peak.users and peak.requests_per_user, or pin every component",
			"components are to be sized but the demand is not given")
	}
	if len(p.Regions) == 0 {
		ps.Addf(p.Pos, "add regions: [{name: us-east-1}]", "no region is given")
	}
}

func (p *Profile) checkClasses(ps *diag.Problems) {
	sum := 0.0
	for _, c := range p.Classes {
		sum += float64(c.V.Share.V)
		if c.V.Entry != "" {
			if _, ok := p.Component(c.V.Entry); !ok {
				ps.Addf(c.V.Pos, p.nearest(c.V.Entry), "class %q enters at component %q, which does not exist",
					c.Key, c.V.Entry)
			}
		}
	}
	if len(p.Classes) > 0 && math.Abs(sum-1) > shareSlack {
		ps.Addf(p.Classes[0].V.Share.Pos, "the shares of the classes add up to 100%",
			"the shares of the classes add up to %s%%", unit.Digits(sum*100, 4))
	}
}

func (p *Profile) checkComponents(ps *diag.Problems) {
	if len(p.Components) == 0 {
		ps.Addf(p.Pos, "add at least one component", "no component is given")
	}
	var entries []string
	for _, e := range p.Components {
		c := e.V
		if c.Entry {
			if entries = append(entries, c.Name); len(entries) == 2 {
				ps.Addf(c.Pos, "keep entry: true at one of them; requests of a class enter where the class says",
					"component %q is an entry of requests, and so is %q: only one can be", c.Name, entries[0])
			}
		}
		if c.Generates != nil && !p.enters(c) {
			ps.Addf(c.Generates.Pos, "say it at the component where users' requests enter",
				"component %q generates answers to users, but no requests of users enter there", c.Name)
		}
		for _, r := range c.Regions {
			if !slices.Contains(p.RegionNames(), r) {
				ps.Addf(c.Pos, hintNearest(r, p.RegionNames()),
					"component %q names region %q, which the profile does not have", c.Name, r)
			}
		}
		for _, call := range c.Calls {
			if call.Key == c.Name {
				ps.Addf(call.KeyPos, "remove the call", "component %q calls itself", c.Name)
			} else if _, ok := p.Component(call.Key); !ok {
				ps.Addf(call.KeyPos, p.nearest(call.Key), "component %q calls %q, which does not exist",
					c.Name, call.Key)
			}
			for _, class := range call.V.Classes {
				if !p.hasClass(class) {
					ps.Addf(call.V.Pos, "name one of the profile's classes",
						"call to %q is for class %q, which does not exist", call.Key, class)
				}
			}
		}
		if c.Colocate != "" {
			if host, ok := p.Component(c.Colocate); !ok || c.Colocate == c.Name {
				ps.Addf(c.Pos, p.nearest(c.Colocate),
					"component %q runs on the nodes of %q, which is not another component", c.Name, c.Colocate)
			} else if host.Colocate != "" {
				ps.Addf(c.Pos, "name the component that has the nodes: "+host.Colocate,
					"component %q runs on the nodes of %q, which has none of its own", c.Name, c.Colocate)
			}
		}
	}
	if len(entries) == 0 && !p.Pinned() && !p.classesEnter() {
		ps.Addf(p.Pos, "write entry: true at the component that users call", "no component is the entry of requests")
	}
}

// enters tells whether requests of users arrive at a component first.
func (p *Profile) enters(c *Component) bool {
	for i := range p.Classes {
		if p.Classes[i].V.Entry == c.Name {
			return true
		}
	}
	return c.Entry
}

// classesEnter tells whether every class names its entry, so that no component
// needs to be the general one.
func (p *Profile) classesEnter() bool {
	for _, c := range p.Classes {
		if c.V.Entry == "" {
			return false
		}
	}
	return len(p.Classes) > 0
}

// checkEvents wants the components of events in the profile or in one of its stages.
func (p *Profile) checkEvents(ps *diag.Problems) {
	for _, e := range p.Growth.Events {
		for _, name := range e.Components {
			_, ok := p.Component(name)
			for i := range p.Stages {
				_, later := p.Stages[i].profile.Component(name)
				ok = ok || later
			}
			if !ok {
				ps.Addf(e.Pos, p.nearest(name), "event %q concerns component %q, which does not exist", e.Name, name)
			}
		}
	}
}

func (p *Profile) checkNames(ps *diag.Problems) {
	if len(p.Stages) == 0 { // else one of them may have it
		p.checkEvents(ps)
	}
	for _, e := range p.Environments {
		for _, name := range e.V.Components {
			if _, ok := p.Component(name); !ok {
				ps.Addf(e.V.Pos, p.nearest(name), "environment %q names component %q, which does not exist",
					e.Key, name)
			}
		}
		for _, m := range e.V.Machines {
			if _, ok := p.Component(m.Key); !ok {
				ps.Addf(m.KeyPos, p.nearest(m.Key),
					"environment %q names component %q, which does not exist", e.Key, m.Key)
			}
		}
		for _, r := range e.V.Regions {
			if !slices.Contains(p.RegionNames(), r) {
				ps.Addf(e.V.Pos, hintNearest(r, p.RegionNames()),
					"environment %q names region %q, which the profile does not have", e.Key, r)
			}
		}
	}
}

func (p *Profile) hasClass(name string) bool {
	for _, c := range p.Classes {
		if c.Key == name {
			return true
		}
	}
	return false
}

func (p *Profile) nearest(name string) string { return hintNearest(name, p.ComponentNames()) }

func hintNearest(name string, known []string) string {
	if len(known) == 0 {
		return "remove it: there is none"
	}
	if s := diag.Suggest(name, known); s != "" {
		return "did you mean " + s + "?"
	}
	return "known: " + strings.Join(known, ", ")
}

// order sorts the components so that every caller stands before what it calls;
// among those that are free, the order of the file decides. A circle is a
// problem at the call that closes it.
func (p *Profile) order() ([]*Component, *diag.Problem) {
	const open, done = 1, 2
	state := make(map[string]int, len(p.Components))
	sorted := make([]*Component, 0, len(p.Components))
	var path []string // to the component at hand
	var visit func(c *Component) *diag.Problem
	visit = func(c *Component) *diag.Problem {
		state[c.Name] = open
		path = append(path, c.Name)
		for _, call := range c.Calls {
			to, _ := p.Component(call.Key)
			switch state[to.Name] {
			case open:
				return &diag.Problem{Pos: call.KeyPos,
					Summary: "calls in a circle: " +
						strings.Join(append(path, to.Name), " → "),
					Hint: "a call that only answers an earlier one is part of that call: remove it"}
			case 0:
				if err := visit(to); err != nil {
					return err
				}
			}
		}
		state[c.Name], path = done, path[:len(path)-1]
		sorted = append(sorted, c)
		return nil
	}
	for i := len(p.Components) - 1; i >= 0; i-- {
		if c := p.Components[i].V; state[c.Name] == 0 {
			if err := visit(c); err != nil {
				return nil, err
			}
		}
	}
	for i, j := 0, len(sorted)-1; i < j; i, j = i+1, j-1 {
		sorted[i], sorted[j] = sorted[j], sorted[i]
	}
	return sorted, nil
}
