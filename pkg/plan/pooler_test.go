package plan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/workload"
)

// As users rise, a database sees no fewer connections of the poolers before it, whatever
// their number and type come to be: else the whole could cost less with more to do.
func TestMorePoolersOpenNoFewerConnections(t *testing.T) {
	cat, reuse := testCatalog(t), &Reuse{}
	p := fixtureOf(t, "pooler")
	seen, before := map[string]bool{}, 0.0
	for i := range 120 {
		users := 1000 * math.Pow(1.05, float64(i))
		d, err := p.In(workload.Situation{Inputs: []workload.Override{{Path: "peak.users", Value: users},
			{Path: "components.it.cpu_per_transaction", Value: 500e-6}}})
		require.NoError(t, err)
		r, err := described(Search(d, cat, Options{Reuse: reuse}))
		require.NoError(t, err)
		c := choiceOf(t, r, "it")
		require.GreaterOrEqual(t, c.Layout.Offers.All, before, "%.0f users: %s", users, inWords(c))
		before = c.Layout.Offers.All
		seen[inWords(c)] = true
	}
	require.Greater(t, len(seen), 5)
}
