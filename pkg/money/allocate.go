package money

import (
	"math"
	"slices"

	"github.com/shopspring/decimal"
)

// Allocate splits a whole number of units (cents of a bill whose tiers count
// several components together) by weight, such as bytes. The parts add up to
// the whole; what rounding leaves over goes to the largest remainders, and to
// the first of equal ones. Without any weight the first part takes all.
func Allocate(units int64, weights []float64) []int64 {
	out := make([]int64, len(weights))
	if len(out) == 0 {
		return out
	}
	total := 0.0
	for _, w := range weights {
		total += math.Max(0, w)
	}
	if !(total > 0) || math.IsInf(total, 0) {
		out[0] = units
		return out
	}
	rest := make([]float64, len(out))
	order := make([]int, len(out))
	left := units
	for i, w := range weights {
		exact := float64(float64(units) * (math.Max(0, w) / total))
		floor := math.Floor(exact)
		out[i], rest[i], order[i] = int64(floor), exact-floor, i
		left -= int64(floor)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rest[a] > rest[b]:
			return -1
		case rest[a] < rest[b]:
			return 1
		}
		return 0
	})
	for i := 0; left > 0; i = (i + 1) % len(order) {
		out[order[i]]++
		left--
	}
	for i := len(order) - 1; left < 0; i = (i + len(order) - 1) % len(order) {
		if out[order[i]] > 0 { // rounding in the division gave one too many
			out[order[i]]--
			left++
		}
	}
	return out
}

// Instalment is one of so many equal parts of the amount, counted from 0, in whole cents.
// Those of an amount of whole cents add up to it exactly: each is what is due until then
// less what was due before.
func (a Amount) Instalment(i, of int) Amount {
	due := func(parts int) decimal.Decimal {
		return a.d.Mul(decimal.NewFromInt(int64(parts))).DivRound(decimal.NewFromInt(int64(of)), 2)
	}
	return Amount{due(i + 1).Sub(due(i))}
}

// Split divides an amount of whole cents by weight, as Allocate does. The parts are
// whole cents and add up to it exactly.
func (a Amount) Split(weights []float64) []Amount {
	out := make([]Amount, len(weights))
	for i, n := range Allocate(int64(math.Round(a.Float64()*100)), weights) {
		out[i] = Amount{decimal.New(n, -2)}
	}
	return out
}
