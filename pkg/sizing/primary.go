package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// This file is what meets at the primary of a store, from all regions, and the CPU that
// it takes there and at what follows.

// primaryLoad is what a whole store has to carry at the peak of some month.
type primaryLoad struct {
	reads, writes, data float64   // /s, /s and logical bytes/s of all users
	in, out             float64   // bytes/s from and to clients
	sessions            float64   // of users that begin, /s
	stored, table       float64   // logical bytes: of all data, of the largest table
	own, lost           []float64 // reads/s answered in each region of the task: normally, and after the worst loss
	// late is all of it while workers catch up after an outage; nil where none
	// calls the store.
	late *primaryLoad
}

// primaryLoads are what a store carries in the lead month and at the horizon. All that a
// machine has to do or to keep is of the lead month, as a machine can be exchanged by a
// failover; only the number of shards is of the horizon. table is bytes of the largest
// table now.
func primaryLoads(r *readers, table float64) (lead, horizon primaryLoad) {
	c, d, v := r.c, r.c.Flow.Demand, &r.c.Load.Global
	peak := d.PeakTotal
	l := primaryLoad{reads: float64(v.Read() * peak), writes: float64(v.Write() * peak),
		data: float64(v.Data() * peak), in: float64(v.In * peak), out: float64(v.Out * peak),
		sessions: float64(float64(d.Pages) * peak)}
	l.own, l.lost = r.answered(&l, false)
	l.late = l.catchUp(r)
	now, leadBytes, horizonBytes := c.stored(v.Data(), d.MeanTotal)
	lead, horizon = l.times(c.Lead), l.times(c.Growth)
	lead.stored, horizon.stored = leadBytes, horizonBytes
	for _, x := range []*primaryLoad{&lead, &horizon} {
		x.table = table
		if now > 0 {
			x.table *= x.stored / now // it grows as all of the data does
		}
		if x.late != nil {
			x.late.stored, x.late.table = x.stored, x.table
		}
	}
	return lead, horizon
}

// catchUp is the load while workers catch up, which then send o/h more than their
// ordinary calls (docs/model.md section 5, worker); bytes that are kept are as before.
// nil where no worker calls the store.
func (l *primaryLoad) catchUp(r *readers) *primaryLoad {
	c := r.c
	more := c.backlog()
	if more.reads == (Linear{}) && more.writes == (Linear{}) {
		return nil
	}
	peak := c.Flow.Demand.PeakTotal // all regions' load meets at the primary: Global
	out := *l
	out.reads += float64(more.reads.Global * peak)
	out.writes += float64(more.writes.Global * peak)
	out.data += float64(c.backlogData() * peak)
	out.in += float64(more.in.Global * peak)
	out.out += float64(more.answers.Global * peak)
	out.own, out.lost = r.answered(&out, true)
	return &out
}

// times multiplies the rates.
func (l primaryLoad) times(k float64) primaryLoad {
	if l.late != nil {
		late := l.late.times(k)
		l.late = &late
	}
	for _, x := range []*float64{&l.reads, &l.writes, &l.data, &l.in, &l.out, &l.sessions} {
		*x *= k
	}
	l.own, l.lost = slices.Clone(l.own), slices.Clone(l.lost)
	for i := range l.own {
		l.own[i] *= k
		l.lost[i] *= k
	}
	return l
}

// primaryWork is the CPU of calls, in seconds of the reference's CPU.
type primaryWork struct {
	read, write float64 // of one of them
	replay      float64 // of one write at what follows the primary, as part of write
	threads     float64 // that replay writes at a node
	looksUp     bool    // whether each session looks for its shard
}

// writing is CPU time per second at a primary that answers no reads of users: writes,
// and where there are shards a look into the lookup table for each session.
func (w *primaryWork) writing(l *primaryLoad) float64 {
	x := float64(l.writes * w.write)
	if w.looksUp {
		x += float64(l.sessions * w.read)
	}
	return x
}

// replaying is CPU time per second at whatever follows a primary.
func (w *primaryWork) replaying(l *primaryLoad) float64 {
	return float64(l.writes * w.write * w.replay)
}

// all is CPU time per second of all calls.
func (w *primaryWork) all(l *primaryLoad) float64 { return w.writing(l) + float64(l.reads*w.read) }

// steps are the CPU of writes, with that of finding their shard, of reads and of replay.
func (w *primaryWork) steps(l *primaryLoad, reference string) []remark.Step {
	const model = modelDatabase
	writes := unit.EventRate(l.writes)
	read, write := unit.Given(unit.Duration(w.read)), unit.Given(unit.Duration(w.write))
	first := needOf(capacity.CPU, remark.Derive("CPU of writes", model, cpuOf(w.writing(l), reference),
		"λw·write = {λw} × {write}", "λw", writes, "write", write))
	if w.looksUp {
		first = first.Plus("{lookups} lookups × {read}", "lookups", unit.EventRate(l.sessions), "read", read)
	}
	return []remark.Step{first,
		needOf(capacity.CPU, remark.Derive("CPU of reads", model, cpuOf(float64(l.reads*w.read), reference),
			"λr·read = {λr} × {read}", "λr", unit.EventRate(l.reads), "read", read)),
		remark.Derive("CPU of replay", model, cpuOf(w.replaying(l), reference),
			"λw·write·replay = {λw} × {write} × {replay}", "λw", writes, "write", write,
			"replay", unit.Fraction(w.replay)).Noting("step.threads", "threads", w.threads)}
}

// commitStep is how long a commit takes on a CPU of so much speed that waits for another
// region; within is the aim for it.
func (w *primaryWork) commitStep(l *primaryLoad, perVCPU, wait, within float64) remark.Step {
	own := w.all(l) / math.Max(l.reads+l.writes, 1e-300) / perVCPU
	step := remark.Derive("synchronous commit", modelDatabase, unit.Duration(own+wait),
		"service + round trip = {service} + {round trip}", "service", unit.Duration(own),
		"round trip", unit.Duration(wait))
	if within > 0 {
		step = step.Adding("step.aim", "within", within)
	}
	return step
}
