package bill

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The components' costs in a file and what belongs to none add up to the total, and so do
// the parts of each; the bill itself has none of them.
func TestCostsOfAFileAddUp(t *testing.T) {
	e := buildSource(t, testCatalog(t), profileSource(t, "medium"), Request{}).Estimate
	file := WithCosts(e)
	sum, share := file.Unassigned.Total, file.Unassigned.Share
	for i := range file.Parts {
		require.Nil(t, e.Parts[i].Cost)
		c := file.Parts[i].Cost
		sum, share = sum.Plus(c.Total), share+c.Share
		requireSame(t, c.Total, c.Nodes.Plus(c.Storage).Plus(c.Boot).Plus(c.Other))
	}
	requireSame(t, e.Total, sum)
	require.InDelta(t, 1, share, 1e-9)
	WithoutCosts(file)
	require.Equal(t, e, file)
}

// Disks and shards are values of a component: what is billed is what they come to.
func TestPiecesOfAComponent(t *testing.T) {
	e := buildSource(t, testCatalog(t), profileSource(t, "medium"), Request{}).Estimate
	for i := range e.Parts {
		p := &e.Parts[i]
		billed := map[string]float64{} // GiB by region
		for _, l := range e.Lines {
			if l.Component == p.Name && l.Unit == "GB-month" && l.Service == "ebs" && l.Item == p.Storage+" storage" {
				billed[l.Region] += l.Quantity.Float64()
			}
		}
		disks := map[string]float64{}
		for _, d := range p.Disks {
			disks[d.Region] += float64(d.Nodes*d.Count) * d.Bytes / (1 << 30)
			require.Positive(t, d.Usable)
		}
		require.Len(t, disks, len(billed), p.Name)
		for region, gib := range billed {
			require.InDelta(t, gib, disks[region], 1e-6, "%s in %s", p.Name, region)
		}
		switch p.Kind {
		case "log":
			require.Len(t, p.Divided, 2)
			require.Equal(t, p.Brief.Int("partitions"), p.Divided[0].Partitions)
			require.Equal(t, p.Brief.Int("replication"), p.Divided[0].Copies)
		case "search":
			require.Len(t, p.Divided, 2)
			require.Equal(t, p.Brief.Int("shards"), p.Divided[0].Shards)
			require.Equal(t, p.Brief.Int("copies"), p.Divided[0].Copies)
		case "database":
			require.Empty(t, p.Divided, "one whole database")
		}
		if p.Machine != "" {
			require.NotEmpty(t, p.Limits, p.Name)
		}
		for _, l := range p.Limits {
			require.NotEmpty(t, l.Region)
			require.InDelta(t, l.Need, *l.Utilisation*l.Have, 1e-6*l.Have+1e-12)
		}
	}
}

func requireSame(t *testing.T, want, have Cost) {
	t.Helper()
	require.True(t, want.Expected.Equal(have.Expected) && want.Min.Equal(have.Min) && want.Max.Equal(have.Max),
		"%+v, not %+v", have, want)
}
