package plan

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// Types for high-performance computing and of high memory are chosen only where
// the profile names them or their family (docs/model.md section 6).
func TestSpecialTypesAreNamed(t *testing.T) {
	list, err := testCatalog(t).NodeTypes()
	require.NoError(t, err)
	var n nodeTypes
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

// A misspelt name under allow: would narrow the choice in silence, also for a
// component whose machine is given.
func TestAllowedNamesExist(t *testing.T) {
	const src = `apiVersion: headroom/v1
name: a
regions: [{name: us-east-1}]
components:
  web:
    kind: stateless
    pin: {type: m7g.large, count: 2}
    allow: {types: [m7g.large, m7g.lrage, m7g], families: [m6gg, m7g.large, quantum]}
`
	_, err := searchProfile(parseProfile(t, src), testCatalog(t), Options{})
	var ps diag.Problems
	require.ErrorAs(t, err, &ps)
	var found []string
	for _, p := range ps {
		require.Equal(t, 8, p.Pos.Line)
		found = append(found, fmt.Sprintf("%d: %s; %s", p.Pos.Col, p.Summary, p.Hint))
	}
	require.Equal(t, []string{
		`32: instance type "m7g.lrage" is not known; did you mean m7g.large?`,
		`43: instance type "m7g" is not known; write it under families:`,
		`60: family "m6gg" is not known; did you mean m6g?`,
		`66: family "m7g.large" is not known; write it under types:`,
		`77: family "quantum" is not known; headroom prices show TYPE tells what is known of a type`,
	}, found)
}
