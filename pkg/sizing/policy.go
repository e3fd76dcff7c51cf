package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Rules is the component's policy in plain numbers (docs/model.md section 4).
type Rules struct {
	Own, Degraded, Connections, Memory, Disk float64
	capacity.Survive
	Reserve          Reserve
	SLO, SLODegraded ResponseAims
}

// Reserve is what the operating system and agents take of every node.
type Reserve struct {
	CPU    float64 // vCPUs that are busy whatever the load
	Memory float64 // bytes
	Part   float64 // of the memory, in addition
}

// usable is a node's memory without what the operating system and agents take,
// bytes.
func (p *Rules) usable(t *catalog.NodeType) float64 {
	return max(0, float64(float64(t.Memory)*(1-p.Reserve.Part))-p.Reserve.Memory)
}

// allowed is the memory that all processes of a node may take, bytes: within the
// policy, and beside the operating system and agents.
func (p *Rules) allowed(t *catalog.NodeType) float64 {
	return min(p.usable(t), float64(float64(t.Memory)*p.Memory))
}

// ResponseAims are a component's aims for its response times, all of which must
// hold; zero is none. Percentile and Within are the highest percentile that is
// given.
type ResponseAims struct {
	Percentile, Within float64
	// Lower are the other percentiles, from high to low; zero is none. Their
	// times are kept as differences to Within: what a request waits for in any
	// case, such as a commit's round trip, is taken off Within once, for all.
	Lower [4]LowerAim
}

// LowerAim is an aim below an SLO's highest percentile.
type LowerAim struct {
	Percentile float64
	Sooner     float64 // its time is the SLO's Within less this
}

// aims appends the aims one by one, the highest percentile first.
func (s *ResponseAims) aims(to []queueing.Aim) []queueing.Aim {
	if s.Percentile == 0 {
		return to
	}
	to = append(to, queueing.Aim{Percentile: s.Percentile, Within: s.Within})
	for _, l := range s.Lower {
		if l.Percentile == 0 {
			break
		}
		to = append(to, queueing.Aim{Percentile: l.Percentile, Within: s.Within - l.Sooner})
	}
	return to
}

// with adds an aim below all that there are.
func (s ResponseAims) with(percentile, within float64) ResponseAims {
	if s.Percentile == 0 {
		return ResponseAims{Percentile: percentile, Within: within}
	}
	for i := range s.Lower {
		if l := &s.Lower[i]; l.Percentile == 0 {
			*l = LowerAim{percentile, s.Within - within}
			break
		}
	}
	return s
}

// policyOf turns the profile's policy and the component's own words into
// numbers.
func policyOf(p *workload.Profile, c *workload.Component) Rules {
	survive := p.Policy.Survive
	if c.Survive != nil {
		survive = *c.Survive
	}
	out := Rules{
		Own: float64(p.Policy.Own.V), Degraded: float64(p.Policy.Degraded.V),
		Connections: float64(p.Policy.Connections.V),
		Memory:      float64(p.Policy.Memory.V), Disk: float64(p.Policy.Disk.V),
		Survive: capacity.Survive{Node: slices.Contains(survive, "node"), Zone: slices.Contains(survive, "zone"),
			Region: slices.Contains(survive, "region")},
		Reserve: Reserve{CPU: float64(p.Policy.Reserve.CPU.V), Memory: float64(p.Policy.Reserve.Memory.V),
			Part: float64(p.Policy.Reserve.Part.V)},
	}
	if p.Failover == workload.Independent {
		out.Region = false
	}
	out.SLO, out.SLODegraded = slosOf(c)
	return out
}

// slosOf are a component's aims in the normal state and while something is
// lost, which are the same unless it says otherwise.
func slosOf(c *workload.Component) (normal, degraded ResponseAims) {
	normal = sloOf(c.SLO)
	if c.SLO != nil && c.SLO.Degraded != nil {
		return normal, sloOf(c.SLO.Degraded)
	}
	return normal, normal
}

// sloOf are all aims that are given.
func sloOf(s *workload.SLO) ResponseAims {
	var out ResponseAims
	if s == nil {
		return out
	}
	for _, x := range [...]struct {
		percentile float64
		within     *strict.Value[unit.Duration]
	}{{0.999, s.P999}, {0.99, s.P99}, {0.95, s.P95}, {0.90, s.P90}, {0.50, s.P50}} {
		if x.within != nil {
			out = out.with(x.percentile, float64(x.within.V))
		}
	}
	return out
}

// lossy tells whether losses inside a region must be survived.
func (p *Rules) lossy() bool { return p.Node || p.Zone }

// checkZones rejects what cannot survive the loss of its only zone.
func (p Rules) checkZones(r Location) *Rejection {
	if p.Zone && r.Zones < 2 {
		return &Rejection{Resource: "zones", Need: 2, Have: float64(r.Zones),
			Why: remark.New("nodes.one_zone", "in", r.Name)}
	}
	return nil
}
