package plan

import (
	"fmt"

	"headroom/pkg/catalog"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// wanted ranks a component's machines at the wanted purchase: every pool at the
// cheapest mix of the month at hand.
type wanted struct {
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
// purchase; nil where that is on demand.
func (s *sizer) wantedOf(c *workload.Component) (*wanted, error) {
	spec := purchaseOf(s.sys.Profile, c, s.mode)
	if !s.buys || spec.Option == "" || spec.Option == onDemand {
		return nil, nil
	}
	limits, rate, err := purchase.FromProfile(&spec)
	if err != nil {
		return nil, err
	}
	w := &wanted{spec: spec, limits: limits, basis: purchase.Basis{DiscountRate: rate}}
	key := w.alike(c.Allow)
	if w.rates = s.rates[key]; w.rates == nil {
		w.rates = map[rateKey]wantedRate{}
		s.rates[key] = w.rates
	}
	w.term = spec.Option != "optimal" && (spec.Option != purchase.Spot || interruptible(&spec))
	return w, nil
}

// alike names all that the rates of a type depend on beside the tables.
func (w *wanted) alike(allow *workload.Allow) string {
	key := fmt.Sprint(w.limits, w.basis.DiscountRate, interruptible(&w.spec))
	for i := range w.spec.Rates {
		r := &w.spec.Rates[i]
		key += " " + r.Option + " " + r.Type + " " + r.Hourly.V.String()
		if r.Fee != nil {
			key += " " + r.Fee.V.String()
		}
	}
	if w.limits.SpotTypes > 1 && allow != nil { // which types may take each other's place
		key += fmt.Sprintf(" %+v", *allow)
	}
	return key
}

// rank replaces the on-demand cost of a layout's nodes by that of the wanted
// purchase. It is a rejection where the wanted term has no price: such a type
// is listed, not ranked.
func (s *sizer) rank(c *workload.Component, w *wanted, k *candidate, l *sizing.Layout, x *cost) *sizing.Rejection {
	for i := range l.Pools {
		p := &l.Pools[i]
		r, err := s.rate(c, w, p.Region, k.t)
		if err != nil || !r.ok || w.term && !r.Committable() && !r.Spottable() {
			return &sizing.Rejection{Type: k.t, Storage: l.Storage, Resource: purchaseTerm,
				Detail: fmt.Sprintf("%s has no price in this vintage (%s)", w.spec.Option, s.pr.regions[p.Region].Name())}
		}
		pool := purchase.Pool{Slots: slotsOf(1, p), Interruptible: r.Spottable()}
		if pool.Interruptible {
			pool.MaxSpot = []int{purchase.MaxSpot(p.Max, left(l, p), max(1, w.limits.SpotTypes), int(s.sys.Profile.Regions[p.Region].Zones.V))}
		}
		usd, ok := r.Monthly(pool, s.hours, s.whole)
		if !ok {
			return &sizing.Rejection{Type: k.t, Storage: l.Storage, Resource: purchaseBounds,
				Detail: fmt.Sprintf("no mix of %d nodes keeps min_commitment, max_commitment and max_spot_share", p.Max)}
		}
		x.dollars += usd - p.Mean*k.price[p.Region]
	}
	return nil
}

// monthOf is a lower bound on what a node of a candidate costs a month in a
// region, at the wanted purchase.
func (s *sizer) monthOf(c *workload.Component, w *wanted) func(k *candidate, region int) float64 {
	if w == nil {
		return func(k *candidate, region int) float64 { return k.price[region] }
	}
	return func(k *candidate, region int) float64 {
		r, err := s.rate(c, w, region, k.t)
		if err != nil || !r.ok {
			return 0 // rank rejects it
		}
		return r.Least(s.hours, s.whole)
	}
}

// rate is what a type costs in a region, by class of option.
func (s *sizer) rate(c *workload.Component, w *wanted, region int, t *catalog.NodeType) (wantedRate, error) {
	key := rateKey{region, t.Name}
	if r, ok := w.rates[key]; ok {
		return r, nil
	}
	options, err := w.limits.Allowed(s.pr.regions[region], s.spread(t, c.Allow, w.limits.SpotTypes), rates(&w.spec, t.Name), interruptible(&w.spec))
	if err != nil {
		return wantedRate{}, err
	}
	var r wantedRate
	if r.Rates, r.ok, err = purchase.NewRates(options, w.limits, w.basis, interruptible(&w.spec)); err != nil {
		return r, err
	}
	w.rates[key] = r
	return r, nil
}
