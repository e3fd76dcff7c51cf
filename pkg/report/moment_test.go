package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// Volumes that grow say of which month they are.
func TestGrowingVolumesSayOfWhichMonthTheyAre(t *testing.T) {
	lead, now := 3, 1
	require.Empty(t, momentOf(&bill.Line{}))
	require.Equal(t, "month 3", momentOf(&bill.Line{OfMonth: &lead}))
	require.Equal(t, "mean of month 1", momentOf(&bill.Line{OfMonth: &now, MeanOfMonth: true}))

	last := func(l bill.Line) string {
		at := slices.IndexFunc(recordColumns(), func(c Column) bool { return c.Key == "notes" })
		return lineRecord("p", l).Cells[at].Text
	}
	require.Equal(t, "images; mean of month 1", last(bill.Line{Notes: "images", OfMonth: &now, MeanOfMonth: true}))
	require.Equal(t, "images", last(bill.Line{Notes: "images"}))

	e := sized()
	for i := range e.Lines {
		if e.Lines[i].Category == "storage" {
			e.Lines[i].OfMonth = &lead
		}
	}
	table := render(t, "table", []bill.Estimate{e}, Output{})
	require.Contains(t, strings.Join(strings.Fields(table), " "), "month 3")
	require.Contains(t, render(t, "json", []bill.Estimate{e}, Output{}), `"of_month": 3`)
}

// What a component is billed for beside nodes says each month once.
func TestAmountsSayOfWhichMonthTheyAre(t *testing.T) {
	lead := 3
	of := func(item string, gigabytes float64, month *int) bill.Line {
		return bill.Line{Service: "ebs", Item: item, Unit: "GB-month", Quantity: quantity(gigabytes), OfMonth: month}
	}
	require.Equal(t, []string{"30 GB ebs gp3 storage", "300 GB ebs gp3 storage (month 3)", "5 GB ebs st1 storage"},
		amountsOf([]bill.Line{of("gp3 storage", 30, nil), of("gp3 storage", 100, &lead), of("st1 storage", 5, nil),
			of("gp3 storage", 200, &lead)}))
}

// What a component without nodes is for is said with what each costs, the dearest first.
func TestPurposesSayWhatEachCosts(t *testing.T) {
	of := func(notes, cost string) bill.Line {
		return bill.Line{System: "Data transfer", Notes: notes, Service: "data-transfer", Item: "out",
			Cost: bill.Cost{Expected: money.MustAmount(cost)}}
	}
	require.Equal(t, "internet out 12.00, between zones 3.00", purposes([]bill.Line{of("between zones", "3"),
		of("internet out", "7"), of("internet out", "5")}))
	require.Equal(t, "internet out", purposes([]bill.Line{of("internet out", "7")}))
	require.Equal(t, "data-transfer out", purposes([]bill.Line{of("data transfer", "7")}))
	require.Empty(t, purposes(nil))
}
