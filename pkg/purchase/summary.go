package purchase

import (
	"slices"

	"headroom/pkg/money"
)

// Month is one month of the horizon in USD. Cash is Upfront + Hourly.
type Month struct {
	Upfront   money.Amount `json:"upfront"`   // fees paid at its beginning
	Hourly    money.Amount `json:"hourly"`    // hourly charges of commitments and of use
	Effective money.Amount `json:"effective"` // Hourly, and fees spread over their terms
	Uncovered money.Amount `json:"uncovered"` // of it at the on-demand price
	OnDemand  money.Amount `json:"on_demand"` // what all of it would cost on demand
	// Reservations are those that are bought at its beginning, renewals among them;
	// savings plans are none.
	Reservations int `json:"reservations,omitempty"`
	Spot         int `json:"spot,omitempty"` // nodes that are on spot at the peak
}

// AtRisk is what commitments cost for hours that nobody needs any more when
// demand falls.
type AtRisk struct {
	Fall    float64      `json:"fall"`    // part of the demand that goes: 0.10, 0.25, 0.50
	Monthly money.Amount `json:"monthly"` // mean over the horizon
}

// Falls are the parts of demand for which the risk is stated.
func Falls() []float64 { return []float64{0.10, 0.25, 0.50} }

// NodeMonths are nodes × months over the horizon.
type NodeMonths struct {
	Used          float64 `json:"used"`           // all that is needed
	Spot          float64 `json:"spot"`           // of it, on spot
	Committed     float64 `json:"committed"`      // under commitment, needed or not
	CommittedUsed float64 `json:"committed_used"` // of it, needed
}

// Plus adds.
func (n NodeMonths) Plus(o NodeMonths) NodeMonths {
	return NodeMonths{n.Used + o.Used, n.Spot + o.Spot, n.Committed + o.Committed, n.CommittedUsed + o.CommittedUsed}
}

// times is all of it at a price.
func (n NodeMonths) times(price float64) NodeMonths {
	return NodeMonths{float64(n.Used * price), float64(n.Spot * price),
		float64(n.Committed * price), float64(n.CommittedUsed * price)}
}

// Coverage is the part of what commitments could cover, all but spot, that they do
// cover.
func (n NodeMonths) Coverage() float64 {
	if all := n.Used - n.Spot; all > 0 {
		return n.CommittedUsed / all
	}
	return 0
}

// Summary is what one mix, or several together, come to over the horizon.
type Summary struct {
	Months []Month `json:"months"`
	// PV and PVOnDemand are present values over the horizon in USD: of the mix
	// and of the same nodes on demand. They are of real months (730 hours) and
	// leave out what commitments cost after the horizon, as far as use then pays for it.
	PV         money.Amount `json:"pv"`
	PVOnDemand money.Amount `json:"pv_on_demand"`
	// Residual is what is paid for commitments beyond the horizon.
	Residual money.Amount `json:"residual"`
	AtRisk   []AtRisk     `json:"at_risk"` // for each of Falls
	Use      NodeMonths   `json:"use"`
	Worth    NodeMonths   `json:"worth"` // the same in USD: each at its price on demand
}

// Plus adds the figures of two mixes over the same horizon.
func (s Summary) Plus(o Summary) Summary {
	out := s
	out.Months = slices.Clone(s.Months)
	for m, x := range o.Months {
		if m == len(out.Months) {
			out.Months = append(out.Months, Month{})
		}
		y := &out.Months[m]
		y.Upfront = y.Upfront.Plus(x.Upfront)
		y.Hourly = y.Hourly.Plus(x.Hourly)
		y.Effective = y.Effective.Plus(x.Effective)
		y.Uncovered = y.Uncovered.Plus(x.Uncovered)
		y.OnDemand = y.OnDemand.Plus(x.OnDemand)
		y.Reservations += x.Reservations
		y.Spot += x.Spot
	}
	out.PV, out.PVOnDemand = s.PV.Plus(o.PV), s.PVOnDemand.Plus(o.PVOnDemand)
	out.Residual = s.Residual.Plus(o.Residual)
	out.AtRisk = slices.Clone(s.AtRisk)
	for i, x := range o.AtRisk {
		if i == len(out.AtRisk) {
			out.AtRisk = append(out.AtRisk, AtRisk{Fall: x.Fall})
		}
		out.AtRisk[i].Monthly = out.AtRisk[i].Monthly.Plus(x.Monthly)
	}
	out.Use, out.Worth = s.Use.Plus(o.Use), s.Worth.Plus(o.Worth)
	return out
}

// First is the first month: its Effective is the effective monthly cost, its
// Upfront the cash that is due at once, its Uncovered the uncovered spend.
func (s Summary) First() Month {
	if len(s.Months) == 0 {
		return Month{}
	}
	return s.Months[0]
}

// BreakEven is the number of the first month, from 1, at whose end the mix has
// cost no more cash than on demand would have; 0 if there is none within the
// horizon. Later fees may put it behind again.
func (s Summary) BreakEven() int {
	var mix, od money.Amount
	for i, m := range s.Months {
		mix = mix.Plus(m.Upfront).Plus(m.Hourly)
		od = od.Plus(m.OnDemand)
		if mix.Cmp(od) <= 0 {
			return i + 1
		}
	}
	return 0
}

// Coverage is the part of the node hours that commitments could cover, all but
// spot, that they do cover.
func (s Summary) Coverage() float64 { return s.Use.Coverage() }

// CoverageInDollars is the same part of what those hours cost on demand.
func (s Summary) CoverageInDollars() float64 { return s.Worth.Coverage() }

// SavingsRate is the effective savings rate: the part of what all use would cost
// on demand over the horizon that is not paid, fees spread over their terms and
// commitments paid for whether used or not.
func (s Summary) SavingsRate() float64 {
	var effective, demand money.Amount
	for i := range s.Months {
		effective, demand = effective.Plus(s.Months[i].Effective), demand.Plus(s.Months[i].OnDemand)
	}
	if demand.IsZero() {
		return 0
	}
	return demand.Minus(effective).Float64() / demand.Float64()
}

// Utilisation is the part of the committed hours that is used; 1 without any.
func (s Summary) Utilisation() float64 {
	if s.Use.Committed > 0 {
		return s.Use.CommittedUsed / s.Use.Committed
	}
	return 1
}
