package purchase

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// TestedExcess is by which part a mix that is not Exact was above the cheapest one at
// most, in random pools of three nodes that shrink, at prices as tables have them and
// without bounds on shares: a finding of tests, no proof.
const TestedExcess = 0.2

// Mix is how the nodes of a pool are bought, and what that costs.
type Mix struct {
	Pool        string       `json:"pool"`
	Nodes       int          `json:"nodes"`
	Allocations []Allocation `json:"allocations"` // in the order of the options
	// Unpriced are the options that were allowed but have no price, each with
	// the reason.
	Unpriced []Option `json:"unpriced"`
	// Exact tells whether there is surely no cheaper mix. Where a pool shrinks, a
	// commitment that one node no longer needs might serve another, which is not
	// tried: then there may be.
	Exact bool `json:"exact"`
	Summary
}

// Allocation is the nodes of a pool that are bought in one way.
type Allocation struct {
	Option Option  `json:"option"`
	Nodes  int     `json:"nodes"`  // all of Begins
	Begins []Begin `json:"begins"` // when nodes are first bought so, earliest first; renewals are not counted
	Slots  []Span  `json:"slots"`  // of the first month
	// Unused are commitments that no node needs in the first month.
	Unused int `json:"unused,omitempty"`
	// Running is the mean number of them that is needed in the first month.
	Running  money.Quantity `json:"running"`
	Monthly  money.Amount   `json:"monthly"`  // effective cost of the first month: fees spread over their terms
	Fee      money.Amount   `json:"-"`        // of Monthly: the month's share of fees
	Upfront  money.Amount   `json:"upfront"`  // paid at the beginning of the first month
	Total    money.Amount   `json:"total"`    // cash over the horizon
	Residual money.Amount   `json:"residual"` // of Total and of what is still to pay: for months after the horizon
}

// Begin is nodes of an allocation that are bought in the same month.
type Begin struct {
	Month int `json:"month"` // counted from 0
	Nodes int `json:"nodes"`
}

// Now is how many nodes of the allocation there are in the first month.
func (a *Allocation) Now() int {
	for _, b := range a.Begins {
		if b.Month == 0 {
			return b.Nodes
		}
	}
	return 0
}

// Span is consecutive slots, numbered from 1, both ends included.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Best is the cheapest mix of a pool within the constraints by present value:
// every node may be bought by use first and committed later, and change its
// terms. Options are those of Options; those without a price are listed and not
// taken.
func Best(p Lot, opts []Option, c Constraints, b Basis) (*Mix, error) {
	pr, runs, exact, err := solved(p, opts, c, b)
	if err != nil {
		return nil, err
	}
	return pr.mix(runs, exact)
}

// BestNow is Best without what it comes to over the months: only the allocations, each with
// what the first month says of it, and what has no price.
func BestNow(p Lot, opts []Option, c Constraints, b Basis) (*Mix, error) {
	pr, runs, exact, err := solved(p, opts, c, b)
	if err != nil {
		return nil, err
	}
	return pr.now(runs, exact)
}

// solved finds the cheapest purchases of a pool; exact tells whether there are surely no
// cheaper ones.
func solved(p Lot, opts []Option, c Constraints, b Basis) (pr *pricing, runs []run, exact bool, err error) {
	if pr, err = newPricing(p, opts, c, b); err != nil {
		return nil, nil, false, err
	}
	if len(pr.terms) == 0 && slices.ContainsFunc(pr.limits, func(l limits) bool { return l.least > 0 }) {
		return nil, nil, false, pr.noCommitment()
	}
	runs, exact, ok := pr.best()
	if !ok {
		return nil, nil, false, fmt.Errorf("pool %s: no mix of %d nodes keeps all bounds, as it shrinks; loosen "+
			"min_commitment, max_commitment or target_coverage", p.Name, len(p.Slots))
	}
	return pr, runs, exact, nil
}

// pricing is a pool with the options that may be taken.
type pricing struct {
	solver
	lot      Lot
	basis    Basis
	options  []Option // allowed and priced; the first is on demand
	unpriced []Option // allowed but without a price
}

func newPricing(p Lot, opts []Option, c Constraints, b Basis) (*pricing, error) {
	b, err := b.filled()
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	pr := &pricing{lot: p, basis: b, unpriced: []Option{}}
	for i := range opts {
		o := opts[i]
		if err := o.check(); err != nil {
			return nil, fmt.Errorf("pool %s: %w", p.Name, err)
		}
		if c.allows(&p, &o) {
			pr.options = append(pr.options, o)
			continue
		}
		priced := o
		priced.Missing = remark.Remark{}
		if !o.Missing.IsZero() && c.allows(&p, &priced) {
			pr.unpriced = append(pr.unpriced, o)
		}
	}
	od := slices.IndexFunc(pr.options, func(o Option) bool { return o.Kind == OnDemand })
	if od < 0 {
		return nil, diag.Problem{Summary: fmt.Sprintf("pool %s has no on-demand price to compare with", p.Name),
			Hint: "give one in a price overlay"}
	}
	first := pr.options[od]
	pr.options = slices.Insert(slices.Delete(pr.options, od, od+1), onDemandFirst, first)
	pr.pool, pr.limits = &pr.lot, c.perMonth(&p, b.Horizon)
	pr.open(&c)
	return pr, nil
}

// open works out what the options cost a month.
func (pr *pricing) open(c *Constraints) {
	pr.discounts = newDiscounts(pr.basis.Horizon, longest(pr.options), pr.basis.DiscountRate)
	pr.spot, pr.spotOption, pr.types = math.Inf(1), none, max(1, c.SpotTypes)
	for i := range pr.options {
		o := &pr.options[i]
		even, month := 0.0, float64(o.Hourly.Float64()*o.Rework*HoursPerMonth)
		switch {
		case o.Committed():
			even = pr.discounts.even(o)
			pr.offer(evenTerm{i, o.months(), even})
		case o.Kind == Spot:
			pr.spot, pr.spotOption = month, i
		default:
			pr.demand = month
		}
		pr.even, pr.hourly = append(pr.even, even), append(pr.hourly, month)
	}
	pr.settle(float64(c.MinSpotSaving))
}

func (pr *pricing) noCommitment() error {
	why := "no commitment is among the allowed options"
	if len(pr.unpriced) > 0 {
		var names []string
		for _, o := range pr.unpriced {
			names = append(names, o.Name)
		}
		why = strings.Join(names, ", ") + ": " + words.Say(pr.unpriced[0].Missing)
	}
	return diag.Problem{Summary: fmt.Sprintf("pool %s must be committed in part, but %s", pr.lot.Name, why),
		Hint: "allow an option with a price, give a rate in a price overlay, or lower min_commitment"}
}

// String is the mix of the first month as --commit reads it:
// "db=2×reserved-3y-all". Nodes on demand are what is left and not named.
func (m *Mix) String() string { return m.list(m.Pool + "=") }

// Options lists the options of the first month, without the name of the pool:
// "2×reserved-3y-all,1×spot".
func (m *Mix) Options() string { return m.list("") }

func (m *Mix) list(prefix string) string {
	var parts []string
	for i := range m.Allocations {
		a := &m.Allocations[i]
		if n := a.Now(); n > 0 && a.Option.Kind != OnDemand {
			parts = append(parts, prefix+strconv.Itoa(n)+"×"+a.Option.Name)
		}
	}
	return strings.Join(parts, ",")
}
