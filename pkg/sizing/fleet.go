package sizing

import (
	"cmp"
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is fleets: nodes that are alike, share the load of their region evenly,
// and mostly keep nothing that cannot be had again. Services, workers and poolers are fleets.
// How many nodes one has is found here; its kind says what the load asks of a node.

// fleet is the sizer of a component whose nodes are alike. It is to kinds with nodes
// what nodeless is to kinds without: they fill it in and return it.
type fleet struct {
	c       *Task
	ref     *catalog.NodeType // on which CPU times were measured
	class   catalog.WorkClass
	regions []Location // as the nodes see their hours; see steady and follow
	lag     int        // hours ahead of which nodes are ordered that follow the load
	follows bool       // whether they do
	bursts  bool       // whether all of a -flex type's CPU counts in the normal state; see flex.go
	// copies is how many nodes keep and do the same, one of which takes the place of another
	// that is lost; 0 and 1 where each does its part, which then goes to all others.
	copies int
	// leastWhy says what least is for; zero where the policy alone asks for nodes.
	leastWhy remark.Remark
	eachZone bool   // whether there is a node in each zone at least
	least    int    // least nodes, each of which has so many copies; 0 for as many as the policy asks for
	most     int    // most nodes of a region, which do not follow the load; 0 for no bound
	zoned    bool   // whether every zone has as many nodes
	odd      bool   // whether there is an odd number of nodes, so that more of them decide
	cpu      Linear // seconds of the reference's CPU per second
	late     Linear // in addition while workers catch up

	// node says what a node of a type has, and what is asked of it in every region.
	node func(*fleetNode) *Rejection
	// asks is what a region asks of nodes; nil where it is what all regions ask.
	asks func(n *fleetNode, region int) ([]capacity.Need, *Rejection)
	// offer completes a layout of which the nodes are known; nil where nothing is to add.
	offer func(*Layout, *fleetNode) *Rejection
	// beside adds the limits of a region that are not of its needs; nil where there are none.
	beside func(l *Layout, n *fleetNode, region int)
	// describe says how the numbers came about.
	describe func(*Layout, *fleetNode)

	asked  []capacity.Ask // CPU by region, where nodes do not follow the load; see Bound
	bursty []burstWeek    // see weeks
}

// fleetNode is one node of a type, and what the load asks of it.
type fleetNode struct {
	t     *catalog.NodeType
	cpu   nodeCPU
	needs []capacity.Need
	pools []Pool // the nodes that were found, by region, for offer and what explains it
}

var _ Bounded = (*fleet)(nil)

// newFleet is a fleet whose CPU times were measured on a reference type, of a class of
// work. Its nodes are there at all times.
func newFleet(c *Task, reference strict.Value[string], work string) (*fleet, error) {
	ref, err := c.reference(reference)
	if err != nil {
		return nil, err
	}
	f := &fleet{c: c, ref: ref, regions: steady(c.Regions)}
	f.class, _ = catalog.ParseClass(work)
	return f, nil
}

// follow lets the nodes follow the load, if they do: a node serves so long after it is
// needed. Those of a passive region are added at a failover in any case.
func (f *fleet) follow(autoscaled bool, lag unit.Duration) {
	if f.follows = autoscaled; autoscaled {
		f.lag = int(math.Ceil(float64(lag) / 3600))
		f.regions = f.c.Scaled(f.lag)
		return
	}
	for i := range f.regions {
		f.regions[i].Warm = f.c.Regions[i].Warm
	}
}

// Needs are nodes, at least as many as the policy asks for whatever the load.
func (f *fleet) Needs() Needs {
	return Needs{Nodes: true, Storages: []Storage{{}}, MinNodes: f.c.leastNodes(func(i int) int {
		role := f.role(&f.regions[i], nil)
		return role.Floor * max(1, f.copies)
	})}
}

// role is the nodes of a region, of those with copies one of each.
func (f *fleet) role(r *Location, needs []capacity.Need) capacity.Role {
	role := f.c.role(r, needs)
	if f.copies > 1 {
		role.Replaced, role.Floor = true, 1
	}
	role.Zoned, role.Odd = f.zoned, f.odd
	floor := max(role.Floor, f.least)
	if f.eachZone {
		floor = max(floor, r.Zones)
	}
	role.Floor = role.Whole(floor)
	return role
}

// Fit sizes the fleet on one type.
func (f *fleet) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	room := f.c.system.rooms.take()
	defer f.c.system.rooms.give(room)
	n, rej := f.on(t, room)
	if rej != nil {
		return nil, rej
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, len(f.regions)), Counted: true}
	for i := range f.regions {
		if rej := f.c.Policy.checkZones(f.regions[i]); rej != nil {
			return nil, rej
		}
		p, rej := f.pool(n, i)
		if rej != nil {
			return nil, rej
		}
		l.Pools = append(l.Pools, p)
	}
	n.pools = l.Pools
	if f.offer != nil {
		if rej := f.offer(l, n); rej != nil {
			return nil, rej
		}
	}
	found := l.Pools // the layout that is described may have given ones
	l.Describe = func(l *Layout) {
		n, _ := f.on(t, f.c.list(mostNeeds)) // it fitted before, so it is not rejected now
		n.needs, n.pools = slices.Clip(n.needs), found
		f.explain(l, n)
	}
	return l, nil
}

// on is a node of a type, with room for its needs.
func (f *fleet) on(t *catalog.NodeType, room []capacity.Need) (*fleetNode, *Rejection) {
	cpu, rej := f.c.nodeCPU(t, f.class, f.ref)
	if rej != nil {
		return nil, rej
	}
	if f.bursts {
		cpu = cpu.bursting(t)
	}
	n := &fleetNode{t: t, cpu: cpu, needs: room}
	return n, f.node(n)
}

// needs are what a region asks of nodes.
func (f *fleet) needs(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	if f.asks == nil {
		return n.needs, nil
	}
	return f.asks(n, region)
}

// pool is the nodes of a region: the least that pass in every hour of the week
// (docs/model.md section 4).
func (f *fleet) pool(n *fleetNode, region int) (Pool, *Rejection) {
	needs, rej := f.needs(n, region)
	if rej != nil {
		return Pool{}, rej
	}
	r := &f.regions[region]
	role := f.role(r, needs)
	if f.bursts && n.t.Flex {
		return f.burst(n, role, region)
	}
	if f.most > 0 || slices.ContainsFunc(needs, func(n capacity.Need) bool { return n.Copies > 1 }) {
		nodes, by := role.Least() // Follow is for needs that nodes share evenly
		if most := cmp.Or(f.most, capacity.MaxNodes); nodes > most {
			return Pool{}, tooManyOf(&by, most)
		}
		return Fixed(r.Index, "", nodes), nil
	}
	counts, over := role.Follow()
	if over != nil {
		return Pool{}, tooMany(over)
	}
	if f.copies > 1 {
		for i := range counts {
			counts[i].Nodes *= f.copies
		}
	}
	return pooled(r.Index, counts), nil
}

// hourly are the nodes of a region that follow the load, hour by hour: those that pool
// counts.
func (f *fleet) hourly(n *fleetNode, region int) []int {
	needs, _ := f.needs(n, region) // it fitted before, so it is not rejected now
	r := &f.regions[region]
	role := f.c.role(r, needs)
	if f.bursts && n.t.Flex {
		nodes, _ := f.burstNodes(n, role, region)
		return nodes
	}
	role.Week = ahead(hoursOf(f.c.Flow, f.c.Load, r.Index), f.lag)[:]
	nodes, _ := role.Hourly(make([]int, 0, workload.Hours))
	return nodes
}

// addresses adds the public address of each node of a fleet.
func (c *Task) addresses(l *Layout, n *fleetNode) *Rejection {
	for i := range n.pools {
		p := &n.pools[i]
		row := Usage{Region: p.Region, Category: "network", Label: c.Component.Label(), PerNode: true}
		l.Usage = append(l.Usage, row.of(catalog.AddressHours(), p.Mean*c.Flow.Demand.Hours))
	}
	return nil
}

// explain records roles and limits, region by region, and what the kind says of them.
func (f *fleet) explain(l *Layout, n *fleetNode) {
	for i := range f.regions {
		r := &f.regions[i]
		needs, _ := f.needs(n, i)
		from := len(l.Limits)
		f.c.explain(l, r, f.role(r, needs), max(1, l.Pools[i].Max/max(1, f.copies)))
		if f.copies > 1 {
			copied(l.Limits[from:], f.copies)
		}
		for k := from; k < len(l.Limits); k++ {
			if x := &l.Limits[k]; x.Floor && !f.leastWhy.IsZero() {
				x.Why = f.leastWhy
			}
		}
		if f.follows {
			l.Roles[len(l.Roles)-1].Hourly = func() []int { return f.hourly(n, i) }
		}
		if f.bursts && n.t.Flex {
			l.Limits = append(l.Limits, f.burstLimit(n, l, i))
		}
		if f.beside != nil {
			f.beside(l, n, i)
		}
	}
	f.describe(l, n)
}

// copied says of least nodes that each of them has so many copies.
func copied(limits []RegionLimit, copies int) {
	for i := range limits {
		if x := &limits[i]; x.Floor {
			x.Limit = ofAll(x.Limit, copies)
			x.Why = remark.New("nodes.copies", "copies", copies)
		}
	}
}

// Bound is how many nodes the CPU time takes without an aim for response times: in the
// mean of the week, without rounding up to whole nodes, and where nodes do not follow
// the load at its peak.
func (f *fleet) Bound(t *catalog.NodeType, _ Storage, least []float64) []Pool {
	speed, err := f.c.Speeds.Speed(t, f.class, f.ref)
	if err != nil {
		return nil // Fit says so
	}
	lost := speed.RefVCPUs * (1 + 1e-6)
	own := lost
	if f.bursts && t.Flex {
		own /= speed.UsableCPU
	}
	for i := range f.regions {
		r, p := &f.regions[i], &f.c.Policy
		n := f.cpu.Own(r.Mean) / (own * p.Own)
		if r.Warm >= 1 { // else less will do until the failover
			if p.Region {
				n = max(n, f.cpu.Lost(r.Mean)/(lost*p.Degraded))
			}
			if !f.follows {
				role := f.role(r, nil)
				n = max(n, float64(role.Answer(f.askedCPU(i), own)))
			}
		}
		least[r.Index] = max(least[r.Index], n*float64(max(1, f.copies)))
	}
	return nil
}

// askedCPU is what the nodes of a region are asked for of CPU, whatever their type.
func (f *fleet) askedCPU(region int) *capacity.Ask {
	if f.asked == nil {
		cpu := f.c.need(capacity.CPU, f.cpu, f.late, 1)
		for i := range f.regions {
			role := f.role(&f.regions[i], nil)
			f.asked = append(f.asked, role.Ask(&cpu))
		}
	}
	return &f.asked[region]
}

// Floor is nothing: only nodes are billed.
func (*fleet) Floor(Storage) Floor { return Floor{} }
