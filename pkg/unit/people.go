package unit

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// Numbers without a unit for people. Texts made here are read and never parsed
// again, but for Plain.

// Grouped puts thousands separators into a plain decimal number: 1,234.5.
func Grouped(number string) string {
	first := 0 // of the whole part
	if strings.HasPrefix(number, "-") {
		first = 1
	}
	end := strings.IndexByte(number, '.')
	if end < 0 {
		end = len(number)
	}
	for i := end - 3; i > first; i -= 3 {
		number = number[:i] + "," + number[i:]
	}
	return number
}

// Decimals prints so many decimals, without separators.
func Decimals(x float64, n int) string { return strconv.FormatFloat(x, 'f', n, 64) }

// Fixed prints so many decimals, with thousands separators.
func Fixed(x float64, n int) string { return Grouped(Decimals(x, n)) }

// Whole prints the nearest whole number, with thousands separators.
func Whole(x float64) string { return Fixed(x, 0) }

// Digits prints so many significant digits, without trailing zeros and without
// separators: for factors and results within a formula.
func Digits(x float64, n int) string { return strconv.FormatFloat(x, 'g', n, 64) }

// significant are the digits that a number has for programs: fewer than a float carries, so
// that what sums and quotients leave in the last ones is not taken for a figure.
const significant = 12

// Significant is a number to as many significant digits as programs get.
func Significant(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', significant, 64), 64)
	if err != nil { // beyond the greatest float, to which it is nearest
		return x
	}
	return r
}

// Plain prints all digits of a number, without exponent and separators, as CSV
// and JSON have it.
func Plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Exact prints all digits of an amount, two decimals at least: 5564.95, 0.125,
// 12.00.
func Exact(x float64) string {
	text := Plain(x)
	if _, decimals, _ := strings.Cut(text, "."); len(decimals) < 2 {
		return Decimals(x, 2)
	}
	return text
}

// Percent prints a part, of which 1 is the whole, with so many decimals: 53 %.
// What is no number is a dash.
func Percent(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return Decimals(100*x, decimals) + " %"
}

// ShortPercent prints a part with one decimal where that is not zero: 12 %, 12.5 %.
func ShortPercent(x float64) string { return Plain(math.Round(x*1000)/10) + " %" }

// SignedPercent prints a change in percent of a whole, with its sign: +11.6 %,
// −3.0 %. It is given both, since dividing first would round twice.
func SignedPercent(change, whole float64, decimals int) string {
	p := 100 * change / whole
	if p < 0 {
		return "−" + Decimals(-p, decimals) + " %"
	}
	return "+" + Decimals(p, decimals) + " %"
}

// Rounded keeps so many significant decimal digits.
func Rounded(x float64, digits int) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil { // out of range, which rounding up could only do at the very end of it
		return x
	}
	return y
}

// PriceOfOne prints what one of something costs: cents, and below a dime three
// significant digits, so that little never looks like nothing: 2.42, 0.0446,
// 0.000123.
func PriceOfOne(x float64) string {
	size := math.Abs(x)
	if size >= 0.1 || size == 0 || math.IsNaN(size) {
		return Fixed(x, 2)
	}
	return Decimals(x, 2-Decade(size))
}

// Decade is the power of ten of the first digit of a finite x > 0: 2 of 123, and −2 of
// 0.05. It is that of the digits as they are printed, not of a logarithm, which on some
// machines rounds a power of ten down.
func Decade(x float64) int {
	_, power, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	n, err := strconv.Atoi(power)
	if err != nil { // not a finite number
		return 0
	}
	return n
}

// BesideLimit is how many decimals of x, n at least, it takes to see on which side of
// a limit x is: rounded to fewer, what is beyond it would look like what just keeps
// it.
func BesideLimit(x, limit float64, n int) int {
	const most = 15 // a float64 has no more digits
	for ; n < most; n++ {
		shown, err := strconv.ParseFloat(Decimals(x, n), 64)
		if err != nil || cmp.Compare(shown, limit) == cmp.Compare(x, limit) {
			break
		}
	}
	return n
}
