package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// requireNoFewerParts holds that a plan divides no data into fewer parts than what ran
// before it.
func requireNoFewerParts(t require.TestingT, was, is *Plan) {
	now := is.Runs()
	for name, r := range was.Runs() {
		for region, d := range r.Divided {
			n := now[name].Divided[region]
			require.GreaterOrEqual(t, n.Partitions, d.Partitions, name)
			require.GreaterOrEqual(t, n.Shards, d.Shards, name)
			require.GreaterOrEqual(t, n.Clusters, d.Clusters, name)
			for of, parts := range d.Of {
				require.GreaterOrEqual(t, n.Of[of], parts, "%s of %s", of, name)
			}
		}
	}
}

// partsOf are the parts of a component in the first region that has any.
func partsOf(p *Plan, name string) sizing.Division {
	for _, r := range p.Profile.Regions {
		if d, ok := p.Runs()[name].Divided[r.Name]; ok {
			return d
		}
	}
	return sizing.Division{}
}

// Each store that is divided is so still when its load and data have become a small part, on
// whatever machine is cheapest then; without Keep it is divided less.
func TestWhatIsDividedStaysDivided(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	parts := strict.Map[strict.Value[unit.Fraction]]{{Key: "users", V: strict.Value[unit.Fraction]{V: 0.6}},
		{Key: "content", V: strict.Value[unit.Fraction]{V: 0.4}}}
	for name, x := range map[string]struct {
		kind  string
		busy  func(*workload.Profile, *workload.Component)
		parts func(sizing.Division) int
	}{
		"shards": {"database", func(p *workload.Profile, c *workload.Component) {
			c.Allow = &workload.Allow{Types: []string{"r7g.2xlarge", "r7g.4xlarge"}}
			p.Data.Dataset.V = 4e12
			c.Spec.(*sizing.Database).InMemory.V = true
		}, func(d sizing.Division) int { return d.Shards }},
		"shards of partitions": {"database", func(p *workload.Profile, c *workload.Component) {
			c.Allow = &workload.Allow{Types: []string{"r7g.2xlarge", "r7g.4xlarge"}}
			p.Data.Dataset.V = 4e12
			c.Spec.(*sizing.Database).InMemory.V, c.Spec.(*sizing.Database).Partitions = true, parts
		}, func(d sizing.Division) int { return d.Of["users"] }},
		"topic": {"log", func(p *workload.Profile, _ *workload.Component) { p.Peak.Users.V *= 40 },
			func(d sizing.Division) int { return d.Partitions }},
		"index": {"search", func(p *workload.Profile, _ *workload.Component) { p.Data.Dataset.V *= 40 },
			func(d sizing.Division) int { return d.Shards }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			draw := func(busy bool) *workload.Profile {
				p := fixtureOf(t, x.kind)
				c, _ := p.Component("it")
				users, data := p.Peak.Users.V, p.Data.Dataset.V
				if x.busy(p, c); !busy {
					p.Peak.Users.V, p.Data.Dataset.V = users, data
				}
				return p
			}
			was := searchAny(t, draw(true), cat, Options{})
			require.NotNil(t, was)
			free := searchAny(t, draw(false), cat, Options{})
			require.Less(t, x.parts(partsOf(free, "it")), x.parts(partsOf(was, "it")))
			for _, leave := range []float64{0, 0.01} {
				is := searchAny(t, draw(false), cat, Options{Keep: was.Runs(), Leave: leave})
				requireNoFewerParts(t, was, is)
				again := searchAny(t, draw(false), cat, Options{Keep: is.Runs(), Leave: leave})
				requireNoFewerParts(t, is, again)
				if x.kind == "database" { // the others have as many as come out even on their nodes
					require.Equal(t, x.parts(partsOf(was, "it")), x.parts(partsOf(is, "it")))
				}
				requireSameRefit(t, is)
			}
		})
	}
}

// requireSameRefit holds that a plan's system on its machines is the plan again.
func requireSameRefit(t *testing.T, p *Plan) {
	t.Helper()
	r := p.Refit(p.Demand)
	require.Nil(t, r.Failed)
	for i, c := range p.Order {
		require.Equal(t, c.Layout.Pools, r.Layouts[i].Pools, c.Component.Name)
	}
}

// A profile that states how many shards there are is followed, whatever runs; so are other
// functional partitions than those that run.
func TestStatedShardsAreNotKept(t *testing.T) {
	cat := testCatalog(t)
	runs := map[string]Runs{"it": {Machine: Machine{"r7g.2xlarge", "gp3"}, Divided: sizing.Divided{
		"us-east-1": {Shards: 6}}}}
	p := fixtureOf(t, "database")
	require.Equal(t, 6, partsOf(searchAny(t, p, cat, Options{Keep: runs}), "it").Shards)
	p = fixtureOf(t, "database")
	c, _ := p.Component("it")
	c.Spec.(*sizing.Database).Shards.V = 2
	require.Equal(t, 2, partsOf(searchAny(t, p, cat, Options{Keep: runs}), "it").Shards)
	runs["it"].Divided["us-east-1"] = sizing.Division{Shards: 6, Partitions: 2, Of: map[string]int{"a": 3, "b": 3}}
	require.Zero(t, partsOf(searchAny(t, fixtureOf(t, "database"), cat, Options{Keep: runs}), "it").Shards)
}
