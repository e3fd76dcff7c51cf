package purchase

import (
	"math"

	"headroom/pkg/unit"
)

// DefaultHorizon is the common horizon of comparisons in months (docs/model.md
// section 7): both terms end in it.
const DefaultHorizon = 36

// maxHorizon bounds the horizon, as profiles do.
const maxHorizon = 120

// discounts are present-value factors by month. A fee is paid at the beginning
// of its month, hourly charges at its end, when they are billed. The yearly
// rate r compounds: a month is (1+r)^(-1/12).
type discounts struct {
	begin []float64 // of month m
	sum   []float64 // sum[m] is of the ends of the months before m
	end   []float64
}

func newDiscounts(horizon int, rate unit.Fraction) discounts {
	d := discounts{begin: make([]float64, horizon), end: make([]float64, horizon), sum: make([]float64, horizon+1)}
	for m := range horizon {
		d.begin[m] = math.Pow(1+float64(rate), -float64(m)/12)
		d.end[m] = math.Pow(1+float64(rate), -float64(m+1)/12)
		d.sum[m+1] = d.sum[m] + d.end[m]
	}
	return d
}

// term is one purchase of a commitment: its first month and how many of its
// months lie within the horizon.
type term struct{ begin, inside int }

// terms are the purchases of a commitment for a slot: the first in the month
// in which it is first needed, renewed as long as it is needed again.
func (g *dutyGroup) terms(o *Option, horizon int) []term {
	var out []term
	for m := g.start; m <= g.last; m += o.months() {
		out = append(out, term{m, min(o.months(), horizon-m)})
	}
	return out
}

// presentValue is what one slot of the group costs in USD with the option over
// the horizon, discounted. Of a term that overruns the horizon, the months
// within count.
func (d *discounts) presentValue(g *dutyGroup, o *Option) float64 {
	hourly := o.Hourly.Float64() * o.Rework * HoursPerMonth
	if !o.Committed() {
		used := 0.0
		for m := g.start; m <= g.last; m++ {
			used += float64(g.duty[m] * d.end[m])
		}
		return float64(hourly * used)
	}
	fee := o.Fee.Float64()
	horizon, months := len(d.begin), o.months()
	total := 0.0
	for m := g.start; m <= g.last; m += months {
		inside := min(months, horizon-m)
		total += float64(fee * d.begin[m] * float64(inside) / float64(months))
		total += float64(hourly * (d.sum[m+inside] - d.sum[m]))
	}
	return total
}
