package queueing

import (
	"fmt"
	"math"
)

// Scalability is the universal scalability law (Gunther 2007): throughput of
// N parallel workers, X(N) = γN/(1 + σ(N−1) + κN(N−1)).
type Scalability struct {
	Gamma float64 // γ, throughput of one worker, per second
	Sigma float64 // σ, contention: the serial fraction, 0 ≤ σ < 1
	Kappa float64 // κ, coherence: cost of every pair of workers, κ ≥ 0
}

// Check says what is wrong with the coefficients.
func (s Scalability) Check() error {
	if !(s.Gamma >= 0 && s.Gamma <= math.MaxFloat64) {
		return fmt.Errorf("gamma is %g; give the throughput of one worker, 0 or more", s.Gamma)
	}
	if !(s.Sigma >= 0 && s.Sigma < 1) {
		return fmt.Errorf("sigma is %g; give the serial fraction, from 0 to below 1", s.Sigma)
	}
	if !(s.Kappa >= 0 && s.Kappa <= 1) {
		return fmt.Errorf("kappa is %g; give the coherence cost, from 0 to 1", s.Kappa)
	}
	return nil
}

// Throughput is X(n), per second, for n ≥ 1 workers; below one worker the law
// says nothing and throughput is proportional.
func (s Scalability) Throughput(n float64) (float64, error) {
	if err := s.Check(); err != nil {
		return 0, err
	}
	if !(n >= 0 && n <= math.MaxFloat64) {
		return 0, fmt.Errorf("number of workers is %g; give a finite number, 0 or more", n)
	}
	if n <= 1 {
		return float64(s.Gamma * n), nil
	}
	// Divided through by n, so that a huge n cannot overflow.
	cost := 1/n + float64(s.Sigma*((n-1)/n)) + float64(s.Kappa*(n-1))
	return s.Gamma / cost, nil
}

// Peak is N* = √((1−σ)/κ), the number of workers beyond which more workers do
// less; +Inf without coherence cost, and never below 1.
func (s Scalability) Peak() (float64, error) {
	if err := s.Check(); err != nil {
		return 0, err
	}
	if s.Kappa == 0 {
		return math.Inf(1), nil
	}
	return math.Max(1, math.Sqrt((1-s.Sigma)/s.Kappa)), nil
}

// Contention is σ(n−1) + κn(n−1): by how much n workers that are all busy slow each
// other down, as a part of their time at rest; 0 for one worker and below.
func (s Scalability) Contention(n float64) float64 {
	if n <= 1 {
		return 0
	}
	return float64(s.Sigma*(n-1)) + float64(s.Kappa*n*(n-1))
}
