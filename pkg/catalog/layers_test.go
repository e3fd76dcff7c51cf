package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
)

// The newest vintage builds on the one before. What both state of usage has the same
// price: all that its sources share with older ones, tier by tier. What it adds is new.
func TestNewestVintageAgreesWithItsBase(t *testing.T) {
	c := openTables(t)
	later, err := c.Vintage("")
	require.NoError(t, err)
	base, err := c.Vintage(later.Base)
	require.NoError(t, err)
	shared := 0
	for _, name := range later.Regions() {
		is, err := later.Region(name)
		require.NoError(t, err)
		was, err := base.Region(name)
		require.NoError(t, err)
		path := later.Name() + "/usage/" + name + ".csv"
		tab, err := c.readTable(path, "role")
		require.NoError(t, err)
		cols := usageColumns(tab)
		for row := range tab.len() {
			item := strings.TrimSuffix(tab.cell(row, cols.item), " (second source)")
			tier, err := readTier(tab, row, tab.cell(row, cols.from), tab.cell(row, cols.to), tab.cell(row, cols.price))
			require.NoError(t, err)
			old, _ := was.usageNamed(tab.cell(row, cols.service), item)
			for _, o := range old {
				if o.Tier.From.Cmp(tier.From) == 0 {
					shared++
					require.True(t, o.Tier.Rate.Equal(tier.Rate), "%s:%d: %s, the base has %s", path, tab.line(row),
						tier.Rate, o.Tier.Rate)
				}
			}
		}
		require.NoError(t, is.Err())
		require.NoError(t, was.Err())
	}
	// NAT hours 36 and bytes 6, addresses 15, tiers of S3 Standard 40, its PUT 34 and GET
	// 11, four of its other classes in us-east-1, 9 of transfer, and 5 of Route 53.
	require.Equal(t, 160, shared, "rows that an older table has too")

	changed, added := 0, 0
	for _, name := range later.Regions() {
		list, err := Diff(base, later, name)
		require.NoError(t, err)
		for _, d := range list {
			switch d.Kind {
			case Changed:
				changed++
				require.Negative(t, d.After.Rate.Cmp(d.Before.Rate), "%s in %s: prices were cut", d.Type, name)
			case Added:
				added++
			case Removed:
				t.Errorf("%s in %s is gone", d.Type, name)
			}
		}
	}
	require.Equal(t, []int{45, 1344}, []int{changed, added})
}

// A vintage that builds on another has its prices where it has none of its own.
func TestLayers(t *testing.T) {
	p, ok := region(t, "2026-07-20", "us-west-2").OnDemand("p5.48xlarge")
	require.True(t, ok)
	require.True(t, p.Rate.Equal(rate("98.32")), "%s", p.Rate)
	r := region(t, "", "us-west-2")
	p, ok = r.OnDemand("p5.48xlarge")
	require.True(t, ok)
	require.True(t, p.Rate.Equal(rate("55.04")), "%s", p.Rate)
	list, ok := r.ListOnDemand("p5.48xlarge")
	require.True(t, ok)
	require.True(t, list.Rate.Equal(p.Rate), "the later of two tables")
	_, ok = r.OnDemand("m7g.large") // of the base
	require.True(t, ok)

	// Tiers that the base lacks come with the whole item.
	london := region(t, "", "eu-west-2")
	tiers, ok := london.usageNamed("s3", "standard storage")
	require.True(t, ok)
	require.Len(t, tiers, 3)
	old, ok := region(t, "2026-07-20", "eu-west-2").usageNamed("s3", "standard storage")
	require.True(t, ok)
	require.Len(t, old, 1)
	lcu, ok := london.usageNamed("elb", "ALB LCU-hour")
	require.True(t, ok)
	require.True(t, lcu[0].Price.Rate.Equal(rate("0.0084")))
	require.True(t, lcu[0].Price.ByHand())
	nat, ok := london.usageNamed("nat-gateway", "data processed")
	require.True(t, ok)
	require.False(t, nat[0].Price.ByHand())

	_, ok = region(t, "2026-07-20", "us-east-1").Term("m7g.xlarge", "sp-compute-1y-none")
	require.False(t, ok, "no such price then")
	east := region(t, "", "us-east-1")
	plan, ok := east.Term("m7g.xlarge", "sp-compute-3y-all")
	require.True(t, ok)
	require.Equal(t, []any{"sp-compute", "all", 3, Effective, true},
		[]any{plan.Kind, plan.Option, plan.Years, plan.Basis, plan.ByHand()})
	fee, hourly := plan.Commitment()
	require.True(t, fee.Equal(rate("0.0751").Times(money.Int(3*HoursPerYear))))
	require.True(t, hourly.IsZero())
	partial, ok := east.Term("m7g.xlarge", "reserved-1y-partial")
	require.True(t, ok)
	require.True(t, partial.Rate.Equal(rate("0.10277")))
	_, ok = east.Term("m7g.large", "sp-compute-1y-none")
	require.False(t, ok, "other sizes are not reckoned from that of the source")
}
