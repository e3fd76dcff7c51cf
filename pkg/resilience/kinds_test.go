package resilience

import (
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// kindProfile is the small system around a component "it" of a kind. No kind is exempt.
func kindProfile(t require.TestingT, kind string) *workload.Profile {
	src, err := os.ReadFile("../../testdata/kinds/" + kind + ".yaml")
	require.NoError(t, err, "kind %q has no fixture: write one, no kind is exempt", kind)
	p, err := workload.Parse(kind+".yaml", src, sizing.Specs(), nil)
	require.NoError(t, err, kind)
	return p
}

// ruleOf is the rule by which kinds go on; -1 where nothing of one can fail.
func ruleOf() map[string]int {
	return map[string]int{"stateless": int(outage.Alike), "database": int(outage.Led), "pooler": int(outage.Alike),
		"log": int(outage.Copied), "worker": int(outage.Alike), "quorum": int(outage.Voted),
		"search": int(outage.Copied), "cluster": int(outage.Copied), "multi-primary": int(outage.Voted),
		"cache": int(outage.Copied), "queue": int(outage.Copied), "proxy": int(outage.Alike),
		"web-cache": int(outage.Alike), "bastion": int(outage.Alike), "cdn": int(outage.Given),
		"node-pool": int(outage.Alike), "telemetry": int(outage.Copied), "balancer": int(outage.Given),
		"nat": int(outage.Given), "dns": int(outage.Given), "boot": -1, "objects": int(outage.Given), "fixed": -1,
		"transfer": -1, "site": -1}
}

// Every kind says by which rule it goes on, and all nodes that its plan has stand somewhere.
func TestEveryKindStandsSomewhere(t *testing.T) {
	c := testCatalog(t)
	rules := ruleOf()
	for _, k := range sizing.Kinds() {
		t.Run(k.Word(), func(t *testing.T) {
			d, err := kindProfile(t, k.Word()).In(workload.Situation{})
			require.NoError(t, err)
			p, err := plan.Search(d, c, plan.Options{})
			require.NoError(t, err)
			s, err := System(p, facts(t, c))
			require.NoError(t, err)
			sound(t, s)
			complete(t, p, s)
			rule := -1
			for i := range s.Parts {
				if s.Parts[i].Name == "it" {
					rule = int(s.Parts[i].Rule)
				}
			}
			if want, ok := rules[k.Word()]; ok {
				require.Equal(t, want, rule)
			}
		})
	}
}

// complete tells that the pools of all parts have the nodes of their layouts.
func complete(t require.TestingT, p *plan.Plan, s *outage.System) {
	for _, c := range p.Choices {
		for i := range s.Parts {
			if s.Parts[i].Name != c.Component.Name || len(c.Component.Members) > 0 || len(c.Layout.Pools) == 0 {
				continue
			}
			want, got := 0, 0
			for _, x := range c.Layout.Pools {
				want += x.Max
			}
			for _, x := range s.Parts[i].Pools {
				got += x.Nodes
			}
			require.Equal(t, want, got, c.Component.Name)
			for k, x := range s.Parts[i].Pools {
				for _, y := range s.Parts[i].Pools[k+1:] {
					require.False(t, x.Region == y.Region && x.Zone == y.Zone && x.Role == y.Role, "a pool twice")
				}
			}
		}
	}
}

// Whatever the users, the losses to survive and the zones, a plan carries what it survives, and
// all of its nodes stand somewhere.
func TestVariedPlansCarryWhatTheySurvive(t *testing.T) {
	c := testCatalog(t)
	tried := map[string]int{}
	drawn.CheckMost(t, 0.5, func(rt *rapid.T) bool {
		p := kindProfile(rt, rapid.SampledFrom(sizing.Kinds()).Draw(rt, "kind").Word())
		p.Peak.Users.V = unit.Count(rapid.Float64Range(100, 30000).Draw(rt, "users"))
		p.Peak.WriteRatio.V = unit.Fraction(rapid.Float64Range(0, 0.2).Draw(rt, "write ratio"))
		p.Policy.Survive = rapid.SampledFrom([][]string{{}, {"node"}, {"region"}, {"node", "zone"},
			{"node", "zone", "region"}}).Draw(rt, "survive")
		p.Curve.Preset = rapid.SampledFrom([]string{"flat", "consumer", "office-hours"}).Draw(rt, "curve")
		for i := range p.Regions {
			p.Regions[i].Zones.V = unit.Count(rapid.IntRange(2, 5).Draw(rt, "zones"))
		}
		d, err := p.In(workload.Situation{})
		require.NoError(rt, err)
		out, err := plan.Search(d, c, plan.Options{})
		var none *plan.Infeasible
		if errors.As(err, &none) {
			return false
		}
		require.NoError(rt, err)
		s, err := System(out, facts(t, c))
		require.NoError(rt, err)
		sound(rt, s)
		complete(rt, out, s)
		for i := range s.Parts {
			carriesSurvived(rt, out, s, i, tried)
		}
		return true
	})
}
