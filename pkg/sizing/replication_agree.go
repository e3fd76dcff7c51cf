package sizing

import (
	"slices"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// Check notes where failover stands.
func (s *Replicated) Check(c *strict.Checker) {
	if s.failoverAt = (diag.Pos{}); c.Has("failover") {
		s.failoverAt = c.At("failover")
	}
}

// Agree holds what is said of failures against where nodes stand by and against the
// members that are named. A failover that is set from outside, to see what it would cost,
// may leave other keys without effect.
func (s *Replicated) Agree(p *workload.Profile, c *workload.Component, ps *diag.Problems) {
	failover := ""
	if s.failoverAt.File == p.File {
		failover = s.Failover
	}
	if s.Elsewhere.V == promotionAuto && (failover == failoverNone || failover == failoverZone) {
		ps.Addf(s.Elsewhere.Pos, "write failover: region or both, or leave promotion_elsewhere out",
			"promotion_elsewhere is auto, but with failover: %s nothing stands by in another region", failover)
	}
	if s.PromotionTime != nil && s.Promotion.V != promotionAuto && s.Elsewhere.V != promotionAuto {
		ps.Addf(s.PromotionTime.Pos, "leave promotion_time out, or write promotion: auto",
			"promotion_time is that of a promotion by itself, but all promotion is manual")
	}
	if len(c.Members) > 0 {
		s.agreeMembers(c, failover, ps)
	} else if s.WriteConcern.V == writeMajority && failover == failoverNone && s.Replicas.V == 0 {
		ps.Addf(s.WriteConcern.Pos, "leave write_concern out, or add replicas or a failover",
			"write_concern is majority, but no other node has the data")
	}
}

// agreeMembers holds members against failover and write_concern.
func (s *Replicated) agreeMembers(c *workload.Component, failover string, ps *diag.Problems) {
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
	if (failover == failoverZone || failover == failoverBoth) && here == 0 {
		ps.Addf(at, "add a standby in "+c.Members[k].Region.V+", or write another failover",
			"failover: %s has a node that stands by in the primary's region, but no other member there keeps data",
			failover)
	}
	if (failover == failoverRegion || failover == failoverBoth) && elsewhere == 0 {
		ps.Addf(at, "add a replica in another region, or write another failover",
			"failover: %s has a node that stands by in another region, but no member there keeps data", failover)
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
