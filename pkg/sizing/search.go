package sizing

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Search is a search cluster such as Elasticsearch, as an index of the
// system's data or as a store of logs (docs/model.md section 5, search). Shards
// and disks are sized for the horizon, CPU for the month at hand.
type Search struct {
	strict.At
	Role          string                       `yaml:"role" enum:"index|logs" doc:"index: documents made from the system's data; logs: log lines, deleted after retention."`
	Version       string                       `yaml:"version" pattern:"^[1-9][0-9]?\\.([0-9]{1,2}|x)$" doc:"Version of Elasticsearch; before 8.3 the heap bounds the shards of a node."`
	Documents     *strict.Value[unit.Count]    `yaml:"documents" min:"0" doc:"Documents in the index now; with document_bytes, instead of source."`
	DocumentBytes strict.Value[unit.Bytes]     `yaml:"document_bytes" doc:"Source bytes of a document or log line."`
	Source        *strict.Value[unit.Bytes]    `yaml:"source" doc:"Source bytes in the index now; without it data.dataset × indexed."`
	Indexed       strict.Value[unit.Fraction]  `yaml:"indexed" min:"0" max:"1" doc:"Part of the system's data, and of what is written, that is indexed."`
	Ingest        *strict.Value[unit.ByteRate] `yaml:"ingest" doc:"Log bytes per second at the peak of all users; without it the bytes of the writes that arrive, else log_per_request for every request."`
	LogPerRequest strict.Value[unit.Bytes]     `yaml:"log_per_request" doc:"Log bytes that all components together write for one request of a user."`
	Retention     strict.Value[unit.Duration]  `yaml:"retention" doc:"How long log lines are kept."`
	Tier          string                       `yaml:"tier" enum:"hot|warm" doc:"warm: logs that are seldom searched need less memory."`
	Outage        strict.Value[unit.Duration]  `yaml:"region_outage" doc:"How long a lost region's log lines arrive here in addition."`
	Expansion     strict.Value[unit.Count]     `yaml:"expansion" min:"0.01" max:"100" doc:"Bytes on disk, of one copy, for a source byte."`
	Replicas      *strict.Value[unit.Count]    `yaml:"replicas" min:"0" max:"10" doc:"Copies beside the primary shard; without it 1 where the loss of a node or zone must be survived, else 0."`
	ShardTarget   *strict.Value[unit.Bytes]    `yaml:"shard_target" doc:"Size of a primary shard; without it 30 GiB for an index, 50 GiB for logs."`
	RAMRatio      *strict.Value[unit.Count]    `yaml:"data_per_memory" min:"1" max:"10000" doc:"Bytes on a node's disks for a byte of its memory; without it 16 for an index, 30 for hot and 100 for warm logs."`
	MinHeap       strict.Value[unit.Bytes]     `yaml:"min_heap" doc:"Least heap of a node; it gets half of the memory, at most 31 GiB."`
	CPUIndex      strict.Value[unit.Duration]  `yaml:"cpu_index" doc:"CPU time to index one copy of a document or log line, on one vCPU of the reference type."`
	CPUQuery      strict.Value[unit.Duration]  `yaml:"cpu_query" doc:"CPU time of one query on all shards together, on one vCPU of the reference type."`
	Reference     strict.Value[string]         `yaml:"reference" doc:"Instance type on which CPU times were measured."`
	ReadsPerQuery strict.Value[unit.Count]     `yaml:"reads_per_query" min:"0" doc:"Random reads from disk of one query: what memory does not hold."`
	Amplification strict.Value[unit.Count]     `yaml:"write_amplification" min:"1" max:"100" doc:"Bytes written to disk for a byte of the index: translog, segments and merges."`
	DiskRebuilt   strict.Value[unit.Fraction]  `yaml:"disk_rebuilt" min:"0.01" max:"1" doc:"Highest part of the disk bytes once a lost node's shards are rebuilt on the others."`
	Snapshots     strict.Value[unit.Count]     `yaml:"snapshots" min:"0" max:"10000" doc:"Snapshots kept in object storage."`
	Changed       strict.Value[unit.Fraction]  `yaml:"snapshot_changed" min:"0" max:"1" doc:"Part of the index that is new in a further snapshot."`
	Storage       []string                     `yaml:"storage" enum:"gp3|local" doc:"Where the index may be kept; without it whichever is cheaper."`
}

// Figures of Elasticsearch that are no inputs.
const (
	// maxHeap is where Elasticsearch's automatic sizing stops (its source,
	// MachineDependentHeap) and keeps object pointers compressed, which ends
	// near 32 GB; where it ends for zero-based ones, 26 to 30 GB, depends on the
	// system (Elasticsearch Guide 7.11, "Advanced configuration settings"; MODEL
	// section 5).
	maxHeap = 31 << 30
	// masters are the master-eligible nodes of a cluster that survives the
	// loss of one; from dedicatedFrom data nodes on they do nothing else
	// (MODEL section 5).
	masters       = 3
	dedicatedFrom = 6
	// searchBlock is what one random read of a segment takes; judged.
	searchBlock = 16 << 10
	// recoveryRate is what a node receives of shards that move to it
	// (Elasticsearch Guide, "Index recovery settings":
	// indices.recovery.max_bytes_per_sec is 40mb but on cold and frozen nodes).
	recoveryRate = 40 << 20
)

// sourceOfExpansion says where the default of expansion comes from.
const sourceOfExpansion = "Amazon OpenSearch Service guide, \"Calculating storage requirements\": " +
	"the index adds up to 10 % to the source"

type searchKind struct{}

func (searchKind) Word() string { return "search" }

func (searchKind) Traits(any) Traits { return Traits{Scope: workload.ScopeAll} }

func (searchKind) Spec() any {
	return &Search{
		Role: "index", Version: "8.x", Tier: "hot",
		DocumentBytes: judged(unit.Bytes(500), "a log line, or a short record"),
		Indexed:       judged(unit.Fraction(1), "all data can be searched"),
		LogPerRequest: judged(unit.Bytes(500), "one line in an access log, one now and then elsewhere"),
		Retention:     judged(unit.Duration(7*24*3600), "a week of logs at hand; older ones are in snapshots"),
		Outage:        judged(unit.Duration(24*3600), "a region comes back within a day"),
		Expansion:     given(unit.Count(1.1), sourceOfExpansion),
		MinHeap: judged(unit.Bytes(4<<30),
			"smaller heaps spend their time collecting; the measured figures were taken with 3 GB"),
		CPUIndex:      judged(unit.Duration(200e-6), "5,000 small documents a second and vCPU, in bulk"),
		CPUQuery:      judged(unit.Duration(0.010), "a full-text query with a few filters on some million documents"),
		Reference:     judged(DefaultReference, "a current general-purpose type that was measured"),
		ReadsPerQuery: judged(unit.Count(2), "most of the index that queries touch is in memory"),
		Amplification: judged(unit.Count(5), "translog and segment once each, and about three merges"),
		DiskRebuilt:   given(unit.Fraction(0.85), "Elasticsearch: cluster.routing.allocation.disk.watermark.low"),
		Snapshots:     judged(unit.Count(7), "one a day for a week"),
		Changed:       judged(unit.Fraction(0.05), "merges rewrite a small part of the index in a day"),
	}
}

// Check refuses what contradicts itself.
func (s *Search) Check(c *strict.Checker) {
	if s.Documents != nil && s.Source != nil {
		c.Errorf(c.At("source"), "give documents × document_bytes or source, not both",
			"the bytes of the index are given twice")
	}
	if s.DocumentBytes.V <= 0 {
		c.Errorf(c.At("document_bytes"), "give a size such as 500B", "document_bytes must be above 0")
	}
	if s.ShardTarget != nil && s.ShardTarget.V <= 0 {
		c.Errorf(c.At("shard_target"), "give a size such as 30GiB", "shard_target must be above 0")
	}
}

// heapBoundsShards tells whether the version is before 8.3, where memory for
// each shard bounds their number.
func (s *Search) heapBoundsShards() bool {
	major, minor, _ := strings.Cut(s.Version, ".")
	a, _ := strconv.Atoi(major) // the pattern allows digits only
	b, err := strconv.Atoi(minor)
	return a < 8 || a == 8 && err == nil && b < 3
}

// dataPerMemory is the guidance for bytes on disk per byte of memory (MODEL
// section 5): 1:16 for search, 1:30 for hot and 1:100 for warm logs.
func (s *Search) dataPerMemory() float64 {
	switch {
	case s.RAMRatio != nil:
		return float64(s.RAMRatio.V)
	case s.Role == "index":
		return 16
	case s.Tier == "warm":
		return 100
	}
	return 30
}

// shardTarget is the size of a primary shard: OpenSearch guidance in
// limits/cluster_guidance.csv, 30 GiB for search and 50 GiB for logs.
func (s *Search) shardTarget(x *catalog.SearchLimits) float64 {
	switch {
	case s.ShardTarget != nil:
		return float64(s.ShardTarget.V)
	case s.Role == "logs":
		return float64(x.ShardSizeLogsMax)
	}
	return float64(x.ShardSizeSearchMax)
}

type searchSizer struct {
	c        *Task
	spec     *Search
	ref      *catalog.NodeType
	copies   float64 // 1 + replicas
	regions  []searchRegion
	now      searchWork // in the normal state
	late     searchWork // in addition while workers catch up
	network  []Crossing
	snapshot []Usage

	// ofWork and ofRole are for the needs of a type while it is fitted: most are not
	// chosen, so that needs of their own would be for nothing. Describe makes them
	// again.
	ofWork [5]capacity.Need
	ofRole [8]capacity.Need
}

// searchWork is what the nodes do.
type searchWork struct {
	queries Linear // per second
	docs    Linear // documents or lines indexed per second, once each
	ingest  Linear // source bytes/s of these
	cpu     Linear // seconds of the reference's CPU per second
	in, out Linear // bytes/s of the network
	written Linear // bytes/s to disk, all copies
	reads   Linear // random reads/s
}

// searchRegion is a region's cluster at the horizon.
type searchRegion struct {
	Location
	primary unit.Bytes           // one copy, on disk
	stored  unit.ReplicatedBytes // all copies
	extra   unit.ReplicatedBytes // in addition while another region is lost
	shards  int                  // primary shards
	source  unit.Bytes           // for explain
	now     unit.Bytes           // one copy, on disk, in the month at hand
	asked   searchAsk
}

func (searchKind) Prepare(c *Task) (Sizer, error) {
	s := &searchSizer{c: c, spec: c.Component.Spec.(*Search)}
	var ok bool
	if s.ref, ok = c.Catalog.NodeType(s.spec.Reference.V); !ok {
		return nil, unknownReference(c, s.spec.Reference)
	}
	if err := s.replicas(); err != nil {
		return nil, err
	}
	lines := s.load()
	for _, r := range steady(c.Regions) {
		if err := s.quorate(&r); err != nil {
			return nil, err
		}
		s.regions = append(s.regions, s.region(r, lines))
	}
	s.asks()
	s.crossings()
	s.snapshots()
	return s, nil
}

// lossy tells whether losses inside a region must be survived.
func (s *searchSizer) lossy() bool { return s.c.Policy.Node || s.c.Policy.Zone }

// replicas sets the number of copies, and refuses a single one where a loss must
// be survived.
func (s *searchSizer) replicas() error {
	s.copies = 1
	if s.lossy() {
		s.copies = 2
	}
	v := s.spec.Replicas
	if v == nil {
		return nil
	}
	s.copies = 1 + math.Ceil(float64(v.V))
	if s.copies < 2 && s.lossy() {
		const text = "component %q must survive the loss of a node or zone, which an index without replicas does not"
		return &diag.Problem{Pos: v.Pos, Summary: fmt.Sprintf(text, s.c.Component.Name),
			Hint: "raise replicas to 1, or write survive: [region] for the component"}
	}
	return nil
}

// quorate refuses a number of zones that cannot keep two of the three
// master-eligible nodes.
func (s *searchSizer) quorate(r *Location) error {
	if s.c.Policy.Zone && r.Zones < 3 {
		return &Rejection{Resource: "zones", Need: 3, Have: float64(r.Zones),
			Why: remark.New("search.two_zones", "in", r.Name)}
	}
	return nil
}

// load derives what the nodes do; lines are the bytes per second of logs that
// arrive, zero for an index.
func (s *searchSizer) load() (lines Linear) {
	c, a, late := s.c, s.c.arrivals(), s.c.backlog()
	var lateLines Linear
	if s.spec.Role == "logs" {
		lines = s.lines(a)
		lateLines = s.lateLines(lines, &a, &late)
	}
	s.now, s.late = s.work(&a, lines), s.work(&late, lateLines)
	for i := range c.Load.Edges {
		e := &c.Load.Edges[i]
		s.now.in = s.now.in.Plus(Linear{Local: e.Local.Response, Global: e.Global.Response})
		s.now.out = s.now.out.Plus(Linear{Local: e.Local.Request, Global: e.Global.Request})
	}
	return lines
}

// work is what arrivals, and log lines, make the nodes do.
func (s *searchSizer) work(a *arrivals, lines Linear) searchWork {
	w := searchWork{queries: a.reads, docs: a.writes, in: a.in, out: a.answers}
	if s.spec.Role == "logs" {
		w.docs, w.ingest, w.in = lines.Scale(1/float64(s.spec.DocumentBytes.V)), lines, lines
	} else {
		w.ingest = w.docs.Scale(float64(s.spec.DocumentBytes.V))
	}
	// The node that takes a document sends it to each replica.
	w.in = w.in.Plus(w.ingest.Scale(s.copies - 1))
	w.out = w.out.Plus(w.ingest.Scale(s.copies - 1))
	w.cpu = w.queries.Scale(float64(s.spec.CPUQuery.V)).Plus(w.docs.Scale(float64(s.spec.CPUIndex.V) * s.copies))
	w.written = w.ingest.Scale(float64(s.spec.Expansion.V) * s.copies * float64(s.spec.Amplification.V))
	w.reads = w.queries.Scale(float64(s.spec.ReadsPerQuery.V))
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
		total = float64(c.Flow.Demand.Requests) * float64(s.spec.LogPerRequest.V)
	}
	if c.Component.Scope == "" || c.Component.Scope == workload.ScopeShare {
		return Linear{Local: total}
	}
	return Linear{Global: total}
}

// region derives the bytes and shards of one region at the horizon.
func (s *searchSizer) region(r Location, lines Linear) searchRegion {
	c, out := s.c, searchRegion{Location: r}
	var now, source, extra float64
	if s.spec.Role == "logs" {
		source = c.window(&r, lines, float64(s.spec.Retention.V)) * c.Growth
		now = source / c.Growth
		if c.Policy.Region {
			kept := math.Min(float64(s.spec.Retention.V), float64(s.spec.Outage.V))
			extra = math.Max(0, r.PeakLost(lines)-r.PeakOwn(lines)) / c.Flow.Demand.Intra * kept * c.Growth
		}
	} else {
		now, source = s.documents(&r)
	}
	x := float64(s.spec.Expansion.V)
	out.source, out.now = unit.Bytes(source), unit.Bytes(now*x)
	out.primary = unit.Bytes(source * x)
	out.stored = out.primary.Replicated(s.copies)
	out.extra = unit.Bytes(extra * x).Replicated(s.copies)
	out.shards = max(1, capacity.Ceil(float64(out.primary)/s.spec.shardTarget(&c.Limits.Search)))
	return out
}

// documents are the source bytes of an index at the end of the month at hand,
// and at the horizon.
func (s *searchSizer) documents(r *Location) (now, horizon float64) {
	c := s.c
	now = float64(c.Profile.Data.Dataset.V) * float64(s.spec.Indexed.V)
	switch {
	case s.spec.Source != nil:
		now = float64(s.spec.Source.V)
	case s.spec.Documents != nil:
		now = float64(s.spec.Documents.V) * float64(s.spec.DocumentBytes.V)
	}
	if !r.carries(c.Load) && !c.Policy.Region {
		return 0, 0
	}
	data := c.Need((*workload.Vec).Data).Scale(float64(s.spec.Indexed.V))
	mean := 0.0
	for h := range workload.Hours {
		local, global := c.Flow.Multipliers(c.Load, r.Index, h, !r.carries(c.Load))
		mean += data.Own(capacity.Hour{Local: local, Global: global}) / workload.Hours
	}
	start := now
	now += c.written(1, mean, 1)
	return now, math.Max(now, start+c.written(1, mean, int(c.Flow.Demand.Months)))
}

// crossings are the copies that replicas in other zones receive.
func (s *searchSizer) crossings() {
	for i := range s.regions {
		r := &s.regions[i]
		mean := s.c.Regions[i].MeanOwn(s.now.ingest)
		bytes := unit.Bytes(s.c.Flow.Demand.Monthly(1, mean)).Replicated(s.copies - 1)
		if r.Zones > 1 && bytes > 0 {
			what := "replicas of " + s.c.Component.Label()
			s.network = append(s.network, Crossing{From: r.Index, To: r.Index, Bytes: bytes, What: what})
		}
	}
}

// snapshots are kept in object storage: one copy of the index as it is in the
// month at hand, and what is new in each further one.
func (s *searchSizer) snapshots() {
	k := float64(s.spec.Snapshots.V)
	if k < 1 {
		return
	}
	for i := range s.regions {
		r := &s.regions[i]
		q := float64(r.now) * (1 + float64((k-1)*float64(s.spec.Changed.V))) / gib
		if q > 0 {
			s.snapshot = append(s.snapshot, Usage{Region: r.Index, Service: "s3", Item: "standard storage", Quantity: q,
				Category: "storage", Label: "snapshots of " + s.c.Component.Label()})
		}
	}
}
