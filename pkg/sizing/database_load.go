package sizing

import (
	"slices"

	"headroom/pkg/workload"
)

// This file is what a database has to carry: how much, and who answers the
// reads.

// dbLoad is what a whole database has to carry at its peak.
type dbLoad struct {
	reads, writes, data float64 // /s, /s and logical bytes/s of all users
	in, out             float64 // bytes/s from and to clients
	set, stored, table  float64 // logical bytes: to be in memory, on disk, of the largest table
	// Reads/s by who answers them, in the normal state and after the worst loss: the
	// primary; the failover candidate of another region, which then is primary; the
	// read replicas in each region of the case.
	own, lost               float64
	standbyOwn, standbyLost float64
	replicaOwn, replicaLost []float64
	// late is all of it while workers catch up after an outage; nil where none
	// calls the database.
	late *dbLoad
}

// loads derives what the database carries now and at the horizon.
func (s *databaseSizer) loads() {
	c, d, v := s.c, s.c.Flow.Demand, &s.c.Load.Global
	s.mean = d.MeanTotal
	peak := d.PeakTotal
	l := dbLoad{reads: v.Read() * peak, writes: v.Write() * peak, data: v.Data() * peak,
		in: v.In * peak, out: v.Out * peak}
	s.place(&l, false)
	var horizon float64
	l.stored, _, horizon = c.stored(v.Data(), s.mean)
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

// load is what the database must carry when it is sized: of the month at hand, as a
// node can be changed by a failover; where it is sharded, of the horizon.
func (s *databaseSizer) load() *dbLoad {
	if s.split == splitShards {
		return &s.later
	}
	return &s.now
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
	for _, x := range []*float64{&l.reads, &l.writes, &l.data, &l.in, &l.out,
		&l.own, &l.lost, &l.standbyOwn, &l.standbyLost} {
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
func (c *Task) entered() float64 {
	t := 0.0
	for _, class := range c.Flow.Demand.Classes {
		if class.Entry == c.Component.Name {
			t += float64(class.Reads)
		}
	}
	return t
}

// readsIn tells whether the reads of a region's users are answered there, as
// databaseSizer.place spreads them: reads: nearest at the read replicas of each
// region where the database runs, without any at the failover candidate of the
// second. All others go to the primary's region, the first.
func (s *Database) readsIn(c *Task, region int) bool {
	k := slices.IndexFunc(c.Regions, func(r Location) bool { return r.Index == region })
	if k <= 0 || s.Reads != "nearest" {
		return k == 0
	}
	if s.Replicas.V > 0 {
		return true
	}
	_, remote, err := s.candidates(c)
	return err == nil && remote && k == 1
}
