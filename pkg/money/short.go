package money

import (
	"math/bits"

	"github.com/shopspring/decimal"
)

// This file calculates with 64 bits where that is exact. Package decimal does the same with
// numbers of any length, for which it takes several pieces of memory each; nearly all that a
// bill multiplies, adds and rounds has few digits. The results are decimal's, digit by digit.

// maxShort is the most digits of a short number: any two of them can be added in 64 bits.
const maxShort = 18

// short is a number's digits without the point, where they are few: it is n × 10^exponent.
func short(d decimal.Decimal) (n int64, ok bool) {
	if d.NumDigits() > maxShort {
		return 0, false
	}
	return d.CoefficientInt64(), true
}

// times is x × y.
func times(x, y decimal.Decimal) decimal.Decimal {
	a, okA := short(x)
	b, okB := short(y)
	if !okA || !okB {
		return x.Mul(y)
	}
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > 1<<62 {
		return x.Mul(y)
	}
	n := int64(lo)
	if (a < 0) != (b < 0) {
		n = -n
	}
	return decimal.New(n, x.Exponent()+y.Exponent())
}

// plus is x + y.
func plus(x, y decimal.Decimal) decimal.Decimal {
	a, okA := short(x)
	b, okB := short(y)
	if !okA || !okB || x.Exponent() != y.Exponent() {
		return x.Add(y)
	}
	return decimal.New(a+b, x.Exponent())
}

// round is x with so many decimals at most, halves away from zero.
func round(x decimal.Decimal, places int32) decimal.Decimal {
	n, ok := short(x)
	drop := -(x.Exponent() + places) // digits
	if !ok || drop <= 0 || drop > maxShort {
		return x.Round(places)
	}
	unit := int64(1)
	for range drop {
		unit *= 10
	}
	whole, rest := n/unit, n%unit
	switch {
	case 2*rest >= unit:
		whole++
	case 2*rest <= -unit:
		whole--
	}
	return decimal.New(whole, -places)
}

// magnitude is a number without its sign.
func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}
