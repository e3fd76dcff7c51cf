package money

import (
	"encoding/json"
	"fmt"
	"strings"

	"headroom/pkg/unit"

	"github.com/shopspring/decimal"
)

// Amount is an exact number of US dollars. The zero value is $0.
type Amount struct{ d decimal.Decimal }

// Rate is an exact price in US dollars per unit. The zero value is $0 per
// unit; a price that is not known is never a zero Rate but an error.
type Rate struct{ d decimal.Decimal }

// Quantity is an exact, non-negative number of billed units.
type Quantity struct{ d decimal.Decimal }

// QuantityPlaces is how many decimals a billed quantity keeps. A quantity that
// comes out of a float formula is rounded to it before it is multiplied, so
// that the printed quantity times the printed price is the printed total.
const QuantityPlaces = 6

// maxDigits bounds what is accepted as a number: exponents such as 1e999999999
// would make decimal allocate without limit.
const maxDigits = 40

// parse reads -?digits[.digits], and nothing else.
func parse(s, what string) (decimal.Decimal, error) {
	t := strings.TrimSpace(s)
	if t == "" {
		return decimal.Decimal{}, fmt.Errorf("%s is empty", what)
	}
	if len(t) > maxDigits {
		return decimal.Decimal{}, fmt.Errorf("%s %q… is longer than %d characters", what, t[:maxDigits], maxDigits)
	}
	whole, frac, point := strings.Cut(strings.TrimPrefix(t, "-"), ".")
	if !digits(whole) || (point && !digits(frac)) {
		return decimal.Decimal{}, fmt.Errorf("%s %q is not a plain decimal number such as 1227.60", what, t)
	}
	d, err := decimal.NewFromString(t)
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("%s %q is not a decimal number", what, t)
	}
	return d, nil
}

// digits tells whether s is one or more ASCII digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// ParseRate reads a price in US dollars per unit. Negative prices, exponents
// and thousands separators are refused.
func ParseRate(s string) (Rate, error) {
	d, err := parse(s, "price")
	if err != nil {
		return Rate{}, err
	}
	if d.IsNegative() {
		return Rate{}, fmt.Errorf("price %q is negative", s)
	}
	return Rate{d}, nil
}

// ParseAmount reads US dollars, with or without a leading "$" and thousands
// commas: "1227.60", "$5000", "-$5,000.00".
func ParseAmount(s string) (Amount, error) {
	t, neg := strings.CutPrefix(strings.TrimSpace(s), "-")
	t = strings.TrimPrefix(t, "$")
	if strings.HasPrefix(t, "-") {
		return Amount{}, fmt.Errorf("amount %.40q: at most one minus sign, in front of the $", s)
	}
	if len(t) <= maxDigits && strings.Contains(t, ",") {
		var err error
		if t, err = dropThousands(t); err != nil {
			return Amount{}, err
		}
	}
	d, err := parse(t, "amount")
	if err != nil {
		return Amount{}, err
	}
	if neg {
		d = d.Neg()
	}
	return Amount{d}, nil
}

// dropThousands removes commas only where they group three digits, so that
// "1,5" (a decimal comma) is refused instead of read as 15.
func dropThousands(s string) (string, error) {
	whole, frac, point := strings.Cut(s, ".")
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if len(g) > 3 || len(g) < 1 || (i > 0 && len(g) != 3) || strings.Contains(frac, ",") {
			return "", fmt.Errorf("amount %q: commas may only group thousands; decimals follow a point", s)
		}
	}
	whole = strings.Join(groups, "")
	if point {
		return whole + "." + frac, nil
	}
	return whole, nil
}

// MustRate is ParseRate for constants in tests and tables of this program.
func MustRate(s string) Rate {
	r, err := ParseRate(s)
	if err != nil {
		panic(err)
	}
	return r
}

// MustAmount is ParseAmount for constants in tests and tables of this program.
func MustAmount(s string) Amount {
	a, err := ParseAmount(s)
	if err != nil {
		panic(err)
	}
	return a
}

// Int is an exact whole quantity.
func Int(n int64) Quantity { return Quantity{decimal.NewFromInt(n)} }

// Float is a quantity that came out of a float formula, rounded half away from
// zero to QuantityPlaces. NaN, infinities and negative values are an error:
// nothing that is billed can be any of them.
func Float(x float64) (Quantity, error) {
	if !(x >= 0) || x > 1e18 {
		return Quantity{}, fmt.Errorf("quantity %v cannot be billed", x)
	}
	return Quantity{round(decimal.NewFromFloat(x), QuantityPlaces)}, nil
}

// Times multiplies two quantities exactly (nodes × hours).
func (q Quantity) Times(o Quantity) Quantity { return Quantity{times(q.d, o.d)} }

// Plus adds two quantities exactly.
func (q Quantity) Plus(o Quantity) Quantity { return Quantity{plus(q.d, o.d)} }

// Minus subtracts; the result may be negative and then is not billable.
func (q Quantity) Minus(o Quantity) Quantity { return Quantity{q.d.Sub(o.d)} }

// Cmp compares: -1, 0 or 1.
func (q Quantity) Cmp(o Quantity) int { return q.d.Cmp(o.d) }

// IsWhole tells whether the quantity has no fraction.
func (q Quantity) IsWhole() bool { return q.d.IsInteger() }

// IsZero tells whether the quantity is 0.
func (q Quantity) IsZero() bool { return q.d.IsZero() }

// Float64 is the nearest float, for ranking and display only.
func (q Quantity) Float64() float64 { f, _ := q.d.Float64(); return f }

// String prints the quantity without trailing zeros.
func (q Quantity) String() string { return trim(q.d) }

// MarshalJSON prints a JSON number without trailing zeros.
func (q Quantity) MarshalJSON() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalJSON reads a plain JSON number.
func (q *Quantity) UnmarshalJSON(b []byte) error {
	d, err := parse(string(b), "quantity")
	if err != nil {
		return err
	}
	if d.IsNegative() {
		return fmt.Errorf("quantity %s is negative", b)
	}
	q.d = d
	return nil
}

// Times is the unrounded cost of q units.
func (r Rate) Times(q Quantity) Amount { return Amount{times(r.d, q.d)} }

// PerMonth is the price of one unit for q hours: the "1× price" of a table.
// It stays exact (0.1655 × 720 = 119.16; 0.16547 × 720 = 119.1384).
func (r Rate) PerMonth(hours Quantity) Rate { return Rate{times(r.d, hours.d)} }

// Scale multiplies the price by a quantity (a factor), exactly.
func (r Rate) Scale(q Quantity) Rate { return Rate{times(r.d, q.d)} }

// Cmp compares: -1, 0 or 1.
func (r Rate) Cmp(o Rate) int { return r.d.Cmp(o.d) }

// Equal compares values, not representations (0.10 equals 0.1).
func (r Rate) Equal(o Rate) bool { return r.d.Equal(o.d) }

// IsZero tells whether the price is 0 (a free tier, never an unknown price).
func (r Rate) IsZero() bool { return r.d.IsZero() }

// Float64 is the nearest float, for ranking only; bills use the exact value.
func (r Rate) Float64() float64 { f, _ := r.d.Float64(); return f }

// String prints the price exactly: at least two decimals, no other trailing zeros.
func (r Rate) String() string { return exact(r.d) }

// MarshalJSON prints the exact price as a JSON number.
func (r Rate) MarshalJSON() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalJSON reads a plain JSON number. Discounts have negative rates.
func (r *Rate) UnmarshalJSON(b []byte) error {
	d, err := parse(string(b), "price")
	if err != nil {
		return err
	}
	r.d = d
	return nil
}

// RateOf is an amount as a price of one unit. It is negative for what a
// discount takes off.
func RateOf(a Amount) Rate { return Rate(a) }

// QuantityOf is an amount as a number of dollars, to be multiplied with a part.
func QuantityOf(a Amount) Quantity { return Quantity(a) }

// Plus adds. Most sums of a bill have parts of nothing, which take no adding.
func (a Amount) Plus(b Amount) Amount {
	switch {
	case b.nothing() && a.d.Exponent() <= 0:
		return a
	case a.nothing() && b.d.Exponent() <= 0:
		return b
	}
	return Amount{plus(a.d, b.d)}
}

// nothing tells whether an amount is 0 without digits behind the point, which it would else
// give to a sum.
func (a Amount) nothing() bool { return a.d.Exponent() == 0 && a.d.IsZero() }

// Minus subtracts.
func (a Amount) Minus(b Amount) Amount { return Amount{a.d.Sub(b.d)} }

// Times scales by a quantity.
func (a Amount) Times(q Quantity) Amount { return Amount{times(a.d, q.d)} }

// Part is n of so many equal parts, rounded half away from zero to the cent.
func (a Amount) Part(n, of int64) Amount {
	return Amount{a.d.Mul(decimal.NewFromInt(n)).DivRound(decimal.NewFromInt(of), 2)}
}

// Neg changes the sign.
func (a Amount) Neg() Amount { return Amount{a.d.Neg()} }

// Abs is the amount without its sign.
func (a Amount) Abs() Amount { return Amount{a.d.Abs()} }

// Cents rounds half away from zero to the cent: done once, when a cost becomes
// a line of a bill.
func (a Amount) Cents() Amount { return Amount{round(a.d, 2)} }

// Round rounds to so many decimals, halves away from zero: what a currency has.
func (a Amount) Round(decimals int) Amount { return Amount{a.d.Round(int32(decimals))} }

// Cmp compares: -1, 0 or 1.
func (a Amount) Cmp(b Amount) int { return a.d.Cmp(b.d) }

// Equal compares values, not representations.
func (a Amount) Equal(b Amount) bool { return a.d.Equal(b.d) }

// IsZero tells whether the amount is $0.
func (a Amount) IsZero() bool { return a.d.IsZero() }

// Float64 is the nearest float, for ranking and charts only.
func (a Amount) Float64() float64 { f, _ := a.d.Float64(); return f }

// String prints exactly two decimals when the amount is whole cents, and the
// exact value otherwise: no silent rounding.
func (a Amount) String() string { return exact(a.d) }

// MarshalJSON prints the amount as a JSON number with two decimals, more only
// where the amount is not whole cents.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalJSON reads a plain JSON number. Strings are refused: a quoted
// number in a saved estimate means that something else wrote it.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var n json.Number
	if len(b) > 0 && b[0] == '"' {
		return fmt.Errorf("amount %s is a string, not a number", b)
	}
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	d, err := parse(n.String(), "amount")
	if err != nil {
		return err
	}
	a.d = d
	return nil
}

// Human prints the amount with thousands separators, without a sign of the
// currency: 5,564.95.
func (a Amount) Human() string { return unit.Grouped(a.String()) }

// Dollars prints the amount within a sentence: $5,564.95 or −$5.00.
func (a Amount) Dollars() string {
	if a.Cmp(Amount{}) < 0 {
		return "−" + a.Neg().Dollars()
	}
	return "$" + a.Human()
}

// exact prints d with at least two decimals and without further trailing zeros.
func exact(d decimal.Decimal) string {
	s := trim(d)
	i := strings.IndexByte(s, '.')
	switch {
	case i < 0:
		return s + ".00"
	case len(s)-i-1 < 2:
		return s + "0"
	}
	return s
}

func trim(d decimal.Decimal) string {
	s := d.String()
	if strings.IndexByte(s, '.') >= 0 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}
