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

// printedRow is what a reader sees of a row. Of all regions is what stands in the column of
// these where the grid is of some.
type printedRow struct {
	system, total, all string
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
		column := map[string]int{} // at the narrow widths some stand below the rows
		for n := range starts {
			column[allRegions(cell(lines[i], n))] = n
		}
		for i += 2; i < len(lines) && lines[i] != ""; i++ {
			if strings.HasPrefix(lines[i], " ") { // goes on, or stands below a row
				continue
			}
			if total := cell(lines[i], column["Total/month"]); total != "" && !strings.HasPrefix(lines[i], "─") {
				r := printedRow{system: cell(lines[i], 0), total: total}
				if n, ok := column["all"]; ok {
					r.all = cell(lines[i], n)
				}
				g = append(g, r)
			}
		}
		grids = append(grids, g)
	}
	return grids
}

// allRegions is the header of a column, "all" for that of all regions.
func allRegions(header string) string {
	if strings.HasSuffix(header, " regions") {
		return "all"
	}
	return header
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
		cells := func() []string { return strings.Split(strings.ReplaceAll(lines[i], `\|`, ""), "|") }
		column := map[string]int{}
		for n, header := range cells() {
			column[allRegions(strings.TrimSpace(header))] = n
		}
		for i += 2; i < len(lines) && strings.HasPrefix(lines[i], "|"); i++ {
			c := cells()
			r := printedRow{system: strings.Trim(c[1], " *"), total: strings.Trim(c[column["Total/month"]], " *")}
			if n, ok := column["all"]; ok {
				r.all = strings.Trim(c[n], " *")
			}
			g = append(g, r)
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
	total := e.Total
	if e.Headline != maximum {
		total.Min, total.Max = total.Expected, total.Expected
	}
	total.Expected = total.Max // which a range does not print
	var regions bill.Cost      // the totals of all grids
	for _, g := range grids {
		var sum, all bill.Cost // of the body rows
		for _, r := range g[:len(g)-1] {
			if r.total == "not priced" {
				require.NotEmpty(t, e.Unpriced)
				continue
			}
			sum = sum.Plus(printedCost(t, r.total))
			if r.all != "" {
				all = all.Plus(printedCost(t, r.all))
			}
		}
		last := g[len(g)-1]
		require.True(t, equalCost(sum, printedCost(t, last.total)), "%v of %v", last, sum)
		regions = regions.Plus(sum)
		if last.all != "" {
			require.True(t, equalCost(all, printedCost(t, last.all)), "%v of %v", last, all)
			require.True(t, equalCost(all, total), "%v of %v", last, total)
			require.Equal(t, len(e.Unpriced) > 0, strings.HasPrefix(last.all, "≥ "))
		}
		if last.system == "Each region" {
			require.True(t, e.Mirrored)
			return
		}
	}
	require.True(t, equalCost(regions, total), "%v of %v", regions, total)
}

// printedCost is a printed cost from its lower to its upper end.
func printedCost(t require.TestingT, s string) bill.Cost {
	low, high := figure(t, s)
	return bill.Cost{Expected: high, Min: low, Max: high}
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
		components := bill.ComponentCosts(&e)
		want := 1 + len(e.Lines) + len(e.Unpriced) + len(components)
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
					require.True(t, r[at["price_note"]] == "not priced" || r[at["category"]] == purchaseKind ||
						r[at["category"]] == componentKind, "%q", r)
					continue
				}
				a, err := money.ParseAmount(r[at[k]])
				require.NoError(t, err)
				sum[k] = sum[k].Plus(a)
			}
			for i, c := range r {
				if _, err := money.ParseAmount(c); err == nil && strings.HasPrefix(rows[0][i], "cost_") ||
					rows[0][i] == "component_cost" ||
					rows[0][i] == "unit_price" || rows[0][i] == "quantity" {
					continue // a number may be negative
				}
				require.False(t, c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])), "a formula: %q", c)
			}
		}
		require.Equal(t, e.Total.Min.String(), sum["cost_min"].String())
		require.Equal(t, e.Total.Expected.String(), sum["cost_expected"].String())
		require.Equal(t, e.Total.Max.String(), sum["cost_max"].String())
		for i, c := range components {
			require.Equal(t, c.Total.Expected.String(), rows[len(rows)-len(components)+i][at["component_cost"]])
		}
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
