package plan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// mostReturns is how often a component may come back to a type that it had left as
// the users grow.
const mostReturns = 2

// A system that grows is not moved to and fro. From 500 to 100,000 users, 220 points,
// medium can be planned at every point; no component comes back more than twice to a
// type that it had left, and nothing moves between volumes and local disks.
func TestMachinesAreSteadyAsUsersGrow(t *testing.T) {
	t.Parallel()
	const points = 220
	cat, reuse := testCatalog(t), &Reuse{}
	p := parseProfile(t, profileSource(t, "medium"))
	types, local := map[string][]string{}, map[string]bool{}
	for i := range points {
		users := 500 * math.Pow(200, float64(i)/(points-1))
		d, err := p.In(workload.Situation{Inputs: []workload.Override{{Path: "peak.users", Value: users}}})
		require.NoError(t, err)
		r, err := Search(d, cat, Options{Reuse: reuse})
		require.NoError(t, err, "%.0f users", users)
		for _, c := range r.Choices {
			if c.Layout.Type == nil {
				continue
			}
			name := c.Component.Name
			if list := types[name]; len(list) == 0 || list[len(list)-1] != c.Layout.Type.Name {
				types[name] = append(list, c.Layout.Type.Name)
			}
			onLocal := c.Layout.Storage.Volume == sizing.VolumeLocal
			if i > 0 {
				require.Equal(t, local[name], onLocal, "%s with %.0f users: %s", name, users, inWords(c))
			}
			local[name] = onLocal
		}
	}
	for name, list := range types {
		t.Logf("%s: %d %v", name, returns(list), list)
		if returns(list) > mostReturns {
			t.Errorf("%s comes back %d times: %v", name, returns(list), list)
		}
	}
}

// returns is how often a list comes back to what it had before.
func returns(list []string) int {
	seen, n := map[string]bool{}, 0
	for _, x := range list {
		if seen[x] {
			n++
		}
		seen[x] = true
	}
	return n
}
