package sizing

import (
	"slices"

	"headroom/pkg/workload"
)

// arrivals is what arrives at a component, per second, told apart by where it
// comes from. A component of scope `all` processes every region's writes in
// every region, but answers only the reads of its own: its Load has both
// summed over the regions.
type arrivals struct {
	reads, writes Linear // per second
	in, answers   Linear // bytes/s received, and sent in answer
	sent          Linear // bytes/s of the writes, where each region's stay in it
}

// arrivals sorts the calls that reach the component.
func (c *Task) arrivals() arrivals {
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
			request, response, writes := float64(k.Request), float64(k.Response), float64(k.Writes)
			a.add(&workload.EdgeVec{Reads: float64(k.Reads), Writes: writes,
				Request: float64(all * request), Response: float64(all * response),
				Written: float64(writes * request), Answered: float64(writes * response)}, false)
		}
	}
	if l := c.Load; l.Scope != workload.ScopeAll {
		a.reads, a.writes = c.Need((*workload.Vec).Read), c.Need((*workload.Vec).Write)
		a.in = incoming(l)
		a.answers = Linear{Local: l.Local.Out, Global: l.Global.Out}
	}
	return a
}

// add puts an edge's calls where they belong.
func (a *arrivals) add(e *workload.EdgeVec, global bool) {
	a.writes.Global += e.Writes
	if global {
		a.reads.Global += e.Reads
		a.sent.Global += e.Written
		a.in.Global += e.Request
		a.answers.Global += e.Response
		return
	}
	a.reads.Local += e.Reads
	a.sent.Local += e.Written
	a.in = a.in.Plus(Linear{Local: e.Request - e.Written, Global: e.Written})
	a.answers = a.answers.Plus(Linear{Local: e.Response - e.Answered, Global: e.Answered})
}

// traffic is what a component's nodes receive and send, bytes per second: the
// calls that arrive and those that it makes.
func traffic(l *workload.Load) (in, out Linear) {
	in, out = incoming(l), Linear{Local: l.Local.Out, Global: l.Global.Out}
	for i := range l.Edges {
		answers, requests := made(&l.Edges[i])
		in, out = in.Plus(answers), out.Plus(requests)
	}
	return in, out
}

// made is what who calls receives and sends over an edge, bytes per second.
func made(e *workload.EdgeLoad) (answers, requests Linear) {
	return Linear{Local: e.Local.Response, Global: e.Global.Response},
		Linear{Local: e.Local.Request, Global: e.Global.Request}
}

// incoming is the bytes per second of the calls that arrive.
func incoming(l *workload.Load) Linear { return Linear{Local: l.Local.In, Global: l.Global.In} }

// callsOf is the calls per second of an edge.
func callsOf(e *workload.EdgeLoad) Linear {
	return Linear{Local: e.Local.Reads + e.Local.Writes, Global: e.Global.Reads + e.Global.Writes}
}

// fetched is the bytes per second of the answers to reads: those to writes bring
// nothing that was kept.
func (c *Task) fetched() Linear {
	var local, global float64
	for _, from := range c.Flow.Loads {
		copies := 1.0
		if from.Scope == workload.ScopeAll && c.Load.Scope == workload.ScopePrimary {
			copies = float64(max(1, len(from.Regions))) // each region's calls the one primary
		}
		for i := range from.Edges {
			if e := &from.Edges[i]; e.To == c.Component.Name {
				local += e.Local.Response - e.Local.Answered
				global += float64((e.Global.Response - e.Global.Answered) * copies)
			}
		}
	}
	for i := range c.Flow.Demand.Classes {
		if k := &c.Flow.Demand.Classes[i]; k.Entry == c.Component.Name {
			local += float64(float64(k.Reads) * float64(k.Response))
		}
	}
	if c.Load.Scope == workload.ScopePrimary {
		return Linear{Global: local + global}
	}
	return Linear{Local: local, Global: global}
}

// bothWays is the bytes per second of the calls that arrive and of their answers.
func bothWays(l *workload.Load) Linear {
	return Linear{Local: l.Local.In + l.Local.Out, Global: l.Global.In + l.Global.Out}
}

// messages is what arrives, without the first pages of an entry.
func messages(v *workload.Vec) float64 { return v.Read() + v.Write() }

// byScope is a figure at the peak of all users that follows a component's
// load: the region's own users', or all regions' together.
func byScope(l *workload.Load, x float64) Linear {
	if l.Scope == workload.ScopeShare {
		return Linear{Local: x}
	}
	return Linear{Global: x}
}

// clients are the connections that the callers' nodes of all regions keep
// open: after a failover all of them come to one primary. Services that share
// nodes each open their own on all of them.
func (c *Task) clients() float64 {
	t := 0.0
	for _, name := range c.Load.Callers {
		if l := c.Sized[name]; l != nil {
			t += l.Offers.All
			for _, p := range l.Pools {
				t += float64(float64(p.Max) * l.Offers.Connections)
			}
		}
	}
	return t
}

// entered are the reads of users that call the component directly.
func (c *Task) entered() float64 {
	t := 0.0
	for _, class := range c.Flow.Demand.Classes {
		if class.Entry == c.Component.Name {
			t += float64(class.Reads)
		}
	}
	return t
}

// entering are users whose connections end at a component, at the peak of all users.
type entering struct {
	users, sessions, requests float64 // sessions and requests per second
}

// users are those whose connections end at the component: they enter there, or at
// something before it that hands their connections on.
func (c *Task) users() entering {
	x := entrants(c.Flow.Demand, c.Component.Name)
	for _, name := range c.Load.Callers {
		if traitsIn(c.Flow.Of(name)).Relays {
			from := entrants(c.Flow.Demand, name)
			x = entering{x.users + from.users, x.sessions + from.sessions, x.requests + from.requests}
		}
	}
	return x
}

// entrants are the users whose requests enter at a component.
func entrants(d *workload.Demand, name string) entering {
	share := userShare(d, name)
	x := entering{users: float64(float64(d.Users) * share), sessions: float64(float64(d.Pages) * share)}
	for i := range d.Classes {
		if k := &d.Classes[i]; k.Entry == name {
			x.requests += float64(k.Reads) + float64(k.Writes)
		}
	}
	return x
}

// fromOutside tells whether what stands outside of all regions calls a component, which so
// needs public addresses.
func (c *Task) fromOutside(l *workload.Load) bool {
	return slices.ContainsFunc(l.Callers, func(name string) bool {
		return traitsIn(c.Flow.Of(name)).Outside
	})
}
