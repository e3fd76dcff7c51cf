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
	nodes int
	each  float64 // connections to the database of one node
}

// connections are those of all nodes to the database.
func (p *poolerPool) connections() float64 { return float64(float64(p.nodes) * p.each) }

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
	spec, load := defaultPooler(), s.poolerLoad()
	ref, ok := s.c.Catalog.NodeType(spec.Reference.V)
	if !ok || load.hold.Service <= 0 {
		return nil
	}
	at := steady(s.c.Regions)
	fewest, enough := capacity.MaxNodes, min(s.poolerNodes(at, ref, ref, spec, &load), capacity.MaxNodes)
	within := func(t *catalog.NodeType) bool {
		if t.Burstable {
			return false
		}
		n := s.poolerNodes(at, t, ref, spec, &load)
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
	best, _ := s.poolersOn(at, t, ref, spec, &load)
	return best
}

// poolerNodes is how many nodes of a type all poolers take; more than MaxNodes where it
// does not do.
func (s *databaseSizer) poolerNodes(at []Location, t, ref *catalog.NodeType, spec *Pooler, load *poolerLoad) int {
	cpu, rej := spec.cpu(s.c, t, ref)
	if rej != nil {
		return capacity.MaxNodes + 1
	}
	var room [5]capacity.Need
	needs, rej := spec.needs(s.c, t, &cpu, load, room[:0])
	if rej != nil {
		return capacity.MaxNodes + 1
	}
	all := 0
	for i := range at {
		if len(s.servers(i)) == 0 {
			continue
		}
		role := s.c.role(&at[i], needs)
		n, _ := role.Least()
		if n > capacity.MaxNodes {
			return n
		}
		all += n
	}
	return all
}

// poolerLoad is what the poolers in front of a primary pass on. Wherever the primary
// comes to be, all clients are there.
func (s *databaseSizer) poolerLoad() poolerLoad {
	c := s.c
	l := c.passing(c.clients() * float64(s.spec.Deploy.V))
	read, write := s.spec.residence(c, c.Regions[0].Index, nothing)
	in := func(seconds, rate float64) queueing.Arrivals {
		return queueing.Arrivals{Work: queueing.Work{Service: seconds, SCV: 1}, Rate: rate}
	}
	m := queueing.Mix(in(read, c.Load.Global.Read()), in(write, c.Load.Global.Write()))
	l.hold = poolHold{Work: queueing.Work{Service: m.Service, SCV: m.ServiceSCV}, lost: m.Service}
	return l
}

// poolersOn are the poolers on one type: in each region with servers as many nodes as
// the load and the policy ask for.
func (s *databaseSizer) poolersOn(at []Location, t, ref *catalog.NodeType, spec *Pooler, load *poolerLoad) (*dbPoolers,
	*Rejection) {
	cpu, rej := spec.cpu(s.c, t, ref)
	if rej != nil {
		return nil, rej
	}
	x := &dbPoolers{t: t, pools: make([]poolerPool, len(at))}
	for i := range at {
		if len(s.servers(i)) == 0 {
			continue
		}
		needs, rej := spec.needs(s.c, t, &cpu, load, nil)
		if rej != nil {
			return nil, rej
		}
		p := poolerPool{role: s.c.role(&at[i], needs)}
		var by capacity.Bound
		if p.nodes, by = p.role.Least(); p.nodes > capacity.MaxNodes {
			return nil, tooMany(&by)
		}
		p.each = spec.each(load, &p.role, p.nodes)
		x.pools[i], x.connections = p, max(x.connections, p.connections())
	}
	return x, nil
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
