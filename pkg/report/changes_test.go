package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/remark"
)

// The same change in few words, beside the costs of a case, and at length, in a
// difference.
func TestChangeTexts(t *testing.T) {
	pools := func(list ...bill.NodePool) []bill.NodePool { return list }
	three := bill.NodePool{Region: "us-east-1", Min: 3, Max: 3, Mean: quantity(3)}
	scales := bill.NodePool{Region: "us-east-1", Role: "replica", Min: 2, Max: 5, Mean: quantity(3.2)}
	for _, x := range []struct {
		c           compare.Change
		short, long string
	}{
		{compare.Change{What: compare.OfMachine, Was: "m7g.large", Is: "m7g.xlarge"},
			"m7g.large → m7g.xlarge", "m7g.large → m7g.xlarge"},
		{compare.Change{What: compare.OfKind, Was: "stateless", Is: "worker"}, "stateless → worker",
			"kind stateless → worker"},
		{compare.Change{What: compare.OfStorage, Was: "", Is: "gp3"}, "storage none → gp3", "storage none → gp3"},
		{compare.Change{What: compare.OfStructure, Was: remark.Verbatim("5 shards × 2 copies"),
			Is: remark.Verbatim("7 shards × 2 copies")},
			"5 → 7 shards × 2 copies", "5 shards × 2 copies → 7 shards × 2 copies"},
		{compare.Change{What: compare.OfDetails, Was: []remark.Remark{remark.Verbatim("RF 2")},
			Is: []remark.Remark{remark.Verbatim("RF 3"), remark.Verbatim("3 zones")}},
			"RF 2 → RF 3, 3 zones", "RF 2 → RF 3, 3 zones"},
		{compare.Change{What: compare.OfNodes, Was: pools(three), Is: pools(three, scales)}, "nodes 3 → 5–8",
			"us-east-1: 3 → 3"},
		{compare.Change{What: compare.OfNodes, Was: pools(), Is: pools(scales)}, "nodes none → 2–5",
			"us-east-1 replica: none → 2–5, mean 3.2"},
		{compare.Change{What: compare.OfBinds, Was: whole("memory"), Is: (*bill.Bind)(nil)}, "binds memory → none",
			"memory → none"},
	} {
		require.Equal(t, x.short, shortChange(&x.c))
		require.Equal(t, x.long, longChange(&x.c))
	}
	require.Equal(t, "bought on-demand → spot, on-demand", shortChange(&compare.Change{What: compare.OfBought,
		Was: []string{"on-demand"}, Is: []string{"spot", "on-demand"}}))
	require.Equal(t, "bought on demand → 2×spot | on demand", longChange(&compare.Change{What: compare.OfBought,
		Was: []bill.Purchases{{}}, Is: []bill.Purchases{{{Option: "spot", Nodes: 2}}, {}}}))
	added := compare.ComponentChange{Change: compare.Added, Changes: []compare.Change{
		{What: compare.OfMachine, Was: "", Is: "m7g.large"}, {What: compare.OfNodes, Was: pools(), Is: pools(three)},
		{What: compare.OfNodes, Was: pools(), Is: pools(scales)}}}
	require.Equal(t, "m7g.large us-east-1: 3; us-east-1 replica: 2–5, mean 3.2", changeText(&added))
	require.Equal(t, "adjustment agreed", ownerText(bill.Owner{Name: "agreed", Adjustment: true}))
	require.Equal(t, "db", ownerText(bill.Owner{Name: "db"}))
}
