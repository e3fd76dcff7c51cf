package unit

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

func TestNumbersForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Fixed(1234567.891, 2), "1,234,567.89"}, {Fixed(-1234.5, 1), "-1,234.5"}, {Fixed(0, 2), "0.00"},
		{Decimals(1234.56, 1), "1234.6"},
		{Whole(999.4), "999"}, {Whole(999.5), "1,000"}, {Whole(-1000), "-1,000"},
		{Digits(0.123456, 3), "0.123"}, {Digits(2, 4), "2"}, {Digits(12345, 3), "1.23e+04"},
		{Plain(1e21), "1000000000000000000000"}, {Plain(0.1), "0.1"},
		{Percent(0.534, 0), "53 %"}, {Percent(0.53456, 1), "53.5 %"}, {Percent(math.NaN(), 0), "–"},
		{Percent(math.Inf(1), 1), "–"},
		{ShortPercent(0.12), "12 %"}, {ShortPercent(0.1249), "12.5 %"}, {ShortPercent(0), "0 %"},
		{SignedPercent(49, 400, 1), "+12.2 %"}, {SignedPercent(-3, 100, 1), "−3.0 %"}, {SignedPercent(0, 7, 0), "+0 %"},
	} {
		require.Equal(t, c.want, c.got)
	}
	require.Equal(t, 0.123457, Rounded(0.123456789, 6))
	require.Equal(t, math.MaxFloat64, Rounded(math.MaxFloat64, 3))
}

func TestGrouped(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "0": "0", "999.5": "999.5", "1000": "1,000", "-999": "-999", "-1000": "-1,000",
		"-1234567.891": "-1,234,567.891", "0.123456": "0.123456", "100000": "100,000",
	} {
		require.Equal(t, want, Grouped(in))
	}
	drawn.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?`).Draw(t, "number")
		grouped := Grouped(number)
		if strings.ReplaceAll(grouped, ",", "") != number {
			t.Fatalf("%q became %q", number, grouped)
		}
		whole, _, _ := strings.Cut(strings.TrimPrefix(grouped, "-"), ".")
		for i, part := range strings.Split(whole, ",") {
			if len(part) > 3 || i > 0 && len(part) != 3 || part == "" {
				t.Fatalf("%q became %q", number, grouped)
			}
		}
	})
}

func TestExact(t *testing.T) {
	for x, want := range map[float64]string{5564.95: "5564.95", 0.125: "0.125", 12: "12.00", 0.9: "0.90", 0: "0.00"} {
		require.Equal(t, want, Exact(x))
	}
}
