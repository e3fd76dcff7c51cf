package money

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

func quantity(t require.TestingT, x float64) Quantity {
	q, err := Float(x)
	require.NoError(t, err)
	return q
}

// egress is what AWS asks for a GiB out to the internet from us-east-1
// (aws.amazon.com/ec2/pricing/on-demand, data transfer): 0.09 for the first
// 10 TB, 0.085 for the next 40, 0.07 for the next 100, then 0.05.
func egress(t require.TestingT) []Tier {
	q := func(x float64) *Quantity { v := quantity(t, x); return &v }
	return []Tier{
		{quantity(t, 0), q(10240), MustRate("0.09")},
		{quantity(t, 10240), q(51200), MustRate("0.085")},
		{quantity(t, 51200), q(153600), MustRate("0.07")},
		{quantity(t, 153600), nil, MustRate("0.05")},
	}
}

func total(lines []Charge) Amount {
	var t Amount
	for _, l := range lines {
		t = t.Plus(l.Total)
	}
	return t
}

func TestNewLineRoundsOnce(t *testing.T) {
	l := NewLine(Int(3), MustRate("0.005"))
	require.Equal(t, "0.02", l.Total.String(), "0.015, not three times 0.01")
	require.Equal(t, "119.14", NewLine(Int(720), MustRate("0.16547")).Total.String())
}

func TestTiered(t *testing.T) {
	tiers := egress(t)
	for _, c := range []struct {
		gib   float64
		lines int
		want  string
	}{
		{0, 0, "0.00"},
		{1, 1, "0.09"},
		{10240, 1, "921.60"},    // 10240 × 0.09
		{10241, 2, "921.69"},    // + 0.085, rounded to 0.09
		{51200, 2, "4403.20"},   // + 40960 × 0.085 = 3481.60
		{200000, 4, "13891.20"}, // + 102400 × 0.07 = 7168.00, + 46400 × 0.05 = 2320.00
	} {
		lines, rest := Tiered(quantity(t, c.gib), tiers)
		require.Lenf(t, lines, c.lines, "%v GiB", c.gib)
		require.Equalf(t, c.want, total(lines).String(), "%v GiB", c.gib)
		require.True(t, rest.IsZero())
	}
}

func TestTieredDoesNotPriceWhatNoTierCovers(t *testing.T) {
	lines, rest := Tiered(Int(60000), egress(t)[:2])
	require.Len(t, lines, 2)
	require.Equal(t, "8800", rest.String())

	lines, rest = Tiered(Int(5), nil)
	require.Empty(t, lines)
	require.Equal(t, "5", rest.String())
}

func TestTieredBillsEveryUnitOnce(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		q := quantity(t, rapid.Float64Range(0, 400000).Draw(t, "gib"))
		tiers := egress(t)[:rapid.IntRange(0, 4).Draw(t, "tiers")]
		lines, rest := Tiered(q, tiers)
		billed := rest
		for i, l := range lines {
			if l.Quantity.Cmp(Quantity{}) <= 0 {
				t.Fatalf("line %d bills %s", i, l.Quantity)
			}
			if !l.Rate.Equal(tiers[i].Rate) {
				t.Fatalf("line %d at %s", i, l.Rate)
			}
			billed = billed.Plus(l.Quantity)
		}
		if billed.Cmp(q) != 0 {
			t.Fatalf("%s billed of %s", billed, q)
		}
	})
}

// The printed column adds up: the sum of what the lines print is what the
// total prints, to the cent, and no line needs a third decimal.
func TestPrintedColumnsAddUp(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "lines")
		var total Amount
		var printed int64 // cents
		for range n {
			l := NewLine(
				quantity(t, rapid.Float64Range(0, 1e6).Draw(t, "quantity")),
				MustRate(rapid.StringMatching(`[0-9]{1,3}\.[0-9]{1,8}`).Draw(t, "rate")),
			)
			total = total.Plus(l.Total)
			printed += cents(t, l.Total.String())
		}
		if got := cents(t, total.String()); got != printed {
			t.Fatalf("the column adds up to %d cents, the total prints %d", printed, got)
		}
	})
}

// cents reads what is printed without decimal arithmetic.
func cents(t *rapid.T, s string) int64 {
	var n int64
	for i, r := range s {
		if r == '.' {
			if i != len(s)-3 {
				t.Fatalf("%q has not two decimals", s)
			}
			continue
		}
		n = n*10 + int64(r-'0')
	}
	return n
}

func TestRange(t *testing.T) {
	// The medium table of 2016, corrected: 3619.44–4194.00 in each of two regions.
	r := Range{MustAmount("3619.44"), MustAmount("3800"), MustAmount("4194")}
	require.Equal(t, "3619.44–4194.00", r.String())
	require.Equal(t, "7238.88–8388.00", r.Plus(r).String())
	require.Equal(t, "7600.00", r.Plus(r).Expected.String())
	require.False(t, r.IsPoint())
	point := Range{MustAmount("1227.6"), MustAmount("1227.6"), MustAmount("1227.6")}
	require.Equal(t, "1227.60", point.String())
	require.True(t, point.IsPoint())
}
