package workload

import (
	"slices"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Check refuses checks without a pause, which no threshold would ever fill.
func (h *HealthCheck) Check(c *strict.Checker) {
	if h.Interval.V <= 0 {
		c.Errorf(h.Interval.Pos, "give the time between two checks, such as 30s", "interval %s is not longer than 0",
			h.Interval.V)
	}
}

// Check refuses a rate at which nothing comes back.
func (r *Recovery) Check(c *strict.Checker) {
	if r.RestoreRate != nil && r.RestoreRate.V <= 0 {
		c.Errorf(r.RestoreRate.Pos,
			"give what a restore reaches, such as 100MB/s, or leave it out where it is not known",
			"restore_rate %s restores nothing", r.RestoreRate.V)
	}
}

// Check refuses a control plane of nothing.
func (o *Orchestrator) Check(c *strict.Checker) {
	if o.Kind.V == Unattended && o.Region != nil {
		c.Errorf(o.Region.Pos, "leave region out, or write kind: kubernetes or autoscaling",
			"kind is none, which has no control plane in %s", o.Region.V)
	}
}

// Check wants nodes that are there most of the time.
func (f *Failures) Check(c *strict.Checker) {
	switch {
	case f.Every.V <= 0:
		c.Errorf(f.Every.Pos, "give the mean time between two failures of a node, such as 365d",
			"every %s is not longer than 0", f.Every.V)
	case f.Repair.V > f.Every.V:
		c.Errorf(f.Repair.Pos, "exchange the two, if that is what happened",
			"repair %s is longer than every %s: a node would be away more than it is there", f.Repair.V, f.Every.V)
	}
}

// Check holds the keys of a call against each other.
func (c *Call) Check(x *strict.Checker) {
	if c.Retries.V > 0 && c.Async() {
		x.Errorf(c.Retries.Pos, "leave retries out, or write mode: sync",
			"retries %v of a call with mode: async, for whose answer nobody waits", c.Retries.V)
	}
	if c.Breaker.V && c.Retries.V == 0 {
		x.Errorf(c.Breaker.Pos, "give retries, such as retries: 2, or leave breaker out",
			"breaker stops callers from asking again, but there are no retries")
	}
}

// checkFailures finds what contradicts itself in what failures are about. An environment
// has only what is left of production's, which was checked.
func (p *Profile) checkFailures(ps *diag.Problems) {
	if p.Copy {
		return
	}
	p.checkDNS(ps)
	p.checkOrchestrator(ps)
	p.checkHosts(ps)
	for _, e := range p.Components {
		p.checkMembers(e.V, ps)
		if x, ok := e.V.Spec.(Agreeing); ok {
			x.Agree(p, e.V, ps)
		}
	}
	p.checkCopies(ps)
	p.checkPointInTime(ps)
	p.checkScenarios(ps)
}

// checkDNS refuses checks of regions whose users stay where they are.
func (p *Profile) checkDNS(ps *diag.Problems) {
	h := &p.DNS.HealthCheck
	if p.Failover == "independent" && !h.None && h.V.Pos != (diag.Pos{}) {
		ps.Addf(h.V.Pos, "write health_check: none, or another failover",
			"dns.health_check finds a lost region, but with failover: independent its users go nowhere else")
	}
}

// checkOrchestrator wants its control plane in the profile.
func (p *Profile) checkOrchestrator(ps *diag.Problems) {
	if o := p.Orchestrator; o != nil && o.Region != nil && !p.hasRegion(o.Region.V) {
		ps.Addf(o.Region.Pos, hintNearest(o.Region.V, p.RegionNames()),
			"the orchestrator's control plane stands in %q, which is no region of the profile", o.Region.V)
	}
}

func (p *Profile) hasRegion(name string) bool { return slices.Contains(p.RegionNames(), name) }

// checkPointInTime wants something that could be restored.
func (p *Profile) checkPointInTime(ps *diag.Problems) {
	aim := p.Aims.PointInTime
	if aim == nil || !aim.V {
		return
	}
	for _, e := range p.Components {
		if e.V.keeps().Data {
			return
		}
	}
	ps.Addf(aim.Pos, "leave it out, or add the component that keeps data",
		"aims.point_in_time is of stores, but no component keeps data")
}

// host is a physical server in a region, where it is named.
type host struct {
	name   strict.Value[string]
	region string
}

// hosts are the physical servers that members and sites name, in the order of the profile.
func (p *Profile) hosts() (out []host) {
	for _, e := range p.Components {
		for i := range e.V.Members {
			if m := &e.V.Members[i]; m.Host != nil {
				out = append(out, host{*m.Host, m.Region.V})
			}
		}
		for _, name := range e.V.keeps().Servers {
			if len(e.V.Regions) == 1 { // else the site itself is refused
				out = append(out, host{name, e.V.Regions[0]})
			}
		}
	}
	return out
}

// checkHosts wants each physical server in one place.
func (p *Profile) checkHosts(ps *diag.Problems) {
	first := map[string]string{}
	for _, h := range p.hosts() {
		at, named := first[h.name.V]
		if !named {
			first[h.name.V] = h.region
		} else if at != h.region {
			ps.Addf(h.name.Pos, "give each server a name of its own",
				"the physical server %q stands in %s here and in %s elsewhere: it can be in one place only",
				h.name.V, h.region, at)
		}
	}
}

// zonesIn is how many zones a region of the profile has.
func (p *Profile) zonesIn(region string) unit.Count {
	for i := range p.Regions {
		if p.Regions[i].Name == region {
			return p.Regions[i].Zones.V
		}
	}
	return 0
}
