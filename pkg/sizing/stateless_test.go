package sizing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
)

// Nothing contends and nothing is busy in any case, so that sums can be checked by
// hand; see cpu_test.go for what these add.
const webProfile = `
apiVersion: headroom/v1
name: web
regions: [{name: us-east-1}, {name: us-west-2}]
peak:
  users: 2500
  requests_per_user: 100/min
  writes_per_user: 1/min
  response: 3KB
  first_page: 2MB
  session: 30min
curve: {preset: flat}
policy: {reserve: {cpu: 0}}
components:
  web:
    kind: stateless
    entry: true
    cpu: 6ms
    reference: m7g.xlarge
    scalability: {sigma: 0}
    slo: {p99: 200ms}
`

func TestStatelessBindsOnLostRegion(t *testing.T) {
	s := testSystem(t, testCatalog(t), webProfile)
	l, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	l.Detail()
	require.Len(t, l.Pools, 2)
	// 4166.7 req/s × 6 ms = 25 vCPU of work, all of it in one region when the
	// other is lost; 4 vCPU × 0.85 = 3.4 a node: ⌈25/3.4⌉ = 8. First pages
	// take no CPU by default.
	require.Equal(t, 8, l.Pools[0].Max)
	for _, lim := range l.Limits {
		if lim.Binding {
			require.Equal(t, "cpu", lim.Of.Name)
			require.Equal(t, capacity.RegionLost, lim.State)
		}
	}
}
