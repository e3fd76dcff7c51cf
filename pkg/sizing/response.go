package sizing

// This file is what aims for response times mean for nodes (docs/model.md section
// 3): a node is a queue in which requests wait for its CPU.

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
)

// hasAims tells whether there are requests of the service whose response times
// must be kept.
func (t *tenant) hasAims() bool {
	return t.stream.Service > 0 && (t.slo != ResponseAims{} || t.degraded != ResponseAims{})
}

// mixed is the queue in which the requests of all services on a node wait,
// without servers, in seconds of the reference's CPU.
//
// Guests and host share the vCPUs, so that every request waits behind those of
// all: the wait is that of the mixture (queueing.Mix), and each service's own
// CPU time follows it. The shares of the services are those at the peak of all
// regions; that they differ from hour to hour and from region to region where
// their scopes do is left out.
func mixed(ts []tenant) queueing.Node {
	if len(ts) == 1 {
		s := &ts[0].stream // as it is, without rounding
		return queueing.Node{Rate: s.Rate, Service: s.Service, ArrivalSCV: s.ArrivalSCV, ServiceSCV: s.SCV}
	}
	streams := make([]queueing.Arrivals, len(ts))
	for i := range ts {
		streams[i] = ts[i].stream
	}
	return queueing.Mix(streams...)
}

// queueOf is a node as a queue with one server per vCPU of which it may use so many
// (docs/model.md section 3). Its responses are those of one of the services.
func (x *tenancy) queueOf(of int, cpu *nodeCPU, vcpus float64) *RequestQueue {
	q := cpu.queue(x.mix.Service, x.mix.ArrivalSCV, x.mix.ServiceSCV, vcpus)
	if s := &x.tenants[of].stream; len(x.tenants) > 1 && s.Service > 0 {
		q.Of = queueing.Work{Service: q.Service * s.Service / x.mix.Service, SCV: s.SCV}
	}
	return q
}

// queue is a node as a queue for the component's own requests; nil without any
// load.
func (x *tenancy) queue(cpu *nodeCPU) *RequestQueue {
	if x.mix.Service <= 0 {
		return nil
	}
	return x.queueOf(0, cpu, cpu.vcpus)
}

// ceiling is what the CPU of a node may carry in a state.
type ceiling struct {
	vcpus  float64 // that it may use there
	target float64 // the policy's part of it
	carry  float64 // what it may carry, in seconds of the reference's CPU per second: that part, or less for an aim
	by     *tenant // the service whose aim that is; nil where the policy's part stands
	aim    queueing.Aim
	pool   *Wait // the pool for whose connections requests then wait longest; nil where waits matter little
}

// ceilingOf is the policy's part of a node's CPU.
func ceilingOf(cpu *nodeCPU, target, vcpus float64) ceiling {
	return ceiling{vcpus: vcpus, target: target, carry: cpu.carries(target, vcpus)}
}

// ceilings are what a node may carry in the normal state and while something is lost:
// no more than the response times of all services on it allow. Where no loss must be
// survived it does not matter that an aim cannot be kept while something is lost.
func (x *tenancy) ceilings(node *fleetNode) (own, degraded ceiling, rej *Rejection) {
	cpu, p := &node.cpu, &x.c.Policy
	own, degraded = ceilingOf(cpu, cpu.own, cpu.vcpus), ceilingOf(cpu, cpu.degraded, cpu.lost)
	for i := range x.tenants {
		t := &x.tenants[i]
		if !t.hasAims() {
			continue
		}
		normal := x.queueOf(i, cpu, own.vcpus)
		if rej := own.lower(t, normal.Node, t.slo, x.mix.Service); rej != nil {
			return own, degraded, rej
		}
		own.wait(x, t, normal.Node, t.slo, node.t)
		lost := x.queueOf(i, cpu, degraded.vcpus)
		rej := degraded.lower(t, lost.Node, t.degraded, x.mix.Service)
		if rej != nil && p.Worst() != capacity.Own {
			return own, degraded, rej
		}
		degraded.wait(x, t, lost.Node, t.degraded, node.t)
	}
	return own, degraded, nil
}

// lower takes what a node may carry down to what the aims of one service allow;
// perRequest is what a request takes on average, in seconds of the reference's
// CPU.
func (c *ceiling) lower(t *tenant, n queueing.Node, slo ResponseAims, perRequest float64) *Rejection {
	if slo == (ResponseAims{}) {
		return nil
	}
	rate, aim, rej := greatestRate(n, c.target, slo, t.name)
	if rej != nil {
		return rej
	}
	if x := rate * perRequest; x < c.carry*(1-1e-9) {
		c.carry, c.by, c.aim = x, t, aim
	}
	return nil
}

// lowered is a need for CPU, as far as the aims for response times allow it.
func lowered(need capacity.Need, own, degraded *ceiling) capacity.Need {
	for s := range need.In {
		side, x := &need.In[s], degraded
		if capacity.State(s) == capacity.Own {
			x = own
		}
		if side.Checked && side.Have > 0 {
			side.Target = x.carry / side.Have
		}
	}
	need.Why = why(own, degraded)
	return need
}

// why says which aims lowered what a node may carry.
func why(own, degraded *ceiling) remark.Remark {
	switch {
	case own.by == nil && degraded.by == nil:
		return remark.Remark{}
	case degraded.by == nil || own.by == degraded.by && own.aim == degraded.aim:
		return own.says(false)
	case own.by == nil:
		return degraded.says(false)
	}
	return remark.Join(own.says(false), degraded.says(true))
}

// says is the aim; lossy is whether it is that of the states of loss alone.
func (c *ceiling) says(lossy bool) remark.Remark {
	return remark.New("stateless.aim", "percentile", c.aim.Percentile, "guest", c.by.name, "within",
		c.aim.Within, "degraded", lossy)
}

// greatestRate is the greatest rate at which a node keeps its utilisation and every
// aim of an SLO: the least over the aims, and the aim that has it. Without an aim
// only the utilisation counts. A rejection names the guest whose aim it is.
func greatestRate(n queueing.Node, target float64, slo ResponseAims, guest string) (float64, queueing.Aim, *Rejection) {
	var room [5]queueing.Aim
	aims := slo.aims(room[:0])
	if len(aims) == 0 {
		aims = room[:1]
	}
	rate, by := math.Inf(1), queueing.Aim{}
	for _, aim := range aims {
		x, err := n.Capacity(target, aim)
		if err != nil || x <= 0 {
			return 0, aim, tooSlow(n, aim, guest)
		}
		if x < rate {
			rate, by = x, aim
		}
	}
	return rate, by, nil
}

// tooSlow is the rejection of a node whose service time alone breaks an aim.
func tooSlow(n queueing.Node, aim queueing.Aim, guest string) *Rejection {
	service := n.Service
	if n.Of.Service > 0 {
		service = n.Of.Service
	}
	why := remark.New("nodes.too_slow", "percentile", aim.Percentile, "service", service)
	if guest != "" {
		why = why.With("guest", guest)
	}
	return &Rejection{Resource: "response time", Need: service, Have: math.Max(0, aim.Within), Unit: "s", Why: why}
}

// allows is the highest part of what a node has at which it keeps an SLO: the target, or
// less.
func (q *RequestQueue) allows(have, target float64, slo ResponseAims) (float64, *Rejection) {
	rate, _, rej := greatestRate(q.Node, target, slo, "")
	if rej != nil {
		return 0, rej
	}
	if part := rate * q.Request / have; part < target*(1-1e-9) {
		return part, nil
	}
	return target, nil
}

// respond lowers what a node's CPU may carry to what the aims for response times allow:
// the node is a queue for so many of its vCPUs, nil where there are no requests. commit is
// how long a request waits in any case.
func (p *Rules) respond(need *capacity.Need, cpu *nodeCPU, commit float64, queue func(vcpus float64) *RequestQueue,
	why string) *Rejection {
	if p.SLO == (ResponseAims{}) && p.SLODegraded == (ResponseAims{}) {
		return nil
	}
	for lossy, aims := range [...]ResponseAims{p.SLO, p.SLODegraded} {
		vcpus, first, last := cpu.vcpus, capacity.Own, capacity.Own
		if lossy > 0 {
			vcpus, first, last = cpu.lost, capacity.NodeLost, capacity.RegionLost
		}
		if aims == (ResponseAims{}) {
			continue
		}
		if within := aims.Within; commit > 0 {
			if aims.Within -= commit; aims.Within <= 0 {
				return &Rejection{Resource: "response time", Need: commit, Have: within, Unit: "s",
					Why: remark.New("database.commit_waits")}
			}
		}
		q := queue(vcpus)
		if q == nil {
			return nil
		}
		part, rej := q.allows(need.In[first].Have, need.In[first].Target, aims)
		if rej != nil {
			return rej
		}
		if part < need.In[first].Target {
			need.Why = remark.Remark{Key: why}
		}
		for state := first; state <= last; state++ {
			need.In[state].Target = part // which is no more than it was
		}
	}
	return nil
}
