package main

import "fmt"

// truthTables are all cases, by source.
func truthTables() []caseTable {
	return []caseTable{gitlab(), mattermost(), keycloak(), mastodon(), etcd(), searchLogs(), searchCopies(), kafka(),
		netflixServices(), netflixStores(), operators(), arithmetic(), nginx()}
}

// gitlab is fitted on one figure: the CPU of a page of rails, on 10,000 users.
func gitlab() caseTable {
	t := caseTable{
		title: "GitLab",
		source: "[Reference architectures](https://docs.gitlab.com/administration/reference_architectures/) for " +
			"3,000 to 25,000 users, tables of machines. The number of nodes is not a claim; the vCPUs are. The CPU " +
			"of a page of `rails` was fitted on 10,000 users. Right is a database within one size of the table's, " +
			"in one piece.",
	}
	for _, row := range []struct {
		users        string
		nodes, vcpus float64 // of rails
		db           float64 // vCPU of a server
	}{{"3k", 3, 8, 2}, {"5k", 3, 16, 4}, {"10k", 3, 36, 8}, {"25k", 5, 36, 16}} {
		file := "gitlab-" + row.users + "-c5m5"
		fitted := row.users == "10k"
		by := 2.0
		if fitted {
			by = 1.5
		}
		t.cases = append(t.cases,
			truthCase{file: file, of: "rails", what: vcpus(), theirs: fmt.Sprintf("%g × %g vCPU", row.nodes, row.vcpus),
				right: within(row.nodes*row.vcpus, by), fitted: fitted},
			truthCase{file: file, of: "pg", what: nodeVCPUs(), theirs: fmt.Sprintf("%g", row.db),
				right: within(row.db, 2)},
			truthCase{file: file, of: "pg", what: writers(), theirs: "1", right: exactly(1)})
	}
	const free = "gitlab-10k-free"
	for _, of := range []string{"rails", "pg", "sidekiq", "consul"} {
		t.cases = append(t.cases, truthCase{file: free, of: of, what: generalFamily(), theirs: "c5, m5",
			right: isSo()})
	}
	t.cases = append(t.cases,
		truthCase{file: free, of: "pg", what: nodeVCPUs(), theirs: "8", right: between(4, 16)})
	return t
}

func mattermost() caseTable {
	t := caseTable{
		title: "Mattermost",
		source: "[Scaling " +
			"guide](https://docs.mattermost.com/administration-guide/scale/scaling-for-enterprise.html): one " +
			"writer with up to five readers at any size, vCPUs of both in all. The CPU of a call was fitted on " +
			"30,000 users.",
	}
	for _, row := range []struct {
		users   string
		app, db float64 // vCPU in all
	}{{"2k", 4, 4}, {"15k", 8, 8}, {"30k", 16, 16}, {"50k", 40, 40}, {"80k", 64, 64}, {"100k", 96, 96}} {
		file := "mattermost-" + row.users + "-same"
		fitted := row.users == "30k"
		t.cases = append(t.cases,
			truthCase{file: file, of: "app", what: vcpus(), theirs: fmt.Sprintf("%g", row.app),
				right: within(row.app, 2), fitted: fitted},
			truthCase{file: file, of: "db", what: vcpus(), theirs: fmt.Sprintf("%g", row.db),
				right: within(row.db, 2), fitted: fitted},
			truthCase{file: file, of: "db", what: writers(), theirs: "1", right: exactly(1)})
	}
	return t
}

func keycloak() caseTable {
	const file = "keycloak-1"
	return caseTable{
		title: "Keycloak",
		source: "[Concepts for sizing CPU and memory](https://www.keycloak.org/high-availability/single-cluster/" +
			"concepts-memory-and-cpu-sizing), its worked example. The CPU of each sort of request is the guide's.",
		cases: []truthCase{
			{file: file, of: "kc", what: nodeVCPUs(), theirs: "3–7.5 a pod", right: atLeast(2)},
			{file: file, of: "kc", what: nodeGiB(), theirs: "1.25 a pod and more", right: atLeast(4)},
			{file: file, of: "db", what: nodeVCPUs(), theirs: "2–4", right: atMost(8)},
			{file: file, of: "db", what: writers(), theirs: "1", right: exactly(1)},
		},
	}
}

func mastodon() caseTable {
	return caseTable{
		title: "Mastodon",
		source: "[Documentation of 2017](https://github.com/felx/mastodon-documentation) on mastodon.social: 11,000 " +
			"requests a minute on four servers of eight cores.",
		cases: []truthCase{
			{file: "mastodon-social-2017", what: vcpus(), theirs: "4 × 8 cores", right: between(16, 48)},
		},
	}
}

func etcd() caseTable {
	t := caseTable{
		title:  "etcd",
		source: "[Hardware recommendations](https://etcd.io/docs/v3.6/op-guide/hardware/), small and large cluster.",
	}
	for _, row := range []struct {
		file string
		gib  float64
		says string
	}{{"etcd-small", 8, "2 vCPU, 8 GB (m4.large)"}, {"etcd-large", 32, "8 vCPU, 32 GB (m4.2xlarge)"}} {
		t.cases = append(t.cases,
			truthCase{file: row.file, of: "etcd", what: notBurstable(), theirs: row.says, right: isSo()},
			truthCase{file: row.file, of: "etcd", what: nodeGiB(), theirs: row.says, right: within(row.gib, 2)})
	}
	return t
}

func searchLogs() caseTable {
	t := caseTable{
		title: "Log indexes",
		source: "Disks by [AWS's rule](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/" +
			"bp-storage.html), data × copies × 1.45; nodes by " +
			"[Elastic's hardware page](https://www.elastic.co/guide/en/elasticsearch/guide/current/hardware.html), " +
			"medium to large machines and none below 8 GB; at most 80 data nodes a cluster, " +
			"[OpenSearch Service's " +
			"limit](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html).",
	}
	for _, row := range []struct {
		file string
		gb   float64
		says string
	}{{"es-logs-100gb-30d", 8700, "4–6 nodes of 64 GB"}, {"es-logs-5000gb-30d", 435000, "at most 80 a cluster"}} {
		what := diskGB()
		t.cases = append(t.cases,
			truthCase{file: row.file, of: "es", what: what, theirs: what.say(row.gb), right: within(row.gb, 2)},
			truthCase{file: row.file, of: "es", what: nodeVCPUs(), theirs: row.says, right: atLeast(2)},
			truthCase{file: row.file, of: "es", what: nodeGiB(), theirs: row.says, right: atLeast(16)},
			truthCase{file: row.file, of: "es", what: clusterNodes(), theirs: row.says, right: atMost(80)})
	}
	return t
}
