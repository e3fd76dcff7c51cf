package sizing

import (
	"fmt"
	"math"

	"headroom/pkg/diag"
	"headroom/pkg/queueing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// tenant is a service on the nodes of a component: the component itself, whose
// name is blank here, or a guest.
type tenant struct {
	name    string
	service *Service
	load    *workload.Load
	stream  queueing.Stream // its requests at the peak of all regions, in seconds of the reference's CPU

	slo, degraded SLO
}

// tenants are all services on the nodes of a component, its own first.
func (c *Case) tenants(host *workload.Component) ([]tenant, error) {
	out := []tenant{c.tenant("", host)}
	for _, e := range c.Profile.Components {
		if e.V.Colocate != host.Name {
			continue
		}
		t := c.tenant(e.Key, e.V)
		if t.service == nil {
			return nil, &diag.Problem{Pos: e.V.Pos,
				Summary: fmt.Sprintf("component %q runs on the nodes of %q but is not stateless", e.Key, host.Name),
				Hint:    "only stateless services share nodes"}
		}
		out = append(out, t)
	}
	return out, nil
}

// tenant is a component as a service on nodes; its service is nil where it cannot
// share any.
func (c *Case) tenant(name string, component *workload.Component) tenant {
	t := tenant{name: name, service: traitsOf(component).Service, load: c.Flow.Of(component.Name)}
	if t.service == nil {
		return t
	}
	t.slo, t.degraded = slosOf(component)
	d := c.Flow.Demand
	t.stream.Rate = t.load.Local.Requests() + t.load.Global.Requests()
	if work := t.service.CPU(d, &t.load.Local) + t.service.CPU(d, &t.load.Global); t.stream.Rate > 0 {
		t.stream.Service = work / t.stream.Rate
	}
	t.stream.SCV, t.stream.ArrivalSCV = t.service.ServiceSCV, t.service.ArrivalSCV
	return t
}

// asks tells whether there are requests of the service whose response times
// must be kept.
func (t *tenant) asks() bool {
	return t.stream.Service > 0 && (t.slo != SLO{} || t.degraded != SLO{})
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
	streams := make([]queueing.Stream, len(ts))
	for i := range ts {
		streams[i] = ts[i].stream
	}
	return queueing.Mix(streams...)
}

// queueOf is a node as a queue with one server per vCPU, each as fast as the
// node's capacity, in seconds of the reference's CPU per second, divided by
// them (docs/model.md section 3). Its responses are those of one of the
// services.
func queueOf(mix *queueing.Node, ts []tenant, of int, capacity, servers float64) queueing.Node {
	slower := servers / capacity
	n := queueing.Node{Servers: servers, Service: mix.Service * slower,
		ArrivalSCV: mix.ArrivalSCV, ServiceSCV: mix.ServiceSCV}
	if s := &ts[of].stream; len(ts) > 1 && s.Service > 0 {
		n.Of = queueing.Kind{Service: s.Service * slower, SCV: s.SCV}
	}
	return n
}

// queue is a node as a queue for the component's own requests; nil without any
// load.
func (s *statelessSizer) queue(capacity, servers float64) *queueing.Node {
	if s.mix.Service <= 0 {
		return nil
	}
	n := queueOf(&s.mix, s.tenants, 0, capacity, servers)
	return &n
}

// lowering is the aim that lowers what a node may carry, and the service that
// has it: nil where none does.
type lowering struct {
	by  *tenant
	aim queueing.SLO
}

// slo lowers what a node may carry to what the response times of all services
// on it allow. While something is lost it has the capacity lost, which is less
// than full where that cannot be counted on then.
func (s *statelessSizer) slo(carry *carried, full, lost, servers float64) (own, degraded lowering, rej *Rejection) {
	p := &s.c.Policy
	for i := range s.tenants {
		t := &s.tenants[i]
		if !t.asks() {
			continue
		}
		n := queueOf(&s.mix, s.tenants, i, full, servers)
		if rej = own.lower(&carry.own, t, n, p.Own, t.slo, s.mix.Service); rej != nil {
			return own, degraded, rej
		}
		n = queueOf(&s.mix, s.tenants, i, lost, servers)
		rej = degraded.lower(&carry.degraded, t, n, p.Degraded, t.degraded, s.mix.Service)
		if rej != nil && (p.Node || p.Zone || p.Region) {
			return own, degraded, rej
		}
	}
	return own, degraded, nil
}

// lower takes what a node may carry, in seconds of the reference's CPU per
// second, down to what an SLO allows.
func (d *lowering) lower(carry *float64, t *tenant, n queueing.Node, target float64, slo SLO, perRequest float64) *Rejection {
	if slo == (SLO{}) {
		return nil
	}
	rate, aim, rej := greatestRate(n, target, slo, t.name)
	if rej != nil {
		return rej
	}
	if x := rate * perRequest; x < *carry*(1-1e-9) {
		*carry, d.by, d.aim = x, t, aim
	}
	return nil
}

// why says which aims lowered what a node may carry.
func why(own, degraded lowering) string {
	switch {
	case own.by == nil && degraded.by == nil:
		return ""
	case degraded.by == nil || own == degraded:
		return own.text()
	case own.by == nil:
		return degraded.text()
	}
	return own.text() + "; while something is lost " + degraded.text()
}

// text is the aim in words.
func (d lowering) text() string {
	return aimText(d.aim, d.by.name) + " within " + unit.Duration(d.aim.Within).Human()
}

// aimText names a percentile: "p99", "p99 of a guest".
func aimText(aim queueing.SLO, name string) string {
	if name == "" {
		return fmt.Sprintf("p%g", aim.Percentile*100)
	}
	return fmt.Sprintf("p%g of %s", aim.Percentile*100, name)
}

// greatestRate is the greatest rate at which a node keeps its utilisation and every
// aim of an SLO: the least over the aims, and the one that has it. Without an
// aim only the utilisation counts. A rejection names the guest whose aim it is.
func greatestRate(n queueing.Node, target float64, slo SLO, guest string) (rate float64, by queueing.SLO, rej *Rejection) {
	var room [5]queueing.SLO
	aims := slo.aims(room[:0])
	if len(aims) == 0 {
		aims = room[:1]
	}
	rate = math.Inf(1)
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
func tooSlow(n queueing.Node, aim queueing.SLO, guest string) *Rejection {
	service := n.Service
	if n.Of.Service > 0 {
		service = n.Of.Service
	}
	return &Rejection{Resource: "response time", Need: service, Have: math.Max(0, aim.Within), Unit: "s",
		Detail: fmt.Sprintf("%s breaks even without any wait; a request takes %s of a vCPU",
			aimText(aim, guest), unit.Duration(service).Human())}
}

// underSLO is the greatest rate of a node under an SLO.
func underSLO(n queueing.Node, target float64, slo SLO) (float64, *Rejection) {
	x, _, rej := greatestRate(n, target, slo, "")
	return x, rej
}
