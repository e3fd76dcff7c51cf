package sizing

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/workload"
)

// logProfile is a system of a web tier, a log and workers. spec are more keys
// of the log, one on each line.
func logProfile(users int, regions, survive, spec string) string {
	return fmt.Sprintf(`
apiVersion: headroom/v1
name: log-test
regions: %s
peak: {users: %d, requests_per_user: 100/min, writes_per_user: 1/min, response: 3KB, session: 30min, stored_per_write: 2KB}
policy: {survive: %s}
curve: {preset: flat}
components:
  web:
    kind: stateless
    entry: true
    cpu: 6ms
    calls: {events: {per_write: 1, request: 1KB, mode: async}}
  events:
    kind: log
    %s
    calls: {river: {per_write: 1, request: 1KB, mode: async}}
  river: {kind: worker, cpu: 10ms}
`, regions, users, survive, spec)
}

const (
	twoRegions = "[{name: us-east-1}, {name: us-west-2}]"
	oneRegion  = "[{name: us-east-1}]"
	allLosses  = "[node, zone, region]"
)

func binding(t *testing.T, l *Layout, region int) Limit {
	t.Helper()
	l.Detail()
	var out []Limit
	for _, x := range l.Limits {
		if x.Binding && x.Region == region {
			out = append(out, x)
		}
	}
	require.Len(t, out, 1)
	return out[0]
}

func TestLogByHand(t *testing.T) {
	s := testSystem(t, testCatalog(t), logProfile(0, twoRegions, allLosses,
		"groups: 2\n    retention: 1h\n    hot_window: 1min\n    topics: {changes: {rate: 100MB/s}}"))
	l, rej := fit(t, s, "events", "m7g.xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	// T = 100 MB/s, RF 3, F = 2, three zones. CPU of the cluster, 10 ms a MB:
	// received 3T, sent (2+3−1)T, 700 MB/s × 10 ms = 7 vCPU; with a zone lost
	// 20 % more, 8.4. A broker of 4 vCPU may use 60 %: ⌈8.4/2.4⌉ = 4 brokers
	// left, and 4 are left of 6. Own load: ⌈7/2.4⌉ = 3; EBS 300/(0.6·156.25)
	// = 3.2 → 4; memory 60 s × 300 MB = 18 GB / 12.5 GB = 2.
	require.Equal(t, []Pool{Fixed(0, "", 6), Fixed(1, "", 6)}, l.Pools)
	b := binding(t, l, 0)
	require.Equal(t, "cpu", b.Of.Name)
	require.Equal(t, capacity.ZoneLost, b.State)
	require.InDelta(t, 8.4, b.Need, 1e-9)
	require.InDelta(t, 16, b.Have, 1e-9)
	require.InDelta(t, 0.6, b.Target, 1e-12)
	// max(⌈100/10⌉, ⌈100/20⌉, 12) = 12 = 2 × 6 brokers.
	require.Equal(t, "12 partitions, RF 3", l.Structure[0])
	require.Equal(t, 12, l.Offers.Partitions)
	// An hour of 300 MB/s, a sixth on each broker: 180 GB / 0.8 = 209.5 GiB,
	// 210 whole ones.
	require.Equal(t, []Usage{
		{Region: 0, Service: "ebs", Item: "gp3 storage", Quantity: 6 * 210, Category: "storage", Label: "log disks"},
		{Region: 1, Service: "ebs", Item: "gp3 storage", Quantity: 6 * 210, Category: "storage", Label: "log disks"},
	}, l.Usage)
}

// What Fit says is recomputed from MODEL section 5 by other code: it carries
// the load in every state that the policy names, and one broker fewer does
// not.
func TestLogRecomputed(t *testing.T) {
	cat := testCatalog(t)
	types := []string{"m7g.large", "m7g.xlarge", "c7g.2xlarge", "r6i.large", "m5.xlarge"}
	survive := []string{allLosses, "[node]", "[zone]", "[region]", "[]"}
	drawn.Check(t, func(rt *rapid.T) {
		rate := rapid.Float64Range(0.01, 3000).Draw(rt, "MB/s")
		groups := rapid.IntRange(0, 5).Draw(rt, "groups")
		zones := rapid.IntRange(2, 4).Draw(rt, "zones")
		policy := rapid.SampledFrom(survive).Draw(rt, "survive")
		s := testSystem(t, cat, logProfile(0, fmt.Sprintf("[{name: us-east-1, zones: %d}]", zones), policy,
			fmt.Sprintf("groups: %d\n    retention: 10min\n    hot_window: 10s\n    topics: {a: {rate: %.6fMB/s}}",
				groups, rate)))
		name := rapid.SampledFrom(types).Draw(rt, "type")
		l, rej := fit(t, s, "events", name, Storage{Volume: "gp3"})
		require.Nil(rt, rej)
		nt, _ := cat.NodeType(name)
		ref, _ := cat.NodeType(DefaultReference)
		speed, err := cat.Speed(nt, catalog.ClassKafka, ref)
		require.NoError(rt, err)
		T := rate * 1e6
		rf := 1
		if strings.Contains(policy, "node") || strings.Contains(policy, "zone") {
			rf = 3
		}
		holds := func(b int) bool {
			if b < rf || b < 1 {
				return false
			}
			check := func(left int, factor, target float64) bool {
				if left < 1 {
					return false
				}
				r := math.Min(float64(rf), float64(left))
				in, out := T*r, T*(float64(groups)+r-1)
				if out < 0 {
					out = 0
				}
				n := float64(left) * (1 + 1e-6)
				cpu := math.Min(target, 0.6)
				return (in+T*(float64(groups)+r-1))*0.010/1e6*factor <= cpu*speed.RefVCPUs*n &&
					in*factor <= target*float64(nt.NetworkBaseline)*n &&
					out*factor <= target*float64(nt.NetworkBaseline)*n &&
					in*factor <= target*nt.EBS.BaselineThroughput.V*n &&
					in*10 <= (0.85*float64(nt.Memory)-float64(2<<30))*n
			}
			ok := check(b, 1, 0.6)
			if strings.Contains(policy, "node") {
				ok = ok && check(b-1, 1.2, 0.85)
			}
			if strings.Contains(policy, "zone") {
				ok = ok && check(b-(b+zones-1)/zones, 1.2, 0.85)
			}
			return ok
		}
		b := l.Pools[0].Max
		require.True(rt, holds(b), "%d brokers", b)
		if b > rf {
			require.False(rt, holds(b-1), "%d brokers would do", b-1)
		}
		require.Equal(rt, b, binding(t, l, 0).Nodes)
	})
}

// The roles that a layout shows are those by which it was sized.
func TestLogRoles(t *testing.T) {
	l, rej := fit(t, testSystem(t, testCatalog(t), logProfile(5_000_000, twoRegions, allLosses, "")),
		"events", "m7g.large", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	l.Detail()
	require.Len(t, l.Roles, 2)
	for i, r := range l.Roles {
		n, by := r.Least()
		require.Equal(t, l.Pools[i].Max, n)
		b := binding(t, l, i)
		require.Equal(t, b.Of, by.Of)
		require.Equal(t, b.State, by.State)
	}
}

func TestLogMonotone(t *testing.T) {
	cat := testCatalog(t)
	drawn.Check(t, func(rt *rapid.T) {
		a := rapid.IntRange(0, 5_000_000).Draw(rt, "users")
		b := a + rapid.IntRange(0, 5_000_000).Draw(rt, "more")
		st := rapid.SampledFrom([]Storage{{Volume: "gp3"}, {Volume: "st1"}}).Draw(rt, "storage")
		size := func(users int) (nodes int, gib float64, ok bool) {
			l, rej := fit(t, testSystem(t, cat, logProfile(users, twoRegions, allLosses, "message: 5KB")),
				"events", "m7g.large", st)
			if rej != nil {
				return 0, 0, false
			}
			for _, u := range l.Usage {
				gib += u.Quantity
			}
			return l.Pools[0].Max, gib, true
		}
		n, g, ok := size(a)
		require.True(rt, ok)
		m, h, ok := size(b)
		require.True(rt, ok)
		require.GreaterOrEqual(rt, m, n)
		// Rounding each disk up to a whole GiB may differ by one a broker.
		require.GreaterOrEqual(rt, h+float64(2*n), g)
	})
}

func TestLogWithoutLoad(t *testing.T) {
	cat := testCatalog(t)
	for _, x := range []struct {
		survive    string
		brokers    int
		structure  string
		warnings   int
		partitions int
	}{
		{allLosses, 3, "12 partitions, RF 3", 0, 12},
		{"[node]", 3, "12 partitions, RF 3", 0, 12},
		{"[region]", 1, "12 partitions, RF 1", 1, 12},
	} {
		l, rej := fit(t, testSystem(t, cat, logProfile(0, twoRegions, x.survive, "")), "events", "m7g.large",
			Storage{Volume: "gp3"})
		require.Nil(t, rej)
		require.Equal(t, x.brokers, l.Pools[1].Max, x.survive)
		require.Equal(t, "replicas", binding(t, l, 1).Of.Name)
		require.Equal(t, x.structure, l.Structure[0])
		require.Len(t, l.Warnings, x.warnings)
		require.Equal(t, x.partitions, l.Offers.Partitions)
		require.Empty(t, l.Flows)
	}
}

// Every region's log holds everything: a second region takes nothing off the
// first one's brokers, partitions or disks.
func TestLogSecondRegion(t *testing.T) {
	cat := testCatalog(t)
	one, rej := fit(t, testSystem(t, cat, logProfile(5_000_000, oneRegion, allLosses, "")), "events", "m7g.large",
		Storage{Volume: "st1"})
	require.Nil(t, rej)
	two, rej := fit(t, testSystem(t, cat, logProfile(5_000_000, twoRegions, allLosses, "")), "events", "m7g.large",
		Storage{Volume: "st1"})
	require.Nil(t, rej)
	require.Equal(t, one.Pools[0], two.Pools[0])
	require.Equal(t, one.Pools[0].Max, two.Pools[1].Max)
	require.Equal(t, one.Usage[0], two.Usage[0])
	require.Greater(t, one.Pools[0].Max, 3)
}

func TestLogPartitionReplicas(t *testing.T) {
	s := testSystem(t, testCatalog(t), logProfile(2500, oneRegion, allLosses,
		"topics: {a: {share: 50%, consumers: 1000}, b: {share: 50%, consumers: 1000}}"))
	l, rej := fit(t, s, "events", "m7g.xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	// A broker of 4 vCPU holds 1,000 replicas (MSK): 2 × 1000 × 3 / 1000 = 6,
	// but 1000 rounded up to a multiple of 6 is 1002, and 2·1002·3/6 = 1002.
	// Seven: 2·1001·3/7 = 858.
	require.Equal(t, 7, l.Pools[0].Max)
	b := binding(t, l, 0)
	require.Equal(t, "partition replicas", b.Of.Name)
	require.InDelta(t, 6006, b.Need, 1e-9)
	require.InDelta(t, 7000, b.Have, 1e-9)
	// 2,000 on 8 vCPU: 3 brokers, 1002 partitions a topic, 2004 > 2000; so 4.
	l, rej = fit(t, s, "events", "m7g.2xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	require.Equal(t, 4, l.Pools[0].Max)

	s = testSystem(t, testCatalog(t), logProfile(2500, oneRegion, allLosses, "topics: {a: {rate: 3000000MB/s}}"))
	comp, _ := s.Profile.Component("events")
	_, err := logKind{}.Prepare(s.Case(comp))
	require.ErrorContains(t, err, "partitions: needs 300,000, has 200,000")
}

func TestLogSpread(t *testing.T) {
	r := logRegion{partitions: []int{12, 7}, shares: []float64{0.9, 0.1}, structural: 3}
	require.Equal(t, []int{12, 9}, []int{r.spread(0, 3), r.spread(1, 3)}) // 7 → a multiple of 3
	// Fewer partitions than brokers stay (MODEL section 5), unless one of them
	// would be more than a broker's even share: 0.9·39 > 12, 0.1·39 < 7.
	require.Equal(t, []int{39, 7}, []int{r.spread(0, 39), r.spread(1, 39)})
	few := logRegion{partitions: []int{1}, shares: []float64{1}, structural: 3}
	require.Equal(t, 1, few.spread(0, 3))
}

// A topic with a part of the stream greater than its part of the partitions
// is read by fewer threads at once.
func TestLogParallel(t *testing.T) {
	r := logRegion{partitions: []int{12, 12}, shares: []float64{0.75, 0.25}, structural: 3}
	require.Equal(t, 16, r.parallel(3)) // 12/0.75, of 24 partitions
	r.shares = []float64{0.5, 0.5}
	require.Equal(t, 24, r.parallel(3))
}

func TestLogFlows(t *testing.T) {
	// 2,500 users write 2500/60 × 1 KB = 41,667 B/s, half in each region:
	// × 3600 × 730 = 109.5 GB a month.
	const month = 2500.0 / 60 * 1000 * 3600 * 730
	s := testSystem(t, testCatalog(t), logProfile(2500, twoRegions, allLosses, ""))
	l, rej := fit(t, s, "events", "m7g.large", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	got := map[string]float64{}
	for _, f := range l.Flows {
		got[fmt.Sprintf("%d-%d %s", f.From, f.To, f.What)] += float64(f.Bytes)
	}
	want := map[string]float64{}
	for _, r := range []string{"0-0", "1-1"} {
		want[r+" messages to events"] = month / 2 * 2 / 3 // two of three zones are others
		want[r+" copies within events"] = month * 2       // each copy in its own zone
		want[r+" consumers of events"] = month * 2 / 3    // one group
	}
	want["0-1 messages from other regions to events"] = month / 2
	want["1-0 messages from other regions to events"] = month / 2
	require.Len(t, got, len(want))
	for k, v := range want {
		require.InEpsilon(t, v, got[k], 1e-9, k)
	}
	// Consumers that read the copy in their own zone cross none; fewer zones
	// than copies: 3 copies × ½.
	s = testSystem(t, testCatalog(t),
		logProfile(2500, "[{name: us-east-1, zones: 2}]", allLosses, "fetch_nearest: true"))
	l, rej = fit(t, s, "events", "m7g.large", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	require.Len(t, l.Flows, 2)
	require.InEpsilon(t, month/2, float64(l.Flows[0].Bytes), 1e-9)
	require.InEpsilon(t, month*1.5, float64(l.Flows[1].Bytes), 1e-9)
	l.Detail()
	require.Len(t, l.Warnings, 1)
	require.Contains(t, l.Warnings[0], "2 zones")
}

func TestLogLocalDisks(t *testing.T) {
	s := testSystem(t, testCatalog(t), logProfile(0, oneRegion, allLosses, "hot_window: 1min\n"+
		"    topics: {changes: {rate: 10MB/s}}"))
	// 10 MB/s × 7 days × 3 = 18.1 TB at 80 %; d3.xlarge has three hard disks
	// of 2 TB (1980 GB each, 5.94 TB): ⌈18.144/4.752⌉ = 4 brokers.
	l, rej := fit(t, s, "events", "d3.xlarge", Storage{Volume: VolumeLocal})
	require.Nil(t, rej)
	require.Equal(t, "disk bytes", binding(t, l, 0).Of.Name)
	nt, _ := s.Catalog.NodeType("d3.xlarge")
	require.Equal(t, int(math.Ceil(10e6*7*24*3600*3/(0.8*float64(nt.Local.Bytes)))), l.Pools[0].Max)
	require.Empty(t, l.Usage)
	_, rej = fit(t, s, "events", "m7g.large", Storage{Volume: VolumeLocal})
	require.Equal(t, "local disks", rej.Resource)
}

// Where the changes of a database come from: its primary is in the first
// region only.
func TestLogFeed(t *testing.T) {
	cat := testCatalog(t)
	src := func(feed string) string {
		return fmt.Sprintf(`
apiVersion: headroom/v1
name: feed-test
regions: %s
peak: {users: 6000, requests_per_user: 1/min, write_ratio: 50%%, response: 3KB, session: 30min, stored_per_write: 2KB}
curve: {preset: flat}
components:
  db:
    kind: stateless
    scope: primary
    entry: true
    cpu: 6ms
    calls: {events: {per_write: 1, mode: async}}
  events: {kind: log, groups: 0, feed: %s}
`, twoRegions, feed)
	}
	// 50 writes a second; calls without bytes carry the new data, 2 KB each:
	// 100 KB/s, 262.8 GB a month.
	const month = 100e3 * 3600 * 730
	between := func(feed string) (inside, across float64) {
		l, rej := fit(t, testSystem(t, cat, src(feed)), "events", "m7g.large", Storage{Volume: "gp3"})
		require.Nil(t, rej)
		for _, f := range l.Flows {
			switch {
			case f.From != f.To:
				require.Equal(t, []int{0, 1}, []int{f.From, f.To})
				across += float64(f.Bytes)
			case strings.HasPrefix(f.What, "messages"):
				inside += float64(f.Bytes)
			}
		}
		return inside, across
	}
	inside, across := between("replica")
	require.InEpsilon(t, month*2*2/3, inside, 1e-9)
	require.Zero(t, across)
	inside, across = between("primary")
	require.InEpsilon(t, month*2/3, inside, 1e-9)
	require.InEpsilon(t, month, across, 1e-9)
}

// Brokers, partitions and disks are sized for the end of the horizon, and
// disks for the mean of the worst window that retention spans.
func TestLogHorizon(t *testing.T) {
	cat := testCatalog(t)
	size := func(head, spec string) (*Layout, float64) {
		src := strings.Replace(logProfile(0, oneRegion, allLosses, spec+"\n    topics: {a: {rate: 30MB/s}}\n"+
			"    hot_window: 10s"), "curve: {preset: flat}", head, 1)
		l, rej := fit(t, testSystem(t, cat, src), "events", "r7g.2xlarge", Storage{Volume: "gp3"})
		require.Nil(t, rej)
		l.Detail()
		gib := 0.0
		for _, u := range l.Usage {
			if u.Item == "gp3 storage" {
				gib += u.Quantity
			}
		}
		return l, gib
	}
	flat, gib := size("curve: {preset: flat}", "retention: 1d")
	require.Equal(t, "12 partitions, RF 3", flat.Structure[0])
	// 30 MB/s × 1 day × 3 / 0.8 = 9.72 TB = 9,052.4 GiB.
	require.InDelta(t, 9052.4, gib, 3)
	// 10 % a month for 12 months: × 3.138: 94.2 MB/s, ⌈94.2/10⌉ = 10 < 12, and
	// 28,410 GiB.
	_, grown := size("curve: {preset: flat}\ngrowth: {monthly: 10%}", "retention: 1d")
	require.InEpsilon(t, gib*math.Pow(1.1, 12), grown, 1e-3)
	// 20 % a month: × 8.916: 267.5 MB/s, 27 partitions, a multiple of brokers.
	more, _ := size("curve: {preset: flat}\ngrowth: {monthly: 20%}", "retention: 1d")
	b := more.Pools[0].Max
	require.Equal(t, fmt.Sprintf("%d partitions, RF 3", (27+b-1)/b*b), more.Structure[0])
	// Only office hours: a week's mean is less than the worst day's.
	_, day := size("curve: {preset: office-hours}", "retention: 1d")
	_, week := size("curve: {preset: office-hours}", "retention: 7d")
	require.Less(t, day, gib)
	require.Less(t, week, 7*day*0.99)
}

// The production model's small installation: one d2.xlarge, as access is
// linear; the other region has everything as well.
func TestLogOneBroker(t *testing.T) {
	cat := testCatalog(t)
	p, err := workload.Parse("test.yaml", []byte(logProfile(500, twoRegions, "[region]", "")), Specs(), os.ReadFile)
	require.NoError(t, err)
	v, err := cat.Vintage("2016-04-18")
	require.NoError(t, err)
	s, err := NewSystem(p.Demand(), v)
	require.NoError(t, err)
	l, rej := fit(t, s, "events", "d2.xlarge", Storage{Volume: VolumeLocal})
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "", 1), Fixed(1, "", 1)}, l.Pools)
	l.Detail()
	require.Equal(t, "12 partitions, RF 1", l.Structure[0])
	require.Contains(t, l.Warnings[0], "the other region's log has them")
	for _, x := range l.Limits {
		require.NotContains(t, x.Of.Name, "network") // not in the tables of 2016
	}
}

func TestLogRefuses(t *testing.T) {
	cat := testCatalog(t)
	for _, x := range []struct{ spec, want string }{
		{"topics: {a: {share: 50%}}", "add up to 50%"},
		{"topics: {a: {share: 50%, rate: 1MB/s}}", "one of share and rate"},
		{"producer_rate: 0", "above 0"},
	} {
		_, err := workload.Parse("test.yaml", []byte(logProfile(10, oneRegion, allLosses, x.spec)),
			Specs(), os.ReadFile)
		require.ErrorContains(t, err, x.want)
	}
	for _, x := range []struct{ spec, want string }{
		{"replication: 1", "which one copy does not"},
		{"replication: 2.5", "not a whole number"},
		{"slo: {p99: 10ms}", "response times are not computed"},
		{"reference: m7g.xlage", "is not known"},
	} {
		s := testSystem(t, cat, logProfile(10, oneRegion, allLosses, x.spec))
		comp, _ := s.Profile.Component("events")
		_, err := logKind{}.Prepare(s.Case(comp))
		require.ErrorContains(t, err, x.want)
	}
	s := testSystem(t, cat, logProfile(10, "[{name: us-east-1, zones: 1}]", allLosses, ""))
	_, rej := fit(t, s, "events", "m7g.large", Storage{Volume: "gp3"})
	require.Equal(t, "zones", rej.Resource)
}

func TestLogNeeds(t *testing.T) {
	cat := testCatalog(t)
	_, sizer := prepare(t, testSystem(t, cat, logProfile(10, twoRegions, allLosses, "")), "events")
	require.Equal(t, []Storage{{Volume: "gp3"}, {Volume: "st1"}, {Volume: "local"}}, sizer.Needs().Storages)
	require.Equal(t, []float64{3, 3}, sizer.Needs().MinNodes)
	_, sizer = prepare(t, testSystem(t, cat, logProfile(10, twoRegions, allLosses, "storage: [st1]\n"+
		"    replication: 5")), "events")
	require.Equal(t, []Storage{{Volume: "st1"}}, sizer.Needs().Storages)
	require.Equal(t, []float64{5, 5}, sizer.Needs().MinNodes)
}

// No load, however absurd, panics or counts beyond a million brokers.
func TestLogTooMuch(t *testing.T) {
	s := testSystem(t, testCatalog(t), logProfile(0, oneRegion, allLosses,
		"producer_rate: 1000000000MB/s\n    consumer_rate: 1000000000MB/s\n    topics: {a: {rate: 100000000000MB/s}}"))
	_, rej := fit(t, s, "events", "m7g.large", Storage{Volume: "gp3"})
	require.NotNil(t, rej)
	require.Equal(t, "cpu", rej.Resource)
	require.Greater(t, rej.Need, rej.Have)
	// Without its EBS bandwidth in the tables a type is not trusted with any.
	s = testSystem(t, testCatalog(t), logProfile(10, oneRegion, allLosses, ""))
	nt, ok := s.Catalog.NodeType("m7g.large")
	require.True(t, ok)
	blank := *nt
	blank.EBS = catalog.EBSLimits{}
	_, sizer := prepare(t, s, "events")
	_, rej = sizer.Fit(&blank, Storage{Volume: "gp3"})
	require.Equal(t, "EBS bandwidth", rej.Resource)
}

func BenchmarkLog(b *testing.B) {
	s := testSystem(b, testCatalog(b), logProfile(12500, twoRegions, allLosses, ""))
	_, sizer := prepare(b, s, "events")
	nt, _ := s.Catalog.NodeType("m7g.xlarge")
	for b.Loop() {
		if _, rej := sizer.Fit(nt, Storage{Volume: "gp3"}); rej != nil {
			b.Fatal(rej)
		}
	}
}
