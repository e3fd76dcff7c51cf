package report

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/bill"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
)

// printedRow is what a reader sees of a row.
type printedRow struct {
	system, total string
}

// printedGrid is a grid read back.
type printedGrid []printedRow

// tableGrids reads the grids with the given column back from a terminal table.
// The line of dashes below the headers says where the columns are.
func tableGrids(out string) []printedGrid {
	var grids []printedGrid
	lines := strings.Split(out, "\n")
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(lines[i], "System ") {
			continue
		}
		var starts, ends []int
		for j, r := range []rune(lines[i+1] + " ") {
			switch dash := r == '─'; {
			case dash && len(starts) == len(ends):
				starts = append(starts, j)
			case !dash && len(starts) > len(ends):
				ends = append(ends, j)
			}
		}
		cell := func(l string, n int) string {
			rs := []rune(l + strings.Repeat(" ", 200))
			return strings.TrimSpace(string(rs[starts[n]:ends[n]]))
		}
		var g printedGrid
		column := 0 // of the totals: at the narrow widths others stand below the rows
		for column < len(starts)-1 && cell(lines[i], column) != "Total/month" {
			column++
		}
		for i += 2; i < len(lines) && lines[i] != ""; i++ {
			if strings.HasPrefix(lines[i], " ") { // goes on, or stands below a row
				continue
			}
			if total := cell(lines[i], column); total != "" && !strings.HasPrefix(lines[i], "─") {
				g = append(g, printedRow{cell(lines[i], 0), total})
			}
		}
		grids = append(grids, g)
	}
	return grids
}

// markdownGrids reads the grids back from Markdown.
func markdownGrids(out string) []printedGrid {
	var grids []printedGrid
	lines := strings.Split(out, "\n")
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(lines[i], "| System") {
			continue
		}
		var g printedGrid
		for i += 2; i < len(lines) && strings.HasPrefix(lines[i], "|"); i++ {
			cells := strings.Split(strings.ReplaceAll(lines[i], `\|`, ""), "|")
			g = append(g, printedRow{strings.Trim(cells[1], " *"), strings.Trim(cells[5], " *")})
		}
		grids = append(grids, g)
	}
	return grids
}

// figure is a printed total: its lower and upper end.
func figure(t require.TestingT, s string) (low, high money.Amount) {
	a, b, ranged := strings.Cut(strings.ReplaceAll(strings.TrimPrefix(s, "≥ "), " to ", "–"), "–")
	if !ranged {
		b = a
	}
	var err error
	low, err = money.ParseAmount(a)
	require.NoError(t, err)
	high, err = money.ParseAmount(b)
	require.NoError(t, err)
	return low, high
}

// requireSums checks that what is printed adds up and is the estimate's total.
func requireSums(t require.TestingT, e bill.Estimate, grids []printedGrid) {
	var regionsLow, regionsHigh money.Amount // sum of the body rows of all grids
	found := false
	for _, g := range grids {
		var low, high money.Amount
		for _, r := range g {
			if r.total == "not priced" {
				require.NotEmpty(t, e.Unpriced)
				continue
			}
			a, b := figure(t, r.total)
			switch {
			case r.system == "Each region" || r.system == "Region total":
				require.Equal(t, low.String(), a.String())
				require.Equal(t, high.String(), b.String())
				if r.system == "Each region" {
					low, high = a.Times(money.Int(int64(len(e.Regions)))), b.Times(money.Int(int64(len(e.Regions))))
				}
			case strings.HasPrefix(r.system, "Total ") || strings.HasSuffix(r.system, " regions"):
				require.Equal(t, regionsLow.Plus(low).String(), a.String())
				require.Equal(t, regionsHigh.Plus(high).String(), b.String())
				require.Equal(t, len(e.Unpriced) > 0, strings.HasPrefix(r.total, "≥ "))
				want := e.Total
				if e.Headline != maximum {
					want.Min, want.Max = want.Expected, want.Expected
				}
				require.Equal(t, want.Min.String(), a.String())
				require.Equal(t, want.Max.String(), b.String())
				found = true
			default:
				low, high = low.Plus(a), high.Plus(b)
			}
		}
		regionsLow, regionsHigh = regionsLow.Plus(low), regionsHigh.Plus(high)
	}
	require.True(t, found, "there is a total")
}

func TestPrintedColumnsAddUp(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		e := estimates(tame()).Draw(t, "estimate")
		width := rapid.IntRange(60, 160).Draw(t, "width")
		requireSums(t, e, tableGrids(render(t, "table", []bill.Estimate{e}, Output{Width: width})))
		requireSums(t, e, markdownGrids(render(t, "markdown", []bill.Estimate{e}, Output{})))
	})
}

// The sums must hold with texts that try to break out of their cell, too. A
// table is not read back with these: wide characters move its columns.
func TestHostileTextsStayInTheirCell(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		e := estimates(hostile()).Draw(t, "estimate")
		md := render(t, "markdown", []bill.Estimate{e}, Output{})
		requireSums(t, e, markdownGrids(md))
		for _, out := range []string{md, render(t, "table", []bill.Estimate{e}, Output{})} {
			require.NotContains(t, out, "\x1b")
			require.NotContains(t, out, "\r")
			require.NotContains(t, out, "\u202e")
		}
		require.NotRegexp(t, `(^|[^\\])<img`, md)
		require.NotRegexp(t, `(^|[^\\])\[x\]`, md)
	})
}

func TestCSVAddsUp(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		e := estimates(hostile()).Draw(t, "estimate")
		rows, err := csv.NewReader(strings.NewReader(render(t, "csv", []bill.Estimate{e}, Output{}))).ReadAll()
		require.NoError(t, err)
		want := 1 + len(e.Lines) + len(e.Unpriced)
		if e.Buying != nil {
			want += len(buyingFigures(e.Buying)) + len(e.Buying.Pools)
		}
		require.Len(t, rows, want)
		at := map[string]int{}
		for i, k := range rows[0] {
			at[k] = i
		}
		sum := map[string]money.Amount{}
		for _, r := range rows[1:] {
			for _, k := range []string{"cost_min", "cost_expected", "cost_max"} {
				if r[at[k]] == "" {
					require.True(t, r[at["price_note"]] == "not priced" || r[at["category"]] == purchaseKind, "%q", r)
					continue
				}
				a, err := money.ParseAmount(r[at[k]])
				require.NoError(t, err)
				sum[k] = sum[k].Plus(a)
			}
			for i, c := range r {
				if _, err := money.ParseAmount(c); err == nil && strings.HasPrefix(rows[0][i], "cost_") ||
					rows[0][i] == "unit_price" || rows[0][i] == "quantity" {
					continue // a number may be negative
				}
				require.False(t, c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])), "a formula: %q", c)
			}
		}
		require.Equal(t, e.Total.Min.String(), sum["cost_min"].String())
		require.Equal(t, e.Total.Expected.String(), sum["cost_expected"].String())
		require.Equal(t, e.Total.Max.String(), sum["cost_max"].String())
	})
}

func TestJSONAddsUpAndReadsBack(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(estimates(hostile()), 1, 3).Draw(t, "estimates")
		first := render(t, "json", all, Output{})
		back, err := ReadEstimates("saved.json", []byte(first)) // checks every sum
		require.NoError(t, err)
		require.Equal(t, first, render(t, "json", back, Output{}))
		for _, f := range DocumentFormats().Names() {
			require.Equal(t, render(t, f, all, Output{}), render(t, f, back, Output{}), f)
		}
	})
}

func TestCSVNumbersAreNotGuarded(t *testing.T) {
	require.Equal(t, "-5.00", machine(money.MustAmount("-5")))
	require.Equal(t, "-0.5", machine(-0.5))
	require.Equal(t, "'-5", machine("-5"))
	require.Equal(t, "0.0116", machine(money.MustRate("0.0116")))
	require.Empty(t, machine(nil))
}
