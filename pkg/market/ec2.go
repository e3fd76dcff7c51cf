package market

import "headroom/pkg/catalog"

// ec2 rents out instances: Linux, on demand, under commitments and on spot.
type ec2 struct {
	cat     *catalog.Catalog
	regions []*catalog.RegionPrices
}

// EC2Service is what EC2 is called in bills.
const EC2Service = "ec2"

// EC2 is the seller of the instances of a catalog, at the prices of some regions.
func EC2(cat *catalog.Catalog, regions []*catalog.RegionPrices) Seller { return &ec2{cat, regions} }

func (*ec2) Service() string { return EC2Service }

func (s *ec2) Types() ([]catalog.NodeType, error) { return s.cat.NodeTypes() }

func (s *ec2) Type(name string) (*catalog.NodeType, bool) { return s.cat.NodeType(name) }

func (s *ec2) Price(name string, region int) (Price, bool) {
	p, ok := s.regions[region].OnDemand(name)
	return Price{Price: p}, ok
}

func (s *ec2) Terms(name string, region int) []catalog.TermPrice {
	return s.regions[region].Terms(name)
}

func (s *ec2) Spot(name string, region int) (Spot, bool) {
	r := s.regions[region]
	p, ok := r.Spot(name)
	if !ok {
		return Spot{}, false
	}
	list, _ := r.ListOnDemand(name)
	return Spot{p, list}, true
}

func (s *ec2) Missing(name string, region int, who string) catalog.Missing {
	return s.regions[region].MissingNode(name, who)
}

func (s *ec2) Err(region int) error { return s.regions[region].Err() }
