package sizing

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// logTopics are topics of a region whose brokers each lead two partitions at least.
func logTopics(topics ...topicPartitions) *partitions {
	return &partitions{topics: topics, copies: 3, leads: 2, zones: 3, zoned: true}
}

func TestLogSpread(t *testing.T) {
	r := logTopics(topicPartitions{share: 0.9, least: 12}, topicPartitions{share: 0.1, least: 7})
	// A multiple of what the brokers lead. A tenth is less than one of six partitions,
	// so it stays in seven; of 78 it is eight.
	require.Equal(t, []int{12, 7}, []int{r.spread(0, 3), r.spread(1, 3)})
	require.Equal(t, []int{78, 78}, []int{r.spread(0, 39), r.spread(1, 39)})
	// What is stated stays.
	r = logTopics(topicPartitions{share: 0.99, least: 12, stated: true}, topicPartitions{share: 0.01, least: 7})
	require.Equal(t, []int{12, 7}, []int{r.spread(0, 9), r.spread(1, 9)})
}

// What a lost broker or zone led goes to others one by one.
func TestLogBusiest(t *testing.T) {
	r := logTopics(topicPartitions{share: 1, least: 12})
	require.InDelta(t, 1.0/9, r.led(capacity.Own, 9, 9), 1e-12, "18 partitions on 9 brokers")
	require.InDelta(t, 3.0/18, r.led(capacity.NodeLost, 9, 8), 1e-12, "two went to two others")
	require.InDelta(t, 3.0/18, r.led(capacity.ZoneLost, 9, 6), 1e-12, "six of a zone went to six others")
	require.InDelta(t, 3.0/9, r.holds(3, 9, 9), 1e-12)
	require.InDelta(t, 7.0/18, r.holds(3, 9, 8), 1e-12, "made again: 54 copies on 8")
	// Twelve as stated: nine brokers lead one or two, six of them two.
	r = logTopics(topicPartitions{share: 1, least: 12, stated: true})
	require.InDelta(t, 2.0/12, r.led(capacity.Own, 9, 9), 1e-12)
	require.InDelta(t, 2.0/12, r.led(capacity.ZoneLost, 9, 6), 1e-12)
	require.InDelta(t, 4.0/12, r.holds(3, 9, 9), 1e-12, "36 copies")
	// Of many small topics a broker has one partition more than an even share at most.
	var many []topicPartitions
	for range 100 {
		many = append(many, topicPartitions{share: 0.01, least: 3})
	}
	r = logTopics(many...)
	require.InDelta(t, 1.0/12+0.01/3, r.led(capacity.Own, 12, 12), 1e-12)
}

// A topic with a part of the stream greater than its part of the partitions
// is read by fewer threads at once.
func TestLogParallel(t *testing.T) {
	r := logTopics(topicPartitions{share: 0.75, least: 12}, topicPartitions{share: 0.25, least: 12})
	require.Equal(t, 16, r.parallel(3)) // 12/0.75, of 24 partitions
	r.topics[0].share, r.topics[1].share = 0.5, 0.5
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

func TestLogLocalDisks(t *testing.T) {
	s := testSystem(t, testCatalog(t), logProfile(0, oneRegion, allLosses, "hot_window: 1min\n"+
		"    topics: {changes: {rate: 10MB/s}}"))
	// 10 MB/s × 7 days × 3 = 18.1 TB at 80 %; d3.xlarge has three hard disks
	// of 2 TB (1980 GB each, 5.94 TB): ⌈18.144/4.752⌉ = 4 brokers, so two
	// in each of three zones.
	l, rej := fit(t, s, "events", "d3.xlarge", Storage{Volume: VolumeLocal})
	require.Nil(t, rej)
	require.Equal(t, "disk bytes", binding(t, l, 0).Of.Name)
	nt, _ := s.Catalog.NodeType("d3.xlarge")
	require.Equal(t, 4, int(math.Ceil(10e6*7*24*3600*3/(0.8*float64(nt.Local.Bytes)))))
	require.Equal(t, 6, l.Pools[0].Max)
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
			if u.Item == "gp3 storage" {
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
	require.Equal(t, "12 partitions, RF 1", words.Say(l.Structure[0]))
	require.Contains(t, words.Say(l.Warnings[0]), "the other region's log has them")
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
		_, err := logKind{}.Prepare(s.Task(comp))
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
	require.Equal(t, []float64{6, 6}, sizer.Needs().MinNodes)
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

// A stated number of partitions is a fact: it is not raised, and what it is too few
// for is said.
func TestLogStatedPartitions(t *testing.T) {
	cat := testCatalog(t)
	src := logProfile(0, oneRegion, allLosses, "groups: 1\n    retention: 1h\n    hot_window: 10s\n"+
		"    topics: {a: {rate: 150MB/s, partitions: 4}}")
	l, rej := fit(t, testSystem(t, cat, src), "events", "m7g.2xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	l.Detail()
	require.Equal(t, "4 partitions, RF 3", words.Say(l.Brief))
	require.Equal(t, []int{4, 4}, []int{l.Offers.Partitions, l.Offers.MostPartitions})
	said := words.Say(l.Warnings[0]) + words.Say(l.Warnings[len(l.Warnings)-1])
	require.Contains(t, said, "topic a: its 4 partitions are too few for its rate at the end of the horizon; "+
		"15 would do")
	// Of three brokers one leads two of the four, of two that are left each two.
	require.Equal(t, 3, l.Pools[0].Max)
	require.InEpsilon(t, 3*150e6*(2.0/4+2*2.0/4), limit(t, l, "network out", capacity.Own, "").Need, 1e-9)
	_, err := workload.Parse("test.yaml", []byte(strings.Replace(src, "partitions: 4", "partitions: 0", 1)), Specs(),
		os.ReadFile)
	require.Error(t, err)
}

// Without racks there is any number of brokers, and a zone may take all copies. Copies
// that are made again need room for it.
func TestLogZonesAndRebuilding(t *testing.T) {
	cat := testCatalog(t)
	size := func(spec string) *Layout {
		l, rej := fit(t, testSystem(t, cat, logProfile(0, oneRegion, allLosses, "groups: 1\n    retention: 1d\n"+
			"    hot_window: 10s\n    storage: [gp3]\n    topics: {a: {rate: 100MB/s}}\n    "+spec)), "events",
			"m7g.xlarge", Storage{Volume: "gp3"})
		require.Nil(t, rej)
		l.Detail()
		return l
	}
	require.Equal(t, 6, size("").Pools[0].Max)
	loose := size("zone_aware: false")
	require.Equal(t, 4, loose.Pools[0].Max)
	require.Contains(t, words.Say(loose.Warnings[0]), "use zone_aware: true")

	again := size("rebuild: true")
	require.Equal(t, 6, again.Pools[0].Max)
	kept := 100e6 * 24 * 3600 * 3.0
	require.InEpsilon(t, kept, limit(t, again, "disk bytes", capacity.ZoneLost, "").Need, 1e-9)
	require.InEpsilon(t, 1.2*300e6, limit(t, again, "network in", capacity.ZoneLost, "").Need, 1e-9)
	require.InEpsilon(t, 1.2*200e6, limit(t, size(""), "network in", capacity.ZoneLost, "").Need, 1e-9)
	gib := func(l *Layout) float64 { return usageOf(l, 0, "ebs", "gp3 storage") / float64(l.Pools[0].Max) }
	require.InEpsilon(t, 1.5, gib(again)/gib(size("")), 1e-3, "four brokers hold what six held")
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
