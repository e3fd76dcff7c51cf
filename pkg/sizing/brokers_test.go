package sizing

import (
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

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
