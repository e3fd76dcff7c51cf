package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Choice is the machine chosen, or given, for one component.
type Choice struct {
	Component *workload.Component
	Layout    *sizing.Layout
	Pinned    bool         // given by the profile: checked, not chosen
	Splits    int          // how often it was split until something carried it
	whole     error        // why nothing carries it as it is; nil where it was not split
	Cost      money.Amount // a month at the wanted purchase mix, unrounded

	// What the search saw. Alternatives and Rejected are complete only after
	// an exhaustive search.
	Alternatives []Alternative // the best of other families, cheapest first
	Rejected     []*sizing.Rejection
	Sized        int // layouts that were feasible
	Skipped      int // types too dear to win even at the least number of nodes
}

// Alternative is a feasible layout that was not chosen.
type Alternative struct {
	Layout *sizing.Layout
	Cost   money.Amount
}

// Infeasible says that no allowed node type carries a component, and which
// came nearest.
type Infeasible struct {
	Component string
	Nearest   *sizing.Rejection // of the limit that most fail on; nil where no type was allowed at all
	Failing   int               // layouts that fail on it
	Tried     int
}

func (e *Infeasible) Error() string {
	if e.Nearest == nil {
		return fmt.Sprintf("component %s: no node type is allowed and priced in every region; loosen its allow:", e.Component)
	}
	if e.Tried == 1 {
		return fmt.Sprintf("component %s: %s", e.Component, e.Nearest)
	}
	name := "one"
	if e.Nearest.Type != nil {
		name = strings.TrimSpace(e.Nearest.Type.Name + " " + e.Nearest.Storage.String())
	}
	cannot := "carries its load"
	if e.Purchase() {
		cannot = "can be bought as it is to be"
	}
	return fmt.Sprintf("component %s: none of %d layouts %s; %d fail on %s, the nearest of them %s: %s",
		e.Component, e.Tried, cannot, e.Failing, e.Nearest.Resource, name, e.Nearest)
}

// Purchase tells whether the machines would do, but not the ways to buy them.
func (e *Infeasible) Purchase() bool {
	return e.Nearest != nil && (e.Nearest.Resource == purchaseTerm || e.Nearest.Resource == purchaseBounds)
}

// misses counts what layouts fail on.
type misses struct {
	names []string // in the order of finding
	by    map[string]*miss
}

type miss struct {
	n       int
	nearest *sizing.Rejection
}

func (m *misses) add(rej *sizing.Rejection) {
	x := m.by[rej.Resource]
	if x == nil {
		if m.by == nil {
			m.by = map[string]*miss{}
		}
		x = &miss{nearest: rej}
		m.by[rej.Resource] = x
		m.names = append(m.names, rej.Resource)
	}
	x.n++
	if rej.Miss() < x.nearest.Miss() {
		x.nearest = rej
	}
}

// infeasible names the limit that most layouts fail on and who comes nearest to
// it: the nearest of all may be a machine that is too small in every way and
// fails on the first thing that was looked at.
func (m *misses) infeasible(component string, tried int) *Infeasible {
	e := &Infeasible{Component: component, Tried: tried}
	for _, name := range m.names {
		if x := m.by[name]; x.n > e.Failing {
			e.Failing, e.Nearest = x.n, x.nearest
		}
	}
	return e
}

// cost is what a layout costs a month, for ranking. A layout that needs
// something without a price ranks behind all that need nothing such.
type cost struct {
	unpriced int
	dollars  float64
}

func (a cost) compare(b cost) int {
	switch {
	case a.unpriced != b.unpriced:
		return a.unpriced - b.unpriced
	case math.Abs(a.dollars-b.dollars) <= 1e-9*math.Max(a.dollars, b.dollars):
		return 0
	case a.dollars < b.dollars:
		return -1
	}
	return 1
}

func (s *sizer) cost(k *candidate, l *sizing.Layout) cost {
	var c cost
	for _, p := range l.Pools {
		c.dollars += p.Mean * k.price[p.Region]
	}
	if s.storage {
		for _, u := range l.Usage {
			d, ok := s.usageCost(u)
			if !ok {
				c.unpriced++
			}
			c.dollars += d
		}
	}
	return c
}

// choose finds the cheapest layout. Ties by float are decided by the exact
// cost, then fewer nodes, then the names of type and storage.
func (s *sizer) choose(c *sizing.Case, z sizing.Sizer, exhaustive bool) (*Choice, error) {
	needs := z.Needs()
	best := &Choice{Component: c.Component}
	var bestCost cost
	var missed misses
	families := map[string]*scored{}
	tried := 0
	list := s.candidates(c)
	want, err := s.wantedOf(c.Component)
	if err != nil {
		return nil, err
	}
	if m, ok := s.force[c.Component.Name]; ok {
		list, needs.Storages = s.only(c, m, needs.Storages)
	}
	if !exhaustive {
		var k *candidate
		best.Layout, bestCost, k = s.lastTime(c, z, list, needs)
		if best.Layout != nil && want != nil && s.rank(c.Component, want, k, best.Layout, &bestCost) != nil {
			best.Layout = nil
		}
	}
	floor := s.floorOf(z, needs, s.monthOf(c.Component, want))
	for i := range list {
		k := &list[i]
		prune := best.Layout != nil && !exhaustive && bestCost.unpriced == 0
		if prune && floor.tooDear(k, bestCost.dollars) {
			best.Skipped++
			continue
		}
		for j, st := range needs.Storages {
			if prune && floor.tooDearOn(j, bestCost.dollars) {
				continue
			}
			tried++
			l, rej := z.Fit(k.t, st)
			if rej != nil {
				missed.add(rej)
				if exhaustive {
					best.Rejected = append(best.Rejected, rej)
				}
				continue
			}
			x := s.cost(k, l)
			if want != nil {
				if rej := s.rank(c.Component, want, k, l, &x); rej != nil {
					missed.add(rej)
					best.Rejected = append(best.Rejected, rej)
					continue
				}
			}
			best.Sized++
			s.entail(l, &x)
			if exhaustive {
				s.keep(families, k.t.Family, &scored{l, x})
			}
			if best.Layout == nil || s.better(l, x, best.Layout, bestCost) {
				best.Layout, bestCost = l, x
			}
		}
	}
	if best.Layout == nil {
		return nil, missed.infeasible(c.Component.Name, tried)
	}
	s.won[c.Component.Name] = Machine{best.Layout.Type.Name, best.Layout.Storage.String()}
	if best.Cost, err = s.costOf(best.Layout, bestCost, want); err != nil {
		return nil, err
	}
	if best.Alternatives, err = s.alternatives(families, best.Layout, want); err != nil {
		return nil, err
	}
	return best, nil
}

// costOf is a layout's cost at the wanted purchase: exact on demand, else what
// it ranks at.
func (s *sizer) costOf(l *sizing.Layout, x cost, want *wanted) (money.Amount, error) {
	if want == nil {
		return s.exact(l), nil
	}
	q, err := money.Float(x.dollars)
	if err != nil {
		return money.Amount{}, fmt.Errorf("cost of %s: %w", l.Type.Name, err)
	}
	return money.MustRate("1").Times(q), nil
}

// scored is a layout with its cost.
type scored struct {
	l *sizing.Layout
	c cost
}

func (s *sizer) keep(families map[string]*scored, family string, x *scored) {
	if old, ok := families[family]; !ok || s.better(x.l, x.c, old.l, old.c) {
		families[family] = x
	}
}

// keepAlternatives is how many families beside the winner's are reported.
const keepAlternatives = 5

func (s *sizer) alternatives(families map[string]*scored, winner *sizing.Layout, want *wanted) ([]Alternative, error) {
	var list []*scored
	for family, x := range families {
		if family != winner.Type.Family {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b *scored) int {
		if s.better(a.l, a.c, b.l, b.c) {
			return -1
		}
		return 1
	})
	var out []Alternative
	for _, x := range list[:min(len(list), keepAlternatives)] {
		x.l.Detail()
		c, err := s.costOf(x.l, x.c, want)
		if err != nil {
			return nil, err
		}
		out = append(out, Alternative{Layout: x.l, Cost: c})
	}
	return out, nil
}

// better is a total order: cost, exact cost, nodes, type, storage.
func (s *sizer) better(a *sizing.Layout, ac cost, b *sizing.Layout, bc cost) bool {
	if d := ac.compare(bc); d != 0 {
		return d < 0
	}
	if d := s.exact(a).Cmp(s.exact(b)); d != 0 {
		return d < 0
	}
	if d := nodes(a) - nodes(b); d != 0 {
		return d < 0
	}
	if d := strings.Compare(a.Type.Name, b.Type.Name); d != 0 {
		return d < 0
	}
	return a.Storage.String() < b.Storage.String()
}

// nodes is the most nodes that a layout has.
func nodes(l *sizing.Layout) int {
	n := 0
	for _, p := range l.Pools {
		n += p.Max
	}
	return n
}

// exact is the unrounded cost of a layout in decimals, with what each of its
// nodes entails.
func (s *sizer) exact(l *sizing.Layout) money.Amount {
	var total money.Amount
	for _, p := range l.Pools {
		mean, err := money.Float(p.Mean)
		price, ok := s.pr.regions[p.Region].OnDemand(l.Type.Name)
		if err == nil && ok {
			total = total.Plus(price.Rate.PerMonth(s.pr.hours).Times(mean)).Plus(s.each.exact[p.Region].Times(mean))
		}
	}
	if s.storage {
		for _, u := range l.Usage {
			total = total.Plus(s.exactUsage(u))
		}
	}
	return total
}

// exactUsage is what a usage costs, unrounded.
func (s *sizer) exactUsage(u sizing.Usage) money.Amount {
	var total money.Amount
	q, err := money.Float(u.Quantity)
	tiers, ok := s.pr.regions[u.Region].Usage(u.Service, u.Item)
	if err == nil && ok {
		lines, _ := money.Tiered(q, catalog.Tiers(tiers))
		for _, x := range lines {
			total = total.Plus(x.Rate.Times(x.Quantity))
		}
	}
	return total
}

// usageKey names a usage price in a region.
type usageKey struct {
	region        int
	service, item string
}

// tier is a step of a price in floats.
type tier struct{ from, to, price float64 }

// usageCost prices a usage in floats, for ranking.
func (s *sizer) usageCost(u sizing.Usage) (float64, bool) {
	key := usageKey{u.Region, u.Service, u.Item}
	tiers, ok := s.tiers[key]
	if !ok {
		list, _ := s.pr.regions[u.Region].Usage(u.Service, u.Item)
		for _, t := range list {
			x := tier{from: t.Tier.From.Float64(), to: math.Inf(1), price: t.Tier.Rate.Float64()}
			if t.Tier.To != nil {
				x.to = t.Tier.To.Float64()
			}
			tiers = append(tiers, x)
		}
		s.tiers[key] = tiers
	}
	if len(tiers) == 0 {
		return 0, false
	}
	total := 0.0
	for _, t := range tiers {
		if u.Quantity > t.from {
			total += (math.Min(u.Quantity, t.to) - t.from) * t.price
		}
	}
	return total, true
}
