package insight

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/capacity"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// lost says what becomes of the users when a region is lost: who carries them
// and how busy the busiest component then is.
func lost(p *plan.Plan, region int) string {
	if p.Demand.Regions[region].Share == 0 {
		return "it serves no users; what is kept for a failover is gone"
	}
	to := takers(p, region)
	if len(to) == 0 {
		return "its users are not served: no other region takes them over"
	}
	a := aftermathOf(p, region)
	s := strings.Join(to, " and ") + " " + a.carried(len(to) > 1, warm(p, to))
	if a.busiest != "" {
		s += fmt.Sprintf("; busiest %s at %s", a.busiest, bill.Percent(a.worst))
	}
	if len(a.unsized) > 0 {
		s += "; not sized for it: " + strings.Join(a.unsized, ", ")
	}
	if len(a.gone) > 0 {
		s += "; gone with it: " + strings.Join(a.gone, ", ")
	}
	return s
}

// aftermath is what is left when a region is lost.
type aftermath struct {
	busiest       string // the component that is used most, and of what
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
		if !p.System.Case(c.Component).Policy.Region && elsewhere {
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
				a.worst, a.busiest, a.target = u, c.Component.Label()+" "+l.Of.Name, l.Target
			}
		}
		if !covered && len(c.Layout.Pools) > 0 && !elsewhere {
			a.gone = append(a.gone, c.Component.Label())
		}
	}
	return a
}

// carried says how much of the lost region's users the others carry. several
// tells whether there is more than one of them, growing whether one is kept
// below its full size.
func (a *aftermath) carried(several, growing bool) string {
	takes, carries, has := "takes", "carries", "it has"
	if several {
		takes, carries, has = "take", "carry", "they have"
	}
	switch {
	case a.busiest == "" && len(a.unsized) > 0:
		return takes + " its users"
	case a.worst > 1+1e-9 && growing:
		return "cannot carry all before " + has + " grown from warm to full size"
	case a.worst > 1+1e-9:
		return "cannot carry all"
	case a.worst > a.target*(1+1e-9):
		return carries + " all, above the target of " + bill.Percent(a.target)
	}
	return carries + " all"
}

// takers names the regions to which a lost region's users go: those that have
// users of their own, or all others where none has.
func takers(p *plan.Plan, lost int) []string {
	if p.Profile.Failover == "independent" {
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
