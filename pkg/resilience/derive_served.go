package resilience

import (
	"math"
	"slices"
	"strings"

	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// phases are the names of the three phases.
func phases() [3]string { return [...]string{"at once", "by itself", "by people"} }

// served derives what users get in each phase that differs from the one before it.
func (d *deriver) served() {
	all := [...]outage.Phase{d.trace.Now, d.trace.Auto, d.trace.Hand}
	for i, name := range phases() {
		if i > 0 && all[i].Reads == all[i-1].Reads && all[i].Writes == all[i-1].Writes {
			continue
		}
		st := &d.trace.Stages[i]
		if !d.asked(false) && !d.asked(true) {
			d.add("", remark.Derive("reads and writes answered {phase}", modelSection, unit.Fraction(1), "").
				Naming("phase", name).Noting("step.nobody_asks"))
			continue
		}
		reads := func(p *outage.Place) float64 { return p.Reads }
		writes := func(p *outage.Place) float64 { return p.Writes }
		alike := !slices.ContainsFunc(st.Places, func(p outage.Place) bool { return p.Reads != p.Writes })
		if alike && d.asked(false) && d.asked(true) {
			d.add("", d.weighed("reads and writes answered {phase}", st, all[i].Reads, reads).Naming("phase", name))
			continue
		}
		if d.asked(false) {
			d.add("", d.weighed("reads answered {phase}", st, all[i].Reads, reads).Naming("phase", name))
		}
		if d.asked(true) {
			d.add("", d.weighed("writes answered {phase}", st, all[i].Writes, writes).Naming("phase", name))
		}
	}
}

// asked tells whether users read, or whether they write.
func (d *deriver) asked(writes bool) bool {
	return slices.ContainsFunc(d.system.Journeys, func(j outage.Journey) bool { return j.Writes == writes })
}

// weighed is a step to the part of all requests that is answered, by where users are.
func (d *deriver) weighed(what string, st *outage.Stage, result float64, of func(*outage.Place) float64) remark.Step {
	s := remark.Derive(what, modelSection, unit.Fraction(result), "")
	for r := range st.Places {
		p := &st.Places[r]
		if p.Users == 0 {
			continue
		}
		text := "{users} of users × {answered} in {region}"
		if p.Lost {
			text += ", which is lost"
		}
		s = s.Plus(text, "users", unit.Fraction(p.Users), "answered", unit.Fraction(of(p)), "region",
			d.system.Regions[r].Name)
	}
	return s
}

// part derives what becomes of a part that a scenario touches, once what goes by itself has gone.
func (d *deriver) part(i int) {
	name, o := d.system.Parts[i].Name, &d.trace.Parts[i]
	touched := slices.ContainsFunc(d.row.Parts, func(p PartRow) bool { return p.Component == name })
	var remains []*outage.Remains
	for k := range d.trace.Stages[1].Remains {
		if x := &d.trace.Stages[1].Remains[k]; x.Part == i {
			remains = append(remains, x)
		}
	}
	for _, x := range remains {
		d.left(x)
	}
	if !touched {
		return
	}
	reads := d.least("reads that it answers", remains, o.Reads, func(x *outage.Remains) float64 { return x.Reads })
	writes := d.least("writes that it answers", remains, o.Writes,
		func(x *outage.Remains) float64 { return x.Writes })
	if o.Why != "" {
		reads, writes = reads.Noting("step.because", "why", o.Why), writes.Noting("step.because", "why", o.Why)
	}
	d.add(name, reads)
	d.add(name, writes)
	if o.Promoted {
		x := &d.system.Parts[i].Pools[o.Leader]
		d.add(name, remark.Derive("new primary", modelSection, remark.Notate("{role} in {region}", "role", x.Role,
			"region", d.system.Regions[x.Region].Name), "").Noting("step.first_candidate"))
	}
}

// least is a step to what the region gets for which a part does least.
func (d *deriver) least(what string, remains []*outage.Remains, result float64,
	of func(*outage.Remains) float64) remark.Step {
	var terms []string
	var pairs []any
	for _, x := range remains {
		if !x.Asked {
			continue
		}
		region := d.system.Regions[x.Region].Name
		terms = append(terms, "{in "+region+"} in {"+region+"}")
		pairs = append(pairs, "in "+region, unit.Fraction(of(x)), region, region)
	}
	text := strings.Join(terms, ", ")
	if len(terms) > 1 {
		text = "min(" + text + ")"
	}
	return remark.Derive(what, modelSection, unit.Fraction(result), text, pairs...)
}

// left derives the nodes of a part that are left in a region, and what they do, where some are
// lost or do more than is allowed.
func (d *deriver) left(x *outage.Remains) {
	name, region := d.nameOf(x), d.system.Regions[x.Region].Name
	if x.Left < x.Nodes {
		d.add(name, remark.Derive("nodes left in {region}", modelSection, unit.Count(x.Left), "{nodes} − {lost}",
			"nodes", x.Nodes, "lost", x.Nodes-x.Left).Naming("region", region))
	}
	if x.Left == 0 || x.Of == "" || x.Left == x.Nodes && x.Carried.Part == 1 && !x.Above {
		return
	}
	s := remark.Derive("load that they carry in {region}", modelSection, unit.Fraction(x.Carried.Part), "").
		Naming("region", region).Noting("step.carry", "left", x.Left, "nodes", x.Nodes, "resource", x.Of,
		"full", x.Full, "allowed", x.Allowed)
	if x.Above {
		s = s.Adding("step.above")
	}
	d.add(name, s)
}

// latency derives the response time of the component that grows slower most.
func (d *deriver) latency() {
	l := d.row.Slowest
	if l == nil {
		return
	}
	var worst *outage.Remains
	for i := range d.trace.Stages[1].Remains {
		if x := &d.trace.Stages[1].Remains[i]; d.nameOf(x) == l.Component && (worst == nil || x.P99 > worst.P99) {
			worst = x
		}
	}
	s := remark.Derive("p99 of its own time in {region}", "MODEL section 3", nil, "").
		Naming("region", d.system.Regions[worst.Region].Name).
		Noting("step.queue", "busy", worst.Busy, "rested", worst.Rested, "before", l.Before)
	if math.IsInf(worst.P99, 1) {
		s = s.Adding("step.endless")
	} else {
		s.Result = remark.Notate("{}", "", unit.Duration(worst.P99))
	}
	d.add(l.Component, s)
}
