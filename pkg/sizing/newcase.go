package sizing

import (
	"fmt"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// System is what all cases of one profile share.
type System struct {
	Profile *workload.Profile
	Flow    *workload.Flow
	Catalog *catalog.Catalog
	Vintage *catalog.Vintage // with overlays; says what is priced, never what it costs
	Speeds  *catalog.Speeds
	Limits  *catalog.Limits
	// NetworkKnown is false for vintages whose types mostly have no network
	// baseline in the tables.
	NetworkKnown bool
	Sized        map[string]*Layout

	grouped map[groupKey][]Region
}

// groupKey names the regions of a load as a pool sees them.
type groupKey struct {
	scope, regions string
	lag            int
}

// NewSystem derives the flow of a demand. Network is not checked in vintages
// whose types mostly have no baseline in the tables.
func NewSystem(d *workload.Demand, v *catalog.Vintage) (*System, error) {
	c := v.Catalog()
	speeds, err := c.Speeds()
	if err != nil {
		return nil, err
	}
	limits, err := c.Limits()
	if err != nil {
		return nil, err
	}
	s := &System{Catalog: c, Vintage: v, Speeds: speeds, Limits: limits, NetworkKnown: v.NetworkKnown}
	return s.Again(d), nil
}

// Again is the system in another situation, with nothing sized.
func (s *System) Again(d *workload.Demand) *System {
	n := *s
	n.Profile, n.Flow = d.Profile, d.Profile.Flow(d, ScopeOf)
	n.Sized = map[string]*Layout{}
	if s.Flow == nil || !slices.Equal(s.Flow.Demand.Regions, n.Flow.Demand.Regions) {
		n.grouped = map[groupKey][]Region{} // hours are grouped by shares and curve, which most inputs leave alone
	}
	return &n
}

// ShareHours takes over the grouped hours of another system with the same users'
// split and load curve. Both must then be used by one goroutine.
func (s *System) ShareHours(o *System) {
	if o != nil && slices.Equal(s.Flow.Demand.Regions, o.Flow.Demand.Regions) {
		s.grouped = o.grouped
	}
}

// regionsOf lists where a component runs, with the multipliers of its load. The
// list is the caller's; the groups of hours are shared and must not change.
func (s *System) regionsOf(l *workload.Load, lag int) []Region {
	key := groupKey{l.Scope, fmt.Sprint(l.Regions), lag}
	list, ok := s.grouped[key]
	if !ok {
		list = regions(s.Flow, l, lag)
		s.grouped[key] = list
	}
	return slices.Clone(list)
}

// Case prepares one component for its kind.
func (s *System) Case(c *workload.Component) *Case {
	l := s.Flow.Of(c.Name)
	return &Case{
		Component: c, Profile: s.Profile, Flow: s.Flow, Load: l, Catalog: s.Catalog, Vintage: s.Vintage, system: s, Speeds: s.Speeds, Limits: s.Limits,
		Policy: policyOf(s.Profile, c), Regions: s.regionsOf(l, 0), Growth: s.Flow.Demand.Growth,
		NetworkKnown: s.NetworkKnown, Sized: s.Sized,
	}
}

// policyOf turns the profile's policy and the component's own words into
// numbers.
func policyOf(p *workload.Profile, c *workload.Component) Policy {
	survive := p.Policy.Survive
	if c.Survive != nil {
		survive = *c.Survive
	}
	out := Policy{
		Own: float64(p.Policy.Own.V), Degraded: float64(p.Policy.Degraded.V), Connections: float64(p.Policy.Connections.V),
		Memory: float64(p.Policy.Memory.V), Disk: float64(p.Policy.Disk.V),
		Survive: capacity.Survive{Node: slices.Contains(survive, "node"), Zone: slices.Contains(survive, "zone"), Region: slices.Contains(survive, "region")},
	}
	if p.Failover == "independent" {
		out.Region = false
	}
	out.SLO, out.SLODegraded = slosOf(c)
	return out
}

// slosOf are a component's aims in the normal state and while something is
// lost, which are the same unless it says otherwise.
func slosOf(c *workload.Component) (normal, degraded SLO) {
	normal = sloOf(c.SLO)
	if c.SLO != nil && c.SLO.Degraded != nil {
		return normal, sloOf(c.SLO.Degraded)
	}
	return normal, normal
}

// sloOf are all aims that are given.
func sloOf(s *workload.SLO) SLO {
	var out SLO
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
