package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/words"
)

// A lost node takes a whole one of the given nodes, not the part of one that it
// would be of as many as are needed.
//
// 1,000 requests/s × 6 ms are 6 vCPU of the reference, m7g.xlarge, which has four.
// At 60 % it takes three nodes; with one of them lost, 6/(4·0.85) = 1.8, two are
// left and three are needed as well. Of two given nodes one is left: 4 vCPU, of
// which 3.4 are allowed.
func TestGivenNodesAreLostWhole(t *testing.T) {
	p := searchAny(t, parseProfile(t, `
apiVersion: headroom/v1
name: given
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 1/s, session: 30min}
curve: {preset: flat}
policy: {survive: [node]}
components:
  web: {kind: stateless, entry: true, cpu: 6ms, autoscaled: false, pin: {type: m7g.xlarge, count: 2}}
`), testCatalog(t), Options{})
	l := p.Choices[0].Layout
	have := map[capacity.State]float64{}
	for _, x := range l.Limits {
		if x.Of == capacity.CPU {
			have[x.State] = x.Have
			require.InEpsilon(t, 6, x.Need, 1e-9)
		}
	}
	require.Equal(t, map[capacity.State]float64{capacity.Own: 8, capacity.NodeLost: 4}, have)
	require.Equal(t, []string{"undersized by 1 of 3 nodes (cpu, own load, at 125 % of what is allowed)"},
		words.SayAll(l.Warnings))
}
