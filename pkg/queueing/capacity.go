package queueing

import (
	"math"

	"headroom/pkg/unit"
)

// Aim is an aim for response times: the given percentile (0.99) within a time
// in seconds. The zero Aim is no aim.
type Aim struct {
	Percentile float64
	Within     float64
}

// meets says whether a response tail at SLO.Within keeps the aim.
func (s Aim) meets(tail float64) bool { return tail <= 1-s.Percentile }

// Capacity is the largest arrival rate, per second, at which the node keeps
// its utilisation at or below target (0 < target ≤ 1) and its response times
// within the SLO. n.Rate is not used. Where the SLO binds the rate is found by
// bisection to 1e-6 of itself, from below, so it always keeps the SLO; and
// on a grid that does not depend on the SLO, so a laxer one never gives less.
// It is 0 where what is busy in any case
// leaves no room. A target of 1 without an SLO gives the rate at which the queue stops being
// stable, which must itself not be reached. An SLO that the service time alone
// breaks is an *ImpossibleError.
func (n Node) Capacity(target float64, slo Aim) (float64, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	if err := checkServers(n.Servers); err != nil {
		return 0, err
	}
	if err := checkUtilisation(target); err != nil {
		return 0, err
	}
	if err := slo.check(); err != nil {
		return 0, err
	}
	limit := n.atRest(target)
	if limit <= 0 {
		return 0, nil // what is busy in any case leaves no room for requests
	}
	if slo == (Aim{}) {
		return limit, nil
	}
	n.Rate = limit
	if n.keeps(slo) {
		return limit, nil
	}
	if err := n.possible(slo); err != nil {
		return 0, err
	}
	const accuracy = 1e-6
	lo, hi := 0.0, limit
	for hi-lo > accuracy*lo && hi > limit*1e-30 {
		n.Rate = lo + float64((hi-lo)/2)
		if n.keeps(slo) {
			lo = n.Rate
		} else {
			hi = n.Rate
		}
	}
	return lo, nil
}

// keeps says whether a valid node keeps the SLO at its rate. Most candidates
// of a search do so whatever the probability of waiting is, which costs no
// recursion to find out.
func (n Node) keeps(slo Aim) bool {
	n, ok := n.loaded()
	if !ok {
		return false
	}
	a := float64(n.Rate * n.Service)
	variability := n.ArrivalSCV + n.ServiceSCV
	if variability > 0 && n.Beside == (Moments{}) {
		s := Steady{node: n, theta: 2 * (n.Servers - a) / (n.Service * variability)}
		if slo.meets(s.tail(slo.Within, 1)) {
			return true
		}
	}
	return slo.meets(n.solve().ResponseTail(slo.Within))
}

// possible is an *ImpossibleError where the service time alone, without any
// wait, breaks the SLO.
func (n Node) possible(slo Aim) error {
	idle := n
	idle.Servers, idle.Rate, idle.Contention, idle.Base = 1, 0, 0, 0
	s := idle.solve()
	if slo.meets(s.ResponseTail(slo.Within)) {
		return nil
	}
	return &ImpossibleError{SLO: slo, Service: s.percentile(slo.Percentile)}
}

// ServersFor is the least whole number of servers that keeps n.Rate at or
// below the target utilisation (0 < target ≤ 1; 1 means below 1) and within
// the SLO. n.Servers, n.Contention and n.Base are not used: one more server there
// is one more processor, with another contention. It is an *ImpossibleError where no number
// up to MaxServers does.
func (n Node) ServersFor(target float64, slo Aim) (int, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	if err := n.checkRate(); err != nil {
		return 0, err
	}
	if err := checkUtilisation(target); err != nil {
		return 0, err
	}
	if err := slo.check(); err != nil {
		return 0, err
	}
	if slo != (Aim{}) {
		if err := n.possible(slo); err != nil {
			return 0, err
		}
	}
	n.Contention, n.Base = 0, 0
	tooMany := &ImpossibleError{SLO: slo, Limit: MaxServers}
	a := n.Rate * n.Service
	need, err := unit.CeilCount(a / target)
	if err != nil {
		return 0, tooMany
	}
	least := math.Max(1, float64(need))
	if least <= a { // a whole number of erlangs fills as many servers
		least++
	}
	if least > MaxServers {
		return 0, tooMany
	}
	fits := func(c float64) bool {
		n.Servers = c
		return slo == (Aim{}) || n.keeps(slo)
	}
	if fits(least) {
		return int(least), nil
	}
	// Double the step beyond least until it fits, then halve what is between.
	lo, hi := least, least
	for step := 1.0; ; step *= 2 {
		hi = math.Min(least+step, MaxServers)
		if fits(hi) {
			break
		}
		if hi == MaxServers {
			return 0, tooMany
		}
		lo = hi
	}
	for hi-lo > 1 {
		mid := math.Floor(lo + float64((hi-lo)/2))
		if fits(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return int(hi), nil
}
