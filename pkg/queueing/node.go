package queueing

import (
	"math"

	"headroom/pkg/portable"
)

// Node is one queue in front of several equal servers: a machine with its
// vCPUs, a pool of worker processes. The zero values of the two variabilities
// mean perfectly regular arrivals and constant service; Markov gives the
// usual ones.
type Node struct {
	Servers    float64 // c; fractional where a node has a part of a vCPU for itself
	Rate       float64 // λ, arrivals per second
	Service    float64 // D, mean service time in seconds
	ArrivalSCV float64 // ca², 1 for Poisson arrivals
	ServiceSCV float64 // cs², 1 for exponential service
	// Contention is by how much a request takes longer while all servers are busy,
	// as a part of Service, which is its time at rest: Service × (1 + Contention × ρ)
	// at utilisation ρ. It is σ(N−1) + κN(N−1) of the scalability law for N
	// processors (Gunther 2007), so that at ρ = 1 the node does what the law says
	// and at rest one request is as fast on any number of processors.
	Contention float64
	// Base is how many servers are busy whatever arrives: the operating system and
	// agents.
	Base float64
	// Of are the requests whose response times are asked for, where they are
	// one kind among several in the same queue. Rate, Service and the SCVs are
	// then those of all kinds together (see Mix): the wait is of all, the
	// service that follows it of this kind. The zero Of is all requests alike.
	Of Work
	// Beside is a time that each request spends in addition, whatever the load, such
	// as waiting for disks; it is independent of the queue. The zero Beside is none.
	Beside Moments
}

// Work is the service of one kind of requests among several.
type Work struct {
	Service float64 // mean service time in seconds
	SCV     float64 // its squared coefficient of variation
}

// Arrivals is the requests of one kind that arrive at a queue.
type Arrivals struct {
	Work
	Rate       float64 // arrivals per second
	ArrivalSCV float64
}

// Mix is the node, without servers, at which several streams meet: the rates
// add up, and a service time is drawn from the kinds in proportion to their
// rates q = λᵢ/λ, so its moments are exact:
//
//	D = Σ q·Dᵢ, cs² = Σ q·Dᵢ²·(1+csᵢ²) / D² − 1
//
// The variability of the superposed arrivals is Σ q·caᵢ² (the asymptotic
// method; Whitt 1982), exact for Poisson streams. Streams without a rate do
// not count; without any the mix is the zero Node.
func Mix(streams ...Arrivals) Node {
	var n Node
	var work, square float64
	for i := range streams {
		s := &streams[i]
		if !(s.Rate > 0) {
			continue
		}
		n.Rate += s.Rate
		work += float64(s.Rate * s.Service)
		square += float64(s.Rate * s.Service * s.Service * (1 + s.SCV))
		n.ArrivalSCV += float64(s.Rate * s.ArrivalSCV)
	}
	if n.Rate == 0 {
		return Node{}
	}
	n.Service = work / n.Rate
	n.ArrivalSCV /= n.Rate
	n.ServiceSCV = math.Max(0, square/n.Rate/n.Service/n.Service-1)
	return n
}

// of is the kind of requests whose response times are asked for.
func (n Node) of() Work {
	if n.Of == (Work{}) {
		return Work{n.Service, n.ServiceSCV}
	}
	return n.Of
}

// Steady is a node in steady state. Its methods answer for any argument.
type Steady struct {
	node  Node
	load  float64 // a
	pWait float64 // C
	theta float64 // θ; +Inf where nothing varies and so nobody waits
}

// Solve gives the node's steady state, or an *UnstableError where it has none.
func (n Node) Solve() (Steady, error) {
	if err := n.check(); err != nil {
		return Steady{}, err
	}
	if err := checkServers(n.Servers); err != nil {
		return Steady{}, err
	}
	if err := n.checkRate(); err != nil {
		return Steady{}, err
	}
	rate := n.Rate
	n, ok := n.loaded()
	if !ok {
		return Steady{}, &UnstableError{Servers: n.Servers, Load: n.Rate * n.Service}
	}
	s := n.solve()
	s.node.Rate = rate
	return s, nil
}

// loaded is the node with its service times as they are under its load, and what
// is busy in any case as requests like all others; false where it cannot keep up.
//
// With a = λ·D + Base at rest, of c servers, and s = Contention:
//
//	ρ = (a/c)·(1 + s·ρ), so ρ = (a/c) / (1 − s·a/c) where a/c < 1/(1+s)
func (n Node) loaded() (Node, bool) {
	a := float64(n.Rate*n.Service) + n.Base
	if n.Contention == 0 && n.Base == 0 {
		return n, a < n.Servers
	}
	part := a / n.Servers
	if !(part < 1/(1+n.Contention)) {
		return n, false
	}
	slower := 1 + float64(n.Contention*(part/(1-float64(n.Contention*part))))
	n.Rate += n.Base / n.Service
	n.Service = float64(n.Service * slower)
	n.Of.Service = float64(n.Of.Service * slower)
	n.Contention, n.Base = 0, 0
	return n, n.Rate*n.Service < n.Servers
}

// atRest is the arrival rate at a utilisation: ρ* is reached where
// a/c = ρ*/(1 + s·ρ*). It is below 0 where less is busy in any case.
func (n Node) atRest(utilisation float64) float64 {
	return (utilisation*n.Servers/(1+float64(n.Contention*utilisation)) - n.Base) / n.Service
}

// solve is Solve for a node that is known to be valid and stable.
func (n Node) solve() Steady {
	s := Steady{node: n, load: float64(n.Rate * n.Service)}
	variability := n.ArrivalSCV + n.ServiceSCV
	if variability == 0 {
		s.theta = math.Inf(1) // D/D/c below saturation: every arrival finds a server free
		return s
	}
	c, a := n.Servers, s.load
	// 2c(1−ρ)/(D(ca²+cs²)), the tail of the wait by Allen–Cunneen.
	s.theta = 2 * (c - a) / (n.Service * variability)
	if n.ArrivalSCV > 1 {
		// Hayward: traffic of peakedness z on c servers blocks like Poisson
		// traffic of a/z erlangs on c/z servers (Fredericks 1980).
		z := (1 + n.ArrivalSCV) / 2
		c, a = c/z, a/z
	}
	s.pWait = erlangC(c, a)
	return s
}

// Utilisation is ρ, the fraction of time a server is busy.
func (s Steady) Utilisation() float64 { return s.load / s.node.Servers }

// PWait is C, the probability that an arrival has to wait.
func (s Steady) PWait() float64 { return s.pWait }

// MeanWait is the mean time in the queue in seconds, over all arrivals:
// C·D/(c(1−ρ))·(ca²+cs²)/2 (Allen–Cunneen 1978; exact for M/M/c).
func (s Steady) MeanWait() float64 { return s.pWait / s.theta }

// MeanResponse is the mean time from arrival to the end of service, and of what is
// spent beside the queue, seconds.
func (s Steady) MeanResponse() float64 {
	return s.MeanWait() + s.node.of().Service + s.node.Beside.Mean
}

// InSystem is the mean number waiting and in service (Little, Operations Research 9, 1961).
func (s Steady) InSystem() float64 { return float64(s.node.Rate * (s.MeanWait() + s.node.Service)) }

// WaitTail is P(wait > t) = C·e^(−θt), t in seconds. A time before zero, or
// none at all (NaN), counts as certain to pass.
func (s Steady) WaitTail(t float64) float64 {
	switch {
	case !(t >= 0):
		return 1
	case t == 0 || s.pWait == 0:
		return s.pWait
	}
	return float64(s.pWait * portable.Exp(float64(-s.theta*t)))
}

// Wait gives the mean and variance of the time in the queue, over all arrivals.
func (s Steady) Wait() Moments {
	return Moments{Mean: s.MeanWait(), Variance: s.pWait * (2 - s.pWait) / s.theta / s.theta}
}

// ResponseTail is P(wait + service > t), t in seconds, for gamma service of
// the node's mean and variability: exponential where cs² = 1, constant where
// cs² = 0. The wait is nil with probability 1−C, else exponential with rate θ.
//
// With a time beside the queue it is the tail of a gamma distribution with the
// summed means and variances, and at least that of the queue alone.
func (s Steady) ResponseTail(t float64) float64 {
	if !(t > 0) {
		return 1
	}
	queue := s.tail(t, s.pWait)
	if s.node.Beside == (Moments{}) {
		return queue
	}
	return math.Max(queue, s.Residence().tail(t))
}

// tail is ResponseTail for t > 0 with the probability of waiting given.
func (s Steady) tail(t, pWait float64) float64 {
	of := s.node.of()
	switch {
	case of.SCV == 1:
		return expTail(t, pWait, s.theta, 1/of.Service)
	case of.SCV < constantSCV:
		if t < of.Service {
			return 1
		}
		if pWait == 0 || t == of.Service {
			return pWait
		}
		return float64(pWait * portable.Exp(float64(-s.theta*(t-of.Service))))
	}
	return gammaTail(t, pWait, s.theta, of.Service, of.SCV)
}

// ResponsePercentile is the least t in seconds with P(response > t) ≤ 1 − p,
// for 0 < p < 1.
func (s Steady) ResponsePercentile(p float64) (float64, error) {
	if err := checkPercentile(p); err != nil {
		return 0, err
	}
	return s.percentile(p), nil
}

func (s Steady) percentile(p float64) float64 {
	if s.node.Beside != (Moments{}) {
		return quantile(s.ResponseTail, s.MeanResponse(), 1-p)
	}
	if of := s.node.of(); of.SCV < constantSCV {
		if s.pWait <= 1-p {
			return of.Service
		}
		return of.Service + portable.Log(s.pWait/(1-p))/s.theta
	}
	return quantile(func(t float64) float64 { return s.tail(t, s.pWait) }, s.MeanResponse(), 1-p)
}

// Residence gives the mean and variance of the response time. The wait is a
// mixture of nothing and an exponential, so its variance is C(2−C)/θ²; service
// adds cs²·D², and what is spent beside the queue its own, independent of it.
func (s Steady) Residence() Moments {
	wait, of := s.pWait*(2-s.pWait)/s.theta/s.theta, s.node.of()
	return Moments{
		Mean:     s.MeanResponse(),
		Variance: wait + float64(of.SCV*of.Service*of.Service) + s.node.Beside.Variance,
	}
}
