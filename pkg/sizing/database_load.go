package sizing

import (
	"slices"

	"headroom/pkg/workload"
)

// This file is what a database has to carry: how much, and who answers the
// reads.

// dbLoad is what a whole database has to carry at the peak of some month.
type dbLoad struct {
	reads, writes, data float64   // /s, /s and logical bytes/s of all users
	in, out             float64   // bytes/s from and to clients
	sessions            float64   // of users that begin, /s
	stored, table       float64   // logical bytes: of all data, of the largest table
	own, lost           []float64 // reads/s answered in each region of the case: normally, and after the worst loss
	// late is all of it while workers catch up after an outage; nil where none
	// calls the database.
	late *dbLoad
}

// loads derives what the database carries in the lead month and at the horizon.
func (s *databaseSizer) loads() {
	c, d, v := s.c, s.c.Flow.Demand, &s.c.Load.Global
	s.mean = d.MeanTotal
	peak := d.PeakTotal
	l := dbLoad{reads: float64(v.Read() * peak), writes: float64(v.Write() * peak), data: float64(v.Data() * peak),
		in: float64(v.In * peak), out: float64(v.Out * peak), sessions: float64(float64(d.Pages) * peak)}
	l.own, l.lost = s.answered(&l, false)
	l.late = s.catchUp(&l)
	now, lead, horizon := c.stored(v.Data(), s.mean)
	s.lead, s.horizon = l.times(c.Lead), l.times(c.Growth)
	s.lead.stored, s.horizon.stored = lead, horizon
	for _, x := range []*dbLoad{&s.lead, &s.horizon} {
		x.table = float64(s.spec.LargestTable.V)
		if now > 0 {
			x.table *= x.stored / now // it grows as all of the data does
		}
		if x.late != nil {
			x.late.stored, x.late.table = x.stored, x.table
		}
	}
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
	out.own, out.lost = s.answered(&out, true)
	return &out
}

// times multiplies the rates.
func (l dbLoad) times(k float64) dbLoad {
	if l.late != nil {
		late := l.late.times(k)
		l.late = &late
	}
	for _, x := range []*float64{&l.reads, &l.writes, &l.data, &l.in, &l.out, &l.sessions} {
		*x *= k
	}
	scaled := func(list []float64) []float64 {
		out := slices.Clone(list)
		for i := range out {
			out[i] *= k
		}
		return out
	}
	l.own, l.lost = scaled(l.own), scaled(l.lost)
	return l
}

// Who answers the reads of a region.
type dbReaders int

const (
	byPrimary  dbReaders = iota // the primary alone
	byReplicas                  // read replicas, and no server
	byAll                       // servers and read replicas together
)

// readers is who answers reads. Those that must not be stale are the primary's.
func (s *Database) readers() dbReaders {
	switch {
	case s.Reads == "primary" || !s.StaleReads.V:
		return byPrimary
	case s.Reads == "replicas":
		return byReplicas
	}
	return byAll
}

// answered are the greatest reads/s that are answered in each region of the case:
// where a copy stands that may answer them those from there, all others in the
// first. After the loss of the first region, or of the only server in it, the second
// one's candidate is primary; it answers all, and so does the first without the
// second. late is while workers catch up.
func (s *databaseSizer) answered(l *dbLoad, late bool) (own, lost []float64) {
	if s.spec.readers() == byAll {
		own, lost = s.athome(late)
		for i := range own { // the sum over hours that differ is more than comes at once
			own[i] = min(own[i], l.reads)
			lost[i] = min(max(own[i], lost[i]), l.reads)
		}
	} else {
		own, lost = make([]float64, len(s.c.Regions)), make([]float64, len(s.c.Regions))
		own[0] = l.reads
	}
	lost[0] = l.reads
	if s.remote {
		lost[1] = l.reads
	}
	return own, lost
}

// athome are the greatest reads/s that come from each region over the week, with
// the worst other region lost at second. What the callers send tells them apart;
// what comes from regions without a copy is read in the first. While workers catch
// up, theirs are 1 + o/h times as many.
func (s *databaseSizer) athome(late bool) (own, lost []float64) {
	c := s.c
	own, lost = make([]float64, len(c.Regions)), make([]float64, len(c.Regions))
	var local, global, first float64 // of users, of each region's copy, of the first region's only copy
	for _, l := range c.Flow.Loads {
		part := 1.0
		if late {
			part += c.passed(l)
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
		at := slices.IndexFunc(c.Regions, func(r Location) bool { return r.Index == i })
		if at < 0 || len(s.servers(at))+s.leastReplicas(at) == 0 {
			at = 0
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
	own[0] += float64(first * d.PeakTotal)
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
// databaseSizer.answered spreads them. All others go to the primary's region, the
// first.
func (s *Database) readsIn(c *Task, region int) bool {
	k := slices.IndexFunc(c.Regions, func(r Location) bool { return r.Index == region })
	if k <= 0 || s.readers() != byAll {
		return k == 0
	}
	_, remote, err := s.candidates(c)
	return s.Replicas.V > 0 || s.Reads == "nearest" || err == nil && remote && k == 1
}
