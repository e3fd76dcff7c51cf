package queueing

// ErlangB is Erlang's loss formula, of which the program needs the inverse.
func ErlangB(c, a float64) float64 { return 1 / inverseB(c, a) }

// ErlangC is Erlang's delay formula for any input: what has no steady state is an
// *UnstableError.
func ErlangC(c, a float64) (float64, error) {
	s, err := Markov(c, a, 1).Solve()
	return s.PWait(), err
}

// Markov is the M/M/c node: Poisson arrivals, exponential service.
func Markov(servers, rate, service float64) Node {
	return Node{Servers: servers, Rate: rate, Service: service, ArrivalSCV: 1, ServiceSCV: 1}
}
