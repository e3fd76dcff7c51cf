// Package queueing holds the formulas by which a node with several servers
// (vCPUs, worker processes) turns an arrival rate into waiting: Erlang's B and
// C, the Allen–Cunneen and Hayward approximations for traffic that is not
// Poisson and service that is not exponential, response percentiles, the
// capacity under a service level objective, the universal scalability law, and the hits
// of a cache.
//
// Everything is float64 in base units: seconds, requests per second, fractions
// of one. Functions are pure; invalid input is an error and never a NaN.
// Products that are added to something are converted explicitly, which forbids
// fusing the two operations, and exponentials and gamma functions are those of package
// portable: results are the same on every processor.
//
// Symbols, as in the literature:
//
//	c    servers (may be fractional: see ErlangB)
//	λ    arrival rate, per second            (Node.Rate)
//	D    mean service time, seconds          (Node.Service)
//	μ    1/D
//	a    offered load λ·D, erlangs
//	ρ    utilisation a/c
//	ca²  squared coefficient of variation of the times between arrivals
//	cs²  squared coefficient of variation of the service times
//	C    probability that an arrival waits
//	θ    rate of the exponential tail of the wait, per second
//
// Sources:
//
//	Erlang, "Solution of some problems in the theory of probabilities of
//	significance in automatic telephone exchanges", 1917 (B and C).
//	Kleinrock, "Queueing Systems", vol. 1, "Theory", 1975 (ch. 3: M/M/c).
//	Adan and Resing, "Queueing Systems", lecture notes of 26 March 2015,
//	https://iadan.win.tue.nl/queueing.pdf (ch. 5: M/M/c, response times).
//	Little, "A proof for the queuing formula: L = λW", Operations Research 9,
//	1961.
//	Allen, "Probability, Statistics and Queueing Theory", 1978 (Allen–Cunneen).
//	Fredericks, "Congestion in blocking systems – a simple approximation
//	technique", Bell System Technical Journal 59, 1980, from p. 805 (Hayward).
//	Jagerman, "Some properties of the Erlang loss function", Bell System
//	Technical Journal 53, 1974, from p. 525 (Erlang B for a fractional number
//	of servers).
//	Whitt, "Approximating a point process by a renewal process, I: two basic
//	methods", Operations Research 30, 1982 (superposed streams).
//	Gunther, "Guerrilla Capacity Planning", 2007 (scalability law).
//	Che, Tung and Wang, "Hierarchical web caching systems", IEEE Journal on Selected
//	Areas in Communications 20, 2002 (hits of a cache).
package queueing
