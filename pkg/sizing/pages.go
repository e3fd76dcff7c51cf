package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/portable"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Paged is a part of the spec of a store that keeps pages on disk, some of them in
// memory, and writes a journal: memory is weighed against operations of disks.
type Paged struct {
	// Pages that a read touches.
	Pages strict.Value[unit.Count] `yaml:"pages_per_read" min:"0" max:"100000"`
	// Bytes of a page.
	Page strict.Value[unit.Bytes] `yaml:"page"`
	// Random disk operations of a write (table, index, checkpoint), before RAID.
	WriteIO strict.Value[unit.Count] `yaml:"write_operations" min:"0" max:"1000"`
	// Synced journal operations of a write, the same on any RAID.
	JournalIO strict.Value[unit.Count] `yaml:"journal_operations" min:"0" max:"100"`
	// Bytes of the journal (WAL), and so of the replication stream, per logical byte written.
	WAL strict.Value[unit.Count] `yaml:"journal_amplification" min:"0" max:"1000"`
	// Bytes on disk per logical byte: indexes, dead rows.
	Space strict.Value[unit.Count] `yaml:"space_amplification" min:"1" max:"100"`
	// Whether the whole dataset must be in memory.
	InMemory strict.Value[bool] `yaml:"in_memory"`
	// How far reads keep to a part of the data: it says how many pages the memory of a node
	// answers.
	Locality Locality `yaml:"locality"`
	// Time of reading a page from disk, by class of disk.
	Latency DiskLatency `yaml:"disk_latency"`

	// Bytes of the largest table or collection.
	LargestTable strict.Value[unit.Bytes] `yaml:"largest_table"`
	// Memory and disk kept free for changing the largest table, as a multiple of it.
	SchemaFactor strict.Value[unit.Count] `yaml:"schema_change_factor" min:"0" max:"10"`
}

// Locality is how far reads keep to a part of the data: such as 80 % of them to
// 20 % of it.
type Locality struct {
	strict.At
	// Part of the page reads.
	Reads strict.Value[unit.Fraction] `yaml:"reads" min:"0.01" max:"0.9999"`
	// Part of the data that they go to.
	Of strict.Value[unit.Fraction] `yaml:"of" min:"0.0001" max:"0.9999"`
}

// Check refuses reads that avoid a part of the data.
func (l *Locality) Check(c *strict.Checker) {
	if l.Reads.V < l.Of.V {
		c.Errorf(c.At("of"), "reads are at least as large a part as of: {reads: 80%, of: 20%}",
			"%s of the reads go to %s of the data", l.Reads.V, l.Of.V)
	}
}

// DiskLatency is how long one read of a page takes, by class of disk.
type DiskLatency struct {
	strict.At
	// gp2 and gp3 volumes.
	GP strict.Value[unit.Duration] `yaml:"gp"`
	// io1 and io2 volumes.
	IO strict.Value[unit.Duration] `yaml:"io"`
	// Local solid-state disks.
	NVMe strict.Value[unit.Duration] `yaml:"nvme"`
	// Local hard disks.
	HDD strict.Value[unit.Duration] `yaml:"hdd"`
}

func defaultPaged() Paged {
	const local = "most reads are of what is new or popular"
	return Paged{
		Pages:     judged(unit.Count(2), "a leaf of an index and a row; the levels above are small and stay in memory"),
		Page:      given(unit.Bytes(8<<10), "PostgreSQL documentation, \"Database Page Layout\": 8 kB"),
		WriteIO:   judged(unit.Count(3), judgedInModel),
		JournalIO: judged(unit.Count(1), judgedInModel),
		WAL:       judged(unit.Count(3), judgedInModel),
		Space:     judged(unit.Count(1.5), "indexes and dead rows add half"),
		InMemory:  judged(false, "what memory does not answer, disks do"),
		Locality:  Locality{Reads: judged(unit.Fraction(0.8), local), Of: judged(unit.Fraction(0.2), local)},
		Latency: DiskLatency{
			GP:   judged(unit.Duration(1e-3), "AWS: single-digit milliseconds"),
			IO:   judged(unit.Duration(0.5e-3), "AWS: io2 Block Express answers within a millisecond"),
			NVMe: judged(unit.Duration(0.1e-3), "a read of flash"),
			HDD:  judged(unit.Duration(8e-3), "a seek and half a turn"),
		},
		LargestTable: judged(unit.Bytes(0), "no table is large"),
		SchemaFactor: judged(unit.Count(1), "a changed table is written anew beside the old one"),
	}
}

// of is how long a read of a page takes, in seconds; hdd says that local disks are
// hard disks.
func (d *DiskLatency) of(volume string, hdd bool) float64 {
	switch {
	case volume == VolumeLocal && hdd:
		return float64(d.HDD.V)
	case volume == VolumeLocal:
		return float64(d.NVMe.V)
	case volume == "io1" || volume == "io2":
		return float64(d.IO.V)
	}
	return float64(d.GP.V)
}

// paging is how pages lie in memory and on disks.
type paging struct {
	spec *Paged
	// theta is the exponent of locality: θ = ln(reads)/ln(of), so that a cache of the
	// part `of` of the data answers the part `reads`.
	theta float64
}

func newPaging(spec *Paged) paging {
	return paging{spec, portable.Log(float64(spec.Locality.Reads.V)) / portable.Log(float64(spec.Locality.Of.V))}
}

// missed is the part of page reads that a cache of so many bytes does not answer:
// 1 − (cache/data)^θ.
func (g *paging) missed(cache, data float64) float64 {
	if cache >= data || g.spec.InMemory.V {
		return 0
	}
	return 1 - portable.Pow(max(0, cache)/data, g.theta)
}

// changing is the memory, and the disk space, that is kept free on each of so many
// shards for changing the largest table. It may lie in any partition.
func (g *paging) changing(l *primaryLoad, shards int) float64 {
	return l.table * float64(g.spec.SchemaFactor.V) / float64(shards)
}

// inMemory is what must be in the memory of all shards of a partition together and
// shrinks with them, bytes: room for changing a table, and all of the data where that is
// asked for.
func (g *paging) inMemory(l *primaryLoad, share float64, shards int) float64 {
	x := float64(g.changing(l, shards) * float64(shards))
	if g.spec.InMemory.V {
		x += float64(l.stored * share)
	}
	return x
}

// wait is how long a read waits for disks that answer a page in a time L: each of its
// pages with probability m, and then for an exponential time L. It is a wait beside the
// CPU, not work.
func (g *paging) wait(miss, latency float64) queueing.Moments {
	pages := float64(g.spec.Pages.V)
	return queueing.Moments{
		Mean:     float64(pages * miss * latency),
		Variance: float64(pages * (float64(2*miss) - float64(miss*miss)) * latency * latency),
	}
}

// journal is bytes per second of the journal, or a month's, for logical bytes written.
func (g *paging) journal(data float64) float64 { return data * float64(g.spec.WAL.V) }

// disk is what the disks of a node do that has a share of the load and answers so many
// reads/s.
func (g *paging) disk(l *primaryLoad, share, miss, reads float64) diskLoad {
	return diskLoad{Reads: float64(reads * float64(g.spec.Pages.V) * miss),
		Writes:  l.writes * float64(g.spec.WriteIO.V) * share,
		Appends: float64(l.writes * float64(g.spec.JournalIO.V) * share),
		In:      g.journal(l.data) * share}
}

// describe says how much of the data is in the memory of a node, and how many reads of
// pages it does not answer.
func (*paging) describe(cache, data, miss float64) remark.Remark {
	return remark.New("database.memory", "cache", cache, "data", data, "miss", miss)
}

// pagedNode is what lies in a node's memory and on its disks, with a share of load and data.
type pagedNode struct {
	nodeDisks
	st          Storage
	cache, data float64 // bytes of memory for pages, and of data
	miss        float64 // part of page reads that come from disk
	latency     float64 // of its disks, seconds
	writes      float64 // per second
}

// steps are how many reads memory does not answer, and what a node's disks do.
func (g *paging) steps(n *pagedNode) []remark.Step {
	const model = modelDatabase
	spec, pages, miss := g.spec, float64(g.spec.Pages.V), unit.Fraction(n.miss)
	reads := remark.Notate("{own}, {lost} after a loss", "own", unit.EventRate(n.need.Own.Reads),
		"lost", unit.EventRate(n.need.Degraded.Reads))
	return []remark.Step{
		remark.Derive("page reads from disk", model, miss,
			"1 − (memory/data)^θ = 1 − min(1, {memory} / {data})^(ln({reads}) / ln({of}))",
			"memory", unit.Bytes(n.cache), "data", unit.Bytes(math.Max(1, n.data)),
			"reads", spec.Locality.Reads.V, "of", spec.Locality.Of.V),
		needOf(capacity.DiskIOPS, remark.Derive("read operations of a node's disks", model, reads,
			"reads·pages·m = {reads} × {pages} × {m}", "reads", unit.EventRate(n.reads), "pages", pages, "m", miss)),
		needOf(capacity.DiskIOPS, remark.Derive("write operations of a node's disks", model,
			unit.EventRate(float64(n.need.Own.Writes*n.st.penalty())+n.need.Own.Appends),
			"λw·(pages·penalty + journal) = {λw} × ({pages} × {penalty} + {journal})",
			"λw", unit.EventRate(n.writes), "pages", float64(spec.WriteIO.V),
			"penalty", unit.WithDecimals(n.st.penalty(), 0), "journal", float64(spec.JournalIO.V))),
		remark.Derive("wait of a read for disks", model, unit.Duration(g.wait(n.miss, n.latency).Mean),
			"pages·m·L = {pages} × {m} × {L}", "pages", pages, "m", miss, "L", unit.Duration(n.latency)),
	}
}
