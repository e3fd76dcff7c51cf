package plan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every region that has prices has a clock: a load curve in local time would
// otherwise be taken for one in UTC without a word.
func TestRegionsHaveClocks(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range testCatalog(t).Vintages() {
		for _, name := range v.Regions {
			if seen[name] {
				continue
			}
			seen[name] = true
			p := parseProfile(t, "apiVersion: headroom/v1\nname: here\nregions: [{name: "+name+"}]\n"+
				"peak: {users: 10, requests_per_user: 1/min}\n"+
				"components:\n  web: {kind: stateless, entry: true, cpu: 1ms}\n")
			require.NotEmpty(t, p.Regions[0].TZ.Source, name)
		}
	}
	require.Greater(t, len(seen), 30)
}
