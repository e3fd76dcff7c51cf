package sizing

import (
	"fmt"
	"math"

	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Database is a SQL or document database: all writes meet at one primary (of
// each shard), replicas follow it.
type Database struct {
	strict.At
	Engine     string                      `yaml:"engine" enum:"postgresql|mysql|mongodb|sql|document" doc:"Engine, for its defaults: postgresql (also written sql), mysql or mongodb (also written document)."`
	CPURead    strict.Value[unit.Duration] `yaml:"cpu_read" doc:"CPU time of one read on one vCPU of the reference type; needed unless the component is pinned without a workload."`
	CPUWrite   strict.Value[unit.Duration] `yaml:"cpu_write" doc:"CPU time of one write at the primary; needed like cpu_read."`
	Reference  strict.Value[string]        `yaml:"reference" doc:"Instance type on which CPU times were measured."`
	ArrivalSCV strict.Value[unit.Count]    `yaml:"arrival_scv" min:"0" max:"100" doc:"Squared coefficient of variation of the time between requests."`
	ServiceSCV strict.Value[unit.Count]    `yaml:"service_scv" min:"0" max:"100" doc:"Squared coefficient of variation of the CPU time."`

	Replay        strict.Value[unit.Fraction] `yaml:"replay" min:"0" max:"1" doc:"CPU time of replaying a write at a replica, as part of cpu_write."`
	ReplayThreads strict.Value[unit.Count]    `yaml:"replay_threads" min:"1" max:"256" doc:"Threads that replay writes at a replica; without it the engine's: postgresql 1, mysql 4, mongodb 16."`

	Pages     strict.Value[unit.Count] `yaml:"pages_per_read" min:"0" max:"100000" doc:"Pages that a read touches."`
	Page      strict.Value[unit.Bytes] `yaml:"page" doc:"Bytes of a page."`
	WriteIO   strict.Value[unit.Count] `yaml:"write_operations" min:"0" max:"1000" doc:"Random disk operations of a write (table, index, checkpoint), before RAID."`
	JournalIO strict.Value[unit.Count] `yaml:"journal_operations" min:"0" max:"100" doc:"Synced journal operations of a write, the same on any RAID."`
	WAL       strict.Value[unit.Count] `yaml:"journal_amplification" min:"0" max:"1000" doc:"Bytes of the journal (WAL), and so of the replication stream, per logical byte written."`
	Space     strict.Value[unit.Count] `yaml:"space_amplification" min:"1" max:"100" doc:"Bytes on disk per logical byte: indexes, dead rows."`
	InMemory  strict.Value[bool]       `yaml:"in_memory" doc:"Whether the whole dataset must be in memory."`
	Locality  Locality                 `yaml:"locality" doc:"How far reads keep to a part of the data: it says how many pages the memory of a node answers."`
	Latency   DiskLatency              `yaml:"disk_latency" doc:"Time of reading a page from disk, by class of disk."`

	LargestTable   strict.Value[unit.Bytes] `yaml:"largest_table" doc:"Bytes of the largest table or collection."`
	SchemaFactor   strict.Value[unit.Count] `yaml:"schema_change_factor" min:"0" max:"10" doc:"Memory and disk kept free for changing the largest table, as a multiple of it."`
	PerConnection  strict.Value[unit.Bytes] `yaml:"memory_per_connection" doc:"Memory of one connection; without it the engine's."`
	MaxConnections strict.Value[unit.Count] `yaml:"max_connections" min:"1" doc:"Connections that the engine allows; without it the engine's default."`
	Pooler         string                   `yaml:"pooler" enum:"auto|none" doc:"auto: poolers stand between callers and database where that costs less, or where there are more connections than the engine allows; none: callers connect to the primary, or to a component of kind pooler."`
	Deploy         strict.Value[unit.Count] `yaml:"deploy_factor" min:"1" max:"10" doc:"Clients during a rolling deploy, as a multiple of those running."`
	SpareConns     strict.Value[unit.Count] `yaml:"spare_connections" min:"0" max:"10000" doc:"Connections for people, replication and monitoring."`
	MinVCPU        strict.Value[unit.Count] `yaml:"min_vcpu" min:"0" doc:"Least vCPUs of a node."`

	Failover    string                       `yaml:"failover" enum:"zone|region|both|none" doc:"Where a node stands by that is sized as the primary: in the same region, in another one, both, or nowhere. Without it, where the losses that must be survived ask for it: for a node or a zone in the same region, for a region in another one."`
	Replicas    strict.Value[unit.Count]     `yaml:"replicas" min:"0" max:"15" doc:"Read replicas in each region, at least, beside primary and failover candidate."`
	MaxReplicas strict.Value[unit.Count]     `yaml:"max_replicas" min:"0" max:"1000" doc:"Most read replicas of one primary in a region."`
	Reads       string                       `yaml:"reads" enum:"auto|primary|replicas|nearest" doc:"Who answers reads. auto: in each region that has a copy those from there, the primary first, then what stands by, then as many read replicas as it takes; primary: the primary alone; replicas: read replicas beside the primary; nearest: as auto, with a copy in every region."`
	StaleReads  strict.Value[bool]           `yaml:"stale_reads" doc:"Whether reads may be answered by what follows the primary, and so may miss the last writes."`
	Replication string                       `yaml:"replication" enum:"sync|async" doc:"Whether a commit waits for the failover candidate."`
	OnLoss      string                       `yaml:"on_loss" enum:"block|degrade" doc:"sync only: whether writes stop or go on alone when the failover candidate is lost."`
	RoundTrip   *strict.Value[unit.Duration] `yaml:"round_trip" doc:"sync only: round trip to the failover candidate's region; without it the median of the tables."`
	Lag         strict.Value[unit.Duration]  `yaml:"replication_lag" doc:"async only: how far a replica may be behind; writes of that time may be lost."`
	Cascade     strict.Value[bool]           `yaml:"cascade" doc:"Whether one stream goes to each other region and is passed on there, instead of one to each replica."`

	Storage []string `yaml:"storage" enum:"gp2|gp3|io1|io2|local" doc:"Volumes that may be chosen; local is instance store and needs a second copy in the primary's region."`
	RAID    []string `yaml:"raid" enum:"none|10|5|6" doc:"RAID levels that may be chosen."`

	Partitions strict.Map[strict.Value[unit.Fraction]] `yaml:"partitions" doc:"Functional partitions (groups of tables that can live apart) and their part of load and data."`
	Shards     strict.Value[unit.Count]                `yaml:"shards" min:"0" max:"65536" doc:"Shards of each partition; 0: none, or as many as carry the load at the least running cost, whichever is cheapest."`
	Logical    strict.Value[unit.Count]                `yaml:"logical_shards" min:"1" max:"65536" doc:"Logical shards, which are spread over the physical ones."`
	Sharding   string                                  `yaml:"sharding" enum:"hash|lookup" doc:"How a key finds its shard."`
	Lookup     strict.Value[unit.Bytes]                `yaml:"lookup_table" doc:"Bytes of the lookup table, on every shard."`
}

// Locality is how far reads keep to a part of the data: such as 80 % of them to
// 20 % of it.
type Locality struct {
	strict.At
	Reads strict.Value[unit.Fraction] `yaml:"reads" min:"0.01" max:"0.9999" doc:"Part of the page reads."`
	Of    strict.Value[unit.Fraction] `yaml:"of" min:"0.0001" max:"0.9999" doc:"Part of the data that they go to."`
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
	GP   strict.Value[unit.Duration] `yaml:"gp" doc:"gp2 and gp3 volumes."`
	IO   strict.Value[unit.Duration] `yaml:"io" doc:"io1 and io2 volumes."`
	NVMe strict.Value[unit.Duration] `yaml:"nvme" doc:"Local solid-state disks."`
	HDD  strict.Value[unit.Duration] `yaml:"hdd" doc:"Local hard disks."`
}

// Former says what took the place of keys that databases once had.
func (*Database) Former() map[string]string {
	const locality = "the memory of a node is now weighed against operations of its disks: write " +
		"locality: {reads: 80%, of: 20%} for how far reads keep to a part of the data"
	return map[string]string{
		"working_set":      locality + "; of is working_set / all data, reads nearly all: {reads: 99%, of: 25%}",
		"working_fraction": locality + "; of is working_fraction, reads nearly all: {reads: 99%, of: 25%}",
		"cached":           locality + "; in_memory: true keeps all of the data in memory",
		"os_reserve":       "write policy: {reserve: {memory: ...}}; it is of every node",
	}
}

type databaseKind struct{}

func (databaseKind) Word() string { return "database" }

func (databaseKind) Traits(spec any) Traits {
	s := spec.(*Database)
	return Traits{Scope: workload.ScopePrimary, ReadsIn: s.readsIn, Residence: s.residence, StaysAlike: true}
}

func (databaseKind) Spec() any {
	const model = "MODEL section 5, database; engineering judgement"
	// The connections that RDS allows by default are in AWS Prescriptive
	// Guidance, "Tuning PostgreSQL parameters", max_connections
	// (https://docs.aws.amazon.com/prescriptive-guidance/latest/tuning-postgresql-parameters/max-connections.html).
	// Its divisor is what it grants a connection, not what one takes.
	return &Database{
		Engine:     "postgresql",
		Reference:  judged(DefaultReference, "a current general-purpose type that was measured"),
		ArrivalSCV: judged(unit.Count(1), "Poisson arrivals"),
		ServiceSCV: judged(unit.Count(1), "exponential service times"),

		Replay: judged(unit.Fraction(0.05), "replay neither parses nor plans nor checks, and changes pages only"),
		ReplayThreads: given(unit.Count(1),
			"PostgreSQL documentation, \"Glossary\": the startup process replays; a server has one"),

		Pages:     judged(unit.Count(2), "a leaf of an index and a row; the levels above are small and stay in memory"),
		Page:      given(unit.Bytes(8<<10), "PostgreSQL documentation, \"Database Page Layout\": 8 kB"),
		WriteIO:   judged(unit.Count(3), model),
		JournalIO: judged(unit.Count(1), model),
		WAL:       judged(unit.Count(3), model),
		Space:     judged(unit.Count(1.5), "indexes and dead rows add half"),
		InMemory:  judged(false, "what memory does not answer, disks do"),
		Locality:  defaultLocality(),
		Latency:   defaultLatency(),

		LargestTable: judged(unit.Bytes(0), "no table is large"),
		SchemaFactor: judged(unit.Count(1), "a changed table is written anew beside the old one"),
		PerConnection: given(unit.Bytes(9531392),
			"Amazon RDS for PostgreSQL: default max_connections = memory / 9,531,392"),
		MaxConnections: given(unit.Count(5000), "Amazon RDS for PostgreSQL: default max_connections at most 5,000"),
		Pooler:         "none",
		Deploy:         judged(unit.Count(1.25), model),
		SpareConns:     judged(unit.Count(10), model),
		MinVCPU:        judged(unit.Count(4), model),

		Replicas:    judged(unit.Count(0), "the failover candidate suffices"),
		MaxReplicas: judged(unit.Count(15), "more streams load the primary"),
		Reads:       "auto",
		StaleReads:  judged(true, "most reads may miss the writes of the last second"),
		Replication: "async",
		Lag:         judged(unit.Duration(1), "a replica that keeps up is about a second behind"),
		Cascade:     judged(false, "each replica reads from the primary"),

		Storage: []string{"gp3"},
		RAID:    []string{"none"},

		Shards:   judged(unit.Count(0), "whatever costs least to run"),
		Logical:  judged(unit.Count(1024), model),
		Sharding: "hash",
		Lookup:   judged(unit.Bytes(1<<30), "some ten million keys"),
	}
}

func defaultLocality() Locality {
	const why = "most reads are of what is new or popular"
	return Locality{Reads: judged(unit.Fraction(0.8), why), Of: judged(unit.Fraction(0.2), why)}
}

func defaultLatency() DiskLatency {
	return DiskLatency{
		GP:   judged(unit.Duration(1e-3), "AWS: single-digit milliseconds"),
		IO:   judged(unit.Duration(0.5e-3), "AWS: io2 Block Express answers within a millisecond"),
		NVMe: judged(unit.Duration(0.1e-3), "a read of flash"),
		HDD:  judged(unit.Duration(8e-3), "a seek and half a turn"),
	}
}

// engineDefaults are where an engine differs from PostgreSQL.
type engineDefaults struct {
	threads, connections, perConnection float64
}

// engines are the defaults of the others. MySQL 8.0 Reference Manual,
// replica_parallel_workers: 4 from 8.0.27 on; Amazon RDS for MySQL: default
// max_connections = memory / 12,582,880, at most 16,000. MongoDB manual,
// replWriterThreadCount: 16; the default of net.maxIncomingConnections on Linux is
// 80 % of the open files that the process may have ("Configuration File Options"),
// and the manual recommends 64,000 of these ("UNIX ulimit Settings"); each
// connection has a thread with 1 MiB of stack at most
// (https://jira.mongodb.org/browse/SERVER-35542), judged to be all.
func engines() map[string]engineDefaults {
	mongodb := engineDefaults{threads: 16, connections: 64000 * 80 / 100, perConnection: 1 << 20}
	return map[string]engineDefaults{
		"mysql":    {threads: 4, connections: 16000, perConnection: 12582880},
		"mongodb":  mongodb,
		"document": mongodb,
	}
}

// engine are what the profile says of the engine, else its defaults.
func (s *Database) engine() engineDefaults {
	out := engineDefaults{float64(s.ReplayThreads.V), float64(s.MaxConnections.V), float64(s.PerConnection.V)}
	d, ok := engines()[s.Engine]
	if !ok {
		return out
	}
	if !s.ReplayThreads.Set {
		out.threads = d.threads
	}
	if !s.MaxConnections.Set {
		out.connections = d.connections
	}
	if !s.PerConnection.Set {
		out.perConnection = d.perConnection
	}
	return out
}

// candidates says where nodes stand by that are sized as the primary: where the
// losses that must be survived ask for it, or where the profile says, even where that
// is less than what a survived loss needs: then a warning says so.
func (s *Database) candidates(c *Task) (zone, region bool, err error) {
	more, p := len(c.Regions) > 1, &c.Policy
	near, far := p.Node || p.Zone, p.Region && more
	switch s.Failover {
	case "none":
		if near || far {
			return false, false, &Rejection{Resource: "failover candidate", Need: 1, Have: 0,
				Why: remark.New("database.no_failover")}
		}
		return false, false, nil
	case "zone":
		return true, false, nil
	case "region", "both":
		if !more {
			return false, false, c.problem("the database runs in one region, so it cannot fail over to another",
				"use failover: zone, or add a region")
		}
		return s.Failover == "both", true, nil
	}
	return near, far, nil
}

// check finds what is wrong between fields.
func (s *Database) check(c *Task, remote bool) error {
	if c.Load.Scope != workload.ScopePrimary {
		return c.problem("a database's load meets at its primary; scope "+c.Load.Scope+" is not possible",
			"leave scope out, or make one component for each region with regions:")
	}
	if len(c.Regions) == 0 {
		return c.problem("it runs in no region", "name regions of the profile")
	}
	if s.Replication == "sync" {
		if s.OnLoss == "" {
			return c.problem("replication is sync but on_loss is not given",
				"on_loss: block stops writes when the failover candidate is lost, degrade goes on without it")
		}
		if remote {
			if _, err := s.commitTrip(c); err != nil {
				return err
			}
		}
	}
	if !s.StaleReads.V && (s.Reads == "replicas" || s.Reads == "nearest") {
		return c.problem("reads: "+s.Reads+" with stale_reads: false: replicas may miss the last writes",
			"write reads: primary, or leave stale_reads out")
	}
	sum := 0.0
	for _, p := range s.Partitions {
		if !(p.V.V > 0 && p.V.V <= 1) {
			return &diag.Problem{Pos: p.V.Pos, Summary: fmt.Sprintf("partition %q has %v of the load", p.Key, p.V.V),
				Hint: "give a part between 0 and 1"}
		}
		sum += float64(p.V.V)
	}
	if len(s.Partitions) > 0 && math.Abs(sum-1) > 1e-3 {
		return c.problem(fmt.Sprintf("the partitions add up to %.4g, not to 1", sum),
			"give each partition its part of the load")
	}
	for _, n := range []strict.Value[unit.Count]{s.Shards, s.Logical, s.Replicas, s.MaxReplicas, s.ReplayThreads} {
		if float64(n.V) != math.Trunc(float64(n.V)) {
			return &diag.Problem{Pos: n.Pos, Summary: fmt.Sprintf("%v is not a whole number", n.V),
				Hint: "give a whole number"}
		}
	}
	if s.Shards.V > s.Logical.V {
		return &diag.Problem{Pos: s.Shards.Pos, Summary: fmt.Sprintf("%v shards are more than %v logical shards",
			s.Shards.V, s.Logical.V), Hint: "raise logical_shards"}
	}
	return nil
}

// storages are all layouts that may be chosen.
func (s *Database) storages() []Storage {
	levels := []int{0}
	if len(s.RAID) > 0 {
		levels = levels[:0]
		for _, r := range s.RAID {
			levels = append(levels, map[string]int{"none": 0, "10": 10, "5": 5, "6": 6}[r])
		}
	}
	var out []Storage
	for _, v := range s.Storage {
		for _, l := range levels {
			out = append(out, Storage{Volume: v, RAID: l})
		}
	}
	return out
}
