package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/compare"
	"headroom/pkg/insight"
)

// One component has one price: whatever format or command shows it, it is that of
// bill.ComponentCosts.
func TestOneComponentHasOnePrice(t *testing.T) {
	cat, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	for _, name := range []string{"small", "medium", "large"} {
		r, b := plannedWith(t, cat, name, "")
		estimates := []bill.Estimate{*r.Estimate}
		b.Users = nil // which has no components' prices
		t.Run(name, func(t *testing.T) {
			requireOnePrice(t, Backed(estimates, []Backing{b}), r.Estimate)
			x, err := insight.Explain(r, "")
			require.NoError(t, err)
			requireExplainedPrices(t, x, r.Estimate)
			requireComparedPrices(t, r.Estimate)
		})
	}
	for _, c := range cases() { // with machines of several kinds, mirrored regions, and what has no price
		for i := range c.estimates {
			t.Run(c.name+" "+c.estimates[i].Profile.Name, func(t *testing.T) {
				list := c.estimates[i : i+1]
				requireOnePrice(t, Backed(list, nil), &list[0])
			})
		}
	}
}

// prices are the components' prices as people read them, by the label in reports; of what
// costs nothing none.
func prices(e *bill.Estimate) map[string]string {
	out := map[string]string{}
	v := newView(e)
	for _, c := range bill.ComponentCosts(e) {
		if !c.Total.Expected.IsZero() {
			out[c.System] = strings.TrimPrefix(v.costCell(c.Total, false).Text, "≥ ")
		}
	}
	return out
}

// requireOnePrice reads every format of an estimate back.
func requireOnePrice(t *testing.T, doc Document, e *bill.Estimate) {
	t.Helper()
	want := prices(e)
	require.NotEmpty(t, want)
	written := func(format string, o Output) string {
		var b bytes.Buffer
		require.NoError(t, Write(&b, format, doc, o))
		return b.String()
	}
	for format, grids := range map[string][]printedGrid{
		"--full":   tableGrids(written("table", Output{Full: true, Width: 200})),
		"markdown": markdownGrids(written("markdown", Output{})),
	} {
		require.Equal(t, want, printedPrices(grids), format)
	}
	short := written("table", Output{Width: 200})
	for system, price := range want {
		require.Regexp(t, `(?m)^(\d+ smaller|`+regexpOf(system)+`) .*`, short)
		if strings.Contains(short, "\n"+system+" ") {
			require.Regexp(t, `(?m)^`+regexpOf(system)+` +(≥ )?`+regexpOf(price)+`( |$)`, short)
		}
	}
	requireRecordPrices(t, written("csv", Output{}), e)
	requireFilePrices(t, written("json", Output{}), e)
	page := written("html", Output{})
	v := newView(e)
	for _, c := range bill.ComponentCosts(e) {
		require.Contains(t, page, v.costCell(c.Total, false).Text, c.System)
	}
	requireSheetPrices(t, written("xlsx", Output{}), e)
}

func regexpOf(s string) string {
	return strings.NewReplacer(".", `\.`, "(", `\(`, ")", `\)`, "|", `\|`).Replace(s)
}

// printedPrices are the prices that grids have, of all regions.
func printedPrices(grids []printedGrid) map[string]string {
	out := map[string]string{}
	for _, g := range grids {
		for _, r := range g[:len(g)-1] {
			price := strings.TrimPrefix(r.total, "≥ ")
			if r.all != "" {
				price = strings.TrimPrefix(r.all, "≥ ")
			}
			if price != "0.00" && price != "not priced" {
				out[strings.ReplaceAll(r.system, `\`, "")] = price
			}
		}
	}
	return out
}

func requireRecordPrices(t *testing.T, out string, e *bill.Estimate) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	price, category := slices.Index(rows[0], "component_cost"), slices.Index(rows[0], "category")
	rows = slices.DeleteFunc(rows, func(r []string) bool { return r[category] != componentKind })
	costs := bill.ComponentCosts(e)
	require.Len(t, rows, len(costs))
	for i, c := range costs {
		require.Equal(t, c.Total.Expected.String(), rows[i][price], c.System)
	}
}

func requireFilePrices(t *testing.T, out string, e *bill.Estimate) {
	t.Helper()
	var file struct {
		Estimates []struct {
			Components []struct {
				Name string
				Cost map[string]json.RawMessage
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &file))
	of := map[string]bill.ComponentCost{}
	for _, c := range bill.ComponentCosts(e) {
		of[c.Component] = c
	}
	for _, c := range file.Estimates[0].Components {
		var total struct{ Expected json.Number }
		require.NoError(t, json.Unmarshal(c.Cost["total"], &total))
		cost := of[c.Name]
		require.Equal(t, cost.Total.Expected.String(), total.Expected.String(), c.Name)
	}
}

func requireSheetPrices(t *testing.T, out string, e *bill.Estimate) {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(out))
	require.NoError(t, err)
	defer f.Close()
	rows, err := f.GetRows("Summary", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	costs, found := bill.ComponentCosts(e), 0
	for _, r := range rows {
		i := slices.IndexFunc(costs, func(c bill.ComponentCost) bool { return len(r) > 1 && c.System == r[0] })
		if i < 0 {
			continue
		}
		x, err := strconv.ParseFloat(r[1], 64)
		require.NoError(t, err)
		require.InDelta(t, costs[i].Total.Expected.Float64(), x, 1e-9, r[0])
		found++
	}
	require.GreaterOrEqual(t, found, min(len(prices(e)), mostRows-1))
}

// requireExplainedPrices holds explain's table and data, and the table of alternatives, to the
// prices of the estimate.
func requireExplainedPrices(t *testing.T, x *insight.Explanation, e *bill.Estimate) {
	t.Helper()
	of := map[string]bill.ComponentCost{}
	for _, c := range bill.ComponentCosts(e) {
		of[c.Component] = c
	}
	for i := range x.Components {
		c := &x.Components[i]
		cost := of[c.Part.Name]
		require.True(t, equalCost(cost.Total, c.Part.Cost.Total), c.Part.Name)
		if !divided(c) {
			require.Contains(t, headlineOf(c), "$"+cost.Total.Expected.Human()+" a month")
		}
		grids := alternativeGrids(c)
		if len(grids) == 0 || c.Weighed == nil {
			continue
		}
		rows := grids[0].Rows
		require.Equal(t, cost.Total.Expected.Human(), rows[0].Cells[3].Text, c.Part.Name)
		chosen := cost.Total.Expected.Plus(c.Transfer)
		for k := range c.Alternatives {
			a := &c.Alternatives[k]
			require.Equal(t, a.Month.Human(), rows[1+k].Cells[3].Text)
			require.True(t, a.Month.Plus(a.Transfer).Minus(chosen).Equal(a.Difference), "%s %s", c.Part.Name, a.Machine)
			require.True(t, a.Running.Bill.Equal(a.Month.Plus(a.Transfer)))
		}
	}
}

// requireComparedPrices holds the rows of a difference to the prices.
func requireComparedPrices(t *testing.T, e *bill.Estimate) {
	t.Helper()
	of := map[string]bill.ComponentCost{}
	for _, c := range bill.ComponentCosts(e) {
		of[c.Component] = c
	}
	other := sized()
	changes := compare.Estimates(&other, e).Components
	require.GreaterOrEqual(t, len(changes), len(prices(e)))
	for _, x := range changes {
		cost := of[x.Name]
		require.True(t, equalCost(cost.Total, x.Head), x.Name)
	}
}
