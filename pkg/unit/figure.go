package unit

import "fmt"

// Figure is a quantity of a formula: a number in its base unit, and how people see it.
// Who prints it takes Human, who reckons on Value and Unit.
type Figure struct {
	Value float64
	Unit  string // as of limits (B, B/s, /s, s, vCPU), "part" of what is a part of 1, "" of things
	Form  Form
	N     int // digits of InDigits and InPercent, decimals of InDecimals
}

// Form is how exactly people see a figure. ForPeople and AsWritten print it with its unit,
// the others the number alone.
type Form uint8

const (
	// ForPeople is as Human prints a quantity of the unit.
	ForPeople Form = iota
	// AsWritten is as String prints it: an input, as the profile has it.
	AsWritten
	// InDigits has so many significant digits; all of them where N is −1.
	InDigits
	// InPercent has as many, of a part in percent.
	InPercent
	// InDecimals has so many decimals.
	InDecimals
	// Signed is whole, with its sign: a difference.
	Signed
)

// part is the Unit of fractions.
const part = "part"

// FigureOf is a quantity as people see it; a number without a unit has four digits. It
// panics at what is no quantity, which is a mistake of the program.
func FigureOf(v any) Figure {
	switch x := v.(type) {
	case Figure:
		return x
	case int:
		return Figure{Value: float64(x), Form: InDecimals}
	case float64:
		return Rough(x, 4)
	case EventRate:
		return Figure{Value: float64(x), Unit: "/s"}
	case ByteRate:
		return Figure{Value: float64(x), Unit: "B/s"}
	case Bytes:
		return Figure{Value: float64(x), Unit: "B"}
	case ReplicatedBytes:
		return Figure{Value: float64(x), Unit: "B"}
	case Duration:
		return Figure{Value: float64(x), Unit: "s"}
	case Fraction:
		return Figure{Value: float64(x), Unit: part}
	case Count:
		return Figure{Value: float64(x)}
	}
	panic(fmt.Sprintf("unit: %v is a %T, which is no quantity", v, v))
}

// Given is an input, which people see as they wrote it.
func Given(v any) Figure {
	f := FigureOf(v)
	f.Form = AsWritten
	return f
}

// Rough is a number in so many significant digits.
func Rough(x float64, digits int) Figure { return Figure{Value: x, Form: InDigits, N: digits} }

// WithDecimals is a number in so many decimals.
func WithDecimals(x float64, n int) Figure { return Figure{Value: x, Form: InDecimals, N: n} }

// RoughPart is a part of 1 in so many significant digits of its percentage.
func RoughPart(x float64, digits int) Figure {
	return Figure{Value: x, Unit: part, Form: InPercent, N: digits}
}

// Difference is a difference in whole numbers, with its sign.
func Difference(x float64) Figure { return Figure{Value: x, Form: Signed} }

// VCPUs is CPU time per second, of which a vCPU has 1.
func VCPUs(x float64) Figure { return Rough(x, 4).In("vCPU") }

// In is the figure with a unit, which whoever prints it writes beside it.
func (f Figure) In(unit string) Figure {
	f.Unit = unit
	return f
}

// Human prints the figure for people.
func (f Figure) Human() string {
	switch f.Form {
	case AsWritten:
		return f.written()
	case InDigits:
		return Digits(f.Value, f.N)
	case InPercent:
		return Digits(100*f.Value, f.N) + " %"
	case InDecimals:
		return Decimals(f.Value, f.N)
	case Signed:
		if f.Value < 0 {
			return Decimals(f.Value, 0)
		}
		return "+" + Decimals(f.Value, 0)
	}
	if f.Unit == part {
		return Fraction(f.Value).Human()
	}
	return Quantity(f.Value, f.Unit)
}

// written prints the figure as a profile has it.
func (f Figure) written() string {
	switch f.Unit {
	case "B":
		return Bytes(f.Value).String()
	case "B/s":
		return ByteRate(f.Value).String()
	case "/s":
		return EventRate(f.Value).String()
	case "s":
		return Duration(f.Value).String()
	case part:
		return Fraction(f.Value).String()
	case "":
		return Count(f.Value).String()
	}
	return Count(f.Value).String() + " " + f.Unit
}
