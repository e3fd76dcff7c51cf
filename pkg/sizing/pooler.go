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
	Size         *strict.Value[unit.Count]   `yaml:"size" min:"1" max:"1000000" doc:"Connections to the database of all nodes in all regions together, all that the database sees. Without it as many as are in use for no more than pool_busy of the time."`
	Busy         strict.Value[unit.Fraction] `yaml:"pool_busy" min:"0.01" max:"1" doc:"Highest part of the time that the connections to the database may be in use."`
	CPU          strict.Value[unit.Duration] `yaml:"cpu_per_transaction" doc:"CPU time of one transaction on one vCPU of the reference type. Each call is a transaction."`
	Reference    strict.Value[string]        `yaml:"reference" doc:"Instance type on which the CPU time was measured."`
	Processes    strict.Value[unit.Count]    `yaml:"processes" min:"1" max:"1024" doc:"Processes of a node, each of which uses one core at most."`
	Memory       strict.Value[unit.Bytes]    `yaml:"memory" doc:"Memory of a process before any client."`
	MemoryClient strict.Value[unit.Bytes]    `yaml:"memory_per_client" doc:"Memory of a client's connection."`
	MaxClients   strict.Value[unit.Count]    `yaml:"max_clients" min:"1" max:"1000000" doc:"Connections of clients that a process allows."`
	Deploy       strict.Value[unit.Count]    `yaml:"deploy_factor" min:"1" max:"10" doc:"Clients during a rolling deploy, as a multiple of those running."`
}

type poolerKind struct{}

func (poolerKind) Word() string { return "pooler" }

func (poolerKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeShare, Passes: true, Residence: spec.(*Pooler).residence}
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
	c       *Task
	spec    *Pooler
	ref     *catalog.NodeType
	regions []Location
	loads   []poolerLoad // by region
}

func (poolerKind) Prepare(c *Task) (Sizer, error) {
	s := &poolerSizer{c: c, spec: c.Component.Spec.(*Pooler), regions: steady(c.Regions)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	var ok bool
	if s.ref, ok = c.Catalog.NodeType(s.spec.Reference.V); !ok {
		return nil, unknownReference(c, s.spec.Reference)
	}
	if n := len(c.Load.Edges); n != 1 {
		return nil, c.problem(fmt.Sprintf("a pooler stands in front of one database; this one calls %d components", n),
			"give it one call, such as calls: {db: {per_read: 1, per_write: 1}}")
	}
	e, late := &c.Load.Edges[0], c.backlog()
	for i := range s.regions {
		r := &s.regions[i]
		if rej := c.Policy.checkZones(*r); rej != nil {
			return nil, rej
		}
		l := poolerLoad{transactions: c.Need(messages), late: late.reads.Plus(late.writes), passed: passedOn(c, e),
			clients: float64(c.clientsIn(r.Index) * float64(s.spec.Deploy.V))}
		l.network.in, l.network.out = traffic(c.Load)
		passed := late.in.Plus(late.answers) // what comes in from either side goes out to the other
		l.lateNetwork = networkLoad{in: passed, out: passed}
		hold, known, err := c.hold(e, r.Index)
		switch {
		case err != nil:
			return nil, err
		case !known && s.spec.Size == nil && l.transactions != (Linear{}):
			return nil, c.problem("it is not known how long "+e.To+" takes, so that its connections cannot "+
				"be counted", "write size: with the connections that it may open")
		}
		l.hold = hold
		s.loads = append(s.loads, l)
	}
	return s, nil
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

func (s *poolerSizer) Needs() Needs {
	return Needs{Nodes: true, Storages: []Storage{{}}, MinNodes: s.c.minNodes(s.regions)}
}

func (s *poolerSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	l, rej := s.fit(t)
	if rej != nil {
		rej.Type, rej.Storage = t, st
		return nil, rej
	}
	l.Storage = st
	return l, nil
}

func (s *poolerSizer) fit(t *catalog.NodeType) (*Layout, *Rejection) {
	cpu, rej := s.spec.cpu(s.c, t, s.ref)
	if rej != nil {
		return nil, rej
	}
	l := &Layout{Type: t, Counted: true}
	pools := make([]poolerPool, len(s.regions))
	for i := range s.regions {
		if pools[i], rej = s.spec.pool(s.c, t, &cpu, &s.regions[i], &s.loads[i]); rej != nil {
			return nil, rej
		}
		l.Pools = append(l.Pools, Fixed(s.regions[i].Index, "", pools[i].nodes))
		l.Offers.All += pools[i].connections()
	}
	if s.spec.Size != nil {
		size := float64(s.spec.Size.V)
		if l.Offers.All > size {
			return nil, &Rejection{Resource: pooledCalls.Name, Need: l.Offers.All, Have: size, Unit: pooledCalls.Unit,
				Why: remark.New("pooler.size")}
		}
		for i := range pools { // what is left over goes to the regions as they need connections
			pools[i].each *= size / l.Offers.All
		}
		l.Offers.All = size
	}
	l.Queue = cpu.queue(float64(s.spec.CPU.V), 1, 1, cpu.vcpus)
	l.Describe = func(l *Layout) { s.describe(l, &cpu, pools) }
	return l, nil
}

// cpu is the CPU that the processes of a node can use.
func (p *Pooler) cpu(c *Task, t, ref *catalog.NodeType) (nodeCPU, *Rejection) {
	cpu, rej := c.nodeCPU(t, catalog.ClassGeneric, ref)
	return cpu.threads(float64(p.Processes.V), c.law(catalog.ClassGeneric)), rej
}

// poolerPool is the poolers of one region.
type poolerPool struct {
	role  capacity.Role
	nodes int
	each  float64 // connections to the database of one node
}

// connections are those of all nodes to the database.
func (p *poolerPool) connections() float64 { return float64(float64(p.nodes) * p.each) }

// pool sizes the poolers of a region: as many nodes as the load and the policy ask
// for, each with as many connections to the database as it takes for those of the
// nodes that are left in any state.
func (p *Pooler) pool(c *Task, t *catalog.NodeType, cpu *nodeCPU, r *Location, l *poolerLoad) (poolerPool, *Rejection) {
	needs, rej := p.needs(c, t, cpu, l, nil)
	if rej != nil {
		return poolerPool{}, rej
	}
	out := poolerPool{role: c.role(r, needs)}
	n, by := out.role.Least()
	if n > capacity.MaxNodes {
		return out, tooMany(&by)
	}
	out.nodes, out.each = n, float64(p.Processes.V) // one connection each at least
	held := p.held(l, 1)
	for s, x := range out.role.Ask(&held) {
		if x > 0 {
			out.each = max(out.each, float64(capacity.Ceil(x/float64(out.role.Left(capacity.State(s), n)))))
		}
	}
	return out, nil
}

// needs appends what the clients of a region ask of nodes of a type.
func (p *Pooler) needs(c *Task, t *catalog.NodeType, cpu *nodeCPU, l *poolerLoad,
	out []capacity.Need) ([]capacity.Need, *Rejection) {
	work := func(load Linear) capacity.Claim { return capacity.Claim{Load: load.Scale(float64(p.CPU.V))} }
	processes := float64(p.Processes.V)
	base := float64(processes * float64(p.Memory.V))
	room := c.Policy.usable(t) - base
	free := min(room, float64(float64(t.Memory)*c.Policy.Memory)-base)
	if free <= 0 {
		return nil, &Rejection{Resource: "memory", Need: base, Have: free + base, Unit: "B",
			Why: remark.New("pooler.idle")}
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

// describe says how the numbers came about.
func (s *poolerSizer) describe(l *Layout, cpu *nodeCPU, pools []poolerPool) {
	for i := range s.regions {
		r, x, n := &s.regions[i], &pools[i], l.Pools[i].Max
		s.c.explain(l, r, x.role, n)
		held := s.spec.held(&s.loads[i], x.each)
		held.Why = remark.New("pooler.to", "store", s.c.Load.Edges[0].To, "each", x.each,
			"held", s.loads[i].hold.Service,
			"far", s.loads[i].hold.far)
		role := s.c.role(r, []capacity.Need{held})
		s.c.place(l, role.Check(n), r.Index, "")
		per := float64(s.spec.Processes.V)
		l.Waits = append(l.Waits, Wait{Region: r.Index, Store: s.c.Load.Edges[0].To,
			Calls: s.loads[i].passed, Rate: s.loads[i].passed / per,
			Pool: queueing.Node{Servers: x.each / per, Service: s.loads[i].hold.Service, ArrivalSCV: 1,
				ServiceSCV: s.loads[i].hold.SCV}})
	}
	l.Brief = remark.New("pooler.brief", "connections", l.Offers.All)
	l.Grows = remark.New("pooler.grows")
	l.derive = func() []workload.Step { return s.steps(l, cpu, pools) }
}

// steps show the calculation.
func (s *poolerSizer) steps(l *Layout, cpu *nodeCPU, pools []poolerPool) []workload.Step {
	const model = "MODEL section 5, pooler"
	rate := s.loads[0].transactions.Local + s.loads[0].transactions.Global
	steps := []workload.Step{{What: "CPU needed at the peak of all users", Source: "input cpu_per_transaction",
		Formula: fmt.Sprintf("%s × %s a transaction", unit.EventRate(rate).Human(), s.spec.CPU.V),
		Result:  fmt.Sprintf("%.4g vCPU of %s", rate*float64(s.spec.CPU.V), s.ref.Name)}}
	steps = append(steps, cpu.steps(l.Type, s.ref)...)
	for i := range pools {
		h := &s.loads[i].hold
		steps = append(steps, workload.Step{What: "connections to the database, " + s.regions[i].Name, Source: model,
			Formula: fmt.Sprintf("%d nodes × %.4g, each held for %s by a transaction, instead of %.0f of clients",
				pools[i].nodes, pools[i].each, unit.Duration(h.Service).Human(), s.loads[i].clients),
			Result: fmt.Sprintf("%.0f", pools[i].connections())})
	}
	return steps
}
