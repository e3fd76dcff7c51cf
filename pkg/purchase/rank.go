package purchase

import (
	"math"
)

// Committed is the least effective price, in USD an hour, of the commitments
// that the constraints allow; false where none of them has a price.
func (c *Constraints) Committed(opts []Option) (hourly float64, ok bool) {
	for i := range opts {
		o := &opts[i]
		if !o.Missing.IsZero() || !o.Committed() || !c.Asks(o) {
			continue
		}
		if e := o.Effective(); !ok || e < hourly {
			hourly, ok = e, true
		}
	}
	return hourly, ok
}

// Classes of options.
const (
	byDemand = iota
	committed
	bySpot
	classes
)

func (o *Option) class() int {
	switch {
	case o.Committed():
		return committed
	case o.Kind == Spot:
		return bySpot
	}
	return byDemand
}

// Rates are what a node of one type costs in each class of options, for ranking
// machines by their mix without working out its months: the cheapest option
// that is allowed, as the even monthly payment of the same present value.
type Rates struct {
	constraints Constraints
	use         [classes]float64 // USD an hour of use; +Inf where there is none
	fee, hourly float64          // USD a month under the cheapest commitment; +Inf without any
}

// NewRates makes the rates of a type out of its options. ok is false where it
// has no price on demand.
func NewRates(opts []Option, c Constraints, b Basis, interruptible bool) (r Rates, ok bool, err error) {
	if b, err = b.filled(); err != nil {
		return r, false, err
	}
	r = Rates{constraints: c, fee: math.Inf(1), hourly: math.Inf(1)}
	for k := range r.use {
		r.use[k] = math.Inf(1)
	}
	d := newDiscounts(b.Horizon, longest(opts), b.DiscountRate)
	p := Lot{Interruptible: interruptible}
	for i := range opts {
		o := &opts[i]
		if !c.allows(&p, o) {
			continue
		}
		if k := o.class(); k != committed {
			r.use[k] = math.Min(r.use[k], o.Effective())
			continue
		}
		hourly := float64(o.Hourly.Float64() * HoursPerMonth)
		if even := d.even(o); !r.Committable() || even < r.fee+r.hourly {
			r.fee, r.hourly = even-hourly, hourly
		}
	}
	return r, !math.IsInf(r.use[byDemand], 1), nil
}

// Committable tells whether a commitment that is allowed has a price.
func (r *Rates) Committable() bool { return !math.IsInf(r.hourly, 1) }

// Spottable tells whether spot is allowed and has a price.
func (r *Rates) Spottable() bool { return !math.IsInf(r.use[bySpot], 1) }

// Least is a lower bound on what a node costs a month for each part of the hours
// in which it runs: the cheapest way for one that always does, in USD. A
// commitment costs a node that runs less all the more.
func (r *Rates) Least(hours, whole float64) float64 {
	least := math.Min(r.use[byDemand], r.use[bySpot]) * hours
	return math.Min(least, r.fee+r.hourly*whole/HoursPerMonth)
}

// Monthly is what a pool's best mix costs a month in USD, of its first month
// alone; hours are those of the month in which it may run, whole those of a
// month under commitment. ok is false where no mix keeps the constraints.
func (r *Rates) Monthly(p Lot, hours, whole float64) (usd float64, ok bool) {
	s := solver{pool: &p, limits: []limits{r.constraints.limits(&p, 0)}}
	s.discounts = discounts{horizon: 1, sum: []float64{0, 1}}
	s.demand, s.spot = float64(r.use[byDemand]*hours), float64(r.use[bySpot]*hours)
	s.types = max(1, r.constraints.SpotTypes)
	s.spotOption = none
	if r.Spottable() {
		s.spotOption = bySpot
	}
	if r.Committable() {
		s.terms = []evenTerm{{option: committed, months: 1, even: r.fee + r.hourly*whole/HoursPerMonth}}
		s.even = []float64{committed: s.terms[0].even}
	}
	s.settle(float64(r.constraints.MinSpotSaving))
	runs, _, ok := s.best()
	if !ok {
		return 0, false
	}
	return s.value(runs), true
}
