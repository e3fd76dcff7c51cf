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
	Engine     string                      `yaml:"engine" enum:"sql|document" doc:"sql (PostgreSQL, MySQL) or document (MongoDB)."`
	CPURead    strict.Value[unit.Duration] `yaml:"cpu_read" doc:"CPU time of one read on one vCPU of the reference type; needed unless the component is pinned without a workload."`
	CPUWrite   strict.Value[unit.Duration] `yaml:"cpu_write" doc:"CPU time of one write at the primary; needed like cpu_read."`
	Reference  strict.Value[string]        `yaml:"reference" doc:"Instance type on which CPU times were measured."`
	ArrivalSCV strict.Value[unit.Count]    `yaml:"arrival_scv" min:"0" max:"100" doc:"Squared coefficient of variation of the time between requests."`
	ServiceSCV strict.Value[unit.Count]    `yaml:"service_scv" min:"0" max:"100" doc:"Squared coefficient of variation of the CPU time."`

	Replay        strict.Value[unit.Fraction] `yaml:"replay" min:"0" max:"1" doc:"CPU time of replaying a write at a replica, as part of cpu_write."`
	ReplayThreads strict.Value[unit.Count]    `yaml:"replay_threads" min:"1" max:"256" doc:"Threads that replay writes at a replica."`

	Pages        strict.Value[unit.Count]    `yaml:"pages_per_read" min:"0" max:"100000" doc:"Pages that a read touches."`
	Page         strict.Value[unit.Bytes]    `yaml:"page" doc:"Bytes of a page."`
	WriteIO      strict.Value[unit.Count]    `yaml:"write_operations" min:"0" max:"1000" doc:"Random disk operations of a write (table, index, checkpoint), before RAID."`
	JournalIO    strict.Value[unit.Count]    `yaml:"journal_operations" min:"0" max:"100" doc:"Synced journal operations of a write, the same on any RAID."`
	WAL          strict.Value[unit.Count]    `yaml:"journal_amplification" min:"0" max:"1000" doc:"Bytes of the journal (WAL), and so of the replication stream, per logical byte written."`
	Space        strict.Value[unit.Count]    `yaml:"space_amplification" min:"1" max:"100" doc:"Bytes on disk per logical byte: indexes, dead rows."`
	InMemory     strict.Value[bool]          `yaml:"in_memory" doc:"Whether the whole dataset must be in memory."`
	WorkingSet   *strict.Value[unit.Bytes]   `yaml:"working_set" doc:"Bytes that are in use; without it, working_fraction of the data."`
	WorkFraction strict.Value[unit.Fraction] `yaml:"working_fraction" min:"0" max:"1" doc:"Part of the data that is in use."`
	Cached       strict.Value[unit.Fraction] `yaml:"cached" min:"0" max:"1" doc:"Part of the working set that must be in memory; what is not is read from disk."`

	LargestTable   strict.Value[unit.Bytes] `yaml:"largest_table" doc:"Bytes of the largest table or collection."`
	SchemaFactor   strict.Value[unit.Count] `yaml:"schema_change_factor" min:"0" max:"10" doc:"Memory and disk kept free for changing the largest table, as a multiple of it."`
	PerConnection  strict.Value[unit.Bytes] `yaml:"memory_per_connection" doc:"Memory of one connection."`
	MaxConnections strict.Value[unit.Count] `yaml:"max_connections" min:"1" doc:"Connections that the engine allows."`
	OSReserve      strict.Value[unit.Bytes] `yaml:"os_reserve" doc:"Memory for the operating system, agents and the engine itself."`
	Deploy         strict.Value[unit.Count] `yaml:"deploy_factor" min:"1" max:"10" doc:"Clients during a rolling deploy, as a multiple of those running."`
	SpareConns     strict.Value[unit.Count] `yaml:"spare_connections" min:"0" max:"10000" doc:"Connections for people, replication and monitoring."`
	MinVCPU        strict.Value[unit.Count] `yaml:"min_vcpu" min:"0" doc:"Least vCPUs of a node."`

	Failover    string                       `yaml:"failover" enum:"region|zone|none" doc:"Where a node stands by that is sized as the primary: in another region, in another zone, or nowhere. Without it: another region if there is one, else another zone; nowhere if nothing must be survived."`
	Replicas    strict.Value[unit.Count]     `yaml:"replicas" min:"0" max:"15" doc:"Read replicas in each region, at least, beside primary and failover candidate."`
	MaxReplicas strict.Value[unit.Count]     `yaml:"max_replicas" min:"0" max:"1000" doc:"Most read replicas of one primary in a region."`
	Reads       string                       `yaml:"reads" enum:"primary|replicas|nearest" doc:"Who answers reads: the primary; replicas in its region; or the replicas (without any, the failover candidate) of the user's region."`
	Replication string                       `yaml:"replication" enum:"sync|async" doc:"Whether a commit waits for the failover candidate."`
	OnLoss      string                       `yaml:"on_loss" enum:"block|degrade" doc:"sync only: whether writes stop or go on alone when the failover candidate is lost."`
	RoundTrip   *strict.Value[unit.Duration] `yaml:"round_trip" doc:"Round trip to the failover candidate's region; needed for sync."`
	Lag         strict.Value[unit.Duration]  `yaml:"replication_lag" doc:"async only: how far a replica may be behind; writes of that time may be lost."`
	Cascade     strict.Value[bool]           `yaml:"cascade" doc:"Whether one stream goes to each other region and is passed on there, instead of one to each replica."`

	Storage []string `yaml:"storage" enum:"gp2|gp3|io1|io2|local" doc:"Volumes that may be chosen; local is instance store and needs a replica."`
	RAID    []string `yaml:"raid" enum:"none|10|5|6" doc:"RAID levels that may be chosen."`

	Partitions strict.Map[strict.Value[unit.Fraction]] `yaml:"partitions" doc:"Functional partitions (groups of tables that can live apart) and their part of load and data; used when one primary does not suffice."`
	Shards     strict.Value[unit.Count]                `yaml:"shards" min:"0" max:"65536" doc:"Shards of each partition; 0: the least number, and only if one primary does not suffice."`
	Logical    strict.Value[unit.Count]                `yaml:"logical_shards" min:"1" max:"65536" doc:"Logical shards, which are spread over the physical ones."`
	Sharding   string                                  `yaml:"sharding" enum:"hash|lookup" doc:"How a key finds its shard."`
	Lookup     strict.Value[unit.Bytes]                `yaml:"lookup_table" doc:"Bytes of the lookup table, on every shard."`
}

type databaseKind struct{}

func (databaseKind) Word() string { return "database" }

func (databaseKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopePrimary, ReadsIn: spec.(*Database).readsIn}
}

func (databaseKind) Spec() any {
	const model = "MODEL section 5, database; engineering judgement"
	// The connections that RDS allows by default are in AWS Prescriptive
	// Guidance, "Tuning PostgreSQL parameters", max_connections
	// (https://docs.aws.amazon.com/prescriptive-guidance/latest/tuning-postgresql-parameters/max-connections.html).
	// Its divisor is what it grants a connection, not what one takes.
	return &Database{
		Engine:     "sql",
		Reference:  judged(DefaultReference, "a current general-purpose type that was measured"),
		ArrivalSCV: judged(unit.Count(1), "Poisson arrivals"),
		ServiceSCV: judged(unit.Count(1), "exponential service times"),

		Replay: judged(unit.Fraction(0.3), "replay neither parses nor plans nor checks"),
		ReplayThreads: given(unit.Count(1),
			"PostgreSQL documentation, \"Glossary\": the startup process replays; a server has one"),

		Pages:        judged(unit.Count(4), "three index levels and a row"),
		Page:         given(unit.Bytes(8<<10), "PostgreSQL documentation, \"Database Page Layout\": 8 kB"),
		WriteIO:      judged(unit.Count(3), model),
		JournalIO:    judged(unit.Count(1), model),
		WAL:          judged(unit.Count(3), model),
		Space:        judged(unit.Count(1.5), "indexes and dead rows add half"),
		InMemory:     judged(false, "the working set suffices"),
		WorkFraction: judged(unit.Fraction(0.25), "a quarter of the data is in use"),
		Cached:       judged(unit.Fraction(1), "all of the working set"),

		LargestTable: judged(unit.Bytes(0), "no table is large"),
		SchemaFactor: judged(unit.Count(1), "a changed table is written anew beside the old one"),
		PerConnection: given(unit.Bytes(9531392),
			"Amazon RDS for PostgreSQL: default max_connections = memory / 9,531,392"),
		MaxConnections: given(unit.Count(5000), "Amazon RDS for PostgreSQL: default max_connections at most 5,000"),
		OSReserve:      judged(unit.Bytes(2<<30), "operating system, agents, the engine's fixed buffers"),
		Deploy:         judged(unit.Count(1.25), model),
		SpareConns:     judged(unit.Count(10), model),
		MinVCPU:        judged(unit.Count(4), model),

		Replicas:    judged(unit.Count(0), "the failover candidate suffices"),
		MaxReplicas: judged(unit.Count(15), "more streams load the primary"),
		Reads:       "primary",
		Replication: "async",
		Lag:         judged(unit.Duration(1), "a replica that keeps up is about a second behind"),
		Cascade:     judged(false, "each replica reads from the primary"),

		Storage: []string{"gp3", VolumeLocal},
		RAID:    []string{"none"},

		Shards:   judged(unit.Count(0), "as few as possible"),
		Logical:  judged(unit.Count(1024), model),
		Sharding: "hash",
		Lookup:   judged(unit.Bytes(1<<30), "some ten million keys"),
	}
}

// Defaults of the document engine where they differ.
const (
	// The default of net.maxIncomingConnections on Linux is 80 % of the open files
	// that the process may have (MongoDB manual, "Configuration File Options",
	// https://www.mongodb.com/docs/manual/reference/configuration-options/), and
	// the manual recommends 64,000 of these ("UNIX ulimit Settings").
	documentConnections = 64000 * 80 / 100
	// MongoDB's server gives each connection a thread with 1 MiB of stack at
	// most (https://jira.mongodb.org/browse/SERVER-35542); judged to be all.
	documentPerConnection = 1 << 20
)

// connectionLimits are the engine's.
func (s *Database) connectionLimits() (most, bytesEach float64) {
	most, bytesEach = float64(s.MaxConnections.V), float64(s.PerConnection.V)
	if s.Engine == "document" {
		if !s.MaxConnections.Set {
			most = documentConnections
		}
		if !s.PerConnection.Set {
			bytesEach = documentPerConnection
		}
	}
	return most, bytesEach
}

// candidates says where nodes stand by that are sized as the primary.
func (s *Database) candidates(c *Task) (zone, region bool, err error) {
	more := len(c.Regions) > 1
	p := &c.Policy
	switch s.Failover {
	case "none":
		if p.Node || p.Zone || p.Region && more {
			return false, false, &Rejection{Resource: "failover candidate", Need: 1, Have: 0,
				Why: remark.New("database.no_failover")}
		}
		return false, false, nil
	case "zone":
		return true, p.Region && more, nil
	case "region":
		if !more {
			return false, false, c.problem("the database runs in one region, so it cannot fail over to another",
				"use failover: zone, or add a region")
		}
		return false, true, nil
	}
	switch {
	case !p.Node && !p.Zone && !p.Region:
		return false, false, nil
	case more && c.Profile.Failover != "independent":
		return false, true, nil
	}
	return p.Node || p.Zone, false, nil
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
		if remote && s.RoundTrip == nil {
			return c.problem("replication is sync but round_trip is not given",
				"measure the round trip between the two regions, such as round_trip: 62ms")
		}
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
