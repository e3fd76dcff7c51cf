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
	// T = 100 MB/s, RF 3, F = 2, three zones. A broker has 156.25 MB/s of EBS bandwidth:
	// ⌈300/(0.6 × 156.25)⌉ = 4, so two in each zone. CPU of the cluster: 4 vCPUs took
	// 912.5 MB/s, 4.384 ms a MB, and 6,104 batches of 16 KiB a second 20 µs each:
	// (3 + 2) × (0.4384 + 0.1221) = 2.80 vCPU.
	require.Equal(t, []Pool{Fixed(0, "", 6), Fixed(1, "", 6)}, l.Pools)
	b := binding(t, l, 0)
	require.Equal(t, "EBS bandwidth", b.Of.Name)
	require.Equal(t, capacity.Own, b.State)
	require.InDelta(t, 300e6, b.Need, 1e-3)
	perMB := 4 / ((1035.68 - 165.5017) * (1 << 20))
	cpu := limit(t, l, "cpu", capacity.Own, "")
	require.InEpsilon(t, 500e6*(perMB+20e-6/(16<<10)), cpu.Need, 1e-9)
	// A zone lost: a fifth more. Each of four brokers holds 1/2 of the stream as before,
	// and leads 1/4 instead of 1/6.
	require.InEpsilon(t, 4*1.2*100e6*(0.5+2*0.25)*(perMB+20e-6/(16<<10)),
		limit(t, l, "cpu", capacity.ZoneLost, "").Need, 1e-9)
	require.InDelta(t, 0.6, limit(t, l, "cpu", capacity.ZoneLost, "").Target, 1e-12)
	require.InEpsilon(t, 4*1.2*100e6*0.5, limit(t, l, "network in", capacity.ZoneLost, "").Need, 1e-9)
	// Sent to two groups and, as one copy of three is lost, to one follower.
	require.InEpsilon(t, 4*1.2*100e6*0.25*(2+1), limit(t, l, "network out", capacity.ZoneLost, "").Need, 1e-9)
	// A broker lost: each of four others leads 5 of 24 partitions; of the four that it led
	// it feeds two followers, of the fifth one.
	require.InEpsilon(t, 5*1.2*100e6*(5*2+4*2+1)/24, limit(t, l, "network out", capacity.NodeLost, "").Need, 1e-9)
	// max(⌈100/10⌉, ⌈100/20⌉, 12) = 12; 4 × 6 brokers.
	require.Equal(t, "24 partitions, RF 3", words.Say(l.Structure[0]))
	require.Equal(t, 24, l.Offers.Partitions)
	require.Equal(t, 2000-24, l.Offers.MostPartitions)
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
	// A broker of 4 vCPU holds 1,000 replicas (MSK): 2 × 1000 × 3 / 1000 = 6, but 1000
	// rounded up to a multiple of 4 × 6 is 1008, and 2·1008·3/6 = 1008. Nine: 2·1008·3/9 = 672.
	require.Equal(t, 9, l.Pools[0].Max)
	b := binding(t, l, 0)
	require.Equal(t, "partition replicas", b.Of.Name)
	require.InDelta(t, 6048, b.Need, 1e-9)
	require.InDelta(t, 9000, b.Have, 1e-9)
	// 2,000 on 8 vCPU: 3 brokers, 1008 partitions a topic, 2016 > 2000; so 6.
	l, rej = fit(t, s, "events", "m7g.2xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	require.Equal(t, 6, l.Pools[0].Max)

	s = testSystem(t, testCatalog(t), logProfile(2500, oneRegion, allLosses, "topics: {a: {rate: 3000000MB/s}}"))
	comp, _ := s.Profile.Component("events")
	_, err := logKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, "partitions: needs 300,000, has 200,000")
}
