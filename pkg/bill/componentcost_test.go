package bill_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// point is a cost that is the same whatever the load.
func point(s string) bill.Cost {
	a := money.MustAmount(s)
	return bill.Cost{Expected: a, Min: a, Max: a}
}

// One region has 3 nodes of web in the mean and 1 of db; their boot volumes are one row.
func TestComponentCostsBearTheirBootVolumes(t *testing.T) {
	nodes := func(n int64) []bill.NodePool {
		return []bill.NodePool{{Region: "r", Min: int(n), Max: int(n), Mean: money.Int(n)}}
	}
	e := &bill.Estimate{
		Parts: []bill.Part{
			{Name: "web", Machine: "m7g.large", Pools: nodes(3)},
			{Name: "db", Machine: "m7g.large", Pools: nodes(1)}, {Name: "nat"},
			{Name: "guest", Pools: nodes(3)},
			{Name: "boot", Kind: "boot"}},
		Lines: []bill.Line{
			{Region: "r", Component: "web", Service: "ec2", Cost: point("30.00")},
			{Region: "r", Component: "db", Service: "ec2", Cost: point("20.00")},
			{Region: "r", Component: "db", Service: "ebs", Category: "storage", Cost: point("5.00")},
			{Region: "r", Component: "nat", Category: "network", Cost: point("7.00")},
			{Region: "r", Component: "boot", Kind: "boot", Category: "storage", Cost: point("6.41")},
			{Region: "r", Component: "", System: "credit", Category: "other", Cost: point("-1.00")},
		},
	}
	costs := bill.ComponentCosts(e)
	require.Len(t, costs, 5)
	require.Equal(t, "4.81", costs[0].Boot.Expected.String()) // 6.41 × 3/4 = 4.8075
	require.Equal(t, "1.60", costs[1].Boot.Expected.String())
	require.Equal(t, "34.81", costs[0].Total.Expected.String())
	require.Equal(t, "26.60", costs[1].Total.Expected.String())
	require.Equal(t, "7.00", costs[2].Total.Expected.String())
	require.True(t, costs[3].Total.Expected.IsZero()) // its nodes are another's
	require.Equal(t, "-1.00", costs[4].Total.Expected.String())
}

// Two layers of adjustments are two rows, each of its own name.
func TestComponentCostsKeepAdjustmentsApart(t *testing.T) {
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
