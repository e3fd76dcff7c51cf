package main

import "fmt"

func searchCopies() caseTable {
	return caseTable{
		title: "Few copies on more nodes",
		source: "Arithmetic: one primary and one replica are two copies, so that of three nodes two work. The " +
			"figure is the CPU of queries alone, on the node with the most copies.",
		cases: []truthCase{
			{file: "es-one-shard-1000", of: "es", what: busiest(), theirs: "half of the queries a copy",
				right: atMost(60)},
		},
	}
}

func kafka() caseTable {
	const msk, zones = "msk-100-1000b-free", "kafka-zones-55"
	return caseTable{
		title: "Kafka on MSK",
		source: "[Best practices](https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html) and " +
			"the sizing sheet of Amazon MSK: brokers in multiples of the zones.",
		cases: []truthCase{
			{file: msk, of: "kafka", what: vcpus(), theirs: "48", right: within(48, 2)},
			{file: msk, of: "kafka", what: uneven(), theirs: "0", right: exactly(0)},
			{file: zones, of: "kafka", what: uneven(), theirs: "9 brokers", right: exactly(0)},
		},
	}
}

// capacityModels says where Netflix's answers are.
const capacityModels = "[service-capacity-modeling](https://github.com/Netflix-Skunkworks/service-capacity-modeling), "

// reserved says what their costs are.
const reserved = " Costs are those of three years reserved, without traffic."

func netflixServices() caseTable {
	const small, large = "nflx-java-4166", "nflx-java-60k"
	t := caseTable{
		title:  "Netflix: services and logs",
		source: capacityModels + "what its own tests expect. Its model of Kafka's CPU is another one." + reserved,
		cases: []truthCase{
			{file: small, of: "app", what: vcpus(), theirs: "3 × c7a.2xlarge", right: between(16, 32)},
			{file: large, of: "app", what: vcpus(), theirs: "15–100", right: between(15, 100)},
			{file: large, of: "app", what: thousandsAYear(), theirs: "10–20", right: between(10, 20)},
			{file: "nflx-kafka-500m", of: "kafka", what: thousandsAYear(), theirs: "85, for 99 × i7ie.large",
				right: within(85, 2)},
			{file: "nflx-kafka-1g", of: "kafka", what: thousandsAYear(), theirs: "< 200", right: atMost(200)},
			{file: "nflx-kafka-2800m", of: "kafka", what: thousandsAYear(), theirs: "50–205", right: between(50, 205)},
			{file: "nflx-kafka-2800m", of: "kafka", what: vcpus(), theirs: "120–200 a zone",
				right: between(3*120, 3*200)},
		},
	}
	for _, file := range []string{"nflx-kafka-500m", "nflx-kafka-1g", "nflx-kafka-2800m"} {
		t.cases = append(t.cases,
			truthCase{file: file, of: "kafka", what: uneven(), theirs: "0", right: exactly(0)},
			truthCase{file: file, of: "kafka", what: nodeVCPUs(), theirs: "2 and more", right: atLeast(2)},
			truthCase{file: file, of: "kafka", what: nodeGiB(), theirs: "16 and more", right: atLeast(8)})
	}
	return t
}

func netflixStores() caseTable {
	const es, pg, small, mid, zk = "nflx-es-1t", "nflx-pg-500", "nflx-aurora-small", "nflx-aurora-mid", "nflx-zk"
	return caseTable{
		title:  "Netflix: stores",
		source: capacityModels + "what its own tests expect, and what it gives." + reserved,
		cases: []truthCase{
			{file: es, of: "es", what: thousandsAYear(), theirs: "9.2", right: within(9.2, 2)},
			{file: es, of: "es", what: nodeVCPUs(), theirs: "2 and more", right: atLeast(2)},
			{file: es, of: "es", what: nodeGiB(), theirs: "24 and more", right: atLeast(24)},
			{file: pg, of: "db", what: nodeVCPUs(), theirs: "8 (db.r6g.2xlarge)", right: within(8, 2)},
			{file: pg, of: "db", what: nodeGiB(), theirs: "64 (db.r6g.2xlarge)", right: within(64, 2)},
			{file: pg, of: "db", what: nodes(), theirs: "2", right: exactly(2)},
			{file: small, of: "db", what: nodeVCPUs(), theirs: "4–12", right: between(4, 12)},
			{file: small, of: "db", what: nodeGiB(), theirs: "10–64", right: between(10, 64)},
			{file: mid, of: "db", what: nodeVCPUs(), theirs: "about 16 (db.r5.4xlarge)", right: within(16, 2)},
			{file: mid, of: "db", what: nodeGiB(), theirs: "about 128 (db.r5.4xlarge)", right: within(128, 2)},
			{file: zk, of: "zk", what: nodes(), theirs: "3", right: exactly(3)},
			{file: zk, of: "zk", what: nodeVCPUs(), theirs: "4 (c5d.xlarge)", right: within(4, 2)},
			{file: zk, of: "zk", what: nodeGiB(), theirs: "8 (c5d.xlarge)", right: within(8, 2)},
		},
	}
}

func operators() caseTable {
	return caseTable{
		title: "What operators do",
		source: "Anybody who runs PostgreSQL writes 10 GB to one primary. An agent's licence or an hour a month " +
			"for each machine make few machines better than many small ones.",
		cases: []truthCase{
			{file: "writes-2500", of: "db", what: writers(), theirs: "1", right: exactly(1)},
			{file: "shop-30k", of: "web", what: nodes(), theirs: "fewer, larger ones", right: atMost(30)},
			{file: "shop-30k", of: "web", what: nodeVCPUs(), theirs: "fewer, larger ones", right: atLeast(2)},
		},
	}
}

func arithmetic() caseTable {
	return caseTable{
		title: "What must plan, and what must not",
		source: "Arithmetic, and the regions as they are: with 24 partitions the workers of 30 times the writes " +
			"keep up; two shards cost 2 % more than seven; eu-west-3 has three zones; `cpu_by_class` says what " +
			"`cpu` would say.",
		cases: []truthCase{
			{file: "medium-30-writes", what: plans(), theirs: "24 partitions do", right: isSo()},
			{file: "medium-46k", what: plans(), theirs: "", right: isSo()},
			{file: "medium-46k", of: "db", what: writers(), theirs: "2 at 2 % more than 7", right: atMost(2)},
			{file: "zones-6-paris", what: refused("3 zones"), theirs: "3 zones", right: isSo()},
			{file: "cbc", what: plans(), theirs: "", right: isSo()},
		},
	}
}

func nginx() caseTable {
	t := caseTable{
		title: "nginx: cores of one machine",
		source: "[F5's test of core scaling](https://www.nginx.com/blog/" +
			"testing-the-performance-of-nginx-and-nginx-plus-web-servers/), HTTPS with 1 KB: 178,000, 360,000, " +
			"690,000, 1,208,000 and 1,240,000 requests a second on 4, 8, 16, 32 and 36 cores. The program's " +
			"figures are its law of contention at full load, with the default for HTTP. Right is within 5 %.",
	}
	const four = 178.0
	for _, row := range []struct{ cores, rate float64 }{{8, 360}, {16, 690}, {32, 1208}, {36, 1240}} {
		x := row.rate / four
		t.cases = append(t.cases, truthCase{of: "nginx", what: scaling(row.cores), theirs: fmt.Sprintf("%.2f", x),
			right: between(0.95*x, 1.05*x)})
	}
	return t
}
