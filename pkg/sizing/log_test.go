package sizing

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/drawn"
	"headroom/pkg/words"
)

// logProfile is a system of a web tier, a log and workers. spec are more keys
// of the log, one on each line.
func logProfile(users int, regions, survive, spec string) string {
	return fmt.Sprintf(`
apiVersion: headroom/v1
name: log-test
regions: %s
peak: {users: %d, requests_per_user: 100/min, writes_per_user: 1/min, response: 3KB, session: 30min,
  stored_per_write: 2KB}
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

func binding(t *testing.T, l *Layout, region int) RegionLimit {
	t.Helper()
	l.Detail()
	var out []RegionLimit
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
	require.Equal(t, "12 partitions, RF 3", words.Say(l.Structure[0]))
	require.Equal(t, 12, l.Offers.Partitions)
	// An hour of 300 MB/s, a sixth on each broker: 180 GB / 0.8 = 209.5 GiB,
	// 210 whole ones.
	require.Equal(t, []Usage{
		{Region: 0, Service: "ebs", Item: "gp3 storage", Quantity: 6 * 210, Category: "storage", Label: "log disks"},
		{Region: 1, Service: "ebs", Item: "gp3 storage", Quantity: 6 * 210, Category: "storage", Label: "log disks"},
	}, l.Usage)
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
		require.Equal(t, x.structure, words.Say(l.Structure[0]))
		require.Len(t, l.Warnings, x.warnings)
		require.Equal(t, x.partitions, l.Offers.Partitions)
		require.Empty(t, l.Crossings)
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
	_, err := logKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, "partitions: needs 300,000, has 200,000")
}
