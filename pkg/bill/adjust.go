package bill

import (
	"fmt"
	"slices"

	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// adjustmentUnit marks what the lines of adjustments are: so many dollars × a
// part.
const adjustmentUnit = "USD"

// AdjustmentTerm is the term of lines on top of list prices: discounts, credits,
// mark-ups, taxes.
const AdjustmentTerm = "adjustment"

// share is the dollars of one service and category in one region that earlier
// layers have left, in whole cents: expected, least and most.
type share struct {
	region, category, service string
	left                      [3]money.Amount
}

// adjust applies the layers in order. Every layer is a line of its own in each
// region: the dollars that it concerns × its part. A layer sees what the ones
// before it have left, so that nothing is taken off, or taxed, twice.
func (e *Estimate) adjust(layers []workload.Adjustment) error {
	if len(layers) == 0 {
		return nil
	}
	shares := e.shares()
	for i := range layers {
		a := &layers[i]
		var credit [3]money.Amount
		if a.Kind == "credit" {
			for k := range credit {
				credit[k] = a.Amount.V.Amount
			}
		}
		for _, region := range e.Regions {
			line, err := applyAdjustment(a, shares, region, &credit)
			if err != nil {
				return err
			}
			if line != nil {
				e.Lines = append(e.Lines, *line)
			}
		}
	}
	return nil
}

// shares groups the lines of the bill.
func (e *Estimate) shares() []share {
	var out []share
	for _, l := range e.Lines {
		i := slices.IndexFunc(out, func(s share) bool {
			return s.region == l.Region && s.category == l.Category && s.service == l.Service
		})
		if i < 0 {
			out = append(out, share{region: l.Region, category: l.Category, service: l.Service})
			i = len(out) - 1
		}
		for k, x := range [3]money.Amount{l.Cost.Expected, l.Cost.Min, l.Cost.Max} {
			out[i].left[k] = out[i].left[k].Plus(x)
		}
	}
	return out
}

// concerned tells whether a layer is on the share's category or service.
func (s *share) concerned(a *workload.Adjustment) bool {
	return len(a.On) == 0 || slices.Contains(a.On, s.category) || slices.Contains(a.On, s.service)
}

// applyAdjustment is one layer in one region; nil where it concerns nothing.
func applyAdjustment(a *workload.Adjustment, shares []share, region string, credit *[3]money.Amount) (*Line, error) {
	var mine []*share
	var base [3]money.Amount
	for i := range shares {
		s := &shares[i]
		if s.region != region || !s.concerned(a) {
			continue
		}
		mine = append(mine, s)
		for k := range base {
			base[k] = base[k].Plus(s.left[k])
		}
	}
	if len(mine) == 0 || base[2].Cmp(money.Amount{}) <= 0 {
		return nil, nil
	}
	l := &Line{Region: region, System: a.Name, Kind: "adjustment", Category: "other", Item: a.Kind,
		Unit: adjustmentUnit, Term: AdjustmentTerm, About: aboutAdjustment(a)}
	part := money.RateOf(money.MustAmount("-1"))
	if a.Kind == "credit" {
		for k := range base {
			if base[k].Cmp(credit[k]) > 0 {
				base[k] = credit[k]
			}
			credit[k] = credit[k].Minus(base[k])
		}
		if base[2].IsZero() {
			return nil, nil
		}
	} else {
		q, err := money.Float(float64(a.Part.V))
		if err != nil {
			return nil, fmt.Errorf("adjustment %s: %w", a.Name, err)
		}
		part = money.RateOf(money.MustAmount("1").Times(q))
		if a.Kind == "discount" {
			part = money.RateOf(money.MustAmount("-1").Times(q))
		}
	}
	l.Price = part
	l.Quantity, l.Min, l.Max = money.QuantityOf(base[0]), money.QuantityOf(base[1]), money.QuantityOf(base[2])
	l.Cost = l.costAt(part)
	spread(mine, [3]money.Amount{l.Cost.Expected, l.Cost.Min, l.Cost.Max})
	return l, nil
}

// spread adds the cost of a layer's line, which is in whole cents, to the shares
// that it concerns, in proportion and to the cent. Unrounded parts would leave the
// layers that follow fractions of a cent that no line of the bill has: a credit
// would take off more than there is.
func spread(mine []*share, cost [3]money.Amount) {
	for k := range cost {
		weights := make([]float64, len(mine))
		for i, s := range mine {
			weights[i] = s.left[k].Float64()
		}
		for i, part := range cost[k].Split(weights) {
			mine[i].left[k] = mine[i].left[k].Plus(part)
		}
	}
}

// aboutAdjustment is what an adjustment takes, and of what: of all services where there
// are none.
func aboutAdjustment(a *workload.Adjustment) remark.Remark {
	if a.Kind == "credit" {
		return remark.New("adjustment.credit", "amount", a.Amount.V.String(), "on", a.On)
	}
	return remark.New("adjustment.part", "kind", a.Kind, "part", a.Part.V.String(), "on", a.On)
}
