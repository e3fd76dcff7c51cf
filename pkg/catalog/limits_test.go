package catalog

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/unit"
)

const gib = 1 << 30
const mib = 1 << 20

func limits(tb testing.TB) *Limits {
	tb.Helper()
	l, err := hardwareCatalog(tb).Limits()
	require.NoError(tb, err)
	return l
}

// Figures of limits/load_balancer_units.csv and limits/cluster_guidance.csv.
func TestLimitFigures(t *testing.T) {
	l := limits(t)
	require.Equal(t, unit.EventRate(25), l.ALB.NewConnections)
	require.Equal(t, unit.Count(3000), l.ALB.ActiveConnections)
	require.InEpsilon(t, gib/3600.0, float64(l.ALB.Processed), 1e-12)
	require.Equal(t, unit.EventRate(1000), l.ALB.RuleEvaluations)
	require.Equal(t, 10.0, l.ALBFreeRules)
	require.Equal(t, unit.EventRate(800), l.NLBTCP.NewConnections)
	require.Equal(t, unit.Count(100000), l.NLBTCP.ActiveConnections)
	require.Equal(t, unit.EventRate(50), l.NLBTLS.NewConnections)
	require.Equal(t, unit.EventRate(400), l.NLBUDP.NewConnections)
	require.True(t, math.IsInf(float64(l.NLBTCP.RuleEvaluations), 1))

	for vcpu, want := range map[int]unit.Count{1: 1000, 2: 1000, 4: 1000, 6: 1000, 8: 2000, 15: 2000, 16: 4000,
		192: 4000} {
		require.Equal(t, want, l.Kafka.PartitionsPerBroker(vcpu), "%d vCPU", vcpu)
	}
	require.Equal(t, unit.Fraction(0.60), l.Kafka.MaxBrokerCPU)
	require.Equal(t, unit.Bytes(16384*gib), l.Kafka.MaxStoragePerBroker)
	require.Equal(t, Least{2, 8 * gib}, l.Kafka.Broker)
	for requests, want := range map[unit.EventRate]Least{0: {2, 8 * gib}, 200: {2, 8 * gib}, 201: {4, 16 * gib},
		1000: {4, 16 * gib}, 1001: {8, 32 * gib}, 10_000: {8, 32 * gib}, 10_001: {16, 64 * gib}, 1e9: {16, 64 * gib}} {
		got, _ := l.Quorum.Member(requests)
		require.Equal(t, want, got, "%v requests/s", requests)
	}
	_, name := l.Quorum.Member(500)
	require.Equal(t, "medium", name)
	require.Equal(t, unit.Count(1000), l.Search.ShardsPerNode)
	require.Equal(t, unit.Count(20), l.Search.ShardsPerHeapGiB)
	require.Equal(t, unit.Bytes(30*gib), l.Search.ShardSizeSearchMax)
	require.Equal(t, unit.Bytes(50*gib), l.Search.ShardSizeLogsMax)
}

// Every row of the guidance is asked for, or pricing/README.md says why not.
func TestGuidanceIsUsedOrListed(t *testing.T) {
	readme, err := os.ReadFile("../../pricing/README.md")
	require.NoError(t, err)
	_, list, found := strings.Cut(string(readme), "## Guidance that is not used")
	require.True(t, found)
	list, _, _ = strings.Cut(list, "\n## ")
	var unused []string
	for _, row := range regexp.MustCompile(`(?m)^\| (.+?) \| (.+?) \|$`).FindAllStringSubmatch(list, -1) {
		if row[1] != "item" {
			unused = append(unused, row[1])
		}
	}
	types, err := loadNodeTypes(embedded)
	require.NoError(t, err)
	l, err := openLimits(embedded, clustersTable)
	require.NoError(t, err)
	l.asked = map[string]bool{}
	new(Limits).clusters(l, types)
	require.NoError(t, l.err())
	hits := map[string]bool{}
	for item := range l.rows {
		listed := ""
		for _, u := range unused {
			if begin, many := strings.CutSuffix(u, "…"); u == item || many && strings.HasPrefix(item, begin) {
				listed = u
			}
		}
		require.Equal(t, l.asked[item], listed == "", "%s: asked for %v, listed as %q", item, l.asked[item], listed)
		hits[listed] = true
	}
	for _, u := range unused {
		require.True(t, hits[u], "%s: no such row", u)
	}
}

// Examples of limits/ebs_volumes.csv.
func TestVolumes(t *testing.T) {
	l := limits(t)
	provision := func(v *VolumeLimits, size, iops, rate float64) Volume {
		x, err := v.Provision(unit.Bytes(size), unit.Count(iops), unit.ByteRate(rate))
		require.NoError(t, err)
		return x
	}
	x := provision(&l.GP3, 100*gib, 500, 50*mib)
	require.Equal(t, unit.Count(3000), x.ProvisionedIOPS)
	require.Equal(t, unit.ByteRate(125*mib), x.ProvisionedThroughput)
	require.Equal(t, unit.Bytes(100*gib), x.Size)
	// 80,000 IOPS need 160 GiB at 500 IOPS/GiB; 2,000 MiB/s need 8,000 IOPS.
	require.InEpsilon(t, 160.0*gib, float64(provision(&l.GP3, gib, 80000, 0).Size), 1e-9)
	require.InEpsilon(t, 8000, float64(provision(&l.GP3, 100*gib, 0, 2000*mib).IOPS), 1e-9)

	// gp2: 3 IOPS/GiB, at least 100; 250 MiB/s from about 334 GiB.
	require.InEpsilon(t, 1000.0*gib, float64(provision(&l.GP2, gib, 3000, 0).Size), 1e-9)
	require.Equal(t, unit.Count(100), provision(&l.GP2, gib, 0, 0).IOPS)
	iops, rate := l.GP2.Sustained(Volume{Size: 334 * gib})
	require.InEpsilon(t, 1002, float64(iops), 1e-9)
	require.Equal(t, unit.ByteRate(250*mib), rate)
	iops, _ = l.GP2.Sustained(Volume{Size: 5334 * gib})
	require.Equal(t, unit.Count(16000), iops)
	_, rate = l.GP2.Sustained(Volume{Size: 170 * gib})
	require.InDelta(t, 128*mib, float64(rate), mib)

	// st1: 40 MiB/s per TiB, 12.5 TiB for its 500 MiB/s; at least 125 GiB.
	require.InEpsilon(t, 12.5*1024*gib, float64(provision(&l.ST1, gib, 0, 500*mib).Size), 1e-9)
	require.Equal(t, unit.Bytes(125*gib), provision(&l.ST1, gib, 0, 0).Size)
	_, err := l.SC1.Provision(gib, 0, 193*mib)
	require.ErrorContains(t, err, "192 MiB/s")
	_, err = l.GP3.Provision(gib, 80001, 0)
	require.ErrorContains(t, err, "80000 IOPS")
	_, err = l.GP2.Provision(17000*gib, 0, 0)
	require.ErrorContains(t, err, "16384 GiB")
	_, err = l.GP2.Provision(unit.Bytes(math.NaN()), 0, 0)
	require.Error(t, err)

	// io1: 500 MiB/s up to 32,000 IOPS, 1,000 at 64,000.
	_, rate = l.IO1.Sustained(Volume{ProvisionedIOPS: 32000})
	require.Equal(t, unit.ByteRate(500*mib), rate)
	_, rate = l.IO1.Sustained(Volume{ProvisionedIOPS: 64000})
	require.Equal(t, unit.ByteRate(1000*mib), rate)
	// io2 Block Express: 4,000 MiB/s from about 16,000 IOPS.
	_, rate = l.IO2.Sustained(Volume{ProvisionedIOPS: 16000})
	require.Equal(t, unit.ByteRate(4000*mib), rate)

	v, ok := l.Volume("gp3")
	require.True(t, ok)
	require.Same(t, &l.GP3, v)
	_, ok = l.Volume("gp4")
	require.False(t, ok)
}

// What is provisioned holds the data, sustains the needs, and is within the
// limits of its type.
func TestProvisionMeetsNeeds(t *testing.T) {
	l := limits(t)
	drawn.CheckMost(t, 0.25, func(t *rapid.T) bool {
		v := rapid.SampledFrom(l.Volumes()).Draw(t, "type")
		size := unit.Bytes(rapid.Float64Range(0, 20000*gib).Draw(t, "size"))
		iops := unit.Count(rapid.Float64Range(0, 100000).Draw(t, "iops"))
		rate := unit.ByteRate(rapid.Float64Range(0, 3000*mib).Draw(t, "throughput"))
		x, err := v.Provision(size, iops, rate)
		if err != nil {
			return false
		}
		const slack = 1 + 1e-9
		require.LessOrEqual(t, size, x.Size)
		require.LessOrEqual(t, x.Size, v.MaxSize)
		require.LessOrEqual(t, iops, x.IOPS*slack)
		require.LessOrEqual(t, rate, x.Throughput*slack)
		require.LessOrEqual(t, x.IOPS, v.MaxIOPS*slack)
		require.LessOrEqual(t, x.Throughput, v.MaxThroughput*slack)
		if v.ProvisionedIOPS && x.ProvisionedIOPS > v.BaselineIOPS {
			require.LessOrEqual(t, float64(x.ProvisionedIOPS), slack*v.IOPSPerByte*float64(x.Size))
		}
		return true
	})
}

func TestMissingLimitRows(t *testing.T) {
	types, err := loadNodeTypes(embedded)
	require.NoError(t, err)
	for _, tc := range []struct{ path, from, to, want string }{
		{volumesTable, "gp3 baseline IOPS,", "gp3 base IOPS,", `item "gp3 baseline IOPS" is missing`},
		{volumesTable, "gp3 baseline IOPS,3000,IOPS", "gp3 baseline IOPS,3000,kIOPS", `"IOPS" is expected`},
		{volumesTable, "gp3 baseline IOPS,3000,", "gp3 baseline IOPS,,", "above zero"},
		{balancersTable, "ALB LCU new connections,", "ALB LCU connections,", "ALB LCU new connections"},
		{clustersTable, "kafka.m5.large", "kafka.m4.large", "kafka.m5.large"},
	} {
		_, err := loadLimits(types, edited(t, tc.path, tc.from, tc.to))
		require.ErrorContains(t, err, tc.want, tc.to)
	}
	_, err = loadLimits(nil, embedded)
	require.ErrorContains(t, err, "m5.large is missing")
}
