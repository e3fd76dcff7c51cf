package bill_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// Two layers of adjustments are two rows, each of its own name.
func TestComponentCostsKeepAdjustmentsApart(t *testing.T) {
	point := func(s string) bill.Cost {
		a := money.MustAmount(s)
		return bill.Cost{Expected: a, Min: a, Max: a}
	}
	e := &bill.Estimate{Lines: []bill.Line{
		{Component: "web", Service: "ec2", Cost: point("30.00")},
		{System: "discount", Term: bill.AdjustmentTerm, Cost: point("-3.00")},
		{System: "tax", Term: bill.AdjustmentTerm, Cost: point("2.00")},
	}}
	costs := bill.ComponentCosts(e)
	require.Len(t, costs, 3)
	require.Equal(t, bill.Owner{Name: "tax", Adjustment: true}, costs[2].Owner())
	require.Equal(t, "2.00", costs[2].Total.Expected.String())
}
