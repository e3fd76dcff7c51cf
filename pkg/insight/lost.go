package insight

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// lost says what becomes of the users when a region is lost: who carries them
// and how busy the busiest component then is.
func lost(p *plan.Plan, region int) remark.Remark {
	f := remark.New("fact.region_lost", "region", p.Demand.Regions[region].Name)
	if p.Demand.Regions[region].Share == 0 {
		return f.With("serves_users", false)
	}
	to := takers(p, region)
	f = f.With("serves_users", true, "takers", to)
	if len(to) == 0 {
		return f
	}
	a := aftermathOf(p, region)
	f = f.With("carried", a.carried(warm(p, to)))
	if a.busiest != "" {
		f = f.With("busiest", a.busiest, "resource", a.resource, "target", a.target)
		if !math.IsInf(a.worst, 0) { // else there is nothing of it left
			f = f.With("utilisation", a.worst)
		}
	}
	if len(a.unsized) > 0 {
		f = f.With("unsized", a.unsized)
	}
	if len(a.gone) > 0 {
		f = f.With("gone", a.gone)
	}
	return f
}

// aftermath is what is left when a region is lost.
type aftermath struct {
	busiest       string // the component that is used most
	resource      string // and of what
	worst, target float64
	unsized       []string // components that run on elsewhere, but are not sized for it
	gone          []string // components that ran nowhere else
}

func aftermathOf(p *plan.Plan, region int) aftermath {
	a := aftermath{target: 1}
	for _, c := range p.Choices {
		if c.Layout.Type == nil {
			continue
		}
		elsewhere := slices.ContainsFunc(c.Layout.Pools,
			func(p sizing.Pool) bool { return p.Region != region && p.Max > 0 })
		if !p.System.Task(c.Component).Policy.Region && elsewhere {
			a.unsized = append(a.unsized, c.Component.Label())
			continue
		}
		covered := false
		for _, l := range c.Layout.Limits {
			if l.State != capacity.RegionLost || l.Region == region {
				continue
			}
			covered = true
			if u := l.Utilisation(); u > a.worst {
				a.worst, a.target = u, l.Target
				a.busiest, a.resource = c.Component.Label(), l.Of.Name
			}
		}
		if !covered && len(c.Layout.Pools) > 0 && !elsewhere {
			a.gone = append(a.gone, c.Component.Label())
		}
	}
	return a
}

// carried says how much of the lost region's users the others carry. growing
// tells whether one of them is kept below its full size.
func (a *aftermath) carried(growing bool) string {
	switch {
	case a.busiest == "" && len(a.unsized) > 0:
		return "unknown"
	case a.worst > 1+1e-9 && growing:
		return "after growing"
	case a.worst > 1+1e-9:
		return "in part"
	case a.worst > a.target*(1+1e-9):
		return "above target"
	}
	return "all"
}

// takers names the regions to which a lost region's users go: those that have
// users of their own, or all others where none has.
func takers(p *plan.Plan, lost int) []string {
	if p.Profile.Failover == workload.Independent {
		return nil
	}
	var with, all []string
	for i, d := range p.Demand.Regions {
		if i == lost {
			continue
		}
		all = append(all, d.Name)
		if d.Share > 0 {
			with = append(with, d.Name)
		}
	}
	if len(with) == 0 {
		return all
	}
	return with
}

// warm tells whether one of the regions is not kept at its full size.
func warm(p *plan.Plan, names []string) bool {
	return slices.ContainsFunc(p.Demand.Regions, func(d workload.RegionDemand) bool {
		return d.Warm < 1 && slices.Contains(names, d.Name)
	})
}
