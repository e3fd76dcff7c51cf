package sizing

import (
	"fmt"
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Pooler stands between callers and a database, such as PgBouncer or the nodes of
// an RDS Proxy: many connections of clients share a few to the database, each for
// the time of one transaction.
type Pooler struct {
	strict.At
	// Connections to the database of all nodes in all regions together, all that the database sees.
	// Without it as many as are in use for no more than pool_busy of the time.
	Size *strict.Value[unit.Count] `yaml:"size" min:"1" max:"1000000"`
	// Highest part of the time that the connections to the database may be in use.
	Busy strict.Value[unit.Fraction] `yaml:"pool_busy" min:"0.01" max:"1"`
	// CPU time of one transaction on one vCPU of the reference type. Each call is a transaction.
	CPU strict.Value[unit.Duration] `yaml:"cpu_per_transaction"`
	// Instance type on which the CPU time was measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Processes of a node, each of which uses one core at most.
	Processes strict.Value[unit.Count] `yaml:"processes" min:"1" max:"1024"`
	// Memory of a process before any client.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Memory of a client's connection.
	MemoryClient strict.Value[unit.Bytes] `yaml:"memory_per_client"`
	// Connections of clients that a process allows.
	MaxClients strict.Value[unit.Count] `yaml:"max_clients" min:"1" max:"1000000"`
	// Clients during a rolling deploy, as a multiple of those running.
	Deploy strict.Value[unit.Count] `yaml:"deploy_factor" min:"1" max:"10"`
}

type poolerKind struct{}

func (poolerKind) Word() string { return "pooler" }

func (poolerKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeShare, Passes: true, Clients: true, Residence: spec.(*Pooler).residence,
		Fails: allAlike}
}

func (poolerKind) Spec() any { return defaultPooler() }

// defaultPooler is a pooler of which the profile says nothing.
func defaultPooler() *Pooler {
	return &Pooler{
		Busy: judged(unit.Fraction(0.8), "above it transactions wait for several times what they take"),
		CPU: judged(unit.Duration(50e-6), "PgBouncer 1.25 passes on 33,000 transactions/s with TLS on one core of a "+
			"fast desktop processor (proxysql.com/blog, \"PgBouncer to ProxySQL\", part 3): 30 us; servers are slower"),
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		Processes: judged(unit.Count(1), "PgBouncer is one process unless so_reuseport is set"),
		Memory:    judged(unit.Bytes(64<<20), "a process with its buffers"),
		MemoryClient: given(unit.Bytes(2000),
			"PgBouncer, \"Features\": 2 kB per connection by default (https://www.pgbouncer.org/features.html)"),
		MaxClients: judged(unit.Count(10000), "max_client_conn with as many open files allowed"),
		Deploy:     judged(unit.Count(1.25), "MODEL section 5, database; engineering judgement"),
	}
}

// poolerLoad is what the poolers of one region have to pass on.
type poolerLoad struct {
	transactions, late   Linear  // per second; late in addition while workers catch up
	passed               float64 // transactions of the database for each of them
	network, lateNetwork networkLoad
	clients              float64  // connections of clients, those of a rolling deploy included
	hold                 poolHold // of a connection to the database, by one transaction
}

type poolerSizer struct {
	*fleet
	spec  *Pooler
	loads []poolerLoad // by region
}

func (poolerKind) Prepare(c *Task) (Sizer, error) {
	s := &poolerSizer{spec: c.Component.Spec.(*Pooler)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	f, err := newFleet(c, s.spec.Reference, "generic")
	if err != nil {
		return nil, err
	}
	if n := len(c.Load.Edges); n != 1 {
		return nil, c.problem(fmt.Sprintf("a pooler stands in front of one database; this one calls %d components", n),
			"give it one call, such as calls: {db: {per_read: 1, per_write: 1}}")
	}
	e := &c.Load.Edges[0]
	for i := range f.regions {
		r := &f.regions[i]
		if rej := c.Policy.checkZones(*r); rej != nil {
			return nil, rej
		}
		l := c.passing(float64(c.clientsIn(r.Index) * float64(s.spec.Deploy.V)))
		l.passed = passedOn(c, e)
		f.cpu, f.late = l.transactions.Scale(float64(s.spec.CPU.V)), l.late.Scale(float64(s.spec.CPU.V))
		var known bool
		if l.hold, known, err = c.hold(e, r.Index); err != nil {
			return nil, err
		}
		if !known && s.spec.Size == nil && l.transactions != (Linear{}) {
			return nil, c.problem("it is not known how long "+e.To+" takes, so that its connections cannot "+
				"be counted", "write size: with the connections that it may open")
		}
		s.loads = append(s.loads, l)
	}
	s.fleet = f
	f.node, f.asks, f.offer, f.beside, f.describe = s.node, s.asks, s.offer, s.beside, s.describe
	return s, nil
}

// passing is what poolers pass on that are a component, or stand in front of one, where
// clients have so many connections.
func (c *Task) passing(clients float64) poolerLoad {
	late := c.backlog()
	l := poolerLoad{transactions: c.Need(messages), passed: 1, late: late.reads.Plus(late.writes), clients: clients}
	l.network.in, l.network.out = traffic(c.Load)
	passed := late.in.Plus(late.answers) // what comes in from either side goes out to the other
	l.lateNetwork = networkLoad{in: passed, out: passed}
	return l
}

// passedOn is how many calls go to the database for each that arrives, most often 1.
func passedOn(c *Task, e *workload.EdgeLoad) float64 {
	arrive := c.Need(messages)
	in, out := arrive.Local+arrive.Global, e.Local.Reads+e.Local.Writes+e.Global.Reads+e.Global.Writes
	if in <= 0 {
		return 0
	}
	return out / in
}

// clientsIn are the connections that the callers' nodes open to a region.
func (c *Task) clientsIn(region int) float64 {
	t := 0.0
	for _, name := range c.Load.Callers {
		l := c.Sized[name]
		if l == nil {
			continue
		}
		for _, p := range l.Pools {
			if c.system.AnsweredIn(c.Load, p.Region, true) == region {
				t += float64(float64(p.Max) * l.Offers.Connections)
			}
		}
	}
	return t
}

// node is a node of a type with the CPU that its processes can use.
func (s *poolerSizer) node(n *fleetNode) *Rejection {
	n.cpu = s.spec.threads(s.c, &n.cpu)
	return nil
}

// asks is what the clients of a region ask of nodes.
func (s *poolerSizer) asks(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	return s.spec.needs(s.c, n.t, &n.cpu, &s.loads[region], n.needs)
}

// pools are the connections that one node in each region may have to the database, and
// those of all nodes together. What is left over of a given number goes to the regions as
// they need them.
func (s *poolerSizer) pools(n *fleetNode) (each []float64, all float64) {
	each = make([]float64, len(n.pools))
	for i := range each {
		role, nodes := s.c.role(&s.regions[i], nil), n.pools[i].Max
		each[i] = s.spec.each(&s.loads[i], &role, nodes)
		all += float64(float64(nodes) * each[i])
	}
	if v := s.spec.Size; v != nil && all <= float64(v.V) {
		for i := range each {
			each[i] *= float64(v.V) / all
		}
		all = float64(v.V)
	}
	return each, all
}

// offer is what the nodes mean for the database.
func (s *poolerSizer) offer(l *Layout, n *fleetNode) *Rejection {
	if v := s.spec.Size; v == nil {
		for i := range n.pools {
			role := s.c.role(&s.regions[i], nil)
			l.Offers.All += s.spec.open(&s.loads[i], &role)
		}
	} else if _, l.Offers.All = s.pools(n); l.Offers.All > float64(v.V) {
		return &Rejection{Resource: pooledCalls.Name, Need: l.Offers.All, Have: float64(v.V), Unit: pooledCalls.Unit,
			Why: remark.New("pooler.size")}
	}
	l.Queue = n.cpu.queue(float64(s.spec.CPU.V), 1, 1, n.cpu.vcpus)
	return nil
}

// threads is the CPU that the processes of a node can use.
func (p *Pooler) threads(c *Task, cpu *nodeCPU) nodeCPU {
	return cpu.threads(float64(p.Processes.V), c.law(catalog.ClassGeneric))
}

// cpu is the same of a node of a type.
func (p *Pooler) cpu(c *Task, t, ref *catalog.NodeType) (nodeCPU, *Rejection) {
	cpu, rej := c.nodeCPU(t, catalog.ClassGeneric, ref)
	return p.threads(c, &cpu), rej
}

// open is how many connections to the database the nodes of a region have, where their
// number is not given: as many as transactions need at the same time in any state. A node
// opens them when they are needed and closes what is idle, so they are not more where
// more nodes share them, though each node may have more, see each. Of the least nodes
// that there may be each process has one at least.
func (p *Pooler) open(l *poolerLoad, role *capacity.Role) float64 {
	open, held := float64(float64(role.Floor)*float64(p.Processes.V)), p.held(l, 1)
	for _, x := range role.Ask(&held) {
		open = max(open, float64(capacity.Ceil(x)))
	}
	return open
}

// each is how many connections to the database one of n nodes may have: one for each
// process at least, and as many as it takes for those of the nodes that are left in any
// state.
func (p *Pooler) each(l *poolerLoad, role *capacity.Role, n int) float64 {
	each, held := float64(p.Processes.V), p.held(l, 1)
	for s, x := range role.Ask(&held) {
		if x > 0 {
			each = max(each, float64(capacity.Ceil(x/float64(role.Left(capacity.State(s), n)))))
		}
	}
	return each
}

// needs appends what the clients of a region ask of nodes of a type.
func (p *Pooler) needs(c *Task, t *catalog.NodeType, cpu *nodeCPU, l *poolerLoad,
	out []capacity.Need) ([]capacity.Need, *Rejection) {
	work := func(load Linear) capacity.Claim { return capacity.Claim{Load: load.Scale(float64(p.CPU.V))} }
	processes := float64(p.Processes.V)
	room, free, rej := c.leaves(t, float64(processes*float64(p.Memory.V)), "pooler.idle")
	if rej != nil {
		return nil, rej
	}
	clients := capacity.Claim{Held: l.clients}
	memory := capacity.Claim{Held: float64(l.clients * float64(p.MemoryClient.V))}
	out = append(out, cpu.need(work(l.transactions), work(l.late)),
		capacity.Shared(capacity.Memory, memory, room, free/room, free/room),
		capacity.Shared(capacity.Resource{Name: "clients", Unit: "connections"}, clients,
			processes*float64(p.MaxClients.V), c.Policy.Connections, c.Policy.Connections))
	return c.network(out, t, l.network, l.lateNetwork), nil
}

// held is the connections to the database that transactions hold at the same time
// (Little's law), against those of a node.
func (p *Pooler) held(l *poolerLoad, each float64) capacity.Need {
	busy := float64(p.Busy.V)
	work := capacity.Claim{Load: l.transactions.Scale(l.passed * l.hold.Service)}
	n := capacity.Shared(pooledCalls, work, each, busy, busy)
	n.In[capacity.RegionLost].Each.Load = l.transactions.Scale(l.passed * l.hold.lost)
	n.Late(capacity.Claim{Load: l.late.Scale(l.passed * l.hold.Service)})
	return n
}

// residence is how long a transaction is in the pooler and the database, where the
// processes and the connections are as busy as they may be.
func (p *Pooler) residence(c *Task, region, lost int) (read, write float64) {
	ref, ok := c.Catalog.NodeType(p.Reference.V)
	if !ok || len(c.Load.Edges) != 1 {
		return 0, 0 // Prepare says so
	}
	e := &c.Load.Edges[0]
	in, known, err := c.callTimes(e, region, lost)
	if err != nil || !known {
		return 0, 0
	}
	cpu, rej := p.cpu(c, ref, ref)
	if rej != nil {
		return 0, 0
	}
	own, err := cpu.queue(float64(p.CPU.V), 1, 1, cpu.vcpus).At(c.Policy.Own).Solve()
	if err != nil {
		return 0, 0
	}
	held, calls := in.mixed(e), e.Local.Reads+e.Local.Writes+e.Global.Reads+e.Global.Writes
	pool := queueing.Node{Service: held.Service, ArrivalSCV: 1, ServiceSCV: held.SCV}
	if pool.Servers = math.Ceil(calls * held.Service / float64(p.Busy.V)); p.Size != nil {
		pool.Servers = float64(p.Size.V)
	}
	pool.Servers = max(1, pool.Servers)
	pool.Rate = float64(p.Busy.V) * pool.Servers / pool.Service
	full, err := pool.Solve()
	if err != nil {
		return 0, 0
	}
	more := own.MeanResponse() + full.MeanWait()
	return more + in.read + in.toRead, more + in.write + in.toWrite
}

// beside adds the connections of a region to the database, and the queue for them.
func (s *poolerSizer) beside(l *Layout, n *fleetNode, region int) {
	r, x, to := &s.regions[region], &s.loads[region], s.c.Load.Edges[0].To
	pools, _ := s.pools(n)
	each, per := pools[region], float64(s.spec.Processes.V)
	held := s.spec.held(x, each)
	held.Why = remark.New("pooler.to", "store", to, "each", each, "held", x.hold.Service, "far", x.hold.far)
	role := s.c.role(r, []capacity.Need{held})
	s.c.place(l, role.Check(l.Pools[region].Max), r.Index, "")
	l.Waits = append(l.Waits, Wait{Region: r.Index, Store: to, Calls: x.passed, Rate: x.passed / per,
		Pool: queueing.Node{Servers: each / per, Service: x.hold.Service, ArrivalSCV: 1, ServiceSCV: x.hold.SCV}})
}

// describe says how the numbers came about.
func (s *poolerSizer) describe(l *Layout, n *fleetNode) {
	l.Brief = remark.New("pooler.brief", "connections", l.Offers.All)
	l.Grows = remark.New("pooler.grows")
	l.derive = func() []remark.Step { return s.steps(n) }
}

// steps show the calculation.
func (s *poolerSizer) steps(n *fleetNode) []remark.Step {
	const model = "MODEL section 5, pooler"
	rate := s.loads[0].transactions.Local + s.loads[0].transactions.Global
	steps := []remark.Step{needOf(capacity.CPU, remark.Derive(
		"CPU needed at the peak of all users", "input cpu_per_transaction",
		cpuOf(float64(rate*float64(s.spec.CPU.V)), s.ref.Name), "{transactions} × {cpu} a transaction",
		"transactions", unit.EventRate(rate), "cpu", unit.Given(s.spec.CPU.V)))}
	steps = append(steps, n.cpu.steps(n.t, s.ref)...)
	each, _ := s.pools(n)
	for i := range each {
		x, nodes, given := &s.loads[i], n.pools[i].Max, s.spec.Size != nil
		open := float64(float64(nodes) * each[i])
		if !given {
			role := s.c.role(&s.regions[i], nil)
			open = s.spec.open(x, &role)
		}
		steps = append(steps, remark.Derive("connections to the database, {region}", model,
			unit.WithDecimals(open, 0), "").Naming("region", s.regions[i].Name).
			Noting("step.pooled", "given", given, "nodes", nodes, "each", each[i], "held", x.hold.Service,
				"clients", x.clients))
	}
	return steps
}
