package purchase

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Constraints bound how a pool may be bought. On demand is always allowed:
// what no commitment and no spot covers has to run somehow.
type Constraints struct {
	Allow        []string      // names of options, or their beginnings: reserved-1y
	MinCommitted unit.Fraction // of the nodes
	MaxCommitted unit.Fraction
	MaxSpot      unit.Fraction
	// Types over which spot is spread at least; where there is spot, it is on at
	// least as many nodes.
	SpotTypes     int
	MinSpotSaving unit.Fraction // least saving over what the node costs without spot
	// Target is the part of every month's node hours, and so of what they cost on
	// demand, that commitments cover, whether that is cheapest or not; 0 for none.
	Target unit.Fraction
}

// Unbounded allows every option in any share.
func Unbounded() Constraints {
	return Constraints{Allow: workload.PurchaseOptions(), MaxCommitted: 1, MaxSpot: 1, SpotTypes: 1}
}

// Basis says over what time costs are compared and billed.
type Basis struct {
	Horizon      int            // months; 0 is DefaultHorizon
	Hours        money.Quantity // hours a billed month; 0 is HoursPerMonth
	DiscountRate unit.Fraction  // a year
}

// filled puts the defaults in.
func (b Basis) filled() (Basis, error) {
	if b.Horizon == 0 {
		b.Horizon = DefaultHorizon
	}
	if b.Hours.IsZero() {
		b.Hours = money.Int(HoursPerMonth)
	}
	switch {
	case b.Horizon < 1 || b.Horizon > maxHorizon:
		return b, fmt.Errorf("horizon of %d months; it is 1 to %d", b.Horizon, maxHorizon)
	case !(b.DiscountRate >= 0 && b.DiscountRate <= 1):
		return b, fmt.Errorf("discount rate %g is not between 0 and 1 a year", float64(b.DiscountRate))
	}
	return b, nil
}

// FromProfile reads the constraints, and the discount rate, of a profile's or
// a component's purchase. Without an option, it is on demand.
func FromProfile(p *workload.Purchase) (Constraints, unit.Fraction, error) {
	c := Unbounded()
	if p == nil {
		c.Allow = []string{OnDemand}
		return c, 0, nil
	}
	switch p.Option {
	case "", OnDemand:
		c.Allow = []string{OnDemand}
	case Optimal:
		if len(p.Allow) > 0 {
			c.Allow = p.Allow
		}
	default:
		c.Allow = []string{p.Option}
	}
	if p.MinCommitment != nil {
		c.MinCommitted = p.MinCommitment.V
	}
	if p.MaxCommitment != nil {
		c.MaxCommitted = p.MaxCommitment.V
	}
	if p.MaxSpotShare != nil {
		c.MaxSpot = p.MaxSpotShare.V
	}
	if p.SpotTypes != nil {
		c.SpotTypes = max(1, int(math.Min(float64(p.SpotTypes.V), maxSlots)))
	}
	if p.MinSpotSaving != nil {
		c.MinSpotSaving = p.MinSpotSaving.V
	}
	if p.TargetCoverage != nil {
		c.Target = p.TargetCoverage.V
	}
	var rate unit.Fraction
	if p.DiscountRate != nil {
		rate = p.DiscountRate.V
	}
	if err := c.check(); err != nil {
		return c, 0, at(p.Pos, err)
	}
	return c, rate, nil
}

// at gives an error the position of what it is about.
func at(pos diag.Pos, err error) error {
	if p, ok := err.(diag.Problem); ok {
		p.Pos = pos
		return p
	}
	return diag.Problem{Pos: pos, Summary: err.Error()}
}

func (c *Constraints) check() error {
	for _, f := range []struct {
		name string
		v    unit.Fraction
	}{{"min_commitment", c.MinCommitted}, {"max_commitment", c.MaxCommitted}, {"max_spot_share", c.MaxSpot},
		{"min_spot_saving", c.MinSpotSaving}, {"target_coverage", c.Target}} {
		if !(f.v >= 0 && f.v <= 1) {
			return fmt.Errorf("%s is %g; it is a part between 0 and 1", f.name, float64(f.v))
		}
	}
	if c.MinCommitted > c.MaxCommitted {
		return diag.Problem{Summary: fmt.Sprintf("min_commitment %g is above max_commitment %g",
			float64(c.MinCommitted), float64(c.MaxCommitted)), Hint: "lower the first or raise the second"}
	}
	for _, name := range c.Allow {
		if !slices.ContainsFunc(workload.PurchaseOptions(), func(known string) bool { return covers(name, known) }) {
			return unknownOption(name)
		}
	}
	return nil
}

// covers tells whether what the user wrote means an option: its name, or a
// beginning of whole words of it.
func covers(written, name string) bool {
	rest, ok := strings.CutPrefix(name, written)
	return ok && written != "" && (rest == "" || rest[0] == '-')
}

// Asks tells whether the way to buy is among those that are asked for by name, or by
// the beginning of it.
func (c *Constraints) Asks(o *Option) bool {
	return slices.ContainsFunc(c.Allow, func(w string) bool { return covers(w, o.Name) })
}

// Asked is what is asked for, as the user names it; "optimal" where that is anything.
func (c *Constraints) Asked() []string {
	if slices.Equal(c.Allow, workload.PurchaseOptions()) {
		return []string{Optimal}
	}
	return c.Allow
}

// allows tells whether an option may be taken in a pool.
func (c *Constraints) allows(p *Lot, o *Option) bool {
	switch {
	case !o.Missing.IsZero():
		return false
	case o.Kind == OnDemand:
		return true
	case o.Kind == Spot && !p.Interruptible:
		return false
	}
	return c.Asks(o)
}

// limits are the bounds of a month as numbers of its most needed nodes.
type limits struct {
	nodes int // at its peak
	least int // so many of the first are committed
	most  int // at most so many of the nodes
	begin int // on nodes after these no commitment begins
	spot  int // at most so many of the nodes are on spot
}

// limits are the bounds of a month. A cap is never exceeded; where no whole number
// lies between a least and a greatest share, the cap holds.
func (c *Constraints) limits(p *Lot, m int) limits {
	n := p.needed(m)
	atMost := func(f unit.Fraction) int { return min(n, int(math.Floor(float64(f)*float64(n)*(1+tie)))) }
	l := limits{nodes: n, most: atMost(c.MaxCommitted), begin: len(p.Slots)}
	l.least = int(math.Ceil(float64(c.MinCommitted) * float64(n) * (1 - tie)))
	if c.Target > 0 {
		l.least = max(l.least, p.covering(c.Target, m))
		l.begin = l.least
	}
	l.least = min(l.least, l.most)
	l.spot = max(0, min(atMost(c.MaxSpot), p.maxSpot(m)))
	if l.spot < c.SpotTypes {
		l.spot = 0
	}
	return l
}

// perMonth are the limits of every month of the horizon.
func (c *Constraints) perMonth(p *Lot, horizon int) []limits {
	out := make([]limits, horizon)
	known := p.months()
	for m := range out {
		if m < known {
			out[m] = c.limits(p, m)
		} else {
			out[m] = out[known-1]
		}
	}
	return out
}

// covering is the least number of nodes that have a part of a month's node hours.
func (p *Lot) covering(part unit.Fraction, m int) int {
	all := 0.0
	for k := range p.Slots {
		all += p.Slots[k].month(m)
	}
	sum, n := 0.0, 0
	for n < len(p.Slots) && sum < float64(part)*all*(1-tie) {
		sum += p.Slots[n].month(m)
		n++
	}
	return n
}
