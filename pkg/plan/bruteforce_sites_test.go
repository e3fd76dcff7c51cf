package plan

import (
	"math/big"
	"slices"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// types are all of the tables, and the machines of sites.
func (b *brute) types() (out []*catalog.NodeType) {
	types, err := b.cat.NodeTypes()
	require.NoError(b.t, err)
	for i := range types {
		out = append(out, &types[i])
	}
	for i := range b.own.hosts {
		out = append(out, &b.own.hosts[i].NodeType)
	}
	return out
}

// month is what a node of a type costs a month in a region.
func (b *brute) month(region int, name string) (*big.Rat, bool) {
	for i := range b.own.hosts {
		if h := &b.own.hosts[i]; h.Name == name {
			o := h.Offers[region]
			if o.As != "" {
				name = o.As
				break
			}
			month := rational(b.t, o.Price.Rate.String())
			if !o.Price.Monthly {
				month.Mul(month, b.hours)
			}
			return month, o.Known
		}
	}
	price, ok := b.regions[region].OnDemand(name)
	if !ok {
		return nil, false
	}
	return new(big.Rat).Mul(rational(b.t, price.Rate.String()), b.hours), true
}

// site tells whether no table has a region.
func (b *brute) site(region int) bool {
	return slices.ContainsFunc(b.own.places, func(s catalog.Site) bool {
		_, err := newestOf(b.cat).Region(s.Name)
		return s.Name == b.p.Regions[region].Name && err != nil
	})
}

func newestOf(cat *catalog.Catalog) *catalog.Vintage {
	v, err := cat.Vintage(cat.Newest())
	if err != nil {
		panic(err)
	}
	return v
}

// stands tells whether a site has the hosts of a layout beside those that are taken, and those
// that others wait for.
func (b *brute) stands(c *workload.Component, l *sizing.Layout) bool {
	taken := hostsOf(l)
	add := func(hosts map[hostAt]int) {
		for at, n := range hosts {
			taken[at] += n
		}
	}
	for _, e := range b.p.Components {
		if x, chosen := b.chosen[e.Key]; chosen && e.V != c {
			add(hostsOf(x.layout))
		} else if e.V != c {
			add(b.waiting[e.Key])
		}
	}
	for at, most := range b.own.most {
		if taken[at] > most {
			return false
		}
	}
	return true
}

// served is all, once more for each component that finds no hosts left: the others then leave
// it those that it would have if it were alone.
func (b *brute) served() (infeasible string) {
	for {
		none := b.all()
		if none == "" || b.waiting[none] != nil || len(b.own.most) == 0 {
			return none
		}
		b.chosen = map[string]bruteChoice{}
		if !b.one(none) {
			return none
		}
		if b.waiting == nil {
			b.waiting = map[string]map[hostAt]int{}
		}
		b.waiting[none] = hostsOf(b.chosen[none].layout)
		b.chosen, b.sys.Sized = map[string]bruteChoice{}, map[string]*sizing.Layout{}
	}
}
