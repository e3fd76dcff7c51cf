package unit_test

import (
	"cmp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/unit"
)

// Little never looks like nothing.
func TestPriceOfOne(t *testing.T) {
	for x, want := range map[float64]string{0: "0.00", 2.4249: "2.42",
		1234.5: "1,234.50", 0.1: "0.10", 0.0446: "0.0446",
		0.0099: "0.00990", 0.000123456: "0.000123", -0.0446: "-0.0446"} {
		require.Equal(t, want, unit.PriceOfOne(x))
	}
}

// What is printed beside a limit is on the same side of it as the number is.
func TestBesideLimit(t *testing.T) {
	require.Equal(t, 1, unit.BesideLimit(12.34, 10, 1))
	require.Equal(t, 2, unit.BesideLimit(10.04, 10, 1))
	require.Equal(t, 3, unit.BesideLimit(9.996, 10, 0))
	drawn.Check(t, func(rt *rapid.T) {
		limit := float64(rapid.IntRange(-1000, 1000).Draw(rt, "limit")) / 10
		x := limit + rapid.Float64Range(-1, 1).Draw(rt, "beyond")/
			float64(rapid.SampledFrom([]int{1, 100, 1e6}).Draw(rt, "by"))
		shown, err := strconv.ParseFloat(unit.Decimals(x, unit.BesideLimit(x, limit, 1)), 64)
		require.NoError(rt, err)
		if diff := x - limit; diff > 1e-12 || diff < -1e-12 { // closer than the digits of a float64
			require.Equal(rt, cmp.Compare(x, limit), cmp.Compare(shown, limit))
		}
	})
}
