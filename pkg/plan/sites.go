package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/remark"
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

	// waiting are the hosts of components that would find none left: others leave them.
	waiting map[string]map[hostAt]int
	alone   bool // a component chooses as if there were no other
}

// hostAt names a host in a region of the profile.
type hostAt struct {
	region int
	name   string
}

// sitesOf asks all components of a demand's profile.
func sitesOf(d *workload.Demand, cat *catalog.Catalog) (*sites, error) {
	s := &sites{most: map[hostAt]int{}, waiting: map[string]map[hostAt]int{}}
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
		if d.Profile.Copy {
			paidFor(x.Machines)
		}
		all = s.add(all, slices.Index(d.Profile.RegionNames(), x.Region), x)
	}
	for i := range all {
		if h := all[i].host(&ps, cat, len(d.Profile.Regions)); h != nil {
			s.hosts = append(s.hosts, *h)
		}
	}
	return s, ps.Err()
}

// paidFor are the machines of an environment beside production, which pays for all hosts
// that there are.
func paidFor(machines []sizing.ProvidedMachine) {
	for i := range machines {
		if m := &machines[i]; m.Hosts > 0 && m.As == "" {
			m.Price, m.Monthly, m.Source = money.Amount{}, true, "production pays for it"
		}
	}
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

// hostsOf counts the machines of a layout.
func hostsOf(l *sizing.Layout) map[hostAt]int {
	n := map[hostAt]int{}
	for i := range l.Pools {
		p := &l.Pools[i]
		n[hostAt{p.Region, l.TypeOf(p).Name}] += p.Max
	}
	return n
}

// tooMany is the rejection of a layout that takes more hosts of a machine than others leave
// of those that a site has: others that are sized, and those that wait for theirs.
func (s *sites) tooMany(l *sizing.Layout, c *workload.Component, sys *sizing.System) *sizing.Rejection {
	if len(s.most) == 0 {
		return nil
	}
	wants := hostsOf(l)
	for i := range l.Pools { // in their order, so that the same one is named each time
		t := l.TypeOf(&l.Pools[i])
		at := hostAt{l.Pools[i].Region, t.Name}
		most, counted := s.most[at]
		if !counted {
			continue
		}
		need, by := wants[at], []string{fmt.Sprint(c.Name, " ", wants[at])}
		for _, e := range sys.Profile.Components {
			if n := s.takes(e.V, sys, at); n > 0 && e.V != c {
				need, by = need+n, append(by, fmt.Sprint(e.Key, " ", n))
			}
		}
		if need > most {
			return &sizing.Rejection{Type: t, Storage: l.Storage, Resource: capacity.Hosts.Name,
				Need: float64(need), Have: float64(most), Why: remark.New("site.hosts", "machine", t.Name,
					"at", sys.Profile.Regions[at.region].Name, "by", strings.Join(by, ", "))}
		}
	}
	return nil
}

// HostUse is how many hosts of a machine a plan has in a region, of those that there are.
type HostUse struct {
	Region, Machine string
	Used, Have      int
}

// Hosts are all hosts that there are only so many of, region by region.
func (p *Plan) Hosts() []HostUse {
	if p.search == nil {
		return nil
	}
	used := map[hostAt]int{}
	for _, c := range p.Choices {
		if c.Component.Colocate == "" { // what runs on another's nodes has none of its own
			for at, n := range hostsOf(c.Layout) {
				used[at] += n
			}
		}
	}
	var out []HostUse
	for i, region := range p.Profile.RegionNames() {
		for _, h := range p.search.own.hosts {
			at := hostAt{i, h.Name}
			if have, counted := p.search.own.most[at]; counted {
				out = append(out, HostUse{region, h.Name, used[at], have})
			}
		}
	}
	return out
}

// takes is how many hosts of a machine another component has, or waits for.
func (s *sites) takes(c *workload.Component, sys *sizing.System, at hostAt) int {
	switch l := sys.Sized[c.Name]; {
	case s.alone || c.Colocate != "": // what runs on another's nodes has none of its own
		return 0
	case l != nil:
		return hostsOf(l)[at]
	}
	return s.waiting[c.Name][at]
}

// makeWay notes which hosts a component waits for that others have left too few for it:
// those that it would have if it were the first to choose. false where that does not help.
func (p *Plan) makeWay(err error) bool {
	var none *Infeasible
	own := p.search.own
	if !errors.As(err, &none) || len(own.most) == 0 || own.waiting[none.Component] != nil {
		return false
	}
	c, ok := p.Profile.Component(none.Component)
	if !ok || c.Pin != nil {
		return false
	}
	alone, first := *own, *p.search
	alone.alone, first.own = true, &alone
	choice, _, err := first.component(c, true)
	if err != nil || len(choice.Layout.Pools) == 0 {
		return false
	}
	own.waiting[c.Name] = hostsOf(choice.Layout)
	return true
}
