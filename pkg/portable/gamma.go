package portable

import "math"

// GammaQ is the regularised upper incomplete gamma function Q(a, x) = Γ(a, x)/Γ(a), the
// probability that a gamma distributed number of shape a and scale 1 is greater than x,
// for a > 0 and x ≥ 0. It is within 1e-14 of itself.
func GammaQ(a, x float64) float64 {
	switch {
	case !(a > 0 && x >= 0):
		return math.NaN()
	case x == 0:
		return 1
	case math.IsInf(x, 1):
		return 0
	case a >= uniformShape && x > 0.4*a && x < 2*a:
		return uniformQ(a, x)
	case x > math.Max(1, a):
		// DLMF 8.9.2.
		return float64(Poisson(a, x) * a * GammaFraction(a, x))
	case a < 1:
		return smallQ(a, x)
	}
	// DLMF 8.7.1; here P is not close to 1.
	return 1 - float64(Poisson(a, x)*RisingSum(a, x))
}

// Poisson is x^k·e^(−x)/Γ(k+1) for k > 0 and 0 ≤ x < ∞: the probability of k events where
// x are expected, continued to numbers between the whole ones. It is within 3e-15 of itself.
func Poisson(k, x float64) float64 {
	const far = 1e18 // here distance is above most
	switch {
	case x == 0 || k >= uniformShape && (x/k < 1/far || x/k > far):
		return 0
	case k < uniformShape:
		return exp(log(double{x, 0}).times(double{k, 0}).plus(double{-x, 0})) / factorial(k)
	}
	return exp(distance(k, x).times(double{-1, 0})) / (math.Sqrt(2*math.Pi*k) * stirling(k))
}

// RisingSum is Σ xⁿ/((k+1)(k+2)…(k+n)), Kummer's function M(1, k+1, x) (DLMF 13.2.2), for
// 0 ≤ x ≤ k+1, where the terms never grow.
func RisingSum(k, x float64) float64 {
	const negligible = 1e-17
	term, sum := 1.0, 1.0
	for n := 1.0; term > negligible*sum; n++ {
		term = float64(term * (x / (k + n)))
		sum += term
	}
	return sum
}

// GammaFraction is Γ(a, x)·e^x·x^(−a), for a > 0 and x > 1 that is not much below a: no x
// is too large for it. It is the even part of the continued fraction
//
//	1/(x+1−a − 1(1−a)/(x+3−a − 2(2−a)/(x+5−a − …)))
//
// (Abramowitz and Stegun 6.5.31; Press and others, eq. 6.2.7) by Lentz's method.
func GammaFraction(a, x float64) float64 {
	const (
		tiny     = 1e-300
		accuracy = 3e-16
		steps    = 1000 // 100 are enough at x = 1, where it is slowest
	)
	b := x + 1 - a
	c := 1 / tiny
	d := 1 / b
	h := d
	for n := 1.0; n <= steps; n++ {
		an := -n * (n - a)
		b += 2
		d = float64(an*d) + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + an/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		step := float64(d * c)
		h = float64(h * step)
		if math.Abs(step-1) <= accuracy {
			break
		}
	}
	return h
}

// smallQ is GammaQ for 0 < a < 1 and 0 < x ≤ 1: one less P(a, x) by the series
// P = x^a/Γ(a+1)·(1 + a·Σ (−x)ⁿ/(n!·(a+n))) (DLMF 8.7.3), without losing what is left
// where a is small.
func smallQ(a, x float64) float64 {
	const negligible = 1e-17
	power, sum := 1.0, 0.0
	for n := 1.0; ; n++ {
		power = -power * (x / n)
		term := power / (a + n)
		sum += term
		if math.Abs(term) <= negligible*math.Abs(sum) {
			break
		}
	}
	less := Expm1(float64(a*Log(x)) - logFactorial(a))
	return -less - float64((1+less)*float64(a*sum))
}

// factorial is Γ(k+1), for 0 < k < uniformShape.
func factorial(k float64) float64 {
	product := 1.0
	for ; k > 0.5; k-- {
		product = float64(product * k)
	}
	return float64(product * Exp(logFactorial(k)))
}

// logFactorial is ln Γ(z+1), −½ ≤ z < 1: −ln(1+z) + z(1−γ) + Σ (−1)^k·(ζ(k)−1)·z^k/k
// (DLMF 5.7.3).
func logFactorial(z float64) float64 {
	if z > 0.5 { // Γ(z+1) = z·Γ(z)
		return Log(z) + logFactorial(z-1)
	}
	const rest = 0.42278433509846713939 // 1 − γ, Euler's constant (DLMF 5.2.3)
	sum := 0.0
	for i := len(zeta) - 1; i >= 0; i-- {
		k := float64(i + 2)
		sum = zeta[i]/k - float64(sum*z)
	}
	return float64(z*(rest+float64(z*sum))) - Log1p(z)
}

// zeta are ζ(k) − 1 for k = 2, 3, … (Abramowitz and Stegun, table 23.3). The first that is
// left out adds less than 2⁻⁵⁷.
var zeta = [...]float64{
	0.64493406684822643647, 0.20205690315959428540, 0.082323233711138191516, 0.036927755143369926331,
	0.017343061984449139715, 0.0083492773819228268398, 0.0040773561979443393787, 0.0020083928260822144179,
	0.00099457512781808533715, 0.00049418860411946455870, 0.00024608655330804829864, 0.00012271334757848914675,
	6.1248135058704829259e-5, 3.0588236307020493552e-5, 1.5282259408651871733e-5, 7.6371976378997622736e-6,
	3.8172932649998398565e-6, 1.9082127165539389257e-6, 9.5396203387279611315e-7, 4.7693298678780646312e-7,
	2.3845050277273299000e-7, 1.1921992596531107307e-7, 5.9608189051259479612e-8, 2.9803503514652280186e-8,
	1.4901554828365041235e-8, 7.4507117898354294920e-9,
}
