package unit

import (
	"fmt"
	"math"
	"strconv"
)

// Fraction is a share of a whole: 1 is 100 %. It may exceed 1; who needs less
// checks it.
type Fraction float64

// Count is a number of things. It may have decimals: an average is a count
// too; who needs whole things checks it.
type Count float64

// ParseFraction reads a fraction such as 99.9% or 0.999. Above 1 it needs the
// sign: 10 would be read as ten times the whole by some and as 10 % by others.
func ParseFraction(text string) (Fraction, error) {
	x, err := fractions().parse(text)
	return Fraction(x), err
}

// ParseCount reads a count such as 2500, 5k or 1.5M.
func ParseCount(text string) (Count, error) {
	x, err := counts().parse(text)
	return Count(x), err
}

// String prints percent, or the bare number where no percentage is exact.
func (f Fraction) String() string { return fractions().text(float64(f)) }

// String prints the plain number.
func (c Count) String() string { return counts().text(float64(c)) }

// Human prints percent for people. What is below 100 % never reads 100 %:
// 99.95 % keeps its last digit.
func (f Fraction) Human() string {
	x := float64(f)
	if x > 0.999 && x < 1 {
		for places := 1; places <= 13; places++ {
			if s := strconv.FormatFloat(100*x, 'f', places, 64); s[0] == '9' && s[len(s)-1] != '0' {
				return s + " %"
			}
		}
	}
	return fractions().people(x)
}

// Human prints the count for people.
func (c Count) Human() string { return counts().people(float64(c)) }

// ParseScalar sets the fraction from the text of a profile.
func (f *Fraction) ParseScalar(text string) error { return set(f, text, ParseFraction) }

// ParseScalar sets the count from the text of a profile.
func (c *Count) ParseScalar(text string) error { return set(c, text, ParseCount) }

// JSONSchema describes what ParseScalar accepts.
func (*Fraction) JSONSchema() map[string]any { return fractions().schema() }

// JSONSchema describes what ParseScalar accepts.
func (*Count) JSONSchema() map[string]any { return counts().schema() }

// fractionsScale is made once; nothing changes it.
var fractionsScale = newFractions()

func fractions() scale { return fractionsScale }

func newFractions() scale {
	percent := []symbol{{"%", 1, 100}}
	return scale{
		what:    "fraction",
		example: "99.9%",
		list:    "% or no unit",
		symbols: percent,
		print:   percent,
		human:   percent,
		gap:     " ",
		bare:    true,
		whole:   true,
		aliases: []alias{{"percent", "%"}, {"pct", "%"}, {"%%", "%"}},
	}
}

// countsScale is made once; nothing changes it.
var countsScale = newCounts()

func counts() scale { return countsScale }

func newCounts() scale {
	one := []symbol{{"", 1, 1}}
	return scale{
		what:    "count",
		example: "2500",
		list:    "k M G or no unit",
		symbols: []symbol{{"k", 1e3, 1}, {"M", 1e6, 1}, {"G", 1e9, 1}},
		print:   one,
		human:   one,
		bare:    true,
		aliases: []alias{
			{"m", "M"}, {"mio", "M"}, {"mn", "M"}, {"million", "M"}, {"thousand", "k"},
			{"b", "G"}, {"bn", "G"}, {"billion", "G"},
		},
	}
}

// slack keeps a ceiling from counting rounding errors as need (MODEL section 0).
const slack = 1e-9

// maxCount bounds a number of things to what a float64 counts exactly and an int
// holds, also where that has 32 bits.
const maxCount = min(1<<50, math.MaxInt)

// CeilCount is ⌈x·(1−1e-9)⌉, the ceiling that MODEL section 0 asks for: how
// many whole things cover x. NaN, infinities, negative numbers and numbers
// above maxCount are an error: no model needs that many of anything.
func CeilCount(x float64) (int, error) {
	if !(x >= 0 && x <= maxCount) {
		return 0, fmt.Errorf("%v is not a number of things between 0 and %d", x, maxCount)
	}
	return int(math.Ceil(x * (1 - slack))), nil
}
