package queueing

// ErlangB is Erlang's loss formula, of which the program needs the inverse.
func ErlangB(c, a float64) float64 { return 1 / inverseB(c, a) }
