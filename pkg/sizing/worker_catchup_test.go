package sizing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/words"
)

// lateSource is a system in which workers read a log and call a store. 60,000
// users ask twice a minute and write half of it: 1,000 reads and 1,000 writes a
// second. An outage of four hours is worked off within one: o/h = 4.
func lateSource(users, webCalls, log, worker, store string) string {
	return fmt.Sprintf(`
apiVersion: headroom/v1
name: late
regions: [{name: us-east-1}]
horizon: 0
peak: {users: %s, requests_per_user: 2/min, write_ratio: 50%%, stored_per_write: 200B}
policy: {survive: [], reserve: {cpu: 0}}
curve: {preset: flat}
components:
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {events: {per_write: 1, request: 1KB}%s}}
  events: {kind: log, storage: [gp3], %s calls: {green: {per_write: 1, request: 1KB, mode: async}}}
  green: {kind: worker, cpu: 1ms, wait: 0, outage: 4h, catch_up: 1h, %s}
  %s
`, users, webCalls, log, worker, store)
}

// lateLimit finds a limit of the first region's nodes without a role or of the
// primary; nil where there is none.
func lateLimit(l *Layout, resource string, state capacity.State) *RegionLimit {
	for i := range l.Limits {
		if x := &l.Limits[i]; x.Of.Name == resource && x.State == state && x.Region == 0 &&
			(x.Role == "" || x.Role == "primary") {
			return x
		}
	}
	return nil
}

// needs asserts a limit while workers catch up, which may take everything.
func needs(t *testing.T, l *Layout, resource string, need float64) {
	t.Helper()
	x := lateLimit(l, resource, capacity.CatchUp)
	require.NotNil(t, x, resource)
	require.InEpsilon(t, need, x.Need, 1e-6, resource)
	require.InDelta(t, 1, x.Target, 1e-12, resource)
	require.LessOrEqual(t, x.Need, x.Have*(1+1e-9), resource)
	require.Equal(t, "green works off 4h within 1h", words.Say(x.Why))
}

// brokerMB is CPU of the reference for 1 MB: four vCPUs took 1035.68 MiB/s, with a
// spread of 165.5017.
const brokerMB = 4e6 / ((1035.68 - 165.5017) * (1 << 20))

const lateDB = "db: {kind: database, cpu_read: 1ms, cpu_write: 1ms, write_operations: 1, replay: 30%, " +
	"scalability: {sigma: 0}, storage: [gp3]}"

func TestCatchUpOfDatabase(t *testing.T) {
	c := testCatalog(t)
	// 1,000 messages a second write 1,000 times × 1 ms: 1 vCPU, which m7g.xlarge
	// with 4 carries at 25 %. While four hours are worked off in one, it is
	// 5 × 1,000 × 1 ms = 5 vCPU of 4.
	src := lateSource("60000", "", "", "calls: {db: {per_write: 1, request: 1KB, response: 100B}}", lateDB)
	_, rej := fit(t, testSystem(t, c, src), "db", "m7g.xlarge", onGP3)
	require.NotNil(t, rej)
	require.Equal(t, "cpu of writes", rej.Resource)
	require.InDelta(t, 5, rej.Need, 1e-9)
	require.InDelta(t, 4, rej.Have, 1e-9)
	require.Contains(t, rej.Error(), "while workers catch up")

	l, rej := fit(t, testSystem(t, c, src), "db", "m7g.4xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	needs(t, l, "cpu", 5)
	needs(t, l, "network in", 5*1e6)
	needs(t, l, "network out", 5*100e3)
	// Each write is one operation on a table and one on the journal, which its
	// 600 B are within: 2,000/s; 10,000/s to catch up, which are bought, as
	// 2,000/0.60 are less.
	needs(t, l, "disk iops", 5*2000)
	require.InDelta(t, 10000, lateLimit(l, "disk iops", capacity.CatchUp).Have, 1e-9)
	needs(t, l, "EBS iops", 5*2000)
	// What else binds is as it was: at 60 % of the own load, and bytes.
	require.InDelta(t, 1, lateLimit(l, "cpu", capacity.Own).Need, 1e-9)
	require.InDelta(t, 0.60, lateLimit(l, "cpu", capacity.Own).Target, 1e-12)
	require.Nil(t, lateLimit(l, "memory", capacity.CatchUp))
	require.Nil(t, lateLimit(l, "disk bytes", capacity.CatchUp))
	require.Nil(t, lateLimit(l, "connections", capacity.CatchUp))

	// Users' reads do not grow: 1,000/s × 1 ms + 5 × 1 vCPU.
	l, rej = fit(t, testSystem(t, c, strings.Replace(src, "events: {per_write: 1, request: 1KB}",
		"events: {per_write: 1, request: 1KB}, db: {per_read: 1}", 1)), "db", "m7g.4xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	needs(t, l, "cpu", 6)

	// Without an outage to catch up with there is no such state.
	l, rej = fit(t, testSystem(t, c, strings.Replace(src, "outage: 4h", "outage: 0", 1)), "db", "m7g.xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	require.Nil(t, lateLimit(l, "cpu", capacity.CatchUp))
}

// What stands by replays what the primary writes, on one thread: 5,000 writes/s
// × 1 ms × 0.3 = 1.5 vCPU of 1. It is sized as the primary.
func TestCatchUpOfReplay(t *testing.T) {
	src := strings.Replace(lateSource("60000", "", "", "calls: {db: {per_write: 1}}", lateDB), "survive: []",
		"survive: [node]", 1)
	_, rej := fit(t, testSystem(t, testCatalog(t), src), "db", "m7g.4xlarge", onGP3)
	require.NotNil(t, rej)
	require.Equal(t, "replay", rej.Resource)
	require.InEpsilon(t, 1.5, rej.Need, 1e-9)
	l, rej := fit(t, testSystem(t, testCatalog(t), strings.Replace(src, "cpu_read:", "replay_threads: 4, cpu_read:",
		1)), "db", "m7g.4xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	needs(t, l, "replay", 1.5)
	require.InEpsilon(t, 5, limit(t, l, "cpu of writes", capacity.CatchUp, "standby").Need, 1e-9)
}

// Every region's workers write to the one primary, and read at the replicas.
func TestCatchUpReadsWhereReadsGo(t *testing.T) {
	src := strings.NewReplacer("[{name: us-east-1}]", twoRegions, "survive: []", "survive: [region]",
		"kind: database,", "kind: database, reads: replicas, replay_threads: 16,").
		Replace(lateSource("6000", "", "", "calls: {db: {per_write: 1, reads_per_write: 20, response: 1KB}}", lateDB))
	l, rej := fit(t, testSystem(t, testCatalog(t), src), "db", "m7g.xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	// 100 writes/s, in two regions: 200/s × 1 ms × 5 at the primary.
	needs(t, l, "cpu", 1)
	// 20 reads each, 4,000/s × 1 ms = 4 vCPU at the replicas: ⌈4/(2.4 − 0.06)⌉ =
	// 2 nodes. Catching up 20 vCPU, beside 5 × 0.06 at each node of 4: 6 nodes.
	require.Equal(t, Fixed(0, "replica", 6), l.Pools[1])
	b := bindings(l, "replica")
	require.Equal(t, capacity.CatchUp, b[0].State)
	require.InEpsilon(t, 20+6*0.3, b[0].Need, 1e-9)
	require.InEpsilon(t, 6*4, b[0].Have, 1e-9)
	require.InDelta(t, 1, b[0].Target, 1e-12)
	// At the nearest, each region has half of it: 10 vCPU, and 1 of writes at the
	// primary: 3 nodes.
	l, rej = fit(t, testSystem(t, testCatalog(t), strings.Replace(src, "reads: replicas", "reads: nearest, replicas: 1",
		1)), "db", "m7g.xlarge", onGP3)
	require.Nil(t, rej)
	require.Equal(t, Fixed(0, "replica", 2), l.Pools[1])
}

// A sharded database gets as many shards as catching up asks for.
func TestCatchUpShards(t *testing.T) {
	src := strings.Replace(lateSource("60000", "", "", "calls: {db: {per_write: 1}}", lateDB), "storage: [gp3]}",
		"storage: [gp3], memory_per_connection: 0}", 1)
	_, sizer := prepare(t, testSystem(t, testCatalog(t), src), "db")
	nt, _ := testCatalog(t).NodeType("m7g.xlarge")
	l, rej := built(t, sizer.(*store), 1).Fit(nt, onGP3)
	require.Nil(t, rej)
	l.Detail()
	// 5 vCPU on nodes of 4: two shards.
	require.Equal(t, Fixed(0, "primary", 2), l.Pools[0])
	b := bindings(l, "primary")
	require.Len(t, b, 1)
	require.Equal(t, "cpu of writes", b[0].Of.Name)
	require.Equal(t, capacity.CatchUp, b[0].State)
}

// An index of 4,995 queries and 10 documents a second: only indexing grows.
func TestCatchUpOfSearch(t *testing.T) {
	size := func(outage string) *Layout {
		src := strings.NewReplacer("requests_per_user: 2/min, write_ratio: 50%",
			"requests_per_user: 1/s, write_ratio: 0.1%", "outage: 4h", "outage: "+outage).
			Replace(lateSource("5000", ", index: {per_read: 1, request: 1KB, response: 1KB}", "",
				"calls: {index: {per_write: 2, request: 1KB}}",
				"index: {kind: search, storage: [gp3], source: 1GiB, cpu_index: 0.2ms}"))
		l, rej := fit(t, testSystem(t, testCatalog(t), src), "index", "m7g.xlarge", onGP3)
		require.Nil(t, rej)
		l.Detail()
		return l
	}
	// 4,995 × 10 ms + 10 × 0.2 ms = 49.952 vCPU. At 60 % a node carries
	// 4·0.6/(1 + 0.015·0.6) − 0.1 = 2.279: 22 nodes with a shard each. Five times
	// the documents: 49.96 vCPU, of which a node carries 4/1.015 − 0.1 = 3.841,
	// again one shard of 22.
	l := size("4h")
	require.Equal(t, Fixed(0, "", 22), l.Pools[0])
	require.Equal(t, size("15min").Pools, l.Pools)
	b := decided(t, l, 0, "")
	require.Equal(t, "cpu", b.Of.Name)
	require.Equal(t, capacity.Own, b.State)
	require.InDelta(t, 0.60, b.Target, 1e-12)
	needs(t, l, "cpu", 49.96)
	require.Equal(t, 22, lateLimit(l, "cpu", capacity.CatchUp).Nodes)
	needs(t, l, "network in", (4995+5*10)*1e3)
	// Two random reads of 16 KiB a query; 50 × 500 B × 1.1 × 5 written.
	needs(t, l, "EBS bandwidth", 4995*2*16384+50*500*1.1*5)
	require.InEpsilon(t, 4995*2*16384+50*500*1.1*5, lateLimit(l, "disk throughput", capacity.CatchUp).Need, 1e-6)
	require.Nil(t, lateLimit(l, "memory for the data", capacity.CatchUp))

	// Where documents are nearly all, catching up decides: 10,000/s × 0.2 ms =
	// 2 vCPU, one node of m7g.xlarge; 10 vCPU, ⌈10/4⌉ = 3.
	src := lateSource("60000", "", "", "calls: {index: {per_write: 10, request: 100B}}",
		"index: {kind: search, storage: [gp3], source: 1GiB, indexed: 0, document_bytes: 10B, cpu_index: 0.2ms}")
	l, rej := fit(t, testSystem(t, testCatalog(t), src), "index", "m7g.xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	require.Equal(t, Fixed(0, "", 3), l.Pools[0])
	require.Equal(t, capacity.CatchUp, decided(t, l, 0, "").State)
}

// Log lines that workers send grow, those of others do not.
func TestCatchUpOfLogLines(t *testing.T) {
	src := lateSource("60000", ", lines: {per_write: 1, request: 100B}", "",
		"calls: {lines: {per_write: 1, request: 100B}}",
		"lines: {kind: search, role: logs, cpu_index: 0.2ms, INGEST storage: [gp3]}")
	for ingest, total := range map[string]float64{"": 200e3, "ingest: 400KB/s, ": 400e3} {
		l, rej := fit(t, testSystem(t, testCatalog(t), strings.Replace(src, "INGEST", ingest, 1)), "lines",
			"m7g.4xlarge", onGP3)
		require.Nil(t, rej)
		l.Detail()
		// Half of all lines five times: lines of 500 B × 0.2 ms.
		needs(t, l, "cpu", 3*total/500*0.2e-3)
		needs(t, l, "network in", 3*total)
	}
}

// Producers send no faster: only what the workers read out of the log grows.
func TestCatchUpOfLog(t *testing.T) {
	src := lateSource("60000", "", "hot_window: 1min, retention: 6h, topics: {changes: {rate: 100MB/s}},", "",
		"idle: {kind: stateless, cpu: 1ms}")
	l, rej := fit(t, testSystem(t, testCatalog(t), src), "events", "m7g.xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	// One copy, one group: 100 MB/s in, 100 MB/s out; 500 MB/s out to catch up.
	// CPU: of the copy, the group and what is read again, by bytes and by batches, of which
	// a message of 100 KB is one.
	needs(t, l, "network out", 500e6)
	needs(t, l, "cpu", (100+500)*brokerMB+6000*20e-6)
	for _, resource := range []string{"network in", "memory", "EBS bandwidth", "EBS iops", "disk throughput",
		"disk iops", "disk bytes"} {
		require.NotNil(t, lateLimit(l, resource, capacity.Own), resource)
		require.Nil(t, lateLimit(l, resource, capacity.CatchUp), resource)
	}
	require.InEpsilon(t, 100e6, lateLimit(l, "network out", capacity.Own).Need, 1e-9)
	// m7g.xlarge sends 234.5 MB/s: ⌈500/234.5⌉ = 3 brokers. The own load takes
	// ⌈100/(0.6 · 156.25)⌉ = 2 of EBS bandwidth.
	require.Equal(t, Fixed(0, "", 3), l.Pools[0])
	b := binding(t, l, 0)
	require.Equal(t, "network out", b.Of.Name)
	require.Equal(t, capacity.CatchUp, b.State)
	require.Equal(t, 3, b.Nodes)

	// A lost broker's 20 % stay as they are, and apart from it.
	lossy := strings.Replace(src, "survive: []", "survive: [node]", 1)
	l, rej = fit(t, testSystem(t, testCatalog(t), lossy), "events", "m7g.2xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	require.Equal(t, 3, l.Pools[0].Max)
	// T(F + RF′ − 1), two of three brokers left
	require.InEpsilon(t, 1.2*200e6, lateLimit(l, "network out", capacity.NodeLost).Need, 1e-9)
	needs(t, l, "network out", 300e6+400e6)
}

// One outage stops all: what several workers bring adds up, each by its own o/h.
func TestCatchUpAddsUp(t *testing.T) {
	src := strings.NewReplacer("calls: {green: {per_write: 1, request: 1KB, mode: async}}",
		"calls: {green: {per_write: 1, mode: async}, red: {per_write: 1, mode: async}}",
		"  green:", "  red: {kind: worker, cpu: 1ms, outage: 2h, catch_up: 1h, calls: {db: {per_write: 1}}}\n  green:").
		Replace(lateSource("60000", "", "hot_window: 1min, retention: 6h, topics: {changes: {rate: 10MB/s}},",
			"calls: {db: {per_write: 1}}", lateDB))
	s := testSystem(t, testCatalog(t), src)
	l, rej := fit(t, s, "db", "m7g.4xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	// 2 × 1,000 writes/s × 1 ms, and 4 + 2 times 1,000.
	x := lateLimit(l, "cpu", capacity.CatchUp)
	require.InEpsilon(t, 2+4+2, x.Need, 1e-9)
	require.Equal(t, "red works off 2h within 1h; green works off 4h within 1h", words.Say(x.Why))
	l, rej = fit(t, s, "events", "m7g.xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	// Two groups read 10 MB/s each, and 4 + 2 times 10 MB/s.
	require.InEpsilon(t, 80e6, lateLimit(l, "network out", capacity.CatchUp).Need, 1e-9)
	// As many groups as stated: one, by halves, has a mean of (4 + 2)/2.
	l, rej = fit(t, testSystem(t, testCatalog(t), strings.Replace(src, "hot_window:", "groups: 1, hot_window:", 1)),
		"events", "m7g.xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	require.InEpsilon(t, 10e6+30e6, lateLimit(l, "network out", capacity.CatchUp).Need, 1e-9)
}

// A log that workers write to takes more in while they catch up, and its disks.
func TestCatchUpOfWrittenLog(t *testing.T) {
	src := lateSource("60000", "", "", "calls: {out: {per_write: 1, request: 100KB, mode: async}}",
		"out: {kind: log, groups: 1, hot_window: 10s, retention: 1h, storage: [gp3]}")
	l, rej := fit(t, testSystem(t, testCatalog(t), src), "out", "m7g.4xlarge", onGP3)
	require.Nil(t, rej)
	l.Detail()
	needs(t, l, "network in", 500e6)
	needs(t, l, "network out", 500e6)
	needs(t, l, "cpu", 5*(2*100*brokerMB+2*1000*20e-6))
	needs(t, l, "EBS bandwidth", 500e6)
	// m7g.4xlarge: 625 MB/s of EBS bandwidth; one broker. gp3 has 125 MiB/s and
	// more is bought: 500 MB/s = 476.8 MiB/s, on what one volume gives.
	require.Equal(t, 1, l.Pools[0].Max)
	require.InEpsilon(t, 477.0/1024, usageOf(l, 0, "ebs", "gp3 provisioned throughput"), 1e-9)
}

// A thread of a worker keeps a connection to each database that it calls.
func TestWorkersAreClients(t *testing.T) {
	c := testCatalog(t)
	src := lateSource("60000", "", "consumers: 48,", "calls: {db: {per_write: 1}}", lateDB)
	connections := func(src string) (need float64, nodes int) {
		s := testSystem(t, c, src)
		_, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
		require.Nil(t, rej)
		w, rej := fit(t, s, "green", "m7g.xlarge", Storage{})
		require.Nil(t, rej)
		l, rej := fit(t, s, "db", "m7g.4xlarge", onGP3)
		require.Nil(t, rej)
		l.Detail()
		return limit(t, l, "connections", capacity.Always, "primary").Need, w.Pools[0].Max
	}
	// 1,000 messages/s × 1 ms × 5 = 5 vCPU while catching up: two nodes of four
	// threads; × 1.25 for a rolling deploy + 10. Web does not call the database.
	need, nodes := connections(src)
	require.Equal(t, 2, nodes)
	require.InDelta(t, 2*4*1*1.25+10, need, 1e-9)
	need, _ = connections(strings.Replace(src, "wait: 0", "wait: 0, threads: 6, pool: 3", 1))
	require.InDelta(t, 2*6*3*1.25+10, need, 1e-9)
}

// Disks that carry the own load at 60 % and the backlog at 100 % are as large as
// the worse of both asks for, not the sum of the worst parts.
func TestCatchUpOfDisks(t *testing.T) {
	s := testSystem(t, testCatalog(t), lateSource("1", "", "", "", lateDB))
	v, ok := s.Limits.Volume("gp3")
	require.True(t, ok)
	own := diskLoad{Reads: 1000, Writes: 1000}
	// 2,000/0.6 = 3,333 operations/s; 1,000 + 2,000 are fewer, 1,000 + 5,000 more.
	for _, x := range []struct{ late, want diskLoad }{
		{diskLoad{Reads: 600, Writes: 1200}, own},
		{diskLoad{Reads: 600, Writes: 3000}, diskLoad{Reads: 600, Writes: 3000}},
		// more bytes, fewer operations: neither may fall short
		{diskLoad{Reads: 600, In: 60e6}, diskLoad{Reads: 1000, Writes: 1000, In: 60e6}},
	} {
		require.Equal(t, x.want, worseOf(onGP3, v, 8192, &own, &x.late))
	}
	// Local disks are what they are: all of their writes, and no more.
	c := &Task{Policy: Rules{Own: 0.6, Degraded: 0.85, Disk: 0.8}, Limits: s.Limits}
	nt, _ := s.Catalog.NodeType("i4i.xlarge")
	_, write := nt.LocalIOPS()
	local := Storage{Volume: VolumeLocal}
	_, rej := c.disks(nt, local, &diskNeed{Block: 8192, Own: own, Late: diskLoad{Writes: write.V}})
	require.Nil(t, rej)
	_, rej = c.disks(nt, local, &diskNeed{Block: 8192, Own: own, Late: diskLoad{Writes: write.V * 1.01}})
	require.NotNil(t, rej)
	require.Equal(t, "disk iops", rej.Resource)
	_, rej = c.disks(nt, Storage{Volume: "none such"}, &diskNeed{Late: own})
	require.Equal(t, "storage", rej.Resource)
}
