package sizing

import (
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Log is a partitioned, replicated log such as Kafka (docs/model.md section 5,
// log). Its nodes are brokers.
type Log struct {
	strict.At
	// Logical bytes of one message; without it the bytes of the calls that arrive, or of the new
	// data where calls have no bytes.
	Message *strict.Value[unit.Bytes] `yaml:"message"`
	// Topics by name; without any there is one, with the whole stream.
	Topics strict.Map[Topic] `yaml:"topics" pattern:"^[A-Za-z0-9._-]{1,249}$" says:"letters, digits, dots, - and _"`
	// Consumers of a group that want to read a topic in parallel, where the topic does not say.
	Consumers strict.Value[unit.Count] `yaml:"consumers" min:"1" max:"10000"`
	// Consumer groups that each read everything; without it, one for each component that the log
	// calls.
	Groups *strict.Value[unit.Count] `yaml:"groups" min:"0" max:"1000"`
	// Copies of each partition; without it 3 where a node or zone loss must be survived, else 1.
	Replication *strict.Value[unit.Count] `yaml:"replication" min:"1" max:"9" whole:"true"`
	// How long messages are kept.
	Retention strict.Value[unit.Duration] `yaml:"retention"`
	// Consumers that lag no more than this read from memory.
	HotWindow strict.Value[unit.Duration] `yaml:"hot_window"`
	// Partitions of a topic, where the topic does not say; without it, what its rate, consumers and
	// workers need, spread evenly over the brokers.
	Partitions *strict.Value[unit.Count] `yaml:"partitions" min:"1" max:"200000"`
	// Least partitions of a topic that each broker leads: what a lost broker led goes to as many
	// others.
	Leads strict.Value[unit.Count] `yaml:"leads" min:"1" max:"100"`
	BrokerCPU
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Highest CPU utilisation of a broker in any state but while workers catch up; without it MSK's
	// guidance, 60 %.
	MaxCPU *strict.Value[unit.Fraction] `yaml:"max_cpu" min:"0.01" max:"1"`
	// Additional traffic of followers and consumers that catch up while a broker or zone is lost.
	CatchUp strict.Value[unit.Fraction] `yaml:"catch_up" min:"0" max:"10"`
	// What one partition takes (τp).
	ProducerRate strict.Value[unit.ByteRate] `yaml:"producer_rate"`
	// What one consumer reads from a partition (τc).
	ConsumerRate strict.Value[unit.ByteRate] `yaml:"consumer_rate"`
	// Memory of a broker without its page cache: heap and buffers.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Where messages are kept; without it whichever is cheapest: access is sequential, so hard
	// disks will do.
	Storage []string `yaml:"storage" enum:"gp3|st1|local"`
	// Where a region's log reads the changes of a database that has its primary elsewhere: from the
	// replica in the region, or across regions from the primary.
	Feed string `yaml:"feed" enum:"replica|primary"`
	// Whether the copies of a partition are in different zones (broker.rack), for which every zone
	// has as many brokers.
	ZoneAware strict.Value[bool] `yaml:"zone_aware"`
	// Whether the copies of a lost broker or zone are made again on those that are left, before it
	// returns.
	Rebuild strict.Value[bool] `yaml:"rebuild"`
	// Least vCPUs of a broker; without it, those of MSK's smallest for production.
	MinVCPU *strict.Value[unit.Count] `yaml:"min_vcpu" min:"0"`
	// Least memory of a broker; without it, that of MSK's smallest for production.
	MinMemory *strict.Value[unit.Bytes] `yaml:"min_memory"`
	// Whether consumers read from a copy in their own zone.
	Nearest strict.Value[bool] `yaml:"fetch_nearest"`
	// Greatest disk of a broker; without it MSK's 16 TiB.
	BrokerDisk *strict.Value[unit.Bytes] `yaml:"max_broker_disk"`
}

// Topic is a part of the stream. Partitions that are given are a fact: the topic exists.
type Topic struct {
	strict.At
	// Part of what the callers write.
	Share *strict.Value[unit.Fraction] `yaml:"share" min:"0" max:"1"`
	// Logical bytes per second at the peak of all users, instead of a share.
	Rate *strict.Value[unit.ByteRate] `yaml:"rate"`
	// Consumers of a group that want to read it in parallel.
	Consumers *strict.Value[unit.Count] `yaml:"consumers" min:"1" max:"10000"`
	// Its partitions; without it, what its rate, consumers and workers need.
	Partitions *strict.Value[unit.Count] `yaml:"partitions" min:"1" max:"200000"`
}

// Check refuses topics that leave a part of the stream out.
func (l *Log) Check(c *strict.Checker) {
	sum, shares := 0.0, 0
	for _, t := range l.Topics {
		if (t.V.Share == nil) == (t.V.Rate == nil) {
			c.Errorf(c.At("topics", t.Key), "give share (a part of the stream) or rate (bytes per second)",
				"topic %q needs one of share and rate", t.Key)
			return
		}
		if t.V.Share != nil {
			sum += float64(t.V.Share.V)
			shares++
		}
	}
	if shares > 0 && sum < 1-1e-3 {
		c.Errorf(c.At("topics"), "let the shares add up to 100%, or more where a message goes to several topics",
			"the shares of the topics add up to %.4g%%", sum*100)
	}
	if l.ProducerRate.V <= 0 || l.ConsumerRate.V <= 0 {
		c.Errorf(c.At(), "give a rate such as 10MB/s", "producer_rate and consumer_rate must be above 0")
	}
}

// Keeps says that messages are nowhere else.
func (*Log) Keeps() workload.Keeping { return workload.Keeping{Data: true} }

type logKind struct{}

func (logKind) Word() string { return "log" }

func (logKind) Traits(spec any) Traits {
	s := spec.(*Log)
	return Traits{Scope: workload.ScopeAll, Stream: &LogTraits{Retention: s.Retention.V}, Fails: s.fails}
}

// fails: a message is answered once all copies but one have it (Apache Kafka,
// min.insync.replicas: "a typical scenario would be to create a topic with a replication
// factor of 3, set min.insync.replicas to 2, and produce with acks of all").
func (l *Log) fails(c *Task, layout *Layout) Failing {
	pieces, copies := c.divided(layout, counted(l.Replication), 3)
	f := equals(layout, pieces, copies)
	f.Keeps, f.Mirrored, f.Acks = true, true, max(1, f.Copies-1)
	f.Detects = []string{"failover.kafka.session"}
	return f
}

func (logKind) Spec() any {
	return &Log{
		Consumers: judged(unit.Count(12), "divides evenly among 2, 3, 4, 6 or 12 workers"),
		Retention: given(unit.Duration(7*24*3600), "Apache Kafka: log.retention.hours=168"),
		HotWindow: judged(unit.Duration(300), "consumers that work normally are seconds behind"),
		Leads: judged(unit.Count(4), "a lost broker's work goes to four others; cheap, as brokers "+
			"hold thousands of partitions"),
		BrokerCPU:    defaultBrokerCPU(),
		ZoneAware:    judged(true, "MODEL section 4: rack-aware stores are even over zones"),
		Rebuild:      judged(false, "a lost broker comes back with its disks"),
		Reference:    judged(DefaultReference, "a current general-purpose type that was measured"),
		CatchUp:      judged(unit.Fraction(0.20), "MODEL section 5: followers and consumers catch up"),
		ProducerRate: judged(unit.ByteRate(10e6), "MODEL section 5: τp"),
		ConsumerRate: judged(unit.ByteRate(20e6), "MODEL section 5: τc"),
		Memory: judged(unit.Bytes(1.5*(1<<30)),
			"1 GiB of heap (the default of kafka-server-start.sh) and half of that beside it, such as buffers"),
		Feed:    "replica",
		Nearest: judged(false, "consumers read from leaders unless told otherwise"),
	}
}

func (logKind) Prepare(c *Task) (Sizer, error) {
	spec := c.Component.Spec.(*Log)
	if err := noSLO(c); err != nil {
		return nil, err
	}
	s := &brokers{c: c, count: c.Need(messages), retention: spec.Retention.V, lagging: float64(spec.CatchUp.V),
		rebuild: spec.Rebuild.V, memory: float64(spec.Memory.V), hot: float64(spec.HotWindow.V),
		storages: storagesOf(spec.Storage, "gp3", "st1", VolumeLocal)}
	var err error
	if s.ref, err = c.reference(spec.Reference); err != nil {
		return nil, err
	}
	kafka := &c.Limits.Kafka
	s.least = c.leastNode(kafka.Broker, "MSK", spec.MinVCPU, spec.MinMemory)
	var rej *Rejection
	if s.cost, rej = spec.cost(c, s.ref); rej != nil {
		return nil, rej
	}
	s.maxCPU = stated(spec.MaxCPU, kafka.MaxBrokerCPU)
	s.maxDisk = stated(spec.BrokerDisk, kafka.MaxStoragePerBroker)
	s.perNode = func(t *catalog.NodeType) float64 { return float64(kafka.PartitionsPerBroker(t.VCPU)) }
	s.groups = stated(spec.Groups, unit.Count(len(c.Load.Component.Calls)))
	s.partitioning = spec.partitioning(c, s.count)
	s.copies, err = c.copies(spec.Replication, counted(spec.Replication), 3, "one copy", "replication to 3")
	if err != nil {
		return nil, err
	}
	s.backlog()
	for _, r := range c.Regions {
		in := s.region(r, c.readingThreads(&r, onReference))
		if limit := float64(kafka.PartitionsPerCluster); float64(in.needed()) > limit {
			return nil, &Rejection{Resource: "partitions", Need: float64(in.needed()), Have: limit,
				Why: remark.New("log.one_cluster", "in", r.Name)}
		}
		s.regions = append(s.regions, in)
	}
	s.crossings(spec.fetching(c, s.groups), spec.Feed == "primary")
	return s, nil
}

// fetching is how many groups fetch across zones, of so many: over a synchronous edge it
// is billed with that edge, and from the nearest copy it crosses none.
func (l *Log) fetching(c *Task, groups float64) float64 {
	if l.Nearest.V {
		return 0
	}
	for i := range c.Load.Edges {
		if c.Load.Edges[i].Mode != "async" && l.Groups == nil {
			groups--
		}
	}
	return groups
}

// partitioning splits what arrives over the topics.
func (l *Log) partitioning(c *Task, count Linear) partitioning {
	p := partitioning{c: c, producer: float64(l.ProducerRate.V), consumer: float64(l.ConsumerRate.V),
		leads: int(l.Leads.V), zoned: l.ZoneAware.V}
	all := incoming(c.Load)
	if all == (Linear{}) {
		all = c.Need((*workload.Vec).Data)
	}
	if l.Message != nil {
		all = count.Scale(float64(l.Message.V))
	}
	if len(l.Topics) == 0 {
		p.topics = []topic{{c.Component.Name, all, float64(l.Consumers.V), counted(l.Partitions)}}
	}
	for _, e := range l.Topics {
		t := topic{name: e.Key, consumers: stated(e.V.Consumers, l.Consumers.V),
			stated: int(stated(e.V.Partitions, unit.Count(counted(l.Partitions))))}
		if e.V.Share != nil {
			t.bytes = all.Scale(float64(e.V.Share.V))
		} else {
			t.bytes = byScope(c.Load, float64(e.V.Rate.V))
		}
		p.topics = append(p.topics, t)
	}
	for _, t := range p.topics {
		p.total = p.total.Plus(t.bytes)
	}
	return p
}
