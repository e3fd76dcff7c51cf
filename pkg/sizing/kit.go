package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// This file is what kinds share of the way from needs to nodes and limits: pools
// that are held against the policy's targets. The way from the load to needs is
// in traffic.go (what arrives), volume.go (what is kept) and regions.go (hours).

// need is a need that the nodes share evenly, at the policy's targets; late is
// what comes in addition while workers catch up.
func (c *Task) need(of capacity.Resource, load, late Linear, have float64) capacity.Need {
	n := capacity.Shared(of, capacity.Claim{Load: load}, have, c.Policy.Own, c.Policy.Degraded)
	n.Late(capacity.Claim{Load: late})
	return n
}

// offered is what a node has of something, at the policy's targets, for what is asked
// of it to be filled in; workers that catch up may take all that there is.
func (c *Task) offered(of capacity.Resource, have float64) capacity.Need {
	n := capacity.Shared(of, capacity.Claim{}, have, c.Policy.Own, c.Policy.Degraded)
	n.In[capacity.CatchUp] = capacity.Balance{Have: have, Target: 1}
	return n
}

// networkOffered is the same of the two directions of a node's network, at its baseline.
func (c *Task) networkOffered(t *catalog.NodeType) (in, out capacity.Need) {
	have := float64(t.NetworkBaseline)
	in, out = c.offered(capacity.NetworkIn, have), c.offered(capacity.NetworkOut, have)
	in.Why = networkWhy(t)
	out.Why = in.Why
	return in, out
}

// networkLoad is what nodes receive and send, bytes per second.
type networkLoad struct{ in, out Linear }

// network appends the two directions of a node's network, at its baseline; late
// is what comes in addition while workers catch up.
func (c *Task) network(needs []capacity.Need, t *catalog.NodeType, load, late networkLoad) []capacity.Need {
	if !c.NetworkKnown {
		return needs
	}
	have := float64(t.NetworkBaseline)
	in, out := c.need(capacity.NetworkIn, load.in, late.in, have), c.need(capacity.NetworkOut, load.out, late.out, have)
	in.Why = networkWhy(t)
	out.Why = in.Why
	return append(needs, in, out)
}

// networkWhy says where a type's network baseline comes from, if not from the
// tables.
func networkWhy(t *catalog.NodeType) remark.Remark {
	if t.NetworkAssumed {
		return remark.Remark{Key: "nodes.network_assumed"}
	}
	return remark.Remark{}
}

// role is a role of a region whose nodes must outlive what the policy says.
func (c *Task) role(r *Location, needs []capacity.Need) capacity.Role {
	return capacity.Role{Needs: needs, Week: r.Groups, Peaks: r.Peaks, Zones: r.Zones, Survive: c.Policy.Survive,
		Warm: r.Warm, Floor: c.Policy.Structural(r.Zones)}
}

// pooled is a pool whose nodes follow the load.
func pooled(region int, counts []capacity.NodeHours) Pool {
	p := Pool{Region: region, Min: counts[0].Nodes, Max: counts[len(counts)-1].Nodes}
	sum, hours := 0, 0
	for _, c := range counts {
		sum += c.Nodes * c.Hours
		hours += c.Hours
	}
	p.Mean = float64(sum) / float64(hours)
	if p.Min != p.Max {
		p.ByHour = counts
	}
	return p
}

// leaves is what processes that take base leave of a node's memory, bytes: all of it, and
// how much of that the policy allows. why says of what it is too little where nothing
// is left.
func (c *Task) leaves(t *catalog.NodeType, base float64, why string) (room, free float64, rej *Rejection) {
	room, free = c.Policy.usable(t)-base, c.Policy.allowed(t)-base
	if free <= 0 {
		rej = noMemory(base, free+base, why)
	}
	return room, free, rej
}

// noMemory is the rejection of nodes that may give less memory than is needed, bytes.
func noMemory(need, have float64, why string) *Rejection {
	return &Rejection{Resource: "memory", Need: need, Have: have, Unit: "B", Why: remark.New(why)}
}

// tooMany is the rejection of a load that no number of nodes carries.
func tooMany(b *capacity.Bound) *Rejection { return tooManyOf(b, capacity.MaxNodes) }

// tooManyOf is the rejection of a load that so many nodes do not carry.
func tooManyOf(b *capacity.Bound, most int) *Rejection {
	r := &Rejection{Resource: b.Of.Name, Need: b.Need, Have: b.Allowed * float64(most), Unit: b.Of.Unit,
		Why: remark.New("nodes.most")}
	if most < capacity.MaxNodes {
		r.Why = r.Why.With("nodes", most)
	}
	if b.State == capacity.CatchUp {
		r.Why = r.Why.With("catching_up", true)
	}
	return r
}

// explain records a role of n nodes and its limits at its greatest load, and
// marks the one that decided: its needs, or what must be there whatever the
// load.
func (c *Task) explain(l *Layout, r *Location, role capacity.Role, n int) {
	c.explainAs(l, r, role, n, "")
}

// explainAs is explain for nodes of a role that has a name.
func (c *Task) explainAs(l *Layout, r *Location, role capacity.Role, n int, name string) {
	l.Roles = append(l.Roles, RegionRole{Role: role, Region: r.Index, Name: name, Nodes: n})
	checks := c.check(&role, n)
	most := 0
	for i := range checks {
		most = max(most, checks[i].Nodes)
	}
	if most <= role.Floor && n == role.Floor {
		checks = append(checks, structure(role.Floor, n, structuralWhy(c.Policy)))
	} else {
		capacity.Bind(checks, n)
	}
	c.place(l, checks, r.Index, name)
}

// structure is the binding limit of nodes that must be there whatever the load.
func structure(least, n int, why remark.Remark) capacity.Limit {
	return capacity.Limit{Of: capacity.Nodes, State: capacity.Always, Need: float64(least), Have: float64(n), Target: 1,
		Nodes: least, Binding: true, Floor: true, Why: why}
}

// place adds limits of a region and a role to a layout; those of catching up say
// whose outage it is.
func (c *Task) place(l *Layout, checks []capacity.Limit, region int, role string) {
	if cap(l.Limits) == 0 { // the other regions have about as many
		l.Limits = make([]RegionLimit, 0, (len(checks)+8)*len(c.Regions))
	}
	for i := range checks {
		x := RegionLimit{Limit: checks[i], Region: region, Role: role}
		if x.State == capacity.CatchUp {
			x.Why = c.catchUpWhy()
		}
		l.Limits = append(l.Limits, x)
	}
}

// ofAll makes a limit of one shard, or of one cluster, that of so many that are alike.
func ofAll(x capacity.Limit, k int) capacity.Limit {
	x.Need, x.Have = x.Need*float64(k), x.Have*float64(k)
	x.Nodes, x.Left = min(x.Nodes*k, capacity.MaxNodes+1), x.Left*k
	return x
}

// structuralWhy says why there must be Policy.Structural nodes.
func structuralWhy(p Rules) remark.Remark {
	switch {
	case p.Zone:
		return remark.New("nodes.left_of_zone")
	case p.Node:
		return remark.New("nodes.left_of_node")
	}
	return remark.New("nodes.one")
}

// leastNodes are the least numbers of nodes of the component's regions, in the order of
// the profile's.
func (c *Task) leastNodes(in func(i int) int) []float64 {
	out := make([]float64, len(c.Flow.Demand.Regions))
	for i := range c.Regions {
		out[c.Regions[i].Index] = float64(in(i))
	}
	return out
}

// flows are a month's bytes between zones and regions.
type flows []Crossing

// add adds bytes that go from one region to another, to the internet, or between the
// zones of one region; nothing where nothing flows.
func (f *flows) add(from, to int, bytes unit.ReplicatedBytes, what string) {
	if bytes > 0 {
		*f = append(*f, Crossing{From: from, To: to, Bytes: bytes, What: what})
	}
}

// beside is a limit in a region that more nodes do not help: it holds for each
// node alone, or for what stands beside them.
func (r *Location) beside(x capacity.Limit) RegionLimit {
	x.State, x.Nodes = capacity.Always, 1
	return RegionLimit{Limit: x, Region: r.Index}
}

// moves is bytes/s at which data moves to a new node: a part of its network and of what it
// exchanges with volumes.
func moves(t *catalog.NodeType, st Storage, part float64) float64 {
	rate := float64(t.NetworkBaseline) * part
	if have := t.EBS.BaselineThroughput; st.Volume != VolumeLocal && have.OK {
		rate = min(rate, have.V*part)
	}
	return rate
}

// cpuOf is a step's result that is CPU of a reference type.
func cpuOf(vcpus float64, reference string) remark.Notation {
	return remark.Notate("{cpu} vCPU of {reference}", "cpu", unit.VCPUs(vcpus), "reference", reference)
}

// monthly is a step's result that is bytes a month.
func monthly(bytes float64) remark.Notation {
	return remark.Notate("{bytes} a month", "bytes", unit.Bytes(bytes))
}

// needOf says of which resource a step is the need.
func needOf(of capacity.Resource, s remark.Step) remark.Step {
	s.Of = of.Name
	return s
}
