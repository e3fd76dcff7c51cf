package money

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

func TestParseAmount(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0.00", "1227.60": "1227.60", "1227.6": "1227.60", "$5000": "5000.00", "$5,000.00": "5000.00",
		"1,234,567.5": "1234567.50", "-$3.5": "-3.50", "-0": "0.00", " 7 ": "7.00", "119.136": "119.136",
		"0.000000000000000000000000000001": "0.000000000000000000000000000001",
	} {
		a, err := ParseAmount(text)
		require.NoErrorf(t, err, "%q", text)
		require.Equalf(t, want, a.String(), "%q", text)
	}
	for text, want := range map[string]string{
		"":                        "amount is empty",
		"$":                       "amount is empty",
		"1,5":                     "commas may only group thousands; decimals follow a point",
		"1,50":                    "commas may only group thousands",
		"1234,567":                "commas may only group thousands",
		",500":                    "commas may only group thousands",
		"1.5,000":                 "commas may only group thousands",
		"1,000.":                  "is not a plain decimal number such as 1227.60",
		"--5":                     "at most one minus sign",
		"$-5":                     "at most one minus sign",
		"-$-5":                    "at most one minus sign",
		"5-3":                     "is not a plain decimal number",
		"1e3":                     "is not a plain decimal number",
		"1e999999999":             "is not a plain decimal number",
		"0x10":                    "is not a plain decimal number",
		"NaN":                     "is not a plain decimal number",
		"Inf":                     "is not a plain decimal number",
		"+5":                      "is not a plain decimal number",
		".5":                      "is not a plain decimal number",
		"5.":                      "is not a plain decimal number",
		"1_000":                   "is not a plain decimal number",
		"٣":                       "is not a plain decimal number",
		"5 EUR":                   "is not a plain decimal number",
		strings.Repeat("9", 41):   "is longer than 40 characters",
		strings.Repeat("9,", 1e6): "is longer than 40 characters",
	} {
		_, err := ParseAmount(text)
		require.ErrorContainsf(t, err, want, "%.50q", text)
	}
}

func TestParseRate(t *testing.T) {
	r, err := ParseRate("0.0116000000")
	require.NoError(t, err)
	require.Equal(t, "0.0116", r.String())
	require.True(t, r.Equal(MustRate("0.0116")))
	for text, want := range map[string]string{
		"-0.1": "is negative", "": "price is empty", "$1": "not a plain decimal number",
		"1,000": "not a plain decimal number",
		"1e-7":  "not a plain decimal number",
	} {
		_, err := ParseRate(text)
		require.ErrorContainsf(t, err, want, "%q", text)
	}
}

func TestMustPanicsOnlyOnConstantsThatAreWrong(t *testing.T) {
	require.Panics(t, func() { MustRate("x") })
	require.Panics(t, func() { MustAmount("x") })
}

// The 2016 tables multiply hourly prices by 720 hours: an i2.2xlarge at 1.705
// is 1227.60 and an i2.4xlarge at 3.41 is 2455.20 a month.
func TestPerMonthIsExact(t *testing.T) {
	require.Equal(t, "1227.60", MustRate("1.705").PerMonth(Int(720)).String())
	require.Equal(t, "2455.20", MustRate("3.41").PerMonth(Int(720)).String())
	require.Equal(t, "119.1384", MustRate("0.16547").PerMonth(Int(720)).String(), "not rounded to the cent")
}

// In float64, 0.1 + 0.2 is 0.30000000000000004 and 1.005 is below its name.
func TestArithmeticIsDecimal(t *testing.T) {
	require.True(t, MustAmount("0.1").Plus(MustAmount("0.2")).Equal(MustAmount("0.3")))
	require.Equal(t, "1.01", MustAmount("1.005").Cents().String())
	tenth := MustAmount("0.10")
	require.Equal(t, "0.30", tenth.Plus(tenth).Plus(tenth).String())
	require.Equal(t, "0.00", Amount{}.String())
}

func TestCentsRoundHalfAwayFromZero(t *testing.T) {
	for in, want := range map[string]string{
		"0.005": "0.01", "-0.005": "-0.01", "0.015": "0.02", "0.025": "0.03", "2.675": "2.68",
		"0.0049999999": "0.00", "-0.0049999999": "0.00", "119.136": "119.14", "119.134999": "119.13",
	} {
		require.Equalf(t, want, MustAmount(in).Cents().String(), "%s", in)
	}
}

func TestFloatQuantities(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want string
	}{{0, "0"}, {0.1, "0.1"}, {1.0 / 3, "0.333333"}, {2.0 / 3, "0.666667"}, {0.0000005, "0.000001"}, {730, "730"},
		{1e18, "1000000000000000000"}} {
		q, err := Float(c.x)
		require.NoError(t, err)
		require.Equal(t, c.want, q.String())
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1.1e18} {
		_, err := Float(x)
		require.ErrorContains(t, err, "cannot be billed")
	}
}

func TestJSON(t *testing.T) {
	type document struct {
		Total    Amount   `json:"total"`
		Price    Rate     `json:"price"`
		Quantity Quantity `json:"quantity"`
	}
	q, err := Float(2.5)
	require.NoError(t, err)
	b, err := json.Marshal(document{MustAmount("1227.6"), MustRate("0.0116"), q})
	require.NoError(t, err)
	require.Equal(t, `{"total":1227.60,"price":0.0116,"quantity":2.5}`, string(b), "numbers, with fixed scale")

	var back document
	require.NoError(t, json.Unmarshal(b, &back))
	require.True(t, back.Total.Equal(MustAmount("1227.60")))
	require.True(t, back.Price.Equal(MustRate("0.0116")))
	require.Zero(t, back.Quantity.Cmp(q))

	for _, bad := range []string{
		`{"total":"5"}`, `{"total":null}`, `{"total":1e3}`, `{"total":true}`, `{"total":[1]}`,
		`{"price":"1"}`, `{"price":null}`, `{"price":1e400}`,
		`{"quantity":-1}`, `{"quantity":"1"}`, `{"quantity":null}`,
	} {
		require.Errorf(t, json.Unmarshal([]byte(bad), &document{}), "%s", bad)
	}
}

// The package relies on decimal's defaults and changes none of its variables.
func TestDecimalsGlobalsAreUntouched(t *testing.T) {
	_ = MustAmount("1").Times(Int(3)).Cents().String()
	require.Equal(t, 16, decimal.DivisionPrecision)
	require.False(t, decimal.MarshalJSONWithoutQuotes)
	require.Equal(t, 1000, decimal.ExpMaxIterations)
}

// amounts draws amounts of up to eight decimals.
func amounts() *rapid.Generator[Amount] {
	return rapid.Custom(func(t *rapid.T) Amount {
		return MustAmount(rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{1,8})?`).Draw(t, "amount"))
	})
}

func rat(t *rapid.T, s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return r
}

func TestArithmeticAgreesWithRationals(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		a, b := amounts().Draw(t, "a"), amounts().Draw(t, "b")
		x, y := rat(t, a.String()), rat(t, b.String())
		n := rapid.Int64Range(0, 1e9).Draw(t, "n")
		for _, c := range []struct {
			got  Amount
			want *big.Rat
		}{
			{a.Plus(b), new(big.Rat).Add(x, y)},
			{a.Minus(b), new(big.Rat).Sub(x, y)},
			{a.Neg(), new(big.Rat).Neg(x)},
			{a.Times(Int(n)), new(big.Rat).Mul(x, new(big.Rat).SetInt64(n))},
		} {
			if rat(t, c.got.String()).Cmp(c.want) != 0 {
				t.Fatalf("%s, want %s", c.got, c.want.FloatString(12))
			}
		}
		if a.Cmp(b) != x.Cmp(y) || a.Equal(b) != (x.Cmp(y) == 0) || a.IsZero() != (x.Sign() == 0) {
			t.Fatalf("%s and %s compare wrongly", a, b)
		}
	})
}

// Rounding to the cent moves by at most half a cent, away from zero at the half.
func TestCentsAgreeWithRationals(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		x := rat(t, a.String())
		hundredfold := new(big.Rat).Mul(new(big.Rat).Abs(x), big.NewRat(100, 1))
		hundredfold.Add(hundredfold, big.NewRat(1, 2))
		cents := new(big.Int).Quo(hundredfold.Num(), hundredfold.Denom()) // floor(|x|·100 + ½)
		want := new(big.Rat).SetFrac(cents, big.NewInt(100))
		if x.Sign() < 0 {
			want.Neg(want)
		}
		if rat(t, a.Cents().String()).Cmp(want) != 0 {
			t.Fatalf("%s rounds to %s, want %s", a, a.Cents(), want.FloatString(2))
		}
	})
}

func TestAmountRoundTrips(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		back, err := ParseAmount(a.String())
		if err != nil || !back.Equal(a) {
			t.Fatalf("%s: %s %v", a, back, err)
		}
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var c Amount
		if err := json.Unmarshal(b, &c); err != nil || !c.Equal(a) {
			t.Fatalf("%s: %s %v", b, c, err)
		}
	})
}

func TestAmountForPeople(t *testing.T) {
	require.Equal(t, "1,234,567.80", MustAmount("1234567.8").Human())
	require.Equal(t, "$1,234,567.80", MustAmount("1234567.8").Dollars())
	require.Equal(t, "-1,234.00", MustAmount("1234").Neg().Human())
	require.Equal(t, "−$1,234.00", MustAmount("1234").Neg().Dollars())
	require.Equal(t, "$0.00", Amount{}.Dollars())
}
