package sizing

import (
	"fmt"
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Log is a partitioned, replicated log such as Kafka (docs/model.md section 5,
// log). Brokers and partitions are sized for the horizon: moving partitions
// to new brokers is work.
type Log struct {
	strict.At
	Message      *strict.Value[unit.Bytes]    `yaml:"message" doc:"Logical bytes of one message; without it the bytes of the calls that arrive, or of the new data where calls have no bytes."`
	Topics       strict.Map[Topic]            `yaml:"topics" pattern:"^[A-Za-z0-9._-]{1,249}$" doc:"Topics by name; without any there is one, with the whole stream."`
	Consumers    strict.Value[unit.Count]     `yaml:"consumers" min:"1" max:"10000" doc:"Consumers of a group that want to read a topic in parallel, where the topic does not say."`
	Groups       *strict.Value[unit.Count]    `yaml:"groups" min:"0" max:"1000" doc:"Consumer groups that each read everything; without it, one for each component that the log calls."`
	Replication  *strict.Value[unit.Count]    `yaml:"replication" min:"1" max:"9" doc:"Copies of each partition; without it 3 where a node or zone loss must be survived, else 1."`
	Retention    strict.Value[unit.Duration]  `yaml:"retention" doc:"How long messages are kept."`
	HotWindow    strict.Value[unit.Duration]  `yaml:"hot_window" doc:"Consumers that lag no more than this read from memory."`
	CPUPerMB     strict.Value[unit.Duration]  `yaml:"cpu_per_mb" doc:"CPU time for 1 MB (1,000,000 bytes) that a broker receives or sends, on one vCPU of the reference type."`
	CPUMessage   strict.Value[unit.Duration]  `yaml:"cpu_per_message" doc:"CPU time for storing one copy of a message, beside its bytes."`
	Reference    strict.Value[string]         `yaml:"reference" doc:"Instance type on which CPU times were measured."`
	MaxCPU       *strict.Value[unit.Fraction] `yaml:"max_cpu" min:"0.01" max:"1" doc:"Highest CPU utilisation of a broker in any state but while workers catch up; without it MSK's guidance, 60 %."`
	CatchUp      strict.Value[unit.Fraction]  `yaml:"catch_up" min:"0" max:"10" doc:"Additional traffic of followers and consumers that catch up while a broker or zone is lost."`
	ProducerRate strict.Value[unit.ByteRate]  `yaml:"producer_rate" doc:"What one partition takes (τp)."`
	ConsumerRate strict.Value[unit.ByteRate]  `yaml:"consumer_rate" doc:"What one consumer reads from a partition (τc)."`
	Memory       strict.Value[unit.Bytes]     `yaml:"memory" doc:"Memory of a broker without its page cache: heap and operating system."`
	Storage      []string                     `yaml:"storage" enum:"gp3|st1|local" doc:"Where messages are kept; without it whichever is cheapest: access is sequential, so hard disks will do."`
	Feed         string                       `yaml:"feed" enum:"replica|primary" doc:"Where a region's log reads the changes of a database that has its primary elsewhere: from the replica in the region, or across regions from the primary."`
	Nearest      strict.Value[bool]           `yaml:"fetch_nearest" doc:"Whether consumers read from a copy in their own zone."`
	BrokerDisk   *strict.Value[unit.Bytes]    `yaml:"max_broker_disk" doc:"Greatest disk of a broker; without it MSK's 16 TiB."`
}

// Topic is a part of the stream.
type Topic struct {
	strict.At
	Share     *strict.Value[unit.Fraction] `yaml:"share" min:"0" max:"1" doc:"Part of what the callers write."`
	Rate      *strict.Value[unit.ByteRate] `yaml:"rate" doc:"Logical bytes per second at the peak of all users, instead of a share."`
	Consumers *strict.Value[unit.Count]    `yaml:"consumers" min:"1" max:"10000" doc:"Consumers of a group that want to read it in parallel."`
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

type logKind struct{}

func (logKind) Word() string { return "log" }

func (logKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeAll, Stream: &LogTraits{Retention: spec.(*Log).Retention.V}}
}

func (logKind) Spec() any {
	return &Log{
		Consumers:    judged(unit.Count(12), "divides evenly among 2, 3, 4, 6 or 12 workers"),
		Retention:    given(unit.Duration(7*24*3600), "Apache Kafka: log.retention.hours=168"),
		HotWindow:    judged(unit.Duration(300), "consumers that work normally are seconds behind"),
		CPUPerMB:     judged(unit.Duration(0.010), "100 MB/s a vCPU, compressed and encrypted"),
		CPUMessage:   judged(unit.Duration(20e-6), "requests are batched little at low rates"),
		Reference:    judged(DefaultReference, "a current general-purpose type that was measured"),
		CatchUp:      judged(unit.Fraction(0.20), "MODEL section 5: followers and consumers catch up"),
		ProducerRate: judged(unit.ByteRate(10e6), "MODEL section 5: τp"),
		ConsumerRate: judged(unit.ByteRate(20e6), "MODEL section 5: τc"),
		Memory: judged(unit.Bytes(2<<30),
			"1 GiB of heap (the default of kafka-server-start.sh) and 1 GiB for the system and off-heap buffers"),
		Feed:    "replica",
		Nearest: judged(false, "consumers read from leaders unless told otherwise"),
	}
}

// logTopic is a topic's part of the stream.
type logTopic struct {
	name      string
	bytes     Linear // logical bytes/s now
	consumers float64
}

type logSizer struct {
	c       *Task
	spec    *Log
	ref     *catalog.NodeType
	regions []logRegion
	topics  []logTopic
	total   Linear // logical bytes/s now, all topics
	count   Linear // messages/s now
	rf      int    // copies of each partition
	groups  float64
	maxCPU  float64
	maxDisk float64 // bytes of one broker
	reread  float64 // part of the stream that workers read a second time while they catch up
	sent    float64 // part of the stream that workers send in addition then
	flows   []Crossing
}

// logRate is a stream at one time.
type logRate struct {
	bytes    float64 // logical bytes/s that arrive, and that each group reads
	messages float64 // per second
	again    float64 // bytes/s that are read in addition, to catch up
}

// logRegion is a region's stream at the horizon.
type logRegion struct {
	Location
	own        logRate // at the peak of the normal state
	lost       logRate // at the peak with another region's users; zero where no region's loss must be survived
	late       logRate // at the peak while workers catch up
	kept       unit.Bytes
	partitions []int     // by topic, before they are spread evenly over the brokers
	least      int       // their sum
	shares     []float64 // of the stream, by topic
	structural int       // least brokers whatever the load
}

func (logKind) Prepare(c *Task) (Sizer, error) {
	s := &logSizer{c: c, spec: c.Component.Spec.(*Log)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	var ok bool
	if s.ref, ok = c.Catalog.NodeType(s.spec.Reference.V); !ok {
		return nil, unknownReference(c, s.spec.Reference)
	}
	s.maxCPU = float64(c.Limits.Kafka.MaxBrokerCPU)
	if s.spec.MaxCPU != nil {
		s.maxCPU = float64(s.spec.MaxCPU.V)
	}
	s.maxDisk = float64(c.Limits.Kafka.MaxStoragePerBroker)
	if s.spec.BrokerDisk != nil {
		s.maxDisk = float64(s.spec.BrokerDisk.V)
	}
	s.groups = float64(len(c.Load.Component.Calls))
	if s.spec.Groups != nil {
		s.groups = float64(s.spec.Groups.V)
	}
	s.streams()
	s.backlog()
	if err := s.replication(); err != nil {
		return nil, err
	}
	for _, r := range c.Regions {
		lr := s.region(r)
		if limit := float64(c.Limits.Kafka.PartitionsPerCluster); float64(lr.least) > limit {
			return nil, &Rejection{Resource: "partitions", Need: float64(lr.least), Have: limit,
				Why: remark.New("log.one_cluster", "in", r.Name)}
		}
		s.regions = append(s.regions, lr)
	}
	s.crossings()
	return s, nil
}

// streams splits what arrives over the topics.
func (s *logSizer) streams() {
	l := s.c.Load
	s.count = s.c.Need(messages)
	all := Linear{Local: l.Local.In, Global: l.Global.In}
	if all == (Linear{}) {
		all = s.c.Need((*workload.Vec).Data)
	}
	if s.spec.Message != nil {
		all = s.count.Scale(float64(s.spec.Message.V))
	}
	if len(s.spec.Topics) == 0 {
		s.topics = []logTopic{{s.c.Component.Name, all, float64(s.spec.Consumers.V)}}
	}
	for _, e := range s.spec.Topics {
		t := logTopic{name: e.Key, consumers: float64(s.spec.Consumers.V)}
		if e.V.Consumers != nil {
			t.consumers = float64(e.V.Consumers.V)
		}
		switch {
		case e.V.Share != nil:
			t.bytes = all.Scale(float64(e.V.Share.V))
		case l.Scope == workload.ScopeShare:
			t.bytes = Linear{Local: float64(e.V.Rate.V)}
		default:
			t.bytes = Linear{Global: float64(e.V.Rate.V)}
		}
		s.topics = append(s.topics, t)
	}
	for _, t := range s.topics {
		s.total = s.total.Plus(t.bytes)
	}
}

// backlog is what workers that catch up after an outage do in addition, as parts
// of the stream (docs/model.md section 5, worker). Those that read the log read
// o/h of it again; producers send no more, unless they are workers. There are at
// most as many readers as groups.
func (s *logSizer) backlog() {
	readers := 0.0
	for i := range s.c.Load.Edges {
		if part := behind(s.c.Flow.Of(s.c.Load.Edges[i].To)); part > 0 {
			s.reread += part
			readers++
		}
	}
	if readers > s.groups {
		s.reread *= s.groups / readers
	}
	late := s.c.backlog()
	calls := late.reads.Plus(late.writes)
	if all := s.count.Local + s.count.Global; all > 0 {
		s.sent = (calls.Local + calls.Global) / all
	}
}

// replication is the number of copies; one copy cannot outlive its broker.
func (s *logSizer) replication() error {
	lossy := s.c.Policy.Node || s.c.Policy.Zone
	s.rf = 1
	if lossy {
		s.rf = 3
	}
	v := s.spec.Replication
	if v == nil {
		return nil
	}
	s.rf = int(v.V)
	if float64(s.rf) != float64(v.V) {
		return &diag.Problem{Pos: v.Pos, Hint: "use 3",
			Summary: fmt.Sprintf("replication %v is not a whole number", v.V)}
	}
	if s.rf < 2 && lossy {
		return &diag.Problem{Pos: v.Pos, Hint: "raise replication to 3, or write survive: [region] for the component",
			Summary: fmt.Sprintf("component %q must survive the loss of a node or zone, which one copy does not",
				s.c.Component.Name)}
	}
	return nil
}

// region derives a region's stream at the horizon.
func (s *logSizer) region(r Location) logRegion {
	grow := s.c.Growth
	own := logRate{bytes: r.PeakOwn(s.total) * grow, messages: r.PeakOwn(s.count) * grow}
	out := logRegion{Location: r, own: own}
	out.late = logRate{own.bytes + float64(own.bytes*s.sent), own.messages + float64(own.messages*s.sent),
		own.bytes * s.reread}
	kept := s.c.window(&r, s.total, float64(s.spec.Retention.V)) * grow
	peak := r.PeakOwn
	if s.c.Policy.Region {
		peak = r.PeakLost
		out.lost = logRate{bytes: peak(s.total) * grow, messages: peak(s.count) * grow}
		if own, lost := meanOf(&r, s.total); own > 0 && lost > own {
			kept *= lost / own // the region may stay lost for as long as messages are kept
		}
	}
	out.kept = unit.Bytes(kept)
	out.structural = max(s.rf, s.c.Policy.Structural(r.Zones))
	all := peak(s.total)
	for _, t := range s.topics {
		share := 0.0
		if all > 0 {
			share = peak(t.bytes) / all
		}
		out.shares = append(out.shares, share)
		p := s.partitionsFor(peak(t.bytes)*grow, t.consumers)
		out.partitions = append(out.partitions, p)
		out.least += p
	}
	return out
}

// partitionsFor is P = max(⌈T/τp⌉, ⌈T/τc⌉, consumers wanted), MODEL section 5.
func (s *logSizer) partitionsFor(rate, consumers float64) int {
	return max(1, capacity.Ceil(rate/float64(s.spec.ProducerRate.V)),
		capacity.Ceil(rate/float64(s.spec.ConsumerRate.V)), capacity.Ceil(consumers))
}

// spread is how many partitions topic i of a region has on b brokers. With at
// least as many partitions as brokers it is a multiple of the brokers, so that
// all carry the same. MODEL section 5 leaves a topic of fewer partitions as it
// is. But where the load asks for more brokers than there must be anyway, one
// partition of such a topic may carry more than a broker's even share: 36
// replicas of 12 partitions on 39 brokers leave three without any, and give the
// others 8 % too much. Such a topic is spread too.
func (r *logRegion) spread(i, b int) int {
	p := r.partitions[i]
	if p < b && (b <= r.structural || r.shares[i]*float64(b) <= float64(p)) {
		return p
	}
	return (p + b - 1) / b * b
}

// all is the number of partitions of a region on b brokers.
func (r *logRegion) all(b int) int {
	n := 0
	for i := range r.partitions {
		n += r.spread(i, b)
	}
	return n
}

// parallel is how many threads of one group can be kept busy by the stream of
// a region: all partitions, or fewer where a topic has a greater part of the
// stream than of the partitions.
func (r *logRegion) parallel(b int) int {
	top := float64(r.all(b))
	for i, share := range r.shares {
		if share > 0 {
			top = math.Min(top, float64(r.spread(i, b))/share)
		}
	}
	return int(top * (1 + 1e-9))
}
