package sizing

import "headroom/pkg/workload"

// arrivals is what arrives at a component, per second, told apart by where it
// comes from. A component of scope `all` processes every region's writes in
// every region, but answers only the reads of its own: its Load has both
// summed over the regions.
type arrivals struct {
	reads, writes Linear // per second
	in, answers   Linear // bytes/s received, and sent in answer
	sent          Linear  // bytes/s received where the callers of a region keep to it
	usersWrites   float64 // writes/s, at the peak of all users, that come from callers that serve one region's users
}

// arrivals sorts the calls that reach the component.
func (c *Case) arrivals() arrivals {
	l := c.Load
	if l.Scope != workload.ScopeAll {
		return arrivals{reads: c.Need((*workload.Vec).Read), writes: c.Need((*workload.Vec).Write),
			in: Linear{l.Local.In, l.Global.In}, sent: Linear{l.Local.In, l.Global.In}, answers: Linear{l.Local.Out, l.Global.Out}}
	}
	var a arrivals
	for _, from := range c.Flow.Loads {
		for i := range from.Edges {
			if from.Edges[i].To == c.Component.Name {
				a.add(&from.Edges[i].Local, false)
				a.add(&from.Edges[i].Global, true)
			}
		}
	}
	for i := range c.Flow.Demand.Classes {
		k := &c.Flow.Demand.Classes[i]
		if k.Entry == c.Component.Name {
			all := float64(k.Reads) + float64(k.Writes)
			a.add(&workload.EdgeVec{Reads: float64(k.Reads), Writes: float64(k.Writes),
				Request: all * float64(k.Request), Response: all * float64(k.Response)}, false)
		}
	}
	return a
}

// add puts an edge's calls where they belong. Bytes are shared by the number
// of calls, as an edge has one size for reads and writes.
func (a *arrivals) add(e *workload.EdgeVec, global bool) {
	calls := e.Reads + e.Writes
	if calls <= 0 {
		return
	}
	everywhere := e.Writes / calls
	a.writes.Global += e.Writes
	if global {
		a.reads.Global += e.Reads
		a.sent.Global += e.Request
		everywhere = 1
	} else {
		a.reads.Local += e.Reads
		a.sent.Local += e.Request
		a.usersWrites += e.Writes
	}
	a.in.Global += float64(e.Request * everywhere)
	a.in.Local += float64(e.Request * (1 - everywhere))
	a.answers.Global += float64(e.Response * everywhere)
	a.answers.Local += float64(e.Response * (1 - everywhere))
}
