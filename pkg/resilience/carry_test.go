package resilience

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// What a policy says that a component survives its nodes carry: with any node, any zone or any
// region lost all of its load is answered, and none of them does more than the policy allows. Here
// nothing is asked of the search: what is left is counted anew.
func TestPlansCarryWhatTheySurvive(t *testing.T) {
	c := testCatalog(t)
	kinds, err := filepath.Glob("../../testdata/kinds/*.yaml")
	require.NoError(t, err)
	tried := map[string]int{}
	for _, file := range append(shipped(t), kinds...) {
		t.Run(nameOf(file), func(t *testing.T) {
			p := planned(t, c, file)
			s, err := System(p, facts(t, c))
			require.NoError(t, err)
			for i := range s.Parts {
				carriesSurvived(t, p, s, i, tried)
			}
		})
	}
	for _, state := range []string{"none", "node", "zone", "region"} {
		require.Greater(t, tried[state], 20, state)
	}
}

// carriesSurvived holds a part to the losses that it must survive.
func carriesSurvived(t *testing.T, p *plan.Plan, s *outage.System, part int, tried map[string]int) {
	x := &s.Parts[part]
	component, ok := p.Profile.Component(x.Name)
	require.True(t, ok)
	if component.Pin != nil || x.Rule == outage.Given || p.System == nil {
		return
	}
	survive := p.Profile.Policy.Survive
	if component.Survive != nil {
		survive = *component.Survive
	}
	hold := func(state string, a outage.Ask) {
		if sumOf(a.Left) == 0 {
			return // another region's nodes do it
		}
		tried[state]++
		got := s.Carry(a)
		require.Equal(t, 1.0, got.Part, "%s, %s lost: %+v %+v", x.Name, state, a, got)
		require.False(t, got.Above, "%s, %s lost: %+v %+v", x.Name, state, a, got)
	}
	for r := range s.Regions {
		all := outage.Ask{Part: part, Region: r, Left: left(x, r, nil), Lost: make([]bool, len(s.Regions)), Load: 1}
		hold("none", all)
		for k := range x.Pools {
			if slices.Contains(survive, "node") && all.Left[k] > 0 {
				one := all
				one.Left = slices.Clone(all.Left)
				one.Left[k]--
				hold("node", one)
			}
		}
		for z := range s.Regions[r].Zones {
			if slices.Contains(survive, "zone") && s.Regions[r].Zones > 1 {
				one := all
				one.Left = left(x, r, func(p *outage.Pool) bool { return p.Zone == z })
				hold("zone", one)
			}
		}
		for lost := range s.Regions {
			warm := p.Demand.Regions[r].Warm >= 1
			if slices.Contains(survive, "region") && s.DNS.Moves && lost != r && warm {
				one := all
				one.Lost = make([]bool, len(s.Regions))
				one.Lost[lost] = true
				hold("region", one)
			}
		}
	}
}

func sumOf(xs []int) (t int) {
	for _, x := range xs {
		t += x
	}
	return t
}

// left are the nodes of a part in a region without those of pools that are lost.
func left(p *outage.Part, region int, lost func(*outage.Pool) bool) []int {
	out := make([]int, len(p.Pools))
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Region == region && (lost == nil || !lost(x)) {
			out[k] = x.Nodes
		}
	}
	return out
}

var _ = math.Inf
var _ = workload.Hours
