package workload

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// CountRange is a number of nodes that is fixed (3) or scales (1..4).
type CountRange struct{ Min, Max int }

// maxPinned bounds a pinned count: more nodes than any account may run.
const maxPinned = 100_000

// countPattern is what ParseScalar accepts for a CountRange, as a regular
// expression for editors.
const countPattern = `^[0-9]{1,6}(\.\.[0-9]{1,6})?$`

// ParseScalar reads "3" or "1..4".
func (c *CountRange) ParseScalar(s string) error {
	lo, hi, ranged := strings.Cut(s, "..")
	if !ranged {
		hi = lo
	}
	a, errA := parseCount(lo)
	b, errB := parseCount(hi)
	switch {
	case errA != nil:
		return errA
	case errB != nil:
		return errB
	case a > b:
		return fmt.Errorf("count %q: the first number is the smaller one, as in 1..4", s)
	}
	c.Min, c.Max = a, b
	return nil
}

func parseCount(s string) (int, error) {
	if strings.HasPrefix(s, "-") {
		return 0, fmt.Errorf("count %q is negative", s)
	}
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, fmt.Errorf("count %q is not a whole number or a range such as 1..4", s)
	}
	n, err := strconv.Atoi(s)
	if err != nil || n > maxPinned {
		return 0, fmt.Errorf("count %q is above %d", s, maxPinned)
	}
	return n, nil
}

// String prints "3" or "1..4".
func (c CountRange) String() string {
	if c.Min == c.Max {
		return strconv.Itoa(c.Min)
	}
	return fmt.Sprintf("%d..%d", c.Min, c.Max)
}

// JSONSchema is the editor's view of ParseScalar.
func (CountRange) JSONSchema() map[string]any {
	return map[string]any{"description": "A number, or the least and the most: 2..5.", "anyOf": []any{
		map[string]any{"type": "integer", "minimum": 0, "maximum": maxPinned},
		map[string]any{"type": "string", "pattern": countPattern},
	}}
}

// AmountRange is one amount or the two ends of a range, in dollars.
type AmountRange struct{ Min, Max money.Amount }

// ParseScalar reads "3618.44" or "3618.44..4193.00", with or without "$".
func (a *AmountRange) ParseScalar(s string) error {
	lo, hi, ranged := strings.Cut(s, "..")
	if !ranged {
		hi = lo
	}
	x, err := money.ParseAmount(lo)
	if err != nil {
		return err
	}
	y, err := money.ParseAmount(hi)
	if err != nil {
		return err
	}
	if x.Cmp(y) > 0 {
		return fmt.Errorf("%q: the first amount is the smaller one", s)
	}
	a.Min, a.Max = x, y
	return nil
}

// String prints "3618.44" or "3618.44–4193.00".
func (a AmountRange) String() string {
	return money.Range{Min: a.Min, Expected: a.Min, Max: a.Max}.String()
}

// JSONSchema is the editor's view of ParseScalar.
func (AmountRange) JSONSchema() map[string]any {
	const one = `\$?[0-9]{1,12}(\.[0-9]{1,8})?`
	const says = "An amount in dollars, or the least and the most: 3618.44..4193.00."
	return map[string]any{"description": says, "anyOf": []any{
		map[string]any{"type": "number", "minimum": 0},
		map[string]any{"type": "string", "pattern": `^` + one + `(\.\.` + one + `)?$`},
	}}
}

// ParseScalar reads an amount such as 1227.60 or $5,000.
func (d *Dollars) ParseScalar(s string) error {
	a, err := money.ParseAmount(s)
	if err != nil {
		return err
	}
	d.Amount = a
	return nil
}

// JSONSchema is the editor's view of ParseScalar.
func (Dollars) JSONSchema() map[string]any {
	return map[string]any{"description": "An amount in dollars, for example $5000 or 1227.60.", "anyOf": []any{
		map[string]any{"type": "number"},
		map[string]any{"type": "string", "pattern": `^-?\$?[0-9]{1,12}(\.[0-9]{1,8})?$`},
	}}
}

// GivenPrice is an exact price per unit.
type GivenPrice struct{ money.Rate }

// ParseScalar reads a price such as 0.0416.
func (p *GivenPrice) ParseScalar(s string) error {
	r, err := money.ParseRate(s)
	if err != nil {
		return err
	}
	p.Rate = r
	return nil
}

// JSONSchema is the editor's view of ParseScalar.
func (GivenPrice) JSONSchema() map[string]any {
	return map[string]any{"description": "Dollars for a unit, for example 0.0416.", "anyOf": []any{
		map[string]any{"type": "number", "minimum": 0},
		map[string]any{"type": "string", "pattern": `^[0-9]{1,12}(\.[0-9]{1,12})?$`},
	}}
}

// TZ is how far a clock is ahead of UTC, in hours; whole or half or quarter
// hours.
type TZ float64

// ParseScalar reads "-5h", "+5.5h" or "0".
func (t *TZ) ParseScalar(s string) error {
	v, err := strconv.ParseFloat(strings.TrimSuffix(s, "h"), 64)
	if err != nil || math.IsNaN(v) || strings.ContainsAny(s, "xXpPeEnNiI_") {
		return fmt.Errorf("time zone %q is not a number of hours; use -5h or 5.5h", s)
	}
	if v != 0 && !strings.HasSuffix(s, "h") {
		return fmt.Errorf("time zone %q has no unit; use %sh", s, s)
	}
	if v < -12 || v > 14 {
		return fmt.Errorf("time zone %q is outside -12h to 14h", s)
	}
	*t = TZ(v)
	return nil
}

// String prints "-5h".
func (t TZ) String() string { return unit.Plain(float64(t)) + "h" }

// JSONSchema is the editor's view of ParseScalar.
func (TZ) JSONSchema() map[string]any {
	return map[string]any{"description": "Hours ahead of UTC, for example -5h or 5.5h.", "anyOf": []any{
		map[string]any{"const": 0},
		map[string]any{"type": "string", "pattern": `^[+-]?[0-9]{1,2}(\.[0-9]{1,2})?h$`},
	}}
}
