package sizing

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/words"
)

// queried is an index of so many bytes in one region that answers 100 queries a
// second; more are further keys.
func queried(source, more string) string {
	return `
apiVersion: headroom/v1
name: queried
regions: [{name: us-east-1}]
horizon: 0
peak: {users: 100, requests_per_user: 1/s, write_ratio: 0, response: 3KB, stored_per_write: 0B}
curve: {preset: flat}
policy: {survive: [node, zone]}
components:
  search: {kind: search, entry: true, storage: [gp3], source: ` + source + more + `}
`
}

func sizerOf(t testing.TB, cat *catalog.Catalog, src, node string) (*index, *indexNode) {
	t.Helper()
	s := testSystem(t, cat, src)
	_, z := prepare(t, s, "search")
	nt, ok := cat.NodeType(node)
	require.True(t, ok)
	sizer := z.(*index)
	n, rej := sizer.node(nt, onGP3)
	require.Nil(t, rej)
	return sizer, n
}

// One primary shard, one replica, three nodes: two nodes work. Shared evenly they
// would be 51 % busy; the busiest is 77 % where 60 % are allowed. Two more primary
// shards give every node two copies.
func TestSearchOneShardKeepsTwoNodesBusy(t *testing.T) {
	s, n := sizerOf(t, testCatalog(t), queried("20GB", ", cpu_query: 58ms"), "m7g.xlarge")
	r := &s.regions[0]
	busy := func(primaries int) float64 {
		x := arrangement{clusters: 1, nodes: 3, primaries: primaries, copies: 2}
		needs, rej := s.needs(r, n, &x, nil)
		require.Nil(t, rej)
		role := s.role(r, needs, x.copies)
		l := role.Limit(&role.Needs[0], capacity.Own, 3)
		require.Equal(t, capacity.CPU, l.Of)
		return l.Utilisation()
	}
	// 5.8 vCPU on nodes that have (4·0.6/(1 + 0.015·0.6) − 0.1)/0.6 = 3.798 there.
	require.InDelta(t, 5.8/2/3.798, busy(1), 1e-3)
	require.InDelta(t, 5.8/3/3.798, busy(3), 1e-3)
	found, rej := s.arrange(r, n)
	require.Nil(t, rej)
	require.Equal(t, []arrangement{{clusters: 1, nodes: 3, primaries: 3, copies: 2}}, found)
}

// Where each further shard costs CPU, more copies of one shard may need fewer nodes
// than more shards.
func TestSearchReplicasInsteadOfShards(t *testing.T) {
	s, n := sizerOf(t, testCatalog(t), queried("20GB", ", cpu_query: 58ms, cpu_shard: 15ms"), "m7g.xlarge")
	found, rej := s.arrange(&s.regions[0], n)
	require.Nil(t, rej)
	require.Equal(t, arrangement{clusters: 1, nodes: 3, primaries: 1, copies: 3}, found[len(found)-1])
	require.Equal(t, 2, found[0].copies)
	require.Greater(t, found[0].nodes, 3)
	l := fitSearch(t, queried("20GB", ", cpu_query: 58ms, cpu_shard: 15ms"), "m7g.xlarge")
	require.Equal(t, Fixed(0, "", 3), l.Pools[0])
	require.Contains(t, words.Say(l.Structure[0]), "1 primary shard × 3 copies")
	require.Contains(t, words.Say(l.Structure[1]), "the busiest of 3 data nodes has 1 of 3 copies")
}

// bruteForce is the least number of nodes that carry queries with so many copies of
// each shard, at most most, and the fewest primary shards with which they do. It
// places the copies of the shards in turn on the nodes that are left.
func bruteForce(s *index, n *indexNode, copies, most int) (nodes, primaries int) {
	fewest := max(1, int(math.Ceil(float64(s.regions[0].horizon)/(30<<30)*(1-1e-9))))
	for nodes = 3; nodes <= most; nodes += 3 {
		if nodes < copies {
			continue
		}
		for primaries = fewest; primaries <= fewest+nodes; primaries++ {
			fits := true
			for _, left := range []int{nodes, nodes - 1, nodes * 2 / 3} {
				live := min(copies, left)
				count := make([]int, left)
				for c := range primaries * live {
					count[c%left]++
				}
				busiest := float64(count[0]) // the first has as many as any
				if left == nodes-1 && copies%3 == 0 && nodes > 3 {
					// Each zone has a third of the copies, that of the lost node too, but a node
					// at most one of each shard.
					busiest = min(float64(primaries), math.Ceil(float64(primaries*copies)/3/float64(nodes/3-1)))
				}
				rho := 0.85
				if left == nodes {
					rho = 0.60
				}
				query := s.perQuery + float64(primaries-1)*s.perShard
				cpu := 100 * query / float64(primaries*live) * busiest
				bytes := float64(s.regions[0].lead) / float64(primaries) * busiest
				can := n.cpu.perVCPU * (float64(n.t.VCPU)*rho/(1+0.005*(float64(n.t.VCPU)-1)*rho) - 0.1)
				fits = fits && cpu <= can*(1+1e-9) && bytes <= 16*float64(n.t.Memory)*(1+1e-9)
			}
			if fits {
				return nodes, primaries
			}
		}
	}
	return 0, 0
}

// The arrangements are those that brute force finds over copies, primary shards and
// nodes.
func TestSearchArrangementsAreBruteForce(t *testing.T) {
	cat := testCatalog(t)
	drawn.CheckMost(t, 0.3, func(rt *rapid.T) bool {
		src := queried(fmt.Sprintf("%dGB", rapid.IntRange(1, 3000).Draw(rt, "GB")),
			fmt.Sprintf(", reads_per_query: 0, cpu_query: %dms, cpu_shard: %dus, replicas: %d",
				rapid.IntRange(1, 400).Draw(rt, "ms"), rapid.SampledFrom([]int{0, 0, 100, 5000, 20000}).Draw(rt, "us"),
				rapid.IntRange(1, 3).Draw(rt, "replicas")))
		machine := rapid.SampledFrom([]string{"m7g.xlarge", "r7g.xlarge", "c7g.4xlarge"}).Draw(rt, "type")
		s, n := sizerOf(t, cat, src, machine)
		found, rej := s.arrange(&s.regions[0], n)
		if rej != nil || found[0].clusters > 1 {
			return false
		}
		var want []arrangement
		most := 78
		for copies := s.copies; copies <= most; copies++ {
			if nodes, primaries := bruteForce(s, n, copies, most); nodes > 0 {
				want = append(want, arrangement{1, nodes, primaries, copies})
				most = nodes - 1
			}
		}
		require.Equal(rt, want, found)
		return true
	})
}

// Beyond as many nodes as a cluster may have there is another one, each with its own
// masters.
func TestSearchClusters(t *testing.T) {
	// 40 TiB × 1.1 × 2 = 88 TiB, of which a node of 32 GiB serves 512 GiB: 176 nodes,
	// and as many must be left of a zone's loss: 264, in four clusters of 66 or more.
	l := fitSearch(t, queried("40TiB", ", cpu_query: 1ms"), "r7g.xlarge")
	require.Len(t, l.Pools, 2)
	require.Zero(t, l.Pools[0].Max%(4*3))
	require.GreaterOrEqual(t, l.Pools[0].Max, 264)
	require.LessOrEqual(t, l.Pools[0].Max, 4*78)
	require.Equal(t, Fixed(0, "master", 12), l.Pools[1])
	require.Contains(t, words.Say(l.Structure[0]), "in 4 clusters")
	require.Equal(t, 12, decided(t, l, 0, "master").Nodes)
	rolesSayPools(t, l)
	for _, lim := range l.Limits {
		require.LessOrEqual(t, lim.Need, lim.Have*lim.Target*(1+1e-9), "%s, %s", lim.Of.Name, lim.State)
	}
	more := strings.Replace(queried("40TiB", ", cpu_query: 1ms"), "kind: search", "kind: search, cluster_nodes: 200", 1)
	require.Contains(t, words.Say(fitSearch(t, more, "r7g.xlarge").Structure[0]), "in 2 clusters")
}
