package purchase

import (
	"headroom/pkg/money"
)

// Monthly is the part of a pool that is bought in one way, in one month.
type Monthly struct {
	Option  Option
	Slots   []Span       // the nodes
	Bought  int          // commitments that begin in the month, renewals among them
	Upfront money.Amount // fees that are paid at its beginning
	Fee     money.Amount // its share of fees
}

// Nodes is how many they are.
func (x *Monthly) Nodes() int {
	n := 0
	for _, s := range x.Slots {
		n += s.To - s.From + 1
	}
	return n
}

// BestByMonth is Best, and how the pool is bought in each month of the horizon.
func BestByMonth(p Lot, opts []Option, c Constraints, b Basis) (*Mix, [][]Monthly, error) {
	pr, runs, exact, err := solved(p, opts, c, b)
	if err != nil {
		return nil, nil, err
	}
	mix, err := pr.mix(runs, exact)
	if err != nil {
		return nil, nil, err
	}
	months, err := pr.monthly(runs)
	return mix, months, err
}

// monthly lists, month by month, what is bought in which way, in the order of the options.
func (pr *pricing) monthly(runs []run) ([][]Monthly, error) {
	out := make([][]Monthly, pr.horizon)
	by := pr.schedules(runs)
	for i, s := range by {
		if s == nil {
			continue
		}
		r, err := s.result()
		if err != nil {
			return nil, err
		}
		for m := range out {
			x := Monthly{Option: pr.options[i], Slots: pr.slots(runs, i, m)}
			if len(x.Slots) == 0 {
				continue
			}
			x.Upfront, x.Fee = r.upfront[m], r.effective[m].Minus(r.hourly[m])
			for _, h := range s.held {
				if h.month == m && !h.owned {
					x.Bought += h.nodes
				}
			}
			out[m] = append(out[m], x)
		}
	}
	return out, nil
}

// slots are the nodes that an option has in a month.
func (pr *pricing) slots(runs []run, option, month int) []Span {
	var a Allocation
	if pr.options[option].Committed() {
		for i := range runs {
			if r := &runs[i]; r.by[month] == option {
				a.span(r.from, r.to)
			}
		}
		return a.Slots
	}
	pr.byUse(runs, month, func(from, to, o int) {
		if o == option {
			a.span(from, to)
		}
	})
	return a.Slots
}
