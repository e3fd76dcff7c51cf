package sizing

import (
	"fmt"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// describe says how the numbers came about.
func (s *searchSizer) describe(l *Layout, res []capacity.Need, speed catalog.Speed, pools []searchPool) {
	for i := range s.regions {
		l.Limits = append(l.Limits, s.limits(l, &s.regions[i], res, &pools[i])...)
	}
	l.derive = func() []workload.Step { return s.steps(l.Type, speed) }
	l.Structure = s.structure(l, pools)
	l.Brief = fmt.Sprintf("%d shards × %.0f copies", s.primaries(&s.regions[0], pools[0].data), s.copies)
	l.Grows = s.grows(pools)
	if s.lossy() && pools[0].data >= dedicatedFrom {
		l.Warnings = append(l.Warnings, "the dedicated masters have the type of the data nodes, as a component has one; smaller ones would do")
	}
}

// limits are those of a region's data nodes and, where there are any, masters.
func (s *searchSizer) limits(l *Layout, r *searchRegion, res []capacity.Need, p *searchPool) []Limit {
	c := s.c
	out := make([]Limit, 0, 24)
	role := c.role(&r.Region, res)
	out = append(out, c.placed(role.Check(p.data), r.Index, "")...)
	for _, h := range s.holdings(r, l.Type, l.Storage) {
		if h.name == "disk bytes" && l.Storage.Volume != VolumeLocal {
			h.have = p.disks.Bytes // bought to measure: what is there, not what could be
		}
		for _, state := range h.states(&c.Policy) {
			lim := Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: h.name, Unit: h.unit}, State: state, Need: h.need, Have: h.have * float64(p.data), Target: h.own, Nodes: min(p.data, h.nodes(state)), Why: h.why}, Region: r.Index}
			switch state {
			case capacity.NodeLost:
				lim.Have, lim.Target = h.have*float64(p.data-1), h.degraded
			case capacity.RegionLost:
				lim.Need, lim.Target = h.lost, h.targetAtRegion
			}
			if h.name == "disk bytes" && l.Storage.Volume != VolumeLocal {
				lim.Nodes, lim.Why = 1, "volumes are as large as it takes"
			}
			out = append(out, lim)
		}
	}
	disk := append(p.disks.limits(c, l.Type, &p.need, p.data), p.disks.lateLimits(c, l.Type, searchBlock, p.late, p.data)...)
	for _, lim := range c.placed(disk, r.Index, "") {
		// What the instance bounds is among the resources, the bytes among the
		// holdings; the volumes are bought to measure.
		if l.Storage.Volume != VolumeLocal && (lim.Of.Name == "disk iops" || lim.Of.Name == "disk throughput") {
			lim.Nodes, lim.Why = 1, "volumes get what it takes"
			out = append(out, lim)
		}
	}
	return s.bind(out, r, p.data)
}

// bind adds the structural limits and marks the one that decided.
func (s *searchSizer) bind(out []Limit, r *searchRegion, n int) []Limit {
	least := s.structural()
	why := "one node for each copy"
	if s.lossy() {
		why = "three master-eligible nodes, of which two must be left"
	}
	structure := Limit{Limit: capacity.Limit{Of: capacity.Nodes, State: capacity.Always, Need: float64(least), Have: float64(n), Target: 1, Nodes: least, Why: why}, Region: r.Index}
	if n == least {
		structure.Binding = true
	}
	for i := range out {
		if !structure.Binding && out[i].Nodes == n {
			out[i].Binding = true
			break
		}
	}
	out = append(out, structure)
	if s.lossy() && n >= dedicatedFrom {
		out = append(out, Limit{Limit: capacity.Limit{Of: capacity.Nodes, State: capacity.Always, Need: masters, Have: masters, Target: 1, Nodes: masters, Binding: true, Why: fmt.Sprintf("dedicated from %d data nodes on", dedicatedFrom)}, Region: r.Index, Role: "master"})
	}
	return out
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

func (s *searchSizer) structure(l *Layout, pools []searchPool) []string {
	var out []string
	regions := s.c.Flow.Demand.Regions
	for i := range s.regions {
		r := &s.regions[i]
		text := fmt.Sprintf("%s: %d primary shards × %.0f copies, %s", regions[r.Index].Name, s.primaries(r, pools[i].data), s.copies, l.Storage)
		if l.Storage.Volume != VolumeLocal {
			text += fmt.Sprintf(" %s a node", unit.Bytes(pools[i].disks.Bytes).Human())
		}
		out = append(out, text)
	}
	return out
}

func (s *searchSizer) grows(pools []searchPool) string {
	r, n := &s.regions[0], pools[0].data
	part := float64(r.stored) / float64(n+1)
	text := fmt.Sprintf("queries and data: a node by hand, which %s move to in %s", unit.Bytes(part).Human(), unit.Duration(part/recoveryRate).Human())
	if s.spec.Role == "logs" {
		return text + "; new indices take the number of shards needed then"
	}
	return text + fmt.Sprintf("; beyond %d full shards reindex %s", s.primaries(r, n), r.primary.Human())
}

func (s *searchSizer) steps(t *catalog.NodeType, speed catalog.Speed) []workload.Step {
	const model = "MODEL section 5, search"
	all := func(l Linear) float64 { return l.Local + l.Global }
	steps := []workload.Step{
		{What: "CPU at the peak of all users", Formula: fmt.Sprintf("%s queries × %s + %s documents × %s × %.0f copies", unit.Rate(all(s.now.queries)).Human(), s.spec.CPUQuery.V,
			unit.Rate(all(s.now.docs)).Human(), s.spec.CPUIndex.V, s.copies), Result: fmt.Sprintf("%.4g vCPU of %s", all(s.now.cpu), s.ref.Name), Source: model},
		{What: "speed of a node", Formula: fmt.Sprintf("%s against %s, %s, derated by %.2f", t.Name, s.ref.Name, speed.Evidence, speed.Derate),
			Result: fmt.Sprintf("%.4g vCPU of %s", speed.RefVCPUs, s.ref.Name), Source: "MODEL section 2"},
		{What: "heap", Formula: "min(31 GiB, memory / 2)", Result: unit.Bytes(heap(t)).Human(), Source: model},
	}
	for i := range s.regions {
		r := &s.regions[i]
		steps = append(steps,
			workload.Step{What: "index in " + r.Name, Formula: fmt.Sprintf("%s of source at the horizon × %s × %.0f copies", r.source.Human(), s.spec.Expansion.V, s.copies),
				Result: r.stored.Human(), Source: model},
			workload.Step{What: "primary shards in " + r.Name, Formula: fmt.Sprintf("⌈%s / %s⌉", r.primary.Human(), unit.Bytes(s.spec.shardTarget(&s.c.Limits.Search)).Human()),
				Result: fmt.Sprintf("%d", r.shards), Source: model})
	}
	return steps
}
