package plan

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// brute chooses machines by trying all of them. It shares with the search what
// one layout is (Kind.Prepare and Fit) and the tables; not which types are
// tried, in which order, what is left out, what a layout costs or which of two
// is better. Costs are fractions: only quantities are rounded, to what is billed.
type brute struct {
	t       require.TestingT
	p       *workload.Profile
	cat     *catalog.Catalog
	sys     *sizing.System
	regions []*catalog.RegionPrices
	hours   *big.Rat
	own     *sites // what sites offer
	waiting map[string]map[hostAt]int
	chosen  map[string]bruteChoice
}

// bruteChoice is a machine, or none where nothing carries the load.
type bruteChoice struct {
	layout  *sizing.Layout
	cost    *big.Rat // the bill's
	running *big.Rat // what it ranks by
	missing int      // what has no price
}

func newBrute(t require.TestingT, p *workload.Profile, cat *catalog.Catalog, overlays []Overlay) *brute {
	v, err := cat.Vintage(p.Prices.Vintage)
	require.NoError(t, err)
	for _, o := range overlays {
		v, err = v.WithOverlay(o.File, o.Data, o.Today)
		require.NoError(t, err)
	}
	own, err := sitesOf(p.Demand(), cat)
	require.NoError(t, err)
	v = v.WithSites(own.places)
	sys, err := sizing.NewSystem(p.Demand(), v)
	require.NoError(t, err)
	b := &brute{t: t, p: p, cat: cat, sys: sys, own: own, chosen: map[string]bruteChoice{},
		hours: new(big.Rat).SetFloat64(float64(p.HoursPerMonth.V))}
	sys.Ranking = b // as plan answers, by trying everything
	for _, r := range p.Regions {
		region, err := v.Region(r.Name)
		require.NoError(t, err)
		b.regions = append(b.regions, region)
	}
	return b
}

// all chooses for every component with nodes, callers before what they call.
// It ends at the first that nothing carries, and names it.
func (b *brute) all() (infeasible string) {
	var order []string
	var visit func(name string)
	visit = func(name string) {
		c, _ := b.p.Component(name)
		if slices.Contains(order, name) {
			return
		}
		for _, e := range b.p.Components {
			if _, calls := e.V.Calls.Get(name); calls {
				visit(e.Key)
			}
		}
		if c.Colocate != "" {
			visit(c.Colocate)
		}
		order = append(order, name)
	}
	for _, e := range b.p.Components {
		visit(e.Key)
	}
	for _, name := range order {
		if !b.one(name) {
			return name
		}
	}
	return ""
}

func (b *brute) one(name string) bool {
	c, _ := b.p.Component(name)
	kind, ok := sizing.Find(c.Kind)
	require.True(b.t, ok)
	z, err := kind.Prepare(b.sys.Task(c))
	if err != nil {
		return false
	}
	if !z.Needs().Nodes {
		if c.Colocate != "" {
			l, rej := z.Fit(nil, sizing.Storage{})
			require.Nil(b.t, rej, name)
			b.sys.Sized[name] = l
		}
		return true
	}
	best := b.best(c, z)
	if best.layout == nil {
		return false
	}
	b.chosen[name] = best
	b.sys.Sized[name] = best.layout
	return true
}

// best fits every type of the catalog, with every storage, in every structure.
func (b *brute) best(c *workload.Component, z sizing.Sizer) bruteChoice {
	var best bruteChoice
	ways := []sizing.Sizer{z}
	if s, ok := z.(sizing.Structured); ok {
		ways = s.Structures()
	}
	for _, t := range b.types() {
		if !b.mayUse(t, c) {
			continue
		}
		for _, x := range every(ways) {
			for y := range b.fits(x, t) {
				if b.stands(c, y.layout) && y.before(&best) {
					best = y
				}
			}
		}
	}
	return best
}

// choice is a layout with what it costs.
func (b *brute) choice(l *sizing.Layout) bruteChoice {
	cost, missing := b.cost(l)
	return bruteChoice{l, cost, new(big.Rat).Add(cost, b.weights(l, l.Storage)), missing}
}

// before tells whether a choice is better than another.
func (x *bruteChoice) before(best *bruteChoice) bool {
	if best.layout == nil {
		return true
	}
	nodes := func(l *sizing.Layout) (n int) {
		for _, p := range l.Pools {
			n += p.Max
		}
		return n
	}
	order := []int{x.missing - best.missing, x.running.Cmp(best.running), nodes(x.layout) - nodes(best.layout),
		strings.Compare(x.layout.Type.Name, best.layout.Type.Name),
		strings.Compare(x.layout.Storage.String(), best.layout.Storage.String())}
	k := slices.IndexFunc(order, func(x int) bool { return x != 0 })
	return k >= 0 && order[k] < 0
}

// Cheapest tries one node of every type in each region.
func (b *brute) Cheapest(c *sizing.Task, ok func(*catalog.NodeType) bool) *catalog.NodeType {
	var best bruteChoice
	for _, t := range b.types() {
		if b.mayUse(t, c.Component) && ok(t) {
			l := &sizing.Layout{Type: t}
			for _, r := range c.Regions {
				l.Pools = append(l.Pools, sizing.Fixed(r.Index, "", 1))
			}
			if x := b.choice(l); x.before(&best) {
				best = x
			}
		}
	}
	if best.layout == nil {
		return nil
	}
	return best.layout.Type
}

// Cheaper compares two layouts of a component.
func (b *brute) Cheaper(_ *sizing.Task, x, y *sizing.Layout) bool {
	first, second := b.choice(x), b.choice(y)
	return first.before(&second)
}

// mayUse tells whether the profile lets a component run on a type, and the
// tables price it wherever the component runs (MODEL sections 2 and 6).
func (b *brute) mayUse(t *catalog.NodeType, c *workload.Component) bool {
	for i, r := range b.p.Regions {
		if len(c.Regions) > 0 && !slices.Contains(c.Regions, r.Name) {
			continue
		}
		if _, ok := b.month(i, t.Name); !ok {
			return false
		}
	}
	a := c.Allow
	// What is made for one purpose must be named.
	if strings.HasPrefix(t.Name, "hpc") || strings.HasPrefix(t.Name, "u-") || strings.HasPrefix(t.Name, "u7i") {
		return a != nil && (slices.Contains(a.Types, t.Name) || slices.Contains(a.Families, t.Family))
	}
	if a == nil {
		return t.VCPU > 0 && t.Memory > 0 && !t.Accelerated && !t.BareMetal && !t.Flex && t.CurrentGeneration
	}
	in := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	switch {
	case t.VCPU == 0 || t.Memory == 0 || !in(a.Types, t.Name) || !in(a.Families, t.Family):
		return false
	case !a.Accelerated.V && t.Accelerated, !a.Metal.V && t.BareMetal, !a.Flex.V && t.Flex:
		return false
	case !a.Burstable.V && t.Burstable, !a.PreviousGeneration.V && !t.CurrentGeneration:
		return false
	}
	cores := a.MinCores.V == 0 || t.PhysicalCores.OK && t.PhysicalCores.V >= float64(a.MinCores.V)
	return float64(t.VCPU) >= float64(a.MinVCPU.V) && (a.Arch == "" || a.Arch == t.Arch) && cores
}

// sameAsBrute compares the search with trying everything, for every component
// that has nodes.
func sameAsBrute(t require.TestingT, name string, draw func() *workload.Profile, cat *catalog.Catalog,
	overlays []Overlay) (compared int, planned bool) {
	b := newBrute(t, withImplicit(draw()), cat, overlays)
	none := b.everywhere()
	// What an earlier plan of another load found out must not change the choice.
	before := draw()
	before.Peak.Users.V = before.Peak.Users.V/3 + 10
	reuse := &Reuse{}
	searchAny(t, before, cat, Options{Overlays: overlays, Reuse: reuse})
	for _, o := range []Options{{}, {Reuse: reuse}} {
		o.Overlays = overlays
		r := searchAny(t, draw(), cat, o)
		if r == nil {
			require.NotEmpty(t, none, "%s: the search finds nothing, trying everything does", name)
			return 0, false
		}
		require.Empty(t, none, "%s: the search finds what trying everything does not", name)
		compared = b.compare(name, r.Choices)
	}
	// So does the survey, which leaves nothing out.
	r := searchAny(t, draw(), cat, Options{Overlays: overlays})
	survey, err := r.Survey()
	require.NoError(t, err)
	choices := make([]*Choice, len(survey))
	for i := range survey {
		choices[i] = survey[i].Choice
	}
	require.Equal(t, compared, b.compare(name, choices))
	return compared, true
}

// compare holds choices against those of brute force.
func (b *brute) compare(name string, choices []*Choice) (compared int) {
	t := b.t
	for _, c := range choices {
		if c.Layout.Type == nil {
			continue
		}
		want := b.chosen[c.Component.Name]
		require.NotNil(t, want.layout, c.Component.Name)
		require.Equal(t, bruteText(want), inWords(c), "%s: %s, %s against %v",
			name, c.Component.Name, want.cost.FloatString(12), c.Cost())
		require.Zero(t, want.cost.Cmp(rational(t, c.Cost().String())), "%s: %s costs %s, not %v", name,
			c.Component.Name, want.cost.FloatString(12), c.Cost())
		require.Zero(t, want.running.Cmp(rational(t, c.Running().Total().String())), "%s: %s costs %s to run, not %v",
			name, c.Component.Name, want.running.FloatString(12), c.Running())
		compared++
	}
	return compared
}

func bruteText(c bruteChoice) string {
	return inWords(&Choice{Layout: c.layout})
}

// The search leaves out types that are too dear to win. It must find what
// trying every type and storage of the whole catalog finds.
func TestSearchIsBruteForceOnTheWholeCatalog(t *testing.T) {
	slow(t)
	t.Parallel()
	cat := testCatalog(t)
	for _, size := range systems {
		draw := func() *workload.Profile { return parseProfile(t, profileSource(t, size)) }
		n, _ := sameAsBrute(t, size, draw, cat, nil)
		require.Equal(t, 7, n, "the seven systems with machines in %s", size)
		sameAsBrute(t, size+" by the bill", func() *workload.Profile { return byBillAlone(draw()) }, cat, nil)
	}
	for _, name := range documents {
		sameAsBrute(t, name, func() *workload.Profile { return parseProfile(t, profileSource(t, name)) }, cat, nil)
	}
	for _, kind := range kindNames() {
		for _, survive := range [][]string{{}, {"node", "zone", "region"}} {
			for _, k := range []float64{0.25, 1, 4, 16} {
				sameAsBrute(t, kind, func() *workload.Profile {
					p := fixtureOf(t, kind)
					p.Policy.Survive = survive
					p.Peak.Users.V *= unit.Count(k)
					return p
				}, cat, nil)
			}
		}
	}
}

// On small random catalogues, of random prices that are often equal, so that
// ties have to be decided too.
func TestSearchIsBruteForceOnRandomCatalogues(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	types := pricedTypes(t, cat)
	sources := map[string]string{}
	for _, size := range systems {
		sources[size] = profileSource(t, size)
	}
	drawn.CheckMost(t, 0.35, func(rt *rapid.T) bool {
		v := drawVariation(rt)
		name := rapid.SampledFrom(append(slices.Clone(systems), kindNames()...)).Draw(rt, "system")
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(types), 2, 24, rapid.ID[string]).Draw(rt, "types")
		// Without boot volumes four nodes can cost exactly what two of twice the
		// price do.
		compute := rapid.Bool().Draw(rt, "compute alone")
		running := drawRunning(rt)
		var overlays []Overlay
		if rapid.Bool().Draw(rt, "prices of our own") {
			var csv strings.Builder
			csv.WriteString("region,instance_type,on_demand_hourly,as_of,source\n")
			for _, typ := range some {
				price := money.Int(rapid.Int64Range(1, 6).Draw(rt, "price"))
				for _, region := range []string{"us-east-1", "us-west-2"} {
					fmt.Fprintf(&csv, "%s,%s,%s,2026-07-20,drawn\n", region, typ, money.MustRate("0.05").Scale(price))
				}
			}
			overlays = []Overlay{{File: "drawn.csv", Data: []byte(csv.String())}}
		}
		draw := func() *workload.Profile {
			var p *workload.Profile
			if src, ok := sources[name]; ok {
				var err error
				p, err = workload.Parse(name+".yaml", []byte(src), sizing.Specs(), nil)
				require.NoError(rt, err)
				p.Peak.WritesPerUser = nil
				p.Peak.Users.V = unit.Count(v.users)
			} else {
				p = fixtureOf(rt, name)
			}
			v.apply(p)
			p.Policy.Running = running
			if compute {
				p.Prices.Scope = "compute"
			}
			for _, c := range p.Components {
				allowOnly(p, c.Key, some...)
			}
			return p
		}
		_, planned := sameAsBrute(rt, name, draw, cat, overlays)
		return planned
	})
}
