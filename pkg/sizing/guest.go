package sizing

import (
	"fmt"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// tenant is a service on the nodes of a component: the component itself, whose
// name is blank here, or a guest.
type tenant struct {
	name    string
	service *Service
	load    *workload.Load
	stream  queueing.Arrivals // its requests at the peak of all regions, in seconds of the reference's CPU

	slo, degraded ResponseAims
}

// tenancy is a fleet that several services share: the component itself and its guests.
type tenancy struct {
	*fleet
	tenants    []tenant      // the component's own first
	mix        queueing.Node // the queue of their requests, in seconds of the reference's CPU
	storePools []storePool   // of connections to the stores that the services call
}

// newTenancy finds the services on the nodes of a fleet, and the stores that they call.
func newTenancy(f *fleet) (x tenancy, err error) {
	x.fleet = f
	if x.tenants, err = f.c.tenants(f.c.Component); err != nil {
		return x, err
	}
	x.mix = mixed(x.tenants)
	return x, x.findPools()
}

// atPeak is the CPU, in so many regions, at the peak of all users: in seconds of the
// reference's CPU per second.
func (t *tenant) atPeak(d *workload.Demand, regions int) float64 {
	on := t.service
	return on.CPU(d, &t.load.Local) + on.CPU(d, &t.load.Global) + float64(float64(d.Users)*on.Session) +
		float64(on.Held*float64(regions))
}

// tenants are all services on the nodes of a component, its own first.
func (c *Task) tenants(host *workload.Component) ([]tenant, error) {
	out := []tenant{c.tenant("", host)}
	for _, e := range c.Profile.Components {
		if e.V.Colocate != host.Name {
			continue
		}
		t := c.tenant(e.Key, e.V)
		if t.service == nil {
			const text = "component %q runs on the nodes of %q but is not stateless"
			return nil, &diag.Problem{Pos: e.V.Pos, Summary: fmt.Sprintf(text, e.Key, host.Name),
				Hint: "only stateless services share nodes"}
		}
		out = append(out, t)
	}
	return out, nil
}

// tenant is a component as a service on nodes; its service is nil where it cannot
// share any.
func (c *Task) tenant(name string, component *workload.Component) tenant {
	load := c.Flow.Of(component.Name)
	t := tenant{name: name, service: traitsIn(load).Service, load: load}
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

// guestSizer is a component on another's nodes: it has none of its own, but
// its workers open connections on every one of them.
type guestSizer struct {
	c    *Task
	spec *Stateless
}

func (g *guestSizer) Needs() Needs {
	return Needs{Storages: []Storage{{}}, MinNodes: make([]float64, len(g.c.Flow.Demand.Regions))}
}

func (g *guestSizer) Fit(*catalog.NodeType, Storage) (*Layout, *Rejection) {
	host := g.c.Component.Colocate
	l := &Layout{Structure: []remark.Remark{remark.New("guest.on", "host", host)},
		Grows: remark.New("guest.grows", "host", host)}
	h := g.c.Sized[host]
	if h == nil || h.Type == nil {
		return nil, &Rejection{Resource: "nodes", Why: remark.New("guest.no_nodes", "host", host)}
	}
	l.Pools = h.Pools
	l.Offers.Connections = float64(g.spec.Pool.V) * g.spec.workers(h.Type)
	l.Queue = g.queue(h.Queue)
	l.Describe = func(l *Layout) { g.describe(l, h) }
	return l, nil
}

// queue is a node of the host as a queue for the guest's requests: they wait
// as all do, and are served as the guest's are.
func (g *guestSizer) queue(host *RequestQueue) *RequestQueue {
	h, ok := g.c.Profile.Component(g.c.Component.Colocate)
	if !ok || host == nil {
		return nil
	}
	if traitsIn(g.c.Flow.Of(h.Name)).Service == nil {
		return nil
	}
	ts, err := g.c.tenants(h)
	i := slices.IndexFunc(ts, func(t tenant) bool { return t.name == g.c.Component.Name })
	if err != nil || i < 0 || ts[i].stream.Service <= 0 {
		return nil
	}
	mix, n := mixed(ts), *host
	n.Of = queueing.Work{Service: n.Service * ts[i].stream.Service / mix.Service, SCV: ts[i].stream.SCV}
	return &n
}

// describe shows the CPU that the guest's requests wait for.
func (g *guestSizer) describe(l *Layout, host *Layout) {
	host.Detail()
	for _, x := range host.Limits {
		if x.Of.Name == "cpu" {
			x.Binding = false // it decides the host's nodes
			l.Limits = append(l.Limits, x)
		}
	}
	l.derive = func() []remark.Step { return g.steps(l, host) }
}

// steps compare both placements: on shared nodes every node holds the
// connections of both services, apart each service has fewer nodes.
func (g *guestSizer) steps(l, host *Layout) []remark.Step {
	apart := g.apart(host)
	if apart == nil {
		return nil
	}
	together, few := g.connections(host.Pools, l.Offers.Connections), g.connections(apart.Pools, l.Offers.Connections)
	more := remark.Notate("{more} for sharing", "more", unit.Difference(together-few))
	return []remark.Step{remark.Derive("database connections", "pool × workers × nodes", more,
		"on the shared nodes − on nodes of its own = {shared} − {apart}",
		"shared", unit.WithDecimals(together, 0), "apart", unit.WithDecimals(few, 0))}
}

// apart is the component on nodes of its own, of the host's type; nil where it
// does not fit them.
func (g *guestSizer) apart(host *Layout) *Layout {
	alone := *g.c
	component := *g.c.Component
	component.Colocate = ""
	alone.Component = &component
	sizer, err := statelessKind{}.Prepare(&alone)
	if err != nil {
		return nil
	}
	l, rej := sizer.Fit(host.Type, Storage{})
	if rej != nil {
		return nil
	}
	return l
}

// connections is how many connections nodes of these pools open at most.
func (*guestSizer) connections(pools []Pool, each float64) float64 {
	t := 0.0
	for _, p := range pools {
		t += float64(float64(p.Max) * each)
	}
	return t
}
