package sizing

import (
	"errors"

	"headroom/pkg/catalog"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Database is a SQL or document database: all writes meet at one primary (of
// each shard), replicas follow it. Its parts have files of their own; see store.
type Database struct {
	strict.At
	// Engine, for its defaults: postgresql (also written sql), mysql or mongodb (also written
	// document).
	Engine string `yaml:"engine" enum:"postgresql|mysql|mongodb|sql|document"`
	// CPU time of one read on one vCPU of the reference type; needed unless the component is pinned
	// without a workload.
	CPURead strict.Value[unit.Duration] `yaml:"cpu_read"`
	// CPU time of one write at the primary; needed like cpu_read.
	CPUWrite strict.Value[unit.Duration] `yaml:"cpu_write"`
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Squared coefficient of variation of the time between requests.
	ArrivalSCV strict.Value[unit.Count] `yaml:"arrival_scv" min:"0" max:"100"`
	// Squared coefficient of variation of the CPU time.
	ServiceSCV strict.Value[unit.Count] `yaml:"service_scv" min:"0" max:"100"`

	// CPU time of replaying a write at a replica, as part of cpu_write.
	Replay strict.Value[unit.Fraction] `yaml:"replay" min:"0" max:"1"`
	// Threads that replay writes at a replica; without it the engine's: postgresql 1, mysql 4,
	// mongodb 16.
	ReplayThreads strict.Value[unit.Count] `yaml:"replay_threads" min:"1" max:"256" whole:"true"`

	Paged
	Connected
	// Least vCPUs of a node.
	MinVCPU strict.Value[unit.Count] `yaml:"min_vcpu" min:"0"`
	Replicated
	Volumes
	Sharded
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

// Keeps says that its writes meet at a primary.
func (*Database) Keeps() workload.Keeping {
	return workload.Keeping{Data: true, Primary: true,
		Roles: []string{"primary", "standby", "failover", "replica", "pooler"}}
}

type databaseKind struct{}

func (databaseKind) Word() string { return "database" }

func (databaseKind) Traits(spec any) Traits {
	s := spec.(*Database)
	return Traits{Scope: workload.ScopePrimary, ReadsIn: s.readsIn, Residence: s.residence, StaysAlike: true,
		Clients: true, Fails: s.fails}
}

// fails: each shard has a primary. PostgreSQL is promoted by Patroni or the like, MongoDB by
// its members; of others nothing is known.
func (s *Database) fails(c *Task, l *Layout) Failing {
	f := s.candidatesFail(c)
	f.Pieces, f.Disks = l.Shards, disksOf(l)
	switch s.Engine {
	case "postgresql":
		f.Promotes = []string{"failover.patroni.ttl", "failover.patroni.loop_wait"}
		f.Restarts = []string{"failover.patroni.primary_start_timeout"}
	case "mongodb", "document":
		f.Elects, f.Promotes = true, []string{"failover.mongodb.median"}
	}
	return f
}

// Where the model says how a database is sized, and of what is a judgement there.
const (
	modelDatabase = "MODEL section 5, database"
	judgedInModel = modelDatabase + "; engineering judgement"
)

func (databaseKind) Spec() any {
	return &Database{
		Engine:     "postgresql",
		Reference:  judged(DefaultReference, "a current general-purpose type that was measured"),
		ArrivalSCV: judged(unit.Count(1), "Poisson arrivals"),
		ServiceSCV: judged(unit.Count(1), "exponential service times"),

		Replay: judged(unit.Fraction(0.05), "replay neither parses nor plans nor checks, and changes pages only"),
		ReplayThreads: given(unit.Count(1),
			"PostgreSQL documentation, \"Glossary\": the startup process replays; a server has one"),

		Paged:      defaultPaged(),
		Connected:  defaultConnected(),
		MinVCPU:    judged(unit.Count(4), judgedInModel),
		Replicated: defaultReplicated(),
		Volumes:    Volumes{Storage: []string{"gp3"}, RAID: []string{"none"}},
		Sharded:    defaultSharded(),
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

// check finds what is wrong between fields; the first that is wrong is told.
func (s *Database) check(c *Task, remote bool) error {
	if c.Load.Scope != workload.ScopePrimary {
		return c.problem("a database's load meets at its primary; scope "+c.Load.Scope+" is not possible",
			"leave scope out, or make one component for each region with regions:")
	}
	if len(c.Regions) == 0 {
		return c.problem("it runs in no region", "name regions of the profile")
	}
	if err := s.Replicated.check(c, remote); err != nil {
		return err
	}
	if err := s.checkPartitions(c); err != nil {
		return err
	}
	return s.checkShards()
}

func (databaseKind) Prepare(c *Task) (Sizer, error) {
	spec := c.Component.Spec.(*Database)
	err := errors.Join(
		required(c, spec.CPURead, "cpu_read",
			"measure the CPU time of a read and write cpu_read: 0.5ms, or {value: 0.5ms, assumed: why}"),
		required(c, spec.CPUWrite, "cpu_write",
			"measure the CPU time of a write and write cpu_write: 1ms, or {value: 1ms, assumed: why}"))
	if err != nil {
		return nil, err
	}
	servers, err := newReplication(c, &spec.Replicated)
	if err != nil {
		return nil, err
	}
	if err := spec.check(c, servers.remote); err != nil {
		return nil, err
	}
	engine := spec.engine()
	s := &store{c: c, class: catalog.ClassSQL, minVCPU: float64(spec.MinVCPU.V), volumes: &spec.Volumes,
		arrivalSCV: float64(spec.ArrivalSCV.V), serviceSCV: float64(spec.ServiceSCV.V), residence: spec.residence,
		readers: newReaders(servers), sharding: newSharding(&spec.Sharded, c.Divided[c.Regions[0].Name]),
		pages:       newPaging(&spec.Paged),
		connections: newConnections(c, &spec.Connected, engine.connections, engine.perConnection)}
	if s.ref, err = c.reference(spec.Reference); err != nil {
		return nil, err
	}
	s.work = primaryWork{read: float64(spec.CPURead.V), write: float64(spec.CPUWrite.V),
		replay: float64(spec.Replay.V), threads: engine.threads, looksUp: s.sharding.looksUp()}
	s.lead, s.horizon = primaryLoads(&s.readers, float64(spec.LargestTable.V))
	return s, nil
}

// residence is how long a read and a write are in the database, in seconds on
// average, where its nodes are of the reference type and as busy as the policy
// allows: a bound from above that is known before any node is chosen. Both are 0
// where the profile does not give their CPU time, or where the policy allows all
// of the CPU, so that there is no bound.
func (s *Database) residence(c *Task, _, _ int) (read, write float64) {
	ref, ok := c.Catalog.NodeType(s.Reference.V)
	reads, writes := c.Load.Global.Read(), c.Load.Global.Write()
	work := float64(reads*float64(s.CPURead.V)) + float64(writes*float64(s.CPUWrite.V))
	if !ok || work <= 0 {
		return 0, 0
	}
	cpu, rej := c.nodeCPU(ref, catalog.ClassSQL, ref)
	if rej != nil {
		return 0, 0
	}
	q := cpu.queue(work/(reads+writes), float64(s.ArrivalSCV.V), float64(s.ServiceSCV.V), cpu.vcpus).At(c.Policy.Own)
	busy, err := q.Solve()
	if err != nil {
		return 0, 0
	}
	// Of the slowest volumes that may be chosen, where one node has all of the data:
	// connections take none of its memory, as they are not known yet.
	latency := 0.0
	for _, volume := range s.Storage {
		latency = max(latency, s.Latency.of(volume, false))
	}
	pages := newPaging(&s.Paged)
	_, data, _ := c.stored(c.Load.Global.Data(), c.Flow.Demand.MeanTotal)
	disks := pages.wait(pages.missed(c.Policy.allowed(ref), data), latency).Mean
	wait := busy.MeanWait()
	slower := (busy.MeanResponse() - wait) / q.Service // contention with other requests
	read = wait + float64(float64(s.CPURead.V)*slower) + disks
	write = wait + float64(float64(s.CPUWrite.V)*slower)
	if _, remote, err := s.candidates(c); err == nil {
		write += s.commitWait(c, remote)
	}
	return read, write
}
