package market

import (
	"slices"
	"strings"

	"headroom/pkg/catalog"
)

// Host is a machine of one's own, or of a provider without tables: what it is, and what
// it costs in each region of the profile.
type Host struct {
	catalog.NodeType
	Offers []Offer
}

// Offer is one region's. The zero value says that there is none.
type Offer struct {
	Price Price
	Known bool // whether there is a price; one of nothing is known too
	// As is the instance type of EC2 that is rented in the host's place: then its prices
	// count.
	As string
}

// own has hosts.
type own struct {
	hosts   []Host // sorted by name
	types   []catalog.NodeType
	ec2     Seller // for what is rented in a host's place
	regions []string
	vintage string
}

// OwnService is what machines of one's own are called in bills.
const OwnService = "own"

// Own is the seller of hosts, each with an offer for every region; v is nil where prices
// are not asked for.
func Own(hosts []Host, v *catalog.Vintage, regions []*catalog.RegionPrices) Seller {
	s := &own{hosts: slices.Clone(hosts)}
	slices.SortFunc(s.hosts, func(a, b Host) int { return strings.Compare(a.Name, b.Name) })
	for i := range s.hosts {
		s.types = append(s.types, s.hosts[i].NodeType)
	}
	if v != nil {
		s.ec2, s.vintage = EC2(v.Catalog(), regions), v.Name()
	}
	for _, r := range regions {
		s.regions = append(s.regions, r.Name())
	}
	return s
}

func (*own) Service() string { return OwnService }

func (s *own) Types() ([]catalog.NodeType, error) { return s.types, nil }

func (s *own) find(name string) (int, bool) {
	return slices.BinarySearchFunc(s.types, name, func(t catalog.NodeType, n string) int {
		return strings.Compare(t.Name, n)
	})
}

func (s *own) Type(name string) (*catalog.NodeType, bool) {
	i, ok := s.find(name)
	if !ok {
		return nil, false
	}
	return &s.types[i], true
}

// offer is what a host costs in a region; the zero Offer where there is none.
func (s *own) offer(name string, region int) Offer {
	if i, ok := s.find(name); ok {
		return s.hosts[i].Offers[region]
	}
	return Offer{}
}

func (s *own) Price(name string, region int) (Price, bool) {
	o := s.offer(name, region)
	if o.As != "" {
		return s.ec2.Price(o.As, region)
	}
	return o.Price, o.Known
}

func (s *own) Terms(name string, region int) []catalog.TermPrice {
	if o := s.offer(name, region); o.As != "" {
		return s.ec2.Terms(o.As, region)
	}
	return nil
}

func (s *own) Spot(name string, region int) (Spot, bool) {
	if o := s.offer(name, region); o.As != "" {
		return s.ec2.Spot(o.As, region)
	}
	return Spot{}, false
}

func (s *own) Missing(name string, region int, who string) catalog.Missing {
	if o := s.offer(name, region); o.As != "" {
		return s.ec2.Missing(o.As, region, who)
	}
	return catalog.Missing{Vintage: s.vintage, Region: s.regions[region], Table: catalog.TableEC2, Item: name, For: who}
}

func (s *own) Err(region int) error {
	if s.ec2 == nil {
		return nil
	}
	return s.ec2.Err(region)
}
