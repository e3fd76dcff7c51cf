package queueing

import (
	"math"

	"headroom/pkg/portable"
)

// expTail is P(W+S > t) for exponential service of rate μ and a wait that is
// nil with probability 1−C, else exponential of rate θ, as in M/M/c (Adan and
// Resing 2015, ch. 5).
// With m, M the smaller and the larger of θ and μ:
//
//	(1−C)e^(−μt) + C·e^(−mt)·[1 + m(1−e^(−(M−m)t))/(M−m)]
//
// The quotient goes through expm1, so that nearly equal rates lose nothing.
func expTail(t, pWait, theta, mu float64) float64 {
	free := portable.Exp(float64(-mu * t))
	if pWait == 0 {
		return free
	}
	m, gap := theta, mu-theta
	if gap < 0 {
		m, gap = mu, -gap
	}
	part := float64(m * t) // the limit as the rates meet
	if gap*t > 0 {
		part = float64(m * (-portable.Expm1(float64(-gap*t)) / gap))
	}
	slow := free
	if m != mu {
		slow = portable.Exp(float64(-m * t))
	}
	return math.Min(1, float64((1-pWait)*free)+float64(pWait*slow*(1+part)))
}

// gammaTail is P(W+S > t) for gamma service of mean D and squared coefficient
// of variation cs² (shape k = 1/cs², scale β = D·cs²) and the same wait:
//
//	P(S > t) + C·∫₀ᵗ f(s)·e^(−θ(t−s)) ds
//
// The integral is (t/β)^k/Γ(k+1)·e^(−θt)·M(k, k+1, (θ−1/β)t) with Kummer's
// function M (Abramowitz and Stegun 13.2.1). Each branch below sums positive
// terms only, so nothing cancels, and t may be far out in the tail.
func gammaTail(t, pWait, theta, mean, scv float64) float64 {
	k, beta := 1/scv, float64(mean*scv)
	u := t / beta
	alone := portable.GammaQ(k, u)
	if pWait == 0 || math.IsInf(u, 1) {
		return alone
	}
	scale := portable.Poisson(k, u)
	x := float64(theta*t) - u
	var wait float64
	switch {
	case x >= 0:
		wait = scale * poissonMean(k, x)
	case -x <= k+1:
		wait = scale * portable.RisingSum(k, -x)
	default:
		// e^(−θt)·(1−θβ)^(−k)·P(k, |x|); here P is not small.
		p := 1 - portable.GammaQ(k, -x)
		wait = portable.Exp(-float64(theta*t)-float64(k*portable.Log1p(float64(-theta*beta)))) * p
	}
	return math.Min(1, alone+float64(pWait*wait))
}

// poissonMean is e^(−x)·M(k, k+1, x) = E[k/(k+N)], N Poisson with mean x ≥ 0.
// Weights are relative to the mode's and divided by their sum, so no power or
// factorial is ever formed.
func poissonMean(k, x float64) float64 {
	const negligible = 1e-18
	mode := math.Floor(x)
	weights, sum := 1.0, k/(k+mode)
	w := 1.0
	for n := mode + 1; ; n++ {
		w = float64(w * (x / n))
		weights += w
		sum += float64(w * (k / (k + n)))
		if w <= negligible {
			break
		}
	}
	w = 1
	for n := mode; n > 0; n-- {
		w = float64(w * (n / x))
		weights += w
		sum += float64(w * (k / (k + n - 1)))
		if w <= negligible*sum {
			break
		}
	}
	return sum / weights
}

// quantile is the least t with tail(t) ≤ q, for a tail that falls from 1 to 0
// over a scale of about mean, to 1e-14 relative. It bisects: halving needs
// nothing of the tail but that it falls.
func quantile(tail func(float64) float64, mean, q float64) float64 {
	const accuracy = 1e-14
	lo, hi := 0.0, mean
	for tail(hi) > q {
		lo, hi = hi, 2*hi
	}
	// A very variable time has percentiles many orders below its mean.
	for lo == 0 && hi > math.SmallestNonzeroFloat64 {
		if mid := float64(hi / 2); tail(mid) > q {
			lo = mid
		} else {
			hi = mid
		}
	}
	for hi-lo > accuracy*hi {
		mid := lo + float64((hi-lo)/2)
		if mid <= lo || mid >= hi {
			break
		}
		if tail(mid) > q {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}
