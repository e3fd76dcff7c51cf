package sizing

import (
	"fmt"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// describe says how the numbers came about. The layout's data nodes count, which
// may be given instead of chosen.
func (s *searchSizer) describe(l *Layout, node *searchNode, chosen []searchPool) {
	pools := slices.Clone(chosen)
	for i := range s.regions {
		r, p := &s.regions[i], &pools[i]
		at := slices.IndexFunc(l.Pools, func(p Pool) bool { return p.Region == r.Index && p.Role == "" })
		if n := l.Pools[at].Max; n != p.all() {
			p.arrangement = s.given(r, node, n)
		}
		s.explain(l, r, node, p)
		l.Structure = append(l.Structure, s.structure(l, r, p)...)
		l.has(s.c, &p.disks, NodeDisks{Region: r.Index, Nodes: p.all()})
		l.Divided = append(l.Divided, Division{Region: r.Index, Shards: p.shards(), Copies: p.copies,
			Clusters: p.clusters})
	}
	l.derive = func() []workload.Step { return s.steps(node, pools) }
	l.Brief = remark.New("search.shards", "shards", pools[0].shards(), "copies", pools[0].copies)
	l.Grows = s.grows(&pools[0])
	if rej := s.least.lacks(node.t); rej != nil { // given machines
		l.Warnings = append(l.Warnings, rej.Remark("search.guidance"))
	}
}

// explain records the roles of a region's nodes and their limits.
func (s *searchSizer) explain(l *Layout, r *searchRegion, node *searchNode, p *searchPool) {
	room := make([]capacity.Need, 0, len(s.room))
	needs, _ := s.needs(r, node, &p.arrangement, room) // it fitted before, so it is not rejected now
	role := s.role(r, needs, p.copies)
	_, by := role.Least()
	bought := node.st.Volume != VolumeLocal
	if bought {
		hasBytes(role.Needs, p.disks.Bytes)
	}
	for range p.clusters {
		l.Roles = append(l.Roles, RegionRole{Role: role, Region: r.Index, Nodes: p.nodes})
	}
	limits := role.Check(p.nodes)
	for i := range limits {
		x := &limits[i]
		x.Binding = x.Of == by.Of && x.State == by.State
		switch {
		case bought && x.Of == capacity.DiskBytes && !x.Binding:
			x.Nodes, x.Why = 1, remark.New("search.volumes_as_large")
		case x.Why.IsZero():
			x.Why = remark.New("search.placed", "most", x.Most, "copies", x.Parts)
		}
		p.times(x)
	}
	s.c.place(l, limits, r.Index, "")
	if bought {
		s.volumeLimits(l, r, node, p)
	}
	why := remark.New("search.node_a_copy")
	if s.c.Policy.lossy() {
		why = remark.New("search.quorate")
	}
	floor := structure(role.Floor*p.clusters, p.all(), why)
	floor.Binding = by.State == capacity.Always
	l.Limits = append(l.Limits, RegionLimit{Limit: floor, Region: r.Index})
	if i := slices.IndexFunc(l.Pools, func(x Pool) bool { return x.Region == r.Index && x.Role == "master" }); i >= 0 {
		s.explainMasters(l, r, p)
	}
}

// times makes a limit of one cluster that of all of them.
func (x *arrangement) times(l *capacity.Limit) {
	k := float64(x.clusters)
	l.Need, l.Have, l.Nodes = l.Need*k, l.Have*k, min(l.Nodes*x.clusters, capacity.MaxNodes+1)
}

// explainMasters does the same for a region's dedicated masters.
func (s *searchSizer) explainMasters(l *Layout, r *searchRegion, p *searchPool) {
	role := s.mastersOf(r)
	for range p.clusters {
		l.Roles = append(l.Roles, RegionRole{Role: role, Region: r.Index, Name: "master", Nodes: role.Floor})
	}
	x := structure(masters, role.Floor, remark.New("search.dedicated", "from", int(s.spec.DedicatedFrom.V)))
	p.times(&x)
	l.Limits = append(l.Limits, RegionLimit{Limit: x, Region: r.Index, Role: "master"})
}

// hasBytes says how much the volumes of a node hold that were bought: what they
// could hold at most is what the number of nodes was sized with.
func hasBytes(needs []capacity.Need, bytes float64) {
	for i := range needs {
		for state := range needs[i].In {
			if needs[i].Of == capacity.DiskBytes {
				needs[i].In[state].Have = bytes
			}
		}
	}
}

// volumeLimits adds the operations and the throughput of the volumes, which are
// bought to measure. Their bytes, and what the instance bounds, are among the
// needs of the nodes.
func (s *searchSizer) volumeLimits(l *Layout, r *searchRegion, node *searchNode, p *searchPool) {
	for _, x := range p.disks.limits(s.c, node.t, &p.need, p.all()) {
		if x.Of == capacity.DiskIOPS || x.Of == capacity.DiskThroughput {
			x.Nodes, x.Why = 1, remark.New("search.volumes_as_fast")
			l.Limits = append(l.Limits, RegionLimit{Limit: x, Region: r.Index})
		}
	}
}

// structure says what a region's clusters consist of, and where the copies are.
func (s *searchSizer) structure(l *Layout, r *searchRegion, p *searchPool) []remark.Remark {
	region := r.Name
	bytes := 0.0 // of volumes, which are bought
	if l.Storage.Volume != VolumeLocal {
		bytes = p.disks.Bytes
	}
	out := []remark.Remark{remark.New("search.index", "region", region, "shards", p.shards(), "copies", p.copies,
		"storage", l.Storage.String(), "bytes", bytes, "clusters", p.clusters)}
	out = append(out, s.busiest(region, r, p))
	for i := range l.Pools {
		if x := &l.Pools[i]; x.Region == r.Index && x.Role == "master" {
			out = append(out, remark.New("search.masters", "region", region, "nodes", x.Max, "type", l.TypeOf(x).Name))
		}
	}
	return out
}

// busiest says how many copies the node with the most of them has, also once
// something is lost.
func (s *searchSizer) busiest(region string, r *searchRegion, p *searchPool) remark.Remark {
	need := p.holding(shardsOfNode, 0, 0)
	role := s.role(r, nil, p.copies)
	out := remark.New("search.busiest", "region", region, "nodes", p.nodes, "most",
		role.Most(&need, capacity.Own, p.nodes), "copies", p.primaries*min(p.copies, p.nodes))
	lost := 0
	for _, state := range []capacity.State{capacity.NodeLost, capacity.ZoneLost} {
		if role.Checks(state) {
			lost = max(lost, role.Most(&need, state, p.nodes))
		}
	}
	if lost > 0 {
		out = out.With("lost", lost)
	}
	return out
}

// grows says what more load takes: nodes, and how long data moves to them.
func (s *searchSizer) grows(p *searchPool) remark.Remark {
	r := &s.regions[0]
	part := float64(r.lead) * float64(p.copies) / float64(p.all()+1)
	out := remark.New("search.grows", "bytes", part, "time", part/recoveryRate)
	if s.spec.Role == "logs" {
		return out
	}
	return out.With("shards", p.shards(), "index", r.lead)
}

// steps show the calculation.
func (s *searchSizer) steps(node *searchNode, pools []searchPool) []workload.Step {
	const model = "MODEL section 5, search"
	all := func(l Linear) float64 { return l.Local + l.Global }
	perQuery, copies := s.spec.perQuery(pools[0].shards()), pools[0].copies
	work := float64(all(s.now.queries)*perQuery) + float64(all(s.now.docs)*float64(s.spec.CPUIndex.V)*float64(copies))
	steps := []workload.Step{needOf(capacity.CPU, stepOf("CPU at the peak of all users in the lead month", model,
		fmt.Sprintf("%.4g vCPU of %s", work, s.ref.Name), "%s queries × %s + %s documents × %s × %d copies",
		unit.EventRate(all(s.now.queries)).Human(), unit.Duration(perQuery), unit.EventRate(all(s.now.docs)).Human(),
		s.spec.CPUIndex.V, copies))}
	if s.spec.CPUShard.V > 0 {
		steps = append(steps, stepOf("CPU of a query", model, unit.Duration(perQuery).String(),
			"%s + (%d shards − 1) × %s", s.spec.CPUQuery.V, pools[0].shards(), s.spec.CPUShard.V))
	}
	steps = append(steps, node.cpu.steps(node.t, s.ref)...)
	steps = append(steps, needOf(capacity.Memory, stepOf("heap", model, unit.Bytes(heap(node.t)).Human(), "min(31 GiB, %s / 2)",
		node.t.Memory.Human())))
	target := unit.Bytes(s.spec.shardTarget(&s.c.Limits.Search)).Human()
	for i := range s.regions {
		r, p := &s.regions[i], &pools[i]
		steps = append(steps,
			needOf(capacity.DiskBytes, stepOf("index in "+r.Name, model, r.lead.Replicated(float64(p.copies)).Human(),
				"%s of source in the lead month × %s × %d copies", r.source.Human(), s.spec.Expansion.V, p.copies)),
			stepOf("least primary shards in "+r.Name, model, fmt.Sprint(s.primaries(r, p.clusters)*p.clusters),
				"max(1, ⌈%s / %s / %d⌉) × %d clusters, at the horizon", r.horizon.Human(), target, p.clusters,
				p.clusters),
			stepOf("primary shards in "+r.Name, model, fmt.Sprint(p.shards()), "at most %d more than those", p.all()))
	}
	return steps
}
