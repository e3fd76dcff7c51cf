package sizing

import (
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Corpus is a part of the spec of what indexes: documents made from the system's data, or
// log lines that are deleted after a time.
type Corpus struct {
	// Documents in the index now; with document_bytes, instead of source.
	Documents *strict.Value[unit.Count] `yaml:"documents" min:"0"`
	// Source bytes of a document or log line.
	DocumentBytes strict.Value[unit.Bytes] `yaml:"document_bytes"`
	// Source bytes in the index now; without it data.dataset × indexed.
	Source *strict.Value[unit.Bytes] `yaml:"source"`
	// Part of the system's data, and of what is written, that is indexed.
	Indexed strict.Value[unit.Fraction] `yaml:"indexed" min:"0" max:"1"`
	// Log bytes per second at the peak of all users; without it the bytes of the writes that
	// arrive, else log_per_request for every request.
	Ingest *strict.Value[unit.ByteRate] `yaml:"ingest"`
	// Log bytes that all components together write for one request of a user.
	LogPerRequest strict.Value[unit.Bytes] `yaml:"log_per_request"`
	// How long log lines are kept.
	Retention strict.Value[unit.Duration] `yaml:"retention"`
	// warm: logs that are seldom searched need less memory.
	Tier string `yaml:"tier" enum:"hot|warm"`
	// How long a lost region's log lines arrive here in addition.
	Outage strict.Value[unit.Duration] `yaml:"region_outage"`
	// Bytes on disk, of one copy, for a source byte.
	Expansion strict.Value[unit.Count] `yaml:"expansion" min:"0.01" max:"100"`
}

// sourceOfExpansion says where the default of expansion comes from.
const sourceOfExpansion = "Amazon OpenSearch Service guide, \"Calculating storage requirements\": " +
	"the index adds up to 10 % to the source"

func defaultCorpus() Corpus {
	return Corpus{
		DocumentBytes: judged(unit.Bytes(500), "a log line, or a short record"),
		Indexed:       judged(unit.Fraction(1), "all data can be searched"),
		LogPerRequest: judged(unit.Bytes(500), "one line in an access log, one now and then elsewhere"),
		Retention:     judged(unit.Duration(7*24*3600), "a week of logs at hand; older ones are in snapshots"),
		Tier:          "hot",
		Outage:        judged(unit.Duration(24*3600), "a region comes back within a day"),
		Expansion:     given(unit.Count(1.1), sourceOfExpansion),
	}
}

// indexing is what the nodes of an index do, in the normal state at the peak of all
// users.
type indexing struct {
	queries Linear // per second
	docs    Linear // documents or lines indexed per second, once each
	ingest  Linear // source bytes/s of these
	in, out Linear // bytes/s that clients send and receive
}

// scale multiplies the work.
func (w indexing) scale(k float64) indexing {
	return indexing{w.queries.Scale(k), w.docs.Scale(k), w.ingest.Scale(k), w.in.Scale(k), w.out.Scale(k)}
}

// corpus is what arrives at an index, and what of it is kept where.
type corpus struct {
	c     *Task
	spec  *Corpus
	logs  bool     // log lines, not documents
	lines Linear   // bytes/s of log lines that arrive, in the month at hand; zero for documents
	extra Linear   // bytes/s of these that no edge brings
	now   indexing // in the lead month, in the normal state
	late  indexing // in addition while workers catch up
}

// newCorpus derives what the nodes do in the lead month.
func newCorpus(c *Task, spec *Corpus, logs bool) corpus {
	x := corpus{c: c, spec: spec, logs: logs}
	a, late := c.arrivals(), c.backlog()
	var lateLines Linear
	if logs {
		x.lines = x.arriving(a)
		x.extra = Linear{Local: max(0, x.lines.Local-a.sent.Local),
			Global: max(0, x.lines.Global-a.sent.Local-a.sent.Global)}
		lateLines = x.lateLines(&a, &late)
	}
	x.now, x.late = x.work(&a, x.lines), x.work(&late, lateLines)
	for i := range c.Load.Edges {
		in, out := made(&c.Load.Edges[i])
		x.now.in, x.now.out = x.now.in.Plus(in), x.now.out.Plus(out)
	}
	x.now, x.late = x.now.scale(c.Lead), x.late.scale(c.Lead)
	return x
}

// work is what arrivals, and log lines, make the nodes do.
func (x *corpus) work(a *arrivals, lines Linear) indexing {
	w := indexing{queries: a.reads, docs: a.writes, in: a.in, out: a.answers}
	if x.logs {
		w.docs, w.ingest, w.in = lines.Scale(1/float64(x.spec.DocumentBytes.V)), lines, lines
	} else {
		w.ingest = w.docs.Scale(float64(x.spec.DocumentBytes.V))
	}
	return w
}

// lateLines are the log bytes per second that workers send in addition while
// they catch up: as much of all lines as they send of all that is sent.
func (x *corpus) lateLines(a, late *arrivals) Linear {
	if x.spec.Ingest == nil && x.lines == a.sent {
		return late.sent
	}
	all := a.sent.Local + a.sent.Global
	if all <= 0 {
		return Linear{}
	}
	return x.lines.Scale((late.sent.Local + late.sent.Global) / all)
}

// arriving are the log bytes per second that arrive. They follow the region's own
// users unless the component's scope says otherwise: logs stay where they are
// written.
func (x *corpus) arriving(a arrivals) Linear {
	scope := x.c.Component.Scope
	apart, total := scope == "" || scope == workload.ScopeShare, a.sent.Local+a.sent.Global
	switch {
	case x.spec.Ingest != nil:
		total = float64(x.spec.Ingest.V)
	case a.sent == (Linear{}):
		total = float64(float64(x.c.Flow.Demand.Requests) * float64(x.spec.LogPerRequest.V))
	case apart:
		return a.sent
	}
	if apart {
		return Linear{Local: total}
	}
	return Linear{Global: total}
}

// indexBytes is what is kept in a region of one copy, on disk: in the mean of the month at
// hand, in the lead month, at the horizon, and in addition in the lead month while another
// region is lost.
type indexBytes struct {
	now, lead, horizon, extra unit.Bytes
	source                    unit.Bytes // of the lead month, for explain
}

// kept derives the bytes of one region.
func (x *corpus) kept(r *Location) indexBytes {
	c := x.c
	var now, lead, horizon, extra float64 // source bytes
	if x.logs {
		now = c.window(r, x.lines, float64(x.spec.Retention.V))
		lead, horizon = now*c.Lead, now*c.Growth
		if c.Policy.Region {
			kept := math.Min(float64(x.spec.Retention.V), float64(x.spec.Outage.V))
			extra = math.Max(0, r.PeakLost(x.lines)-r.PeakOwn(x.lines)) / c.Flow.Demand.Intra * kept * c.Lead
		}
	} else {
		now, lead, horizon = x.documents(r)
	}
	k := float64(x.spec.Expansion.V)
	return indexBytes{source: unit.Bytes(lead), now: unit.Bytes(now * k), lead: unit.Bytes(lead * k),
		horizon: unit.Bytes(horizon * k), extra: unit.Bytes(extra * k)}
}

// documents are the source bytes of an index in the mean of the month at hand, and at
// the end of the lead month and of the horizon.
func (x *corpus) documents(r *Location) (now, lead, horizon float64) {
	c := x.c
	start := float64(float64(c.Profile.Data.Dataset.V) * float64(x.spec.Indexed.V))
	switch {
	case x.spec.Source != nil:
		start = float64(x.spec.Source.V)
	case x.spec.Documents != nil:
		start = float64(float64(x.spec.Documents.V) * float64(x.spec.DocumentBytes.V))
	}
	return c.keeps(r, start, float64(x.spec.Indexed.V))
}

// crossings are a month's bytes between zones and regions to a region of the task, where
// there are so many copies of each shard: log lines that no edge brings on their way to a
// node of any zone, of the region's own users, or of all where its scope is not each
// region's share; and what replicas in other zones receive. What callers send is billed
// with their edges.
func (x *corpus) crossings(i, copies int) (out flows) {
	c, r, d := x.c, &x.c.Regions[i], x.c.Flow.Demand
	for from := range d.Regions {
		bytes := c.sentFrom(from, x.extra)
		switch {
		case from == r.Index:
			bytes *= r.elsewhere()
		case x.extra.Global == 0:
			continue
		}
		out.add(from, r.Index, unit.ReplicatedBytes(bytes), "log lines to "+c.Component.Label())
	}
	if r.Zones > 1 {
		mean := r.MeanOwn(x.now.ingest.Scale(1 / c.Lead))
		bytes := unit.Bytes(d.Monthly(1, mean)).Replicated(float64(copies - 1))
		out.add(r.Index, r.Index, bytes, "replicas of "+c.Component.Label())
	}
	return out
}

// Snapshotted is a part of the spec of a component whose data is kept in object storage
// as well.
type Snapshotted struct {
	// Snapshots kept in object storage.
	Snapshots strict.Value[unit.Count] `yaml:"snapshots" min:"0" max:"10000"`
	// Part of the data that is new in a further snapshot.
	Changed strict.Value[unit.Fraction] `yaml:"snapshot_changed" min:"0" max:"1"`
}

func defaultSnapshotted() Snapshotted {
	return Snapshotted{
		Snapshots: judged(unit.Count(7), "one a day for a week"),
		Changed:   judged(unit.Fraction(0.05), "merges rewrite a small part of the index in a day"),
	}
}

// usage is what snapshots of so many bytes in a region are billed: one copy, and what is
// new in each further one. Of says of when these are.
func (s *Snapshotted) usage(c *Task, region int, bytes float64, of Moment) []Usage {
	k := float64(s.Snapshots.V)
	q := bytes * (1 + float64((k-1)*float64(s.Changed.V))) / gib * c.Profile.Held()
	if k < 1 || q <= 0 {
		return nil
	}
	return []Usage{{Region: region, Meter: catalog.ObjectStorage(catalog.S3Standard), Quantity: q,
		Category: "storage", Label: "snapshots of " + c.Component.Label(), Of: of}}
}
