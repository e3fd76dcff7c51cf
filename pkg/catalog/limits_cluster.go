package catalog

import (
	"math"

	"headroom/pkg/diag"
	"headroom/pkg/unit"
)

// KafkaLimits are MSK quotas and guidance, used for brokers of any kind.
type KafkaLimits struct {
	partitions           []partitionStep // by vCPU, ascending
	PartitionsPerCluster unit.Count
	MaxBrokerCPU         unit.Fraction // recommended, user and system
	MaxStoragePerBroker  unit.Bytes
	Broker               Least // the smallest that MSK advises for production; not burstable
}

type partitionStep struct {
	vcpu  int
	count unit.Count
}

// PartitionsPerBroker is how many partition replicas, leaders and followers, a
// broker of so many vCPUs should hold: the figure of the largest MSK m5 broker
// that is not larger, and of the smallest one below it.
func (k *KafkaLimits) PartitionsPerBroker(vcpu int) unit.Count {
	n := unit.Count(0)
	for i, s := range k.partitions {
		if i == 0 || s.vcpu <= vcpu {
			n = s.count
		}
	}
	return n
}

// SearchLimits are guidance for Elasticsearch and OpenSearch.
type SearchLimits struct {
	ShardsPerNode      unit.Count // hard default, cluster.max_shards_per_node
	ShardsPerHeapGiB   unit.Count // Elasticsearch before 8.3
	ShardSizeSearchMax unit.Bytes
	ShardSizeLogsMax   unit.Bytes
	NodesPerCluster    unit.Count // data nodes; what OpenSearch Service allows unless asked for more
}

// QuorumLimits are etcd's guidance for the members of a group that decides by
// majority.
type QuorumLimits struct {
	classes []quorumClass // by rate of requests, ascending; the last has no upper end
}

type quorumClass struct {
	name   string
	below  unit.EventRate
	member Least
}

// Member is the machine for so many requests a second from all clients, and what
// the guidance calls such a cluster.
func (q *QuorumLimits) Member(requests unit.EventRate) (Least, string) {
	var c quorumClass
	for _, c = range q.classes {
		if requests <= c.below {
			break
		}
	}
	return c.member, c.name
}

// mskSizes are the broker sizes of the guidance, ascending; their vCPUs are
// those of the EC2 type of the same name.
var mskSizes = [...]string{"m5.large", "m5.xlarge", "m5.2xlarge", "m5.4xlarge", "m5.8xlarge", "m5.12xlarge",
	"m5.16xlarge", "m5.24xlarge"}

func (x *Limits) clusters(l *limitTable, types []NodeType) {
	for _, name := range mskSizes {
		n := l.count("Kafka (MSK) maximum partitions per broker, kafka."+name, "partitions")
		t, ok := findType(types, name)
		if !ok {
			l.ps.Addf(diag.Pos{File: typesTable}, "add the type; it gives the vCPUs of the Kafka guidance",
				"type %s is missing", name)
			continue
		}
		x.Kafka.partitions = append(x.Kafka.partitions, partitionStep{t.VCPU, n})
	}
	x.Kafka.PartitionsPerCluster = l.count("Kafka partitions per cluster", "partitions")
	x.Kafka.MaxBrokerCPU = l.percent("Kafka (MSK) recommended maximum broker CPU")
	x.Kafka.MaxStoragePerBroker = l.bytes("Kafka (MSK) maximum storage per broker", "GiB")
	const broker = "Kafka (MSK) smallest broker for production, "
	x.Kafka.Broker = Least{l.count(broker+"vCPU", "vCPU"), l.bytes(broker+"memory", "GiB")}

	const size = "OpenSearch recommended shard size, "
	x.Search = SearchLimits{
		ShardsPerNode:      l.count("Elasticsearch 7.x and later, OpenSearch: shards per node", "shards"),
		ShardsPerHeapGiB:   l.count("Elasticsearch recommended maximum shards per GB of heap", "shards/GB"),
		ShardSizeSearchMax: l.bytes(size+"search latency, maximum", "GiB"),
		ShardSizeLogsMax:   l.bytes(size+"write-heavy or logs, maximum", "GiB"),
		NodesPerCluster:    l.count("OpenSearch Service instances per domain", "instances"),
	}
	x.Quorum = etcdClasses(l)
}

// etcdClasses are etcd's four sizes of clusters.
func etcdClasses(l *limitTable) (q QuorumLimits) {
	for _, name := range []string{"small", "medium", "large", "xLarge"} {
		row := "etcd " + name + " cluster, "
		c := quorumClass{name: name, below: unit.EventRate(math.Inf(1)),
			member: Least{l.count(row+"vCPU of a member", "vCPU"), l.bytes(row+"memory of a member", "GB")}}
		if name != "xLarge" {
			c.below = l.rate(row+"requests below", "requests/s")
		}
		q.classes = append(q.classes, c)
	}
	return q
}
