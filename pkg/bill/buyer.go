package bill

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/remark"
)

// onDemand is the term without any commitment.
const onDemand = "on-demand"

// buyer finds the mix of every pool.
type buyer struct {
	plan    *plan.Plan
	pr      *pricer
	option  string // for all nodes; "" leaves it to the profile
	commits []purchase.Commit
	courses []plan.Course // of the choices; empty where only the month at hand counts
	now     bool          // whether nothing but the lines of that month is asked for
	total   purchase.Summary
	best    purchase.Summary // where the user's own commitments are billed
	out     Buying
	used    map[string]bool // components that --commit may name
	// unpriced are the components that stay on demand while terms that they may
	// have lack a price.
	unpriced []string
	months   map[string]purchase.Summary // by region
	spot     map[string][]int            // by region: vCPUs of standard families on spot, month by month
	refused  []refusal
	taken    []string // components that are bought as is asked for, in some pool
}

// buys tells whether anything but on demand is wanted, by the options or by the
// profile.
func buys(p *plan.Plan, commits []purchase.Commit) bool {
	wants := func(option string) bool { return option != "" && option != onDemand }
	if len(commits) > 0 {
		return true
	}
	if p.Purchase != "" {
		return wants(p.Purchase)
	}
	if wants(p.Profile.Purchase.Option) {
		return true
	}
	for _, e := range p.Profile.Components {
		if own := e.V.Purchase; own != nil && wants(own.Option) {
			return true
		}
	}
	return false
}

// pool buys a pool of a choice: at the least cost, or as given where the user has
// commitments of his own.
func (b *buyer) pool(c *plan.Choice, k *course, key poolKey, given []purchase.Commit) (*purchase.Mix, error) {
	spec := b.plan.Profile.PurchaseOf(c.Component, b.option)
	if len(b.commits) > 0 && (spec.Option == "" || spec.Option == onDemand) {
		spec.Option = "optimal" // what the user's own is held against
	}
	limits, rate, err := purchase.FromProfile(&spec)
	if err != nil {
		return nil, err
	}
	reg, t := b.pr.Regions[key.region], k.typeOf(key)
	types, rates := b.plan.Alike(c, t, limits.SpotTypes), purchase.GivenFor(&spec, t.Name)
	var options []purchase.Option
	if b.now {
		options, err = limits.Allowed(key.region, types, rates, spec.MayBeReclaimed())
	} else {
		options, err = purchase.Options(key.region, types, limits.SpotTypes, rates)
	}
	if err != nil {
		return nil, err
	}
	p := purchase.Lot{Name: c.Component.Name, Slots: k.slots(key, b.plan.Profile.Running()),
		Interruptible: spec.MayBeReclaimed()}
	if p.Interruptible {
		zones := int(b.plan.Profile.Regions[key.region].Zones.V)
		p.MaxSpot = k.maxSpot(key, max(1, limits.SpotTypes), zones)
	}
	basis := purchase.Basis{DiscountRate: rate}
	if basis.Hours, err = committedHours(b.plan.Profile); err != nil {
		return nil, err
	}
	best := purchase.Best
	if b.now {
		best = purchase.BestNow
	}
	mix, err := best(p, options, limits, basis)
	if err != nil {
		return nil, named(c, err)
	}
	if b.now {
		b.lacks(c, mix)
		return mix, nil
	}
	if !mix.Exact && !slices.Contains(b.out.Inexact, c.Component.Label()) {
		b.out.Inexact = append(b.out.Inexact, c.Component.Label())
	}
	if len(b.commits) > 0 {
		b.best = b.best.Plus(mix.Summary)
		if mix, err = purchase.Price(p, options, given, limits, basis); err != nil {
			return nil, err
		}
	} else if why, ok := mix.Declined(p, options, limits); ok {
		b.refused = append(b.refused, refusal{c.Component.Label(), reg.Name(), why.With("asked", limits.Asked())})
	} else {
		b.taken = append(b.taken, c.Component.Label())
	}
	b.gaps(options, reg.Name(), t.Name)
	b.note(c, key, t, mix)
	return mix, nil
}

// named says which component a problem without a position is of.
func named(c *plan.Choice, err error) error {
	if diag.Of(err) != nil {
		return err
	}
	return diag.Problem{Pos: c.Component.Pos, Summary: c.Component.Name + ": " + err.Error()}
}

// lacks notes a component that stays on demand for want of a price.
func (b *buyer) lacks(c *plan.Choice, m *purchase.Mix) {
	bought := slices.ContainsFunc(m.Allocations, func(a purchase.Allocation) bool {
		return a.Now() > 0 && a.Option.Kind != onDemand
	})
	if !bought && len(m.Unpriced) > 0 && !slices.Contains(b.unpriced, c.Component.Label()) {
		b.unpriced = append(b.unpriced, c.Component.Label())
	}
}

// note adds a pool's mix to the totals.
func (b *buyer) note(c *plan.Choice, key poolKey, t *catalog.NodeType, m *purchase.Mix) {
	first := m.First()
	b.total = b.total.Plus(m.Summary)
	region := b.pr.Regions[key.region].Name()
	if b.months == nil {
		b.months, b.spot = map[string]purchase.Summary{}, map[string][]int{}
	}
	b.months[region] = b.months[region].Plus(m.Summary)
	if t.Standard() {
		if b.spot[region] == nil {
			b.spot[region] = make([]int, len(m.Months))
		}
		for month, x := range m.Months {
			b.spot[region][month] += x.Spot * t.VCPU
		}
	}
	x := PoolBuying{Component: c.Component.Name, Region: region, Role: key.role, Machine: t.Name,
		Mix: Purchases{}, OnDemand: first.OnDemand, Effective: first.Effective, Upfront: first.Upfront,
		Horizon: &PoolHorizon{BreakEven: m.BreakEven(), PV: m.PV, PVOnDemand: m.PVOnDemand, Coverage: m.Coverage(),
			Utilisation: m.Utilisation(), AtRisk: falls(m.AtRisk)}}
	for i := range m.Allocations {
		a := &m.Allocations[i]
		if x.Unused += a.Unused; a.Unused > 0 {
			b.out.Risks = append(b.out.Risks, remark.New("risk.unused", "component", c.Component.Name, "region", region,
				"option", a.Option.Name, "nodes", a.Now(), "unused", a.Unused,
				"monthly", a.Monthly.Float64()*float64(a.Unused)/float64(a.Now())))
		}
		if a.Now() > 0 && a.Option.Kind != onDemand {
			x.Mix = append(x.Mix, Bought{a.Option.Name, a.Now()})
			for _, span := range a.Slots {
				x.Slots = append(x.Slots, BoughtSlots{a.Option.Name, span.From, span.To})
			}
		}
		if r, ok := a.Option.Risk(a.Now()); ok {
			b.out.Risks = append(b.out.Risks, remark.New("risk.spot", "component", c.Component.Name, "region", region,
				"nodes", a.Now(), "types", r.Types, "interruptions", r.Interruptions, "hours", r.Hours))
		}
		if later := a.Nodes - a.Now(); later > 0 && a.Option.Kind != onDemand {
			from := a.Begins[0].Month
			if from == 0 {
				from = a.Begins[1].Month
			}
			x.Later = append(x.Later, Later{a.Option.Name, later, from, a.Begins[len(a.Begins)-1].Month})
		}
	}
	b.out.Pools = append(b.out.Pools, x)
	for _, o := range m.Unpriced {
		t := UnpricedTerm{o.Name, o.Missing}
		if !slices.ContainsFunc(b.out.Unpriced, t.equal) {
			b.out.Unpriced = append(b.out.Unpriced, t)
		}
	}
}

func (t UnpricedTerm) equal(o UnpricedTerm) bool { return t.Option == o.Option && t.Why.Equal(o.Why) }

// falls are the commitments at risk in the form of the estimate.
func falls(list []purchase.AtRisk) []RiskFall {
	out := []RiskFall{}
	for _, x := range list {
		out = append(out, RiskFall{x.Fall, x.Monthly})
	}
	return out
}

// outgrown notes a machine that growth leaves behind, where something of it is
// committed.
func (b *buyer) outgrown(c *plan.Choice, k *course) {
	if k.Outgrown == 0 || !slices.ContainsFunc(b.out.Pools, func(p PoolBuying) bool {
		return p.Component == c.Component.Name && len(p.Mix)+len(p.Later) > 0
	}) {
		return
	}
	b.out.Risks = append(b.out.Risks, remark.New("risk.outgrown", "component", c.Component.Name, "months", k.Outgrown,
		"machine", c.Layout.Type.Name, "family", c.Layout.Type.Family))
}

// nearestName is the name that was probably meant, else all there are.
func nearestName(name string, known []string) string {
	if s := diag.Suggest(name, known); s != "" {
		return "did you mean " + s + "?"
	}
	return "components with nodes: " + strings.Join(known, ", ")
}

// withNodes names the components that have nodes of their own.
func (b *buyer) withNodes() []string {
	var out []string
	for _, c := range b.plan.Choices {
		if c.Layout.Type != nil {
			out = append(out, c.Component.Name)
		}
	}
	return out
}

// finish sums up.
func (b *buyer) finish() (*Buying, error) {
	for _, c := range b.commits {
		if !b.used[c.Pool] {
			return nil, diag.Problem{Pos: diag.Pos{File: "--commit", Line: 1, Col: c.Column},
				Summary: fmt.Sprintf("no component with nodes is called %q", c.Pool),
				Hint:    nearestName(c.Pool, b.withNodes())}
		}
	}
	s, first := &b.total, b.total.First()
	out := &b.out
	out.OnDemand, out.Effective = first.OnDemand, first.Effective
	out.Upfront, out.Uncovered = first.Upfront, first.Uncovered
	out.BreakEven, out.Horizon = s.BreakEven(), len(s.Months)
	out.PV, out.PVOnDemand, out.Residual = s.PV, s.PVOnDemand, s.Residual
	out.Coverage, out.Utilisation = s.Coverage(), s.Utilisation()
	dollars, rate := s.CoverageInDollars(), s.SavingsRate()
	out.CoverageInDollars, out.SavingsRate = &dollars, &rate
	b.notTaken()
	out.AtRisk, out.Months = falls(s.AtRisk), s.Months
	if out.Unpriced == nil {
		out.Unpriced = []UnpricedTerm{}
	}
	if out.Risks == nil {
		out.Risks = []remark.Remark{}
	}
	if out.Pools == nil {
		out.Pools = []PoolBuying{}
	}
	if len(b.commits) > 0 {
		best := b.best.First().Effective
		out.Optimum = &best
	}
	return out, nil
}
