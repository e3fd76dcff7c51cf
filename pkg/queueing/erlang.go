package queueing

import (
	"math"

	"headroom/pkg/portable"
)

// erlangC is the probability that an arrival has to wait when c servers are
// offered a erlangs, 0 ≤ a < c, and all who wait stay (Erlang's delay formula):
// C = B/(1 − ρ(1−B)) (Erlang 1917; Kleinrock 1975, ch. 3). It is written with
// c − a, which is exact where c and a are close, instead of 1 − ρ, which is not; that
// keeps the relative error near 1e-12 at a utilisation of 0.9999.
func erlangC(c, a float64) float64 {
	if a == 0 {
		return 0
	}
	b := 1 / inverseB(c, a)
	return math.Min(1, c*b/((c-a)+float64(a*b)))
}

// inverseB is 1/B(c, a), at least 1 and +Inf where B is below the smallest
// float64. B is the probability that an arrival finds all c servers busy when
// nobody waits (Erlang's loss formula), for an offered load of a erlangs.
//
// For whole c it is the recursion B(0) = 1, B(k) = a·B(k−1)/(k + a·B(k−1))
// (Erlang 1917). For other c it is the continuation
// 1/B(c,a) = a·∫₀^∞ e^(−a·t)·(1+t)^c dt (Fortet; Jagerman 1974, theorem 3),
// which obeys the same recursion and so needs the integral only for c below
// one. The inverse form of the recursion, 1/B(k) = 1 + (k/a)/B(k−1), has only
// positive terms and needs no division within the loop; an error in one step is
// damped by the next, so the sum stays within about c·2⁻⁵³.
func inverseB(c, a float64) float64 {
	if a == 0 {
		return math.Inf(1)
	}
	whole := math.Floor(c)
	frac := c - whole
	inv := 1.0
	if frac > 0 {
		inv = inverseBFraction(frac, a)
	}
	perErlang := 1 / a
	for k := 1.0; k <= whole; k++ {
		inv = 1 + float64(float64((k+frac)*perErlang)*inv)
	}
	return inv
}

// inverseBFraction is 1/B(f, a) for 0 < f < 1: a^(−f)·e^a·Γ(1+f, a), the
// integral of inverseB in closed form. For a load above 2 it comes from the continued
// fraction of Γ(1+f, a), whose factor e^(−a)·a^(1+f) cancels on paper, so that no load is
// too large for it.
func inverseBFraction(f, a float64) float64 {
	if a <= 2 {
		return portable.GammaQ(1+f, a) / portable.Poisson(f, a)
	}
	return float64(a * portable.GammaFraction(1+f, a))
}
