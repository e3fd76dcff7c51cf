package queueing

import (
	"fmt"
	"math"
)

// ErlangB is Erlang's loss formula, of which the program needs the inverse.
func ErlangB(c, a float64) float64 { return 1 / inverseB(c, a) }

// ErlangC is erlangC for any input. An offered load of c or more has no steady
// state and is an *UnstableError.
func ErlangC(c, a float64) (float64, error) {
	if err := checkServers(c); err != nil {
		return 0, err
	}
	if !(a >= 0 && a <= math.MaxFloat64) {
		return 0, fmt.Errorf("offered load is %g erlangs; give a finite number, 0 or more", a)
	}
	if a >= c {
		return 0, &UnstableError{Servers: c, Load: a}
	}
	return erlangC(c, a), nil
}

// Markov is the M/M/c node: Poisson arrivals, exponential service.
func Markov(servers, rate, service float64) Node {
	return Node{Servers: servers, Rate: rate, Service: service, ArrivalSCV: 1, ServiceSCV: 1}
}
