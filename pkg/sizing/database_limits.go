package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
)

// This file shows what decided the nodes of a database: the same roles that sized
// them, asked for every limit of the number that there is.

// dbPlace is a role of servers in a region of the case.
type dbPlace struct {
	region int
	role   string
}

// serverLimits adds the roles and limits of the servers at a place. Every partition
// has its own.
func (s *databaseSizer) serverLimits(l *Layout, n *dbNode, plans []dbPlan, at dbPlace) {
	index := s.c.Regions[at.region].Index
	first := len(l.Limits)
	for i := range plans {
		p := &plans[i]
		role := s.serverRole(s.serverAndDiskNeeds(n, p))
		l.Roles = append(l.Roles, RegionRole{role, index, at.role})
		for _, x := range s.c.placed(asStructure(role.Check(p.shards)), index, at.role) {
			if p.part.name != "" {
				x.Why = remark.Join(remark.New("database.of_partition", "partition", p.part.name), x.Why)
			}
			l.Limits = append(l.Limits, x)
		}
	}
	add := func(resource string, need, have, target float64, why remark.Remark) {
		x := s.c.Regions[at.region].beside(capacity.Limit{Of: capacity.Resource{Name: resource},
			Need: need, Have: have, Target: target, Why: why})
		x.Role = at.role
		l.Limits = append(l.Limits, x)
	}
	add("connections", s.connections, s.most, s.c.Policy.Connections,
		remark.New("database.connections", "factor", s.spec.Deploy.V, "spare", s.spec.SpareConns.V))
	if least := float64(s.spec.MinVCPU.V); least > 0 {
		add("vCPU", least, float64(n.t.VCPU), 1, remark.New("database.least_size"))
	}
	if s.bind(n, l.Limits[first:], plans) {
		return
	}
	shards := shardsOf(plans)
	why := remark.New("database.one", "role", at.role, "shards", shards)
	l.Limits = append(l.Limits, RegionLimit{Limit: structure(shards, shards, why), Region: index, Role: at.role})
}

// serverAndDiskNeeds are all that the servers of a partition are asked for.
func (s *databaseSizer) serverAndDiskNeeds(n *dbNode, p *dbPlan) []capacity.Need {
	needs := s.serverNeeds(n, p, make([]capacity.Need, 0, 14))
	shards := float64(p.shards)
	needs = append(needs, p.disks.needs(s.c, n.t, &p.need, shards, s.survive.Worst())...)
	return append(needs, p.disks.lateNeeds(s.c, n.t, p.need.Block, p.late, shards)...)
}

// roomy is the slack above which a limit does not explain the size of a node.
const roomy = 0.25

// bind marks the limit that decided, and tells whether there is one: of more than
// one shard the resource that asked for so many, else what has least slack. A
// database without load is there because there must be one.
func (s *databaseSizer) bind(n *dbNode, limits []RegionLimit, plans []dbPlan) bool {
	most, why := 1, ""
	for i := range plans {
		if plans[i].shards > most {
			most, why = plans[i].shards, plans[i].why
		}
	}
	best, floor := -1, -1
	for i := range limits {
		x := &limits[i]
		switch {
		case x.Of.Name == "vCPU":
			if x.Need >= x.Have && most == 1 {
				floor = i
			}
		case x.Of.Name == "connections" || x.Need <= 0 || x.Nodes < 1:
		case most > 1 && (x.Of.Name != why || x.Nodes < most):
		case most == 1 && s.elastic(n, x.Of):
		case best < 0 || x.Slack() < limits[best].Slack():
			best = i
		}
	}
	if floor >= 0 && best >= 0 && limits[best].Slack() > roomy {
		best = floor // the smallest node that may be, with room for everything
	}
	if best < 0 {
		return false
	}
	limits[best].Binding = true
	return true
}

// elastic is what volumes have: they are made as large and fast as needed, and bind
// only where there are no larger ones.
func (s *databaseSizer) elastic(n *dbNode, of capacity.Resource) bool {
	volume := of == capacity.DiskBytes || of == capacity.DiskIOPS || of == capacity.DiskThroughput
	return volume && s.needsEBS(n)
}

// replicaLimits adds the roles and limits of a region's read replicas. A role is the
// replicas of one shard, and its limits are those of all shards.
func (s *databaseSizer) replicaLimits(l *Layout, n *dbNode, plans []dbPlan, region int) {
	index, first := s.c.Regions[region].Index, len(l.Limits)
	binding, most, nodes := -1, 0, 0
	for i := range plans {
		p := &plans[i]
		c := &p.copies[region]
		if c.n == 0 {
			continue
		}
		nodes += c.n * p.shards
		role := s.replicaRole(region, s.replicaNeeds(n, p, region, nil))
		l.Roles = append(l.Roles, RegionRole{role, index, "replica"})
		limits := role.Check(c.n)
		for k := range limits {
			if x := limits[k].Nodes; x >= c.n && x > most {
				binding, most = len(l.Limits)+k, x
			}
			ofShards(&limits[k], p.shards)
		}
		limits = append(limits, c.disks.limits(s.c, n.t, &c.need, c.n*p.shards)...)
		limits = append(limits, c.disks.lateLimits(s.c, n.t, c.need.Block, c.late, c.n*p.shards)...)
		l.Limits = append(l.Limits, s.c.placed(limits, index, "replica")...)
	}
	switch {
	case len(l.Limits) == first:
	case binding >= 0:
		l.Limits[binding].Binding = true
	default:
		x := structure(nodes, nodes, remark.New("database.replicas_stated"))
		l.Limits = append(l.Limits, RegionLimit{Limit: x, Region: index, Role: "replica"})
	}
}

// ofShards makes a limit of the nodes of one shard that of all shards.
func ofShards(x *capacity.Limit, shards int) {
	k := float64(shards)
	x.Need, x.Have = x.Need*k, x.Have*k
	x.Nodes, x.Left = x.Nodes*shards, x.Left*shards
}
