package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
)

// This file shows what decided the nodes of a store: the same roles that sized them,
// asked for every limit of the number that there is.

// serverPlace is a role of servers in a region of the task.
type serverPlace struct {
	region int
	role   string
}

// serverLimits adds the roles and limits of the servers at a place. Every partition
// has its own. The limits that they share with others that answer reads are shown at
// the first of them.
func (s *store) serverLimits(l *Layout, n *storeNode, plans []shardPlan, at serverPlace) {
	r, first := &s.c.Regions[at.region], len(l.Limits)
	for i := range plans {
		p := &plans[i]
		before := len(l.Limits)
		if s.answering(at.region) > 0 && at.role == s.servers(at.region)[0] {
			s.readersLimits(l, n, p, at)
		}
		needs := s.serverNeeds(n, p, s.c.list(14))
		use := diskUse{&p.need, float64(p.shards), s.survive.Worst()}
		role := s.serverRole(p.disks.needs(s.c, n.t, use, needs))
		l.Roles = append(l.Roles, RegionRole{Role: role, Region: r.Index, Name: at.role, Nodes: p.shards})
		s.c.place(l, asStructure(s.c.check(&role, p.shards)), r.Index, at.role)
		for k := before; k < len(l.Limits) && p.part.name != ""; k++ {
			x := &l.Limits[k]
			x.Why = remark.Join(remark.New("database.of_partition", "partition", p.part.name), x.Why)
		}
	}
	add := func(limit capacity.Limit) {
		x := r.beside(limit)
		x.Role = at.role
		l.Limits = append(l.Limits, x)
	}
	add(s.connections.limit())
	if s.minVCPU > 0 {
		add(capacity.Limit{Of: capacity.Resource{Name: "vCPU"}, Need: s.minVCPU, Have: float64(n.t.VCPU), Target: 1,
			Floor: true, Why: remark.New("database.least_size")})
	}
	if s.bind(n, l.Limits[first:], plans) {
		return
	}
	shards := shardsOf(plans)
	why := remark.New("database.one", "role", at.role, "shards", shards)
	if s.sharding.split == splitShards {
		why = why.With("already", true)
	}
	l.Limits = append(l.Limits, RegionLimit{Limit: structure(shards, shards, why), Region: r.Index, Role: at.role})
}

// readersLimits adds the role and the limits of the nodes of a partition that answer
// reads in a region, all shards together.
func (s *store) readersLimits(l *Layout, n *storeNode, p *shardPlan, at serverPlace) {
	x := s.shardReads(n, p)
	role := s.readersRole(at.region, s.readersNeeds(&x, at.region, s.c.list(2)))
	index, answering := s.c.Regions[at.region].Index, s.answering(at.region)
	nodes := answering + p.replicas[at.region].n
	l.Roles = append(l.Roles, RegionRole{Role: role, Region: index, Name: at.role, Nodes: nodes})
	limits := s.c.check(&role, nodes)
	if answering > 0 { // what a server sends is shown with its journal
		limits = slices.DeleteFunc(limits, func(x capacity.Limit) bool { return x.Of == capacity.NetworkOut })
	}
	for k := range limits {
		x := &limits[k]
		if nodes > 1 {
			x.Why = remark.Join(remark.New("database.shared", "nodes", nodes), x.Why)
		}
		*x = ofAll(*x, p.shards)
	}
	s.c.place(l, limits, index, at.role)
}

// roomy is the slack above which a limit does not explain the size of a node.
const roomy = 0.25

// bind marks the limit that decided, and tells whether there is one: of more than
// one shard the resource that asked for so many, else what has least slack. A
// store without load is there because there must be one.
func (s *store) bind(n *storeNode, limits []RegionLimit, plans []shardPlan) bool {
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
		case most > 1 && (x.Of.Name != why || x.Nodes < most-s.sharding.more):
		case most == 1 && n.st.elastic(x.Of):
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
func (st Storage) elastic(of capacity.Resource) bool {
	return st.Volume != VolumeLocal &&
		(of == capacity.DiskBytes || of == capacity.DiskIOPS || of == capacity.DiskThroughput)
}

// replicaLimits adds the roles and limits of a region's read replicas. Beside servers
// that answer reads too, the limits that they share are shown there, and here only
// the one that asks for so many.
func (s *store) replicaLimits(l *Layout, n *storeNode, plans []shardPlan, region int) {
	at, nodes := serverPlace{region, "replica"}, 0
	index, answering := s.c.Regions[region].Index, s.answering(region)
	binding, most := RegionLimit{}, 0
	for i := range plans {
		p := &plans[i]
		c := &p.replicas[region]
		if c.n == 0 {
			continue
		}
		nodes += c.n * p.shards
		shared := Layout{}
		if s.answer != byPrimary {
			s.readersLimits(&shared, n, p, at)
		}
		for _, x := range shared.Limits {
			if x.Nodes >= (answering+c.n)*p.shards && x.Nodes > most {
				binding, most = x, x.Nodes
			}
		}
		if answering == 0 {
			l.Roles, l.Limits = append(l.Roles, shared.Roles...), append(l.Limits, shared.Limits...)
		}
		s.c.place(l, c.disks.limits(s.c, n.t, &c.need, c.n*p.shards), index, at.role)
	}
	switch {
	case nodes == 0:
		return
	case most == 0:
		binding = RegionLimit{Limit: structure(nodes, nodes, remark.New("database.replicas_stated")), Region: index,
			Role: at.role}
	}
	binding.Binding = true
	shown := slices.IndexFunc(l.Limits, func(x RegionLimit) bool {
		return x.Role == binding.Role && x.Region == binding.Region && x.Of == binding.Of && x.State == binding.State &&
			x.Nodes == binding.Nodes
	})
	if shown < 0 {
		l.Limits = append(l.Limits, binding)
		return
	}
	l.Limits[shown].Binding = true
}
