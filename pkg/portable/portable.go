// Package portable has exponentials, logarithms, powers and gamma functions that are the
// same, to the last bit, on every machine. Those of package math are not: they are other
// code on amd64, arm64 and s390x, on amd64 depend on the processor, and elsewhere leave
// it to the compiler which sums it rounds once. Gonum's use these. A test holds the
// project to this package.
//
// All here is made of sums, products, quotients and square roots, which IEEE 754 rounds
// in one way only; every product that is added to something is rounded first.
//
// Sources:
//
//	DLMF: NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov.
//	Cody and Waite, "Software Manual for the Elementary Functions", 1980.
//	Dekker, "A floating-point technique for extending the available precision",
//	Numerische Mathematik 18, 1971.
//	Gil, Segura and Temme, "Efficient and accurate algorithms for the computation and
//	inversion of the incomplete gamma function ratios", SIAM Journal on Scientific
//	Computing 34, 2012.
//	Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964.
//	Press and others, "Numerical Recipes in C", 2nd ed., 1992.
package portable

import "math"

// Log is the natural logarithm of a finite x > 0, within 1e-15 of itself (at most the
// last bit is wrong).
func Log(x float64) float64 {
	l := log(double{x, 0})
	return l.hi + l.lo
}

// Log1p is the natural logarithm of 1 + x for a finite x > −1, with the accuracy of Log
// also where x is next to nothing.
func Log1p(x float64) float64 {
	l := log(double{1, 0}.plus(double{x, 0}))
	return l.hi + l.lo
}

// Pow is x to the power y, for finite x ≥ 0 and y, with the accuracy of Log; 0 to a power
// below 0 is +Inf.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x == 0 && y > 0:
		return 0
	case x == 0:
		return math.Inf(1)
	}
	return exp(log(double{x, 0}).times(double{y, 0}))
}

// most is an exponent that e^most is too large for any number, and e^−most too small.
const most = 1100 * math.Ln2

// Exp is e to the power x, within 3e-16 of itself.
func Exp(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case x > most:
		return math.Inf(1)
	case x < -most:
		return 0
	}
	p, k := expm1(x)
	return math.Ldexp(1+p, k)
}

// Expm1 is e to the power x less 1, within 5e-16 of itself also where x is next to
// nothing.
func Expm1(x float64) float64 {
	const enough = 60 // powers of two, beside which the 1 is nothing
	if !(math.Abs(x) <= enough*math.Ln2) {
		return Exp(x) - 1
	}
	p, k := expm1(x)
	if k == 0 {
		return p
	}
	return math.Ldexp(p, k) + (math.Ldexp(1, k) - 1)
}

// expm1 is e^r − 1 and the k of x = k·ln 2 + r, for |x| up to most. The first part of
// ln 2 has so few bits that its product with k is exact (Cody and Waite 1980, ch. 6); of
// Taylor's series (DLMF 4.2.19) the first term left out is below 2⁻⁵⁶ of the sum.
func expm1(x float64) (p float64, k int) {
	const first, second = 0x1.62e42feep-1, 0x1.a39ef35793c76p-33
	n := math.Round(x / math.Ln2)
	r := x - float64(n*first) - float64(n*second)
	sum := 0.0
	for i := len(inverseFactorials) - 1; i >= 2; i-- {
		sum = inverseFactorials[i] + float64(sum*r)
	}
	return r + float64(r*float64(r*sum)), int(n)
}

// inverseFactorials are 1/n!.
var inverseFactorials = func() (out [14]float64) {
	factorial := 1.0
	for n := range out {
		factorial *= math.Max(1, float64(n))
		out[n] = 1 / factorial
	}
	return out
}()
