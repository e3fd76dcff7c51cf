package plan

import (
	"fmt"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// sites are what the components of a profile bring to its regions: machines, and regions
// that no table has.
type sites struct {
	places []catalog.Site
	hosts  []market.Host
	most   map[hostAt]int // how many hosts there are; no entry for as many as it takes
	key    string         // all of it, for whoever keeps prices
}

// hostAt names a host in a region of the profile.
type hostAt struct {
	region int
	name   string
}

// sitesOf asks all components of a demand's profile.
func sitesOf(d *workload.Demand, cat *catalog.Catalog) (*sites, error) {
	s := &sites{most: map[hostAt]int{}}
	var ps diag.Problems
	var all []stated
	var seen []string
	for _, e := range d.Profile.Components {
		k, _ := sizing.Find(e.V.Kind)
		kind, ok := k.(sizing.Provider)
		if !ok {
			continue
		}
		x, err := kind.Provides(e.V, d.Month)
		if err != nil {
			ps.Add(*err)
			continue
		}
		if slices.Contains(seen, x.Region) {
			ps.Addf(x.Pos, "write all of it in one component", "the region %s is a site twice", x.Region)
			continue
		}
		seen = append(seen, x.Region)
		all = s.add(all, slices.Index(d.Profile.RegionNames(), x.Region), x)
	}
	for i := range all {
		if h := all[i].host(&ps, cat, len(d.Profile.Regions)); h != nil {
			s.hosts = append(s.hosts, *h)
		}
	}
	return s, ps.Err()
}

// add notes what a component brings to a region, and its machines by their names.
func (s *sites) add(all []stated, region int, x *sizing.Provided) []stated {
	place := catalog.Site{Name: x.Region, Included: x.Included, Source: "included at " + x.Region}
	s.places = append(s.places, place)
	s.key += place.String() + ";"
	for i := range x.Machines {
		m := &x.Machines[i]
		s.key += fmt.Sprintln(region, m.Type, m.As, m.Hosts, m.Price, m.Monthly, m.Source)
		if m.Hosts > 0 {
			s.most[hostAt{region, m.Type.Name}] = m.Hosts
		}
		k := slices.IndexFunc(all, func(o stated) bool { return o.name == m.Type.Name })
		if k < 0 {
			k, all = len(all), append(all, stated{name: m.Type.Name})
		}
		all[k].in = append(all[k].in, statedIn{m, region})
	}
	return all
}

// sellers are whoever has machines in the regions of a profile beside EC2.
func (o *Options) sellers(s *sites, v *catalog.Vintage, regions []*catalog.RegionPrices) []market.Seller {
	if len(s.hosts) == 0 {
		return o.Sellers
	}
	return append(slices.Clone(o.Sellers), market.Own(s.hosts, v, regions))
}

// tooMany is the rejection of a layout that takes more hosts of a machine than a site has.
func (s *sites) tooMany(l *sizing.Layout) *sizing.Rejection {
	if len(s.most) == 0 {
		return nil
	}
	used := map[hostAt]int{}
	for i := range l.Pools {
		p := &l.Pools[i]
		t := l.TypeOf(p)
		at := hostAt{p.Region, t.Name}
		used[at] += p.Max
		if most, ok := s.most[at]; ok && used[at] > most {
			return &sizing.Rejection{Type: t, Storage: l.Storage, Resource: capacity.Hosts.Name,
				Need: float64(used[at]), Have: float64(most)}
		}
	}
	return nil
}
