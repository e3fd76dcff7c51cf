package catalog

import (
	"slices"
	"strings"
)

// Site is a place that is a region of a profile and of which no table has prices: rooms
// with machines of one's own, or another provider.
type Site struct {
	Name     string
	Included []Meter // what costs nothing beside the machines
	Source   string  // who says so
}

// WithSites adds regions that no table has. Overlays may then price what is billed there.
// A site with the name of a region of the tables adds nothing: prices there are the tables'.
// The vintage itself is not changed.
func (v *Vintage) WithSites(sites []Site) *Vintage {
	w := &Vintage{Properties: v.Properties, cat: v.cat, name: v.name, layers: v.layers,
		sites: slices.Clone(v.sites), overlays: v.overlays}
	known := v.Regions()
	for _, s := range sites {
		if !slices.Contains(known, s.Name) {
			w.sites = append(w.sites, s)
		}
	}
	return w
}

// Site tells whether a region is one that no table has.
func (v *Vintage) Site(region string) bool {
	return slices.ContainsFunc(v.sites, func(s Site) bool { return s.Name == region })
}

// included are the prices of nothing for what a site includes, sorted.
func (v *Vintage) included(region string) (items []usageItem) {
	for _, s := range v.sites {
		if s.Name != region {
			continue
		}
		for _, m := range s.Included {
			tier := usageTier{TierPrice: TierPrice{Unit: m.Unit(), Price: Price{Source: s.Source}}}
			items = append(items, usageItem{UsageKey: UsageKey{m.Service(), m.Item(), m.Unit()},
				tiers: []usageTier{tier}})
		}
	}
	slices.SortFunc(items, func(a, b usageItem) int { return compareItem(a, b.UsageKey) })
	return items
}

// String is all that a site says, for whoever keeps a vintage.
func (s *Site) String() string {
	var b strings.Builder
	b.WriteString(s.Name)
	for _, m := range s.Included {
		b.WriteString(" " + m.String())
	}
	return b.String()
}
