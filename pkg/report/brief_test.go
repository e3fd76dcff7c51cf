package report

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// costing is an estimate with components a, b, … of falling costs, which gives way first at
// one of them.
func costing(n int, first string) *bill.Estimate {
	e := &bill.Estimate{Regions: []string{"us-east-1", "us-west-2"}, Headroom: &bill.Headroom{Component: first}}
	for i := range n {
		name := string(rune('a' + i))
		amount := money.MustAmount(fmt.Sprintf("%d.00", 100-i))
		cost := bill.Cost{Expected: amount, Min: amount, Max: amount}
		e.Parts = append(e.Parts, bill.Part{Name: name, System: name, Machine: "m7g.large",
			Fullest: &bill.Full{Resource: "cpu", Need: 83, Have: 100, Ceiling: 0.85},
			Pools:   []bill.NodePool{{Region: "us-east-1", Min: 3, Max: 11}, {Region: "us-west-2", Min: 3, Max: 11}}})
		e.Lines = append(e.Lines, bill.Line{Component: name, System: name, Service: bill.ServiceNodes, Cost: cost})
		e.Total = e.Total.Plus(cost)
	}
	return e
}

// The smallest of many components are one row, but never the one that gives way first.
func TestSmallComponentsAreOneRow(t *testing.T) {
	rows := func(n int, first string) (names []string) {
		v := newView(costing(n, first))
		for _, r := range v.components().Rows {
			names = append(names, r.Cells[0].Text)
		}
		return names
	}
	require.Equal(t, []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "Total"}, rows(9, "i"))
	require.Equal(t, []string{"a", "b", "c", "d", "e", "f", "g", "h", "3 smaller", "Total"}, rows(11, "b"))
	require.Equal(t, []string{"a", "b", "c", "d", "e", "f", "g", "k", "3 smaller", "Total"}, rows(11, "k"))
}

// A row has the share, one notation of nodes, and the limit beside its ceiling.
func TestRowOfAComponent(t *testing.T) {
	g := newView(costing(2, "b")).components()
	row := g.Rows[1]
	for i, want := range []string{"b", "99.00", "50", "█████████▉", "m7g.large", "3–11 ×2", "cpu 83/85 % ◀ first"} {
		require.Equal(t, want, row.Cells[i].Text)
	}
	require.Equal(t, Caution, row.Cells[6].Tone, "within a tenth of its ceiling")
	require.InDelta(t, 0.99, row.Cells[3].Bar.Part, 1e-12)
	require.Equal(t, Plain, g.Rows[0].Cells[4].Tone)
}

func TestOneNotationOfNodes(t *testing.T) {
	pool := func(region, role string, low, high int) bill.NodePool {
		return bill.NodePool{Region: region, Role: role, Min: low, Max: high}
	}
	for want, pools := range map[string][]bill.NodePool{
		"":               {},
		"3 ×2":           {pool("us-east-1", "", 3, 3), pool("us-west-2", "", 3, 3)},
		"3–11 ×2":        {pool("us-east-1", "", 3, 11), pool("us-west-2", "", 3, 11)},
		"2+1":            {pool("us-east-1", "primary", 1, 1), pool("us-east-1", "standby", 1, 1), pool("us-west-2", "failover", 1, 1)},
		"10+3m ×2":       {pool("us-east-1", "", 10, 10), pool("us-east-1", "master", 3, 3), pool("us-west-2", "", 10, 10), pool("us-west-2", "master", 3, 3)},
		"(10+3m)+(9+3m)": {pool("us-east-1", "", 10, 10), pool("us-east-1", "master", 3, 3), pool("us-west-2", "", 9, 9), pool("us-west-2", "master", 3, 3)},
		"2–4+0":          {pool("us-east-1", "", 2, 4)},
	} {
		require.Equal(t, want, nodesIn(&bill.Part{Pools: pools}, []string{"us-east-1", "us-west-2"}))
	}
	require.Equal(t, "3–11", nodesIn(&bill.Part{Pools: []bill.NodePool{pool("us-east-1", "", 3, 11)}}, []string{"us-east-1"}))
}
