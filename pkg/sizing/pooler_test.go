package sizing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
)

const poolerProfile = `
apiVersion: headroom/v1
name: pooler
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 60/min, write_ratio: 0%, response: 3KB, session: 30min}
curve: {preset: flat}
data: {dataset: 1GB}
policy: {survive: [zone], reserve: {cpu: 0}}
components:
  web:
    kind: stateless
    entry: true
    cpu: 6ms
    connection_pool: 50
    calls: {pool: {per_read: 1, per_write: 1}}
  pool: {kind: pooler, calls: {db: {per_read: 1, per_write: 1}}}
  db: {kind: database, cpu_read: 9ms, cpu_write: 9ms, scalability: {sigma: 0}}
`

// poolerOn sizes the callers, then the pooler on a type.
func poolerOn(t *testing.T, s *System, nodeType string) (*Layout, *Rejection) {
	t.Helper()
	_, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	l, rej := fit(t, s, "pool", nodeType, Storage{})
	if l != nil {
		l.Detail()
	}
	return l, rej
}

// 1,000 transactions/s take 0.05 of the one core that a process has: two nodes, as
// one must be left of a zone. Each transaction holds a connection for 10.61 ms (see
// TestPoolIsHeldForTheResidence): 10.61 at the same time, which takes 10.61 / 0.80 = 13.3
// connections, so 14. The one node left may have all of them; the database sees them once.
func TestPoolerSize(t *testing.T) {
	s := testSystem(t, testCatalog(t), poolerProfile)
	l, rej := poolerOn(t, s, "m7g.medium")
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "", 2)}, l.Pools)
	require.Equal(t, Offers{All: 14}, l.Offers)
	comp, _ := s.Profile.Component("db")
	require.InDelta(t, 14, s.Task(comp).clients(), 1e-9)
	comp, _ = s.Profile.Component("pool")
	require.InDelta(t, 3*4*50, s.Task(comp).clients(), 1e-9, "instead of those of the callers")
	found := false
	for _, x := range l.Limits {
		if x.Of == pooledCalls && x.State == capacity.ZoneLost {
			found = true
			require.InDelta(t, 10.614, x.Need, 5e-3)
			require.InDelta(t, 14, x.Have, 1e-9)
		}
		require.Equal(t, x.Of == capacity.Nodes, x.Binding)
	}
	require.True(t, found)
}

// A size that is given is what the database sees, if the part of it that the nodes left
// have is enough: half of 28.
func TestPoolerGivenSize(t *testing.T) {
	for size, fits := range map[float64]bool{27: false, 28: true, 60: true} {
		src := strings.Replace(poolerProfile, "kind: pooler", fmt.Sprintf("kind: pooler, size: %g", size), 1)
		l, rej := poolerOn(t, testSystem(t, testCatalog(t), src), "m7g.medium")
		if !fits {
			require.Equal(t, pooledCalls.Name, rej.Resource)
			require.InDelta(t, 28, rej.Need, 1e-9)
			continue
		}
		require.Nil(t, rej)
		require.InDelta(t, size, l.Offers.All, 1e-9)
	}
}

// What the database sees follows the transactions, on however many nodes and of whatever
// type; at the least, each process of the least nodes has a connection.
func TestPoolerConnectionsFollowTheTransactions(t *testing.T) {
	src := strings.Replace(poolerProfile, "kind: pooler", "kind: pooler, cpu_per_transaction: 5ms", 1)
	for _, x := range []struct {
		src, on string
		nodes   int
		all     float64
	}{
		{src, "m7g.medium", 9, 14},
		{strings.Replace(src, "kind: pooler", "kind: pooler, processes: 4", 1), "m7g.2xlarge", 3, 14},
		{strings.Replace(src, "users: 1000", "users: 10", 1), "m7g.medium", 2, 2},
		{strings.Replace(poolerProfile, "kind: pooler", "kind: pooler, processes: 8", 1), "m7g.medium", 2, 16},
	} {
		l, rej := poolerOn(t, testSystem(t, testCatalog(t), x.src), x.on)
		require.Nil(t, rej)
		require.Equal(t, x.nodes, l.Pools[0].Max, x.on)
		require.InDelta(t, x.all, l.Offers.All, 1e-9)
	}
}

// A process has one core: with 100 times the CPU a transaction, 5 vCPU of work take
// ⌈5/0.6⌉ = 9 processes, and as many nodes, of any size, with two more for a zone.
func TestPoolerProcessHasOneCore(t *testing.T) {
	src := strings.Replace(poolerProfile, "kind: pooler", "kind: pooler, cpu_per_transaction: 5ms", 1)
	four := strings.Replace(src, "kind: pooler", "kind: pooler, processes: 4, scalability: {sigma: 0}", 1)
	for _, x := range []struct {
		src, on string
		nodes   int
	}{
		{src, "m7g.medium", 9}, // 5 / 0.85 = 5.9 with a zone lost: 6 of 9
		{src, "m7g.xlarge", 9},
		{four, "m7g.medium", 9}, // four processes on one vCPU
		{four, "m7g.xlarge", 3}, // 5 / (4 × 0.6) = 2.1; of 3, 2 are left
	} {
		l, rej := poolerOn(t, testSystem(t, testCatalog(t), x.src), x.on)
		require.Nil(t, rej)
		require.Equal(t, x.nodes, l.Pools[0].Max, x.on)
	}
}

func TestPoolerProblems(t *testing.T) {
	for change, want := range map[string]string{
		"size: 10": "calls 0 components",
		"calls: {db: {per_read: 1, per_write: 1}}, reference: m7g.xlarges": "reference type",
		"calls: {db: {per_read: 1, per_write: 1}}, slo: {p99: 1s}":         "response times are not computed",
	} {
		src := strings.Replace(poolerProfile, "calls: {db: {per_read: 1, per_write: 1}}}", change+"}", 1)
		s := testSystem(t, testCatalog(t), src)
		comp, _ := s.Profile.Component("pool")
		_, err := poolerKind{}.Prepare(s.Task(comp))
		require.ErrorContains(t, err, want, change)
	}
	// How long a log takes is not modelled, so its connections cannot be counted.
	i := strings.Index(poolerProfile, "  db:")
	s := testSystem(t, testCatalog(t), poolerProfile[:i]+"  db: {kind: objects}\n")
	comp, _ := s.Profile.Component("pool")
	_, err := poolerKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, "not known how long db takes")
}

// What workers bring after an outage passes the pooler on its way to the database.
func TestPoolerPassesTheBacklog(t *testing.T) {
	const src = `
apiVersion: headroom/v1
name: late
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 60/min, write_ratio: 10%, session: 30min}
policy: {survive: []}
components:
  feed: {kind: log, entry: true, calls: {work: {per_write: 1, mode: async}}}
  work: {kind: worker, cpu: 1ms, outage: 2h, catch_up: 4h, calls: {pool: {per_write: 1}}}
  pool: {kind: pooler, calls: {db: {per_read: 1, per_write: 1}}}
  db: {kind: database, cpu_read: 1ms, cpu_write: 1ms}
`
	s := testSystem(t, testCatalog(t), src)
	comp, _ := s.Profile.Component("db")
	require.InDelta(t, 100*0.5, s.Task(comp).backlog().writes.Global, 1e-9) // o/h = 2/4 of 100/s
}
