package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Buying is how the nodes of an estimate are bought when not all of them are
// on demand (docs/model.md section 7). Amounts are of the first month unless they
// say otherwise.
type Buying struct {
	OnDemand    money.Amount     `json:"on_demand"`  // the same nodes, all on demand
	Effective   money.Amount     `json:"effective"`  // as bought, fees spread over their terms
	Upfront     money.Amount     `json:"upfront"`    // paid at the beginning
	Uncovered   money.Amount     `json:"uncovered"`  // of Effective, at the on-demand price
	BreakEven   int              `json:"break_even"` // month at whose end it has cost no more than on demand; 0 is none
	Horizon     int              `json:"horizon"`    // months
	PV          money.Amount     `json:"pv"`         // present value over the horizon
	PVOnDemand  money.Amount     `json:"pv_on_demand"`
	Residual    money.Amount     `json:"residual"`    // for commitments beyond the horizon
	Coverage    float64          `json:"coverage"`    // part of the node hours, without spot, under commitment
	Utilisation float64          `json:"utilisation"` // part of the commitments that is used
	AtRisk      []RiskFall       `json:"at_risk"`
	Months      []purchase.Month `json:"months,omitempty"` // cash over the horizon, month by month
	Pools       []PoolBuying     `json:"pools"`
	Unpriced    []string         `json:"unpriced"`          // terms that were allowed but have no price
	Risks       []string         `json:"risks"`             // of spot, and of machines that growth leaves behind
	Optimum     *money.Amount    `json:"optimum,omitempty"` // effective cost of the best mix, where the user's own is billed
}

// RiskFall is what commitments cost a month for nothing when demand falls.
type RiskFall struct {
	Fall    float64      `json:"fall"`
	Monthly money.Amount `json:"monthly"`
}

// PoolBuying is how one pool is bought.
type PoolBuying struct {
	Component string       `json:"component"`
	Region    string       `json:"region"`
	Role      string       `json:"role"`
	Machine   string       `json:"machine"`
	Mix       string       `json:"mix"` // of the first month: "2×reserved-3y-all,1×spot"; on demand is not named
	Later     []Later      `json:"later,omitempty"`
	OnDemand  money.Amount `json:"on_demand"`
	Effective money.Amount `json:"effective"`
	Upfront   money.Amount `json:"upfront"`
	Horizon   *PoolHorizon `json:"horizon,omitempty"`
}

// PoolHorizon is what a pool's mix comes to over the horizon.
type PoolHorizon struct {
	BreakEven   int          `json:"break_even"`
	PV          money.Amount `json:"pv"`
	PVOnDemand  money.Amount `json:"pv_on_demand"`
	Coverage    float64      `json:"coverage"`
	Utilisation float64      `json:"utilisation"`
	AtRisk      []RiskFall   `json:"at_risk"`
}

// Later is what is bought of an option as demand grows: the nodes that are
// first needed From to To months from now.
type Later struct {
	Option string `json:"option"`
	Nodes  int    `json:"nodes"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// buyer finds the mix of every pool.
type buyer struct {
	r       *Result
	pr      *pricer
	mode    string // of the command line; "" leaves it to the profile
	commits []purchase.Commit
	courses []course // of the choices; empty where only the month at hand counts
	total   purchase.Summary
	best    purchase.Summary // where the user's own commitments are billed
	out     Buying
	used    map[string]bool // components that --commit may name
	// unpriced are the components that stay on demand while terms that they may
	// have lack a price.
	unpriced []string
}

// buys tells whether anything but on demand is wanted, by the options or by the
// profile.
func buys(p *workload.Profile, o Options) bool {
	wants := func(s *workload.Purchase) bool { return s != nil && s.Option != "" && s.Option != onDemand }
	if len(o.Commit) > 0 || o.Purchase != "" {
		return len(o.Commit) > 0 || o.Purchase != onDemand
	}
	return wants(&p.Purchase) || slices.ContainsFunc(p.Components, func(e strict.Entry[*workload.Component]) bool { return wants(e.V.Purchase) })
}

// scheduled is the part of the week in which the system runs.
func scheduled(p *workload.Profile) unit.Fraction {
	if p.Scheduled > 0 {
		return unit.Fraction(p.Scheduled)
	}
	return 1
}

// wholeMonth is the hours of a month under commitment, which is paid in all of
// them, also where the system runs a part of the week.
func wholeMonth(p *workload.Profile) (money.Quantity, error) {
	if p.WholeMonth > 0 {
		return money.Float(float64(p.WholeMonth))
	}
	return hours(p)
}

// purchaseOf is a component's purchase: its own, and the profile's for what it
// leaves out; the option of the command line replaces theirs and keeps their
// limits.
func purchaseOf(p *workload.Profile, c *workload.Component, mode string) workload.Purchase {
	s := p.Purchase.With(c.Purchase)
	if mode != "" {
		s.Option = mode
	}
	return s
}

// checkPurchases holds what the profile says of buying against itself and the
// catalog, also where it is not asked for now.
func checkPurchases(p *workload.Profile, cat *catalog.Catalog) error {
	var ps diag.Problems
	rates := func(s *workload.Purchase) {
		for i := range s.Rates {
			if t := s.Rates[i].Type; t != "" {
				if _, ok := cat.NodeType(t); !ok {
					ps.Addf(s.Rates[i].Pos, nearestType(cat, t), "instance type %q is not known", t)
				}
			}
		}
	}
	rates(&p.Purchase)
	for _, e := range p.Components {
		own := e.V.Purchase
		if own == nil {
			continue
		}
		rates(own)
		s := p.Purchase.With(own)
		if len(own.Allow) > 0 && s.Option != "" && s.Option != "optimal" {
			ps.Addf(own.Pos, "write option: optimal beside it", "allow is for option: optimal; the profile's option for %s is %s", e.Key, s.Option)
		}
		if _, _, err := purchase.FromProfile(&s); err != nil {
			var one diag.Problem
			if errors.As(err, &one) {
				ps.Add(one)
			}
		}
	}
	return ps.Err()
}

func interruptible(s *workload.Purchase) bool { return s.Interruptible != nil && s.Interruptible.V }

// pool buys a pool of a choice: at the least cost, or as given where the user has
// commitments of his own.
func (b *buyer) pool(c *Choice, k *course, key poolKey, machine string, given []purchase.Commit) (*purchase.Mix, error) {
	spec := purchaseOf(b.r.Profile, c.Component, b.mode)
	if len(b.commits) > 0 && (spec.Option == "" || spec.Option == onDemand) {
		spec.Option = "optimal" // what the user's own is held against
	}
	limits, rate, err := purchase.FromProfile(&spec)
	if err != nil {
		return nil, err
	}
	reg := b.pr.regions[key.region]
	types := []string{c.Layout.Type.Name}
	if b.r.sizer != nil {
		types = b.r.sizer.spread(c.Layout.Type, c.Component.Allow, limits.SpotTypes)
	}
	options, err := purchase.Options(reg, types, limits.SpotTypes, rates(&spec, c.Layout.Type.Name))
	if err != nil {
		return nil, err
	}
	p := purchase.Pool{Name: c.Component.Name, Slots: k.slots(key, scheduled(b.r.Profile)), Interruptible: interruptible(&spec)}
	if p.Interruptible {
		zones := int(b.r.Profile.Regions[key.region].Zones.V)
		p.MaxSpot = k.maxSpot(key, max(1, limits.SpotTypes), zones)
	}
	basis := purchase.Basis{DiscountRate: rate}
	if basis.Hours, err = wholeMonth(b.r.Profile); err != nil {
		return nil, err
	}
	mix, err := purchase.Best(p, options, limits, basis)
	if err != nil {
		return nil, named(c, err)
	}
	if len(b.commits) > 0 {
		b.best = b.best.Plus(mix.Summary)
		if mix, err = purchase.Price(p, options, given, limits, basis); err != nil {
			return nil, err
		}
	}
	b.note(c, key, machine, mix)
	return mix, nil
}

// named says which component a problem without a position is of.
func named(c *Choice, err error) error {
	var one diag.Problem
	var many diag.Problems
	if errors.As(err, &one) || errors.As(err, &many) {
		return err
	}
	return diag.Problem{Pos: c.Component.Pos, Summary: c.Component.Name + ": " + err.Error()}
}

// note adds a pool's mix to the totals.
func (b *buyer) note(c *Choice, key poolKey, machine string, m *purchase.Mix) {
	first := m.First()
	b.total = b.total.Plus(m.Summary)
	region := b.pr.regions[key.region].Name()
	x := PoolBuying{Component: c.Component.Name, Region: region, Role: key.role, Machine: machine,
		Mix: strings.ReplaceAll(m.String(), c.Component.Name+"=", ""), OnDemand: first.OnDemand, Effective: first.Effective, Upfront: first.Upfront,
		Horizon: &PoolHorizon{BreakEven: m.BreakEven(), PV: m.PV, PVOnDemand: m.PVOnDemand, Coverage: m.Coverage(), Utilisation: m.Utilisation(), AtRisk: falls(m.AtRisk)}}
	for i := range m.Allocations {
		a := &m.Allocations[i]
		if risk := a.Option.Risk(a.Now()); risk != "" {
			b.out.Risks = append(b.out.Risks, c.Component.Name+" in "+region+": "+risk)
		}
		if later := a.Nodes - a.Now(); later > 0 && a.Option.Kind != onDemand {
			from := a.Begins[0].Month
			if from == 0 {
				from = a.Begins[1].Month
			}
			x.Later = append(x.Later, Later{a.Option.Name, later, from, a.Begins[len(a.Begins)-1].Month})
		}
	}
	if x.Mix == "" && len(m.Unpriced) > 0 && !slices.Contains(b.unpriced, c.Component.Label()) {
		b.unpriced = append(b.unpriced, c.Component.Label())
	}
	b.out.Pools = append(b.out.Pools, x)
	for _, o := range m.Unpriced {
		text := fmt.Sprintf("%s: %s", o.Name, o.Missing)
		if !slices.Contains(b.out.Unpriced, text) {
			b.out.Unpriced = append(b.out.Unpriced, text)
		}
	}
}

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
func (b *buyer) outgrown(c *Choice, k *course) {
	if k.outgrown == 0 || !slices.ContainsFunc(b.out.Pools, func(p PoolBuying) bool {
		return p.Component == c.Component.Name && (p.Mix != "" || len(p.Later) > 0)
	}) {
		return
	}
	b.out.Risks = append(b.out.Risks, fmt.Sprintf("%s: in %s no number of %s carries it; a commitment for longer pays only if it can then be used for other sizes of %s",
		c.Component.Name, counted(k.outgrown, "month"), c.Layout.Type.Name, c.Layout.Type.Family))
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
	for _, c := range b.r.Choices {
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
			return nil, diag.Problem{Pos: diag.Pos{File: "--commit", Line: 1, Col: c.Column}, Summary: fmt.Sprintf("no component with nodes is called %q", c.Pool),
				Hint: nearestName(c.Pool, b.withNodes())}
		}
	}
	s, first := &b.total, b.total.First()
	out := &b.out
	out.OnDemand, out.Effective, out.Upfront, out.Uncovered = first.OnDemand, first.Effective, first.Upfront, first.Uncovered
	out.BreakEven, out.Horizon = s.BreakEven(), len(s.Months)
	out.PV, out.PVOnDemand, out.Residual = s.PV, s.PVOnDemand, s.Residual
	out.Coverage, out.Utilisation = s.Coverage(), s.Utilisation()
	out.AtRisk, out.Months = falls(s.AtRisk), s.Months
	for _, list := range []*[]string{&out.Unpriced, &out.Risks} {
		if *list == nil {
			*list = []string{}
		}
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
