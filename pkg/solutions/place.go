package solutions

import (
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// Place is what runs in one region.
type Place struct {
	Region string `json:"region"`
	// Least is the one machine that would carry all that stands at a site with hosts of one's
	// own; nil where nodes are rented one by one.
	Least *remark.Remark `json:"least_machine,omitempty"`
	Min   int            `json:"nodes_min"`
	Max   int            `json:"nodes_max"`
	Types []string       `json:"types"` // of its nodes, in the order of the components
}

// placesOf are the regions of an estimate with their nodes.
func placesOf(profile *workload.Profile, e *bill.Estimate) []Place {
	out := make([]Place, len(e.Regions))
	for i, region := range e.Regions {
		out[i] = Place{Region: region, Types: []string{}}
	}
	at := func(region string) *Place {
		if i := slices.IndexFunc(out, func(p Place) bool { return p.Region == region }); i >= 0 {
			return &out[i]
		}
		return nil
	}
	for i := range e.Parts {
		p := &e.Parts[i]
		for k := range p.Pools {
			pool := &p.Pools[k]
			x := at(pool.Region)
			if x == nil || pool.Max == 0 {
				continue
			}
			x.Min, x.Max = x.Min+pool.Min, x.Max+pool.Max
			if t := p.MachineOf(pool); t != "" && !slices.Contains(x.Types, t) {
				x.Types = append(x.Types, t)
			}
		}
	}
	for i := range e.Parts {
		p := &e.Parts[i]
		if least := leastOf(p); least != nil {
			if x := at(regionOf(profile, p.Name)); x != nil {
				x.Least = least
			}
		}
	}
	return out
}

// leastOf is the machine that would carry all that stands on counted hosts of a site: of those
// that are there already, or are bought. What a site rents one by one has no least.
func leastOf(p *bill.Part) *remark.Remark {
	var out *remark.Remark
	counted := false
	for i := range p.Detail {
		switch p.Detail[i].Key {
		case "site.used":
			counted = true
		case "site.least", "site.least_together":
			out = &p.Detail[i]
		}
	}
	if !counted {
		return nil
	}
	return out
}

// regionOf is where a site is, which is in one region.
func regionOf(p *workload.Profile, site string) string {
	if c, ok := p.Components.Get(site); ok && len(c.Regions) == 1 {
		return c.Regions[0]
	}
	return p.Regions[0].Name
}
