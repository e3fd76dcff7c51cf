package purchase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// Mix is how the nodes of a pool are bought, and what that costs.
type Mix struct {
	Pool        string       `json:"pool"`
	Nodes       int          `json:"nodes"`
	Allocations []Allocation `json:"allocations"` // in the order of the options
	// Unpriced are the options that were allowed but have no price, each with
	// the reason.
	Unpriced []Option `json:"unpriced"`
	Summary
}

// Allocation is the nodes of a pool that are bought in one way.
type Allocation struct {
	Option Option  `json:"option"`
	Nodes  int     `json:"nodes"`  // over the horizon
	Begins []Begin `json:"begins"` // when they are first needed, earliest first
	Slots  []Span  `json:"slots"`
	// Running is the mean number of them that is needed in the first month.
	Running  money.Quantity `json:"running"`
	Monthly  money.Amount   `json:"monthly"`  // effective cost of the first month: fees spread over their terms
	Upfront  money.Amount   `json:"upfront"`  // paid at the beginning of the first month
	Total    money.Amount   `json:"total"`    // cash over the horizon
	Residual money.Amount   `json:"residual"` // of Total and of what is still to pay: for months after the horizon
}

// Begin is nodes of an allocation that are first needed in the same month.
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

// Best is the cheapest mix of a pool within the constraints: the exact optimum
// by present value. Options are those of Options; those without a price are
// listed and not taken.
func Best(p Lot, opts []Option, c Constraints, b Basis) (*Mix, error) {
	pr, err := newPricing(p, opts, c, b)
	if err != nil {
		return nil, err
	}
	q := pr.problem(&c)
	if slices.ContainsFunc(q.bounds, func(b bounds) bool { return b.lo[committed] > 0 }) &&
		!slices.ContainsFunc(pr.options, func(o Option) bool { return o.Committed() }) {
		return nil, pr.noCommitment()
	}
	count, ok := q.spread(max(1, c.SpotTypes))
	if !ok {
		return nil, fmt.Errorf("pool %s: no mix of %d nodes keeps all bounds; loosen min_commitment, "+
			"max_commitment or max_spot_share", p.Name, len(p.Slots))
	}
	return pr.mix(pr.rows(count))
}

// pricing is a pool with the options that may be taken.
type pricing struct {
	pool      Lot
	basis     Basis
	options   []Option // allowed and priced; the first is on demand
	unpriced  []Option // allowed but without a price
	groups    []dutyGroup
	stages    []stage
	discounts discounts
	prices    []prices
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
	pr := &pricing{pool: p, basis: b, unpriced: []Option{}}
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
	pr.options = slices.Insert(slices.Delete(pr.options, od, od+1), 0, first)
	pr.groups = p.groups(b.Horizon)
	pr.stages = p.stages(pr.groups, b.Horizon)
	pr.discounts = newDiscounts(b.Horizon, b.DiscountRate)
	pr.prices = make([]prices, len(pr.groups))
	for g := range pr.groups {
		pr.prices[g] = cheapest(&pr.groups[g], pr.options, &pr.discounts, float64(c.MinSpotSaving))
	}
	return pr, nil
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
	return diag.Problem{Summary: fmt.Sprintf("pool %s must be committed in part, but %s", pr.pool.Name, why),
		Hint: "allow an option with a price, give a rate in a price overlay, or lower min_commitment"}
}

// problem is the pool's slots as an assignment within the constraints.
func (pr *pricing) problem(c *Constraints) *problem {
	p := &problem{prices: pr.prices}
	for _, s := range pr.stages {
		p.bounds = append(p.bounds, c.bounds(s))
	}
	for g := range pr.groups {
		p.sizes = append(p.sizes, pr.groups[g].to-pr.groups[g].from)
		p.stage = append(p.stage, pr.groups[g].stage)
	}
	return p
}

// assignedSlots is slots [from, to) of a group that take one option.
type assignedSlots struct{ group, option, from, to int }

// rows turns counts into slots: within a group, whose slots are alike, the
// committed come first and spot last.
func (pr *pricing) rows(count [][classes]int) []assignedSlots {
	var out []assignedSlots
	for g := range count {
		k := pr.groups[g].from
		for _, c := range []int{committed, byDemand, bySpot} {
			if n := count[g][c]; n > 0 {
				out = append(out, assignedSlots{g, pr.prices[g].option[c], k, k + n})
				k += n
			}
		}
	}
	return out
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
