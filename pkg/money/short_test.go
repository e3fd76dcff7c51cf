package money

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// TestShortIsDecimal holds what 64 bits calculate against package decimal: the same digits
// and the same exponent, also where the numbers are too long.
func TestShortIsDecimal(t *testing.T) {
	same := func(t require.TestingT, want, got decimal.Decimal, what string, of ...any) {
		require.Truef(t, want.Equal(got) && want.Exponent() == got.Exponent(),
			what+": %s with exponent %d, not %s with %d", append(of, want, want.Exponent(), got, got.Exponent())...)
	}
	number := func(t *rapid.T, name string) decimal.Decimal {
		n := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1_000_000, 1_000_000), rapid.Just(int64(0)),
			rapid.SampledFrom([]int64{5, -5, 15, -15, 25, 995, -995, 999_999_999_999_999_999, -999_999_999_999_999_999,
				1_000_000_000_000_000_000})).Draw(t, name)
		d := decimal.New(n, rapid.Int32Range(-20, 3).Draw(t, name+" exponent"))
		if rapid.IntRange(0, 9).Draw(t, name+" is long") == 0 {
			d = d.Mul(decimal.New(rapid.Int64().Draw(t, name+" times"), -3))
		}
		return d
	}
	drawn.Check(t, func(t *rapid.T) {
		x, y := number(t, "x"), number(t, "y")
		same(t, x.Mul(y), times(x, y), "%s × %s", x, y)
		same(t, x.Add(y), plus(x, y), "%s + %s", x, y)
		places := rapid.Int32Range(0, 8).Draw(t, "places")
		same(t, x.Round(places), round(x, places), "%s to %d places", x, places)
		z := decimal.New(y.CoefficientInt64()%1_000_000_007, x.Exponent())
		same(t, x.Add(z), plus(x, z), "%s + %s", x, z)
	})
}

func TestRoundHalves(t *testing.T) {
	for _, c := range []struct{ x, want string }{
		{"0.005", "0.01"}, {"-0.005", "-0.01"}, {"0.0049999999999999", "0"}, {"-0.0049999999999999", "0"},
		{"2.675", "2.68"}, {"-2.675", "-2.68"}, {"9.995", "10"}, {"0.00499999999999999999999", "0"},
		{"1234567890123456.785", "1234567890123456.79"},
	} {
		x, err := decimal.NewFromString(c.x)
		require.NoError(t, err)
		require.Equal(t, c.want, round(x, 2).String(), c.x)
	}
}
