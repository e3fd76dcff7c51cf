package unit

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// text prints x so that it parses back to the identical number: in the unit
// that gives the shortest number of at least 1 (or in the smallest unit), the
// larger unit where two are equally short, and in base units where no unit is
// exact.
func (s scale) text(x float64) string {
	number, u := s.shortest(x)
	return number + u.name
}

func (s scale) shortest(x float64) (number string, u symbol) {
	base := symbol{"", 1, 1}
	if !s.bare {
		base = s.one()
	}
	switch {
	case x == 0:
		return "0", s.one()
	case !(x > 0), math.IsInf(x, 1): // what Parse never returns
		return strconv.FormatFloat(x, 'g', -1, 64), base
	}
	number, u = Plain(x), base
	if s.whole && x > 1 { // such a number needs its unit
		number, u = hundredfold(number), s.one()
	}
	best := -1
	for i, p := range s.print {
		n, ok := exactIn(x, p, i == len(s.print)-1)
		if !ok {
			continue
		}
		if best < 0 || len(n) < best {
			number, u, best = n, p, len(n)
		}
	}
	return number, u
}

// hundredfold moves the point of a number above 1 by two places: unlike a product
// of floats it is exact.
func hundredfold(number string) string {
	whole, frac, _ := strings.Cut(number, ".")
	frac += strings.Repeat("0", max(0, 2-len(frac)))
	return strings.TrimSuffix(whole+frac[:2]+"."+frac[2:], ".")
}

// one is the unit of factor 1 that String prints, or its first unit where it
// prints none (percent).
func (s scale) one() symbol {
	for _, u := range s.print {
		if u.num == u.den {
			return u
		}
	}
	return s.print[0]
}

// exactIn writes x in a unit, if the number is at least 1 there (or may be
// smaller) and parses back to x. Fifteen digits are tried first: x may be one
// rounding away from the short number that somebody wrote.
func exactIn(x float64, u symbol, smaller bool) (string, bool) {
	v, ok := quotient(x, u.den, u.num)
	if !ok {
		v, _ = new(big.Rat).Mul(new(big.Rat).SetFloat64(x), big.NewRat(u.den, u.num)).Float64()
	}
	if !(v >= 1 || smaller) || math.IsInf(v, 1) {
		return "", false
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return "", false
	}
	for _, y := range [...]float64{short, v} {
		n := strconv.FormatFloat(y, 'f', -1, 64)
		if number, rest := split(n); rest == "" && number != "" && times(number, u) == x {
			return n, true
		}
	}
	return "", false
}

// quotient is the float64 nearest to x × num / den, where two operations give
// just that: the product is exact, so only the division rounds. Most quantities
// are such, and big numbers take twenty times as long.
func quotient(x float64, num, den int64) (float64, bool) {
	const exact, tiny = 1 << 53, 1e-200 // below tiny, the FMA could lose the rest it looks for
	if num > exact || den > exact || !(x > tiny) {
		return 0, false
	}
	product := x * float64(num)
	if math.FMA(x, float64(num), -product) != 0 {
		return 0, false
	}
	return product / float64(den), true
}

// people prints x for people: as it was written where that is at most three
// digits, otherwise with three significant digits (whole from 100 up) in the
// largest of the scale's usual units that gives at least 1.
func (s scale) people(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	if x < 0 {
		return "-" + s.people(-x)
	}
	if n, u, ok := s.asWritten(x); ok {
		return n + s.gap + u.name
	}
	u := s.human[len(s.human)-1]
	for _, h := range s.human {
		if x*float64(h.den)/float64(h.num) >= 1 {
			u = h
			break
		}
	}
	return three(x*float64(u.den)/float64(u.num)) + s.gap + u.name
}

// asWritten finds the unit in which x has at most three digits, as somebody
// will have written it. Twelve digits decide: people see no more, and floats
// are a hundred times faster here than the fractions that String needs.
func (s scale) asWritten(x float64) (number string, u symbol, ok bool) {
	if x == 0 {
		return "0", s.one(), true
	}
	for i, p := range s.print {
		v := x * float64(p.den) / float64(p.num)
		if !(v > 1-1e-9 || i == len(s.print)-1) || v < 1e-3 || v > 1e4 {
			continue
		}
		n := Plain(Rounded(v, 12))
		if len(strings.Replace(n, ".", "", 1)) <= 3 && (!ok || len(n) < len(number)) {
			number, u, ok = n, p, true
		}
	}
	return number, u, ok
}

// three prints three significant digits with thousands separators, without
// trailing zeros; from 100 up all digits of the whole number.
func three(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 1e-6 || x >= 1e15: // beyond what a person reads as digits
		return Digits(x, 3)
	case x >= 99.95:
		return Whole(math.Round(x)) // halves go up
	}
	return Plain(Rounded(x, 3))
}
