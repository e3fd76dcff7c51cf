package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Connected is a part of the spec of a store to which all callers keep connections open:
// each takes memory, and there are only so many of them.
type Connected struct {
	// Memory of one connection; without it the engine's.
	PerConnection strict.Value[unit.Bytes] `yaml:"memory_per_connection"`
	// Connections that the engine allows; without it the engine's default.
	MaxConnections strict.Value[unit.Count] `yaml:"max_connections" min:"1"`
	// auto: poolers stand between callers and database where that costs less, or where there are
	// more connections than the engine allows; none: callers connect to the primary, or to a
	// component of kind pooler.
	Pooler string `yaml:"pooler" enum:"auto|none"`
	// Clients during a rolling deploy, as a multiple of those running.
	Deploy strict.Value[unit.Count] `yaml:"deploy_factor" min:"1" max:"10"`
	// Connections for people, replication and monitoring.
	SpareConns strict.Value[unit.Count] `yaml:"spare_connections" min:"0" max:"10000"`
}

// The connections that RDS allows by default are in AWS Prescriptive Guidance, "Tuning
// PostgreSQL parameters", max_connections
// (https://docs.aws.amazon.com/prescriptive-guidance/latest/tuning-postgresql-parameters/max-connections.html).
// Its divisor is what it grants a connection, not what one takes.
func defaultConnected() Connected {
	return Connected{
		PerConnection: given(unit.Bytes(9531392),
			"Amazon RDS for PostgreSQL: default max_connections = memory / 9,531,392"),
		MaxConnections: given(unit.Count(5000), "Amazon RDS for PostgreSQL: default max_connections at most 5,000"),
		Pooler:         "none",
		Deploy:         judged(unit.Count(1.25), judgedInModel),
		SpareConns:     judged(unit.Count(10), judgedInModel),
	}
}

// connections are those at each primary, wherever it comes to be: of all clients, those
// of a rolling deploy included, or of the poolers between.
type connections struct {
	c      *Task
	spec   *Connected
	most   float64  // that the engine allows
	bytes  float64  // of memory of one of them
	open   float64  // at each primary
	pooler *poolers // nil where clients connect to the primary itself
}

// newConnections are those of the callers.
func newConnections(c *Task, spec *Connected, most, bytes float64) connections {
	x := connections{c: c, spec: spec, most: most, bytes: bytes}
	x.open = x.clients() + float64(spec.SpareConns.V)
	return x
}

// through are those that are left where poolers stand between.
func (x connections) through(p *poolers) connections {
	x.pooler, x.open = p, p.connections+float64(x.spec.SpareConns.V)
	return x
}

// clients are the connections of all clients, rolling deploy included.
func (x *connections) clients() float64 { return float64(x.c.clients() * float64(x.spec.Deploy.V)) }

// allowed is how many the policy allows of those that the engine does.
func (x *connections) allowed() float64 { return x.most * x.c.Policy.Connections }

// memory is what they take of a node, bytes.
func (x *connections) memory() float64 { return float64(x.open * x.bytes) }

// tooMany is the rejection of more connections than the engine allows, to a store where
// calls take so long. It names the way out, and how many would do. nil where they do.
func (x *connections) tooMany(residence residence) *Rejection {
	most := x.allowed()
	if x.open <= most {
		return nil
	}
	load := x.pooled(residence)
	busy := float64(defaultPooler().Busy.V)
	calls := (load.transactions.Local + load.transactions.Global) * x.c.Flow.Demand.PeakTotal
	return &Rejection{Resource: "connections", Need: x.open, Have: most,
		Why: remark.New("database.engine", "size", capacity.Ceil(calls*load.hold.Service/busy))}
}

// limit holds them against what the engine allows.
func (x *connections) limit() capacity.Limit {
	return capacity.Limit{Of: capacity.Resource{Name: "connections"}, Need: x.open, Have: x.most,
		Target: x.c.Policy.Connections,
		Why:    remark.New("database.connections", "factor", x.spec.Deploy.V, "spare", x.spec.SpareConns.V)}
}

// step is how many connections a primary has.
func (x *connections) step() remark.Step {
	const what, model = "connections at a primary", modelDatabase
	result, spare := unit.WithDecimals(math.Ceil(x.open), 0), unit.WithDecimals(float64(x.spec.SpareConns.V), 0)
	if x.pooler != nil {
		return remark.Derive(what, model, result, "poolers + spare = ⌈{poolers} + {spare}⌉",
			"poolers", unit.WithDecimals(x.pooler.connections, 0), "spare", spare)
	}
	return remark.Derive(what, model, result, "clients·deploy + spare = ⌈{clients} × {deploy} + {spare}⌉",
		"clients", unit.WithDecimals(x.c.clients(), 0), "deploy", float64(x.spec.Deploy.V), "spare", spare)
}

// residence is how long a read and a write are in a store, as in Traits.
type residence func(c *Task, region, lost int) (read, write float64)

// poolers are those that a store has by itself (pooler: auto), in each region with
// servers: callers connect to them, and the store sees their connections only.
type poolers struct {
	c           *Task
	spec        *Pooler
	ref         *catalog.NodeType // on which their CPU was measured; nil where it is not known
	load        poolerLoad
	servers     *replication
	at          []Location
	t           *catalog.NodeType
	pools       []poolerPool // by region, on the type that was looked at last
	connections float64      // to each primary
}

// poolerPool is the poolers of one region.
type poolerPool struct {
	role  capacity.Role
	nodes int // 0 where there are no servers
}

// poolers are the cheapest of which it takes no more than of the type on which their
// CPU was measured: a larger machine has no more of the one core that each uses. Where
// all types are slower than that, they are the cheapest of those of which it takes the
// fewest. nil where they are not asked for, where the primary takes all connections
// without them (docs/model.md section 5), and where the machines are given.
func (x *connections) poolers(r *replication, residence residence) *poolers {
	c := x.c
	if x.spec.Pooler != "auto" || c.Ranking == nil || c.Component.Pin != nil || x.open <= x.allowed() {
		return nil
	}
	p := x.candidates(r, residence)
	if p.ref == nil || p.load.hold.Service <= 0 {
		return nil
	}
	var room [5]capacity.Need
	fewest, enough := capacity.MaxNodes, min(p.on(p.ref, room[:0]), capacity.MaxNodes)
	within := func(t *catalog.NodeType) bool {
		if t.Burstable {
			return false
		}
		n := p.on(t, room[:0])
		fewest = min(fewest, n)
		return n <= enough
	}
	if p.t = c.Ranking.Cheapest(c, within); p.t == nil {
		enough = fewest
		p.t = c.Ranking.Cheapest(c, within)
	}
	if p.t == nil {
		return nil
	}
	p.on(p.t, nil)
	for i := range p.pools {
		if k := &p.pools[i]; k.nodes > 0 {
			p.connections = max(p.connections, p.spec.open(&p.load, &k.role))
		}
	}
	return p
}

// candidates are poolers whose type is not chosen.
func (x *connections) candidates(r *replication, residence residence) *poolers {
	p := &poolers{c: x.c, spec: defaultPooler(), load: x.pooled(residence), servers: r, at: steady(x.c.Regions),
		pools: make([]poolerPool, len(x.c.Regions))}
	p.ref, _ = x.c.Catalog.NodeType(p.spec.Reference.V)
	return p
}

// on finds the poolers on one type, with room for their needs, and how many they are:
// more than MaxNodes where the type does not do.
func (p *poolers) on(t *catalog.NodeType, room []capacity.Need) (all int) {
	cpu, rej := p.spec.cpu(p.c, t, p.ref)
	if rej != nil {
		return capacity.MaxNodes + 1
	}
	needs, rej := p.spec.needs(p.c, t, &cpu, &p.load, room)
	if rej != nil {
		return capacity.MaxNodes + 1
	}
	for i := range p.at {
		if len(p.servers.servers(i)) == 0 {
			continue
		}
		x := &p.pools[i]
		x.role = p.c.role(&p.at[i], needs)
		if x.nodes, _ = x.role.Least(); x.nodes > capacity.MaxNodes {
			return x.nodes
		}
		all += x.nodes
	}
	return all
}

// pooled is what poolers in front of a primary pass on. Wherever the primary comes to
// be, all clients are there.
func (x *connections) pooled(residence residence) poolerLoad {
	c := x.c
	l := c.passing(x.clients())
	read, write := residence(c, c.Regions[0].Index, nothing)
	in := func(seconds, rate float64) queueing.Arrivals {
		return queueing.Arrivals{Work: queueing.Work{Service: seconds, SCV: 1}, Rate: rate}
	}
	m := queueing.Mix(in(read, c.Load.Global.Read()), in(write, c.Load.Global.Write()))
	l.hold = poolHold{Work: queueing.Work{Service: m.Service, SCV: m.ServiceSCV}, lost: m.Service}
	return l
}

// list is the nodes of the poolers, each of which names its type; nothing where there are
// none.
func (p *poolers) list() (out []Pool) {
	if p == nil {
		return nil
	}
	for i := range p.pools {
		if n := p.pools[i].nodes; n > 0 {
			pool := Fixed(p.at[i].Index, "pooler", n)
			pool.Type = p.t
			out = append(out, pool)
		}
	}
	return out
}

// describe adds the limits of the poolers, and says what they are for: so many clients.
func (p *poolers) describe(l *Layout, clients float64) {
	if p == nil {
		return
	}
	for i := range p.pools {
		if n := p.pools[i].nodes; n > 0 {
			p.c.explainAs(l, &p.at[i], p.pools[i].role, n, "pooler")
		}
	}
	l.Structure = append(l.Structure, remark.New("database.poolers", "connections", p.connections, "type", p.t.Name,
		"clients", clients))
}
