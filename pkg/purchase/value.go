package purchase

import (
	"headroom/pkg/portable"
	"headroom/pkg/unit"
)

// DefaultHorizon is the common horizon of comparisons in months (docs/model.md
// section 7): both terms end in it.
const DefaultHorizon = 36

// maxHorizon bounds the horizon, as profiles do.
const maxHorizon = 120

// discounts are present-value factors by month. A fee is paid at the beginning
// of its month, hourly charges at its end, when they are billed. The yearly
// rate r compounds: a month is (1+r)^(-1/12). They go on after the horizon as
// long as a term may.
type discounts struct {
	horizon int
	sum     []float64 // sum[m] is of the ends of the months before m
}

// newDiscounts makes the factors of a horizon and of so many months after it.
func newDiscounts(horizon, after int, rate unit.Fraction) discounts {
	d := discounts{horizon: horizon, sum: make([]float64, horizon+after+1)}
	for m := range horizon + after {
		d.sum[m+1] = d.sum[m] + portable.Pow(1+float64(rate), -float64(m+1)/12)
	}
	return d
}

// between is what a dollar at the end of every month of [from, to) is worth.
func (d *discounts) between(from, to int) float64 { return d.sum[to] - d.sum[from] }

// even is the even monthly payment in USD with the present value of a
// commitment: what each month of its term counts for, whenever the term begins.
func (d *discounts) even(o *Option) float64 {
	return o.Fee.Float64()/d.between(0, o.months()) + float64(o.Hourly.Float64()*HoursPerMonth)
}
