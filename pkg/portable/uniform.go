package portable

import "math"

// uniformShape is the shape from which on the expansions for large ones are exact to the
// last bits.
const uniformShape = 20

// distance is y = x − a − a·ln(x/a), at least 0: e^(−y) is how fast the terms of a gamma
// distribution of shape a fall beside its middle. What is lost where x is close to a is
// less than the 53 bits that a double has to lose.
func distance(a, x float64) double {
	shape := double{a, 0}
	log := log(double{x, 0}.over(shape))
	return double{x, 0}.plus(double{-a, 0}).plus(log.times(shape).times(double{-1, 0}))
}

// stirling is Γ*(a) = Γ(a+1)/(√(2πa)·(a/e)^a) for a ≥ uniformShape, by Stirling's series
// for its logarithm (DLMF 5.11.1); the first term left out is below 2⁻⁷⁰.
func stirling(a float64) float64 {
	const (
		s1 = 1.0 / 12
		s2 = -1.0 / 360
		s3 = 1.0 / 1260
		s4 = -1.0 / 1680
		s5 = 1.0 / 1188
		s6 = -691.0 / 360360
	)
	q := 1 / a / a
	sum := s5 + float64(q*s6)
	sum = s4 + float64(q*sum)
	sum = s3 + float64(q*sum)
	sum = s2 + float64(q*sum)
	return Exp((s1 + float64(q*sum)) / a)
}

// uniformQ is GammaQ for a ≥ uniformShape and 0.4·a < x < 2·a. With ½η² = y/a (see
// distance) and η of the sign of x − a:
//
//	Q(a, x) = ½·erfc(η·√(a/2)) + e^(−y)/√(2πa)·Σ βₙ·ηⁿ/Γ*(a)
//
// (DLMF 8.12.3; Gil, Segura and Temme 2012, section 2.4), where the βₙ follow from the
// coefficients of ramp downwards: β₍ₙ₋₁₎ = fₙ + (n+1)·β₍ₙ₊₁₎/a. That is what the
// derivative of both sides says. And erfc(√y) = Q(½, y) (DLMF 7.11.2).
func uniformQ(a, x float64) float64 {
	d := distance(a, x)
	y := math.Max(0, d.hi+d.lo)
	eta := math.Sqrt(2 * y / a)
	half := float64(GammaQ(0.5, y) / 2)
	if x < a {
		eta, half = -eta, 1-half
	}
	sum, next, after := 0.0, 0.0, 0.0 // next and after are βₙ and β₍ₙ₊₁₎
	for n := len(ramp) - 1; n >= 1; n-- {
		next, after = ramp[n]+float64(float64(n+1)*after)/a, next
		sum = next + float64(sum*eta)
	}
	return half + float64(exp(d.times(double{-1, 0}))/(math.Sqrt(2*math.Pi*a)*stirling(a))*sum)
}

// ramp are the coefficients fₙ of η/μ = Σ fₙ·ηⁿ, where ½η² = μ − ln(1+μ). As μ' = η/μ + η
// and μ·μ' = (1+μ)·η, those of μ itself follow from each other: m₁ = 1, and
// (n+1)·mₙ = m₍ₙ₋₁₎ − Σ mⱼ·(n+1−j)·m₍ₙ₊₁₋ⱼ₎ for j from 2 to n−1.
var ramp = func() (f [27]float64) {
	var m [len(f) + 1]float64
	m[1] = 1
	for n := 2; n < len(m); n++ {
		sum := m[n-1]
		for j := 2; j < n; j++ {
			sum -= float64(m[j] * float64(float64(n+1-j)*m[n+1-j]))
		}
		m[n] = sum / float64(n+1)
	}
	for n := range f {
		f[n] = float64(float64(n+1) * m[n+1])
	}
	f[1]--
	return f
}()
