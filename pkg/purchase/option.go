package purchase

import (
	"fmt"
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// HoursPerMonth is a twelfth of catalog.HoursPerYear.
const HoursPerMonth = catalog.HoursPerYear / 12

// The options that are not commitments, the mode in which any option may be taken, and
// the kinds of commitments, as profiles call them.
const (
	OnDemand    = workload.OnDemand
	Spot        = workload.Spot
	Optimal     = workload.Optimal
	Reserved    = workload.Reserved
	Convertible = workload.Convertible
	SavingsPlan = workload.SavingsPlan
	ComputePlan = workload.ComputePlan
)

// Option is one way to pay for a node of one type in one region.
type Option struct {
	Name    string       `json:"name"` // on-demand, spot, or kind-years-upfront such as reserved-1y-partial
	Kind    string       `json:"kind"` // on-demand, spot, reserved, convertible, sp-ec2, sp-compute
	Years   int          `json:"years,omitempty"`
	Upfront string       `json:"upfront,omitempty"` // none, partial, all; "" without commitment
	Fee     money.Amount `json:"fee"`               // USD, once a term
	Hourly  money.Rate   `json:"hourly"`            // USD per hour: of use, or of the term where there is a commitment
	// Rework is how much longer work takes because it is interrupted: 1 for all
	// but spot.
	Rework  float64       `json:"rework"`
	Missing remark.Remark `json:"missing,omitzero"` // why the option has no price; it is then never taken
	Assumed remark.Remark `json:"assumed,omitzero"` // what about the price is assumed
	AsOf    string        `json:"as_of,omitempty"`
	Source  string        `json:"source,omitempty"`
	Note    string        `json:"note,omitempty"`
	Spot    []SpotQuote   `json:"spot,omitempty"` // the types over which spot is spread
}

// Committed tells whether the option is paid whether used or not.
func (o *Option) Committed() bool { return o.Years > 0 }

// Reservation tells whether the option is a reserved instance, of which AWS sells an
// account so many a month.
func (o *Option) Reservation() bool { return o.Kind == Reserved || o.Kind == Convertible }

// months is the length of the term.
func (o *Option) months() int { return 12 * o.Years }

// Effective is what an hour costs with the fee spread over the term, in USD:
// fee/(8760·years) + hourly, for ranking and display.
func (o *Option) Effective() float64 {
	e := float64(o.Hourly.Float64() * o.Rework)
	if o.Committed() {
		e += o.Fee.Float64() / float64(o.Years*catalog.HoursPerYear)
	}
	return e
}

// BreakEven is the duty above which a commitment costs less than paying by use
// (on demand or spot): (fee/T + rate)/p (docs/model.md section 7). Above 1 it never
// does.
func (o *Option) BreakEven(byUse *Option) float64 {
	p := byUse.Effective()
	if p <= 0 {
		return math.Inf(1)
	}
	return o.Effective() / p
}

// maxPrice bounds prices and fees in USD, so that sums stay exact.
const maxPrice = 1e9

// check refuses what no arithmetic here is made for.
func (o *Option) check() error {
	switch {
	case !o.Missing.IsZero():
		return nil
	case o.Hourly.Float64() > maxPrice || o.Fee.Float64() > maxPrice:
		return fmt.Errorf("%s costs more than %s dollars: no node does", o.Name, unit.Decimals(maxPrice, 0))
	case o.Hourly.Float64() < 0 || o.Fee.Float64() < 0:
		return fmt.Errorf("%s has a negative price", o.Name)
	case o.Years < 0 || o.Years > 10:
		return fmt.Errorf("%s has a term of %d years; commitments last 1 or 3", o.Name, o.Years)
	case !(o.Rework >= 1 && o.Rework < 2):
		return fmt.Errorf("%s has a rework factor of %g; it is at least 1 and below 2", o.Name, o.Rework)
	}
	return nil
}
