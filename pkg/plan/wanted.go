package plan

import (
	"fmt"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/purchase"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// onDemand is the option without any commitment.
const onDemand = "on-demand"

// wanted ranks a component's machines at the wanted purchase: every pool at the
// cheapest mix of the month at hand.
type wanted struct {
	c      *workload.Component
	spec   workload.Purchase
	limits purchase.Constraints
	basis  purchase.Basis
	term   bool                   // one certain option is wanted, which a machine must have
	rates  map[rateKey]wantedRate // shared by all components that buy alike
}

// What a layout that would do cannot be bought for.
const (
	purchaseTerm   = "purchase term"
	purchaseBounds = "purchase bounds"
)

type rateKey struct {
	region int
	typ    string
}

type wantedRate struct {
	purchase.Rates
	ok bool // whether there is a price on demand
}

// wantedOf prepares the ranking of a component's machines at the wanted
// purchase; nil where that is on demand at the prices of the tables.
func (s *search) wantedOf(c *workload.Component) (*wanted, error) {
	spec := s.sys.Profile.PurchaseOf(c, s.purchase)
	if spec.Option == "" || spec.Option == onDemand {
		if !slices.ContainsFunc(spec.Rates, func(r workload.GivenRate) bool { return r.Option == onDemand }) {
			return nil, nil
		}
		// Bounds on commitments and spot say nothing where neither is bought.
		spec = workload.Purchase{Option: onDemand, Rates: spec.Rates}
	}
	limits, rate, err := purchase.FromProfile(&spec)
	if err != nil {
		return nil, err
	}
	w := &wanted{c: c, spec: spec, limits: limits, basis: purchase.Basis{DiscountRate: rate}}
	key := w.alike()
	if w.rates = s.rates[key]; w.rates == nil {
		w.rates = map[rateKey]wantedRate{}
		s.rates[key] = w.rates
	}
	w.term = spec.Option != "optimal" && spec.Option != onDemand &&
		(spec.Option != purchase.Spot || spec.MayBeReclaimed())
	return w, nil
}

// alike names all that the rates of a type depend on beside the tables.
func (w *wanted) alike() string {
	key := fmt.Sprint(w.limits, w.basis.DiscountRate, w.spec.MayBeReclaimed())
	for i := range w.spec.Rates {
		r := &w.spec.Rates[i]
		key += " " + r.Option + " " + r.Type + " " + r.Hourly.V.String()
		if r.Fee != nil {
			key += " " + r.Fee.V.String()
		}
	}
	if w.limits.SpotTypes > 1 && w.c.Allow != nil { // which types may take each other's place
		key += fmt.Sprintf(" %+v", *w.c.Allow)
	}
	return key
}

// rank replaces the on-demand cost of a layout's nodes by that of the wanted
// purchase. It is a rejection where the wanted term has no price: such a type
// is listed, not ranked.
func (s *search) rank(w *wanted, k *candidate, x *scored) *sizing.Rejection {
	l := x.layout
	for i := range l.Pools {
		p := &l.Pools[i]
		t := l.TypeOf(p)
		if s.byTheMonth(p.Region, t) {
			continue
		}
		r, err := s.rate(w, p.Region, t)
		if err != nil || !r.ok || w.term && !r.Committable() && !r.Spottable() {
			return &sizing.Rejection{Type: t, Storage: l.Storage, Resource: purchaseTerm,
				Why: remark.New("purchase.no_price", "option", w.spec.Option, "in", s.tables.Regions[p.Region].Name())}
		}
		pool := purchase.Lot{Slots: purchase.SlotsOf(1, p), Interruptible: r.Spottable()}
		if pool.Interruptible {
			zones := int(s.sys.Profile.Regions[p.Region].Zones.V)
			pool.MaxSpot = []int{purchase.MaxSpot(p.Max, NodesLeft(l, p), max(1, w.limits.SpotTypes), zones)}
		}
		usd, ok := r.Monthly(pool, s.hours, s.whole)
		if !ok {
			return &sizing.Rejection{Type: t, Storage: l.Storage, Resource: purchaseBounds,
				Why: remark.New("purchase.no_mix", "nodes", p.Max)}
		}
		more := usd - float64(p.Mean*s.nodeMonth(k, p))
		x.cost.dollars += more
		if s.weights.outside(t, l.Storage) {
			x.cost.special += more
		}
	}
	return nil
}

// byTheMonth tells whether a machine is paid for by the month in a region: there is no other
// way to pay for it.
func (s *search) byTheMonth(region int, t *catalog.NodeType) bool {
	price, ok := s.tables.Market.Of(t).Price(region)
	return ok && price.Monthly
}

// rate is what a type costs in a region, by class of option.
func (s *search) rate(w *wanted, region int, t *catalog.NodeType) (wantedRate, error) {
	key := rateKey{region, t.Name}
	if r, ok := w.rates[key]; ok {
		return r, nil
	}
	types := s.alike(s.tables.Market.Of(t), w.c.Allow, w.limits.SpotTypes)
	options, err := w.limits.Allowed(region, types, purchase.GivenFor(&w.spec, t.Name),
		w.spec.MayBeReclaimed())
	if err != nil {
		return wantedRate{}, err
	}
	var r wantedRate
	if r.Rates, r.ok, err = purchase.NewRates(options, w.limits, w.basis, w.spec.MayBeReclaimed()); err != nil {
		return r, err
	}
	w.rates[key] = r
	return r, nil
}

// NodesLeft is how many nodes carry the pool's own load at the degraded target:
// what must remain when spot is reclaimed. Where the kind does not say, all of
// them.
func NodesLeft(l *sizing.Layout, pool *sizing.Pool) int {
	described := *l // which may still be one of many, most of which nobody describes
	described.Detail()
	n := 0
	for _, x := range described.Limits {
		switch {
		case x.Region != pool.Region || x.Role != pool.Role:
		case x.Left > 0:
			n = max(n, x.Left)
		case x.State == capacity.NodeLost:
			n = max(n, x.Nodes-1)
		}
	}
	if n == 0 {
		return pool.Max
	}
	return min(n, pool.Max)
}
