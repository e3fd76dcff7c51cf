package sizing

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Search is a search cluster such as Elasticsearch, as an index of the
// system's data or as a store of logs (docs/model.md section 5, search). Its sizer is
// an index.
type Search struct {
	strict.At
	// index: documents made from the system's data; logs: log lines, deleted after retention.
	Role string `yaml:"role" enum:"index|logs"`
	// Version of Elasticsearch; before 8.3 the heap bounds the shards of a node.
	Version string `yaml:"version" pattern:"^[1-9][0-9]?\\.([0-9]{1,2}|x)$" says:"a version such as 8.13 or 7.x"`
	Corpus
	// Least copies beside each primary shard, more where that is cheaper; without it 1 where the
	// loss of a node or zone must be survived, else 0.
	Replicas *strict.Value[unit.Count] `yaml:"replicas" min:"0" max:"10"`
	// Size of a primary shard; without it 30 GiB for an index, 50 GiB for logs.
	ShardTarget *strict.Value[unit.Bytes] `yaml:"shard_target"`
	// Bytes on a node's disks for a byte of its memory; without it 16 for an index, 30 for hot and
	// 160 for warm logs.
	RAMRatio *strict.Value[unit.Count] `yaml:"data_per_memory" min:"1" max:"10000"`
	// Least vCPUs of a data node.
	MinVCPU strict.Value[unit.Count] `yaml:"min_vcpu" min:"1"`
	// Least memory of a data node; half of it is heap, at most 31 GiB.
	MinMemory strict.Value[unit.Bytes] `yaml:"min_memory"`
	Dedicated
	// Most data nodes of a cluster, beyond which there is another one; without it what OpenSearch
	// Service allows.
	ClusterNodes *strict.Value[unit.Count] `yaml:"cluster_nodes" min:"3"`
	// Whether a cluster that survives the loss of a zone has as many nodes in each, and the copies
	// of a shard in different ones.
	ZoneAware strict.Value[bool] `yaml:"zone_aware"`
	// CPU time to index one copy of a document or log line, on one vCPU of the reference type.
	CPUIndex strict.Value[unit.Duration] `yaml:"cpu_index"`
	// CPU time of one query of an index of one shard, on one vCPU of the reference type.
	CPUQuery strict.Value[unit.Duration] `yaml:"cpu_query"`
	// CPU time of a query for each further primary shard: it visits all of them.
	CPUShard strict.Value[unit.Duration] `yaml:"cpu_shard"`
	// Instance type on which CPU times were measured.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Random reads from disk of one query: what memory does not hold.
	ReadsPerQuery strict.Value[unit.Count] `yaml:"reads_per_query" min:"0"`
	// Bytes written to disk for a byte of the index: translog, segments and merges.
	Amplification strict.Value[unit.Count] `yaml:"write_amplification" min:"1" max:"100"`
	// Highest part of the disk bytes once the shards of a lost node or zone are rebuilt on the
	// others.
	DiskRebuilt strict.Value[unit.Fraction] `yaml:"disk_rebuilt" min:"0.01" max:"1"`
	Snapshotted
	// Where the index may be kept; without it whichever is cheaper.
	Storage []string `yaml:"storage" enum:"gp3|local"`
}

// Figures of Elasticsearch that are no inputs.
const (
	// maxHeap is where Elasticsearch's automatic sizing stops (its source,
	// MachineDependentHeap) and keeps object pointers compressed, which ends
	// near 32 GB; where it ends for zero-based ones, 26 to 30 GB, depends on the
	// system (Elasticsearch Guide 7.11, "Advanced configuration settings"; MODEL
	// section 5).
	maxHeap = 31 << 30
	// searchBlock is what one random read of a segment takes; judged.
	searchBlock = 16 << 10
	// recoveryRate is what a node receives of shards that move to it
	// (Elasticsearch Guide, "Index recovery settings":
	// indices.recovery.max_bytes_per_sec is 40mb but on cold and frozen nodes).
	recoveryRate = 40 << 20
)

// sourceOfNodes is what Elastic says of a node's hardware: "less than 8 GB tends to
// be counterproductive (you end up needing many, many small machines)", 16 and 32
// GB are common, two to eight cores, and medium-to-large machines rather than small
// ones.
const sourceOfNodes = "Elasticsearch: The Definitive Guide, \"Hardware\""

// Keeps says that it has indexes or logs, and perhaps masters that only lead.
func (*Search) Keeps() workload.Keeping {
	return workload.Keeping{Data: true, Roles: []string{"master"}}
}

type searchKind struct{}

func (searchKind) Word() string { return "search" }

func (searchKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeAll, Fails: spec.(*Search).fails}
}

// fails: an index can be made again from what it is an index of, lines of a log are nowhere
// else. Masters decide where there are any, else all nodes do.
func (s *Search) fails(c *Task, l *Layout) Failing {
	stated := 0
	if s.Replicas != nil {
		stated = 1 + counted(s.Replicas)
	}
	pieces, copies := c.divided(l, stated, 2)
	f := equals(l, pieces, copies)
	f.Keeps, f.Mirrored, f.Acks = s.Role == "logs", true, 1
	f.Copied, f.Detects = s.Snapshotted.of(c), []string{"failover.elasticsearch.silent"}
	f.Roles = keeping(1)
	if slices.ContainsFunc(l.Pools, func(p Pool) bool { return p.Role == "master" }) {
		f.Roles = append([]FailingRole{{Name: "master", Votes: 1}}, keeping(0)...)
	}
	return f
}

func (searchKind) Spec() any {
	return &Search{
		Role: "index", Version: "8.x",
		Corpus:    defaultCorpus(),
		MinVCPU:   given(unit.Count(2), sourceOfNodes),
		MinMemory: given(unit.Bytes(16<<30), sourceOfNodes),
		Dedicated: defaultDedicated(),
		ZoneAware: given(true, "Elasticsearch Guide, \"Shard allocation awareness\""),
		CPUIndex: given(unit.Duration(75e-6), "4 vCPU of m7g.xlarge for 59,617 − 6,751 documents/s (mean less a "+
			"standard deviation): Rally geonames, append, one copy; pricing/hardware/measured_throughput.csv"),
		CPUQuery:      judged(unit.Duration(0.010), "a full-text query with a few filters on some million documents"),
		CPUShard:      judged(unit.Duration(0), "small beside the query itself"),
		Reference:     judged(DefaultReference, "a current general-purpose type that was measured"),
		ReadsPerQuery: judged(unit.Count(2), "most of the index that queries touch is in memory"),
		Amplification: judged(unit.Count(5), "translog and segment once each, and about three merges"),
		DiskRebuilt:   given(unit.Fraction(0.85), "Elasticsearch: cluster.routing.allocation.disk.watermark.low"),
		Snapshotted:   defaultSnapshotted(),
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
// section 5): 1:16 for search, 1:30 for hot and 1:160 for warm logs.
func (s *Search) dataPerMemory() float64 {
	guidance := unit.Count(30)
	switch {
	case s.Role == "index":
		guidance = 16
	case s.Tier == "warm":
		guidance = 160
	}
	return stated(s.RAMRatio, guidance)
}

// shardTarget is the size of a primary shard: OpenSearch guidance in
// limits/cluster_guidance.csv, 30 GiB for search and 50 GiB for logs.
func (s *Search) shardTarget(x *catalog.SearchLimits) float64 {
	if s.Role == "logs" {
		return stated(s.ShardTarget, x.ShardSizeLogsMax)
	}
	return stated(s.ShardTarget, x.ShardSizeSearchMax)
}

// heap is what Elasticsearch gets of a node's memory.
func heap(t *catalog.NodeType) float64 { return math.Min(maxHeap, float64(t.Memory)/2) }

// shardsPerNode is how many shards a node may hold: cluster.max_shards_per_node
// and, before 8.3, guidance for each GiB of heap.
func (s *Search) shardsPerNode(x *catalog.SearchLimits, t *catalog.NodeType) float64 {
	n := float64(x.ShardsPerNode)
	if s.heapBoundsShards() {
		n = math.Min(n, math.Max(1, math.Floor(float64(x.ShardsPerHeapGiB)*heap(t)/gib)))
	}
	return n
}

func (searchKind) Prepare(c *Task) (Sizer, error) {
	spec, limits := c.Component.Spec.(*Search), &c.Limits.Search
	s := &index{c: c, storages: storagesOf(spec.Storage, "gp3", VolumeLocal), zoneAware: spec.ZoneAware.V,
		masters: masters{c: c, spec: &spec.Dedicated}, perMemory: spec.dataPerMemory(),
		shardTarget: spec.shardTarget(limits), clusterNodes: int(stated(spec.ClusterNodes, limits.NodesPerCluster)),
		perDoc: float64(spec.CPUIndex.V), perQuery: float64(spec.CPUQuery.V), perShard: float64(spec.CPUShard.V),
		readsPerQuery: float64(spec.ReadsPerQuery.V), amplification: float64(spec.Amplification.V),
		rebuilt: float64(spec.DiskRebuilt.V)}
	var err error
	if s.ref, err = c.reference(spec.Reference); err != nil {
		return nil, err
	}
	s.least = c.leastNode(catalog.Least{VCPU: spec.MinVCPU.V, Memory: spec.MinMemory.V}, "", nil, nil)
	s.least.small, s.least.unsteady = remark.New("search.small"), remark.New("search.burstable")
	replicas := 1 + int(math.Ceil(stated(spec.Replicas, 0)))
	s.copies, err = c.copies(spec.Replicas, replicas, 2, "an index without replicas", "replicas to 1")
	if err != nil {
		return nil, err
	}
	for _, r := range c.Regions {
		if c.Policy.Zone && r.Zones < 3 { // too few to keep two of three master-eligible nodes
			return nil, &Rejection{Resource: "zones", Need: 3, Have: float64(r.Zones),
				Why: remark.New("search.two_zones", "in", r.Name)}
		}
	}
	s.perNode = func(t *catalog.NodeType) float64 { return spec.shardsPerNode(limits, t) }
	s.memorySteps = func(t *catalog.NodeType) []remark.Step {
		return []remark.Step{needOf(capacity.Memory, remark.Derive("heap", "MODEL section 5, search",
			unit.Bytes(heap(t)), "min(31 GiB, {memory} / 2)", "memory", t.Memory))}
	}
	s.corpus = newCorpus(c, &spec.Corpus, spec.Role == "logs")
	s.locate(&spec.Snapshotted)
	return s, nil
}
