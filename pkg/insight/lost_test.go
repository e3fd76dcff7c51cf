package insight

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
)

// What is said of a lost region is what the limits say: a warm region, too few
// given machines and a component that is not sized for it do not carry all.
func TestLostRegionIsToldAsItIs(t *testing.T) {
	c := testCatalog(t)
	const base = `
apiVersion: headroom/v1
name: two
prices: {scope: compute}
failover: FAILOVER
regions: [{name: us-east-1SHARE}, {name: us-west-2WARM}]
policy: {survive: [SURVIVE]}
peak: {users: 20000, requests_per_user: 60/min, response: 3KB}
components:
  web: {kind: stateless, entry: true, cpu: 2msPIN}
`
	lost := func(pairs ...string) string {
		defaults := []string{"FAILOVER", "active-active", "SHARE", "", "WARM", "", "SURVIVE", "node, zone, region",
			"PIN", ""}
		src := strings.NewReplacer(append(pairs, defaults...)...).Replace(base)
		r, err := remarked(parseProfile(t, src), c, bill.Request{})
		require.NoError(t, err)
		for _, f := range r.Estimate.Facts {
			if f.Label == "us-east-1 lost" {
				return f.Text
			}
		}
		return ""
	}
	require.Regexp(t, `^us-west-2 carries all; busiest web cpu at \d\d %$`, lost())
	require.Regexp(t, `^us-west-2 cannot carry all before it has grown from warm to full size; `+
		`busiest web cpu at \d{3} %$`,
		lost("FAILOVER", "active-passive", "SHARE", ", share: 100%", "WARM", ", share: 0%, warm_fraction: 20%"))
	require.Regexp(t, `^us-west-2 cannot carry all; busiest web cpu at \d{3,4} %$`,
		lost("PIN", ", pin: {type: m7g.large, count: 2}"))
	require.Equal(t, "us-west-2 takes its users; not sized for it: web", lost("SURVIVE", "node"))
}
