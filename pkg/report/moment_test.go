package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
)

// Volumes that grow say of which month they are.
func TestGrowingVolumesSayOfWhichMonthTheyAre(t *testing.T) {
	lead, now := 3, 1
	require.Empty(t, momentOf(&bill.Line{}))
	require.Equal(t, "month 3", momentOf(&bill.Line{OfMonth: &lead}))
	require.Equal(t, "mean of month 1", momentOf(&bill.Line{OfMonth: &now, MeanOfMonth: true}))

	last := func(l bill.Line) string {
		cells := lineRecord("p", l).Cells
		return cells[len(cells)-2].Text // the last is the estimate's
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

// What one item is for says each month once.
func TestPurposesSayAMonthOnce(t *testing.T) {
	lead := 3
	of := func(system, notes string, month *int) bill.Line {
		return bill.Line{System: system, Notes: notes, OfMonth: month}
	}
	require.Equal(t, "quorum disks; database disks, disks of read replicas, search disks (month 3)",
		purposes([]bill.Line{of("Consul", "quorum disks", nil), of("DB", "database disks", &lead),
			of("DB", "disks of read replicas", &lead), of("DB", "database disks", &lead),
			of("Search", "search disks", &lead)}))
	require.Equal(t, "Consul", purposes([]bill.Line{of("Consul", "consul", nil)}))
	require.Equal(t, "a, b", purposes([]bill.Line{of("Consul", "a", nil), of("DB", "b", nil)}))
}
