package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/unit"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// commerce is the front of the medium system: 2,500 users × 100/min, answers
// of 3 KB, first pages of 2 MB, sessions of half an hour, half of the users in
// each region.
const commerce = `
apiVersion: headroom/v1
name: front
regions: [{name: us-east-1}, {name: us-west-2}]
peak: {users: 2500, requests_per_user: 100/min, writes_per_user: 1/min, response: 3KB, first_page: 2MB, session: 30min}
curve: {preset: flat}
components:
`

// usageOf is the quantity of a row; zero where it is not there.
func usageOf(l *Layout, region int, service, item string) float64 {
	t := 0.0
	for _, u := range l.Usage {
		if u.Region == region && u.Meter.Service() == service && u.Meter.Item() == item {
			t += u.Quantity
		}
	}
	return t
}

// fitNodeless sizes what has no nodes.
func fitNodeless(t testing.TB, s *System, name string) *Layout {
	t.Helper()
	l, rej := fit(t, s, name, "", Storage{})
	require.Nil(t, rej)
	l.Detail()
	return l
}

// requirePriced asks the tables of 2026 for every row that a layout bills.
func requirePriced(t testing.TB, s *System, l *Layout) {
	t.Helper()
	v, err := s.Catalog.Vintage("")
	require.NoError(t, err)
	for _, u := range l.Usage {
		r, err := v.Region(s.Flow.Demand.Regions[u.Region].Name)
		require.NoError(t, err)
		_, ok := r.Usage(u.Meter)
		require.True(t, ok, "%s %s", u.Meter.Service(), u.Meter.Item())
		require.Greater(t, u.Quantity, 0.0)
	}
}

const behindALB = commerce + `
  edge: {kind: balancer, entry: true, calls: {web: {per_read: 1, per_write: 1, request: 1KB, response: 3KB}}}
  web: {kind: stateless, cpu: 6ms}
`

func TestBalancerBillsTheLargestDimension(t *testing.T) {
	s := testSystem(t, testCatalog(t), behindALB)
	l := fitNodeless(t, s, "edge")
	requirePriced(t, s, l)
	require.Nil(t, l.Pools)
	for r := range 2 {
		// To users: 4166.67/s × 3 KB + 2500/1800 s × 2 MB = 15.2778 MB/s, half of
		// it here: 7.63889 MB/s × 3600 / 2^30 = 25.6114 GiB an hour; a unit takes
		// 1 GB (GiB). New connections 0.694 sessions/s × 6 / 25 = 0.17 and open
		// ones (1250 + 0.694 × 60 s) × 2 / 3000 = 0.86 are less.
		require.InDelta(t, 25.6114*730, usageOf(l, r, "elb", "ALB LCU-hour"), 0.05)
		require.InDelta(t, 730, usageOf(l, r, "elb", "ALB hour"), 1e-9)
		require.InDelta(t, 3*730, usageOf(l, r, "vpc", "public IPv4 address hour"), 1e-9)
	}
}

func TestBalancerDimensionsByHour(t *testing.T) {
	// Small answers: connections decide. 0.694 sessions/s × 600 / 25 = 16.67
	// units of new connections at the peak; the mean of the consumer curve
	// scales all dimensions alike.
	src := strings.Replace(behindALB, "response: 3KB, first_page: 2MB", "response: 10B, first_page: 0B", 1)
	src = strings.Replace(src, "kind: balancer,",
		"kind: balancer, connections_per_session: 600, type: nlb, protocol: tls,", 1)
	src = strings.Replace(src, "preset: flat", "preset: consumer", 1)
	s := testSystem(t, testCatalog(t), src)
	l := fitNodeless(t, s, "edge")
	requirePriced(t, s, l)
	// NLB, TLS: 50 new connections/s a unit (limits/load_balancer_units.csv).
	want := 2500.0 / 1800 * 600 / 50 * s.Flow.Demand.Regions[0].Own.Mean() * 730
	require.InEpsilon(t, want, usageOf(l, 0, "elb", "NLB LCU-hour"), 1e-9)
	require.Zero(t, usageOf(l, 0, "elb", "ALB hour"))
}

func TestBalancerBesideAService(t *testing.T) {
	s := testSystem(t, testCatalog(t), commerce+`
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {api: {per_read: 1, per_write: 1, request: 1KB, response: 1KB}}}
  api: {kind: stateless, cpu: 1ms}
  inner: {kind: balancer, for: api, count: 4}
  outer: {kind: balancer, for: web}
`)
	l := fitNodeless(t, s, "inner")
	require.InDelta(t, 4*730, usageOf(l, 0, "elb", "ALB hour"), 1e-9)
	// 2083.33/s × 2 KB × 3600 / 2^30 = 13.97 GiB an hour for all four.
	require.InDelta(t, 13.9698*730, usageOf(l, 0, "elb", "ALB LCU-hour"), 0.05)
	require.Zero(t, usageOf(l, 0, "vpc", "public IPv4 address hour"), "no user reaches it")
	require.InDelta(t, 25.6114*730, usageOf(fitNodeless(t, s, "outer"), 0, "elb", "ALB LCU-hour"), 0.05)

	comp, _ := s.Profile.Component("inner")
	comp.Spec.(*Balancer).For = "nothing"
	_, err := balancerKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, `"nothing", which does not exist`)
}

func TestNATHasAGatewayInEveryZoneThatMayBeLost(t *testing.T) {
	src := commerce + `
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {gate: {per_write: 1, request: 2KB, response: 8KB}}}
  gate: {kind: nat, per_request: 100B}
`
	s := testSystem(t, testCatalog(t), src)
	l := fitNodeless(t, s, "gate")
	requirePriced(t, s, l)
	require.InDelta(t, 3*730, usageOf(l, 0, "nat-gateway", "hour"), 1e-9)
	// 50 GiB + (2083.33/s × 100 B + 20.8333 writes/s × 10 KB) × 2,628,000 s
	// = 50 GiB + 416,667 B/s × 2.628e6 s / 2^30 = 50 + 1019.80 GiB.
	require.InDelta(t, 1069.80, usageOf(l, 1, "nat-gateway", "data processed"), 0.01)

	// Each gateway has a public address.
	require.InDelta(t, 3*730, usageOf(l, 0, "vpc", "public IPv4 address hour"), 1e-9)

	s = testSystem(t, testCatalog(t), strings.Replace(src, "kind: nat,", "kind: nat, survive: [region],", 1))
	require.InDelta(t, 730, usageOf(fitNodeless(t, s, "gate"), 0, "nat-gateway", "hour"), 1e-9)

	s = testSystem(t, testCatalog(t), strings.Replace(src, "kind: nat,", "kind: nat, gateways: 1,", 1))
	require.NotEmpty(t, fitNodeless(t, s, "gate").Warnings)
}

// Of what each request sends and receives outside, what is sent is internet
// transfer, in the tiers of the whole.
func TestNATBillsWhatLeavesForTheInternet(t *testing.T) {
	src := commerce + `
  web: {kind: stateless, entry: true, cpu: 6ms}
  gate: {kind: nat, per_request: 100B, per_request_out: 30%}
  move: {kind: transfer}
`
	out := func(src string) float64 {
		s := testSystem(t, testCatalog(t), src)
		fitNodeless(t, s, "gate")
		return usageOf(fitNodeless(t, s, "move"), 1, "data-transfer", "out to internet")
	}
	with, without := out(src), out(strings.Replace(src, "100B", "0B", 1))
	// 2083.33 requests/s × 30 B × 2,628,000 s = 164.25 GB.
	require.InDelta(t, 164.25e9/(1<<30), with-without, 1e-6)
	require.InDelta(t, 0.5/0.3*(with-without), out(strings.Replace(src, ", per_request_out: 30%", "", 1))-without, 1e-6)
}

func TestBootVolumesFollowMeanNodes(t *testing.T) {
	s := testSystem(t, testCatalog(t), behindALB+"  boot: {kind: boot, size: 19.5GiB}\n")
	s.Sized["web"] = &Layout{Pools: []Pool{{Region: 0, Min: 2, Max: 5, Mean: 2.5},
		{Region: 1, Min: 4, Max: 4, Mean: 4}}}
	l := fitNodeless(t, s, "boot")
	requirePriced(t, s, l)
	require.InDelta(t, 2.5*20, usageOf(l, 0, "ebs", "gp3 storage"), 1e-9)
	require.InDelta(t, 4*20, usageOf(l, 1, "ebs", "gp3 storage"), 1e-9)

	comp, _ := s.Profile.Component("boot")
	comp.Spec.(*Boot).Size.V = 1 << 60
	_, err := bootKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, "boot volume")
}

func TestObjectsAndBackups(t *testing.T) {
	s := testSystem(t, testCatalog(t), strings.Replace(commerce, "curve:", "data: {dataset: 100GiB}\ncurve:", 1)+`
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {store: {per_read: 1},
    images: {per_read: 0.5, per_write: 1, request: 1KB, response: 1KB}}}
  store: {kind: stateless, scope: primary, cpu: 1ms}
  images: {kind: objects, scope: all, size: 10GiB, survive: [region]}
  safe: {kind: objects, backup: {of: [store]}}
`)
	l := fitNodeless(t, s, "safe")
	requirePriced(t, s, l)
	// Nothing is written to the store: 100 GiB now. 35 copies, one full and 34
	// with 2 %: 1 + 34 × 0.02 = 1.68, in both regions.
	require.InDelta(t, 168, usageOf(l, 0, "ebs", "snapshot standard storage"), 1e-9)
	require.InDelta(t, 168, usageOf(l, 1, "ebs", "snapshot standard storage"), 1e-9)
	// Each copy is 1.68/35 of the data in the mean; 730/24 a month move.
	require.Len(t, l.Crossings, 1)
	require.InDelta(t, 100*1.68/35*730/24, float64(l.Crossings[0].Bytes)/(1<<30), 1e-6)

	// There are no snapshots of local disks.
	s.Sized["store"] = &Layout{Storage: Storage{Volume: VolumeLocal}}
	l = fitNodeless(t, s, "safe")
	requirePriced(t, s, l)
	require.Zero(t, usageOf(l, 0, "ebs", "snapshot standard storage"))
	require.InDelta(t, 168, usageOf(l, 1, "s3", "standard storage"), 1e-9)
	require.Contains(t, words.SayAll(l.Structure)[1], "store is on local disks")

	l = fitNodeless(t, s, "images")
	requirePriced(t, s, l)
	// Reads are each region's own: 4125/s × 0.5 / 2 × 2,628,000 s = 2710.1 M;
	// writes of both regions are put in both: 41.667/s × 2.628e6 s = 109.5 M.
	require.InDelta(t, 4125*0.5/2*2628, usageOf(l, 1, "s3", "standard GET and other requests"), 1e-3)
	require.InDelta(t, 41.6666667*2628, usageOf(l, 1, "s3", "standard PUT/COPY/POST/LIST requests"), 1e-3)
	// 109.5 M writes bring 1 KB each: 101.98 GiB, in the mean half of it, beside the 10
	// of the start.
	require.InDelta(t, 60.99, usageOf(l, 1, "s3", "standard storage"), 0.01, "stored_per_write is the database's")
}

func TestObjectsGrowWithWrites(t *testing.T) {
	src := strings.Replace(commerce, "session: 30min", "session: 30min, stored_per_write: 1KB", 1) + `
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {images: {per_write: 1, request: 1KB}}}
  images: {kind: objects, scope: all}
`
	s := testSystem(t, testCatalog(t), src)
	l := fitNodeless(t, s, "images")
	// 41.667 writes/s × 1 KB × 2,628,000 s = 109.5 GB = 101.98 GiB in a month, kept
	// in both regions, half of it in the mean of the month; each sends its own half to
	// the other.
	const month = 109.5e9 / (1 << 30)
	stored := func(s *System) float64 {
		return usageOf(fitNodeless(t, s, "images"), 0, "s3", "standard storage")
	}
	require.InDelta(t, month/2, stored(s), 0.01)
	require.Len(t, l.Crossings, 2)
	require.InDelta(t, 109.5e9/2, float64(l.Crossings[0].Bytes), 1e3)

	// In the third month two whole months are there before it.
	p := *s.Profile
	d, err := p.In(workload.Situation{Month: 2})
	require.NoError(t, err)
	require.InDelta(t, 2.5*month, stored(s.Again(d)), 0.01)

	// Kept for a tenth of a month: it grows for that time, then stays.
	s = testSystem(t, testCatalog(t), strings.Replace(src, "scope: all}", "scope: all, retention: 73h}", 1))
	require.InDelta(t, month*(0.1*0.05+0.9*0.1), stored(s), 0.001)
}

// Each class has prices of its own; what reads bring back costs, what answers writes
// does not; what is deleted before the class's minimum is billed until then.
func TestObjectsOfAClass(t *testing.T) {
	const month = 109.5e9 / (1 << 30) // GiB written in a month, as in TestObjectsGrowWithWrites
	bill := func(class, retention string) map[string]float64 {
		s := testSystem(t, testCatalog(t),
			strings.Replace(commerce, "session: 30min", "session: 30min, stored_per_write: 1KB", 1)+`
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {images: {per_write: 1, request: 1KB, response: 1KB},
    again: {per_read: 0.1, request: 1KB}}}
  again: {kind: stateless, cpu: 1ms, calls: {images: {per_read: 1, request: 1KB, response: 50KB}}}
  images: {kind: objects, class: `+class+`, size: 100GiB, retention: `+retention+`}
`)
		l := fitNodeless(t, s, "images")
		require.Equal(t, class == "standard-IA" || class == "one-zone-IA", len(l.Warnings) > 0, "1 KB < 128 KiB")
		out := map[string]float64{}
		for _, u := range l.Usage {
			require.Equal(t, "s3", u.Meter.Service())
			out[strings.TrimPrefix(u.Meter.Item(), class+" ")] += u.Quantity
		}
		return out
	}
	puts, gets := 41.6666667*2628, 412.5*2628 // thousands
	read := 412.5 * 50e3 * 2.628e6 / (1 << 30)
	want := map[string]float64{"storage": 100 + month/2, "PUT/COPY/POST/LIST requests": puts,
		"GET and other requests": gets}
	same := func(class, retention string) {
		got := bill(class, retention)
		require.Len(t, got, len(want), class)
		for item, q := range want {
			require.InEpsilon(t, q, got[item], 1e-6, "%s: %s", class, item)
		}
	}
	same("standard", "730h")
	want["retrieval"] = read
	same("standard-IA", "730h")
	// Deleted after a tenth of a month, and billed for 30 days of a month of 730 hours.
	const days30 = 720.0 / 730
	want["storage"] = 100 + month*(days30*days30/2+(1-days30)*days30)
	same("one-zone-IA", "73h")
	want["storage"] = 100 + month/2
	want["restore requests"] = gets
	same("glacier flexible retrieval", "73h") // billed for 90 days: none of it is deleted for the bill
	same("glacier deep archive", "73h")
}

// Backups that are kept for a shorter time than the class's minimum are billed as if
// they were kept until then.
func TestBackupsDeletedEarly(t *testing.T) {
	src := strings.Replace(commerce, "curve:", "data: {dataset: 100GiB}\ncurve:", 1) + `
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {store: {per_read: 1}}}
  store: {kind: stateless, scope: primary, cpu: 1ms}
  safe: {kind: objects, class: standard-IA, backup: {of: [store], to: objects, keep: 10d}}
`
	l := fitNodeless(t, testSystem(t, testCatalog(t), src), "safe")
	// One full copy and 9 increments of 2 %; 20 increments more until day 30.
	require.InDelta(t, 100*(1+29*0.02), usageOf(l, 0, "s3", "standard-IA storage"), 1e-9)
	require.InDelta(t, 118, l.Usage[0].Quantity, 1e-9)
	require.Equal(t, "backups of store, deleted early", l.Usage[1].Label)
}

func TestNodelessNeverCheaperUnderMoreLoad(t *testing.T) {
	c := testCatalog(t)
	base := strings.Replace(strings.Replace(commerce, "preset: flat", "preset: consumer", 1), "session: 30min",
		"session: 30min, stored_per_write: 1KB", 1) + `
  edge: {kind: balancer, entry: true, calls: {web: {per_read: 1, per_write: 1, request: 1KB, response: 3KB}}}
  web: {kind: stateless, cpu: 6ms, calls: {db: {per_read: 1, per_write: 1, request: 1KB, response: 1KB},
    images: {per_write: 1, per_read: 1, request: 1KB}, gate: {per_write: 1, request: 1KB}}}
  db: {kind: stateless, scope: primary, cpu: 1ms}
  images: {kind: objects, scope: all, backup: {of: [db]}}
  gate: {kind: nat}
  move: {kind: transfer}
`
	bill := func(users string) map[string]float64 {
		s := testSystem(t, c, strings.Replace(base, "users: 2500", "users: "+users, 1))
		out := map[string]float64{}
		for _, name := range []string{"edge", "gate", "images", "move"} {
			l := fitNodeless(t, s, name)
			for _, u := range l.Usage {
				out[name+u.Meter.Service()+u.Meter.Item()+s.Flow.Demand.Regions[u.Region].Name] += u.Quantity
			}
		}
		return out
	}
	drawn.Check(t, func(rt *rapid.T) {
		a := rapid.IntRange(0, 100_000).Draw(rt, "users")
		b := a + rapid.IntRange(0, 100_000).Draw(rt, "more")
		few, many := bill(unit.Count(a).String()), bill(unit.Count(b).String())
		for k, q := range few {
			require.GreaterOrEqual(rt, many[k], q*(1-1e-12), k)
		}
	})
}
