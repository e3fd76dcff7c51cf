package sizing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/queueing"
	"headroom/pkg/words"
)

// MODEL section 5: "pool 1 at 100 calls/s × 9 ms: 90 % busy, 81 ms wait; pool 2:
// 45 %, 2.3 ms".
func TestPoolOfOneSaturates(t *testing.T) {
	for _, x := range []struct{ pool, busy, wait float64 }{{1, 0.90, 0.081}, {2, 0.45, 0.0023}} {
		w := Wait{Calls: 1, Rate: 1,
			Pool: queueing.Node{Servers: x.pool, Service: 0.009, ArrivalSCV: 1, ServiceSCV: 1}}
		n, err := withWaits(queueing.Node{Servers: 1, Service: 1e-3}, []Wait{w}, 0, 100)
		require.NoError(t, err)
		require.InDelta(t, x.wait, n.Beside.Mean, 5e-5)
		w.Pool.Rate = 100
		s, err := w.Pool.Solve()
		require.NoError(t, err)
		require.InDelta(t, x.busy, s.Utilisation(), 1e-12)
	}
	full := Wait{Calls: 1, Rate: 1, Pool: queueing.Node{Servers: 1, Service: 0.010, ArrivalSCV: 1, ServiceSCV: 1}}
	_, err := withWaits(queueing.Node{}, []Wait{full}, 0, 100)
	require.Error(t, err, "more calls than it serves")
}

// One region; a read takes 9 ms of the database's reference type at rest.
const poolProfile = `
apiVersion: headroom/v1
name: pools
regions: [%s]
peak: {users: 100, requests_per_user: 60/min, write_ratio: 0%%, response: 3KB, session: 30min}
curve: {preset: flat}
data: {dataset: 1GB}
policy: {survive: [], reserve: {cpu: 0}}
components:
  web:
    kind: stateless
    entry: true
    cpu: 1ms
    workers: 1
    %s
    calls: {db: {per_read: 1, per_write: 1, request: 200B, response: 1KB%s}}
  db: {kind: database, cpu_read: 9ms, cpu_write: 9ms, scalability: {sigma: 0}, failover: none, reads: primary}
`

func poolSource(regions, web, call string) string {
	return fmt.Sprintf(poolProfile, regions, web, call)
}

// poolOf is the stateless component of a profile on a node type, with its limit for
// connections in the normal state in a region.
func poolOf(t *testing.T, src string, region int) (*Layout, *RegionLimit) {
	t.Helper()
	l, rej := fit(t, testSystem(t, testCatalog(t), src), "web", "m7g.medium", Storage{})
	require.Nil(t, rej)
	l.Detail()
	for i := range l.Limits {
		if x := &l.Limits[i]; x.Of == pooledCalls && x.State == capacity.Own && x.Region == region {
			return l, x
		}
	}
	return l, nil
}

// The database's node of 4 vCPUs at 60 %: Erlang C(4, 2.4) = 0.2870, wait 0.2870 ×
// 9 ms / (4 × 0.4) = 1.61 ms. 100 calls/s × 10.61 ms hold 1.061 connections.
func TestPoolIsHeldForTheResidence(t *testing.T) {
	for _, x := range []struct {
		pool  string
		nodes int
	}{{"1", 2}, {"2", 1}, {"10", 1}} { // 1.061 ≤ 0.80 × 2 nodes × 1; 0.80 × 1 × 2
		l, limit := poolOf(t, poolSource("{name: us-east-1}", "connection_pool: "+x.pool, ""), 0)
		require.Equal(t, x.nodes, l.Pools[0].Max, "pool "+x.pool)
		require.InDelta(t, 1.0614, limit.Need, 5e-4)
		require.InDelta(t, 0.8, limit.Target, 1e-12)
		require.Equal(t, x.pool == "1", limit.Binding)
	}
	busier, _ := poolOf(t, poolSource("{name: us-east-1}", "connection_pool: 1\n    pool_busy: 30%", ""), 0)
	require.Equal(t, 4, busier.Pools[0].Max) // 1.061 ≤ 0.30 × 4
	for name, src := range map[string]string{
		"nobody waits": poolSource("{name: us-east-1}", "connection_pool: 1", ", mode: async"),
		"no pool":      poolSource("{name: us-east-1}", "connection_pool: 0", ""),
		"residence unknown": strings.Replace(poolSource("{name: us-east-1}", "", ""),
			"kind: database", "kind: objects", 1),
		"no bound of a wait": strings.Replace(poolSource("{name: us-east-1}", "", ""),
			"reserve:", "own_load: 1, reserve:",
			1),
	} {
		if name == "residence unknown" {
			src = src[:strings.Index(src, "  db:")] + "  db: {kind: objects}\n"
		}
		_, limit := poolOf(t, src, 0)
		require.Nil(t, limit, name)
	}
}

// A call to the primary of another region holds its connection for the way too, but
// not while that region is lost: the primary is then at home.
func TestPoolIsHeldOnTheWay(t *testing.T) {
	src := poolSource("{name: us-east-1}, {name: us-west-2}", "connection_pool: 100", "")
	src = strings.Replace(src, "survive: []", "survive: [region]", 1)
	src = strings.Replace(src, "failover: none", "failover: region", 1)
	l, near := poolOf(t, src, 0)
	_, far := poolOf(t, src, 1)
	require.InDelta(t, 50*0.010614, near.Need, 5e-4)
	require.InDelta(t, 50*(0.010614+0.064419), far.Need, 5e-4) // hardware/region_latency.csv
	for _, x := range l.Limits {
		if x.Of == pooledCalls && x.State == capacity.RegionLost {
			require.InDelta(t, 100*0.010614, x.Need, 1e-3, "region %d", x.Region)
		}
	}
}

// The wait for a connection is part of the response time that an aim is about.
func TestPoolWaitsCountForTheAim(t *testing.T) {
	const aim = "\n    slo: {p99: 30ms}\n    pool_busy: 100%"
	roomy, _ := poolOf(t, poolSource("{name: us-east-1}", "connection_pool: 10"+aim, ""), 0)
	tight, _ := poolOf(t, poolSource("{name: us-east-1}", "connection_pool: 1"+aim, ""), 0)
	require.Equal(t, 1, roomy.Pools[0].Max)
	require.Greater(t, tight.Pools[0].Max, 2, "100 % busy would be two nodes")
	for _, l := range []*Layout{roomy, tight} {
		q, err := l.At(0, l.Limits[0].Utilisation())
		require.NoError(t, err)
		s, err := q.Solve()
		require.NoError(t, err)
		require.LessOrEqual(t, s.ResponseTail(0.030), 0.01*(1+1e-9))
	}
	require.Empty(t, roomy.Warnings)
	require.Len(t, tight.Warnings, 1, "a number in a file costs machines")
	require.Contains(t, words.Say(tight.Warnings[0]), "wait for the 1 connections of a worker")
	// With one node fewer the aim is missed.
	n := float64(tight.Pools[0].Max)
	q, err := tight.At(0, tight.Limits[0].Utilisation()*n/(n-1))
	if err == nil {
		s, err := q.Solve()
		require.NoError(t, err)
		require.Greater(t, s.ResponseTail(0.030), 0.01)
	}
}
