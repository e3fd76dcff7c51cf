package sizing

import (
	"slices"

	"headroom/pkg/diag"
	"headroom/pkg/workload"
)

// Agree holds what is said of failures against where nodes stand by and against the
// members that are named.
func (s *Replicated) Agree(p *workload.Profile, c *workload.Component, ps *diag.Problems) {
	here, elsewhere := s.standsBy(p, c)
	if s.Elsewhere.V == promotionAuto && !elsewhere {
		ps.Addf(s.Elsewhere.Pos, "write failover: region or both, or leave promotion_elsewhere out",
			"promotion_elsewhere is auto, but nothing stands by in another region")
	}
	if s.PromotionTime != nil && s.Promotion.V != promotionAuto && s.Elsewhere.V != promotionAuto {
		ps.Addf(s.PromotionTime.Pos, "leave promotion_time out, or write promotion: auto",
			"promotion_time is that of a promotion by itself, but all promotion is manual")
	}
	if len(c.Members) > 0 {
		s.agreeMembers(c, ps)
	} else if s.WriteConcern.V == writeMajority && !here && !elsewhere && s.Replicas.V == 0 {
		ps.Addf(s.WriteConcern.Pos, "leave write_concern out, or add replicas or a failover",
			"write_concern is majority, but no other node has the data")
	}
}

// standsBy tells whether a node stands by in the primary's region, and in another one, as
// candidates has it.
func (s *Replicated) standsBy(p *workload.Profile, c *workload.Component) (here, elsewhere bool) {
	regions := 0
	for _, name := range p.RegionNames() {
		if c.RunsIn(name) {
			regions++
		}
	}
	survive := p.Policy.Survive
	if c.Survive != nil {
		survive = *c.Survive
	}
	switch s.Failover {
	case "none":
		return false, false
	case failoverZone:
		return true, false
	case failoverRegion:
		return false, regions > 1
	case failoverBoth:
		return true, regions > 1
	}
	return slices.Contains(survive, "node") || slices.Contains(survive, "zone"),
		slices.Contains(survive, "region") && regions > 1
}

// agreeMembers holds members against failover and write_concern.
func (s *Replicated) agreeMembers(c *workload.Component, ps *diag.Problems) {
	k := slices.IndexFunc(c.Members, func(m workload.Member) bool { return m.Role.V == workload.RolePrimary })
	if k < 0 {
		return // which the profile reports
	}
	here, elsewhere := 0, 0 // members with data beside the primary
	for i := range c.Members {
		m := &c.Members[i]
		switch {
		case i == k || !m.Keeps():
		case m.Region.V == c.Members[k].Region.V:
			here++
		default:
			elsewhere++
		}
	}
	at := c.Members[0].Pos
	if (s.Failover == failoverZone || s.Failover == failoverBoth) && here == 0 {
		ps.Addf(at, "add a standby in "+c.Members[k].Region.V+", or write another failover",
			"failover: %s has a node that stands by in the primary's region, but no other member there keeps data",
			s.Failover)
	}
	if (s.Failover == failoverRegion || s.Failover == failoverBoth) && elsewhere == 0 {
		ps.Addf(at, "add a replica in another region, or write another failover",
			"failover: %s has a node that stands by in another region, but no member there keeps data", s.Failover)
	}
	if s.WriteConcern.V != writeMajority {
		return
	}
	all, data := c.Voters()
	switch most := int(all)/2 + 1; {
	case here+elsewhere == 0:
		ps.Addf(s.WriteConcern.Pos, "leave write_concern out, or add a replica",
			"write_concern is majority, but no other member has the data")
	case int(data) < most:
		ps.Addf(s.WriteConcern.Pos, "write write_concern: one, or put replicas in the place of arbiters",
			"write_concern is majority, which is %d of %v votes, but members with data have only %v: no write is ever "+
				"answered", most, all, data)
	}
}
