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
		at := slices.IndexFunc(l.Pools, func(p Pool) bool { return p.Region == s.regions[i].Index && p.Role == "" })
		pools[i].data = l.Pools[at].Max
		s.explain(l, &s.regions[i], node, &pools[i])
		if s.dedicated(chosen[i].data) {
			s.explainMasters(l, &s.regions[i])
		}
	}
	l.derive = func() []workload.Step { return s.steps(node) }
	l.Structure = s.structure(l, pools)
	l.Brief = remark.New("search.shards", "shards", s.primaries(&s.regions[0], pools[0].data), "copies", s.copies)
	l.Grows = s.grows(pools)
	if s.dedicated(chosen[0].data) {
		l.Warnings = append(l.Warnings, remark.New("search.large_masters"))
	}
}

// explain records the role of a region's data nodes and their limits.
func (s *searchSizer) explain(l *Layout, r *searchRegion, node *searchNode, p *searchPool) {
	role := s.role(r, node, make([]capacity.Need, 0, len(s.ofRole)))
	bought := node.st.Volume != VolumeLocal
	if bought {
		hasBytes(role.Needs, p.disks.Bytes)
	}
	l.Roles = append(l.Roles, RegionRole{role, r.Index, ""})
	limits := role.Check(p.data)
	for i := range limits {
		x := &limits[i]
		x.Binding = x.Of == p.by.Of && x.State == p.by.State
		if bought && x.Of == capacity.DiskBytes && !x.Binding {
			x.Nodes, x.Why = 1, remark.New("search.volumes_as_large")
		}
	}
	s.c.place(l, limits, r.Index, "")
	if bought {
		s.volumeLimits(l, r, node, p)
	}
	why := remark.New("search.node_a_copy")
	if s.lossy() {
		why = remark.New("search.quorate")
	}
	floor := structure(role.Floor, p.data, why)
	floor.Binding = p.data == role.Floor
	l.Limits = append(l.Limits, RegionLimit{Limit: floor, Region: r.Index})
}

// explainMasters does the same for a region's dedicated masters.
func (s *searchSizer) explainMasters(l *Layout, r *searchRegion) {
	role := s.masters(r)
	l.Roles = append(l.Roles, RegionRole{role, r.Index, "master"})
	x := structure(masters, role.Floor, remark.New("search.dedicated", "from", dedicatedFrom))
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
	all := p.disks.limits(s.c, node.t, &p.need, p.data)
	all = append(all, p.disks.lateLimits(s.c, node.t, searchBlock, p.late, p.data)...)
	for _, x := range all {
		if x.Of == capacity.DiskIOPS || x.Of == capacity.DiskThroughput {
			x.Nodes, x.Why = 1, remark.New("search.volumes_as_fast")
			l.Limits = append(l.Limits, RegionLimit{Limit: x, Region: r.Index})
		}
	}
}

// primaries is the number of primary shards of a region with n data nodes: as
// many as the bytes ask for, or what gives every node a copy to work on.
func (s *searchSizer) primaries(r *searchRegion, n int) int {
	if n <= s.structural() {
		return r.shards
	}
	k := int(s.copies)
	return max(r.shards, (n+k-1)/k)
}

// structure says what each region's cluster consists of.
func (s *searchSizer) structure(l *Layout, pools []searchPool) []remark.Remark {
	var out []remark.Remark
	regions := s.c.Flow.Demand.Regions
	for i := range s.regions {
		r := &s.regions[i]
		bytes := 0.0 // of volumes, which are bought
		if l.Storage.Volume != VolumeLocal {
			bytes = pools[i].disks.Bytes
		}
		out = append(out, remark.New("search.index", "region", regions[r.Index].Name, "shards",
			s.primaries(r, pools[i].data), "copies", s.copies, "storage", l.Storage.String(), "bytes", bytes))
	}
	return out
}

// grows says what more load takes: nodes, and how long data moves to them.
func (s *searchSizer) grows(pools []searchPool) remark.Remark {
	r, n := &s.regions[0], pools[0].data
	part := float64(r.stored) / float64(n+1)
	if s.spec.Role == "logs" {
		return remark.New("search.grows", "bytes", part, "time", part/recoveryRate)
	}
	return remark.New("search.grows", "bytes", part, "time", part/recoveryRate, "shards", s.primaries(r, n), "index",
		r.primary)
}

// steps show the calculation.
func (s *searchSizer) steps(node *searchNode) []workload.Step {
	const model = "MODEL section 5, search"
	all := func(l Linear) float64 { return l.Local + l.Global }
	cpu := fmt.Sprintf("%s queries × %s + %s documents × %s × %.0f copies", unit.EventRate(all(s.now.queries)).Human(),
		s.spec.CPUQuery.V, unit.EventRate(all(s.now.docs)).Human(), s.spec.CPUIndex.V, s.copies)
	steps := []workload.Step{
		{What: "CPU at the peak of all users", Formula: cpu, Source: model,
			Result: fmt.Sprintf("%.4g vCPU of %s", all(s.now.cpu), s.ref.Name)},
		speedStep(node.t, s.ref, &node.speed),
		{What: "heap", Formula: "min(31 GiB, memory / 2)", Result: unit.Bytes(heap(node.t)).Human(), Source: model},
	}
	target := unit.Bytes(s.spec.shardTarget(&s.c.Limits.Search)).Human()
	for i := range s.regions {
		r := &s.regions[i]
		steps = append(steps,
			workload.Step{What: "index in " + r.Name, Result: r.stored.Human(), Source: model,
				Formula: fmt.Sprintf("%s of source at the horizon × %s × %.0f copies",
					r.source.Human(), s.spec.Expansion.V, s.copies)},
			workload.Step{What: "primary shards in " + r.Name, Result: fmt.Sprintf("%d", r.shards), Source: model,
				Formula: fmt.Sprintf("⌈%s / %s⌉", r.primary.Human(), target)})
	}
	return steps
}
