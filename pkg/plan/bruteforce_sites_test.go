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

// stands tells whether a site has the hosts of a layout beside those that are taken.
func (b *brute) stands(c *workload.Component, l *sizing.Layout) bool {
	taken := map[hostAt]int{}
	count := func(l *sizing.Layout) {
		for _, p := range l.Pools {
			taken[hostAt{p.Region, typeIn(l, p).Name}] += p.Max
		}
	}
	count(l)
	for name, x := range b.chosen {
		if name != c.Name {
			count(x.layout)
		}
	}
	for at, most := range b.own.most {
		if taken[at] > most {
			return false
		}
	}
	return true
}
