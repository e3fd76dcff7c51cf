package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// Types for high-performance computing and of high memory are chosen only where
// the profile names them or their family (docs/model.md section 6).
func TestSpecialTypesAreNamed(t *testing.T) {
	list, err := testCatalog(t).NodeTypes()
	require.NoError(t, err)
	n := nodeTypes{list: list}
	yes := strict.Value[bool]{V: true}
	seen := map[string]bool{}
	for i := range list {
		x := &list[i]
		if !x.Special {
			continue
		}
		seen[x.Family] = true
		require.False(t, n.allowed(x, nil), x.Name)
		require.False(t, n.allowed(x, &workload.Allow{Types: []string{"m7g.large"}, Metal: yes}), x.Name)
		require.True(t, n.allowed(x, &workload.Allow{Types: []string{x.Name}, Metal: yes}), x.Name)
		require.True(t, n.allowed(x, &workload.Allow{Families: []string{x.Family}, Metal: yes}), x.Name)
	}
	for _, family := range []string{"hpc7g", "u-6tb1", "u7i-12tb", "u7in-16tb"} {
		require.True(t, seen[family], family)
	}
}
