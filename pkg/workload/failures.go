package workload

import (
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// This file is what happens around failures and does not depend on a component: how users
// find a region that is left, what people do, who replaces nodes. No bill depends on any
// of it, which the tag bill:"none" says (docs/model.md section 9).

// DNS is how users find a region that is left when theirs is lost.
type DNS struct {
	strict.At
	// How long resolvers keep an answer.
	TTL strict.Value[unit.Duration] `yaml:"ttl" bill:"none"`
	// How a lost region's addresses vanish by themselves; none has plain records, which a person has to remove.
	HealthCheck strict.OrNone[HealthCheck] `yaml:"health_check" bill:"none"`
	// Whether clients try the next address by themselves.
	Retry strict.Value[bool] `yaml:"retry" bill:"none"`
}

// HealthCheck is how a lost region is noticed.
type HealthCheck struct {
	strict.At
	// Time between two checks.
	Interval strict.Value[unit.Duration] `yaml:"interval" bill:"none"`
	// Answers missing in a row for which a region counts as lost.
	Threshold strict.Value[unit.Count] `yaml:"threshold" min:"1" max:"10" whole:"true" bill:"none"`
}

func defaultDNS() DNS {
	return DNS{
		TTL: given(unit.Duration(60), "AWS, Route 53 developer guide, best practices: at most 60 s for records with "+
			"health checks (pricing/limits/resilience.csv, failover.dns.ttl)"),
		HealthCheck: strict.OrNone[HealthCheck]{V: HealthCheck{
			Interval: given(unit.Duration(30), "AWS, Route 53 developer guide: 10 or 30 s "+
				"(pricing/limits/resilience.csv, failover.route53.interval)"),
			Threshold: judged(unit.Count(3), "three answers missing in a row"),
		}},
		Retry: judged(false, "most clients take the first address"),
	}
}

// Recovery is what people do after a failure. Nobody can know these times but those whose
// system it is: without them an outage is at least as long as what goes by itself.
type Recovery struct {
	strict.At
	// Until a person acts; without it not known.
	OnCall *strict.Value[unit.Duration] `yaml:"on_call" bill:"none"`
	// At which copies are restored; without it not known.
	RestoreRate *strict.Value[unit.ByteRate] `yaml:"restore_rate" bill:"none"`
	// Until a region is made again from code, onto which copies are restored; without it not known.
	Rebuild *strict.Value[unit.Duration] `yaml:"rebuild" bill:"none"`
}

// Kinds of orchestrators.
const (
	Kubernetes  = "kubernetes"
	Autoscaling = "autoscaling"
	Unattended  = "none"
)

// Orchestrator is what restarts processes and replaces nodes.
type Orchestrator struct {
	strict.At
	// What it is: kubernetes restarts processes, on nodes that are left; autoscaling replaces lost nodes too; both
	// as long as their control plane is there.
	Kind strict.Value[string] `yaml:"kind" required:"true" enum:"kubernetes|autoscaling|none" bill:"none"`
	// Region of its control plane; without it each region has its own.
	Region *strict.Value[string] `yaml:"region" format:"region" offer:"regions" bill:"none"`
}

// Failures are how often nodes of a component fail, and how long they are away then.
type Failures struct {
	strict.At
	// Mean time between two failures of a node.
	Every strict.Value[unit.Duration] `yaml:"every" required:"true" bill:"none"`
	// Mean time until a failed node is replaced or repaired.
	Repair strict.Value[unit.Duration] `yaml:"repair" required:"true" bill:"none"`
}

// Any tells whether anything is aimed at.
func (a *Aims) Any() bool {
	return a.Availability != nil || a.Outage != nil || a.DataLoss != nil || a.Disks != nil || len(a.Survive) > 0 ||
		a.Unattended != nil || a.PointInTime != nil
}
