package sizing

import (
	"fmt"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// logTopic is a topic's part of the stream.
type logTopic struct {
	name      string
	bytes     Linear // logical bytes/s now
	consumers float64
	stated    int // partitions that the profile gives; 0 where they are worked out
}

type logSizer struct {
	c       *Task
	spec    *Log
	ref     *catalog.NodeType
	least   leastNode
	regions []logRegion
	topics  []logTopic
	total   Linear // logical bytes/s now, all topics
	count   Linear // messages/s now
	rf      int    // copies of each partition
	groups  float64
	perMB   float64 // seconds of the reference's CPU for 1 MB
	maxCPU  float64
	maxDisk float64 // bytes of one broker
	reread  float64 // part of the stream that workers read a second time while they catch up
	sent    float64 // part of the stream that workers send in addition then
	flows   flows

	// room is for the needs of a type while it is fitted; Describe makes them again.
	room [9]capacity.Need
}

// logRate is a stream at one time.
type logRate struct {
	bytes    float64 // logical bytes/s that arrive, and that each group reads
	messages float64 // per second
	again    float64 // bytes/s that are read in addition, to catch up
}

// logRegion is a region's stream in the lead month, and its topics' partitions at the
// horizon.
type logRegion struct {
	Location
	own        logRate // at the peak of the normal state
	lost       logRate // at the peak with another region's users; zero where no region's loss must be survived
	late       logRate // at the peak while workers catch up
	kept       unit.Bytes
	topics     []logPartitions
	leads      int // least partitions of a topic that a broker leads
	zoned      bool
	structural int // least brokers whatever the load
}

func (logKind) Prepare(c *Task) (Sizer, error) {
	s := &logSizer{c: c, spec: c.Component.Spec.(*Log)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	var err error
	if s.ref, err = c.reference(s.spec.Reference); err != nil {
		return nil, err
	}
	s.least = c.leastNode(c.Limits.Kafka.Broker, "MSK", s.spec.MinVCPU, s.spec.MinMemory)
	var rej *Rejection
	if s.perMB, rej = s.cpuPerMB(); rej != nil {
		return nil, rej
	}
	s.maxCPU = stated(s.spec.MaxCPU, c.Limits.Kafka.MaxBrokerCPU)
	s.maxDisk = stated(s.spec.BrokerDisk, c.Limits.Kafka.MaxStoragePerBroker)
	s.groups = stated(s.spec.Groups, unit.Count(len(c.Load.Component.Calls)))
	s.streams()
	s.backlog()
	if err := s.replication(); err != nil {
		return nil, err
	}
	for _, r := range c.Regions {
		lr := s.region(r)
		if limit := float64(c.Limits.Kafka.PartitionsPerCluster); float64(lr.needed()) > limit {
			return nil, &Rejection{Resource: "partitions", Need: float64(lr.needed()), Have: limit,
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
	all := incoming(l)
	if all == (Linear{}) {
		all = s.c.Need((*workload.Vec).Data)
	}
	if s.spec.Message != nil {
		all = s.count.Scale(float64(s.spec.Message.V))
	}
	if len(s.spec.Topics) == 0 {
		s.topics = []logTopic{{s.c.Component.Name, all, float64(s.spec.Consumers.V), counted(s.spec.Partitions)}}
	}
	for _, e := range s.spec.Topics {
		t := logTopic{name: e.Key, consumers: stated(e.V.Consumers, s.spec.Consumers.V),
			stated: int(stated(e.V.Partitions, unit.Count(counted(s.spec.Partitions))))}
		if e.V.Share != nil {
			t.bytes = all.Scale(float64(e.V.Share.V))
		} else {
			t.bytes = byScope(l, float64(e.V.Rate.V))
		}
		s.topics = append(s.topics, t)
	}
	for _, t := range s.topics {
		s.total = s.total.Plus(t.bytes)
	}
}

// cpuPerMB is seconds of the reference's CPU for 1 MB: of the profile, or as the
// reference was measured. Where it was not, the default reference was, and differs
// from it as brokers' speeds do.
func (s *logSizer) cpuPerMB() (float64, *Rejection) {
	if s.spec.CPUPerMB != nil {
		return float64(s.spec.CPUPerMB.V), nil
	}
	if rate, ok := s.c.Speeds.KafkaProduced(s.ref, s.spec.Recompress.V); ok {
		return 1e6 / float64(rate), nil
	}
	measured, _ := s.c.Catalog.NodeType(DefaultReference)
	rate, ok := s.c.Speeds.KafkaProduced(measured, s.spec.Recompress.V)
	speed, err := s.c.Speeds.Speed(s.ref, catalog.ClassKafka, measured)
	if !ok || err != nil {
		return 0, unknownSpeed(err)
	}
	return 1e6 / float64(rate) / speed.PerVCPU, nil
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
		s.reread = float64(s.reread * (s.groups / readers))
	}
	late := s.c.backlog()
	calls := late.reads.Plus(late.writes)
	if all := s.count.Local + s.count.Global; all > 0 {
		s.sent = (calls.Local + calls.Global) / all
	}
}

// replication is the number of copies; one copy cannot outlive its broker.
func (s *logSizer) replication() error {
	s.rf = 1
	if s.c.Policy.lossy() {
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
	if s.rf < 2 && s.c.Policy.lossy() {
		return s.c.oneCopy(v.Pos, "one copy", "replication to 3")
	}
	return nil
}

// region derives a region's stream in the lead month, and its partitions.
func (s *logSizer) region(r Location) logRegion {
	lead := s.c.Lead
	own := logRate{bytes: float64(r.PeakOwn(s.total) * lead), messages: float64(r.PeakOwn(s.count) * lead)}
	out := logRegion{Location: r, own: own, zoned: s.spec.ZoneAware.V && s.rf > 1 && r.Zones > 1}
	out.late = logRate{own.bytes + float64(own.bytes*s.sent), own.messages + float64(own.messages*s.sent),
		own.bytes * s.reread}
	kept := s.c.window(&r, s.total, float64(s.spec.Retention.V)) * lead
	if s.c.Policy.Region {
		out.lost = logRate{bytes: float64(r.PeakLost(s.total) * lead), messages: float64(r.PeakLost(s.count) * lead)}
		if own, lost := meanOf(&r, s.total); own > 0 && lost > own {
			kept *= lost / own // the region may stay lost for as long as messages are kept
		}
	}
	out.kept = unit.Bytes(kept)
	out.structural = max(s.rf, s.c.Policy.Structural(r.Zones))
	if out.zoned {
		out.structural = multiple(out.structural, r.Zones)
	}
	out.leads = s.leads(&out)
	out.topics = s.divide(&out, s.threads(&r, func(reader *workload.Load) float64 {
		return float64(traitsOf(reader.Component).Reader.Busy)
	}))
	return out
}

// multiple is the least multiple of k that is at least n.
func multiple(n, k int) int { return (n + k - 1) / k * k }
