package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// describe says how the numbers came about. The layout's data nodes count, which
// may be given instead of chosen.
func (s *index) describe(l *Layout, node *indexNode, chosen []indexPool) {
	pools := slices.Clone(chosen)
	for i := range s.regions {
		r, p := &s.regions[i], &pools[i]
		at := slices.IndexFunc(l.Pools, func(p Pool) bool { return p.Region == r.Index && p.Role == "" })
		if n := l.Pools[at].Max; n != p.all() {
			p.arrangement = s.given(r, node, n)
		}
		s.explain(l, r, node, p)
		l.Structure = append(l.Structure, s.structure(l, r, p)...)
		s.masters.describe(l, &r.Location, p.clusters)
		l.has(s.c, &p.disks, NodeDisks{Region: r.Index, Nodes: p.all()})
		l.Divided = append(l.Divided, Division{Region: r.Index, Shards: p.shards(), Copies: p.copies,
			Clusters: p.clusters})
	}
	l.derive = func() []remark.Step { return s.steps(node, pools) }
	l.Brief = remark.New("search.shards", "shards", pools[0].shards(), "copies", pools[0].copies)
	l.Grows = s.grows(&pools[0])
	if rej := s.least.lacks(node.t); rej != nil { // given machines
		l.Warnings = append(l.Warnings, rej.Remark("search.guidance"))
	}
}

// explain records the roles of a region's nodes and their limits.
func (s *index) explain(l *Layout, r *indexRegion, node *indexNode, p *indexPool) {
	needs, _ := s.needs(r, node, &p.arrangement, s.c.list(mostNeeds)) // it fitted before, so it is not rejected now
	role := s.role(r, needs, p.copies)
	_, by := role.Least()
	bought := node.st.Volume != VolumeLocal
	if bought {
		hasBytes(role.Needs, p.disks.Bytes)
	}
	for range p.clusters {
		l.Roles = append(l.Roles, RegionRole{Role: role, Region: r.Index, Nodes: p.nodes})
	}
	limits := s.c.check(&role, p.nodes)
	for i := range limits {
		x := &limits[i]
		x.Binding = x.Of == by.Of && x.State == by.State
		switch {
		case bought && x.Of == capacity.DiskBytes && !x.Binding:
			x.Nodes, x.Why = 1, remark.New("search.volumes_as_large")
		case x.Why.IsZero():
			x.Why = remark.New("search.placed", "most", x.Most, "copies", x.Parts)
		}
		*x = ofAll(*x, p.clusters)
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
func (s *index) volumeLimits(l *Layout, r *indexRegion, node *indexNode, p *indexPool) {
	for _, x := range p.disks.limits(s.c, node.t, &p.need, p.all()) {
		if x.Of == capacity.DiskIOPS || x.Of == capacity.DiskThroughput {
			x.Nodes, x.Why = 1, remark.New("search.volumes_as_fast")
			l.Limits = append(l.Limits, RegionLimit{Limit: x, Region: r.Index})
		}
	}
}

// structure says what a region's clusters consist of, and where the copies are.
func (s *index) structure(l *Layout, r *indexRegion, p *indexPool) []remark.Remark {
	bytes := 0.0 // of volumes, which are bought
	if l.Storage.Volume != VolumeLocal {
		bytes = p.disks.Bytes
	}
	return []remark.Remark{remark.New("search.index", "region", r.Name, "shards", p.shards(), "copies", p.copies,
		"storage", l.Storage.String(), "bytes", bytes, "clusters", p.clusters), s.busiest(r, p)}
}

// busiest says how many copies the node with the most of them has, also once
// something is lost.
func (s *index) busiest(r *indexRegion, p *indexPool) remark.Remark {
	need := p.holding(shardsOfNode, 0, 0)
	role := s.role(r, nil, p.copies)
	out := remark.New("search.busiest", "region", r.Name, "nodes", p.nodes, "most",
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
func (s *index) grows(p *indexPool) remark.Remark {
	r := &s.regions[0]
	part := float64(r.lead) * float64(p.copies) / float64(p.all()+1)
	out := remark.New("search.grows", "bytes", part, "time", part/recoveryRate)
	if s.logs {
		return out
	}
	return out.With("shards", p.shards(), "index", r.lead)
}

// steps show the calculation.
func (s *index) steps(node *indexNode, pools []indexPool) []remark.Step {
	const model = "MODEL section 5, search"
	all := func(l Linear) float64 { return l.Local + l.Global }
	perQuery, copies := s.query(pools[0].shards()), pools[0].copies
	work := float64(all(s.now.queries)*perQuery) + float64(all(s.now.docs)*s.perDoc*float64(copies))
	query := unit.Given(unit.Duration(perQuery))
	steps := []remark.Step{needOf(capacity.CPU, remark.Derive("CPU at the peak of all users in the lead month", model,
		cpuOf(work, s.ref.Name), "{queries} queries × {query}", "queries", unit.EventRate(all(s.now.queries)),
		"query", query).
		Plus("{documents} documents × {document} × {copies} copies", "documents", unit.EventRate(all(s.now.docs)),
			"document", unit.Given(unit.Duration(s.perDoc)), "copies", copies))}
	if s.perShard > 0 {
		steps = append(steps, remark.Derive("CPU of a query", model, query, "{query} + ({shards} shards − 1) × {shard}",
			"query", unit.Given(unit.Duration(s.perQuery)), "shards", pools[0].shards(),
			"shard", unit.Given(unit.Duration(s.perShard))))
	}
	steps = append(steps, node.cpu.steps(node.t, s.ref)...)
	steps = append(steps, s.memorySteps(node.t)...)
	for i := range s.regions {
		steps = append(steps, s.shardSteps(&s.regions[i], &pools[i])...)
	}
	return steps
}

// shardSteps are how large the index of a region is, and into how many shards it is divided.
func (s *index) shardSteps(r *indexRegion, p *indexPool) []remark.Step {
	const model = "MODEL section 5, search"
	steps := []remark.Step{
		needOf(capacity.DiskBytes, remark.Derive("index in {region}", model, r.lead.Replicated(float64(p.copies)),
			"{source} of source in the lead month × {expansion} × {copies} copies", "source", r.source,
			"expansion", unit.Given(s.corpus.spec.Expansion.V), "copies", p.copies)),
		remark.Derive("least primary shards in {region}", model, s.filled(r, p.clusters)*p.clusters,
			"max(1, ⌈{index} / {shard} / {clusters}⌉) × {clusters} clusters", "index", r.horizon,
			"shard", unit.Bytes(s.shardTarget), "clusters", p.clusters).Noting("step.at_horizon"),
		remark.Derive("primary shards in {region}", model, p.shards(), "").Noting("step.at_most_more", "more", p.all()),
	}
	if n := s.primaries(r, p.clusters); n > s.filled(r, p.clusters) {
		steps[1] = remark.Derive("least primary shards in {region}", model, n*p.clusters, "").
			Noting("step.shards_already")
	}
	for i := range steps {
		steps[i] = steps[i].Naming("region", r.Name)
	}
	return steps
}
