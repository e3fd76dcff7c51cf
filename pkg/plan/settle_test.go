package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Nodes of what stores metrics are measured too: the plan is the same whatever the order of
// its components, and the numbers of nodes in it are those for which it was made.
func TestPlansOfLoadThatFollowsNodesDoNotDependOnOrder(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	source := kindSource(t, "telemetry") + "  more: {kind: telemetry, series_per_node: 90k}\n  q: {kind: quorum}\n"
	var want map[string]string
	for k := range 2 * len(parseProfile(t, source).Components) {
		p := parseProfile(t, source)
		n := len(p.Components)
		if p.Components = slices.Concat(p.Components[k%n:], p.Components[:k%n]); k >= n {
			slices.Reverse(p.Components)
		}
		r := searchAny(t, p, cat, Options{})
		require.NotNil(t, r)
		got, found := map[string]string{}, make([]int, len(r.Profile.Regions))
		for _, c := range r.Choices {
			got[c.Component.Name] = inWords(c) + " " + c.Cost().String()
			for _, pool := range c.Layout.Pools {
				found[pool.Region] += pool.Max
			}
		}
		if want == nil {
			want = got
		}
		require.Equal(t, want, got)
		for i, n := range found {
			require.Equal(t, n, r.System.Nodes[i].Most)
		}
	}
}

// A service that every node polls has room for all of them, its own and those that come with
// it included, and no more than it needs.
func TestPolledServicesCarryTheNodesOfThePlan(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for _, cpu := range []string{"1ms", "100ms", "300ms"} {
		source := strings.Replace(kindSource(t, "telemetry"), "every: 10s, cpu: 20ms", "every: 1s, cpu: "+cpu, 1)
		p := parseProfile(t, source)
		r := searchAny(t, p, cat, Options{})
		require.NotNil(t, r)
		newAuditor(t, "polls of "+cpu, r).audit()
	}
}
