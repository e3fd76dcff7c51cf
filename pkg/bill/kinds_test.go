package bill

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// kindSource is a small system for a kind, around a component named "it"; all
// have the same demand. No kind is exempt: one without such a system fails every
// property here, see eachKind.
func kindSource(t require.TestingT, kind string) string {
	src, err := os.ReadFile("../../testdata/kinds/" + kind + ".yaml")
	require.NoError(t, err, "kind %q has no fixture: write one, no kind is exempt", kind)
	return string(src)
}

// fixtureOf parses the fixture of a kind.
func fixtureOf(t require.TestingT, kind string) *workload.Profile {
	p, err := workload.Parse(kind+".yaml", []byte(kindSource(t, kind)), sizing.Specs(), nil)
	require.NoError(t, err, kind)
	c, ok := p.Component("it")
	require.True(t, ok && c.Kind == kind, "the fixture of %q is none", kind)
	return p
}

// kindNames are the words of all kinds.
func kindNames() []string {
	var out []string
	for _, k := range sizing.Kinds() {
		out = append(out, k.Word())
	}
	return out
}

// kindProperty is something that holds for every profile drawn; vary is nil for
// the fixture of a kind as it is.
// It returns false for what cannot be planned.
type kindProperty func(t require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) (planned bool)

// eachKind runs a property on the fixture of every kind as it is, so that none
// is exempt, and then on random variations of random kinds. No more than the
// given part of the variations may be such that it cannot be planned, and none of
// the fixtures.
func eachKind(t *testing.T, unplanned float64, property kindProperty) {
	for _, kind := range kindNames() {
		t.Run(kind, func(t *testing.T) {
			planned := property(t, kind, func() *workload.Profile { return fixtureOf(t, kind) }, nil)
			require.True(t, planned, "nothing carries the fixture of %s", kind)
		})
	}
	t.Run("random", func(t *testing.T) {
		drawn.CheckMost(t, unplanned, func(rt *rapid.T) bool {
			kind := rapid.SampledFrom(kindNames()).Draw(rt, "kind")
			v := drawVariation(rt)
			return property(rt, kind, func() *workload.Profile {
				p := fixtureOf(rt, kind)
				v.apply(p)
				return p
			}, rt)
		})
	})
}

// variation is a random change to a profile.
type variation struct {
	users, writes, dataset, growth float64
	zones                          [2]int
	survive                        []string
	curve, failover                string
}

func drawVariation(t *rapid.T) variation {
	v := variation{
		users:   rapid.Float64Range(0, 20000).Draw(t, "users"),
		writes:  rapid.Float64Range(0, 0.2).Draw(t, "write ratio"),
		dataset: rapid.Float64Range(0, 100e9).Draw(t, "dataset"),
		growth:  rapid.SampledFrom([]float64{0, 0.02, 0.10}).Draw(t, "growth"),
		survive: rapid.SampledFrom([][]string{{}, {"node"}, {"region"}, {"node", "zone"}, {"node", "region"},
			{"node", "zone", "region"}}).Draw(t, "survive"),
		curve:    rapid.SampledFrom([]string{"flat", "consumer", "office-hours", "two-peaks"}).Draw(t, "curve"),
		failover: rapid.SampledFrom([]string{"active-active", "active-passive"}).Draw(t, "failover"),
	}
	for i := range v.zones {
		v.zones[i] = rapid.IntRange(1, 6).Draw(t, "zones")
	}
	return v
}

func (v *variation) apply(p *workload.Profile) {
	p.Peak.Users.V = unit.Count(v.users)
	p.Peak.WriteRatio.V = unit.Fraction(v.writes)
	p.Data.Dataset.V = unit.Bytes(v.dataset)
	p.Growth.Monthly.V = unit.Fraction(v.growth)
	p.Policy.Survive = v.survive
	p.Curve.Preset, p.Failover = v.curve, v.failover
	for i := range p.Regions {
		p.Regions[i].Zones.V = unit.Count(v.zones[i])
	}
}

// nodeless are the kinds without nodes, for which no type can be allowed.
func nodeless() []string {
	return []string{"balancer", "boot", "cdn", "dns", "fixed", "nat", "objects", "site", "transfer"}
}

// allowOnly narrows a component to some types, whatever else its profile says.
func allowOnly(p *workload.Profile, component string, types ...string) {
	for i := range p.Components {
		e := &p.Components[i]
		if e.Key != component || slices.Contains(nodeless(), e.V.Kind) {
			continue
		}
		c := *e.V
		yes := strict.Value[bool]{V: true}
		c.Allow = &workload.Allow{Types: types, Burstable: yes, Flex: yes, Metal: yes, Accelerated: yes,
			PreviousGeneration: yes}
		e.V = &c
	}
}

// pricedTypes are the types with an on-demand price in both regions.
func pricedTypes(t require.TestingT, c *catalog.Catalog) []string {
	v, err := c.Vintage("")
	require.NoError(t, err)
	east, err := v.Region("us-east-1")
	require.NoError(t, err)
	west, err := v.Region("us-west-2")
	require.NoError(t, err)
	var out []string
	for _, name := range east.Types() {
		if _, ok := west.OnDemand(name); ok {
			if n, ok := c.NodeType(name); ok && n.VCPU > 0 && n.Memory > 0 {
				out = append(out, name)
			}
		}
	}
	return out
}
