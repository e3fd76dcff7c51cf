package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// This file shows how disks do that were found: bytes, operations and throughput,
// of the volumes and of the instance that exchanges bytes with them.

// limits are what bounds the disks of so many nodes, of which each carries the need.
func (d *disks) limits(c *Task, t *catalog.NodeType, n *diskNeed, nodes int) []capacity.Limit {
	room := c.system.rooms.take()
	defer c.system.rooms.give(room)
	role := attended(c.Policy.Survive, d.needs(c, t, diskUse{n, float64(nodes), c.Policy.Worst()}, room))
	return asStructure(role.Check(nodes))
}

// attended is a role in whose place another's nodes are when it loses some, at
// one hour for the whole week.
func attended(survive capacity.Survive, needs []capacity.Need) capacity.Role {
	return capacity.Role{Needs: needs, Week: atPeak, Zones: 2, Survive: survive, Replaced: true, Warm: 1, Floor: 1}
}

// asStructure says of limits that no load, or no state, changes that they are of the
// structure: what lies in memory and on disk, and the replay of writes.
func asStructure(limits []capacity.Limit) []capacity.Limit {
	for i := range limits {
		x := &limits[i]
		stays := x.Of == capacity.Memory || x.Of == capacity.DiskBytes || x.Of == replayed
		if stays && x.State == capacity.Own {
			x.State = capacity.Always
		}
	}
	return limits
}

// diskUse is what nodes need of their disks.
type diskUse struct {
	each  *diskNeed
	nodes float64
	worst capacity.State // the greatest loss that they must outlive
}

// needs appends what nodes ask of their disks, at last while workers catch up.
func (d *disks) needs(c *Task, t *catalog.NodeType, u diskUse, out []capacity.Need) []capacity.Need {
	n, k, worst := u.each, u.nodes, u.worst
	var room [4]diskCheck
	checks := d.checks(c, t, n, room[:0])
	bytes := capacity.Need{Of: capacity.DiskBytes}
	bytes.In[capacity.Own] = held(float64(float64(n.Bytes)*k), d.Bytes, c.Policy.Disk)
	out = append(out, bytes)
	for i := range checks {
		x := &checks[i]
		need := capacity.Need{Of: x.of, Why: d.why(t, x.of)}
		need.In[capacity.Own] = held(float64(x.own*k), x.have.V, c.Policy.Own)
		if x.degraded > 0 && worst != capacity.Own {
			need.In[worst] = held(float64(x.degraded*k), x.have.V, c.Policy.Degraded)
		}
		out = append(out, need)
	}
	return d.lateNeeds(c, t, n, k, out)
}

// lateNeeds appends what k nodes ask of their disks while workers catch up.
func (d *disks) lateNeeds(c *Task, t *catalog.NodeType, n *diskNeed, k float64, out []capacity.Need) []capacity.Need {
	if n.Late == (diskLoad{}) {
		return out
	}
	var room [4]diskCheck
	for _, x := range d.checks(c, t, &diskNeed{Block: n.Block, Own: n.Late}, room[:0]) {
		need := capacity.Need{Of: x.of, Why: d.why(t, x.of)}
		need.In[capacity.CatchUp] = held(float64(x.own*k), x.have.V, 1)
		out = append(out, need)
	}
	return out
}

// held is an amount that does not follow the load, against what one node has.
func held(amount, have, part float64) capacity.Balance {
	return capacity.Balance{Each: capacity.Claim{Held: amount}, Have: have, Target: part, Checked: true}
}

// checks appends what one node's disks, and the instance, do and can do, as far as it
// is known.
func (d *disks) checks(c *Task, t *catalog.NodeType, n *diskNeed, out []diskCheck) []diskCheck {
	if d.Storage.Volume == VolumeLocal {
		operations, journal := localChecks(t, d.Storage, n, d.Count)
		if operations.have.OK {
			out = append(out, operations)
		}
		if journal.have.OK && max(journal.own, journal.degraded) > 0 {
			out = append(out, journal)
		}
		return out
	}
	v, ok := c.Limits.Volume(d.Storage.Volume)
	if !ok {
		return out
	}
	operations, bytes := ebsWork(d.Storage, v, n, d.Count)
	count := float64(d.Count)
	all := func(ofOne float64) catalog.Known { return catalog.Known{V: float64(ofOne * count), OK: true} }
	out = append(out,
		diskCheck{capacity.DiskIOPS, operations, all(float64(d.Volume.IOPS))},
		diskCheck{capacity.DiskThroughput, bytes, all(float64(d.Volume.Throughput))})
	for _, x := range instanceChecks(t, operations, bytes) {
		if x.have.OK {
			out = append(out, x)
		}
	}
	return out
}

// why says where a figure of what disks can do comes from, if not from the tables.
func (d *disks) why(t *catalog.NodeType, of capacity.Resource) remark.Remark {
	switch {
	case of == capacity.EBSIOPS || of == capacity.EBSBandwidth:
		return t.EBSNote()
	case d.Storage.Volume != VolumeLocal:
		return remark.Remark{}
	case of == capacity.DiskIOPS:
		return remark.New("disks.as_reads")
	}
	return journalWhy(t)
}

// journalWhy says where the sequential throughput of local disks comes from.
func journalWhy(t *catalog.NodeType) remark.Remark {
	if t.LocalSequential().OK {
		return remark.Remark{}
	}
	return remark.New("disks.journal")
}

// diskAsks is what nodes that share a load unevenly ask of their disks: bytes kept,
// random reads/s, and sequential bytes/s written.
type diskAsks struct{ kept, reads, written capacity.Need }

// busiest is what the disks of the busiest of n nodes carry, the most of all states.
// Volumes are bought for the policy's part of their bytes: where a state may fill them
// further, it asks for that much less.
func (a *diskAsks) busiest(p *Rules, role *capacity.Role, n int) (out diskNeed) {
	const slack = 1 - 1e-9 // as everywhere: what fits but for rounding fits
	for state := range capacity.State(capacity.States) {
		if side := &a.kept.In[state]; side.Checked {
			bytes := role.PerNode(&a.kept, state, n) * (p.Disk / side.Target)
			out.Bytes = max(out.Bytes, unit.ReplicatedBytes(bytes*slack))
		}
		load := diskLoad{Reads: float64(role.PerNode(&a.reads, state, n) * slack),
			In: float64(role.PerNode(&a.written, state, n) * slack)}
		switch state {
		case capacity.Own:
			out.Own = load
		case capacity.CatchUp:
			out.Late = load
		default:
			out.Degraded.Reads = max(out.Degraded.Reads, load.Reads)
			out.Degraded.In = max(out.Degraded.In, load.In)
		}
	}
	return out
}

// describe is what the disks of a node are.
func (d *disks) describe(c *Task) remark.Remark {
	if d.Storage.Volume == VolumeLocal {
		return remark.New("disks.local", "disks", d.Count, "usable", d.Bytes, "storage", d.Storage.String())
	}
	values := []any{"volumes", d.Count, "bytes", d.Volume.Size, "storage", d.Storage.String()}
	v, ok := c.Limits.Volume(d.Storage.Volume)
	if ok && v.ProvisionedIOPS {
		values = append(values, "iops", d.Volume.ProvisionedIOPS)
	}
	if ok && v.ProvisionedThroughput {
		values = append(values, "throughput", d.Volume.ProvisionedThroughput)
	}
	return remark.New("disks.volumes", values...)
}
