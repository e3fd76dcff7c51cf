package insight

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
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
	lost := func(pairs ...string) remark.Remark {
		defaults := []string{"FAILOVER", "active-active", "SHARE", "", "WARM", "", "SURVIVE", "node, zone, region",
			"PIN", ""}
		src := strings.NewReplacer(append(pairs, defaults...)...).Replace(base)
		r, err := remarked(parseProfile(t, src), c, bill.Request{})
		require.NoError(t, err)
		for _, f := range r.Estimate.Facts {
			if f.Key == "fact.region_lost" && f.Text("region") == "us-east-1" {
				return f
			}
		}
		return remark.Remark{}
	}
	all := lost()
	require.Equal(t, []string{"us-west-2"}, all.List("takers"))
	require.Equal(t, "all", all.Text("carried"))
	require.Equal(t, "web cpu", all.Text("busiest")+" "+all.Text("resource"))
	require.Less(t, all.Number("utilisation"), 1.0)
	warm := lost("FAILOVER", "active-passive", "SHARE", ", share: 100%", "WARM", ", share: 0%, warm_fraction: 20%")
	require.Equal(t, "after growing", warm.Text("carried"))
	require.Greater(t, warm.Number("utilisation"), 1.0)
	few := lost("PIN", ", pin: {type: m7g.large, count: 2}")
	require.Equal(t, "in part", few.Text("carried"))
	require.Greater(t, few.Number("utilisation"), 1.0)
	unsized := lost("SURVIVE", "node")
	require.Equal(t, "unknown", unsized.Text("carried"))
	require.Equal(t, []string{"web"}, unsized.List("unsized"))
}
