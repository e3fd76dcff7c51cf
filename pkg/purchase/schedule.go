package purchase

import (
	"headroom/pkg/catalog"
	"headroom/pkg/money"
)

// schedule adds up, month by month, what the slots of one option cost. Hourly
// charges are exact and rounded cumulatively, so that the months sum to the
// rounded whole; fees are rounded when they are paid and spread over the
// months of their term in the same way.
type schedule struct {
	option  *Option
	basis   Basis
	nodes   int
	running []float64 // node-months used, by month
	active  []int     // nodes under commitment, by month
	bought  []int     // commitments that begin, by month
}

func newSchedule(o *Option, b Basis) *schedule {
	return &schedule{option: o, basis: b, running: make([]float64, b.Horizon), active: make([]int, b.Horizon),
		bought: make([]int, b.Horizon)}
}

// add puts n slots of a group under the option.
func (s *schedule) add(g *dutyGroup, n int) {
	s.nodes += n
	for m := g.start; m <= g.last; m++ {
		s.running[m] += float64(float64(n) * g.duty[m])
	}
	if !s.option.Committed() {
		return
	}
	for _, t := range g.terms(s.option, s.basis.Horizon) {
		s.bought[t.begin] += n
		for m := t.begin; m < t.begin+t.inside; m++ {
			s.active[m] += n
		}
	}
}

// nodes is how many node-months a month bills.
func (s *schedule) billed(m int) (money.Quantity, error) {
	if s.option.Committed() {
		return money.Int(int64(s.active[m])), nil
	}
	return money.Float(s.running[m] * s.option.Rework)
}

// result is what a schedule adds up to: amounts by month of the horizon, and
// what is to be paid, or was paid, for months after it.
type result struct {
	upfront, hourly, effective []money.Amount
	residual                   money.Amount
}

func (s *schedule) result() (*result, error) {
	h := s.basis.Horizon
	r := &result{upfront: make([]money.Amount, h), hourly: make([]money.Amount, h), effective: make([]money.Amount, h)}
	month := s.option.Hourly.PerMonth(s.basis.Hours)
	var exact, billed money.Amount
	for m := range h {
		q, err := s.billed(m)
		if err != nil {
			return nil, err
		}
		exact = exact.Plus(month.Times(q))
		now := exact.Cents()
		r.hourly[m] = now.Minus(billed)
		r.effective[m] = r.hourly[m]
		billed = now
	}
	if !s.option.Committed() {
		return r, nil
	}
	months := s.option.months()
	var hours money.Amount // hourly charges after the horizon
	for begin, n := range s.bought {
		if n == 0 {
			continue
		}
		paid := s.option.Fee.Times(money.Int(int64(n))).Cents()
		fee, err := cents(paid)
		if err != nil {
			return nil, err
		}
		r.upfront[begin] = paid
		inside := min(months, h-begin)
		for k := range inside {
			part := share(fee, k+1, months) - share(fee, k, months)
			r.effective[begin+k] = r.effective[begin+k].Plus(fromCents(part))
		}
		r.residual = r.residual.Plus(fromCents(fee - share(fee, inside, months)))
		hours = hours.Plus(month.Times(money.Int(int64(n * (months - inside)))))
	}
	r.residual = r.residual.Plus(hours.Cents())
	return r, nil
}

// effectiveMonth is what a committed node costs a month in USD, for ranking
// and for shares of it.
func (s *schedule) effectiveMonth() float64 {
	o := s.option
	fee := o.Fee.Float64() / float64(o.Years*catalog.HoursPerYear) * HoursPerMonth
	return fee + float64(o.Hourly.Float64()*s.basis.Hours.Float64())
}
