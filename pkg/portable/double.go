package portable

import "math"

// double is the sum of two numbers, of which lo is what rounding takes off hi: about 106
// bits (Dekker, Numerische Mathematik 18, 1971). No product is added without an explicit
// rounding or math.FMA, which rounds once on every machine.
type double struct{ hi, lo float64 }

// plus adds two numbers of any size (Knuth, The Art of Computer Programming 2, 4.2.2).
func (a double) plus(b double) double {
	s := a.hi + b.hi
	t := s - a.hi
	lo := (a.hi - (s - t)) + (b.hi - t)
	return carry(s, lo+(a.lo+b.lo))
}

func (a double) times(b double) double {
	p := float64(a.hi * b.hi)
	lo := math.FMA(a.hi, b.hi, -p)
	return carry(p, lo+(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

func (a double) over(b double) double {
	q := a.hi / b.hi
	rest := a.plus(b.times(double{-q, 0}))
	return carry(q, rest.hi/b.hi)
}

// carry makes hi the rounded sum; lo is the smaller.
func carry(hi, lo float64) double {
	s := hi + lo
	return double{s, lo - (s - hi)}
}

// ln2 in two parts.
const ln2hi = 0x1.62e42fefa39efp-1

func ln2() double { return double{ln2hi, math.Ln2 - ln2hi} }

// Terms of the two series: the first that is left out is below 2⁻⁸⁰ of the sum.
const (
	logTerms = 16 // 0.172³²
	expTerms = 10 // 0.022¹¹/11!
)

// reciprocals are 1/n for n up to 2·logTerms + 1, the most that the series divide by.
var reciprocals = func() (out [2*logTerms + 2]double) {
	for n := 1; n < len(out); n++ {
		out[n] = double{1, 0}.over(double{float64(n), 0})
	}
	return out
}()

// log takes the power of two off and sums 2·(s + s³/3 + s⁵/5 + …), s = (f−1)/(f+1), for
// the rest f between √½ and √2, where |s| < 0.172.
func log(x double) double {
	f, k := math.Frexp(x.hi)
	if f < math.Sqrt2/2 {
		f, k = 2*f, k-1
	}
	rest := double{f, math.Ldexp(x.lo, -k)}
	s := rest.plus(double{-1, 0}).over(rest.plus(double{1, 0}))
	square := s.times(s)
	sum := double{}
	for n := logTerms; n >= 0; n-- {
		sum = sum.times(square).plus(reciprocals[2*n+1])
	}
	sum = sum.times(s)
	return ln2().times(double{float64(k), 0}).plus(double{2 * sum.hi, 2 * sum.lo})
}

// exp takes a multiple of ln 2 off and sums 1 + r·(1 + r/2·(1 + r/3·(…))) for a
// sixteenth r of the rest, |r| < 0.022; e^16r is that squared four times.
func exp(x double) float64 {
	switch {
	case x.hi > most:
		return math.Inf(1)
	case x.hi < -most:
		return 0
	}
	k := math.Round(x.hi / math.Ln2)
	r := x.plus(ln2().times(double{-k, 0}))
	r = double{float64(r.hi / 16), float64(r.lo / 16)}
	sum := double{1, 0}
	for n := expTerms; n >= 1; n-- {
		sum = sum.times(r).times(reciprocals[n]).plus(double{1, 0})
	}
	for range 4 {
		sum = sum.times(sum)
	}
	return math.Ldexp(sum.hi+sum.lo, int(k))
}
