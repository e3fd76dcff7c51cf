package sizing

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/queueing"
	"headroom/pkg/words"
)

// mmcQueue is a queue of so many servers at so many erlangs: the mean service time
// of the requests that are asked about, and the mean and squared coefficient of
// variation of all that they wait for.
type mmcQueue struct{ servers, erlangs, service, wait, scv float64 }

// mmc is P(response > t) of M/M/c by the plain quotient (Adan and Resing 2015,
// ch. 5).
func mmc(t testing.TB, q mmcQueue, at float64) float64 {
	t.Helper()
	st, err := queueing.Node{Servers: q.servers, Rate: q.erlangs, Service: 1, ArrivalSCV: 1, ServiceSCV: 1}.Solve()
	require.NoError(t, err)
	p := st.PWait() // Erlang's C
	theta, mu := 2*(q.servers-q.erlangs)/(q.wait*(1+q.scv)), 1/q.service
	return (1-p)*math.Exp(-mu*at) + p*(mu*math.Exp(-theta*at)-theta*math.Exp(-mu*at))/(mu-theta)
}

// withSLO is the web profile with another SLO. The sums in the comments here
// leave out its first pages, one in 3,000 requests, which take no CPU.
func withSLO(slo string) string {
	return strings.Replace(webProfile, "{p99: 200ms}", slo, 1)
}

// cpuLimit is the CPU limit of the first region in a state.
func cpuLimit(t testing.TB, l *Layout, state capacity.State) RegionLimit {
	t.Helper()
	for _, x := range l.Limits {
		if x.Of.Name == "cpu" && x.State == state && x.Region == 0 {
			return x
		}
	}
	t.Fatalf("no CPU limit in the state %s", state)
	return RegionLimit{}
}

// All percentiles hold. m7g.xlarge is the reference, so a request of 6 ms takes
// 6 ms on each of 4 servers. By M/M/4 the median is within 7 ms up to ρ =
// 0.7533, less than the 0.85 that a lost region may take: 25 vCPU of work then
// need ⌈25/(4·0.7533)⌉ = ⌈8.30⌉ = 9 nodes instead of ⌈25/3.4⌉ = 8.
func TestAllPercentilesHold(t *testing.T) {
	c := testCatalog(t)
	for _, row := range []struct {
		slo  string
		want int
		why  string
	}{
		{"{p99: 10s}", 8, ""},
		{"{p50: 7ms}", 9, "p50 within 7 ms"},
		{"{p50: 7ms, p99: 10s}", 9, "p50 within 7 ms"},
		{"{p50: 7ms, p90: 5s, p95: 6s, p99: 10s, p999: 20s}", 9, "p50 within 7 ms"},
		// p99 within 40 ms holds up to ρ = 0.7897: 7.91 nodes; it asks for less.
		{"{p50: 7ms, p99: 40ms}", 9, "p50 within 7 ms"},
		// p99 within 30 ms up to 0.6062: ⌈25/2.425⌉ = ⌈10.31⌉ = 11 nodes.
		{"{p50: 7ms, p99: 30ms}", 11, "p99 within 30 ms"},
		{"{p50: 30ms, p99: 30ms}", 11, "p99 within 30 ms"},
		// A median within 5 ms up to 0.5636, less than the 0.60 of normal load:
		// ⌈25/2.2544⌉ = ⌈11.09⌉ = 12 nodes for a lost region.
		{"{p50: 5ms, p99: 10s}", 12, "p50 within 5 ms"},
		{"{p50: 5ms, p99: 10s, degraded: {p99: 10s}}", 8, "p50 within 5 ms"},
		{"{p99: 10s, degraded: {p50: 7ms, p999: 10s}}", 9, "p50 within 7 ms"},
		{"{p50: 5ms, degraded: {p50: 7ms}}", 9, "p50 within 5 ms; while something is lost p50 within 7 ms"},
	} {
		s := testSystem(t, c, withSLO(row.slo))
		l, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
		require.Nil(t, rej, row.slo)
		l.Detail()
		require.Equal(t, row.want, l.Pools[0].Max, row.slo)
		require.Equal(t, row.why, words.Say(cpuLimit(t, l, capacity.RegionLost).Why), row.slo)
	}
	require.InDelta(t, 0.5, mmc(t, mmcQueue{4, 4 * 0.75334882, 0.006, 0.006, 1}, 0.007), 1e-7)
	require.InDelta(t, 0.5, mmc(t, mmcQueue{4, 4 * 0.56359675, 0.006, 0.006, 1}, 0.005), 1e-7)
	require.InDelta(t, 0.01, mmc(t, mmcQueue{4, 4 * 0.60622962, 0.006, 0.006, 1}, 0.030), 1e-7)
}

// What no wait at all breaks is named: the median of 6 ms is ln 2 · 6 ms =
// 4.16 ms.
func TestLowerPercentileBroken(t *testing.T) {
	s := testSystem(t, testCatalog(t), withSLO("{p50: 4ms, p99: 10s}"))
	_, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Equal(t, "response time", rej.Resource)
	require.Contains(t, rej.Error(), "p50 breaks even without any wait; a request takes 6 ms of a vCPU")
	require.InDelta(t, 0.004, rej.Have, 1e-15)
}

// What a request waits for in any case is taken off every aim.
func TestAimsMoveTogether(t *testing.T) {
	slo := ResponseAims{}.with(0.99, 0.080).with(0.5, 0.010)
	slo.Within -= 0.003
	aims := slo.aims(nil)
	require.Len(t, aims, 2)
	require.Equal(t, queueing.Aim{Percentile: 0.99, Within: 0.077}, aims[0])
	require.Equal(t, 0.5, aims[1].Percentile)
	require.InDelta(t, 0.007, aims[1].Within, 1e-15)
	slo.Within -= 0.010 // more than the median has
	_, _, rej := greatestRate(queueing.Node{Servers: 4, Service: 0.001, ArrivalSCV: 1, ServiceSCV: 1}, 0.6, slo, "")
	require.NotNil(t, rej)
	require.Contains(t, rej.Error(), "p50 breaks")
	require.Zero(t, rej.Have)
}

// guestProfile is the web profile with a guest on its nodes: a request of 1 ms
// calls it every fourth time.
func guestProfile(web, admin string) string {
	src := strings.Replace(webProfile, "cpu: 6ms", "cpu: 1ms", 1)
	src = strings.Replace(src, "    slo: {p99: 200ms}\n", web+"    calls: {admin: {per_read: 0.25, per_write: 0.25}}\n",
		1)
	return src + "  admin: {kind: stateless, colocate: web, " + admin + "}\n"
}

// p99 of 6.29 ms of exponential service is ln 100 · 6.29 ms = 29 ms, whatever
// the load: no machine of this speed keeps 12 ms.
func TestGuestSLORejects(t *testing.T) {
	c := testCatalog(t)
	s := testSystem(t, c, guestProfile("", "cpu: 6.29ms, slo: {p99: 12ms}"))
	_, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.NotNil(t, rej)
	require.Equal(t, "response time: needs 6.29 ms, has 12 ms (p99 of admin breaks even without any wait; "+
		"a request takes 6.29 ms of a vCPU)", rej.Error())
	require.Greater(t, math.Log(100)*0.00629, 0.028)
	// It is enough that it breaks while something is lost.
	s = testSystem(t, c, guestProfile("", "cpu: 6.29ms, slo: {p99: 1s, degraded: {p99: 12ms}}"))
	_, rej = fit(t, s, "web", "m7g.xlarge", Storage{})
	require.NotNil(t, rej)
	// Where nothing lost is survived there is no such state.
	s = testSystem(t, c, strings.Replace(guestProfile("", "cpu: 6.29ms, slo: {p99: 1s, degraded: {p99: 12ms}}"),
		"policy: {", "policy: {survive: [], ", 1))
	_, rej = fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
}

// A guest of 20 ms behind a fifth of the requests, 1 ms each else: the mixture
// has D = 4.8 ms and cs² = 6.0139 (see TestMixMoments). Its requests wait
// exponentially with θ = 2·(4−a)/(D·(1+cs²)) in Erlang's part C of the cases,
// and take 20 ms: p99 is within 110 ms up to ρ = 0.7364, within 97 ms up to
// 0.5851. The work is 4,166.7/s × (1 ms + 0.25 × 20 ms) = 25 vCPU, all of it in
// one region when the other is lost.
func TestGuestSLOLowersTheHost(t *testing.T) {
	c := testCatalog(t)
	const wait, scv = 0.0048, 161.6/4.8/4.8 - 1
	for _, row := range []struct {
		slo       string
		want      int
		own, lost float64
		within    float64
	}{
		{"p99: 10s", 8, 0.60, 0.85, 0},                   // ⌈25/3.4⌉
		{"p99: 110ms", 9, 0.60, 0.7364, 0.110},           // ⌈25/(4·0.7364)⌉ = ⌈8.49⌉
		{"p99: 100ms", 10, 0.60, 0.6440, 0.100},          // ⌈25/(4·0.6440)⌉ = ⌈9.71⌉
		{"p99: 95ms", 12, 0.5233, 0.5233, 0.095},         // ⌈25/(4·0.5233)⌉ = ⌈11.94⌉
		{"p50: 1s, p99: 95ms", 12, 0.5233, 0.5233, .095}, // and all percentiles hold
		{"p99: 95ms, degraded: {p99: 10s}", 8, 0.5233, 0.85, 0},
	} {
		s := testSystem(t, c, guestProfile("", "cpu: 20ms, slo: {"+row.slo+"}"))
		l, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
		require.Nil(t, rej, row.slo)
		l.Detail()
		require.Equal(t, row.want, l.Pools[0].Max, row.slo)
		require.InDelta(t, row.own, cpuLimit(t, l, capacity.Own).Target, 5e-5, row.slo)
		require.InDelta(t, row.lost, cpuLimit(t, l, capacity.RegionLost).Target, 5e-5, row.slo)
		require.InDelta(t, 25, cpuLimit(t, l, capacity.RegionLost).Need, 1e-9)
		if row.within > 0 {
			require.InDelta(t, 0.01, mmc(t, mmcQueue{4, 4 * row.lost, 0.020, wait, scv}, row.within), 2e-5, row.slo)
			require.Contains(t, words.Say(cpuLimit(t, l, capacity.RegionLost).Why), "p99 of admin within")
		}
	}
}

// The host's requests take its own time too, not the mean of all: 6 ms beside a
// guest of 1 ms. The mixture of equal rates has D = 3.5 ms and cs² =
// (36 + 1)/3.5² − 1 = 2.0204.
func TestHostSLOIsItsOwn(t *testing.T) {
	src := strings.Replace(withSLO("{p99: 29ms}"), "    slo:", "    calls: {admin: {per_read: 1, per_write: 1}}\n"+
		"    slo:", 1) +
		"  admin: {kind: stateless, colocate: web, cpu: 1ms}\n"
	s := testSystem(t, testCatalog(t), src)
	l, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	l.Detail()
	target := cpuLimit(t, l, capacity.Own).Target
	require.Less(t, target, 0.60)
	require.InDelta(t, 0.01, mmc(t, mmcQueue{4, 4 * target, 0.006, 0.0035, 37/3.5/3.5 - 1}, 0.029), 5e-5)
	// Of 27 ms, ln 100 · 6 ms = 27.6 ms leave nothing.
	s = testSystem(t, testCatalog(t), strings.Replace(src, "29ms", "27ms", 1))
	_, rej = fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Contains(t, rej.Error(), "p99 breaks even without any wait; a request takes 6 ms of a vCPU")
}

// What is reported of host and guest is what the sizing kept: at the highest
// load that an SLO allows, the response takes as long as it says.
func TestReportedQueueIsTheSizedOne(t *testing.T) {
	s := testSystem(t, testCatalog(t), guestProfile("    slo: {p99: 25ms}\n", "cpu: 20ms, slo: {p99: 95ms}"))
	host, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	guest, rej := fit(t, s, "admin", "", Storage{})
	require.Nil(t, rej)
	host.Detail()
	guest.Detail()
	at := func(l *Layout, utilisation float64) float64 {
		st, err := l.Queue.At(utilisation).Solve() // as the reports do
		require.NoError(t, err)
		seconds, err := st.ResponsePercentile(0.99)
		require.NoError(t, err)
		return seconds
	}
	x := cpuLimit(t, host, capacity.RegionLost)
	require.InEpsilon(t, 0.025, at(host, x.Target), 1e-5, "the host's SLO binds")
	require.Equal(t, "p99 within 25 ms", words.Say(x.Why))
	require.LessOrEqual(t, at(guest, x.Target), 0.095)
	y := cpuLimit(t, guest, capacity.RegionLost)
	require.Equal(t, x.Utilisation(), y.Utilisation(), "the guest is on the host's nodes")
	for _, l := range guest.Limits {
		require.False(t, l.Binding, "the guest decides nothing by itself")
	}
	require.InEpsilon(t, 0.001, host.Queue.Of.Service, 1e-3)
	require.InEpsilon(t, 0.020, guest.Queue.Of.Service, 1e-12)
	require.InEpsilon(t, 0.0048, guest.Queue.Service, 1e-3)

	// Without load there is nothing to report.
	s = testSystem(t, testCatalog(t), strings.Replace(guestProfile("", "cpu: 20ms, slo: {p99: 1ms}"),
		"per_read: 0.25, per_write: 0.25", "per_read: 0", 1))
	host, rej = fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej, "the SLO of requests that never come")
	require.NotNil(t, host.Queue)
	guest, rej = fit(t, s, "admin", "", Storage{})
	require.Nil(t, rej)
	require.Nil(t, guest.Queue)
}
