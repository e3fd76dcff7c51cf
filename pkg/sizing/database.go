package sizing

import (
	"errors"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

// Escalator is a Sizer that has another way where no node type at all is
// feasible: databases split. The search asks for it then, and only then.
type Escalator interface {
	Sizer
	// Escalate is the next way, nil where there is none.
	Escalate() Sizer
}

// How far a database is split (MODEL section 5: functional partitions as
// stated, then the least number of shards).
const (
	splitNot = iota
	splitPartitions
	splitShards
)

// dbPart is a functional partition: its part of load and data.
type dbPart struct {
	name  string
	share float64
}

var _ Escalator = (*databaseSizer)(nil)

// databaseSizer sizes a database. Its servers are the nodes that are or can become
// primary: of each shard the primary, a standby and a failover candidate.
type databaseSizer struct {
	c           *Task
	spec        *Database
	ref         *catalog.NodeType
	zone        bool             // a standby in another zone
	remote      bool             // a failover candidate in the second region
	survive     capacity.Survive // what the servers must outlive
	split       int
	parts       []dbPart
	scratch     []dbPlan // of tries that failed
	now, later  dbLoad
	connections float64 // at each primary, rolling deploy included
	most, each  float64 // connections allowed; bytes of one
	lookups     float64 // reads/s of the lookup table where there are shards
	mean        float64 // mean multiplier over the week
}

func (databaseKind) Prepare(c *Task) (Sizer, error) {
	s := &databaseSizer{c: c, spec: c.Component.Spec.(*Database), parts: []dbPart{{"", 1}}}
	err := errors.Join(
		required(c, s.spec.CPURead, "cpu_read",
			"measure the CPU time of a read and write cpu_read: 0.5ms, or {value: 0.5ms, assumed: why}"),
		required(c, s.spec.CPUWrite, "cpu_write",
			"measure the CPU time of a write and write cpu_write: 1ms, or {value: 1ms, assumed: why}"))
	if err != nil {
		return nil, err
	}
	if s.zone, s.remote, err = s.spec.candidates(c); err != nil {
		return nil, err
	}
	if err := s.spec.check(c, s.remote); err != nil {
		return nil, err
	}
	var ok bool
	if s.ref, ok = c.Catalog.NodeType(s.spec.Reference.V); !ok {
		return nil, unknownReference(c, s.spec.Reference)
	}
	s.survive = s.outlived()
	if s.spec.Shards.V > 0 {
		s.splitTo(splitPartitions)
	}
	s.most, s.each = s.spec.connectionLimits()
	s.connections = float64(c.clients()*float64(s.spec.Deploy.V)) + float64(s.spec.SpareConns.V)
	s.loads()
	return s, nil
}

// outlived is what the servers must outlive: what the policy says. Where it says
// nothing but the profile asks for a candidate, that one must be able to do what
// it is there for.
func (s *databaseSizer) outlived() capacity.Survive {
	if s.c.Policy.Survive == (capacity.Survive{}) {
		return capacity.Survive{Zone: s.zone, Region: s.remote}
	}
	return s.c.Policy.Survive
}

// splitTo sets how far the database is split.
func (s *databaseSizer) splitTo(split int) {
	s.split = split
	if len(s.spec.Partitions) > 0 && split >= splitPartitions {
		s.parts = s.parts[:0:0]
		for _, p := range s.spec.Partitions {
			s.parts = append(s.parts, dbPart{p.Key, float64(p.V.V)})
		}
	}
}

// Escalate gives functional partitions, then shards.
func (s *databaseSizer) Escalate() Sizer {
	if s.spec.Shards.V > 0 || s.split == splitShards {
		return nil
	}
	next := *s
	next.scratch = nil
	if s.split == splitNot && len(s.spec.Partitions) > 0 {
		next.splitTo(splitPartitions)
	} else {
		next.splitTo(splitShards)
	}
	return &next
}

// The roles of servers: in the first region, without and with a standby, and where
// the failover candidate is.
var (
	dbPrimary  = []string{"primary"}
	dbStandby  = []string{"primary", "standby"}
	dbFailover = []string{"failover"}
)

// servers are the roles of the servers that each shard has in a region of the case.
func (s *databaseSizer) servers(region int) []string {
	switch {
	case region == 0 && s.zone:
		return dbStandby
	case region == 0:
		return dbPrimary
	case region == 1 && s.remote:
		return dbFailover
	}
	return nil
}

func (s *databaseSizer) Needs() Needs {
	n := Needs{Nodes: true, Storages: s.spec.storages(), MinNodes: make([]float64, len(s.c.Flow.Demand.Regions))}
	sets := float64(max(1, int(s.spec.Shards.V)) * len(s.parts))
	for i := range s.c.Regions {
		k := float64(s.spec.Replicas.V) + float64(len(s.servers(i)))
		n.MinNodes[s.c.Regions[i].Index] = k * sets
	}
	return n
}
