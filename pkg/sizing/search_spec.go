package sizing

import (
	"strconv"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Search is a search cluster such as Elasticsearch, as an index of the
// system's data or as a store of logs (docs/model.md section 5, search). Nodes and
// their disks are sized for the lead month, the number of primary shards for the
// horizon.
type Search struct {
	strict.At
	Role          string                       `yaml:"role" enum:"index|logs" doc:"index: documents made from the system's data; logs: log lines, deleted after retention."`
	Version       string                       `yaml:"version" pattern:"^[1-9][0-9]?\\.([0-9]{1,2}|x)$" says:"a version such as 8.13 or 7.x" doc:"Version of Elasticsearch; before 8.3 the heap bounds the shards of a node."`
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
	Replicas      *strict.Value[unit.Count]    `yaml:"replicas" min:"0" max:"10" doc:"Least copies beside each primary shard, more where that is cheaper; without it 1 where the loss of a node or zone must be survived, else 0."`
	ShardTarget   *strict.Value[unit.Bytes]    `yaml:"shard_target" doc:"Size of a primary shard; without it 30 GiB for an index, 50 GiB for logs."`
	RAMRatio      *strict.Value[unit.Count]    `yaml:"data_per_memory" min:"1" max:"10000" doc:"Bytes on a node's disks for a byte of its memory; without it 16 for an index, 30 for hot and 160 for warm logs."`
	MinVCPU       strict.Value[unit.Count]     `yaml:"min_vcpu" min:"1" doc:"Least vCPUs of a data node."`
	MinMemory     strict.Value[unit.Bytes]     `yaml:"min_memory" doc:"Least memory of a data node; half of it is heap, at most 31 GiB."`
	DedicatedFrom strict.Value[unit.Count]     `yaml:"dedicated_from" min:"1" doc:"Data nodes of a cluster from which on three masters do nothing else."`
	MasterVCPU    strict.Value[unit.Count]     `yaml:"master_vcpu" min:"1" doc:"Least vCPUs of a dedicated master."`
	MasterMemory  strict.Value[unit.Bytes]     `yaml:"master_memory" doc:"Least memory of a dedicated master."`
	ClusterNodes  *strict.Value[unit.Count]    `yaml:"cluster_nodes" min:"3" doc:"Most data nodes of a cluster, beyond which there is another one; without it what OpenSearch Service allows."`
	ZoneAware     strict.Value[bool]           `yaml:"zone_aware" doc:"Whether a cluster that survives the loss of a zone has as many nodes in each, and the copies of a shard in different ones."`
	CPUIndex      strict.Value[unit.Duration]  `yaml:"cpu_index" doc:"CPU time to index one copy of a document or log line, on one vCPU of the reference type."`
	CPUQuery      strict.Value[unit.Duration]  `yaml:"cpu_query" doc:"CPU time of one query of an index of one shard, on one vCPU of the reference type."`
	CPUShard      strict.Value[unit.Duration]  `yaml:"cpu_shard" doc:"CPU time of a query for each further primary shard: it visits all of them."`
	Reference     strict.Value[string]         `yaml:"reference" offer:"types" doc:"Instance type on which CPU times were measured."`
	ReadsPerQuery strict.Value[unit.Count]     `yaml:"reads_per_query" min:"0" doc:"Random reads from disk of one query: what memory does not hold."`
	Amplification strict.Value[unit.Count]     `yaml:"write_amplification" min:"1" max:"100" doc:"Bytes written to disk for a byte of the index: translog, segments and merges."`
	DiskRebuilt   strict.Value[unit.Fraction]  `yaml:"disk_rebuilt" min:"0.01" max:"1" doc:"Highest part of the disk bytes once the shards of a lost node or zone are rebuilt on the others."`
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
	// loss of one: two of them agree (Elasticsearch Guide, "Quorum-based decision
	// making").
	masters = 3
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
		MinVCPU:       given(unit.Count(2), sourceOfNodes),
		MinMemory:     given(unit.Bytes(16<<30), sourceOfNodes),
		DedicatedFrom: judged(unit.Count(6), "below, masters have little to do and each node counts"),
		MasterVCPU:    judged(unit.Count(2), "masters keep the state of the cluster, and carry no load"),
		MasterMemory:  judged(unit.Bytes(8<<30), "masters keep the state of the cluster, and carry no load"),
		ZoneAware:     given(true, "Elasticsearch Guide, \"Shard allocation awareness\""),
		CPUIndex: given(unit.Duration(75e-6), "4 vCPU of m7g.xlarge for 59,617 − 6,751 documents/s (mean less a "+
			"standard deviation): Rally geonames, append, one copy; pricing/hardware/measured_throughput.csv"),
		CPUQuery:      judged(unit.Duration(0.010), "a full-text query with a few filters on some million documents"),
		CPUShard:      judged(unit.Duration(0), "small beside the query itself"),
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

// clusterNodes is how many data nodes a cluster has at most.
func (s *Search) clusterNodes(x *catalog.SearchLimits) int {
	return int(stated(s.ClusterNodes, x.NodesPerCluster))
}

// perQuery is the CPU time of a query that visits so many primary shards, in
// seconds of the reference's CPU.
func (s *Search) perQuery(shards int) float64 {
	return float64(s.CPUQuery.V) + float64(float64(shards-1)*float64(s.CPUShard.V))
}
