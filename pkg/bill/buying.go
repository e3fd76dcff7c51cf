package bill

import (
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/remark"
)

// Buying is how the nodes of an estimate are bought when not all of them are
// on demand (docs/model.md section 7). Amounts are of the first month unless they
// say otherwise.
type Buying struct {
	OnDemand   money.Amount `json:"on_demand"`  // the same nodes, all on demand
	Effective  money.Amount `json:"effective"`  // as bought, fees spread over their terms
	Upfront    money.Amount `json:"upfront"`    // paid at the beginning
	Uncovered  money.Amount `json:"uncovered"`  // of Effective, at the on-demand price
	BreakEven  int          `json:"break_even"` // month at whose end it has cost no more than on demand; 0 is none
	Horizon    int          `json:"horizon"`    // months
	PV         money.Amount `json:"pv"`         // present value over the horizon
	PVOnDemand money.Amount `json:"pv_on_demand"`
	Residual   money.Amount `json:"residual"` // for commitments beyond the horizon
	Coverage   float64      `json:"coverage"` // part of the node hours, without spot, under commitment
	// CoverageInDollars is the same part of what they cost on demand; nil, as the
	// savings rate, in files of versions that did not work it out.
	CoverageInDollars *float64 `json:"coverage_in_dollars,omitempty"`
	// SavingsRate is the effective savings rate over the horizon: the part of the
	// cost on demand that is not paid.
	SavingsRate *float64 `json:"savings_rate,omitempty"`
	// Inexact are the components of which there may be a cheaper mix (see
	// purchase.Mix).
	Inexact     []string         `json:"inexact,omitempty"`
	Utilisation float64          `json:"utilisation"` // part of the commitments that is used
	AtRisk      []RiskFall       `json:"at_risk"`
	Months      []purchase.Month `json:"months,omitempty"` // cash over the horizon, month by month
	Pools       []PoolBuying     `json:"pools"`
	Unpriced    []UnpricedTerm   `json:"unpriced"`
	Risks       []remark.Remark  `json:"risks"` // of spot, and of machines that growth leaves behind
	// NotTaken says of components why they are bought in none of the ways that are
	// asked for.
	NotTaken []remark.Remark `json:"not_taken,omitempty"`
	// Plans are savings plans that have no price, whether asked for or not.
	Plans []PlanGap `json:"plans_unpriced,omitempty"`
	// Optimum is the effective cost of the best mix, where the user's own is
	// billed.
	Optimum *money.Amount `json:"optimum,omitempty"`
}

// RiskFall is what commitments cost a month for nothing when demand falls.
type RiskFall struct {
	Fall    float64      `json:"fall"`
	Monthly money.Amount `json:"monthly"`
}

// UnpricedTerm is a term that was allowed but has no price.
type UnpricedTerm struct {
	Option string        `json:"option"`
	Why    remark.Remark `json:"why"`
}

// PlanGap is a kind of savings plan that has no price at all for a machine.
type PlanGap struct {
	Kind    string `json:"kind"` // sp-ec2, sp-compute
	Region  string `json:"region"`
	Machine string `json:"machine"`
}

// Has tells whether a term is of the plans that have no price.
func (g PlanGap) Has(t UnpricedTerm) bool {
	return strings.HasPrefix(t.Option, g.Kind+"-") && t.Why.Text("region") == g.Region &&
		t.Why.Text("machine") == g.Machine
}

// Bought is nodes that are bought in one way.
type Bought struct {
	Option string `json:"option"`
	Nodes  int    `json:"nodes"`
}

// Purchases are how the nodes of a pool are bought that are not on demand.
type Purchases []Bought

// Equal tells whether two are the same.
func (m Purchases) Equal(o Purchases) bool { return slices.Equal(m, o) }

// String is the mix as --commit reads it: "2×reserved-3y-all,1×spot".
func (m Purchases) String() string {
	parts := make([]string, len(m))
	for i, b := range m {
		if parts[i] = b.Option; b.Nodes > 0 {
			parts[i] = strconv.Itoa(b.Nodes) + "×" + b.Option
		}
	}
	return strings.Join(parts, ",")
}

// PoolBuying is how one pool is bought.
type PoolBuying struct {
	Component string       `json:"component"`
	Region    string       `json:"region"`
	Role      string       `json:"role"`
	Machine   string       `json:"machine"`
	Mix       Purchases    `json:"mix"`              // of the first month
	Unused    int          `json:"unused,omitempty"` // commitments of it that no node needs then
	Later     []Later      `json:"later,omitempty"`
	OnDemand  money.Amount `json:"on_demand"`
	Effective money.Amount `json:"effective"`
	Upfront   money.Amount `json:"upfront"`
	Horizon   *PoolHorizon `json:"horizon,omitempty"`
	// Slots say which nodes of the first month Mix is about. They are not saved: what is
	// bought does not depend on them.
	Slots []BoughtSlots `json:"-"`
}

// BoughtSlots are nodes of a pool that are bought in one way: the From-th to the To-th,
// counted from 1, the most needed first.
type BoughtSlots struct {
	Option   string
	From, To int
}

// PoolHorizon is what a pool's mix comes to over the horizon.
type PoolHorizon struct {
	BreakEven   int          `json:"break_even"`
	PV          money.Amount `json:"pv"`
	PVOnDemand  money.Amount `json:"pv_on_demand"`
	Coverage    float64      `json:"coverage"`
	Utilisation float64      `json:"utilisation"`
	AtRisk      []RiskFall   `json:"at_risk"`
}

// Later is what is bought of an option as demand grows: the nodes that are
// first needed From to To months from now.
type Later struct {
	Option string `json:"option"`
	Nodes  int    `json:"nodes"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// After counts what is bought after the first month, and says in which month
// the last of it is.
func (b *Buying) After() (nodes, month int) {
	for _, p := range b.Pools {
		for _, x := range p.Later {
			nodes += x.Nodes
			month = max(month, x.To)
		}
	}
	return nodes, month
}
