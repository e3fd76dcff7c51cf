package purchase

import (
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
)

// schedule adds up, month by month, what the nodes of one option cost. Hourly
// charges are exact and rounded cumulatively, so that the months sum to the
// rounded whole; fees are rounded when they are paid and spread over the
// months of their term in the same way.
type schedule struct {
	option  *Option
	basis   Basis
	running []float64 // node-months used, by month
	active  []int     // nodes under commitment, by month
	held    []held
}

// held is commitments of the same months.
type held struct {
	buy
	nodes int
}

func newSchedule(o *Option, b Basis) *schedule {
	return &schedule{option: o, basis: b, running: make([]float64, b.Horizon), active: make([]int, b.Horizon)}
}

// hold puts n nodes under a commitment.
func (s *schedule) hold(b buy, n int) {
	for m := b.month; m < min(b.month+b.months, s.basis.Horizon); m++ {
		s.active[m] += n
	}
	if i := slices.IndexFunc(s.held, func(h held) bool { return h.buy == b }); i >= 0 {
		s.held[i].nodes += n
		return
	}
	s.held = append(s.held, held{b, n})
}

// billed is how many node-months a month bills.
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

func (s *schedule) result() (*result, error) { return s.until(s.basis.Horizon) }

// until is result of the first so many months.
func (s *schedule) until(h int) (*result, error) {
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
	var hours money.Amount // hourly charges after the horizon
	for i := range s.held {
		x := &s.held[i]
		if err := r.spread(s.option, x); err != nil {
			return nil, err
		}
		hours = hours.Plus(month.Times(money.Int(int64(x.nodes * max(0, x.month+x.months-h)))))
	}
	r.residual = r.residual.Plus(hours.Cents())
	return r, nil
}

// spread adds the fee of commitments: paid when they begin, unless they are owned
// already, and spread over their whole term.
func (r *result) spread(o *Option, x *held) error {
	paid := o.Fee.Times(money.Int(int64(x.nodes))).Cents()
	fee, err := cents(paid)
	if err != nil {
		return err
	}
	term := o.months()
	past := term - x.months // of the term, before the first month
	if !x.owned && x.month < len(r.upfront) {
		r.upfront[x.month] = r.upfront[x.month].Plus(paid)
	}
	end := min(x.month+x.months, len(r.effective))
	for m := x.month; m < end; m++ {
		k := past + m - x.month
		r.effective[m] = r.effective[m].Plus(fromCents(share(fee, k+1, term) - share(fee, k, term)))
	}
	r.residual = r.residual.Plus(fromCents(fee - share(fee, past+end-x.month, term)))
	return nil
}

// effectiveMonth is what a committed node costs a month in USD, for ranking
// and for shares of it.
func (s *schedule) effectiveMonth() float64 {
	o := s.option
	fee := float64(o.Fee.Float64() / float64(o.Years*catalog.HoursPerYear) * HoursPerMonth)
	return fee + float64(o.Hourly.Float64()*s.basis.Hours.Float64())
}
