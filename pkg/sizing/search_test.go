package sizing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/drawn"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// searched is a search index of 100 GiB of source, queried by every tenth read.
const searched = commerce + `
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {search: {per_read: 0.1, request: 1KB, response: 3KB},
    work: {per_write: 1, request: 1KB}}}
  work: {kind: stateless, scope: all, cpu: 1ms, calls: {search: {per_write: 1, request: 1KB}}}
  search: {kind: search, source: 100GiB, storage: [gp3]}
`

var onGP3 = Storage{Volume: "gp3"}

// decided is the limit that decided a region's pool.
func decided(t testing.TB, l *Layout, region int, role string) RegionLimit {
	t.Helper()
	var out []RegionLimit
	for _, lim := range l.Limits {
		if lim.Binding && lim.Region == region && lim.Role == role {
			out = append(out, lim)
		}
	}
	require.Len(t, out, 1)
	return out[0]
}

func fitSearch(t testing.TB, src, node string) *Layout {
	t.Helper()
	s := testSystem(t, testCatalog(t), src)
	l, rej := fit(t, s, "search", node, onGP3)
	require.Nil(t, rej)
	l.Detail()
	return l
}

func TestSearchIndexHoldsItsData(t *testing.T) {
	// 100 GiB × 1.1 = 110 GiB: ⌈110/30⌉ = 4 primary shards, 2 copies, 220 GiB.
	// One query a tenth of 4,125 reads/s, half of them here: 206.25/s × 10 ms =
	// 2.06 vCPU, and 41.67 writes/s × 75 us × 2 copies = 0.006; alone 4.13.
	// r7g.xlarge (32 GiB): 512 GiB of data a node, so three nodes for the
	// masters' sake carry all.
	l := fitSearch(t, searched, "r7g.xlarge")
	require.Equal(t, 3, l.Pools[0].Max)
	require.Len(t, l.Pools, 2)
	require.Equal(t, "nodes", decided(t, l, 0, "").Of.Name)
	require.Contains(t, words.Say(l.Structure[0]), "4 primary shards × 2 copies")
	// Of 8 copies one node has 3. Disk: 220 × 3/8/0.80 = 103.1 GiB, or with a node's
	// shards on the other two 220/2/0.85 = 129.4: 130 GiB each.
	require.InDelta(t, 3*130, usageOf(l, 0, "ebs", "gp3 storage"), 1e-9)
	// Snapshots: 110 GiB × (1 + 6 × 0.05).
	require.InDelta(t, 143, usageOf(l, 1, "s3", "standard storage"), 1e-6)
	// Replicas receive 41.67/s × 500 B of all regions' writes.
	require.InDelta(t, 41.6666667*500*2628000, float64(l.Crossings[0].Bytes), 1e3)
}

func TestSearchMemoryBindsAndIsTight(t *testing.T) {
	// c7g.large has 4 GiB: × 16 = 64 GiB of data a node, two of the eight copies of
	// 27.5 GiB. So four nodes have all, and one more as a lost node's shards are
	// rebuilt: 5.
	src := strings.Replace(searched, "storage: [gp3]",
		"storage: [gp3], cpu_query: 1ms, min_memory: 4GiB, survive: [node, region]", 1)
	l := fitSearch(t, src, "c7g.large")
	require.Equal(t, 5, l.Pools[0].Max)
	lim := decided(t, l, 0, "")
	require.Equal(t, "memory for the data", lim.Of.Name)
	require.Equal(t, capacity.NodeLost, lim.State)
	require.LessOrEqual(t, lim.Need, lim.Have*lim.Target)
	require.Equal(t, [2]int{2, 8}, [2]int{lim.Most, lim.Parts})
	// Where the zone must be survived too there are as many nodes in each of three.
	src = strings.Replace(src, "survive: [node, region]", "survive: [node, zone]", 1)
	require.Equal(t, 6, fitSearch(t, src, "c7g.large").Pools[0].Max)
	src = strings.Replace(src, "storage:", "zone_aware: false, storage:", 1)
	require.Equal(t, 6, fitSearch(t, src, "c7g.large").Pools[0].Max, "four are left of six, but not of five")
}

func TestSearchQueriesAreEachRegionsOwn(t *testing.T) {
	l := fitSearch(t, searched, "r7g.xlarge")
	// Of 8 copies the busiest of three nodes has 3: as if all did 9/8 of it.
	for _, lim := range l.Limits {
		if lim.Of.Name == "cpu" && lim.State == capacity.Own {
			require.InDelta(t, (4125*0.1/2*0.01+41.6666667*75e-6*2)*9/8, lim.Need, 1e-4)
		}
		if lim.Of.Name == "cpu" && lim.State == capacity.RegionLost {
			require.InDelta(t, (4125*0.1*0.01+41.6666667*75e-6*2)*9/8, lim.Need, 1e-4)
		}
	}
	// The index is the same with one region: each has all of it.
	one := fitSearch(t, strings.Replace(searched, "{name: us-east-1}, {name: us-west-2}", "{name: us-east-1}", 1),
		"r7g.xlarge")
	require.Equal(t, usageOf(one, 0, "ebs", "gp3 storage"), usageOf(l, 0, "ebs", "gp3 storage"))
}

func TestSearchWithoutRedundancy(t *testing.T) {
	// Only the other region is to take over: one node, one copy of 110 GiB,
	// 110/0.80 = 137.5: 138 GiB. It fits r7g.2xlarge (8 vCPU): with the other
	// region lost 4.13 vCPU of 8 × 0.85.
	l := fitSearch(t, strings.Replace(searched, "storage:", "survive: [region], storage:", 1), "r7g.2xlarge")
	require.Equal(t, 1, l.Pools[0].Max)
	require.InDelta(t, 138, usageOf(l, 0, "ebs", "gp3 storage"), 1e-9)
	require.Empty(t, l.Crossings)
}

func TestSearchLogs(t *testing.T) {
	// 4,166.67/s × 500 B = 2.08333 MB/s, half here, for 7 days: 630 GB × 1.1 =
	// 693 GB: ⌈693e9 / 50 GiB⌉ = ⌈12.91⌉ = 13 shards; 1,386 GB with replicas.
	// r7g.2xlarge: 64 GiB × 30 = 1,920 GiB a node: three nodes by masters.
	src := commerce + `
  web: {kind: stateless, entry: true, cpu: 6ms}
  search: {kind: search, role: logs}
`
	l := fitSearch(t, src, "r7g.2xlarge")
	require.Equal(t, 3, l.Pools[0].Max)
	require.Contains(t, words.Say(l.Structure[0]), "13 primary shards")
	// A lost node: 1,386/2/0.85 = 815.3 GB = 759.3 GiB. (A lost region for a day,
	// (1,386 + 1.04167 MB/s × 86,400 s × 2.2)/3/0.85 = 621 GB, is less.)
	require.InDelta(t, 3*760, usageOf(l, 0, "ebs", "gp3 storage"), 1e-9)

	// A rate that is given, for one region, with half of the users there.
	l = fitSearch(t, strings.Replace(src, "role: logs", "role: logs, ingest: 4166667B/s", 1), "r7g.2xlarge")
	require.Contains(t, words.Say(l.Structure[0]), "26 primary shards")
}

func TestSearchShardsBeforeVersion8point3(t *testing.T) {
	// 4 GiB of heap × 20 = 80 shards a node; 100 GiB × 1.1 in shards of 1 GiB are
	// 110, 220 with replicas: three nodes, of six where one may be lost and each
	// zone has as many. From 8.3 on, 1,000 a node.
	src := strings.Replace(searched, "storage: [gp3]",
		"storage: [gp3], cpu_query: 1ms, min_memory: 8GiB, data_per_memory: 100, "+
			"shard_target: 1GiB, version: \"7.17\"", 1)
	l := fitSearch(t, src, "m7g.large")
	require.Equal(t, 6, l.Pools[0].Max)
	require.Equal(t, "shards", decided(t, l, 0, "").Of.Name)
	require.Equal(t, 3, fitSearch(t, strings.Replace(src, "7.17", "8.3", 1), "m7g.large").Pools[0].Max)
}

// The memory of a node serves more than as many volumes as an instance takes hold:
// their bytes decide, and are marked.
func TestSearchVolumesAtTheirMost(t *testing.T) {
	v, ok := testSystem(t, testCatalog(t), searched).Limits.Volume("gp3")
	require.True(t, ok)
	// In the normal state 80 % of the volumes of a node: 5.5 times as much source
	// × 1.1 × 2 takes 12.1 / 0.80 = 15.1: 16 nodes. With a zone lost 12.1 / 0.85 =
	// 14.2: 15 left of 24, of which each of three zones has 8.
	source := fmt.Sprintf("source: %.0fB, data_per_memory: 10000, shard_target: 10TiB, cpu_query: 1ms",
		5.5*float64(v.MaxSize)*maxVolumes)
	l := fitSearch(t, strings.Replace(searched, "source: 100GiB", source, 1), "r7g.16xlarge")
	require.Equal(t, 24, l.Pools[0].Max)
	lim := decided(t, l, 0, "")
	require.Equal(t, capacity.DiskBytes, lim.Of)
	require.Equal(t, capacity.ZoneLost, lim.State)
	require.Equal(t, 24, lim.Nodes)
	require.LessOrEqual(t, lim.Need, lim.Have*lim.Target)
	rolesSayPools(t, l)
}

// rolesSayPools checks that the roles of a layout, one for each cluster, ask for the
// nodes that it has.
func rolesSayPools(t require.TestingT, l *Layout) {
	type role struct {
		region int
		name   string
	}
	asked := map[role]int{}
	for _, r := range l.Roles {
		n, _ := r.Least()
		asked[role{r.Region, r.Name}] += n
	}
	require.Len(t, asked, len(l.Pools))
	for _, p := range l.Pools {
		require.Equal(t, p.Max, asked[role{p.Region, p.Role}])
	}
}

func TestSearchRejections(t *testing.T) {
	c := testCatalog(t)
	s := testSystem(t, c, searched)
	for small, of := range map[string]string{
		"t4g.xlarge": "steady CPU", "m7g.medium": "vCPU", "c7g.xlarge": "memory"} {
		_, rej := fit(t, s, "search", small, onGP3)
		require.NotNil(t, rej)
		require.Equal(t, of, rej.Resource)
	}
	asked := testSystem(t, c, strings.Replace(searched, "storage:", "allow: {families: [t4g]}, storage:", 1))
	_, rej := fit(t, asked, "search", "t4g.xlarge", onGP3)
	require.Nil(t, rej)
	_, rej = fit(t, s, "search", "r7g.xlarge", Storage{Volume: VolumeLocal})
	require.NotNil(t, rej)
	require.Contains(t, rej.Error(), "disks")

	prepareErr := func(src string) error {
		s := testSystem(t, c, src)
		comp, _ := s.Profile.Component("search")
		_, err := searchKind{}.Prepare(s.Task(comp))
		return err
	}
	two := strings.Replace(searched, "{name: us-east-1}", "{name: us-east-1, zones: 2}", 1)
	require.ErrorContains(t, prepareErr(two), "two of the three master-eligible")
	require.ErrorContains(t, prepareErr(strings.Replace(searched, "storage:", "replicas: 0, storage:", 1)), "does not")
	require.ErrorContains(t, prepareErr(strings.Replace(searched, "storage:", "reference: m7g.huge, storage:", 1)),
		"m7g.huge")
}

func TestSearchQuerySLO(t *testing.T) {
	slow := fitSearch(t, strings.Replace(searched, "storage:", "slo: {p99: 1s}, storage:", 1), "r7g.xlarge")
	fast := fitSearch(t, strings.Replace(searched, "storage:", "slo: {p99: 50ms}, storage:", 1), "r7g.xlarge")
	require.GreaterOrEqual(t, fast.Pools[0].Max, slow.Pools[0].Max)
	s := testSystem(t, testCatalog(t), strings.Replace(searched, "storage:", "slo: {p99: 10ms}, storage:", 1))
	_, rej := fit(t, s, "search", "r7g.xlarge", onGP3)
	require.NotNil(t, rej, "p99 of a 10 ms exponential service is 46 ms without any wait")
	require.Equal(t, "response time", rej.Resource)
}

// TestSearchSurvives recomputes what is left after each loss, from the demand
// alone, and that nothing shrinks as the load grows.
func TestSearchSurvives(t *testing.T) {
	c := testCatalog(t)
	machines := []struct {
		name    string
		storage Storage
	}{{"m7g.xlarge", onGP3}, {"r7g.xlarge", onGP3}, {"c7g.2xlarge", onGP3}, {"i4i.xlarge", onGP3},
		{"i4i.xlarge", Storage{Volume: VolumeLocal}}}
	size := func(users int, role, node string, st Storage) *Layout {
		src := strings.Replace(searched, "users: 2500", "users: "+unit.Count(users).String(), 1)
		src = strings.Replace(src, "session: 30min", "session: 30min, stored_per_write: 10KB", 1)
		src = strings.Replace(src, "source: 100GiB, storage: [gp3]", "role: "+role, 1)
		s := testSystem(t, c, src)
		l, rej := fit(t, s, "search", node, st)
		if rej != nil {
			return nil
		}
		l.Detail()
		return l
	}
	drawn.CheckMost(t, 0.05, func(rt *rapid.T) bool {
		users := rapid.IntRange(0, 200_000).Draw(rt, "users")
		more := users + rapid.IntRange(0, 200_000).Draw(rt, "more")
		role := rapid.SampledFrom([]string{"index", "logs"}).Draw(rt, "role")
		machine := rapid.SampledFrom(machines).Draw(rt, "machine")
		node, st := machine.name, machine.storage
		a, b := size(users, role, node, st), size(more, role, node, st)
		if a == nil {
			require.Nil(rt, b, "more load fits where less does not")
			return false
		}
		n := a.Pools[0].Max
		require.GreaterOrEqual(rt, n, 3)
		rolesSayPools(rt, a)
		require.True(rt, b == nil || b.Pools[0].Max >= n)
		rate := float64(users) * 100 / 60
		bytes := rate / 100 * 10e3 * 2628000 * 4 * 1.1 * 2 // four months' writes of both regions, replicas
		if role == "logs" {
			bytes = rate / 100 * 1e3 * 604800 * 1.1 * 2 // a week of what the workers send, of both regions
		}
		nodeType, _ := c.NodeType(node)
		disk := float64(nodeType.Local.Bytes) * float64(n)
		if st == onGP3 {
			disk = usageOf(a, 0, "ebs", "gp3 storage") * (1 << 30)
		}
		require.LessOrEqual(rt, bytes, disk*0.80*(1+1e-6))
		require.LessOrEqual(rt, bytes, disk*float64(n-1)/float64(n)*0.85*(1+1e-6), "a node's shards rebuilt")
		require.LessOrEqual(rt, bytes, disk*2/3*0.85*(1+1e-6), "a zone's shards rebuilt")
		require.Zero(rt, n%3)
		require.LessOrEqual(rt, bytes, float64(nodeType.Memory)*float64(n)*2/3*map[string]float64{"index": 16,
			"logs": 30}[role]*(1+1e-6))
		found := 0
		for _, lim := range a.Limits {
			require.LessOrEqual(rt, lim.Need, lim.Have*lim.Target*(1+1e-6), "%s, %s", lim.Of.Name, lim.State)
			if lim.Binding && lim.Region == 0 && lim.Role == "" {
				found++
				require.Equal(rt, n, lim.Nodes)
			}
		}
		require.Equal(rt, 1, found)
		return true
	})
}

func BenchmarkSearchFit(b *testing.B) {
	s := testSystem(b, testCatalog(b), searched)
	_, sizer := prepare(b, s, "search")
	t, _ := s.Catalog.NodeType("r7g.xlarge")
	b.ReportAllocs()
	for b.Loop() {
		if _, rej := sizer.Fit(t, onGP3); rej != nil {
			b.Fatal(rej)
		}
	}
}

func BenchmarkTransferPrepare(b *testing.B) {
	s := testSystem(b, testCatalog(b), threeTiers)
	for b.Loop() {
		prepare(b, s, "move")
	}
}
