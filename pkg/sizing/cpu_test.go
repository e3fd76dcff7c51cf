package sizing

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
)

// busyProfile asks for 100,000 requests/s × 5 ms = 500 vCPU of c8g, and need not
// outlive anything.
const busyProfile = `
apiVersion: headroom/v1
name: busy
regions: [{name: us-east-1}]
peak: {users: 100000, requests_per_user: 1/s, response: 1KB, session: 30min}
curve: {preset: flat}
policy: {survive: []}
components:
  web: {kind: stateless, entry: true, cpu: 5ms, reference: c8g.xlarge, autoscaled: false, residence: 5ms%MORE%}
`

func busy(t testing.TB, more string) *System {
	t.Helper()
	return testSystem(t, testCatalog(t), strings.Replace(busyProfile, "%MORE%", more, 1))
}

// vcpus is how many vCPUs the busy service takes on a type.
func vcpus(t testing.TB, s *System, nodeType string) float64 {
	t.Helper()
	l, rej := fit(t, s, "web", nodeType, Storage{})
	require.Nil(t, rej)
	return float64(l.Pools[0].Max * l.Type.VCPU)
}

// A machine at rest answers as fast whatever its size: contention is of the load.
func TestIdleMachinesAnswerAlike(t *testing.T) {
	p99 := func(nodeType string) float64 {
		l, rej := fit(t, busy(t, ""), "web", nodeType, Storage{})
		require.Nil(t, rej)
		q := l.Queue.At(1e-6)
		st, err := q.Solve()
		require.NoError(t, err)
		seconds, err := st.ResponsePercentile(0.99)
		require.NoError(t, err)
		return seconds
	}
	small := p99("c8g.xlarge")
	require.InEpsilon(t, 0.005*math.Log(100), small, 0.01)
	require.InEpsilon(t, small, p99("c8g.48xlarge"), 0.01)
	// As a search sees it: what a small machine keeps idle, a large one keeps.
	for _, nodeType := range []string{"c8g.xlarge", "c8g.48xlarge"} {
		_, rej := fit(t, busy(t, ", slo: {p99: 24ms}"), "web", nodeType, Storage{})
		require.Nil(t, rej, nodeType)
		_, rej = fit(t, busy(t, ", slo: {p99: 22ms}"), "web", nodeType, Storage{})
		require.NotNil(t, rej, nodeType)
	}
}

// At 60 % busy: 4 vCPU carry (0.6·4/(1 + 0.015·0.6) − 0.1), 192 carry
// 0.6·192/(1 + 0.955·0.6) − 0.1. Without contention the reserve alone is left.
func TestBusyMachinesContend(t *testing.T) {
	s := busy(t, "")
	small, large := vcpus(t, s, "c8g.xlarge"), vcpus(t, s, "c8g.48xlarge")
	require.Equal(t, math.Ceil(500/(2.4/1.009-0.1))*4, small)
	require.Equal(t, math.Ceil(500/(115.2/1.573-0.1))*192, large)
	require.LessOrEqual(t, large/small, 1.6)

	plain := strings.Replace(busyProfile, "survive: []", "survive: [], reserve: {cpu: 0}", 1)
	s = testSystem(t, testCatalog(t), strings.Replace(plain, "%MORE%", ", scalability: {sigma: 0}", 1))
	require.Equal(t, math.Ceil(500/2.4)*4, vcpus(t, s, "c8g.xlarge"))
	require.Equal(t, math.Ceil(500/115.2)*192, vcpus(t, s, "c8g.48xlarge"))
}

// What a node does at a utilisation is what the queue says: at that rate its servers
// are busy for just so much of the time.
func TestCarriesIsTheQueue(t *testing.T) {
	types := []string{"c8g.medium", "c8g.xlarge", "m7g.4xlarge", "c8g.48xlarge", "t3.large", "c7i-flex.large"}
	c := testCatalog(t)
	drawn.Check(t, func(rt *rapid.T) {
		nt, ok := c.NodeType(rapid.SampledFrom(types).Draw(rt, "type"))
		require.True(rt, ok)
		ref, _ := c.NodeType("m7g.xlarge")
		task, _ := prepare(t, busy(t, ""), "web")
		n, rej := task.nodeCPU(nt, catalog.ClassHTTP, ref)
		require.Nil(rt, rej)
		n.contention = rapid.Float64Range(0, 2).Draw(rt, "contention")
		u := rapid.Float64Range(0.2, 0.99).Draw(rt, "utilisation")
		n.own = u
		if n.carries(u, n.vcpus) == 0 {
			return
		}
		q := n.queue(rapid.Float64Range(1e-4, 1).Draw(rt, "request"), 1, 1, n.vcpus).At(u)
		st, err := q.Solve()
		require.NoError(rt, err)
		require.InEpsilon(rt, u, st.Utilisation(), 1e-9)
	})
}

// Base load, sessions and workers. c8g is its own reference, so that a vCPU is one.
func TestLoadThatDoesNotFollowRequests(t *testing.T) {
	cpu := func(more string) capacity.Limit {
		l, rej := fit(t, busy(t, more), "web", "c8g.xlarge", Storage{})
		require.Nil(t, rej)
		l.Detail()
		return cpuLimit(t, l, capacity.Own).Limit
	}
	plain := cpu("")
	require.InEpsilon(t, 500, plain.Need, 1e-9)
	require.InEpsilon(t, 530, cpu(", cpu_base: 30").Need, 1e-9)
	require.InEpsilon(t, 600, cpu(", cpu_per_session: 1ms").Need, 1e-9, "of 100,000 users")
	// On each node half a vCPU is taken off what it carries.
	node := cpu(", cpu_per_node: 0.5")
	require.InEpsilon(t, 500, node.Need, 1e-9)
	require.InEpsilon(t, 2.4/1.009-0.6, node.Have*node.Target/float64(node.Nodes), 1e-9)

	memory := func(more, nodeType string) *Rejection {
		_, rej := fit(t, busy(t, more), "web", nodeType, Storage{})
		return rej
	}
	require.Nil(t, memory(", workers: 8, memory_per_worker: 500MiB", "c8g.xlarge"))
	rej := memory(", workers: 16, memory_per_worker: 500MiB", "c8g.xlarge")
	require.Equal(t, "memory", rej.Resource)
	require.InEpsilon(t, (16*500+512)*1024*1024.0, rej.Need, 1e-9)
}
