package sizing

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTransferToTheInternet(t *testing.T) {
	s := testSystem(t, testCatalog(t), behindALB+"  move: {kind: transfer}\n")
	l := fitNodeless(t, s, "move")
	requirePriced(t, s, l)
	// 7.63889 MB/s × 2,628,000 s / 2^30 = 18,696.3 GiB from each region (see
	// TestBalancerBillsTheLargestDimension), 100 GiB of the first one free.
	require.InDelta(t, 18596.3, usageOf(l, 0, "data-transfer", "out to internet"), 0.1)
	require.InDelta(t, 18696.3, usageOf(l, 1, "data-transfer", "out to internet"), 0.1)
	require.Zero(t, usageOf(l, 0, "data-transfer", "between AZs, out"), "ALB to targets is free")
}

func TestTransferFreeAllowanceIsTakenOnce(t *testing.T) {
	// 1 user: 1.667/s × 3 KB + 2 MB / 1800 s = 6111 B/s, half in each region:
	// 3055.6 × 2,628,000 / 2^30 = 7.48 GiB, less than 100 GiB.
	s := testSystem(t, testCatalog(t), behindALB+"  move: {kind: transfer, free: 10GiB}\n")
	for i := range s.Flow.Demand.Classes {
		k := &s.Flow.Demand.Classes[i]
		k.Reads, k.Writes = k.Reads/2500, k.Writes/2500
	}
	s.Flow.Of("edge").Local.Pages /= 2500
	l := fitNodeless(t, s, "move")
	require.Zero(t, usageOf(l, 0, "data-transfer", "out to internet"))
	require.InDelta(t, 2*7.4785-10, usageOf(l, 1, "data-transfer", "out to internet"), 1e-3)
}

const threeTiers = commerce + `
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {api: {per_read: 1, per_write: 1, request: 1KB, response: 9KB}}}
  api: {kind: stateless, cpu: 1ms, calls: {ledger: {per_write: 1, request: 2KB, response: 1KB}}}
  ledger: {kind: stateless, scope: primary, cpu: 1ms}
  move: {kind: transfer}
`

func TestTransferBetweenZonesAndRegions(t *testing.T) {
	s := testSystem(t, testCatalog(t), threeTiers)
	l := fitNodeless(t, s, "move")
	requirePriced(t, s, l)
	month := 730 * 3600.0 / (1 << 30)
	// web → api: 2083.33/s × 10 KB stay in each region, two thirds cross zones.
	inner := 4166.6667 / 2 * 10e3 * month * 2 / 3
	// api → ledger: 20.8333 writes/s of each region go to us-east-1: there 3 KB
	// stay, from us-west-2 2 KB cross and 1 KB comes back.
	near := 41.6666667 / 2 * 3e3 * month * 2 / 3
	for _, item := range []string{"between AZs, out", "between AZs, in"} {
		require.InDelta(t, inner+near, usageOf(l, 0, "data-transfer", item), 0.01)
		require.InDelta(t, inner, usageOf(l, 1, "data-transfer", item), 0.01)
	}
	require.InDelta(t, 41.6666667/2*2e3*month, usageOf(l, 1, "data-transfer", "to us-east-1"), 1e-3)
	require.InDelta(t, 41.6666667/2*1e3*month, usageOf(l, 0, "data-transfer", "to us-west-2"), 1e-3)
	require.NotEmpty(t, l.Steps)
}

func TestTransferTakesFlowsAsTheyAre(t *testing.T) {
	s := testSystem(t, testCatalog(t), threeTiers)
	before := fitNodeless(t, s, "move")
	s.Sized["ledger"] = &Layout{Flows: []Flow{{From: 0, To: 1, Bytes: 5 << 30}, {From: 1, To: 1, Bytes: 7 << 30}}}
	after := fitNodeless(t, s, "move")
	more := func(region int, item string) float64 {
		return usageOf(after, region, "data-transfer", item) - usageOf(before, region, "data-transfer", item)
	}
	require.InDelta(t, 5, more(0, "to us-west-2"), 1e-6)
	require.InDelta(t, 7, more(1, "between AZs, out"), 1e-6)
	require.InDelta(t, 7, more(1, "between AZs, in"), 1e-6)
	require.Zero(t, more(0, "between AZs, in"))
}

func TestTransferLeavesLogsToTheirFlows(t *testing.T) {
	s := testSystem(t, testCatalog(t), threeTiers)
	s.Sized["api"] = &Layout{Offers: Offers{Partitions: 12}}
	l := fitNodeless(t, s, "move")
	require.Zero(t, usageOf(l, 1, "data-transfer", "between AZs, out"))
	require.Zero(t, usageOf(l, 1, "data-transfer", "to us-east-1"))
}

func TestTransferFeedsEveryRegion(t *testing.T) {
	// ledger works in us-east-1 only; index processes everything everywhere.
	s := testSystem(t, testCatalog(t), commerce+`
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {ledger: {per_write: 1}}}
  ledger: {kind: stateless, scope: primary, cpu: 1ms, calls: {index: {per_write: 1, request: 1KB}}}
  index: {kind: stateless, scope: all, cpu: 1ms}
  move: {kind: transfer}
`)
	month := 730 * 3600.0 / (1 << 30)
	all := 41.6666667 * 1e3 * month
	l := fitNodeless(t, s, "move")
	require.InDelta(t, all, usageOf(l, 0, "data-transfer", "to us-west-2"), 1e-3)
	// A replica in us-west-2 feeds the index there.
	s.Sized["ledger"] = &Layout{Pools: []Pool{Fixed(0, "primary", 1), Fixed(1, "failover", 1)}}
	l = fitNodeless(t, s, "move")
	require.Zero(t, usageOf(l, 0, "data-transfer", "to us-west-2"))
	require.InDelta(t, all*2/3, usageOf(l, 1, "data-transfer", "between AZs, out"), 1e-3)
}

func TestPairItem(t *testing.T) {
	s := testSystem(t, testCatalog(t), threeTiers)
	c, _ := prepare(t, s, "move")
	require.Equal(t, "to us-east-2", c.pairItem("us-east-1", "us-east-2"))
	require.Equal(t, "to other regions", c.pairItem("us-east-1", "mx-central-1"))
}

func TestAllocate(t *testing.T) {
	// 100 by 1:1:1 leaves one over, for the first of equal remainders; 10 by
	// 6:3:2 is 5.45, 2.73, 1.82: the two left over go to .82 and .73.
	require.Equal(t, []int64{34, 33, 33}, Allocate(100, []float64{1, 1, 1}))
	require.Equal(t, []int64{5, 3, 2}, Allocate(10, []float64{6, 3, 2}))
	require.Equal(t, []int64{7, 0}, Allocate(7, []float64{0, 0}))
	require.Empty(t, Allocate(7, nil))
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.Int64Range(0, 1<<52).Draw(t, "units")
		weights := rapid.SliceOfN(rapid.Float64Range(0, 1e12), 1, 12).Draw(t, "weights")
		sum, total := int64(0), 0.0
		for _, w := range weights {
			total += w
		}
		for i, x := range Allocate(units, weights) {
			sum += x
			require.GreaterOrEqual(t, x, int64(0))
			if total > 0 {
				exact := float64(units) * (weights[i] / total)
				require.InDelta(t, exact, float64(x), 1+exact*1e-12)
			}
		}
		require.Equal(t, units, sum)
	})
}
