package sizing

import (
	"math"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// This file is what an outage of workers means for the logs that they read and
// the stores that they write to (docs/model.md section 5, worker): for h after
// an outage of o they process peak rate × (1 + o/h), and so bring o/h of their
// load in addition. All else stays: producers send no faster, users ask no more.

// behind is o/h, the part of a component's load that it processes in addition
// while it catches up; 0 for what has no backlog.
func behind(l *workload.Load) float64 {
	return traitsIn(l).Backlog.part()
}

// passed is o/h of what a component sends: its own backlog, or where it passes on
// what arrives that of its callers, as they are part of its load.
func (c *Task) passed(l *workload.Load) float64 {
	if !traitsIn(l).Passes {
		return behind(l)
	}
	late, all := 0.0, 0.0
	for _, name := range l.Callers {
		from := c.Flow.Of(name)
		for i := range from.Edges {
			if e := &from.Edges[i]; e.To == l.Component.Name {
				calls := e.Local.Reads + e.Local.Writes + e.Global.Reads + e.Global.Writes
				late, all = late+float64(calls*c.passed(from)), all+calls
			}
		}
	}
	if all <= 0 {
		return 0
	}
	return late / all
}

// backlog is what the component's callers among the workers send in addition
// while they catch up. Workers add up: one outage may have stopped all of them.
func (c *Task) backlog() arrivals {
	var all, plain arrivals // as a component of scope all has it, and as others do
	for _, name := range c.Load.Callers {
		from := c.Flow.Of(name)
		part := c.passed(from)
		if part <= 0 {
			continue
		}
		for i := range from.Edges {
			if from.Edges[i].To != c.Component.Name {
				continue
			}
			local, global := times(&from.Edges[i].Local, part), times(&from.Edges[i].Global, part)
			all.add(&local, false)
			all.add(&global, true)
			plain.receive(c.Load.Scope, &local, &global, copies(from, c.Load))
		}
	}
	if c.Load.Scope == workload.ScopeAll {
		return all
	}
	plain.sent = all.sent
	return plain
}

// backlogData is the logical bytes of new data per second that workers write in
// addition while they catch up.
func (c *Task) backlogData() float64 {
	t := 0.0
	for _, name := range c.Load.Callers {
		from := c.Flow.Of(name)
		call, ok := from.Component.Calls.Get(c.Component.Name)
		if !ok {
			continue
		}
		carried := call.Carries(float64(c.Flow.Demand.Users))
		for i := range c.Flow.Demand.Classes {
			if call.Takes(c.Flow.Demand.Classes[i].Name) {
				stored := from.Local.Stored[i] + from.Global.Stored[i]
				t += float64(stored * carried * c.passed(from))
			}
		}
	}
	return t
}

// times multiplies an edge's traffic.
func times(e *workload.EdgeVec, k float64) workload.EdgeVec {
	return workload.EdgeVec{Reads: float64(e.Reads * k), Writes: float64(e.Writes * k),
		Request: float64(e.Request * k), Response: float64(e.Response * k),
		Written: float64(e.Written * k), Answered: float64(e.Answered * k)}
}

// copies is how many copies of a caller call one component: where it runs in
// every region and all meet at a primary, one of each region.
func copies(from, to *workload.Load) float64 {
	if from.Scope == workload.ScopeAll && to.Scope == workload.ScopePrimary {
		return float64(max(1, len(from.Regions)))
	}
	return 1
}

// receive adds an edge's calls as the flow does (workload.Flow) for what does
// not have scope all: the region's own, or all regions' at the primary.
func (a *arrivals) receive(scope string, local, global *workload.EdgeVec, copies float64) {
	all := times(global, copies)
	meet := func(local, global float64) Linear {
		if scope == workload.ScopeShare {
			return Linear{Local: local, Global: global}
		}
		return Linear{Global: local + global}
	}
	a.reads = a.reads.Plus(meet(local.Reads, all.Reads))
	a.writes = a.writes.Plus(meet(local.Writes, all.Writes))
	a.in = a.in.Plus(meet(local.Request, all.Request))
	a.answers = a.answers.Plus(meet(local.Response, all.Response))
}

// disksLate finds disks that carry a need, and what they do while workers catch
// up: at most all that they can do, as if it were own load and the policy's part
// of them.
func (c *Task) disksLate(t *catalog.NodeType, st Storage, n *diskNeed) (disks, *Rejection) {
	full := diskNeed{Bytes: n.Bytes, Block: n.Block, Own: n.Late.scale(c.Policy.Own)}
	if v, ok := c.Limits.Volume(st.Volume); ok && st.Volume != VolumeLocal {
		// Volumes are bought: for both at once.
		full.Own, full.Degraded = worseOf(st, v, n.Block, &n.Own, &full.Own), n.Degraded
		return c.disks(t, st, &full)
	}
	now := *n
	now.Late = diskLoad{}
	d, rej := c.disks(t, st, &now)
	if rej == nil {
		_, rej = c.disks(t, st, &full)
	}
	return d, rej
}

// worseOf is the load of volumes that takes more of them; where one takes more
// operations and the other more bytes, what is at least as much as either.
func worseOf(st Storage, v *catalog.VolumeLimits, block float64, a, b *diskLoad) diskLoad {
	switch {
	case asHeavy(st, v, block, a, b):
		return *a
	case asHeavy(st, v, block, b, a):
		return *b
	}
	return diskLoad{Reads: math.Max(a.Reads, b.Reads), Writes: math.Max(a.Writes, b.Writes),
		Appends: math.Max(a.Appends, b.Appends), In: math.Max(a.In, b.In), Out: math.Max(a.Out, b.Out)}
}

// asHeavy tells whether a takes as much of volumes as b or more, on any number
// of them: the part of what is written that is data (Storage.usable) grows with
// the number, so that the least and the greatest tell.
func asHeavy(st Storage, v *catalog.VolumeLimits, block float64, a, b *diskLoad) bool {
	for _, count := range [...]int{st.leastDisks(), maxVolumes} {
		ops, bytes := ebsLoad(st, v, a, block, count)
		otherOps, otherBytes := ebsLoad(st, v, b, block, count)
		if ops < otherOps || bytes < otherBytes {
			return false
		}
	}
	return true
}

// catchUpWhy says whose outage a limit is about.
func (c *Task) catchUpWhy() remark.Remark {
	if c.late == nil {
		late := c.outages()
		c.late = &late
	}
	return *c.late
}

// outages are those that the component has to work off, or that of workers
// which read it or call it.
func (c *Task) outages() remark.Remark {
	names := append([]string{c.Component.Name}, c.Load.Callers...)
	if traitsIn(c.Load).Stream != nil {
		for i := range c.Load.Edges {
			names = append(names, c.Load.Edges[i].To)
		}
	}
	var out []remark.Remark
	for i, name := range names {
		l := c.Flow.Of(name)
		if l == nil || slices.Contains(names[:i], name) {
			continue
		}
		backlog := traitsIn(l).Backlog
		if backlog.part() <= 0 {
			continue
		}
		out = append(out, remark.New("nodes.works_off", "component", name, "outage", backlog.Outage,
			"within", backlog.CatchUp))
	}
	return remark.Join(out...)
}
