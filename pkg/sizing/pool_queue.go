package sizing

// This file is the pools of connections as queues (docs/model.md section 5,
// database): each worker of a service keeps a few connections to a store open, a
// call needs one of them as long as the store has it, and further calls wait. A
// pool of one is full long before the store is.

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Pooling is the connections that the workers of a service keep open.
type Pooling struct {
	Each float64 // of one worker to each store
	Busy float64 // highest part of the time that they may be in use
}

// pooledCalls is the resource: connections of all workers to one store.
var pooledCalls = capacity.Resource{Name: "connection pool", Unit: "connections"}

// storePool is the pools of one service's workers to one store.
type storePool struct {
	of    *tenant
	store string
	calls Linear     // to the store, per second
	in    []poolHold // by region of the caller
	Pooling
}

// poolHold is how long a call holds its connection: while nothing is lost, and, in
// seconds on average, while the region is lost whose loss makes it longest.
type poolHold struct {
	queueing.Work
	far  float64 // seconds of it that are the way to another region
	lost float64
	why  remark.Remark // what the need for connections is made of
}

// storePools are the pools of a service to the stores whose residence is known.
// Only calls that the caller waits for hold a connection.
func (c *Task) storePools(t *tenant, regions []Location) ([]storePool, error) {
	var out []storePool
	for i := range t.load.Edges {
		e := &t.load.Edges[i]
		p := storePool{of: t, store: e.To, Pooling: t.service.Pool, calls: callsOf(e)}
		if e.Mode != "sync" || p.Each <= 0 || p.calls == (Linear{}) {
			continue
		}
		anywhere := false
		for k := range regions {
			h, known, err := c.hold(e, regions[k].Index)
			if err != nil {
				return nil, err
			}
			h.why = remark.New("pool.to", "store", p.store, "pool", p.Each, "held", h.Service, "far", h.far)
			p.in = append(p.in, h) // nothing is held where it is not known
			anywhere = anywhere || known
		}
		if anywhere {
			out = append(out, p)
		}
	}
	return out, nil
}

// callTimes is how long the calls of an edge take, on average in seconds.
type callTimes struct {
	read, write     float64 // in the store
	toRead, toWrite float64 // on the way to another region and back
}

// callTimes is how long an edge's calls from a region take, while another region is
// lost or nothing is. It is not known where the store's residence is not.
func (c *Task) callTimes(e *workload.EdgeLoad, region, lost int) (t callTimes, known bool, err error) {
	to := c.Flow.Of(e.To)
	if traitsIn(to).Residence == nil {
		return t, false, nil
	}
	var readIn, writtenIn int
	if readIn, t.toRead, err = c.system.away(to, region, false, lost); err != nil {
		return t, false, err
	}
	if writtenIn, t.toWrite, err = c.system.away(to, region, true, lost); err != nil {
		return t, false, err
	}
	if t.read, t.write = c.system.residence(to.Component, readIn, lost); writtenIn != readIn {
		_, t.write = c.system.residence(to.Component, writtenIn, lost)
	}
	return t, t.read > 0 || t.write > 0, nil
}

// mixed is the time of an edge's calls together, where the time in the store is
// exponentially distributed and that on the way always the same.
func (t *callTimes) mixed(e *workload.EdgeLoad) queueing.Work {
	call := func(in, way, rate float64) queueing.Arrivals {
		part := 0.0
		if in > 0 {
			part = in / (in + way)
		}
		return queueing.Arrivals{Work: queueing.Work{Service: in + way, SCV: float64(part * part)}, Rate: rate}
	}
	m := queueing.Mix(call(t.read, t.toRead, e.Local.Reads+e.Global.Reads),
		call(t.write, t.toWrite, e.Local.Writes+e.Global.Writes))
	return queueing.Work{Service: m.Service, SCV: m.ServiceSCV}
}

// hold is how long the calls of an edge from a region hold their connections: as
// long as the store has them, and the way there and back.
func (c *Task) hold(e *workload.EdgeLoad, region int) (h poolHold, known bool, err error) {
	for lost := nothing; lost < len(c.Flow.Demand.Regions); lost++ {
		if lost == region {
			continue
		}
		t, known, err := c.callTimes(e, region, lost)
		if err != nil || !known {
			return h, false, err
		}
		all := t.mixed(e)
		if lost == nothing {
			far := callTimes{toRead: t.toRead, toWrite: t.toWrite}
			h.Work, h.far = all, far.mixed(e).Service
		} else {
			h.lost = max(h.lost, all.Service)
		}
	}
	return h, true, nil
}

// need is the connections that the calls of a region hold at the same time
// (Little's law), against those of a node.
func (p *storePool) need(region int, t *catalog.NodeType) capacity.Need {
	h := &p.in[region]
	n := capacity.Shared(pooledCalls, capacity.Claim{Load: p.calls.Scale(h.Service)}, p.Each*p.of.service.Workers(t),
		p.Busy, p.Busy)
	n.In[capacity.RegionLost].Each.Load = p.calls.Scale(h.lost)
	n.Why = h.why
	return n
}

// Wait is the queue for the connections of one worker to a store, in one region.
type Wait struct {
	Region int // index into Demand.Regions
	Store  string
	Calls  float64 // to the store of one request of the service
	// Rate is how many calls/s one worker has for each request/s at its node, of
	// all services that share the node.
	Rate float64
	Pool queueing.Node // the connections, without their rate
}

// wait is the pool of one worker in a region, where all services on a node have so
// many requests/s at the peak of all users. Where a worker has less than one
// connection several of them share one.
func (p *storePool) wait(region int, r *Location, t *catalog.NodeType, requests float64) Wait {
	calls, servers := p.calls.Local+p.calls.Global, max(1, p.Each)
	pools := p.Each * p.of.service.Workers(t) / servers
	return Wait{Region: r.Index, Store: p.store, Calls: calls / p.of.stream.Rate, Rate: calls / requests / pools,
		Pool: queueing.Node{Servers: servers, Service: p.in[region].Service, ArrivalSCV: 1,
			ServiceSCV: p.in[region].SCV}}
}

// withWaits is a node that has so many requests/s, with what they wait for
// connections in a region beside its own queue. The error says that more calls
// come than a pool serves.
func withWaits(n queueing.Node, waits []Wait, region int, rate float64) (queueing.Node, error) {
	n.Rate = rate
	for i := range waits {
		w := &waits[i]
		if w.Region != region {
			continue
		}
		q := w.Pool
		q.Rate = float64(rate * w.Rate)
		s, err := q.Solve()
		if err != nil {
			return n, err
		}
		n.Beside = n.Beside.Plus(s.Wait().Times(w.Calls))
	}
	return n, nil
}

// At is a node of the layout at its utilisation in a region as its CPU limit in the
// normal state shows it: its queue, and beside it the waits for connections. The
// layout must have a Queue. The error says that a pool does not keep up.
func (l *Layout) At(region int, utilisation float64) (queueing.Node, error) {
	n := l.Queue.At(utilisation)
	return withWaits(n, l.Waits, region, n.Rate)
}

// findPools finds the pools of all services on the nodes.
func (x *tenancy) findPools() error {
	for i := range x.tenants {
		p, err := x.c.storePools(&x.tenants[i], x.regions)
		if err != nil {
			return err
		}
		x.storePools = append(x.storePools, p...)
	}
	return nil
}

// asks are the needs of a node with what the pools are asked for in a region.
func (x *tenancy) asks(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	needs := n.needs
	for i := range x.storePools {
		needs = append(needs, x.storePools[i].need(region, n.t))
	}
	return needs, nil
}

// waits are the pools for which the requests of one service wait.
func (x *tenancy) waits(of *tenant, t *catalog.NodeType) []Wait {
	var out []Wait
	for i := range x.storePools {
		if p := &x.storePools[i]; p.of == of {
			for k := range x.regions {
				out = append(out, p.wait(k, &x.regions[k], t, x.mix.Rate))
			}
		}
	}
	return out
}

// wait takes what a node may carry further down, to what the aims of a service
// allow where its waits for connections are added to its residence (docs/model.md
// section 3, point 7).
func (c *ceiling) wait(x *tenancy, t *tenant, n queueing.Node, slo ResponseAims, nt *catalog.NodeType) {
	waits := x.waits(t, nt)
	if len(waits) == 0 {
		return
	}
	limit, err := n.Capacity(c.target, queueing.Aim{})
	if err != nil {
		return // a node that is no queue has been rejected
	}
	var room [5]queueing.Aim
	for _, aim := range slo.aims(room[:0]) {
		keeps := func(rate float64) bool {
			for i := range x.regions {
				q, err := withWaits(n, waits, x.regions[i].Index, rate)
				if err != nil {
					return false
				}
				busy, err := q.Solve()
				if err != nil || busy.ResponseTail(aim.Within) > 1-aim.Percentile {
					return false
				}
			}
			return true
		}
		rate := greatest(limit, keeps)
		if carry := rate * x.mix.Service; carry < c.carry*(1-1e-9) {
			if carry < c.carry*matters {
				c.pool = busiest(waits, rate)
			}
			c.carry, c.by, c.aim = carry, t, aim
		}
	}
}

// matters is the part of what the CPU carries below which it is said that waits for
// connections decide.
const matters = 0.9

// busiest is the pool whose connections are in use for most of the time.
func busiest(waits []Wait, rate float64) *Wait {
	of := func(w *Wait) float64 { return rate * w.Rate * w.Pool.Service / w.Pool.Servers }
	top := &waits[0]
	for i := range waits {
		if w := &waits[i]; of(w) > of(top) {
			top = w
		}
	}
	return top
}

// slowed warns where waits for connections decide how many nodes it takes: a number
// in a configuration file then costs machines.
func (x *tenancy) slowed(l *Layout, n *fleetNode) {
	own, degraded, _ := x.ceilings(n)
	w := own.pool
	if w == nil {
		w = degraded.pool
	}
	if w != nil {
		l.Warnings = append(l.Warnings, remark.New("stateless.pool", "store", w.Store, "pool", w.Pool.Servers,
			"held", w.Pool.Service, "from", x.c.Flow.Demand.Regions[w.Region].Name))
	}
}

// greatest is the greatest rate up to a limit that is kept, by bisection to 1e-6 of
// itself, from below. Whatever is kept at some rate is kept below it.
func greatest(limit float64, keeps func(float64) bool) float64 {
	if keeps(limit) {
		return limit
	}
	const accuracy, least = 1e-6, 1e-12
	low, high := 0.0, limit
	for high-low > accuracy*low && high > limit*least {
		if mid := low + float64((high-low)/2); keeps(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// poolSteps show each pool at the region's peak.
func (x *tenancy) poolSteps(l *Layout) []remark.Step {
	var out []remark.Step
	for i := range x.storePools {
		p := &x.storePools[i]
		for k := range x.regions {
			r := &x.regions[k]
			q := p.wait(k, r, l.Type, x.mix.Rate).Pool
			each := r.PeakOwn(p.calls) / float64(l.Pools[k].Max) / (p.Each * p.of.service.Workers(l.Type))
			q.Rate = float64(each * q.Servers)
			step := remark.Derive("pool of a worker to {store}, {region}", "MODEL section 5, a pool is a queue", nil,
				"calls·time/connections = {calls} × {time} / {connections}", "calls", unit.EventRate(q.Rate),
				"time", unit.Duration(q.Service), "connections", unit.Rough(q.Servers, -1)).
				Naming("store", p.store, "region", r.Name)
			if busy, err := q.Solve(); err == nil {
				wait := math.Round(busy.MeanWait()*1e6) / 1e6 // a microsecond is nothing here
				step.Result = remark.Notate("{busy} busy, a call waits {wait}",
					"busy", unit.Fraction(busy.Utilisation()), "wait", unit.Duration(wait))
			} else {
				step = step.Adding("step.overrun")
			}
			out = append(out, step)
		}
	}
	return out
}
