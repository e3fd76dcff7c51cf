package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Dataset is a part of the spec of a store of nodes that are alike and keep copies of its
// data: how much that is, what of it is in memory, and what the disks have to do.
type Dataset struct {
	// Data that it keeps at the start; without it data.dataset.
	Start *strict.Value[unit.Bytes] `yaml:"dataset"`
	// Bytes on disk of one copy for a byte of data: indexes, and old versions until they are
	// removed.
	Space strict.Value[unit.Count] `yaml:"space_amplification" min:"0.01" max:"100"`
	// Part of the data that is in memory, as it is asked for again and again.
	WorkingSet strict.Value[unit.Fraction] `yaml:"working_set" min:"0" max:"1"`
	// Memory of a node before any data.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Random reads from disk of one read: what memory does not hold.
	DiskReads strict.Value[unit.Count] `yaml:"reads_from_disk" min:"0" max:"100000"`
	// Bytes of a random read or write of the disks.
	Page strict.Value[unit.Bytes] `yaml:"page" above:"0"`
	// Bytes written to disk in sequence for a byte of data that is written: journal, and what is
	// merged.
	Amplification strict.Value[unit.Count] `yaml:"write_amplification" min:"1" max:"1000"`
	// Most bytes of the disks of a node: the more, the longer a lost copy is not there.
	MaxDisk strict.Value[unit.Bytes] `yaml:"max_disk"`
	Snapshotted
}

// defaultDataset has what holds whatever the store.
func defaultDataset() Dataset {
	return Dataset{
		WorkingSet: judged(unit.Fraction(0.2), "most reads are of what is new or popular"),
		Memory:     judged(unit.Bytes(2<<30), "the process, its buffers and connections"),
		MaxDisk:    judged(unit.Bytes(8<<40), "at 200 MiB/s a lost copy is there again after half a day"),
		Snapshotted: Snapshotted{
			Snapshots: judged(unit.Count(7), "one a day for a week"),
			Changed:   judged(unit.Fraction(0.05), "a small part of the data changes in a day"),
		},
	}
}

// dataset is what the nodes of such a store keep and do in the lead month, by region.
type dataset struct {
	c    *Task
	spec *Dataset
	// copies are those of each part of the data, of which the nodes that are left have no
	// more than they are.
	copies  int
	rebuilt float64   // highest part of the disks once a node or zone is lost
	kept    []float64 // bytes on disk of one copy, by region of the task
	writes  float64   // random writes of the disks of each copy for a write

	now, late datasetWork
	ofUsers   float64 // bytes/s that write, of callers that work for the users of their region, of now
	snapshots []Usage
}

// datasetWork is what arrives per second at the peak of all users.
type datasetWork struct {
	reads, writes Linear
	data          Linear // bytes that are stored of it
	written       Linear // bytes of the calls that write, which every copy gets
	in, out       Linear // bytes received and sent, without copies
}

// none tells whether nothing arrives.
func (w *datasetWork) none() bool { return *w == datasetWork{} }

// newDataset derives what arrives and what is kept.
func newDataset(c *Task, spec *Dataset, copies int) *dataset {
	a, late := c.arrivals(), c.backlog()
	d := &dataset{c: c, spec: spec, copies: copies, rebuilt: c.Policy.Disk, ofUsers: a.sent.Local}
	d.now = datasetWork{reads: a.reads, writes: a.writes, in: a.in, out: a.answers,
		data: c.Need((*workload.Vec).Data), written: c.Need((*workload.Vec).Written)}
	for i := range c.Load.Edges {
		answers, requests := made(&c.Load.Edges[i])
		d.now.in, d.now.out = d.now.in.Plus(answers), d.now.out.Plus(requests)
	}
	if late.reads != (Linear{}) || late.writes != (Linear{}) {
		d.late = datasetWork{reads: late.reads, writes: late.writes, in: late.in, out: late.answers,
			data: byScope(c.Load, c.backlogData()), written: byScope(c.Load, late.sent.Local+late.sent.Global)}
	}
	for _, w := range []*datasetWork{&d.now, &d.late} {
		for _, x := range []*Linear{&w.reads, &w.writes, &w.data, &w.written, &w.in, &w.out} {
			*x = x.Scale(c.Lead)
		}
	}
	start := stated(spec.Start, c.Profile.Data.Dataset.V)
	grows := d.now.data != (Linear{})
	for i := range c.Regions {
		r := &c.Regions[i]
		now, lead, _ := c.keeps(r, start, 1)
		space := float64(spec.Space.V)
		d.kept = append(d.kept, lead*space)
		d.snapshots = append(d.snapshots, spec.usage(c, r.Index, now*space, c.meanNow(grows))...)
	}
	return d
}

// copied turns an offer into what is asked of each copy, and once however many there are.
func (d *dataset) copied(n capacity.Need, of func(w *datasetWork) asked) capacity.Need {
	n.In[capacity.CatchUp].Checked = !d.late.none()
	x := arrangement{clusters: 1, copies: d.copies}
	return x.placed(n, of(&d.now), of(&d.late))
}

// held is what each copy has of something whatever the hour, and of which a node gives so
// much: those of lost nodes are made again on the others.
func (d *dataset) held(of capacity.Resource, amount, have, own, degraded float64) capacity.Need {
	n := (&arrangement{clusters: 1, copies: d.copies}).holding(of, amount, have)
	n.In[capacity.Own].Target = own
	n.In[capacity.NodeLost].Target, n.In[capacity.ZoneLost].Target = degraded, degraded
	return n
}

// shared adds to a need what all nodes that are left share.
func shared(n *capacity.Need, once float64) {
	for state := range n.In {
		n.In[state].Once.Held = once
	}
}

// sessionMemory is the memory of connections, bytes: at each node, and of all clients.
type sessionMemory struct{ each, once float64 }

// needs appends what a region asks of the memory, network and disks of a node of a type;
// more is memory of connections: bytes of each copy, and those that all nodes share.
func (d *dataset) needs(needs []capacity.Need, t *catalog.NodeType, region int, more sessionMemory) ([]capacity.Need,
	*Rejection) {
	if rej := volumesOnly(t); rej != nil {
		return nil, rej
	}
	room, free, rej := d.c.leaves(t, float64(d.spec.Memory.V), "cluster.empty")
	if rej != nil {
		return nil, rej
	}
	bandwidth, iops := t.EBS.BaselineThroughput, ebsIOPS(t)
	if !iops.OK {
		return nil, &Rejection{Resource: "EBS iops", Why: known(iops)}
	}
	v, _ := d.c.Limits.Volume("gp3")
	memory := d.held(capacity.Memory, float64(d.kept[region]*float64(d.spec.WorkingSet.V))+more.each, room,
		free/room, free/room)
	shared(&memory, more.once)
	needs = append(needs, memory, d.bytes(region))
	page := float64(d.spec.Page.V)
	operations := d.copied(d.c.offered(capacity.EBSIOPS, math.Min(iops.V, float64(float64(v.MaxIOPS)*maxVolumes))),
		func(w *datasetWork) asked {
			return asked{each: w.writes.Scale(d.writes).Plus(d.appended(w).Scale(1.0 / ssdIO)), once: d.pages(w)}
		})
	bytes := d.copied(d.c.offered(capacity.EBSBandwidth, math.Min(bandwidth.V,
		float64(float64(v.MaxThroughput)*maxVolumes))), func(w *datasetWork) asked {
		return asked{each: w.writes.Scale(d.writes * page).Plus(d.appended(w)), once: d.pages(w).Scale(page)}
	})
	operations.Why, bytes.Why = t.EBSNote(), t.EBSNote()
	needs = append(needs, operations, bytes)
	if !d.c.NetworkKnown {
		return needs, nil
	}
	in, out := d.c.networkOffered(t)
	return append(needs, d.copied(in, func(w *datasetWork) asked {
		return asked{each: w.written, once: w.in.Plus(w.written.Scale(-1))}
	}), d.copied(out, func(w *datasetWork) asked {
		return asked{each: w.written, once: w.out.Plus(w.written.Scale(-1))}
	})), nil
}

// pages are random reads of the disks, and appended the bytes that each copy writes to them in
// sequence, per second.
func (d *dataset) pages(w *datasetWork) Linear { return w.reads.Scale(float64(d.spec.DiskReads.V)) }
func (d *dataset) appended(w *datasetWork) Linear {
	return w.data.Scale(float64(d.spec.Amplification.V))
}

// bytes is the room for the data on disks of nodes each of which has as much as it may.
func (d *dataset) bytes(region int) capacity.Need {
	v, _ := d.c.Limits.Volume("gp3")
	most := math.Min(float64(d.spec.MaxDisk.V), float64(float64(v.MaxSize)*maxVolumes))
	return d.held(capacity.DiskBytes, d.kept[region], most, d.c.Policy.Disk, d.rebuilt)
}

// disks are those of a node in a region of which there are so many.
func (d *dataset) disks(l *Layout, role *capacity.Role, region, nodes int) (disks, diskNeed, *Rejection) {
	random := d.copied(d.c.offered(capacity.DiskIOPS, 1), func(w *datasetWork) asked {
		return asked{each: w.writes.Scale(d.writes), once: d.pages(w)} // of volumes one takes as long as the other
	})
	written := d.copied(d.c.offered(capacity.DiskThroughput, 1), func(w *datasetWork) asked {
		return asked{each: d.appended(w)}
	})
	asks := diskAsks{kept: d.bytes(region), reads: random, written: written}
	need := asks.busiest(&d.c.Policy, role, nodes)
	need.Block = float64(d.spec.Page.V)
	x, rej := d.c.disks(l.Type, l.Storage, &need)
	return x, need, rej
}

// floor is the data on volumes that are as full as they may be, of so many copies at least,
// and snapshots.
func (d *dataset) floor(st Storage, least int) Floor {
	out := Floor{Usage: d.snapshots[:len(d.snapshots):len(d.snapshots)]}
	for i := range d.c.Regions {
		bytes := d.kept[i] * float64(least) / d.c.Policy.Disk
		out.Usage = append(out.Usage, d.c.leastVolumes(d.c.Regions[i].Index, st, bytes)...)
	}
	return out
}

// crossings are a month's bytes of the calls that write: to copies in other regions, once to
// each, and from the copy that takes them to those in other zones, of so many in a region.
func (d *dataset) crossings(f *flows, region, copies int) {
	c, r := d.c, &d.c.Regions[region]
	what := "copies of " + c.Component.Label()
	written := d.now.written.Scale(1 / c.Lead)
	arriving := c.monthly(r, written)
	switch {
	case c.Load.Scope == workload.ScopeAll:
		// What callers send that work for the users of their region; those that work for all in
		// every region write there, and what the first region alone sends is billed with its calls.
		for from := range c.Flow.Demand.Regions {
			if at := c.system.AnsweredIn(c.Load, from, true); at != r.Index {
				f.add(at, r.Index, unit.ReplicatedBytes(c.sentFrom(from, Linear{Local: d.ofUsers})), what)
			}
		}
	case !r.carries(c.Load): // which gets all that the first region does
		first := &c.Regions[0]
		arriving = c.monthly(first, written)
		f.add(first.Index, r.Index, unit.ReplicatedBytes(arriving), what)
	}
	elsewhere := math.Min(float64(copies-1), float64(copies)*r.elsewhere())
	f.add(r.Index, r.Index, unit.ReplicatedBytes(arriving*elsewhere), what)
}

// steps are the bytes on disk and in memory of a region with so many copies.
func (d *dataset) steps(copies int) []remark.Step {
	const model = "MODEL section 5, cluster"
	space := float64(d.spec.Space.V)
	one := unit.Bytes(d.kept[0] / space)
	return []remark.Step{
		needOf(capacity.DiskBytes, remark.Derive("data on all disks in {region}", model,
			unit.Bytes(d.kept[0]).Replicated(float64(copies)), "{data} in the lead month × {space} × {copies} copies",
			"data", one, "space", unit.Given(d.spec.Space.V), "copies", copies).Naming("region", d.c.Regions[0].Name)),
		needOf(capacity.Memory, remark.Derive("data in memory in {region}", "input working_set",
			unit.Bytes(d.kept[0]*float64(d.spec.WorkingSet.V)).Replicated(float64(copies)),
			"{data} × {space} × {part} × {copies} copies", "data", one, "space", unit.Given(d.spec.Space.V),
			"part", d.spec.WorkingSet.V, "copies", copies).Naming("region", d.c.Regions[0].Name)),
	}
}
