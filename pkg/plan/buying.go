package plan

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// Buying is how the nodes of an estimate are bought when not all of them are
// on demand (docs/model.md section 7). Amounts are of the first month unless they
// say otherwise.
type Buying struct {
	OnDemand    money.Amount  `json:"on_demand"`  // the same nodes, all on demand
	Effective   money.Amount  `json:"effective"`  // as bought, fees spread over their terms
	Upfront     money.Amount  `json:"upfront"`    // paid at the beginning
	Uncovered   money.Amount  `json:"uncovered"`  // of Effective, at the on-demand price
	BreakEven   int           `json:"break_even"` // month at whose end it has cost no more than on demand; 0 is none
	Horizon     int           `json:"horizon"`    // months
	PV          money.Amount  `json:"pv"`         // present value over the horizon
	PVOnDemand  money.Amount  `json:"pv_on_demand"`
	Residual    money.Amount  `json:"residual"`    // for commitments beyond the horizon
	Coverage    float64       `json:"coverage"`    // part of the node hours, without spot, under commitment
	Utilisation float64       `json:"utilisation"` // part of the commitments that is used
	AtRisk      []RiskFall    `json:"at_risk"`
	Pools       []PoolBuying  `json:"pools"`
	Unpriced    []string      `json:"unpriced"`          // terms that were allowed but have no price
	Risks       []string      `json:"risks"`             // of spot
	Optimum     *money.Amount `json:"optimum,omitempty"` // effective cost of the best mix, where the user's own is billed
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
	Mix       string       `json:"mix"` // "2×reserved-3y-all, 1×on-demand"
	OnDemand  money.Amount `json:"on_demand"`
	Effective money.Amount `json:"effective"`
	Upfront   money.Amount `json:"upfront"`
}

// buyer finds the mix of every pool.
type buyer struct {
	r       *Result
	pr      *pricer
	mode    string // of the command line; "" leaves it to the profile
	commits []purchase.Commit
	total   purchase.Summary
	best    purchase.Summary // where the user's own commitments are billed
	out     Buying
	used    map[string]bool // pools that --commit named
}

// buys tells whether anything but on demand is wanted, by the options or by the
// profile.
func buys(p *workload.Profile, o Options) bool {
	if partTime(p) {
		return false
	}
	wants := func(s *workload.Purchase) bool { return s != nil && s.Option != "" && s.Option != onDemand }
	if len(o.Commit) > 0 || o.Purchase != "" {
		return len(o.Commit) > 0 || o.Purchase != onDemand
	}
	return wants(&p.Purchase) || slices.ContainsFunc(p.Components, func(e strict.Entry[*workload.Component]) bool { return wants(e.V.Purchase) })
}

// partTime tells an environment that does not run all week. Commitments are
// paid in all hours, and its month has fewer: it stays on demand.
func partTime(p *workload.Profile) bool { return p.Scheduled > 0 && p.Scheduled < 1 }

// purchaseOf is a component's purchase: its own, else the profile's; the option of the
// command line replaces theirs and keeps their limits.
func purchaseOf(p *workload.Profile, c *workload.Component, mode string) workload.Purchase {
	s := p.Purchase
	if c.Purchase != nil {
		s = *c.Purchase
		if s.Option == "" {
			s.Option = p.Purchase.Option
		}
	}
	if mode != "" {
		s.Option = mode
	}
	return s
}

func interruptible(s *workload.Purchase) bool { return s.Interruptible != nil && s.Interruptible.V }

// pool buys one pool of a choice. ok is false where everything is on demand.
func (b *buyer) pool(c *Choice, i int, part *Part) (*purchase.Mix, error) {
	pool := &c.Layout.Pools[i]
	spec := purchaseOf(b.r.Profile, c.Component, b.mode)
	if len(b.commits) > 0 && (spec.Option == "" || spec.Option == onDemand) {
		spec.Option = "optimal" // what the user's own is held against
	}
	limits, rate, err := purchase.FromProfile(&spec)
	if err != nil {
		return nil, err
	}
	reg := b.pr.regions[pool.Region]
	types := b.spread(c, limits.SpotTypes)
	options, err := purchase.Options(reg, types, limits.SpotTypes, rates(&spec, c.Layout.Type.Name))
	if err != nil {
		return nil, err
	}
	p := purchase.Pool{Name: c.Component.Name, Slots: slots(pool), Interruptible: interruptible(&spec)}
	if p.Interruptible {
		zones := int(b.r.Profile.Regions[pool.Region].Zones.V)
		p.MaxSpot = purchase.MaxSpot(pool.Max, left(c, pool), max(1, limits.SpotTypes), zones)
	}
	basis := purchase.Basis{Hours: b.pr.hours, DiscountRate: rate}
	mix, err := purchase.Best(p, options, limits, basis)
	if err != nil {
		return nil, named(c, err)
	}
	if len(b.commits) > 0 {
		b.best = b.best.Plus(mix.Summary)
		b.used[c.Component.Name] = true
		if mix, err = purchase.Price(p, options, b.commits, limits, basis); err != nil {
			return nil, err
		}
	}
	b.note(c, pool, part, mix)
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

// slots are the nodes of a pool with the part of the hours in which each is
// needed.
func slots(p *sizing.Pool) []purchase.Slot {
	if counts := purchase.Counts(*p); counts != nil {
		return purchase.Slots(1, counts)
	}
	return purchase.Between(1, p.Min, p.Max, p.Mean)
}

// left is how many nodes carry the pool's own load at the degraded target: what
// must remain when spot is reclaimed.
func left(c *Choice, pool *sizing.Pool) int {
	n := 1
	for _, l := range c.Layout.Limits {
		if l.Region != pool.Region || l.Role != pool.Role || l.State != sizing.StateNode {
			continue
		}
		n = max(n, l.Nodes-1)
	}
	return min(n, pool.Max)
}

// spread lists the type and, where spot must be spread over several, those that
// take its place node for node: as many vCPUs, as much memory, as fast.
func (b *buyer) spread(c *Choice, types int) []string {
	t := c.Layout.Type
	out := []string{t.Name}
	if types <= 1 || b.r.System == nil {
		return out
	}
	for i := range b.r.sizer.types {
		x := &b.r.sizer.types[i]
		if x.Name == t.Name || x.VCPU != t.VCPU || x.Memory < t.Memory || !b.r.sizer.allowed(x, c.Component.Allow) {
			continue
		}
		if s, err := b.r.System.Speeds.Speed(x, catalog.ClassGeneric, t); err == nil && s.PerVCPU >= 1 {
			out = append(out, x.Name)
		}
	}
	return out
}

// rates are the prices that the profile gives for options of a type.
func rates(s *workload.Purchase, typ string) []purchase.Given {
	var out []purchase.Given
	for i := range s.Rates {
		r := &s.Rates[i]
		if r.Type != "" && r.Type != typ {
			continue
		}
		g := purchase.Given{Name: r.Option, Hourly: r.Hourly.V.Rate, Source: r.Source}
		if r.Fee != nil {
			g.Fee = r.Fee.V.Amount
		}
		out = append(out, g)
	}
	return out
}

// note adds a pool's mix to the totals.
func (b *buyer) note(c *Choice, pool *sizing.Pool, part *Part, m *purchase.Mix) {
	first := m.First()
	b.total = b.total.Plus(m.Summary)
	region := b.pr.regions[pool.Region].Name()
	b.out.Pools = append(b.out.Pools, PoolBuying{Component: c.Component.Name, Region: region, Role: pool.Role, Machine: part.Machine,
		Mix: strings.ReplaceAll(m.String(), c.Component.Name+"=", ""), OnDemand: first.OnDemand, Effective: first.Effective, Upfront: first.Upfront})
	for _, o := range m.Unpriced {
		text := fmt.Sprintf("%s: %s", o.Name, o.Missing)
		if !slices.Contains(b.out.Unpriced, text) {
			b.out.Unpriced = append(b.out.Unpriced, text)
		}
	}
	for i := range m.Allocations {
		if risk := m.Allocations[i].Option.Risk(m.Allocations[i].Nodes); risk != "" {
			b.out.Risks = append(b.out.Risks, c.Component.Name+" in "+region+": "+risk)
		}
	}
}

// finish sums up.
func (b *buyer) finish() (*Buying, error) {
	for _, c := range b.commits {
		if !b.used[c.Pool] {
			return nil, diag.Problem{Pos: diag.Pos{File: "--commit", Line: 1, Col: c.Column}, Summary: fmt.Sprintf("no component with nodes is called %q", c.Pool),
				Hint: "components: " + strings.Join(b.r.Profile.ComponentNames(), ", ")}
		}
	}
	s, first := &b.total, b.total.First()
	out := &b.out
	out.OnDemand, out.Effective, out.Upfront, out.Uncovered = first.OnDemand, first.Effective, first.Upfront, first.Uncovered
	out.BreakEven, out.Horizon = s.BreakEven(), len(s.Months)
	out.PV, out.PVOnDemand, out.Residual = s.PV, s.PVOnDemand, s.Residual
	out.Coverage, out.Utilisation = s.Coverage(), s.Utilisation()
	out.AtRisk = []RiskFall{}
	for _, x := range s.AtRisk {
		out.AtRisk = append(out.AtRisk, RiskFall{x.Fall, x.Monthly})
	}
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

// lines are a pool's lines of the bill: one for each way in which its nodes are
// bought, and one for the month's share of upfront fees.
func (b *buyer) lines(c *Choice, i int, part *Part) ([]Line, error) {
	mix, err := b.pool(c, i, part)
	if err != nil {
		return nil, err
	}
	base, ok := b.pr.nodes(part, part.Pools[i], c.Layout.Pools[i].Region)
	if !ok {
		return nil, nil
	}
	var out []Line
	for k := range mix.Allocations {
		a := &mix.Allocations[k]
		o := &a.Option
		l := base
		l.Term, l.AsOf, l.Source, l.PriceNote = o.Name, o.AsOf, o.Source, o.Note
		rate, nodes := o.Hourly, money.Int(int64(a.Nodes))
		l.HourPrice = &rate
		l.Price = o.Hourly.PerMonth(b.pr.hours)
		l.Min, l.Quantity, l.Max = nodes, nodes, nodes
		if !o.Committed() {
			l.Min, l.Quantity = always(a, c.Layout.Pools[i].Min), a.Running
			if o.Rework > 1 {
				f, err := money.Float(o.Rework)
				if err != nil {
					return nil, err
				}
				l.Price = l.Price.Scale(f)
			}
		}
		l.Cost = Cost{Expected: money.NewLine(l.Quantity, l.Price).Total, Min: money.NewLine(l.Min, l.Price).Total, Max: money.NewLine(l.Max, l.Price).Total}
		if !l.Price.IsZero() {
			out = append(out, l)
		}
		if !o.Fee.IsZero() {
			fee, err := feeLine(l, a)
			if err != nil {
				return nil, err
			}
			out = append(out, fee)
		}
	}
	return out, nil
}

// always is how many nodes of an allocation run in every hour: those among the
// pool's first so many.
func always(a *purchase.Allocation, least int) money.Quantity {
	n := 0
	for _, s := range a.Slots {
		n += max(0, min(s.To, least)-s.From+1)
	}
	return money.Int(int64(n))
}

// feeLine is the month's share of an allocation's upfront fees.
func feeLine(l Line, a *purchase.Allocation) (Line, error) {
	share := a.Monthly.Minus(l.Cost.Expected)
	price, err := money.ParseRate(share.String())
	if err != nil {
		return l, fmt.Errorf("%s: share of the upfront fee: %w", l.Component, err)
	}
	one := money.Int(1)
	l.Unit, l.HourPrice, l.Price = "upfront share", nil, price
	l.Min, l.Quantity, l.Max = one, one, one
	l.Item += " upfront"
	l.Cost = Cost{share, share, share}
	return l, nil
}

// reservable is what the same nodes would come to with those that always run
// reserved for a year: the question that follows every bill on demand.
func (r *Result) reservable(e *Estimate, pr *pricer) (Fact, bool) {
	if partTime(r.Profile) {
		return Fact{"Bought", fmt.Sprintf("on demand: it runs %.0f %% of the week, and commitments are paid all week", 100*r.Profile.Scheduled)}, true
	}
	const mode = "reserved-1y-none"
	b := &buyer{r: r, pr: pr, mode: mode, used: map[string]bool{}}
	for i, c := range r.Choices {
		if c.Layout.Type == nil {
			continue
		}
		for k := range c.Layout.Pools {
			if _, err := b.pool(c, k, &e.Parts[i]); err != nil {
				return Fact{}, false
			}
		}
	}
	first := b.total.First()
	saved := first.OnDemand.Minus(first.Effective)
	if saved.Cmp(money.Amount{}) <= 0 || e.Total.Expected.IsZero() {
		return Fact{}, false
	}
	total := e.Total.Expected.Minus(saved).Cents()
	return Fact{"Reserved 1y", fmt.Sprintf("%s with the base reserved for a year (−%.1f %%), $0 upfront; --purchase optimal finds the best mix",
		grouped(total), 100*saved.Float64()/e.Total.Expected.Float64())}, true
}

// grouped prints an amount with thousands separators.
func grouped(a money.Amount) string {
	whole, cents, _ := strings.Cut(a.String(), ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return "$" + whole + "." + cents
}

// buyingFacts are the closing lines about the mix.
func (e *Estimate) buyingFacts() {
	b := e.Buying
	if b == nil {
		return
	}
	saved := b.OnDemand.Minus(b.Effective)
	text := fmt.Sprintf("nodes %s instead of %s on demand", grouped(b.Effective.Cents()), grouped(b.OnDemand.Cents()))
	if od := b.OnDemand.Float64(); od > 0 {
		text += fmt.Sprintf(" (%+.1f %%)", -100*saved.Float64()/od)
	}
	text += fmt.Sprintf("; %s upfront", grouped(b.Upfront.Cents()))
	if !b.Upfront.IsZero() && b.BreakEven > 0 {
		text += fmt.Sprintf(", even in month %d", b.BreakEven)
	}
	text += fmt.Sprintf("; coverage %.0f %%, utilisation %.0f %%, %s uncovered", 100*b.Coverage, 100*b.Utilisation, grouped(b.Uncovered.Cents()))
	e.Facts = append(e.Facts, Fact{"Bought", text})
	text = fmt.Sprintf("present value over %d months %s instead of %s", b.Horizon, grouped(b.PV.Cents()), grouped(b.PVOnDemand.Cents()))
	if !b.Residual.IsZero() {
		text += fmt.Sprintf("; %s for commitments beyond", grouped(b.Residual.Cents()))
	}
	e.Facts = append(e.Facts, Fact{"Over time", text})
	var falls []string
	for _, x := range b.AtRisk {
		if !x.Monthly.IsZero() {
			falls = append(falls, fmt.Sprintf("%s if demand falls %.0f %%", grouped(x.Monthly.Cents()), 100*x.Fall))
		}
	}
	if len(falls) > 0 {
		e.Facts = append(e.Facts, Fact{"At risk", "commitments for nothing, a month: " + strings.Join(falls, ", ")})
	}
	if b.Optimum != nil {
		e.Facts = append(e.Facts, Fact{"Optimum", fmt.Sprintf("the best mix would come to %s a month", grouped(b.Optimum.Cents()))})
	}
	for _, r := range b.Risks {
		e.Facts = append(e.Facts, Fact{"Spot", r})
	}
	if n := len(b.Unpriced); n > 0 {
		e.Facts = append(e.Facts, Fact{"No price", fmt.Sprintf("for %d terms, such as %s", n, b.Unpriced[0])})
	}
}

// wantedOf prepares the ranking of a component's machines at the wanted
// purchase; nil where that is on demand.
func (s *sizer) wantedOf(c *workload.Component) (*wanted, error) {
	if !s.buys {
		return nil, nil
	}
	spec := purchaseOf(s.sys.Profile, c, s.mode)
	limits, _, err := purchase.FromProfile(&spec)
	if err != nil {
		return nil, err
	}
	w := &wanted{limits: limits, spec: spec, prices: map[string]wantedPrice{}}
	w.term = spec.Option != "" && spec.Option != onDemand && spec.Option != "optimal" && spec.Option != purchase.Spot
	return w, nil
}

// rank replaces the on-demand cost of a layout's nodes by that of the wanted
// purchase. It is a rejection where the wanted term has no price: such a type
// is listed, not ranked.
func (s *sizer) rank(w *wanted, k *candidate, l *sizing.Layout, x *cost) *sizing.Rejection {
	for i := range l.Pools {
		p := &l.Pools[i]
		price, err := w.price(s.pr.regions[p.Region], k.t.Name)
		if err != nil || w.term && !price.committable {
			return &sizing.Rejection{Type: k.t, Storage: l.Storage, Resource: "purchase term",
				Detail: fmt.Sprintf("%s has no price in this vintage (%s)", w.spec.Option, s.pr.regions[p.Region].Name())}
		}
		x.dollars += w.pool(p, price, s.hours) - p.Mean*k.price[p.Region]
	}
	return nil
}

// price is a type's price on demand and under the cheapest allowed commitment.
func (w *wanted) price(r *catalog.Region, typ string) (wantedPrice, error) {
	key := r.Name() + " " + typ
	if p, ok := w.prices[key]; ok {
		return p, nil
	}
	options, err := purchase.Options(r, []string{typ}, 1, rates(&w.spec, typ))
	if err != nil {
		return wantedPrice{}, err
	}
	var p wantedPrice
	for i := range options {
		if options[i].Name == onDemand {
			p.demand = options[i].Effective()
		}
	}
	p.committed, p.committable = w.limits.Committed(options)
	w.prices[key] = p
	return p, nil
}

// wanted ranks machines at the wanted purchase: every slot at its cheapest,
// within the greatest share of commitments. Spot, whose share depends on what
// must remain when it is reclaimed, ranks as on demand.
type wanted struct {
	limits purchase.Constraints
	spec   workload.Purchase
	term   bool                   // one certain term is wanted
	prices map[string]wantedPrice // by region and type
}

type wantedPrice struct {
	demand      float64 // USD an hour on demand
	committed   float64 // effective USD an hour
	committable bool    // whether a commitment has a price
}

// pool is the cost of a pool for ranking, USD a month.
func (w *wanted) pool(p *sizing.Pool, price wantedPrice, hours float64) float64 {
	type slot struct{ demand, saving float64 }
	list := slots(p)
	costs := make([]slot, len(list))
	total := 0.0
	for k, s := range list {
		d := price.demand * s.Duty[0] * hours
		costs[k] = slot{d, d - price.committed*hours}
		total += d
	}
	// The most needed slots save most: they come first.
	most := int(math.Floor(float64(w.limits.MaxCommitted) * float64(len(list)) * (1 + 1e-9)))
	for k := 0; price.committable && k < most && k < len(costs) && costs[k].saving > 0; k++ {
		total -= costs[k].saving
	}
	return total
}
