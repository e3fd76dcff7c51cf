package sizing

import (
	"errors"

	"headroom/pkg/catalog"
	"headroom/pkg/workload"
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

// dbLoad is what a whole database has to carry at its peak.
type dbLoad struct {
	writes, data       float64   // /s and logical bytes/s, at the primary
	own, lost          float64   // reads/s at the primary
	standbyOwn         float64   // reads/s at the failover candidate in another region
	standbyLost        float64   // reads/s at a candidate that became primary
	replicaOwn         []float64 // reads/s at the read replicas of each region of the case
	replicaLost        []float64
	in, out            float64 // bytes/s from and to clients
	set, stored, table float64 // logical bytes: to be in memory, on disk, of the largest table
	reads              float64 // all reads/s
	// late is all of it while workers catch up after an outage; nil where none
	// calls the database.
	late *dbLoad
}

// dbPart is a functional partition: its part of load and data.
type dbPart struct {
	name  string
	share float64
}

var _ Escalator = (*databaseSizer)(nil)

type databaseSizer struct {
	c           *Case
	spec        *Database
	ref         *catalog.NodeType
	zone        bool // a standby in another zone
	remote      bool // a failover candidate in the second region
	split       int
	parts       []dbPart
	scratch     []dbPlan // of tries that failed
	now, later  dbLoad
	connections float64 // at each primary, rolling deploy included
	most, each  float64 // connections allowed; bytes of one
	lookups     float64 // reads/s of the lookup table where there are shards
	mean        float64 // mean multiplier over the week
}

func (databaseKind) Prepare(c *Case) (Sizer, error) {
	s := &databaseSizer{c: c, spec: c.Component.Spec.(*Database), parts: []dbPart{{"", 1}}}
	err := errors.Join(
		required(c, s.spec.CPURead, "cpu_read", "measure the CPU time of a read and write cpu_read: 0.5ms, or {value: 0.5ms, assumed: why}"),
		required(c, s.spec.CPUWrite, "cpu_write", "measure the CPU time of a write and write cpu_write: 1ms, or {value: 1ms, assumed: why}"))
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
	if s.spec.Shards.V > 0 {
		s.state(splitPartitions)
	}
	s.most, s.each = s.spec.connectionLimits()
	s.connections = float64(c.clients()*float64(s.spec.Deploy.V)) + float64(s.spec.SpareConns.V)
	s.loads()
	return s, nil
}

// state sets how far the database is split.
func (s *databaseSizer) state(split int) {
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
		next.state(splitPartitions)
	} else {
		next.state(splitShards)
	}
	return &next
}

// loads derives what the database carries now and at the horizon.
func (s *databaseSizer) loads() {
	c, d, v := s.c, s.c.Flow.Demand, &s.c.Load.Global
	s.mean = d.MeanTotal
	peak := d.PeakTotal
	l := dbLoad{writes: v.Write() * peak, data: v.Data() * peak, in: v.In * peak, out: v.Out * peak, reads: v.Read() * peak}
	s.place(&l, false)
	var horizon float64
	l.stored, horizon = c.stored(v.Data(), s.mean)
	l.table = float64(s.spec.LargestTable.V)
	grown := 1.0
	if l.stored > 0 {
		grown = horizon / l.stored
	}
	switch {
	case s.spec.InMemory.V:
		l.set = l.stored
	case s.spec.WorkingSet != nil:
		l.set = float64(s.spec.WorkingSet.V)
	default:
		l.set = l.stored * float64(s.spec.WorkFraction.V)
	}
	l.late = s.catchUp(&l)
	s.now, s.later = l, l.times(c.Growth)
	s.later.stored, s.later.set, s.later.table = horizon, l.set*grown, l.table*grown
	s.lookups = float64(d.Pages) * peak
}

// catchUp is a load at its peak while workers catch up, which then send o/h more
// than their ordinary calls (docs/model.md section 5, worker); bytes that are
// kept are as before. nil where no worker calls the database.
func (s *databaseSizer) catchUp(l *dbLoad) *dbLoad {
	more := s.c.backlog()
	if more.reads == (Linear{}) && more.writes == (Linear{}) {
		return nil
	}
	peak := s.c.Flow.Demand.PeakTotal // all regions' load meets at the primary: Global
	out := *l
	out.reads += float64(more.reads.Global * peak)
	out.writes += float64(more.writes.Global * peak)
	out.data += float64(s.c.backlogData() * peak)
	out.in += float64(more.in.Global * peak)
	out.out += float64(more.answers.Global * peak)
	s.place(&out, true)
	return &out
}

// times multiplies the rates.
func (l dbLoad) times(k float64) dbLoad {
	if l.late != nil {
		late := l.late.times(k)
		l.late = &late
	}
	for _, x := range []*float64{&l.writes, &l.data, &l.own, &l.lost, &l.standbyOwn, &l.standbyLost, &l.in, &l.out, &l.reads} {
		*x *= k
	}
	own, lost := make([]float64, len(l.replicaOwn)), make([]float64, len(l.replicaOwn))
	for i := range own {
		own[i], lost[i] = l.replicaOwn[i]*k, l.replicaLost[i]*k
	}
	l.replicaOwn, l.replicaLost = own, lost
	return l
}

// place says who answers the reads; late is while workers catch up.
func (s *databaseSizer) place(l *dbLoad, late bool) {
	n := len(s.c.Regions)
	l.replicaOwn, l.replicaLost = make([]float64, n), make([]float64, n)
	switch s.spec.Reads {
	case "replicas":
		// A lost region's reads go to the replicas beside the new primary.
		l.replicaOwn[0], l.replicaLost[0] = l.reads, l.reads
		if s.remote {
			l.replicaLost[1] = l.reads
		}
		return
	case "nearest":
		own, lost := s.nearest(late)
		if s.spec.Replicas.V > 0 {
			l.replicaOwn, l.replicaLost = own, lost
			return
		}
		l.own, l.lost, l.standbyLost = l.reads, l.reads, l.reads
		if s.remote {
			l.own, l.standbyOwn = 0, own[1]
			for i := range own {
				if i != 1 {
					l.own = min(l.reads, l.own+own[i])
				}
			}
		}
		return
	}
	l.own, l.lost, l.standbyLost = l.reads, l.reads, l.reads
}

// nearest are the greatest reads/s that come from each region of the case over
// the week, with the worst other region lost at second. What the callers send
// tells them apart; what comes from regions in which the database does not run
// is read in the first. While workers catch up, theirs are 1 + o/h times as many.
func (s *databaseSizer) nearest(late bool) (own, lost []float64) {
	c := s.c
	own, lost = make([]float64, len(c.Regions)), make([]float64, len(c.Regions))
	var local, global, first float64 // of users, of each region's copy, of the first region's only copy
	for _, l := range c.Flow.Loads {
		part := 1.0
		if late {
			part += behind(l)
		}
		for i := range l.Edges {
			e := &l.Edges[i]
			if e.To != c.Component.Name {
				continue
			}
			here, everywhere := float64(e.Local.Reads*part), float64(e.Global.Reads*part)
			switch l.Scope {
			case workload.ScopeShare:
				local, global = local+here, global+everywhere
			case workload.ScopePrimary:
				first += everywhere
			default:
				global += everywhere
			}
		}
	}
	d := c.Flow.Demand
	local += c.entered()
	for i := range d.Regions {
		at := 0
		for k := range c.Regions {
			if c.Regions[k].Index == i {
				at = k
			}
		}
		most, mostLost := 0.0, 0.0
		for h := range d.Total {
			all := float64(global * d.Total[h])
			most = max(most, float64(local*d.Regions[i].Own[h])+all)
			mostLost = max(mostLost, float64(local*d.Regions[i].Lost[h])+all)
		}
		own[at] += most
		lost[at] += mostLost
	}
	own[0], lost[0] = own[0]+first*d.PeakTotal, lost[0]+first*d.PeakTotal
	if len(lost) > 1 {
		lost[1] += first * d.PeakTotal // the first region's only copy moves too
	}
	for k := range own {
		lost[k] = max(own[k], lost[k])
	}
	return own, lost
}

// entered are the reads of users that call the component directly.
func (c *Case) entered() float64 {
	t := 0.0
	for _, class := range c.Flow.Demand.Classes {
		if class.Entry == c.Component.Name {
			t += float64(class.Reads)
		}
	}
	return t
}

func (s *databaseSizer) Needs() Needs {
	n := Needs{Nodes: true, Storages: s.spec.storages(), MinNodes: make([]float64, len(s.c.Flow.Demand.Regions))}
	sets := float64(max(1, int(s.spec.Shards.V)) * len(s.parts))
	for i := range s.c.Regions {
		k := float64(s.spec.Replicas.V)
		if i == 0 {
			k++
			if s.zone {
				k++
			}
		}
		if i == 1 && s.remote {
			k++
		}
		n.MinNodes[s.c.Regions[i].Index] = k * sets
	}
	return n
}
