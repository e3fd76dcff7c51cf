package queueing

import (
	"fmt"
	"math"

	"headroom/pkg/unit"
)

// The range of inputs the formulas are tested for. What lies outside is
// refused: it is a slip of units more often than a wish.
const (
	// MaxServers is the largest number of servers of one node.
	MaxServers = 10_000
	minServers = 1e-3
	minService = 1e-12 // seconds
	maxService = 1e9   // seconds
	maxSCV     = 1e4
	// Service that varies by less than a thousandth of its mean counts as
	// constant: the difference is nobody's to measure, and the gamma series
	// would need ever more terms to find it.
	constantSCV = 1e-6
)

// UnstableError says that a node is offered as much work as it can do, or
// more: its queue grows without end and has no steady state.
type UnstableError struct {
	Servers float64
	Load    float64 // erlangs, λ·D
}

func (e *UnstableError) Error() string {
	load := unit.Digits(e.Load, 6)
	return fmt.Sprintf("%s servers are offered %s erlangs (utilisation %s): the queue never settles; "+
		"use more than %s servers or lower the rate",
		unit.Digits(e.Servers, 6), load, unit.Digits(e.Load/e.Servers, 4), load)
}

// ImpossibleError says that no rate or no number of servers meets an SLO.
type ImpossibleError struct {
	SLO     Aim
	Service float64 // the same percentile of the service time alone, seconds; 0 where that is not the reason
	Limit   float64 // servers that would not suffice; 0 where that is not the reason
}

func (e *ImpossibleError) Error() string {
	if e.Limit > 0 {
		return fmt.Sprintf("more than %g servers would be needed; split the load over several nodes", e.Limit)
	}
	return fmt.Sprintf("p%s within %s s cannot be met: the service time alone takes %s s at that percentile, "+
		"without any wait; allow more time or make the service faster",
		unit.Digits(100*e.SLO.Percentile, 6), unit.Digits(e.SLO.Within, 6), unit.Digits(e.Service, 6))
}

func checkServers(c float64) error {
	if !(c >= minServers && c <= MaxServers) {
		return fmt.Errorf("number of servers is %g; give a number from %g to %d", c, minServers, MaxServers)
	}
	return nil
}

func checkPercentile(p float64) error {
	if !(p > 0 && p < 1) {
		return fmt.Errorf("percentile is %g; give a fraction between 0 and 1, such as 0.99", p)
	}
	return nil
}

func checkUtilisation(u float64) error {
	if !(u > 0 && u <= 1) {
		return fmt.Errorf("target utilisation is %g; give a fraction above 0, at most 1", u)
	}
	return nil
}

// check refuses what no method could compute with. Rate and Servers are
// checked by those who use them.
func (n Node) check() error {
	if err := checkService(n.Service); err != nil {
		return err
	}
	if !(n.ArrivalSCV >= 0 && n.ArrivalSCV <= maxSCV) {
		return fmt.Errorf("squared coefficient of variation of arrivals is %g; give a number from 0 (regular) over 1 "+
			"(Poisson) to %g", n.ArrivalSCV, maxSCV)
	}
	if !(n.Contention >= 0 && n.Contention <= math.MaxFloat64 && n.Base >= 0 && n.Base <= math.MaxFloat64) {
		return fmt.Errorf("contention is %g and %g servers are busy in any case; give finite numbers, 0 or more",
			n.Contention, n.Base)
	}
	if b := n.Beside; !(b.Mean >= 0 && b.Mean <= maxService && b.Variance >= 0 && b.Variance <= math.MaxFloat64) {
		return fmt.Errorf("mean %g s and variance %g s² beside the queue are not those of a time; give numbers from 0 "+
			"to %g s", b.Mean, b.Variance, maxService)
	}
	if err := checkServiceSCV(n.ServiceSCV); err != nil || n.Of == (Work{}) {
		return err
	}
	if err := checkService(n.Of.Service); err != nil {
		return err
	}
	return checkServiceSCV(n.Of.SCV)
}

func checkService(d float64) error {
	if !(d >= minService && d <= maxService) {
		return fmt.Errorf("service time is %g s; give a time from %g s to %g s", d, minService, maxService)
	}
	return nil
}

func checkServiceSCV(scv float64) error {
	if !(scv >= 0 && scv <= maxSCV) {
		return fmt.Errorf("squared coefficient of variation of service is %g; give a number from 0 (constant) over 1 "+
			"(exponential) to %g", scv, maxSCV)
	}
	return nil
}

func (n Node) checkRate() error {
	if !(n.Rate >= 0 && n.Rate <= math.MaxFloat64) {
		return fmt.Errorf("arrival rate is %g per second; give a finite number, 0 or more", n.Rate)
	}
	return nil
}

func (s Aim) check() error {
	if s == (Aim{}) {
		return nil
	}
	if err := checkPercentile(s.Percentile); err != nil {
		return err
	}
	if !(s.Within > 0 && s.Within <= math.MaxFloat64) {
		return fmt.Errorf("SLO is %g s; give a time above 0", s.Within)
	}
	return nil
}
