package whatif

import (
	"math"

	"headroom/pkg/unit"
)

// grid numbers the values of an input that a search looks at: all numbers of so
// many decimal digits, of which whole ones may be all that count.
type grid struct {
	digits int
	whole  bool
}

// Digits of a search: three where every value is tried, six where bisection
// needs twenty steps for a million of them.
const (
	scanDigits = 3
	fineDigits = 6
)

// base is the first number of so many digits.
func (g grid) base() int64 { return int64(math.Pow10(g.digits - 1)) }

// at is the value of a number. Numbers of whole values begin with 0.
func (g grid) at(i int64) float64 {
	b := g.base()
	if g.whole && i < b {
		return float64(i)
	}
	if g.whole {
		i -= b
	}
	e, m := floorDiv(i, 9*b)
	x := float64(b + m)
	if e >= 0 {
		return unit.Rounded(float64(x*math.Pow10(int(e))), g.digits)
	}
	return unit.Rounded(x/math.Pow10(int(-e)), g.digits)
}

// index is the number of the greatest value that is at most x, for x > 0.
func (g grid) index(x float64) int64 {
	b := g.base()
	if g.whole && x < float64(b) {
		return int64(math.Floor(x))
	}
	e := int64(unit.Decade(x)) - int64(g.digits-1)
	i := e*9*b + int64(x/math.Pow10(int(e))) - b
	if g.whole {
		i += b
	}
	// Powers of ten round; a step or two corrects that.
	for g.at(i) > x {
		i--
	}
	for g.at(i+1) <= x {
		i++
	}
	return i
}

func floorDiv(a, b int64) (quotient, rest int64) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		quotient, rest = quotient-1, rest+b
	}
	return quotient, rest
}
