package plan

import (
	"fmt"
	"math/big"
	"regexp"
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
	chosen  map[string]bruteChoice
}

// bruteChoice is a machine, or none where nothing carries the load.
type bruteChoice struct {
	layout  *sizing.Layout
	splits  int
	cost    *big.Rat // the bill's
	running *big.Rat // what it ranks by
	// unpriced counts what has no price, nodes all nodes.
	unpriced, nodes int
}

func newBrute(t require.TestingT, p *workload.Profile, cat *catalog.Catalog, overlays []Overlay) *brute {
	v, err := cat.Vintage(p.Prices.Vintage)
	require.NoError(t, err)
	for _, o := range overlays {
		v, err = v.WithOverlay(o.File, o.Data)
		require.NoError(t, err)
	}
	sys, err := sizing.NewSystem(p.Demand(), v)
	require.NoError(t, err)
	b := &brute{t: t, p: p, cat: cat, sys: sys, chosen: map[string]bruteChoice{},
		hours: new(big.Rat).SetFloat64(float64(p.HoursPerMonth.V))}
	sys.Market = b
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
	for splits := 0; ; splits++ {
		if best := b.best(c, z); best.layout != nil {
			best.splits = splits
			b.chosen[name] = best
			b.sys.Sized[name] = best.layout
			return true
		}
		e, ok := z.(sizing.Escalator)
		if !ok {
			return false
		}
		if z = e.Escalate(); z == nil {
			return false
		}
	}
}

// best fits every type of the catalog, with every storage.
func (b *brute) best(c *workload.Component, z sizing.Sizer) bruteChoice {
	var best bruteChoice
	types, err := b.cat.NodeTypes()
	require.NoError(b.t, err)
	for i := range types {
		t := &types[i]
		if !b.mayUse(t, c) {
			continue
		}
		for _, st := range z.Needs().Storages {
			l, rej := z.Fit(t, st)
			if rej != nil {
				continue
			}
			if x := b.scored(l); best.layout == nil || x.before(&best) {
				best = x
			}
		}
	}
	return best
}

// mayUse tells whether the profile lets a component run on a type, and the
// tables price it wherever the component runs (MODEL sections 2 and 6).
func (b *brute) mayUse(t *catalog.NodeType, c *workload.Component) bool {
	for i, r := range b.p.Regions {
		if len(c.Regions) > 0 && !slices.Contains(c.Regions, r.Name) {
			continue
		}
		if _, ok := b.regions[i].OnDemand(t.Name); !ok {
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
	return float64(t.VCPU) >= float64(a.MinVCPU.V) && (a.Arch == "" || a.Arch == t.Arch) && a.MinCores.V == 0
}

// cost is what a layout costs a month on demand: nodes by the hour, with the
// boot volume that each of them has, disks and whatever else it uses. missing
// counts what has no price.
func (b *brute) cost(l *sizing.Layout) (total *big.Rat, missing int) {
	total = new(big.Rat)
	for _, p := range l.Pools {
		price, ok := b.regions[p.Region].OnDemand(l.TypeOf(&p).Name)
		require.True(b.t, ok)
		month := new(big.Rat).Mul(rational(b.t, price.Rate.String()), b.hours)
		if b.p.Prices.Scope != "compute" {
			volume, ok := b.usage(sizing.Usage{Region: p.Region, Service: "ebs", Item: "gp3 storage", Quantity: 20})
			require.True(b.t, ok)
			month.Add(month, volume)
		}
		total.Add(total, month.Mul(month, meanNodes(p)))
	}
	if b.p.Prices.Scope == "compute" {
		return total, 0
	}
	for _, u := range l.Usage {
		c, ok := b.usage(u)
		if !ok {
			missing++
			continue
		}
		total.Add(total, c)
	}
	for _, f := range l.Crossings { // replication: out of one zone and into another, or to the other region
		u := sizing.Usage{Region: f.From, Service: "data-transfer", Quantity: float64(f.Bytes) / (1 << 30)}
		items := []string{"between AZs, out", "between AZs, in"}
		if f.To != f.From {
			items = []string{"to " + b.p.Regions[f.To].Name}
			if _, ok := b.regions[f.From].Usage("data-transfer", items[0]); !ok {
				items[0] = "to other regions"
			}
		}
		for _, u.Item = range items {
			if c, ok := b.usage(u); ok {
				total.Add(total, c)
			}
		}
	}
	return total, missing
}

// weights is what policy.running adds: for each node, each shard beyond the first,
// and on the price of nodes of families that are not general.
func (b *brute) weights(l *sizing.Layout, st sizing.Storage) *big.Rat {
	total := new(big.Rat)
	if b.p.Policy.Running.None {
		return total
	}
	w := b.p.Policy.Running.V
	for _, p := range l.Pools {
		t := l.TypeOf(&p)
		general := regexp.MustCompile(`^([mcr][0-9]+[agi]?(d|n|dn)?(-flex)?|t[0-9]+[ag]?)$`).MatchString(t.Family) ||
			regexp.MustCompile(`^i[ms]?[0-9]`).MatchString(t.Family) && st.Volume == "local"
		if !general || !t.CurrentGeneration {
			price, ok := b.regions[p.Region].OnDemand(t.Name)
			require.True(b.t, ok)
			x := new(big.Rat).Mul(rational(b.t, price.Rate.String()), b.hours)
			x.Mul(x, asBilled(new(big.Rat).SetFloat64(float64(w.Family.V))))
			total.Add(total, x.Mul(x, meanNodes(p)))
		}
		total.Add(total, new(big.Rat).Mul(rational(b.t, w.Node.V.String()), meanNodes(p)))
	}
	if l.Shards > 1 {
		total.Add(total, new(big.Rat).Mul(rational(b.t, w.Shard.V.String()), big.NewRat(int64(l.Shards-1), 1)))
	}
	return total
}

// meanNodes is a pool's mean over the hours of the week.
func meanNodes(p sizing.Pool) *big.Rat {
	if p.Min == p.Max {
		return big.NewRat(int64(p.Max), 1)
	}
	nodeHours := 0
	for _, h := range p.ByHour {
		nodeHours += h.Nodes * h.Hours
	}
	return asBilled(big.NewRat(int64(nodeHours), 168))
}

// asBilled rounds a quantity half up to the digits with which it is billed.
func asBilled(q *big.Rat) *big.Rat {
	scale := big.NewRat(1, 1)
	for range money.QuantityPlaces {
		scale.Mul(scale, big.NewRat(10, 1))
	}
	up := new(big.Rat).Add(new(big.Rat).Mul(q, scale), big.NewRat(1, 2))
	whole := new(big.Int).Div(up.Num(), up.Denom())
	return new(big.Rat).Quo(new(big.Rat).SetInt(whole), scale)
}

// usage prices a quantity step by step.
func (b *brute) usage(u sizing.Usage) (*big.Rat, bool) {
	tiers, ok := b.regions[u.Region].Usage(u.Service, u.Item)
	if !ok {
		return nil, false
	}
	total, q := new(big.Rat), asBilled(new(big.Rat).SetFloat64(u.Quantity))
	for _, t := range tiers {
		from := rational(b.t, t.Tier.From.String())
		to := q
		if t.Tier.To != nil {
			if end := rational(b.t, t.Tier.To.String()); end.Cmp(q) < 0 {
				to = end
			}
		}
		if to.Cmp(from) > 0 {
			part := new(big.Rat).Sub(to, from)
			total.Add(total, part.Mul(part, rational(b.t, t.Tier.Rate.String())))
		}
	}
	return total, true
}

// sameAsBrute compares the search with trying everything, for every component
// that has nodes.
func sameAsBrute(t require.TestingT, name string, draw func() *workload.Profile, cat *catalog.Catalog,
	overlays []Overlay) (compared int, planned bool) {
	b := newBrute(t, draw(), cat, overlays)
	none := b.all()
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
		require.Equal(t, bruteText(want), fmt.Sprintf("%d splits, %s", c.Splits, inWords(c)), "%s: %s, %s against %v",
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
	return fmt.Sprintf("%d splits, %s", c.splits, inWords(&Choice{Layout: c.layout}))
}

// The search leaves out types that are too dear to win. It must find what
// trying every type and storage of the whole catalog finds.
func TestSearchIsBruteForceOnTheWholeCatalog(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for _, size := range systems {
		draw := func() *workload.Profile { return parseProfile(t, profileSource(t, size)) }
		n, _ := sameAsBrute(t, size, draw, cat, nil)
		require.Equal(t, 7, n, "the seven systems with machines in %s", size)
		sameAsBrute(t, size+" by the bill", func() *workload.Profile { return byBillAlone(draw()) }, cat, nil)
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
