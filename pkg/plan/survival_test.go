package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// hourly is what arrives everywhere in every hour, in the normal state and with
// each region lost.
type hourly struct {
	normal []map[string][]calls
	lost   [][]map[string][]calls // by lost region
}

// The states that the auditor looks at, by their names in explain. It takes
// nothing from the package whose sums it checks.
const (
	ownLoad    = "own load"
	nodeLoss   = "node loss"
	zoneLoss   = "zone loss"
	regionLoss = "region loss"
	catchUp    = "catch-up"
)

// auditor recomputes from scratch whether a plan carries its load in every
// state that the profile wants survived. It uses the plan's pools, the nodes'
// hardware and the profile, and nothing of pkg/sizing that computes.
type auditor struct {
	t      require.TestingT
	name   string
	r      *Plan
	p      *workload.Profile
	count  *recount
	load   hourly
	speeds *catalog.Speeds
	limits *catalog.Limits
	// Demand in the situation as a multiple of what the profile states, and, as multiples of
	// that, the greatest up to the lead month and the horizon.
	now, most, growth float64
}

func newAuditor(t require.TestingT, name string, r *Plan) *auditor {
	cat := r.System.Catalog
	speeds, err := cat.Speeds()
	require.NoError(t, err)
	limits, err := cat.Limits()
	require.NoError(t, err)
	a := &auditor{t: t, name: name, r: r, p: r.Profile, speeds: speeds, limits: limits, now: 1}
	a.grow()
	a.count = newRecount(t, r.Profile, a.now)
	for h := range workload.Hours {
		a.load.normal = append(a.load.normal, a.count.at(h, none))
	}
	for lost := range a.p.Regions {
		var hours []map[string][]calls
		for h := range workload.Hours {
			hours = append(hours, a.count.at(h, lost))
		}
		a.load.lost = append(a.load.lost, hours)
	}
	return a
}

// policy of MODEL section 4, which no profile here changes.
const (
	ownTarget, lossTarget  = 0.60, 0.85
	memoryTarget           = 0.85
	diskTarget, connTarget = 0.80, 0.80
)

// pool is a pool under audit.
type pool struct {
	c      *Choice
	region int
	zones  int
	node   *catalog.NodeType
	asks   []ask
	// least is the least number of nodes by structure, by the name of the limit.
	least map[string]int
	// step is by how many nodes it grows, where that is not one.
	step int
	// apart is by how much the plan's need may exceed that of any hour, because
	// it adds peaks that are in different hours.
	apart float64
	// placed is how indivisible parts lie on the nodes; nil where all is shared evenly.
	placed *placed
}

// ask is something that the nodes of a pool share evenly. need is what the load
// takes of it when so many nodes are left; have is one node's, and the targets
// are the highest parts of it. never says that a state is not asked about.
type ask struct {
	resource  string
	need      func(l map[string][]calls, left int, state string) float64
	have      float64
	own, loss float64
	// carries is what a node carries at a utilisation, where that is not so much of
	// what it has.
	carries func(utilisation float64) float64
	never   func(state string) bool
	// also is a further condition.
	also func(l map[string][]calls, left int, state string) bool
	// late is needed in addition while workers catch up; nil where nothing is.
	late func(l map[string][]calls) float64
	// lateAt is the same where it depends on how many nodes there are.
	lateAt func(l map[string][]calls, left int) float64
	// only are the hours of the normal week that are asked about; nil for all.
	only func(h int) bool
}

// broken names what n nodes of the pool do not carry in the hours given, as
// "resource, state". more is a factor on the needs.
func (a *auditor) broken(x *pool, n int, hours []int, more float64) []string {
	var out []string
	for name, least := range x.least {
		if n < least {
			out = append(out, name)
		}
	}
	if n < 1 {
		return append(out, "nothing is left")
	}
	for _, s := range a.statesOf(x, n) {
		for i := range x.asks {
			q := &x.asks[i]
			if s.name == catchUp {
				q = q.catchingUp()
			}
			if q.never != nil && q.never(s.name) {
				continue
			}
			if s.breaks(q, hours, more) {
				out = append(out, q.resource+", "+s.name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// state is what is left of a pool in a state, and the weeks that it must carry.
type state struct {
	name string
	left int
	part float64 // of what is asked for, that the busiest node has
	load [][]map[string][]calls
}

// statesOf are the states that n nodes of a pool must carry the load in.
func (a *auditor) statesOf(x *pool, n int) []state {
	normal := [][]map[string][]calls{a.load.normal}
	states := []state{{name: ownLoad, left: n, load: normal}}
	if survives(x.c.Component, a.p, "node") {
		states = append(states, state{name: nodeLoss, left: n - 1, load: normal})
	}
	if survives(x.c.Component, a.p, "zone") && x.zones > 1 {
		worst := (n + x.zones - 1) / x.zones
		states = append(states, state{name: zoneLoss, left: n - worst, load: normal})
	}
	if survives(x.c.Component, a.p, "region") {
		s := state{name: regionLoss, left: n}
		for i := range a.p.Regions {
			if i != x.region {
				s.load = append(s.load, a.load.lost[i])
			}
		}
		states = append(states, s)
	}
	states = append(states, state{name: catchUp, left: n, load: normal})
	for i := range states {
		s := &states[i]
		if s.part = 1 / float64(s.left); x.placed != nil {
			s.left = x.placed.left(n, x.zones, s.name)
			s.part = x.placed.busiest(n, x.zones, s.name)
		}
	}
	return states
}

// breaks tells whether what is asked for is more than what is left has, in any
// of the hours.
func (s *state) breaks(q *ask, hours []int, more float64) bool {
	target := q.loss
	if s.name == ownLoad {
		target = q.own
	}
	bad := false
	for _, week := range s.load {
		for _, h := range hours {
			if q.only != nil && !q.only(h) {
				continue
			}
			need, each := q.need(week[h], s.left, s.name)*more, q.have*target
			if q.carries != nil {
				each = q.carries(target)
			}
			// 1e-9 as in MODEL section 0; and twice, as it was applied to a
			// number of nodes there.
			bad = bad || need*s.part > each*(1+2e-9) ||
				q.also != nil && !q.also(week[h], s.left, s.name)
		}
	}
	return bad
}

// allHours of a week.
func allHours() []int {
	out := make([]int, workload.Hours)
	for h := range out {
		out[h] = h
	}
	return out
}

// audit checks every component; a kind that it does not know fails.
func (a *auditor) audit() (pools int) {
	for _, c := range a.r.Choices {
		switch c.Component.Kind {
		case "stateless", "worker", "pooler", "log", "search", "cache", "queue", "proxy", "web-cache",
			"bastion", "cluster", "multi-primary", "node-pool", "telemetry":
			if c.Component.Colocate != "" {
				require.Equal(a.t, choiceOf(a.t, a.r, c.Component.Colocate).Layout.Pools, c.Layout.Pools,
					c.Component.Name)
				continue
			}
			pools += a.scaled(c)
		case "database":
			a.database(c)
			pools++
		case "quorum":
			pools += a.quorum(c)
		case "balancer", "nat", "objects", "boot", "transfer":
			a.service(c)
		case "fixed":
			a.fixed(c)
		case "cdn":
			a.cdn(c)
		case "dns":
			a.dns(c)
		case "site":
			a.site(c)
		default:
			require.Fail(a.t, "nobody recomputes the kind "+c.Component.Kind)
		}
	}
	return pools
}

// scaled audits what is sized by a number of nodes: it carries everything, one
// node fewer does not, and what then breaks is what the plan says binds.
func (a *auditor) scaled(c *Choice) int {
	n := 0
	for _, p := range c.Layout.Pools {
		if p.Role == "master" {
			a.masters(c, &p)
			continue
		}
		x := a.pool(c, p.Region)
		require.False(a.t, survives(c.Component, a.p, "zone") && x.zones < 2, "%s: %s has one zone", a.name,
			c.Component.Name)
		hours := allHours()
		require.Empty(a.t, a.broken(x, p.Max, hours, 1), "%s: %s does not carry its load", a.name, inWords(c))
		least := p.Max - max(1, x.step)
		if x.placed != nil {
			a.arranged(x, p.Max)
			least = x.placed.fewerNodes(p.Max, x.zones)
		}
		fewer := a.broken(x, least, hours, 1+x.apart)
		require.NotEmpty(a.t, fewer, "%s, %s: one node fewer would do of %s", a.name, c.Component.Name, inWords(c))
		require.Contains(a.t, fewer, a.binding(c, p), "%s, %s: what binds is not what breaks with a node fewer of %s",
			a.name, c.Component.Name, inWords(c))
		a.hours(x, p)
		n++
	}
	return n
}

// binding is the one limit that the plan says decided a pool.
func (a *auditor) binding(c *Choice, p sizing.Pool) string {
	out := ""
	for _, l := range c.Layout.Limits {
		require.GreaterOrEqual(a.t, l.Slack(), -1e-6, "%s, %s: %+v is broken", a.name, c.Component.Name, l)
		if l.Binding && l.Region == p.Region && l.Role == p.Role {
			require.Empty(a.t, out, "%s, %s: two limits bind", a.name, c.Component.Name)
			out = l.Of.Name + ", " + l.State.String()
		}
	}
	require.NotEmpty(a.t, out, "%s, %s: no limit binds %s", a.name, c.Component.Name, inWords(c))
	return out
}

// A plan that claims to survive a node, a zone or a region does, and is no
// larger than it must be: recomputed from scratch.
func TestPlansSurviveWhatTheyClaim(t *testing.T) {
	slow(t)
	t.Parallel()
	cat := testCatalog(t)
	types := pricedTypes(t, cat)
	for _, size := range systems {
		p := parseProfile(t, profileSource(t, size))
		r, err := searchProfile(p, cat, Options{})
		require.NoError(t, err)
		require.Equal(t, 2*6+1, newAuditor(t, size, r).audit(), "six systems in two regions, and the database")
	}
	// From little load to much, for every loss by itself: where one node more or
	// fewer is half or all of what there is, and where it is one of many.
	for _, kind := range kindNames() {
		t.Run("ladder "+kind, func(t *testing.T) {
			for _, loss := range [][]string{{}, {"node"}, {"zone"}, {"node", "zone"}, {"region"}} {
				for k := 0.1; k < 60; k *= 1.7 {
					p := fixtureOf(t, kind)
					p.Policy.Survive = loss
					p.Peak.Users.V *= unit.Count(k)
					if r := searchAny(t, p, cat, Options{}); r != nil {
						newAuditor(t, fmt.Sprintf("%s %v × %.3g", kind, loss, k), r).audit()
					}
				}
			}
		})
	}
	eachKind(t, 0.30, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		p := draw()
		if p.Peak.Users.V == 0 {
			return false // TestNoLoadNeedsTheStructureOnly
		}
		if vary != nil && rapid.Bool().Draw(vary, "one type") {
			allowOnly(p, "it", rapid.SampledFrom(types).Draw(vary, "type"))
		}
		r := searchAny(rt, p, cat, Options{})
		if r == nil {
			return false
		}
		newAuditor(rt, fmt.Sprintf("%s %+v", kind, p.Policy.Survive), r).audit()
		return true
	})
}

// Three regions in three time zones: which loss is the worst for a region
// changes with the hour, and a pool that follows the load has in every hour the
// nodes for the worst one, and no more.
func TestPoolsSurviveTheWorstLossOfEveryHour(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	source := strings.Replace(kindSource(t, "stateless"),
		"  - {name: us-east-1, tz: -5h}\n  - {name: us-west-2, tz: -8h}\n",
		"  - {name: us-east-1, tz: -5h, share: 40%}\n"+
			"  - {name: eu-west-1, tz: 0h, share: 30%}\n"+
			"  - {name: ap-southeast-1, tz: 8h, share: 30%}\n", 1)
	for _, survive := range []string{"[region]", "[node, zone, region]"} {
		src := strings.Replace(source, "survive: [node, zone, region]", "survive: "+survive, 1)
		src = strings.NewReplacer("users: 2500", "users: 25000", "cpu: 6ms",
			"cpu: 6ms, allow: {types: [c7g.large]}").Replace(src)
		r := searchAny(t, parseProfile(t, src), cat, Options{})
		a := newAuditor(t, "three regions", r)
		a.audit()
		c := choiceOf(t, r, "it")
		require.Len(t, c.Layout.Pools, 3)
		for _, p := range c.Layout.Pools {
			x := a.pool(c, p.Region)
			have := a.counts(x, p)
			require.Greater(t, have[len(have)-1], have[0]+20, "it follows the load")
			require.Equal(t, a.needed(x, p), have, "%s in %s", survive, r.Profile.Regions[p.Region].Name)
		}
	}
}
