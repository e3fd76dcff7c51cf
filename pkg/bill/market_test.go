package bill

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/unit"
)

// owned is somebody's own machines, which cost the same each month.
type owned struct {
	types   []catalog.NodeType
	monthly []string // by region; "" where there are none
}

func (*owned) Service() string { return "owned" }

func (o *owned) Types() ([]catalog.NodeType, error) { return o.types, nil }

func (o *owned) Type(name string) (*catalog.NodeType, bool) {
	if o.types[0].Name != name {
		return nil, false
	}
	return &o.types[0], true
}

func (o *owned) Price(_ string, region int) (market.Price, bool) {
	if o.monthly[region] == "" {
		return market.Price{}, false
	}
	return market.Price{Price: catalog.Price{Rate: money.MustRate(o.monthly[region]), AsOf: "2026-11-01",
		Source: "our books"}, Monthly: true}, true
}

func (*owned) Terms(string, int) []catalog.TermPrice { return nil }

func (*owned) Spot(string, int) (market.Spot, bool) { return market.Spot{}, false }

func (*owned) Missing(name string, _ int, who string) catalog.Missing {
	return catalog.Missing{Item: name, For: who}
}

func (*owned) Err(int) error { return nil }

// host is a machine of 16 cores that costs so much a month in each region.
func host(name string, monthly ...string) *owned {
	return &owned{monthly: monthly, types: []catalog.NodeType{{Name: name, Family: "host", VCPU: 16,
		Memory: unit.Bytes(64 << 30), Arch: "x86_64", SpeedOf: "m7i.4xlarge", NetworkBaseline: 1.25e9,
		Purpose: catalog.GeneralPurpose, CurrentGeneration: true, Baseline: catalog.Is(1)}}}
}

// Machines of one's own go through search and bill as those of EC2 do: they are chosen
// where they cost less, and billed by the month, however it is bought beside them.
func TestOwnedMachinesAreChosenAndBilled(t *testing.T) {
	c := testCatalog(t)
	src := profileSource(t, "small")
	ec2 := buildSource(t, c, src, Request{})
	for _, option := range []string{"", "optimal"} {
		o := Request{Options: plan.Options{Purchase: option, Sellers: []market.Seller{host("host-a", "12.34", "0")}}}
		r := buildSource(t, c, src, o)
		require.True(t, r.Estimate.Total.Expected.Cmp(ec2.Estimate.Total.Expected) < 0, option)
		found := 0
		for _, l := range r.Estimate.Lines {
			if l.Service != "owned" {
				continue
			}
			found++
			require.True(t, l.IsNodes())
			require.Equal(t, "owned host-a", l.Name())
			require.Nil(t, l.HourPrice)
			want := map[string]string{"us-east-1": "12.34", "us-west-2": "0.00"}[l.Region]
			require.True(t, l.Price.Equal(money.MustRate(want)), "%s: %s", l.Region, l.Price)
			require.True(t, l.Cost.Expected.Equal(money.NewLine(l.Quantity, l.Price).Total))
			require.Equal(t, "our books", l.Source)
		}
		require.Positive(t, found, option)
	}
	sellers := []market.Seller{host("host-a", "5000", "5000")}
	dear := buildSource(t, c, src, Request{Options: plan.Options{Sellers: sellers}})
	require.Equal(t, ec2.Estimate.Lines, dear.Estimate.Lines, "nobody takes them where they cost more")
}

// A region in which a machine has no price has none of it; and two sellers may not have
// machines of one name.
func TestOwnedMachinesWithoutAPrice(t *testing.T) {
	c := testCatalog(t)
	src := profileSource(t, "small")
	r := buildSource(t, c, src, Request{Options: plan.Options{Sellers: []market.Seller{host("host-a", "1", "")}}})
	for _, l := range r.Estimate.Lines {
		require.False(t, l.Service == "owned" && l.Region == "us-west-2", "%+v", l)
	}
	_, err := market.New(market.EC2(c, nil), host("m7g.large"))
	require.EqualError(t, err, `ec2 and owned both have machines called "m7g.large"`)
}
