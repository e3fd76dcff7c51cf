package unit

import (
	"math/big"
	"strconv"
	"strings"
)

// A number has at most so many digits before and after its point. Within the
// bounds every product with a unit is finite (10^292 PiB is 1.1e307 bytes), so
// that the schema's pattern alone decides what is accepted, and every float64
// below 1e292 can be written down (the smallest need 324 decimals).
const (
	maxWhole = 292
	maxFrac  = 340
)

// symbol is a unit: one of it is num/den base units.
type symbol struct {
	name     string
	num, den int64
}

// alias is a wrong spelling and the unit that is probably meant, empty where
// none may be suggested.
type alias struct{ wrong, right string }

// scale says how one kind of quantity is written.
type scale struct {
	what    string   // "size", as in "a size needs a unit"
	example string   // "2MB"
	list    string   // the units as an error message shows them
	symbols []symbol // everything that is accepted
	print   []symbol // what String chooses from, largest first; the base unit is among them
	human   []symbol // what Human chooses from, largest first
	gap     string   // what Human puts between number and unit
	bare    bool     // a number without a unit is in base units
	whole   bool     // a number without a unit is a part of 1, so at most 1
	aliases []alias
}

// find returns the unit of that exact name.
func (s scale) find(name string) (symbol, bool) {
	for _, u := range s.symbols {
		if u.name == name {
			return u, true
		}
	}
	return symbol{}, false
}

// split cuts a text into its number, whether a space follows, and the unit.
// The number is empty where the text does not begin with one.
func split(text string) (number, rest string) {
	n := digits(text)
	if n == 0 || n > maxWhole {
		return "", text
	}
	if n < len(text) && text[n] == '.' {
		f := digits(text[n+1:])
		if f == 0 || f > maxFrac {
			return "", text
		}
		n += 1 + f
	}
	return text[:n], text[n:]
}

// digits counts the ASCII digits at the beginning of a text.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// parse reads a quantity in base units, rounded once to the nearest float64.
func (s scale) parse(text string) (float64, error) {
	number, rest := split(text)
	if number == "" {
		return 0, s.badNumber(text)
	}
	if rest == "" {
		if s.bare || strings.Trim(number, "0.") == "" {
			return s.bareNumber(number)
		}
		return 0, s.noUnit(text)
	}
	u, ok := s.find(strings.TrimPrefix(rest, " "))
	if !ok {
		return 0, s.badUnit(text, number, rest)
	}
	return times(number, u), nil
}

// bareNumber reads a number without a unit. Where a part is meant, who writes 10
// means 10 % more often than ten times the whole, so that it is refused.
func (s scale) bareNumber(number string) (float64, error) {
	x := times(number, symbol{num: 1, den: 1})
	if s.whole && aboveOne(number) {
		return 0, s.notPart(number)
	}
	return x, nil
}

// aboveOne tells by its digits whether a number is above 1: as a float64, a long
// number may round to 1.
func aboveOne(number string) bool {
	whole, frac, _ := strings.Cut(number, ".")
	switch strings.TrimLeft(whole, "0") {
	case "":
		return false
	case "1":
		return strings.Trim(frac, "0") != ""
	}
	return true
}

// times is number × unit, rounded once. The number is plain decimal and
// within the bounds, as split gives it.
func times(number string, u symbol) float64 {
	if u.num == u.den {
		x, _ := strconv.ParseFloat(number, 64) // cannot fail: below 1e292
		return x
	}
	// Without its point, a short number is whole; the division then puts the
	// point back and rounds once.
	whole, frac, _ := strings.Cut(number, ".")
	if len(whole)+len(frac) <= 15 && len(frac) <= 6 && u.den <= 1e9 {
		digits, err := strconv.ParseInt(whole+frac, 10, 64)
		if x, ok := quotient(float64(digits), u.num, u.den*pow10(len(frac))); err == nil && ok {
			return x
		}
	}
	r, _ := new(big.Rat).SetString(number)
	x, _ := r.Mul(r, big.NewRat(u.num, u.den)).Float64()
	return x
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// pattern is a regular expression (RE2 and ECMA 262 alike) for exactly what
// parse accepts.
func (s scale) pattern() string {
	const number = `[0-9]{1,292}(\.[0-9]{1,340})?`
	names := make([]string, len(s.symbols))
	for i, u := range s.symbols {
		names[i] = u.name
	}
	units := " ?(" + strings.Join(names, "|") + ")"
	switch {
	case s.whole:
		return "^(" + number + units + `|0{1,292}(\.[0-9]{1,340})?|0{0,291}1(\.0{1,340})?)$`
	case s.bare:
		return "^" + number + "(" + units + ")?$"
	}
	return "^(" + number + units + `|0{1,292}(\.0{1,340})?)$`
}

// schema is the JSON Schema of the quantity: a text, or a number where a bare
// number is accepted (otherwise 0 only).
func (s scale) schema() map[string]any {
	number := map[string]any{"type": "number", "const": 0}
	switch {
	case s.whole:
		number = map[string]any{"type": "number", "minimum": 0, "maximum": 1}
	case s.bare:
		number = map[string]any{"type": "number", "minimum": 0, "exclusiveMaximum": 1e292}
	}
	return map[string]any{
		"description": "A " + s.what + ", for example " + s.example + ". Units: " + s.list + ".",
		"anyOf": []any{
			map[string]any{"type": "string", "pattern": s.pattern()},
			number,
		},
	}
}
