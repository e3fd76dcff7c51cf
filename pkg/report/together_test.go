package report

import (
	"context"
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/compare"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/timeline"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

// csvRows are the rows of a document's CSV by the keys of their columns.
func csvRows(t *testing.T, doc Document) (out []map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(written(t, "csv", doc, Output{}))).ReadAll()
	require.NoError(t, err)
	for _, r := range rows[1:] {
		row := map[string]string{}
		for i, cell := range r {
			row[rows[0][i]] = cell
		}
		out = append(out, row)
	}
	return out
}

// requireTogether wants the last row to be that of all environments, which is no component
// and has no costs that others could be added to; it is returned.
func requireTogether(t *testing.T, doc Document, category string) map[string]string {
	t.Helper()
	rows := csvRows(t, doc)
	for i, r := range rows {
		require.Equal(t, i == len(rows)-1, r[category] == togetherKind, "%v", r)
	}
	last := rows[len(rows)-1]
	for _, key := range []string{"component", "system", "cost", "cost_before", "cost_after", "base_cost", "change",
		"difference", "cash"} {
		require.Empty(t, last[key], key)
	}
	return last
}

// allCost is what all environments cost, as far as reports of comparisons read it.
func allCost(total string) *bill.Together {
	return &bill.Together{Total: exact(money.MustAmount(total))}
}

func exact(a money.Amount) bill.Cost { return bill.Cost{Min: a, Expected: a, Max: a} }

func TestAllEnvironmentsOverTime(t *testing.T) {
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	p, err := workload.Parse("shop.yaml", []byte(timelineShop), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	dev := bill.Request{}
	dev.Environment = "dev"
	x, err := timeline.Run(context.Background(), p, []bill.Request{{}}, timeline.Options{Periods: 2,
		Beside: []bill.Request{dev},
		Plan:   func(p *workload.Profile, r bill.Request) (*bill.Planned, error) { return bill.Search(p, c, r) }})
	require.NoError(t, err)
	row := requireTogether(t, Timeline(x), "what")
	require.Equal(t, "shop", row["profile"])
	require.Equal(t, x.Together.Total.Bill.String(), row["cost_together"])
	require.Equal(t, 1, x.Together.Total.Bill.Cmp(x.Total.Bill))
	var sum money.Amount
	for _, r := range csvRows(t, Timeline(x)) {
		if r["cost"] != "" {
			sum = sum.Plus(money.MustAmount(r["cost"]))
		}
	}
	require.Equal(t, x.Total.Bill.String(), sum.String(), "the column of costs is still production's")
}

// Where one side has environments, the other's own total stands beside their sum.
func TestAllEnvironmentsOfOneSide(t *testing.T) {
	base, head := referenceSmall(), referenceMedium()
	base.Together = allCost("900")
	total := head.Total.Expected
	d := compare.Estimates(&base, &head)
	doc := Diffs([]*compare.Diff{d})
	want := "$900.00 → " + total.Dollars() + " a month with all environments"
	require.Contains(t, doc.Sections[0].Facts[0].Text, want)
	require.Contains(t, doc.Brief[0].Facts[len(doc.Brief[0].Facts)-1].Text, want)
	row := requireTogether(t, doc, "category")
	require.Equal(t, "900.00", row["cost_together_before"])
	require.Equal(t, total.String(), row["cost_together_after"])

	d = compare.Estimates(&head, &base)
	require.True(t, d.Base.Together.Expected.Equal(total))
	require.Equal(t, "900.00", d.Head.Together.Expected.String())
}

// Of a saved estimate without the sum of its environments it is not known, and nothing is said.
func TestAllEnvironmentsNotKnown(t *testing.T) {
	base, head := referenceSmall(), referenceMedium()
	base.Together = allCost("900")
	head.Excluded = append(head.Excluded, remark.New("excluded.environments", "names", []string{"dev"}))
	d := compare.Estimates(&base, &head)
	require.Nil(t, d.Head.Together)
	require.Empty(t, Diffs([]*compare.Diff{d}).Sections[0].Facts)
	base.Together, head.Excluded = nil, nil
	require.Nil(t, compare.Estimates(&base, &head).Base.Together, "neither has environments")
}

func TestAllEnvironmentsOfACase(t *testing.T) {
	of := func(cost string) *whatif.Figures {
		state := whatif.ComponentState{Owner: bill.Owner{Name: "web"}, System: "Web",
			Cost: exact(money.MustAmount(cost))}
		return &whatif.Figures{Total: state.Cost, Together: allCost(cost + "5"),
			Components: []whatif.ComponentState{state}}
	}
	was, is := of("100"), of("120")
	c := whatif.Comparison{Base: *was, Cases: []whatif.Case{
		{Name: "changed", Figures: is, Deltas: []whatif.Delta{
			{Owner: bill.Owner{Name: "web"}, System: "Web", Base: &was.Components[0], Case: &is.Components[0],
				Change: money.MustAmount("20")}}}}}
	row := requireTogether(t, WhatIf(&c), "category")
	require.Equal(t, "changed", row["case"])
	require.Equal(t, "1005.00", row["base_cost_together"])
	require.Equal(t, "1205.00", row["cost_together"])
	first := csvRows(t, WhatIf(&c))[0]
	require.Equal(t, componentKind, first["category"])
	require.Equal(t, "100.00", first["base_cost"])
	require.Empty(t, first["cost_together"])
	c.Cases[0].Figures.Together = nil
	require.Len(t, csvRows(t, WhatIf(&c)), 1)
}

func TestAllEnvironmentsExplained(t *testing.T) {
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	p, err := workload.Parse("shop.yaml", []byte(timelineShop), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	r, err := bill.Make(p, c, bill.Request{})
	require.NoError(t, err)
	x, err := insight.Explain(r, "")
	require.NoError(t, err)
	want := r.Together().Total.Expected.Dollars() + " a month with all environments: production "
	short := strings.Join(strings.Fields(written(t, "table", Explanation(x), Output{})), " ")
	require.Equal(t, 1, strings.Count(short, "All "+want), short)
	full := written(t, "markdown", Explanation(x), Output{Full: true})
	require.Contains(t, strings.ReplaceAll(full, `\$`, "$"), "**All:** "+want)
	one, err := insight.Explain(r, "db")
	require.NoError(t, err)
	require.NotContains(t, written(t, "table", Explanation(one), Output{}), "with all environments")
	require.NotContains(t, written(t, "markdown", Explanation(x, "limits"), Output{}), "with all environments")
}
