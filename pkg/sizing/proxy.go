package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/portable"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Proxy hands requests on to services, on nodes that you run: HAProxy, nginx, Traefik.
// Connections of users end here, and so does their TLS. It routes by method where its
// calls do: per_read to a service of the region, per_write to one of scope primary
// (docs/model.md section 5, proxy).
type Proxy struct {
	strict.At
	// Whether users come over TLS, which ends here.
	TLS strict.Value[bool] `yaml:"tls"`
	// CPU time of one request on one vCPU of the reference type, with the call behind it.
	CPU strict.Value[unit.Duration] `yaml:"cpu_per_request"`
	// CPU time of 1 MB that is passed on, without TLS.
	CPUMB strict.Value[unit.Duration] `yaml:"cpu_per_mb"`
	// CPU time in addition that TLS takes of 1 MB.
	CPUTLS strict.Value[unit.Duration] `yaml:"tls_cpu_per_mb"`
	// CPU time of a new connection of a user, without TLS.
	CPUConnection strict.Value[unit.Duration] `yaml:"cpu_per_connection"`
	// CPU time of a full TLS handshake.
	CPUHandshake strict.Value[unit.Duration] `yaml:"cpu_per_handshake"`
	// CPU time of a TLS handshake that resumes a session.
	CPUResumed strict.Value[unit.Duration] `yaml:"cpu_per_resumption"`
	// Part of the new connections that resume a TLS session instead of a full handshake.
	Resumed strict.Value[unit.Fraction] `yaml:"resumed" min:"0" max:"1"`
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Connections that a user opens when a session begins, and holds open.
	Open strict.Value[unit.Count] `yaml:"connections_per_user" min:"0" max:"1000"`
	// How long a connection without requests stays open; the next request opens it again.
	KeepAlive strict.Value[unit.Duration] `yaml:"keep_alive"`
	// Connections of users that a node allows.
	MaxClients strict.Value[unit.Count] `yaml:"max_clients" min:"1" max:"10000000"`
	// Memory of a node before any connection, beside policy.reserve.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Memory of a user's connection, with the one behind it.
	MemoryClient strict.Value[unit.Bytes] `yaml:"memory_per_client"`
	// How long a node answers nothing while it reads a new configuration. Above 0 there is a node
	// more, as if the loss of one had to be survived, whatever survive says.
	Reload strict.Value[unit.Duration] `yaml:"reload"`
	// Whether nodes have public addresses; without it, where users' requests enter here.
	Public *strict.Value[bool] `yaml:"public"`
}

type proxyKind struct{}

func (proxyKind) Word() string { return "proxy" }

func (proxyKind) Traits(any) Traits {
	return Traits{Scope: workload.ScopeShare, HandsOn: true, Fails: allAlike}
}

func (proxyKind) Spec() any {
	return &Proxy{
		TLS: judged(true, "users come over HTTPS"),
		CPU: judged(unit.Duration(30e-6),
			"14 us to answer a request over HTTPS ("+nginxBench+"), as much again for the call behind it"),
		CPUMB: given(unit.Duration(0.46e-3), nginxBench+": (1/33,125 - 1/145,551) s more for 100 KB than for none "+
			"over HTTP; twice, as a proxy receives and sends each byte"),
		CPUTLS: given(unit.Duration(1.66e-3), nginxBench+": (1/4,830 - 1/71,561) s more for 100 KB than for none "+
			"over HTTPS, less the same over HTTP"),
		CPUConnection: given(unit.Duration(29e-6), nginxBench+": 34,344 new HTTP connections/s on one CPU"),
		CPUHandshake: given(unit.Duration(2.31e-3), nginxBench+": 428 new HTTPS connections/s on one CPU, less a "+
			"connection's 29 us"),
		CPUResumed: judged(unit.Duration(0.25e-3), "a tenth of a full handshake: nothing is signed"),
		Resumed:    judged(unit.Fraction(0), "every new connection makes a full handshake"),
		Reference:  judged(DefaultReference, "a current general-purpose type that was measured"),
		Open:       judged(unit.Count(2), "between HTTP/2 (1) and HTTP/1.1 (up to 6)"),
		KeepAlive:  judged(unit.Duration(60), "as long as AWS's application load balancers by default"),
		MaxClients: judged(unit.Count(100000), "two open files each, of 200,000 that a process may have"),
		Memory:     judged(unit.Bytes(256<<20), "a process with its configuration and certificates"),
		MemoryClient: judged(unit.Bytes(64<<10),
			"buffers of 16 KiB for each direction on both sides, within them what TLS keeps"),
		Reload: judged(unit.Duration(0), "new processes take over while the old ones finish"),
	}
}

// nginxBench is where CPU times of a proxy's bytes and connections come from.
const nginxBench = `nginx.com, "Testing the Performance of NGINX and NGINX Plus Web Servers" (2017)`

// megabyte is the MB of the keys per MB.
const megabyte = 1e6

type proxySizer struct {
	*fleet
	spec     *Proxy
	network  networkLoad
	requests Linear // per second
	bytes    Linear // per second, both ways between users and nodes
	fresh    Linear // new connections per second
	open     Linear // connections
	users    entering
	closed   float64 // part of their requests that find their connection closed
	public   bool
}

func (proxyKind) Prepare(c *Task) (Sizer, error) {
	s := &proxySizer{spec: c.Component.Spec.(*Proxy)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	c.Policy.Node = c.Policy.Node || s.spec.Reload.V > 0
	work := catalog.ClassHTTP
	if s.spec.TLS.V {
		work = catalog.ClassTLS
	}
	f, err := newFleet(c, s.spec.Reference, work.String())
	if err != nil {
		return nil, err
	}
	s.fleet, s.requests, s.bytes = f, c.Need((*workload.Vec).Requests), bothWays(c.Load)
	s.network.in, s.network.out = traffic(c.Load)
	s.users = c.users()
	s.connect()
	f.cpu = s.requests.Scale(float64(s.spec.CPU.V)).Plus(s.bytes.Scale(s.spec.perByte())).
		Plus(s.fresh.Scale(s.spec.perConnection()))
	f.node, f.describe = s.node, s.describe
	if s.public {
		f.offer = c.addresses
	}
	return s, nil
}

// connect counts the connections of users. A session opens its own. Requests of a user
// are Poisson, so that one finds its connection closed with the probability that none
// came on it within keep_alive: e^(−λK), of λ requests per second and connection.
func (s *proxySizer) connect() {
	u, held := &s.users, float64(s.spec.Open.V)
	s.public = u.users > 0 || s.c.fromOutside(s.c.Load)
	if s.spec.Public != nil {
		s.public = s.spec.Public.V
	}
	if held > 0 && u.users > 0 {
		each := u.requests / float64(u.users*held)
		s.closed = portable.Exp(float64(-each * float64(s.spec.KeepAlive.V)))
	}
	s.fresh = byScope(s.c.Load, float64(u.sessions*held)+float64(u.requests*s.closed))
	s.open = byScope(s.c.Load, float64((u.users+float64(u.sessions*float64(s.spec.KeepAlive.V)))*held))
}

// perByte is the CPU time of a byte.
func (p *Proxy) perByte() float64 {
	t := float64(p.CPUMB.V)
	if p.TLS.V {
		t += float64(p.CPUTLS.V)
	}
	return t / megabyte
}

// perConnection is the CPU time of a new connection.
func (p *Proxy) perConnection() float64 {
	t := float64(p.CPUConnection.V)
	if p.TLS.V {
		resumed := float64(p.Resumed.V)
		t += float64((1-resumed)*float64(p.CPUHandshake.V)) + float64(resumed*float64(p.CPUResumed.V))
	}
	return t
}

// node is what the load asks of a node.
func (s *proxySizer) node(n *fleetNode) *Rejection {
	room, free, rej := s.c.leaves(n.t, float64(s.spec.Memory.V), "proxy.idle")
	if rej != nil {
		return rej
	}
	clients := capacity.Shared(capacity.Resource{Name: "clients", Unit: "connections"}, capacity.Claim{Load: s.open},
		float64(s.spec.MaxClients.V), s.c.Policy.Connections, s.c.Policy.Connections)
	memory := capacity.Claim{Load: s.open.Scale(float64(s.spec.MemoryClient.V))}
	n.needs = append(n.needs, n.cpu.need(capacity.Claim{Load: s.cpu}, capacity.Claim{}),
		capacity.Shared(capacity.Memory, memory, room, free/room, free/room), clients)
	n.needs = s.c.network(n.needs, n.t, s.network, networkLoad{})
	return nil
}

// describe says how the numbers came about.
func (s *proxySizer) describe(l *Layout, n *fleetNode) {
	fresh := s.fresh.Local + s.fresh.Global
	l.Brief = remark.New("proxy.brief", "fresh", fresh, "tls", s.spec.TLS.V)
	if s.users.users == 0 {
		l.Brief = remark.New("proxy.services")
	}
	l.Structure = []remark.Remark{l.Brief}
	if reload := s.spec.Reload.V; reload > 0 {
		l.Structure = append(l.Structure, remark.New("proxy.reload", "reload", reload))
	}
	l.Grows = remark.New("proxy.grows")
	l.derive = func() []remark.Step { return append(s.steps(), n.cpu.steps(n.t, s.ref)...) }
}

// steps show where CPU time goes.
func (s *proxySizer) steps() []remark.Step {
	const model = "MODEL section 5, proxy"
	fresh, bytes := s.fresh.Local+s.fresh.Global, s.bytes.Local+s.bytes.Global
	cpu := s.cpu.Local + s.cpu.Global
	return []remark.Step{
		remark.Derive("new connections at the peak of all users", model, unit.EventRate(fresh),
			"{sessions} sessions × {open} + {requests} × {closed} that find theirs closed",
			"sessions", unit.EventRate(s.users.sessions), "open", s.spec.Open.V,
			"requests", unit.EventRate(s.users.requests), "closed", unit.Fraction(s.closed)),
		needOf(capacity.CPU, remark.Derive("CPU needed at the peak of all users", model,
			cpuOf(cpu, s.ref.Name), "{requests} × {cpu} + {bytes} × {mb} / 1MB + {fresh} × {connection}",
			"requests", unit.EventRate(s.requests.Local+s.requests.Global), "cpu", unit.Given(s.spec.CPU.V),
			"bytes", unit.ByteRate(bytes), "mb", unit.Duration(s.spec.perByte()*megabyte),
			"fresh", unit.EventRate(fresh), "connection", unit.Duration(s.spec.perConnection()))),
	}
}
