package unit

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// kind lets every test run over every quantity through its public functions.
type kind struct {
	name   string
	parse  func(string) (float64, error)
	text   func(float64) string
	human  func(float64) string
	scalar func(start float64, text string) (float64, error)
	schema func() map[string]any
	scale  scale
}

type quantity interface {
	~float64
	fmt.Stringer
	Human() string
}

type scalar interface {
	ParseScalar(string) error
	JSONSchema() map[string]any
}

func newKind[T quantity](name string, parse func(string) (T, error), ptr func(*T) scalar, s scale) kind {
	return kind{
		name:  name,
		parse: func(t string) (float64, error) { x, err := parse(t); return float64(x), err },
		text:  func(x float64) string { return T(x).String() },
		human: func(x float64) string { return T(x).Human() },
		scalar: func(start float64, t string) (float64, error) {
			x := T(start)
			err := ptr(&x).ParseScalar(t)
			return float64(x), err
		},
		schema: func() map[string]any { return ptr(new(T)).JSONSchema() },
		scale:  s,
	}
}

func kinds() []kind {
	return []kind{
		newKind("Bytes", ParseBytes, func(p *Bytes) scalar { return p }, sizes()),
		newKind("ReplicatedBytes", ParseReplicatedBytes, func(p *ReplicatedBytes) scalar { return p }, sizes()),
		newKind("Rate", ParseRate, func(p *EventRate) scalar { return p }, rates()),
		newKind("ByteRate", ParseByteRate, func(p *ByteRate) scalar { return p }, byteRates()),
		newKind("Duration", ParseDuration, func(p *Duration) scalar { return p }, durations()),
		newKind("Fraction", ParseFraction, func(p *Fraction) scalar { return p }, fractions()),
		newKind("Count", ParseCount, func(p *Count) scalar { return p }, counts()),
	}
}

func kindOf(t *testing.T, name string) kind {
	t.Helper()
	for _, k := range kinds() {
		if k.name == name {
			return k
		}
	}
	require.Failf(t, "no such kind", "%s", name)
	return kind{}
}

// Expected values: SI prefixes (BIPM SI brochure, 9th ed., table 7) are powers
// of 1000, IEC 80000-13 prefixes of 1024, a byte is 8 bits, a day 86,400 s, and
// the month of rates is AWS's 730 h.
func TestParse(t *testing.T) {
	for _, c := range []struct {
		kind, text string
		want       float64
	}{
		{"Bytes", "0", 0},
		{"Bytes", "0.0", 0},
		{"Bytes", "1B", 1},
		{"Bytes", "2MB", 2e6},
		{"Bytes", "2 MB", 2e6},
		{"Bytes", "500GB", 5e11},
		{"Bytes", "1TB", 1e12},
		{"Bytes", "1PB", 1e15},
		{"Bytes", "1KiB", 1024},
		{"Bytes", "1MiB", 1048576},
		{"Bytes", "16GiB", 17179869184},
		{"Bytes", "1TiB", 1099511627776},
		{"Bytes", "1PiB", 1125899906842624},
		{"Bytes", "0.1KB", 100},
		{"ReplicatedBytes", "1.5GB", 1.5e9},
		{"Rate", "2500/s", 2500},
		{"Rate", "90/min", 1.5},
		{"Rate", "7200 /h", 2},
		{"Rate", "86400/day", 1},
		{"Rate", "2628000/month", 1},
		{"ByteRate", "10MB/s", 1e7},
		{"ByteRate", "1.5Gbit/s", 187500000},
		{"ByteRate", "8kbit/s", 1000},
		{"ByteRate", "100Mbit/s", 12500000},
		{"ByteRate", "8bit/s", 1},
		{"ByteRate", "60KiB/min", 1024},
		{"ByteRate", "2628GB/month", 1e6},
		{"Duration", "10ms", 0.01},
		{"Duration", "250us", 0.00025},
		{"Duration", "5ns", 5e-9},
		{"Duration", "5s", 5},
		{"Duration", "2min", 120},
		{"Duration", "1.5h", 5400},
		{"Duration", "7d", 604800},
		{"Fraction", "1%", 0.01},
		{"Fraction", "99.9%", 0.999},
		{"Fraction", "99.9 %", 0.999},
		{"Fraction", "0.01", 0.01},
		{"Fraction", "250%", 2.5},
		{"Count", "2500", 2500},
		{"Count", "5k", 5000},
		{"Count", "1.5M", 1.5e6},
		{"Count", "2 G", 2e9},
		{"Count", "0.5", 0.5},
	} {
		k := kindOf(t, c.kind)
		got, err := k.parse(c.text)
		require.NoErrorf(t, err, "%s %q", c.kind, c.text)
		require.Equalf(t, c.want, got, "%s %q", c.kind, c.text)
		got, err = k.scalar(7, c.text)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "ParseScalar agrees with Parse")
	}
}

func TestParseRefuses(t *testing.T) {
	const sizeUnits = "B KB MB GB TB PB KiB MiB GiB TiB PiB"
	for _, c := range []struct{ kind, text, want string }{
		{"Bytes", "3 KBs", `"3 KBs": unknown unit "KBs" for a size; did you mean 3KB? Use ` + sizeUnits},
		{"Bytes", "2 mb", `"2 mb": unknown unit "mb" for a size; did you mean 2MB? Use ` + sizeUnits},
		{"Bytes", "4Gi", `"4Gi": unknown unit "Gi" for a size; did you mean 4GiB? Use ` + sizeUnits},
		{"Bytes", "3 furlongs", `"3 furlongs": unknown unit "furlongs" for a size; use ` + sizeUnits +
			`, for example 2MB`},
		{"Bytes", "2500", `"2500": a size needs a unit; use ` + sizeUnits + `, for example 2MB`},
		{"Bytes", "", `a size is missing; write for example 2MB`},
		{"Bytes", "-3MB", `"-3MB": a size cannot be negative`},
		{"Bytes", "-0", `"-0": a size cannot be negative`},
		{"Bytes", "+3MB", `"+3MB": leave out the plus sign, for example 2MB`},
		{"Bytes", " 3MB", `" 3MB": remove the space around the size`},
		{"Bytes", "3MB ", `"3MB ": remove the space around the size`},
		{"Bytes", "3 ", `"3 ": remove the space behind the number`},
		{"Bytes", "3  MB", `"3  MB": only one space may stand between number and unit; write 3MB`},
		{"Bytes", "3\tMB", `"3\tMB": only one space may stand between number and unit; write 3MB`},
		{"Bytes", "MB", `"MB" is not a size; write a number and a unit, for example 2MB`},
		{"Bytes", "NaN", `"NaN" is not a size`},
		{"Bytes", "Inf", `"Inf" is not a size`},
		{"Bytes", "٣MB", `"٣MB" is not a size`}, // Arabic-Indic digit three
		{"Bytes", "0x10B", `"0x10B": write a decimal number, not a hexadecimal one`},
		{"Bytes", "1e9999999B", `"1e9999999B": write the number out, without an exponent`},
		{"Bytes", "1E3", `"1E3": write the number out, without an exponent`},
		{"Bytes", "1.2.3MB", `"1.2.3MB": a number has at most one decimal point`},
		{"Bytes", "1.MB", `"1.MB": a digit must follow the decimal point`},
		{"Bytes", ".5MB", `".5MB": a number begins with a digit, for example 0.5`},
		{"Bytes", "2,500MB", `"2,500MB": leave out separators in numbers (2500, not 2,500)`},
		{"Bytes", "2_500MB", `"2_500MB": leave out separators`},
		{"Rate", "100", `"100": a rate needs a unit; use /s /min /h /day /month, for example 100/min`},
		{"Rate", "100 rps", `did you mean 100/s?`},
		{"Rate", "100/minute", `did you mean 100/min?`},
		{"Rate", "-1/s", `"-1/s": a rate cannot be negative`},
		{"ByteRate", "10MB", `did you mean 10MB/s?`},
		{"ByteRate", "100Mbps", `did you mean 100Mbit/s?`},
		{"ByteRate", "100", `"100": a byte rate needs a unit`},
		{"Duration", "10", `"10": a duration needs a unit; use ns us ms s min h d, for example 10ms`},
		{"Duration", "10 MS", `did you mean 10ms?`},
		{"Duration", "3µs", `did you mean 3us?`},
		{"Duration", "2 weeks", `unknown unit "weeks" for a duration; use ns us ms s min h d, for example 10ms`},
		{"Duration", "12mo", `unknown unit "mo" for a duration; use ns us ms s min h d, for example 10ms`},
		{"Fraction", "10", `"10": a fraction above 1 needs its unit; write 10%, or 1000% for a multiple`},
		{"Fraction", "1.01", `write 1.01%, or 101% for`},
		{"Fraction", "-1%", `"-1%": a fraction cannot be negative`},
		{"Fraction", "5 percent", `did you mean 5%?`},
		{"Count", "-1", `"-1": a count cannot be negative`},
		{"Count", "2,500", `"2,500": leave out separators in numbers (2500, not 2,500)`},
		{"Count", "5K", `did you mean 5k?`},
		{"Count", "1e3", `write the number out, without an exponent`},
	} {
		k := kindOf(t, c.kind)
		_, err := k.parse(c.text)
		require.ErrorContainsf(t, err, c.want, "%s %q", c.kind, c.text)
		kept, err := k.scalar(7, c.text)
		require.Error(t, err)
		require.Equal(t, 7.0, kept, "a refused text leaves the value alone")
	}
}

func TestStringChoosesTheUnit(t *testing.T) {
	for _, c := range []struct{ kind, text, want string }{
		{"Bytes", "0", "0B"},
		{"Bytes", "2000KB", "2MB"},
		{"Bytes", "2500B", "2.5KB"},
		{"Bytes", "1024MiB", "1GiB"},
		{"Bytes", "1536MiB", "1.5GiB"},
		{"Bytes", "0.5B", "0.5B"},
		{"Bytes", "123456789B", "123456789B"},
		{"Rate", "100/min", "100/min"},
		{"Rate", "2500/s", "2500/s"},
		{"Rate", "3/month", "3/month"},
		{"Rate", "0", "0/s"},
		{"ByteRate", "100Mbit/s", "12.5MB/s"},
		{"Duration", "3600s", "1h"},
		{"Duration", "0.01s", "10ms"},
		{"Duration", "168h", "7d"},
		{"Fraction", "0.999", "99.9%"},
		{"Fraction", "0.005", "0.5%"},
		{"Fraction", "0", "0%"},
		{"Count", "5k", "5000"},
	} {
		k := kindOf(t, c.kind)
		x, err := k.parse(c.text)
		require.NoError(t, err)
		require.Equalf(t, c.want, k.text(x), "%s %q", c.kind, c.text)
	}
}

func TestHuman(t *testing.T) {
	require.Equal(t, "16,860 GiB", Bytes(16860*(1<<30)+12345).Human())
	require.Equal(t, "2 MB", Bytes(2e6).Human())
	require.Equal(t, "512 MiB", Bytes(512<<20).Human())
	require.Equal(t, "118 MiB", Bytes(123456789).Human())
	require.Equal(t, "1.24 GiB", ReplicatedBytes(1.24*(1<<30)+7).Human())
	require.Equal(t, "0 B", Bytes(0).Human())
	require.Equal(t, "4,167/s", EventRate(4166.6667).Human())
	require.Equal(t, "1.23/min", EventRate(0.0205432).Human())
	require.Equal(t, "48.6 MB/s", ByteRate(48.6111e6).Human())
	require.Equal(t, "10 ms", Duration(0.01).Human())
	require.Equal(t, "12.3 ms", Duration(0.0123456).Human())
	require.Equal(t, "81 %", Fraction(0.81).Human())
	require.Equal(t, "3.33 %", Fraction(1.0/30).Human())
	require.Equal(t, "99.95 %", Fraction(0.9995).Human(), "never 100 % for less")
	require.Equal(t, "99.9996 %", Fraction(0.9999961).Human())
	require.Equal(t, "100 %", Fraction(1).Human())
	require.Equal(t, "2,500", Count(2500).Human())
	require.Equal(t, "1,234,567", Count(1234567).Human())
	require.Equal(t, "2.33", Count(7.0/3).Human())
	require.Equal(t, "NaN", Count(math.NaN()).Human())
	require.Equal(t, "-2 MB", Bytes(-2e6).Human(), "differences may be negative")
}

func TestReplicatedMultipliesOnce(t *testing.T) {
	require.Equal(t, ReplicatedBytes(3e9), Bytes(1e9).Replicated(3))
}

// finite draws floats over the whole range that can be written down.
func finite() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) float64 { // any bit pattern
			x := math.Abs(math.Float64frombits(rapid.Uint64().Draw(t, "bits")))
			if !(x < 1e292) {
				return 0
			}
			return x
		}),
		rapid.Custom(func(t *rapid.T) float64 { // what people write
			return float64(rapid.IntRange(0, 99999).Draw(t, "n")) *
				math.Pow(10, float64(rapid.IntRange(-9, 18).Draw(t, "e")))
		}),
		rapid.Custom(func(t *rapid.T) float64 {
			return math.Ldexp(float64(rapid.IntRange(0, 4096).Draw(t, "n")), rapid.IntRange(-10, 60).Draw(t, "e"))
		}),
	)
}

// most is the largest number that can be written down: in percent it has two
// digits more.
func (k kind) most() float64 {
	if k.scale.whole {
		return math.Nextafter(1e290, 0)
	}
	return math.Nextafter(1e292, 0)
}

func TestStringRoundTrips(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, drawn.MakeCheck(func(t *rapid.T) {
			x := min(finite().Draw(t, "x"), k.most())
			s := k.text(x)
			y, err := k.parse(s)
			if err != nil || math.Float64bits(y) != math.Float64bits(x) {
				t.Fatalf("%v prints as %q, which parses as %v, %v", x, s, y, err)
			}
		}))
	}
}

func TestStringRoundTripsAtTheEdges(t *testing.T) {
	for _, k := range kinds() {
		for _, x := range []float64{0, math.SmallestNonzeroFloat64, 0x1p-1022, 0x1.fffffffffffffp-1022,
			k.most(), 1 << 53, 1.0 / 3, math.Pi, math.Nextafter(1, 2)} {
			y, err := k.parse(k.text(x))
			require.NoErrorf(t, err, "%s %v", k.name, x)
			require.Equalf(t, math.Float64bits(x), math.Float64bits(y), "%s %v", k.name, x)
		}
	}
}

// What somebody writes with few digits prints with few digits again, whatever
// the unit: no 9.299999999999999MB.
func TestShortNumbersStayShort(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, drawn.MakeCheck(func(t *rapid.T) {
			u := rapid.SampledFrom(k.scale.symbols).Draw(t, "unit")
			n := fmt.Sprintf("%d.%d", rapid.IntRange(1, 999).Draw(t, "whole"), rapid.IntRange(1, 9).Draw(t, "tenths"))
			x, err := k.parse(n + u.name)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range k.scale.print {
				if p.name == u.name {
					if got, _ := k.scale.shortest(x); len(got) > len(n) {
						t.Fatalf("%s%s prints as %s", n, u.name, k.text(x))
					}
				}
			}
		}))
	}
}

// Larger texts of the same unit are larger numbers: parsing is monotone, as
// one rounding of an exact product is.
func TestParseIsMonotone(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, drawn.MakeCheck(func(t *rapid.T) {
			u := rapid.SampledFrom(k.scale.symbols).Draw(t, "unit")
			a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b")
			x, errA := k.parse(fmt.Sprintf("%d%s", min(a, b), u.name))
			y, errB := k.parse(fmt.Sprintf("%d%s", max(a, b), u.name))
			if errA != nil || errB != nil || x > y {
				t.Fatalf("%v %v %v %v", x, y, errA, errB)
			}
		}))
	}
}

func TestHumanIsWithinHalfAPercent(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, drawn.MakeCheck(func(t *rapid.T) {
			x := rapid.Float64Range(0, 1e18).Draw(t, "x")
			if k.human(x) == "" {
				t.Fatal("nothing printed")
			}
			if y := rapid.Float64Range(1, 1e14).Draw(t, "y"); math.Abs(printed(three(y))-y) > 0.005*y {
				t.Fatalf("%v prints as %s", y, three(y))
			}
		}))
	}
}

// printed reads a number with thousands commas.
func printed(s string) float64 {
	x := 0.0
	place := 0.0
	for _, r := range s {
		switch {
		case r == '.':
			place = 1
		case r >= '0' && r <= '9' && place > 0:
			place /= 10
			x += float64(r-'0') * place
		case r >= '0' && r <= '9':
			x = x*10 + float64(r-'0')
		}
	}
	return x
}

func TestSchemaIsPlainJSON(t *testing.T) {
	for _, k := range kinds() {
		b, err := json.Marshal(k.schema())
		require.NoError(t, err)
		require.True(t, json.Valid(b))
	}
}
