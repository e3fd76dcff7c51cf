package sizing

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/drawn"
)

func TestPack(t *testing.T) {
	node := podRoom{cpu: 4, memory: 16, pods: 10}
	for _, x := range []struct {
		why  string
		pods []podKind
		want int
	}{
		{"none", nil, 0},
		{"7 vCPU are two nodes", []podKind{{cpu: 0.7, memory: 1, n: 10}}, 2},
		{"3 of 1.3 on a node: a pod is not divided", []podKind{{cpu: 1.3, n: 6}}, 2},
		{"2 of 1.5 on a node, though 8 / 1.5 are 5", []podKind{{cpu: 1.5, n: 5}}, 3},
		{"small ones beside large ones", []podKind{{cpu: 1, n: 4}, {cpu: 3, n: 4}}, 4},
		{"memory binds", []podKind{{cpu: 0.1, memory: 9, n: 3}}, 3},
		{"pods of a node bind", []podKind{{n: 21}}, 3},
		{"exactly full in decimals that floats do not have", []podKind{{cpu: 0.4, n: 100}}, 10},
		{"one that fits nowhere", []podKind{{cpu: 5, n: 1}}, capacity.MaxNodes + 1},
		{"too many", []podKind{{cpu: 4, n: 5_000_000}}, capacity.MaxNodes + 1},
	} {
		require.Equal(t, x.want, pack(x.pods, node), x.why)
	}
}

// Nodes that are counted together are as many as when pods are placed one by one.
func TestPackIsFirstFitDecreasing(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		node := podRoom{cpu: 8, memory: 32, pods: rapid.IntRange(1, 30).Draw(rt, "pods of a node")}
		var pods, each []podKind
		for range rapid.IntRange(0, 5).Draw(rt, "groups") {
			k := podKind{cpu: float64(rapid.IntRange(0, 32).Draw(rt, "cpu")) / 4,
				memory: float64(rapid.IntRange(0, 64).Draw(rt, "memory")) / 2, n: rapid.IntRange(0, 40).Draw(rt, "n")}
			pods = append(pods, k)
			for range k.n {
				each = append(each, k)
			}
		}
		size := func(k podKind) float64 { return max(k.cpu/node.cpu, k.memory/node.memory) }
		slices.SortStableFunc(each, func(a, b podKind) int {
			for _, x := range [][2]float64{{size(b), size(a)}, {b.cpu, a.cpu}, {b.memory, a.memory}} {
				if x[0] != x[1] {
					return int(4 * (x[0] - x[1]) / max(x[0]-x[1], x[1]-x[0]))
				}
			}
			return 0
		})
		var nodes []podRoom
		for _, k := range each {
			i := slices.IndexFunc(nodes, func(r podRoom) bool {
				return r.pods > 0 && k.cpu <= r.cpu && k.memory <= r.memory
			})
			if i < 0 {
				i, nodes = len(nodes), append(nodes, node)
			}
			nodes[i] = nodes[i].with(&k, 1)
		}
		require.Equal(rt, len(nodes), pack(pods, node))
	})
}

// A node that agents and the reserve fill has no room, though pods request nothing of what it
// lacks; and who took the pods is told.
func TestAgentsNeedRoom(t *testing.T) {
	for spec, want := range map[string]string{
		"groups: {a: {services: 10, cpu: 0, memory: 256MiB}}, agents: {log: {cpu: 16, memory: 10MiB}}": "cpu: needs " +
			"16.4 vCPU, has 1.99 vCPU (agents (log), kubelet and policy.reserve on each node, before any pod)",
		"groups: {a: {services: 10, cpu: 0.25, memory: 0B}}, agents: {log: {cpu: 0.1, memory: 64GiB}}": "memory: " +
			"needs 64.7 GiB, has 7.34 GiB (agents (log), kubelet and policy.reserve on each node, before any pod)",
		"groups: {a: {cpu: 0.25, memory: 1GiB}}, agents: {log: {cpu: 0.1, memory: 1MiB}}, max_pods: 1": "pods: needs " +
			"4, has 1 (a pod of a beside 2 pods of the cluster and 1 agent)",
	} {
		s := testSystem(t, testCatalog(t), "apiVersion: headroom/v1\nname: full\nregions: [{name: us-east-1}]\n"+
			"peak: {users: 1, requests_per_user: 1/s}\ncomponents:\n  it: {kind: node-pool, entry: true, "+spec+"}\n")
		_, rej := fit(t, s, "it", "m7g.large", Storage{})
		require.NotNil(t, rej, spec)
		require.Equal(t, want, rej.Error())
	}
}
