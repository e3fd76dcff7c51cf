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
func carriesSurvived(t require.TestingT, p *plan.Plan, s *outage.System, part int, tried map[string]int) {
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
		// Read replicas of other regions than a primary's are held to nothing: without them its
		// region answers.
		local := x.Rule != outage.Led || r == x.Pools[0].Region
		for k := range x.Pools {
			if local && slices.Contains(survive, "node") && all.Left[k] > 0 {
				one := all
				one.Left = slices.Clone(all.Left)
				one.Left[k]--
				hold("node", one)
			}
		}
		for z := range s.Regions[r].Zones {
			if local && slices.Contains(survive, "zone") && s.Regions[r].Zones > 1 {
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

// The users of one lost region go where the demand says they do, in every hour; those of
// several to the ones that are left, by share, and none vanishes.
func TestUsersOfLostRegions(t *testing.T) {
	c := testCatalog(t)
	src := replaced(shop, "MORE", "curve: {preset: consumer}", ", KEYS", "",
		"{name: us-east-1, zones: 3}, {name: us-west-2, zones: 2}",
		"{name: us-east-1, tz: -5h, share: 50%}, {name: us-west-2, tz: -8h, share: 20%}, "+
			"{name: eu-west-1, tz: 0h, share: 30%}")
	p := plannedText(t, c, replaced(src, "failover: both", "failover: region"))
	b := &builder{plan: p, demand: p.Demand}
	m := newCarrier(b)
	for lost := range 3 {
		of := []bool{false, false, false}
		of[lost] = true
		x := m.moved(of)
		for h := range workload.Hours {
			for r := range 3 {
				if r != lost {
					require.InDelta(t, p.Demand.Surviving(r, lost, h), x.own[r][h], 1e-12)
				}
			}
			require.InDelta(t, p.Demand.Total[h], x.total[h], 1e-12)
		}
	}
	x := m.moved([]bool{true, false, true})
	require.InDelta(t, p.Demand.Total[10], x.own[1][10], 1e-12)
	require.Zero(t, x.own[0][10])
}

// Fewer nodes carry less, and more load is carried worse: in any region, of any component.
func TestFewerNodesCarryLess(t *testing.T) {
	c := testCatalog(t)
	p := planned(t, c, "../../profiles/medium.yaml")
	s, err := System(p, facts(t, c))
	require.NoError(t, err)
	falls := 0
	for i := range s.Parts {
		x := &s.Parts[i]
		for r := range s.Regions {
			ask := outage.Ask{Part: i, Region: r, Left: left(x, r, nil), Lost: make([]bool, len(s.Regions)), Load: 1}
			// While nothing is lost less is allowed, so that there may be less room.
			last := outage.Carried{Room: math.Inf(1)}
			for k := range x.Pools { // one pool after the other
				for ask.Left[k] > 0 {
					ask.Left = slices.Clone(ask.Left)
					ask.Left[k]--
					got := s.Carry(ask)
					require.LessOrEqual(t, got.Room, last.Room*(1+1e-9), "%s %v", x.Name, ask)
					if sumOf(ask.Left) > 0 {
						more := ask
						more.Load = 3
						worse := s.Carry(more)
						require.LessOrEqual(t, worse.Room, got.Room)
						require.GreaterOrEqual(t, worse.P99, got.P99)
						require.True(t, got.P99 == 0 || got.P99 >= got.Before*(1-1e-12))
						if got.Room < last.Room {
							falls++
						}
					}
					last = got
				}
			}
			require.Zero(t, s.Carry(ask).Part, "%s: none is left", x.Name)
		}
	}
	require.Greater(t, falls, 20)
}

// Of five nodes that follow the load two are left where none can be launched: the two of the
// night do not carry the peak.
func TestWhereNoneCanBeLaunched(t *testing.T) {
	c := testCatalog(t)
	p := planned(t, c, "../../profiles/medium.yaml")
	s, err := System(p, facts(t, c))
	require.NoError(t, err)
	part := slices.IndexFunc(s.Parts, func(p outage.Part) bool { return p.Name == "phoenix" })
	x := &s.Parts[part]
	all := outage.Ask{Part: part, Region: 0, Left: left(x, 0, nil), Lost: make([]bool, 2), Load: 1}
	require.Equal(t, 5, sumOf(all.Left))
	stuck := all
	stuck.Stuck, stuck.Left = true, []int{1, 1, 0, 0, 0, 0}
	got := s.Carry(stuck)
	require.Less(t, got.Part, 1.0)
	require.Equal(t, "cpu", got.Of)
	require.True(t, got.Above && math.IsInf(got.P99, 1) && got.Before > 0)
	require.Equal(t, x.Least[0], 2)
}
