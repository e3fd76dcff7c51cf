package purchase

import (
	"math"
	"slices"
)

// tie is the relative difference below which costs count as equal: then the
// option that binds less is taken (docs/model.md section 0).
const tie = 1e-9

// Options by their place in a pricing: on demand is the first. none is no option.
const (
	onDemandFirst = 0
	none          = -2
)

// nodeCosts is what a node of a pool costs a month in each way to buy it, in USD.
type nodeCosts struct {
	discounts
	demand     float64    // on demand, for all hours of a month
	spot       float64    // on spot, for all hours of a month; +Inf where it is not taken
	spotOption int        // none where no spot is among the options
	terms      []evenTerm // the cheapest commitment of each length, shortest first
	// rarest is the greatest part of the hours in which a node may run for spot to
	// save enough over the cheapest commitment.
	rarest float64
	types  int // over which spot is spread: on fewer nodes it is not taken
}

// evenTerm is a commitment as the even monthly payment with its present value.
type evenTerm struct {
	option, months int
	even           float64 // USD
}

// offer adds a commitment, where it is cheaper than the others of its length.
func (mk *nodeCosts) offer(t evenTerm) {
	i := slices.IndexFunc(mk.terms, func(o evenTerm) bool { return o.months >= t.months })
	switch {
	case i < 0:
		mk.terms = append(mk.terms, t)
	case mk.terms[i].months > t.months:
		mk.terms = slices.Insert(mk.terms, i, t)
	case t.even < mk.terms[i].even*(1-tie):
		mk.terms[i] = t
	}
}

// longest is the greatest length of a commitment in months.
func longest(opts []Option) int {
	n := 0
	for i := range opts {
		n = max(n, opts[i].months())
	}
	return n
}

// settle leaves spot out where it saves less than it must.
func (mk *nodeCosts) settle(minSaving float64) {
	most := (1 - minSaving) * (1 + tie)
	if mk.spot > mk.demand*most || mk.spot >= mk.demand*(1-tie) {
		mk.spot = math.Inf(1)
		return
	}
	mk.rarest = 1
	for _, t := range mk.terms {
		mk.rarest = math.Min(mk.rarest, t.even*most/mk.spot)
	}
}

// onSpot tells whether a node may be on spot that is needed in a part of the hours.
func (mk *nodeCosts) onSpot(duty float64) bool {
	return !math.IsInf(mk.spot, 1) && duty > 0 && duty <= mk.rarest
}

// uncommitted is what a month costs more when node k has no commitment in it
// than when it has one for nothing. Where so many nodes may be on spot, it takes
// the place of node k+spot there, which then is on demand.
func (mk *nodeCosts) uncommitted(p *Lot, k, m, spot int) float64 {
	u := p.Slots[k].month(m)
	if spot == 0 || !mk.onSpot(u) {
		return float64(mk.demand * u)
	}
	next := 0.0
	if k+spot < len(p.Slots) {
		next = p.Slots[k+spot].month(m)
	}
	return float64(mk.spot*u) + float64((mk.demand-mk.spot)*next)
}

// term is what a commitment that begins in month m counts for: its months within
// the horizon, and of those after it what exceeds the use that they then have,
// if it stays as in the last month, which costs so much uncommitted.
func (mk *nodeCosts) term(t *evenTerm, m int, last float64) float64 {
	end := min(m+t.months, mk.horizon)
	unused := math.Max(0, t.even-last)
	return float64(t.even*mk.between(m, end)) + float64(unused*mk.between(end, m+t.months))
}
