package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// searchWork is what the nodes do, in the normal state at the peak of all users.
type searchWork struct {
	queries Linear // per second
	docs    Linear // documents or lines indexed per second, once each
	ingest  Linear // source bytes/s of these
	in, out Linear // bytes/s that clients send and receive
}

// scale multiplies the work.
func (w searchWork) scale(k float64) searchWork {
	return searchWork{w.queries.Scale(k), w.docs.Scale(k), w.ingest.Scale(k), w.in.Scale(k), w.out.Scale(k)}
}

// searchRegion is what is kept in a region.
type searchRegion struct {
	Location
	// One copy, on disk: in the mean of the month at hand, in the lead month, at the horizon,
	// and in addition in the lead month while another region is lost.
	now, lead, horizon, extra unit.Bytes
	source                    unit.Bytes // of the lead month, for explain
	asked                     searchAsk
}

// load derives what the nodes do; lines are the bytes per second of logs that
// arrive, zero for an index.
func (s *searchSizer) load() (lines Linear) {
	c, a, late := s.c, s.c.arrivals(), s.c.backlog()
	var lateLines Linear
	if s.spec.Role == "logs" {
		lines = s.lines(a)
		s.shipped = Linear{Local: max(0, lines.Local-a.sent.Local),
			Global: max(0, lines.Global-a.sent.Local-a.sent.Global)}
		lateLines = s.lateLines(lines, &a, &late)
	}
	s.now, s.late = s.work(&a, lines), s.work(&late, lateLines)
	for i := range c.Load.Edges {
		in, out := made(&c.Load.Edges[i])
		s.now.in, s.now.out = s.now.in.Plus(in), s.now.out.Plus(out)
	}
	s.now, s.late = s.now.scale(c.Lead), s.late.scale(c.Lead)
	return lines
}

// work is what arrivals, and log lines, make the nodes do in the lead month.
func (s *searchSizer) work(a *arrivals, lines Linear) searchWork {
	w := searchWork{queries: a.reads, docs: a.writes, in: a.in, out: a.answers}
	if s.spec.Role == "logs" {
		w.docs, w.ingest, w.in = lines.Scale(1/float64(s.spec.DocumentBytes.V)), lines, lines
	} else {
		w.ingest = w.docs.Scale(float64(s.spec.DocumentBytes.V))
	}
	return w
}

// lateLines are the log bytes per second that workers send in addition while
// they catch up: as much of all lines as they send of all that is sent.
func (s *searchSizer) lateLines(lines Linear, a, late *arrivals) Linear {
	if s.spec.Ingest == nil && lines == a.sent {
		return late.sent
	}
	all := a.sent.Local + a.sent.Global
	if all <= 0 {
		return Linear{}
	}
	return lines.Scale((late.sent.Local + late.sent.Global) / all)
}

// lines are the log bytes per second that arrive. They follow the region's own
// users unless the component's scope says otherwise: logs stay where they are
// written.
func (s *searchSizer) lines(a arrivals) Linear {
	c := s.c
	total := 0.0
	switch {
	case s.spec.Ingest != nil:
		total = float64(s.spec.Ingest.V)
	case a.sent != (Linear{}):
		if c.Component.Scope == "" || c.Component.Scope == workload.ScopeShare {
			return a.sent
		}
		total = a.sent.Local + a.sent.Global
	default:
		total = float64(float64(c.Flow.Demand.Requests) * float64(s.spec.LogPerRequest.V))
	}
	if c.Component.Scope == "" || c.Component.Scope == workload.ScopeShare {
		return Linear{Local: total}
	}
	return Linear{Global: total}
}

// region derives the bytes and shards of one region.
func (s *searchSizer) region(r Location, lines Linear) searchRegion {
	c := s.c
	var now, lead, horizon, extra float64 // source bytes
	if s.spec.Role == "logs" {
		now = c.window(&r, lines, float64(s.spec.Retention.V))
		lead, horizon = now*c.Lead, now*c.Growth
		if c.Policy.Region {
			kept := math.Min(float64(s.spec.Retention.V), float64(s.spec.Outage.V))
			extra = math.Max(0, r.PeakLost(lines)-r.PeakOwn(lines)) / c.Flow.Demand.Intra * kept * c.Lead
		}
	} else {
		now, lead, horizon = s.documents(&r)
	}
	x := float64(s.spec.Expansion.V)
	return searchRegion{Location: r, source: unit.Bytes(lead), now: unit.Bytes(now * x), lead: unit.Bytes(lead * x),
		horizon: unit.Bytes(horizon * x), extra: unit.Bytes(extra * x)}
}

// documents are the source bytes of an index in the mean of the month at hand, and at
// the end of the lead month and of the horizon.
func (s *searchSizer) documents(r *Location) (now, lead, horizon float64) {
	c := s.c
	start := float64(float64(c.Profile.Data.Dataset.V) * float64(s.spec.Indexed.V))
	switch {
	case s.spec.Source != nil:
		start = float64(s.spec.Source.V)
	case s.spec.Documents != nil:
		start = float64(float64(s.spec.Documents.V) * float64(s.spec.DocumentBytes.V))
	}
	if !r.carries(c.Load) && !c.Policy.Region {
		return 0, 0, 0
	}
	data := c.Need((*workload.Vec).Data).Scale(float64(s.spec.Indexed.V))
	mean := 0.0
	for h := range workload.Hours {
		local, global := c.Flow.Multipliers(c.Load, r.Index, h, !r.carries(c.Load))
		mean += data.Own(capacity.Hour{Local: local, Global: global}) / workload.Hours
	}
	d := c.Flow.Demand
	by := func(month int) float64 { return start + c.written(1, mean, month+1) }
	now, lead = start+c.meanKept(1, mean, c.Profile.Data.Retention), by(d.LeadMonth)
	return now, lead, math.Max(lead, by(int(d.Months)))
}

// crossings are a month's bytes between zones and regions, where there are so many
// copies of each shard: what replicas in other zones receive, and log lines on their
// way to a node. What callers send is billed with their edges.
func (s *searchSizer) crossings(i, copies int) []Crossing {
	r, ingest := &s.regions[i], s.now.ingest.Scale(1/s.c.Lead)
	out := s.lineCrossings(&r.Location)
	mean := s.c.Regions[i].MeanOwn(ingest)
	if r.Zones > 1 {
		bytes := unit.Bytes(s.c.Flow.Demand.Monthly(1, mean)).Replicated(float64(copies - 1))
		out.add(r.Index, r.Index, bytes, "replicas of "+s.c.Component.Label())
	}
	return out
}

// lineCrossings are log lines that no edge brings, to a node of any zone: of the
// region's own users, or of all where its scope is not each region's share.
func (s *searchSizer) lineCrossings(r *Location) (out flows) {
	d := s.c.Flow.Demand
	for i := range d.Regions {
		bytes := d.Monthly(s.shipped.Local+s.shipped.Global, d.Regions[i].Own.Mean())
		switch {
		case i == r.Index:
			bytes *= 1 - 1/float64(r.Zones)
		case s.shipped.Global == 0:
			continue
		}
		out.add(i, r.Index, unit.ReplicatedBytes(bytes), "log lines to "+s.c.Component.Label())
	}
	return out
}

// snapshots are kept in object storage: one copy of the index as it is in the
// mean of the month at hand, and what is new in each further one.
func (s *searchSizer) snapshots() {
	k := float64(s.spec.Snapshots.V)
	if k < 1 {
		return
	}
	of := s.c.meanNow(s.spec.Role != "logs" && s.c.Load.Local.Data()+s.c.Load.Global.Data() > 0)
	for i := range s.regions {
		r := &s.regions[i]
		q := float64(r.now) * (1 + float64((k-1)*float64(s.spec.Changed.V))) / gib
		if q > 0 {
			s.snapshot = append(s.snapshot, Usage{Region: r.Index, Service: "s3", Item: "standard storage", Quantity: q,
				Category: "storage", Label: "snapshots of " + s.c.Component.Label(), Of: of})
		}
	}
}
