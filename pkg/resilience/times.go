package resilience

import (
	"slices"

	"headroom/pkg/outage"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is how long things take by themselves: what the profile says, else what is known
// of programs, else nothing, with the key that would tell it.

// factsTable is the table of what is known of programs, as it is cited.
const factsTable = "limits/resilience.csv"

// facts is the sum of times that are known of programs, as an upper bound, of which each is a
// term by the same name; false where one of them is not known, or where there are none.
func (b *builder) facts(what string, keys []string) (outage.Span, bool) {
	t := outage.Span{}
	for _, k := range keys {
		x, ok := b.times.Time(k)
		if !ok {
			return outage.Span{}, false
		}
		t = t.Plus(outage.Named(x.High.V, what, factsTable+", "+k))
	}
	return t, len(keys) > 0
}

// of says what a time is about: "promotion of db".
func (x *standing) of(what string) string { return what + " of " + x.choice.Component.Name }

// ofKey is the key of a component.
func (x *standing) ofKey(key string) string {
	return "components." + x.choice.Component.Name + "." + key
}

// promotion is until another member of a store leads.
func (b *builder) promotion(x *standing) outage.Span {
	if x.fails.Rule != outage.Led {
		return outage.Span{}
	}
	if x.fails.Promotion != nil {
		return outage.Named(float64(*x.fails.Promotion), x.of("promotion"), x.ofKey(x.fails.PromotionKey))
	}
	if t, ok := b.facts(x.of("promotion"), x.fails.Promotes); ok {
		return t
	}
	return outage.Unknown(x.ofKey(x.fails.PromotionKey))
}

// repaired is until a node that failed is there again, in the mean: no program is known to be
// quicker.
func (x *standing) repaired() outage.Span {
	if f := x.choice.Component.Failures; f != nil {
		return outage.Named(float64(f.Repair.V), x.of("repair"), x.ofKey("failures.repair"))
	}
	return outage.Unknown(x.ofKey("failures"))
}

// restart is until a process that crashed is back.
func (b *builder) restart(x *standing) outage.Span {
	if t, ok := b.facts(x.of("restart"), x.fails.Restarts); ok {
		return t
	}
	if x.fails.Rule == outage.Given {
		return outage.Span{}
	}
	return x.repaired()
}

// detect is until callers of a part leave a dead node of it alone: as its own nodes do, as who
// calls it looks after it, or as an orchestrator takes nodes out that do not answer.
func (b *builder) detect(part int) outage.Span {
	x := &b.stands[part]
	if x.fails.Rule == outage.Given || x.files {
		return outage.Span{}
	}
	if t, ok := b.facts(x.of("detection"), x.fails.Detects); ok {
		return t
	}
	if x.fails.Rule == outage.Led {
		return b.out.Parts[part].Promote
	}
	watched, all := outage.Span{}, false
	for i := range b.stands {
		calls := func(c outage.Call) bool { return c.To == b.out.Parts[part].Name }
		if !slices.ContainsFunc(b.out.Parts[i].Calls, calls) {
			continue
		}
		t, ok := b.facts(x.of("detection")+" by "+b.out.Parts[i].Name, b.stands[i].fails.Watches)
		if all = ok; !ok {
			break
		}
		watched = watched.Longer(t)
	}
	if all {
		return watched
	}
	if t, ok := b.facts(x.of("detection"), []string{"k8s.node_monitor_grace"}); ok && b.kubernetes() {
		return t
	}
	return x.repaired()
}

// kubernetes tells whether Kubernetes restarts processes and moves what ran on lost nodes.
func (b *builder) kubernetes() bool {
	return b.profile.Orchestrator != nil && b.profile.Orchestrator.Kind.V == workload.Kubernetes
}

// regions are the places, with who replaces nodes there.
func (b *builder) regions() {
	names := b.profile.RegionNames()
	for i := range b.demand.Regions {
		r := &b.demand.Regions[i]
		out := outage.Region{Name: r.Name, Zones: b.zones(i), Share: r.Share, From: i}
		switch o := b.profile.Orchestrator; {
		case o == nil:
			out.Launches = !b.plan.Tables.Vintage.Site(r.Name)
		default:
			out.Launches = o.Kind.V != workload.Unattended
			if o.Region != nil {
				out.From = max(0, slices.Index(names, o.Region.V)) // Parse refuses one that there is not
			}
		}
		if out.Launches {
			out.Replace = b.replacing()
		}
		b.out.Regions = append(b.out.Regions, out)
	}
}

// replacing is until a new node serves in the place of a lost one: as long as Kubernetes waits
// before it starts pods elsewhere, or as the slowest of the components that say how long
// theirs take.
func (b *builder) replacing() outage.Span {
	if b.kubernetes() {
		if t, ok := b.facts("pods elsewhere", []string{"k8s.pod_failover"}); ok {
			return t
		}
		return outage.Unknown("orchestrator")
	}
	longest, by := unit.Duration(-1), (*standing)(nil)
	for i := range b.stands {
		if t := b.stands[i].fails.Launch; t != nil && *t > longest {
			longest, by = *t, &b.stands[i]
		}
	}
	if by == nil {
		return outage.Unknown("orchestrator")
	}
	return outage.Named(float64(longest), by.of("new node"), by.ofKey("lag"))
}

// users are how users find a region that is left, and what people do.
func (b *builder) users() {
	d, r := &b.profile.DNS, &b.profile.Recovery
	b.out.DNS = outage.DNS{Moves: b.profile.Failover != workload.Independent && len(b.demand.Regions) > 1,
		Checks: !d.HealthCheck.None, TTL: outage.Named(float64(d.TTL.V), "records kept by resolvers", "dns.ttl"),
		Retries: d.Retry.V}
	if b.out.DNS.Checks {
		check := &d.HealthCheck.V
		b.out.DNS.Detect = outage.Named(float64(float64(check.Interval.V)*float64(check.Threshold.V)),
			"failed health checks", "dns.health_check")
	}
	b.out.People = outage.People{OnCall: outage.Unknown("recovery.on_call"),
		Rebuild: outage.Unknown("recovery.rebuild")}
	if r.OnCall != nil {
		b.out.People.OnCall = outage.Named(float64(r.OnCall.V), "until somebody acts", "recovery.on_call")
	}
	if r.Rebuild != nil {
		b.out.People.Rebuild = outage.Named(float64(r.Rebuild.V), "rebuild from code", "recovery.rebuild")
	}
}
