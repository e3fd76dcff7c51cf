package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// What keeps its layout would have been sized the same anew: every number of
// every kind and of the whole systems, halved and half as much again.
func TestNearbyIsRefit(t *testing.T) {
	cat := testCatalog(t)
	profiles := map[string]*workload.Profile{}
	for _, size := range append([]string{"platform", "couples-app", "web-operations", "campus-a"}, systems...) {
		profiles[size] = parseProfile(t, profileSource(t, size))
	}
	for _, k := range sizing.Kinds() {
		profiles["kind "+k.Word()] = fixtureOf(t, k.Word())
	}
	kept, asked := 0, 0
	for name, profile := range profiles {
		p := searchAny(t, profile, cat, Options{})
		require.NotNil(t, p, name)
		near, ok := p.Nearby()
		require.True(t, ok, name)
		for _, in := range p.Profile.Inputs() {
			if !in.Numeric() {
				continue
			}
			for _, factor := range []float64{0.5, 1.5} {
				o := in.Scaled(factor)
				d, err := p.Profile.In(workload.Situation{Inputs: []workload.Override{o}})
				if err != nil {
					continue // no profile may have it
				}
				want := p.Refit(d)
				got, err := near.With(o)
				require.NoError(t, err)
				require.Equal(t, want.On, got.On, "%s: %s", name, o.Path)
				require.Equal(t, want.Failed, got.Failed, "%s: %s", name, o.Path)
				for i := range want.Layouts {
					a, b := want.Layouts[i], got.Layouts[i]
					require.Equal(t, a.Pools, b.Pools, "%s: %s, %s", name, o.Path, p.Order[i].Component.Name)
					require.Equal(t, a.Usage, b.Usage, "%s: %s, %s", name, o.Path, p.Order[i].Component.Name)
					require.Equal(t, a.Crossings, b.Crossings, "%s: %s, %s", name, o.Path, p.Order[i].Component.Name)
					require.Equal(t, a.Offers, b.Offers, "%s: %s, %s", name, o.Path, p.Order[i].Component.Name)
					if p.System.CountsNodes() {
						continue // all loads follow what every component has
					}
					asked++
					if b == near.AsIs().Layouts[i] {
						kept++
					}
				}
			}
		}
	}
	require.Greater(t, kept, asked/6, "so much work is saved; most inputs change what all components get")
}
