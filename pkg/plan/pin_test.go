package plan

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/sizing"
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
policy: {survive: [node], reserve: {cpu: 0}}
components:
  web: {kind: stateless, entry: true, cpu: 6ms, autoscaled: false, scalability: {sigma: 0},
    pin: {type: m7g.xlarge, count: 2}}
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

// What given nodes have is theirs: ten leave nine when one is lost, one leaves
// nothing, and each of two members of a quorum has its own memory.
func TestGivenNodesAreCounted(t *testing.T) {
	at := func(kind string, count int) *sizing.Layout {
		src := fmt.Sprintf(`
apiVersion: headroom/v1
name: given
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 10/min}
policy: {survive: [node], reserve: {cpu: 0}}
components:
  web: {kind: stateless, entry: true, cpu: 5ms, calls: {it: {per_read: 1}}}
  it: {%s, pin: {type: m5.large, count: %d}}
`, kind, count)
		p := searchAny(t, parseProfile(t, src), testCatalog(t), Options{})
		return p.Choices[1].Layout
	}
	have := func(l *sizing.Layout, resource string, state capacity.State) float64 {
		i := slices.IndexFunc(l.Limits, func(x sizing.RegionLimit) bool {
			return x.Of.Name == resource && x.State == state
		})
		require.GreaterOrEqual(t, i, 0, "%s, %s", resource, state)
		return l.Limits[i].Have
	}
	one := have(at("kind: stateless, scalability: {sigma: 0}, cpu: 5ms", 1), "cpu", capacity.Own)
	ten := at("kind: stateless, scalability: {sigma: 0}, cpu: 5ms", 10)
	require.InEpsilon(t, 10*one, have(ten, "cpu", capacity.Own), 1e-9)
	require.InEpsilon(t, 9*one, have(ten, "cpu", capacity.NodeLost), 1e-9)
	require.Zero(t, have(at("kind: stateless, scalability: {sigma: 0}, cpu: 5ms", 1), "cpu", capacity.NodeLost))

	two, three := at("kind: quorum", 2), at("kind: quorum", 3)
	require.InEpsilon(t, have(three, "memory", capacity.Always), have(two, "memory", capacity.Always), 1e-9)
	require.EqualValues(t, 1, have(two, "quorum", capacity.NodeLost))
	require.Equal(t, "2 members, majority 2", words.Say(two.Structure[0]))
	require.InEpsilon(t, three.Usage[0].Quantity*2/3, two.Usage[0].Quantity, 1e-9, "each has its own volume")
}
