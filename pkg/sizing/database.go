package sizing

import (
	"errors"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
)

// Structured is a Sizer of a component that can be built in several ways, such as
// with one primary database or with shards. The search prices all of them.
type Structured interface {
	Sizer
	// Structures are the ways, each of which is sized as a component of its own would
	// be. The first, the simplest, is the sizer itself.
	Structures() []Sizer
}

// Splitter is a Sizer of a component that may have more shards than it must. More of
// them, with less each, can cost less on the same type, as fewer nodes follow each and
// fewer keep the same bytes. The search prices them as long as they can be cheaper.
type Splitter interface {
	Sizer
	// Split is the sizer of the same structure with so many more shards of each
	// partition than Fit finds at least; nil where the structure has no shards to
	// choose.
	Split(more int) Sizer
}

// How far a database is split (docs/model.md section 5: functional partitions as
// stated, shards).
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

var (
	_ Structured = (*databaseSizer)(nil)
	_ Splitter   = (*databaseSizer)(nil)
)

// databaseSizer sizes a database. Its servers are the nodes that are or can become
// primary: of each shard the primary, a standby in its region and a failover
// candidate in the next one. Read replicas follow them.
//
// All that a machine has to do or to keep is of the lead month, as a machine can be
// exchanged by a failover. The number of shards cannot be changed without moving
// the data: it is what the load of the horizon needs on the type, and these shards
// are then sized for the lead month.
type databaseSizer struct {
	c             *Task
	spec          *Database
	ref           *catalog.NodeType
	zone          bool             // a standby in the primary's region
	remote        bool             // a failover candidate in the second region
	survive       capacity.Survive // what the servers must outlive
	split         int
	more          int     // shards of each partition beyond the least
	theta         float64 // exponent of locality
	parts         []dbPart
	scratch       []dbPlan // of tries that failed
	lead, horizon dbLoad
	engine        engineDefaults
	connections   float64    // at each primary, rolling deploy included
	pooler        *dbPoolers // nil where clients connect to the primary itself
	mean          float64    // mean multiplier over the week
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
	if s.ref, err = c.reference(s.spec.Reference); err != nil {
		return nil, err
	}
	s.survive = s.outlived()
	if s.spec.Shards.V > 0 {
		s.splitTo(splitPartitions)
	}
	s.engine, s.theta = s.spec.engine(), s.spec.theta()
	s.connections = s.clients() + float64(s.spec.SpareConns.V)
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

// Structures are one primary, functional partitions, and shards, each of them with as
// many read replicas as it needs; where poolers may stand in front, all of that with
// them too.
func (s *databaseSizer) Structures() []Sizer {
	ways := []*databaseSizer{s}
	for _, split := range [...]int{splitPartitions, splitShards} {
		if s.spec.Shards.V > 0 || split == splitPartitions && len(s.spec.Partitions) == 0 {
			continue // as stated; and there are none
		}
		next := s.again()
		next.splitTo(split)
		ways = append(ways, next)
	}
	if pooler := s.poolers(); pooler != nil {
		for _, way := range ways {
			next := way.again()
			next.pooler, next.connections = pooler, pooler.connections+float64(s.spec.SpareConns.V)
			ways = append(ways, next)
		}
	}
	out := make([]Sizer, len(ways))
	for i, way := range ways {
		out[i] = way
	}
	return out
}

// Split adds shards to the least that carry the load, in the structure of shards.
func (s *databaseSizer) Split(more int) Sizer {
	if s.split != splitShards {
		return nil
	}
	next := s.again()
	next.more = more
	return next
}

// again is a sizer for another structure of the same database.
func (s *databaseSizer) again() *databaseSizer {
	next := *s
	next.scratch = nil
	return &next
}

// leastShards is the least number of shards of a partition in this structure: where
// there are no partitions, one shard would be the one primary again.
func (s *databaseSizer) leastShards() int {
	if s.split == splitShards && len(s.parts) == 1 {
		return 2
	}
	return max(1, int(s.spec.Shards.V))
}

// sharded tells whether partitions have several shards.
func (s *databaseSizer) sharded() bool { return s.split == splitShards || s.spec.Shards.V > 1 }

// whole tells whether one server of the type has all of the data.
func (s *databaseSizer) whole() bool { return s.split == splitNot && s.spec.Shards.V == 0 }

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
	n := Needs{Nodes: true, Storages: s.spec.storages(), MinNodes: make([]float64, len(s.c.Flow.Demand.Regions)),
		Shards: s.leastShards() * len(s.parts)}
	for i := range s.c.Regions {
		n.MinNodes[s.c.Regions[i].Index] = float64((len(s.servers(i)) + s.leastReplicas(i)) * n.Shards)
	}
	return n
}
