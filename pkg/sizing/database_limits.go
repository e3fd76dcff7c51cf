package sizing

import (
	"slices"

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
// has its own. The limits that they share with others that answer reads are shown at
// the first of them.
func (s *databaseSizer) serverLimits(l *Layout, n *dbNode, plans []dbPlan, at dbPlace) {
	index := s.c.Regions[at.region].Index
	first := len(l.Limits)
	for i := range plans {
		p := &plans[i]
		before := len(l.Limits)
		if s.answering(at.region) > 0 && at.role == s.servers(at.region)[0] {
			s.readersLimits(l, n, p, at)
		}
		role := s.serverRole(s.serverAndDiskNeeds(n, p))
		l.Roles = append(l.Roles, RegionRole{Role: role, Region: index, Name: at.role, Nodes: p.shards})
		s.c.place(l, asStructure(role.Check(p.shards)), index, at.role)
		for k := before; k < len(l.Limits) && p.part.name != ""; k++ {
			x := &l.Limits[k]
			x.Why = remark.Join(remark.New("database.of_partition", "partition", p.part.name), x.Why)
		}
	}
	add := func(resource string, need, have, target float64, why remark.Remark) {
		x := s.c.Regions[at.region].beside(capacity.Limit{Of: capacity.Resource{Name: resource},
			Need: need, Have: have, Target: target, Why: why})
		x.Role = at.role
		l.Limits = append(l.Limits, x)
	}
	add("connections", s.connections, s.engine.connections, s.c.Policy.Connections,
		remark.New("database.connections", "factor", s.spec.Deploy.V, "spare", s.spec.SpareConns.V))
	if least := float64(s.spec.MinVCPU.V); least > 0 {
		add("vCPU", least, float64(n.t.VCPU), 1, remark.New("database.least_size"))
		l.Limits[len(l.Limits)-1].Floor = true
	}
	if s.bind(n, l.Limits[first:], plans) {
		return
	}
	shards := shardsOf(plans)
	why := remark.New("database.one", "role", at.role, "shards", shards)
	l.Limits = append(l.Limits, RegionLimit{Limit: structure(shards, shards, why), Region: index, Role: at.role})
}

// readersLimits adds the role and the limits of the nodes of a partition that answer
// reads in a region, all shards together.
func (s *databaseSizer) readersLimits(l *Layout, n *dbNode, p *dbPlan, at dbPlace) {
	role := s.readersRole(at.region, s.readersNeeds(n, p, at.region, nil))
	index, nodes := s.c.Regions[at.region].Index, s.answering(at.region)+p.copies[at.region].n
	l.Roles = append(l.Roles, RegionRole{Role: role, Region: index, Name: at.role, Nodes: nodes})
	limits := role.Check(nodes)
	if s.answering(at.region) > 0 { // what a server sends is shown with its journal
		limits = slices.DeleteFunc(limits, func(x capacity.Limit) bool { return x.Of == capacity.NetworkOut })
	}
	for k := range limits {
		x := &limits[k]
		if nodes > 1 {
			x.Why = remark.Join(remark.New("database.shared", "nodes", nodes), x.Why)
		}
		ofShards(x, p.shards)
	}
	s.c.place(l, limits, index, at.role)
}

// serverAndDiskNeeds are all that the servers of a partition are asked for.
func (s *databaseSizer) serverAndDiskNeeds(n *dbNode, p *dbPlan) []capacity.Need {
	needs := s.serverNeeds(n, p, make([]capacity.Need, 0, 14))
	return append(needs, p.disks.needs(s.c, n.t, &p.need, float64(p.shards), s.survive.Worst())...)
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
		case most > 1 && (x.Of.Name != why || x.Nodes < most-s.more):
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

// replicaLimits adds the roles and limits of a region's read replicas. Beside servers
// that answer reads too, the limits that they share are shown there, and here only
// the one that asks for so many.
func (s *databaseSizer) replicaLimits(l *Layout, n *dbNode, plans []dbPlan, region int) {
	at, nodes := dbPlace{region, "replica"}, 0
	binding, most := RegionLimit{}, 0
	for i := range plans {
		p := &plans[i]
		c := &p.copies[region]
		if c.n == 0 {
			continue
		}
		nodes += c.n * p.shards
		shared := Layout{}
		if s.spec.readers() != byPrimary {
			s.readersLimits(&shared, n, p, at)
		}
		for _, x := range shared.Limits {
			if x.Nodes >= (s.answering(region)+c.n)*p.shards && x.Nodes > most {
				binding, most = x, x.Nodes
			}
		}
		if s.answering(region) == 0 {
			l.Roles, l.Limits = append(l.Roles, shared.Roles...), append(l.Limits, shared.Limits...)
		}
		limits := c.disks.limits(s.c, n.t, &c.need, c.n*p.shards)
		s.c.place(l, limits, s.c.Regions[region].Index, at.role)
	}
	switch {
	case nodes == 0:
	case most == 0:
		x := structure(nodes, nodes, remark.New("database.replicas_stated"))
		l.Limits = append(l.Limits, RegionLimit{Limit: x, Region: s.c.Regions[region].Index, Role: at.role})
	default:
		s.bindReplicas(l, binding)
	}
}

// bindReplicas marks the limit that asks for so many replicas, and adds it where it
// is shown at servers only.
func (*databaseSizer) bindReplicas(l *Layout, binding RegionLimit) {
	for i := range l.Limits {
		x := &l.Limits[i]
		if x.Role == binding.Role && x.Region == binding.Region && x.Of == binding.Of && x.State == binding.State &&
			x.Nodes == binding.Nodes {
			x.Binding = true
			return
		}
	}
	binding.Binding = true
	l.Limits = append(l.Limits, binding)
}

// ofShards makes a limit of the nodes of one shard that of all shards.
func ofShards(x *capacity.Limit, shards int) {
	k := float64(shards)
	x.Need, x.Have = x.Need*k, x.Have*k
	x.Nodes, x.Left = x.Nodes*shards, x.Left*shards
}
