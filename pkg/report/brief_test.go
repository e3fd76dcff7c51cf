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
	for i, want := range []string{"b", "99.00", "50", "█████████▉", "m7g.large", "3–11 ×2",
		"cpu 83/85 % ◀ first"} {
		require.Equal(t, want, row.Cells[i].Text)
	}
	require.Equal(t, Caution, row.Cells[6].Tone, "within a tenth of its ceiling")
	require.InDelta(t, 0.99, row.Cells[3].Bar.Part, 1e-12)
	require.Equal(t, Plain, g.Rows[0].Cells[4].Tone)
}

func TestOneNotationOfNodes(t *testing.T) {
	const east, west = "us-east-1", "us-west-2"
	pool := func(region, role string, low, high int) bill.NodePool {
		return bill.NodePool{Region: region, Role: role, Min: low, Max: high}
	}
	masters := func(region string, data int) []bill.NodePool {
		return []bill.NodePool{pool(region, "", data, data), pool(region, "master", 3, 3)}
	}
	both := []string{east, west}
	for _, x := range []struct {
		want    string
		regions []string
		pools   []bill.NodePool
	}{
		{"", both, nil},
		{"3 ×2", both, []bill.NodePool{pool(east, "", 3, 3), pool(west, "", 3, 3)}},
		{"3–11 ×2", both, []bill.NodePool{pool(east, "", 3, 11), pool(west, "", 3, 11)}},
		{"2+1", both, []bill.NodePool{pool(east, "primary", 1, 1), pool(east, "standby", 1, 1),
			pool(west, "failover", 1, 1)}},
		{"10+3m ×2", both, append(masters(east, 10), masters(west, 10)...)},
		{"(10+3m)+(9+3m)", both, append(masters(east, 10), masters(west, 9)...)},
		{"2–4+0", both, []bill.NodePool{pool(east, "", 2, 4)}},
		{"3–11", both[:1], []bill.NodePool{pool(east, "", 3, 11)}},
	} {
		require.Equal(t, x.want, nodesIn(&bill.Part{Pools: x.pools}, x.regions))
	}
}
