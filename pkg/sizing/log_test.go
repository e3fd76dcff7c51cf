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
	"headroom/pkg/words"
	"headroom/pkg/workload"
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
	gp3 := catalog.VolumeStorage(catalog.GP3)
	require.Equal(t, []Usage{
		{Region: 0, Meter: gp3, Quantity: 6 * 210, Category: "storage", Label: "log disks"},
		{Region: 1, Meter: gp3, Quantity: 6 * 210, Category: "storage", Label: "log disks"},
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

func TestLogFlows(t *testing.T) {
	// 2,500 users write 2500/60 × 1 KB = 41,667 B/s, half in each region:
	// × 3600 × 730 = 109.5 GB a month.
	const month = 2500.0 / 60 * 1000 * 3600 * 730
	s := testSystem(t, testCatalog(t), logProfile(2500, twoRegions, allLosses, ""))
	l, rej := fit(t, s, "events", "m7g.large", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	got := map[string]float64{}
	for _, f := range l.Crossings {
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
	require.Len(t, l.Crossings, 2)
	require.InEpsilon(t, month/2, float64(l.Crossings[0].Bytes), 1e-9)
	require.InEpsilon(t, month*1.5, float64(l.Crossings[1].Bytes), 1e-9)
	l.Detail()
	require.Len(t, l.Warnings, 1)
	require.Contains(t, words.Say(l.Warnings[0]), "2 zones")
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
peak: {users: 6000, requests_per_user: 1/min, write_ratio: 50%%, response: 3KB, session: 30min,
  stored_per_write: 2KB}
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
		for _, f := range l.Crossings {
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

// Brokers and disks are sized for the lead month, partitions for the end of the
// horizon, and disks for the mean of the worst window that retention spans.
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
			if u.Meter.Item() == "gp3 storage" {
				gib += u.Quantity
			}
		}
		return l, gib
	}
	flat, gib := size("curve: {preset: flat}", "retention: 1d")
	require.Equal(t, "12 partitions, RF 3", words.Say(flat.Structure[0]))
	// 30 MB/s × 1 day × 3 / 0.8 = 9.72 TB = 9,052.4 GiB.
	require.InDelta(t, 9052.4, gib, 3)
	// 10 % a month for the 3 months of lead: × 1.331.
	_, grown := size("curve: {preset: flat}\ngrowth: {monthly: 10%}", "retention: 1d")
	require.InEpsilon(t, gib*math.Pow(1.1, 3), grown, 1e-3)
	// 20 % a month for the 12 of the horizon: × 8.916: 267.5 MB/s, 27 partitions, a
	// multiple of the four that each broker leads.
	more, _ := size("curve: {preset: flat}\ngrowth: {monthly: 20%}", "retention: 1d")
	require.Equal(t, 3, more.Pools[0].Max)
	require.Equal(t, "36 partitions, RF 3", words.Say(more.Structure[0]))
	// Only office hours: a week's mean is less than the worst day's.
	_, day := size("curve: {preset: office-hours}", "retention: 1d")
	_, week := size("curve: {preset: office-hours}", "retention: 7d")
	require.Less(t, day, gib)
	require.Less(t, week, 7*day*0.99)
}

func TestLogRefuses(t *testing.T) {
	cat := testCatalog(t)
	for _, x := range []struct{ spec, want string }{
		{"topics: {a: {share: 50%}}", "add up to 50%"},
		{"topics: {a: {share: 50%, rate: 1MB/s}}", "one of share and rate"},
		{"producer_rate: 0", "above 0"},
		{"replication: 2.5", "not a whole number"},
	} {
		_, err := workload.Parse("test.yaml", []byte(logProfile(10, oneRegion, allLosses, x.spec)),
			Specs(), os.ReadFile)
		require.ErrorContains(t, err, x.want)
	}
	for _, x := range []struct{ spec, want string }{
		{"replication: 1", "which one copy does not"},
		{"slo: {p99: 10ms}", "response times are not computed"},
		{"reference: m7g.xlage", "is not known"},
	} {
		s := testSystem(t, cat, logProfile(10, oneRegion, allLosses, x.spec))
		comp, _ := s.Profile.Component("events")
		_, err := logKind{}.Prepare(s.Task(comp))
		require.ErrorContains(t, err, x.want)
	}
	s := testSystem(t, cat, logProfile(10, "[{name: us-east-1, zones: 1}]", allLosses, ""))
	_, rej := fit(t, s, "events", "m7g.large", Storage{Volume: "gp3"})
	require.Equal(t, "zones", rej.Resource)
}

// CPU of brokers whose type was not measured is that of the default reference, as fast
// as the two are.
func TestLogCPUOfOtherReferences(t *testing.T) {
	cat := testCatalog(t)
	perMB := func(spec string) float64 {
		_, sizer := prepare(t, testSystem(t, cat, logProfile(0, oneRegion, allLosses, spec)), "events")
		return sizer.(*brokers).cost.mb
	}
	require.InEpsilon(t, brokerMB, perMB(""), 1e-9)
	require.InEpsilon(t, brokerMB, perMB("reference: m7g.4xlarge"), 1e-9, "one figure for a family")
	require.InEpsilon(t, 4e6/((576.13-10.7446)*(1<<20)), perMB("reference: m5.xlarge"), 1e-9)
	require.InEpsilon(t, 4e6/((322.85-5.6743)*(1<<20)), perMB("recompress: true"), 1e-9)
	require.InDelta(t, 0.002, perMB("cpu_per_mb: 2ms"), 1e-12)
	require.Greater(t, perMB("reference: m4.xlarge"), brokerMB)
}
