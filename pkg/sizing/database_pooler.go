package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
)

// This file is the poolers that a database may have by itself (pooler: auto): callers
// then connect to them, and the database sees their connections only.

// dbPoolers are the poolers in each region with servers.
type dbPoolers struct {
	t           *catalog.NodeType
	pools       []poolerPool
	connections float64 // to each primary
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
func (s *databaseSizer) poolers() *dbPoolers {
	if s.spec.Pooler != "auto" || s.c.Market == nil || s.c.Component.Pin != nil ||
		s.connections <= s.engine.connections*s.c.Policy.Connections {
		return nil
	}
	p := s.pooling()
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
	t := s.c.Market.Cheapest(s.c, within)
	if t == nil {
		enough = fewest
		t = s.c.Market.Cheapest(s.c, within)
	}
	if t == nil {
		return nil
	}
	p.on(t, nil)
	x := &dbPoolers{t: t, pools: p.pools}
	for i := range x.pools {
		if k := &x.pools[i]; k.nodes > 0 {
			x.connections = max(x.connections, p.spec.open(&p.load, &k.role))
		}
	}
	return x
}

// dbPooling is the search for the poolers of a database.
type dbPooling struct {
	s     *databaseSizer
	spec  *Pooler
	ref   *catalog.NodeType // nil where it is not known
	load  poolerLoad
	at    []Location
	pools []poolerPool // by region, on the type that was looked at last
}

func (s *databaseSizer) pooling() *dbPooling {
	p := &dbPooling{s: s, spec: defaultPooler(), load: s.poolerLoad(), at: steady(s.c.Regions),
		pools: make([]poolerPool, len(s.c.Regions))}
	p.ref, _ = s.c.Catalog.NodeType(p.spec.Reference.V)
	return p
}

// on finds the poolers on one type, with room for their needs, and how many they are:
// more than MaxNodes where the type does not do.
func (p *dbPooling) on(t *catalog.NodeType, room []capacity.Need) (all int) {
	c := p.s.c
	cpu, rej := p.spec.cpu(c, t, p.ref)
	if rej != nil {
		return capacity.MaxNodes + 1
	}
	needs, rej := p.spec.needs(c, t, &cpu, &p.load, room)
	if rej != nil {
		return capacity.MaxNodes + 1
	}
	for i := range p.at {
		if len(p.s.servers(i)) == 0 {
			continue
		}
		x := &p.pools[i]
		x.role = c.role(&p.at[i], needs)
		if x.nodes, _ = x.role.Least(); x.nodes > capacity.MaxNodes {
			return x.nodes
		}
		all += x.nodes
	}
	return all
}

// poolerLoad is what the poolers in front of a primary pass on. Wherever the primary
// comes to be, all clients are there.
func (s *databaseSizer) poolerLoad() poolerLoad {
	c := s.c
	l := c.passing(float64(c.clients() * float64(s.spec.Deploy.V)))
	read, write := s.spec.residence(c, c.Regions[0].Index, nothing)
	in := func(seconds, rate float64) queueing.Arrivals {
		return queueing.Arrivals{Work: queueing.Work{Service: seconds, SCV: 1}, Rate: rate}
	}
	m := queueing.Mix(in(read, c.Load.Global.Read()), in(write, c.Load.Global.Write()))
	l.hold = poolHold{Work: queueing.Work{Service: m.Service, SCV: m.ServiceSCV}, lost: m.Service}
	return l
}

// list is the nodes of the poolers, each of which names its type.
func (x *dbPoolers) list(c *Task) (out []Pool) {
	if x == nil {
		return nil
	}
	for i := range x.pools {
		if n := x.pools[i].nodes; n > 0 {
			p := Fixed(c.Regions[i].Index, "pooler", n)
			p.Type = x.t
			out = append(out, p)
		}
	}
	return out
}

// add adds the nodes of the poolers to a layout. A pool of the layout's own type names
// none.
func (x *dbPoolers) add(c *Task, l *Layout) {
	for _, p := range x.list(c) {
		if p.Type == l.Type {
			p.Type = nil
		}
		l.Pools = append(l.Pools, p)
	}
}

// describe adds the limits of the poolers, and says what they are for.
func (x *dbPoolers) describe(s *databaseSizer, l *Layout) {
	if x == nil {
		return
	}
	for i := range x.pools {
		if n := x.pools[i].nodes; n > 0 {
			s.c.explainAs(l, &s.c.Regions[i], x.pools[i].role, n, "pooler")
		}
	}
	l.Structure = append(l.Structure, remark.New("database.poolers", "connections", x.connections, "type", x.t.Name,
		"clients", s.clients()))
}

// clients are the connections of all clients, rolling deploy included.
func (s *databaseSizer) clients() float64 { return float64(s.c.clients() * float64(s.spec.Deploy.V)) }

// tooManyConnections is the rejection of more connections than the engine allows. It
// names the way out, and how many would do.
func (s *databaseSizer) tooManyConnections(most float64) *Rejection {
	load := s.poolerLoad()
	busy := float64(defaultPooler().Busy.V)
	calls := (load.transactions.Local + load.transactions.Global) * s.c.Flow.Demand.PeakTotal
	return &Rejection{Resource: "connections", Need: s.connections, Have: most,
		Why: remark.New("database.engine", "size", capacity.Ceil(calls*load.hold.Service/busy))}
}
