package sizing

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/workload"
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

// What the account has free is production's.
func TestTransferOfAnEnvironmentHasNothingFree(t *testing.T) {
	s := testSystem(t, testCatalog(t), behindALB+"  move: {kind: transfer}\n")
	s.Profile.Copy = true
	l := fitNodeless(t, s, "move")
	require.InDelta(t, 18696.3, usageOf(l, 0, "data-transfer", "out to internet"), 0.1)
}

// What an account has free is not for GovCloud; a region beside it has all of it.
func TestTransferOfGovCloudHasNothingFree(t *testing.T) {
	src := strings.Replace(behindALB, "{name: us-east-1}, {name: us-west-2}",
		"{name: us-gov-west-1}, {name: us-east-1}", 1)
	l := fitNodeless(t, testSystem(t, testCatalog(t), src+"  move: {kind: transfer}\n"), "move")
	require.InDelta(t, 18696.3, usageOf(l, 0, "data-transfer", "out to internet"), 0.1)
	require.InDelta(t, 18596.3, usageOf(l, 1, "data-transfer", "out to internet"), 0.1)
}

// A network balancer keeps what it gets within the zone unless it is told to spread
// it, whether it stands in the path or beside it.
func TestNetworkBalancerCrossesZonesOnlyIfTold(t *testing.T) {
	crossed := func(components string) float64 {
		s := testSystem(t, testCatalog(t), commerce+components+"  move: {kind: transfer}\n")
		for _, e := range s.Profile.Components {
			if e.V.Kind == "balancer" {
				fitNodeless(t, s, e.Key)
			}
		}
		return usageOf(fitNodeless(t, s, "move"), 0, "data-transfer", "between AZs, out")
	}
	const month = 730 * 3600.0 / (1 << 30)
	inPath := func(fields string) float64 {
		return crossed(`
  edge: {kind: balancer` + fields + `, entry: true,
    calls: {web: {per_read: 1, per_write: 1, request: 1KB, response: 3KB}}}
  web: {kind: stateless, cpu: 6ms}
`)
	}
	require.Zero(t, inPath(""))
	require.Zero(t, inPath(", type: nlb"))
	require.Zero(t, inPath(", type: nlb, cross_zone: false"))
	require.InDelta(t, 4166.6667/2*4e3*2/3*month, inPath(", type: nlb, cross_zone: true"), 0.01)

	beside := func(fields string) float64 {
		return crossed(`
  web: {kind: stateless, entry: true, cpu: 6ms}
  edge: {kind: balancer, type: nlb, for: web` + fields + `}
`)
	}
	require.Zero(t, beside(""))
	// Answers of 3 KB and first pages: 7.63889 MB/s, of which two thirds cross.
	require.InDelta(t, 7.638889e6*2/3*month, beside(", cross_zone: true"), 0.01)

	_, err := workload.Parse("test.yaml", []byte(strings.Replace(behindALB, "kind: balancer,",
		"kind: balancer, cross_zone: true,", 1)), Specs(), os.ReadFile)
	require.ErrorContains(t, err, "cross_zone is of network load balancers")

	// Who calls it in the region finds it in any zone.
	require.InDelta(t, 4166.6667/2*2e3*2/3*month, crossed(`
  web: {kind: stateless, entry: true, cpu: 6ms,
    calls: {inner: {per_read: 1, per_write: 1, request: 1KB, response: 1KB}}}
  inner: {kind: balancer, type: nlb, calls: {api: {per_read: 1, per_write: 1, request: 1KB, response: 1KB}}}
  api: {kind: stateless, cpu: 1ms}
`), 0.01)
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
	require.NotEmpty(t, l.Derive())
}

func TestTransferTakesFlowsAsTheyAre(t *testing.T) {
	s := testSystem(t, testCatalog(t), threeTiers)
	before := fitNodeless(t, s, "move")
	s.Sized["ledger"] = &Layout{Crossings: []Crossing{{From: 0, To: 1, Bytes: 5 << 30},
		{From: 1, To: 1, Bytes: 7 << 30}}}
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
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {ledger: {per_write: 1, request: 0B, response: 0B}}}
  ledger: {kind: stateless, scope: primary, cpu: 1ms, calls: {index: {per_write: 1, request: 1KB, response: 0B}}}
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

// What every region has to process of all users' calls is sent to it: half of 41.7 writes/s each
// way, and the answers back. A store of that scope by its kind says itself what its copies get.
func TestTransferToAllRegions(t *testing.T) {
	half := 41.6666667 / 2 * 730 * 3600.0 / (1 << 30)
	for _, c := range []struct {
		it   string
		want float64
	}{
		{"{kind: queue, scope: all}", half * 1.5e3}, {"{kind: queue}", 0}, {"{kind: worker, cpu: 1ms}", half * 1.5e3},
		{"{kind: worker, cpu: 1ms, scope: share}", 0}, {"{kind: cluster}", 0},
	} {
		s := testSystem(t, testCatalog(t), strings.Replace(commerce, "active-passive", "active-active", 1)+`
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {it: {per_write: 1, request: 1KB, response: 500B}}}
  it: `+c.it+`
  move: {kind: transfer}
`)
		l := fitNodeless(t, s, "move")
		require.InDelta(t, c.want, usageOf(l, 0, "data-transfer", "to us-west-2"), 1e-3, c.it)
		require.InDelta(t, c.want, usageOf(l, 1, "data-transfer", "to us-east-1"), 1e-3, c.it)
	}
}

// shop is web nodes in two regions before a database with fields of its own:
// 1,000 requests/s, of which one writes 200 B; every call is 1 KB, every answer
// 20 KB.
func shop(regions, db string) string {
	return `
apiVersion: headroom/v1
name: shop
regions: ` + regions + `
peak: {users: 1000, requests_per_user: 1/s, write_ratio: 0.1%, session: 30min, stored_per_write: 200B}
curve: {preset: flat}
components:
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {db: {per_read: 1, per_write: 1, request: 1KB, response: 20KB}}}
  db: {kind: database, cpu_read: 0.4ms, cpu_write: 2ms` + db + `}
  move: {kind: transfer}
`
}

// movedBytes are the month's bytes between regions, in GB, and between zones
// within them, GB billed on each side.
func movedBytes(t *testing.T, src string) func(from, to int) float64 {
	t.Helper()
	s := testSystem(t, testCatalog(t), src)
	_, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	_, rej = fit(t, s, "db", "r7g.xlarge", gp3)
	require.Nil(t, rej)
	l := fitNodeless(t, s, "move")
	requirePriced(t, s, l)
	return func(from, to int) float64 {
		if from == to {
			require.InDelta(t, usageOf(l, from, "data-transfer", "between AZs, in"),
				usageOf(l, from, "data-transfer", "between AZs, out"), 1e-9)
			return usageOf(l, from, "data-transfer", "between AZs, in") * gib / 1e9
		}
		return usageOf(l, from, "data-transfer", "to "+s.Flow.Demand.Regions[to].Name) * gib / 1e9
	}
}

const eastAndWest = "[{name: us-east-1}, {name: us-west-2}]"

// Reads are answered in the region where a copy stands there, so only writes cross
// to the primary.
func TestTransferOfReadsThatAreAnsweredNearby(t *testing.T) {
	const month = 730 * 3600.0 // seconds
	// Half of the users are in each region: 499.5 reads/s and 0.5 writes/s.
	answers, requests := 0.5*20e3*month/1e9, 0.5*1e3*month/1e9 // 26.28 and 1.314 GB
	journal := 1 * 200 * 3 * month / 1e9                       // 1.5768 GB: every write, to one copy
	within := 2.0 / 3 * 21e3 * month / 1e9                     // GB between zones for each call/s
	for _, db := range []string{"", ", reads: nearest", ", replicas: 1"} {
		moved := movedBytes(t, shop(eastAndWest, db))
		copies := 1.0 // the standby, and in the other region the failover candidate
		if strings.Contains(db, "replicas") {
			copies = 2
		}
		require.InDelta(t, answers+copies*journal, moved(0, 1), 1e-6, db)
		require.InDelta(t, requests, moved(1, 0), 1e-6, db)
		// The reads of us-west-2 go to a node there, which is in one of three
		// zones: 499.5 × 21 KB × 2/3. In us-east-1 all 500 calls/s do, and the
		// journal to what follows the primary there.
		require.InDelta(t, 499.5*within, moved(1, 1), 1e-3, db)
		require.InDelta(t, 500*within+copies*journal, moved(0, 0), 1e-3, db)
	}
	// At the primary, or its replicas, all 500 calls/s of us-west-2 cross.
	moved := movedBytes(t, shop(eastAndWest, ", reads: primary"))
	require.InDelta(t, 1000*answers+journal, moved(0, 1), 1e-3)
	require.InDelta(t, 1000*requests, moved(1, 0), 1e-3)
	require.Zero(t, moved(1, 1))
	for _, db := range []string{", reads: replicas", ", stale_reads: false"} {
		moved = movedBytes(t, shop(eastAndWest, db))
		require.InDelta(t, 1000*requests, moved(1, 0), 1e-3)
	}
	// A standby in the first region only is no nearer; a copy in each region is.
	const standby = ", failover: zone, survive: [node, zone]"
	require.InDelta(t, 1000*requests, movedBytes(t, shop(eastAndWest, standby))(1, 0), 1e-3)
	require.InDelta(t, requests, movedBytes(t, shop(eastAndWest, standby+", reads: nearest"))(1, 0), 1e-3)
}

// A third region has no candidate: its reads cross to the primary, unless it gets a
// replica.
func TestTransferOfReadsFromAThirdRegion(t *testing.T) {
	const three = "[{name: us-east-1}, {name: us-west-2}, {name: eu-west-1}]"
	const month = 730 * 3600.0
	third := 1e3 / 3 * month / 1e9 // GB: a third of 1 KB × 1 call/s
	moved := movedBytes(t, shop(three, ""))
	require.InDelta(t, third, moved(1, 0), 1e-6, "one write/s of all")
	require.InDelta(t, 1000*third, moved(2, 0), 1e-3)
	for _, db := range []string{", reads: nearest", ", replicas: 1"} {
		require.InDelta(t, third, movedBytes(t, shop(three, db))(2, 0), 1e-6)
	}
}

// A zone without a gateway uses another's: (Z−G)/Z of what goes through the
// gateways crosses zones, on both sides.
func TestTransferToFewerGatewaysThanZones(t *testing.T) {
	src := func(zones, nat string) string {
		return `
apiVersion: headroom/v1
name: out
regions: [{name: us-east-1, zones: ` + zones + `}]
peak: {users: 1000, requests_per_user: 1/s, session: 30min}
curve: {preset: flat}
policy: {survive: [node]}
components:
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {gate: {per_read: 1, per_write: 1, request: 70B,
    response: 200B}}}
  gate: {kind: nat` + nat + `}
  move: {kind: transfer}
`
	}
	crossed := func(zones, nat string) float64 {
		s := testSystem(t, testCatalog(t), src(zones, nat))
		fitNodeless(t, s, "gate")
		l := fitNodeless(t, s, "move")
		requirePriced(t, s, l)
		out := usageOf(l, 0, "data-transfer", "between AZs, out")
		require.InDelta(t, out, usageOf(l, 0, "data-transfer", "between AZs, in"), 1e-9)
		return out
	}
	// 1,000/s × 270 B × 2,628,000 s = 709.56 GB = 660.83 GiB a month of calls.
	const calls = 1000 * 270 * 2628000.0 / (1 << 30)
	require.InDelta(t, 660.83, calls, 0.01)
	require.InDelta(t, 330.41, crossed("2", ", gateways: 1"), 0.01)
	require.InDelta(t, 330.41, crossed("2", ""), 0.01, "no zone must be survived: one gateway")
	require.InDelta(t, calls*2/3, crossed("3", ", gateways: 1"), 0.01)
	require.InDelta(t, calls/3, crossed("3", ", gateways: 2"), 0.01)
	// Requests to services that no call declares take the same way: 1,000/s ×
	// 27 B are a tenth more.
	require.InDelta(t, calls*1.1/2, crossed("2", ", gateways: 1, per_request: 27B"), 0.01)
	// One in each zone, or more: each uses its own.
	for _, nat := range []string{", gateways: 2", ", gateways: 3", ", survive: [zone]"} {
		require.Zero(t, crossed("2", nat), nat)
	}
	require.Zero(t, crossed("1", ", gateways: 1"))
	// A stated part is about calls between nodes, not about ways out.
	s := testSystem(t, testCatalog(t),
		strings.Replace(src("2", ", gateways: 2"), "kind: transfer", "kind: transfer, zone_crossing: 90%", 1))
	require.Zero(t, usageOf(fitNodeless(t, s, "move"), 0, "data-transfer", "between AZs, out"))
}

func TestPairMeter(t *testing.T) {
	s := testSystem(t, testCatalog(t), threeTiers)
	c, _ := prepare(t, s, "move")
	require.Equal(t, catalog.ToRegion("us-east-2"), pairMeter(c.Vintage, "us-east-1", "us-east-2"))
	require.Equal(t, catalog.ToOtherRegions(), pairMeter(c.Vintage, "us-east-1", "mx-central-1"))
}
